"""The equilibrium solver: alternate between searching for cheapest routes and shifting flow among known ones.

The program solved is Beckmann's with an entropy term (Evans 1976; Florian and Nguyen 1978), written out in
:mod:`landlink.equilibrium.certificate`.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from landlink.core.arrays import Bools, Floats
from landlink.core.progress import Progress
from landlink.core.sums import dot, sum_at
from landlink.equilibrium.active_markets import AGAIN, ActiveMarkets
from landlink.equilibrium.checks import check_assignment, check_start
from landlink.equilibrium.frank_wolfe import LinkEquilibrium, frank_wolfe
from landlink.equilibrium.option_costs import log_shares, split_excess
from landlink.equilibrium.path_memory import path_memory_mb
from landlink.equilibrium.problem import Assignment, Equilibrium, Routes, UnreachableError
from landlink.equilibrium.rounds import report_round
from landlink.equilibrium.route_list import RouteList
from landlink.paths.router import Trips

#: Gap on known routes at which shifts end, as a share of the gap at the last search.
INNER_SHARE = 0.05
#: Gap on known routes below which shifts always end, as a share of the target: a smaller one may be lost in rounding.
TARGET_SHARE = 0.25
#: If idle routes are kept: share of the gap held by the markets that are shifted, and revisits of the worst.
SHIFTED_HOLD = 0.999
AGAIN_KEEPING = 4


def solve(  # noqa: PLR0913  each is an option that one solve may need
    assignment: Assignment,
    *,
    relative_gap: float = 1e-6,
    max_iterations: int = 200,
    threads: int = 1,
    start: Equilibrium | None = None,
    start_load: Floats | None = None,
    keep_idle: bool = False,
    memory_limit_mb: float = np.inf,
    progress: Progress | None = None,
) -> Equilibrium:
    """Find the equilibrium of an assignment.

    Parameters
    ----------
    assignment
        Graph, load groups, classes and markets.
    relative_gap
        Gap at which to stop.
    max_iterations
        Maximum number of route searches.
    threads
        Number of threads; the flows do not depend on it.
    start
        Equilibrium of an assignment with the same graph, markets and options, at any costs and demand: a warm
        start.
    start_load
        Approximate loads, shape (groups,), as a less effective warm start.
    keep_idle
        Whether routes that lose their flow are kept and only markets that hold the gap are shifted: with a good start,
        this halves the number of rounds and reduces the work of each. Flows differ within the gap.
    memory_limit_mb
        Memory limit for routes. If they would exceed it, the solution comes from
        :func:`landlink.equilibrium.frank_wolfe.frank_wolfe`, which keeps no routes and is slow to reach small gaps: its
        ``routes`` are empty and ``class_flow`` is set.
    progress
        Receives each search and its gap.

    Raises
    ------
    UnreachableError
        No option can serve some markets.
    """
    check_assignment(assignment)
    if start is not None:
        check_start(assignment, start)
    with ThreadPoolExecutor(max_workers=max(1, threads)) as pool:
        solver = _Solver(assignment, pool, threads, keep_idle=keep_idle)
        if np.isfinite(memory_limit_mb) and solver.memory_mb() > memory_limit_mb:
            return _without_routes(
                frank_wolfe(
                    assignment,
                    relative_gap=relative_gap,
                    max_iterations=max_iterations,
                    threads=threads,
                    progress=progress,
                )
            )
        solver.begin(start, start_load)
        history: list[float] = []
        while True:
            best = solver.search()
            history.append(solver.gap(best))
            report_round(progress, len(history), history[-1], relative_gap)
            if history[-1] <= relative_gap or len(history) > max_iterations:
                return solver.equilibrium(history)
            solver.shift(history[-1], relative_gap)


def _without_routes(found: LinkEquilibrium) -> Equilibrium:
    return Equilibrium(
        routes=Routes.none(),
        option_flow=found.option_flow,
        load=found.load,
        delay_h=found.delay_h,
        relative_gap=found.relative_gap,
        iterations=found.iterations,
        history=found.history,
        class_flow=found.class_flow,
    )


class _Solver:
    """Known routes, flows of routes and options, and the resulting costs."""

    def __init__(
        self, assignment: Assignment, pool: ThreadPoolExecutor, threads: int, *, keep_idle: bool = False
    ) -> None:
        self._a, self._threads, self._keep_idle = assignment, threads, keep_idle
        markets = assignment.markets
        market = markets.option_market
        self._market = market
        self._by_tree = np.lexsort((markets.destination[market], markets.origin[market], markets.option_class))
        self._trips = Trips(
            markets.option_class[self._by_tree],
            markets.origin[market][self._by_tree],
            markets.destination[market][self._by_tree],
        )
        # Two classes with different values of time that have to swap between two congested routes can each move only
        # a little at a time before delays offset the gain. A mixed order gives them many alternations in a sweep, an
        # order by commodity only one.
        self._order = np.random.default_rng(0).permutation(len(markets.demand))
        self._routes = RouteList(assignment, pool, keep_idle=keep_idle)
        self._router = assignment.router
        self._option_flow = np.zeros(len(market))
        self._set_load(np.zeros(len(assignment.groups)))

    def memory_mb(self) -> float:
        """Memory estimate of routes, MB."""
        return path_memory_mb(self._router, self._trips, self._arc_cost.__getitem__)

    def begin(self, start: Equilibrium | None, start_load: Floats | None) -> None:
        """Initial routes and flows: those of the start if it has any, else logit shares on the cheapest routes."""
        if start is not None:
            self._routes.set_routes(start.routes)
            start_load = start.load
        if start_load is not None:
            self._set_load(np.array(start_load, dtype=np.float64))
        demand, routes = self._a.markets.demand, self._routes
        carried = np.zeros(len(self._market)) if start is None else start.option_flow.copy()
        carried[sum_at(routes.option, routes.flow, len(carried)) <= 0] = 0.0
        total = sum_at(self._market, carried, len(demand))
        if (total <= 0).any():
            shares = self._logit_shares(self.search())
            carried = np.where(total[self._market] > 0, carried, shares)
            total = sum_at(self._market, carried, len(demand))
        self._option_flow = carried * (demand / total)[self._market]
        self._spread()

    def _spread(self) -> None:
        """Distribute options' flows over their routes in proportion to current flows, or to the last if all are 0."""
        routes = self._routes
        carried = sum_at(routes.option, routes.flow, len(self._option_flow))[routes.option]
        share = np.where(np.append(routes.option[1:] != routes.option[:-1], True)[: len(routes)], 1.0, 0.0)
        np.divide(routes.flow, carried, out=share, where=carried > 0)
        routes.flow = share * self._option_flow[routes.option]
        self._set_load(routes.loads(routes.flow))

    def _logit_shares(self, best: Floats) -> Floats:
        """Share of each option in its market at the cheapest costs; every market must have a route."""
        reached = sum_at(self._market, np.isfinite(best).astype(np.float64), len(self._a.markets.demand)) > 0
        if (lost := np.flatnonzero(~reached)).size:
            raise UnreachableError(lost)
        return np.exp(log_shares(self._a, best))

    def _set_load(self, load: Floats) -> None:
        classes = self._a.classes
        self._load, self._delay = load, self._a.groups.delay_h(load)
        delay = np.append(self._delay, 0.0)[self._a.group]
        self._arc_cost = np.multiply.outer(classes.value_of_time, delay)
        self._arc_cost += classes.fixed

    def search(self) -> Floats:
        """Add every route cheaper than the used ones; return the cheapest cost of each option, USD/t.

        An option without a route costs ``inf`` and has no flow.
        """
        self._cost = self._routes.costs(self._arc_cost)
        known = self._routes.cheapest(self._cost)
        found, length, arcs = self._router.cheapest_routes(
            self._arc_cost.__getitem__, self._trips, known[self._by_tree], threads=self._threads
        )
        new = np.flatnonzero(length)
        best = np.empty_like(known)
        best[self._by_tree] = found
        np.minimum(best, known, out=best)
        self._gap_parts = self._routes.option, self._routes.flow, self._cost
        self._routes.add(self._by_tree[new], length[new], arcs)
        return best

    def gap(self, best: Floats) -> float:
        """Relative gap at the current flows, given the cheapest cost of every option (see the certificate)."""
        option, flow, cost = self._gap_parts
        self._spent = dot(flow, cost)
        of_routes, of_options = flow * (cost - best[option]), split_excess(self._a, self._option_flow, best)
        if self._keep_idle:
            size = len(self._a.markets.demand)
            self._market_gap = sum_at(self._market[option], of_routes, size) + sum_at(self._market, of_options, size)
        excess = float(of_routes.sum()) + float(of_options.sum())
        return max(excess, 0.0) / self._spent if self._spent > 0 else 0.0

    def shift(self, gap: float, target: float) -> None:
        """Shift flow among known routes until little of the gap on them remains, or less than the target needs."""
        among, again = (self._worst(), AGAIN_KEEPING) if self._keep_idle else (None, AGAIN)
        active = ActiveMarkets(self._a, self._routes, self._option_flow, self._order, among=among, again=again)
        flows = active.shift(max(INNER_SHARE * gap, TARGET_SHARE * target) * self._spent)
        self._routes.flow[active.routes], self._option_flow[active.options] = flows
        self._set_load(self._routes.loads(self._routes.flow))

    def _worst(self) -> Bools:
        """Select the markets that hold most of the gap."""
        order = np.argsort(-self._market_gap, kind="stable")
        total = np.cumsum(self._market_gap[order])
        worst = np.zeros(len(order), dtype=bool)
        worst[order[: int(np.searchsorted(total, SHIFTED_HOLD * total[-1])) + 1]] = True
        return worst

    def equilibrium(self, history: list[float]) -> Equilibrium:
        """Build the solution."""
        return Equilibrium(
            self._routes.used(), self._option_flow, self._load, self._delay, history[-1], len(history), tuple(history)
        )
