"""Discrete-event kernel: vehicles move through the stages of a crossing, event by event.

Events are processed in order of time. Ties are broken in the order: changes of servers, closings, ends of service,
expiries of batch waiting times, midnights, arrivals, departures by timetable. After each event the affected sites are
updated from the last to the first: blocked vehicles move up, then services begin. :mod:`landlink.border.event_twin` is
the same simulation in plain Python.

A step is a position on the way through the crossing in one direction, and a site is a group of stages at which vehicles
wait for a place in one order. Where both directions pass the stages in the same order, sites and steps are the same.

All compiled functions are in this file because numba caches compiled code per file and recompiles only when that file
changes. Integers passed to kernels start as ``np.int64``: a bare 0 would compile them twice.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from landlink.border.event_state import (
    AT_GATE,
    BALKED,
    BLOCKED,
    CLOSES,
    IN_TODAY,
    SERVICES,
    THROUGH,
    TURNED_BACK,
    Arrivals,
    ServerChanges,
    StageConfig,
    State,
    TimetableEvents,
    VehicleLog,
)
from landlink.core.jit import inlined, kernel


@kernel
def run_events(
    hours: float,
    changes: ServerChanges,
    timetable: TimetableEvents | None,
    ring: Any,
    config: StageConfig,
    vehicles: Arrivals,
    state: State,
    log: VehicleLog,
) -> int:
    """Simulate until ``hours`` and return the number of events.

    Most crossings have neither a timetable nor opposed orders of stages. Without both, ``None`` compiles a version
    without their branches, which is faster by a tenth.
    """
    arriving: Any = np.int64(0)
    day: Any = np.int64(0)
    step = leg = count = 0
    t_step = _time_at(changes.time, 0)
    t_day = _midnight_after(day, config)
    t_leg = np.inf if timetable is None else _time_at(timetable.time, 0)
    while True:
        under_way = state.count[SERVICES]
        t_end = state.end_time[under_way - 1] if under_way > 0 else np.inf
        t_arrival = _time_at(vehicles.arrival, arriving)
        late = _first_to_expire(config, state)
        t_batch = np.inf if late < 0 else state.timer[late]
        t = min(t_step, t_end, t_batch, t_day, t_arrival, t_leg)
        if t >= hours:
            return count
        count += 1
        if t_step == t:
            s = changes.stage[step]
            state.dirty[config.site[s]] = 1
            if changes.servers[step] == CLOSES:
                _close(s, t, config, vehicles, state, log)
            else:
                state.servers[s] = changes.servers[step]
            step += 1
            t_step = _time_at(changes.time, step)
        elif t_end == t:
            state.count[SERVICES] = under_way - 1
            _end(state.end_vehicle[under_way - 1], t, config, vehicles, state, log)
        elif t_batch == t:
            state.dirty[config.site[late]] = 1
        elif t_day == t:
            day += 1
            t_day = _midnight_after(day, config)
            state.count[IN_TODAY] = state.count[IN_TODAY + 1] = 0
        elif timetable is None or t_arrival == t:
            _arrive(arriving, config, vehicles, state, log)
            arriving += 1
        else:
            _run_timetable(timetable.stage[leg], timetable.places[leg], t, config, vehicles, state, log)
            leg += 1
            t_leg = _time_at(timetable.time, leg)
        _settle(t, day, ring, config, vehicles, state, log)


@inlined
def _time_at(times: Any, i: int) -> Any:
    """Return an element of an ascending array, or infinity behind its end."""
    return times[i] if i < len(times) else np.inf


@inlined
def _first_to_expire(config: StageConfig, state: State) -> Any:
    """Return the stage where the wait for a full batch ends first, or -1 if none waits."""
    first, late = np.inf, np.int64(-1)
    for s in config.patient:
        if state.timer[s] < first:
            first, late = state.timer[s], s
    return late


@inlined
def _midnight_after(day: int, config: StageConfig) -> float:
    """Return the midnight that ends a day, infinite on the last one."""
    return 24.0 * (day + 1) if day + 1 < config.quota.shape[1] else np.inf


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
    i = state.count[SERVICES]
    state.count[SERVICES] = i + 1
    while i > 0 and (state.end_time[i - 1] < time or (state.end_time[i - 1] == time and state.end_vehicle[i - 1] < v)):
        state.end_time[i], state.end_vehicle[i] = state.end_time[i - 1], state.end_vehicle[i - 1]
        i -= 1
    state.end_time[i], state.end_vehicle[i] = time, v


@inlined
def _close(s: int, t: float, config: StageConfig, vehicles: Arrivals, state: State, log: VehicleLog) -> None:
    """Turn back vehicles queueing at the stage, and at the gate those for whom no parallel stage is staffed."""
    n_vehicles = len(vehicles.arrival)
    lines = n_vehicles + config.sites
    for line in range(lines + s * 2 * config.ranks, lines + (s + 1) * 2 * config.ranks):
        v = state.after[line]
        while v < n_vehicles:
            _remove(v, state)
            log.fate[v], log.left[state.at[v], v] = TURNED_BACK, t
            state.inside[s] -= 1
            v = state.after[v]
    state.waiting[2 * s] = state.waiting[2 * s + 1] = 0
    state.timer[s] = np.inf
    for d in range(2):
        k = config.step[d, s]
        v = state.after[len(state.after) - 2 + d]
        while v < n_vehicles:
            leaves = not np.isnan(vehicles.service[s, v]) and state.heading[v] == k
            for i in range(config.first[d, k], config.first[d, k + 1]):
                other = config.member[d, i]
                leaves = leaves and (np.isnan(vehicles.service[other, v]) or state.servers[other] == 0)
            if leaves:
                _remove(v, state)
                log.fate[v], log.left[k, v] = TURNED_BACK, t
                state.count[AT_GATE + d] -= 1
            v = state.after[v]


@inlined
def _next_step(v: int, k: int, config: StageConfig, vehicles: Arrivals) -> Any:
    """Return the first step from ``k`` on with a stage for the vehicle, or the number of steps if there is none."""
    d, last = vehicles.direction[v], config.first.shape[1] - 1
    while k < last:
        for i in range(config.first[d, k], config.first[d, k + 1]):
            if not np.isnan(vehicles.service[config.member[d, i], v]):
                return k
        k += 1
    return last


@inlined
def _choose(v: int, k: int, config: StageConfig, vehicles: Arrivals, state: State) -> Any:
    """Return the stage of a step with room that holds the fewest vehicles, or -1 if none has room."""
    best: Any = np.int64(-1)
    d = vehicles.direction[v]
    for i in range(config.first[d, k], config.first[d, k + 1]):
        s = config.member[d, i]
        has_place = not np.isnan(vehicles.service[s, v]) and state.inside[s] < config.places[s]
        if has_place and (best < 0 or state.inside[s] < state.inside[best]):
            best = s
    return best


@inlined
def _join(v: int, s: int, t: float, config: StageConfig, vehicles: Arrivals, state: State, log: VehicleLog) -> None:
    """Add a vehicle to the queue of a stage."""
    k = config.step[vehicles.direction[v], s]
    log.joined[k, v], log.stage[k, v] = t, s
    state.at[v] = k
    state.heading[v] = _next_step(v, k + 1, config, vehicles)
    state.inside[s] += 1
    state.dirty[config.site[s]] = 1
    side = vehicles.direction[v] if config.paired[s] else 0
    state.waiting[2 * s + side] += 1
    n_vehicles = len(vehicles.arrival)
    later = n_vehicles + config.sites + (2 * s + side) * config.ranks + config.rank[s, vehicles.kind[v]]
    if config.appointment[s]:
        while state.before[later] < n_vehicles and vehicles.appointment[state.before[later]] > vehicles.appointment[v]:
            later = state.before[later]
    _insert(v, later, state)


@inlined
def _leave(v: int, t: float, config: StageConfig, vehicles: Arrivals, state: State, log: VehicleLog) -> None:
    """Let a vehicle leave its stage; the server is released when the last vehicle of the batch has left."""
    s = log.stage[state.at[v], v]
    log.left[state.at[v], v] = t
    state.inside[s] -= 1
    state.dirty[config.site[s]] = 1
    leader = state.leader[v]
    k = config.step[vehicles.direction[leader], s]
    state.present[k, leader] -= 1
    if state.present[k, leader] == 0:
        state.busy[s] -= 1
        log.busy_h[s] += max(0.0, t - max(log.began[k, leader], config.since_h))


@inlined
def _end(leader: int, t: float, config: StageConfig, vehicles: Arrivals, state: State, log: VehicleLog) -> None:
    """End a service: its vehicles move on, or block the server until the next stage has room."""
    v = leader
    while v >= 0:
        log.ended[state.at[v], v] = t
        following = state.next_in_batch[v]
        k = state.heading[v]
        if k == config.first.shape[1] - 1:
            log.fate[v] = THROUGH
            _leave(v, t, config, vehicles, state, log)
        else:
            s = _choose(v, k, config, vehicles, state)
            if s < 0:
                _insert(v, len(vehicles.arrival) + config.site_at[vehicles.direction[v], k], state)
                state.count[BLOCKED] = 1
            else:
                _leave(v, t, config, vehicles, state, log)
                _join(v, s, t, config, vehicles, state, log)
        v = following


@inlined
def _arrive(v: int, config: StageConfig, vehicles: Arrivals, state: State, log: VehicleLog) -> None:
    """Add an arriving vehicle to the queue at the gate, unless it balks or passes no stage."""
    k, d = _next_step(v, 0, config, vehicles), vehicles.direction[v]
    state.heading[v] = k
    if k == config.first.shape[1] - 1:
        log.fate[v] = THROUGH
        return
    fewest = config.balk_at[d]
    for i in range(config.first[d, k], config.first[d, k + 1]):
        s = config.member[d, i]
        if not np.isnan(vehicles.service[s, v]):
            fewest = min(fewest, state.inside[s])
    if fewest + state.count[AT_GATE + d] >= config.balk_at[d]:
        log.fate[v] = BALKED
        return
    state.count[AT_GATE + d] += 1
    _insert(v, len(state.after) - 2 + d, state)
    state.dirty[config.site_at[d, k]] = 1


@inlined
def _settle(
    t: float, day: int, ring: Any, config: StageConfig, vehicles: Arrivals, state: State, log: VehicleLog
) -> None:
    """Move blocked vehicles up, from the last site to the gate, then begin services."""
    if ring is None:
        _move_up(t, config, vehicles, state, log)
    else:
        _untangle(t, ring, config, vehicles, state, log)
    _admit(t, day, config, vehicles, state, log)
    for g in range(config.sites):
        if state.dirty[g]:
            state.dirty[g] = 0
            for i in range(config.site_first[g], config.site_first[g + 1]):
                _begin(config.site_member[i], t, config, vehicles, state, log)


@kernel
def _untangle(t: float, ring: Any, config: StageConfig, vehicles: Arrivals, state: State, log: VehicleLog) -> None:
    """Move blocked vehicles of directions with different orders of the stages until none can move.

    With one order a vehicle that moves makes room only behind itself, so that once is enough.
    """
    while _move_up(t, config, vehicles, state, log) or _turn_ring(t, ring, config, vehicles, state, log):
        pass


@inlined
def _move_up(t: float, config: StageConfig, vehicles: Arrivals, state: State, log: VehicleLog) -> bool:
    """Move blocked vehicles to stages with room, and return whether any has moved."""
    moved, n_vehicles = False, len(vehicles.arrival)
    for g in range(config.sites - 1, -1, -1):
        v = state.after[n_vehicles + g] if state.dirty[g] else n_vehicles
        while v < n_vehicles:
            following = state.after[v]
            s = _choose(v, state.heading[v], config, vehicles, state)
            if s >= 0:
                moved = True
                _remove(v, state)
                _leave(v, t, config, vehicles, state, log)
                _join(v, s, t, config, vehicles, state, log)
            v = following
    return moved


@inlined
def _turn_ring(t: float, ring: Any, config: StageConfig, vehicles: Arrivals, state: State, log: VehicleLog) -> bool:
    """Let vehicles that wait for one another's places exchange them, and return whether there were any.

    Rows of ``ring``: by stage and stage, the first blocked vehicle that would go from one to the other; then the
    stage before on a path, and a queue of stages. The ring is the shortest one of the first stage that is on any.
    """
    if state.count[BLOCKED] == 0:
        return False
    stages = len(config.site)
    before, queue = stages, stages + 1
    _find_wishes(ring, config, vehicles, state, log)
    for start in range(stages):
        ring[before, :] = -1
        ring[queue, 0] = start
        head, tail = 0, 1
        while head < tail and ring[before, start] < 0:
            s = ring[queue, head]
            head += 1
            for other in range(stages):
                if ring[s, other] >= 0 and ring[before, other] < 0:
                    ring[before, other] = s
                    ring[queue, tail] = other
                    tail += other != start
        if ring[before, start] >= 0:
            _exchange(start, t, ring, config, vehicles, state, log)
            return True
    state.count[BLOCKED] = 0
    return False


@inlined
def _find_wishes(ring: Any, config: StageConfig, vehicles: Arrivals, state: State, log: VehicleLog) -> None:
    """Enter the first blocked vehicle for each pair of stages; -1 for none."""
    n_vehicles = len(vehicles.arrival)
    ring[: len(config.site), :] = -1
    for g in range(config.sites):
        v = state.after[n_vehicles + g]
        while v < n_vehicles:
            s, d, k = log.stage[state.at[v], v], vehicles.direction[v], state.heading[v]
            for i in range(config.first[d, k], config.first[d, k + 1]):
                other = config.member[d, i]
                if not np.isnan(vehicles.service[other, v]) and ring[s, other] < 0:
                    ring[s, other] = v
            v = state.after[v]


@inlined
def _exchange(
    start: int, t: float, ring: Any, config: StageConfig, vehicles: Arrivals, state: State, log: VehicleLog
) -> None:
    """Move the vehicles of a ring: all leave their stages, then each takes the place of the next."""
    before = len(config.site)
    s = start
    while True:
        v = ring[ring[before, s], s]
        _remove(v, state)
        _leave(v, t, config, vehicles, state, log)
        s = ring[before, s]
        if s == start:
            break
    while True:
        v = ring[ring[before, s], s]
        _join(v, s, t, config, vehicles, state, log)
        s = ring[before, s]
        if s == start:
            break


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
        s: Any = np.int64(-1)
        if state.count[IN_TODAY + d] < config.quota[d, day]:
            s = _choose(v, state.heading[v], config, vehicles, state)
        if s >= 0:
            _remove(v, state)
            state.count[IN_TODAY + d] += 1
            state.count[AT_GATE + d] -= 1
            _join(v, s, t, config, vehicles, state, log)
        elif d == 0:
            shut0 = True
        else:
            shut1 = True


@inlined
def _begin(s: int, t: float, config: StageConfig, vehicles: Arrivals, state: State, log: VehicleLog) -> None:
    """Begin services while a server is free and a batch is full or has waited long enough."""
    if config.timetabled[s]:
        return
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
        _serve(s, batch, t, config, vehicles, state, log)


@kernel
def _run_timetable(
    s: int, places: int, t: float, config: StageConfig, vehicles: Arrivals, state: State, log: VehicleLog
) -> None:
    """Let a convoy, train or ferry leave with the waiting vehicles for which it has places; or close a stage."""
    if places == CLOSES:
        state.dirty[config.site[s]] = 1
        _close(s, t, config, vehicles, state, log)
    elif state.waiting[2 * s] > 0:
        _serve(s, places, t, config, vehicles, state, log)


@inlined
def _serve(
    s: int, number: int, t: float, config: StageConfig, vehicles: Arrivals, state: State, log: VehicleLog
) -> None:
    """Begin one service of the first vehicles of the queue, of each direction where the stage is paired."""
    state.busy[s] += 1
    leader: Any = np.int64(-1)
    last = leader
    for side in range(2 if config.paired[s] else 1):
        for _ in range(min(number, state.waiting[2 * s + side])):
            v = _take(2 * s + side, config, vehicles, state)
            log.began[state.at[v], v] = t
            if leader < 0:
                leader = v
            else:
                state.next_in_batch[last] = v
            state.leader[v] = leader
            state.present[state.at[leader], leader] += 1
            last = v
    state.next_in_batch[last] = -1
    _push(t + vehicles.service[s, leader], leader, state)


@inlined
def _take(side: int, config: StageConfig, vehicles: Arrivals, state: State) -> Any:
    """Remove and return the first vehicle of the stage's queue with the highest priority."""
    line = len(vehicles.arrival) + config.sites + side * config.ranks
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
    lines = n_vehicles + config.sites
    for line in range(lines + s * 2 * config.ranks, lines + (s + 1) * 2 * config.ranks):
        v = state.after[line]
        while v < n_vehicles:
            oldest = min(oldest, log.joined[state.at[v], v])
            v = state.after[v] if config.appointment[s] else n_vehicles
    return oldest
