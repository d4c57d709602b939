"""The same crossing in SimPy and in Ciw, with given arrival and service times.

Each model follows the idioms of its library: in SimPy a process per vehicle and resources for servers and places, in
Ciw a network with a node per stage. Both return when each vehicle joined each stage, began its service and left.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

import ciw
import numpy as np
import simpy

from landlink.border.pipeline import UNLIMITED, Discipline, Pipeline
from landlink.core.arrays import Floats, Ints

Events = Generator[simpy.Event, Any, Any]


@dataclass(frozen=True)
class Given:
    """Vehicles in order of arrival, with their random draws.

    Attributes
    ----------
    arrival_h, direction, kind
        Time of arrival, direction and class, shape (vehicles,).
    service_h
        Service time at each stage, shape (vehicles, stages); NaN where a vehicle skips the stage.
    """

    arrival_h: Floats
    direction: Ints
    kind: Ints
    service_h: Floats


@dataclass(frozen=True)
class Times:
    """When vehicles join stages, begin service there and leave, h; shape (vehicles, stages), NaN: never."""

    joined_h: Floats
    begun_h: Floats
    left_h: Floats

    @classmethod
    def unknown(cls, vehicles: int, stages: int) -> Times:
        return cls(*(np.full((vehicles, stages), np.nan) for _ in range(3)))


# ---------------------------------------------------------------------------------------------------------- SimPy


class Staff(simpy.Resource):
    """Servers whose number changes; services in progress are completed when it falls."""

    def set_number(self, number: int) -> None:
        self._capacity = number
        for _ in range(number - len(self.users)):
            self._trigger_put(None)


class PriorityStaff(Staff):
    """Servers who serve by priority."""

    PutQueue = simpy.resources.resource.SortedQueue
    request = simpy.core.BoundClass(simpy.resources.resource.PriorityRequest)


class Station:
    """A stage whose servers serve one vehicle each."""

    def __init__(self, env: simpy.Environment, pipeline: Pipeline, stage: int) -> None:
        stages = pipeline.stages
        self.env, self.stage = env, stage
        self.urgent = stages.discipline[stage] == Discipline.PRIORITY
        self.priority: list[int] = stages.priority[stage].tolist()
        self.staff = (PriorityStaff if self.urgent else Staff)(env, capacity=1)
        places = int(stages.places[stage])
        self.room = simpy.Resource(env, capacity=places) if places < UNLIMITED else None
        steps = slice(*stages.servers.first[stage : stage + 2])
        self.shifts = list(
            zip(stages.servers.time_h[steps].tolist(), stages.servers.value[steps].tolist(), strict=True)
        )
        self.inside = 0
        if len(self.shifts) > 1 or self.shifts[0][1] != 1:
            self.set_number(self.shifts[0][1])
            env.process(self._shifts())

    def set_number(self, number: int) -> None:
        self.staff.set_number(number)

    def _shifts(self) -> Events:
        for hour, number in self.shifts[1:]:
            yield self.env.timeout(hour - self.env.now)
            self.set_number(number)

    def serve(self, vehicle: int, kind: int, service_h: float, begun: list[float]) -> Events:
        """Wait for a server and for the service; return the function that releases the server."""
        turn = self.staff.request(self.priority[kind]) if self.urgent else self.staff.request()
        yield turn
        begun[vehicle] = self.env.now
        yield self.env.timeout(service_h)
        return lambda: self.staff.release(turn)


class BatchStation(Station):
    """A stage with batch service, which takes as long as the first vehicle of the batch needs."""

    def __init__(self, env: simpy.Environment, pipeline: Pipeline, stage: int) -> None:
        self.batch = int(pipeline.stages.batch[stage])
        self.patience_h = float(pipeline.stages.batch_wait_h[stage])
        self.waiting: list[tuple[float, int, float, simpy.Event]] = []
        self.number, self.busy = 1, 0
        super().__init__(env, pipeline, stage)

    def set_number(self, number: int) -> None:
        self.number = number
        self._begin()

    def serve(self, vehicle: int, kind: int, service_h: float, begun: list[float]) -> Events:
        group = self.env.event()
        self.waiting.append((self.env.now, vehicle, service_h, group))
        if len(self.waiting) % self.batch and np.isfinite(self.patience_h):
            self.env.process(self._lose_patience())
        self._begin()
        left = yield group
        begun[vehicle] = self.env.now
        yield self.env.timeout(left.service_h)
        return left.leave

    def _lose_patience(self) -> Events:
        yield self.env.timeout(self.patience_h)
        self._begin()

    def _begin(self) -> None:
        while self.waiting and self.busy < self.number:
            overdue = self.env.now >= self.waiting[0][0] + self.patience_h
            if len(self.waiting) < self.batch and not overdue:
                return
            together, self.waiting = self.waiting[: self.batch], self.waiting[self.batch :]
            self.busy += 1
            group = Group(self, together[0][2], len(together))
            for *_, event in together:
                event.succeed(group)

    def give_back(self) -> None:
        self.busy -= 1
        self._begin()


@dataclass
class Group:
    """Vehicles in one service; its server is released when the last of them has left."""

    station: BatchStation
    service_h: float
    present: int

    def leave(self) -> None:
        self.present -= 1
        if not self.present:
            self.station.give_back()


class Crossing:
    """All stages of a crossing, with a process per vehicle."""

    def __init__(self, pipeline: Pipeline, given: Given) -> None:
        stages = pipeline.stages
        self.env, self.given = simpy.Environment(), given
        self.stages = [
            (BatchStation if batch > 1 else Station)(self.env, pipeline, stage)
            for stage, batch in enumerate(stages.batch.tolist())
        ]
        self.beside = [list(group) for _, group in groupby(self.stages, key=lambda s: stages.position[s.stage])]
        vehicles = len(given.arrival_h)
        self.joined, self.begun, self.left = ([[np.nan] * vehicles for _ in self.stages] for _ in range(3))
        self.env.process(self._source())

    def run(self, hours: float) -> Times:
        self.env.run(until=hours)
        return Times(*(np.array(times).T for times in (self.joined, self.begun, self.left)))

    def _source(self) -> Events:
        env, given = self.env, self.given
        each = zip(given.arrival_h.tolist(), given.kind.tolist(), given.service_h.tolist(), strict=True)
        for vehicle, (hour, kind, service_h) in enumerate(each):
            yield env.timeout(hour - env.now)
            env.process(self._vehicle(vehicle, kind, service_h))

    def _vehicle(self, vehicle: int, kind: int, service_h: list[float]) -> Events:
        env = self.env
        leave: Callable[[], None] = _nothing
        for beside in self.beside:
            open_to_it = [stage for stage in beside if service_h[stage.stage] == service_h[stage.stage]]
            if not open_to_it:
                continue
            here = min(open_to_it, key=lambda stage: stage.inside)
            place = None
            if here.room is not None:
                place = here.room.request()
                yield place
            leave()
            self.joined[here.stage][vehicle] = env.now
            here.inside += 1
            give_back = yield from here.serve(vehicle, kind, service_h[here.stage], self.begun[here.stage])
            leave = partial(self._leave, here, vehicle, give_back, place)
        leave()

    def _leave(self, stage: Station, vehicle: int, give_back: Callable[[], object], place: Any) -> None:
        self.left[stage.stage][vehicle] = self.env.now
        stage.inside -= 1
        give_back()
        if place is not None:
            stage.room.release(place)


def _nothing() -> None:
    """Leave no stage, before the first."""


def in_simpy(pipeline: Pipeline, given: Given) -> Times:
    """Simulate in SimPy; of parallel stages a vehicle chooses the one with the fewest vehicles."""
    return Crossing(pipeline, given).run(pipeline.hours)


# ------------------------------------------------------------------------------------------------------------ Ciw


class GivenService(ciw.dists.Distribution):
    """Given service times at a node, by number of the vehicle."""

    def __init__(self, service_h: Sequence[float]) -> None:
        self.service_h = service_h

    def sample(self, t: float | None = None, ind: Any = None) -> float:
        return self.service_h[ind.vehicle]


class Vehicle(ciw.Individual):
    """An individual that knows its row: Ciw numbers them in order of arrival, from 1."""

    def __init__(self, id_number: int, *args: Any, **options: Any) -> None:
        super().__init__(id_number, *args, **options)
        self.vehicle = id_number - 1


def in_ciw(pipeline: Pipeline, given: Given) -> Times:
    """Simulate in Ciw: stages in series without batches, used by every vehicle.

    There is an arrival stream per class, with both directions in one. Servers follow a schedule; stages after the first
    may have limited places.
    """
    stages = pipeline.stages
    count, kinds = len(stages.names), [f"class {kind}" for kind in range(len(pipeline.classes))]
    services = [GivenService(given.service_h[:, stage].tolist()) for stage in range(count)]
    gaps = {
        name: ciw.dists.Sequential([*np.diff(given.arrival_h[given.kind == kind], prepend=0.0).tolist(), np.inf])
        for kind, name in enumerate(kinds)
    }
    network = ciw.create_network(
        arrival_distributions={name: [gaps[name], *[None] * (count - 1)] for name in kinds},
        service_distributions=dict.fromkeys(kinds, services),
        number_of_servers=[_schedule(pipeline, stage) for stage in range(count)],
        queue_capacities=[_waiting_places(pipeline, stage) for stage in range(count)],
        priority_classes={name: int(stages.priority[:, kind].max()) for kind, name in enumerate(kinds)},
        routing=dict.fromkeys(kinds, ciw.routing.TransitionMatrix(np.eye(count, k=1).tolist())),
    )
    simulation = ciw.Simulation(network, individual_class=Vehicle)
    simulation.simulate_until_max_time(float(pipeline.hours))
    times = Times.unknown(len(given.arrival_h), count)
    for record in simulation.get_all_records():
        row = record.id_number - 1, record.node - 1
        times.joined_h[row], times.begun_h[row] = record.arrival_date, record.service_start_date
        times.left_h[row] = record.exit_date
    return times


def _schedule(pipeline: Pipeline, stage: int) -> int | ciw.Schedule:
    steps, hours = pipeline.stages.servers, float(pipeline.hours)
    span = slice(*steps.first[stage : stage + 2])
    numbers = steps.value[span].tolist()
    if len(numbers) == 1:
        return int(numbers[0])
    return ciw.Schedule(numbers_of_servers=numbers, shift_end_dates=[*steps.time_h[span][1:].tolist(), hours])


def _waiting_places(pipeline: Pipeline, stage: int) -> float:
    places = int(pipeline.stages.places[stage])
    servers = pipeline.stages.servers
    return float("inf") if places >= UNLIMITED else places - int(servers.value[servers.first[stage]])
