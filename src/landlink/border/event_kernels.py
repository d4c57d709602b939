"""Vehicles through the stages of a crossing, event by event.

Events are taken in order of time; at one time, changes of servers come first, then ends of service, waits of batches
that have lasted long enough, midnights and arrivals. After each, positions are settled from the last that was touched
to the first: vehicles held for want of a place move up, then services begin.

All of it is in this one file, since compiled code is kept beside it and made anew only when this file changes.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from landlink.kernels import kernel

#: What became of a vehicle.
INSIDE, THROUGH, TURNED_BACK, BALKED = 0, 1, 2, 3
_FIFO, _APPOINTMENT = 0, 2


class Plan(NamedTuple):
    """Stages of position ``p`` are ``first[p] : first[p + 1]``; ``rank`` is by stage and class; steps are by time."""

    first: Any
    position: Any
    rank: Any
    ranks: Any
    appointment: Any
    batch: Any
    patience: Any
    paired: Any
    places: Any
    turn_back: Any
    step_time: Any
    step_stage: Any
    step_value: Any
    quota: Any
    balk_at: Any


class Cars(NamedTuple):
    """Vehicles in order of arrival; ``service`` is (stages, vehicles), NaN where a vehicle does not pass the stage."""

    arrival: Any
    direction: Any
    kind: Any
    appointment: Any
    service: Any


class Passage(NamedTuple):
    """What happened: times by position and vehicle, h, NaN: never; the stage passed, -1: none; what became of it.

    ``busy_h`` is by stage: hours of servers at work or held for want of a place, after ``since_h``.
    """

    joined: Any
    began: Any
    ended: Any
    left: Any
    stage: Any
    fate: Any
    busy_h: Any
    since_h: Any


class Yard(NamedTuple):
    """Where everybody is.

    Lines are numbered (stage * 2 + direction) * ranks + rank; the direction counts at paired stages only. After them
    come the lines of those held at each position, then the lines at the gate of each direction.
    """

    servers: Any
    busy: Any
    inside: Any
    waiting: Any
    timer: Any
    touched: Any
    head: Any
    tail: Any
    after: Any
    before: Any
    mate: Any
    leader: Any
    present: Any
    at: Any
    used: Any
    heap_time: Any
    heap_car: Any
    heap_size: Any


@kernel
def run_events(hours: float, plan: Plan, cars: Cars, yard: Yard, passage: Passage) -> int:
    """Everything that happens before ``hours``; return the number of events."""
    step, car, day, count = 0, 0, 0, 0
    steps, vehicles, days = len(plan.step_time), len(cars.arrival), plan.quota.shape[1]
    while True:
        t_step = plan.step_time[step] if step < steps else np.inf
        t_end = yard.heap_time[0] if yard.heap_size[0] > 0 else np.inf
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
            _change(plan.step_stage[step], plan.step_value[step], t, plan, cars, yard, passage)
            step += 1
        elif t_end == t:
            _end(_pop(yard), t, plan, cars, yard, passage)
        elif t_batch == t:
            yard.touched[plan.position[late]] = 1
        elif t_day == t:
            day += 1
            yard.used[0] = yard.used[1] = 0
        else:
            _arrive(car, plan, cars, yard, passage)
            car += 1
        _settle(t, day, plan, cars, yard, passage)


@kernel
def _append(line: int, v: int, yard: Yard) -> None:
    yard.after[v] = -1
    yard.before[v] = yard.tail[line]
    if yard.tail[line] < 0:
        yard.head[line] = v
    else:
        yard.after[yard.tail[line]] = v
    yard.tail[line] = v


@kernel
def _remove(line: int, v: int, yard: Yard) -> None:
    if yard.before[v] < 0:
        yard.head[line] = yard.after[v]
    else:
        yard.after[yard.before[v]] = yard.after[v]
    if yard.after[v] < 0:
        yard.tail[line] = yard.before[v]
    else:
        yard.before[yard.after[v]] = yard.before[v]


@kernel
def _push(time: float, v: int, yard: Yard) -> None:
    """Into the heap of ends of service, ordered by time and vehicle."""
    i = yard.heap_size[0]
    yard.heap_size[0] = i + 1
    while i > 0:
        up = (i - 1) >> 1
        if yard.heap_time[up] < time or (yard.heap_time[up] == time and yard.heap_car[up] < v):
            break
        yard.heap_time[i], yard.heap_car[i] = yard.heap_time[up], yard.heap_car[up]
        i = up
    yard.heap_time[i], yard.heap_car[i] = time, v


@kernel
def _pop(yard: Yard) -> Any:
    first = yard.heap_car[0]
    n = yard.heap_size[0] - 1
    yard.heap_size[0] = n
    time, v = yard.heap_time[n], yard.heap_car[n]
    i = 0
    while True:
        down = 2 * i + 1
        if down >= n:
            break
        if down + 1 < n:
            a, b = yard.heap_time[down], yard.heap_time[down + 1]
            if b < a or (b == a and yard.heap_car[down + 1] < yard.heap_car[down]):
                down += 1
        if time < yard.heap_time[down] or (time == yard.heap_time[down] and v < yard.heap_car[down]):
            break
        yard.heap_time[i], yard.heap_car[i] = yard.heap_time[down], yard.heap_car[down]
        i = down
    yard.heap_time[i], yard.heap_car[i] = time, v
    return first


@kernel
def _change(s: int, number: int, t: float, plan: Plan, cars: Cars, yard: Yard, passage: Passage) -> None:
    """Another number of servers; at the last one's end those that wait may have to leave, those at the gate too."""
    stops = yard.servers[s] > 0 and number == 0
    yard.servers[s] = number
    p = plan.position[s]
    yard.touched[p] = 1
    if not (stops and plan.turn_back[s]):
        return
    ranks = plan.ranks
    for line in range(s * 2 * ranks, (s + 1) * 2 * ranks):
        v = yard.head[line]
        while v >= 0:
            passage.fate[v] = TURNED_BACK
            passage.left[p, v] = t
            yard.inside[s] -= 1
            v = yard.after[v]
        yard.head[line] = yard.tail[line] = -1
    yard.waiting[2 * s] = yard.waiting[2 * s + 1] = 0
    yard.timer[s] = np.inf
    for d in range(2):
        line = len(yard.head) - 2 + d
        v = yard.head[line]
        while v >= 0:
            if not np.isnan(cars.service[s, v]) and _next_position(v, -1, plan, cars) == p:
                passage.fate[v] = TURNED_BACK
                passage.left[p, v] = t
                yard.used[2 + d] -= 1
                _remove(line, v, yard)
            v = yard.after[v]


