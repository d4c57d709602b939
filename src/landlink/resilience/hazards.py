"""Hazards of a scenario as draws need them: places in service, rates, seasons, durations and states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final, cast

import numpy as np

from landlink.resilience.durations import CLASSES, RecoveryStep, duration_classes, recovery_steps
from landlink.resilience.frequency import Rate, rate_of
from landlink.resilience.shock import Disturbance, DisturbedTable
from landlink.study import Scenario
from landlink.study.disturbed_places import DISTURBED, PlaceNames, PlaceRow
from landlink.study.effects import is_open, row_keys
from landlink.tables.clock_cells import parse_season
from landlink.tables.frames import Row, Tables, is_missing, records

__all__ = ["Hazard", "Hazards", "State", "hazards_of", "places_in_service", "season_days"]

_DAYS: Final = 365
#: A year without a 29 February.
_COMMON_YEAR: Final = 2001


@dataclass(frozen=True, slots=True)
class State:
    """How disturbed places work; see the columns of the same names of the table ``hazard``."""

    capacity_factor: float
    extra_h: float = 0.0
    extra_usd_per_t: float = 0.0

    @classmethod
    def of(cls, row: Row) -> State:
        """State that a row of ``hazard`` or ``event`` gives."""
        return cls(*(float(row[name]) for name in ("capacity_factor", "extra_h", "extra_usd_per_t")))

    @property
    def closed(self) -> bool:
        """Whether nothing passes."""
        return self.capacity_factor == 0

    @property
    def slowed(self) -> bool:
        """Whether less passes."""
        return 0 < self.capacity_factor < 1

    def at(self, place: PlaceRow, closed_days: float, slowed_days: float, missing: float = 1.0) -> Disturbance:
        """Disturbance of a place in this state.

        Parameters
        ----------
        place
            The place.
        closed_days
            Length of its closure, for a state in which it is closed.
        slowed_days
            Time until its capacity is whole again, for a state in which it is lower.
        missing
            Share of the disturbance that remains; below 1 in a recovery.
        """
        table = cast("DisturbedTable", place.table)
        if self.closed and missing == 1:
            return Disturbance(table, place.key, closed_days=closed_days)
        factor = self.capacity_factor if missing == 1 else 1 - (1 - self.capacity_factor) * missing
        extra = self.extra_h * missing, self.extra_usd_per_t * missing
        return Disturbance(table, place.key, 0.0, factor, slowed_days, *extra)


@dataclass(frozen=True)
class Hazard:
    """A hazard at places in service.

    Attributes
    ----------
    id, cause
        Identifier and cause.
    process
        What strikes: `group:` and the group, or `hazard:` and the hazard itself.
    rate
        Events of the process, 1/year.
    share
        Probability that an event of the process strikes the hazard's places.
    days
        Days of the year on which events begin, from 0 for 1 January; ascending.
    durations
        Length of a disturbance by class of :data:`~landlink.resilience.durations.CLASSES`, days.
    state
        State of the places while it lasts.
    recovery
        Steps of the recovery that follows.
    places
        Places disturbed.
    """

    id: str
    cause: str
    process: str
    rate: Rate
    share: float
    days: tuple[int, ...]
    durations: tuple[float, ...]
    state: State
    recovery: tuple[RecoveryStep, ...]
    places: tuple[PlaceRow, ...]

    @property
    def mean_events(self) -> float:
        """Mean number of events a year that strike its places."""
        return self.rate.mean * self.share

    @cached_property
    def mean_days(self) -> float:
        """Mean length of a disturbance, days, without recovery; longest durations cut."""
        widths = np.diff((0.0, *CLASSES))
        return float(sum(width * days for width, days in zip(widths.tolist(), self.durations, strict=True)))

    def disturbances(self, duration_class: int, step: int) -> tuple[Disturbance, ...]:
        """Its places while it lasts (step 0), and in the steps of the recovery after it (from 1)."""
        missing = 1.0 if step == 0 else self.recovery[step - 1].missing
        closed, slowed = self.durations[duration_class], self.mean_slowed_days
        return tuple(self.state.at(place, closed, slowed, missing) for place in self.places)

    @property
    def mean_slowed_days(self) -> float:
        """Mean time for which capacities are lower: the recovery, and what comes before it unless that is a closure."""
        return self.recovery_days if self.state.closed else self.mean_days + self.recovery_days

    @property
    def recovery_days(self) -> float:
        """Length of its recovery."""
        return sum(step.days for step in self.recovery)


@dataclass(frozen=True)
class Hazards:
    """Hazards of a scenario.

    Attributes
    ----------
    hazards
        Those that may strike, by identifier, ascending.
    idle
        Those that cannot in this scenario, each with the reason.
    """

    hazards: tuple[Hazard, ...]
    idle: Mapping[str, str] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Hazard]:
        return iter(self.hazards)

    def __len__(self) -> int:
        return len(self.hazards)

    @cached_property
    def processes(self) -> Mapping[str, tuple[int, ...]]:
        """Numbers of the hazards of each process, ascending by name."""
        found: dict[str, tuple[int, ...]] = {}
        for number, one in enumerate(self.hazards):
            found[one.process] = (*found.get(one.process, ()), number)
        return dict(sorted(found.items()))


def hazards_of(scenario: Scenario) -> Hazards:
    """Read the hazards of a scenario: those in force in its year, at places in service, after measures.

    Parameters
    ----------
    scenario
        The scenario.

    Examples
    --------
    >>> import landlink as ll
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> hazards = hazards_of(study.at(2030))
    >>> next(one.cause for one in hazards if one.id == "winter-too-ashuu")
    'avalanche'
    """
    frame = scenario.tables["hazard"]
    names, served = PlaceNames(scenario.study.tables), places_in_service(scenario.tables)
    found, idle = [], {}
    for row, in_force in zip(records(frame), is_open(frame, scenario.year).tolist(), strict=True):
        name = str(row["hazard_id"])
        places = tuple(place for place in names.rows(row["places"]) if place in served)
        if not in_force:
            idle[name] = f"it is not in force in {scenario.year}"
        elif not places:
            idle[name] = f"none of its places is in service in {scenario.year}"
        else:
            found.append(_hazard(row, places))
    return Hazards(tuple(sorted(found, key=lambda one: one.id)), dict(sorted(idle.items())))


def places_in_service(tables: Tables) -> frozenset[PlaceRow]:
    """Rows that can be disturbed and are in service, of the tables of a scenario."""
    found = set()
    for table in DISTURBED:
        frame = tables[table]
        if table == "crossing":
            frame = frame[frame["in_service"].to_numpy(dtype=bool)]
        found |= {PlaceRow(table, key) for key in row_keys(frame, table)}
    return frozenset(found)


def _hazard(row: Row, places: tuple[PlaceRow, ...]) -> Hazard:
    name, group = str(row["hazard_id"]), str(row["group"])
    share = 1.0 if is_missing(row["group_share"]) else float(row["group_share"])
    return Hazard(
        id=name,
        cause=str(row["cause"]),
        process=f"group:{group}" if group else f"hazard:{name}",
        rate=rate_of(row),
        share=share,
        days=season_days(str(row["season"])),
        durations=duration_classes(float(row["duration_days"]), float(row["duration_spread"])),
        state=State.of(row),
        recovery=_recovery(row),
        places=places,
    )


def _recovery(row: Row) -> tuple[RecoveryStep, ...]:
    days, course = float(row["recovery_days"]), str(row["recovery"])
    lost = 1 - float(row["capacity_factor"])
    if is_missing(row["recovery_factor"]) or lost == 0:
        return recovery_steps(days, course)
    return recovery_steps(days, course, (1 - float(row["recovery_factor"])) / lost)


def season_days(season: str) -> tuple[int, ...]:
    """Days of a common year in a season, from 0 for 1 January; all of them without a season.

    Examples
    --------
    >>> season_days("12-31/01-02")
    (0, 1, 364)
    """
    if not season:
        return tuple(range(_DAYS))
    days = parse_season(season) - {(2, 29)}
    return tuple(sorted(date(_COMMON_YEAR, *day).timetuple().tm_yday - 1 for day in days))
