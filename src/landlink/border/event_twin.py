"""Vehicles through the stages of a crossing in plain Python: :mod:`landlink.border.event_kernels`, to be read.

Slow, and the same to the last bit; tests hold one against the other.

A vehicle comes to the gate of its direction, or goes elsewhere where it finds too many before it. It is let in, in its
turn, when the day's quota is not used up and a stage at its first position has a place; while the first at the gate
cannot go in, nobody of its direction can. At a stage it waits in line, by urgency or appointment where the stage has
such an order, else in order of joining. Services take one vehicle or a batch; a batch takes as long as the vehicle that
was first in it needs. After its service a vehicle goes to the next position that has a stage for it, to the stage there
with a place and the fewest inside. Where none has a place, it keeps its server until one has. The server of a batch
is free when the last of the batch has left.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import inf, isnan
from typing import NamedTuple

import numpy as np

from landlink.border.event_kernels import BALKED, THROUGH, TURNED_BACK, Passage
from landlink.border.pipeline import Discipline, Pipeline, Steps
from landlink.border.vehicle_draws import Vehicles

__all__ = ["pass_in_python"]

#: What happens at one time happens in this order.
CHANGE, CLOSING, END, PATIENCE, MIDNIGHT, ARRIVAL = range(6)


class Waiting(NamedTuple):
    """A vehicle in a line; the lesser goes first."""

    rank: int
    appointment: float
    ticket: int
    vehicle: int


@dataclass(eq=False)
class Stage:
    """A stage, who waits there and how many are served."""

    number: int
    position: int
    servers: int = 0
    busy: int = 0
    inside: int = 0
    #: When a batch that is not full will begin.
    due: float = inf
    #: One line, or one for each direction where services take a batch of each.
    lines: list[list[Waiting]] = field(default_factory=list)


@dataclass(eq=False)
class Group:
    """Vehicles of one service, and those of them that have not left the stage."""

    stage: Stage
    vehicles: list[int]
    present: int


def pass_in_python(pipeline: Pipeline, vehicles: Vehicles, servers: Steps, *, since_h: float = 0.0) -> Passage:
    """Send vehicles through a crossing, as :func:`landlink.border.passage.pass_through` does.

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

    Returns
    -------
    Passage
        Times by position and vehicle.
    """
    crossing = Crossing(pipeline, vehicles, since_h)
    crossing.expect(servers)
    crossing.run()
    return crossing.passage


class Crossing:
    """All stages, the gate and what is to come."""

    def __init__(self, pipeline: Pipeline, vehicles: Vehicles, since_h: float) -> None:
        self.pipeline, self.vehicles, self.since_h = pipeline, vehicles, since_h
        levels, position = np.unique(pipeline.stages.position, return_inverse=True)
        self.stages = [Stage(s, p, lines=[[], []]) for s, p in enumerate(position.tolist())]
        self.positions = [[stage for stage in self.stages if stage.position == p] for p in range(len(levels))]
        self.held: list[list[int]] = [[] for _ in levels]
        self.gate: tuple[list[int], list[int]] = ([], [])
        self.let_in, self.day, self.tickets = [0, 0], 0, 0
        self.group: dict[int, Group] = {}
        self.at: dict[int, Stage] = {}
        #: Positions where services may begin after the present event.
        self.touched: set[int] = set()
        #: Time, kind of event, vehicle or stage it is about, number of servers.
        self.events: list[tuple[float, int, int, int]] = []
        shape = len(levels), len(vehicles.arrival_h)
        joined, began, ended, left = (np.full(shape, np.nan) for _ in range(4))
        nowhere, inside = np.full(shape, -1, dtype=np.int64), np.zeros(shape[1], dtype=np.int64)
        self.passage = Passage(joined, began, ended, left, nowhere, inside, np.zeros(len(self.stages)))

    def expect(self, servers: Steps) -> None:
        """Put all that is known beforehand among the events."""
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
        """Let everything happen that happens before the end."""
        while self.events and self.events[0][0] < self.pipeline.hours:
            time, kind, number, servers = heappop(self.events)
            if kind == CHANGE:
                self.stages[number].servers = servers
                self.touched.add(self.stages[number].position)
            elif kind == CLOSING:
                self.close(self.stages[number], time)
            elif kind == PATIENCE and self.stages[number].due == time:
                self.touched.add(self.stages[number].position)
            elif kind == END:
                self.end(self.group[number], time)
            elif kind == MIDNIGHT:
                self.day, self.let_in = number, [0, 0]
            elif kind == ARRIVAL:
                self.arrive(number)
            self.settle(time)

    def service_h(self, stage: Stage, vehicle: int) -> float:
        """How long its service takes; NaN where it does not pass the stage."""
        return float(self.vehicles.service_h[stage.number, vehicle])

    def next_stages(self, vehicle: int) -> list[Stage]:
        """Stages for it at the next position that has any; none: it is through."""
        behind = self.at[vehicle].position + 1 if vehicle in self.at else 0
        for beside in self.positions[behind:]:
            if found := [stage for stage in beside if not isnan(self.service_h(stage, vehicle))]:
                return found
        return []

    def with_a_place(self, stages: list[Stage]) -> Stage | None:
        """The stage with a place and the fewest inside."""
        places = self.pipeline.stages.places
        return min((s for s in stages if s.inside < places[s.number]), key=lambda s: s.inside, default=None)

    def arrive(self, vehicle: int) -> None:
        """At the gate, unless the vehicle sees too many before it or has nothing to pass."""
        way = int(self.vehicles.direction[vehicle])
        stages = self.next_stages(vehicle)
        if not stages:
            self.passage.fate[vehicle] = THROUGH
        elif min(stage.inside for stage in stages) + len(self.gate[way]) >= self.pipeline.gate.balk_at[way]:
            self.passage.fate[vehicle] = BALKED
        else:
            self.gate[way].append(vehicle)
            self.touched.add(stages[0].position)

    def join(self, vehicle: int, stage: Stage, time: float) -> None:
        """Into the line of a stage."""
        s, way, kind = stage.number, int(self.vehicles.direction[vehicle]), int(self.vehicles.kind[vehicle])
        table, discipline = self.pipeline.stages, self.pipeline.stages.discipline[stage.number]
        rank = int(table.priority[s, kind]) if discipline == Discipline.PRIORITY else 0
        appointment = float(self.vehicles.appointment_h[vehicle]) if discipline == Discipline.APPOINTMENT else 0.0
        self.tickets += 1
        insort(stage.lines[way if table.paired[s] else 0], Waiting(rank, appointment, self.tickets, vehicle))
        self.passage.joined[stage.position, vehicle] = time
        self.passage.stage[stage.position, vehicle] = s
        self.at[vehicle] = stage
        self.touched.add(stage.position)
        stage.inside += 1

    def leave(self, vehicle: int, time: float) -> None:
        """Out of the stage where it was served."""
        group = self.group[vehicle]
        stage, first = group.stage, group.vehicles[0]
        self.passage.left[stage.position, vehicle] = time
        self.touched.add(stage.position)
        stage.inside -= 1
        group.present -= 1
        if group.present == 0:
            stage.busy -= 1
            began = float(self.passage.began[stage.position, first])
            self.passage.busy_h[stage.number] += max(0.0, time - max(began, self.since_h))

    def end(self, group: Group, time: float) -> None:
        """A service ends: its vehicles go on, or wait for a place and keep the server."""
        for vehicle in group.vehicles:
            self.passage.ended[group.stage.position, vehicle] = time
            stages = self.next_stages(vehicle)
            if not stages:
                self.passage.fate[vehicle] = THROUGH
                self.leave(vehicle, time)
            elif stage := self.with_a_place(stages):
                self.leave(vehicle, time)
                self.join(vehicle, stage, time)
            else:
                self.held[stages[0].position].append(vehicle)

    def close(self, stage: Stage, time: float) -> None:
        """Who waits in line leaves, and who waits for the stage at the gate unless one beside it is at work."""
        leaving = [waiting.vehicle for line in stage.lines for waiting in line]
        stage.inside -= len(leaving)
        stage.lines, stage.due = [[], []], inf
        self.touched.add(stage.position)
        for gate in self.gate:
            for vehicle in list(gate):
                stages = self.next_stages(vehicle)
                if stage in stages and all(other.servers == 0 for other in stages):
                    gate.remove(vehicle)
                    leaving.append(vehicle)
        for vehicle in leaving:
            self.passage.fate[vehicle] = TURNED_BACK
            self.passage.left[stage.position, vehicle] = time

    def settle(self, time: float) -> None:
        """Move up whoever can, from the last position to the gate, then begin services."""
        for held in reversed(self.held):
            for vehicle in list(held):
                if stage := self.with_a_place(self.next_stages(vehicle)):
                    held.remove(vehicle)
                    self.leave(vehicle, time)
                    self.join(vehicle, stage, time)
        self.admit(time)
        for stage in self.stages:
            if stage.position in self.touched:
                self.begin(stage, time)
        self.touched.clear()

    def admit(self, time: float) -> None:
        """Let vehicles in at the gate, the first to come of both directions first, until neither's first can go in."""
        shut = set()
        while open_ways := [way for way in range(2) if self.gate[way] and way not in shut]:
            way = min(open_ways, key=lambda way: self.gate[way][0])
            stage = self.with_a_place(self.next_stages(self.gate[way][0]))
            if stage and self.let_in[way] < self.pipeline.gate.quota_per_day[way, self.day]:
                self.let_in[way] += 1
                self.join(self.gate[way].pop(0), stage, time)
            else:
                shut.add(way)

    def begin(self, stage: Stage, time: float) -> None:
        """Begin services while there are servers and a full batch, or one that has waited long enough."""
        table, s = self.pipeline.stages, stage.number
        batch, lines = int(table.batch[s]), stage.lines[: 2 if table.paired[s] else 1]
        expected, stage.due = stage.due, inf
        while any(lines):
            if any(len(line) < batch for line in lines):
                joined = self.passage.joined[stage.position]
                due = min(float(joined[w.vehicle]) for line in lines for w in line) + float(table.batch_wait_h[s])
                if time < due:
                    stage.due = due
                    if due != expected:
                        heappush(self.events, (due, PATIENCE, s, 0))
                    return
            if stage.busy >= stage.servers:
                return
            taken = [waiting.vehicle for line in lines for waiting in line[:batch]]
            for line in lines:
                del line[:batch]
            stage.busy += 1
            group = Group(stage, taken, len(taken))
            for vehicle in taken:
                self.group[vehicle] = group
                self.passage.began[stage.position, vehicle] = time
            heappush(self.events, (time + self.service_h(stage, taken[0]), END, taken[0], 0))
