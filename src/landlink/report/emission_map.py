"""Map of emissions: line width by what vehicles on a link emit, colour by mode."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from landlink.report.map_base import Map, Sheet
from landlink.report.map_marks import Widths, halo, link_name, quiet, sides, swatch, traffic_of
from landlink.report.svg import join, tag
from landlink.report.view import View
from landlink.tables.frames import records

__all__ = ["emission_map", "emitting_links"]


def emitting_links(view: View) -> pd.DataFrame:
    """Links of a result with what vehicles under way on them emit, both directions; indexed by ``link_id``."""
    sums = view.table("emission_link").groupby("link_id")[["co2e_t_per_year", "tkm_per_year"]].sum()
    links = view.links.drop(columns="tkm_per_year").join(sums)
    return links.assign(co2e_t_per_year=links.co2e_t_per_year.fillna(0.0))


def emission_map(sheet: Sheet, view: View, classes: Mapping[str, str], *, identifier: str) -> Map:
    """Draw what vehicles under way emit on links.

    Parameters
    ----------
    sheet
        The base map.
    view
        The result.
    classes
        Colour class of each mode.
    identifier
        Prefix of element ids.
    """
    words, links = view.words, emitting_links(view)
    emitting = links[links.co2e_t_per_year > 0].sort_values("co2e_t_per_year", ascending=False, kind="stable")
    # Links outside the window, such as long sea routes, do not set the scale.
    inside = [bool(sheet.path(row)) for row in records(emitting)]
    widths = Widths(float(emitting.co2e_t_per_year[inside].max()) if any(inside) else 0.0)
    aside = sides(emitting, "co2e_t_per_year", widths)
    sizes = links.co2e_t_per_year

    def width(link: str) -> float:
        return min(widths.widest, widths.of(float(sizes.get(link, 0.0))))

    layers = [
        tag("use", href=f"#{sheet.identifier}-land"),
        quiet(sheet, links[~(sizes > 0)]),
        halo(sheet, view, width, lambda link: aside.get(link, 0.0)),
        tag("g", *_lines(sheet, view, emitting, classes, width, aside), class_="flows"),
        sheet.zones,
        sheet.names([*sheet.place_labels(traffic_of(view))], []),
    ]
    title = words("carbon.map_title", label=view.head)
    drawing = sheet.picture(identifier, title, words("carbon.map_description", label=view.head), layers)
    return Map(drawing, title, words("carbon.map_note"), _legend(view, emitting, classes, widths))


def _lines(
    sheet: Sheet, view: View, links: pd.DataFrame, classes: Mapping[str, str], width: object, aside: Mapping[str, float]
) -> list[Markup]:
    assert callable(width)  # noqa: S101  made above
    words = view.words
    drawn = []
    for link, row in zip(links.index, records(links), strict=True):
        path = sheet.path(row, aside[str(link)])
        if path:
            mode, tkm = str(row["mode"]), float(row["tkm_per_year"])
            amount = words.rough(float(row["co2e_t_per_year"]), "t/year")
            intensity = words.rough(1e6 * float(row["co2e_t_per_year"]) / tkm, "g/tkm") if tkm > 0 else ""
            name = words("common.comma").join([link_name(view, row), words.term("mode", mode)])
            told = words("common.comma").join(filter(None, (amount, intensity)))
            tooltip = tag("title", words.headed(name, told))
            class_ = classes.get(mode, "c-grey")
            drawn.append(tag("path", tooltip, d=path, class_=class_, stroke_width=width(str(link))))
    return drawn


def _legend(view: View, links: pd.DataFrame, classes: Mapping[str, str], widths: Widths) -> Markup:
    words, items = view.words, []
    total = links.groupby("mode").co2e_t_per_year.sum().sort_values(ascending=False, kind="stable")
    for mode, co2e in total.items():
        line = tag("line", x1=2, x2=26, y1=9, y2=9, class_=classes.get(str(mode), "c-grey"), stroke_width=5)
        amount = tag("span", words.rough(float(co2e), "t/year"), class_="soft")
        items.append(tag("li", swatch(line), " ", words.term("mode", str(mode)), " ", amount))
    colours = tag("ul", *items, class_="key", aria_label=words("map.colour_key"))
    samples = []
    for value in widths.samples():
        line = tag("line", x1=2, x2=38, y1=9, y2=9, class_="c-grey", stroke_width=widths.of(value))
        samples.append(tag("li", swatch(line, width=40), " ", words.amount(value, "t/year")))
    return join([colours, tag("ul", *samples, class_="key", aria_label=words("map.width_key"))])
