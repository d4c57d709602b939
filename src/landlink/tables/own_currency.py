"""Amounts that a study gives in its own currency, converted to USD as they are read.

A column of money can be given under its name in the study's currency, ``cost_kes_per_t`` for ``cost_usd_per_t``; so
can the names of columns and parameters inside cells (effects, health parameters, settings of rules, indicators), and
units of observations. Tolls are in the currency that ``config`` states. Cells are checked as they were written, against
bounds in the same currency.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.currency import USD, Currency, money_power, named_currencies
from landlink.core.errors import Problem
from landlink.tables.column import Column, Table
from landlink.tables.frames import numbers, texts
from landlink.tables.schemas import TABLES

__all__ = ["UNDECLARED", "amounts_in_usd", "columns_in_usd", "given_twice", "table_in", "undeclared_currency"]

#: Message on a column in a currency that the study does not declare.
UNDECLARED: Final = "amounts in a currency that study.toml does not declare"
#: Operations of effects whose value is an amount in the unit of the column.
_ABSOLUTE: Final = ("set", "add")
#: An argument list of an indicator, in which names of places stand, not of money.
_ARGUMENTS: Final = re.compile(r"(\[[^\]]*\])")


def table_in(table: Table, header: Sequence[str], currency: Currency) -> Table:
    """Schema of a table as a file with this header gives it: columns of money under their names in the currency."""
    if not currency.is_own:
        return table

    def given(column: Column) -> Column:
        name = currency.name_of(column.name)
        if table.name == "health" and column.name == "parameter":
            return replace(column, allowed=(*column.allowed, *_other(column.allowed, currency)))
        return _in_currency(column, name, currency) if name != column.name and name in header else column

    return replace(table, columns=tuple(given(column) for column in table.columns))


def given_twice(table: Table, header: Sequence[str], currency: Currency) -> list[Problem]:
    """List columns that a file gives both in USD and in the currency of the study."""
    both = [(name, currency.name_of(name)) for name in table.by_name if name in header]
    return [
        Problem(table.name, "given in two currencies", column=own, allowed=f"one of {name} and {own}")
        for name, own in both
        if own != name and own in header
    ]


def undeclared_currency(name: str, table: Table) -> str:
    """Currency in which an unknown column would be one of the table's; empty if there is none."""
    return next((code for code, usd_name in named_currencies(name) if usd_name in table.by_name), "")


def columns_in_usd(frame: pd.DataFrame, given: Table, table: Table, currency: Currency) -> pd.DataFrame:
    """Convert the columns of a file that are in the currency to those of the schema."""
    renamed = [(own.name, column) for own, column in zip(given.columns, table.columns, strict=True)]
    own = {name: column for name, column in renamed if name != column.name}
    amounts = {name: frame[name] / currency.factor(column.unit) for name, column in own.items() if name in frame}
    return frame.assign(**amounts).rename(columns={name: column.name for name, column in own.items()})


def amounts_in_usd(frames: Mapping[str, pd.DataFrame], currency: Currency) -> dict[str, pd.DataFrame]:
    """Convert the amounts inside the cells of tables; columns are converted already."""
    if not currency.is_own:
        return dict(frames)
    own_tolls = str(frames["config"]["currency"].iat[0]) == currency.code
    converted = dict(frames)
    if own_tolls:
        toll = frames["link"]["toll"] / currency.per_usd
        converted |= {"config": frames["config"].assign(currency=USD), "link": frames["link"].assign(toll=toll)}
    for name in ("effect", "rule_effect"):
        converted[name] = _effects(frames[name], currency, own_tolls=own_tolls)
    converted["rule"] = frames["rule"].assign(parameters=_each(frames["rule"], "parameters", _settings_in(currency)))
    converted["health"] = _health(frames["health"], currency)
    converted["observed"] = _observed(frames["observed"], currency)
    converted["crossing"] = _fees(frames["crossing"], currency)
    return converted


