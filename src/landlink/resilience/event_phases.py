"""Events as they happened: what was disturbed from one day to another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from landlink.core.errors import Problem, UnknownNameError, hint
from landlink.resilience.hazards import State, places_in_service
from landlink.resilience.shock import Shock
from landlink.resilience.years import merged_shock
from landlink.study import Scenario
from landlink.study.disturbed_places import PlaceNames, PlaceRow
from landlink.tables.dates import parse_date
from landlink.tables.frames import Row, records, texts
from landlink.tables.names import names_of
from landlink.tables.schemas import TABLES

__all__ = ["Event", "EventPiece", "event_of", "phases_text", "whole_days"]


@dataclass(frozen=True, slots=True)
class EventPiece:
    """A time in which the same is disturbed.

    Attributes
    ----------
    begins, ends
        First day, and first day after it.
    shock
        What is disturbed, and how; of places that were closed or slowed, the length of the whole closure or slowdown,
        of which this may be a part.
    phases
        Phases that last meanwhile.
    """

    begins: date
    ends: date
    shock: Shock
    phases: tuple[int, ...]

    @property
    def days(self) -> int:
        """Its length."""
        return (self.ends - self.begins).days

    @property
    def phase_text(self) -> str:
        """Its phases in one word."""
        return phases_text(self.phases)


@dataclass(frozen=True)
class Event:
    """An event that happened, or that is assumed.

    Attributes
    ----------
    id, cause, hazard
        Identifier, cause, and the hazard of which it is an instance, empty if of none.
    names
        Names by the columns of their languages.
    pieces
        What was disturbed from day to day; times between two phases are left out.
    idle
        Places that are not in service in the scenario, so that the event cannot disturb them.
    """

    id: str
    cause: str
    hazard: str
    names: Mapping[str, str]
    pieces: tuple[EventPiece, ...]
    idle: tuple[PlaceRow, ...]


def event_of(scenario: Scenario, event_id: str) -> Event:
    """Read an event as it disturbs the network of a scenario.

    Parameters
    ----------
    scenario
        The scenario whose places are disturbed.
    event_id
        The event.

    Raises
    ------
    UnknownNameError
        The study has no such event.

    Examples
    --------
    >>> import landlink as ll
    >>> event = event_of(ll.open_study("china-kyrgyzstan").at(2023), "pandemic-kg-cn-2020")
    >>> [(piece.days, len(piece.shock.disturbances)) for piece in event.pieces][:2]
    [(81, 2), (78, 2)]
    """
    frame = scenario.study.tables["event"]
    rows = [row for row in records(frame) if row["event_id"] == event_id]
    if not rows:
        known = sorted(set(texts(frame, "event_id")))
        message = "no such event" + hint(event_id, known)
        raise UnknownNameError(Problem("event", message, value=event_id, allowed=", ".join(known) or "none"))
    rows.sort(key=lambda row: int(row["phase"]))
    names, served = PlaceNames(scenario.study.tables), places_in_service(scenario.tables)
    spans = [_Span.of(row, names) for row in rows]
    pieces = tuple(_piece(begin, end, spans, served) for begin, end in pairwise(_ends(spans)))
    idle = sorted({place for span in spans for place in span.places} - served)
    first = rows[0]
    named, whole = names_of(first, TABLES["event"]), tuple(piece for piece in pieces if piece.phases)
    return Event(event_id, str(first["cause"]), str(first["hazard_id"]), named, whole, tuple(idle))


@dataclass(frozen=True)
class _Span:
    """A phase."""

    phase: int
    begins: date
    ends: date
    state: State
    places: frozenset[PlaceRow]

    @classmethod
    def of(cls, row: Row, names: PlaceNames) -> _Span:
        begins, ends = parse_date(str(row["begins"])), parse_date(str(row["ends"]))
        if begins is None or ends is None:
            raise ValueError(f"not dates, which the reader would have refused: {row['begins']}, {row['ends']}")
        return cls(int(row["phase"]), begins, ends, State.of(row), frozenset(names.rows(row["places"])))


def _ends(spans: Iterable[_Span]) -> list[date]:
    return sorted({day for span in spans for day in (span.begins, span.ends)})


def _piece(begins: date, ends: date, spans: Iterable[_Span], served: frozenset[PlaceRow]) -> EventPiece:
    active = [span for span in spans if span.begins <= begins and ends <= span.ends]
    found = [
        span.state.at(place, *(_days(place, begins, spans, closed=closed) for closed in (True, False)))
        for span in active
        for place in sorted(span.places & served)
    ]
    return EventPiece(begins, ends, merged_shock(found), tuple(sorted(span.phase for span in active)))


def _days(place: PlaceRow, day: date, spans: Iterable[_Span], *, closed: bool) -> float:
    """Length of the closure of a place that a day is part of, or of the time that its capacity is lower."""
    alike = (span for span in spans if place in span.places and (span.state.closed if closed else span.state.slowed))
    return whole_days(day, ((span.begins, span.ends) for span in alike))


def phases_text(phases: Iterable[int]) -> str:
    """Phases that last at the same time in one word; empty for none."""
    return "+".join(map(str, phases))


def whole_days(day: date, times: Iterable[tuple[date, date]]) -> float:
    """Length of the time that a day is part of, days; times that touch are one. 0: no time holds the day.

    Parameters
    ----------
    day
        The day.
    times
        First day, and first day after, of each time.

    Examples
    --------
    >>> may, june, july = (date(2020, month, 1) for month in (5, 6, 7))
    >>> whole_days(may, [(june, july), (may, june)])
    61.0
    """
    merged: list[tuple[date, date]] = []
    for begins, ends in sorted(times):
        if merged and begins <= merged[-1][1]:
            first, last = merged.pop()
            merged.append((first, max(last, ends)))
        else:
            merged.append((begins, ends))
    return float(next(((ends - begins).days for begins, ends in merged if begins <= day < ends), 0))
