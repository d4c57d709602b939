"""Declarations of the settings in ``study.toml``, section by section: their bounds, reference page and listing."""

from __future__ import annotations

from typing import Final

from landlink.core.languages import LANGUAGES
from landlink.tables.carbon_schemas import MOST_USD_PER_T
from landlink.tables.column import Column, Table
from landlink.tables.shared_columns import EARLIEST_YEAR, LATEST_YEAR

__all__ = ["SETTINGS"]


def _translated(meaning: str, key: str) -> str:
    """Meaning of a key that can also be given by language."""
    return f"{meaning}; translations in {', '.join(f'{key}_{code}' for code in LANGUAGES)}."


STUDY: Final = Table(
    "study",
    "The study: keys at the top of the file.",
    (
        Column("id", "text", "Identifier, used in names of folders.", required=True),
        Column("title", "text", _translated("Title shown in reports", "title"), required=True),
        Column("languages", "list", 'Further languages of names, as codes: ["sw"] allows columns name_sw and keys title_sw.'),
        Column("description", "text", "Short description."),
        Column("base_year", "integer", "Year of the demand table.", required=True, minimum=EARLIEST_YEAR, maximum=LATEST_YEAR),
        Column("years", "list", "Years that the study covers; empty: the base year."),
        Column("currency", "text", "Currency in which amounts can be given and are shown, besides USD; a code of ISO 4217.", default="USD"),
        Column("currency_per_usd", "number", "Exchange rate: units of currency for one USD. Required with another currency than USD.", minimum=1e-3, maximum=1e8),
        Column("rate_date", "date", "Date of the exchange rate, YYYY-MM-DD. Required with it."),
        Column("rate_source", "text", "Source of the exchange rate, shown with it."),
        Column("operating_days", "number", "Days per year over which annual tonnes are spread.", unit="day", minimum=1, maximum=366, default=365.0),
        Column("peak_factor", "number", "Ratio of the modelled day to the average day.", minimum=0.1, maximum=24, default=1.0),
        Column("licence", "text", "Licence of the data, shown in reports."),
        Column("attribution", "list", "Lines shown on every map."),
        Column("disclaimer", "text", _translated("Disclaimer shown in reports", "disclaimer")),
    ),
)

SOLVER: Final = Table(
    "[solver]",
    "Accuracy and method.",
    (
        Column("relative_gap", "number", "Target relative gap.", minimum=1e-16, maximum=1, default=1e-6),
        Column("max_iterations", "integer", "Maximum number of iterations.", minimum=1, maximum=1_000_000, default=200),
        Column("routing", "text", "deterministic: least-cost routes; spread: over routes that cost little more than the cheapest, which requires a route_scale for every commodity.", allowed=("deterministic", "spread"), default="deterministic"),
        Column("seed", "integer", "Seed of the simulated crossings; stored in the provenance.", minimum=0, maximum=2**63 - 1, default=1),
    ),
)

DEMAND: Final = Table(
    "[demand]",
    "Which demand counts.",
    (
        Column("domestic", "boolean", "Whether freight within countries (table `demand_domestic`) counts; measures can change it by the column `included`.", default=True),
    ),
)

BACKGROUND: Final = Table(
    "[background]",
    "Which traffic besides freight counts.",
    (
        Column("cars", "boolean", "Whether cars on roads (table `background`) count, with the delays that traffic causes there; measures can change it by the column `included`.", default=True),
    ),
)

CARBON: Final = Table(
    "[carbon]",
    "A carbon price that carriers pay and pass on.",
    (
        Column("price_usd_per_t", "number", "Price of a tonne of CO2e in every country and year, which adds to the money of a route; the table `carbon_price` gives prices by country and year in its place.", unit="USD/t", minimum=0, maximum=MOST_USD_PER_T, default=0.0),
    ),
)

ALTERNATIVE: Final = Table(
    "[[alternative]]",
    "Alternatives that shippers choose between; by default one with all modes.",
    (
        Column("id", "text", "Identifier.", required=True),
        Column("modes", "list", "Modes that routes may use; at least one.", references="vehicle.mode"),
        Column("must_use", "list", "Modes of which routes must use at least one link.", references="vehicle.mode"),
        Column("constant_usd_per_t", "number", "Alternative-specific constant, added to the cost: one number, or a table by commodity.", unit="USD/t", minimum=-1e6, maximum=1e6, default=0.0),
    ),
)

