"""Tables of trade: what countries buy from each other, what they produce, and how trade answers its costs.

They are optional: a study without them carries its freight, but cannot say how trade changes.
"""

from __future__ import annotations

from typing import Final

from landlink.tables.column import Column, Table
from landlink.tables.shared_columns import NAMES, PROVENANCE

__all__ = ["DEMAND_TRADE", "ELASTICITY", "EVERY_COMMODITY", "OTHER", "TRADE", "TRADE_COUNTRY", "TRADE_TABLES"]

#: Sector of all that a study carries no freight of: services, and goods that it leaves out.
OTHER: Final = "other"
#: Stands for every commodity without a row of its own.
EVERY_COMMODITY: Final = "*"

#: Limit of values, USD a year: several times the product of the world.
_MOST_USD: Final = 1e15

#: Optional columns of the table ``demand``, by which its rows belong to the trade between countries.
DEMAND_TRADE: Final = (
    Column("exporter", "shares", "Countries that the goods come from in the end, if not the country of the origin zone: one, or several with their shares of the tonnes. For goods re-exported through a third country, and gateways that stand for several countries."),
    Column("importer", "shares", "Countries that the goods go to in the end, if not the country of the destination zone; likewise."),
    Column("value_usd_per_t", "number", "Value density of the row's goods at their origin; empty: that of the commodity.", unit="USD/t", above=0, maximum=1_000_000_000),
)  # fmt: skip

TRADE: Final = Table(
    "trade",
    "Trade between countries in the base year, by commodity, at the prices of the exporter. Re-exports are trade between the countries of origin and of use, not of the country that they pass. Every pair of countries has a row at least; of a pair with rows, commodities without one are not traded. Rows of a country with itself are its domestic sales; where they are left out, a rule estimates them.",
    (
        Column("exporter", "text", "Country that the goods come from.", required=True, key=True, references="trade_country.country"),
        Column("importer", "text", "Country that the goods go to.", required=True, key=True, references="trade_country.country"),
        Column("commodity_id", "text", f"Commodity, or `{OTHER}` for services and goods that the study carries no freight of.", required=True, key=True),
        Column("value_usd_per_year", "number", "Value in the base year; an empty cell is an error, unless `blank_is_zero` says that it means no trade.", unit="USD/year", minimum=0, maximum=_MOST_USD),
        Column("blank_is_zero", "boolean", "1: an empty value means that there is no trade.", default=False),
        Column("tariff_percent", "number", "Tariff on the value at the border.", unit="%", default=0.0, minimum=0, maximum=1000),
        *PROVENANCE,
    ),
)  # fmt: skip

TRADE_COUNTRY: Final = Table(
    "trade_country",
    "Countries of the world that trades, or groups of them, and what they produce in the base year. Every country of a zone that has freight must be among them; others may be, such as the countries behind a gateway.",
    (
        Column("country", "text", "Country, as an ISO 3166-1 alpha-3 code; a group of countries has a code of its own, XAA to XZZ being left to users by the standard.", required=True, key=True, named=True),
        Column("name", "text", "Name of a group of countries, in any language; countries are named by their codes."),
        *NAMES,
        Column("gdp_usd_per_year", "number", "Gross domestic product.", unit="USD/year", required=True, above=0, maximum=_MOST_USD),
        Column("gross_output_usd_per_year", "number", "Gross output: all sales, of inputs to other producers too.", unit="USD/year", required=True, above=0, maximum=_MOST_USD),
        Column("goods_share", "number", "Share of gross output that is goods of the study's commodities, used to estimate domestic sales; empty: 0.4, or more where exports need it.", above=0, maximum=0.999),
        *PROVENANCE,
    ),
)  # fmt: skip

ELASTICITY: Final = Table(
    "elasticity",
    "Elasticities of substitution between the goods of different countries, by commodity. A published one stands in where none is given.",
    (
        Column("commodity_id", "text", f"Commodity, `{OTHER}`, or `{EVERY_COMMODITY}` for all without a row of their own.", required=True, key=True),
        Column("sigma", "number", "Elasticity of substitution as a positive number; the elasticity of trade with respect to its cost is 1 - sigma.", required=True, above=1, maximum=100),
        Column("sigma_error", "number", "Standard error of the elasticity; empty: none known, taken as 0.", minimum=0, maximum=100),
        *PROVENANCE,
    ),
)  # fmt: skip

TRADE_TABLES: Final = (TRADE_COUNTRY, TRADE, ELASTICITY)
