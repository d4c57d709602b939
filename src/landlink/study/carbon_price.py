"""The carbon price that carriers pay: from the table ``carbon_price``, or from ``[carbon]`` of the settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arguments import check_number
from landlink.core.errors import InputError, Problem
from landlink.study.settings import Settings
from landlink.tables.carbon_schemas import CARBON_PRICE, EVERY_COUNTRY, MOST_USD_PER_T
from landlink.tables.frames import Tables, integers, numbers, texts

__all__ = [
    "TABLE", "price_line", "price_note", "prices_in", "with_price_for", "with_price_row", "with_settings_price",
    "with_varied_price",
]  # fmt: skip

#: Name of the table.
TABLE: Final = CARBON_PRICE.name


def with_settings_price(tables: Tables, settings: Settings) -> Tables:
    """Tables with the carbon price of the settings as a row of ``carbon_price``, unless that has rows of its own."""
    price = settings.carbon.price_usd_per_t
    return with_price_row(tables, settings.base_year, price) if price > 0 else tables


def with_price_row(tables: Tables, year: int, usd_per_t: float) -> Tables:
    """Tables whose ``carbon_price`` has a row for every country, unless it has rows: something that measures can set.

    Parameters
    ----------
    tables
        Tables of a study.
    year, usd_per_t
        Year and price of the row; the price holds in every year.
    """
    if len(tables[TABLE]):
        return tables
    row = {"country": EVERY_COUNTRY, "year": year, "usd_per_t": usd_per_t, "quality": "estimated"}
    frame = pd.DataFrame([dict.fromkeys(tables[TABLE].columns, "") | row])
    return {**tables, TABLE: CARBON_PRICE.typed(frame)}


def with_price_for(tables: Tables, settings: Settings, lines: Iterable[str]) -> Tables:
    """Tables to which what-ifs are added: with a row of the carbon price if one of them changes it."""
    if not any(re.match(rf"\s*{TABLE}\b", line) for line in lines):
        return tables
    return with_price_row(tables, settings.base_year, settings.carbon.price_usd_per_t)


def with_varied_price(tables: Tables, settings: Settings) -> Tables:
    """Tables as read, with a row of the carbon price if a measure, a parameter or a sensitivity varies it."""
    varied = {*texts(tables["effect"], "table"), *texts(tables["parameter"], "table")}
    varied |= {one.table for one in settings.sensitivity}
    return with_price_row(tables, settings.base_year, settings.carbon.price_usd_per_t) if TABLE in varied else tables


def price_line(usd_per_t: float) -> str:
    """The what-if that sets the price of every country.

    Raises
    ------
    InputError
        The price is negative, too large or not a finite number.
    """
    allowed = f"a finite number, 0 or more, at most {MOST_USD_PER_T:,}"
    check_number("carbon_price", usd_per_t, allowed=allowed)
    if not 0 <= usd_per_t <= MOST_USD_PER_T:
        raise InputError(Problem("", "invalid carbon price", value=str(usd_per_t), allowed=allowed))
    return f"{TABLE} *: usd_per_t = {usd_per_t:.12g}"


def prices_in(carbon_price: pd.DataFrame, year: int) -> Mapping[str, float]:
    """Carbon price of each country with rows in a year, USD/t of CO2e.

    Parameters
    ----------
    carbon_price
        The table, after measures.
    year
        Year of the scenario; prices are interpolated between the years of rows, and held before and after.

    Returns
    -------
    Mapping of str to float
        Empty if no price is above 0. The key ``*`` stands for every country without one of its own.
    """
    country = np.array(texts(carbon_price, "country"), dtype=object)
    years, price = integers(carbon_price, "year"), numbers(carbon_price, "usd_per_t")
    found: dict[str, float] = {}
    for name in dict.fromkeys(country.tolist()):
        rows = np.flatnonzero(country == name)
        rows = rows[np.argsort(years[rows])]
        found[name] = float(np.interp(year, years[rows], price[rows]))
    return found if any(value > 0 for value in found.values()) else {}


def price_note(prices: Mapping[str, float]) -> str:
    """What a reader of a result should know of the price in it."""
    named = [f"{country} {price:g}" for country, price in prices.items() if country != EVERY_COUNTRY]
    other = "in every country" if not named else "elsewhere"
    named += [f"{prices[EVERY_COUNTRY]:g} {other}"] if EVERY_COUNTRY in prices else []
    return (
        f"carriers pay a price of CO2e, USD/t: {', '.join(named)}; on what is emitted without congestion, so that the"
        " price adds a fixed amount to each link"
    )
