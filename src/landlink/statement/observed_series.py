"""What was observed of an indicator over the years, from the study's table of observations."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from landlink.indicators.definitions import DEFINITIONS

__all__ = ["Point", "observed_series", "observed_value", "same_indicator", "terms_of", "unit_of"]

#: Signs of an expression, but for those inside brackets: identifiers may hold them.
_PLUS, _OVER = (re.compile(rf"{sign}(?![^\[]*\])") for sign in (r"\+", "/"))


@dataclass(frozen=True, slots=True)
class Point:
    """One observation in the indicator's unit.

    Attributes
    ----------
    when
        Year, month or day, or the study's own words for the time.
    year
        Its year.
    value
        In the indicator's unit.
    bound
        ``value``; ``lower`` where the truth is that or more; ``upper`` where it is that or less.
    rows
        Rows of the table it comes from.
    part
        What is known of a sum of which not all is known; empty: all.
    """

    when: str
    year: int
    value: float
    bound: str
    rows: tuple[str, ...]
    part: str = ""


def observed_series(observed: pd.DataFrame, indicator: str) -> tuple[Point, ...]:
    """Observations of an indicator, in the order of time.

    A row counts where its own indicator is this one, by whatever blanks. Years without such a row take a sum from rows
    of its terms; where only some terms were observed, what is known is a lower bound, since indicators that add up are
    amounts and never negative.

    Parameters
    ----------
    observed
        The table of observations, with the columns ``indicator``, ``value``, ``scale``, ``year``, ``bound``.
    indicator
        An indicator or an expression of several.
    """
    rows = [row for row in observed.to_dict("records") if row.get("indicator") and _known(row)]
    points = [_point(row) for row in rows if same_indicator(str(row["indicator"]), indicator)]
    terms = [_plain(term) for term in _PLUS.split(indicator)]
    if len(terms) > 1 and not _OVER.search(indicator):
        points += _sums(rows, terms, {point.year for point in points})
    return tuple(sorted(points, key=lambda point: (point.year, point.when, point.rows)))


def observed_value(row: Any) -> float:
    """Value of an observation in its indicator's unit: the table's scale turns the indicator into the observation."""
    scale = float(row["scale"])
    return float(row["value"]) / (scale if math.isfinite(scale) and scale else 1.0)


def same_indicator(one: str, other: str) -> bool:
    """Whether two expressions are the same but for blanks and the order of a sum."""
    return _canonical(one) == _canonical(other)


def unit_of(indicator: str) -> str:
    """Unit of an expression: that of its first indicator, over that of what divides it; empty for a share."""
    units = []
    for side in _OVER.split(indicator):
        name = _PLUS.split(side)[0].partition("[")[0].strip()
        units.append(DEFINITIONS[name].unit if name in DEFINITIONS else "")
    if len(units) == 1:
        return units[0]
    return "" if units[0] == units[1] else f"{units[0]} per {units[1]}"


def terms_of(indicator: str) -> list[list[str]]:
    """Single indicators of an expression: those added up, for each side of its ``/``."""
    return [[term.strip() for term in _PLUS.split(side)] for side in _OVER.split(indicator)]


def _canonical(indicator: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(sorted(_plain(term) for term in _PLUS.split(side))) for side in _OVER.split(indicator))


def _plain(term: str) -> str:
    return re.sub(r"\s+", "", term)


def _known(row: Any) -> bool:
    return all(isinstance(row[name], int | float) and math.isfinite(row[name]) for name in ("value", "year"))


def _point(row: Any) -> Point:
    bound = str(row.get("bound") or "value")
    return Point(_when(row), int(row["year"]), observed_value(row), bound, (str(row["observed_id"]),))


def _when(row: Any) -> str:
    """The period where it is a finer date than the year, which it begins with."""
    period, year = str(row.get("period") or ""), str(int(row["year"]))
    return period if period.startswith(year) else year


#: Where several rows tell one term in one year: the surest first.
_SUREST: Final = {"measured": 0, "published": 1}


def _sums(rows: Iterable[Any], terms: list[str], taken: set[int]) -> list[Point]:
    by_year: dict[int, dict[str, Any]] = {}
    candidates = [
        row for row in rows if _plain(str(row["indicator"])) in terms and (row.get("bound") or "value") == "value"
    ]
    for row in sorted(candidates, key=lambda row: _SUREST.get(str(row.get("quality")), 2)):
        by_year.setdefault(int(row["year"]), {}).setdefault(_plain(str(row["indicator"])), row)
    return [_sum(year, found, terms) for year, found in by_year.items() if year not in taken]


def _sum(year: int, found: dict[str, Any], terms: list[str]) -> Point:
    known = [found[term] for term in terms if term in found]
    whole = len(known) == len(terms)
    part = "" if whole else ", ".join(str(row.get("place") or row["observed_id"]) for row in known)
    rows = tuple(str(row["observed_id"]) for row in known)
    return Point(str(year), year, sum(map(observed_value, known)), "value" if whole else "lower", rows, part)
