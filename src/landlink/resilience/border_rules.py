"""What the rules of a border let pass from day to day: closures, health rules and hours, as capacities of crossings.

A study whose crossings are simulated has dated rules for them. A replay can take the capacity of such a crossing from
the rules of those days instead of what its phases state: the capacity of its bottleneck, over that of the scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby, pairwise
from typing import Final

from landlink.border.bottleneck import find_bottlenecks
from landlink.border.pipeline_builder import build_pipeline, crossings_with_stages
from landlink.border.tables_by_day import change_days, frozen_on
from landlink.border.transit_times import HORIZON_DAYS, HORIZON_START
from landlink.core.errors import InputError
from landlink.resilience.event_phases import Event, EventPiece, whole_days
from landlink.resilience.shock import Disturbance
from landlink.resilience.years import merged_shock
from landlink.study import Study
from landlink.study.effects import rules_in_force
from landlink.study.study import Scenario
from landlink.tables.frames import records

__all__ = ["RuleCapacity", "rule_capacities", "under_rules"]

#: Crossings are simulated for trucks.
_FAMILY: Final = "road"
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
    usual = _vehicles(scenario.study, name, scenario.year)
    days = [*change_days(scenario.study, begins, (ends - begins).days), ends]
    found = []
    for one, other in pairwise(days):
        vehicles = _vehicles(frozen_on(scenario.study, name, one), name, scenario.year)
        found.append(RuleCapacity(name, one, other, vehicles, usual, _in_force(scenario.study, name, one)))
    for _, same in groupby(found, key=lambda one: (f"{one.vehicles_per_day:.9g}", one.rules)):
        parts = list(same)
        yield replace(parts[0], ends=parts[-1].ends)


def _vehicles(study: Study, name: str, year: int) -> float:
    """Vehicles a day that a crossing can pass in the weeks for which it is simulated; 0 if it is closed."""
    start = date(year, *HORIZON_START)
    try:
        pipeline = build_pipeline(study, name, start=start, days=HORIZON_DAYS, family=_FAMILY)
    except InputError:
        # A closed crossing has no traffic of which anything could be built.
        return 0.0
    return sum(one.capacity for one in find_bottlenecks(pipeline))


def _in_force(study: Study, name: str, day: date) -> str:
    """Rules of a crossing on a day, without those that are in force for good."""
    ending = {str(row["rule_id"]) for row in records(study.tables["rule"]) if row["open_to"]}
    return ";".join(one for one in rules_in_force(study.tables, name, day) if one in ending)


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
        yield Disturbance("crossing", place, closed_days=_days(one, given, _is_closed))
    elif _is_slowed(one):
        days = _days(one, given, _is_slowed)
        yield Disturbance("crossing", place, capacity_factor=one.factor, slowed_days=days)


def _is_closed(one: RuleCapacity) -> bool:
    return one.vehicles_per_day == 0


def _is_slowed(one: RuleCapacity) -> bool:
    return one.vehicles_per_day > 0 and one.factor < 1 - _ROUNDING


def _days(one: RuleCapacity, given: Sequence[RuleCapacity], alike: Callable[[RuleCapacity], bool]) -> float:
    """Length of the closure or slowdown that a time is part of."""
    same = (other for other in given if other.crossing_id == one.crossing_id and alike(other))
    return whole_days(one.begins, ((other.begins, other.ends) for other in same))
