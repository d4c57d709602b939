"""Observed values of an indicator over time, from the study's table of observations."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from landlink.core.errors import UnknownNameError
from landlink.indicators.comparability import is_about_measures, of_another_scope
from landlink.indicators.expressions import canonical_form, parse_expression, unit_of
from landlink.indicators.observations import factor_to_observation
from landlink.indicators.units import UnknownUnitError
from landlink.tables.frames import records

__all__ = ["Point", "known_unit", "observed_series", "observed_value", "same_indicator"]


@dataclass(frozen=True, slots=True)
class Point:
    """An observation of an indicator.

    Attributes
    ----------
    when
        Year, month or day, or the period as the study states it.
    year
        Its year.
    value
        In the indicator's unit.
    bound
        ``value``; ``lower`` or ``upper`` if this is a bound of the true value.
    rows
        Rows of the table from which it comes.
    part
        For a sum of which only some terms were observed, the places of those terms; otherwise empty.
    """

    when: str
    year: int
    value: float
    bound: str
    rows: tuple[str, ...]
    part: str = ""


def observed_series(observed: pd.DataFrame, indicator: str) -> tuple[Point, ...]:
    """Collect the observations of an indicator in chronological order.

    A row counts if its own indicator is this one and its scope is what the indicator counts, or makes it a bound. For
    years without such a row, a sum is taken from the rows of its terms; if only some terms were observed, their sum is
    a lower bound, since indicators that add up are amounts and never negative.

    Parameters
    ----------
    observed
        The study's table ``observed``.
    indicator
        An indicator expression.

    Returns
    -------
    tuple of Point
    """
    rows = [row for row in records(observed) if row.get("indicator") and _known(row) and not _of_another_scope(row)]
    rows = [row for row in rows if not is_about_measures(row)]
    points = [_point(row) for row in rows if same_indicator(str(row["indicator"]), indicator)]
    sides = canonical_form(indicator)
    terms = list(sides[0])
    if len(sides) == 1 and len(terms) > 1:
        points += _sums(rows, terms, {point.year for point in points})
    return tuple(sorted(points, key=lambda point: (point.year, point.when, point.rows)))


def observed_value(row: Any) -> float:
    """Convert an observation to its indicator's unit, by the columns ``unit``, ``scale`` and ``scale_unit``."""
    try:
        factor = factor_to_observation(parse_expression(str(row["indicator"])).unit, row)
    except (UnknownNameError, UnknownUnitError):
        factor = float(row["scale"])
    return float(row["value"]) / (factor if math.isfinite(factor) and factor else 1.0)


def same_indicator(one: str, other: str) -> bool:
    """Whether two expressions are the same, apart from spaces and the order of a sum."""
    return canonical_form(one) == canonical_form(other)


def known_unit(indicator: str) -> str:
    """Find the unit of an expression; empty for a pure number, and for what this version does not compute."""
    try:
        return unit_of(indicator)
    except UnknownNameError:
        return ""


def _plain(term: str) -> str:
    return re.sub(r"\s+", "", term)


def _known(row: Any) -> bool:
    return all(isinstance(row[name], int | float) and math.isfinite(row[name]) for name in ("value", "year"))


def _of_another_scope(row: Any) -> bool:
    return bool(row.get("scope")) and bool(of_another_scope(row))


def _point(row: Any) -> Point:
    bound = str(row.get("bound") or "value")
    return Point(_when(row), int(row["year"]), observed_value(row), bound, (str(row["observed_id"]),))


def _when(row: Any) -> str:
    """Return the period if it refines the year, or else the year."""
    period, year = str(row.get("period") or ""), str(int(row["year"]))
    return period if period.startswith(year) else year


#: Order of the qualities, used if several rows give one term in one year.
_QUALITY_ORDER: Final = {"measured": 0, "published": 1}


def _sums(rows: Iterable[Any], terms: list[str], taken: set[int]) -> list[Point]:
    by_year: dict[int, dict[str, Any]] = {}
    candidates = [
        row for row in rows if _plain(str(row["indicator"])) in terms and (row.get("bound") or "value") == "value"
    ]
    for row in sorted(candidates, key=lambda row: _QUALITY_ORDER.get(str(row.get("quality")), 2)):
        by_year.setdefault(int(row["year"]), {}).setdefault(_plain(str(row["indicator"])), row)
    return [_sum(year, found, terms) for year, found in by_year.items() if year not in taken]


def _sum(year: int, found: dict[str, Any], terms: list[str]) -> Point:
    known = [found[term] for term in terms if term in found]
    whole = len(known) == len(terms)
    part = "" if whole else ", ".join(str(row.get("place") or row["observed_id"]) for row in known)
    rows = tuple(str(row["observed_id"]) for row in known)
    return Point(str(year), year, sum(map(observed_value, known)), "value" if whole else "lower", rows, part)
