"""Random directed graphs with costs, for tests of paths."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from landlink.paths.dijkstra_twin import shortest_tree
from landlink.paths.trips import Trips


@dataclass(frozen=True)
class Digraph:
    """A graph in compressed-sparse form and the cost of each arc."""

    first_out: np.ndarray
    head: np.ndarray
    tail: np.ndarray
    cost: np.ndarray

    @property
    def nodes(self) -> int:
        return len(self.first_out) - 1

    @property
    def graph(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return self.first_out, self.head, self.tail

    def distances(self, source: int) -> np.ndarray:
        return np.array(shortest_tree(self.first_out.tolist(), self.head.tolist(), self.cost.tolist(), source)[0])

    def matrix(self) -> np.ndarray:
        return np.array([self.distances(source) for source in range(self.nodes)]).reshape(self.nodes, self.nodes)

    def every_trip(self) -> Trips:
        """From every node to every node."""
        origin, destination = np.divmod(np.arange(self.nodes**2), self.nodes)
        return Trips(np.zeros(self.nodes**2, dtype=np.int64), origin, destination)


def digraph(nodes: int, arcs: list[tuple[int, int, float]]) -> Digraph:
    """A graph from (tail, head, cost)."""
    arcs = sorted(arcs, key=lambda arc: arc[0])
    tail = np.array([arc[0] for arc in arcs], dtype=np.int64)
    first_out = np.append(0, np.cumsum(np.bincount(tail, minlength=nodes))).astype(np.int64)
    head = np.array([arc[1] for arc in arcs], dtype=np.int64)
    return Digraph(first_out, head, tail, np.array([arc[2] for arc in arcs], dtype=np.float64))


#: Costs with many ties, some free, some prohibited.
tied_costs = st.sampled_from([0.0, 0.0, 1.0, 1.0, 2.0, 3.0, math.inf])
#: Costs of which no two sums are alike.
distinct_costs = st.floats(0.001, 100.0).map(lambda cost: cost * math.pi)


@st.composite
def digraphs(draw: st.DrawFn, *, costs: st.SearchStrategy[float] = tied_costs, max_nodes: int = 14) -> Digraph:
    """Any graph: parallel arcs, self loops, nodes apart, one node alone, ends and streets in one direction."""
    nodes = draw(st.integers(1, max_nodes))
    node = st.integers(0, nodes - 1)
    arcs = draw(st.lists(st.tuples(node, node, costs), max_size=4 * nodes))
    if draw(st.booleans()):
        arcs += [(head, tail, draw(costs)) for tail, head, _ in arcs]
    return digraph(nodes, arcs)


def grid(side: int, *, seed: int = 0, free_share: float = 0.0) -> Digraph:
    """Streets in both directions between the crossings of a square grid, some without cost."""
    random = np.random.default_rng(seed)
    crossing = np.arange(side * side).reshape(side, side)
    east = np.stack([crossing[:, :-1].ravel(), crossing[:, 1:].ravel()], axis=1)
    south = np.stack([crossing[:-1].ravel(), crossing[1:].ravel()], axis=1)
    streets = np.concatenate([east, south, east[:, ::-1], south[:, ::-1]])
    cost = random.uniform(1.0, 2.0, len(streets))
    cost[random.random(len(streets)) < free_share] = 0.0
    return digraph(side * side, [(int(a), int(b), float(c)) for (a, b), c in zip(streets, cost, strict=True)])