@kernel
def _next_position(v: int, p: int, plan: Plan, cars: Cars) -> int:
    """The next position with a stage for the vehicle; the number of positions where there is none."""
    last = len(plan.first) - 1
    p += 1
    while p < last:
        for s in range(plan.first[p], plan.first[p + 1]):
            if not np.isnan(cars.service[s, v]):
                return p
        p += 1
    return p


@kernel
def _choose(v: int, p: int, plan: Plan, cars: Cars, yard: Yard) -> int:
    """The stage with a place and the fewest inside, -1 where none has a place."""
    best = -1
    for s in range(plan.first[p], plan.first[p + 1]):
        if np.isnan(cars.service[s, v]) or yard.inside[s] >= plan.places[s]:
            continue
        if best < 0 or yard.inside[s] < yard.inside[best]:
            best = s
    return best


@kernel
def _join(v: int, s: int, t: float, plan: Plan, cars: Cars, yard: Yard, passage: Passage) -> None:
    p = plan.position[s]
    passage.joined[p, v] = t
    passage.stage[p, v] = s
    yard.at[v] = p
    yard.inside[s] += 1
    yard.touched[p] = 1
    side = cars.direction[v] if plan.paired[s] else 0
    yard.waiting[2 * s + side] += 1
    line = (2 * s + side) * plan.ranks + plan.rank[s, cars.kind[v]]
    if not plan.appointment[s]:
        _append(line, v, yard)
        return
    earlier = yard.tail[line]
    while earlier >= 0 and cars.appointment[earlier] > cars.appointment[v]:
        earlier = yard.before[earlier]
    if earlier == yard.tail[line]:
        _append(line, v, yard)
        return
    later = yard.head[line] if earlier < 0 else yard.after[earlier]
    yard.before[v], yard.after[v] = earlier, later
    yard.before[later] = v
    if earlier < 0:
        yard.head[line] = v
    else:
        yard.after[earlier] = v


@kernel
def _leave(v: int, t: float, yard: Yard, passage: Passage) -> None:
    """Out of the stage it was served at; the server is free when the last of the batch has left."""
    p = yard.at[v]
    s = passage.stage[p, v]
    passage.left[p, v] = t
    yard.inside[s] -= 1
    yard.touched[p] = 1
    leader = yard.leader[v]
    yard.present[leader] -= 1
    if yard.present[leader] == 0:
        yard.busy[s] -= 1
        passage.busy_h[s] += max(0.0, t - max(passage.began[p, leader], passage.since_h[0]))


@kernel
def _end(leader: int, t: float, plan: Plan, cars: Cars, yard: Yard, passage: Passage) -> None:
    """A service ends: its vehicles go on, or wait for a place with the server in their hands."""
    v = leader
    while v >= 0:
        p = yard.at[v]
        passage.ended[p, v] = t
        following = yard.mate[v]
        q = _next_position(v, p, plan, cars)
        if q == len(plan.first) - 1:
            passage.fate[v] = THROUGH
            _leave(v, t, yard, passage)
        else:
            s = _choose(v, q, plan, cars, yard)
            if s < 0:
                _append(len(plan.position) * 2 * plan.ranks + q, v, yard)
            else:
                _leave(v, t, yard, passage)
                _join(v, s, t, plan, cars, yard, passage)
        v = following


