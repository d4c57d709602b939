"""Tables of appraisal: what measures cost, who pays, and at which prices.

They are optional: a measure without rows in ``investment`` is appraised at its column ``cost_musd`` and stated
assumptions.
"""

from __future__ import annotations

from typing import Final

from landlink.tables.column import Column, Table
from landlink.tables.shared_columns import EARLIEST_YEAR, FAMILIES, LATEST_YEAR, PROVENANCE, QUALITIES

__all__ = [
    "APPRAISAL_TABLES", "CARBON_KINDS", "CARBON_VALUE", "COST_KINDS", "COST_SHARE", "DISTRIBUTIONS", "EVERYWHERE",
    "EXCHANGE_RATE", "INVESTMENT", "LEVY", "LEVY_UNITS", "PAYERS", "PRICE_INDEX", "SAFETY",
]  # fmt: skip

#: What a row of ``investment`` is.
COST_KINDS: Final = ("construction", "operation", "renewal", "residual", "revenue")
#: Who pays, as groups of the appraisal.
PAYERS: Final = ("government", "operator", "shippers")
#: Laws of what is uncertain.
DISTRIBUTIONS: Final = ("triangular", "uniform", "normal", "lognormal")
#: Values of carbon: its damage to the world, and the price that emitters pay.
CARBON_KINDS: Final = ("shadow", "paid")
#: Stands for every country without a row of its own.
EVERYWHERE: Final = "*"
#: What a levy in USD is paid for.
LEVY_UNITS: Final = ("vehicle_km", "tkm", "vehicle", "t")

_MOST_MILLIONS: Final = 10_000_000
_COUNTRY_OR_ALL: Final = f"Country, as an ISO 3166-1 alpha-3 code, or `{EVERYWHERE}` for all without a row of their own."


def _year(name: str, meaning: str, *, required: bool = False, key: bool = False) -> Column:
    return Column(name, "integer", meaning, required=required, key=key, minimum=EARLIEST_YEAR, maximum=LATEST_YEAR)


def _doubt(what: str) -> tuple[Column, ...]:
    """Columns of how uncertain an amount is."""
    return (
        Column("low", "number", f"Factor of {what} at its low value, such as 0.8; empty: not varied.", above=0, maximum=1),
        Column("high", "number", f"Factor of {what} at its high value, such as 1.4; empty: not varied.", minimum=1, maximum=1000),
        Column("distribution", "text", "Law of the factor: triangular (mode 1) or uniform between low and high; normal or lognormal with low and high as its tenth and ninetieth percentile.", allowed=DISTRIBUTIONS, default="triangular"),
    )


INVESTMENT: Final = Table(
    "investment",
    "What measures cost from the start of building to the end of their life. A measure without rows is appraised at its `cost_musd`, with assumptions that the appraisal states.",
    (
        Column("measure_id", "text", "The measure.", required=True, key=True, references="measure.measure_id"),
        Column("item_id", "text", "The item, within the measure.", required=True, key=True, named=True),
        Column("kind", "text", "construction: spent before and around the opening; operation: each year of service, in addition to what the costs of vehicles, terminals and crossings hold; renewal: from time to time; residual: what is left at the end of the appraisal; revenue: earned each year of service from others than the freight, such as sales of electricity.", required=True, allowed=COST_KINDS),
        Column("country", "text", "Country that pays, or earns, as an ISO 3166-1 alpha-3 code; empty: split by the table `cost_share`, or evenly between the measure's countries if it is not there."),
        Column("payer", "text", "Who pays, or earns.", allowed=PAYERS, default="government"),
        Column("amount_musd", "number", "Amount: in total of construction and of residual value, each year of operation and revenue, each time of a renewal.", unit="million USD", minimum=0, maximum=_MOST_MILLIONS),
        Column("amount_million", "number", "Amount in millions of `currency`, in place of `amount_musd`.", minimum=0, maximum=_MOST_MILLIONS * 100_000),
        Column("currency", "text", "Currency of `amount_million`; a code of ISO 4217."),
        _year("price_year", "Year of the prices.", required=True),
        _year("begins", "First year of spending or service; empty: from the opening of the measure. Required of construction."),
        _year("ends", "Last year of spending or service; empty: the year of `begins` for construction, otherwise the end of the appraisal."),
        Column("phasing", "numbers", "Shares of construction by year from `begins` to `ends`, adding to 1; empty: even.", minimum=0, maximum=1),
        Column("contingency_pct", "number", "Physical contingency on top of the amount.", unit="%", default=0.0, minimum=0, maximum=500),
        Column("life_years", "number", "Life from the opening on (of a renewal: from its year); what remains of it at the end of the appraisal is residual value in a straight line. Empty: the life of the measure ends with the appraisal, without a residual value.", unit="years", above=0, maximum=1000),
        Column("every_years", "integer", "Years between two renewals, and from the opening to the first. Required of renewals.", unit="years", minimum=1, maximum=1000),
        Column("shadow_factor", "number", "Economic cost over financial cost: without taxes, at what labour and foreign exchange are worth to the economy.", default=1.0, above=0, maximum=10),
        *_doubt("the amount"),
        *PROVENANCE,
        Column("attribute_quality", "text", "Quality of all but the amount: years, phasing, contingency, life, factors and range.", allowed=QUALITIES, default="estimated"),
    ),
)  # fmt: skip

