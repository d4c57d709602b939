"""What projects of renewable supply spare, with its indicators, and what energy costs: two tables of results.

Freight takes little of a grid. A plant displaces the generation that its row of ``renewable`` states, for whoever uses
the electricity; the part that freight uses is in the emissions of freight already, and is told apart so that nothing
counts twice.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from landlink.carbon.accounting import EmissionAccount
from landlink.carbon.arc_terms import account_of
from landlink.carbon.carriers import carriers_of
from landlink.carbon.emission_sums import country_sums
from landlink.carbon.grid import Grid, grid_of
from landlink.carbon.renewables import annual_gwh
from landlink.freight.flow_summary import FlowSummary
from landlink.study.effects import is_open
from landlink.study.study import Scenario
from landlink.tables.carbon_schemas import ELECTRICITY
from landlink.tables.column import Column, Table
from landlink.tables.frames import numbers, texts
from landlink.tables.outputs import Output

__all__ = [
    "ENERGY_PRICE",
    "GRID_SAVING",
    "OUTPUT_TABLES",
    "freight_part",
    "open_projects",
    "spared_by",
]

GRID_SAVING: Final = Table(
    "grid_saving",
    "What projects of renewable supply in service spare by country and measure: the emissions of generation that they"
    " displace, less those of their own life cycle. Empty without such projects.",
    (
        Column("country", "text", "Country whose grid is fed.", required=True, key=True),
        Column("measure_id", "text", "Measure that builds them; empty: none.", key=True),
        Column("mw", "number", "Installed power of the projects.", unit="MW", required=True),
        Column("generation_gwh_per_year", "number", "Output of the projects.", unit="GWh/year", required=True),
        Column("spared_t_per_year", "number", "Emissions spared, as CO2e.", unit="t/year", required=True),
        Column(
            "freight_t_per_year",
            "number",
            "The part of them that freight's emissions hold already, by the electricity it uses; of several measures of"
            " a country as what they spare.",
            unit="t/year",
            required=True,
        ),
    ),
)


ENERGY_PRICE: Final = Table(
    "energy_price",
    "What the energy of freight costs, by carrier.",
    (
        Column("carrier", "text", "Energy carrier.", required=True, key=True),
        Column("usd_per_mj", "number", "Price of final energy; empty where unknown.", unit="USD/MJ"),
    ),
)


def open_projects(scenario: Scenario) -> pd.DataFrame:
    """Rows of ``renewable`` in service in the year of a scenario."""
    renewable = scenario.tables["renewable"]
    return renewable[is_open(renewable, scenario.year).to_numpy()] if len(renewable) else renewable


def spared_by(scenario: Scenario, rows: pd.DataFrame) -> pd.Series[float]:
    """What each of some projects spares a year, t CO2e: generation displaced, less the plant's own life cycle."""
    mean = np.array([_without_projects(scenario).g_per_kwh[name] for name in texts(rows, "country")])
    instead = numbers(rows, "displaced_g_per_kwh")
    grams = np.where(np.isnan(instead), mean, instead) - numbers(rows, "life_g_per_kwh")
    return pd.Series(annual_gwh(rows) * grams, index=rows.index)


def freight_part(scenario: Scenario, account: EmissionAccount) -> dict[str, float]:
    """Part of it that the emissions of freight hold: its electricity at the cleaner grids, t CO2e a year by country."""
    if scenario.tables["renewable"].empty:
        return {}
    emitted = country_sums(account)
    used = emitted[emitted["carrier"] == ELECTRICITY].groupby("country")["energy_mj_per_year"].sum()
    after, before = grid_of(scenario.tables, scenario.year), _without_projects(scenario)
    return {
        str(name): float(mj) * (before.kg_per_mj(str(name)) - after.kg_per_mj(str(name))) / 1000.0
        for name, mj in used.items()
    }


def _without_projects(scenario: Scenario) -> Grid:
    tables = scenario.tables
    return grid_of({**tables, "renewable": tables["renewable"].iloc[:0]}, scenario.year)


def _savings(summary: FlowSummary, scenario: Scenario) -> pd.DataFrame:
    rows = open_projects(scenario)
    if rows.empty:
        return GRID_SAVING.typed(pd.DataFrame(columns=list(GRID_SAVING.by_name)))
    of_freight = freight_part(scenario, account_of(summary, scenario))
    found = pd.DataFrame(
        {
            "country": texts(rows, "country"),
            "measure_id": texts(rows, "measure_id"),
            "mw": numbers(rows, "mw"),
            "generation_gwh_per_year": annual_gwh(rows),
            "spared_t_per_year": spared_by(scenario, rows).to_numpy(),
        }
    )
    table = found.groupby(["country", "measure_id"], sort=True).sum().reset_index()
    spared = numbers(table, "spared_t_per_year")
    whole = table.groupby("country")["spared_t_per_year"].transform("sum").to_numpy(dtype=np.float64)
    share = np.divide(spared, whole, out=np.zeros(len(spared)), where=whole != 0)
    table["freight_t_per_year"] = share * np.array([of_freight.get(name, 0.0) for name in texts(table, "country")])
    return GRID_SAVING.typed(table)


def _prices(summary: FlowSummary, scenario: Scenario) -> pd.DataFrame:
    used = {term.carrier for term in account_of(summary, scenario).terms if term.carrier}
    priced = carriers_of(scenario.tables, used)
    return ENERGY_PRICE.typed(pd.DataFrame({"carrier": list(priced.names), "usd_per_mj": priced.usd_per_mj}))


OUTPUT_TABLES: Final = (
    Output(GRID_SAVING, (FlowSummary, Scenario), _savings),
    Output(ENERGY_PRICE, (FlowSummary, Scenario), _prices),
)
