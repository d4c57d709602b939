"""Vehicles through the stages of a crossing, event by event.

Events are taken in order of time; at one time, changes of servers come first, then closings, ends of service, waits of
batches that have lasted long enough, midnights and arrivals. After each, positions are settled from the last that was
touched to the first: vehicles held for want of a place move up, then services begin. The same in plain words and plain
Python is :mod:`landlink.border.event_twin`.

All of it is in this one file, since compiled code is kept beside it and made anew only when this file changes. What is
handed to kernels begins as ``np.int64``: for a bare 0 numba would compile them twice.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from landlink.core.jit import inlined, kernel

#: What became of a vehicle.
INSIDE, THROUGH, TURNED_BACK, BALKED = 0, 1, 2, 3
#: In place of a number of servers: who waits at the stage leaves.
CLOSES = -1
#: Places in ``Yard.count``: vehicles of each direction let in today, and at the gate; services under way.
_IN_TODAY, _AT_GATE, _SERVICES = 0, 2, 4


class Plan(NamedTuple):
    """The stages: those of position ``p`` are ``first[p] : first[p + 1]``; ``rank`` is by stage and class."""

    first: Any
    position: Any
    rank: Any
    ranks: Any
    appointment: Any
    batch: Any
    patience: Any
    paired: Any
    places: Any
    quota: Any
    balk_at: Any
    since_h: Any


class Changes(NamedTuple):
    """Servers of stages through time, in order of time; :data:`CLOSES` in place of a number of servers."""

    time: Any
    stage: Any
    servers: Any


class Cars(NamedTuple):
    """Vehicles in order of arrival; ``service`` is (stages, vehicles), NaN where a vehicle does not pass the stage."""

    arrival: Any
    direction: Any
    kind: Any
    appointment: Any
    service: Any


class Passage(NamedTuple):
    """What happened: times by position and vehicle, h, NaN: never; the stage passed, -1: none; what became of it.

    ``busy_h`` is by stage: hours of servers at work or held for want of a place, after ``Plan.since_h``.
    """

    joined: Any
    began: Any
    ended: Any
    left: Any
    stage: Any
    fate: Any
    busy_h: Any


class Yard(NamedTuple):
    """Where everybody is.

    Lines are rings through ``after`` and ``before``, which know vehicles and, after them, the ends of lines: of those
    held for each position, then of stages, (stage * 2 + direction) * ranks + rank, where the direction counts at
    paired stages only, then at the gate of each direction. ``present`` counts those of a batch who have not left, by
    position and first vehicle: that one may be served elsewhere by then.
    """

    servers: Any
    busy: Any
    inside: Any
    waiting: Any
    timer: Any
    touched: Any
    after: Any
    before: Any
    mate: Any
    leader: Any
    present: Any
    at: Any
    count: Any
    end_time: Any
    end_car: Any


@kernel
def run_events(hours: float, changes: Changes, plan: Plan, cars: Cars, yard: Yard, passage: Passage) -> int:
    """Everything that happens before ``hours``; return the number of events."""
    car: Any = np.int64(0)
    day: Any = np.int64(0)
    step = count = 0
    steps, vehicles, days = len(changes.time), len(cars.arrival), plan.quota.shape[1]
    while True:
        t_step = changes.time[step] if step < steps else np.inf
        under_way = yard.count[_SERVICES]
        t_end = yard.end_time[under_way - 1] if under_way > 0 else np.inf
        t_day = 24.0 * (day + 1) if day + 1 < days else np.inf
        t_car = cars.arrival[car] if car < vehicles else np.inf
        t_batch, late = np.inf, -1
        for s in range(len(yard.timer)):
            if yard.timer[s] < t_batch:
                t_batch, late = yard.timer[s], s
        t = min(t_step, t_end, t_batch, t_day, t_car)
        if t >= hours:
            return count
        count += 1
        if t_step == t:
            s = changes.stage[step]
            yard.touched[plan.position[s]] = 1
            if changes.servers[step] == CLOSES:
                _close(s, t, plan, cars, yard, passage)
            else:
                yard.servers[s] = changes.servers[step]
            step += 1
        elif t_end == t:
            yard.count[_SERVICES] = under_way - 1
            _end(yard.end_car[under_way - 1], t, plan, cars, yard, passage)
        elif t_batch == t:
            yard.touched[plan.position[late]] = 1
        elif t_day == t:
            day += 1
            yard.count[_IN_TODAY] = yard.count[_IN_TODAY + 1] = 0
        else:
            _arrive(car, plan, cars, yard, passage)
            car += 1
        _settle(t, day, plan, cars, yard, passage)


@inlined
def _insert(v: int, later: int, yard: Yard) -> None:
    """Into a line, before another vehicle or at its end."""
    earlier = yard.before[later]
    yard.before[v], yard.after[v] = earlier, later
    yard.after[earlier] = yard.before[later] = v


@inlined
def _remove(v: int, yard: Yard) -> None:
    """Out of its line; what came after it there can still be asked."""
    yard.after[yard.before[v]] = yard.after[v]
    yard.before[yard.after[v]] = yard.before[v]


@inlined
def _push(time: float, v: int, yard: Yard) -> None:
    """Into the services under way: the next to end stands last, of two at one time the one with the lower number."""
    i = yard.count[_SERVICES]
    yard.count[_SERVICES] = i + 1
    while i > 0 and (yard.end_time[i - 1] < time or (yard.end_time[i - 1] == time and yard.end_car[i - 1] < v)):
        yard.end_time[i], yard.end_car[i] = yard.end_time[i - 1], yard.end_car[i - 1]
        i -= 1
    yard.end_time[i], yard.end_car[i] = time, v


@inlined
def _close(s: int, t: float, plan: Plan, cars: Cars, yard: Yard, passage: Passage) -> None:
    """Who waits in the stage's lines leaves, and who waits for it at the gate, unless a stage beside it is at work."""
    vehicles, p = len(cars.arrival), plan.position[s]
    lines = vehicles + len(plan.first) - 1
    for line in range(lines + s * 2 * plan.ranks, lines + (s + 1) * 2 * plan.ranks):
        v = yard.after[line]
        while v < vehicles:
            _remove(v, yard)
            passage.fate[v], passage.left[p, v] = TURNED_BACK, t
            yard.inside[s] -= 1
            v = yard.after[v]
    yard.waiting[2 * s] = yard.waiting[2 * s + 1] = 0
    yard.timer[s] = np.inf
    for d in range(2):
        v = yard.after[len(yard.after) - 2 + d]
        while v < vehicles:
            leaves = not np.isnan(cars.service[s, v]) and _next_position(v, plan, cars, yard) == p
            for other in range(plan.first[p], plan.first[p + 1]):
                leaves = leaves and (np.isnan(cars.service[other, v]) or yard.servers[other] == 0)
            if leaves:
                _remove(v, yard)
                passage.fate[v], passage.left[p, v] = TURNED_BACK, t
                yard.count[_AT_GATE + d] -= 1
            v = yard.after[v]


