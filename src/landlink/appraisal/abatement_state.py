"""Emissions, energy and users' costs of a year with a set of measures: what an abatement cost curve compares."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from landlink.carbon.arc_terms import account_of
from landlink.carbon.carriers import carriers_of
from landlink.carbon.grid_saving import freight_part, open_projects, spared_by
from landlink.carbon.renewables import annual_gwh
from landlink.freight.flow_summary import FlowSummary
from landlink.freight.trip_tables import expected_costs
from landlink.study.study import Scenario
from landlink.tables.carbon_schemas import ELECTRICITY

__all__ = ["YearState", "on_tables", "state_of"]

_MJ_PER_KWH: Final = 3.6


@dataclass(frozen=True)
class YearState:
    """A year with a set of measures.

    Attributes
    ----------
    freight_t
        Emissions of freight, t CO2e.
    grid_t
        Emissions that projects of renewable supply spare all others who use their grids, t CO2e, below 0.
    energy_mj
        Energy of freight by carrier, MJ.
    energy_usd
        What it costs at the prices of carriers, those without a price left out.
    generation_gwh
        Output of the projects in service.
    generation_usd
        What it is worth at the price of electricity, 0 without one: of the projects whose earnings are not known.
    users_usd
        Expected costs of shippers, without what they pay for CO2e, a transfer; only differences have a meaning.
    relative_gap
        Gap of the flows.
    unpriced
        Carriers that are used and have no price.
    """

    freight_t: float
    grid_t: float
    energy_mj: Mapping[str, float]
    energy_usd: float
    generation_gwh: float
    generation_usd: float
    users_usd: float
    relative_gap: float
    unpriced: tuple[str, ...] = field(default=())

    @property
    def co2e_t(self) -> float:
        """Emissions of freight, less what is spared elsewhere, t CO2e."""
        return self.freight_t + self.grid_t


def on_tables(summary: FlowSummary, scenario: Scenario) -> FlowSummary:
    """The flows of a summary on the tables of another scenario whose freight is the same."""
    network = replace(summary.freight.network, tables=scenario.tables)
    return replace(summary, freight=replace(summary.freight, network=network))


def state_of(summary: FlowSummary, scenario: Scenario, earning: Collection[str] = ()) -> YearState:
    """Emissions, energy and users' costs of solved freight.

    Parameters
    ----------
    summary
        The flows.
    scenario
        The scenario that they solve.
    earning
        Measures whose earnings are known otherwise.
    """
    account = account_of(summary, scenario)
    emitted, energy = 0.0, dict[str, float]()
    for term, amounts in zip(account.terms, account.amounts, strict=True):
        mj, *kinds = amounts.sum(axis=1).tolist()
        emitted += sum(kinds)
        energy[term.carrier] = energy.get(term.carrier, 0.0) + mj
    energy = {name: mj for name, mj in energy.items() if name and mj}
    priced = carriers_of(scenario.tables, {*energy, ELECTRICITY})
    price = dict(zip(priced.names, priced.usd_per_mj.tolist(), strict=True))
    gwh, sold, spared = _projects(scenario, earning)
    of_electricity = 0.0 if np.isnan(price[ELECTRICITY]) else price[ELECTRICITY]
    return YearState(
        freight_t=emitted,
        grid_t=sum(freight_part(scenario, account).values()) - spared,
        energy_mj=energy,
        energy_usd=sum(mj * price[name] for name, mj in energy.items() if not np.isnan(price[name])),
        generation_gwh=gwh,
        generation_usd=sold * 1e6 * _MJ_PER_KWH * of_electricity,
        users_usd=_users(summary),
        relative_gap=float(summary.equilibrium.relative_gap),
        unpriced=tuple(name for name in energy if np.isnan(price[name])),
    )


def _projects(scenario: Scenario, earning: Collection[str]) -> tuple[float, float, float]:
    """Output of the projects in service, GWh, that of those whose earnings are not known, and what they spare, t."""
    rows = open_projects(scenario)
    if rows.empty:
        return 0.0, 0.0, 0.0
    gwh = annual_gwh(rows)
    unsold = ~rows["measure_id"].isin(list(earning)).to_numpy(dtype=bool)
    return float(gwh.sum()), float(gwh[unsold].sum()), float(spared_by(scenario, rows).sum())


def _users(summary: FlowSummary) -> float:
    """Expected costs of shippers a year, without what is paid for CO2e."""
    freight = summary.freight
    cost = expected_costs(summary)
    demand = freight.assignment.markets.demand * freight.days
    served = np.isfinite(cost)
    paid = 0.0
    if freight.carbon_payment is not None:
        paid = float((freight.carbon_payment * summary.commodity_flow).sum())
    return float((cost[served] * demand[served]).sum()) - paid
