"""What the rules of a border let pass from day to day: closures, health rules and hours, as capacities of crossings.

A study whose crossings are simulated has dated rules for them. A replay can take the capacity of such a crossing from
the rules of those days instead of what its phases state: the capacity of its bottleneck, over that of the scenario.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby, pairwise
from typing import Final

from landlink.border.bottleneck import find_bottlenecks
from landlink.border.pipeline import Pipeline
from landlink.border.pipeline_builder import build_pipeline, crossings_with_stages
from landlink.border.transit_times import horizon_pipeline
from landlink.core.errors import InputError
from landlink.resilience.event_phases import Event, EventPiece
from landlink.resilience.shock import Disturbance
from landlink.resilience.years import merged_shock
from landlink.study.effects import rules_in_force
from landlink.study.study import Scenario
from landlink.tables.dates import parse_date
from landlink.tables.frames import Row, records
from landlink.tables.lists import split_list

__all__ = ["RuleCapacity", "rule_capacities", "under_rules"]

#: Crossings are simulated for trucks.
_FAMILY: Final = "road"
#: Days over which a crossing's mix of vehicles is taken.
_DAYS: Final = 28
#: Relative difference of capacities that is rounding.
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class RuleCapacity:
    """What a crossing can pass while its rules stay the same.

    Attributes
    ----------
    crossing_id
        The crossing.
    begins, ends
        First day, and first day after.
    vehicles_per_day
        Vehicles a day in both directions together that its bottlenecks pass; 0: closed; infinite: nothing limits them.
    usual
        The same on a day of the scenario.
    rules
        Rules in force that are not in force for good, joined by semicolons.
    """

    crossing_id: str
    begins: date
    ends: date
    vehicles_per_day: float
    usual: float
    rules: str

    @property
    def factor(self) -> float:
        """Capacity over that of the scenario, at most 1."""
        return min(self.vehicles_per_day / self.usual, 1.0) if self.usual > 0 else 1.0


def rule_capacities(scenario: Scenario, event: Event) -> tuple[RuleCapacity, ...]:
    """What the event's crossings pass by the rules of its days, for those that are simulated.

    Parameters
    ----------
    scenario
        The scenario, whose crossings have stages, services and rules.
    event
        The event.
    """
    named = {one.row for piece in event.pieces for one in piece.shock.disturbances if one.table == "crossing"}
    simulated = crossings_with_stages(scenario.study, family=_FAMILY)
    chosen = [name for name in simulated if f"{name}/{_FAMILY}" in named or name in named]
    begins, ends = event.pieces[0].begins, max(piece.ends for piece in event.pieces)
    return tuple(one for name in chosen for one in _of_crossing(scenario, name, begins, ends))


def _of_crossing(scenario: Scenario, name: str, begins: date, ends: date) -> Iterator[RuleCapacity]:
    usual = _capacity_of(horizon_pipeline(scenario.study, name, _FAMILY, scenario.year))
    days = sorted({begins, ends, *(day for day in _changes(scenario, name) if begins < day < ends)})
    found = [
        RuleCapacity(name, one, other, _capacity(scenario, name, one), usual, _in_force(scenario, name, one))
        for one, other in pairwise(days)
    ]
    for _, same in groupby(found, key=lambda one: (f"{one.vehicles_per_day:.9g}", one.rules)):
        parts = list(same)
        yield replace(parts[0], ends=parts[-1].ends)


def _capacity(scenario: Scenario, name: str, day: date) -> float:
    """Vehicles a day that a crossing can pass from some day on; 0 if nobody comes or nothing is open."""
    try:
        return _capacity_of(build_pipeline(scenario.study, name, start=day, days=_DAYS, family=_FAMILY))
    except InputError:
        # A closed crossing has no traffic, of which there is nothing to build.
        return 0.0


def _capacity_of(pipeline: Pipeline) -> float:
    return sum(one.capacity for one in find_bottlenecks(pipeline))


def _rules(scenario: Scenario, name: str) -> Iterator[Row]:
    """Rules that are or were in force at a crossing, as planned ones are not."""
    for row in records(scenario.study.tables["rule"]):
        if row["status"] != "planned" and name in (split_list(row["crossing_id"]) or (name,)):
            yield row


def _changes(scenario: Scenario, name: str) -> set[date]:
    """Days on which a rule of a crossing begins or ends."""
    ends = (parse_date(str(row[end])) for row in _rules(scenario, name) for end in ("open_from", "open_to"))
    return {day for day in ends if day is not None}


def _in_force(scenario: Scenario, name: str, day: date) -> str:
    for_a_time = {str(row["rule_id"]) for row in _rules(scenario, name) if row["open_to"]}
    return ";".join(one for one in rules_in_force(scenario.study.tables, name, day) if one in for_a_time)


def under_rules(event: Event, capacities: Iterable[RuleCapacity]) -> Event:
    """The event with the capacities of crossings that the rules give, from its first day to its last.

    Parameters
    ----------
    event
        The event.
    capacities
        What its crossings pass by the rules.
    """
    given = tuple(capacities)
    ruled = {f"{one.crossing_id}/{_FAMILY}" for one in given}
    ends = {day for one in given for day in (one.begins, one.ends)}
    ends |= {day for piece in event.pieces for day in (piece.begins, piece.ends)}
    pieces = [piece for span in pairwise(sorted(ends)) if (piece := _piece(event, given, ruled, *span)) is not None]
    return replace(event, pieces=tuple(pieces))


def _piece(event: Event, given: Sequence[RuleCapacity], ruled: set[str], begins: date, ends: date) -> EventPiece | None:
    """What is disturbed in a time: places without rules as stated, crossings with rules as these say."""
    stated = [piece for piece in event.pieces if piece.begins <= begins and ends <= piece.ends]
    kept = [one for piece in stated for one in piece.shock.disturbances if one.row not in ruled]
    by_rule = [
        one
        for capacity in given
        if capacity.begins <= begins and ends <= capacity.ends
        for one in _disturbance(capacity, given)
    ]
    phases = tuple(sorted({phase for piece in stated for phase in piece.phases}))
    return EventPiece(begins, ends, merged_shock([*kept, *by_rule]), phases) if kept or by_rule else None


def _disturbance(one: RuleCapacity, given: Sequence[RuleCapacity]) -> Iterator[Disturbance]:
    place = f"{one.crossing_id}/{_FAMILY}"
    if one.vehicles_per_day == 0:
        yield Disturbance("crossing", place, closed_days=_closed_days(one, given))
    elif one.factor < 1 - _ROUNDING:
        yield Disturbance("crossing", place, capacity_factor=one.factor)


def _closed_days(one: RuleCapacity, given: Sequence[RuleCapacity]) -> float:
    """Length of the closure that a time is part of."""
    begins, ends = one.begins, one.ends
    for other in given:
        if other.crossing_id == one.crossing_id and other.vehicles_per_day == 0 and other.begins == ends:
            ends = other.ends
    for other in reversed(given):
        if other.crossing_id == one.crossing_id and other.vehicles_per_day == 0 and other.ends == begins:
            begins = other.begins
    return float((ends - begins).days)
