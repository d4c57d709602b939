"""The list of routes known to a solver, with their flows."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np

from landlink.core.arrays import Floats, Ints, Ints32
from landlink.equilibrium.problem import Assignment, Routes
from landlink.equilibrium.route_kernels import (
    add_costs,
    add_costs_of,
    add_loads,
    add_loads_in_parts,
    cheapest_known,
    merge,
)

#: Number of parts of sums over routes, regardless of the number of threads, so that rounding is the same.
PARTS = 8
#: Number of arcs of routes below which sums are faster on one thread.
WORTH_THREADS = 100_000


class RouteList:
    """Routes sorted by option: those of option ``o`` are ``option_first[o] : option_first[o + 1]``.

    Parameters
    ----------
    assignment
        Graph, groups, classes and markets.
    pool
        Thread pool.
    keep_idle
        Whether routes without flow are kept when others are added.
    """

    def __init__(self, assignment: Assignment, pool: ThreadPoolExecutor, *, keep_idle: bool = False) -> None:
        self._a, self._pool = assignment, pool
        self._least = -1.0 if keep_idle else 0.0
        self._group = np.where(assignment.group < 0, len(assignment.groups), assignment.group)
        self.set_routes(Routes.none())

    def set_routes(self, routes: Routes) -> None:
        """Replace the list of routes."""
        first = np.searchsorted(routes.option, np.arange(len(self._a.markets.option_class) + 1))
        self._set(first.astype(np.int64), routes.first, routes.arcs.astype(np.int32, copy=False), routes.flow.copy())

    def _set(self, option_first: Ints, first: Ints, arcs: Ints32, flow: Floats) -> None:
        self.option_first, self.first, self.arcs, self.flow = option_first, first, arcs, flow
        self.option = np.repeat(np.arange(len(option_first) - 1), np.diff(option_first))
        self.category = self._a.markets.option_class[self.option]
        self._begins = np.unique([len(flow) * part // PARTS for part in range(PARTS + 1)])

    def __len__(self) -> int:
        return len(self.flow)

    def add(self, options: Ints, lengths: Ints, arcs: Ints32) -> None:
        """Add a route for some options, in any order; drop routes without flow unless they are kept."""
        begin_of, length_of = np.zeros((2, len(self.option_first) - 1), dtype=np.int64)
        begin_of[options], length_of[options] = np.cumsum(lengths) - lengths, lengths
        self._set(*merge(self.option_first, self.first, self.arcs, self.flow, begin_of, length_of, arcs, self._least))

    def costs(self, arc_cost: Floats) -> Floats:
        """Cost of every route at costs of shape (classes, arcs)."""
        cost = np.empty(len(self))
        given = self.first, self.arcs, self.category, arc_cost, cost
        if len(self.arcs) < WORTH_THREADS:
            add_costs(0, len(self), *given)
        else:
            self._in_parts(lambda _, begin, end: add_costs(begin, end, *given))
        return cost

    def costs_of(self, chosen: Ints, arc_cost: Floats) -> Floats:
        """Cost of selected routes, in the order given."""
        cost = np.empty(len(chosen))
        add_costs_of(chosen, self.first, self.arcs, self.category, arc_cost, cost)
        return cost

    def cheapest(self, cost: Floats) -> Floats:
        """Cost of the cheapest route of each option; infinite if it has none.

        Routes without flow count if they are kept.
        """
        best = np.empty(len(self.option_first) - 1)
        cheapest_known(self.option_first, self.flow, cost, self._least, best)
        return best

    def loads(self, flow: Floats) -> Floats:
        """Load of each group at flows on the routes."""
        amount = flow * self._a.classes.load_factor[self.category]
        load = np.zeros((PARTS, len(self._a.groups) + 1))
        given = self.first, self.arcs, self._group, amount
        if len(self.arcs) < WORTH_THREADS:
            add_loads_in_parts(self._begins, *given, load)
        else:
            self._in_parts(lambda part, begin, end: add_loads(begin, end, *given, load[part]))
        total: Floats = load.sum(axis=0)[:-1] * self._a.groups.load_per_t
        return total

    def _in_parts(self, work: Callable[[int, int, int], None]) -> None:
        bounds = pairwise(self._begins.tolist())
        for done in [self._pool.submit(work, part, *both) for part, both in enumerate(bounds)]:
            done.result()

    def groups_of_arcs(self) -> Ints:
        """Load group of each arc, one past the last if there is none."""
        return self._group

    def used(self) -> Routes:
        """Routes with flow."""
        used = self.flow > 0
        lengths = np.diff(self.first)
        return Routes(
            self.option[used],
            np.append(0, np.cumsum(lengths[used])),
            self.arcs[np.repeat(used, lengths)],
            self.flow[used],
        )
