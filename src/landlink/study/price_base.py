"""Amounts of any year and currency in constant USD of one year.

An amount is first deflated in its own currency, from the year of its prices to the price year, then converted at the
exchange rate of the price year:

    USD of the price year = amount x index[price year] / index[its year] / units per USD[price year]

So what is bought at home keeps its real value at home, whatever the exchange rate did in between. Between two price
years, amounts in USD differ by one factor, and so do all present values; amounts in other currencies also by what the
real exchange rate changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from landlink.core.currency import USD, Currency
from landlink.core.errors import InputError, Problem
from landlink.tables.frames import Tables, records

__all__ = ["PriceBase"]


@dataclass(frozen=True)
class PriceBase:
    """Prices of one year, with the indices and exchange rates that lead to it.

    Attributes
    ----------
    year
        Year of the constant prices.
    index
        Price index by currency and year.
    units_per_usd
        Exchange rate by currency and year.
    """

    year: int
    index: Mapping[str, Mapping[int, float]] = field(default_factory=dict)
    units_per_usd: Mapping[str, Mapping[int, float]] = field(default_factory=dict)

    @classmethod
    def of(cls, tables: Tables, year: int, money: Currency | None = None) -> PriceBase:
        """Read the indices and rates of a study, or of a result.

        Parameters
        ----------
        tables
            Tables by name; ``price_index`` and ``exchange_rate`` may be missing.
        year
            The price year.
        money
            Currency of the study, whose own rate stands in for its year where the table has none.
        """
        rates = _by_currency(tables, "exchange_rate", "units_per_usd")
        if money is not None and money.is_own:
            own = rates.setdefault(money.code, {})
            own.setdefault(int(money.rate_date[:4]), money.per_usd)
        return cls(year, _by_currency(tables, "price_index", "index"), rates)

    def problems(self, currency: str, year: int, *, table: str, row: str, column: str = "price_year") -> list[Problem]:
        """List what is missing to convert an amount of some currency and year.

        Parameters
        ----------
        currency, year
            Of the amount.
        table, row, column
            Where the amount stands, for the problems.
        """
        found, known = [], self.index.get(currency, {})
        if year != self.year:
            missing = [str(one) for one in (year, self.year) if one not in known]
            if missing:
                message = f"price_index has no {currency} of {' and '.join(missing)}"
                allowed = f"rows of {currency} for {year} and {self.year} (the price year), or prices of {self.year}"
                found.append(Problem(table, message, row, column, str(year), allowed))
        if currency != USD and self.year not in self.units_per_usd.get(currency, {}):
            message = f"exchange_rate has no {currency} of {self.year}, the price year"
            years = ", ".join(map(str, sorted(self.units_per_usd.get(currency, {})))) or "none"
            allowed = f"a row {currency},{self.year} in exchange_rate (years there: {years})"
            found.append(Problem(table, message, row, "currency", currency, allowed))
        return found

    def factor(self, currency: str, year: int, *, table: str = "", row: str = "", column: str = "price_year") -> float:
        """USD of the price year for one unit of a currency in prices of some year.

        Raises
        ------
        InputError
            An index or a rate is missing; names the row.

        Examples
        --------
        >>> base = PriceBase(2024, {"KGS": {2020: 100.0, 2024: 150.0}}, {"KGS": {2020: 77.0, 2024: 87.0}})
        >>> round(base.factor("KGS", 2020) * 1e6)
        17241
        """
        if problems := self.problems(currency, year, table=table, row=row, column=column):
            raise InputError(problems)
        inflation = 1.0 if year == self.year else self.index[currency][self.year] / self.index[currency][year]
        return inflation if currency == USD else inflation / self.units_per_usd[currency][self.year]


def _by_currency(tables: Tables, name: str, column: str) -> dict[str, dict[int, float]]:
    found: dict[str, dict[int, float]] = {}
    for row in records(tables[name]) if name in tables else ():
        found.setdefault(str(row["currency"]), {})[int(row["year"])] = float(row[column])
    return found
