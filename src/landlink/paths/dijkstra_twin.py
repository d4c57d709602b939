"""A plain reference implementation of :mod:`landlink.paths.dijkstra_kernels`, for readers and tests."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence


def shortest_tree(
    first_out: Sequence[int], head: Sequence[int], cost: Sequence[float], source: int
) -> tuple[list[float], list[int]]:
    """Find the distances from a node and the last arc of the path to each node (Dijkstra 1959).

    Parameters
    ----------
    first_out, head
        Graph in compressed-sparse form; shapes (nodes + 1,) and (arcs,).
    cost
        Non-negative costs, infinite where an arc is prohibited; shape (arcs,).
    source
        Root.

    Returns
    -------
    distance, last_arc
        By node; ``inf`` and -1 where unreachable from the root.

    Examples
    --------
    >>> shortest_tree([0, 2, 3, 3], [1, 2, 2], [1.0, 5.0, 2.0], 0)
    ([0.0, 1.0, 3.0], [-1, 0, 2])
    """
    nodes = len(first_out) - 1
    distance, last_arc = [math.inf] * nodes, [-1] * nodes
    distance[source] = 0.0
    waiting = [(0.0, source)]
    while waiting:
        reached, node = heapq.heappop(waiting)
        if reached > distance[node]:
            continue
        for arc in range(first_out[node], first_out[node + 1]):
            through = reached + cost[arc]
            if through < distance[head[arc]]:
                distance[head[arc]], last_arc[head[arc]] = through, arc
                heapq.heappush(waiting, (through, head[arc]))
    return distance, last_arc
