"""Cells about time: hours of the day, shifts, days of the week, holidays, seasons, time zones; and short lists.

Each function gives what a cell means, or raises a ValueError that says what is wrong with it. An empty cell is never
given to them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from landlink.core.errors import suggestion
from landlink.tables.lists import split_list

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES: Final = 24 * 60
#: A year with a 29 February: any day of a year is a day of this one.
_LEAP_YEAR: Final = 2000
_CLOCK: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_RANGE: Final = re.compile(r"\s*([0-9:]+)\s*-\s*([0-9:]+)\s*")
_DAY: Final = re.compile(r"(?:([0-9]{4})-)?([0-9]{2})-([0-9]{2})")
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
#: Most servers of a stage: more is a slip of the pen.
MOST_SERVERS: Final = 10_000

#: A day of any year: month and day.
YearDay = tuple[int, int]


@dataclass(frozen=True)
class Shift:
    """Servers at work from one minute of the day to another; past midnight where the end is above 1440."""

    begin: int
    end: int
    servers: int = 1


@dataclass(frozen=True)
class Holidays:
    """Days without service: days of every year, and days of one."""

    yearly: frozenset[YearDay] = frozenset()
    once: frozenset[date] = frozenset()

    def __contains__(self, day: date) -> bool:
        """Whether a day is one of them."""
        return (day.month, day.day) in self.yearly or day in self.once


@lru_cache(maxsize=4096)
def parse_hours(text: str) -> tuple[Shift, ...]:
    """Ranges of the day in minutes.

    Examples
    --------
    >>> [(part.begin, part.end) for part in parse_hours("09:00-13:00; 20:00-04:00")]
    [(540, 780), (1200, 1680)]
    """
    ranges = tuple(_range(item) for item in _items(text))
    for number, one in enumerate(ranges):
        for other in ranges[:number]:
            if _meet(one, other):
                raise ValueError(f"the ranges {_shown(other)} and {_shown(one)} overlap")
    return ranges


@lru_cache(maxsize=4096)
def parse_shifts(text: str) -> tuple[Shift, ...]:
    """Servers by shift.

    Examples
    --------
    >>> parse_shifts("4")
    (Shift(begin=0, end=1440, servers=4),)
    """
    items = _items(text)
    if len(items) == 1 and "=" not in items[0]:
        shifts: tuple[Shift, ...] = (Shift(0, DAY_MINUTES, _count(items[0])),)
    else:
        shifts = tuple(_shift(item) for item in items)
    if not any(shift.servers for shift in shifts):
        raise ValueError("no servers in any shift, so nobody is ever served")
    return shifts


@lru_cache(maxsize=4096)
def parse_weekdays(text: str) -> frozenset[int]:
    """Days of the week, Monday 0.

    Examples
    --------
    >>> sorted(parse_weekdays("mon-wed;sun"))
    [0, 1, 2, 6]
    """
    found: set[int] = set()
    for item in _items(text):
        first, dash, last = (part.strip().lower() for part in item.partition("-"))
        for name in (first, last) if dash else (first,):
            if name not in WEEKDAYS:
                raise ValueError(f"{name or item!r} is no day of the week")
        begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last if dash else first)
        found.update((begin + step) % 7 for step in range((end - begin) % 7 + 1))
    return frozenset(found)


@lru_cache(maxsize=4096)
def parse_holidays(text: str) -> Holidays:
    """Holidays of every year and of one.

    Examples
    --------
    >>> date(2024, 1, 1) in parse_holidays("01-01;2023-05-09")
    True
    """
    yearly: set[YearDay] = set()
    once: set[date] = set()
    for item in _items(text):
        ends = [_any_day(part) for part in item.split("/")]
        if len(ends) > 2 or len({year is None for year, _ in ends}) > 1:
            raise ValueError(f"{item!r} is neither a day nor a range of days")
        (year, first), (_, last) = ends[0], ends[-1]
        if year is None:
            yearly.update(_year_days((first.month, first.day), (last.month, last.day)))
        else:
            if last < first:
                raise ValueError(f"{item!r} ends before it begins")
            once.update(first + timedelta(days=step) for step in range((last - first).days + 1))
    return Holidays(frozenset(yearly), frozenset(once))


@lru_cache(maxsize=4096)
def parse_season(text: str) -> frozenset[YearDay]:
    """Days of the year, both ends of each range included; a range may pass New Year.

    Examples
    --------
    >>> len(parse_season("12-31/01-02"))
    3
    """
    found: set[YearDay] = set()
    for item in _items(text):
        ends = [_any_day(part) for part in item.split("/")]
        if len(ends) != 2 or any(year is not None for year, _ in ends):
            raise ValueError(f"{item!r} is no range MM-DD/MM-DD")
        (_, first), (_, last) = ends
        found.update(_year_days((first.month, first.day), (last.month, last.day)))
    return frozenset(found)


@lru_cache(maxsize=256)
def parse_time_zone(text: str) -> ZoneInfo:
    """The clock of a place.

    Examples
    --------
    >>> parse_time_zone("Asia/Bishkek").key
    'Asia/Bishkek'
    """
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    raise ValueError(f"no time zone of this name is known{_near_zone(text)}")


def parse_numbers(text: str) -> tuple[float, ...]:
    """Numbers of a cell.

    Examples
    --------
    >>> parse_numbers("1; 0.5")
    (1.0, 0.5)
    """
    items = _items(text)
    wrong = [item for item in items if not (_NUMBER.fullmatch(item) and math.isfinite(float(item)))]
    if wrong:
        raise ValueError(f"{wrong[0]!r} is no number")
    return tuple(float(item) for item in items)


def parse_settings(text: str) -> dict[str, str]:
    """Pairs of a name and a value.

    Examples
    --------
    >>> parse_settings("days=14; test=pcr")
    {'days': '14', 'test': 'pcr'}
    """
    found: dict[str, str] = {}
    for item in _items(text):
        name, sign, value = (part.strip() for part in item.partition("="))
        if not (name and sign and value):
            raise ValueError(f"{item!r} is no pair name=value")
        if name in found:
            raise ValueError(f"{name} stands twice")
        found[name] = value
    return found


#: How cells of each type are read.
PARSERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "hours": parse_hours,
    "shifts": parse_shifts,
    "weekdays": parse_weekdays,
    "holidays": parse_holidays,
    "season": parse_season,
    "time_zone": parse_time_zone,
    "numbers": parse_numbers,
    "settings": parse_settings,
}


def _items(text: str) -> tuple[str, ...]:
    items = split_list(text)
    if not all(items):
        raise ValueError("an item between the semicolons is empty")
    return items


def _range(item: str) -> Shift:
    found = _RANGE.fullmatch(item)
    if found is None:
        raise ValueError(f"{item!r} is no range such as 08:00-20:00")
    begin, end = _minute(found[1]), _minute(found[2])
    if begin == DAY_MINUTES:
        raise ValueError(f"{item!r} begins at 24:00; the day begins at 00:00")
    if begin == end:
        raise ValueError(f"{item!r} ends when it begins; the whole day is 00:00-24:00")
    return Shift(begin, end if end > begin else end + DAY_MINUTES)


def _minute(text: str) -> int:
    found = _CLOCK.fullmatch(text)
    minute = int(found[1]) * 60 + int(found[2]) if found else -1
    if found is None or int(found[2]) > 59 or minute > DAY_MINUTES:
        raise ValueError(f"{text!r} is no time of the day from 00:00 to 24:00")
    return minute


def _shift(item: str) -> Shift:
    hours, sign, servers = item.partition("=")
    if not sign:
        raise ValueError(f"{item!r} names no number of servers; a shift is written 08:00-16:00=4")
    part = _range(hours)
    return Shift(part.begin, part.end, _count(servers.strip()))


def _count(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError(f"{text!r} is no whole number of servers, 0 or more")
    if int(text) > MOST_SERVERS:
        raise ValueError(f"{text} servers are more than {MOST_SERVERS}")
    return int(text)


def _meet(one: Shift, other: Shift) -> bool:
    """Whether two ranges share a minute, on one day or past midnight."""
    return any(
        one.begin + shift < other.end and other.begin < one.end + shift for shift in (-DAY_MINUTES, 0, DAY_MINUTES)
    )


def _shown(part: Shift) -> str:
    end = part.end if part.end <= DAY_MINUTES else part.end - DAY_MINUTES
    return f"{part.begin // 60:02}:{part.begin % 60:02}-{end // 60:02}:{end % 60:02}"


def _any_day(text: str) -> tuple[int | None, date]:
    """A day of every year (in a leap year) or of one."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text.strip()!r} is no day MM-DD or YYYY-MM-DD")
    year = int(found[1]) if found[1] else None
    try:
        return year, date(_LEAP_YEAR if year is None else year, int(found[2]), int(found[3]))
    except ValueError:
        raise ValueError(f"{text.strip()!r} is no day of the calendar") from None


def _year_days(first: YearDay, last: YearDay) -> set[YearDay]:
    """Days from one to another, both included, past New Year where the last comes before the first."""
    day, found = date(_LEAP_YEAR, *first), set[YearDay]()
    while True:
        found.add((day.month, day.day))
        if (day.month, day.day) == last:
            return found
        day += timedelta(days=1)
        if day.year != _LEAP_YEAR:
            day = date(_LEAP_YEAR, 1, 1)


def _near_zone(text: str) -> str:
    near = suggestion(text, sorted(available_timezones()))
    return f"; {near}" if near else ""
