"""Discrete-event kernel: vehicles move through the stages of a crossing, event by event.

Events are processed in order of time. Ties are broken in the order: changes of servers, closings, ends of service,
expiries of batch waiting times, midnights, arrivals. After each event the affected positions are updated from the last
to the first: blocked vehicles move up, then services begin. :mod:`landlink.border.event_twin` is the same simulation in
plain Python.

All compiled functions are in this file because numba caches compiled code per file and recompiles only when that file
changes. Integers passed to kernels start as ``np.int64``: a bare 0 would compile them twice.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from landlink.core.jit import inlined, kernel

#: Fate of a vehicle.
INSIDE, THROUGH, TURNED_BACK, BALKED = 0, 1, 2, 3
#: Marks a closing in place of a number of servers: vehicles waiting at the stage leave.
CLOSES = -1
#: Indices into ``State.count``: vehicles admitted today and at the gate, by direction; services in progress.
_IN_TODAY, _AT_GATE, _SERVICES = 0, 2, 4


class StageConfig(NamedTuple):
    """Parameters of the stages; those at position ``p`` are ``first[p] : first[p + 1]``.

    ``rank`` is the queueing priority by stage and class.
    """

    first: Any
    position: Any
    rank: Any
    ranks: Any
    appointment: Any
    batch: Any
    batch_wait_h: Any
    paired: Any
    places: Any
    quota: Any
    balk_at: Any
    since_h: Any


class ServerChanges(NamedTuple):
    """Numbers of servers by stage through time, in order of time; :data:`CLOSES` marks a closing."""

    time: Any
    stage: Any
    servers: Any


class Arrivals(NamedTuple):
    """Vehicles in order of arrival; ``service`` is (stages, vehicles), NaN where a vehicle skips the stage."""

    arrival: Any
    direction: Any
    kind: Any
    appointment: Any
    service: Any


class VehicleLog(NamedTuple):
    """What happened to each vehicle: times by position and vehicle in hours (NaN: never), stages used and its fate.

    ``stage`` is the stage used at each position, -1 for none. ``busy_h`` is by stage: hours in which servers worked or
    were blocked, counted from ``StageConfig.since_h`` on.
    """

    joined: Any
    began: Any
    ended: Any
    left: Any
    stage: Any
    fate: Any
    busy_h: Any


class State(NamedTuple):
    """State of the queues and servers.

    Queues are circular doubly linked lists held in ``after`` and ``before``. Their elements are the vehicles, followed
    by one sentinel per queue: blocked vehicles by position; then the stages' queues, numbered (stage * 2 + direction) *
    ranks + rank, where only paired stages separate the directions; then the gate by direction. ``present`` counts the
    vehicles of a batch that have not left yet, by position and leading vehicle, since the leader itself may already be
    in service elsewhere. ``dirty`` marks positions to be updated after the current event.
    """

    servers: Any
    busy: Any
    inside: Any
    waiting: Any
    timer: Any
    dirty: Any
    after: Any
    before: Any
    next_in_batch: Any
    leader: Any
    present: Any
    at: Any
    count: Any
    end_time: Any
    end_vehicle: Any


@kernel
def run_events(
    hours: float, changes: ServerChanges, config: StageConfig, vehicles: Arrivals, state: State, log: VehicleLog
) -> int:
    """Simulate until ``hours`` and return the number of events."""
    arriving: Any = np.int64(0)
    day: Any = np.int64(0)
    step = count = 0
    steps, n_vehicles, days = len(changes.time), len(vehicles.arrival), config.quota.shape[1]
    while True:
        t_step = changes.time[step] if step < steps else np.inf
        under_way = state.count[_SERVICES]
        t_end = state.end_time[under_way - 1] if under_way > 0 else np.inf
        t_day = 24.0 * (day + 1) if day + 1 < days else np.inf
        t_arrival = vehicles.arrival[arriving] if arriving < n_vehicles else np.inf
        t_batch, late = np.inf, -1
        for s in range(len(state.timer)):
            if state.timer[s] < t_batch:
                t_batch, late = state.timer[s], s
        t = min(t_step, t_end, t_batch, t_day, t_arrival)
        if t >= hours:
            return count
        count += 1
        if t_step == t:
            s = changes.stage[step]
            state.dirty[config.position[s]] = 1
            if changes.servers[step] == CLOSES:
                _close(s, t, config, vehicles, state, log)
            else:
                state.servers[s] = changes.servers[step]
            step += 1
        elif t_end == t:
            state.count[_SERVICES] = under_way - 1
            _end(state.end_vehicle[under_way - 1], t, config, vehicles, state, log)
        elif t_batch == t:
            state.dirty[config.position[late]] = 1
        elif t_day == t:
            day += 1
            state.count[_IN_TODAY] = state.count[_IN_TODAY + 1] = 0
        else:
            _arrive(arriving, config, vehicles, state, log)
            arriving += 1
        _settle(t, day, config, vehicles, state, log)


@inlined
def _insert(v: int, later: int, state: State) -> None:
    """Insert a vehicle into a queue in front of another element; the sentinel is its end."""
    earlier = state.before[later]
    state.before[v], state.after[v] = earlier, later
    state.after[earlier] = state.before[later] = v


@inlined
def _remove(v: int, state: State) -> None:
    """Remove a vehicle from its queue; its own links stay readable."""
    state.after[state.before[v]] = state.after[v]
    state.before[state.after[v]] = state.before[v]


@inlined
def _push(time: float, v: int, state: State) -> None:
    """Insert a service into the list of those in progress, kept in descending order of end time, then vehicle."""
    i = state.count[_SERVICES]
    state.count[_SERVICES] = i + 1
    while i > 0 and (state.end_time[i - 1] < time or (state.end_time[i - 1] == time and state.end_vehicle[i - 1] < v)):
        state.end_time[i], state.end_vehicle[i] = state.end_time[i - 1], state.end_vehicle[i - 1]
        i -= 1
    state.end_time[i], state.end_vehicle[i] = time, v


@inlined
def _close(s: int, t: float, config: StageConfig, vehicles: Arrivals, state: State, log: VehicleLog) -> None:
    """Turn back vehicles queueing at the stage, and at the gate those for whom no parallel stage is staffed."""
    n_vehicles, p = len(vehicles.arrival), config.position[s]
    lines = n_vehicles + len(config.first) - 1
    for line in range(lines + s * 2 * config.ranks, lines + (s + 1) * 2 * config.ranks):
        v = state.after[line]
        while v < n_vehicles:
            _remove(v, state)
            log.fate[v], log.left[p, v] = TURNED_BACK, t
            state.inside[s] -= 1
            v = state.after[v]
    state.waiting[2 * s] = state.waiting[2 * s + 1] = 0
    state.timer[s] = np.inf
    for d in range(2):
        v = state.after[len(state.after) - 2 + d]
        while v < n_vehicles:
            leaves = not np.isnan(vehicles.service[s, v]) and _next_position(v, config, vehicles, state) == p
            for other in range(config.first[p], config.first[p + 1]):
                leaves = leaves and (np.isnan(vehicles.service[other, v]) or state.servers[other] == 0)
            if leaves:
                _remove(v, state)
                log.fate[v], log.left[p, v] = TURNED_BACK, t
                state.count[_AT_GATE + d] -= 1
            v = state.after[v]


@inlined
def _next_position(v: int, config: StageConfig, vehicles: Arrivals, state: State) -> int:
    """Return the next position with a stage for the vehicle, or the number of positions if there is none."""
    last = len(config.first) - 1
    for p in range(state.at[v] + 1, last):
        for s in range(config.first[p], config.first[p + 1]):
            if not np.isnan(vehicles.service[s, v]):
                return p
    return last


@inlined
def _choose(v: int, p: int, config: StageConfig, vehicles: Arrivals, state: State) -> int:
    """Return the stage with room that holds the fewest vehicles, or -1 if none has room."""
    best = -1
    for s in range(config.first[p], config.first[p + 1]):
        has_place = not np.isnan(vehicles.service[s, v]) and state.inside[s] < config.places[s]
        if has_place and (best < 0 or state.inside[s] < state.inside[best]):
            best = s
    return best


@inlined
def _join(v: int, s: int, t: float, config: StageConfig, vehicles: Arrivals, state: State, log: VehicleLog) -> None:
    """Add a vehicle to the queue of a stage."""
    p = config.position[s]
    log.joined[p, v], log.stage[p, v] = t, s
    state.at[v] = p
    state.inside[s] += 1
    state.dirty[p] = 1
    side = vehicles.direction[v] if config.paired[s] else 0
    state.waiting[2 * s + side] += 1
    n_vehicles = len(vehicles.arrival)
    later = n_vehicles + len(config.first) - 1 + (2 * s + side) * config.ranks + config.rank[s, vehicles.kind[v]]
    if config.appointment[s]:
        while state.before[later] < n_vehicles and vehicles.appointment[state.before[later]] > vehicles.appointment[v]:
            later = state.before[later]
    _insert(v, later, state)


@inlined
def _leave(v: int, t: float, config: StageConfig, state: State, log: VehicleLog) -> None:
    """Let a vehicle leave its stage; the server is released when the last vehicle of the batch has left."""
    p = state.at[v]
    s = log.stage[p, v]
    log.left[p, v] = t
    state.inside[s] -= 1
    state.dirty[p] = 1
    leader = state.leader[v]
    state.present[p, leader] -= 1
    if state.present[p, leader] == 0:
        state.busy[s] -= 1
        log.busy_h[s] += max(0.0, t - max(log.began[p, leader], config.since_h))


@inlined
def _end(leader: int, t: float, config: StageConfig, vehicles: Arrivals, state: State, log: VehicleLog) -> None:
    """End a service: its vehicles move on, or block the server until the next stage has room."""
    v = leader
    while v >= 0:
        p = state.at[v]
        log.ended[p, v] = t
        following = state.next_in_batch[v]
        q = _next_position(v, config, vehicles, state)
        if q == len(config.first) - 1:
            log.fate[v] = THROUGH
            _leave(v, t, config, state, log)
        else:
            s = _choose(v, q, config, vehicles, state)
            if s < 0:
                _insert(v, len(vehicles.arrival) + q, state)
            else:
                _leave(v, t, config, state, log)
                _join(v, s, t, config, vehicles, state, log)
        v = following


@inlined
def _arrive(v: int, config: StageConfig, vehicles: Arrivals, state: State, log: VehicleLog) -> None:
    """Add an arriving vehicle to the queue at the gate, unless it balks or passes no stage."""
    p = _next_position(v, config, vehicles, state)
    if p == len(config.first) - 1:
        log.fate[v] = THROUGH
        return
    fewest, d = config.balk_at[vehicles.direction[v]], vehicles.direction[v]
    for s in range(config.first[p], config.first[p + 1]):
        if not np.isnan(vehicles.service[s, v]):
            fewest = min(fewest, state.inside[s])
    if fewest + state.count[_AT_GATE + d] >= config.balk_at[d]:
        log.fate[v] = BALKED
        return
    state.count[_AT_GATE + d] += 1
    _insert(v, len(state.after) - 2 + d, state)
    state.dirty[p] = 1


@inlined
def _settle(t: float, day: int, config: StageConfig, vehicles: Arrivals, state: State, log: VehicleLog) -> None:
    """Move blocked vehicles up, from the last position to the gate, then begin services."""
    positions, n_vehicles = len(config.first) - 1, len(vehicles.arrival)
    for p in range(positions - 1, -1, -1):
        v = state.after[n_vehicles + p] if state.dirty[p] else n_vehicles
        while v < n_vehicles:
            following = state.after[v]
            s = _choose(v, p, config, vehicles, state)
            if s >= 0:
                _remove(v, state)
                _leave(v, t, config, state, log)
                _join(v, s, t, config, vehicles, state, log)
            v = following
    _admit(t, day, config, vehicles, state, log)
    for p in range(positions):
        if state.dirty[p]:
            state.dirty[p] = 0
            for s in range(config.first[p], config.first[p + 1]):
                _begin(s, t, config, vehicles, state, log)


@inlined
def _admit(t: float, day: int, config: StageConfig, vehicles: Arrivals, state: State, log: VehicleLog) -> None:
    """Admit vehicles at the gate: first come first served within a direction and between the two."""
    none = len(vehicles.arrival)
    shut0 = shut1 = False
    while True:
        v0 = none if shut0 else min(none, state.after[len(state.after) - 2])
        v1 = none if shut1 else min(none, state.after[len(state.after) - 1])
        v = min(v0, v1)
        if v == none:
            return
        d = vehicles.direction[v]
        s = -1
        if state.count[_IN_TODAY + d] < config.quota[d, day]:
            s = _choose(v, _next_position(v, config, vehicles, state), config, vehicles, state)
        if s >= 0:
            _remove(v, state)
            state.count[_IN_TODAY + d] += 1
            state.count[_AT_GATE + d] -= 1
            _join(v, s, t, config, vehicles, state, log)
        elif d == 0:
            shut0 = True
        else:
            shut1 = True


@inlined
def _begin(s: int, t: float, config: StageConfig, vehicles: Arrivals, state: State, log: VehicleLog) -> None:
    """Begin services while a server is free and a batch is full or has waited long enough."""
    batch, sides = config.batch[s], 2 if config.paired[s] else 1
    while True:
        here, there = state.waiting[2 * s], state.waiting[2 * s + 1]
        state.timer[s] = np.inf
        if here + there == 0:
            return
        if here < batch or (sides == 2 and there < batch):
            due = _oldest(s, config, vehicles, state, log) + config.batch_wait_h[s]
            if t < due:
                state.timer[s] = due
                return
        if state.busy[s] >= state.servers[s]:
            return
        state.busy[s] += 1
        leader: Any = np.int64(-1)
        last = leader
        for side in range(sides):
            for _ in range(min(batch, state.waiting[2 * s + side])):
                v = _take(2 * s + side, config, vehicles, state)
                log.began[config.position[s], v] = t
                if leader < 0:
                    leader = v
                else:
                    state.next_in_batch[last] = v
                state.leader[v] = leader
                state.present[config.position[s], leader] += 1
                last = v
        state.next_in_batch[last] = -1
        _push(t + vehicles.service[s, leader], leader, state)


@inlined
def _take(side: int, config: StageConfig, vehicles: Arrivals, state: State) -> Any:
    """Remove and return the first vehicle of the stage's queue with the highest priority."""
    line = len(vehicles.arrival) + len(config.first) - 1 + side * config.ranks
    while state.after[line] == line:
        line += 1
    v = state.after[line]
    _remove(v, state)
    state.waiting[side] -= 1
    return v


@inlined
def _oldest(s: int, config: StageConfig, vehicles: Arrivals, state: State, log: VehicleLog) -> Any:
    """Return when the longest-waiting vehicle joined; with appointments it may be anywhere in its queue."""
    oldest, n_vehicles = np.inf, len(vehicles.arrival)
    lines = n_vehicles + len(config.first) - 1
    for line in range(lines + s * 2 * config.ranks, lines + (s + 1) * 2 * config.ranks):
        v = state.after[line]
        while v < n_vehicles:
            oldest = min(oldest, log.joined[config.position[s], v])
            v = state.after[v] if config.appointment[s] else n_vehicles
    return oldest
