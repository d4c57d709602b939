"""The relative gap of any code's flows, computed from the flows alone by the same function for all."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from benchmarks.roads import Roads
from landlink.core.arrays import Floats


def relative_gap(roads: Roads, flow: Floats) -> float:
    """Relative gap: the cost of trips in excess of the cheapest routes at these flows, relative to their cost.

    Raises
    ------
    ValueError
        The flows do not serve the trips, so that their gap has no meaning.
    """
    flow = np.asarray(flow, dtype=np.float64)
    _check_carried(roads, flow)
    cost = roads.cost(flow)
    cheapest = distances(roads, cost)[roads.origin, roads.last[roads.destination]]
    spent = float(np.dot(flow, cost))
    return (spent - float(np.dot(roads.trips, cheapest))) / spent


def distances(roads: Roads, cost: Floats) -> Floats:
    """Cheapest costs from each zone to each copy of a node, by Dijkstra's method in scipy."""
    return np.asarray(dijkstra(matrix(roads, cost), indices=np.arange(roads.zones)))


def matrix(roads: Roads, cost: Floats) -> csr_matrix:
    """The network for scipy, with only the cheapest of parallel links, since scipy would sum them."""
    order = np.lexsort((cost, roads.end, roads.tail))
    tail, head = roads.tail[order], roads.end[order]
    new = np.append(True, (np.diff(tail) != 0) | (np.diff(head) != 0))
    size = roads.nodes + roads.closed
    first = np.append(0, np.cumsum(np.bincount(tail[new], minlength=size)))
    return csr_matrix((cost[order][new], head[new], first), shape=(size, size))


def _check_carried(roads: Roads, flow: Floats) -> None:
    size = roads.nodes + roads.closed
    net = np.bincount(roads.tail, flow, size) - np.bincount(roads.end, flow, size)
    net -= np.bincount(roads.origin, roads.trips, size)
    net += np.bincount(roads.last[roads.destination], roads.trips, size)
    if not np.abs(net).max() < 1e-6 * roads.trips.sum() or not flow.min() > -1e-9:
        raise ValueError(f"flows miss a node's trips by {np.abs(net).max()}")
