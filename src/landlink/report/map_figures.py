"""Figures of the interactive map: what a click on a link, crossing, terminal or zone shows, result by result."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal, TypeAlias

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats, Ints
from landlink.report.view import View

__all__ = [
    "Figure", "commodity_tonnes", "crossing_figures", "link_figures", "sensible", "terminal_figures", "zone_figures",
]  # fmt: skip

#: One row of a pop-up: title, unit, direction (1: from a to b, -1: from b to a, 0: none), group, and by result the
#: value of each item.
Figure: TypeAlias = dict[str, Any]
Direction: TypeAlias = Literal["ab", "ba", ""]

#: Significant digits of a value: enough to round it to what a reader sees as if it were exact.
_DIGITS: Final = 5
_WAYS: Final[dict[Direction, int]] = {"": 0, "ab": 1, "ba": -1}


def sensible(values: Iterable[float]) -> list[int | float | None]:
    """Round values to the digits that a page needs, integers without a point; ``None`` where there is none.

    Examples
    --------
    >>> sensible([1234567.0, 0.123456, float("nan"), 0.0])
    [1234567, 0.12346, None, 0]
    """
    rounded: list[int | float | None] = []
    for value in values:
        if not math.isfinite(value):
            rounded.append(None)
        elif abs(value) >= 10**_DIGITS or value == 0:
            rounded.append(round(value))
        else:
            short = round(value, _DIGITS - 1 - math.floor(math.log10(abs(value))))
            rounded.append(int(short) if short == int(short) else short)
    return rounded


class _Rows:
    """A table of flows by item and perhaps by direction and family, summed in the order of a list of items.

    Parameters
    ----------
    frame
        The table.
    key
        Its column of identifiers.
    ids
        The items, in the order in which values are given.
    """

    def __init__(self, frame: pd.DataFrame, key: str, ids: Sequence[str]) -> None:
        self.frame = frame
        self.count = len(ids)
        known = key in frame
        self.place: Ints = _places(frame[key], ids) if known else np.full(len(frame), -1, dtype=np.int64)

    def sums(self, column: str, direction: Direction = "", family: str = "") -> Floats:
        """Sum a column over the rows of each item; NaN for an item without a value."""
        rows, values = self._values(column, direction, family)
        known = np.bincount(rows, minlength=self.count)
        total: Floats = np.bincount(rows, weights=values, minlength=self.count).astype(np.float64)
        total[known == 0] = math.nan
        return total

    def firsts(self, column: str) -> Floats:
        """Return the first value of each item; NaN for an item without one."""
        rows, values = self._values(column, "", "")
        first = np.full(self.count, math.nan)
        first[rows[::-1]] = values[::-1]
        return first

    def _values(self, column: str, direction: Direction, family: str) -> tuple[Ints, Floats]:
        """Items and values of the rows of a direction and a family that have a value."""
        if column not in self.frame:
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        values = pd.to_numeric(self.frame[column], errors="coerce").to_numpy(dtype=np.float64, na_value=math.nan)
        chosen = (self.place >= 0) & np.isfinite(values)
        for name, wanted in (("direction", direction), ("family", family)):
            if wanted and name in self.frame:
                chosen &= (self.frame[name] == wanted).to_numpy(dtype=np.bool_)
        return self.place[chosen], values[chosen]


def link_figures(views: Sequence[View], ids: Sequence[str]) -> list[Figure]:
    """Tonnes, vehicles, use of capacity, emissions and hours of links; the first are the tonnes of both directions.

    Parameters
    ----------
    views
        The results.
    ids
        The links, in the order in which values are given.
    """
    tables = [_Rows(view.table("link"), "link_id", ids) for view in views]

    def use(rows: _Rows) -> Floats:
        # The load of a group is that of its design day; where it is not stated, that of a mean day stands for it.
        load, mean = rows.firsts("group_vehicles_per_day"), rows.sums("vehicles_per_day")
        share: Floats = 100 * np.where(np.isfinite(load), load, mean) / rows.firsts("capacity_vehicles_per_day")
        return share

    return [
        _figure("tonnes", "kt/year", [rows.sums("tonnes_per_year") / 1e3 for rows in tables]),
        _figure("vehicles", "vehicles/day", [rows.sums("vehicles_per_day") for rows in tables]),
        _figure("use", "%", [use(rows) for rows in tables]),
        *_emissions([view.table("emission_link") for view in views], "link_id", ids),
        *_by_direction(tables, "tonnes", "kt/year", "tonnes_per_year", 1e-3),
        *_by_direction(tables, "hours", "h", "time_h"),
    ]


def _emissions(tables: Sequence[pd.DataFrame], key: str, ids: Sequence[str]) -> list[Figure]:
    """What vehicles emit there; none where no result tells."""
    found = [_Rows(table, key, ids).sums("co2e_t_per_year") / 1e3 for table in tables]
    return [_figure("co2e", "kt/year", found)] if any(np.isfinite(values).any() for values in found) else []


def crossing_figures(views: Sequence[View], ids: Sequence[str]) -> list[Figure]:
    """Tonnes of crossings over all families, emissions of waits; then figures by family and direction."""
    frames = [_counted(view.table("crossing")) for view in views]
    tables = [_Rows(frame, "crossing_id", ids) for frame in frames]
    figures = [_figure("tonnes", "kt/year", [rows.sums("tonnes_per_year") / 1e3 for rows in tables])]
    places = [view.table("emission_place") for view in views]
    waits = [table[table["kind"] == "crossing"] if "kind" in table else table for table in places]
    figures += _emissions(waits, "place_id", ids)
    for family in dict.fromkeys(str(name) for frame in frames for name in frame.family):
        group = views[0].words.term("family", family)
        for title, unit, column, factor in (
            ("tonnes", "kt/year", "tonnes_per_year", 1e-3),
            ("vehicles", "vehicles/day", "counted_per_day", 1.0),
            ("hours", "h", "time_h", 1.0),
        ):
            figures += _by_direction(tables, title, unit, column, factor, family=family, group=group)
    return figures


def terminal_figures(views: Sequence[View], ids: Sequence[str]) -> list[Figure]:
    """Tonnes and hours of terminals by direction, and their capacity."""
    tables = [_Rows(view.table("terminal"), "terminal_id", ids) for view in views]
    return [
        _figure("tonnes", "kt/year", [rows.sums("tonnes_per_year") / 1e3 for rows in tables]),
        _figure("capacity", "t/day", [rows.firsts("capacity_t_per_day") for rows in tables]),
        *_by_direction(tables, "tonnes", "kt/year", "tonnes_per_year", 1e-3),
        *_by_direction(tables, "hours", "h", "time_h"),
    ]


def zone_figures(views: Sequence[View], ids: Sequence[str]) -> list[Figure]:
    """Tonnes sent and received by zones."""
    sent, received = (
        [_Rows(view.table("od"), key, ids).sums("tonnes_per_year") / 1e3 for view in views]
        for key in ("origin_zone_id", "destination_zone_id")
    )
    both = [np.nansum([one, other], axis=0) for one, other in zip(sent, received, strict=True)]
    return [
        _figure("both", "kt/year", both),
        _figure("sent", "kt/year", sent),
        _figure("received", "kt/year", received),
    ]


def _by_direction(
    tables: Sequence[_Rows],
    title: str,
    unit: str,
    column: str,
    factor: float = 1.0,
    *,
    family: str = "",
    group: str = "",
) -> list[Figure]:
    ways: tuple[Direction, ...] = ("ab", "ba")
    return [
        _figure(title, unit, [rows.sums(column, way, family) * factor for rows in tables], way, group=group)
        for way in ways
    ]


def commodity_tonnes(
    views: Sequence[View], table: str, key: str, ids: Sequence[str], commodities: Sequence[str]
) -> list[list[list[Any]]]:
    """Thousand tonnes by commodity, both directions and all families together; empty if a result lacks the table.

    Parameters
    ----------
    views
        The results.
    table, key
        A table of flows by commodity, and its column of identifiers.
    ids, commodities
        Items and commodities, in the order that stands for them.

    Returns
    -------
    list
        By result and commodity: positions of the items that carry it, and their thousand tonnes a year.
    """
    frames = [view.result.tables.get(table) for view in views]
    found = []
    for frame in frames:
        if frame is None:
            return []
        place = _places(frame[key], ids)
        commodity = _places(frame.commodity_id, commodities)
        chosen = (place >= 0) & (commodity >= 0)
        cell = commodity[chosen] * len(ids) + place[chosen]
        tonnes = frame.tonnes_per_year.to_numpy(dtype=np.float64)[chosen]
        sums = np.bincount(cell, weights=tonnes, minlength=len(commodities) * len(ids)).reshape(len(commodities), -1)
        found.append([[np.flatnonzero(row > 0).tolist(), sensible((row[row > 0] / 1e3).tolist())] for row in sums])
    return found


def _places(names: pd.Series, ids: Sequence[str]) -> Ints:
    """Position of each name among the identifiers; -1 if it is none of them."""
    places: Ints = pd.Index(list(ids)).get_indexer(pd.Index(names)).astype(np.int64)
    return places


def _counted(frame: pd.DataFrame) -> pd.DataFrame:
    """Crossings with the vehicles that a counter would find: of the freight and background."""
    return frame.assign(counted_per_day=frame.vehicles_per_day + frame.background_vehicles_per_day.fillna(0.0))


def _figure(title: str, unit: str, values: Sequence[Floats], direction: Direction = "", *, group: str = "") -> Figure:
    return {
        "title": title,
        "unit": unit,
        "way": _WAYS[direction],
        "group": group,
        "of": [sensible(each.tolist()) for each in values],
    }
