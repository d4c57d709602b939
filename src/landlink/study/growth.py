"""Growth of demand from the base year to another year."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

__all__ = ["EVERY", "growth_factors", "growth_notes"]

_PERIOD = ("commodity_id", "year_from", "year_to")
#: Applies to every commodity without rows of its own.
EVERY = "*"


def growth_factors(growth: pd.DataFrame, commodities: Iterable[str], base_year: int, year: int) -> dict[str, float]:
    """Growth factors by commodity: tonnes in a year divided by tonnes in the base year.

    Each row compounds its rate over the years of its period between the base year and the given year; for a year
    before the base year, growth is discounted at the same rates.

    Examples
    --------
    >>> rows = pd.DataFrame(
    ...     {"commodity_id": ["*"], "year_from": [2023], "year_to": [2030], "rate_pct_per_year": [10.0]}
    ... )
    >>> growth_factors(rows, ["coal"], 2023, 2025)
    {'coal': 1.2100000000000002}
    """
    first, last = min(base_year, year), max(base_year, year)
    factor_of: dict[str, float] = {EVERY: 1.0}
    columns = (growth[name].tolist() for name in ("commodity_id", "year_from", "year_to", "rate_pct_per_year"))
    for commodity, begin, end, rate in zip(*columns, strict=True):
        years = max(0, min(end, last) - max(begin, first))
        factor_of[commodity] = factor_of.get(commodity, 1.0) * float((1 + rate / 100) ** years)
    grown = {commodity: factor_of.get(commodity, factor_of[EVERY]) for commodity in commodities}
    return {commodity: factor if year >= base_year else 1 / factor for commodity, factor in grown.items()}


def growth_notes(growth: pd.DataFrame, commodities: Iterable[str], base_year: int, year: int) -> list[str]:
    """Say where the growth of a study does not reach a year, so that demand stands still from there on.

    Examples
    --------
    >>> rows = pd.DataFrame({"commodity_id": ["*"], "year_from": [2023], "year_to": [2030]})
    >>> growth_notes(rows, ["coal"], 2023, 2041)
    ['demand of 2041 is that of 2030: the table growth goes no further']
    """
    if year == base_year:
        return []
    rows: dict[str, list[tuple[int, int]]] = {}
    for commodity, begin, end in zip(*(growth[name].tolist() for name in _PERIOD), strict=True):
        rows.setdefault(commodity, []).append((begin, end))
    names = list(commodities)
    found: dict[tuple[int, str], list[str]] = {}
    for name in names:
        periods = rows.get(name, rows.get(EVERY, []))
        if (reach := _reach(periods, base_year, year)) != year:
            found.setdefault((reach, "goes no further" if periods else "has no row"), []).append(name)
    return [
        f"demand of {year} is that of {reach}: the table growth {why}"
        + (f" ({', '.join(goods)})" if len(goods) < len(names) else "")
        for (reach, why), goods in sorted(found.items())
    ]


def _reach(periods: Iterable[tuple[int, int]], base_year: int, year: int) -> int:
    """The last year on the way from the base year to another that periods, one after another, lead to."""
    reach = base_year
    for begin, end in sorted(periods, reverse=year < base_year):
        if year > base_year and begin <= reach:
            reach = min(year, max(reach, end))
        elif year < base_year and end >= reach:
            reach = max(year, min(reach, begin))
    return reach
