"""Years of a measure's life that its appraisal rests on."""

from __future__ import annotations

from collections.abc import Iterable

from landlink.study.effects import reference_day
from landlink.tables.dates import parse_date
from landlink.tables.frames import Row

__all__ = ["opening_year", "span"]


def opening_year(measure: Row, investment: Iterable[Row], base_year: int) -> int:
    """First year in which a measure is in service.

    Parameters
    ----------
    measure
        Its row: in service from the first year whose 1 July is not before ``open_from``, as scenarios are.
    investment
        Its rows of ``investment``: without a date, the year after the last construction.
    base_year
        Opening without either.
    """
    day = parse_date(str(measure["open_from"]))
    if day is not None:
        return day.year if day <= reference_day(day.year) else day.year + 1
    ends = [span(row)[1] for row in investment if row["kind"] == "construction" and row["begins"] is not None]
    return max(ends) + 1 if ends else base_year


def span(construction: Row) -> tuple[int, int]:
    """First and last year of a row of construction."""
    begins = int(construction["begins"])
    return begins, begins if construction["ends"] is None else int(construction["ends"])
