"""Discrete-event simulation of a crossing in plain Python: :mod:`landlink.border.event_kernels`, for readers.

It is slow and agrees with the kernel to the last bit, which the tests check.

A vehicle arrives at the gate of its direction, or balks if it finds too many vehicles. It is admitted in its turn, when
the day's quota is not used up and a stage at its first position has a place; while the first vehicle at the gate cannot
be admitted, no vehicle of its direction is. At a stage it queues by priority or appointment if the stage has such a
discipline, else in order of arrival. A service takes one vehicle or a batch; a batch takes as long as its first vehicle
needs. After its service a vehicle moves to the stage with the fewest vehicles, among those with a place at its next
position. If none has a place, the vehicle blocks its server until one has. The server of a batch is released when the
last vehicle of the batch has left.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import inf, isnan
from typing import NamedTuple

import numpy as np

from landlink.border.event_kernels import BALKED, THROUGH, TURNED_BACK, VehicleLog
from landlink.border.pipeline import Discipline, Pipeline, StepFunctions
from landlink.border.vehicle_draws import Vehicles

__all__ = ["follow_in_python"]

#: Order of events at the same time.
CHANGE, CLOSING, END, PATIENCE, MIDNIGHT, ARRIVAL = range(6)


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
    position: int
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
        levels, position = np.unique(pipeline.stages.position, return_inverse=True)
        self.stages = [Stage(s, p, queues=[[], []]) for s, p in enumerate(position.tolist())]
        self.positions = [[stage for stage in self.stages if stage.position == p] for p in range(len(levels))]
        self.blocked: list[list[int]] = [[] for _ in levels]
        self.gate: tuple[list[int], list[int]] = ([], [])
        self.admitted, self.day, self.tickets = [0, 0], 0, 0
        self.group: dict[int, Group] = {}
        self.at: dict[int, Stage] = {}
        #: Positions where services may begin after the present event.
        self.dirty: set[int] = set()
        #: Time, kind of event, vehicle or stage it is about, number of servers.
        self.events: list[tuple[float, int, int, int]] = []
        shape = len(levels), len(vehicles.arrival_h)
        joined, began, ended, left = (np.full(shape, np.nan) for _ in range(4))
        nowhere, inside = np.full(shape, -1, dtype=np.int64), np.zeros(shape[1], dtype=np.int64)
        self.log = VehicleLog(joined, began, ended, left, nowhere, inside, np.zeros(len(self.stages)))

    def schedule(self, servers: StepFunctions) -> None:
        """Schedule all events that are known beforehand."""
        shifts, turn_back = self.pipeline.stages.servers, self.pipeline.stages.turn_back
        for s in range(len(self.stages)):
            for i in range(servers.first[s], servers.first[s + 1]):
                heappush(self.events, (float(servers.time_h[i]), CHANGE, s, int(servers.value[i])))
            for i in range(shifts.first[s] + 1, shifts.first[s + 1]):
                if turn_back[s] and shifts.value[i] == 0 < shifts.value[i - 1]:
                    heappush(self.events, (float(shifts.time_h[i]), CLOSING, s, 0))
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
                self.dirty.add(self.stages[number].position)
            elif kind == CLOSING:
                self.close(self.stages[number], time)
            elif kind == PATIENCE and self.stages[number].due == time:
                self.dirty.add(self.stages[number].position)
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

    def next_stages(self, vehicle: int) -> list[Stage]:
        """Stages at the next position that the vehicle uses; empty if it has passed."""
        behind = self.at[vehicle].position + 1 if vehicle in self.at else 0
        for beside in self.positions[behind:]:
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
            self.dirty.add(stages[0].position)

    def join(self, vehicle: int, stage: Stage, time: float) -> None:
        """Add a vehicle to the queue of a stage."""
        s, way, kind = stage.number, int(self.vehicles.direction[vehicle]), int(self.vehicles.kind[vehicle])
        table, discipline = self.pipeline.stages, self.pipeline.stages.discipline[stage.number]
        rank = int(table.priority[s, kind]) if discipline == Discipline.PRIORITY else 0
        appointment = float(self.vehicles.appointment_h[vehicle]) if discipline == Discipline.APPOINTMENT else 0.0
        self.tickets += 1
        insort(stage.queues[way if table.paired[s] else 0], Waiting(rank, appointment, self.tickets, vehicle))
        self.log.joined[stage.position, vehicle] = time
        self.log.stage[stage.position, vehicle] = s
        self.at[vehicle] = stage
        self.dirty.add(stage.position)
        stage.inside += 1

    def leave(self, vehicle: int, time: float) -> None:
        """Let a vehicle leave the stage where it was served."""
        group = self.group[vehicle]
        stage, first = group.stage, group.vehicles[0]
        self.log.left[stage.position, vehicle] = time
        self.dirty.add(stage.position)
        stage.inside -= 1
        group.present -= 1
        if group.present == 0:
            stage.busy -= 1
            began = float(self.log.began[stage.position, first])
            self.log.busy_h[stage.number] += max(0.0, time - max(began, self.since_h))

    def end(self, group: Group, time: float) -> None:
        """End a service: its vehicles move on, or block the server until there is a place."""
        for vehicle in group.vehicles:
            self.log.ended[group.stage.position, vehicle] = time
            stages = self.next_stages(vehicle)
            if not stages:
                self.log.fate[vehicle] = THROUGH
                self.leave(vehicle, time)
            elif stage := self.with_a_place(stages):
                self.leave(vehicle, time)
                self.join(vehicle, stage, time)
            else:
                self.blocked[stages[0].position].append(vehicle)

    def close(self, stage: Stage, time: float) -> None:
        """Turn back the queue, and at the gate those for whom no parallel stage is staffed."""
        leaving = [waiting.vehicle for queue in stage.queues for waiting in queue]
        stage.inside -= len(leaving)
        stage.queues, stage.due = [[], []], inf
        self.dirty.add(stage.position)
        for gate in self.gate:
            for vehicle in list(gate):
                stages = self.next_stages(vehicle)
                if stage in stages and all(other.servers == 0 for other in stages):
                    gate.remove(vehicle)
                    leaving.append(vehicle)
        for vehicle in leaving:
            self.log.fate[vehicle] = TURNED_BACK
            self.log.left[stage.position, vehicle] = time

    def settle(self, time: float) -> None:
        """Move blocked vehicles up, from the last position to the gate, then begin services."""
        for blocked in reversed(self.blocked):
            for vehicle in list(blocked):
                if stage := self.with_a_place(self.next_stages(vehicle)):
                    blocked.remove(vehicle)
                    self.leave(vehicle, time)
                    self.join(vehicle, stage, time)
        self.admit(time)
        for stage in self.stages:
            if stage.position in self.dirty:
                self.begin(stage, time)
        self.dirty.clear()

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
        batch, queues = int(table.batch[s]), stage.queues[: 2 if table.paired[s] else 1]
        expected, stage.due = stage.due, inf
        while any(queues):
            if any(len(queue) < batch for queue in queues):
                joined = self.log.joined[stage.position]
                due = min(float(joined[w.vehicle]) for queue in queues for w in queue) + float(table.batch_wait_h[s])
                if time < due:
                    stage.due = due
                    if due != expected:
                        heappush(self.events, (due, PATIENCE, s, 0))
                    return
            if stage.busy >= stage.servers:
                return
            taken = [waiting.vehicle for queue in queues for waiting in queue[:batch]]
            for queue in queues:
                del queue[:batch]
            stage.busy += 1
            group = Group(stage, taken, len(taken))
            for vehicle in taken:
                self.group[vehicle] = group
                self.log.began[stage.position, vehicle] = time
            heappush(self.events, (time + self.service_h(stage, taken[0]), END, taken[0], 0))
