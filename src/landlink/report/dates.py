"""Dates in words and clock times, in the language of a page."""

from __future__ import annotations

from datetime import date

from landlink.report.words import Words

__all__ = ["clock", "date_in_words"]


def date_in_words(day: date, words: Words) -> str:
    """Write a date as the language does, such as 15 November 2020."""
    month = words("date.months").split("|")[day.month - 1]
    return words("date.pattern", day=words.year(day.day), month=month, year=words.year(day.year))


def clock(hour: int, words: Words) -> str:
    """Write a full hour of the day, such as 08:00."""
    return words.year(f"{hour:02d}:00")
