"""Solve a scenario: freight on its network together with its simulated crossings, certified."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from types import NoneType
from typing import Final

from landlink.core.arguments import check_kind
from landlink.core.errors import ConvergenceError, InputError
from landlink.core.progress import Progress, shown_progress
from landlink.equilibrium.problem import UnreachableError
from landlink.freight.assignment import UnservedDemand
from landlink.freight.crossing_curves import simulated_crossings
from landlink.freight.unserved_demand import rows_of_markets, unserved_problems
from landlink.freight.warm_start import WarmStart
from landlink.model.border_feedback import solve_coupled
from landlink.model.coupled_solution import CoupledSolution
from landlink.model.options import SolverOptions
from landlink.model.problem import freight_problem
from landlink.model.provenance import certified, provenance_of
from landlink.model.trade_feedback import TradeFeedback
from landlink.model.trade_reference import TradeReference, without_measures
from landlink.model.trade_setup import reference_of, trade_feedback
from landlink.results.provenance import Certification, Provenance
from landlink.results.result import Result
from landlink.results.result_tables import LazyTables
from landlink.study import Study
from landlink.study.study import Scenario
from landlink.trade.modes import TradeMode
from landlink.trade.notes import trade_notes

__all__ = ["result_of", "solution_of", "solve", "solve_flows"]

#: Share of the gap still allowed to the solver, where its certificate proved less than the solver knew.
PROVEN: Final = 0.5


def solve(
    scenario: Scenario | Study,
    *,
    options: SolverOptions | None = None,
    start: Result | None = None,
    progress: Progress | bool | None = None,
    label: str | None = None,
    trade: TradeMode | None = None,
    trade_reference: Result | None = None,
    carbon_price: float | None = None,
) -> Result:
    """Solve a scenario to a certified equilibrium.

    Parameters
    ----------
    scenario
        The scenario; a study is taken in its base year, with the measures applied to it.
    options
        Accuracy and effort; by default from the study's settings and this machine.
    start
        A result of the same study to start from: its routes if it was solved in this process, else its loads. It
        affects the run time, and the flows only within the gap.
    progress
        ``True`` for a line on the terminal, or a function called with the current step and the share done.
    label
        Label of the result in comparisons; by default the scenario's own label.
    trade
        How demand responds to costs: ``fixed``, ``elastic`` or ``general``; by default as the options say, that is
        ``fixed``. See :doc:`/joint-equilibrium`.
    trade_reference
        A result with fixed demand of the same study and year, from whose costs demand responds; by default the study
        without measures in the scenario's year.
    carbon_price
        Price of a tonne of CO2e that carriers pay and pass on, USD: a measure on top of the scenario's, see
        :meth:`landlink.Study.with_carbon_price`. By default the price that the study has, if any.

    Returns
    -------
    Result
        Returned even if the gap was missed, unless the options require convergence; see ``result.converged``.

    Raises
    ------
    InputError
        Demand has no route (one problem for each pair of zones, unless the options drop it), a crossing cannot be
        simulated, the study has no network, or none of the accounts that ``general`` needs.
    ConvergenceError
        The gap was missed, or trade and freight do not agree, and the options require convergence; or markets of trade
        do not clear.

    Examples
    --------
    >>> import landlink as ll
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> base = ll.solve(study.scenario("base-2023"))
    >>> base.converged
    True
    """
    check_kind("scenario", scenario, (Scenario, Study), allowed="a scenario or a study")
    check_kind("options", options, (SolverOptions, NoneType), allowed="SolverOptions, or nothing")
    for name, result in (("start", start), ("trade_reference", trade_reference)):
        check_kind(name, result, (Result, NoneType), allowed="a result, as of solve or open_result, or nothing")
    scenario = scenario if isinstance(scenario, Scenario) else scenario.at(scenario.settings.base_year)
    scenario = scenario if carbon_price is None else scenario.with_carbon_price(carbon_price)
    solved = solution_of(
        scenario,
        options=options,
        start=start,
        progress=progress,
        label=label,
        trade=trade,
        trade_reference=trade_reference,
    )
    return result_of(scenario, *solved)


def result_of(scenario: Scenario, solution: CoupledSolution, provenance: Provenance) -> Result:
    """Result of a solution, whose tables are made when they are asked for."""
    left_out = solution.flow_summary.freight.unserved
    tables = LazyTables(scenario, *solution.parts, *(() if left_out is None else (left_out,)))
    return Result(tables, provenance, solution.flow_summary)


def solution_of(
    scenario: Scenario,
    *,
    options: SolverOptions | None = None,
    start: Result | None = None,
    progress: Progress | bool | None = None,
    label: str | None = None,
    trade: TradeMode | None = None,
    trade_reference: Result | None = None,
) -> tuple[CoupledSolution, Provenance]:
    """Solve a scenario as :func:`solve` does; its flows and their provenance can be sent to another process."""
    began = time.perf_counter()
    asked = (options or SolverOptions()).resolved(scenario.study.settings)
    asked = asked if trade is None else replace(asked, trade=trade)
    warm = None if start is None else start.warm_start
    with shown_progress(progress) as report:
        feedback = None
        if asked.trade != "fixed":
            reference = None if trade_reference is None else TradeReference.of_result(trade_reference, scenario)
            feedback = trade_feedback(scenario, asked, reference or _reference(scenario, asked, report))
        solution = _solved_flows(scenario, asked, feedback, start=warm, progress=report)
        certificate = certified(solution, asked)
        if _knew_more(solution, certificate, asked):
            solution = _solved_on(scenario, asked, feedback, solution, certificate.relative_gap, report)
            certificate = certified(solution, asked)
    if asked.require_convergence and not certificate.converged:
        above = f", loads above the hard capacities by {certificate.violation:.2g}" if certificate.violation else ""
        gap, target = certificate.relative_gap, certificate.target_gap
        raise _missed(label or scenario.label, gap, target, solution.iterations, above)
    provenance = provenance_of(
        scenario, asked, certificate, solution, start=warm.kind if warm else "nothing", label=label, began=began
    )
    return solution, provenance


def _knew_more(solution: CoupledSolution, certificate: Certification, asked: SolverOptions) -> bool:
    """Whether the solver took flows to be close enough whose certificate proves less."""
    known, target = solution.flow_summary.equilibrium.relative_gap, asked.relative_gap or 0.0
    spent = solution.iterations >= (asked.max_iterations or 0)
    return known <= target < certificate.relative_gap < math.inf and not spent


def _reference(scenario: Scenario, asked: SolverOptions, progress: Progress | None = None) -> TradeReference:
    """The study without measures in the year of a scenario, solved with fixed demand."""
    bare = without_measures(scenario)
    # Demand that only a measure gives a route does not respond.
    fixed = replace(asked, trade="fixed", require_convergence=False, unreachable="drop")
    return reference_of(bare, fixed, lambda: solve_flows(bare, fixed, progress=progress))


def _solved_on(
    scenario: Scenario,
    asked: SolverOptions,
    feedback: TradeFeedback | None,
    solution: CoupledSolution,
    gap: float,
    progress: Progress | None,
) -> CoupledSolution:
    """Go on from flows to a target that is smaller by what their certificate lacked."""
    target = asked.relative_gap or 0.0
    # Whether the target that was asked for is reached, the certificate of these flows decides.
    closer = replace(
        asked,
        relative_gap=PROVEN * target * target / gap,
        trade_tolerance=asked.trade_tolerance * target / gap,
        require_convergence=False,
    )
    further = _solved_flows(scenario, closer, feedback, start=WarmStart.of(solution.flow_summary), progress=progress)
    return replace(further, iterations=solution.iterations + further.iterations)


def solve_flows(
    scenario: Scenario,
    options: SolverOptions,
    *,
    start: WarmStart | None = None,
    progress: Progress | None = None,
) -> CoupledSolution:
    """Solve a scenario without tables and certificate.

    Where demand responds to costs, the reference is solved from the same start: with the parameters of the scenario, as
    in an ensemble, so that a member is compared with itself.

    Raises
    ------
    InputError
        Demand has no route, a crossing cannot be simulated, or the study has no network.
    ConvergenceError
        The solver's own gap missed the target and the options require convergence.
    """
    asked = options.resolved(scenario.study.settings)
    feedback = None
    if asked.trade != "fixed":
        bare, fixed = without_measures(scenario), replace(asked, trade="fixed", unreachable="drop")
        reference = TradeReference.of_solution(bare, solve_flows(bare, fixed, start=start, progress=progress))
        feedback = trade_feedback(scenario, asked, reference)
        asked = replace(asked, trade_starts=1)
    return _solved_flows(scenario, asked, feedback, start=start, progress=progress)


def _solved_flows(
    scenario: Scenario,
    asked: SolverOptions,
    feedback: TradeFeedback | None,
    *,
    start: WarmStart | None,
    progress: Progress | None,
) -> CoupledSolution:
    """Solve a scenario whose demand responds as given."""
    scenario.study.require_network()
    known = None if feedback is None else feedback.reference.solution_of(scenario, asked.unreachable)
    if feedback is not None and known is not None:
        return feedback.unchanged(known, asked)
    crossings = simulated_crossings(
        scenario.study, scenario.tables, scenario.year, threads=asked.threads or 1, progress=progress
    )
    freight = freight_problem(scenario, crossings)
    try:
        solution = solve_coupled(scenario, freight, asked, start=start, trade=feedback, progress=progress)
    except UnreachableError as error:
        if asked.unreachable == "refuse":
            raise InputError(unserved_problems(freight, error.markets, scenario.study.tables)) from None
        served = freight_problem(scenario, crossings, unserved=UnservedDemand(rows_of_markets(freight, error.markets)))
        solution = solve_coupled(scenario, served, asked, start=start, trade=feedback, progress=progress)
    gap, target = solution.flow_summary.equilibrium.relative_gap, asked.relative_gap or 0.0
    if asked.require_convergence and not gap <= target:
        raise _missed(scenario.label, gap, target, solution.iterations)
    if asked.require_convergence and solution.trade is not None and not solution.trade.converged:
        raise ConvergenceError(f"{scenario.label}: {trade_notes(solution.trade)[-1]}")
    return solution


def _missed(label: str, gap: float, target: float, iterations: int, more: str = "") -> ConvergenceError:
    return ConvergenceError(
        f"{label}: relative gap {gap:.1e}{more} after {iterations} iterations, {target:.1e} was required;"
        " allow more iterations or a larger gap"
    )
