"""Trade feedback: freight and trade solved in turn until trade costs and flows agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats
from landlink.core.progress import Progress
from landlink.freight.assignment import Freight
from landlink.freight.warm_start import WarmStart
from landlink.model.coupled_solution import CoupledSolution
from landlink.model.options import SolverOptions
from landlink.model.trade_reference import TradeReference, consignments_of
from landlink.model.trade_rounds import Rounds
from landlink.trade.consignment_rows import ConsignmentRows
from landlink.trade.consignments import Consignments
from landlink.trade.demand_response import DemandResponse, ElasticResponse, GeneralResponse
from landlink.trade.elasticities import Elasticities
from landlink.trade.solution import TradeSolution, TwoStarts
from landlink.trade.year_world import YearWorld

__all__ = ["TradeFeedback"]

#: Solves freight at a demand, from a start.
SolveFreight = Callable[[Freight, WarmStart | None], CoupledSolution]
#: Largest logarithm of a demand ratio that is taken from a start.
FURTHEST_START: Final = 1.0
#: What names a market in any network; markets that differ in the modes they may take share a name.
_MARKET: Final = ("origin", "destination", "commodity")
#: Largest logarithm of a demand ratio by which the second start lies beyond the solution.
FURTHEST_BEYOND: Final = 0.7


@dataclass(frozen=True, eq=False)
class TradeFeedback:
    """How demand responds in a scenario.

    Attributes
    ----------
    rows
        Consignments of the scenario's demand.
    reference
        Costs from which demand responds.
    sigma
        Elasticities of substitution of the commodities of the study and of others.
    world
        The world in which trade is in equilibrium; ``None``: demand responds by elasticities alone.
    reference_tonnes, carried_value
        Tonnes and value a year of channels on the network in the reference, by exporter, importer and commodity.
    seed, draws
        Seed and number of the draws of elasticities for intervals; 0: no intervals.
    notes
        What a reader should know.
    """

    rows: ConsignmentRows
    reference: TradeReference
    sigma: Elasticities
    world: YearWorld | None = None
    reference_tonnes: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    carried_value: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    seed: int = 1
    draws: int = 0
    notes: tuple[str, ...] = ()

    def response(self, freight: Freight) -> DemandResponse:
        """The response of the demand of an assignment."""
        consignments = consignments_of(freight, self.rows, self.reference)
        if self.world is None:
            return ElasticResponse(consignments, self.sigma.sigma[: len(consignments.commodities)])
        return GeneralResponse(consignments, self.world.world, self.world.before, self.world.network_share)

    def settled(
        self,
        freight: Freight,
        solve: SolveFreight,
        options: SolverOptions,
        start: WarmStart | None,
        earlier: TradeSolution | None,
        progress: Progress | None,
    ) -> CoupledSolution:
        """Freight and trade that agree, at given curves of the crossings.

        Parameters
        ----------
        freight
            The assignment at the demand of the study.
        solve
            Solves the assignment at another demand.
        options
            Tolerance and largest number of rounds.
        start
            Routes to start from, with their demand.
        earlier
            The solution at other curves of the crossings, to start from.
        progress
            Called with the current step and the share done.
        """
        response = self.response(freight)
        consignments = response.consignments
        if earlier is not None:
            begin, answer = earlier.log_ratio, earlier.answer
        else:
            begin, answer = _log_ratio_of(start, freight, consignments), None
        rounds = self._rounds(freight, response, solve, options, progress)
        rounds.run(begin, start, answer)
        return replace(rounds.now.solution, trade=self._solution(response, rounds, options))

    def compared(
        self,
        freight: Freight,
        solve: SolveFreight,
        options: SolverOptions,
        found: CoupledSolution,
        progress: Progress | None,
    ) -> CoupledSolution:
        """The solution with the distance of the one that a start on its other side leads to."""
        trade = found.trade
        if options.trade_starts < 2 or trade is None or not trade.log_ratio.any():
            return found
        rounds = self._rounds(freight, trade.response, solve, options, progress)
        # Beyond the solution, as the reference is before it.
        beyond = np.clip(trade.log_ratio, -FURTHEST_BEYOND, FURTHEST_BEYOND)
        rounds.run(trade.log_ratio + beyond, WarmStart.of(found.flow_summary), trade.answer)
        other, tonnes = rounds.now, trade.consignments.tonnes
        ratio, others = np.exp(trade.log_ratio), np.exp(other.log_ratio)
        starts = TwoStarts(
            cost=float(np.abs(other.answer.log_cost - trade.answer.log_cost).max(initial=0.0)),
            flow=float((tonnes * np.abs(others - ratio)).sum() / (tonnes * ratio).sum()),
            converged=rounds.converged,
        )
        return replace(found, trade=replace(trade, starts=starts))

    def unchanged(self, solution: CoupledSolution, options: SolverOptions) -> CoupledSolution:
        """The reference itself, at which demand is what it was."""
        freight = solution.flow_summary.freight
        rounds = self._rounds(freight, self.response(freight), lambda _, __: solution, options, None)
        rounds.run(np.zeros(len(rounds.response.consignments)), None)
        return replace(solution, trade=self._solution(rounds.response, rounds, options))

    def _rounds(
        self,
        freight: Freight,
        response: DemandResponse,
        solve: SolveFreight,
        options: SolverOptions,
        progress: Progress | None,
    ) -> Rounds[CoupledSolution]:
        return Rounds(
            freight,
            response,
            solve,
            tolerance=options.trade_tolerance,
            cost_tolerance=options.trade_cost_tolerance,
            most=options.trade_rounds,
            progress=progress,
        )

    def _solution(
        self, response: DemandResponse, rounds: Rounds[CoupledSolution], options: SolverOptions
    ) -> TradeSolution:
        value = self.carried_value if self.world is None else self.world.reference_value
        return TradeSolution(
            mode="elastic" if self.world is None else "general",
            response=response,
            answer=rounds.now.answer,
            log_ratio=rounds.now.log_ratio,
            rounds=tuple(rounds.rounds),
            tolerance=options.trade_tolerance,
            cost_tolerance=options.trade_cost_tolerance,
            converged=rounds.converged,
            movers=() if rounds.converged else rounds.movers,
            reference=self.reference.label,
            seed=self.seed,
            draws=self.draws,
            elasticities=self.sigma,
            reference_tonnes=self.reference_tonnes,
            reference_value=value,
            notes=(*self.notes, *_unknown(response.consignments)),
        )


def _unknown(consignments: Consignments) -> list[str]:
    """Say how much demand has no costs in the reference, so that it does not respond."""
    unknown = ~np.isfinite(consignments.reference_usd_per_t)
    if not unknown.any():
        return []
    tonnes = float(consignments.tonnes[unknown].sum())
    return [f"{tonnes:,.0f} t/year have no cost in the reference, so that they do not respond to costs"]


def _log_ratio_of(start: WarmStart | None, freight: Freight, consignments: Consignments) -> Floats:
    """Logarithm of the demand of a start over that of the study; 0 where the start tells nothing."""
    if start is None or start.routes is None:
        return np.zeros(len(consignments))
    here = _demand_by_name(freight).groupby(level=_MARKET).transform("sum")
    there = _demand_by_name(start.routes.freight).groupby(level=_MARKET).sum().reindex(here.index)
    ratio = (there / here).fillna(1.0).to_numpy()
    log_ratio = np.clip(np.log(np.maximum(ratio, np.finfo(float).tiny)), -FURTHEST_START, FURTHEST_START)
    legs = np.bincount(consignments.leg_consignment, consignments.leg_share, len(consignments))
    return np.asarray(consignments.over_legs(log_ratio) / legs)


def _demand_by_name(freight: Freight) -> pd.Series[float]:
    """Demand of each market in its order, t/year, by origin, destination and commodity."""
    zone, good = (freight.network.tables[name][f"{name}_id"].to_numpy() for name in ("zone", "commodity"))
    ends = zone[freight.market_origin], zone[freight.market_destination], good[freight.market_commodity]
    tonnes = freight.assignment.markets.demand * freight.days
    return pd.Series(tonnes, pd.MultiIndex.from_arrays(ends, names=_MARKET))
