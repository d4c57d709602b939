"""Transit times of a crossing over a horizon of four weeks, at loads below and above its capacity.

A queue with a load above 1 has no stationary mean, but its mean over a finite horizon that starts empty exists; near
and above capacity it grows with the length of the horizon (Kimber and Hollis 1979). Four weeks contain each weekday
equally often. Vehicles that arrive in them are followed until they have passed.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from landlink.border.event_state import THROUGH
from landlink.border.pipeline import UNLIMITED, Pipeline
from landlink.border.pipeline_builder import build_pipeline
from landlink.border.replication import run_replication
from landlink.border.sizes import check_simulation_memory
from landlink.border.stability import mean_rates
from landlink.core.arrays import Floats
from landlink.study import Study

__all__ = [
    "DRAIN_DAYS",
    "HORIZON_DAYS",
    "HORIZON_H",
    "HORIZON_START",
    "TransitTimes",
    "at_load",
    "horizon_pipeline",
    "simulate_transit",
]

HORIZON_DAYS: Final = 28
#: Month and day on which the four weeks of a year begin.
HORIZON_START: Final = (7, 1)
#: Days without arrivals at the end, in which the crossing empties.
DRAIN_DAYS: Final = 21
HORIZON_H: Final = 24.0 * HORIZON_DAYS


@dataclass(frozen=True)
class TransitTimes:
    """Hours from arrival until a vehicle has passed, by replication; NaN where no vehicle arrived.

    Attributes
    ----------
    mean_h, p95_h
        Mean and 95th percentile by direction, shape (replications, 2).
    class_h
        Mean by direction and class, shape (replications, 2, classes).
    """

    mean_h: Floats
    p95_h: Floats
    class_h: Floats


def horizon_pipeline(study: Study, crossing_id: str, family: str, year: int) -> Pipeline:
    """Build a crossing from 1 July of a year on, without balking and without turning vehicles back.

    The network diverts freight to other crossings where this one is slow, so no vehicle balks here; and vehicles turned
    back at closing time would return, so they wait instead.

    Raises
    ------
    InputError
        As for :func:`landlink.border.pipeline_builder.build_pipeline`.
    """
    start, days = date(year, *HORIZON_START), HORIZON_DAYS + DRAIN_DAYS
    whole = build_pipeline(study, crossing_id, start=start, days=days, family=family)
    return replace(
        whole,
        demand=whole.demand.scaled(1.0, until_h=int(HORIZON_H)),
        gate=replace(whole.gate, balk_at=np.full(2, UNLIMITED)),
        stages=replace(whole.stages, turn_back=np.zeros(len(whole.stages.names), dtype=np.bool_)),
    )


def at_load(pipeline: Pipeline, vehicles_per_day: Floats, *, until_h: float = HORIZON_H) -> Pipeline:
    """Scale the vehicles of a crossing by direction; classes and profiles stay as they are.

    Parameters
    ----------
    pipeline
        The crossing, such as the result of :func:`horizon_pipeline`.
    vehicles_per_day
        Mean until an hour, shape (2,).
    until_h
        That hour; by default the end of the four weeks of :func:`horizon_pipeline`.
    """
    now = 24.0 * mean_rates(pipeline, 0.0, until_h).sum(axis=1)
    factor = np.divide(vehicles_per_day, now, out=np.zeros(2), where=now > 0)
    return replace(pipeline, demand=pipeline.demand.scaled(factor))


def simulate_transit(
    pipeline: Pipeline,
    *,
    replications: int,
    seed: int,
    threads: int = 1,
    on_replication: Callable[[], None] | None = None,
) -> TransitTimes:
    """Simulate transit times.

    Parameters
    ----------
    pipeline
        The crossing at a load.
    replications, seed
        Independent repetitions, and the seed of their draws.
    threads
        Replications run in parallel; results do not depend on it.
    on_replication
        Called after each replication.
    """
    check_simulation_memory(pipeline, replications, threads)

    def one(number: int) -> tuple[Floats, Floats, Floats]:
        return _replicate(pipeline, seed, number)

    found = []
    with ThreadPoolExecutor(threads) as pool:
        for times in pool.map(one, range(replications)):
            found.append(times)
            if on_replication is not None:
                on_replication()
    mean, p95, by_class = zip(*found, strict=True)
    return TransitTimes(np.array(mean), np.array(p95), np.array(by_class))


def _replicate(pipeline: Pipeline, seed: int, number: int) -> tuple[Floats, Floats, Floats]:
    replication = run_replication(pipeline, seed=seed, number=number)
    vehicles, log = replication.vehicles, replication.log
    out_h = np.fmax.reduce(log.left, axis=0, initial=-np.inf)
    # A vehicle that passes no stage at all needs no time.
    time_h = np.maximum(np.where(np.isfinite(out_h), out_h, vehicles.arrival_h) - vehicles.arrival_h, 0.0)
    # A vehicle that is still inside at the end has waited at least until then.
    inside = (log.fate != THROUGH) | (out_h == np.inf)
    time_h = np.where(inside, pipeline.hours - vehicles.arrival_h, time_h)
    classes = len(pipeline.classes)
    group = vehicles.direction * classes + vehicles.kind
    number_of = np.bincount(group, minlength=2 * classes).reshape(2, classes)
    total = np.bincount(group, weights=time_h, minlength=2 * classes).reshape(2, classes)
    unknown = np.full((2, classes), np.nan)
    by_class = np.divide(total, number_of, out=unknown, where=number_of > 0)
    of_way = number_of.sum(axis=1)
    mean = np.divide(total.sum(axis=1), of_way, out=np.full(2, np.nan), where=of_way > 0)
    p95 = [float(np.quantile(time_h[vehicles.direction == way], 0.95)) if of_way[way] else np.nan for way in range(2)]
    return mean, np.array(p95), by_class
