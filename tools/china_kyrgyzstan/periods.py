"""Read the periods of observed figures: 2023, 2023M1-7, 2024H1, 2025Q1, 2023-01-01/07-11 and the like."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
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
