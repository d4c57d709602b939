"""The table of carbon prices that shippers pay, by country and year."""

from __future__ import annotations

from typing import Final

from landlink.tables.column import Column, Table
from landlink.tables.shared_columns import EARLIEST_YEAR, LATEST_YEAR, PROVENANCE

__all__ = ["CARBON_PRICE", "EVERY_COUNTRY", "MOST_USD_PER_T"]

#: Stands for every country without a row of its own.
EVERY_COUNTRY: Final = "*"
#: Limit of carbon prices, USD/t: far above any estimate of the damage of a tonne.
MOST_USD_PER_T: Final = 100_000

CARBON_PRICE: Final = Table(
    "carbon_price",
    "Price of CO2e that carriers pay and pass on, by country and year: it adds to the money of a route, and so changes "
    "routes and modes. Prices between two years are interpolated; before the first and after the last they are held. "
    "Rows replace the price of the section [carbon] of study.toml.",
    (
        Column("country", "text", f"Country where the price is paid, or `{EVERY_COUNTRY}` for every country without a row of its own.", required=True, key=True, named=True),
        Column("year", "integer", "Year of the price.", required=True, key=True, minimum=EARLIEST_YEAR, maximum=LATEST_YEAR),
        Column("usd_per_t", "number", "Price of a tonne of CO2e, well-to-wheel.", unit="USD/t", required=True, minimum=0, maximum=MOST_USD_PER_T),
        *PROVENANCE,
    ),
)  # fmt: skip
