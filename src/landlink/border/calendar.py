"""Working times of servers: opening hours, days, holidays, seasons and shifts as step functions of time.

Time is in elapsed hours from local midnight at the crossing on the first day. After a change to or from summer time,
local midnights are an hour off the multiples of 24.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise

from landlink.tables.clock_cells import Holidays, Shift, YearDay

#: Begin (h), end (h) and number of servers.
Span = tuple[float, float, int]


@dataclass(frozen=True)
class Opening:
    """Opening hours in the time zone in which they are given.

    Attributes
    ----------
    zone
        The time zone.
    hours
        Ranges of the day; a range past midnight belongs to the day on which it begins.
    days
        Days of the week, Monday 0.
    holidays
        Days without service.
    season
        Days of the year with service.
    """

    zone: tzinfo
    hours: tuple[Shift, ...]
    days: frozenset[int]
    holidays: tuple[Holidays, ...]
    season: frozenset[YearDay] | None

    def works_on(self, day: date) -> bool:
        """Whether opening hours may begin on a day."""
        return (
            day.weekday() in self.days
            and not any(day in holidays for holidays in self.holidays)
            and (self.season is None or (day.month, day.day) in self.season)
        )


@dataclass(frozen=True)
class TimeAxis:
    """Elapsed hours from a local midnight.

    Attributes
    ----------
    start
        The first day.
    zone
        Time zone of its midnight.
    """

    start: date
    zone: tzinfo

    def at(self, day: date, minute: int, zone: tzinfo) -> float:
        """Elapsed hours at a minute of a day in a time zone."""
        origin = datetime.combine(self.start, time.min, self.zone).timestamp()
        wall = datetime.combine(day, time.min) + timedelta(minutes=minute)
        return (wall.replace(tzinfo=zone).timestamp() - origin) / 3600.0

    def clock(self, hour: float) -> datetime:
        """Local time at elapsed hours."""
        origin = datetime.combine(self.start, time.min, self.zone).timestamp()
        return datetime.fromtimestamp(origin + 3600.0 * hour, self.zone)


def open_spans(axis: TimeAxis, opening: Opening, first: date, last: date) -> Iterator[Span]:
    """Yield the opening hours that overlap the days from ``first`` until before ``last``."""
    for day in _days(first, last):
        if opening.works_on(day):
            for part in opening.hours:
                yield axis.at(day, part.begin, opening.zone), axis.at(day, part.end, opening.zone), 1


def shift_spans(axis: TimeAxis, shifts: Iterable[Shift], zone: tzinfo, first: date, last: date) -> Iterator[Span]:
    """Yield the servers on duty by shift, every day of the week."""
    for day in _days(first, last):
        for shift in shifts:
            yield axis.at(day, shift.begin, zone), axis.at(day, shift.end, zone), shift.servers


def servers_at_work(opened: Iterable[Span], shifts: Iterable[Span], begin: float, end: float) -> list[Span]:
    """Count the servers on duty while a stage is open, as consecutive spans from ``begin`` to ``end``.

    Overlapping shifts add up; overlapping opening hours count once.
    """
    changes: dict[float, list[int]] = {begin: [0, 0], end: [0, 0]}
    for which, spans in enumerate((opened, shifts)):
        for start, stop, number in spans:
            low, high = max(start, begin), min(stop, end)
            if low < high:
                changes.setdefault(low, [0, 0])[which] += number
                changes.setdefault(high, [0, 0])[which] -= number
    found: list[Span] = []
    ranges = on_duty = 0
    moments = sorted(changes)
    for low, high in pairwise(moments):
        ranges, on_duty = ranges + changes[low][0], on_duty + changes[low][1]
        servers = on_duty if ranges > 0 else 0
        if found and found[-1][2] == servers:
            found[-1] = (found[-1][0], high, servers)
        else:
            found.append((low, high, servers))
    return found


def _days(first: date, last: date) -> Iterator[date]:
    """Yield the days whose hours may overlap a period in any time zone: from two before to one after."""
    day = first - timedelta(days=2)
    while day <= last + timedelta(days=1):
        yield day
        day += timedelta(days=1)
