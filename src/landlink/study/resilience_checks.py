"""Consistency checks of hazards and events, with one function per check."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any, Final

from landlink.core.errors import Problem
from landlink.study.check_registry import looks_at
from landlink.study.disturbed_places import PLACE_COLUMNS, PLACE_NAME_COLUMNS, PlaceNames, PlaceRow, UnknownPlaceError
from landlink.tables.clock_cells import parse_season
from landlink.tables.dates import decimal_year
from landlink.tables.frames import Row, Tables, is_missing, records

__all__ = ["MOST_EVENTS"]

#: Most events of a hazard in a year; what happens more often belongs into hours of opening and capacities.
MOST_EVENTS: Final = 52.0
_LEAP_DAY: Final = (2, 29)
_STATE: Final = "capacity_factor extra_h extra_usd_per_t"
_RATE: Final = ("events_per_year", "events_observed", "years_observed")


def _hazards(tables: Tables) -> Iterator[tuple[str, Row]]:
    for row in records(tables["hazard"]):
        yield str(row["hazard_id"]), row


def _events(tables: Tables) -> Iterator[tuple[str, Row]]:
    for row in records(tables["event"]):
        yield f"{row['event_id']}/{row['phase']}", row


def _shown(cell: Any) -> str:
    if is_missing(cell):
        return ""
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


@looks_at(hazard="places", event="places", **PLACE_NAME_COLUMNS)
def places_of_nothing(tables: Tables) -> Iterable[Problem]:
    """Find places of hazards and events that the study does not have."""
    rows = [("hazard", *one) for one in _hazards(tables)] + [("event", *one) for one in _events(tables)]
    if not rows:
        return
    names = PlaceNames(tables)
    for table, where, row in rows:
        for word, error in names.faults(row["places"]):
            yield Problem(table, str(error), where, "places", word, error.allowed)


@looks_at(hazard="events_per_year events_observed years_observed rate_spread")
def rates_that_are_not_one(tables: Tables) -> Iterable[Problem]:
    """Find hazards without a rate, with two, or with half a count; and those that are no exceptions."""
    for where, row in _hazards(tables):
        stated, counted, years = (not is_missing(row[name]) for name in _RATE)
        if stated and (counted or years):
            message = "both a stated rate and a count"
            yield Problem("hazard", message, where, "events_per_year", _shown(row["events_per_year"]), "one of the two")
        elif counted != years:
            missing = "years_observed" if counted else "events_observed"
            yield Problem("hazard", "half a count", where, missing, "", "events_observed and years_observed")
        elif not stated and not counted:
            allowed = "events_per_year, or events_observed and years_observed"
            yield Problem("hazard", "no rate", where, "events_per_year", "", allowed)
        elif counted and row["rate_spread"]:
            message = "the spread of a counted rate follows from its count"
            yield Problem("hazard", message, where, "rate_spread", _shown(row["rate_spread"]), "an empty cell")
        else:
            rate = row["events_per_year"] if stated else row["events_observed"] / row["years_observed"]
            if rate > MOST_EVENTS:
                message = f"{rate:g} events a year are no exception"
                allowed = f"at most {MOST_EVENTS:g}; describe what is usual by capacities, times and opening hours"
                column = "events_per_year" if stated else "events_observed"
                yield Problem("hazard", message, where, column, _shown(row[column]), allowed)


@looks_at(hazard="season")
def seasons_without_days(tables: Tables) -> Iterable[Problem]:
    """Find seasons that have no day in most years."""
    for where, row in _hazards(tables):
        if row["season"] and not parse_season(row["season"]) - {_LEAP_DAY}:
            message = "the season has no day in most years"
            yield Problem("hazard", message, where, "season", row["season"], "a range with a day other than 02-29")


@looks_at(hazard="group group_share season events_per_year events_observed years_observed rate_spread")
def groups_that_contradict(tables: Tables) -> Iterable[Problem]:
    """Find groups whose hazards disagree on what all share, and shares of no group."""
    first: dict[str, tuple[str, Row]] = {}
    for where, row in _hazards(tables):
        if not row["group"]:
            if not is_missing(row["group_share"]):
                message = "a share of no group"
                yield Problem(
                    "hazard", message, where, "group_share", _shown(row["group_share"]), "an empty cell; or a group"
                )
            continue
        other, shared = first.setdefault(row["group"], (where, row))
        for column in ("season", *_RATE, "rate_spread"):
            if not _agree(row[column], shared[column]):
                message = f"contradicts the row {other} of the group {row['group']}, whose events they share"
                yield Problem(
                    "hazard", message, where, column, _shown(row[column]), _shown(shared[column]) or "an empty cell"
                )


def _agree(one: Any, other: Any) -> bool:
    return bool(one == other) or (is_missing(one) and is_missing(other))


@looks_at(hazard=_STATE, event=_STATE)
def disturbances_of_nothing(tables: Tables) -> Iterable[Problem]:
    """Find hazards and phases that change nothing, and closed places that are slow too."""
    rows = [("hazard", *one) for one in _hazards(tables)] + [("event", *one) for one in _events(tables)]
    for table, where, row in rows:
        extras = [name for name in ("extra_h", "extra_usd_per_t") if row[name]]
        if row["capacity_factor"] == 1 and not extras:
            allowed = "a number below 1; or additional hours or money"
            yield Problem(table, "nothing is disturbed", where, "capacity_factor", "1", allowed)
        for name in extras if row["capacity_factor"] == 0 else ():
            message = "the places are closed, so nobody passes at an additional cost"
            yield Problem(table, message, where, name, _shown(row[name]), "0; or a capacity_factor above 0")


@looks_at(hazard="capacity_factor recovery recovery_days recovery_factor")
def recoveries_to_nothing(tables: Tables) -> Iterable[Problem]:
    """Find reduced regimes after a disturbance that are not reached, or are worse than the disturbance."""
    for where, row in _hazards(tables):
        if is_missing(row["recovery_factor"]):
            continue
        factor = _shown(row["recovery_factor"])
        if row["recovery"] != "step" or row["recovery_days"] == 0:
            allowed = "an empty cell; or the recovery step, with recovery_days above 0"
            yield Problem("hazard", "a recovery without a step", where, "recovery_factor", factor, allowed)
        elif row["recovery_factor"] < row["capacity_factor"]:
            message, least = "less capacity than before the recovery", f"at least {row['capacity_factor']:g}"
            yield Problem("hazard", message, where, "recovery_factor", factor, least)


@looks_at(event="begins ends")
def phases_without_days(tables: Tables) -> Iterable[Problem]:
    """Find phases that end before they begin."""
    for where, row in _events(tables):
        if _backwards(row):
            yield _no_days("event", where, row)


@looks_at(event_observed="begins ends")
def observed_without_days(tables: Tables) -> Iterable[Problem]:
    """Find observations of events whose period ends before it begins."""
    for row in records(tables["event_observed"]):
        if _backwards(row):
            yield _no_days("event_observed", f"{row['event_id']}/{row['indicator']}/{row['begins']}/{row['ends']}", row)


def _backwards(row: Row) -> bool:
    return decimal_year(row["ends"]) <= decimal_year(row["begins"])


def _no_days(table: str, where: str, row: Row) -> Problem:
    allowed = f"a date after {row['begins']}; ends is the first day after it"
    return Problem(table, "ends is not after begins", where, "ends", row["ends"], allowed)


@looks_at(event="places begins ends", **PLACE_COLUMNS)
def phases_that_overlap(tables: Tables) -> Iterable[Problem]:
    """Find phases of one event that disturb one place at the same time."""
    phases: dict[str, list[tuple[str, Row, frozenset[PlaceRow]]]] = defaultdict(list)
    names = PlaceNames(tables) if len(tables["event"]) else None
    for where, row in _events(tables):
        try:
            places = frozenset(names.rows(row["places"])) if names is not None else frozenset()
        except UnknownPlaceError:
            continue  # listed with the places
        phases[row["event_id"]].append((where, row, places))
    for found in phases.values():
        for (_, one, at), (where, other, there) in combinations(found, 2):
            if (common := at & there) and _meet(one, other):
                place = min(common)
                message = f"overlaps the phase {one['phase']} at {place.table}:{place.key}"
                allowed = f"a phase from {one['ends']}, or before {one['begins']}; or other places"
                yield Problem("event", message, where, "begins", other["begins"], allowed)


def _meet(one: Row, other: Row) -> bool:
    later, earlier = (decimal_year(row[end]) for row, end in ((one, "begins"), (other, "ends")))
    return later < earlier and decimal_year(other["begins"]) < decimal_year(one["ends"])


@looks_at(event="cause hazard_id", hazard="cause")
def events_of_another_cause(tables: Tables) -> Iterable[Problem]:
    """Find events that are instances of hazards of another cause, and phases of one event with several hazards."""
    cause = {name: row["cause"] for name, row in _hazards(tables)}
    of_event: dict[str, str] = {}
    for where, row in _events(tables):
        hazard = row["hazard_id"]
        if hazard in cause and cause[hazard] != row["cause"]:
            message = f"an instance of the hazard {hazard}, whose cause is {cause[hazard]}"
            yield Problem("event", message, where, "cause", row["cause"], cause[hazard])
        if of_event.setdefault(row["event_id"], hazard) != hazard:
            message = "phases of one event are instances of different hazards"
            allowed = of_event[row["event_id"]] or "an empty cell, as in its first phase"
            yield Problem("event", message, where, "hazard_id", hazard, allowed)
