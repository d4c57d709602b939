"""How demand grows from the base year to another."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

#: Stands for every commodity that has no rows of its own.
EVERY = "*"


def growth_factors(growth: pd.DataFrame, commodities: Iterable[str], base_year: int, year: int) -> dict[str, float]:
    """Tonnes in a year over tonnes in the base year, by commodity.

    Each row compounds its rate over the years of its span that lie between the base year and the year asked for; a
    year before the base year is reached backwards at the same rates.

    Examples
    --------
    >>> rows = pd.DataFrame(
    ...     {"commodity_id": ["*"], "year_from": [2023], "year_to": [2030], "rate_pct_per_year": [10.0]}
    ... )
    >>> growth_factors(rows, ["coal"], 2023, 2025)
    {'coal': 1.2100000000000002}
    """
    first, last = min(base_year, year), max(base_year, year)
    own = set(growth["commodity_id"]) - {EVERY}
    factors = {}
    for commodity in commodities:
        rows = growth[growth["commodity_id"] == (commodity if commodity in own else EVERY)]
        factor = 1.0
        for begin, end, rate in zip(rows["year_from"], rows["year_to"], rows["rate_pct_per_year"], strict=True):
            years = max(0, min(int(end), last) - max(int(begin), first))
            factor *= float((1 + rate / 100) ** years)
        factors[commodity] = factor if year >= base_year else 1 / factor
    return factors
