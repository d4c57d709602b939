"""Elastic demand: demand and assignment combined.

The combined model of distribution and assignment (Evans 1976) adds to the program of
:mod:`landlink.equilibrium.certificate`, or of :mod:`landlink.equilibrium.spread_certificate`, the trip table ``T``,
with the totals of :class:`Gravity`, or without any (:class:`~landlink.equilibrium.demand_model.DecayingDemand`)::

    Z + sum_m (beta_k / vot_k) T_m (ln(T_m / prior_m) - 1) / decay_m

At its optimum, trips take their routes and the table is that of the model of demand at the costs of those routes. As a
function of the table alone, with the trips at equilibrium, the objective is convex and its derivative by a cell is the
cell's cost plus ``ln(T / prior) / decay``.

Each round finds the equilibrium at the current table by a warm start, and the model's table ``T'`` at its costs. The
direction to ``T'`` is always one of descent (Evans 1976, partial linearisation), and the best step along it follows
from the objective with routes scaled in proportion. Since such rounds converge linearly, they are combined: the next
table is extrapolated from the last ones (Anderson 1965), in logarithms. An extrapolation that increases the objective
without halving the gap is replaced by the plain step, which guarantees convergence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.progress import Progress
from landlink.core.sums import dot, sum_at
from landlink.equilibrium.checks import check_assignment
from landlink.equilibrium.demand_model import DecayingDemand, DemandModel, demand_model
from landlink.equilibrium.extrapolation import Extrapolation
from landlink.equilibrium.gravity import Gravity, Potentials
from landlink.equilibrium.option_costs import OptionCosts, logsums
from landlink.equilibrium.problem import Assignment, Equilibrium
from landlink.equilibrium.rounds import report_round
from landlink.equilibrium.routing import CHEAPEST, Routing

#: Gap of a round's equilibrium as a share of the previous round's gap, within the bounds below.
INNER_SHARE: Final = 0.01
LOOSEST: Final = 1e-3
TIGHTEST: Final = 1e-14
#: Number of rounds used by an extrapolation.
MEMORY: Final = 8
#: Relative increase of the objective that is regarded as rounding.
ROUNDING: Final = 1e-13
#: Number of halvings in the search for the best step.
HALVINGS: Final = 14
#: Minimum trips of a cell as a share of the mean, so that each keeps a route and a cost.
LEAST_SHARE: Final = 1e-40
#: Maximum number of route searches in a round.
SEARCHES: Final = 200


@dataclass(frozen=True)
class ElasticEquilibrium:
    """A trip table and an equilibrium that are consistent within ``relative_gap``.

    Attributes
    ----------
    assignment
        The assignment with the resulting demand.
    equilibrium
        Its equilibrium.
    potentials
        Balancing potentials of trips at their ends, USD/t.
    relative_gap
        Gap of the combined model as computed by the solver;
        :func:`landlink.equilibrium.elastic_certificate.certify_elastic` computes its own.
    iterations
        Number of rounds.
    history
        Gap after each round.
    """

    assignment: Assignment
    equilibrium: Equilibrium
    potentials: Potentials
    relative_gap: float
    iterations: int
    history: tuple[float, ...]

    @property
    def demand(self) -> Floats:
        """Trips of each market, t/day."""
        return self.assignment.markets.demand


def solve_elastic(
    assignment: Assignment,
    demand: Gravity | DecayingDemand,
    *,
    routing: Routing = CHEAPEST,
    relative_gap: float = 1e-8,
    max_iterations: int = 200,
    threads: int = 1,
    start: ElasticEquilibrium | None = None,
    progress: Progress | None = None,
) -> ElasticEquilibrium:
    """Solve demand and assignment together.

    Parameters
    ----------
    assignment
        Graph, load groups, classes and markets, one market for each cell of the table; its demand is ignored.
        The cost of a market with several options is their logsum, so that options nest under destinations.
    demand
        Trip ends of the markets and the decay of trips with cost, or demand of each market that decays with its cost.
    routing
        How flows are put on routes.
    relative_gap
        Gap of the combined model at which to stop, see :mod:`landlink.equilibrium.elastic_certificate`.
    max_iterations
        Maximum number of rounds.
    threads
        Number of threads; the flows do not depend on it.
    start
        An earlier solution for the same graph and markets.
    progress
        Receives each round and its gap.

    Raises
    ------
    InputError
        Arrays are invalid, or no table has the totals.
    UnreachableError
        Some cells have no route.
    """
    check_assignment(assignment)
    model = demand_model(demand)
    model.check(assignment)
    solver = _Elastic(assignment, model, _weights(assignment), routing, threads)
    solver.begin(start)
    history: list[float] = []
    while True:
        history.append(solver.gap)
        report_round(progress, len(history), solver.gap, relative_gap)
        if solver.gap <= relative_gap or len(history) > max_iterations:
            return solver.answer(history)
        solver.step(relative_gap)


def _weights(assignment: Assignment) -> Floats:
    """Ratio of load factor to value of time of each market, by which the program weighs its money."""
    markets, classes = assignment.markets, assignment.classes
    weight = (classes.load_factor / classes.value_of_time)[markets.option_class]
    return weight[markets.first[:-1]] if len(markets.demand) else np.zeros(0)


@dataclass(frozen=True)
class _Look:
    """A trip table, its equilibrium and the table of the model at its costs."""

    demand: Floats
    equilibrium: Equilibrium
    #: Logarithm of the ratio of the table of the model to this one.
    pull: Floats
    potentials: Potentials
    objective: float
    gap: float


class _Elastic:
    """The current table and the earlier rounds."""

    def __init__(
        self, assignment: Assignment, model: DemandModel, weights: Floats, routing: Routing, threads: int
    ) -> None:
        self.a, self.model, self.weight, self.routing, self.threads = assignment, model, weights, routing, threads
        self.log_prior, self.decay = model.log_prior, model.decay
        self.search = OptionCosts(assignment, threads)
        self.past = Extrapolation(MEMORY)

    @property
    def gap(self) -> float:
        """Relative gap of the current table."""
        return self.now.gap

    def begin(self, start: ElasticEquilibrium | None) -> None:
        """Initial table: that of the start, the model's own, or the one at uncongested costs."""
        if start is not None:
            self.now = self._look(start.demand, start.equilibrium, LOOSEST, start.potentials)
            return
        if self.model.first is not None:
            self.now = self._look(self.model.first, None, LOOSEST, None)
            return
        markets = self.a.markets
        alone = replace(
            self.a, markets=replace(markets, demand=np.full(len(markets.demand), np.finfo(float).tiny ** 0.25))
        )
        empty = self._assigned(alone, LOOSEST, 1, None)
        log_demand, potentials = self.model.log_demand(self._costs(empty))
        self.now = self._look(self._demand(log_demand), empty, LOOSEST, potentials)

    def _assigned(
        self, assignment: Assignment, relative_gap: float, searches: int, start: Equilibrium | None
    ) -> Equilibrium:
        return self.routing.solve(
            assignment,
            relative_gap=relative_gap,
            max_iterations=searches,
            threads=self.threads,
            start=start,
            start_load=None,
        )

    def _demand(self, logarithm: Floats) -> Floats:
        demand = np.exp(logarithm)
        return np.maximum(demand, LEAST_SHARE * demand.mean()) if len(demand) else demand

    def _costs(self, found: Equilibrium) -> Floats:
        """Minimum cost of each cell."""
        return logsums(self.a, self.routing.least_costs(self.a, found, self.search))

    def _look(
        self, demand: Floats, start: Equilibrium | None, inner_gap: float, potentials: Potentials | None
    ) -> _Look:
        present = replace(self.a, markets=replace(self.a.markets, demand=demand))
        found = self._assigned(present, inner_gap, SEARCHES, start)
        wanted, potentials = self.model.log_demand(self._costs(found), potentials)
        pull = wanted - np.log(demand)
        # T ln(T / T') - T + T' is never negative.
        missed = float(np.sum(np.maximum(np.exp(wanted) - demand - demand * pull, 0.0) / self.decay))
        spent = dot(found.routes.flow, _sum_over_routes(present, found, self.search.arc_costs(found.delay_h)))
        gap = found.relative_gap + (missed / spent if spent > 0 else 0.0)
        return _Look(demand, found, pull, potentials, self._objective(present, found), gap)

    def _objective(self, present: Assignment, found: Equilibrium) -> float:
        markets, groups = present.markets, present.groups
        table = dot(self.weight * markets.demand, (np.log(markets.demand) - self.log_prior - 1) / self.decay)
        delays = float((groups.delay_integral(found.load) / groups.load_per_t).sum())
        return table + delays + self._unchanging(present, found)

    def _unchanging(self, present: Assignment, found: Equilibrium) -> float:
        """Part of the objective that is proportional to flows: fixed costs, and the terms of options."""
        markets, classes, routes = present.markets, present.classes, found.routes
        of_option, flow = self.weight[markets.option_market], found.option_flow
        fixed = _sum_over_routes(present, found, classes.fixed)
        positive = flow > 0
        share = np.log(flow[positive] / markets.demand[markets.option_market[positive]])
        entropy = dot(of_option[positive] * flow[positive], share / markets.scale[markets.option_market[positive]])
        constants = dot(of_option, flow * (markets.option_constant + self.routing.spread_costs(found)))
        return dot(of_option[routes.option] * routes.flow, fixed) + constants + entropy

    def step(self, relative_gap: float) -> None:
        """Perform a round: an extrapolation, or the plain step if that does not help."""
        last = self.now
        step = self._best_step(last)
        self.past.add(np.log(last.demand), last.pull)
        inner = min(max(INNER_SHARE * last.gap, TIGHTEST, INNER_SHARE * relative_gap), LOOSEST)
        if len(self.past) > 1:
            new = self._look(self._extrapolated(last, step), last.equilibrium, inner, last.potentials)
            if new.gap <= last.gap / 2 or new.objective <= last.objective + ROUNDING * abs(last.objective):
                self.now = new
                return
            self.past.forget()
        plain = last.demand * np.maximum(1 + step * np.expm1(last.pull), LEAST_SHARE)
        self.now = self._look(plain, last.equilibrium, inner, last.potentials)

    def _best_step(self, look: _Look) -> float:
        """Step towards the table of the model that minimises the objective if routes keep their proportions."""
        change = np.expm1(look.pull)
        present = replace(self.a, markets=replace(self.a.markets, demand=look.demand))
        routes, groups = look.equilibrium.routes, self.a.groups
        market = self.a.markets.option_market
        moved = replace(look.equilibrium, routes=replace(routes, flow=routes.flow * change[market[routes.option]]),
                        option_flow=look.equilibrium.option_flow * change[market])  # fmt: skip
        load = _loads(present, moved)
        straight = self._straight(present, look.equilibrium, change)

        def slope(step: float) -> float:
            delay = dot(groups.delay_h(look.equilibrium.load + step * load), load / groups.load_per_t)
            table = np.log(look.demand * np.maximum(1 + step * change, LEAST_SHARE)) - self.log_prior
            return straight + delay + dot(self.weight * look.demand * change, table / self.decay)

        if slope(1.0) <= 0:
            return 1.0
        low, high = 0.0, 1.0
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (low, middle) if slope(middle) > 0 else (middle, high)
        return high

    def _straight(self, present: Assignment, found: Equilibrium, change: Floats) -> float:
        """Derivative of :meth:`_unchanging`, which is linear if all flows of a market change in proportion."""
        markets = present.markets
        market = markets.option_market
        of_option, flow = self.weight[market] * change[market], found.option_flow
        share = np.log(np.where(flow > 0, flow, 1.0) / np.where(flow > 0, markets.demand[market], 1.0))
        fixed = _sum_over_routes(present, found, present.classes.fixed)
        constant = markets.option_constant + self.routing.spread_costs(found)
        return dot(of_option * flow, constant + share / markets.scale[market]) + dot(
            of_option[found.routes.option] * found.routes.flow, fixed
        )

    def _extrapolated(self, look: _Look, step: float) -> Floats:
        """Demand at which the linearised residuals of the last rounds vanish, within the totals."""
        return self._demand(self.model.within_totals(self.past.next(step, look.demand)))

    def answer(self, history: list[float]) -> ElasticEquilibrium:
        """Build the solution."""
        present = replace(self.a, markets=replace(self.a.markets, demand=self.now.demand))
        return ElasticEquilibrium(
            present, self.now.equilibrium, self.now.potentials, history[-1], len(history), tuple(history)
        )


def _sum_over_routes(assignment: Assignment, found: Equilibrium, of_arc: Floats) -> Floats:
    """Sum a cost of shape (classes, arcs) over each route."""
    routes = found.routes
    owner = np.repeat(np.arange(len(routes)), np.diff(routes.first))
    category = assignment.markets.option_class[routes.option]
    return sum_at(owner, of_arc[category[owner], routes.arcs], len(routes))


def _loads(assignment: Assignment, found: Equilibrium) -> Floats:
    routes, groups = found.routes, assignment.groups
    owner = np.repeat(np.arange(len(routes)), np.diff(routes.first))
    factor = assignment.classes.load_factor[assignment.markets.option_class[routes.option]]
    group = assignment.group[routes.arcs]
    grouped = group >= 0
    return sum_at(group[grouped], (routes.flow * factor)[owner[grouped]], len(groups)) * groups.load_per_t
