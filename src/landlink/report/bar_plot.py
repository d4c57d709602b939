"""Bar plots of indicators: a bar for each place and result, with the ensemble's interval where there is one."""

from __future__ import annotations

import fnmatch
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from landlink.core.errors import Problem, UnknownNameError, hint
from landlink.formats.picture import Picture
from landlink.report.chain_chart import STYLES
from landlink.report.labels import text_width
from landlink.report.line_chart import round_steps
from landlink.report.standalone import Sign, standalone
from landlink.report.svg import join, tag
from landlink.report.view import View, views_of
from landlink.report.words import Words
from landlink.results.result import Result

__all__ = ["bar_plot"]

_WIDTH: Final = 760.0
_SIZE: Final = 14.0
_BAR, _GAP = 14.0, 12.0
_FOOT: Final = 42.0
#: Signs after which what is common ends.
_STOPS: Final = ":,：，،"
#: Share of the width that names take up at most.
_NAMES: Final = 0.42


@dataclass(frozen=True, slots=True)
class _Row:
    """A group of bars: its name, and for each result the value and the interval (NaN where there is none)."""

    name: str
    values: Sequence[tuple[float, float, float]]

    @property
    def largest(self) -> float:
        """Largest absolute value."""
        return max((abs(one) for value in self.values for one in value if math.isfinite(one)), default=0.0)


def bar_plot(
    results: Sequence[Result],
    indicator: str = "mode.tonnes_per_year[*]",
    *,
    most: int = 15,
    language: str = "en",
    names: str = "",
) -> Picture:
    """Draw indicators as bars, the largest first; see :meth:`Result.plot`."""
    further = [code for result in results for code in result.provenance.presentation.languages]
    views = views_of(results, Words(language, names=names, further=dict.fromkeys(further)))
    found = _matching(views, indicator)
    unit = _unit(views[0], found, indicator)
    rows = sorted((_row(views, name) for name in found), key=lambda row: -row.largest)[:most]
    words = views[0].words
    divisor, larger = words.scale_of(max(row.largest for row in rows), unit)
    heading, rows = _shortened(rows)
    heading = heading or (rows[0].name if len(rows) == 1 else indicator.partition("[")[0].replace("_", " "))
    title = f"{heading} ({words.unit(larger)})" if unit else heading
    drawing, height = _bars(rows, divisor, words)
    signs = [
        Sign(tag("rect", x=2, y=3, width=22, height=12, **_look(i)), 26, view.titled) for i, view in enumerate(views)
    ]
    more = len(found) - len(rows)
    note = words("plot.more", count=words.count(more)) if more > 0 else ""
    intervals = any(math.isfinite(value[1]) for row in rows for value in row.values)
    note = " ".join(part for part in (words("plot.interval") if intervals else "", note) if part)
    return standalone(
        title, drawing, (_WIDTH, height), signs if len(views) > 1 else [], note, rtl=words.direction == "rtl"
    )


def _matching(views: Sequence[View], pattern: str) -> list[str]:
    """Indicators that a pattern names, in any of the results, and that are not 0 everywhere."""
    every = list(dict.fromkeys(name for view in views for name in view.indicators))
    # A bracket is part of an indicator's name, not a character class.
    found = [name for name in every if fnmatch.fnmatchcase(name, pattern.replace("[", "[[]"))]
    if not found:
        kinds = list(dict.fromkeys(name.partition("[")[0] for name in every))
        message = "no indicator of the results has this name" + hint(pattern.partition("[")[0].strip("*"), kinds)
        raise UnknownNameError(Problem("indicator", message, value=pattern, allowed="a name; * stands for any text"))
    return [name for name in found if any(view.value(name) for view in views)] or found


def _unit(view: View, names: Sequence[str], pattern: str) -> str:
    """The unit of all indicators of a plot.

    Raises
    ------
    UnknownNameError
        They have several.
    """
    units = {name: view.indicators[name][1] for name in names if name in view.indicators}
    different = sorted(set(units.values()))
    if len(different) > 1:
        message = "the indicators have several units, which cannot share an axis"
        raise UnknownNameError(Problem("indicator", message, value=pattern, allowed=f"one of: {', '.join(different)}"))
    return different[0] if different else ""


def _row(views: Sequence[View], name: str) -> _Row:
    return _Row(views[0].indicator_label(name), [(view.value(name), *_interval(view, name)) for view in views])


