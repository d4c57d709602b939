"""What units of a kind are called to: places of hazards, by events a year and by what an hour of delay costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from landlink.core.errors import InputError, Problem
from landlink.resilience.hazards import Hazard, Hazards
from landlink.resilience.response_network import ResponseNetwork
from landlink.study.disturbed_places import DISTURBED, PlaceRow
from landlink.tables.frames import Row
from landlink.tables.lists import split_list

__all__ = ["Call", "GivenLosses", "Losses", "Need", "calls_of", "freight_calls", "given_losses"]

_DAY_H: Final = 24.0
_UNKNOWN: Final = float("nan")


@dataclass(frozen=True, slots=True)
class Need:
    """A place that a hazard strikes, and what response is worth there.

    Attributes
    ----------
    place
        The place.
    hazard
        The hazard; empty where places are weighted by freight alone.
    events_per_year
        Mean number of events a year.
    usd_per_h
        What an hour of one event costs; NaN where response does not change the length of a closure, or where no hazard
        is known.
    weight
        Weight of an hour of delay in a year: USD, else events, else tonne-kilometres a day.
    most_h
        Longest delay: no unit shortens a disturbance by more than its length, h.
    """

    place: PlaceRow
    hazard: str
    events_per_year: float
    usd_per_h: float
    weight: float
    most_h: float


class Losses(Protocol):
    """What a longer disturbance costs."""

    def usd_per_h(self, hazard: Hazard, place: PlaceRow, saved_h: float) -> float:
        """What the last hours of a disturbance of a place cost, USD for each hour.

        Parameters
        ----------
        hazard, place
            The hazard and the place, which is disturbed alone.
        saved_h
            Hours at the end of the disturbance that response may save.
        """


@dataclass(frozen=True)
class GivenLosses:
    """Losses of a table: the same for every day of a closure, in proportion to the capacity that is lost.

    Attributes
    ----------
    usd_per_day
        Loss of a day by place; places without one cost nothing.
    """

    usd_per_day: Mapping[PlaceRow, float]

    def usd_per_h(self, hazard: Hazard, place: PlaceRow, saved_h: float) -> float:  # noqa: ARG002  no length counts
        """See :meth:`Losses.usd_per_h`."""
        return self.usd_per_day.get(place, 0.0) * (1 - hazard.state.capacity_factor) / _DAY_H


@dataclass(frozen=True, slots=True)
class Call:
    """A place to which units of a kind may be called.

    Attributes
    ----------
    place
        The place.
    hazard
        The hazard that strikes it; ``None`` where places are weighted by freight.
    events_per_year
        Mean number of events a year; NaN without a hazard.
    most_h
        Longest delay that matters, h.
    freight
        Tonne-kilometres a day, where places are weighted by freight.
    """

    place: PlaceRow
    hazard: Hazard | None
    events_per_year: float
    most_h: float
    freight: float = 0.0

    def need(self, losses: Losses | None) -> Need:
        """The call with its weight: by money if losses are given, else by events, else by freight."""
        if self.hazard is None:
            return Need(self.place, "", _UNKNOWN, _UNKNOWN, self.freight, self.most_h)
        if losses is None:
            return Need(self.place, self.hazard.id, self.events_per_year, _UNKNOWN, self.events_per_year, self.most_h)
        price = losses.usd_per_h(self.hazard, self.place, self.most_h)
        return Need(self.place, self.hazard.id, self.events_per_year, price, self.events_per_year * price, self.most_h)


def calls_of(unit: Row, hazards: Hazards, network: ResponseNetwork) -> Iterator[Call]:
    """Calls of units of a kind: hazards of its causes, at places that it serves on its network.

    Parameters
    ----------
    unit
        Row of the table ``response_unit``.
    hazards
        Hazards of the scenario.
    network
        Links of the family of the kind.
    """
    causes, serves = split_list(unit["causes"]), split_list(unit["serves"])
    outside_h = float(unit["outside_h"])
    for hazard in hazards:
        if causes and hazard.cause not in causes:
            continue
        # A closure is over when it is over, whether somebody came or not.
        most_h = min(outside_h, hazard.mean_days * _DAY_H) if unit["reopens"] else outside_h
        for place in hazard.places:
            if place.table in serves and network.serves(place):
                yield Call(place, hazard, hazard.mean_events, most_h)


def freight_calls(
    unit: Row, network: ResponseNetwork, tonne_km_per_day: Mapping[PlaceRow, float], countries: frozenset[str]
) -> Iterator[Call]:
    """Calls where no hazard is known: links by their freight, as if all km were as likely to be struck.

    Parameters
    ----------
    unit
        Row of the table ``response_unit``.
    network
        Links of the family of the kind.
    tonne_km_per_day
        Freight of each link.
    countries
        Countries whose links count.
    """
    for place in network.links:
        freight = tonne_km_per_day.get(place, 0.0)
        if freight > 0 and network.countries_of(place) and network.countries_of(place) <= countries:
            yield Call(place, None, _UNKNOWN, float(unit["outside_h"]), freight)


def given_losses(by_name: Mapping[str, float]) -> GivenLosses:
    """Losses by names as ``link:RD010``, USD/day.

    Raises
    ------
    InputError
        A name is no place, or a loss is negative or no number.
    """
    found: dict[PlaceRow, float] = {}
    problems = []
    for name, value in by_name.items():
        table, _, key = name.partition(":")
        if table not in DISTURBED or not key:
            problems.append(
                Problem("losses", "not a place", value=name, allowed="such as link:ID or crossing:ID/family")
            )
        elif not 0 <= value < float("inf"):
            problems.append(Problem("losses", "invalid value", name, value=str(value), allowed="a number, 0 or more"))
        found[PlaceRow(table, key)] = float(value)
    if problems:
        raise InputError(problems)
    return GivenLosses(found)
