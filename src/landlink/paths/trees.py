"""Cheapest paths tree by tree: for tiny graphs and few origins."""

from __future__ import annotations

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.paths.dijkstra_kernels import load_trees, routes_to, skim_trees
from landlink.paths.hierarchy import in_threads
from landlink.paths.trips import Fan

#: Trees a task, whatever the threads: sums of flows must not depend on them.
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

    def routes(self, cost: Floats, fan: Fan, known: Floats, *, slack: float, threads: int) -> tuple[Floats, Ints, Ints]:
        """Cheapest costs, and routes where they beat those known: see :class:`landlink.paths.router.Router`."""

        def of(trees: slice) -> tuple[Floats, Ints, Ints]:
            root, first, rows = _part(fan, trees)
            return routes_to(*self._graph, cost, root, first, fan.end[rows], known[rows], slack)

        found = in_threads(of, _tasks(len(fan.root)), threads)
        best, length, arcs = (np.concatenate(part) for part in zip(*found, strict=True))
        return best, length, arcs

    def load(self, cost: Floats, fan: Fan, demand: Floats, *, threads: int) -> tuple[Floats, Floats]:
        """Cheapest costs, and the flow of each arc if all demand takes them."""

        def of(trees: slice) -> tuple[Floats, Floats]:
            root, first, rows = _part(fan, trees)
            return load_trees(*self._graph, cost, root, first, fan.end[rows], demand[rows])

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
        """Costs, shape (origins, destinations), and quantities along the cheapest paths, NaN where there is none."""
        matrix = np.empty((len(origins), len(destinations)))
        carried = np.empty((len(quantities), *matrix.shape))

        def of(trees: slice) -> None:
            skim_trees(
                *self._graph, cost, origins[trees], destinations, np.ascontiguousarray(quantities), matrix[trees],
                carried[:, trees],
            )  # fmt: skip

        in_threads(of, _tasks(len(origins)), threads)
        return matrix, carried


def _tasks(trees: int) -> list[slice]:
    return [slice(start, min(start + TREES_A_TASK, trees)) for start in range(0, trees, TREES_A_TASK)]


def _part(fan: Fan, trees: slice) -> tuple[Ints, Ints, slice]:
    """Roots of some trees, where the trips of each start, and those trips."""
    first = fan.first[trees.start : trees.stop + 1]
    return fan.root[trees], first - first[0], slice(int(first[0]), int(first[-1]))
