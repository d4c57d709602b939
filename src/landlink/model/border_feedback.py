"""Border feedback: freight and simulated crossings solved in turn until they agree.

The assignment represents a crossing by a delay curve fitted at some mix of vehicles. Once flows are known, the crossing
is simulated again with them; if its wait differs from the curve's by more than a tolerance, the curve is refitted at
those flows and freight is solved again. ``SolverOptions.border_refits`` bounds the refits; with 0 the curves are taken
as they are, and a solve simulates nothing once they are in the cache.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final, Protocol

import numpy as np

from landlink.border.longer_hours import simulated_hours
from landlink.border.transit_times import at_load
from landlink.core.arrays import Floats
from landlink.core.progress import Progress
from landlink.equilibrium.diagonalise import solve_interacting
from landlink.equilibrium.monotonicity import monotonicity_at
from landlink.equilibrium.problem import Equilibrium
from landlink.equilibrium.routing import CHEAPEST
from landlink.equilibrium.solve import solve as solve_assignment
from landlink.equilibrium.spread import SpreadEquilibrium
from landlink.freight import flow_tables
from landlink.freight.assignment import Freight
from landlink.freight.crossing_curves import SimulatedCrossing, with_mix
from landlink.freight.flow_summary import FlowSummary, RouteFlowSummary
from landlink.freight.hard_capacities import has_limits
from landlink.freight.spread_flow_summary import SpreadFlowSummary
from landlink.freight.spread_routing import routing_of
from landlink.freight.warm_start import WarmStart
from landlink.model.coupled_solution import TOLERANCE, Agreement, CoupledSolution
from landlink.model.limited_flows import solve_limited
from landlink.model.options import SolverOptions
from landlink.model.problem import freight_problem
from landlink.model.trade_feedback import SolveFreight
from landlink.study import Study
from landlink.study.study import Scenario
from landlink.trade.solution import TradeSolution

__all__ = ["DemandFeedback", "solve_at_curves", "solve_coupled"]

#: A curve agrees with the simulation at the solved flows within a share, this many hours, or the interval.
TOLERANCE_H: Final = 0.25
#: Steps of the round flows at which curves are first refitted: share of a direction, factor of the sum.
MIX_SHARE: Final = 0.02
MIX_STEP: Final = 1.05
#: Minimum share of a direction in all vehicles at which curves are fitted, so that its hours can be estimated.
LEAST_PART: Final = 0.02
#: Vehicles a day below which a crossing counts as unused.
UNUSED: Final = 0.5


class DemandFeedback(Protocol):
    """Demand in place of that of an assignment: it responds to costs, or is held."""

    def settled(
        self,
        freight: Freight,
        solve: SolveFreight,
        options: SolverOptions,
        start: WarmStart | None,
        earlier: TradeSolution | None,
        progress: Progress | None,
    ) -> CoupledSolution:
        """Freight and demand that agree, at given curves of the crossings."""

    def compared(
        self,
        freight: Freight,
        solve: SolveFreight,
        options: SolverOptions,
        found: CoupledSolution,
        progress: Progress | None,
    ) -> CoupledSolution:
        """The solution with what another start leads to."""


def solve_coupled(
    scenario: Scenario,
    freight: Freight,
    options: SolverOptions,
    *,
    start: WarmStart | None = None,
    trade: DemandFeedback | None = None,
    progress: Progress | None = None,
) -> CoupledSolution:
    """Solve freight together with the simulated crossings of a scenario, and with trade where demand responds.

    Parameters
    ----------
    scenario
        The scenario.
    freight
        Its assignment with the curves of its crossings.
    options
        Accuracy and effort, with no option left at ``None``.
    start
        Routes or loads to start from.
    trade
        How demand responds to costs; ``None``: it does not. Crossings are refitted at the flows on which freight and
        trade agree.
    progress
        Called with the current step and the share done.

    Raises
    ------
    UnreachableError
        Some demand has no route.
    """

    def solved(given: Freight, begin: WarmStart | None) -> CoupledSolution:
        return solve_at_curves(scenario.study, given, options, begin, progress)

    def settled(given: Freight, begin: WarmStart | None, earlier: CoupledSolution | None = None) -> CoupledSolution:
        if trade is None:
            return solved(given, begin)
        return trade.settled(given, solved, options, begin, None if earlier is None else earlier.trade, progress)

    found, freight = _refitted_until_agreed(scenario, freight, options, settled, start, progress)
    return found if trade is None else trade.compared(freight, solved, options, found, progress)


def _refitted_until_agreed(
    scenario: Scenario,
    freight: Freight,
    options: SolverOptions,
    settled: Callable[..., CoupledSolution],
    start: WarmStart | None,
    progress: Progress | None,
) -> tuple[CoupledSolution, Freight]:
    """Solve and refit in turn; the solution, and the freight at the demand of the study with its last curves."""
    solution = settled(freight, start)
    refits = 0
    while options.border_refits:
        compare = partial(_compared, scenario.study, solution.flow_summary, options=options, progress=progress)
        agreements = tuple(compare(crossing) for crossing in freight.simulated)
        if refits == options.border_refits or all(one.agrees for one in agreements):
            return replace(_with_simulated(solution, agreements), agreements=agreements, refits=refits), freight
        refits += 1
        crossings = tuple(
            one.crossing if one.agrees else _refitted(scenario.study, one, options, progress, exact=refits > 1)
            for one in agreements
        )
        freight = freight_problem(scenario, crossings, unserved=freight.unserved)
        solution = settled(freight, WarmStart.of(solution.flow_summary), solution)
    taken = tuple(_taken(solution.flow_summary, one) for one in freight.simulated)
    return replace(solution, agreements=taken), freight


def _with_simulated(solution: CoupledSolution, agreements: tuple[Agreement, ...]) -> CoupledSolution:
    """The solution whose tables take the percentiles at crossings from the simulation at the solved flows."""
    if not agreements:
        return solution
    simulated = tuple(replace(one.crossing, solved=one.simulated) for one in agreements)
    freight = replace(solution.flow_summary.freight, simulated=simulated)
    return replace(solution, flow_summary=replace(solution.flow_summary, freight=freight))


def _taken(flow_summary: FlowSummary, crossing: SimulatedCrossing) -> Agreement:
    """A crossing at the solved flows by its curve, which is not compared with a simulation."""
    flows = flows_at(flow_summary, crossing)
    return Agreement(crossing, flows, crossing.waits.hours(flows), None, agrees=True)


def solve_at_curves(
    study: Study,
    freight: Freight,
    options: SolverOptions,
    start: WarmStart | None = None,
    progress: Progress | None = None,
) -> CoupledSolution:
    """Solve freight at given curves of the crossings, which are not simulated again.

    Parameters
    ----------
    study
        The study, for its routing.
    freight
        The assignment to solve.
    options
        Accuracy and effort, with no option left at ``None``.
    start
        Routes to start from where the solver uses them, else loads.
    progress
        Called with the current step and the share done.

    Raises
    ------
    UnreachableError
        Some demand has no route.
    """
    limits: dict[str, Any] = {
        "relative_gap": options.relative_gap,
        "max_iterations": options.max_iterations,
        "threads": options.threads,
        "progress": progress,
    }
    if has_limits(freight):
        return _limited(study, freight, options, start, progress)
    routes = None if start is None else start.equilibrium(freight)
    load = None if start is None else start.load(freight)
    routing = routing_of(freight, study.settings.routing, new_routes=options.new_routes)
    if freight.interactions is None and routing is not CHEAPEST:
        equilibrium = routing.solve(freight.assignment, **limits, start=routes, start_load=load)
        return CoupledSolution(_summary(freight, equilibrium), equilibrium.iterations)
    if freight.interactions is None:
        given: dict[str, Any] = {"start_load": load}
        if routes is not None:
            given = {"start": routes, "keep_idle": start is not None and start.keep_idle}
        equilibrium = solve_assignment(freight.assignment, **limits, **given)
        return CoupledSolution(RouteFlowSummary(freight, equilibrium), equilibrium.iterations)
    found = solve_interacting(
        freight.assignment, freight.interactions, **limits, start=routes, start_load=load, routing=routing
    )
    # The load from other groups enters the certificate as background, so that its costs are complete.
    full = replace(freight, assignment=found.assignment)
    return CoupledSolution(_summary(full, found.equilibrium), found.rounds, monotonicity=found.monotonicity)


def _summary(freight: Freight, found: Equilibrium) -> RouteFlowSummary:
    return (
        SpreadFlowSummary(freight, found) if isinstance(found, SpreadEquilibrium) else RouteFlowSummary(freight, found)
    )


def _limited(
    study: Study, freight: Freight, options: SolverOptions, start: WarmStart | None, progress: Progress | None
) -> CoupledSolution:
    """Freight at given curves within hard capacities."""
    found = solve_limited(study, freight, options, start, progress)
    # Prices at hard capacities are constant to the certificate.
    flow_summary = _summary(replace(freight, assignment=found.assignment), found.equilibrium)
    known = None
    if freight.interactions is not None:
        known = monotonicity_at(found.assignment, freight.interactions, found.equilibrium)
    return CoupledSolution(flow_summary, found.equilibrium.iterations, monotonicity=known)


def _compared(
    study: Study,
    flow_summary: FlowSummary,
    crossing: SimulatedCrossing,
    *,
    options: SolverOptions,
    progress: Progress | None,
) -> Agreement:
    """Compare a crossing's curve with its simulation at the solved flows."""
    flows = flows_at(flow_summary, crossing)
    curve = crossing.waits.hours(flows)
    if flows.sum() < UNUSED:
        return Agreement(crossing, flows, curve, None, agrees=True)
    pipeline = at_load(crossing.pipeline, flows)
    point = simulated_hours(pipeline, seed=study.settings.seed, threads=options.threads or 1, progress=progress)
    allowed = np.maximum(np.maximum(TOLERANCE * point.mean_h, TOLERANCE_H), point.high_h - point.mean_h)
    used = (flows >= UNUSED) & ~np.isnan(point.mean_h)
    agrees = bool((np.abs(curve - point.mean_h) <= allowed)[used].all())
    return Agreement(crossing, flows, curve, point, agrees)


