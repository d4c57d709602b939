"""Dates of a study: ``2024``, ``2024-09`` or ``2024-09-03``, stored as text and compared as decimal years."""

from __future__ import annotations

import calendar
import math
import re
from datetime import date

from landlink.core.errors import InputError, Problem

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def parse_date(text: str) -> date | None:
    """Parse a date cell as its first day; ``None`` if it is not a date.

    Examples
    --------
    >>> parse_date("2024-09")
    datetime.date(2024, 9, 1)
    >>> parse_date("2023-02-30") is None
    True
    """
    match = _DATE.fullmatch(text) if text.isascii() else None
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None


def decimal_year(text: str) -> float:
    """Convert a date cell to a decimal year.

    The year plus (day of the year - 1) / (days of the year), so that
    ``2024`` is 2024.0 and 1 July is close to half.

    Parameters
    ----------
    text
        ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; a month or a year means its first day.

    Returns
    -------
    float
        NaN for an empty cell.

    Raises
    ------
    InputError
        The text is not a date.

    Examples
    --------
    >>> decimal_year("2024")
    2024.0
    >>> round(decimal_year("2024-09-03"), 4)
    2024.6721
    """
    stripped = text.strip()
    if not stripped:
        return math.nan
    day = parse_date(stripped)
    if day is None:
        raise InputError(Problem("", "not a date", value=text, allowed="YYYY, YYYY-MM or YYYY-MM-DD"))
    days = 366 if calendar.isleap(day.year) else 365
    return day.year + (day.timetuple().tm_yday - 1) / days