PRICE_INDEX: Final = Table(
    "price_index",
    "Price index of each currency's economy by year; its level is free. Amounts are deflated in their own currency.",
    (
        Column("currency", "text", "Currency, as a code of ISO 4217.", required=True, key=True),
        _year("year", "The year.", required=True, key=True),
        Column("index", "number", "Level of prices in the year.", required=True, above=0, maximum=1e12),
        *PROVENANCE,
    ),
)  # fmt: skip

EXCHANGE_RATE: Final = Table(
    "exchange_rate",
    "Mean exchange rates by year. Amounts are converted at the rate of the price year.",
    (
        Column("currency", "text", "Currency, as a code of ISO 4217.", required=True, key=True),
        _year("year", "The year.", required=True, key=True),
        Column("units_per_usd", "number", "Units of the currency for one USD.", required=True, above=0, maximum=1e9),
        *PROVENANCE,
    ),
)  # fmt: skip

CARBON_VALUE: Final = Table(
    "carbon_value",
    "Value of a tonne of CO2 equivalent by year: linear between years, held before the first and beyond the last.",
    (
        Column("kind", "text", "shadow: what a tonne does to the world, for the economic analysis; paid: what emitters pay, a transfer.", required=True, key=True, allowed=CARBON_KINDS),
        Column("country", "text", _COUNTRY_OR_ALL, key=True, default=EVERYWHERE),
        _year("year", "Year of the emission.", required=True, key=True),
        Column("usd_per_t", "number", "Value.", unit="USD/t", required=True, minimum=0, maximum=100_000),
        _year("price_year", "Year of the prices.", required=True),
        *_doubt("the value"),
        *PROVENANCE,
    ),
)  # fmt: skip

LEVY: Final = Table(
    "levy",
    "Parts of what freight pays that are no cost to the economy but transfers to governments and operators: fuel duty, tolls, fees. They are within the money costs of the study.",
    (
        Column("country", "text", _COUNTRY_OR_ALL, required=True, key=True),
        Column("kind", "text", "Name of the levy: fuel duty, toll, border fee, track access, VAT ...", required=True, key=True),
        Column("family", "text", "Family of modes; empty: all.", key=True, allowed=FAMILIES),
        Column("share", "number", "Share of the money cost of running in the country.", minimum=0, maximum=1),
        Column("usd_per_unit", "number", "Amount for one unit, in place of a share.", unit="USD", minimum=0, maximum=10_000_000),
        Column("unit", "text", "Unit that `usd_per_unit` is paid for; vehicle: one that crosses a border of the country.", allowed=LEVY_UNITS),
        Column("receiver", "text", "Who receives it.", allowed=PAYERS[:2], default="government"),
        *_doubt("the levy"),
        *PROVENANCE,
    ),
)  # fmt: skip

COST_SHARE: Final = Table(
    "cost_share",
    "Agreed split of what a measure costs between countries.",
    (
        Column("measure_id", "text", "The measure.", required=True, key=True, references="measure.measure_id"),
        Column("country", "text", "Country, as an ISO 3166-1 alpha-3 code.", required=True, key=True),
        Column("share", "number", "Share of the cost that the country bears in the end; the shares of a measure add to 1.", required=True, minimum=0, maximum=1),
        Column("debt_share", "number", "Share of it that is borrowed: shown as financing, which the economic analysis leaves out.", default=0.0, minimum=0, maximum=1),
        Column("interest_percent", "number", "Real interest rate of the debt.", unit="%", default=0.0, minimum=0, maximum=100),
        Column("lender", "text", "Country that lends, as an ISO 3166-1 alpha-3 code; empty: lenders elsewhere."),
        Column("debt_years", "integer", "Years from the opening over which the debt is repaid in equal annuities; needed where some is borrowed.", unit="years", minimum=1, maximum=200),
        *PROVENANCE,
    ),
)  # fmt: skip

SAFETY: Final = Table(
    "safety",
    "Casualties of freight traffic and their value, where they are to count.",
    (
        Column("country", "text", _COUNTRY_OR_ALL, required=True, key=True),
        Column("family", "text", "Family of modes.", required=True, key=True, allowed=FAMILIES),
        Column("deaths_per_bn_vehicle_km", "number", "Deaths per thousand million vehicle-km.", unit="1 per bn vehicle-km", required=True, minimum=0, maximum=100_000),
        Column("injuries_per_bn_vehicle_km", "number", "Serious injuries per thousand million vehicle-km.", unit="1 per bn vehicle-km", default=0.0, minimum=0, maximum=1_000_000),
        Column("usd_per_death", "number", "Value of a statistical life.", unit="USD", required=True, minimum=0, maximum=1e9),
        Column("usd_per_injury", "number", "Value of a serious injury avoided.", unit="USD", default=0.0, minimum=0, maximum=1e9),
        _year("price_year", "Year of the prices.", required=True),
        *_doubt("the values"),
        *PROVENANCE,
    ),
)  # fmt: skip

APPRAISAL_TABLES: Final = (INVESTMENT, COST_SHARE, PRICE_INDEX, EXCHANGE_RATE, CARBON_VALUE, LEVY, SAFETY)
