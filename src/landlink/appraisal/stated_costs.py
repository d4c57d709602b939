"""Costs as a study states them, with what leads from each amount to USD of the price year, for those who check them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from landlink.core.currency import USD
from landlink.study.price_base import PriceBase
from landlink.tables.frames import Row, is_missing

__all__ = ["STATED_COLUMNS", "stated_amount", "stated_costs"]

#: Columns that are taken over from the row of ``investment``.
_COPIED: Final = ("item_id", "kind", "country", "payer")
_DATED: Final = ("begins", "ends", "life_years", "every_years", "phasing", "quality", "source", "note")
STATED_COLUMNS: Final = (
    "input", "measure_id", "measure", *_COPIED, "amount_million", "currency", "price_year", "index_then", "index_now",
    "units_per_usd", "contingency_percent", "shadow_factor", *_DATED,
)  # fmt: skip


def stated_amount(row: Row) -> tuple[str, float]:
    """Currency and amount of a row, in millions."""
    if is_missing(row["amount_musd"]):
        return str(row["currency"]), float(row["amount_million"])
    return USD, float(row["amount_musd"])


def stated_costs(
    rows: Mapping[str, Sequence[dict[str, Any]]], register: Mapping[str, dict[str, Any]], base: PriceBase
) -> pd.DataFrame:
    """Lay out costs as they are stated.

    Parameters
    ----------
    rows
        Rows of ``investment`` by measure, assumed ones included.
    register
        Rows of ``measure`` by measure.
    base
        Prices of the price year.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`STATED_COLUMNS`. An amount in USD of the price year is ``amount_million`` x 1e6 x ``index_now`` /
        ``index_then`` / ``units_per_usd`` x (1 + ``contingency_percent`` / 100); an index of an amount in prices of the
        price year is 1, then and now.
    """
    found = []
    for name, items in rows.items():
        for row in items:
            currency, amount = stated_amount(row)
            year = int(row["price_year"])
            same = year == base.year
            then, now = (1.0, 1.0) if same else (base.index[currency][year], base.index[currency][base.year])
            rate = 1.0 if currency == USD else base.units_per_usd[currency][base.year]
            found.append(
                (
                    f"investment[{name}/{row['item_id']}]", name, str(register[name].get("name") or name),
                    *(str(row[column]) for column in _COPIED), amount, currency, year, then, now, rate,
                    float(row["contingency_pct"]), float(row["shadow_factor"]),
                    *(math.nan if is_missing(row[column]) else float(row[column]) for column in _DATED[:4]),
                    *(str(row[column]) for column in _DATED[4:]),
                )
            )  # fmt: skip
    return pd.DataFrame(found, columns=list(STATED_COLUMNS))
