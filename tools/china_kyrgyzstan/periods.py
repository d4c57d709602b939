"""Read the periods of observed figures: 2023, 2023M1-7, 2024H1, 2025Q1, 2023-01-01/07-11 and the like."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

_PARTS: Final[tuple[tuple[re.Pattern[str], Callable[[str, str], float]], ...]] = (
    (re.compile(r"^\d{4}M(\d+)-(\d+)$"), lambda a, b: (int(b) - int(a) + 1) / 12),
    (re.compile(r"^\d{4}M(\d+)()$"), lambda _a, _b: 1 / 12),
    (re.compile(r"^\d{4}H([12])()$"), lambda _a, _b: 1 / 2),
    (re.compile(r"^\d{4}Q([1-4])()$"), lambda _a, _b: 1 / 4),
    (re.compile(r"^\d{4}-(\d\d)/(\d\d)$"), lambda a, b: (int(b) - int(a) + 1) / 12),
)
_DAYS = re.compile(r"^(\d{4})-(\d\d)-(\d\d)/(?:(\d{4})-)?(\d\d)-(\d\d)$")
_MONTHS = re.compile(r"^(\d{4})-(\d\d)/(\d{4})-(\d\d)$")

_WITHIN_YEAR = re.compile(
    r"(?P<year>\d{4})(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|[M-](?P<first>\d{1,2})(?:[-/](?P<last>\d{1,2}))?)"
)


def year_of(period: str) -> int | None:
    """First year that a period names."""
    found = re.search(r"\b(19|20)\d\d", period)
    return int(found[0]) if found else None


def share_of_year(period: str) -> float:
    """Part of a year that a period covers; 1 where it is a whole year or cannot be read."""
    period = re.sub(r" \(.*\)$", "", period)
    if period.startswith("one week"):
        return 7 / 365
    for pattern, share in _PARTS:
        if found := pattern.match(period):
            return share(found[1], found[2])
    if found := _DAYS.match(period):
        first, month, day, last, last_month, last_day = found.groups()
        days = date(int(last or first), int(last_month), int(last_day)) - date(int(first), int(month), int(day))
        return (days.days + 1) / 365
    if found := _MONTHS.match(period):
        first, month, last, last_month = (int(part) for part in found.groups())
        return ((last - first) * 12 + last_month - month + 1) / 12
    return 1.0


def dates_of(period: str) -> tuple[str, str]:
    """First day of a period and the day after its last, as ISO dates; empty where it cannot be read.

    Examples
    --------
    >>> dates_of("2023M1-7"), dates_of("2024-12-20/2025-01-20"), dates_of("2024H1")
    (('2023-01-01', '2023-08-01'), ('2024-12-20', '2025-01-21'), ('2024-01-01', '2024-07-01'))
    >>> dates_of("2023"), dates_of("2024-09/2025-03"), dates_of("before 2025-03")
    (('2023-01-01', '2024-01-01'), ('2024-09-01', '2025-04-01'), ('', ''))
    """
    period = re.sub(r" \(.*\)$", "", period)
    if found := _DAYS.match(period):
        first, month, day, last, last_month, last_day = found.groups()
        begins = date(int(first), int(month), int(day))
        ends = date(int(last or first), int(last_month), int(last_day)) + timedelta(days=1)
        return begins.isoformat(), ends.isoformat()
    if re.fullmatch(r"\d{4}-\d\d-\d\d/\d\d", period):
        return dates_of(f"{period[:10]}/{period[5:8]}{period[-2:]}")
    if re.fullmatch(r"\d{4}-\d\d-\d\d", period):
        return period, (date.fromisoformat(period) + timedelta(days=1)).isoformat()
    months = _months_of(period)
    if months is None:
        return "", ""
    first, last = months
    return _month(first), _month(last + 1)


def _months_of(period: str) -> tuple[int, int] | None:
    """First and last month of a period, counted from the year 0."""
    if re.fullmatch(r"\d{4}", period):
        return 12 * int(period), 12 * int(period) + 11
    if found := _MONTHS.match(period):
        year, month, last_year, last_month = (int(part) for part in found.groups())
        return 12 * year + month - 1, 12 * last_year + last_month - 1
    if not (found := _WITHIN_YEAR.fullmatch(period)):
        return None
    start = 12 * int(found["year"])
    if found["half"]:
        return start + 6 * int(found["half"]) - 6, start + 6 * int(found["half"]) - 1
    if found["quarter"]:
        return start + 3 * int(found["quarter"]) - 3, start + 3 * int(found["quarter"]) - 1
    first = int(found["first"])
    return start + first - 1, start + int(found["last"] or first) - 1


def _month(count: int) -> str:
    return date(count // 12, count % 12 + 1, 1).isoformat()