def _refitted(
    study: Study, found: Agreement, options: SolverOptions, progress: Progress | None, *, exact: bool
) -> SimulatedCrossing:
    """Refit a crossing at the solved flows, or at round ones near them, whose curves the cache mostly holds already."""
    flows = found.vehicles_per_day if exact else round_mix(found.vehicles_per_day)
    least = LEAST_PART * flows.sum()
    come = found.crossing.waits.vehicles_per_day.sum(axis=1) > 0
    mix = np.where(come, np.maximum(flows, least), 0.0)
    return with_mix(study, found.crossing, mix, threads=options.threads or 1, progress=progress)


def round_mix(vehicles_per_day: Floats) -> Floats:
    """Round vehicles by direction: their sum to a multiple of a power of 1.05, the share of a direction to 0.02.

    A curve depends on the shares of the directions more than on their sum, so that solves with nearby flows, as in an
    ensemble, share curves.
    """
    total = float(vehicles_per_day.sum())
    share = round(float(vehicles_per_day[0]) / total / MIX_SHARE) * MIX_SHARE
    size = MIX_STEP ** round(np.log(total) / np.log(MIX_STEP))
    return np.asarray(np.array([share, 1.0 - share]) * size, dtype=np.float64)


def flows_at(flow_summary: FlowSummary, crossing: SimulatedCrossing) -> Floats:
    """Vehicles on the design day at a simulated crossing by direction, with empty and background ones; shape (2,)."""
    return np.asarray(flow_tables.design_vehicles(flow_summary)[crossing.row])
