"""Concise crossings for tests and benchmarks: a stage is described by its differences from a plain one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landlink.border.pipeline import (
    UNLIMITED,
    Demand,
    Departures,
    Discipline,
    Distribution,
    Gate,
    Pipeline,
    Stages,
    StepFunctions,
)

ALWAYS_ONE = ((0.0, 1),)


@dataclass(frozen=True)
class Plain:
    """A stage: ``servers`` are pairs of hour and number; ``mean_h`` and ``share`` may differ by direction.

    ``back`` is the position on the way from b to a, if it is another; ``departures`` are pairs of hour and places.
    """

    name: str
    position: int
    mean_h: float | tuple[float, float]
    servers: Sequence[tuple[float, int]] = ALWAYS_ONE
    share: float | tuple[float, float] = 1.0
    distribution: Distribution = Distribution.EXPONENTIAL
    cv: float = 1.0
    discipline: Discipline = Discipline.FIFO
    priority: Sequence[int] | None = None
    batch: int = 1
    batch_wait_h: float = np.inf
    paired: bool = False
    places: int = UNLIMITED
    turn_back: bool = False
    back: int | None = None
    departures: Sequence[tuple[float, int]] | None = None


def daily(days: int, *shifts: tuple[float, int]) -> list[tuple[float, int]]:
    """Repeat hours of the day and numbers of servers every day."""
    return [(24.0 * day + hour, number) for day in range(days) for hour, number in shifts]


def pipeline_of(
    stages: Sequence[Plain],
    *,
    vehicles_per_h: Sequence[Sequence[float]],
    days: int,
    hour_profile: Sequence[float] | None = None,
    group: int = 1,
    name: str = "crossing",
) -> Pipeline:
    """Build a crossing without limits at the gate.

    Parameters
    ----------
    stages
        Its stages, in the order of their positions.
    vehicles_per_h
        Poisson rates by direction and class, shape (2, classes).
    days
        Length of the simulation.
    hour_profile
        Factor on the rates in each hour of the day, 24 numbers; 1 by default.
    group
        Vehicles that arrive together.
    name
        Name of the crossing.
    """
    rate = np.asarray(vehicles_per_h, dtype=np.float64)
    classes, hours = rate.shape[1], 24 * days
    factor = np.tile(np.ones(24) if hour_profile is None else np.asarray(hour_profile), days)
    demand = Demand(
        rate_per_h=np.ascontiguousarray(rate[:, :, None] * factor),
        slots=np.zeros((2, classes), dtype=np.bool_),
        slots_per_h=np.zeros((2, hours), dtype=np.int64),
        punctuality_h=0.0,
        group=np.full((2, classes), group, dtype=np.int64),
    )
    gate = Gate(
        quota_per_day=np.full((2, days), UNLIMITED, dtype=np.int64),
        balk_at=np.full(2, UNLIMITED, dtype=np.int64),
        parking_places=np.full(2, UNLIMITED, dtype=np.int64),
    )
    names = tuple(f"class {i}" for i in range(classes))
    return Pipeline(name, names, hours, _stages(stages, classes), demand, gate)


def _stages(stages: Sequence[Plain], classes: int) -> Stages:
    def by_direction(values: list[float | tuple[float, float]]) -> np.ndarray:
        pairs = np.array([value if isinstance(value, tuple) else (value, value) for value in values], dtype=np.float64)
        return np.ascontiguousarray(np.repeat(pairs[:, :, None], classes, axis=2))

    shape = (len(stages), 2, classes)
    steps = StepFunctions(
        first=np.cumsum([0, *(len(stage.servers) for stage in stages)]).astype(np.int64),
        time_h=np.array([hour for stage in stages for hour, _ in stage.servers], dtype=np.float64),
        value=np.array([number for stage in stages for _, number in stage.servers], dtype=np.int64),
    )
    return Stages(
        names=tuple(stage.name for stage in stages),
        position=np.array([stage.position for stage in stages], dtype=np.int64),
        share=by_direction([stage.share for stage in stages]),
        distribution=np.broadcast_to(
            np.array([int(s.distribution) for s in stages], dtype=np.int64)[:, None, None], shape
        ).copy(),
        mean_h=by_direction([stage.mean_h for stage in stages]),
        cv=np.broadcast_to(np.array([s.cv for s in stages])[:, None, None], shape).astype(np.float64),
        servers=steps,
        discipline=np.array([int(stage.discipline) for stage in stages], dtype=np.int64),
        priority=np.array([stage.priority or [0] * classes for stage in stages], dtype=np.int64),
        batch=np.array([stage.batch for stage in stages], dtype=np.int64),
        batch_wait_h=np.array([stage.batch_wait_h for stage in stages], dtype=np.float64),
        paired=np.array([stage.paired for stage in stages], dtype=np.bool_),
        places=np.array([stage.places for stage in stages], dtype=np.int64),
        turn_back=np.array([stage.turn_back for stage in stages], dtype=np.bool_),
        position_back=np.array([s.position if s.back is None else s.back for s in stages], dtype=np.int64),
        departures=_departures(stages),
    )


def _departures(stages: Sequence[Plain]) -> Departures | None:
    if all(stage.departures is None for stage in stages):
        return None
    plans = [stage.departures or () for stage in stages]
    return Departures(
        timetabled=np.array([stage.departures is not None for stage in stages]),
        first=np.cumsum([0, *map(len, plans)]).astype(np.int64),
        time_h=np.array([hour for plan in plans for hour, _ in plan], dtype=np.float64),
        places=np.array([places for plan in plans for _, places in plan], dtype=np.int64),
    )


def mm4(days: int, *, load: float = 0.9) -> Pipeline:
    """Build a queue of four servers of 4 vehicles per hour each, loaded in one direction."""
    stage = Plain("window", 0, 0.25, servers=((0.0, 4),))
    return pipeline_of([stage], vehicles_per_h=[[16.0 * load], [0.0]], days=days, name="M/M/4")


def full_crossing(days: int) -> Pipeline:
    """Build a crossing of eight stages with 300 vehicles per day of three classes in two directions.

    Both directions share the scales, the health control and the yard; documents and customs give priority to
    perishables; shifts change at 08:00 and 20:00; drivers are swapped in the yard in batches of four; places at the
    scales, the health control and the yard are limited.
    """

    def shifts(day: int, night: int) -> list[tuple[float, int]]:
        return daily(days, (0.0, night), (8.0, day), (20.0, night))

    urgent = (2, 0, 1)
    stages = [
        Plain("gate", 0, 0.05, shifts(2, 1)),
        Plain("scales", 1, 0.06, shifts(2, 1), places=8, distribution=Distribution.GAMMA, cv=0.5),
        Plain("documents", 2, 0.25, shifts(6, 3), distribution=Distribution.LOGNORMAL, cv=0.8,
              discipline=Discipline.PRIORITY, priority=urgent),
        Plain("health", 3, 0.1, shifts(3, 2), places=12),
        Plain("customs a", 4, 0.5, shifts(6, 3), share=(1.0, 0.0), distribution=Distribution.LOGNORMAL, cv=1.2,
              discipline=Discipline.PRIORITY, priority=urgent),
        Plain("customs b", 4, 0.4, shifts(5, 3), share=(0.0, 1.0), distribution=Distribution.LOGNORMAL, cv=1.2,
              discipline=Discipline.PRIORITY, priority=urgent),
        Plain("yard", 5, 0.5, shifts(4, 3), batch=4, batch_wait_h=1.0, places=40,
              distribution=Distribution.GAMMA, cv=0.3),
        Plain("exit", 6, 0.04, shifts(2, 1), distribution=Distribution.CONSTANT),
    ]  # fmt: skip
    rate = np.array([[0.5, 0.2, 0.3], [0.4, 0.1, 0.5]]) * (150.0 / 24.0)
    profile = np.repeat([0.5, 1.5, 1.2, 0.8], 6)
    return pipeline_of(stages, vehicles_per_h=rate.tolist(), days=days, hour_profile=profile, name="full crossing")
