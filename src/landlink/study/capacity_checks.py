"""Checks of capacities: against background traffic, simulated crossings and stochastic routing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from landlink.core.errors import Problem
from landlink.study.checks import looks_at
from landlink.tables.frames import Tables, texts
from landlink.tables.schemas import TABLES

__all__ = ["mixed_loads", "stochastic_problems"]

#: Tables with a column ``hard_capacity``.
LIMITED_TABLES: Final = ("link", "crossing", "terminal")
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


def stochastic_problems(tables: Tables) -> Iterator[Problem]:
    """List the hard capacities of tables, none of which stochastic routing can keep."""
    for table in LIMITED_TABLES:
        for row, limit in _limits(tables, table):
            allowed = 'empty, or routing = "deterministic" in study.toml'
            yield Problem(table, "hard capacity with stochastic routing", row, _COLUMN, f"{limit:g}", allowed)


def mixed_loads(tables: Tables) -> Iterator[Problem]:
    """List families whose modes make different vehicles per tonne but share crossings whose wait depends on the load.

    With stochastic routing only: a mixed load leaves no convex program, which stochastic routing needs.
    """
    vehicle, crossing, stage = tables["vehicle"], tables["crossing"], tables["stage"]
    limited = crossing[["capacity_vehicles_per_day", "hard_capacity"]].notna().any(axis=1)
    used = set(tables["link"]["mode"].unique())
    load = (1 + vehicle["empty_return"]) / vehicle["payload_t"]
    for family in sorted({*texts(crossing[limited], "family"), *texts(stage, "family")}):
        modes = vehicle["mode"].isin(used) & (vehicle["family"] == family)
        if load[modes].nunique() > 1:
            yield Problem(
                "vehicle", f"the modes {', '.join(vehicle.loc[modes, 'mode'])} share {family} crossings with different"
                " loads per tonne, with stochastic routing", column="payload_t",
                allowed="the same payload_t and empty_return for all modes of the family, crossings without a capacity"
                ' or stages, or routing = "deterministic" in study.toml',
            )  # fmt: skip


def _limits(tables: Tables, table: str, *columns: str) -> Iterator[tuple[str, ...]]:
    """Name of each row with a hard capacity, the capacity, and further cells."""
    frame = tables[table]
    limited = frame[frame[_COLUMN].notna()]
    names = ("/".join(map(str, key)) for key in zip(*(limited[name] for name in TABLES[table].key), strict=True))
    return zip(names, *(limited[name].tolist() for name in (_COLUMN, *columns)), strict=True)
