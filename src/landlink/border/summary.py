"""Statistics of one replication after its warm-up: times, throughput, queues and servers, as plain arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from landlink.border.event_state import BALKED, THROUGH, TURNED_BACK, VehicleLog
from landlink.border.pipeline import Departures, Pipeline, Stages, StepFunctions
from landlink.border.replication import Replication
from landlink.border.vehicle_draws import Vehicles
from landlink.core.arrays import Bools, Floats

__all__ = [
    "EVERY",
    "MEASURES",
    "STATISTICS",
    "Summary",
    "arrival_by_step",
    "at_stage",
    "count_inside",
    "groups_of",
    "hours_staffed",
    "places_of",
    "places_offered",
    "server_hours",
    "summarise",
]

#: Both directions, or all classes.
EVERY: Final = "*"
#: Time until service begins, and time until the vehicle leaves.
MEASURES: Final = ("wait", "time")
STATISTICS: Final = ("mean", "median", "p95")


@dataclass(frozen=True)
class Summary:
    """Statistics of one replication.

    Places are the stages, then the whole crossing; groups are those of :func:`groups_of`.

    Attributes
    ----------
    times_h
        By place, group, measure and statistic, shape (stages + 1, groups, 2, 3), h; NaN without vehicles.
    per_day
        Vehicles per day by group that arrived, passed, balked, were turned back or found no appointment; shape
        (groups, 5).
    inside
        Mean vehicles inside: time average, and arrival rate times mean time (Little 1961); they differ only by edge
        effects.
    waiting
        Mean vehicles waiting at each place in each hour of the week from the first day on, shape (stages + 1, 168).
    on_road
        Mean vehicles waiting for the first stage without a parking place, by direction, shape (2,).
    utilisation
        Busy hours over hours of staffed servers, or places taken over places of departures, shape (stages,).
    growth_per_day
        Increase of the vehicles inside per day.
    wait_points_h
        Quantiles 0.005, 0.015 ... 0.995 of the waits at each place, shape (stages + 1, 100), h.
    """

    times_h: Floats
    per_day: Floats
    inside: Floats
    waiting: Floats
    on_road: Floats
    utilisation: Floats
    growth_per_day: float
    wait_points_h: Floats


def places_of(pipeline: Pipeline) -> tuple[str, ...]:
    """List the names of the stages, then the sign for the whole crossing."""
    return (*pipeline.stages.names, EVERY)


def groups_of(pipeline: Pipeline) -> list[tuple[str, str]]:
    """List the groups of vehicles with statistics: all, each direction, each class in each direction."""
    ways = [(way, EVERY) for way in (EVERY, "ab", "ba")]
    return ways + [(way, name) for way in ("ab", "ba") for name in pipeline.classes]


def summarise(pipeline: Pipeline, replication: Replication, *, warm_up_h: float) -> Summary:
    """Reduce one replication to its statistics.

    Parameters
    ----------
    pipeline
        The crossing.
    replication
        The replication.
    warm_up_h
        Vehicles that arrive before are left out of times; queues and flows count from then on.
    """
    vehicles, log = replication.vehicles, replication.log
    out_h = _out(vehicles, log, float(pipeline.hours))
    counted = vehicles.arrival_h >= warm_up_h
    members = [mask & counted for mask in _members(pipeline, vehicles)]
    waits, times = _by_place(pipeline, vehicles, log, out_h)
    inside = count_inside(vehicles.arrival_h, out_h, float(pipeline.hours))
    window = slice(int(warm_up_h), pipeline.hours)
    return Summary(
        times_h=np.array(
            [
                [[_statistics(wait[mask]), _statistics(time[mask])] for mask in members]
                for wait, time in zip(waits, times, strict=True)
            ]
        ),
        per_day=_per_day(pipeline, vehicles, log, out_h, warm_up_h),
        inside=_little(vehicles.arrival_h, out_h, (warm_up_h, float(pipeline.hours))),
        waiting=_weekly(_waiting(pipeline, vehicles, log), window),
        on_road=_on_road(pipeline, vehicles, log, window),
        utilisation=_utilisation(pipeline, replication, warm_up_h),
        growth_per_day=_growth(inside[window]),
        wait_points_h=np.array([_points(wait[members[0]]) for wait in waits]),
    )


def _out(vehicles: Vehicles, log: VehicleLog, hours: float) -> Floats:
    """Time at which each vehicle leaves the crossing in any way; infinite if not before the end."""
    last = np.fmax.reduce(log.left, axis=0, initial=-np.inf)
    out = np.where(log.fate > 0, np.where(np.isfinite(last), last, vehicles.arrival_h), np.inf)
    return np.where(out < hours, out, np.inf)


def _members(pipeline: Pipeline, vehicles: Vehicles) -> Iterator[np.ndarray]:
    yield np.ones(len(vehicles.direction), dtype=np.bool_)
    for way in range(2):
        yield vehicles.direction == way
    for way in range(2):
        for kind in range(len(pipeline.classes)):
            yield (vehicles.direction == way) & (vehicles.kind == kind)


def _by_place(
    pipeline: Pipeline, vehicles: Vehicles, log: VehicleLog, out_h: Floats
) -> tuple[list[Floats], list[Floats]]:
    """Compute waits and times of each vehicle at each stage and in total, NaN where there are none.

    The wait for the first stage counts from arrival; the total wait is the total time less the service times.
    """
    arrived = arrival_by_step(vehicles, log)
    waits, times = [], []
    for stage in range(len(pipeline.stages.names)):
        here, (came, began, left) = at_stage(pipeline.stages, stage, vehicles, log, (arrived, log.began, log.left))
        waits.append(np.where(here, began - came, np.nan))
        times.append(np.where(here, left - came, np.nan))
    through = log.fate == THROUGH
    total = np.where(through, out_h - vehicles.arrival_h, np.nan)
    served = np.zeros(len(through))
    for began, ended in zip(log.began, log.ended, strict=True):
        served += np.where(np.isnan(ended), 0.0, ended - began)
    waits.append(np.maximum(0.0, total - served))
    times.append(total)
    return waits, [np.where(np.isfinite(time), time, np.nan) for time in times]


def at_stage(
    stages: Stages, stage: int, vehicles: Vehicles, log: VehicleLog, tables: Sequence[Floats]
) -> tuple[Bools, list[Floats]]:
    """Select what happened at a stage, whichever step it is on the way of a vehicle.

    Parameters
    ----------
    stages, stage
        The stages, and the number of one.
    vehicles, log
        The vehicles, and what happened to them.
    tables
        Times by step and vehicle.

    Returns
    -------
    here, times
        Whether each vehicle used the stage, and a row of each table; shape (vehicles,).
    """
    there, back = stages.steps[:, stage]
    if there == back:
        return log.stage[there] == stage, [table[there] for table in tables]
    out = vehicles.direction == 0
    here = np.where(out, log.stage[there], log.stage[back]) == stage
    return here, [np.where(out, table[there], table[back]) for table in tables]


def arrival_by_step(vehicles: Vehicles, log: VehicleLog) -> Floats:
    """Time at which each vehicle reached each step; at its first step, when it arrived at the crossing."""
    arrived: Floats = log.joined.copy()
    before = np.ones(arrived.shape[1], dtype=np.bool_)
    for row in arrived:
        first = before & ~np.isnan(row)
        row[first] = vehicles.arrival_h[first]
        before &= ~first
    return arrived


def _statistics(values: Floats) -> Floats:
    values = values[~np.isnan(values)]
    if not len(values):
        return np.full(3, np.nan)
    return np.array([values.mean(), *np.quantile(values, (0.5, 0.95))])


def _points(values: Floats) -> Floats:
    values = values[~np.isnan(values)]
    return np.quantile(values, (np.arange(100) + 0.5) / 100.0) if len(values) else np.full(100, np.nan)


def _per_day(pipeline: Pipeline, vehicles: Vehicles, log: VehicleLog, out_h: Floats, warm_up_h: float) -> Floats:
    days = (pipeline.hours - warm_up_h) / 24.0
    arrived, out = vehicles.arrival_h >= warm_up_h, np.isfinite(out_h) & (out_h >= warm_up_h)
    events = [arrived, *(out & (log.fate == fate) for fate in (THROUGH, BALKED, TURNED_BACK))]
    counts = np.array([[float((mask & event).sum()) for event in events] for mask in _members(pipeline, vehicles)])
    refused = vehicles.refused
    late = np.concatenate([[refused.sum()], refused.sum(axis=1), refused.ravel()])
    return np.column_stack([counts / days, late / (pipeline.hours / 24.0)])


def _little(arrival_h: Floats, out_h: Floats, window: tuple[float, float]) -> Floats:
    begin, end = window
    overlap = np.clip(out_h, begin, end) - np.clip(arrival_h, begin, end)
    counted = (arrival_h >= begin) & np.isfinite(out_h)
    time = out_h[counted] - arrival_h[counted]
    rate = float((arrival_h >= begin).sum()) / (end - begin)
    return np.array([overlap.sum() / (end - begin), rate * time.mean() if len(time) else 0.0])


def count_inside(begin_h: Floats, end_h: Floats, hours: float) -> Floats:
    """Count the vehicles between their begin and end times, at the end of each hour."""
    change = np.zeros(int(hours) + 1)
    for times, sign in ((begin_h, 1.0), (end_h, -1.0)):
        known = times[np.isfinite(times) & (times < hours)]
        change += sign * np.bincount(known.astype(np.int64), minlength=len(change))
    return np.cumsum(change)[: int(hours)]


def _waiting(pipeline: Pipeline, vehicles: Vehicles, log: VehicleLog) -> Floats:
    """Count the vehicles waiting at each stage and in total at the end of each hour, shape (stages + 1, hours)."""
    hours, arrived = float(pipeline.hours), arrival_by_step(vehicles, log)
    queues = []
    for stage in range(len(pipeline.stages.names)):
        here, (came, began, left) = at_stage(pipeline.stages, stage, vehicles, log, (arrived, log.began, log.left))
        queues.append(count_inside(came[here], np.fmin(began, left)[here], hours))
    queues.append(sum(queues, start=_at_gate(vehicles, log, slice(None), hours)))
    return np.array(queues)


def _at_gate(vehicles: Vehicles, log: VehicleLog, which: slice | np.ndarray, hours: float) -> Floats:
    """Count the vehicles not yet admitted at the end of each hour."""
    joined = np.fmin.reduce(log.joined, axis=0, initial=np.inf)[which]
    out = np.fmin.reduce(log.left, axis=0, initial=np.inf)[which]
    never_in = np.isinf(joined) & np.isinf(out) & (log.fate[which] != 0)
    arrival = vehicles.arrival_h[which]
    unseen = np.isfinite(joined)
    outside = count_inside(arrival, np.where(never_in, arrival, np.fmin(joined, out)), hours)
    return outside - count_inside(arrival[unseen], joined[unseen], hours)


def _on_road(pipeline: Pipeline, vehicles: Vehicles, log: VehicleLog, window: slice) -> Floats:
    """Mean vehicles waiting for their first stage in excess of the parking places, by direction."""
    first_joined = np.fmin.reduce(log.joined, axis=0, initial=np.inf)
    first_began = np.fmin.reduce(log.began, axis=0, initial=np.inf)
    out = np.fmin.reduce(log.left, axis=0, initial=np.inf)
    never_in = np.isinf(first_joined) & np.isinf(out) & (log.fate != 0)
    until = np.where(never_in, vehicles.arrival_h, np.fmin(first_began, out))
    lines = [
        count_inside(vehicles.arrival_h[mask], until[mask], float(pipeline.hours))
        for mask in (vehicles.direction == 0, vehicles.direction == 1)
    ]
    return np.array(
        [
            np.maximum(0.0, line[window] - places).mean()
            for line, places in zip(lines, pipeline.gate.parking_places, strict=True)
        ]
    )


def _weekly(lines: Floats, window: slice) -> Floats:
    hours = np.arange(lines.shape[1])[window]
    week = np.zeros((len(lines), 168))
    number = np.maximum(1, np.bincount(hours % 168, minlength=168))
    for row, line in zip(week, lines, strict=True):
        row[:] = np.bincount(hours % 168, weights=line[window], minlength=168) / number
    return week


def _utilisation(pipeline: Pipeline, replication: Replication, since_h: float) -> Floats:
    stages, log = pipeline.stages, replication.log
    used, offered = log.busy_h, server_hours(replication.servers, since_h, float(pipeline.hours))
    if stages.departures is not None:
        used = used.copy()
        for stage in np.flatnonzero(stages.timetabled):
            here, (began,) = at_stage(stages, int(stage), replication.vehicles, log, (log.began,))
            used[stage] = float((began[here] >= since_h).sum())
        places = places_offered(stages.departures, since_h, float(pipeline.hours))
        offered = np.where(stages.timetabled, places, offered)
    part: Floats = np.divide(used, offered, out=np.full(len(offered), np.nan), where=offered > 0.0)
    return part


def places_offered(departures: Departures, begin_h: float, end_h: float) -> Floats:
    """Sum the places of departures between two times, by stage."""
    stage = np.repeat(np.arange(len(departures.timetabled)), np.diff(departures.first))
    within = (departures.time_h >= begin_h) & (departures.time_h < end_h)
    places = np.bincount(stage[within], weights=departures.places[within], minlength=len(departures.timetabled))
    return np.asarray(places, dtype=np.float64)


def hours_staffed(servers: StepFunctions, begin_h: float, end_h: float) -> Floats:
    """Sum the hours between two times in which any server is staffed, by stage."""
    return server_hours(replace(servers, value=np.minimum(servers.value, 1)), begin_h, end_h)


def server_hours(servers: StepFunctions, begin_h: float, end_h: float) -> Floats:
    """Sum the hours of staffed servers between two times, by stage."""
    hours = np.zeros(len(servers.first) - 1)
    for stage in range(len(hours)):
        part = slice(int(servers.first[stage]), int(servers.first[stage + 1]))
        edges = np.clip(np.append(servers.time_h[part], end_h), begin_h, end_h)
        hours[stage] = float((np.diff(edges) * servers.value[part]).sum())
    return hours


def _growth(inside: Floats) -> float:
    """Slope of a regression line through the vehicles inside, vehicles per day."""
    hour = np.arange(len(inside)) - (len(inside) - 1) / 2.0
    spread = float((hour * hour).sum())
    return 24.0 * float((hour * inside).sum()) / spread if spread else 0.0
