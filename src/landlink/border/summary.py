"""What one replication says, warm-up left out: times, vehicles, lines and servers, as plain arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.border.event_kernels import BALKED, THROUGH, TURNED_BACK, Passage
from landlink.border.pipeline import Pipeline, Steps
from landlink.border.vehicle_draws import Vehicles
from landlink.core.arrays import Floats

__all__ = ["EVERY", "MEASURES", "STATISTICS", "Summary", "groups_of", "places_of", "summarise"]

#: Either of both directions, or any class.
EVERY: Final = "*"
#: Time until service begins, and time until the stage is left.
MEASURES: Final = ("wait", "time")
STATISTICS: Final = ("mean", "median", "p95")


@dataclass(frozen=True)
class Summary:
    """One replication; places are the stages, then the whole crossing; groups are those of :func:`groups_of`.

    Attributes
    ----------
    times_h
        By place, group, measure and statistic, shape (stages + 1, groups, 2, 3), h; NaN where nobody passed.
    per_day
        Vehicles a day by group: that came, passed, balked, were turned back, found no appointment; (groups, 5).
    inside
        Mean vehicles inside: by time, and by arrivals a day and mean time (Little 1961); they agree but at the edges.
    waiting
        Mean vehicles waiting at each place in each hour of the week from the first day on, shape (stages + 1, 168).
    on_road
        Mean vehicles waiting for the first stage that find no parking place, by direction, shape (2,).
    utilisation
        Busy hours by hours of servers at work, shape (stages,).
    growth_per_day
        Vehicles by which those inside grow each day.
    wait_points_h
        A thousandth, two thousandths ... of waits at each place, shape (stages + 1, 100), h.
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
    """Names of the stages and of the whole crossing."""
    return (*pipeline.stages.names, EVERY)


def groups_of(pipeline: Pipeline) -> list[tuple[str, str]]:
    """Directions and classes of which figures are given: all, each direction, each class of each direction."""
    ways = [(way, EVERY) for way in (EVERY, "ab", "ba")]
    return ways + [(way, name) for way in ("ab", "ba") for name in pipeline.classes]


def summarise(pipeline: Pipeline, vehicles: Vehicles, passage: Passage, servers: Steps, *, warm_up_h: float) -> Summary:
    """Reduce one replication to its figures.

    Parameters
    ----------
    pipeline
        The crossing.
    vehicles, passage, servers
        What was drawn and what happened.
    warm_up_h
        Vehicles that come before are left out of times; lines and flows count from then on.
    """
    out_h = _out(vehicles, passage, float(pipeline.hours))
    counted = vehicles.arrival_h >= warm_up_h
    members = [mask & counted for mask in _members(pipeline, vehicles)]
    waits, times = _by_place(pipeline, vehicles, passage, out_h)
    inside = _inside(vehicles.arrival_h, out_h, float(pipeline.hours))
    window = slice(int(warm_up_h), pipeline.hours)
    return Summary(
        times_h=np.array(
            [
                [[_statistics(wait[mask]), _statistics(time[mask])] for mask in members]
                for wait, time in zip(waits, times, strict=True)
            ]
        ),
        per_day=_per_day(pipeline, vehicles, passage, out_h, warm_up_h),
        inside=_little(vehicles.arrival_h, out_h, (warm_up_h, float(pipeline.hours))),
        waiting=_weekly(_waiting(pipeline, vehicles, passage), window),
        on_road=_on_road(pipeline, vehicles, passage, window),
        utilisation=_utilisation(pipeline, passage, servers, warm_up_h),
        growth_per_day=_growth(inside[window]),
        wait_points_h=np.array([_points(wait[members[0]]) for wait in waits]),
    )


def _out(vehicles: Vehicles, passage: Passage, hours: float) -> Floats:
    """When vehicles leave the crossing by any way; infinite: not before the end."""
    last = np.fmax.reduce(passage.left, axis=0, initial=-np.inf)
    out = np.where(passage.fate > 0, np.where(np.isfinite(last), last, vehicles.arrival_h), np.inf)
    return np.where(out < hours, out, np.inf)


def _members(pipeline: Pipeline, vehicles: Vehicles) -> Iterator[np.ndarray]:
    yield np.ones(len(vehicles.direction), dtype=np.bool_)
    for way in range(2):
        yield vehicles.direction == way
    for way in range(2):
        for kind in range(len(pipeline.classes)):
            yield (vehicles.direction == way) & (vehicles.kind == kind)


def _by_place(
    pipeline: Pipeline, vehicles: Vehicles, passage: Passage, out_h: Floats
) -> tuple[list[Floats], list[Floats]]:
    """Waits and times of each vehicle at each stage and in all, NaN where there is none.

    The wait for the first stage counts from arrival; the wait in all is time less service.
    """
    came = _came(vehicles, passage)
    positions = np.unique(pipeline.stages.position, return_inverse=True)[1]
    waits, times = [], []
    for stage, position in enumerate(positions):
        here = passage.stage[position] == stage
        waits.append(np.where(here, passage.began[position] - came[position], np.nan))
        times.append(np.where(here, passage.left[position] - came[position], np.nan))
    through = passage.fate == THROUGH
    total = np.where(through, out_h - vehicles.arrival_h, np.nan)
    served = np.zeros(len(through))
    for began, ended in zip(passage.began, passage.ended, strict=True):
        served += np.where(np.isnan(ended), 0.0, ended - began)
    waits.append(np.maximum(0.0, total - served))
    times.append(total)
    return waits, [np.where(np.isfinite(time), time, np.nan) for time in times]


