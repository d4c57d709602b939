"""Cheapest paths tree by tree, for tiny graphs and few origins."""

from __future__ import annotations

import numpy as np

from landlink.core.arrays import Floats, Ints, Ints32
from landlink.paths.dijkstra_kernels import Roots, Tree, load_trees, routes_to, skim_trees
from landlink.paths.hierarchy import in_threads
from landlink.paths.trips import Fan

#: Number of trees per task, regardless of threads, so that sums of flows do not depend on these.
TREES_A_TASK = 64


class Trees:
    """Routes, loads and skims by a tree from each origin (Dijkstra 1959).

    Parameters
    ----------
    first_out, head, tail
        The graph.
    """

    def __init__(self, first_out: Ints, head: Ints, tail: Ints) -> None:
        self._graph = first_out, head, tail

    def routes(
        self, cost: Floats, fan: Fan, known: Floats, *, slack: float, threads: int
    ) -> tuple[Floats, Ints, Ints32]:
        """Find cheapest costs, and routes if cheaper than known ones: see :class:`landlink.paths.router.Router`."""

        def of(trees: slice) -> tuple[Floats, Ints, Ints32]:
            roots, rows = _part(fan, trees)
            best, length = np.empty(len(roots.end)), np.empty(len(roots.end), dtype=np.int64)
            tree, arcs = self._scratch(), np.empty(1024, dtype=np.int32)
            done, used = 0, 0
            while True:
                done, used = routes_to(
                    self._graph, cost, roots, (known[rows], slack), tree, (best, length, arcs), (done, used)
                )
                if done == len(roots.root):
                    return best, length, arcs[:used]
                arcs = np.concatenate([arcs, np.empty_like(arcs)])

        found = in_threads(of, _tasks(len(fan.root)), threads)
        best, length, arcs = (np.concatenate(part) for part in zip(*found, strict=True))
        return best, length, arcs

    def load(self, cost: Floats, fan: Fan, demand: Floats, *, threads: int) -> tuple[Floats, Floats]:
        """Find cheapest costs, and the all-or-nothing flow of each arc."""

        def of(trees: slice) -> tuple[Floats, Floats]:
            roots, rows = _part(fan, trees)
            best, flow = np.empty(len(roots.end)), np.zeros(len(cost))
            load_trees(self._graph, cost, roots, demand[rows], self._scratch(), best, flow)
            return best, flow

        best, flow = [], np.zeros(len(cost))
        tasks = _tasks(len(fan.root))
        for start in range(0, len(tasks), threads):
            for reached, carried in in_threads(of, tasks[start : start + threads], threads):
                best.append(reached)
                flow += carried
        return np.concatenate(best), flow

    def skim(
        self, cost: Floats, origins: Ints, destinations: Ints, quantities: Floats, *, threads: int
    ) -> tuple[Floats, Floats]:
        """Skim costs, shape (origins, destinations), and quantities along the cheapest paths, NaN if there is none."""
        matrix = np.empty((len(origins), len(destinations)))
        carried = np.empty((len(quantities), *matrix.shape))
        each = np.ascontiguousarray(quantities)

        def of(trees: slice) -> None:
            roots = origins, trees.start, trees.stop
            skim_trees(self._graph, cost, roots, destinations, each, self._scratch(), (matrix, carried))

        in_threads(of, _tasks(len(origins)), threads)
        return matrix, carried

    def _scratch(self) -> Tree:
        first_out, head, _ = self._graph
        return Tree.of(len(first_out) - 1, len(head))


def _tasks(trees: int) -> list[slice]:
    return [slice(start, min(start + TREES_A_TASK, trees)) for start in range(0, trees, TREES_A_TASK)]


def _part(fan: Fan, trees: slice) -> tuple[Roots, slice]:
    """Select some of the trees, and their trips."""
    first = fan.first[trees.start : trees.stop + 1]
    rows = slice(int(first[0]), int(first[-1]))
    return Roots(fan.root[trees], first - first[0], fan.end[rows]), rows
