"""Tables of resilience: losses, risk, loss curves, replays, redundancy and response, in results and in files.

The same schemas read and write the files of ``landlink resilience`` and ``landlink replay`` and are tables of results.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from landlink.resilience.response_schema import RESPONSE
from landlink.tables.column import Column, Table
from landlink.tables.outputs import Output
from landlink.tables.shared_columns import NAMES

__all__ = [
    "EVERY_CAUSE",
    "EVERY_COUNTRY",
    "LOSS",
    "LOSS_CURVE",
    "LOSS_HAZARD",
    "LOSS_RISK",
    "OUTPUT_TABLES",
    "REDUNDANCY",
    "REPLAY",
    "ResilienceTables",
]

#: Stand for all countries together, and for all causes.
EVERY_COUNTRY: Final = "ALL"
EVERY_CAUSE: Final = "all"


def _number(name: str, meaning: str, unit: str = "") -> Column:
    return Column(name, "number", meaning, unit=unit)


def _key(name: str, meaning: str) -> Column:
    return Column(name, "text", meaning, required=True, key=True)


def _ends(unit: str) -> tuple[Column, ...]:
    return (
        _number("p10", "Value that one member in ten lies below, of members that differ in what is not known.", unit),
        _number("p90", "Value that one member in ten lies above.", unit),
    )


def _ratio_ends(name: str) -> tuple[Column, ...]:
    return (
        _number(f"{name}_p10", f"Value of {name} that one member in ten of the calibration lies below."),
        _number(f"{name}_p90", f"Value of {name} that one member in ten lies above; empty too: they have no such way."),
    )


def _members() -> Column:
    return Column("members", "integer", "Members of the posterior ensemble behind the interval; 0: none.", default=0)


_COUNTRY: Final = _key("country", f"Country, as an ISO 3166-1 alpha-3 code; {EVERY_COUNTRY}: all together.")

LOSS: Final = Table(
    "loss",
    "Expected losses of a year by disturbances. Over causes they sum to all causes, over countries to all countries.",
    (
        _COUNTRY,
        _key("cause", f"Cause, as in the table hazard; {EVERY_CAUSE}: all causes."),
        Column(
            "expected_usd_per_year",
            "number",
            "Expected loss: what disturbances cost shippers more, waits included, with the cause's share of what "
            "overlaps change.",
            unit="USD/year",
            required=True,
        ),
        *_ends("USD/year"),
        _number(
            "standard_error_usd_per_year",
            "Standard error that comes from the number of years in which overlaps were solved; empty with fewer than "
            "two.",
            "USD/year",
        ),
        _number("events_per_year", "Mean number of events that strike; 0 for none.", "1/year"),
        _number(
            "waiting_tonne_days_per_year",
            "Freight that comes to closed places, t a day, times the days; once for all countries together, for each "
            "country that it starts or ends in.",
            "t/year",
        ),
        _number(
            "waiting_exports_usd_per_year",
            "Value of the part of it that is exported, by the exporting country.",
            "USD/year",
        ),
        _number("waiting_imports_usd_per_year", "The same by the importing country.", "USD/year"),
    ),
)

LOSS_HAZARD: Final = Table(
    "loss_hazard",
    "What each hazard costs a year, and an event of it.",
    (
        _key("hazard_id", "Hazard."),
        Column("name", "text", "Its name."),
        *NAMES,
        Column("cause", "text", "Its cause."),
        _number("events_per_year", "Mean number of events a year.", "1/year"),
        *_ends("1/year"),
        _number("days_per_event", "Mean length of an event, without the recovery.", "days"),
        _number("recovery_days", "Length of the recovery that follows, which its losses include.", "days"),
        _number("usd_per_event", "Mean loss of an event that strikes alone, all countries together.", "USD"),
        _number("alone_usd_per_year", "Expected loss if no events overlapped.", "USD/year"),
        _number("expected_usd_per_year", "Expected loss, with its share of what overlaps change.", "USD/year"),
        _number("p10_usd_per_year", "Loss that one member in ten lies below.", "USD/year"),
        _number("p90_usd_per_year", "Loss that one member in ten lies above.", "USD/year"),
        Column("idle", "text", "Why it cannot strike in the scenario; empty: it can."),
    ),
)

LOSS_RISK: Final = Table(
    "loss_risk",
    "Losses of bad years. Figures are empty where fewer than five of the years drawn lie beyond the share: 95 % takes "
    "100 years, 99 % takes 500. The intervals carry what is not known of rates and the number of years drawn.",
    (
        _COUNTRY,
        Column(
            "percent",
            "number",
            "Share of the years whose loss is not above the value at risk.",
            unit="%",
            required=True,
            key=True,
        ),
        _number("value_at_risk_usd", "Loss that is not exceeded in this share of the years.", "USD"),
        *_ends("USD"),
        _number("standard_error_usd", "Its standard error from the number of years drawn.", "USD"),
        _number("conditional_usd", "Conditional value at risk: mean loss of the years beyond this share.", "USD"),
        _number("conditional_p10", "Conditional value at risk that one member in ten lies below.", "USD"),
        _number("conditional_p90", "Conditional value at risk that one member in ten lies above.", "USD"),
    ),
)

LOSS_CURVE: Final = Table(
    "loss_curve",
    "The loss curve: losses of a year that are exceeded once in some years on average; up to a fifth of the years "
    "drawn. The intervals carry what is not known of rates and the number of years drawn.",
    (
        _COUNTRY,
        Column("return_period_years", "number", "Years between two such years.", unit="years", required=True, key=True),
        _number("exceedance_probability", "Probability that the loss of a year is above it."),
        _number("loss_usd", "Loss of a year.", "USD"),
        *_ends("USD"),
    ),
)

REPLAY: Final = Table(
    "replay",
    "Replays of events, one figure a row: the course in time, totals, what countries lose, and what was observed.",
    (
        _key("event_id", "Event."),
        _key(
            "record",
            "course: a figure that stays the same, or goes evenly to another, from begins to ends; total: of the whole "
            "event; country: of the whole event for a country; crossing: freight at a crossing that a phase changes; "
            "observed: beside an observation; rule: of the border rules of those days.",
        ),
        _key(
            "quantity",
            "course: arriving, passing, waiting, cost_index. total: triangle, triangle_passing, recovery, "
            "recovery_passing, clearing, most_waiting, added_cost, lost_trade. country: added_cost, lost_exports, "
            "lost_imports. crossing: usual, meanwhile, what waits there included. observed: the indicator. rule: "
            "vehicles_per_day.",
        ),
        Column("place", "text", "Country, or crossing; empty: all.", key=True),
        Column("begins", "date", "First day.", required=True, key=True),
        Column("ends", "date", "First day after it.", required=True, key=True),
        Column("begins_day", "number", "Days from the beginning of the event.", unit="days", key=True),
        Column("ends_day", "number", "The same of the end.", unit="days"),
        Column("phase", "text", "Phases of the event, separated by +; empty: before, between and after them."),
        _number("model", "Value of the replay; of waiting, at the beginning. Empty: none, as a time without an end."),
        _number("model_at_end", "Value at the end, of waiting."),
        _number(
            "p10",
            "Value that one member in ten lies below, of members of the calibration, of totals, countries and what is "
            "beside observations. Empty: as of the value, or without members.",
        ),
        _number("p90", "Value that one member in ten lies above."),
        _number("observed", "Observed value."),
        Column(
            "bound", "text", "value: an observed value; lower or upper: a bound.", allowed=("value", "lower", "upper")
        ),
        _number("error", "Replay less observation; 0 within a bound."),
        _number(
            "index_error",
            "The same in shares of what was before the event; empty without an observation before it.",
        ),
        Column("unit", "text", "Unit of the values."),
        Column("what", "text", "Name of the event, or what was observed."),
        *NAMES,
        Column("source", "text", "Where the observation comes from."),
        _members(),
    ),
)

REDUNDANCY: Final = Table(
    "redundancy",
    "Ways round the places that the cheapest way between two zones depends on, at the costs of the solved flows. A "
    "ratio of 1: another way costs the same; empty: there is none.",
    (
        _key("origin_zone_id", "Origin."),
        _key("destination_zone_id", "Destination."),
        _key("commodity_id", "Commodity."),
        _number("tonnes_per_year", "Freight.", "t/year"),
        _number("value_usd_per_year", "Its value.", "USD/year"),
        _number("cost_usd_per_t", "Generalised cost of the cheapest way.", "USD/t"),
        Column("place", "text", "Place on it that most freight of the scenario passes."),
        _number("ratio", "Cost of the cheapest way that avoids this place, over the cheapest."),
        Column("crossing", "text", "Crossing on the cheapest way that is dearest to avoid; empty: it has none."),
        _number("crossing_ratio", "Cost of the cheapest way that avoids this crossing, over the cheapest."),
        _number(
            "disjoint_ratio",
            "Cost of the cheapest way that shares neither link, terminal nor crossing with the cheapest, over it.",
        ),
        *_ratio_ends("ratio"),
        *_ratio_ends("crossing_ratio"),
        *_ratio_ends("disjoint_ratio"),
        _members(),
    ),
)


@dataclass(frozen=True)
class ResilienceTables:
    """Tables of resilience by name, as parts of a result."""

    frames: Mapping[str, pd.DataFrame]


def _made(name: str) -> Callable[[ResilienceTables], pd.DataFrame]:
    return lambda tables: tables.frames[name]


def _there(name: str) -> Callable[[ResilienceTables], bool]:
    return lambda tables: name in tables.frames


OUTPUT_TABLES: Final = tuple(
    Output(
        table, (ResilienceTables,), _made(table.name), when=_there(table.name), bulky=table in (REDUNDANCY, RESPONSE)
    )
    for table in (LOSS, LOSS_HAZARD, LOSS_RISK, LOSS_CURVE, REPLAY, REDUNDANCY, RESPONSE)
)  # fmt: skip
