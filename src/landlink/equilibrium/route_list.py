"""The routes that a solver knows, with their flows."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.equilibrium.problem import Assignment, Routes
from landlink.equilibrium.route_kernels import add_costs, add_loads, merge

#: Sums over all routes are made in so many parts, whatever the number of threads, so that they round alike.
PARTS = 8
#: Arcs of routes below which handing parts to threads takes longer than the sums.
WORTH_THREADS = 100_000


class RouteList:
    """Routes sorted by option: those of option ``o`` are ``option_first[o] : option_first[o + 1]``.

    Parameters
    ----------
    assignment
        Graph, groups, classes and markets.
    pool
        Threads to work with.
    """

    def __init__(self, assignment: Assignment, pool: ThreadPoolExecutor) -> None:
        self._a, self._pool = assignment, pool
        self._group = np.where(assignment.group < 0, len(assignment.groups), assignment.group)
        self.set_routes(Routes.none())

    def set_routes(self, routes: Routes) -> None:
        """Know these routes and no others."""
        first = np.searchsorted(routes.option, np.arange(len(self._a.markets.option_class) + 1))
        self._set(first.astype(np.int64), routes.first, routes.arcs, routes.flow.copy())

    def _set(self, option_first: Ints, first: Ints, arcs: Ints, flow: Floats) -> None:
        self.option_first, self.first, self.arcs, self.flow = option_first, first, arcs, flow
        self.option = np.repeat(np.arange(len(option_first) - 1), np.diff(option_first))
        self.category = self._a.markets.option_class[self.option]

    def __len__(self) -> int:
        return len(self.flow)

    def add(self, options: Ints, lengths: Ints, arcs: Ints) -> None:
        """Add a route for each of some options, ascending or not; forget routes without flow."""
        order = np.argsort(options, kind="stable")
        begins = np.append(0, np.cumsum(lengths))[:-1]
        length_of = np.zeros(len(self.option_first), dtype=np.int64)
        length_of[options + 1] = lengths
        new_first = np.cumsum(length_of)
        lengths = lengths[order]
        within = np.arange(len(arcs)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        new_arcs = arcs[np.repeat(begins[order], lengths) + within]
        self._set(*merge(self.option_first, self.first, self.arcs, self.flow, new_first, new_arcs))

    def costs(self, arc_cost: Floats) -> Floats:
        """Cost of every route at costs of shape (classes, arcs)."""
        cost = np.empty(len(self))
        self._in_parts(lambda begin, end: add_costs(begin, end, self.first, self.arcs, self.category, arc_cost, cost))
        return cost

    def loads(self, flow: Floats) -> Floats:
        """Load of each group at flows on the routes."""
        amount = flow * self._a.classes.load_factor[self.category]
        load = np.zeros((PARTS, len(self._a.groups) + 1))
        begins = self._begins()
        self._in_parts(
            lambda begin, end: add_loads(
                begin, end, self.first, self.arcs, self._group, amount, load[np.searchsorted(begins, begin)]
            )
        )
        total: Floats = load.sum(axis=0)[:-1] * self._a.groups.load_per_t
        return total

    def _begins(self) -> Ints:
        return np.unique(np.linspace(0, len(self), PARTS + 1).astype(np.int64))

    def _in_parts(self, work: Callable[[int, int], None]) -> None:
        begins = self._begins()
        if len(self.arcs) < WORTH_THREADS:
            for begin, end in pairwise(begins):
                work(int(begin), int(end))
            return
        for done in [self._pool.submit(work, int(b), int(e)) for b, e in pairwise(begins)]:
            done.result()

    def groups_of_arcs(self) -> Ints:
        """Load group of each arc, one past the last where there is none."""
        return self._group

    def used(self) -> Routes:
        """Routes that carry flow."""
        used = self.flow > 0
        lengths = np.diff(self.first)
        return Routes(
            self.option[used],
            np.append(0, np.cumsum(lengths[used])),
            self.arcs[np.repeat(used, lengths)],
            self.flow[used],
        )
