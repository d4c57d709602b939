"""Change of real income of countries, on one basis: with an ensemble all of it, else the study as it stands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from landlink.ensemble.digits import digit_place
from landlink.report.intervals import Figure, figure_of, written_to
from landlink.report.trade_change import TradeChange
from landlink.report.words import Words
from landlink.tables.frames import numbers

__all__ = ["Income", "central_incomes", "income_texts", "incomes_of"]

#: Columns of real income, its interval over elasticities, and what it is to first order.
_COLUMNS: Final = ("real_income_percent", "real_income_percent_low", "real_income_percent_high", "first_order_percent")
_EXACT: Final = "trade.real_income_change_percent[{}]"
_FIRST_ORDER: Final = "trade.real_income_first_order_percent[{}]"
#: Digits of the largest change of several, to which all of them are written: they are compared with each other.
_DIGITS: Final = 2


@dataclass(frozen=True, slots=True)
class Income:
    """Change of the real income of a country, in percent.

    Attributes
    ----------
    exact
        The exact change with its interval: median and 80 % of an ensemble, which draws parameters and elasticities
        together; else the study as it stands and 90 % over its elasticities, at the freight costs found.
    first_order
        The sum of first-order parts, on the same basis; NaN where an ensemble does not know it.
    joint
        Whether it comes from an ensemble.
    """

    exact: Figure
    first_order: float
    joint: bool


def central_incomes(change: TradeChange) -> dict[str, Income]:
    """Changes of real income of the study as it stands, by country; countries without one are left out."""
    table = change.view.table("trade_country")
    cells = zip(*(numbers(table, column).tolist() for column in _COLUMNS), strict=True)
    return {
        country: Income(Figure(value, low, high, "%"), first_order, joint=False)
        for country, (value, low, high, first_order) in zip(change.countries, cells, strict=True)
        if math.isfinite(value)
    }


def incomes_of(change: TradeChange) -> dict[str, Income]:
    """Changes of real income by country, of the ensemble where there is one; countries without one are left out.

    An ensemble knows the countries of the region alone. Others would have figures of another basis.
    """
    ensemble = change.view.ensemble
    known = [] if ensemble is None else [one for one in change.countries if _EXACT.format(one) in ensemble.place_of]
    if ensemble is None or not known:
        return central_incomes(change)
    found = {}
    for country in known:
        first_order = math.nan
        if (name := _FIRST_ORDER.format(country)) in ensemble.place_of:
            first_order = figure_of(change.view, name).value
        found[country] = Income(figure_of(change.view, _EXACT.format(country)), first_order, joint=True)
    return found


def income_texts(words: Words, incomes: Sequence[Income]) -> list[str]:
    """Write changes of real income that stand together: to one number of decimals, or fewer where one bears fewer."""
    largest = max((abs(income.exact.value) for income in incomes), default=0.0)
    common = math.floor(math.log10(largest)) + 1 - _DIGITS if largest > 0 else 0
    texts = []
    for income in incomes:
        place = digit_place(income.exact.low, income.exact.high)
        texts.append(written_to(words, income.exact, common if place is None else max(place, common), "%"))
    return texts
