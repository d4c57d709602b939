"""Demand held at that of another result, by zone pair and commodity, and if asked by alternative too."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools, Floats
from landlink.core.errors import InputError, Problem
from landlink.core.progress import Progress
from landlink.equilibrium.problem import UnreachableError
from landlink.equilibrium.reachability import unreachable_markets
from landlink.freight.assignment import Freight
from landlink.freight.constants import OptionConstants
from landlink.freight.crossing_curves import simulated_crossings
from landlink.freight.unserved_demand import unserved_problems
from landlink.freight.warm_start import WarmStart
from landlink.model.border_feedback import solve_coupled
from landlink.model.coupled_solution import CoupledSolution
from landlink.model.options import SolverOptions
from landlink.model.problem import freight_problem
from landlink.model.trade_feedback import SolveFreight
from landlink.study.study import Scenario

__all__ = ["HeldDemand", "solve_held"]

_OPTION = ["origin_zone_id", "destination_zone_id", "commodity_id", "alternative"]


@dataclass(frozen=True)
class HeldDemand:
    """Tonnes that a scenario carries whatever its costs.

    Attributes
    ----------
    tonnes
        Tonnes a year by origin, destination, commodity and alternative.
    by_alternative
        Whether tonnes stay on their alternative too. Where the network has no route for it any more, they choose among
        the others.
    """

    tonnes: pd.Series[float]
    by_alternative: bool

    @classmethod
    def of_table(cls, od: pd.DataFrame, *, by_alternative: bool) -> HeldDemand:
        """The demand of a result, from its table ``od``."""
        return cls(od.groupby(_OPTION)["tonnes_per_year"].sum(), by_alternative)

    def settled(
        self,
        freight: Freight,
        solve: SolveFreight,
        options: SolverOptions,  # noqa: ARG002  the interface of demand that responds
        start: WarmStart | None,
        earlier: object,  # noqa: ARG002
        progress: Progress | None,  # noqa: ARG002
    ) -> CoupledSolution:
        """Freight at this demand."""
        return solve(self.of(freight), start)

    def compared(
        self,
        freight: Freight,  # noqa: ARG002
        solve: SolveFreight,  # noqa: ARG002
        options: SolverOptions,  # noqa: ARG002
        found: CoupledSolution,
        progress: Progress | None,  # noqa: ARG002
    ) -> CoupledSolution:
        """The solution itself: demand that does not respond has no other start."""
        return found

    def of(self, freight: Freight) -> Freight:
        """An assignment with this demand in place of its own.

        Raises
        ------
        InputError
            Some of it is between zones, or of a commodity or alternative, that the assignment does not have.
        """
        tonnes = self._by_option(freight)
        markets = freight.assignment.markets
        whole = np.full(len(markets.demand), not self.by_alternative)
        if self.by_alternative:
            in_use = np.flatnonzero(tonnes > 0)
            lost = unreachable_markets(_grouped(freight, tonnes, whole).assignment)
            whole[markets.option_market[in_use[lost]]] = True
        return _grouped(freight, tonnes, whole)

    def _by_option(self, freight: Freight) -> Floats:
        """Tonnes a year of each option, shape (options,)."""
        tables, markets = freight.network.tables, freight.assignment.markets
        zone, good = tables["zone"]["zone_id"].astype("str"), tables["commodity"]["commodity_id"].astype("str")
        market = markets.option_market
        alternative = np.array([one.id for one in freight.alternatives], dtype=object)
        names = pd.MultiIndex.from_arrays(
            [
                zone.to_numpy(dtype=object)[freight.market_origin[market]],
                zone.to_numpy(dtype=object)[freight.market_destination[market]],
                good.to_numpy(dtype=object)[freight.market_commodity[market]],
                alternative[freight.class_alternative[markets.option_class]],
            ],
            names=_OPTION,
        )
        here = self.tonnes[self.tonnes > 0]
        lost = here.index.difference(names)
        if len(lost):
            message = f"{len(lost)} flows of the first result have no counterpart in the demand of the second"
            allowed = "scenarios whose demand is between the same zones and in the same commodities"
            raise InputError(Problem("demand", message, value=", ".join(map(str, lost[0])), allowed=allowed))
        total = np.asarray(here.reindex(names, fill_value=0.0), dtype=np.float64)
        # Rows of demand that differ in the modes they may take are one row of the table; they share as they do here.
        part = pd.Series(markets.demand[market], index=names)
        return np.asarray(total * (part / part.groupby(level=_OPTION).transform("sum")).to_numpy(), dtype=np.float64)


def solve_held(
    scenario: Scenario,
    demand: HeldDemand,
    options: SolverOptions,
    *,
    start: WarmStart | None = None,
    progress: Progress | None = None,
) -> CoupledSolution:
    """Solve a scenario, with its network and border posts, at a demand that is not its own.

    Parameters
    ----------
    scenario
        The scenario.
    demand
        What it carries.
    options
        Accuracy and effort.
    start
        Routes or loads to start from.
    progress
        Called with the current step and the share done.

    Raises
    ------
    InputError
        Demand has no route, or no counterpart in the scenario.
    """
    asked = options.resolved(scenario.study.settings)
    crossings = simulated_crossings(
        scenario.study, scenario.tables, scenario.year, threads=asked.threads or 1, progress=progress
    )
    freight = freight_problem(scenario, crossings)
    try:
        return solve_coupled(scenario, freight, asked, start=start, trade=demand, progress=progress)
    except UnreachableError as error:
        problems = unserved_problems(demand.of(freight), error.markets.tolist(), scenario.study.tables)
        raise InputError(problems) from None


def _grouped(freight: Freight, tonnes: Floats, whole: Bools) -> Freight:
    """An assignment whose markets are single options, but for those that keep their choice.

    Parameters
    ----------
    freight
        The assignment.
    tonnes
        Tonnes a year of each option; shape (options,).
    whole
        Whether a market keeps its choice; shape (markets,).
    """
    markets = freight.assignment.markets
    market = markets.option_market
    total = np.bincount(market, tonnes, len(markets.demand))[market]
    option = np.flatnonzero(np.where(whole[market], total > 0, tonnes > 0))
    of = market[option]
    begins = np.flatnonzero(~whole[of] | (np.diff(of, prepend=-1) > 0))
    old = of[begins]
    grouped = replace(
        markets,
        origin=markets.origin[old],
        destination=markets.destination[old],
        demand=np.add.reduceat(tonnes[option], begins) / freight.days if len(begins) else np.zeros(0),
        scale=markets.scale[old],
        first=np.append(begins, len(option)),
        option_class=markets.option_class[option],
        option_constant=markets.option_constant[option],
    )
    constants = freight.option_constants
    return replace(
        freight,
        assignment=replace(freight.assignment, markets=grouped),
        market_commodity=freight.market_commodity[old],
        market_origin=freight.market_origin[old],
        market_destination=freight.market_destination[old],
        market_limit=freight.market_limit[old],
        option_constants=None
        if constants is None
        else OptionConstants(constants.resource[option], constants.resistance[option]),
    )
