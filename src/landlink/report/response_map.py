"""Response units in a report: a map of the hours until the nearest unit comes, and where units are kept."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from markupsafe import Markup

from landlink.report.close_windows import close_to_units
from landlink.report.labels import Label
from landlink.report.map_base import Map, Sheet
from landlink.report.map_marks import quiet, swatch, traffic_of
from landlink.report.maps import Atlas
from landlink.report.response_words import sharing_sentence, units_sentence
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.view import View
from landlink.tables.frames import records

__all__ = ["response_map", "responses"]

#: Ends of the bands of hours, and the colour of each; what is beyond the last has the last.
_BANDS: Final = ((1.0, "c-blue"), (3.0, "c-green"), (6.0, "c-yellow"), (12.0, "c-orange"), (math.inf, "loss"))
#: Rank of the names of sites, before all towns.
_RANK: Final = 80.0
#: Side of a square, and half the height of a diamond, page units.
_SIDE, _ADDED = 6.0, 6.5
_UNIT: Final = "million USD"
_YEARLY: Final = "million USD/year"
#: Kinds of units that are drawn at once; the others are folded.
_SHOWN: Final = 1


def responses(view: View, atlas: Atlas, found: pd.DataFrame) -> Markup:
    """What a choice of response sites says: for each kind of units a map of hours and the sites.

    Parameters
    ----------
    view
        The result of its scenario.
    atlas
        Base maps.
    found
        The choice, see :data:`landlink.resilience.response_schema.RESPONSE`.
    """
    totals = found[found["record"] == "total"]
    ordered = totals.sort_values("worth_usd_per_year", ascending=False, kind="stable", na_position="last")
    kinds = [str(one) for one in ordered["unit_id"]]
    drawn = [_kind(view, atlas, found[found["unit_id"] == kind]) for kind in kinds]
    head = [tag("h3", view.words("security.response")), tag("p", view.words("security.response_how"))]
    parts = [*head, *drawn[:_SHOWN]]
    if len(drawn) > _SHOWN:
        parts.append(folded(view.words("security.more_units"), join(drawn[_SHOWN:])))
    return join(parts)


def _kind(view: View, atlas: Atlas, rows: pd.DataFrame) -> Markup:
    total = records(rows[rows["record"] == "total"])[0]
    parts = [tag("p", units_sentence(view, total))]
    if "region" in atlas.sheets:
        close = close_to_units(atlas, view, rows, f"units-{total['unit_id']}")
        drawn = response_map(close.sheet, view, rows, identifier=f"response-{total['unit_id']}")
        parts.append(close.land + atlas.figure(drawn, view, drawn.title))
    parts.append(folded(view.words("security.sites_fold"), _sites(view, rows)))
    if (rows["record"] == "sharing").any():
        parts.append(tag("p", sharing_sentence(view, rows)))
    return join(parts)


def response_map(sheet: Sheet, view: View, rows: pd.DataFrame, *, identifier: str) -> Map:
    """Draw how many hours the nearest unit needs to each road or railway, and where the units are.

    Parameters
    ----------
    sheet
        The base map.
    view
        The result of the scenario, for its links and names.
    rows
        Rows of one kind of units.
    identifier
        Prefix of element ids.
    """
    words = view.words
    nodes = rows[rows["record"] == "node"].set_index("row")["hours"]
    ends = (view.links[end].astype(str).map(nodes) for end in ("from_node_id", "to_node_id"))
    hours = pd.concat(list(ends), axis=1).mean(axis=1, skipna=False)
    reached = view.links[hours.notna()]
    marks, labels, dots = _marks(sheet, view, rows[rows["record"] == "site"])
    layers = [
        tag("use", href=f"#{sheet.identifier}-land"),
        quiet(sheet, view.links[hours.isna()]),
        tag("g", *_lines(sheet, reached, hours[hours.notna()]), class_="flows"),
        sheet.zones,
        tag("g", *marks, class_="sites"),
        sheet.names([*sheet.place_labels(traffic_of(view)), *labels], dots),
    ]
    title = words("security.response_title", name=words.name(records(rows[rows["record"] == "total"])[0], "row"))
    drawing = sheet.picture(identifier, title, words("security.response_description"), layers)
    return Map(drawing, title, words("security.response_note"), _legend(view))


def _band(hours: float) -> str:
    return next(class_ for end, class_ in _BANDS if hours <= end)


def _lines(sheet: Sheet, links: pd.DataFrame, hours: pd.Series[float]) -> list[Markup]:
    found = []
    for row, value in zip(records(links), hours.tolist(), strict=True):
        if path := sheet.path(row):
            found.append(tag("path", d=path, class_=_band(value), stroke_width=2.4))
    return found


def _marks(
    sheet: Sheet, view: View, sites: pd.DataFrame
) -> tuple[list[Markup], list[Label], list[tuple[float, float, float]]]:
    """Marks of sites: squares where units stand, empty where none is left, and diamonds where units are added."""
    words, marks, labels, dots = view.words, [], [], []
    placed = sites[sites["x_coord"].notna() & ((sites["units"] > 0) | (sites["units_now"] > 0))]
    for rank, row in enumerate(records(placed)):
        x, y = map(float, sheet.frame.place(np.array([[row["x_coord"], row["y_coord"]]]))[0])
        if not (0 <= x <= sheet.frame.width and 0 <= y <= sheet.frame.height):
            continue
        added = int(row["units"]) > int(row["units_now"])
        class_ = "added" if added else "standing" if int(row["units"]) else "given-up"
        name, now, then = words.name(row, "row"), words.count(row["units_now"]), words.count(row["units"])
        told = tag("title", words.headed(words.isolated(name), words("common.from_to", a=now, b=then)))
        marks.append(_mark(x, y, class_, told))
        labels.append(Label(name, x, y, "crossing", _RANK + rank / 1000 - (1 if added else 0)))
        dots.append((x, y, 6.0))
    return marks, labels, dots


def _mark(x: float, y: float, class_: str, *told: Markup) -> Markup:
    """A site: a diamond where units are added, which no colour of a line resembles, else a square."""
    if class_ == "added":
        path = f"M{x:g} {y - _ADDED:g}L{x + _ADDED:g} {y:g}L{x:g} {y + _ADDED:g}L{x - _ADDED:g} {y:g}Z"
        return tag("path", *told, d=path, class_=class_)
    return tag("rect", *told, x=x - _SIDE / 2, y=y - _SIDE / 2, width=_SIDE, height=_SIDE, class_=class_)


def _legend(view: View) -> Markup:
    words, items, begin = view.words, [], 0.0
    for end, class_ in _BANDS:
        line = tag("line", x1=2, x2=26, y1=9, y2=9, class_=class_, stroke_width=4)
        told = (
            words("security.beyond", begin=words.plain(begin))
            if math.isinf(end)
            else words("security.ends", low=words.plain(begin), high=words.plain(end))
        )
        items.append(tag("li", swatch(line), " ", words("security.hours", hours=told)))
        begin = end
    for class_ in ("standing", "added"):
        mark = tag("g", _mark(14, 9, class_), class_="sites")
        items.append(tag("li", swatch(mark), " ", words(f"security.site_{class_}")))
    return tag("ul", *items, class_="key", aria_label=words("map.colour_key"))


def _sites(view: View, rows: pd.DataFrame) -> Markup:
    """Sites with units, those that are worth most first."""
    words, sites = view.words, rows[rows["record"] == "site"]
    shown = sites[(sites["units"] > 0) | (sites["units_now"] > 0)]
    shown = shown.sort_values("worth_usd_per_year", ascending=False, kind="stable", na_position="last")
    heads = [
        Head(words("security.site"), numeric=False), Head(words("security.country"), numeric=False),
        Head(words("security.units_now")), Head(words("security.units_chosen")),
        Head(words("security.worth", unit=words.unit(view.unit(_YEARLY)))),
        Head(words("security.site_cost", unit=words.unit(view.unit(_UNIT)))),
    ]  # fmt: skip
    cells: list[Sequence[str | Markup]] = [
        [
            words.name(row, "row"), view.countries(str(row["countries"])),
            words.number(float(row["units_now"]), decimals=0), words.number(float(row["units"]), decimals=0),
            words.rough_number(float(row["worth_usd_per_year"]) / 1e6 * view.currency.factor(_YEARLY)),
            words.rough_number(float(row["cost_musd"]) * view.currency.factor(_UNIT)),
        ]
        for row in records(shown)
    ]  # fmt: skip
    return table(words("security.sites_caption"), heads, [Group("", cells)], class_="wide")
