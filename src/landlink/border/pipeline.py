"""The simulator's description of a crossing: stages, servers through time, and arrivals.

Time is in hours from the local midnight at which the simulation starts. Directions are 0 (from country a to b) and 1
(from b to a). Calendars, tables and names do not occur here: opening hours, shifts and holidays have become step
functions of the number of servers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property
from typing import Final

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints

#: From country a to country b, and back.
DIRECTIONS: Final = ("ab", "ba")

#: Stands for no limit on a number of vehicles.
UNLIMITED: Final = 2**31


class Distribution(IntEnum):
    """Distribution of service times."""

    CONSTANT = 0
    EXPONENTIAL = 1
    GAMMA = 2
    LOGNORMAL = 3
    UNIFORM = 4


class Discipline(IntEnum):
    """Queue discipline: first come, first served; by priority of classes; or by appointment."""

    FIFO = 0
    PRIORITY = 1
    APPOINTMENT = 2


@dataclass(frozen=True)
class StepFunctions:
    """Several step functions of time.

    Attributes
    ----------
    first
        Steps of function ``i`` are ``first[i] : first[i + 1]``; shape (functions + 1,).
    time_h
        Begin of each step, ascending within a function; the first is 0.
    value
        Value from then on.
    """

    first: Ints
    time_h: Floats
    value: Ints


@dataclass(frozen=True)
class Departures:
    """Timetables of stages: convoys under escort, trains, ferries. Services of such a stage begin at departures only.

    A departure takes the vehicles that wait at its time, as many as it has places for, and runs whether or not an
    earlier one is still under way; one for which none waits is lost.

    Attributes
    ----------
    timetabled
        Whether a stage has a timetable, shape (stages,). Servers of such a stage matter only for closing times.
    first
        Departures of stage ``i`` are ``first[i] : first[i + 1]``; shape (stages + 1,).
    time_h, places
        Time and places of each departure, ascending in time within a stage.
    """

    timetabled: Bools
    first: Ints
    time_h: Floats
    places: Ints


@dataclass(frozen=True)
class Stages:
    """Stages of a crossing.

    Arrays have the shape (stages,), or ``(S, 2, C)`` by stage, direction and class.

    Attributes
    ----------
    names
        Names of the stages. Service times are drawn by name, so a stage keeps its draws when others are added.
    position
        Position in the pipeline from a to b, ascending. Stages at one position are parallel.
    share
        Share of the vehicles that use the stage, ``(S, 2, C)``; 0: none. Among parallel stages with share 1 a vehicle
        joins the shortest queue; shares below 1 split the vehicles at random, and the remainder to 1 skips them.
    distribution, mean_h, cv
        :class:`Distribution` of service times, their mean and coefficient of variation, ``(S, 2, C)``.
    servers
        Servers on duty through time, one function per stage.
    discipline, priority
        :class:`Discipline`; priority by class, lower first, shape (stages, classes).
    batch, batch_wait_h, paired
        Vehicles in one service; hours after which an incomplete batch starts (infinite: never); whether a service takes
        one batch of each direction at once (a swap of trailers).
    places
        Most vehicles waiting, in service or blocked at the stage. A vehicle that finds no place blocks its server at
        the stage before it, a batch until its last vehicle has moved on. If a place and a server become free at the
        same time, a blocked vehicle moves up before the server selects the next one.
    turn_back
        Whether vehicles in the queue leave the crossing when the stage's shifts end, and with them those at the gate
        for whom no parallel stage is staffed. A service in progress is completed; a breakdown does not end a shift;
        vehicles that arrive after closing wait for the next shift.
    position_back
        Position of each stage on the way from b to a; ``None``: the same as from a to b. Vehicles of the two directions
        that wait for each other's places in a ring exchange them.
    departures
        Timetables; ``None``: none.
    """

    names: tuple[str, ...]
    position: Ints
    share: Floats
    distribution: Ints
    mean_h: Floats
    cv: Floats
    servers: StepFunctions
    discipline: Ints
    priority: Ints
    batch: Ints
    batch_wait_h: Floats
    paired: Bools
    places: Ints
    turn_back: Bools
    position_back: Ints | None = None
    departures: Departures | None = None

    @cached_property
    def steps(self) -> Ints:
        """Number of each stage on the way through the crossing, from 0, by direction, shape (2, stages)."""
        back = self.position if self.position_back is None else self.position_back
        steps = np.unique(np.stack([self.position, back]), return_inverse=True)[1]
        return np.ascontiguousarray(steps.reshape(2, -1).astype(np.int64))

    @property
    def opposed(self) -> bool:
        """Whether the two directions pass the stages in different orders."""
        return bool((self.steps[0] != self.steps[1]).any())

    @property
    def timetabled(self) -> Bools:
        """Whether each stage has a timetable, shape (stages,)."""
        return np.zeros(len(self.names), dtype=np.bool_) if self.departures is None else self.departures.timetabled

    def parallel(self, stage: int, way: int) -> Bools:
        """Mark the stages beside which a stage stands in one direction, itself included, shape (stages,)."""
        return np.asarray(self.steps[way] == self.steps[way, stage])


@dataclass(frozen=True)
class KnownArrivals:
    """Arrivals whose number is known: counted hour by hour, or scheduled as trains and convoys are.

    Attributes
    ----------
    direction, kind
        Direction and class of each entry.
    begin_h, width_h
        The vehicles arrive at random times within ``width_h`` hours from ``begin_h``; together if it is 0. Ascending
        within a direction and class.
    vehicles
        Number of vehicles. Fractions, as of a scaled count, add up until they make a whole vehicle.
    at_random
        Hours in which the number is not known, so that vehicles arrive at the rates, shape (2, classes, hours).
    """

    direction: Ints
    kind: Ints
    begin_h: Floats
    width_h: Floats
    vehicles: Floats
    at_random: Bools


@dataclass(frozen=True)
class Demand:
    """Arrivals: Poisson streams of vehicles, or of groups of vehicles, by direction and class; or known numbers.

    Attributes
    ----------
    rate_per_h
        Vehicles per hour in each simulated hour, profiles and known numbers included; shape (2, classes, hours).
    slots
        Whether a class books appointments, shape (2, classes).
    slots_per_h
        Appointments in each hour by direction, shape (2, hours). A vehicle takes the first free one at or after the
        hour in which it would have arrived.
    punctuality_h
        Standard deviation of arrivals around appointments, h.
    group
        Vehicles that arrive together (a convoy), shape (2, classes); ``None``: each arrives alone. Vehicles with
        appointments arrive individually.
    known
        Arrivals in known numbers; ``None``: none.
    """

    rate_per_h: Floats
    slots: Bools
    slots_per_h: Ints
    punctuality_h: float
    group: Ints | None = None
    known: KnownArrivals | None = None

    def scaled(self, factor: float | Floats, *, until_h: int | None = None) -> Demand:
        """Multiply all arrivals, and leave out those from an hour on.

        Parameters
        ----------
        factor
            One factor, or one by direction, shape (2,).
        until_h
            First hour without arrivals; ``None``: none.
        """
        by_way = np.broadcast_to(np.asarray(factor, dtype=np.float64), (2,))
        rate = self.rate_per_h * by_way[:, None, None]
        known = self.known
        if known is not None:
            known = replace(known, vehicles=known.vehicles * by_way[known.direction])
        if until_h is not None:
            rate[:, :, until_h:] = 0.0
            if known is not None:
                known = replace(known, vehicles=np.where(known.begin_h < until_h, known.vehicles, 0.0))
        return replace(self, rate_per_h=rate, known=known)


@dataclass(frozen=True)
class Gate:
    """Admission to the first stage; arrays of shape (2,) by direction.

    Vehicles of a direction are admitted in order of arrival: while the first finds no place or no quota, no vehicle
    behind it is admitted, even to another stage.

    Attributes
    ----------
    quota_per_day
        Vehicles admitted per day, shape (2, days); days begin at local midnight.
    balk_at
        A vehicle balks (diverts to another crossing) if it finds this many vehicles at the gate of its direction and,
        waiting or in service, at the stage that it would join.
    parking_places
        Vehicles that can wait for the first stage off the road; further ones wait on the road.
    """

    quota_per_day: Ints
    balk_at: Ints
    parking_places: Ints


@dataclass(frozen=True)
class Failures:
    """Independent breakdowns of servers: exponential times to failure and of repair, shape (stages,).

    Attributes
    ----------
    mean_working_h
        Mean hours between a repair and the next failure; infinite: no failures.
    mean_repair_h
        Mean hours of a repair.
    """

    mean_working_h: Floats
    mean_repair_h: Floats


@dataclass(frozen=True)
class Pipeline:
    """A crossing over a period of time.

    Attributes
    ----------
    name
        Identifier of the crossing.
    classes
        Names of the vehicle classes.
    hours
        Length of the simulation, h: a whole number of days.
    failures
        Breakdowns, drawn for each replication (:mod:`landlink.border.breakdowns`); ``None``: none.
    """

    name: str
    classes: tuple[str, ...]
    hours: int
    stages: Stages
    demand: Demand
    gate: Gate
    failures: Failures | None = None
