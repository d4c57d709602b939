"""Equilibrium with spread routes: perturbed-utility route choice, with congestion and a choice among options.

Each option spreads its flow over the network so as to minimise (Fosgerau, Paulsen and Rasmussen 2022, eq. 3)::

    V_o = min over p of sum_l [ c_kl p_l + w_ol p_l^2 / 2 ],    w_ol = 2 own_kl / (mu_k C_o)

with ``p`` a unit flow from origin to destination, ``own`` the cost of an arc without load and ``C_o`` the cheapest
route's. Two disjoint routes of that own cost are chosen as by a logit of scale ``mu_k`` where they are nearly equally
dear; a route that costs ``2 / mu_k`` more is not used at all. Routes that overlap share what they have in common. The
whole is one convex program (see :mod:`landlink.equilibrium.spread_certificate`).

Its dual is smooth in the delays of the load groups and is ascended over the routes known
(:class:`~landlink.equilibrium.dual_ascent.DualAscent`). In turn, the routes that are missing at the delays reached are
found: those cheaper at the marginal costs ``c_l + w_l p_l``, by which all routes in use are equally dear.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem
from landlink.core.progress import Progress
from landlink.core.sums import dot
from landlink.equilibrium.checks import check_assignment, check_start
from landlink.equilibrium.dual_ascent import DualAscent
from landlink.equilibrium.option_costs import split_excess
from landlink.equilibrium.problem import Assignment, Equilibrium
from landlink.equilibrium.rounds import report_round
from landlink.equilibrium.solve import solve
from landlink.equilibrium.spread_completion import Completed
from landlink.equilibrium.spread_loading import SpreadLoading

__all__ = ["SpreadEquilibrium", "solve_spread"]

#: Gap of the solution without spread that a solve begins with.
FIRST_GAP: Final = 1e-3
#: Share of the target to reach, since a certificate from flows alone can overstate the gap.
PROVABLE: Final = 0.2
#: Gap over the routes known at which the ascent ends, as a share of the gap over all, and of the target.
INNER_SHARE: Final = 0.05
TARGET_SHARE: Final = 0.02
#: Saving below which a route is not missing: as a share of the target, at least, and at first.
SLACK_SHARE: Final = 0.05
LOOSEST: Final = 1e-3
TIGHTEST: Final = 1e-14
#: Maximum number of steps between two searches for routes, and before the first.
STEPS: Final = 60
FIRST_STEPS: Final = 4


@dataclass(frozen=True, kw_only=True)
class SpreadEquilibrium(Equilibrium):
    """Flows and costs of an equilibrium with spread routes.

    Attributes
    ----------
    option_cost
        Cost of each option, the minimum ``V_o`` of its program, USD/t; infinite if it has no route.
    perturbation
        Part of that cost that is due to the spread, ``sum_l w_l p_l^2 / 2``, USD/t; 0 if it has no route.
    route_scale
        Scale of the spread of each class, t/USD.
    own_cost
        Cost of each arc by which the routes of a class spread; shape (classes, arcs).
    own_cheapest
        Cheapest route of each option by that cost, USD/t; infinite if it has no route.
    """

    option_cost: Floats
    perturbation: Floats
    route_scale: Floats
    own_cost: Floats
    own_cheapest: Floats


def solve_spread(  # noqa: PLR0913  each is an option that one solve may need
    assignment: Assignment,
    *,
    route_scale: float | Sequence[float] | Floats,
    own_cost: Floats | None = None,
    relative_gap: float = 1e-6,
    max_iterations: int = 200,
    threads: int = 1,
    start: Equilibrium | None = None,
    start_load: Floats | None = None,
    new_routes: bool = True,
    progress: Progress | None = None,
) -> SpreadEquilibrium:
    """Find the equilibrium of an assignment with spread routes.

    Parameters
    ----------
    assignment
        Graph, load groups, classes and markets.
    route_scale
        Scale of the spread over routes, t/USD, for each class or for all.
    own_cost
        Cost of each arc by which routes spread, shape (classes, arcs), infinite where prohibited; by default the cost
        without load.
    relative_gap
        Gap at which to stop, see :mod:`landlink.equilibrium.spread_certificate`.
    max_iterations
        Maximum number of route searches.
    threads
        Number of threads; the flows do not depend on it.
    start
        Equilibrium of an assignment with the same graph, markets and options, at any costs and demand: a warm start.
    start_load
        Approximate loads, shape (groups,), as a less effective warm start.
    new_routes
        Whether routes are searched for that the start does not have. Without, the flows are those of an equilibrium
        over the start's routes, and so is their gap.
    progress
        Receives each search and its gap.

    Returns
    -------
    SpreadEquilibrium
        Returned even if the gap was missed; see its ``relative_gap``.

    Raises
    ------
    InputError
        Values are invalid, or a market has a route without cost.
    UnreachableError
        No option can serve some markets.
    """
    check_assignment(assignment)
    scale = _checked_scale(route_scale, len(assignment.classes))
    own = assignment.classes.fixed if own_cost is None else _checked_own_cost(assignment, own_cost)
    if start is not None:
        check_start(assignment, start)
    # Rounds of diagonalisation, which change backgrounds only, find the cheapest routes by own cost once.
    cheapest = start.own_cheapest if isinstance(start, SpreadEquilibrium) and start.own_cost is own else None
    loading = SpreadLoading(assignment, scale, own, threads=threads, cheapest=cheapest)
    load = None if start_load is None else _checked_load(start_load, len(assignment.groups))
    cold = start is None
    if start is None:
        # Without spread, loads are found sooner, and most of the routes as well.
        start = solve(
            assignment, relative_gap=FIRST_GAP, max_iterations=max_iterations, threads=threads, start_load=load
        )
    loading.begin(start.routes)
    load = start.load if load is None else load
    if cold or not loading.covered:
        loading.add(loading.complete(assignment.groups.delay_h(load), LOOSEST))
    solver = _Solver(assignment, loading, load, relative_gap)
    while True:
        gap = solver.search(new_routes=new_routes)
        report_round(progress, len(solver.history), gap, relative_gap)
        # The certificate proves less than the solver knows.
        if gap <= PROVABLE * relative_gap or len(solver.history) >= max_iterations:
            return solver.equilibrium()
        solver.ascend()


def _checked_scale(route_scale: float | Sequence[float] | Floats, classes: int) -> Floats:
    """Scale of each class; refuse what is not a positive number."""
    given = np.asarray(route_scale, dtype=np.float64)
    if given.ndim > 1 or (given.ndim == 1 and len(given) != classes):
        raise InputError(
            Problem("route_scale", "has the wrong shape", value=str(given.shape), allowed=f"one number, or {classes}")
        )
    scale = np.broadcast_to(given, (classes,)).copy()
    wrong = np.flatnonzero(~(np.isfinite(scale) & (scale > 0)))
    if len(wrong):
        allowed = "a finite number above 0, t/USD"
        raise InputError(
            [Problem("route_scale", "invalid value", f"class {k}", value=str(scale[k]), allowed=allowed) for k in wrong]
        )
    return scale


def _checked_load(start_load: Floats, groups: int) -> Floats:
    """Loads to start from; refuse what cannot be loads."""
    start = np.array(start_load, dtype=np.float64)
    if start.shape != (groups,) or not (np.isfinite(start) & (start >= 0)).all():
        allowed = f"{groups} finite numbers, 0 or more"
        raise InputError(Problem("start_load", "invalid starting loads", value=str(start.shape), allowed=allowed))
    return start


def _checked_own_cost(assignment: Assignment, own_cost: Floats) -> Floats:
    own, fixed = np.asarray(own_cost, dtype=np.float64), assignment.classes.fixed
    if own.shape != fixed.shape or not (own >= 0).all() or not (np.isfinite(own) == np.isfinite(fixed)).all():
        allowed = f"shape {fixed.shape}, 0 or more, infinite exactly where arcs are prohibited"
        raise InputError(Problem("own_cost", "invalid costs", value=str(own.shape), allowed=allowed))
    return own


class _Solver:
    """Loads, the response to their delays, and the gap of the last search."""

    def __init__(self, assignment: Assignment, loading: SpreadLoading, load: Floats, target: float) -> None:
        self._a, self._loading, self._target = assignment, loading, target
        self.history: list[float] = []
        self._found: Completed | None = None
        self._ascent = DualAscent(assignment.groups, loading, load)
        self._ascend(TARGET_SHARE * target, FIRST_STEPS)

    def search(self, *, new_routes: bool) -> float:
        """Find the routes missing at the delays that the flows cause; return the gap of these flows over all routes."""
        answer = self._ascent.point.answer
        delay = self._a.groups.delay_h(answer.load)
        mean = self._loading.mean_cost(delay)
        self._routes, self._answer, self._delay = self._loading.routes(answer), answer, delay
        slack = max(SLACK_SHARE * self._target, TIGHTEST)
        self._found = self._loading.complete(delay, slack) if new_routes else None
        best = self._loading.answer(delay).option_cost if self._found is None else self._found.option_cost
        self.history.append(_gap(self._a, answer.option_flow, mean, answer.perturbation, best))
        return self.history[-1]

    def ascend(self) -> None:
        """Ascend over the routes known until little of the gap remains, or less than the target needs."""
        # The bound weighs loads, the gap money, and the bound is at the delays to which flows respond.
        factor = max(self.history[-1] / self._bound(), 1.0) if self._bound() > 0 else 1.0
        if self._found is not None:
            self._loading.add(self._found)
        self._ascent.restart()
        goal = max(INNER_SHARE * self.history[-1], TARGET_SHARE * self._target) / factor
        self._ascend(goal, STEPS)

    def _ascend(self, goal: float, most: int) -> None:
        for _ in range(most):
            if self._bound() <= goal or not self._ascent.step():
                return

    def _bound(self) -> float:
        """Estimate of the gap over the routes known."""
        classes, answer = self._a.classes, self._ascent.point.answer
        weight = (classes.load_factor / classes.value_of_time)[self._a.markets.option_class]
        used = answer.option_flow > 0
        spent = dot((weight * answer.option_flow)[used], answer.mean[used])
        return self._ascent.excess() / spent if spent > 0 else 0.0

    def equilibrium(self) -> SpreadEquilibrium:
        """Build the solution: the flows of the last search."""
        answer = self._answer
        return SpreadEquilibrium(
            routes=self._routes,
            option_flow=answer.option_flow,
            load=answer.load,
            delay_h=self._delay,
            relative_gap=self.history[-1],
            iterations=len(self.history),
            history=tuple(self.history),
            option_cost=answer.option_cost,
            perturbation=answer.perturbation,
            route_scale=self._loading.route_scale,
            own_cost=self._loading.own_cost,
            own_cheapest=self._loading.cheapest,
        )


def spread_gap(assignment: Assignment, found: SpreadEquilibrium, *, new_routes: bool = True, threads: int = 1) -> float:
    """Relative gap of flows at the delays of an assignment's groups under their loads, over all routes or their own."""
    loading = SpreadLoading(assignment, found.route_scale, found.own_cost, threads=threads, cheapest=found.own_cheapest)
    loading.begin(found.routes)
    delay = assignment.groups.delay_h(found.load)
    mean = loading.mean_cost(delay)
    best = _least_costs(loading, delay, SLACK_SHARE * min(found.relative_gap, LOOSEST), new_routes=new_routes)
    return _gap(assignment, found.option_flow, mean, found.perturbation, best)


