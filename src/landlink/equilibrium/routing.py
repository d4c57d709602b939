"""How flows are put on routes, on the cheapest or spread, for solvers that find routes in every round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.progress import Progress
from landlink.core.sums import dot, sum_at
from landlink.equilibrium.option_costs import OptionCosts, split_excess
from landlink.equilibrium.problem import Assignment, Equilibrium
from landlink.equilibrium.solve import solve
from landlink.equilibrium.spread import SpreadEquilibrium, solve_spread, spread_gap, spread_least_costs

__all__ = ["CHEAPEST", "CheapestRoutes", "Routing", "SpreadRoutes", "full_gap"]


class Routing(Protocol):
    """A way to put flows on routes."""

    def solve(
        self,
        assignment: Assignment,
        *,
        relative_gap: float,
        max_iterations: int,
        threads: int,
        start: Equilibrium | None,
        start_load: Floats | None,
        progress: Progress | None = None,
    ) -> Equilibrium:
        """Equilibrium of an assignment within a gap."""

    def gap(self, assignment: Assignment, found: Equilibrium, search: OptionCosts) -> float:
        """Relative gap of flows at the delays of an assignment's groups under their loads."""

    def least_costs(self, assignment: Assignment, found: Equilibrium, search: OptionCosts) -> Floats:
        """Least cost of each option at the delays of flows, USD/t; shape (options,)."""

    def spread_costs(self, found: Equilibrium) -> Floats | float:
        """What each option costs beyond its routes, as they spread, USD/t; shape (options,), or 0."""


@dataclass(frozen=True)
class CheapestRoutes:
    """All flow takes the cheapest routes."""

    def solve(
        self,
        assignment: Assignment,
        *,
        relative_gap: float,
        max_iterations: int,
        threads: int,
        start: Equilibrium | None,
        start_load: Floats | None,
        progress: Progress | None = None,
    ) -> Equilibrium:
        """Equilibrium of an assignment within a gap."""
        return solve(
            assignment,
            relative_gap=relative_gap,
            max_iterations=max_iterations,
            threads=threads,
            start=start,
            start_load=start_load,
            progress=progress,
        )

    def gap(self, assignment: Assignment, found: Equilibrium, search: OptionCosts) -> float:
        """Relative gap of flows at the delays of an assignment's groups under their loads."""
        return full_gap(assignment, found, search)

    def least_costs(self, assignment: Assignment, found: Equilibrium, search: OptionCosts) -> Floats:  # noqa: ARG002
        """Least cost of each option at the delays of flows, by a new search, since used routes may be outdated."""
        return search.cheapest(search.arc_costs(found.delay_h))

    def spread_costs(self, found: Equilibrium) -> float:  # noqa: ARG002  as of the protocol
        """Nothing: all flow takes the cheapest routes."""
        return 0.0


CHEAPEST = CheapestRoutes()


@dataclass(frozen=True)
class SpreadRoutes:
    """Flow spreads over routes (:mod:`landlink.equilibrium.spread`).

    Attributes
    ----------
    route_scale
        Scale of the spread of each class, t/USD; shape (classes,).
    own_cost
        Cost of each arc by which the routes of a class spread; shape (classes, arcs).
    new_routes
        Whether routes are searched for that a start does not have.
    """

    route_scale: Floats
    own_cost: Floats
    new_routes: bool = True

    def solve(
        self,
        assignment: Assignment,
        *,
        relative_gap: float,
        max_iterations: int,
        threads: int,
        start: Equilibrium | None,
        start_load: Floats | None,
        progress: Progress | None = None,
    ) -> Equilibrium:
        """Equilibrium of an assignment within a gap."""
        return solve_spread(
            assignment,
            route_scale=self.route_scale,
            own_cost=self.own_cost,
            relative_gap=relative_gap,
            max_iterations=max_iterations,
            threads=threads,
            start=start,
            start_load=start_load,
            new_routes=self.new_routes,
            progress=progress,
        )

    def gap(self, assignment: Assignment, found: Equilibrium, search: OptionCosts) -> float:
        """Relative gap of flows at the delays of an assignment's groups under their loads."""
        assert isinstance(found, SpreadEquilibrium)  # noqa: S101  made by this class
        return spread_gap(assignment, found, new_routes=self.new_routes, threads=search.threads)

    def least_costs(self, assignment: Assignment, found: Equilibrium, search: OptionCosts) -> Floats:
        """Least cost of each option at the delays of flows, USD/t; shape (options,)."""
        assert isinstance(found, SpreadEquilibrium)  # noqa: S101  made by this class
        return spread_least_costs(assignment, found, new_routes=self.new_routes, threads=search.threads)

    def spread_costs(self, found: Equilibrium) -> Floats:
        """What the spread of each option costs, USD/t; shape (options,)."""
        assert isinstance(found, SpreadEquilibrium)  # noqa: S101  made by this class
        return found.perturbation


def full_gap(assignment: Assignment, found: Equilibrium, search: OptionCosts) -> float:
    """Relative gap of flows at the delays of an assignment's groups under their loads."""
    markets, routes = assignment.markets, found.routes
    cost = search.arc_costs(assignment.groups.delay_h(found.load))
    cheapest = search.cheapest(cost)
    owner = np.repeat(np.arange(len(routes)), np.diff(routes.first))
    of_route = sum_at(owner, cost[markets.option_class[routes.option][owner], routes.arcs], len(routes))
    spent = dot(routes.flow, of_route)
    excess = dot(routes.flow, of_route - cheapest[routes.option])
    excess += float(split_excess(assignment, found.option_flow, cheapest).sum())
    return max(excess, 0.0) / spent if spent > 0 else 0.0
