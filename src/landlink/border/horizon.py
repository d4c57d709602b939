"""What passing a crossing takes over four weeks that begin with it empty, at loads below and above what it can do.

A queue that is fed faster than it is served has no mean, but over a stretch that begins empty it has one, which near
and above capacity follows the length of the stretch (Kimber and Hollis 1979). Four weeks hold every weekday equally
often. Vehicles that came in them are followed until they are through.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from landlink.border.breakdowns import servers_with_breakdowns
from landlink.border.event_kernels import THROUGH
from landlink.border.passage import pass_through
from landlink.border.pipeline import UNLIMITED, Pipeline
from landlink.border.pipeline_tables import pipeline_of
from landlink.border.stability import mean_rates
from landlink.border.vehicle_draws import draw_vehicles
from landlink.core.arrays import Floats
from landlink.study import Study

__all__ = ["DRAIN_DAYS", "HORIZON_DAYS", "HORIZON_H", "Passing", "at_load", "four_weeks", "passing"]

HORIZON_DAYS: Final = 28
#: Days without arrivals in which those who came get through.
DRAIN_DAYS: Final = 21
HORIZON_H: Final = 24.0 * HORIZON_DAYS


@dataclass(frozen=True)
class Passing:
    """Hours from arrival until through, by replication; NaN where nobody came.

    Attributes
    ----------
    mean_h, p95_h
        By direction, shape (replications, 2).
    class_h
        Mean by direction and class, shape (replications, 2, classes).
    """

    mean_h: Floats
    p95_h: Floats
    class_h: Floats


def four_weeks(study: Study, crossing_id: str, family: str, year: int) -> Pipeline:
    """A crossing from 1 July of a year on, whose vehicles all wait until they are through: none goes elsewhere.

    The network sends freight to other crossings where this one is slow, so nobody balks here, and who would be turned
    back at closing time comes again and might as well have waited.

    Raises
    ------
    InputError
        What :func:`landlink.border.pipeline_tables.pipeline_of` refuses.
    """
    whole = pipeline_of(study, crossing_id, start=date(year, 7, 1), days=HORIZON_DAYS + DRAIN_DAYS, family=family)
    rate = whole.demand.rate_per_h.copy()
    rate[:, :, int(HORIZON_H) :] = 0.0
    return replace(
        whole,
        demand=replace(whole.demand, rate_per_h=rate),
        gate=replace(whole.gate, balk_at=np.full(2, UNLIMITED)),
        stages=replace(whole.stages, turn_back=np.zeros(len(whole.stages.names), dtype=np.bool_)),
    )


def at_load(pipeline: Pipeline, vehicles_per_day: Floats) -> Pipeline:
    """The crossing with other numbers of vehicles by direction; classes and profiles stay as they are.

    Parameters
    ----------
    pipeline
        What :func:`four_weeks` gives.
    vehicles_per_day
        Mean over the four weeks, shape (2,).
    """
    now = 24.0 * mean_rates(pipeline, 0.0, HORIZON_H).sum(axis=1)
    factor = np.divide(vehicles_per_day, now, out=np.zeros(2), where=now > 0)
    rate = pipeline.demand.rate_per_h * factor[:, None, None]
    return replace(pipeline, demand=replace(pipeline.demand, rate_per_h=rate))


def passing(
    pipeline: Pipeline,
    *,
    replications: int,
    seed: int,
    threads: int = 1,
    done: Callable[[], None] | None = None,
) -> Passing:
    """Simulate how long passing takes.

    Parameters
    ----------
    pipeline
        The crossing at a load.
    replications, seed
        Repetitions, and what their draws come from.
    threads
        Repetitions side by side; what comes out does not depend on it.
    done
        Called after each repetition.
    """

    def one(number: int) -> tuple[Floats, Floats, Floats]:
        found = _replicate(pipeline, seed, number)
        if done is not None:
            done()
        return found

    with ThreadPoolExecutor(threads) as pool:
        mean, p95, by_class = zip(*pool.map(one, range(replications)), strict=True)
    return Passing(np.array(mean), np.array(p95), np.array(by_class))


def _replicate(pipeline: Pipeline, seed: int, number: int) -> tuple[Floats, Floats, Floats]:
    vehicles = draw_vehicles(pipeline, seed=seed, replication=number)
    servers = servers_with_breakdowns(pipeline, seed=seed, replication=number)
    passage = pass_through(pipeline, vehicles, servers)
    out_h = np.fmax.reduce(passage.left, axis=0, initial=-np.inf)
    # Who passes no stage at all is through at once.
    time_h = np.maximum(np.where(np.isfinite(out_h), out_h, vehicles.arrival_h) - vehicles.arrival_h, 0.0)
    # Who is not through when the weeks without arrivals end has waited at least until then.
    stuck = (passage.fate != THROUGH) | (out_h == np.inf)
    time_h = np.where(stuck, pipeline.hours - vehicles.arrival_h, time_h)
    classes = len(pipeline.classes)
    group = vehicles.direction * classes + vehicles.kind
    number_of = np.bincount(group, minlength=2 * classes).reshape(2, classes)
    total = np.bincount(group, weights=time_h, minlength=2 * classes).reshape(2, classes)
    nobody = np.full((2, classes), np.nan)
    by_class = np.divide(total, number_of, out=nobody, where=number_of > 0)
    of_way = number_of.sum(axis=1)
    mean = np.divide(total.sum(axis=1), of_way, out=np.full(2, np.nan), where=of_way > 0)
    p95 = [float(np.quantile(time_h[vehicles.direction == way], 0.95)) if of_way[way] else np.nan for way in range(2)]
    return mean, np.array(p95), by_class
