"""Shortest-path trees on a compressed-sparse graph: Dijkstra's method with a binary heap."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from landlink.core.jit import kernel


@kernel
def shortest_tree(
    first_out: Any, head: Any, cost: Any, source: int, distance: Any, last_arc: Any, heap: Any, key: Any
) -> None:
    """Fill distances and last arcs of the tree from a node (Dijkstra 1959).

    Parameters
    ----------
    first_out, head
        Graph; shapes (nodes + 1,) and (arcs,).
    cost
        Non-negative costs, infinite where an arc is prohibited; shape (arcs,).
    source
        Root.
    distance, last_arc
        Written: shape (nodes,); ``inf`` and -1 where the root does not reach.
    heap, key
        Scratch of shape (arcs + 1,): a node may stand in the heap once for each arc into it.
    """
    distance[:] = np.inf
    last_arc[:] = -1
    distance[source] = 0.0
    heap[0] = source
    key[0] = 0.0
    size = 1
    while size > 0:
        node, reached = heap[0], key[0]
        size -= 1
        _sift_down(heap, key, heap[size], key[size], size)
        if reached > distance[node]:
            continue
        for arc in range(first_out[node], first_out[node + 1]):
            through = reached + cost[arc]
            end = head[arc]
            if through < distance[end]:
                distance[end] = through
                last_arc[end] = arc
                _sift_up(heap, key, end, through, size)
                size += 1


@kernel
def _sift_up(heap: Any, key: Any, node: int, value: float, at: int) -> None:
    while at > 0:
        parent = (at - 1) >> 1
        if key[parent] <= value:
            break
        heap[at] = heap[parent]
        key[at] = key[parent]
        at = parent
    heap[at] = node
    key[at] = value


@kernel
def _sift_down(heap: Any, key: Any, node: int, value: float, size: int) -> None:
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and key[child + 1] < key[child]:
            child += 1
        if key[child] >= value:
            break
        heap[at] = heap[child]
        key[at] = key[child]
        at = child
    heap[at] = node
    key[at] = value


@njit(cache=True, nogil=True)
def routes_to(  # noqa: PLR0913, PLR0917  a kernel takes plain arrays
    first_out: Any, head: Any, tail: Any, cost: Any, roots: Any, root_first: Any, ends: Any, known: Any, slack: float
) -> tuple[Any, Any, Any]:
    """Cheapest cost to every end, and the route wherever it is cheaper than the cost already known.

    Parameters
    ----------
    roots
        Root of each tree, shape (trees,).
    root_first
        Ends of tree ``r`` are ``ends[root_first[r] : root_first[r + 1]]``; shape (trees + 1,).
    ends
        Node to reach, shape (ends,).
    known
        Cost of the best route known to each end; infinite where none is.
    slack
        Relative saving below which a new route is not worth having.

    Returns
    -------
    best, length, arcs
        Cheapest cost by end; number of arcs of the new route by end, 0 where there is none; those arcs in travel order,
        one route after the other.
    """
    nodes = len(first_out) - 1
    distance = np.empty(nodes)
    last_arc = np.empty(nodes, dtype=np.int64)
    heap = np.empty(len(head) + 1, dtype=np.int64)
    key = np.empty(len(head) + 1)
    best = np.empty(len(ends))
    length = np.zeros(len(ends), dtype=np.int64)
    arcs = np.empty(1024, dtype=np.int64)
    used = 0
    for r in range(len(roots)):
        shortest_tree(first_out, head, cost, roots[r], distance, last_arc, heap, key)
        for e in range(root_first[r], root_first[r + 1]):
            best[e] = distance[ends[e]]
            if not best[e] < known[e] * (1.0 - slack):
                continue
            steps = 0
            node = ends[e]
            while last_arc[node] >= 0:
                steps += 1
                node = tail[last_arc[node]]
            if used + steps > len(arcs):
                longer = np.empty(max(2 * len(arcs), used + steps), dtype=np.int64)
                longer[:used] = arcs[:used]
                arcs = longer
            node = ends[e]
            for step in range(steps):
                arcs[used + steps - 1 - step] = last_arc[node]
                node = tail[last_arc[node]]
            length[e] = steps
            used += steps
    return best, length, arcs[:used].copy()


@kernel
def _from_root(first_out: Any, head: Any, last_arc: Any, source: int, order: Any) -> int:
    """Nodes of a tree, each after the one it is reached from; gives their number."""
    order[0] = source
    at, size = 0, 1
    while at < size:
        node = order[at]
        at += 1
        for arc in range(first_out[node], first_out[node + 1]):
            if last_arc[head[arc]] == arc:
                order[size] = head[arc]
                size += 1
    return size


@njit(cache=True, nogil=True)
def load_trees(
    first_out: Any, head: Any, tail: Any, cost: Any, roots: Any, root_first: Any, ends: Any, demand: Any
) -> tuple[Any, Any]:
    """Cheapest cost to every end, and the flow of each arc if all demand takes the trees; shapes (ends,) and (arcs,).

    Parameters
    ----------
    roots, root_first, ends
        As in :func:`routes_to`.
    demand
        By end. What cannot be reached is not loaded.
    """
    nodes = len(first_out) - 1
    distance = np.empty(nodes)
    last_arc = np.empty(nodes, dtype=np.int64)
    heap = np.empty(len(head) + 1, dtype=np.int64)
    key = np.empty(len(head) + 1)
    order = np.empty(nodes, dtype=np.int64)
    best = np.empty(len(ends))
    flow = np.zeros(len(head))
    load = np.zeros(nodes)
    for r in range(len(roots)):
        shortest_tree(first_out, head, cost, roots[r], distance, last_arc, heap, key)
        for e in range(root_first[r], root_first[r + 1]):
            best[e] = distance[ends[e]]
            if best[e] < np.inf:
                load[ends[e]] += demand[e]
        size = _from_root(first_out, head, last_arc, roots[r], order)
        for k in range(size - 1, 0, -1):
            node = order[k]
            flow[last_arc[node]] += load[node]
            load[tail[last_arc[node]]] += load[node]
            load[node] = 0.0
        load[roots[r]] = 0.0
    return best, flow


@njit(cache=True, nogil=True)
def skim_trees(  # noqa: PLR0913, PLR0917  a kernel takes plain arrays
    first_out: Any, head: Any, tail: Any, cost: Any, roots: Any, ends: Any, quantities: Any, matrix: Any, carried: Any
) -> None:
    """Write costs from every root to every end, and sums of quantities along the trees, NaN where there is no way.

    Parameters
    ----------
    quantities
        Of each arc; shape (quantities, arcs).
    matrix, carried
        Written; shapes (roots, ends) and (quantities, roots, ends).
    """
    nodes = len(first_out) - 1
    distance = np.empty(nodes)
    last_arc = np.empty(nodes, dtype=np.int64)
    heap = np.empty(len(head) + 1, dtype=np.int64)
    key = np.empty(len(head) + 1)
    order = np.empty(nodes, dtype=np.int64)
    total = np.empty(nodes)
    for r in range(len(roots)):
        shortest_tree(first_out, head, cost, roots[r], distance, last_arc, heap, key)
        for e in range(len(ends)):
            matrix[r, e] = distance[ends[e]]
        size = 0
        if len(quantities) > 0:
            size = _from_root(first_out, head, last_arc, roots[r], order)
        for i in range(len(quantities)):
            total[:] = np.nan
            total[roots[r]] = 0.0
            for k in range(1, size):
                arc = last_arc[order[k]]
                total[order[k]] = total[tail[arc]] + quantities[i, arc]
            for e in range(len(ends)):
                carried[i, r, e] = total[ends[e]]
