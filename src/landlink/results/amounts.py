"""Tables of a result with every amount in the currency of the study beside that in USD, for export."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from landlink.core.currency import USD, Currency, money_power
from landlink.indicators.amounts import indicators_in_both, values_in
from landlink.tables.outputs import unit_of_column

__all__ = ["tables_in_both", "unit_of_both"]


def tables_in_both(tables: Mapping[str, pd.DataFrame], currency: Currency) -> dict[str, pd.DataFrame]:
    """Tables with a column in the currency after each column of money.

    Indicators have a row in either currency; observations, whose unit is in a column, are in the currency.
    """
    if not currency.is_own:
        return dict(tables)
    return {name: _in_both(name, frame, currency) for name, frame in tables.items()}


def unit_of_both(currency: Currency) -> Callable[[str, str], str]:
    """Function that gives the unit of a column of :func:`tables_in_both`, by table and column."""

    def unit_of(table: str, column: str) -> str:
        if unit := unit_of_column(table, column):
            return unit
        usd = currency.usd_name(column)
        if usd == column:
            usd = column.removesuffix(f"_{currency.code.lower()}")
        unit = unit_of_column(table, usd) if usd != column else ""
        return currency.unit_of(unit) if money_power(unit, USD) else ""

    return unit_of


def _in_both(table: str, frame: pd.DataFrame, currency: Currency) -> pd.DataFrame:
    if table == "indicator":
        return indicators_in_both(frame, currency)
    if table == "observed":
        return values_in(frame, currency, "value", "value_in_year", "model")
    columns: dict[str, pd.Series] = {}
    for name in map(str, frame):
        columns[name] = frame[name]
        unit = unit_of_column(table, name)
        if money_power(unit, USD):
            columns[_own_name(name, currency)] = frame[name].astype("float64") * currency.factor(unit)
    return pd.DataFrame(columns, index=frame.index)


def _own_name(column: str, currency: Currency) -> str:
    own = currency.name_of(column)
    return own if own != column else f"{column}_{currency.code.lower()}"
