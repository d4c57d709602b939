"""When the servers of a crossing work: hours, days, holidays, season and shifts as steps of time.

Time is elapsed hours from the local midnight of the crossing's clock on the first day. Where that clock changes to or
from summer time, later local midnights fall an hour off the multiples of 24.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise

from landlink.tables.clock_cells import Holidays, Shift, YearDay

#: Begin, end (h) and the number of servers of a span.
Span = tuple[float, float, int]


@dataclass(frozen=True)
class Opening:
    """Hours of one or two sides on the clock that they are written in.

    Attributes
    ----------
    zone
        The clock.
    hours
        Ranges of the day; a range belongs to the day on which it begins.
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
        """Whether a range may begin on a day."""
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
        The clock of its midnight.
    """

    start: date
    zone: tzinfo

    def at(self, day: date, minute: int, zone: tzinfo) -> float:
        """Elapsed hours at a minute of a day on some clock."""
        origin = datetime.combine(self.start, time.min, self.zone).timestamp()
        wall = datetime.combine(day, time.min) + timedelta(minutes=minute)
        return (wall.replace(tzinfo=zone).timestamp() - origin) / 3600.0

    def clock(self, hour: float) -> datetime:
        """Local time at elapsed hours."""
        origin = datetime.combine(self.start, time.min, self.zone).timestamp()
        return datetime.fromtimestamp(origin + 3600.0 * hour, self.zone)


def open_spans(axis: TimeAxis, opening: Opening, first: date, last: date) -> Iterator[Span]:
    """When a stage may work, for ranges that touch the days from ``first`` up to, not with, ``last``."""
    for day in _days(first, last):
        if opening.works_on(day):
            for part in opening.hours:
                yield axis.at(day, part.begin, opening.zone), axis.at(day, part.end, opening.zone), 1


def shift_spans(axis: TimeAxis, shifts: Iterable[Shift], zone: tzinfo, first: date, last: date) -> Iterator[Span]:
    """Servers on duty by shift, every day of the week."""
    for day in _days(first, last):
        for shift in shifts:
            yield axis.at(day, shift.begin, zone), axis.at(day, shift.end, zone), shift.servers


def servers_at_work(opened: Iterable[Span], shifts: Iterable[Span], begin: float, end: float) -> list[Span]:
    """Servers on duty while a stage is open, between two times; spans in order that fill the time between them.

    Shifts that overlap add up; ranges that overlap count once.
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
    """Days whose ranges may touch a stretch, on any clock: two before, one after."""
    day = first - timedelta(days=2)
    while day <= last + timedelta(days=1):
        yield day
        day += timedelta(days=1)
