"""A crossing as the simulator sees it: stages, their servers through time, and the vehicles that come.

Time is in hours from a local midnight, the start of what is simulated. Directions are 0 (from country a to b) and 1
(from b to a). Nothing here knows of calendars, tables or names of laws: opening hours, shifts, holidays and breakdowns
have all become steps of the number of servers.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from landlink.core.arrays import Bools, Floats, Ints

#: From country a to country b, and back.
DIRECTIONS: Final = ("ab", "ba")

#: More vehicles than any place holds: no limit.
UNLIMITED: Final = 2**31


class Law(IntEnum):
    """How service times are spread around their mean."""

    CONSTANT = 0
    EXPONENTIAL = 1
    GAMMA = 2
    LOGNORMAL = 3
    UNIFORM = 4


class Discipline(IntEnum):
    """Who is served next: the first to come, the most urgent class, or the earliest appointment."""

    FIFO = 0
    PRIORITY = 1
    APPOINTMENT = 2


@dataclass(frozen=True)
class Steps:
    """Several functions of time that change in steps.

    Attributes
    ----------
    first
        Steps of function ``i`` are ``first[i] : first[i + 1]``; shape (functions + 1,).
    time_h
        When each step begins, ascending within a function; the first is 0.
    value
        What holds from then on.
    """

    first: Ints
    time_h: Floats
    value: Ints


@dataclass(frozen=True)
class Stages:
    """The stages of a crossing; arrays of shape (stages,) unless said, ``(S, 2, C)`` by stage, direction and class.

    Attributes
    ----------
    names
        One name each. Service times are drawn by it, so that a stage keeps its draws when others come or go.
    position
        Place in the pipeline, ascending. Stages at one position stand beside each other.
    share
        Part of the vehicles that passes the stage, ``(S, 2, C)``; 0: none. Of several stages at one position with
        share 1 a vehicle joins the shortest line; shares below 1 split the vehicles at random, and what is left of 1
        passes by.
    law, mean_h, cv
        :class:`Law` of service times, their mean and coefficient of variation, ``(S, 2, C)``.
    servers
        Servers at work through time, one function for each stage.
    discipline, priority
        :class:`Discipline`; urgency by class, lower first, shape (stages, classes).
    batch, batch_wait_h, paired
        Vehicles that one service takes together; hours after which a batch that is not full starts with those that are
        there (infinite: it never does); whether a service takes a batch of each direction at once (a swap of trailers).
    places
        Most vehicles waiting, in service and held after it; a vehicle that finds no place keeps the server of the stage
        before it, a batch until its last vehicle has gone on. Where a server and a place are free at once, a vehicle
        moves up first and then the server takes the most urgent.
    turn_back
        Whether those in line leave the crossing when the stage's shifts end, and with them those at the gate for whom
        no stage beside it is at work. Whoever is being served is served to the end; a breakdown ends no shift; who
        comes after closing waits for the next shift.
    """

    names: tuple[str, ...]
    position: Ints
    share: Floats
    law: Ints
    mean_h: Floats
    cv: Floats
    servers: Steps
    discipline: Ints
    priority: Ints
    batch: Ints
    batch_wait_h: Floats
    paired: Bools
    places: Ints
    turn_back: Bools


@dataclass(frozen=True)
class Demand:
    """The vehicles that come: Poisson streams of vehicles, or of groups of them, by direction and class.

    Attributes
    ----------
    rate_per_h
        Vehicles an hour in each hour of what is simulated, profiles of day, week and season included; shape
        (2, classes, hours).
    slots
        Whether each class books: (2, classes).
    slots_per_h
        Vehicles that may book one hour, by direction, shape (2, hours); a vehicle takes the first free place at or
        after the hour it would have come.
    punctuality_h
        Standard deviation of arrival around the booked time, h.
    group
        Vehicles that come together, one behind the other (a convoy), shape (2, classes); ``None``: each comes alone.
        Those that book come at their own times.
    """

    rate_per_h: Floats
    slots: Bools
    slots_per_h: Ints
    punctuality_h: float
    group: Ints | None = None


@dataclass(frozen=True)
class Gate:
    """What is decided before the first stage, shape (2,) by direction.

    Vehicles of a direction are let in in the order in which they come: while the first finds no place or no quota,
    nobody behind it goes in, even to another stage.

    Attributes
    ----------
    quota_per_day
        Vehicles let in to the first stage on each day, shape (2, days); the day begins at local midnight.
    balk_at
        A vehicle that finds so many at the stage it would join, waiting or in service, and at the gate of its direction
        goes elsewhere.
    parking_places
        Vehicles that can wait for the first stage off the road; more than that stand on the road.
    """

    quota_per_day: Ints
    balk_at: Ints
    parking_places: Ints


@dataclass(frozen=True)
class Failures:
    """Breakdowns of servers, each on its own: exponential times to failure and of repair, shape (stages,).

    Attributes
    ----------
    mean_working_h
        Mean hours between a repair and the next breakdown; infinite: none.
    mean_repair_h
        Mean hours of a repair.
    """

    mean_working_h: Floats
    mean_repair_h: Floats


@dataclass(frozen=True)
class Pipeline:
    """A crossing over a stretch of time.

    Attributes
    ----------
    name
        Identifier of the crossing.
    classes
        Names of the vehicle classes.
    hours
        What is simulated, h: a whole number of days.
    failures
        Breakdowns, which each replication draws anew (:mod:`landlink.border.breakdowns`); ``None``: no server breaks
        down.
    """

    name: str
    classes: tuple[str, ...]
    hours: int
    stages: Stages
    demand: Demand
    gate: Gate
    failures: Failures | None = None