SCENARIO: Final = Table(
    "[[scenario]]",
    "Scenarios that the study names: measures at a year.",
    (
        Column("id", "text", "Identifier.", required=True),
        Column("title", "text", _translated("Title", "title"), required=True),
        Column("year", "integer", "Year of the scenario.", required=True, minimum=EARLIEST_YEAR, maximum=LATEST_YEAR),
        Column("apply", "list", "Measures to apply, in order.", references="measure.measure_id"),
    ),
)

REPORT: Final = Table(
    "[report]",
    "Contents of reports.",
    (
        Column("pairs", "list", "Journeys to show leg by leg, as lists: [origin, destination] or [origin, destination, commodity].", references="zone.zone_id"),
        Column("headline", "text", "Headline indicator of the sensitivity analysis."),
        Column("headline_title", "text", _translated("Title of the headline indicator", "headline_title")),
    ),
)

SENSITIVITY: Final = Table(
    "[[sensitivity]]",
    "Inputs of the sensitivity analysis, each varied on its own to find its effect on the headline indicator.",
    (
        Column("title", "text", _translated("Title of the input", "title"), required=True),
        Column("table", "text", "Table of the cells to vary, as in the table effect.", required=True),
        Column("row", "text", "Keys of their rows, or * for all.", required=True),
        Column("column", "text", "Their column.", required=True),
        Column("low", "number", "Factor of the low value.", required=True, minimum=-1e6, maximum=1e6),
        Column("high", "number", "Factor of the high value; not below low.", required=True, minimum=-1e6, maximum=1e6),
    ),
)

DOUBT: Final = Table(
    "[[doubt]]",
    "Questions that data cannot settle, each with the scenarios that stand for its answers. Reports show these beside "
    "each other in their first lines.",
    (
        Column("title", "text", _translated("The question", "title"), required=True),
        Column("scenarios", "list", "Scenarios to show beside each other; at least two.", required=True),
        Column("indicator", "text", "Indicator that depends on the answer; empty: the headline of the report."),
    ),
)

APPRAISAL: Final = Table(
    "[appraisal]",
    "How costs and benefits are appraised.",
    (
        Column("discount_rate_percent", "number", "Real discount rate; not 0.", unit="%", minimum=-99, maximum=1000, default=9.0),
        Column("price_year", "integer", "Year of the constant prices of an appraisal; empty: the base year.", minimum=EARLIEST_YEAR, maximum=LATEST_YEAR),
        Column("discount_year", "integer", "Year to which present values refer; empty: the price year.", minimum=EARLIEST_YEAR, maximum=LATEST_YEAR),
        Column("horizon_years", "integer", "Years of service that count, from the opening on.", unit="years", minimum=1, maximum=200, default=30),
        Column("timing", "text", "When in a year its amounts fall due: at its end, or in its middle, half a year earlier.", allowed=("end", "mid"), default="end"),
        Column("benefit", "text", "Measure of the benefit to those who ship: users' surplus, or real income in general equilibrium in its place.", allowed=("users", "income"), default="users"),
        Column("users_split", "number", "Share of the users' surplus of a market that falls to the country of origin; the rest falls to the country of destination.", minimum=0, maximum=1, default=0.5),
        Column("growth_percent", "number", "Growth of yearly benefits beyond the last year that is solved.", unit="%/year", minimum=-50, maximum=50, default=0.0),
    ),
)

RESILIENCE: Final = Table(
    "[resilience]",
    "What it costs to wait where the network is closed for a time.",
    (
        Column("lost_value_share", "number", "Share of the value of goods that is lost if they never arrive: the most that their wait costs.", minimum=0, maximum=100, default=1.0),
        Column("vehicle_wait_h", "number", "Hours that a vehicle waits with the goods before it turns back.", unit="h", minimum=0, maximum=8760, default=24.0),
        Column("closure_days", "number", "Days of a closure by which places are compared.", unit="days", minimum=0.01, maximum=36500, default=30.0),
    ),
)

RESPONSE: Final = Table(
    "[response]",
    "How response units are sited.",
    (
        Column("within_h", "number", "Time in which a place should be reached.", unit="h", minimum=0, maximum=8760, default=6.0),
        Column("shared", "list", 'Pairs of countries that let each other\'s units in, as in ["KGZ-KAZ"]; none: every country helps itself.'),
    ),
)

#: Sections of ``study.toml``, in order; those in double brackets can be repeated.
SETTINGS: Final[dict[str, Table]] = {
    table.name: table
    for table in (STUDY, SOLVER, DEMAND, BACKGROUND, CARBON, ALTERNATIVE, SCENARIO, REPORT, SENSITIVITY, DOUBT, APPRAISAL, RESILIENCE, RESPONSE)
}
