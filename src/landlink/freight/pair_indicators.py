"""Indicators of pairs: freight, time and cost between two zones, and distances between two nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import pandas as pd

from landlink.freight.indicators import mean
from landlink.indicators.registry import IndicatorSet, TableView, fixed_without
from landlink.tables.frames import texts

if TYPE_CHECKING:
    from landlink.indicators.distances import Distances

__all__ = ["PAIRS"]

PAIRS: Final = IndicatorSet()


def _pairs_asked_for(view: TableView) -> Iterable[tuple[str, ...]]:
    return list(dict.fromkeys((origin, destination) for origin, destination, _ in view.pairs))


def _pairs_and_alternatives(view: TableView) -> Iterable[tuple[str, ...]]:
    names = view["od"]["alternative"].unique()
    return [(*pair, name) for pair in _pairs_asked_for(view) for name in names]


# Pairs of zones


def _rows_by_pair(view: TableView) -> dict[tuple[str, str], list[int]]:
    """Rows of the od table by origin and destination."""
    od = view["od"]
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, pair in enumerate(zip(texts(od, "origin_zone_id"), texts(od, "destination_zone_id"), strict=True)):
        rows[pair].append(row)
    return rows


def _pair(view: TableView, origin: str, destination: str, alternative: str) -> pd.DataFrame:
    rows = view["od"].iloc[view.derived(_rows_by_pair).get((origin, destination), [])]
    return rows[rows["alternative"] == alternative] if alternative else rows


def _pair_mean(view: TableView, column: str, origin: str, destination: str, alternative: str) -> float:
    rows = _pair(view, origin, destination, alternative)
    return mean(rows[column], rows["tonnes_per_year"])


_PAIR: Final = "origin,destination[,alternative]"


@PAIRS.indicator(
    "od.tonnes_per_year",
    arguments=_PAIR,
    unit="t/year",
    meaning="Freight between two zones.",
    tables=("od",),
    listing=_pairs_asked_for,
    every=_pairs_and_alternatives,
    fixed_when_demand_fixed=fixed_without(2),
)
def _od_tonnes(view: TableView, origin: str, destination: str, alternative: str = "") -> float:
    return float(_pair(view, origin, destination, alternative)["tonnes_per_year"].sum())


@PAIRS.indicator(
    "od.time_h",
    arguments=_PAIR,
    unit="h",
    meaning="Mean door-to-door time between two zones.",
    tables=("od",),
    listing=_pairs_asked_for,
    every=_pairs_and_alternatives,
)
def _od_time(view: TableView, origin: str, destination: str, alternative: str = "") -> float:
    return _pair_mean(view, "time_h", origin, destination, alternative)


@PAIRS.indicator(
    "od.cost_usd_per_t",
    arguments=_PAIR,
    unit="USD/t",
    meaning="Mean monetary cost between two zones.",
    tables=("od",),
    listing=_pairs_asked_for,
    every=_pairs_and_alternatives,
)
def _od_cost(view: TableView, origin: str, destination: str, alternative: str = "") -> float:
    return _pair_mean(view, "money_usd_per_t", origin, destination, alternative)


@PAIRS.indicator(
    "od.generalised_cost_usd_per_t",
    arguments=_PAIR,
    unit="USD/t",
    meaning="Mean generalised cost between two zones: money, time, reliability and constants.",
    tables=("od",),
    listing=_pairs_asked_for,
    every=_pairs_and_alternatives,
)
def _od_generalised_cost(view: TableView, origin: str, destination: str, alternative: str = "") -> float:
    return _pair_mean(view, "generalised_cost_usd_per_t", origin, destination, alternative)


@PAIRS.indicator(
    "od.resistance_usd_per_t",
    arguments=_PAIR,
    unit="USD/t",
    meaning="Mean of the constants between two zones that are a resistance (table constant), part of the generalised "
    "cost.",
    tables=("od",),
    listing=_pairs_asked_for,
)
def _od_resistance(view: TableView, origin: str, destination: str, alternative: str = "") -> float:
    return _pair_mean(view, "resistance_usd_per_t", origin, destination, alternative)


@PAIRS.indicator(
    "od.distance_km",
    arguments=_PAIR,
    unit="km",
    meaning="Mean distance of routes between two zones.",
    tables=("od",),
    listing=_pairs_asked_for,
    every=_pairs_and_alternatives,
)
def _od_distance(view: TableView, origin: str, destination: str, alternative: str = "") -> float:
    return _pair_mean(view, "distance_km", origin, destination, alternative)


# Pairs of countries

_MEANS: Final = ("time_h", "money_usd_per_t", "generalised_cost_usd_per_t")


def _countries_of_pairs(view: TableView) -> dict[tuple[str, ...], dict[str, float]]:
    """Tonnes a year, and means weighted by them, by country of origin, of destination, and alternative or all."""
    od, zone = view["od"], view["zone"]
    country = dict(zip(zone["zone_id"], zone["country"], strict=True))
    weighted = od[[*_MEANS]].mul(od["tonnes_per_year"], axis=0)
    flows = weighted.assign(
        start=od["origin_zone_id"].map(country), end=od["destination_zone_id"].map(country),
        alternative=od["alternative"], tonnes=od["tonnes_per_year"],
    )  # fmt: skip
    found: dict[tuple[str, ...], dict[str, float]] = {}
    for keys in (["start", "end"], ["start", "end", "alternative"]):
        sums = flows.groupby(keys)[["tonnes", *_MEANS]].sum()
        names = [tuple(map(str, key)) for key in sums.index]
        found.update(zip(names, sums.to_dict("records"), strict=True))  # type: ignore[arg-type]
    return found


def _all_country_pairs(view: TableView) -> Iterable[tuple[str, ...]]:
    return list(view.derived(_countries_of_pairs))


def _country_mean(view: TableView, column: str, *key: str) -> float:
    found = view.derived(_countries_of_pairs).get(tuple(filter(None, key)))
    return found[column] / found["tonnes"] if found and found["tonnes"] > 0 else float("nan")


_COUNTRIES: Final = "country,country[,alternative]"


@PAIRS.indicator(
    "country_pair.tonnes_per_year",
    arguments=_COUNTRIES,
    unit="t/year",
    meaning="Freight from the zones of one country to those of another.",
    tables=("od", "zone"),
    every=_all_country_pairs,
    fixed_when_demand_fixed=fixed_without(2),
)
def _country_pair_tonnes(view: TableView, start: str, end: str, alternative: str = "") -> float:
    key = tuple(filter(None, (start, end, alternative)))
    return view.derived(_countries_of_pairs).get(key, {"tonnes": 0.0})["tonnes"]


@PAIRS.indicator(
    "country_pair.time_h",
    arguments=_COUNTRIES,
    unit="h",
    meaning="Mean door-to-door time from one country to another, weighted by tonnes.",
    tables=("od", "zone"),
    every=_all_country_pairs,
)
def _country_pair_time(view: TableView, start: str, end: str, alternative: str = "") -> float:
    return _country_mean(view, "time_h", start, end, alternative)


@PAIRS.indicator(
    "country_pair.cost_usd_per_t",
    arguments=_COUNTRIES,
    unit="USD/t",
    meaning="Mean monetary cost from one country to another, weighted by tonnes.",
    tables=("od", "zone"),
    every=_all_country_pairs,
)
def _country_pair_cost(view: TableView, start: str, end: str, alternative: str = "") -> float:
    return _country_mean(view, "money_usd_per_t", start, end, alternative)


@PAIRS.indicator(
    "country_pair.generalised_cost_usd_per_t",
    arguments=_COUNTRIES,
    unit="USD/t",
    meaning="Mean generalised cost from one country to another, weighted by tonnes: money, time and reliability.",
    tables=("od", "zone"),
    every=_all_country_pairs,
)
def _country_pair_generalised_cost(view: TableView, start: str, end: str, alternative: str = "") -> float:
    return _country_mean(view, "generalised_cost_usd_per_t", start, end, alternative)


# Distances


def _distances(_: TableView) -> dict[str, Distances]:
    """Distances by mode, filled on demand."""
    return {}


@PAIRS.indicator(
    "distance.km",
    arguments="node,node,mode",
    unit="km",
    meaning="Shortest-path distance between two nodes on the open links of a mode.",
    tables=("link",),
)
def _distance(view: TableView, start: str, end: str, mode: str) -> float:
    from landlink.indicators.distances import Distances  # noqa: PLC0415  declaring indicators needs no path search

    by_mode = view.derived(_distances)
    if mode not in by_mode:
        by_mode[mode] = Distances(view["link"], mode)
    return by_mode[mode].km(start, end)
