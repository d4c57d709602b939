"""Indicators of the service at crossings, by direction: hours, queue and use of capacity."""

from __future__ import annotations

import math
from typing import Final

from landlink.freight.place_indicators import crossings_by
from landlink.indicators.registry import IndicatorSet, TableView

__all__ = ["SERVICE"]

SERVICE: Final = IndicatorSet()


def _service(view: TableView) -> dict[tuple[str, str, str], dict[str, float]]:
    """Hours, queue and capacity used of each crossing by family and direction."""
    table = view["crossing"]
    keys = zip(table["crossing_id"], table["family"], table["direction"], strict=True)
    names = [name for name in ("time_h", "p95_h", "queue_vehicles", "capacity_used") if name in table]
    return {key: dict(zip(names, row, strict=True)) for key, row in zip(keys, table[names].to_numpy(), strict=True)}


def _served(view: TableView, name: str, crossing: str, family: str, direction: str) -> float:
    """A figure of the service; NaN where the crossing is not in service, or the result was saved without it."""
    return float(view.derived(_service).get((crossing, family, direction), {}).get(name, math.nan))


@SERVICE.indicator(
    "crossing.time_h",
    arguments="crossing,family,direction",
    unit="h",
    meaning="Mean time to cross, including congestion.",
    tables=("crossing",),
    every=crossings_by(["crossing_id", "family", "direction"]),
)
def _crossing_time(view: TableView, crossing: str, family: str, direction: str) -> float:
    return _served(view, "time_h", crossing, family, direction)


@SERVICE.indicator(
    "crossing.p95_time_h",
    arguments="crossing,family,direction",
    unit="h",
    meaning="Time to cross that one vehicle in twenty exceeds, including congestion.",
    tables=("crossing",),
    every=crossings_by(["crossing_id", "family", "direction"]),
)
def _crossing_p95_time(view: TableView, crossing: str, family: str, direction: str) -> float:
    return _served(view, "p95_h", crossing, family, direction)


@SERVICE.indicator(
    "crossing.queue_vehicles",
    arguments="crossing,family,direction",
    unit="vehicles",
    meaning="Vehicles that wait on average because others are there: arrivals an hour on the design day times the "
    "hours above the uncongested time.",
    tables=("crossing",),
    every=crossings_by(["crossing_id", "family", "direction"]),
)
def _crossing_queue(view: TableView, crossing: str, family: str, direction: str) -> float:
    return _served(view, "queue_vehicles", crossing, family, direction)


@SERVICE.indicator(
    "crossing.capacity_used",
    arguments="crossing,family,direction",
    unit="share",
    meaning="Share of the capacity in use on the design day: of both directions together, or of one where the stages "
    "of a simulated crossing limit each on its own.",
    tables=("crossing",),
    every=crossings_by(["crossing_id", "family", "direction"]),
)
def _crossing_capacity_used(view: TableView, crossing: str, family: str, direction: str) -> float:
    return _served(view, "capacity_used", crossing, family, direction)
