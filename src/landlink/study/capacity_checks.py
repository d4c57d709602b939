"""Checks of capacities: against background traffic and simulated crossings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from landlink.core.errors import Problem
from landlink.study.check_registry import looks_at
from landlink.tables.frames import Tables
from landlink.tables.schemas import TABLES

__all__ = ["limits_below_background", "limits_of_simulated_crossings"]

_COLUMN: Final = "hard_capacity"


@looks_at(
    link="hard_capacity background_vehicles_per_day",
    crossing="hard_capacity background_vehicles_per_day",
)
def limits_below_background(tables: Tables) -> Iterable[Problem]:
    """Find hard capacities below the background traffic."""
    for table in ("link", "crossing"):
        for row, limit, background in _limits(tables, table, "background_vehicles_per_day"):
            if background > limit:
                allowed = f"at least the background_vehicles_per_day of the row ({background:g}), or empty for no limit"
                yield Problem(table, "hard capacity below the background traffic", row, _COLUMN, f"{limit:g}", allowed)


@looks_at(crossing="hard_capacity wait", stage="")
def limits_of_simulated_crossings(tables: Tables) -> Iterable[Problem]:
    """Find hard capacities of crossings with simulated waits, where each direction has a curve of its own.

    The two directions then have no load in common that a limit could hold, and stages and quotas limit them already.
    """
    stage = tables["stage"]
    staged = set(zip(stage["crossing_id"].tolist(), stage["family"].tolist(), strict=True))
    crossing = tables["crossing"]
    keys = zip(crossing["crossing_id"].tolist(), crossing["family"].tolist(), strict=True)
    simulated = {"/".join(key) for key in keys if key in staged}
    for row, limit, wait in _limits(tables, "crossing", "wait"):
        if row in simulated and wait == "simulated":
            allowed = "empty: its stages and quota_ab_per_day, quota_ba_per_day limit it; or table in the column wait"
            yield Problem(
                "crossing", "hard capacity of a crossing with simulated waits", row, _COLUMN, f"{limit:g}",
                allowed,
            )  # fmt: skip


def _limits(tables: Tables, table: str, *columns: str) -> Iterator[tuple[str, ...]]:
    """Name of each row with a hard capacity, the capacity, and further cells."""
    frame = tables[table]
    limited = frame[frame[_COLUMN].notna()]
    names = ("/".join(map(str, key)) for key in zip(*(limited[name] for name in TABLES[table].key), strict=True))
    return zip(names, *(limited[name].tolist() for name in (_COLUMN, *columns)), strict=True)
