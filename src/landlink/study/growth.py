"""Growth of demand from the base year to another year."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

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
