"""When a clause is due, and with which state it compares: dates, durations and the words for a baseline."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from landlink.statement.lexicon import UserTables, compiled_rows, rows
from landlink.statement.patterns import expression

__all__ = ["TimeReferences", "add_duration", "time_references"]

YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DURATION: Final = re.compile(r"P(\d{1,4})([YMWD])")


@dataclass(frozen=True)
class TimeReferences:
    """Deadline of a clause and the span of its baseline in the folded clause; None where it states none."""

    deadline: date | None
    baseline: tuple[int, int] | None


@dataclass(frozen=True)
class _Tables:
    months: Sequence[tuple[re.Pattern[str], int]]
    deadline: re.Pattern[str] | None
    baseline: re.Pattern[str] | None


@lru_cache(maxsize=16)
def _tables(language: str, user_tables: UserTables | None) -> _Tables:
    kinds: dict[str, list[str]] = {"deadline": [], "baseline": []}
    for row in rows(language, "times", user_tables):
        kinds[row["kind"]].append(f"(?:{expression(row['pattern'], spaced=language != 'zh')})")
    return _Tables(
        [(pattern, int(value)) for pattern, value in compiled_rows(language, "months", "month", user_tables)],
        re.compile(rf"(?<!\w)(?:{'|'.join(kinds['deadline'])})\s") if kinds["deadline"] else None,
        re.compile("|".join(kinds["baseline"])) if kinds["baseline"] else None,
    )


def time_references(text: str, language: str, user_tables: UserTables | None = None) -> TimeReferences:
    """Find the deadline and the baseline of a folded clause.

    Parameters
    ----------
    text
        The folded clause.
    language
        ISO 639-1 code.
    user_tables
        Folder of the user's own tables.

    Returns
    -------
    TimeReferences
    """
    tables = _tables(language, user_tables)
    baseline = tables.baseline.search(text) if tables.baseline else None
    return TimeReferences(_deadline(text, tables, language), baseline.span() if baseline else None)


def add_duration(day: date, duration: str) -> date:
    """Return the day that lies a duration such as ``P3Y``, ``P6M``, ``P2W`` or ``P30D`` after another.

    Raises
    ------
    ValueError
        The duration is of another form, or leads beyond the calendar.
    """
    match = _DURATION.fullmatch(duration)
    if match is None:
        raise ValueError(duration)
    number, unit = int(match.group(1)), match.group(2)
    if unit in "WD":
        return date.fromordinal(day.toordinal() + number * (7 if unit == "W" else 1))
    months = day.month - 1 + number * (12 if unit == "Y" else 1)
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _deadline(text: str, tables: _Tables, language: str) -> date | None:
    if language == "zh":
        return _chinese_deadline(text)
    if tables.deadline is None:
        return None
    for match in tables.deadline.finditer(text):
        window = text[match.end() : match.end() + 40]
        year = YEAR.search(window)
        if year is None or len(re.findall(r"\w+", window[: year.start()])) > 4:
            continue
        before = window[: year.start()]
        for pattern, month in tables.months:
            if re.search(r"(?<!\w)" + pattern.pattern, before):
                return _day(int(year.group()), month, re.search(r"(?<!\d)\d{1,2}(?!\d)", before))
        return date(int(year.group()), 12, 31)
    return None


def _chinese_deadline(text: str) -> date | None:
    match = re.search(
        r"((?:19|20)\d\d)年(?:(\d{1,2})月)?(?:(\d{1,2})日)?(?=底|末|前|年底|之前|以前|内|起|实现|将|举)|"
        r"(?:到|至|在|于|自|力争|争取|力求|计划|预计|拟)((?:19|20)\d\d)年(?:(\d{1,2})月)?(?:(\d{1,2})日)?",
        text,
    )
    if match is None:
        return None
    year, month, day = (match.group(n) or match.group(n + 3) for n in (1, 2, 3))
    if month is None or not 1 <= int(month) <= 12:
        return date(int(year or 0), 12, 31)
    return _day(int(year or 0), int(month), re.match(r"\d+", day) if day else None)


def _day(year: int, month: int, day: re.Match[str] | None) -> date:
    last = monthrange(year, month)[1]
    number = int(day.group()) if day else last
    return date(year, month, number if 1 <= number <= last else last)