def spread_least_costs(
    assignment: Assignment, found: SpreadEquilibrium, *, new_routes: bool = True, threads: int = 1
) -> Floats:
    """Least cost of each option at the delays of flows, USD/t; shape (options,)."""
    loading = SpreadLoading(assignment, found.route_scale, found.own_cost, threads=threads)
    loading.begin(found.routes)
    slack = SLACK_SHARE * min(found.relative_gap, LOOSEST)
    return _least_costs(loading, assignment.groups.delay_h(found.load), slack, new_routes=new_routes)


def _least_costs(loading: SpreadLoading, delay_h: Floats, slack: float, *, new_routes: bool) -> Floats:
    """Least cost of each option at some delays, over all routes or those known, USD/t."""
    if new_routes:
        return loading.complete(delay_h, max(slack, TIGHTEST)).option_cost
    return loading.answer(delay_h).option_cost


def _gap(assignment: Assignment, flow: Floats, mean: Floats, perturbation: Floats, best: Floats) -> float:
    """Relative gap of flows whose options have some mean costs, against the least costs of options."""
    used = flow > 0
    spent = dot(flow[used], mean[used])
    excess = dot(flow[used], (mean + perturbation - best)[used])
    excess += float(split_excess(assignment, flow, best).sum())
    return max(excess, 0.0) / spent if spent > 0 else 0.0