@kernel
def _arrive(v: int, plan: Plan, cars: Cars, yard: Yard, passage: Passage) -> None:
    """At the gate, unless the vehicle sees too many before it or has nothing to pass."""
    p = _next_position(v, -1, plan, cars)
    if p == len(plan.first) - 1:
        passage.fate[v] = THROUGH
        return
    s = -1
    for other in range(plan.first[p], plan.first[p + 1]):
        if not np.isnan(cars.service[other, v]) and (s < 0 or yard.inside[other] < yard.inside[s]):
            s = other
    d = cars.direction[v]
    if yard.inside[s] + yard.used[2 + d] >= plan.balk_at[d]:
        passage.fate[v] = BALKED
        return
    yard.used[2 + d] += 1
    _append(len(yard.head) - 2 + d, v, yard)
    yard.touched[p] = 1


@kernel
def _settle(t: float, day: int, plan: Plan, cars: Cars, yard: Yard, passage: Passage) -> None:
    """Move up whoever can, from the last position to the gate, then begin services."""
    last = len(plan.first) - 2
    for p in range(last, -1, -1):
        if not yard.touched[p]:
            continue
        line = len(plan.position) * 2 * plan.ranks + p
        v = yard.head[line]
        while v >= 0:
            following = yard.after[v]
            s = _choose(v, p, plan, cars, yard)
            if s >= 0:
                _remove(line, v, yard)
                _leave(v, t, yard, passage)
                _join(v, s, t, plan, cars, yard, passage)
            v = following
    _admit(t, day, plan, cars, yard, passage)
    for p in range(last, -1, -1):
        if yard.touched[p]:
            yard.touched[p] = 0
            for s in range(plan.first[p], plan.first[p + 1]):
                _begin(s, t, plan, cars, yard, passage)


@kernel
def _admit(t: float, day: int, plan: Plan, cars: Cars, yard: Yard, passage: Passage) -> None:
    """Let vehicles in at the gate, those of each direction in their order, the first to come of both first."""
    shut0 = shut1 = False
    gate = len(yard.head) - 2
    while True:
        v0 = -1 if shut0 else yard.head[gate]
        v1 = -1 if shut1 else yard.head[gate + 1]
        if v0 < 0 and v1 < 0:
            return
        d = 1 if v0 < 0 or (v1 >= 0 and v1 < v0) else 0
        v = v1 if d == 1 else v0
        s = -1
        if yard.used[d] < plan.quota[d, day]:
            s = _choose(v, _next_position(v, -1, plan, cars), plan, cars, yard)
        if s >= 0:
            _remove(gate + d, v, yard)
            yard.used[d] += 1
            yard.used[2 + d] -= 1
            _join(v, s, t, plan, cars, yard, passage)
        elif d == 0:
            shut0 = True
        else:
            shut1 = True


@kernel
def _begin(s: int, t: float, plan: Plan, cars: Cars, yard: Yard, passage: Passage) -> None:
    """Begin services while there are servers and a full batch, or one that has waited long enough."""
    batch, sides = plan.batch[s], 2 if plan.paired[s] else 1
    while True:
        here, there = yard.waiting[2 * s], yard.waiting[2 * s + 1]
        yard.timer[s] = np.inf
        if here + there == 0:
            return
        if here < batch or (sides == 2 and there < batch):
            due = _oldest(s, plan, yard, passage) + plan.patience[s]
            if t < due:
                yard.timer[s] = due
                return
        if yard.busy[s] >= yard.servers[s]:
            return
        yard.busy[s] += 1
        leader = last = -1
        for side in range(sides):
            for _ in range(min(batch, yard.waiting[2 * s + side])):
                v = _take(2 * s + side, plan, yard)
                passage.began[plan.position[s], v] = t
                if leader < 0:
                    leader = v
                    yard.present[leader] = 0
                else:
                    yard.mate[last] = v
                yard.leader[v] = leader
                yard.present[leader] += 1
                last = v
            yard.waiting[2 * s + side] -= min(batch, yard.waiting[2 * s + side])
        yard.mate[last] = -1
        _push(t + cars.service[s, leader], leader, yard)


@kernel
def _take(side: int, plan: Plan, yard: Yard) -> Any:
    """The first of the most urgent line."""
    line = side * plan.ranks
    while yard.head[line] < 0:
        line += 1
    v = yard.head[line]
    _remove(line, v, yard)
    return v


@kernel
def _oldest(s: int, plan: Plan, yard: Yard, passage: Passage) -> Any:
    """When the one that has waited longest joined."""
    oldest = np.inf
    for line in range(s * 2 * plan.ranks, (s + 1) * 2 * plan.ranks):
        v = yard.head[line]
        while v >= 0:
            oldest = min(oldest, passage.joined[plan.position[s], v])
            v = yard.after[v] if plan.appointment[s] else -1
    return oldest