@inlined
def _next_position(v: int, plan: Plan, cars: Cars, yard: Yard) -> int:
    """The next position with a stage for the vehicle; the number of positions where there is none."""
    last = len(plan.first) - 1
    for p in range(yard.at[v] + 1, last):
        for s in range(plan.first[p], plan.first[p + 1]):
            if not np.isnan(cars.service[s, v]):
                return p
    return last


@inlined
def _choose(v: int, p: int, plan: Plan, cars: Cars, yard: Yard) -> int:
    """The stage with a place and the fewest inside, -1 where none has a place."""
    best = -1
    for s in range(plan.first[p], plan.first[p + 1]):
        has_place = not np.isnan(cars.service[s, v]) and yard.inside[s] < plan.places[s]
        if has_place and (best < 0 or yard.inside[s] < yard.inside[best]):
            best = s
    return best


@inlined
def _join(v: int, s: int, t: float, plan: Plan, cars: Cars, yard: Yard, passage: Passage) -> None:
    p = plan.position[s]
    passage.joined[p, v], passage.stage[p, v] = t, s
    yard.at[v] = p
    yard.inside[s] += 1
    yard.touched[p] = 1
    side = cars.direction[v] if plan.paired[s] else 0
    yard.waiting[2 * s + side] += 1
    vehicles = len(cars.arrival)
    later = vehicles + len(plan.first) - 1 + (2 * s + side) * plan.ranks + plan.rank[s, cars.kind[v]]
    if plan.appointment[s]:
        while yard.before[later] < vehicles and cars.appointment[yard.before[later]] > cars.appointment[v]:
            later = yard.before[later]
    _insert(v, later, yard)


@inlined
def _leave(v: int, t: float, plan: Plan, yard: Yard, passage: Passage) -> None:
    """Out of the stage it was served at; the server is free when the last of the batch has left."""
    p = yard.at[v]
    s = passage.stage[p, v]
    passage.left[p, v] = t
    yard.inside[s] -= 1
    yard.touched[p] = 1
    leader = yard.leader[v]
    yard.present[p, leader] -= 1
    if yard.present[p, leader] == 0:
        yard.busy[s] -= 1
        passage.busy_h[s] += max(0.0, t - max(passage.began[p, leader], plan.since_h))


@inlined
def _end(leader: int, t: float, plan: Plan, cars: Cars, yard: Yard, passage: Passage) -> None:
    """A service ends: its vehicles go on, or wait for a place with the server in their hands."""
    v = leader
    while v >= 0:
        p = yard.at[v]
        passage.ended[p, v] = t
        following = yard.mate[v]
        q = _next_position(v, plan, cars, yard)
        if q == len(plan.first) - 1:
            passage.fate[v] = THROUGH
            _leave(v, t, plan, yard, passage)
        else:
            s = _choose(v, q, plan, cars, yard)
            if s < 0:
                _insert(v, len(cars.arrival) + q, yard)
            else:
                _leave(v, t, plan, yard, passage)
                _join(v, s, t, plan, cars, yard, passage)
        v = following


