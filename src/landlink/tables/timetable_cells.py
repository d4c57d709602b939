"""Parsers of cells with moments: timetables by day of the week, and dates with a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from landlink.tables.clock_cells import DAY_MINUTES, parse_minute, split_days, split_items

_EVERY: Final = re.compile(r"\s*([0-9:]+)\s*-\s*([0-9:]+)\s*/\s*([0-9:]+)\s*")
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)
#: Most vehicles of one departure or arrival: more is a slip of the pen.
MOST_VEHICLES: Final = 10_000
#: Years of dates with a time; others are slips of the pen.
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200
_WEEK: Final = frozenset(range(7))


@dataclass(frozen=True)
class ScheduledTime:
    """A time of a timetable.

    Attributes
    ----------
    minute
        Minutes from midnight; 1440 and above are after the midnight that ends the day.
    number
        Number of vehicles; ``None``: not stated.
    days
        Days of the week, Monday 0; ``None``: every day.
    """

    minute: int
    number: int | None = None
    days: frozenset[int] | None = None

    def on(self, weekday: int) -> bool:
        """Whether the time applies on a day of the week."""
        return self.days is None or weekday in self.days


@lru_cache(maxsize=4096)
def parse_timetable(text: str) -> tuple[ScheduledTime, ...]:
    """Parse the times of a timetable, in the order of the clock.

    Examples
    --------
    >>> [(one.minute, one.number) for one in parse_timetable("14:00=30; 08:00")]
    [(480, None), (840, 30)]
    >>> [one.minute // 60 for one in parse_timetable("mon-fri 06:00-12:00/02:00")]
    [6, 8, 10, 12]
    """
    found = [one for item in split_items(text) for one in _scheduled(item)]
    found.sort(key=lambda one: one.minute)
    for number, one in enumerate(found):
        for other in found[:number]:
            apart = (one.minute - other.minute) % DAY_MINUTES
            later = (one.minute - other.minute) // DAY_MINUTES
            if apart == 0 and any(other.on((day + later) % 7) for day in _WEEK if one.on(day)):
                clock = f"{one.minute // 60 % 24:02}:{one.minute % 60:02}"
                raise ValueError(f"{clock} is listed twice for a day")
    return tuple(found)


def _scheduled(item: str) -> list[ScheduledTime]:
    days, rest = split_days(item)
    times, sign, number = rest.partition("=")
    vehicles = _vehicles(number.strip()) if sign else None
    if (every := _EVERY.fullmatch(times)) is None:
        if not re.fullmatch(r"\s*[0-9:]+\s*", times):
            raise ValueError(f"{item!r} is not a time such as 08:00, 08:00=30 or 06:00-22:00/02:00")
        minute = parse_minute(times.strip())
        if minute == DAY_MINUTES:
            raise ValueError(f"{item!r} is at 24:00; write 00:00 of the day that begins then")
        return [ScheduledTime(minute, vehicles, days)]
    first, last, step = (parse_minute(every[number]) for number in (1, 2, 3))
    last = last if last > first else last + DAY_MINUTES
    if step == 0:
        raise ValueError(f"{item!r} has an interval of 0")
    whole_day = last - first == DAY_MINUTES
    return [ScheduledTime(minute, vehicles, days) for minute in range(first, last + (not whole_day), step)]


def _vehicles(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) == 0:
        raise ValueError(f"{text!r} is not a whole number of vehicles above 0")
    if int(text) > MOST_VEHICLES:
        raise ValueError(f"{text} vehicles exceed the maximum of {MOST_VEHICLES}")
    return int(text)


@lru_cache(maxsize=65536)
def parse_datetime(text: str) -> datetime:
    """Parse a date with a time; without an offset from UTC, the result has no time zone.

    Examples
    --------
    >>> parse_datetime("2024-06-03T14:00+06:00").isoformat()
    '2024-06-03T14:00:00+06:00'
    """
    if not _MOMENT.fullmatch(text):
        raise ValueError(f"{text!r} is not a date with a time such as 2024-06-03T14:00+06:00")
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a valid date, time or offset") from None
    if not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
        raise ValueError(f"the year {found.year} is not between {EARLIEST_YEAR} and {LATEST_YEAR}")
    return found
