"""Service at crossings by direction: mean hours, hours exceeded by one vehicle in twenty, queue, use of capacity."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, table
from landlink.report.view import View, with_key

__all__ = ["hours_both_ways", "service_table"]

_FIGURES: Final = ("time_h", "p95_h", "queue_vehicles", "capacity_used")
_HEADS: Final = ("mean_h", "p95_h", "queue", "used")


def hours_both_ways(view: View, crossing: str, family: str) -> str:
    """Mean hours from the first country to the second and back; one figure where only one direction is in service."""
    words = view.words
    hours = [row["time_h"] for row in view.crossing_rows.get((crossing, family), ())]
    shown = [words.rough_number(float(one)) for one in hours if math.isfinite(one)]
    return " / ".join(shown) if shown else words("common.no_value")


def service_table(views: Sequence[View], order: Sequence[tuple[str, str]], most: int) -> Markup | None:
    """Tabulate the service of the first crossings of each family, by direction; ``None`` where results lack it."""
    words = views[0].words
    if not any(view.table("crossing").p95_h.notna().any() for view in views):
        return None
    rows: dict[str, list[list[str | Markup]]] = {}
    for crossing, family in order:
        of_family = rows.setdefault(words.term("family", family), [])
        if len(of_family) < 2 * most:
            of_family += [_row(views, crossing, family, way) for way in _ways(views, crossing, family)]
    heads = [Head(words("crossings.crossing"), numeric=False)]
    for key in _HEADS:
        heads += [Head(view.head, over=words(f"crossings.{key}")) for view in views]
    groups = [Group(name, part) for name, part in rows.items()]
    return table(with_key(words("crossings.service_caption"), views), heads, groups, class_="wide")


def _ways(views: Sequence[View], crossing: str, family: str) -> list[str]:
    found = (str(row["direction"]) for view in views for row in view.crossing_rows.get((crossing, family), ()))
    return sorted(dict.fromkeys(found))


def _row(views: Sequence[View], crossing: str, family: str, way: str) -> list[str | Markup]:
    words = views[0].words
    of_way = [
        next((row for row in view.crossing_rows.get((crossing, family), ()) if row["direction"] == way), None)
        for view in views
    ]
    view, known = next((view, row) for view, row in zip(views, of_way, strict=True) if row)
    ends = (view.name("country", known[end]) for end in ("from_country", "to_country"))
    direction = words("crossings.pair", **dict(zip("ab", ends, strict=True)))
    cells: list[str | Markup] = [
        join([tag("span", view.crossing_name(crossing)), tag("span", direction, class_="under")])
    ]
    for name in _FIGURES:
        write = words.percent if name == "capacity_used" else words.rough_number
        cells += [write(float(row[name]) if row else math.nan) for row in of_way]
    return cells
