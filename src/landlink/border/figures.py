"""Figures of the model for a period: what an observer at some crossings would have counted and timed."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from landlink.border.breakdowns import servers_with_breakdowns
from landlink.border.event_kernels import THROUGH, Passage
from landlink.border.passage import pass_through
from landlink.border.periods import Period, periods
from landlink.border.pipeline import DIRECTIONS, Pipeline
from landlink.border.pipeline_tables import pipeline_of
from landlink.border.stability import offered_load
from landlink.border.vehicle_draws import Vehicles, draw_vehicles
from landlink.core.arrays import Floats
from landlink.study import Study
from landlink.tables.dates import parse_date
from landlink.tables.lists import split_list

__all__ = ["Figure", "Question", "question_of", "simulated"]

#: Where more of those that came passed than this, throughput says what came and nothing else. The rest are those that
#: are inside at the ends of a short period.
PASSED_PART: Final = 0.9


@dataclass(frozen=True)
class Question:
    """What is asked of the model, as a row of the table ``observation`` says.

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
        Stages that hours cover; none: the whole crossing.
    load
        Multiplies arrivals.
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
class Figure:
    """What the model answers.

    Attributes
    ----------
    values
        One for each replication; NaN where nobody passed.
    load
        Highest load of a stage or a quota in any stretch of the period.
    passed_part
        Vehicles that passed over those that came.
    """

    values: Floats
    load: float
    passed_part: float

    @property
    def repeats_arrivals(self) -> bool:
        """Whether throughput is what came: nothing held vehicles back."""
        return self.load < 1.0 and self.passed_part > PASSED_PART


@dataclass(frozen=True)
class _Seen:
    """One replication of one stretch: hours of vehicles, vehicles out by day, vehicles waiting by hour."""

    hours: Floats
    out: Floats
    waiting: Floats
    came: int


def question_of(row: Any) -> Question:
    """A row of the table ``observation`` as a question."""
    begins, ends = parse_date(str(row["begins"])), parse_date(str(row["ends"]))
    assert begins is not None  # noqa: S101 -- the table's check
    assert ends is not None  # noqa: S101
    return Question(
        crossings=tuple(split_list(row["crossing_id"])),
        family=str(row["family"]),
        begins=begins,
        ends=ends,
        direction=str(row["direction"]),
        quantity=str(row["quantity"]),
        stages=tuple(split_list(row["stage_id"])),
        load=float(row["load"]),
    )


def simulated(
    study: Study,
    question: Question,
    *,
    replications: int = 10,
    seed: int = 1,
    warm_up_days: int = 28,
    threads: int | None = None,
) -> Figure:
    """Ask the model what an observer would have seen.

    Each crossing is simulated over the periods of the period (:mod:`landlink.border.periods`) and their vehicles
    are put together. Days on which a crossing is shut count, with nobody passing.

    Parameters
    ----------
    study
        The study, with measures applied.
    question
        What is asked.
    replications, seed, threads
        As for :func:`landlink.border.simulate.simulate`; the same seed gives every rule the same vehicles.
    warm_up_days
        Days simulated before the period.

    Raises
    ------
    InputError, UnknownNameError
        A crossing that does not exist or has no stages.
    """
    by_crossing = []
    most, came, passed = 0.0, 0.0, 0.0
    for crossing in question.crossings:
        cut = periods(
            study, crossing, question.begins, question.ends, family=question.family, warm_up_days=warm_up_days
        )
        parts = []
        for stretch in cut:
            pipeline = _pipeline(study, crossing, stretch, question)
            parts.append(_replicated(pipeline, stretch, question, (replications, seed, threads)))
            if pipeline is not None:
                most = max(most, float(offered_load(pipeline, 24.0 * stretch.warm_up_days).max()))
        by_crossing.append([[part[number] for part in parts] for number in range(replications)])
        came += sum(one.came for part in parts for one in part)
        passed += sum(float(one.out.sum()) for part in parts for one in part)
    values = [_figure(question.quantity, [of[number] for of in by_crossing]) for number in range(replications)]
    return Figure(np.array(values), most, passed / came if came else np.nan)


def _pipeline(study: Study, crossing: str, stretch: Period, question: Question) -> Pipeline | None:
    if not stretch.is_open:
        return None
    return pipeline_of(
        study, crossing, start=stretch.start, days=stretch.days, family=question.family, load=question.load
    )


