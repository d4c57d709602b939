"""Tables of an appraisal, declared as all tables are: pages, workbooks and folders show the same meanings."""

from __future__ import annotations

from typing import Final

from landlink.tables.column import Column, Table

__all__ = ["APPRAISAL_OUTPUTS"]

_COUNTRY: Final = Column("country", "text", "Country, as an ISO 3166-1 alpha-3 code.", key=True)
_GROUP: Final = Column(
    "group",
    "text",
    "shippers, operators, governments, climate, safety, or lenders: who gains or pays.",
    required=True,
    key=True,
)
_YEAR: Final = Column("year", "integer", "Year.", required=True, key=True)
_NAME: Final = Column("input", "text", "The input.", required=True, key=True)


def _usd(name: str, meaning: str) -> Column:
    return Column(name, "number", meaning, unit="USD")


def _ends(meaning: str) -> tuple[Column, ...]:
    return tuple(
        Column(name, "number", f"{meaning} that {share} of the draws lie below; empty without draws.")
        for name, share in (("p10", "10 %"), ("p50", "50 %"), ("p90", "90 %"))
    )


FLOW: Final = Table(
    "flow",
    "Yearly amounts by country, group and item, in constant prices, undiscounted; gains above 0. Over the groups and"
    " countries they sum to the total, since transfers appear twice with opposite signs.",
    (
        _YEAR,
        _COUNTRY,
        _GROUP,
        Column("item", "text", "What the amount is for.", required=True, key=True),
        Column("usd", "number", "Economic amount.", unit="USD/year", required=True),
        Column("financial_usd", "number", "Cash: with taxes, without shadow factors.", unit="USD/year"),
    ),
)
STREAM: Final = Table(
    "stream",
    "Yearly amounts at the central inputs, before growth beyond the last solved year, by what scales them: each moves"
    " in proportion to its input and, where it depends on it, to the traffic.",
    (
        _YEAR,
        _COUNTRY,
        _GROUP,
        Column("item", "text", "What the amount is for.", required=True, key=True),
        Column("input", "text", "Input that it is in proportion to, besides the traffic; empty: none.", key=True),
        Column("traffic", "integer", "1: in proportion to the traffic, and grows after the last solved year; 0: not."),
        Column("usd", "number", "Economic amount.", unit="USD/year", required=True),
        Column("financial_usd", "number", "Cash: with taxes, without shadow factors.", unit="USD/year"),
    ),
)
COST_ITEM: Final = Table(
    "cost_item",
    "Costs as they are stated, assumed ones included, with what leads to USD of the price year: amount x index of the"
    " price year / index of its year / units per USD x (1 + contingency).",
    (
        Column("input", "text", "The input that it is.", required=True, key=True),
        Column("measure_id", "text", "The measure.", required=True),
        Column("measure", "text", "Its name."),
        Column("item_id", "text", "The item.", required=True),
        Column("kind", "text", "construction, operation, renewal, residual or revenue."),
        Column("country", "text", "Country that pays; empty: as the cost is shared."),
        Column("payer", "text", "government, operator or shippers."),
        Column("amount_million", "number", "Amount as stated, in millions of its currency."),
        Column("currency", "text", "Its currency."),
        Column("price_year", "integer", "Year of its prices."),
        Column("index_then", "number", "Price index of that year; 1 where it is the price year."),
        Column("index_now", "number", "Price index of the price year of the appraisal."),
        Column("units_per_usd", "number", "Exchange rate of that year, units for one USD."),
        Column("contingency_percent", "number", "Physical contingency.", unit="%"),
        Column("shadow_factor", "number", "Economic over financial cost."),
        Column("begins", "number", "First year; empty: from the opening on."),
        Column("ends", "number", "Last year."),
        Column("life_years", "number", "Life.", unit="years"),
        Column("every_years", "number", "Interval of renewals.", unit="years"),
        Column("phasing", "text", "Shares by year; empty: even."),
        Column("quality", "text", "Quality of the amount."),
        Column("source", "text", "Where it comes from."),
        Column("note", "text", "What is to be said of it."),
    ),
)
CITED: Final = Table(
    "cited",
    "Sources that costs and ranges of inputs name.",
    (
        Column("source_id", "text", "Identifier.", required=True, key=True),
        Column("title", "text", "Full citation."),
        Column("url", "text", "Web address."),
    ),
)
SUMMARY: Final = Table(
    "summary",
    "Results: net present values, rates of return, ratio, payback.",
    (
        Column("quantity", "text", "The quantity, with its unit.", required=True, key=True),
        Column("value", "number", "At the central inputs; empty where there is none."),
        *_ends("Value"),
        Column(
            "shown",
            "text",
            "The figure to quote: the median of the draws, or the value without any, in the digits that it bears.",
        ),
        Column("note", "text", "What is to be said of it."),
    ),
)
BY_COUNTRY: Final = Table(
    "by_country",
    "Present values by country and group; all together are the net present value.",
    (_COUNTRY, _GROUP, _usd("present_value_usd", "Present value."), *_ends("Present value")),
)
BY_YEAR: Final = Table(
    "by_year",
    "Benefits and costs of all by year.",
    (
        _YEAR,
        Column("benefits", "number", "Benefits, negative ones included.", unit="USD/year"),
        Column("costs", "number", "Costs of the project, above 0 where spent.", unit="USD/year"),
        Column("net", "number", "Benefits less costs.", unit="USD/year"),
        Column("factor", "number", "Discount factor."),
        _usd("discounted", "Present value of the net amount."),
        _usd("cumulated", "Sum of it from the first year on."),
        Column("co2e_t", "number", "Tonnes of CO2 equivalent avoided.", unit="t/year"),
    ),
)
INPUT: Final = Table(
    "input",
    "Inputs that switching values, the tornado and draws vary.",
    (
        Column("name", "text", "The input.", required=True, key=True),
        Column("value", "number", "Central value."),
        Column("unit", "text", "factor of what it multiplies, or %/year."),
        Column("low", "number", "Low value: an end of the range, or P10, as the distribution says."),
        Column("high", "number", "High value."),
        Column("distribution", "text", "triangular, lognormal, normal, uniform or fixed."),
        Column("multiplies", "text", "What it multiplies."),
        Column("quality", "text", "Quality of the range."),
        Column("source", "text", "Where the range comes from."),
    ),
)
SWITCHING: Final = Table(
    "switching",
    "Value of each input, the others held, at which the net present value is 0.",
    (
        _NAME,
        Column("value", "number", "Central value."),
        Column("switching_value", "number", "Value at which the net present value is 0; empty: none."),
        Column("change_percent", "number", "Change from the central value.", unit="%"),
        Column("note", "text", "Why there is none."),
    ),
)
TORNADO: Final = Table(
    "tornado",
    "Net present value with each input at the ends of its range, the widest first.",
    (
        _NAME,
        Column("low", "number", "Low value."),
        Column("high", "number", "High value."),
        _usd("npv_low_usd", "Net present value at the low value."),
        _usd("npv_high_usd", "Net present value at the high value."),
    ),
)
SURPLUS: Final = Table(
    "surplus",
    "Users' surplus by solved year: the exact logsum, what it consists of, and the rule of half beside it.",
    (
        _YEAR,
        Column(
            "method",
            "text",
            "logsum: the exact surplus; half: the rule of half where it is defined; logsum_where_half: the exact"
            " surplus of the same markets; income: real income in its place.",
            required=True,
            key=True,
        ),
        Column(
            "part",
            "text",
            "total, or a part of it: time, reliability, money, resource_constant, resistance, variety; parts of one"
            " method add up to its total.",
            required=True,
            key=True,
        ),
        Column("usd", "number", "Amount.", unit="USD/year"),
        Column("share", "number", "Share of the total of the method."),
        Column("note", "text", "Where it is not defined, and how it is measured."),
    ),
)
COST_SHARE_OUT: Final = Table(
    "cost_share",
    "What each country bears of the cost under several rules, against what it gains; present values.",
    (
        _COUNTRY,
        Column("rule", "text", "agreed, shapley or scrb.", required=True, key=True),
        _usd("cost_usd", "Cost borne."),
        _usd("benefit_usd", "Benefit received."),
        _usd("net_usd", "Benefit less cost."),
        _usd("least_subsidy_usd", "The least that the country must receive so that it does not lose."),
        Column("note", "text", "What the rule rests on."),
    ),
)
DISTRIBUTION: Final = Table(
    "distribution",
    "Distribution of the draws: percentiles of the net present value and the rate of return.",
    (
        Column("percent", "number", "Share of the draws below.", unit="%", required=True, key=True),
        _usd("npv_usd", "Net present value."),
        Column("eirr_percent", "number", "Economic internal rate of return.", unit="%"),
    ),
)
COALITION: Final = Table(
    "coalition",
    "Value of each coalition of countries, from which fair shares follow.",
    (
        Column("countries", "list", "Its members.", required=True, key=True),
        _usd("benefit_usd", "What its members gain if they build their sections alone."),
        _usd("cost_usd", "What these sections cost."),
        _usd("value_usd", "Value of the coalition: the gain less the cost, or 0 if it had rather not build."),
        Column("note", "text", "How it was found."),
    ),
)

#: Tables of an appraisal by name, in the order in which they are shown.
APPRAISAL_OUTPUTS: Final[dict[str, Table]] = {
    table.name: table
    for table in (
        SUMMARY, BY_COUNTRY, BY_YEAR, FLOW, SURPLUS, COST_SHARE_OUT, COALITION, SWITCHING, TORNADO, DISTRIBUTION, INPUT,
        STREAM, COST_ITEM, CITED,
    )
}  # fmt: skip
