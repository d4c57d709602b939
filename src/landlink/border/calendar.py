"""Working times of servers: opening hours, days, holidays, seasons and shifts as step functions of time.

Time is in elapsed hours from local midnight at the crossing on the first day. After a change to or from summer time,
local midnights are an hour off the multiples of 24.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import accumulate, pairwise
from typing import Final

from landlink.tables.clock_cells import Holidays, Shift, YearDay
from landlink.tables.timetable_cells import ScheduledTime

#: Days of a shift that names none.
EVERY_DAY: Final = frozenset(range(7))
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
        Days of the week, Monday 0, for ranges that name none.
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

    def hours_on(self, day: date) -> tuple[Shift, ...]:
        """Ranges that begin on a day."""
        if not self._in_service(day):
            return ()
        return tuple(part for part in self.hours if part.on(day.weekday(), self.days))

    def _in_service(self, day: date) -> bool:
        in_season = self.season is None or (day.month, day.day) in self.season
        return in_season and not any(day in holidays for holidays in self.holidays)


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
        for part in opening.hours_on(day):
            yield axis.at(day, part.begin, opening.zone), axis.at(day, part.end, opening.zone), 1


def shift_spans(axis: TimeAxis, shifts: Iterable[Shift], zone: tzinfo, first: date, last: date) -> Iterator[Span]:
    """Yield the servers on duty by shift."""
    for day in _days(first, last):
        for shift in shifts:
            if shift.on(day.weekday(), EVERY_DAY):
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


def departures_while_open(
    axis: TimeAxis, times: Iterable[ScheduledTime], zone: tzinfo, opened: Iterable[Span], part: tuple[date, date]
) -> list[tuple[float, int | None]]:
    """List the departures of some days on which a stage is open, closing time included.

    Parameters
    ----------
    axis
        The time axis.
    times, zone
        Timetable, and its time zone.
    opened
        Opening hours that overlap the days.
    part
        First day, and the first day after, from midnight to midnight on the axis.

    Returns
    -------
    list of tuple
        Time in hours and number of places, ``None`` if not stated, in order of time.
    """
    spans = sorted((begin, end) for begin, end, _ in opened)
    begins, open_until = [begin for begin, _ in spans], list(accumulate((end for _, end in spans), max))
    first, last = (axis.at(day, 0, axis.zone) for day in part)
    found = []
    for day in _days(*part):
        for one in times:
            hour = axis.at(day, one.minute, zone) if one.on(day.weekday()) else -1.0
            earlier = bisect_right(begins, hour)
            if first <= hour < last and earlier and hour <= open_until[earlier - 1]:
                found.append((hour, one.number))
    return sorted(found, key=lambda departure: departure[0])


def _days(first: date, last: date) -> Iterator[date]:
    """Yield the days whose hours may overlap a period in any time zone: from two before to one after."""
    day = first - timedelta(days=2)
    while day <= last + timedelta(days=1):
        yield day
        day += timedelta(days=1)
