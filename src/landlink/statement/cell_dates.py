"""The date that a cell of a table states: "2027", "IV квартал 2026 года", "31.12.2028", 2027年6月底前."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import Final

from landlink.statement.lexicon import UserTables, compiled_rows
from landlink.statement.time_references import YEAR

__all__ = ["row_deadline"]

#: Most words, and characters, of a cell that states a date and nothing else.
_WORDS: Final = 6
_LENGTH: Final = 40
_MONTHS: Final = 12
#: Dates in digits, day first or year first.
_NUMERIC: Final = re.compile(
    r"(?<!\d)(?:(?P<d>\d{1,2})[./-])?(?P<m>\d{1,2})[./-](?P<y>20\d\d)(?!\d)"
    r"|(?<!\d)(?P<year>20\d\d)[-./年](?P<month>\d{1,2})(?:[-./月](?P<day>\d{1,2}))?(?!\d)"
)
_QUARTER: Final = re.compile(
    r"\bq([1-4])\b|\b([1-4])(?:st|nd|rd|th|-?[йо]?й)? ?(?:quarter|кв(?:артал\w*)?)\b"
    r"|\b(iv|i{1,3})(?:-й)? ?(?:quarter|кв(?:артал\w*)?)\b"
    r"|(first|second|third|fourth) quarter|(перв|втор|трет|четверт)\w+ квартал"
    r"|第?([一二三四1-4])季度|الربع (الاول|الثاني|الثالث|الرابع)"
)
_QUARTERS: Final = {
    "1": 1, "i": 1, "first": 1, "перв": 1, "一": 1, "الاول": 1,
    "2": 2, "ii": 2, "second": 2, "втор": 2, "二": 2, "الثاني": 2,
    "3": 3, "iii": 3, "third": 3, "трет": 3, "三": 3, "الثالث": 3,
    "4": 4, "iv": 4, "fourth": 4, "четверт": 4, "四": 4, "الرابع": 4,
}  # fmt: skip
_FIRST_HALF: Final = re.compile(
    r"\bh1\b|\b(?:first|1st) half|\b(?:1|i|перв\w+)(?:-?[ео]?е)? полугоди|上半年|النصف الاول"
)
_DIGIT: Final = re.compile(r"\d")


def row_deadline(cells: Sequence[str], language: str, user_tables: UserTables | None = None) -> date | None:
    """Find the date by which a row of a table is due: the last of its cells that states a date and nothing else.

    Parameters
    ----------
    cells
        Its folded cells.
    language
        ISO 639-1 code.
    user_tables
        Folder of the user's own tables.

    Returns
    -------
    date or None
        The end of the year, the half, the quarter or the month that the cell names.

    Examples
    --------
    >>> row_deadline(["build a road", "q3 2027", "ministry of roads"], "en")
    datetime.date(2027, 9, 30)
    """
    months = compiled_rows(language, "months", "month", user_tables)
    dates = (_date(cell.strip(), months) for cell in reversed(cells))
    return next((found for found in dates if found), None)


def _date(cell: str, months: Sequence[tuple[re.Pattern[str], str]]) -> date | None:
    """Read the date of a cell: that in digits, else the last part that is named of the last year."""
    if len(cell) > _LENGTH or len(cell.split()) > _WORDS:
        return None
    if found := _in_digits(cell):
        return found
    years = YEAR.findall(cell)
    if not years:
        return None
    month, day = _part_of_year(cell) or _month(cell, months) or (0, None)
    if month:
        return _day(int(years[-1]), month, day)
    return None if _DIGIT.search(YEAR.sub("", cell)) else date(int(years[-1]), _MONTHS, 31)


def _in_digits(cell: str) -> date | None:
    for match in reversed(list(_NUMERIC.finditer(cell))):
        part = match.groupdict()
        year, month, day = (part[short] or part[long] for short, long in (("y", "year"), ("m", "month"), ("d", "day")))
        if 1 <= int(month) <= _MONTHS:
            return _day(int(year), int(month), int(day) if day else None)
    return None


def _part_of_year(cell: str) -> tuple[int, None] | None:
    """Last month of the quarter or of the first half that a cell names; None if it names neither."""
    quarters = list(_QUARTER.finditer(cell))
    if quarters:
        return 3 * _QUARTERS[next(group for group in quarters[-1].groups() if group)], None
    return (6, None) if _FIRST_HALF.search(cell) else None


def _month(cell: str, months: Sequence[tuple[re.Pattern[str], str]]) -> tuple[int, int | None] | None:
    """Last month that a cell names, with the day before it."""
    named = [
        (match.start(), int(month))
        for pattern, month in months
        for match in re.finditer(r"(?<!\w)" + pattern.pattern, cell)
    ]
    if not named:
        return None
    start, month = max(named)
    day = re.search(r"(?<!\d)(\d{1,2})\W*$", cell[:start])
    return month, int(day.group(1)) if day else None


def _day(year: int, month: int, day: int | None) -> date:
    last = monthrange(year, month)[1]
    return date(year, month, day if day and day <= last else last)
