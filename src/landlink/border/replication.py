"""One replication: random draws, then the vehicles through the crossing.

Tandem queues without limits are solved by a recursion, everything else by the discrete-event kernel; where both apply
they give the same times.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from landlink.border.breakdowns import servers_with_breakdowns
from landlink.border.event_kernels import run_events
from landlink.border.event_state import (
    CLOSES,
    THROUGH,
    Arrivals,
    ServerChanges,
    StageConfig,
    State,
    TimetableEvents,
    VehicleLog,
)
from landlink.border.pipeline import UNLIMITED, Discipline, Pipeline, Stages, StepFunctions
from landlink.border.tandem_kernels import serve_fifo
from landlink.border.vehicle_draws import Vehicles, draw_vehicles
from landlink.core.arrays import Floats, Ints

__all__ = ["Replication", "follow_vehicles", "run_replication"]


@dataclass(frozen=True)
class Replication:
    """One replication of a crossing.

    Attributes
    ----------
    vehicles
        Vehicles as drawn.
    servers
        Staffed servers, breakdowns included.
    log
        What happened to the vehicles.
    """

    vehicles: Vehicles
    servers: StepFunctions
    log: VehicleLog


def run_replication(pipeline: Pipeline, *, seed: int, number: int, since_h: float = 0.0) -> Replication:
    """Draw and simulate one replication.

    Parameters
    ----------
    pipeline
        The crossing.
    seed, number
        Seed of the draws and number of the replication.
    since_h
        Start of the count of busy hours.
    """
    vehicles = draw_vehicles(pipeline, seed=seed, replication=number)
    servers = servers_with_breakdowns(pipeline, seed=seed, replication=number)
    return Replication(vehicles, servers, follow_vehicles(pipeline, vehicles, servers, since_h=since_h))


def follow_vehicles(
    pipeline: Pipeline, vehicles: Vehicles, servers: StepFunctions, *, since_h: float = 0.0, by_events: bool = False
) -> VehicleLog:
    """Move vehicles through a crossing.

    Parameters
    ----------
    pipeline
        The crossing.
    vehicles
        Vehicles as drawn.
    servers
        Staffed servers, breakdowns included.
    since_h
        Start of the count of busy hours.
    by_events
        Use the event kernel even where the recursion applies.

    Returns
    -------
    VehicleLog
        Times by position and vehicle.
    """
    if not by_events and _is_tandem(pipeline, servers):
        return _follow_tandem(pipeline, vehicles, servers, since_h)
    config = _stage_config(pipeline, since_h)
    number = len(vehicles.arrival_h)
    log = _empty_log(config.first.shape[1] - 1, number, len(pipeline.stages.names))
    given = Arrivals(vehicles.arrival_h, vehicles.direction, vehicles.kind, vehicles.appointment_h, vehicles.service_h)
    changes, timetable, ring = _changes(pipeline.stages, servers), None, None
    if pipeline.stages.opposed or pipeline.stages.departures is not None:
        timetable, size = _timetable(pipeline.stages), len(pipeline.stages.names)
        ring = np.zeros((size + 2, size + 1), dtype=np.int64)
    departures = 0 if timetable is None else int((timetable.places != CLOSES).sum())
    state = _initial_state(config, servers, number, departures)
    run_events(float(pipeline.hours), changes, timetable, ring, config, given, state, log)
    return log


def _empty_log(steps: int, number: int, stages: int) -> VehicleLog:
    def never() -> np.ndarray:
        return np.full((steps, number), np.nan)

    return VehicleLog(
        joined=never(),
        began=never(),
        ended=never(),
        left=never(),
        stage=np.full((steps, number), -1, dtype=np.int64),
        fate=np.zeros(number, dtype=np.int64),
        busy_h=np.zeros(stages),
    )


def _is_tandem(pipeline: Pipeline, servers: StepFunctions) -> bool:
    """Whether the stages are queues in series with constant servers, first come first served and without limits."""
    stages, gate = pipeline.stages, pipeline.gate
    return bool(
        len(np.unique(stages.position)) == len(stages.names)
        and not stages.opposed
        and stages.departures is None
        and (np.diff(servers.first) == 1).all()
        and (servers.value > 0).all()
        and (stages.discipline == Discipline.FIFO).all()
        and (stages.batch == 1).all()
        and not stages.paired.any()
        and (stages.places >= UNLIMITED).all()
        and (gate.quota_per_day >= UNLIMITED).all()
        and (gate.balk_at >= UNLIMITED).all()
    )


def _follow_tandem(pipeline: Pipeline, vehicles: Vehicles, servers: StepFunctions, since_h: float) -> VehicleLog:
    number, stages = len(vehicles.arrival_h), len(pipeline.stages.names)
    ended = np.empty((stages, number))
    log = VehicleLog(
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
        log.busy_h[stage] = serve_fifo(
            (float(pipeline.hours), since_h, stage),
            order,
            vehicles.service_h[stage],
            free,
            now,
            (log.joined[stage], log.began[stage], log.ended[stage], log.stage[stage]),
        )
    log.fate[now < pipeline.hours] = THROUGH
    return log


def _stage_config(pipeline: Pipeline, since_h: float) -> StageConfig:
    stages = pipeline.stages
    steps = stages.steps
    site, site_at = _sites(stages)
    levels = np.arange(site_at.shape[1] + 1)
    by_priority = (stages.discipline == Discipline.PRIORITY)[:, None]
    rank = np.where(by_priority, _dense(stages.priority), 0)
    return StageConfig(
        first=np.stack([np.searchsorted(np.sort(of_way), levels) for of_way in steps]),
        member=np.stack([np.argsort(of_way, kind="stable") for of_way in steps]),
        step=steps,
        site=site,
        site_at=site_at,
        sites=int(site.max(initial=-1)) + 1,
        site_first=np.searchsorted(np.sort(site), np.arange(int(site.max(initial=-1)) + 2)),
        site_member=np.argsort(site, kind="stable"),
        rank=rank,
        ranks=int(rank.max(initial=0)) + 1,
        appointment=stages.discipline == Discipline.APPOINTMENT,
        batch=stages.batch,
        batch_wait_h=stages.batch_wait_h,
        patient=np.flatnonzero((stages.batch > 1) | stages.paired),
        paired=stages.paired,
        timetabled=stages.timetabled,
        places=stages.places,
        quota=pipeline.gate.quota_per_day,
        balk_at=pipeline.gate.balk_at,
        since_h=since_h,
    )


def _sites(stages: Stages) -> tuple[Ints, Ints]:
    """Number the sites: groups of stages among which vehicles that wait for a place are served in one order.

    Without opposed orders these are the steps. Otherwise stages belong together that are parallel in a direction.

    Returns
    -------
    site, site_at
        Site of each stage, shape (stages,), and of the stages at each step by direction, shape (2, steps).
    """
    steps = stages.steps
    site = steps[0].copy()
    site_at = np.tile(np.arange(int(steps.max(initial=-1)) + 1), (2, 1))
    if not stages.opposed:
        return site, site_at
    site = np.arange(len(site))
    serves = np.asarray((stages.share > 0.0).any(axis=2)).T
    for of_way, serving in zip(steps, serves, strict=True):
        for step in np.unique(of_way[serving]):
            beside = site[serving & (of_way == step)]
            site[np.isin(site, beside)] = beside.min()
    site = np.unique(site, return_inverse=True)[1].astype(np.int64)
    for row, of_way, serving in zip(site_at, steps, serves, strict=True):
        row[:] = 0
        row[of_way[serving]] = site[serving]
    return site, site_at


def _timetable(stages: Stages) -> TimetableEvents:
    """Merge departures and closings of stages with a timetable in order of time; at one time, departures come first."""
    plan = stages.departures
    if plan is None:
        return TimetableEvents(np.zeros(0), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    time, stage, places = [plan.time_h], [np.repeat(np.arange(len(stages.names)), np.diff(plan.first))], [plan.places]
    for s in np.flatnonzero(stages.turn_back & plan.timetabled):
        closing = _closings(stages, int(s))
        time.append(closing)
        stage.append(np.full(len(closing), s))
        places.append(np.full(len(closing), CLOSES))
    times, at, values = np.concatenate(time), np.concatenate(stage), np.concatenate(places)
    order = np.lexsort((at, values == CLOSES, times))
    return TimetableEvents(times[order], at[order].astype(np.int64), values[order].astype(np.int64))


def _closings(stages: Stages, stage: int) -> Floats:
    """List the times at which the shifts of a stage end."""
    part = slice(*stages.servers.first[stage : stage + 2])
    shift = stages.servers.value[part]
    return stages.servers.time_h[part][np.flatnonzero((shift[1:] == 0) & (shift[:-1] > 0)) + 1]


def _changes(stages: Stages, servers: StepFunctions) -> ServerChanges:
    """Merge changes of servers and closings in order of time.

    A stage closes when its shifts end. A breakdown of all its servers neither closes it nor postpones its closing.
    """
    time, stage = [servers.time_h], [np.repeat(np.arange(len(stages.names)), np.diff(servers.first))]
    value = [servers.value]
    for s in np.flatnonzero(stages.turn_back & ~stages.timetabled):
        closing = _closings(stages, int(s))
        time.append(closing)
        stage.append(np.full(len(closing), s))
        value.append(np.full(len(closing), CLOSES))
    times, at, values = np.concatenate(time), np.concatenate(stage), np.concatenate(value)
    order = np.lexsort((at, values == CLOSES, times))
    return ServerChanges(times[order], at[order].astype(np.int64), values[order].astype(np.int64))


def _dense(priority: Ints) -> Ints:
    """Map priorities to consecutive ranks from 0."""
    return np.unique(priority, return_inverse=True)[1].reshape(priority.shape).astype(np.int64)


def _initial_state(config: StageConfig, servers: StepFunctions, number: int, departures: int) -> State:
    stages, steps = len(config.site), config.first.shape[1] - 1
    queues = stages * 2 * config.ranks + config.sites + 2
    most = departures + (int(np.maximum.reduceat(servers.value, servers.first[:-1]).sum()) if stages else 0)

    def unset(size: int) -> Ints:
        return np.full(size, -1, dtype=np.int64)

    def zeros(size: int) -> Ints:
        return np.zeros(size, dtype=np.int64)

    return State(
        servers=zeros(stages),
        busy=zeros(stages),
        inside=zeros(stages),
        waiting=zeros(2 * stages),
        timer=np.full(stages, np.inf),
        dirty=zeros(config.sites),
        after=np.arange(number + queues),
        before=np.arange(number + queues),
        next_in_batch=unset(number),
        leader=unset(number),
        present=np.zeros((steps, number), dtype=np.int64),
        at=unset(number),
        heading=unset(number),
        count=zeros(6),
        end_time=np.full(most, np.inf),
        end_vehicle=unset(most),
    )