def _replicated(
    pipeline: Pipeline | None, stretch: Period, question: Question, how: tuple[int, int, int | None]
) -> list[_Seen]:
    replications, seed, threads = how
    if pipeline is None:
        nobody = _Seen(np.empty(0), np.zeros(stretch.counted_days), np.zeros(24 * stretch.counted_days), 0)
        return [nobody] * replications

    def one(number: int) -> _Seen:
        vehicles = draw_vehicles(pipeline, seed=seed, replication=number)
        servers = servers_with_breakdowns(pipeline, seed=seed, replication=number)
        return _seen(pipeline, vehicles, pass_through(pipeline, vehicles, servers), stretch, question)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(replications)))


def _seen(pipeline: Pipeline, vehicles: Vehicles, passage: Passage, stretch: Period, question: Question) -> _Seen:
    begin = 24.0 * stretch.warm_up_days
    chosen = np.ones(len(vehicles.arrival_h), dtype=np.bool_)
    if question.direction != "both":
        chosen = vehicles.direction == DIRECTIONS.index(question.direction)
    came = _came(vehicles, passage)
    out = np.fmax.reduce(passage.left, axis=0, initial=-np.inf)
    through = chosen & (passage.fate == THROUGH)
    hours = _hours_at(pipeline, passage, came, question.stages) if question.stages else out - vehicles.arrival_h
    timed = chosen & (vehicles.arrival_h >= begin) & np.isfinite(hours)
    if not question.stages:
        timed &= through
    days = np.floor((out[through] - begin) / 24.0).astype(np.int64)
    days = days[(days >= 0) & (days < stretch.counted_days)]
    return _Seen(
        hours=hours[timed],
        out=np.bincount(days, minlength=stretch.counted_days).astype(np.float64),
        waiting=_waiting(passage, came, chosen, float(pipeline.hours))[int(begin) :],
        came=int((chosen & (vehicles.arrival_h >= begin)).sum()),
    )


def _came(vehicles: Vehicles, passage: Passage) -> Floats:
    """When each vehicle came to each position: at the first it passes, when it came to the crossing."""
    came: Floats = passage.joined.copy()
    passed = ~np.isnan(came)
    first = passed & (np.cumsum(passed, axis=0) == 1)
    came[first] = np.broadcast_to(vehicles.arrival_h, came.shape)[first]
    return came


def _hours_at(pipeline: Pipeline, passage: Passage, came: Floats, stages: Sequence[str]) -> Floats:
    """Hours of each vehicle at some stages together; NaN where it passes none of them or has not left one yet."""
    positions = np.unique(pipeline.stages.position, return_inverse=True)[1]
    hours = np.zeros(came.shape[1])
    passed = np.zeros(came.shape[1], dtype=np.bool_)
    for stage, name in enumerate(pipeline.stages.names):
        if name in stages:
            position = positions[stage]
            here = passage.stage[position] == stage
            hours += np.where(here, passage.left[position] - came[position], 0.0)
            passed |= here
    return np.where(passed, hours, np.nan)


def _waiting(passage: Passage, came: Floats, chosen: np.ndarray, hours: float) -> Floats:
    """Vehicles that wait at any stage at the end of each hour."""
    change = np.zeros(int(hours) + 1)
    gone = np.fmin(passage.began, passage.left)
    for times, sign in ((came[:, chosen], 1.0), (gone[:, chosen], -1.0)):
        known = times[np.isfinite(times) & (times < hours)]
        change += sign * np.bincount(known.astype(np.int64), minlength=len(change))
    waiting: Floats = np.cumsum(change)[: int(hours)]
    return waiting


def _figure(quantity: str, crossings: list[list[_Seen]]) -> float:
    """One figure of all crossings and periods of a replication."""
    if quantity.startswith("hours"):
        hours = np.concatenate([part.hours for parts in crossings for part in parts])
        if not len(hours):
            return float("nan")
        wanted = {"hours_median": 0.5, "hours_p95": 0.95}.get(quantity)
        return float(hours.mean() if wanted is None else np.quantile(hours, wanted))
    name = "waiting" if quantity.startswith("queue") else "out"
    line = np.sum([np.concatenate([getattr(part, name) for part in parts]) for parts in crossings], axis=0)
    return float(line.max() if quantity in ("busiest_day", "queue_max") else line.mean())
