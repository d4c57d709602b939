"""The simulator's description of a crossing: stages, servers through time, and arrivals.

Time is in hours from the local midnight at which the simulation starts. Directions are 0 (from country a to b) and 1
(from b to a). Calendars, tables and names do not occur here: opening hours, shifts and holidays have become step
functions of the number of servers.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

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
class Stages:
    """Stages of a crossing.

    Arrays have the shape (stages,), or ``(S, 2, C)`` by stage, direction and class.

    Attributes
    ----------
    names
        Names of the stages. Service times are drawn by name, so a stage keeps its draws when others are added.
    position
        Position in the pipeline, ascending. Stages at one position are parallel.
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


@dataclass(frozen=True)
class Demand:
    """Arrivals: Poisson streams of vehicles, or of groups of vehicles, by direction and class.

    Attributes
    ----------
    rate_per_h
        Vehicles per hour in each simulated hour, profiles included; shape (2, classes, hours).
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
    """

    rate_per_h: Floats
    slots: Bools
    slots_per_h: Ints
    punctuality_h: float
    group: Ints | None = None


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
