"""A scenario whose delays stay as they were in another result: what congestion does is the difference.

Links, terminals and border posts keep the hours beyond free flow that the other result has, whatever their load; what
did not exist there has none, however full. Times, costs and curves that measures change are those of the scenario.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from landlink.core.progress import Progress
from landlink.equilibrium.volume_delay import DelayFunction, Points, VolumeDelay, no_hard_capacity
from landlink.freight.assignment import Freight
from landlink.freight.crossing_curves import simulated_crossings
from landlink.freight.warm_start import WarmStart, loads_by_name
from landlink.model.border_feedback import DemandFeedback, solve_coupled
from landlink.model.coupled_solution import CoupledSolution
from landlink.model.options import SolverOptions
from landlink.model.problem import freight_problem
from landlink.model.trade_feedback import SolveFreight
from landlink.model.trade_reference import TradeReference
from landlink.model.trade_setup import trade_feedback
from landlink.results.result import Result
from landlink.study.study import Scenario
from landlink.tables.frames import numbers, texts
from landlink.trade.solution import TradeSolution

__all__ = ["HeldDelays", "solve_with_delays_of"]


@dataclass(frozen=True)
class HeldDelays:
    """Delays that do not depend on loads.

    Attributes
    ----------
    delay_h
        Hours beyond free flow by name of the load group.
    demand
        How demand responds; ``None``: it does not.
    """

    delay_h: Mapping[str, float]
    demand: DemandFeedback | None = None

    def settled(
        self,
        freight: Freight,
        solve: SolveFreight,
        options: SolverOptions,
        start: WarmStart | None,
        earlier: TradeSolution | None,
        progress: Progress | None,
    ) -> CoupledSolution:
        """Freight at these delays, and trade that agrees with it."""
        held = self.of(freight)
        if self.demand is None:
            return solve(held, start)
        return self.demand.settled(held, solve, options, start, earlier, progress)

    def compared(
        self,
        freight: Freight,  # noqa: ARG002  the interface of demand that responds
        solve: SolveFreight,  # noqa: ARG002
        options: SolverOptions,  # noqa: ARG002
        found: CoupledSolution,
        progress: Progress | None,  # noqa: ARG002
    ) -> CoupledSolution:
        """The solution itself, from one start."""
        return found

    def of(self, freight: Freight) -> Freight:
        """An assignment with these delays in place of curves."""
        groups = freight.network.groups
        count, delay = len(groups), loads_by_name(self.delay_h, freight)
        level = Points(2 * np.arange(count + 1), np.tile([0.0, 1.0], count), np.ones(2 * count))
        held: VolumeDelay = replace(
            groups,
            scale_h=delay,
            curve=np.full(count, int(DelayFunction.POINTS)),
            points=level,
            hard_capacity=no_hard_capacity(count),
        )
        return replace(
            freight,
            network=replace(freight.network, groups=held),
            assignment=replace(freight.assignment, groups=held),
            interactions=None,
        )


def solve_with_delays_of(
    scenario: Scenario,
    base: Result,
    options: SolverOptions,
    *,
    trade_reference: Result | None = None,
    progress: Progress | None = None,
) -> CoupledSolution:
    """Solve a scenario at the delays of another result of its study.

    Parameters
    ----------
    scenario
        The scenario.
    base
        The result whose delays are held; routes are searched from its routes.
    options
        Accuracy, effort, and how trade responds.
    trade_reference
        Result with fixed demand from whose costs demand responds; needed unless demand is fixed.
    progress
        Called with the current step and the share done.
    """
    # Curves that are not used need no refits.
    asked = replace(options.resolved(scenario.study.settings), border_refits=0)
    demand = None
    if trade_reference is not None and asked.trade != "fixed":
        demand = trade_feedback(scenario, asked, TradeReference.of_result(trade_reference, scenario))
    crossings = simulated_crossings(
        scenario.study, scenario.tables, scenario.year, threads=asked.threads or 1, progress=progress
    )
    group = base.tables["group"]
    held = HeldDelays(dict(zip(texts(group, "group"), numbers(group, "delay_h").tolist(), strict=True)), demand)
    freight = freight_problem(scenario, crossings)
    return solve_coupled(scenario, freight, asked, start=base.warm_start, trade=held, progress=progress)
