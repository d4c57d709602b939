"""Completion of the routes that options know: those that are missing at given delays, and the response over all."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.equilibrium.found_routes import cut, larger, room
from landlink.equilibrium.problem import Assignment
from landlink.equilibrium.spread_kernels import Program, RouteLists
from landlink.equilibrium.spread_search_kernels import Found, Graph, Options, Search, complete

__all__ = ["Ahead", "Completed", "Known", "RouteCompletion"]

#: Number of destinations to which routes are searched for together.
DESTINATIONS: Final = 128
#: Distances from all nodes to some destinations, ascending, for a class; shape (destinations, nodes).
Ahead: TypeAlias = Callable[[int, Ints], Floats]


@dataclass(frozen=True)
class Completed:
    """The response over all routes: costs of options, and the most by which routes left out could lower them.

    ``share`` and ``routes`` are the shares of the known routes in it, and the routes that were not known.
    """

    level: Floats
    mean: Floats
    missing: Floats
    share: Floats
    routes: tuple[Found, ...]

    @property
    def option_cost(self) -> Floats:
        """Lower bound of the cost of each option, USD/t, exact but for the routes left out."""
        return (self.level + self.mean) / 2 - self.missing


class Known(NamedTuple):
    """The routes known, and scratch for a search beyond them.

    Attributes
    ----------
    lists
        Routes known.
    size
        Routes of an option for which there is room at first.
    search
        Scratch that many small searches on one thread may share; it is as it was after each.
    """

    lists: RouteLists
    size: int
    search: Search | None


class RouteCompletion:
    """Search for the routes that options do not know yet.

    Parameters
    ----------
    assignment
        The assignment.
    own_cost
        Cost of each arc by which the routes of a class spread, infinite where prohibited; shape (classes, arcs).
    options
        All options.
    threads
        Number of threads; what is found does not depend on it.
    """

    def __init__(self, assignment: Assignment, own_cost: Floats, options: Options, threads: int) -> None:
        self._a, self._own_cost, self._options, self._threads = assignment, own_cost, options, threads
        self._graph = Graph(assignment.first_out, assignment.head, assignment.tail)
        self._searches, self._destinations = _searches(options), len(np.unique(options.destination))

    def of_all(self, known: Known, cost: Floats, slack: float) -> Completed:
        """Complete the routes of all options.

        Parameters
        ----------
        known
            Routes known.
        cost
            Arc costs, shape (classes, arcs), USD/t.
        slack
            Saving below which a route is not missing, relative to the cheapest cost.
        """
        router = self._a.router
        router.prepare_backwards(self._destinations)
        return self._completed(known, cost, slack, self._searches, lambda k, ends: router.distances_to(cost[k], ends))

    def of_some(self, chosen: Ints, known: Known, cost: Floats, slack: float, ahead: Ahead) -> Completed:
        """As :meth:`of_all`, of the options ``chosen``; others keep their shares and have infinite costs."""
        some = Options(*(values[chosen] for values in self._options))
        return self._completed(known, cost, slack, [chosen[part] for part in _searches(some)], ahead)

    def _completed(self, known: Known, cost: Floats, slack: float, searches: list[Ints], ahead: Ahead) -> Completed:
        level, mean = np.full((2, len(self._options.category)), np.inf)
        missing = np.zeros(len(level))
        share = known.lists.share.copy()
        out = level, mean, missing, share

        def work(chosen: Ints) -> Found:
            return self._complete_some(known, chosen, (cost, slack), ahead, out)

        if self._threads == 1:
            return Completed(level, mean, missing, share, tuple(map(work, searches)))
        with ThreadPoolExecutor(max_workers=self._threads) as pool:
            found = list(pool.map(work, searches))
        return Completed(level, mean, missing, share, tuple(found))

    def _complete_some(
        self,
        known: Known,
        chosen: Ints,
        at: tuple[Floats, float],
        ahead_of: Ahead,
        out: tuple[Floats, Floats, Floats, Floats],
    ) -> Found:
        """Complete options of one class, sorted by destination, at costs and with a slack."""
        cost, slack = at
        category = self._options.category[chosen[0]]
        ends = self._options.destination[chosen]
        other = np.append(True, ends[1:] != ends[:-1])
        destinations, row = ends[other], np.cumsum(other) - 1
        ahead = ahead_of(int(category), destinations)
        costs = cost[category], self._own_cost[category], ahead
        search = known.search or Search.of(len(self._a.first_out) - 1, len(self._a.head))
        size, place, routes = known.size, 0, 0
        program = Program.of(size)
        found = room(2 * len(chosen) + 64, 64 * len(chosen) + 1024, 8 * len(chosen) + 1024)
        while True:
            place, routes, have = complete(
                self._graph, known.lists, self._options, costs, (chosen, row, place, routes, slack),
                (search, program), found, out,
            )  # fmt: skip
            if place == len(chosen):
                return cut(found, routes)
            if have >= size:
                size *= 2
                program = Program.of(size)
            else:
                found = larger(found)


def _searches(options: Options) -> list[Ints]:
    """Options that are searched together: of one class, to not too many destinations, and sorted by these."""
    order = np.lexsort((options.destination, options.category))
    category, destination = options.category[order], options.destination[order]
    new_class = np.append(True, category[1:] != category[:-1])
    new_end = new_class | np.append(True, destination[1:] != destination[:-1])
    ends = np.cumsum(new_end)
    # Number of destinations of the same class before this one.
    earlier = ends - np.maximum.accumulate(np.where(new_class, ends, 0))
    begins = new_class | (new_end & (earlier % DESTINATIONS == 0))
    return np.split(order, np.flatnonzero(begins)[1:]) if len(order) else []
