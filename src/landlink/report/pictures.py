"""Maps and plots of results as pictures: for a notebook, a paper or a presentation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from landlink.core.display import Drawing
from landlink.core.errors import InputError, Problem, UnknownNameError, hint
from landlink.formats.picture import Picture
from landlink.report.bar_plot import bar_plot
from landlink.report.difference_map import WIDEST, changes, difference_map
from landlink.report.flow_map import flow_map
from landlink.report.map_base import Map
from landlink.report.map_marks import Widths
from landlink.report.maps import Atlas
from landlink.report.standalone import Sign, standalone
from landlink.report.svg import tag
from landlink.report.trade_parts import parts_picture
from landlink.report.view import View, views_of
from landlink.report.words import Words
from landlink.results.result import Result

__all__ = ["PICTURES", "map_picture"]


def map_picture(
    result: Result, *, baseline: Result | None = None, window: str = "region", language: str = "en", names: str = ""
) -> Picture:
    """Draw the flows of a result, or what they gain and lose against another; see :meth:`Result.map`."""
    results = [result] if baseline is None else [baseline, result]
    views = _views(results, language, names)
    atlas = Atlas(views)
    if not atlas.sheets or not atlas.most > 0:
        raise InputError(Problem("map", "the result has no flows or no locations to map", value=result.label))
    if window not in atlas.sheets:
        message = "no such window of this result" + hint(window, atlas.sheets)
        raise UnknownNameError(Problem("window", message, value=window, allowed=", ".join(atlas.sheets)))
    sheet, view = atlas.sheets[window], views[-1]
    if baseline is None:
        drawn = flow_map(sheet, view, atlas.classes, most=atlas.most, identifier="map")
        title, signs = view.label, _flow_signs(view, atlas)
    else:
        drawn = difference_map(sheet, views[0], view, identifier="map")
        title = view.words("map.difference_of", label=view.label, baseline=views[0].label)
        signs = _difference_signs(views)
    lands = atlas.lands([window])
    size = sheet.frame.width, sheet.frame.height
    rtl = view.words.direction == "rtl"
    return standalone(title, _with_lands(drawn, lands), size, signs, _terms(view, drawn), rtl=rtl)


def _views(results: Sequence[Result], language: str, names: str) -> list[View]:
    further = [code for result in results for code in result.provenance.presentation.languages]
    return views_of(results, Words(language, names=names, further=dict.fromkeys(further)))


def _with_lands(drawn: Map, lands: Markup) -> Markup:
    """Put the land areas that a map uses into it."""
    begin = drawn.svg.index(">") + 1
    return drawn.svg[:begin] + lands + drawn.svg[begin:]


def _flow_signs(view: View, atlas: Atlas) -> list[Sign]:
    """Modes by colour, and widths."""
    words = view.words
    total = view.links.groupby("mode").tkm_per_year.sum().sort_values(ascending=False, kind="stable")
    modes = [str(mode) for mode, tkm in total.items() if tkm > 0]
    signs = [Sign(_line(atlas.classes.get(mode, "c-grey"), 5.0, 26), 26, words.term("mode", mode)) for mode in modes]
    widths = Widths(atlas.most)
    return signs + [Sign(_line("c-grey", widths.of(v), 38), 38, words.amount(v, "t/year")) for v in widths.samples()]


def _difference_signs(views: list[View]) -> list[Sign]:
    """Gains and losses by width."""
    words = views[-1].words
    widths = Widths(float(changes(views[0], views[1]).change.abs().max()), widest=WIDEST)
    return [
        Sign(_line(class_, widths.of(value), 38), 38, words.amount(sign * value, "t/year", signed=True))
        for value in widths.samples()
        for class_, sign in (("gain", 1.0), ("loss", -1.0))
    ]


def _line(class_: str, width: float, length: float) -> Markup:
    return tag("line", x1=2, x2=length - 2, y1=9, y2=9, class_=class_, stroke_width=width)


def _terms(view: View, drawn: Map) -> str:
    text, is_own = view.disclaimer
    disclaimer = text if is_own else f"{view.words('map.disclaimer')} {text}"
    parts = (drawn.note, disclaimer, "; ".join(view.provenance.presentation.attribution))
    return " ".join(part for part in parts if part)


PICTURES: Final = (Drawing("map", map_picture), Drawing("plot", bar_plot), Drawing("parts", parts_picture))
