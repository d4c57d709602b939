"""Model predictions of observables: what an observer would have counted and timed at some crossings in a period."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from landlink.border.event_state import THROUGH
from landlink.border.periods import Period, periods
from landlink.border.pipeline import DIRECTIONS, Pipeline
from landlink.border.pipeline_builder import build_pipeline
from landlink.border.replication import Replication, run_replication
from landlink.border.sizes import check_simulation_memory
from landlink.border.stability import offered_load
from landlink.border.summary import arrival_by_step, at_stage, count_inside
from landlink.core.arrays import Floats
from landlink.study import Study
from landlink.tables.dates import parse_date
from landlink.tables.lists import split_list

__all__ = ["Observable", "Prediction", "observable_of", "predict"]

#: Where a larger share of the arrivals passed than this, throughput only repeats the arrivals. The remainder are the
#: vehicles inside at the ends of a short period.
PASSED_SHARE: Final = 0.9


@dataclass(frozen=True)
class Observable:
    """A quantity observed at some crossings, as a row of the table ``observation`` defines it.

    Attributes
    ----------
    crossings, family
        Crossings observed together.
    begins, ends
        First day, and the first day after the last.
    direction
        ``both``, ``ab`` or ``ba``.
    quantity
        One of :data:`landlink.tables.border_schemas.QUANTITIES`.
    stages
        Stages that hours cover; empty: the whole crossing.
    load
        Factor on arrivals.
    """

    crossings: tuple[str, ...]
    family: str
    begins: date
    ends: date
    direction: str
    quantity: str
    stages: tuple[str, ...]
    load: float


@dataclass(frozen=True)
class Prediction:
    """Prediction of an observable.

    Attributes
    ----------
    values
        One value per replication; NaN where no vehicle passed.
    load
        Highest offered load of a stage or quota at any time of the period.
    passed_share
        Vehicles that passed, over those that arrived.
    """

    values: Floats
    load: float
    passed_share: float

    @property
    def repeats_arrivals(self) -> bool:
        """Whether throughput equals arrivals because nothing limited it."""
        return self.load < 1.0 and self.passed_share > PASSED_SHARE


@dataclass(frozen=True)
class _Sample:
    """One replication of one period: hours of vehicles, departures by day, vehicles waiting by hour, arrivals."""

    hours: Floats
    departures: Floats
    waiting: Floats
    arrived: int


def observable_of(row: Any) -> Observable:
    """Read the observable that a row of the table ``observation`` defines."""
    begins, ends = parse_date(str(row["begins"])), parse_date(str(row["ends"]))
    assert begins is not None  # noqa: S101 -- checked with the table
    assert ends is not None  # noqa: S101
    return Observable(
        crossings=tuple(split_list(row["crossing_id"])),
        family=str(row["family"]),
        begins=begins,
        ends=ends,
        direction=str(row["direction"]),
        quantity=str(row["quantity"]),
        stages=tuple(split_list(row["stage_id"])),
        load=float(row["load"]),
    )


def predict(
    study: Study,
    observable: Observable,
    *,
    replications: int = 10,
    seed: int = 1,
    warm_up_days: int = 28,
    threads: int | None = None,
) -> Prediction:
    """Simulate what an observer would have seen.

    Each crossing is simulated in periods of constant rules (:mod:`landlink.border.periods`) and their vehicles are
    pooled. Days on which a crossing is closed count as days without departures.

    Parameters
    ----------
    study
        The study, with measures applied.
    observable
        The quantity to predict.
    replications, seed, threads
        As for :func:`landlink.border.simulate.simulate`; the same seed draws the same vehicles under any rules.
    warm_up_days
        Days simulated before the period.

    Raises
    ------
    InputError, UnknownNameError
        A crossing is unknown or has no stages.
    """
    by_crossing = []
    highest, arrived, passed = 0.0, 0.0, 0.0
    for crossing in observable.crossings:
        samples = []
        for period in periods(
            study,
            crossing,
            observable.begins,
            observable.ends,
            family=observable.family,
            warm_up_days=warm_up_days,
        ):
            pipeline = _pipeline(study, crossing, period, observable)
            samples.append(_samples(pipeline, period, observable, (replications, seed, threads)))
            if pipeline is not None:
                highest = max(highest, float(offered_load(pipeline, 24.0 * period.warm_up_days).max()))
        by_crossing.append([[part[number] for part in samples] for number in range(replications)])
        arrived += sum(one.arrived for part in samples for one in part)
        passed += sum(float(one.departures.sum()) for part in samples for one in part)
    values = [_statistic(observable.quantity, [of[number] for of in by_crossing]) for number in range(replications)]
    return Prediction(np.array(values), highest, passed / arrived if arrived else np.nan)


def _pipeline(study: Study, crossing: str, period: Period, observable: Observable) -> Pipeline | None:
    if not period.is_open:
        return None
    return build_pipeline(
        study, crossing, start=period.start, days=period.days, family=observable.family, load=observable.load
    )


def _samples(
    pipeline: Pipeline | None, period: Period, observable: Observable, options: tuple[int, int, int | None]
) -> list[_Sample]:
    """Simulate all replications of a period; without a pipeline the crossing is closed."""
    replications, seed, threads = options
    if pipeline is None:
        empty = _Sample(np.empty(0), np.zeros(period.counted_days), np.zeros(24 * period.counted_days), 0)
        return [empty] * replications

    check_simulation_memory(pipeline, replications, threads)

    def one(number: int) -> _Sample:
        return _sample(pipeline, run_replication(pipeline, seed=seed, number=number), period, observable)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(replications)))


def _sample(pipeline: Pipeline, replication: Replication, period: Period, observable: Observable) -> _Sample:
    vehicles, log = replication.vehicles, replication.log
    begin = 24.0 * period.warm_up_days
    chosen = np.ones(len(vehicles.arrival_h), dtype=np.bool_)
    if observable.direction != "both":
        chosen = vehicles.direction == DIRECTIONS.index(observable.direction)
    arrived = arrival_by_step(vehicles, log)
    out = np.fmax.reduce(log.left, axis=0, initial=-np.inf)
    through = chosen & (log.fate == THROUGH)
    stages = observable.stages
    hours = _hours_at(pipeline, replication, arrived, stages) if stages else out - vehicles.arrival_h
    timed = chosen & (vehicles.arrival_h >= begin) & np.isfinite(hours)
    if not stages:
        timed &= through
    days = np.floor((out[through] - begin) / 24.0).astype(np.int64)
    days = days[(days >= 0) & (days < period.counted_days)]
    gone = np.fmin(log.began, log.left)
    return _Sample(
        hours=hours[timed],
        departures=np.bincount(days, minlength=period.counted_days).astype(np.float64),
        waiting=count_inside(arrived[:, chosen], gone[:, chosen], float(pipeline.hours))[int(begin) :],
        arrived=int((chosen & (vehicles.arrival_h >= begin)).sum()),
    )


def _hours_at(pipeline: Pipeline, replication: Replication, arrived: Floats, stages: Sequence[str]) -> Floats:
    """Sum the hours of each vehicle at some stages; NaN if it uses none of them or has not left one yet."""
    vehicles, log = replication.vehicles, replication.log
    hours = np.zeros(arrived.shape[1])
    used = np.zeros(arrived.shape[1], dtype=np.bool_)
    for stage, name in enumerate(pipeline.stages.names):
        if name in stages:
            here, (came, left) = at_stage(pipeline.stages, stage, vehicles, log, (arrived, log.left))
            hours += np.where(here, left - came, 0.0)
            used |= here
    return np.where(used, hours, np.nan)


def _statistic(quantity: str, crossings: list[list[_Sample]]) -> float:
    """Reduce the samples of all crossings and periods of a replication to the quantity."""
    if quantity.startswith("hours"):
        hours = np.concatenate([part.hours for parts in crossings for part in parts])
        if not len(hours):
            return float("nan")
        quantile = {"hours_median": 0.5, "hours_p95": 0.95}.get(quantity)
        return float(hours.mean() if quantile is None else np.quantile(hours, quantile))
    name = "waiting" if quantity.startswith("queue") else "departures"
    line = np.sum([np.concatenate([getattr(part, name) for part in parts]) for parts in crossings], axis=0)
    return float(line.max() if quantity in ("busiest_day", "queue_max") else line.mean())
