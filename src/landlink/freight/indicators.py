"""Indicators of the whole network: totals, modes, alternatives and countries.

To add one, write a function under the decorator; the table of indicators, the checks of a study, the reports and the
reference pages include it automatically. Where the model has no flow, tonnes are 0 and times are NaN.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import pandas as pd

from landlink.indicators.registry import IndicatorSet, TableView, fixed_without

__all__ = ["EVERYWHERE", "NETWORK", "ids_of", "mean"]

NETWORK: Final = IndicatorSet()

#: Country that stands for the whole network, and corridor that stands for all.
EVERYWHERE: Final = "ALL"


# Arguments that the table of indicators lists


def _once(_: TableView) -> Iterable[tuple[str, ...]]:
    return [()]


def ids_of(table: str, column: str) -> Callable[[TableView], Iterable[tuple[str, ...]]]:
    """Distinct values of a column."""

    def listing(view: TableView) -> Iterable[tuple[str, ...]]:
        return [(value,) for value in view[table][column].unique()]

    return listing


def _countries_and_families(view: TableView) -> Iterable[tuple[str, ...]]:
    table = view["country"]
    used = table[table["tonnes_per_year"] > 0]
    families = [f for f in dict.fromkeys(used["family"]) if f != "all"]
    return [*zip(used["country"], used["family"], strict=True), *((EVERYWHERE, family) for family in families)]


def _all_countries_and_families(view: TableView) -> Iterable[tuple[str, ...]]:
    """Also those without freight, which may have some in another member of an ensemble."""
    table = view["country"]
    pairs = [*zip(table["country"], table["family"], strict=True)]
    return [*pairs, *((EVERYWHERE, family) for family in dict.fromkeys(table["family"]))]


def _all_countries_for_transit(view: TableView) -> Iterable[tuple[str, ...]]:
    """With and without the family, which may be left out."""
    pairs = list(_all_countries_and_families(view))
    return [*pairs, *dict.fromkeys((country,) for country, _ in pairs)]


# Totals, modes and alternatives


@NETWORK.indicator(
    "total.tonnes_per_year",
    unit="t/year",
    meaning="Freight between all pairs of zones.",
    tables=("od",),
    listing=_once,
    fixed_when_demand_fixed=fixed_without(0),
)
def _total_tonnes(view: TableView) -> float:
    return float(view["od"]["tonnes_per_year"].sum())


@NETWORK.indicator(
    "total.tkm_per_year", unit="tkm/year", meaning="Tonne-kilometres on all links.", tables=("link",), listing=_once
)
def _total_tkm(view: TableView) -> float:
    link = view["link"]
    return float((link["tonnes_per_year"] * link["length_km"]).sum())


@NETWORK.indicator(
    "total.generalised_cost_musd_per_year",
    unit="million USD/year",
    meaning="Total generalised cost of freight as it is shipped: money, time, reliability and constants, without "
    "preferences for an alternative; its change is not the benefit of shippers.",
    tables=("od",),
    listing=_once,
)
def _total_generalised_cost(view: TableView) -> float:
    od = view["od"]
    return float((od["tonnes_per_year"] * od["generalised_cost_usd_per_t"]).sum()) / 1e6


@NETWORK.indicator(
    "total.expected_cost_musd_per_year",
    unit="million USD/year",
    meaning="Total expected cost of freight: the logsum of each choice between alternatives, preferences included. "
    "Only its differences have a meaning: a fall is the benefit of shippers.",
    tables=("choice",),
    listing=_once,
)
def _total_expected_cost(view: TableView) -> float:
    choice = view["choice"]
    return float((choice["tonnes_per_year"] * choice["expected_cost_usd_per_t"]).sum()) / 1e6


@NETWORK.indicator(
    "total.resistance_musd_per_year",
    unit="million USD/year",
    meaning="Total of the constants that are a resistance (table constant), part of the generalised cost of freight as "
    "it is shipped: what shippers avoid, but costs nobody anything.",
    tables=("od",),
    listing=_once,
)
def _total_resistance(view: TableView) -> float:
    od = view["od"]
    return float((od["tonnes_per_year"] * od["resistance_usd_per_t"]).sum()) / 1e6


@NETWORK.indicator(
    "total.mean_time_h",
    unit="h",
    meaning="Mean door-to-door time, weighted by tonnes.",
    tables=("od",),
    listing=_once,
)
def _total_mean_time(view: TableView) -> float:
    od = view["od"]
    return mean(od["time_h"], od["tonnes_per_year"])


@NETWORK.indicator(
    "mode.tonnes_per_year",
    arguments="mode",
    unit="t/year",
    meaning="Freight that uses at least one link of the mode.",
    tables=("mode", "link"),
    listing=ids_of("link", "mode"),
)
def _mode_tonnes(view: TableView, mode: str) -> float:
    table = view["mode"]
    return float(table.loc[table["mode"] == mode, "tonnes_per_year"].sum())


@NETWORK.indicator(
    "mode.tkm_per_year",
    arguments="mode",
    unit="tkm/year",
    meaning="Tonne-kilometres on links of the mode.",
    tables=("link",),
    listing=ids_of("link", "mode"),
)
def _mode_tkm(view: TableView, mode: str) -> float:
    link = view["link"][view["link"]["mode"] == mode]
    return float((link["tonnes_per_year"] * link["length_km"]).sum())


@NETWORK.indicator(
    "alternative.tonnes_per_year",
    arguments="alternative",
    unit="t/year",
    meaning="Freight shipped by the alternative.",
    tables=("od", "alternative"),
    listing=ids_of("alternative", "alternative"),
)
def _alternative_tonnes(view: TableView, alternative: str) -> float:
    od = view["od"]
    return float(od.loc[od["alternative"] == alternative, "tonnes_per_year"].sum())


# Countries


def _countries_by_family(view: TableView) -> dict[tuple[str, str], dict[str, float]]:
    """Columns of the country table by country and family, with sums over all countries."""
    table = view["country"]
    columns = [name for name in table.columns if name not in ("country", "family")]
    total = table.groupby("family", as_index=False)[columns].sum().assign(country=EVERYWHERE)
    rows = pd.concat([table, total], ignore_index=True)
    keys = zip(rows["country"], rows["family"], strict=True)
    return {key: dict(zip(columns, row, strict=True)) for key, row in zip(keys, rows[columns].to_numpy(), strict=True)}


def _country(view: TableView, country: str, family: str) -> Mapping[str, float]:
    return view.derived(_countries_by_family).get((country, family), defaultdict(float))


@NETWORK.indicator(
    "country.tkm_per_year",
    arguments="country,family",
    unit="tkm/year",
    meaning="Tonne-kilometres in the country; family all includes every mode.",
    tables=("country",),
    listing=_countries_and_families,
    every=_all_countries_and_families,
)
def _country_tkm(view: TableView, country: str, family: str) -> float:
    return float(_country(view, country, family)["tkm_per_year"])


@NETWORK.indicator(
    "country.tonnes_per_year",
    arguments="country,family",
    unit="t/year",
    meaning="Freight that uses at least one link in the country; ALL gives the sum over countries.",
    tables=("country",),
    listing=_countries_and_families,
    every=_all_countries_and_families,
)
def _country_tonnes(view: TableView, country: str, family: str) -> float:
    return float(_country(view, country, family)["tonnes_per_year"])


@NETWORK.indicator(
    "country.transit_tonnes_per_year",
    arguments="country[,family]",
    unit="t/year",
    meaning="Freight that passes through the country with neither origin nor destination there. By family: what moves"
    " on links of the family inside the country, whatever takes it on the rest of the way; country_trade counts whole"
    " journeys by alternative.",
    tables=("country",),
    listing=_countries_and_families,
    every=_all_countries_for_transit,
)
def _country_transit(view: TableView, country: str, family: str = "all") -> float:
    return float(_country(view, country, family)["transit_tonnes_per_year"])


@NETWORK.indicator(
    "country.mean_haul_km",
    arguments="country,family",
    unit="km",
    meaning="Mean distance hauled in the country: its tonne-kilometres divided by its tonnes.",
    tables=("country",),
    listing=_countries_and_families,
    every=_all_countries_and_families,
)
def _country_haul(view: TableView, country: str, family: str) -> float:
    row = _country(view, country, family)
    return _ratio(row["tkm_per_year"], row["tonnes_per_year"])


@NETWORK.indicator(
    "country.speed_without_delay_kmh",
    arguments="country,family",
    unit="km/h",
    meaning="Speed without delay of loaded vehicles (CAREC's SWOD): distance divided by uncongested running time; "
    "ALL for the network.",
    tables=("country",),
    listing=_countries_and_families,
    every=_all_countries_and_families,
)
def _country_speed_without_delay(view: TableView, country: str, family: str) -> float:
    row = _country(view, country, family)
    return _ratio(row["vehicle_km_per_year"], row["run_vehicle_h_per_year"])


@NETWORK.indicator(
    "country.speed_with_delay_kmh",
    arguments="country,family",
    unit="km/h",
    meaning="Speed with delay of loaded vehicles (CAREC's SWD): distance divided by time with stops and crossings; "
    "ALL for the network.",
    tables=("country",),
    listing=_countries_and_families,
    every=_all_countries_and_families,
)
def _country_speed_with_delay(view: TableView, country: str, family: str) -> float:
    row = _country(view, country, family)
    hours = row["run_vehicle_h_per_year"] + row["stop_vehicle_h_per_year"] + row["crossing_vehicle_h_per_year"]
    return _ratio(row["vehicle_km_per_year"], hours)


def mean(values: pd.Series[float], weights: pd.Series[float]) -> float:
    """Weighted mean; NaN if the weights sum to zero."""
    total = float(weights.sum())
    return float((values * weights).sum()) / total if total > 0 else float("nan")


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")
