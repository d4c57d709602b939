"""Map of criticality: links, crossings and terminals as wide as what a day costs on which each alone is closed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
from markupsafe import Markup

from landlink.report.map_base import Map, Sheet
from landlink.report.map_marks import Widths, quiet, sides, swatch, traffic_of
from landlink.report.standalone import Sign
from landlink.report.svg import tag
from landlink.report.view import View
from landlink.report.words import Words
from landlink.tables.frames import Row, records, row_of
from landlink.tables.lists import split_list

__all__ = ["WIDEST", "closed_place", "closed_within", "criticality_map", "days_text", "largest_cost", "map_signs"]

WIDEST: Final = 13.0
#: Closures that cost less than this share of the worst are not drawn.
_SMALLEST: Final = 0.004
#: Days are part of the sentence, so that amounts are money alone.
_USD: Final = "USD"
_MILLION_USD: Final = "million USD"
#: Amount from which it is told in millions.
_LARGE: Final = 1e5


def criticality_map(sheet: Sheet, view: View, places: pd.DataFrame, *, identifier: str) -> Map:
    """Draw what the closure of each place costs.

    Parameters
    ----------
    sheet
        The base map.
    view
        A result of the scenario, for its network.
    places
        Rows of single closures as a whole, as in :attr:`.Criticality.places`.
    identifier
        Prefix of element ids.
    """
    words, factor = view.words, view.currency.factor(_USD)
    costs = places.assign(cost=places["added_cost_usd_per_day"] * factor)
    costs = costs[costs["cost"] > 0]
    widths = Widths(largest_cost(sheet, costs), widest=WIDEST)
    costs = costs[costs["cost"] > _SMALLEST * widths.most]
    of_links = costs[costs["table"] == "link"].set_index("row")["cost"]
    links = view.links[view.links.index.isin(of_links.index)]
    links = links.assign(cost=of_links.reindex(links.index)).sort_values("cost", ascending=False, kind="stable")
    layers = [
        tag("use", href=f"#{sheet.identifier}-land"),
        quiet(sheet, view.links[~view.links.index.isin(links.index)]),
        tag("g", *_lines(sheet, view, links, widths), class_="flows"),
        tag("g", *_circles(sheet, view, costs[costs["table"] != "link"], widths), class_="closures"),
        sheet.zones,
        sheet.names([*sheet.place_labels(traffic_of(view))], []),
    ]
    days = days_text(words, float(places["closed_days"].iloc[0]) if len(places) else math.nan)
    worst = records(places.head(1))[0] if len(places) else None
    told = {
        "label": view.label,
        "days": days,
        "name": "" if worst is None else closed_place(view, worst),
        "cost": "" if worst is None else _amount(view, float(worst["added_cost_usd_per_day"]) * factor),
    }  # fmt: skip
    title = words("criticality.map_title", label=view.label)
    drawing = sheet.picture(identifier, title, words("criticality.map_description", **told), layers)
    legend = [tag("li", swatch(one.drawing, width=int(one.width)), " ", one.text) for one in map_signs(view, widths)]
    note = words.sentences(words("criticality.map_note", days=days), closed_within(view, places))
    return Map(drawing, title, note, tag("ul", *legend, class_="key", aria_label=words("map.width_key")))


def closed_within(view: View, places: pd.DataFrame) -> str:
    """Say in which countries places were closed, and which if only some were; empty if all."""
    if not len(places):
        return ""
    words, first = view.words, records(places.head(1))[0]
    countries = [view.name("country", code) for code in split_list(str(first["closed_in"]))]
    named = [_asked_name(view, word) for word in split_list(str(first["closed_only"]))]
    comma = words("common.comma")
    return words.sentences(
        words("security.within", countries=comma.join(countries)) if countries else "",
        words("security.only", places=comma.join(named)) if named else "",
    )


def _asked_name(view: View, word: str) -> str:
    """Name of a place in the words of hazards; several at once, such as a border, are shown as they were asked for."""
    table, _, key = word.partition(":")
    known = (table == "crossing" and "/" in key) or table in ("link", "terminal")
    return closed_place(view, {"table": table, "row": key, "name": word}) if known else word


def largest_cost(sheet: Sheet, costs: pd.DataFrame) -> float:
    """The largest cost of a place in the window; those outside do not set the scale."""
    at = costs.dropna(subset=["x_coord", "y_coord"])
    if not len(at):
        return float(costs["cost"].max()) if len(costs) else 0.0
    x, y = sheet.frame.place(at[["x_coord", "y_coord"]].to_numpy(dtype=np.float64)).T
    inside = (x >= 0) & (x <= sheet.frame.width) & (y >= 0) & (y <= sheet.frame.height)
    return float(at["cost"][inside].max()) if inside.any() else 0.0


def days_text(words: Words, days: float) -> str:
    """Days of a closure in words."""
    if not math.isfinite(days):
        return words("criticality.for_good")
    return f"{words.plain(days)}\u00a0{words.unit('days')}"


def _lines(sheet: Sheet, view: View, links: pd.DataFrame, widths: Widths) -> Iterator[Markup]:
    aside = sides(links, "cost", widths)
    for link, row in zip(links.index, records(links), strict=True):
        if path := sheet.path(row, aside[str(link)]):
            name = closed_place(view, {"table": "link", "row": link})
            tooltip = tag("title", _told(view, name, float(row["cost"])))
            width = min(widths.widest, widths.of(float(row["cost"])))
            yield tag("path", tooltip, d=path, class_="loss", stroke_width=width)


def _circles(sheet: Sheet, view: View, places: pd.DataFrame, widths: Widths) -> Iterator[Markup]:
    for row in records(places.dropna(subset=["x_coord", "y_coord"])):
        x, y = sheet.frame.place(np.array([[row["x_coord"], row["y_coord"]]]))[0].tolist()
        if 0 <= x <= sheet.frame.width and 0 <= y <= sheet.frame.height:
            tooltip = tag("title", _told(view, closed_place(view, row), float(row["cost"])))
            radius = min(widths.widest, widths.of(float(row["cost"]))) / 2 + 1
            yield tag("circle", tooltip, cx=x, cy=y, r=radius, class_="loss", fill="#fff", stroke_width=1.6)


def closed_place(view: View, row: Row) -> str:
    """Name of a closed place in the language of names: of a crossing with its family, of a link with its mode.

    Parameters
    ----------
    view
        A result of the scenario, for names.
    row
        A row of an analysis: ``table`` and ``row`` of the place, and its ``name`` for places that the result lacks.
    """
    table, key = str(row["table"]), str(row["row"])
    if table == "crossing":
        identifier, _, family = key.partition("/")
        note = view.words.term("family", family)
        return view.words("common.with_note", value=view.crossing_name(identifier), note=note)
    named = view.place_name(table, key)
    if table == "link" and key in view.links.index:
        mode = str(row_of(view.links, key)["mode"])
        return view.words("common.with_note", value=named, note=view.words.term("mode", mode))
    return str(row["name"]) if named == key else named


def _told(view: View, name: str, cost: float) -> str:
    return view.words.headed(name, _amount(view, cost))


def _amount(view: View, cost: float) -> str:
    """An amount of money in the currency of the view."""
    unit, divisor = (_MILLION_USD, 1e6) if abs(cost) >= _LARGE else (_USD, 1.0)
    return view.words.rough(cost / divisor, view.unit(unit))


def map_signs(view: View, widths: Widths) -> list[Sign]:
    """Widths of lines, and circles."""
    line = [
        Sign(
            tag("line", x1=2, x2=36, y1=9, y2=9, class_="loss", stroke_width=widths.of(value)),
            38,
            _amount(view, value),
        )
        for value in widths.samples()
    ]
    ring = tag("circle", cx=9, cy=9, r=5, class_="loss", fill="#fff", stroke_width=1.6)
    return [*line, Sign(ring, 18, view.words("criticality.ring_key"))]
