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

__all__ = ["OPENING", "TimeReferences", "add_duration", "opening_deadline", "time_references"]

YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DURATION: Final = re.compile(r"P(\d{1,4})([YMWD])")
#: Characters after a word such as "by" in which the year stands, and most words between them.
_WINDOW: Final = 48
_MOST_WORDS: Final = 7
#: Parts of a year by the words that name them, with their first and last month.
_PARTS: Final = tuple(
    (re.compile(pattern), first, last)
    for pattern, first, last in (
        (r"first half|1st half|перв\w+ (?:полугоди|половин)|i полугоди|1 полугоди|النصف الاول|上半年", 1, 6),
        (r"second half|2nd half|втор\w+ (?:полугоди|половин)|ii полугоди|2 полугоди|النصف الثاني|下半年", 7, 12),
        (r"first quarter|1st quarter|\bq1\b|перв\w+ квартал|\b[i1] квартал|الربع الاول|第?一季度", 1, 3),
        (r"second quarter|2nd quarter|\bq2\b|втор\w+ квартал|\b(?:ii|2) квартал|الربع الثاني|第?二季度", 4, 6),
        (r"third quarter|3rd quarter|\bq3\b|треть\w+ квартал|\b(?:iii|3) квартал|الربع الثالث|第?三季度", 7, 9),
        (r"(?:fourth|last) quarter|4th quarter|\bq4\b|четверт\w+ квартал|\b(?:iv|4) квартал", 10, 12),
        (r"الربع (?:الرابع|الاخير)|第?四季度", 10, 12),
        (r"\bmid\b|middle of|середин\w+|منتصف|年中", 1, 6),
    )
)
#: Words after which the day named is too late, where a language is strict about it.
_BEFORE: Final = {"en": re.compile(r"before\b"), "ar": re.compile(r"قبل(?!\w)")}
_CHINESE_BEFORE: Final = re.compile(r"(?:之|以)?前")
_CHINESE_AFTER: Final = re.compile(r"(?:之|以)?前|起")
#: Words after which something begins.
_STARTS: Final = {
    "en": re.compile(r"(?:from|starting|as of|effective)\b"),
    "ru": re.compile(r"(?:с|начиная с)\s"),
    "ar": re.compile(r"اعتبارا من"),
    "zh": re.compile("起"),
}
#: Rule of a time that opens a sentence and holds for all of its clauses.
OPENING: Final = "opening of the sentence"
#: What opens a sentence as a deadline for all that follows.
_OPENING: Final = {
    "en": re.compile(r"(?:by|before|no later than|not later than|within|until)\s"),
    "ru": re.compile(r"(?:к|до|не позднее|в срок до|в течение)\s"),
    "ar": re.compile(r"(?:بحلول|قبل|في موعد اقصاه|خلال|في غضون)\s"),
    "zh": re.compile(r"(?:在|到|至|于|力争|争取)?(?:19|20)\d\d年"),
}
_CHINESE_DATE: Final = re.compile(
    r"((?:19|20)\d\d)年(?:(\d{1,2})月)?(?:(\d{1,2})日)?(?=底|末|前|年底|之前|以前|内|起|上半年|下半年|第?[一二三四]季度|年中|实现|将|举)|"
    r"(?:到|至|在|于|自|力争|争取|力求|计划|预计|拟)((?:19|20)\d\d)年(?:(\d{1,2})月)?(?:(\d{1,2})日)?"
)


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


def opening_deadline(text: str, language: str, user_tables: UserTables | None = None) -> date | None:
    """Find the deadline with which a sentence opens, for the clauses after it: "By the end of 2027, ..."."""
    opening = _OPENING[language].match(text.strip())
    return _deadline(text.strip() + " ", _tables(language, user_tables), language) if opening else None


def _deadline(text: str, tables: _Tables, language: str) -> date | None:
    if language == "zh":
        return _chinese_deadline(text)
    if tables.deadline is None:
        return None
    found: tuple[int, date] | None = None
    for match in tables.deadline.finditer(text):
        window = text[match.end() : match.end() + _WINDOW]
        year = YEAR.search(window)
        if year is None or len(re.findall(r"\w+", window[: year.start()])) > _MOST_WORDS:
            continue
        place = match.end() + year.start()
        if found is not None and place != found[0]:
            break
        # The word nearest to the year counts: "from Osh to Kashgar by 2024".
        period = _period(window[: year.start()], int(year.group()), tables)
        found = place, _bound(period, match.group(), exclusive=_BEFORE.get(language), starts=_STARTS[language])
    return found[1] if found else None


def _period(before: str, year: int, tables: _Tables) -> tuple[date, date]:
    """First and last day of what a date names, from the words before its year."""
    for pattern, month in tables.months:
        if re.search(r"(?<!\w)" + pattern.pattern, before):
            day = _day(year, month, re.search(r"(?<!\d)\d{1,2}(?!\d)", before))
            return (day if re.search(r"(?<!\d)\d{1,2}(?!\d)", before) else day.replace(day=1)), day
    return _part(before, year) or (date(year, 1, 1), date(year, 12, 31))


def _part(words: str, year: int) -> tuple[date, date] | None:
    """First and last day of the half or quarter of a year that words name."""
    for pattern, first, last in _PARTS:
        if pattern.search(words):
            return date(year, first, 1), date(year, last, monthrange(year, last)[1])
    return None


def _bound(period: tuple[date, date], word: str, *, exclusive: re.Pattern[str] | None, starts: re.Pattern[str]) -> date:
    """The day meant: the last of a period; the first if something begins then; the day before with "before"."""
    first, last = period
    if starts.match(word):
        return first
    if exclusive is not None and exclusive.match(word) and first.day == 1 and first < last:
        return date.fromordinal(first.toordinal() - 1)
    return last


def _chinese_deadline(text: str) -> date | None:
    match = _CHINESE_DATE.search(text)
    if match is None:
        return None
    year, month, day = (match.group(n) or match.group(n + 3) for n in (1, 2, 3))
    rest = text[match.end() : match.end() + 8]
    number = int(year or 0)
    if month is None or not 1 <= int(month) <= 12:
        period = _part(rest, number) or (date(number, 1, 1), date(number, 12, 31))
    else:
        last = _day(number, int(month), re.match(r"\d+", day) if day else None)
        period = (last if day else last.replace(day=1)), last
    after = _CHINESE_AFTER.match(rest)
    word = after.group() if after else ""
    return _bound(period, word, exclusive=_CHINESE_BEFORE, starts=_STARTS["zh"])


def _day(year: int, month: int, day: re.Match[str] | None) -> date:
    last = monthrange(year, month)[1]
    number = int(day.group()) if day else last
    return date(year, month, number if 1 <= number <= last else last)
