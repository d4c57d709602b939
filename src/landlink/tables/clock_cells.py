"""Parsers of cells: opening hours, shifts, weekdays, holidays, seasons, time zones, numbers and settings.

Each function returns the parsed value of a non-empty cell, or raises a ValueError that describes the fault.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from landlink.core.errors import suggestion
from landlink.tables.lists import split_list

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES: Final = 24 * 60
_WEEK: Final = frozenset(range(7))
#: A leap year, which contains every calendar day.
_LEAP_YEAR: Final = 2000
_CLOCK: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_RANGE: Final = re.compile(r"\s*([0-9:]+)\s*-\s*([0-9:]+)\s*")
_DAY: Final = re.compile(r"(?:([0-9]{4})-)?([0-9]{2})-([0-9]{2})")
_WEEKDAY: Final = "|".join(WEEKDAYS)
_DAYS: Final = rf"(?:{_WEEKDAY})(?:\s*-\s*(?:{_WEEKDAY}))?"
#: An item that begins with days of the week, and the rest of it.
_WITH_DAYS: Final = re.compile(rf"({_DAYS}(?:[\s,]+{_DAYS})*)(?![a-z])\s*(.*)", re.IGNORECASE | re.DOTALL)
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
#: Most servers of a stage: more is a slip of the pen.
MOST_SERVERS: Final = 10_000
#: Most items of a cell, and longest range of single days; both are several times what a calendar needs.
MOST_ITEMS: Final = 2_000
MOST_HOLIDAYS: Final = 3_660

#: Day of the year: month and day.
YearDay = tuple[int, int]


@dataclass(frozen=True)
class Shift:
    """Servers on duty from one minute of the day to another; an end above 1440 is after midnight.

    ``days`` are the days of the week on which the shift begins, Monday 0; ``None``: not stated.
    """

    begin: int
    end: int
    servers: int = 1
    days: frozenset[int] | None = None

    def on(self, weekday: int, otherwise: frozenset[int]) -> bool:
        """Whether the shift begins on a day of the week, given the days that apply if it states none."""
        return weekday in (otherwise if self.days is None else self.days)


@dataclass(frozen=True)
class Holidays:
    """Days without service: annual days and single days."""

    yearly: frozenset[YearDay] = frozenset()
    once: frozenset[date] = frozenset()

    def __contains__(self, day: date) -> bool:
        """Whether a day is a holiday."""
        return (day.month, day.day) in self.yearly or day in self.once


@lru_cache(maxsize=4096)
def parse_hours(text: str) -> tuple[Shift, ...]:
    """Parse opening hours as ranges in minutes.

    Examples
    --------
    >>> [(part.begin, part.end) for part in parse_hours("09:00-13:00; 20:00-04:00")]
    [(540, 780), (1200, 1680)]
    >>> [sorted(part.days) for part in parse_hours("mon-fri 08:00-20:00; sat 09:00-13:00")]
    [[0, 1, 2, 3, 4], [5]]
    """
    ranges = tuple(_hours(item) for item in split_items(text))
    for number, one in enumerate(ranges):
        for other in ranges[:number]:
            if _meet(one, other):
                raise ValueError(f"the ranges {_shown(other)} and {_shown(one)} overlap")
    return ranges


@lru_cache(maxsize=4096)
def parse_shifts(text: str) -> tuple[Shift, ...]:
    """Parse numbers of servers by shift.

    Examples
    --------
    >>> [(shift.begin, shift.end, shift.servers) for shift in parse_shifts("08:00-16:00=4;16:00-24:00=2")]
    [(480, 960, 4), (960, 1440, 2)]
    >>> parse_shifts("mon-fri 08:00-16:00=4; sat sun=1")[1].days == {5, 6}
    True
    """
    items = split_items(text)
    if len(items) == 1 and "=" not in items[0]:
        shifts: tuple[Shift, ...] = (Shift(0, DAY_MINUTES, _count(items[0])),)
    else:
        shifts = tuple(_shift(item) for item in items)
    if not any(shift.servers for shift in shifts):
        raise ValueError("no shift has any servers")
    return shifts


@lru_cache(maxsize=4096)
def parse_weekdays(text: str) -> frozenset[int]:
    """Parse days of the week; Monday is 0.

    Examples
    --------
    >>> sorted(parse_weekdays("mon-wed;sun"))
    [0, 1, 2, 6]
    """
    found: set[int] = set()
    for item in split_items(text):
        first, dash, last = (part.strip().lower() for part in item.partition("-"))
        for name in (first, last) if dash else (first,):
            if name not in WEEKDAYS:
                raise ValueError(f"{name or item!r} is not a day of the week")
        found |= _day_range(first, last if dash else first)
    return frozenset(found)


def _day_range(first: str, last: str) -> set[int]:
    begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last)
    return {(begin + step) % 7 for step in range((end - begin) % 7 + 1)}


def split_days(item: str) -> tuple[frozenset[int] | None, str]:
    """Split the days of the week from the beginning of an item; ``None`` if it states none.

    Examples
    --------
    >>> split_days("sat-mon 08:00")
    (frozenset({0, 5, 6}), '08:00')
    """
    found = _WITH_DAYS.fullmatch(item.strip())
    if found is None:
        return None, item
    days: set[int] = set()
    for part in re.findall(_DAYS, found[1], re.IGNORECASE):
        first, _, last = (name.strip().lower() for name in part.partition("-"))
        days |= _day_range(first, last or first)
    return frozenset(days), found[2]


@lru_cache(maxsize=4096)
def parse_holidays(text: str) -> Holidays:
    """Parse annual and single holidays.

    Examples
    --------
    >>> date(2024, 1, 1) in parse_holidays("01-01;2023-05-09")
    True
    """
    yearly: set[YearDay] = set()
    once: set[date] = set()
    for item in split_items(text):
        ends = [_any_day(part) for part in item.split("/")]
        if len(ends) > 2 or len({year is None for year, _ in ends}) > 1:
            raise ValueError(f"{item!r} is not a day or a range of days")
        (year, first), (_, last) = ends[0], ends[-1]
        if year is None:
            yearly.update(_year_days((first.month, first.day), (last.month, last.day)))
        else:
            if last < first:
                raise ValueError(f"{item!r} ends before it begins")
            if (last - first).days > MOST_HOLIDAYS:
                raise ValueError(f"{item!r} is longer than {MOST_HOLIDAYS} days")
            once.update(first + timedelta(days=step) for step in range((last - first).days + 1))
    return Holidays(frozenset(yearly), frozenset(once))


@lru_cache(maxsize=4096)
def parse_season(text: str) -> frozenset[YearDay]:
    """Parse ranges of days of the year, both ends included; a range may pass New Year.

    Examples
    --------
    >>> len(parse_season("12-31/01-02"))
    3
    """
    found: set[YearDay] = set()
    for item in split_items(text):
        ends = [_any_day(part) for part in item.split("/")]
        if len(ends) != 2 or any(year is not None for year, _ in ends):
            raise ValueError(f"{item!r} is not a range MM-DD/MM-DD")
        (_, first), (_, last) = ends
        found.update(_year_days((first.month, first.day), (last.month, last.day)))
    return frozenset(found)


@lru_cache(maxsize=256)
def parse_time_zone(text: str) -> ZoneInfo:
    """Parse a time zone.

    Examples
    --------
    >>> parse_time_zone("Asia/Bishkek").key
    'Asia/Bishkek'
    """
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    raise _UnknownZoneError(text)


def parse_numbers(text: str) -> tuple[float, ...]:
    """Parse a list of numbers.

    Examples
    --------
    >>> parse_numbers("1; 0.5")
    (1.0, 0.5)
    """
    items = split_items(text)
    wrong = [item for item in items if not (_NUMBER.fullmatch(item) and math.isfinite(float(item)))]
    if wrong:
        raise ValueError(f"{wrong[0]!r} is not a number")
    return tuple(float(item) for item in items)


def parse_settings(text: str) -> dict[str, str]:
    """Parse name=value pairs.

    Examples
    --------
    >>> parse_settings("days=14; test=pcr")
    {'days': '14', 'test': 'pcr'}
    """
    found: dict[str, str] = {}
    for item in split_items(text):
        name, sign, value = (part.strip() for part in item.partition("="))
        if not (name and sign and value):
            raise ValueError(f"{item!r} is not a name=value pair")
        if name in found:
            raise ValueError(f"duplicate name {name}")
        found[name] = value
    return found


def split_items(text: str) -> tuple[str, ...]:
    """Split a cell into the items between semicolons, none of which may be empty."""
    items = split_list(text)
    if not all(items):
        raise ValueError("the list has an empty item")
    if len(items) > MOST_ITEMS:
        raise ValueError(f"the list has {len(items):,} items, more than {MOST_ITEMS:,}")
    return items


def _hours(item: str) -> Shift:
    days, hours = split_days(item)
    if not hours.strip():
        raise ValueError(f"{item!r} has no hours; write {item.strip()} 00:00-24:00 for whole days")
    return replace(parse_range(hours), days=days)


def parse_range(item: str) -> Shift:
    """Parse a range of hours of the day, which may pass midnight."""
    found = _RANGE.fullmatch(item)
    if found is None:
        raise ValueError(f"{item!r} is not a time range such as 08:00-20:00")
    begin, end = parse_minute(found[1]), parse_minute(found[2])
    if begin == DAY_MINUTES:
        raise ValueError(f"{item!r} begins at 24:00; write 00:00 for the start of the day")
    if begin == end:
        raise ValueError(f"{item!r} is empty; write 00:00-24:00 for the whole day")
    return Shift(begin, end if end > begin else end + DAY_MINUTES)


def parse_minute(text: str) -> int:
    """Parse a time of the day as minutes from midnight."""
    found = _CLOCK.fullmatch(text)
    minute = int(found[1]) * 60 + int(found[2]) if found else -1
    if found is None or int(found[2]) > 59 or minute > DAY_MINUTES:
        raise ValueError(f"{text!r} is not a time from 00:00 to 24:00")
    return minute


def _shift(item: str) -> Shift:
    days, rest = split_days(item)
    hours, sign, servers = rest.partition("=")
    if not sign:
        raise ValueError(f"{item!r} has no number of servers; write a shift as 08:00-16:00=4")
    if days is not None and not hours.strip():
        return Shift(0, DAY_MINUTES, _count(servers.strip()), days)
    return replace(parse_range(hours), servers=_count(servers.strip()), days=days)


def _count(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError(f"{text!r} is not a non-negative whole number of servers")
    if int(text) > MOST_SERVERS:
        raise ValueError(f"{text} servers exceed the maximum of {MOST_SERVERS}")
    return int(text)


def _meet(one: Shift, other: Shift) -> bool:
    """Whether two ranges overlap on some day of the week, also across midnight."""
    return any(
        one.begin + later * DAY_MINUTES < other.end and other.begin < one.end + later * DAY_MINUTES
        for later in (-1, 0, 1)
        if any(one.on((day + later) % 7, _WEEK) for day in range(7) if other.on(day, _WEEK))
    )


def _shown(part: Shift) -> str:
    end = part.end if part.end <= DAY_MINUTES else part.end - DAY_MINUTES
    days = "" if part.days is None else ",".join(WEEKDAYS[day] for day in sorted(part.days)) + " "
    return f"{days}{part.begin // 60:02}:{part.begin % 60:02}-{end // 60:02}:{end % 60:02}"


def _any_day(text: str) -> tuple[int | None, date]:
    """Parse an annual day (as a day of a leap year) or a single day."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text.strip()!r} is not a day MM-DD or YYYY-MM-DD")
    year = int(found[1]) if found[1] else None
    try:
        return year, date(_LEAP_YEAR if year is None else year, int(found[2]), int(found[3]))
    except ValueError:
        raise ValueError(f"{text.strip()!r} is not a valid calendar day") from None


def _year_days(first: YearDay, last: YearDay) -> set[YearDay]:
    """Days from the first to the last, both included, across New Year if the last precedes the first."""
    day, found = date(_LEAP_YEAR, *first), set[YearDay]()
    while True:
        found.add((day.month, day.day))
        if (day.month, day.day) == last:
            return found
        day += timedelta(days=1)
        if day.year != _LEAP_YEAR:
            day = date(_LEAP_YEAR, 1, 1)


class _UnknownZoneError(ValueError):
    """Names similar zones when it is shown: the search takes a while, and a column may have many invalid cells."""

    def __str__(self) -> str:
        near = suggestion(self.args[0], _zones())
        return "unknown time zone" + (f"; {near}" if near else "")


@lru_cache(maxsize=1)
def _zones() -> list[str]:
    return sorted(available_timezones())
