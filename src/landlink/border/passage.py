"""One replication: the vehicles through the crossing, by events, or by a recursion where nothing but queues happens."""

from __future__ import annotations

import numpy as np

from landlink.border.event_kernels import CLOSES, THROUGH, Cars, Changes, Passage, Plan, Yard, run_events
from landlink.border.pipeline import UNLIMITED, Discipline, Pipeline, Stages, Steps
from landlink.border.series_kernels import serve_in_turn
from landlink.border.vehicle_draws import Vehicles
from landlink.core.arrays import Ints

__all__ = ["pass_through"]


def pass_through(
    pipeline: Pipeline, vehicles: Vehicles, servers: Steps, *, since_h: float = 0.0, by_events: bool = False
) -> Passage:
    """Send vehicles through a crossing.

    Parameters
    ----------
    pipeline
        The crossing.
    vehicles
        What was drawn.
    servers
        Servers at work, breakdowns included.
    since_h
        Hours of servers count from then on.
    by_events
        Whether to go event by event even where the recursion would do; both give the same times.

    Returns
    -------
    Passage
        Times by position and vehicle.
    """
    if not by_events and _only_queues(pipeline, servers):
        return _in_series(pipeline, vehicles, servers, since_h)
    plan = _plan(pipeline, since_h)
    passage = _nothing_yet(len(plan.first) - 1, len(vehicles.arrival_h), len(pipeline.stages.names))
    cars = Cars(vehicles.arrival_h, vehicles.direction, vehicles.kind, vehicles.appointment_h, vehicles.service_h)
    yard = _yard(plan, servers, len(vehicles.arrival_h))
    run_events(float(pipeline.hours), _changes(pipeline.stages, servers), plan, cars, yard, passage)
    return passage


def _nothing_yet(positions: int, number: int, stages: int) -> Passage:
    def never() -> np.ndarray:
        return np.full((positions, number), np.nan)

    return Passage(
        joined=never(),
        began=never(),
        ended=never(),
        left=never(),
        stage=np.full((positions, number), -1, dtype=np.int64),
        fate=np.zeros(number, dtype=np.int64),
        busy_h=np.zeros(stages),
    )


def _only_queues(pipeline: Pipeline, servers: Steps) -> bool:
    """Whether stages follow each other, each with the same servers always, first come first served, without limits."""
    stages, gate = pipeline.stages, pipeline.gate
    return bool(
        len(np.unique(stages.position)) == len(stages.names)
        and (np.diff(servers.first) == 1).all()
        and (servers.value > 0).all()
        and (stages.discipline == Discipline.FIFO).all()
        and (stages.batch == 1).all()
        and not stages.paired.any()
        and (stages.places >= UNLIMITED).all()
        and (gate.quota_per_day >= UNLIMITED).all()
        and (gate.balk_at >= UNLIMITED).all()
    )


def _in_series(pipeline: Pipeline, vehicles: Vehicles, servers: Steps, since_h: float) -> Passage:
    number, stages = len(vehicles.arrival_h), len(pipeline.stages.names)
    ended = np.empty((stages, number))
    passage = Passage(
        joined=np.empty((stages, number)),
        began=np.empty((stages, number)),
        ended=ended,
        left=ended,
        stage=np.empty((stages, number), dtype=np.int64),
        fate=np.zeros(number, dtype=np.int64),
        busy_h=np.zeros(stages),
    )
    now = vehicles.arrival_h.copy()
    order = np.arange(number)
    for stage in range(stages):
        if stage:
            order = np.argsort(now, kind="stable")
        free = np.zeros(int(servers.value[stage]))
        passage.busy_h[stage] = serve_in_turn(
            (float(pipeline.hours), since_h, stage),
            order,
            vehicles.service_h[stage],
            free,
            now,
            (passage.joined[stage], passage.began[stage], passage.ended[stage], passage.stage[stage]),
        )
    passage.fate[now < pipeline.hours] = THROUGH
    return passage


def _plan(pipeline: Pipeline, since_h: float) -> Plan:
    stages = pipeline.stages
    levels, position = np.unique(stages.position, return_inverse=True)
    by_priority = (stages.discipline == Discipline.PRIORITY)[:, None]
    rank = np.where(by_priority, _dense(stages.priority), 0)
    return Plan(
        first=np.searchsorted(position, np.arange(len(levels) + 1)),
        position=position.astype(np.int64),
        rank=rank,
        ranks=int(rank.max(initial=0)) + 1,
        appointment=stages.discipline == Discipline.APPOINTMENT,
        batch=stages.batch,
        patience=stages.batch_wait_h,
        paired=stages.paired,
        places=stages.places,
        quota=pipeline.gate.quota_per_day,
        balk_at=pipeline.gate.balk_at,
        since_h=since_h,
    )


def _changes(stages: Stages, servers: Steps) -> Changes:
    """Changes of servers, and closings, in order of time.

    A stage closes when its shifts end. A breakdown of all its servers is no closing, nor does one put it off.
    """
    time, stage = [servers.time_h], [np.repeat(np.arange(len(stages.names)), np.diff(servers.first))]
    value = [servers.value]
    for s in np.flatnonzero(stages.turn_back):
        part = slice(*stages.servers.first[s : s + 2])
        shift = stages.servers.value[part]
        closing = np.flatnonzero((shift[1:] == 0) & (shift[:-1] > 0)) + 1
        time.append(stages.servers.time_h[part][closing])
        stage.append(np.full(len(closing), s))
        value.append(np.full(len(closing), CLOSES))
    times, at, values = np.concatenate(time), np.concatenate(stage), np.concatenate(value)
    order = np.lexsort((at, values == CLOSES, times))
    return Changes(times[order], at[order].astype(np.int64), values[order].astype(np.int64))


def _dense(priority: Ints) -> Ints:
    """Priorities as ranks from 0."""
    return np.unique(priority, return_inverse=True)[1].reshape(priority.shape).astype(np.int64)


def _yard(plan: Plan, servers: Steps, number: int) -> Yard:
    stages, positions = len(plan.position), len(plan.first) - 1
    lines = stages * 2 * plan.ranks + positions + 2
    most = int(np.maximum.reduceat(servers.value, servers.first[:-1]).sum()) if stages else 0

    def nobody(size: int) -> Ints:
        return np.full(size, -1, dtype=np.int64)

    def none(size: int) -> Ints:
        return np.zeros(size, dtype=np.int64)

    return Yard(
        servers=none(stages),
        busy=none(stages),
        inside=none(stages),
        waiting=none(2 * stages),
        timer=np.full(stages, np.inf),
        touched=none(positions),
        after=np.arange(number + lines),
        before=np.arange(number + lines),
        mate=nobody(number),
        leader=nobody(number),
        present=np.zeros((positions, number), dtype=np.int64),
        at=nobody(number),
        count=none(5),
        end_time=np.full(most, np.inf),
        end_car=nobody(most),
    )
