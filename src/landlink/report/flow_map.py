"""Flow map: line width by tonnes, colour by mode, with crossings and changes by measures."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from landlink.report.map_base import Map, Sheet
from landlink.report.map_marks import Widths, crossings, halo, link_name, mark_keys, quiet, sides, swatch, traffic_of
from landlink.report.svg import join, tag
from landlink.report.view import View
from landlink.tables.frames import records

__all__ = ["flow_map"]


def flow_map(sheet: Sheet, view: View, classes: Mapping[str, str], *, most: float, identifier: str) -> Map:
    """Draw a result's flows.

    Parameters
    ----------
    sheet
        The base map.
    view
        The result.
    classes
        Colour class of each mode.
    most
        Annual tonnes of the widest line, the same on all maps to be compared.
    identifier
        Prefix of element ids.

    Returns
    -------
    Map
    """
    widths = Widths(most)
    tonnes = view.links.tonnes_per_year
    # The widest lines are drawn first, so that thin lines on the same route stay visible.
    flows = view.links[tonnes > 0].sort_values("tonnes_per_year", ascending=False, kind="stable")
    aside = sides(flows, "tonnes_per_year", widths)
    marks = crossings(sheet, view)
    layers = [
        tag("use", href=f"#{sheet.identifier}-land"),
        quiet(sheet, view.links[~(tonnes > 0)]),
        halo(sheet, view, lambda link: widths.of(float(tonnes[link])), lambda link: aside.get(link, 0.0)),
        tag("g", *_lines(sheet, view, flows, classes, widths, aside), class_="flows"),
        sheet.zones,
        marks.rings,
        sheet.names([*sheet.place_labels(traffic_of(view)), *marks.labels], marks.dots),
    ]
    title = _title(view)
    description = view.words("map.flow_description", label=view.head)
    drawing = sheet.picture(identifier, title, description, layers)
    return Map(drawing, title, view.words("map.flow_note"), _legend(view, flows, classes, widths))


def _lines(
    sheet: Sheet,
    view: View,
    flows: pd.DataFrame,
    classes: Mapping[str, str],
    widths: Widths,
    aside: Mapping[str, float],
) -> list[Markup]:
    drawn = []
    for link, row in zip(flows.index, records(flows), strict=True):
        path = sheet.path(row, aside[str(link)])
        if path:
            mode = str(row["mode"])
            amount = view.words.quantity(float(row["tonnes_per_year"]), "t/year")
            tooltip = tag(
                "title",
                view.words.headed(
                    view.words("common.comma").join([link_name(view, row), view.words.term("mode", mode)]), amount
                ),
            )
            width = widths.of(float(row["tonnes_per_year"]))
            drawn.append(tag("path", tooltip, d=path, class_=classes.get(mode, "c-grey"), stroke_width=width))
    return drawn


def _title(view: View) -> str:
    words = view.words
    share = view.links.groupby("mode").tkm_per_year.sum()
    total = float(share.sum())
    if not total > 0:
        return words("map.no_flow_title", label=view.head)
    return words(
        "map.flow_title",
        mode=words.term("mode", str(share.idxmax())),
        share=words.percent(float(share.max()) / total),
        total=words.rough(total, "tkm/year"),
        label=view.head,
    )


def _legend(view: View, flows: pd.DataFrame, classes: Mapping[str, str], widths: Widths) -> Markup:
    words = view.words
    items = []
    total = flows.groupby("mode").tkm_per_year.sum().sort_values(ascending=False, kind="stable")
    for mode, tkm in total.items():
        line = tag("line", x1=2, x2=26, y1=9, y2=9, class_=classes.get(str(mode), "c-grey"), stroke_width=5)
        amount = tag("span", words.quantity(float(tkm), "tkm/year"), class_="soft")
        items.append(tag("li", swatch(line), " ", words.term("mode", str(mode)), " ", amount))
    colours = tag("ul", *items, *mark_keys(view), class_="key", aria_label=words("map.colour_key"))
    samples = []
    for value in widths.samples():
        line = tag("line", x1=2, x2=38, y1=9, y2=9, class_="c-grey", stroke_width=widths.of(value))
        samples.append(tag("li", swatch(line, width=40), " ", words.amount(value, "t/year")))
    return join([colours, tag("ul", *samples, class_="key", aria_label=words("map.width_key"))])