def _in_currency(column: Column, name: str, currency: Currency) -> Column:
    factor = currency.factor(column.unit)

    def scaled(bound: float | None) -> float | None:
        return None if bound is None else bound * factor

    default = column.default * factor if isinstance(column.default, float) else column.default
    return replace(
        column, name=name, unit=currency.unit_of(column.unit), default=default, minimum=scaled(column.minimum),
        maximum=scaled(column.maximum), above=scaled(column.above),
    )  # fmt: skip


def _other(names: Sequence[str], currency: Currency) -> list[str]:
    return [own for name in names if (own := currency.name_of(name)) != name]


def _each(frame: pd.DataFrame, column: str, convert: Callable[[str], str]) -> pd.Series:
    return pd.Series([convert(text) for text in texts(frame, column)], index=frame.index, dtype="str")


def _divided(text: str, factor: float) -> str:
    """A number as text, divided; a text that is no number stays, and is refused later."""
    try:
        return repr(float(text) / factor)
    except ValueError:
        return text


def _effects(frame: pd.DataFrame, currency: Currency, *, own_tolls: bool) -> pd.DataFrame:
    """Effects that set or add amounts, by the unit of their column."""
    columns, values = [], []
    cells = (texts(frame, name) for name in ("table", "column", "operation", "value"))
    for table, column, operation, value in zip(*cells, strict=True):
        name = currency.usd_name(column)
        declared = TABLES[table].by_name.get(name) if table in TABLES else None
        own = name != column or (own_tolls and (table, column) == ("link", "toll"))
        factor = currency.factor(declared.unit) if own and declared is not None else 1.0
        columns.append(name if declared is not None else column)
        values.append(_divided(value, factor) if factor != 1.0 and operation in _ABSOLUTE else value)
    index = frame.index
    return frame.assign(column=pd.Series(columns, index, dtype="str"), value=pd.Series(values, index, dtype="str"))


def _settings_in(currency: Currency) -> Callable[[str], str]:
    """Conversion of a cell of settings of a rule, ``name=value;name=value``."""

    def one(setting: str) -> str:
        name, mark, value = setting.partition("=")
        usd_name = currency.usd_name(name.strip())
        if usd_name == name.strip():
            return setting
        return f"{usd_name}{mark}{_divided(value.strip(), currency.per_usd)}"

    return lambda text: ";".join(map(one, text.split(";")))


def _health(frame: pd.DataFrame, currency: Currency) -> pd.DataFrame:
    parameter = _each(frame, "parameter", currency.usd_name)
    factor = np.where(parameter.to_numpy() != frame["parameter"].to_numpy(), currency.per_usd, 1.0)
    amounts = {name: numbers(frame, name) / factor for name in ("value", "lower", "upper")}
    return frame.assign(parameter=parameter, **amounts)


def _observed(frame: pd.DataFrame, currency: Currency) -> pd.DataFrame:
    """Observations and scales by their units, and the names of indicators."""
    code, rate = currency.code, currency.per_usd
    factors = {
        name: np.array([rate ** -money_power(unit, code) for unit in texts(frame, column)], dtype=np.float64)
        for name, column in (("value", "unit"), ("scale", "scale_unit"))
    }
    return frame.assign(
        **{name: numbers(frame, name) * factor for name, factor in factors.items()},
        **{column: _each(frame, column, currency.usd_unit) for column in ("unit", "scale_unit")},
        indicator=_each(frame, "indicator", lambda text: _indicator_in_usd(text, currency)),
    )


def _indicator_in_usd(text: str, currency: Currency) -> str:
    parts = _ARGUMENTS.split(text)
    return "".join(part if part.startswith("[") else currency.usd_name(part) for part in parts)


def _fees(frame: pd.DataFrame, currency: Currency) -> pd.DataFrame:
    """Fees in the currency of the study have its rate where they have none of their own."""
    rate = frame["usd_per_currency"]
    own = (frame["currency"] == currency.code) & rate.isna()
    return frame.assign(usd_per_currency=rate.mask(own, 1.0 / currency.per_usd))
