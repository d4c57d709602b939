"""Rates of amounts: "a day" after a number, "the daily number of" before it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from landlink.statement.patterns import first_at

__all__ = ["RateWords"]

#: Units of time that a rate goes with only directly, if at all.
_TIMES: Final = frozenset({"h", "min", "days", "weeks", "months", "years"})
_LONG: Final = frozenset({"years", "months"})
#: Characters before a number in which its rate is sought.
_REACH: Final = 110
#: Words after a number within which its rate may stand (an adverb that ends the clause twice as far), what ends them.
_RATE_WORDS: Final = 5
_NEXT_WORD: Final = re.compile(r"\s*[^\W\d]+(?:['’-][^\W\d]+)*")
_STOP: Final = re.compile(r"[,;:.،؛()]|\d")
#: Rates that are adjectives in Russian and Arabic.
_ADJECTIVE: Final = re.compile(r"(?:н|ов)[а-я]{2,3}$|(?:ي|ية)$")
#: What makes "each year" the time of a date: "to 31 October of each year", 每年6月.
_SEASON: Final = re.compile(r"\bof (?:each|every|any) |每年\d{1,2}月")


@dataclass(frozen=True)
class RateWords:
    """The words for rates of one language, and whether it has spaces between words."""

    rows: list[tuple[re.Pattern[str], str]]
    spaced: bool

    def at(self, text: str, place: int) -> tuple[str, int] | None:
        """Find the rate at an offset and its end."""
        return first_at(self.rows, text, place)

    def after(self, text: str, end: int, unit: str) -> tuple[str, int]:
        """Find the rate after a number: at once, or a few words further on: "600,000 tonnes of wheat a year"."""
        if unit in _LONG or unit in ("days", "weeks"):
            rate = self.at(text, end) if unit != "years" else None
            return rate if rate is not None and rate[0] in ("year", "month") else ("", end)
        place, limit = end, len(text)
        stop = _STOP.search(text, end)
        if stop is not None:
            limit = stop.start()
        for number in range(1 if unit in _TIMES and not text.startswith(" of ", end) else 2 * _RATE_WORDS):
            rate = self.at(text, place)
            if rate is not None and rate[1] <= limit:
                last = rate[1] == limit and not text[rate[1] - 1].isascii()
                adverb = last and _ADJECTIVE.search(text, place, rate[1]) is None
                return rate if number < _RATE_WORDS or adverb else ("", end)
            word = _NEXT_WORD.match(text, place) if self.spaced else None
            if word is None or word.end() >= limit:
                break
            place = word.end()
        return "", end

    def between(self, text: str, start: int, end: int) -> str:
        """Find a rate between a number and its noun: "100 annual scholarships"."""
        if not self.spaced:
            return ""
        rates = (self.at(text, word.start()) for word in _NEXT_WORD.finditer(text, start, end))
        return next((rate[0] for rate in rates if rate is not None and rate[1] < end), "")

    def before(self, text: str, start: int, *, linked: bool) -> str:
        """Find a rate that stands before its noun: "the daily number of trucks to 300", 每日.

        An adjective tells only where the number is ``linked`` to its noun by "to" or a limit: an annual forum may open
        five schools.
        """
        found = [
            (match.start(), per)
            for pattern, per in self.rows
            if self.spaced or not pattern.pattern.endswith("(?:年)")
            for match in pattern.finditer(text, max(0, start - _REACH), start)
            if not self.spaced or match.start() == 0 or not text[match.start() - 1].isalnum()
            if linked or _ADJECTIVE.search(match.group()) is None
            if _SEASON.search(text, max(0, match.start() - 4), match.end() + 6) is None
        ]
        return max(found)[1] if found else ""
