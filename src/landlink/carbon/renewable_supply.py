"""What plants of the table ``renewable`` supply and spare: a table of results, and its indicator.

Freight takes little of a grid: most of what a plant spares are emissions of others who use the grid. The part of
freight is in its own emissions already, by the cleaner grid; both are told apart, so that each tonne counts once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
import pandas as pd

from landlink.carbon.accounting import EmissionAccount
from landlink.carbon.arc_terms import account_of
from landlink.carbon.emission_sums import country_sums
from landlink.carbon.grid import Grid, grid_of
from landlink.carbon.renewables import annual_gwh
from landlink.freight.flow_summary import FlowSummary
from landlink.freight.indicators import EVERYWHERE
from landlink.indicators.registry import IndicatorSet, TableView
from landlink.study.effects import is_open
from landlink.study.study import Scenario
from landlink.tables.carbon_schemas import ELECTRICITY
from landlink.tables.column import Column, Table
from landlink.tables.frames import Tables, numbers, texts
from landlink.tables.outputs import Output

__all__ = ["RENEWABLE_SUPPLY", "SUPPLY", "SUPPLY_TABLES", "plants_in_service", "renewable_supply"]

RENEWABLE_SUPPLY: Final = Table(
    "renewable_supply",
    "What each plant in service of the table renewable supplies to the grid of its country, and the emissions that it "
    "spares: those of the generation it replaces, less those of its own life cycle. Empty without plants.",
    (
        Column("project_id", "text", "Plant.", required=True, key=True),
        Column("measure_id", "text", "Measure that builds it; empty: none."),
        Column("country", "text", "Country whose grid it feeds.", required=True),
        Column("generation_gwh_per_year", "number", "Its output.", unit="GWh/year", required=True),
        Column("spared_t_per_year", "number", "Emissions that it spares, as CO2e.", unit="t/year", required=True),
        Column(
            "freight_t_per_year",
            "number",
            "The part of it that is in the emissions of freight already, by the cleaner electricity of trains, trucks "
            "and terminals; of several plants of a country, as what they spare.",
            unit="t/year",
            required=True,
        ),
        Column(
            "others_t_per_year",
            "number",
            "The rest: what it spares all others who use the grid. Emissions of freight less this are those of both.",
            unit="t/year",
            required=True,
        ),
    ),
)

SUPPLY: Final = IndicatorSet()


def plants_in_service(tables: Tables, year: int) -> pd.DataFrame:
    """Rows of ``renewable`` in service in a year, with their output, GWh, and what they spare, t CO2e a year.

    Parameters
    ----------
    tables
        Tables of a scenario.
    year
        The year.

    Returns
    -------
    pandas.DataFrame
        The rows with the columns ``gwh`` and ``spared_t``.
    """
    renewable = tables["renewable"]
    rows = renewable[is_open(renewable, year).to_numpy()] if len(renewable) else renewable
    if rows.empty:
        return rows.assign(gwh=0.0, spared_t=0.0)
    without = _without_plants(tables, year)
    mean = np.array([without.g_per_kwh[name] for name in texts(rows, "country")])
    instead, gwh = numbers(rows, "displaced_g_per_kwh"), annual_gwh(rows)
    replaced = np.where(np.isnan(instead), mean, instead) - numbers(rows, "life_g_per_kwh")
    # A GWh at one g/kWh is a tonne.
    return rows.assign(gwh=gwh, spared_t=gwh * replaced)


def _without_plants(tables: Tables, year: int) -> Grid:
    return grid_of({**tables, "renewable": tables["renewable"].iloc[:0]}, year)


def renewable_supply(account: EmissionAccount, scenario: Scenario) -> pd.DataFrame:
    """The table ``renewable_supply`` of solved freight."""
    rows = plants_in_service(scenario.tables, scenario.year)
    spared, country = numbers(rows, "spared_t"), np.array(texts(rows, "country"), dtype=object)
    freight = _freight_parts(account, scenario) if len(rows) else {}
    whole = pd.Series(spared).groupby(country).transform("sum").to_numpy(dtype=np.float64)
    share = np.divide(spared, whole, out=np.zeros(len(rows)), where=whole != 0)
    part = share * np.array([freight.get(name, 0.0) for name in country], dtype=np.float64)
    return pd.DataFrame(
        {
            **{name: np.array(texts(rows, name), dtype=object) for name in ("project_id", "measure_id", "country")},
            "generation_gwh_per_year": numbers(rows, "gwh"),
            "spared_t_per_year": spared,
            "freight_t_per_year": part,
            "others_t_per_year": spared - part,
        }
    ).astype({"project_id": "str", "measure_id": "str", "country": "str"})


def _freight_parts(account: EmissionAccount, scenario: Scenario) -> Mapping[str, float]:
    """What freight spares by the cleaner grids, t CO2e a year, by country."""
    emitted = country_sums(account)
    used = emitted[emitted["carrier"] == ELECTRICITY].groupby("country")["energy_mj_per_year"].sum()
    after = grid_of(scenario.tables, scenario.year)
    before = _without_plants(scenario.tables, scenario.year)
    return {
        str(name): mj * (before.kg_per_mj(str(name)) - after.kg_per_mj(str(name))) / 1000.0 for name, mj in used.items()
    }


def _of_summary(summary: FlowSummary, scenario: Scenario) -> pd.DataFrame:
    if scenario.tables["renewable"].empty:
        return pd.DataFrame(columns=[column.name for column in RENEWABLE_SUPPLY.columns])
    return renewable_supply(account_of(summary, scenario), scenario)


def _spared(view: TableView) -> dict[str, float]:
    table = view["renewable_supply"]
    by_country = table.groupby("country")["others_t_per_year"].sum()
    return {EVERYWHERE: float(by_country.sum()), **{str(name): float(t) for name, t in by_country.items()}}


def _with_plants(view: TableView) -> Iterable[tuple[str, ...]]:
    countries = list(dict.fromkeys(texts(view["renewable_supply"], "country")))
    return [(), *((country,) for country in countries)] if countries else []


def _every_country(view: TableView) -> Iterable[tuple[str, ...]]:
    return [(name,) for name in (EVERYWHERE, *dict.fromkeys(texts(view["country"], "country")))]


@SUPPLY.indicator(
    "emissions.spared_t_per_year",
    arguments="[country]",
    unit="t/year",
    meaning="Emissions that renewable projects spare those who use the grid beside the freight; the part of freight is"
    f" in its own emissions. {EVERYWHERE} or nothing for all grids.",
    tables=("renewable_supply", "country"),
    listing=_with_plants,
    every=_every_country,
)
def _others(view: TableView, country: str = EVERYWHERE) -> float:
    return view.derived(_spared).get(country, 0.0)


SUPPLY_TABLES: Final = (Output(RENEWABLE_SUPPLY, (FlowSummary, Scenario), _of_summary),)
