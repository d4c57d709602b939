"""Find quantities, rates, deadlines and baselines in a clause."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, TypeVar

from landlink.statement.clause import Quantity
from landlink.statement.lexicon import UserTables, rows
from landlink.statement.patterns import expression

__all__ = ["TimeReferences", "quantities", "time_references"]

_T = TypeVar("_T")

_DIGITS: Final = r"\d{1,3}(?:[,\u066c\u00a0 ]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:[.,\u066b]\d+)?"
_CHINESE_DIGITS: Final = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {
    "两": 2,
    "零": 0,
}
_CHINESE_TENS: Final = {"十": 10, "百": 100, "千": 1000}
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:[,\u066c\u00a0 ]\d{3})+(?!\d)")
#: Currency marks that precede the number.
_MONEY: Final = {"$": "USD", "€": "EUR", "¥": "CNY", "usd": "USD", "eur": "EUR", "rmb": "CNY"}


@dataclass(frozen=True)
class TimeReferences:
    """Deadline of a clause and the span of its baseline in the folded clause; None where it states none."""

    deadline: date | None
    baseline: tuple[int, int] | None


@dataclass(frozen=True)
class _Tables:
    number: re.Pattern[str]
    words: dict[str, float]
    scales: list[tuple[re.Pattern[str], float]]
    units: list[tuple[re.Pattern[str], str]]
    rates: list[tuple[re.Pattern[str], str]]
    months: list[tuple[re.Pattern[str], int]]
    deadline: re.Pattern[str] | None
    baseline: re.Pattern[str] | None


def _compiled(
    language: str, table: str, value: str, user_tables: UserTables | None
) -> list[tuple[re.Pattern[str], str]]:
    tail = "" if language == "zh" else r"(?!\w)"
    found = []
    for row in rows(language, table, user_tables):
        body = expression(row["pattern"], spaced=language != "zh")
        found.append((re.compile(f"(?:{body})" + ("" if body.endswith(("%", "٪")) else tail)), row[value]))
    return sorted(found, key=lambda item: -len(item[0].pattern))


@lru_cache(maxsize=16)
def _tables(language: str, user_tables: UserTables | None) -> _Tables:
    words = {row["word"]: float(row["value"]) for row in rows(language, "numbers", user_tables)}
    spelled = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    if language == "zh":
        number = re.compile(
            rf"(?P<digits>{_DIGITS})|百分之(?P<share>[〇零一二三四五六七八九十百两]+|\d+(?:\.\d+)?)|"
            r"(?P<word>[一二三四五六七八九十百千两]+)"
        )
    else:
        front = r"(?:^|(?<=\s)|(?<=[$€¥(])|(?<=\W))[وبل]?" if language == "ar" else r"(?<![\w.,])"
        number = re.compile(rf"{front}(?:(?P<digits>{_DIGITS})|(?P<word>{spelled})(?!\w))")
    kinds: dict[str, list[str]] = {"deadline": [], "baseline": []}
    for row in rows(language, "times", user_tables):
        kinds[row["kind"]].append(f"(?:{expression(row['pattern'], spaced=language != 'zh')})")
    return _Tables(
        number,
        words,
        [(pattern, float(value)) for pattern, value in _compiled(language, "scales", "value", user_tables)],
        _compiled(language, "units", "unit", user_tables),
        _compiled(language, "rates", "per", user_tables),
        [(pattern, int(value)) for pattern, value in _compiled(language, "months", "month", user_tables)],
        re.compile(rf"(?<!\w)(?:{'|'.join(kinds['deadline'])})\s") if kinds["deadline"] else None,
        re.compile("|".join(kinds["baseline"])) if kinds["baseline"] else None,
    )


def quantities(text: str, language: str, user_tables: UserTables | None = None) -> list[Quantity]:
    """Find the quantities of a folded clause that have a unit, a scale or a rate.

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
    list of Quantity
        In text order; their spans are within the clause.

    Examples
    --------
    >>> quantities("supply five million doses of vaccine", "en")
    [Quantity(value=5000000.0, unit='doses', start=7, end=25, per='')]
    """
    tables = _tables(language, user_tables)
    found = []
    for match in tables.number.finditer(text):
        quantity = _quantity(text, match, tables, language)
        if quantity is not None:
            found.append(quantity)
    return found


def _quantity(text: str, match: re.Match[str], tables: _Tables, language: str) -> Quantity | None:
    parts = match.groupdict()
    value = _value(parts, tables, language)
    if value is None:
        return None
    end, scaled = match.end(), False
    for _ in range(2):
        scale = _first(tables.scales, text, end)
        if scale is None:
            break
        value, end, scaled = value * scale[0], scale[1], True
    unit, per = "", ""
    start = (
        match.start("digits") if parts.get("digits") else match.start("word") if parts.get("word") else match.start()
    )
    found = _first(tables.units, text, end)
    if parts.get("share"):
        unit = "percent"
    elif found is not None:
        unit, end = found
    else:
        unit, start = _money(text, start)
        if not unit:
            found = _after_words(tables.units, text, end) if parts.get("digits") or scaled else None
            unit, end = found or ("", end)
    rate = _first(tables.rates, text, end)
    if rate is not None:
        per, end = rate
        unit = unit or _unit_before(tables.units, text[:start])
    if not unit and not scaled and not per:
        return None
    if not scaled and unit in {"years", ""} and _YEAR.fullmatch(text, match.start(), match.end()):
        return None
    return Quantity(value, unit, start, end, per)


def _value(parts: dict[str, str | None], tables: _Tables, language: str) -> float | None:
    share = parts.get("share") or ""
    digits = parts.get("digits") or (share if share[:1].isdigit() else "")
    if digits:
        if _THOUSANDS.match(digits):
            digits = re.sub(r"[,\u066c\u00a0 ]", "", digits)
        return float(digits.replace(",", ".").replace("\u066b", "."))
    if share:
        return _chinese(share)
    word = parts.get("word")
    if not word:
        return None
    return _chinese(word) if language == "zh" else tables.words.get(word)


def _chinese(word: str) -> float:
    total, digit = 0, 0
    for character in word:
        if character in _CHINESE_TENS:
            total += max(digit, 1) * _CHINESE_TENS[character]
            digit = 0
        else:
            digit = digit * 10 + _CHINESE_DIGITS.get(character, 0)
    return float(total + digit)


def _first(patterns: list[tuple[re.Pattern[str], _T]], text: str, place: int) -> tuple[_T, int] | None:
    """Find the first pattern that matches at an offset, after any spaces."""
    while place < len(text) and text[place] in " \u00a0":
        place += 1
    for pattern, value in patterns:
        match = pattern.match(text, place)
        if match:
            return value, match.end()
    return None


def _after_words(patterns: list[tuple[re.Pattern[str], str]], text: str, place: int) -> tuple[str, int] | None:
    """Find a unit one word further on: "400 new tractors", "40 billion US dollars"."""
    words = re.compile(r"\s+[^\W\d]+(?=\s)|\s+of(?=\s)").match(text, place)
    return _first(patterns, text, words.end()) if words else None


def _unit_before(patterns: list[tuple[re.Pattern[str], str]], text: str) -> str:
    """Find the unit before a rate: "the number of trucks to 500 per day"; empty if there is none."""
    window = text[-40:]
    found = [
        (match.end(), unit)
        for pattern, unit in patterns
        for match in pattern.finditer(window)
        if match.start() == 0 or window[match.start()] > "\u3000" or not window[match.start() - 1].isalnum()
    ]
    if not found:
        return ""
    end, unit = max(found)
    return unit if re.fullmatch(r"\s*(?:[\w/-]+\s+){0,4}", window[end:]) else ""


def _money(text: str, start: int) -> tuple[str, int]:
    for mark, unit in _MONEY.items():
        if text.endswith((mark, mark + " "), 0, start):
            return unit, text.rindex(mark, 0, start)
    return "", start


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


def _deadline(text: str, tables: _Tables, language: str) -> date | None:
    if language == "zh":
        return _chinese_deadline(text)
    if tables.deadline is None:
        return None
    for match in tables.deadline.finditer(text):
        window = text[match.end() : match.end() + 40]
        year = _YEAR.search(window)
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
