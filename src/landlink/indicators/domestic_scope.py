"""Observations that count domestic freight, once the model has it: values to compare with instead of bounds."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from landlink.indicators.expressions import parse_expression
from landlink.indicators.registry import TableView
from landlink.tables.frames import texts

__all__ = ["countries_with_domestic_freight", "with_domestic_scope"]


def countries_with_domestic_freight(view: TableView) -> frozenset[str]:
    """Countries of whose freight a result has a part that stays within them."""
    if "country_trade" not in view:
        return frozenset()
    trade = view["country_trade"]
    return frozenset(trade.loc[(trade["flow"] == "domestic") & (trade["tonnes_per_year"] > 0), "country"])


def with_domestic_scope(observed: pd.DataFrame, countries: Collection[str]) -> pd.DataFrame:
    """Observations as they are for a model with domestic freight in some countries.

    A row of the scope ``all_freight`` whose indicators are of these countries alone counts what the model counts: its
    scope becomes ``international``, which stands for that, and an upper bound becomes a value, of the role
    ``validation``. All other rows are as they were.
    """
    if not countries:
        return observed
    counted = pd.Series(
        [
            scope == "all_freight" and _is_of(indicator, countries)
            for scope, indicator in zip(texts(observed, "scope"), texts(observed, "indicator"), strict=True)
        ],
        observed.index,
        dtype=bool,
    )
    bounds = counted & (observed["role"] == "bound") & (observed["bound"] == "upper")
    return observed.assign(
        scope=observed["scope"].mask(counted, "international"),
        role=observed["role"].mask(bounds, "validation"),
        bound=observed["bound"].mask(bounds, "value"),
    )


def _is_of(indicator: str, countries: Collection[str]) -> bool:
    """Whether an expression is of some countries alone: the first argument of each of its indicators of countries."""
    if not indicator:
        return False
    terms = parse_expression(indicator).terms
    return all(term.indicator.name.startswith("country.") and term.arguments[0] in countries for term in terms)
