"""Amounts of results as people read them: in the currency of the study, beside USD where both are wanted.

The tables of a result hold USD. Names of indicators and units follow the currency.
"""

from __future__ import annotations

import pandas as pd

from landlink.core.currency import USD, Currency, money_power

__all__ = ["compared_in_both", "indicators_in_both", "shown_amount", "shown_rows", "values_in"]


def shown_amount(value: float, unit: str, currency: Currency) -> tuple[float, str]:
    """Value and unit in the currency; unchanged if the unit holds no money.

    Examples
    --------
    >>> shown_amount(2.0, "USD/t", Currency("KES", 129.0, "2024-06-30"))
    (258.0, 'KES/t')
    """
    return currency.amount(value, unit), currency.unit_of(unit)


def values_in(frame: pd.DataFrame, currency: Currency, *columns: str) -> pd.DataFrame:
    """Rows with the values of some columns, and the column ``unit``, in the currency."""
    if not currency.is_own or not len(frame):
        return frame
    units = [str(unit) for unit in frame["unit"]]
    factor = pd.Series([currency.factor(unit) for unit in units], index=frame.index)
    amounts = {name: frame[name].astype("float64") * factor for name in columns if name in frame}
    return frame.assign(unit=pd.Series(map(currency.unit_of, units), index=frame.index, dtype="str"), **amounts)


def shown_rows(indicators: pd.DataFrame, currency: Currency) -> pd.DataFrame:
    """Indicators (``indicator``, ``value``, ``unit``) with those of money in the currency."""
    if not currency.is_own or not len(indicators):
        return indicators
    names = [_named(str(name), str(unit), currency) for name, unit in _pairs(indicators)]
    return values_in(indicators, currency, "value").assign(
        indicator=pd.Series(names, index=indicators.index, dtype="str")
    )


def indicators_in_both(indicators: pd.DataFrame, currency: Currency) -> pd.DataFrame:
    """Indicators with those of money in the currency, each followed by the same in USD."""
    if not currency.is_own:
        return indicators
    money = [money_power(str(unit), USD) != 0 for unit in indicators["unit"]]
    both = pd.concat([shown_rows(indicators, currency), indicators[money]])
    return both.sort_index(kind="stable").reset_index(drop=True)


def compared_in_both(table: pd.DataFrame, currency: Currency) -> pd.DataFrame:
    """Comparison (indexed by indicator, with ``unit``) in both currencies, as :func:`indicators_in_both`."""
    if not currency.is_own:
        return table
    amounts = [str(name) for name in table if name not in ("unit", "note") and not str(name).startswith("change_pct")]
    rows = table.rename_axis("indicator").reset_index()
    names = [_named(str(name), str(unit), currency) for name, unit in _pairs(rows)]
    own = values_in(rows, currency, *amounts).assign(indicator=names)
    money = [money_power(str(unit), USD) != 0 for unit in rows["unit"]]
    both = pd.concat([own, rows[money]]).sort_index(kind="stable")
    both = both.set_index("indicator")
    both.index.name = table.index.name
    return both


def _pairs(rows: pd.DataFrame) -> zip[tuple[object, object]]:
    return zip(rows["indicator"], rows["unit"], strict=True)


def _named(indicator: str, unit: str, currency: Currency) -> str:
    """Name of an indicator in the currency if it measures money; its arguments stay."""
    if not money_power(unit, USD):
        return indicator
    name, bracket, arguments = indicator.partition("[")
    return currency.name_of(name) + bracket + arguments
