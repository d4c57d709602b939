"""Reading of hourly counts at a crossing: arrivals, departures, vehicles waiting, and an operator's wait."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from landlink.border.log_reading import column_places, parse_stamp
from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem
from landlink.tables.csv_text import RawTable, read_rows

__all__ = ["HourlyCounts", "counts_of", "is_counts", "read_counts"]

_NAMES: Final = {
    "hour": ("hour", "begins", "timestamp", "time"),
    "arrivals": ("arrivals",),
    "departures": ("departures",),
    "queue": ("queue",),
    "wait": ("wait_h",),
}
_SERIES: Final = ("arrivals", "departures", "queue", "wait")
#: Largest number of hours between the first and the last count.
MOST_HOURS: Final = 10 * 8784
_LARGEST: Final = 1e6


@dataclass(frozen=True)
class HourlyCounts:
    """Counts by hour; arrays of shape (hours,), NaN where nothing was counted.

    Attributes
    ----------
    name
        Name of the file, for messages.
    start
        Begin of the first hour, by the clock of the file.
    arrivals, departures
        Vehicles within the hour.
    queue
        Vehicles waiting at the end of the hour.
    wait_h
        What the operator states as the wait: an estimate of his, which nothing is fitted to.
    """

    name: str
    start: datetime
    arrivals: Floats
    departures: Floats
    queue: Floats
    wait_h: Floats

    def __len__(self) -> int:
        return len(self.arrivals)

    @property
    def has(self) -> tuple[str, ...]:
        """Series with any count."""
        series = {"arrivals": self.arrivals, "departures": self.departures, "queue": self.queue}
        return tuple(name for name, values in series.items() if not np.isnan(values).all())


def read_counts(path: str | Path) -> HourlyCounts:
    """Read hourly counts.

    Parameters
    ----------
    path
        A CSV file in UTF-8 with a column ``hour`` (begin of a full hour) and any of ``arrivals``, ``departures``,
        ``queue`` and ``wait_h``. Hours that are missing and empty cells are hours without a count.

    Raises
    ------
    InputError
        The file cannot be read, or rows are invalid; lists all, with their lines.
    """
    return counts_of(read_rows(Path(path), Path(path).name), Path(path).name)


def is_counts(header: list[str]) -> bool:
    """Whether a header is that of hourly counts."""
    return bool({"arrivals", "departures", "queue"} & {cell.strip() for cell in header})


def counts_of(raw: RawTable, name: str) -> HourlyCounts:
    """Make a series of the cells of a file; raises as :func:`read_counts`."""
    if raw.problems:
        raise InputError(raw.problems)
    place = column_places(raw.header, _NAMES, ("hour",), name)
    problems: list[Problem] = []
    rows: dict[datetime, tuple[int, list[float]]] = {}
    for line, cells in zip(raw.lines, raw.rows, strict=True):
        where = f"line {line}"
        hour = _hour(cells[place["hour"]] if place["hour"] < len(cells) else "", where, name, problems)
        values = [_number(cells, place.get(one, -1), raw.header, where, name, problems) for one in _SERIES]
        if hour is None:
            continue
        if hour in rows:
            message, value = "the hour was counted before", hour.isoformat(sep=" ")
            problems.append(
                Problem(name, message, where, raw.header[place["hour"]], value, f"one row, as in line {rows[hour][0]}")
            )
        if rows and (next(iter(rows)).tzinfo is None) != (hour.tzinfo is None):
            problems.append(
                Problem(
                    name,
                    "invalid hour",
                    where,
                    raw.header[place["hour"]],
                    str(hour),
                    "an offset from UTC on all or on none",
                )
            )
            continue
        rows.setdefault(hour, (line, values))
    if not rows and not problems:
        problems.append(Problem(name, "no hour is counted", allowed="rows with an hour and counts"))
    if problems:
        raise InputError(problems)
    start = min(rows)
    hours = round((max(rows) - start) / timedelta(hours=1)) + 1
    if hours > MOST_HOURS:
        raise InputError(
            Problem(name, "the counts are too far apart", value=f"{hours:,} hours", allowed=f"at most {MOST_HOURS:,}")
        )
    series = np.full((len(_SERIES), hours), np.nan)
    for hour, (_, values) in rows.items():
        series[:, round((hour - start) / timedelta(hours=1))] = values
    return HourlyCounts(name, start, *series)


def _hour(text: str, where: str, table: str, problems: list[Problem]) -> datetime | None:
    allowed = "the begin of a full hour such as 2024-06-03 14:00"
    try:
        stamp = parse_stamp(text)
    except (ValueError, OverflowError):
        problems.append(Problem(table, "invalid hour", where, "hour", text, allowed))
        return None
    if (stamp.minute, stamp.second, stamp.microsecond) != (0, 0, 0):
        problems.append(Problem(table, "not the begin of an hour", where, "hour", text, allowed))
        return None
    return stamp


def _number(cells: list[str], at: int, header: list[str], where: str, table: str, problems: list[Problem]) -> float:
    text = cells[at].strip() if 0 <= at < len(cells) else ""
    if not text:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= _LARGEST:
        problems.append(
            Problem(
                table, "invalid count", where, header[at], text, f"a number from 0 to {_LARGEST:,.0f}, or an empty cell"
            )
        )
        return math.nan
    return value