@inlined
def _arrive(v: int, plan: Plan, cars: Cars, yard: Yard, passage: Passage) -> None:
    """At the gate, unless the vehicle sees too many before it or has nothing to pass."""
    p = _next_position(v, plan, cars, yard)
    if p == len(plan.first) - 1:
        passage.fate[v] = THROUGH
        return
    fewest, d = plan.balk_at[cars.direction[v]], cars.direction[v]
    for s in range(plan.first[p], plan.first[p + 1]):
        if not np.isnan(cars.service[s, v]):
            fewest = min(fewest, yard.inside[s])
    if fewest + yard.count[_AT_GATE + d] >= plan.balk_at[d]:
        passage.fate[v] = BALKED
        return
    yard.count[_AT_GATE + d] += 1
    _insert(v, len(yard.after) - 2 + d, yard)
    yard.touched[p] = 1


@inlined
def _settle(t: float, day: int, plan: Plan, cars: Cars, yard: Yard, passage: Passage) -> None:
    """Move up whoever can, from the last position to the gate, then begin services."""
    positions, vehicles = len(plan.first) - 1, len(cars.arrival)
    for p in range(positions - 1, -1, -1):
        v = yard.after[vehicles + p] if yard.touched[p] else vehicles
        while v < vehicles:
            following = yard.after[v]
            s = _choose(v, p, plan, cars, yard)
            if s >= 0:
                _remove(v, yard)
                _leave(v, t, plan, yard, passage)
                _join(v, s, t, plan, cars, yard, passage)
            v = following
    _admit(t, day, plan, cars, yard, passage)
    for p in range(positions):
        if yard.touched[p]:
            yard.touched[p] = 0
            for s in range(plan.first[p], plan.first[p + 1]):
                _begin(s, t, plan, cars, yard, passage)


@inlined
def _admit(t: float, day: int, plan: Plan, cars: Cars, yard: Yard, passage: Passage) -> None:
    """Let vehicles in at the gate, those of each direction in their order, the first to come of both first."""
    none = len(cars.arrival)
    shut0 = shut1 = False
    while True:
        v0 = none if shut0 else min(none, yard.after[len(yard.after) - 2])
        v1 = none if shut1 else min(none, yard.after[len(yard.after) - 1])
        v = min(v0, v1)
        if v == none:
            return
        d = cars.direction[v]
        s = -1
        if yard.count[_IN_TODAY + d] < plan.quota[d, day]:
            s = _choose(v, _next_position(v, plan, cars, yard), plan, cars, yard)
        if s >= 0:
            _remove(v, yard)
            yard.count[_IN_TODAY + d] += 1
            yard.count[_AT_GATE + d] -= 1
            _join(v, s, t, plan, cars, yard, passage)
        elif d == 0:
            shut0 = True
        else:
            shut1 = True


@inlined
def _begin(s: int, t: float, plan: Plan, cars: Cars, yard: Yard, passage: Passage) -> None:
    """Begin services while there are servers and a full batch, or one that has waited long enough."""
    batch, sides = plan.batch[s], 2 if plan.paired[s] else 1
    while True:
        here, there = yard.waiting[2 * s], yard.waiting[2 * s + 1]
        yard.timer[s] = np.inf
        if here + there == 0:
            return
        if here < batch or (sides == 2 and there < batch):
            due = _oldest(s, plan, cars, yard, passage) + plan.patience[s]
            if t < due:
                yard.timer[s] = due
                return
        if yard.busy[s] >= yard.servers[s]:
            return
        yard.busy[s] += 1
        leader: Any = np.int64(-1)
        last = leader
        for side in range(sides):
            for _ in range(min(batch, yard.waiting[2 * s + side])):
                v = _take(2 * s + side, plan, cars, yard)
                passage.began[plan.position[s], v] = t
                if leader < 0:
                    leader = v
                else:
                    yard.mate[last] = v
                yard.leader[v] = leader
                yard.present[plan.position[s], leader] += 1
                last = v
        yard.mate[last] = -1
        _push(t + cars.service[s, leader], leader, yard)


@inlined
def _take(side: int, plan: Plan, cars: Cars, yard: Yard) -> Any:
    """The first of the most urgent line, out of it."""
    line = len(cars.arrival) + len(plan.first) - 1 + side * plan.ranks
    while yard.after[line] == line:
        line += 1
    v = yard.after[line]
    _remove(v, yard)
    yard.waiting[side] -= 1
    return v


@inlined
def _oldest(s: int, plan: Plan, cars: Cars, yard: Yard, passage: Passage) -> Any:
    """When the one that has waited longest joined; by appointment it may stand anywhere in its line."""
    oldest, vehicles = np.inf, len(cars.arrival)
    lines = vehicles + len(plan.first) - 1
    for line in range(lines + s * 2 * plan.ranks, lines + (s + 1) * 2 * plan.ranks):
        v = yard.after[line]
        while v < vehicles:
            oldest = min(oldest, passage.joined[plan.position[s], v])
            v = yard.after[v] if plan.appointment[s] else vehicles
    return oldest
