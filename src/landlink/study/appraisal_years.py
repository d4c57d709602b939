"""Years of a measure's life that its appraisal rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from landlink.core.errors import InputError, Problem
from landlink.study.effects import reference_day
from landlink.tables.dates import parse_date
from landlink.tables.frames import Row

__all__ = ["check_solved_years", "opening_year", "span"]


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


def check_solved_years(
    years: Sequence[int], measures: Iterable[Row], investment: Iterable[Row], *, base_year: int, horizon_years: int
) -> None:
    """Refuse solved years that tell nothing of measures: all before they open, or beyond the horizon.

    Parameters
    ----------
    years
        Years that are solved.
    measures
        Rows of the measures in the table ``measure``. Those without ``open_from`` are in force in every year.
    investment
        Rows of ``investment``.
    base_year
        Base year of the study.
    horizon_years
        Years of service that count.

    Raises
    ------
    InputError
        Lists every year beyond the horizon.
    """
    rows, register = list(investment), list(measures)
    openings = [
        opening_year(one, [row for row in rows if row["measure_id"] == one["measure_id"]], base_year)
        for one in register
    ]
    first, last = min(openings, default=base_year), max(openings, default=base_year) + horizon_years - 1
    problems = [
        Problem("appraisal", "a solved year beyond the horizon", value=str(year), allowed=f"years up to {last}")
        for year in years
        if year > last
    ]
    if register and all(str(one["open_from"]) for one in register) and max(years) < first:
        listed = ", ".join(map(str, years))
        message = "the measures are in service in no solved year"
        problems.append(Problem("appraisal", message, value=listed, allowed=f"a year from {first} to {last}"))
    if problems:
        raise InputError(problems)


def span(construction: Row) -> tuple[int, int]:
    """First and last year of a row of construction."""
    begins = int(construction["begins"])
    return begins, begins if construction["ends"] is None else int(construction["ends"])
