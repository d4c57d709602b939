"""Arrivals from a daily mean: hourly rates by profiles of hour, weekday and month, or by a timetable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

import numpy as np

from landlink.core.arrays import Floats
from landlink.tables.clock_cells import YearDay, parse_numbers
from landlink.tables.frames import Row
from landlink.tables.timetable_cells import parse_timetable

__all__ = ["hourly_rates", "scheduled_arrivals"]

Profile = tuple[float, ...]


def hourly_rates(row: Row, clocks: Sequence[datetime], season: frozenset[YearDay] | None) -> Floats:
    """Compute the vehicles per hour at each local time.

    The rates of any calendar year add up to ``vehicles_per_day`` times its days (on a clock without summer time; with
    it, the skipped and the repeated hour make a difference). Out of season no vehicle arrives.

    Parameters
    ----------
    row
        Row of the table ``arrival``.
    clocks
        Local times, one per hour.
    season
        Days of the year with service; ``None``: all.

    Returns
    -------
    array of shape (hours,)
    """
    hourly = _profile(row["hour_profile"], 24)
    weekly, monthly = _profile(row["weekday_profile"], 7), _profile(row["month_profile"], 12)
    by_hour = [part / sum(hourly) for part in hourly]
    mean = float(row["vehicles_per_day"])
    days: dict[date, float] = {}
    rates = np.zeros(len(clocks))
    for i, clock in enumerate(clocks):
        day = clock.date()
        if day not in days:
            days[day] = _weight(day, weekly, monthly, season) / _mean_weight(day.year, weekly, monthly, season)
        rates[i] = mean * days[day] * by_hour[clock.hour]
    return rates


def scheduled_arrivals(
    row: Row, days: Iterable[date], season: frozenset[YearDay] | None
) -> Iterator[tuple[tuple[date, int], float]]:
    """Yield the scheduled arrivals of some days: day and minute of the local clock, and vehicles.

    Those of any calendar year add up to ``vehicles_per_day`` times its days. Out of season no vehicle arrives.

    Parameters
    ----------
    row
        Row of the table ``arrival`` with a timetable, whose numbers are relative.
    days
        The days.
    season
        Days of the year with service; ``None``: all.
    """
    times = parse_timetable(row["timetable"])
    weekly = tuple(float(sum(one.number or 1 for one in times if one.on(day))) for day in range(7))
    monthly, mean = _profile(row["month_profile"], 12), float(row["vehicles_per_day"])
    for day in days:
        if _weight(day, weekly, monthly, season):
            each = mean * monthly[day.month - 1] / _mean_weight(day.year, weekly, monthly, season)
            for one in times:
                if one.on(day.weekday()):
                    yield (day, one.minute), each * (one.number or 1)


def _profile(text: str, length: int) -> Profile:
    return parse_numbers(text) if text else (1.0,) * length


def _weight(day: date, weekly: Profile, monthly: Profile, season: frozenset[YearDay] | None) -> float:
    inside = season is None or (day.month, day.day) in season
    return weekly[day.weekday()] * monthly[day.month - 1] if inside else 0.0


@lru_cache(maxsize=1024)
def _mean_weight(year: int, weekly: Profile, monthly: Profile, season: frozenset[YearDay] | None) -> float:
    """Average the weights of the days of a year; 1 if all are zero, as no vehicle arrives then."""
    first = date(year, 1, 1)
    days = (date(year, 12, 31) - first).days + 1
    total = sum(_weight(first + timedelta(days=step), weekly, monthly, season) for step in range(days))
    return total / days or 1.0
