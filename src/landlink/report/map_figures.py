"""Figures of the interactive map: what a click on a link, crossing, terminal or zone shows, result by result."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Literal, TypeAlias

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats
from landlink.report.view import View

__all__ = [
    "Figure", "commodity_tonnes", "crossing_figures", "link_figures", "sensible", "terminal_figures", "zone_figures",
]  # fmt: skip

#: One row of a pop-up: title, unit, direction (1: from a to b, -1: from b to a, 0: none), group, and by result the
#: value of each item.
Figure: TypeAlias = dict[str, Any]
Direction: TypeAlias = Literal["ab", "ba", ""]

#: Significant digits of a value: one more than a reader sees.
_DIGITS: Final = 4
_WAYS: Final[dict[Direction, int]] = {"": 0, "ab": 1, "ba": -1}


def sensible(values: Iterable[float]) -> list[int | float | None]:
    """Round values to the digits that a page needs, integers without a point; ``None`` where there is none.

    Examples
    --------
    >>> sensible([1234567.0, 0.123456, float("nan"), 0.0])
    [1234567, 0.1235, None, 0]
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


def link_figures(views: Sequence[View], ids: Sequence[str]) -> list[Figure]:
    """Tonnes, vehicles, use of capacity and hours of links; the first are the tonnes of both directions.

    Parameters
    ----------
    views
        The results.
    ids
        The links, in the order in which values are given.
    """
    frames = [view.table("link") for view in views]

    def column(name: str, factor: float = 1.0, direction: Direction = "") -> list[Floats]:
        return [_sums(frame, "link_id", ids, name, direction) * factor for frame in frames]

    def use(frame: pd.DataFrame) -> Floats:
        # The load of a group is that of its design day; where it is not stated, that of a mean day stands for it.
        load = _firsts(frame, "link_id", ids, "group_vehicles_per_day")
        mean = _sums(frame, "link_id", ids, "vehicles_per_day", "")
        capacity = _firsts(frame, "link_id", ids, "capacity_vehicles_per_day")
        share: Floats = 100 * np.where(np.isfinite(load), load, mean) / capacity
        return share

    return [
        _figure("tonnes", "kt/year", column("tonnes_per_year", 1e-3)),
        *(_figure("", "kt/year", column("tonnes_per_year", 1e-3, way), way) for way in ("ab", "ba")),
        _figure("vehicles", "vehicles/day", column("vehicles_per_day")),
        _figure("use", "%", [use(frame) for frame in frames]),
        *(_figure("hours", "h", column("time_h", direction=way), way) for way in ("ab", "ba")),
    ]


def crossing_figures(views: Sequence[View], ids: Sequence[str]) -> list[Figure]:
    """Tonnes of crossings over all families; then tonnes, vehicles counted and hours by family and direction."""
    frames = [_counted(view.table("crossing")) for view in views]

    def column(family: str, name: str, factor: float = 1.0, direction: Direction = "") -> list[Floats]:
        chosen = [frame[frame.family == family] if family else frame for frame in frames]
        return [_sums(frame, "crossing_id", ids, name, direction) * factor for frame in chosen]

    figures = [_figure("tonnes", "kt/year", column("", "tonnes_per_year", 1e-3))]
    for family in dict.fromkeys(str(name) for frame in frames for name in frame.family):
        group = views[0].words.term("family", family)
        for title, unit, name, factor in (
            ("tonnes", "kt/year", "tonnes_per_year", 1e-3),
            ("vehicles", "vehicles/day", "counted_per_day", 1.0),
            ("hours", "h", "time_h", 1.0),
        ):
            figures += [
                _figure(title, unit, column(family, name, factor, way), way, group=group) for way in ("ab", "ba")
            ]
    return figures


def terminal_figures(views: Sequence[View], ids: Sequence[str]) -> list[Figure]:
    """Tonnes and hours of terminals by direction, and the use of their capacity."""
    frames = [view.table("terminal").reset_index(drop=True) for view in views]

    def column(name: str, factor: float = 1.0, direction: Direction = "") -> list[Floats]:
        return [_sums(frame, "terminal_id", ids, name, direction) * factor for frame in frames]

    return [
        _figure("tonnes", "kt/year", column("tonnes_per_year", 1e-3)),
        *(_figure("", "kt/year", column("tonnes_per_year", 1e-3, way), way) for way in ("ab", "ba")),
        *(_figure("hours", "h", column("time_h", direction=way), way) for way in ("ab", "ba")),
        _figure("capacity", "t/day", [_firsts(frame, "terminal_id", ids, "capacity_t_per_day") for frame in frames]),
    ]


def zone_figures(views: Sequence[View], ids: Sequence[str]) -> list[Figure]:
    """Tonnes sent and received by zones."""
    sent, received = (
        [_sums(view.table("od"), key, ids, "tonnes_per_year", "") / 1e3 for view in views]
        for key in ("origin_zone_id", "destination_zone_id")
    )
    both = [np.nansum([one, other], axis=0) for one, other in zip(sent, received, strict=True)]
    return [
        _figure("both", "kt/year", both),
        _figure("sent", "kt/year", sent),
        _figure("received", "kt/year", received),
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
    position = {item: place for place, item in enumerate(ids)}
    found = []
    for frame in frames:
        if frame is None:
            return []
        sums = frame.groupby(["commodity_id", key], sort=False).tonnes_per_year.sum() / 1e3
        sums = sums[sums > 0].reset_index()
        sums["place"] = [position[str(item)] for item in sums[key]]
        parts = {str(name): part for name, part in sums.groupby("commodity_id", sort=False)}
        empty = sums.iloc[:0]
        carried = [parts.get(name, empty) for name in commodities]
        found.append([[part.place.tolist(), sensible(part.tonnes_per_year)] for part in carried])
    return found


def _counted(frame: pd.DataFrame) -> pd.DataFrame:
    """Crossings with the vehicles that a counter would find: of the freight and background."""
    return frame.assign(counted_per_day=frame.vehicles_per_day + frame.background_vehicles_per_day.fillna(0.0))


def _figure(title: str, unit: str, values: Sequence[Floats], direction: Direction = "", *, group: str = "") -> Figure:
    return {"title": title, "unit": unit, "way": _WAYS[direction], "group": group, "of": [*map(sensible, values)]}


def _sums(frame: pd.DataFrame, key: str, ids: Sequence[str], column: str, direction: Direction) -> Floats:
    return _by_id(frame, key, ids, column, direction, lambda groups: groups.sum(min_count=1))


def _firsts(frame: pd.DataFrame, key: str, ids: Sequence[str], column: str) -> Floats:
    return _by_id(frame, key, ids, column, "", lambda groups: groups.first())


def _by_id(
    frame: pd.DataFrame,
    key: str,
    ids: Sequence[str],
    column: str,
    direction: Direction,
    merged: Callable[[Any], pd.Series],
) -> Floats:
    """Value of each item, of one direction or of both; NaN for what a result does not hold."""
    if column not in frame or key not in frame:
        return np.full(len(ids), math.nan)
    chosen = frame[frame.direction == direction] if direction else frame
    values = pd.to_numeric(chosen[column], errors="coerce").astype(float)
    return merged(values.groupby(chosen[key])).reindex(list(ids)).to_numpy(dtype=np.float64)