def _interval(view: View, name: str) -> tuple[float, float]:
    """P10 and P90 of an indicator in the ensemble of a result; NaN where it has none."""
    if view.ensemble is None or name not in view.ensemble.place_of:
        return math.nan, math.nan
    low, _, high = view.ensemble.interval(name)
    factor = view.currency.factor(view.indicators[name][1]) if view.currency.is_own else 1.0
    return low * factor, high * factor


def _shortened(rows: Sequence[_Row]) -> tuple[str, list[_Row]]:
    """The words with which all names begin, and the rows without them; empty if there are none."""
    names = [row.name for row in rows]
    words = [name.split(" ") for name in names]
    same = next((i for i, row in enumerate(zip(*words, strict=False)) if len(set(row)) > 1), 0)
    begin = " ".join([*words[0][:same], ""])
    if len(rows) < 2 or not begin.strip():
        return "", list(rows)
    heading = begin.strip()
    heading = heading.rstrip(_STOPS) if heading[-1] in _STOPS else f"{heading} …"
    return heading, [_Row(row.name.removeprefix(begin), row.values) for row in rows]


def _look(place: int) -> dict[str, object]:
    """Colour of a result, with an edge so that neighbours differ in grey print."""
    colour, _ = STYLES[place % len(STYLES)]
    return {"fill": colour, "fill_opacity": 1.0 if place % 2 == 0 else 0.45, "stroke": colour, "stroke_width": 1}


def _bars(rows: Sequence[_Row], divisor: float, words: Words) -> tuple[Markup, float]:
    """Draw the bars and their axis; gives the height as well."""
    rtl = words.direction == "rtl"
    room = min(max(text_width(row.name, _SIZE) for row in rows) + 14, _NAMES * _WIDTH)
    known = [0.0, *(one / divisor for row in rows for value in row.values for one in value if math.isfinite(one))]
    low, high = min(known), max(known)
    above = round_steps(max(high, -low))
    step = above[1]
    ticks = [tick for tick in (*(-one for one in reversed(above[1:])), *above) if low - step < tick < high + step]
    figures = 64.0
    span = (ticks[-1] - ticks[0]) or 1.0

    def x(value: float) -> float:
        across = room + (value - ticks[0]) / span * (_WIDTH - room - figures)
        return _WIDTH - across if rtl else across

    height = sum(len(row.values) * _BAR + _GAP for row in rows)
    pieces = [tag("line", x1=x(t), x2=x(t), y1=0, y2=height, class_="grid" if t else "rule") for t in ticks]
    pieces += [tag("text", words.plain(t), x=x(t), y=height + 18, text_anchor="middle", class_="soft") for t in ticks]
    y = _GAP / 2
    for row in rows:
        pieces.append(_name(row, room, y, rtl=rtl))
        for place, value in enumerate(row.values):
            pieces.append(_bar(value, divisor, x, y, place, words))
            y += _BAR
        y += _GAP
    return tag("svg", *pieces, viewBox=f"0 0 {_WIDTH:g} {height + _FOOT:g}"), height + _FOOT


def _name(row: _Row, room: float, y: float, *, rtl: bool) -> Markup:
    text, cut = row.name, row.name
    while text_width(text, _SIZE) > room - 12:
        cut = cut[:-1].rstrip()
        text = f"{cut}…"
    middle = y + len(row.values) * _BAR / 2 + 5
    at, anchor = (_WIDTH - room + 8, "start") if rtl else (room - 8, "end")
    return tag("text", tag("title", row.name), text, x=at, y=middle, text_anchor=anchor)


def _bar(value: tuple[float, float, float], divisor: float, x: object, y: float, place: int, words: Words) -> Markup:
    assert callable(x)  # noqa: S101  made above
    middle, low, high = (one / divisor for one in value)
    if not math.isfinite(middle):
        return Markup("")
    begin, end = sorted((x(0.0), x(middle)))
    pieces = [tag("rect", x=begin, y=y + 1, width=max(end - begin, 0.5), height=_BAR - 2, **_look(place))]
    reach = middle
    if math.isfinite(low) and math.isfinite(high):
        pieces.append(tag("line", x1=x(low), x2=x(high), y1=y + _BAR / 2, y2=y + _BAR / 2, class_="rule"))
        reach = max(middle, high) if middle >= 0 else min(middle, low)
    outward = (1 if middle >= 0 else -1) * (-1 if words.direction == "rtl" else 1)
    pieces.append(
        tag("text", words.number(middle), x=x(reach) + 5 * outward, y=y + _BAR - 3, font_size=12,
            text_anchor="start" if outward > 0 else "end", class_="soft")
    )  # fmt: skip
    return join(pieces)
