"""Random crossings and their vehicles for property tests.

In half of the cases times are multiples of a quarter of an hour, so that events coincide.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from landlink.border.breakdowns import servers_with_breakdowns
from landlink.border.pipeline import UNLIMITED, Discipline, Distribution, Failures, Pipeline, StepFunctions
from landlink.border.vehicle_draws import Vehicles, draw_vehicles
from tests.support.border_models import Plain, pipeline_of


@dataclass(frozen=True)
class Case:
    """A crossing, its vehicles and its staffed servers, breakdowns included."""

    pipeline: Pipeline
    vehicles: Vehicles
    servers: StepFunctions


@st.composite
def shifts(draw: st.DrawFn, days: int) -> list[tuple[float, int]]:
    """Draw servers through time; some stages never change, others close every night."""
    number = st.integers(0, 3)
    if draw(st.booleans()):
        return [(0.0, draw(st.integers(1, 3)))]
    changes = draw(st.lists(st.tuples(st.integers(1, 95), number), max_size=4, unique_by=lambda change: change[0]))
    daily = sorted(changes)
    steps = {0.0: draw(number)}
    for day in range(days):
        steps |= {24.0 * day + quarter / 4: servers for quarter, servers in daily}
    return list(steps.items())


@st.composite
def stage(draw: st.DrawFn, position: int, name: str, classes: int, days: int) -> Plain:
    """Draw a stage."""
    batch = draw(st.sampled_from([1, 1, 1, 2, 3]))
    quarters = st.lists(st.integers(0, 95), max_size=5, unique=True).map(sorted)
    plan = draw(st.none() | st.none() | st.tuples(quarters, st.integers(1, 4)))
    paired = plan is None and draw(st.sampled_from([False, False, False, True]))
    smallest = batch * (2 if paired else 1)
    return Plain(
        name,
        position,
        draw(st.sampled_from([0.0, 0.2, 0.5, 1.5])),
        servers=draw(shifts(days)),
        distribution=draw(st.sampled_from(list(Distribution))),
        cv=0.5,
        share=draw(st.sampled_from([1.0, 1.0, 0.6, (1.0, 0.0), (0.0, 1.0)])),
        discipline=draw(st.sampled_from(list(Discipline))),
        priority=draw(st.lists(st.integers(0, 2), min_size=classes, max_size=classes)),
        batch=batch,
        batch_wait_h=draw(st.sampled_from([0.0, 0.75, 2.0, np.inf])),
        paired=paired,
        places=draw(st.sampled_from([UNLIMITED, smallest, smallest + 2, 6 * smallest])),
        turn_back=draw(st.booleans()),
        departures=plan and [(24.0 * day + quarter / 4, plan[1]) for day in range(days) for quarter in plan[0]],
    )


@st.composite
def pipelines(draw: st.DrawFn, *, quiet_days: int = 0) -> Pipeline:
    """Draw a crossing of one to four stages over some days, without arrivals in the last ``quiet_days``."""
    days, classes = draw(st.integers(1, 3)) + quiet_days, draw(st.integers(1, 3))
    positions = np.cumsum(draw(st.lists(st.integers(0, 1), min_size=1, max_size=4))).tolist()
    stages = [draw(stage(position, f"stage {i}", classes, days)) for i, position in enumerate(positions)]
    if draw(st.booleans()):
        back = draw(st.permutations(positions) | st.just([-position for position in positions]))
        stages = [replace(one, back=position) for one, position in zip(stages, back, strict=True)]
    rates = st.lists(st.sampled_from([0.0, 0.3, 1.0, 3.0]), min_size=classes, max_size=classes)
    made = pipeline_of(
        stages, vehicles_per_h=[draw(rates), draw(rates)], days=days, group=draw(st.sampled_from([1, 1, 3]))
    )
    books = draw(st.lists(st.booleans(), min_size=2 * classes, max_size=2 * classes))
    quotas = st.lists(st.sampled_from([UNLIMITED, 0, 3, 10]), min_size=2 * days, max_size=2 * days)
    limits = st.sampled_from([UNLIMITED, UNLIMITED, 1, 4, 12])
    rate = made.demand.rate_per_h.copy()
    rate[:, :, 24 * (days - quiet_days) :] = 0.0
    return replace(
        made,
        demand=replace(
            made.demand,
            rate_per_h=rate,
            slots=np.array(books).reshape(2, classes),
            slots_per_h=np.full((2, 24 * days), draw(st.integers(0, 4)), dtype=np.int64),
            punctuality_h=draw(st.sampled_from([0.0, 0.5])),
        ),
        gate=replace(
            made.gate,
            quota_per_day=np.array(draw(quotas), dtype=np.int64).reshape(2, days),
            balk_at=np.array([draw(limits), draw(limits)], dtype=np.int64),
        ),
        failures=draw(st.none() | st.just(Failures(np.full(len(stages), 6.0), np.full(len(stages), 2.0)))),
    )


@st.composite
def cases(draw: st.DrawFn, *, quiet_days: int = 0) -> Case:
    """Draw a crossing with its vehicles and servers."""
    pipeline, seed = draw(pipelines(quiet_days=quiet_days)), draw(st.integers(0, 2**32))
    vehicles = draw_vehicles(pipeline, seed=seed, replication=0)
    if draw(st.booleans()):
        vehicles = replace(
            vehicles,
            arrival_h=np.round(4 * vehicles.arrival_h) / 4,
            appointment_h=np.round(vehicles.appointment_h),
            service_h=np.round(4 * vehicles.service_h) / 4,
        )
    return Case(pipeline, vehicles, servers_with_breakdowns(pipeline, seed=seed, replication=0))
