"""The reference of trade: costs and demand from which a scenario's demand responds.

The demand of a year is a forecast at the costs of the study as it stands in that year, without measures. That study,
solved with this demand, is the reference by default; any other result of the study can be.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem
from landlink.freight.assignment import Freight
from landlink.freight.flow_summary import FlowSummary
from landlink.freight.trip_tables import choice_table, od_table
from landlink.model.coupled_solution import CoupledSolution
from landlink.results.result import Result
from landlink.study.study import Scenario, Study
from landlink.tables.frames import Tables, numbers
from landlink.trade.consignment_rows import ConsignmentRows
from landlink.trade.consignments import Consignments

__all__ = ["TradeReference", "consignments_of", "without_measures"]

_MARKET = ["origin_zone_id", "destination_zone_id", "commodity_id"]


@dataclass(frozen=True, eq=False)
class TradeReference:
    """Costs of markets in the reference.

    Attributes
    ----------
    label
        Label of the reference.
    study_hash, year
        The study and the year it is of.
    costs
        By origin, destination and commodity: expected_usd_per_t, the expected cost; level_usd_per_t, the mean
        generalised cost as it is shipped.
    solution
        The solution, if the reference was solved for this purpose; a scenario that is the reference is this solution.
    """

    label: str
    study_hash: str
    year: int
    costs: pd.DataFrame
    solution: CoupledSolution | None = None

    @classmethod
    def of_solution(cls, scenario: Scenario, solution: CoupledSolution) -> TradeReference:
        """The reference that a solution with fixed demand is."""
        tables = _tables_of(solution.flow_summary)
        return cls(scenario.label, scenario.study.hash, scenario.year, _costs(tables), solution)

    @classmethod
    def of_result(cls, result: Result, scenario: Scenario) -> TradeReference:
        """The reference that a result is.

        Raises
        ------
        InputError
            The result is of another study or year, its demand responds itself, or it holds no costs.
        """
        run, study = result.provenance.run, scenario.study
        told = {"study": (run.study, study.settings.id), "year": (str(run.year), str(scenario.year))}
        problems = [
            Problem("trade_reference", f"the reference is of another {name}", value=value, allowed=allowed)
            for name, (value, allowed) in told.items()
            if value != allowed
        ]
        if result.provenance.trade is not None:
            message = "the demand of the reference responds itself"
            problems.append(
                Problem(
                    "trade_reference", message, value=result.provenance.trade.mode, allowed="a result with fixed demand"
                )
            )
        if "choice" not in result.tables:
            problems.append(Problem("trade_reference", "the result has no table choice, so that its costs are unknown"))
        if problems:
            raise InputError(problems)
        return cls(result.label, run.study_hash, run.year, _costs(result.tables))

    def solution_of(self, scenario: Scenario, unreachable: str) -> CoupledSolution | None:
        """The solution of a scenario that is the reference itself; ``None`` for others."""
        if self.solution is None or scenario.measures or scenario.year != self.year:
            return None
        left_out = self.solution.flow_summary.freight.unserved
        if left_out is not None and unreachable == "refuse":
            return None
        return self.solution if without_measures(scenario).study.hash == self.study_hash else None


def without_measures(scenario: Scenario) -> Scenario:
    """The scenario of the study without measures in the year, the same whatever measures the study could apply."""
    study = scenario.study
    none = {name: study.tables[name].iloc[:0] for name in ("measure", "effect")}
    return Study(MappingProxyType({**study.tables, **none}), study.settings, study.path).at(scenario.year)


def _tables_of(flow_summary: FlowSummary) -> Tables:
    return {"choice": choice_table(flow_summary), "od": od_table(flow_summary)}


def _costs(tables: Tables) -> pd.DataFrame:
    """Expected and mean generalised costs by market."""
    od = tables["od"]
    spent = od["tonnes_per_year"] * od["generalised_cost_usd_per_t"]
    sums = od.assign(spent=spent).groupby(_MARKET)[["tonnes_per_year", "spent"]].sum()
    costs = tables["choice"].set_index(_MARKET)[["expected_cost_usd_per_t"]]
    level = (sums["spent"] / sums["tonnes_per_year"]).reindex(costs.index)
    return costs.rename(columns={"expected_cost_usd_per_t": "expected_usd_per_t"}).assign(level_usd_per_t=level)


def consignments_of(freight: Freight, rows: ConsignmentRows, reference: TradeReference) -> Consignments:
    """Consignments on the markets of an assignment, with their costs in the reference.

    Legs of demand that the assignment leaves out have no market, and their consignments are left out. A leg is divided
    over markets that differ in the alternatives they are limited to.
    """
    good = freight.network.tables["commodity"]["commodity_id"].astype("str")
    parts = rows.legs[_MARKET].assign(leg=np.arange(len(rows.legs))).merge(_markets(freight), how="left", on=_MARKET)
    served = np.ones(len(rows.tonnes), dtype=np.bool_)
    served[rows.leg_consignment[parts.loc[parts["market"].isna(), "leg"].to_numpy()]] = False
    number = np.cumsum(served) - 1
    parts = parts[served[rows.leg_consignment[parts["leg"].to_numpy()]]]
    legs = parts["leg"].to_numpy(dtype=np.int64)
    of_leg, owner = parts["market"].to_numpy(dtype=np.int64), number[rows.leg_consignment[legs]]
    share = numbers(parts, "part") * rows.leg_tonnes[legs] / rows.tonnes[rows.leg_consignment[legs]]
    ends = rows.ends[served]
    countries = tuple(sorted({*ends["exporter"], *ends["importer"]}))
    row = {name: i for i, name in enumerate(countries)}
    goods = {name: k for k, name in enumerate(good)}
    commodity = np.array([goods[name] for name in ends["commodity_id"]], dtype=np.int64)
    known = reference.costs.reindex(pd.MultiIndex.from_frame(rows.legs[_MARKET]))

    def over_legs(name: str) -> Floats:
        return np.bincount(owner, share * numbers(known, name)[legs], len(ends)).astype(np.float64)

    return Consignments(
        countries=countries,
        commodities=tuple(good),
        exporter=np.array([row[name] for name in ends["exporter"]], dtype=np.int64),
        importer=np.array([row[name] for name in ends["importer"]], dtype=np.int64),
        commodity=commodity,
        tonnes=rows.tonnes[served],
        value_usd_per_t=rows.value_usd_per_t[served],
        # Where nothing is known of the reference, nothing responds, whatever the level.
        level_usd_per_t=np.maximum(np.nan_to_num(over_legs("level_usd_per_t")), 0.0),
        reference_usd_per_t=over_legs("expected_usd_per_t"),
        leg_consignment=owner,
        leg_market=of_leg,
        leg_share=share,
        markets=len(freight.assignment.markets.demand),
    )


def _markets(freight: Freight) -> pd.DataFrame:
    """Names of the markets of an assignment, and the part of each in the demand of its name."""
    tables, demand = freight.network.tables, freight.assignment.markets.demand
    zone, good = (tables[name][f"{name}_id"].astype("str").to_numpy() for name in ("zone", "commodity"))
    names = zone[freight.market_origin], zone[freight.market_destination], good[freight.market_commodity]
    found = pd.DataFrame(dict(zip(_MARKET, names, strict=True))).assign(market=np.arange(len(demand)), part=demand)
    return found.assign(part=found["part"] / found.groupby(_MARKET)["part"].transform("sum"))
