"""Discrete-event simulation of a crossing in plain Python: :mod:`landlink.border.event_kernels`, for readers.

It is slow and agrees with the kernel to the last bit, which the tests check.

A vehicle arrives at the gate of its direction, or balks if it finds too many vehicles. It is admitted in its turn, when
the day's quota is not used up and a stage at its first position has a place; while the first vehicle at the gate cannot
be admitted, no vehicle of its direction is. At a stage it queues by priority or appointment if the stage has such a
discipline, else in order of arrival. A service takes one vehicle or a batch; a batch takes as long as its first vehicle
needs. A stage with a timetable serves at departures only: each takes the vehicles that wait, up to its places. After
its service a vehicle moves to the stage with the fewest vehicles, among those with a place at its next step. If none
has a place, the vehicle blocks its server until one has. The server of a batch is released when the last vehicle of the
batch has left.

The two directions may pass the stages in different orders. Then a vehicle at A may wait for a place at B while one at
B, on its way back, waits for a place at A. They exchange their places, as do the vehicles of longer rings.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import inf, isnan
from typing import NamedTuple

import numpy as np

from landlink.border.event_state import BALKED, THROUGH, TURNED_BACK, VehicleLog
from landlink.border.pipeline import Discipline, Pipeline, StepFunctions
from landlink.border.vehicle_draws import Vehicles

__all__ = ["follow_in_python"]

#: Order of events at the same time.
CHANGE, CLOSING, END, PATIENCE, MIDNIGHT, ARRIVAL, DEPARTURE, CLOSING_AFTER_DEPARTURES = range(8)


class Waiting(NamedTuple):
    """A vehicle in a queue; the smaller goes first."""

    rank: int
    appointment: float
    ticket: int
    vehicle: int


@dataclass(eq=False)
class Stage:
    """A stage, its queues and its servers."""

    number: int
    #: Step at which each direction passes the stage.
    steps: tuple[int, int]
    #: Number of its site.
    site: int = 0
    servers: int = 0
    busy: int = 0
    inside: int = 0
    #: When an incomplete batch will begin.
    due: float = inf
    #: One queue, or one per direction where a service takes a batch of each.
    queues: list[list[Waiting]] = field(default_factory=list)


@dataclass(eq=False)
class Group:
    """Vehicles of one service, and the number of them still at the stage."""

    stage: Stage
    vehicles: list[int]
    present: int


def follow_in_python(
    pipeline: Pipeline, vehicles: Vehicles, servers: StepFunctions, *, since_h: float = 0.0
) -> VehicleLog:
    """Move vehicles through a crossing, as :func:`landlink.border.replication.follow_vehicles` does.

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

    Returns
    -------
    VehicleLog
        Times by position and vehicle.
    """
    crossing = Crossing(pipeline, vehicles, since_h)
    crossing.schedule(servers)
    crossing.run()
    return crossing.log


class Crossing:
    """All stages, the gate and the scheduled events."""

    def __init__(self, pipeline: Pipeline, vehicles: Vehicles, since_h: float) -> None:
        self.pipeline, self.vehicles, self.since_h = pipeline, vehicles, since_h
        steps = pipeline.stages.steps.T.tolist()
        self.stages = [Stage(s, (there, back), queues=[[], []]) for s, (there, back) in enumerate(steps)]
        last = max((max(pair) for pair in steps), default=-1)
        #: Stages of each direction, step by step.
        self.steps = [
            [[stage for stage in self.stages if stage.steps[way] == step] for step in range(last + 1)]
            for way in range(2)
        ]
        #: Stages by site, and the blocked vehicles that wait for one of them, in the order in which they were blocked.
        self.sites = self.group_stages()
        self.blocked: list[list[int]] = [[] for _ in self.sites]
        for number, site in enumerate(self.sites):
            for stage in site:
                stage.site = number
        self.gate: tuple[list[int], list[int]] = ([], [])
        self.admitted, self.day, self.tickets = [0, 0], 0, 0
        self.group: dict[int, Group] = {}
        self.at: dict[int, Stage] = {}
        #: Sites at which services may begin after the present event.
        self.dirty: set[int] = set()
        #: Time, kind of event, vehicle or stage it is about, number of servers.
        self.events: list[tuple[float, int, int, int]] = []
        shape = last + 1, len(vehicles.arrival_h)
        joined, began, ended, left = (np.full(shape, np.nan) for _ in range(4))
        nowhere, inside = np.full(shape, -1, dtype=np.int64), np.zeros(shape[1], dtype=np.int64)
        self.log = VehicleLog(joined, began, ended, left, nowhere, inside, np.zeros(len(self.stages)))

    def group_stages(self) -> list[list[Stage]]:
        """Group the stages into sites: those that are parallel in a direction, directly or by way of others."""
        if not self.pipeline.stages.opposed:
            return self.steps[0]
        sites = [{stage.number} for stage in self.stages]
        for way in range(2):
            serving = np.asarray((self.pipeline.stages.share[:, way] > 0.0).any(axis=1))
            for step in self.steps[way]:
                parallel = {stage.number for stage in step if serving[stage.number]}
                joined = parallel.union(*(site for site in sites if site & parallel))
                sites = [site for site in sites if not site & parallel] + ([joined] if joined else [])
        return [[self.stages[number] for number in sorted(site)] for site in sorted(sites, key=min)]

    def schedule(self, servers: StepFunctions) -> None:
        """Schedule all events that are known beforehand."""
        shifts, turn_back = self.pipeline.stages.servers, self.pipeline.stages.turn_back
        plan, timetabled = self.pipeline.stages.departures, self.pipeline.stages.timetabled
        for s in range(len(self.stages)):
            closing = CLOSING_AFTER_DEPARTURES if timetabled[s] else CLOSING
            if plan is not None:
                for i in range(plan.first[s], plan.first[s + 1]):
                    heappush(self.events, (float(plan.time_h[i]), DEPARTURE, s, int(plan.places[i])))
            for i in range(servers.first[s], servers.first[s + 1]):
                heappush(self.events, (float(servers.time_h[i]), CHANGE, s, int(servers.value[i])))
            for i in range(shifts.first[s] + 1, shifts.first[s + 1]):
                if turn_back[s] and shifts.value[i] == 0 < shifts.value[i - 1]:
                    heappush(self.events, (float(shifts.time_h[i]), closing, s, 0))
        for day in range(1, self.pipeline.gate.quota_per_day.shape[1]):
            heappush(self.events, (24.0 * day, MIDNIGHT, day, 0))
        for vehicle, time in enumerate(self.vehicles.arrival_h.tolist()):
            heappush(self.events, (time, ARRIVAL, vehicle, 0))

    def run(self) -> None:
        """Process all events before the end."""
        while self.events and self.events[0][0] < self.pipeline.hours:
            time, kind, number, servers = heappop(self.events)
            if kind == CHANGE:
                self.stages[number].servers = servers
                self.dirty.add(self.stages[number].site)
            elif kind in (CLOSING, CLOSING_AFTER_DEPARTURES):
                self.close(self.stages[number], time)
            elif kind == DEPARTURE:
                if any(self.stages[number].queues):
                    self.serve(self.stages[number], servers, time)
            elif kind == PATIENCE and self.stages[number].due == time:
                self.dirty.add(self.stages[number].site)
            elif kind == END:
                self.end(self.group[number], time)
            elif kind == MIDNIGHT:
                self.day, self.admitted = number, [0, 0]
            elif kind == ARRIVAL:
                self.arrive(number)
            self.settle(time)

    def service_h(self, stage: Stage, vehicle: int) -> float:
        """Service time of a vehicle; NaN if it skips the stage."""
        return float(self.vehicles.service_h[stage.number, vehicle])

    def step(self, vehicle: int, stage: Stage) -> int:
        """Step at which the vehicle passes a stage."""
        return stage.steps[int(self.vehicles.direction[vehicle])]

    def next_stages(self, vehicle: int) -> list[Stage]:
        """Stages at the next step that the vehicle uses; empty if it has passed."""
        way = int(self.vehicles.direction[vehicle])
        behind = self.at[vehicle].steps[way] + 1 if vehicle in self.at else 0
        for beside in self.steps[way][behind:]:
            if found := [stage for stage in beside if not isnan(self.service_h(stage, vehicle))]:
                return found
        return []

    def with_a_place(self, stages: list[Stage]) -> Stage | None:
        """The stage with a place and the fewest vehicles."""
        places = self.pipeline.stages.places
        return min((s for s in stages if s.inside < places[s.number]), key=lambda s: s.inside, default=None)

    def arrive(self, vehicle: int) -> None:
        """Add an arriving vehicle to the gate, unless it balks or passes no stage."""
        way = int(self.vehicles.direction[vehicle])
        stages = self.next_stages(vehicle)
        if not stages:
            self.log.fate[vehicle] = THROUGH
        elif min(stage.inside for stage in stages) + len(self.gate[way]) >= self.pipeline.gate.balk_at[way]:
            self.log.fate[vehicle] = BALKED
        else:
            self.gate[way].append(vehicle)
            self.dirty.add(stages[0].site)

    def join(self, vehicle: int, stage: Stage, time: float) -> None:
        """Add a vehicle to the queue of a stage."""
        s, way, kind = stage.number, int(self.vehicles.direction[vehicle]), int(self.vehicles.kind[vehicle])
        table, discipline = self.pipeline.stages, self.pipeline.stages.discipline[stage.number]
        rank = int(table.priority[s, kind]) if discipline == Discipline.PRIORITY else 0
        appointment = float(self.vehicles.appointment_h[vehicle]) if discipline == Discipline.APPOINTMENT else 0.0
        self.tickets += 1
        insort(stage.queues[way if table.paired[s] else 0], Waiting(rank, appointment, self.tickets, vehicle))
        self.log.joined[stage.steps[way], vehicle] = time
        self.log.stage[stage.steps[way], vehicle] = s
        self.at[vehicle] = stage
        self.dirty.add(stage.site)
        stage.inside += 1

    def leave(self, vehicle: int, time: float) -> None:
        """Let a vehicle leave the stage where it was served."""
        group = self.group[vehicle]
        stage, first = group.stage, group.vehicles[0]
        self.log.left[self.step(vehicle, stage), vehicle] = time
        self.dirty.add(stage.site)
        stage.inside -= 1
        group.present -= 1
        if group.present == 0:
            stage.busy -= 1
            began = float(self.log.began[self.step(first, stage), first])
            self.log.busy_h[stage.number] += max(0.0, time - max(began, self.since_h))

    def end(self, group: Group, time: float) -> None:
        """End a service: its vehicles move on, or block the server until there is a place."""
        for vehicle in group.vehicles:
            self.log.ended[self.step(vehicle, group.stage), vehicle] = time
            stages = self.next_stages(vehicle)
            if not stages:
                self.log.fate[vehicle] = THROUGH
                self.leave(vehicle, time)
            elif stage := self.with_a_place(stages):
                self.leave(vehicle, time)
                self.join(vehicle, stage, time)
            else:
                self.blocked[stages[0].site].append(vehicle)

    def close(self, stage: Stage, time: float) -> None:
        """Turn back the queue, and at the gate those for whom no parallel stage is staffed."""
        leaving = [waiting.vehicle for queue in stage.queues for waiting in queue]
        stage.inside -= len(leaving)
        stage.queues, stage.due = [[], []], inf
        self.dirty.add(stage.site)
        for gate in self.gate:
            for vehicle in list(gate):
                stages = self.next_stages(vehicle)
                if stage in stages and all(other.servers == 0 for other in stages):
                    gate.remove(vehicle)
                    leaving.append(vehicle)
        for vehicle in leaving:
            self.log.fate[vehicle] = TURNED_BACK
            self.log.left[self.step(vehicle, stage), vehicle] = time

    def settle(self, time: float) -> None:
        """Move blocked vehicles up, from the last site to the gate, then begin services."""
        while self.move_up(time) or self.turn_ring(time):
            pass
        self.admit(time)
        for stage in self.stages:
            if stage.site in self.dirty:
                self.begin(stage, time)
        self.dirty.clear()

    def move_up(self, time: float) -> bool:
        """Move blocked vehicles to stages with a place, and tell whether any has moved."""
        moved = False
        for blocked in reversed(self.blocked):
            for vehicle in list(blocked):
                if stage := self.with_a_place(self.next_stages(vehicle)):
                    blocked.remove(vehicle)
                    self.leave(vehicle, time)
                    self.join(vehicle, stage, time)
                    moved = True
        return moved

    def turn_ring(self, time: float) -> bool:
        """Let vehicles that wait for one another's places exchange them, and tell whether there were any."""
        wishes: dict[tuple[int, int], int] = {}
        for blocked in self.blocked:
            for vehicle in blocked:
                for stage in self.next_stages(vehicle):
                    wishes.setdefault((self.at[vehicle].number, stage.number), vehicle)
        ring = next(filter(None, (self.find_ring(s, wishes) for s in range(len(self.stages)))), [])
        moves = [(wishes[pair], self.stages[pair[1]]) for pair in ring]
        for vehicle, _ in moves:
            next(blocked for blocked in self.blocked if vehicle in blocked).remove(vehicle)
            self.leave(vehicle, time)
        for vehicle, stage in moves:
            self.join(vehicle, stage, time)
        return bool(moves)

    def find_ring(self, start: int, wishes: dict[tuple[int, int], int]) -> list[tuple[int, int]]:
        """Find the shortest way along wishes from a stage back to itself, as pairs of stages, the last pair first."""
        before: dict[int, int] = {}
        for s in (queue := [start]):
            for other in range(len(self.stages)):
                if (s, other) in wishes and other not in before:
                    before[other] = s
                    queue.append(other)
            if start in before:
                break
        ring: list[tuple[int, int]] = []
        while start in before and (not ring or ring[-1][0] != start):
            end = ring[-1][0] if ring else start
            ring.append((before[end], end))
        return ring

    def admit(self, time: float) -> None:
        """Admit vehicles in order of arrival until the first of neither direction can be admitted."""
        shut = set()
        while open_ways := [way for way in range(2) if self.gate[way] and way not in shut]:
            way = min(open_ways, key=lambda way: self.gate[way][0])
            stage = self.with_a_place(self.next_stages(self.gate[way][0]))
            if stage and self.admitted[way] < self.pipeline.gate.quota_per_day[way, self.day]:
                self.admitted[way] += 1
                self.join(self.gate[way].pop(0), stage, time)
            else:
                shut.add(way)

    def begin(self, stage: Stage, time: float) -> None:
        """Begin services while a server is free and a batch is full or has waited long enough."""
        table, s = self.pipeline.stages, stage.number
        if table.timetabled[s]:
            return
        batch, queues = int(table.batch[s]), stage.queues[: 2 if table.paired[s] else 1]
        expected, stage.due = stage.due, inf
        while any(queues):
            if any(len(queue) < batch for queue in queues):
                waiting = [w.vehicle for queue in queues for w in queue]
                oldest = min(float(self.log.joined[self.step(v, stage), v]) for v in waiting)
                due = oldest + float(table.batch_wait_h[s])
                if time < due:
                    stage.due = due
                    if due != expected:
                        heappush(self.events, (due, PATIENCE, s, 0))
                    return
            if stage.busy >= stage.servers:
                return
            self.serve(stage, batch, time)

    def serve(self, stage: Stage, number: int, time: float) -> None:
        """Begin one service of the first vehicles of each queue."""
        taken = [waiting.vehicle for queue in stage.queues for waiting in queue[:number]]
        for queue in stage.queues:
            del queue[:number]
        stage.busy += 1
        group = Group(stage, taken, len(taken))
        for vehicle in taken:
            self.group[vehicle] = group
            self.log.began[self.step(vehicle, stage), vehicle] = time
        heappush(self.events, (time + self.service_h(stage, taken[0]), END, taken[0], 0))
