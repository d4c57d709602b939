"""What the measures of a scenario cost to build: a table of results, and its indicators."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import pandas as pd

from landlink.appraisal.costs import cost_flows
from landlink.core.errors import InputError
from landlink.freight.indicators import EVERYWHERE
from landlink.indicators.registry import IndicatorSet, TableView
from landlink.study.study import Scenario
from landlink.tables.column import Column, Table
from landlink.tables.frames import texts
from landlink.tables.outputs import Output

__all__ = ["COST_INDICATORS", "MEASURE_COST", "OUTPUT_TABLES"]

MEASURE_COST: Final = Table(
    "measure_cost",
    "What the measures in force cost to build, by the country that pays, with contingencies, at the prices of the price"
    " year and undiscounted. Left out: measures without rows in `investment`, and those whose prices cannot be"
    " converted.",
    (
        Column("measure_id", "text", "Measure.", required=True, key=True),
        Column("country", "text", "Country that pays; empty where none is named.", key=True),
        Column("renewable", "boolean", "Whether it brings renewable supply.", required=True),
        Column("construction_usd", "number", "Construction.", unit="USD", required=True),
    ),
)

COST_INDICATORS: Final = IndicatorSet()


def _table(scenario: Scenario) -> pd.DataFrame:
    tables, settings = scenario.study.tables, scenario.study.settings
    known, plants = set(texts(tables["investment"], "measure_id")), set(texts(tables["renewable"], "measure_id"))
    terms = settings.appraisal
    terms = replace(terms, price_year=terms.price_year or settings.base_year)
    parts, inactive = [], scenario.study.inactive_measures(scenario.year)
    for measure in scenario.measures:
        if measure in inactive or measure not in known:
            continue
        try:
            flow = cost_flows(tables, [measure], terms, base_year=settings.base_year, money=settings.money).flow
        except InputError:
            continue
        built = -flow[flow["item"] == "construction"].groupby("country")["financial_usd"].sum()
        parts += [(measure, str(country), measure in plants, float(usd)) for country, usd in built.items() if usd]
    return MEASURE_COST.typed(pd.DataFrame(parts, columns=list(MEASURE_COST.by_name)))


def _countries(view: TableView) -> Iterable[tuple[str, ...]]:
    return [(), *((name,) for name in dict.fromkeys(texts(view["measure_cost"], "country")) if name)]


def _musd(view: TableView, country: str, *, plants: bool) -> float:
    table = view["measure_cost"]
    here = (table["country"] == country) | (country in ("", EVERYWHERE))
    here &= table["renewable"].astype(bool) | (not plants)
    return float(table.loc[here, "construction_usd"].sum()) / 1e6


@COST_INDICATORS.indicator(
    "investment.in_force_musd",
    unit="million USD",
    meaning="Cost of building the measures in force, by the country that pays, at the prices of the price year; "
    f"{EVERYWHERE} or nothing for all.",
    arguments="[country]",
    tables=("measure_cost",),
    listing=_countries,
)
def _built(view: TableView, country: str = "") -> float:
    return _musd(view, country, plants=False)


@COST_INDICATORS.indicator(
    "investment.renewable_musd",
    unit="million USD",
    meaning="The part of it that brings renewable supply.",
    arguments="[country]",
    tables=("measure_cost",),
    listing=_countries,
)
def _green(view: TableView, country: str = "") -> float:
    return _musd(view, country, plants=True)


OUTPUT_TABLES: Final = (Output(MEASURE_COST, (Scenario,), _table),)