def _came(vehicles: Vehicles, passage: Passage) -> Floats:
    """When each vehicle came to each position: at the first it passes, when it came to the crossing."""
    came: Floats = passage.joined.copy()
    before = np.ones(came.shape[1], dtype=np.bool_)
    for row in came:
        first = before & ~np.isnan(row)
        row[first] = vehicles.arrival_h[first]
        before &= ~first
    return came


def _statistics(values: Floats) -> Floats:
    values = values[~np.isnan(values)]
    if not len(values):
        return np.full(3, np.nan)
    return np.array([values.mean(), *np.quantile(values, (0.5, 0.95))])


def _points(values: Floats) -> Floats:
    values = values[~np.isnan(values)]
    return np.quantile(values, (np.arange(100) + 0.5) / 100.0) if len(values) else np.full(100, np.nan)


def _per_day(pipeline: Pipeline, vehicles: Vehicles, passage: Passage, out_h: Floats, warm_up_h: float) -> Floats:
    days = (pipeline.hours - warm_up_h) / 24.0
    came, out = vehicles.arrival_h >= warm_up_h, np.isfinite(out_h) & (out_h >= warm_up_h)
    events = [came, *(out & (passage.fate == fate) for fate in (THROUGH, BALKED, TURNED_BACK))]
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


def _inside(begin_h: Floats, end_h: Floats, hours: float) -> Floats:
    """Vehicles between two times at the end of each hour."""
    change = np.zeros(int(hours) + 1)
    for times, sign in ((begin_h, 1.0), (end_h, -1.0)):
        known = times[np.isfinite(times) & (times < hours)]
        change += sign * np.bincount(known.astype(np.int64), minlength=len(change))
    return np.cumsum(change)[: int(hours)]


def _waiting(pipeline: Pipeline, vehicles: Vehicles, passage: Passage) -> Floats:
    """Vehicles waiting at each stage and in all at the end of each hour, shape (stages + 1, hours)."""
    hours, came = float(pipeline.hours), _came(vehicles, passage)
    positions = np.unique(pipeline.stages.position, return_inverse=True)[1]
    lines = []
    for stage, position in enumerate(positions):
        here = passage.stage[position] == stage
        gone = np.fmin(passage.began[position][here], passage.left[position][here])
        lines.append(_inside(came[position][here], gone, hours))
    lines.append(sum(lines, start=_at_gate(vehicles, passage, slice(None), hours)))
    return np.array(lines)


def _at_gate(vehicles: Vehicles, passage: Passage, which: slice | np.ndarray, hours: float) -> Floats:
    """Vehicles that have not been let in at the end of each hour."""
    joined = np.fmin.reduce(passage.joined, axis=0, initial=np.inf)[which]
    out = np.fmin.reduce(passage.left, axis=0, initial=np.inf)[which]
    never_in = np.isinf(joined) & np.isinf(out) & (passage.fate[which] != 0)
    arrival = vehicles.arrival_h[which]
    unseen = np.isfinite(joined)
    outside = _inside(arrival, np.where(never_in, arrival, np.fmin(joined, out)), hours)
    return outside - _inside(arrival[unseen], joined[unseen], hours)


def _on_road(pipeline: Pipeline, vehicles: Vehicles, passage: Passage, window: slice) -> Floats:
    """Vehicles waiting for the first stage they pass beyond the parking places, mean by direction."""
    first_joined = np.fmin.reduce(passage.joined, axis=0, initial=np.inf)
    first_began = np.fmin.reduce(passage.began, axis=0, initial=np.inf)
    out = np.fmin.reduce(passage.left, axis=0, initial=np.inf)
    never_in = np.isinf(first_joined) & np.isinf(out) & (passage.fate != 0)
    until = np.where(never_in, vehicles.arrival_h, np.fmin(first_began, out))
    lines = [
        _inside(vehicles.arrival_h[mask], until[mask], float(pipeline.hours))
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


def _utilisation(pipeline: Pipeline, passage: Passage, servers: Steps, since_h: float) -> Floats:
    offered = server_hours(servers, since_h, float(pipeline.hours))
    part: Floats = np.divide(passage.busy_h, offered, out=np.full(len(offered), np.nan), where=offered > 0.0)
    return part


def server_hours(servers: Steps, begin_h: float, end_h: float) -> Floats:
    """Hours of servers at work between two times, by stage."""
    hours = np.zeros(len(servers.first) - 1)
    for stage in range(len(hours)):
        part = slice(int(servers.first[stage]), int(servers.first[stage + 1]))
        edges = np.clip(np.append(servers.time_h[part], end_h), begin_h, end_h)
        hours[stage] = float((np.diff(edges) * servers.value[part]).sum())
    return hours


def _growth(inside: Floats) -> float:
    """Slope of a line through those inside, vehicles a day."""
    hour = np.arange(len(inside)) - (len(inside) - 1) / 2.0
    spread = float((hour * hour).sum())
    return 24.0 * float((hour * inside).sum()) / spread if spread else 0.0
