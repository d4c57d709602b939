"""Map of what closures cost: links by width, crossings and terminals by size, those that isolate a place in red."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pandas as pd
from markupsafe import Markup

from landlink.report.labels import Label
from landlink.report.map_base import Map, Sheet
from landlink.report.map_marks import Widths, link_name, quiet, swatch, traffic_of
from landlink.report.svg import join, tag
from landlink.report.view import View
from landlink.tables.frames import Row, records

__all__ = ["closure_map", "days_of", "million", "written"]

#: Largest radius of a crossing or terminal, page units, and the smallest.
_LARGEST, _SMALLEST = 13.0, 2.4
#: Places that are named on the map.
_NAMED: Final = 10
#: Rank of their labels, before all towns.
_RANK: Final = 80.0
#: Days of a closure for good that count.
_YEAR: Final = 365.0
#: Share of the largest cost below which a place is drawn as if it cost nothing.
_LEAST: Final = 0.002


def days_of(rows: pd.DataFrame) -> pd.Series[float]:
    """Days over which each closure counts: its own, and a year for one for good."""
    return rows["closed_days"].fillna(_YEAR)


def million(rows: pd.DataFrame) -> pd.Series[float]:
    """What each closure costs over its days, million USD."""
    return rows["added_cost_usd_per_day"] * days_of(rows) / 1e6


def written(view: View, musd: float) -> str:
    """An amount of million USD in the currency of the study."""
    return view.money(musd * view.currency.factor("million USD"), "million USD", rough=True)


def closure_map(sheet: Sheet, view: View, rows: pd.DataFrame, *, identifier: str, title: str) -> Map:
    """Draw what the closure of each place costs.

    Parameters
    ----------
    sheet
        The base map.
    view
        The result of the scenario, for links and names.
    rows
        Closures of single places, see :data:`landlink.resilience.criticality_schema.CRITICALITY`.
    identifier
        Prefix of element ids.
    title
        What the map shows.
    """
    words = view.words
    costs = rows.assign(cost=million(rows).clip(lower=0.0))
    most = float(costs["cost"].max()) if len(costs) else 0.0
    drawn = costs[costs["cost"] > _LEAST * most].sort_values("cost", kind="stable")
    widths = Widths(most, widest=12.0)
    on_links = drawn[drawn["table"] == "link"].set_index("row")
    shown = view.links[~view.links.index.isin(on_links.index)]
    circles, labels, dots = _circles(sheet, view, drawn[drawn["table"] != "link"], most)
    layers = [
        tag("use", href=f"#{sheet.identifier}-land"),
        quiet(sheet, shown),
        tag("g", *_lines(sheet, view, on_links, widths), class_="flows"),
        sheet.zones,
        tag("g", *circles, class_="closures"),
        sheet.names([*sheet.place_labels(traffic_of(view)), *labels], dots),
    ]
    drawing = sheet.picture(identifier, title, words("security.map_description"), layers)
    return Map(drawing, title, words("security.map_note"), _legend(view, widths))


def _lines(sheet: Sheet, view: View, rows: pd.DataFrame, widths: Widths) -> list[Markup]:
    known = rows[rows.index.isin(view.links.index)]
    found = []
    for link, row in zip(known.index, records(known), strict=True):
        place = {str(key): cell for key, cell in view.links.loc[link].items()}
        path = sheet.path(place)
        if path:
            tooltip = tag("title", _told(view, link_name(view, place), row))
            found.append(tag("path", tooltip, d=path, class_=_colour(row), stroke_width=widths.of(float(row["cost"]))))
    return found


def _circles(
    sheet: Sheet, view: View, rows: pd.DataFrame, most: float
) -> tuple[list[Markup], list[Label], list[tuple[float, float, float]]]:
    """Circles, the largest first so that none hides a smaller one, with the names of the worst."""
    circles, labels, dots = [], [], []
    placed = rows[rows["x_coord"].notna()].iloc[::-1]
    for rank, row in enumerate(records(placed)):
        x, y = map(float, sheet.frame.place(np.array([[row["x_coord"], row["y_coord"]]]))[0])
        if not (0 <= x <= sheet.frame.width and 0 <= y <= sheet.frame.height):
            continue
        radius = _SMALLEST + (_LARGEST - _SMALLEST) * math.sqrt(float(row["cost"]) / most)
        name = view.place_name(str(row["table"]), str(row["row"]).partition("/")[0])
        tooltip = tag("title", _told(view, name, row))
        circles.append(tag("circle", tooltip, cx=x, cy=y, r=round(radius, 1), class_=_colour(row)))
        dots.append((x, y, radius))
        if rank < _NAMED:
            labels.append(Label(name.split(" / ")[0], x, y, "crossing", _RANK + rank / _NAMED))
    return circles, labels, dots


def _colour(row: Row) -> str:
    """Red where a zone has no other way, blue where all go another."""
    return "loss" if float(row["isolated_zones"] or 0) > 0 else "gain"


def _told(view: View, name: str, row: Row) -> str:
    amount = written(view, float(row["cost"]))
    return view.words.headed(name, amount)


def _legend(view: View, widths: Widths) -> Markup:
    words, items = view.words, []
    for value in widths.samples():
        line = tag("line", x1=2, x2=38, y1=9, y2=9, class_="gain", stroke_width=widths.of(value))
        items.append(tag("li", swatch(line, width=40), " ", written(view, value)))
    colours = []
    for class_ in ("gain", "loss"):
        line = tag("line", x1=2, x2=38, y1=9, y2=9, class_=class_, stroke_width=5)
        colours.append(tag("li", swatch(line, width=40), " ", words(f"security.map_{class_}")))
    return join([
        tag("ul", *items, class_="key", aria_label=words("map.width_key")),
        tag("ul", *colours, class_="key", aria_label=words("map.colour_key")),
    ])  # fmt: skip
