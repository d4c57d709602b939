"""Shortest-path trees on a compressed-sparse graph: Dijkstra's method with a binary heap."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from landlink.core.jit import kernel


class Tree(NamedTuple):
    """Scratch of a search.

    Attributes
    ----------
    distance, last_arc, order, total
        Shape (nodes,).
    heap, key
        Shape (arcs + 1,): a node can be in the heap once for each arc into it.
    """

    distance: Any
    last_arc: Any
    order: Any
    total: Any
    heap: Any
    key: Any

    @classmethod
    def of(cls, nodes: int, arcs: int) -> Tree:
        """Scratch for a graph of some size."""
        return cls(
            np.empty(nodes), np.empty(nodes, dtype=np.int64), np.empty(nodes, dtype=np.int64), np.empty(nodes),
            np.empty(arcs + 1, dtype=np.int64), np.empty(arcs + 1),
        )  # fmt: skip


class Roots(NamedTuple):
    """Trees to grow: that of ``root[t]`` has the ends ``end[first[t] : first[t + 1]]``; arrays are contiguous."""

    root: Any
    first: Any
    end: Any


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
        Written: shape (nodes,); ``inf`` and -1 where unreachable from the root.
    heap, key
        Scratch of shape (arcs + 1,): a node can be in the heap once for each arc into it.
    """
    for node in range(len(distance)):
        distance[node] = np.inf
        last_arc[node] = -1
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


@kernel
def routes_to(graph: Any, cost: Any, roots: Roots, wanted: Any, tree: Tree, found: Any, start: Any) -> Any:
    """Find the cheapest cost to every end, and the route if it is cheaper than the known cost.

    Parameters
    ----------
    graph
        ``first_out``, ``head`` and ``tail``.
    wanted
        Cost of the best known route to each end, infinite if there is none; and the relative saving below which new
        routes are ignored.
    found
        Written: cheapest cost by end; number of arcs of the new route by end, 0 if there is none; and those arcs in
        travel order, one route after the other.
    start
        Tree to resume from, and number of arcs written so far.

    Returns
    -------
    int, int
        The number of trees and of the arcs written; or, if ``found`` is too small, the tree to resume from with larger
        arrays.
    """
    first_out, head, tail = graph
    known, slack = wanted
    best, length, arcs = found
    first, used = start
    for r in range(first, len(roots.root)):
        shortest_tree(first_out, head, cost, roots.root[r], tree.distance, tree.last_arc, tree.heap, tree.key)
        before = used
        for e in range(roots.first[r], roots.first[r + 1]):
            best[e] = tree.distance[roots.end[e]]
            length[e] = 0
            if not best[e] < known[e] * (1.0 - slack):
                continue
            steps = 0
            node = roots.end[e]
            while tree.last_arc[node] >= 0:
                steps += 1
                node = tail[tree.last_arc[node]]
            if used + steps > len(arcs):
                return r, before
            node = roots.end[e]
            for step in range(steps):
                arcs[used + steps - 1 - step] = tree.last_arc[node]
                node = tail[tree.last_arc[node]]
            length[e] = steps
            used += steps
    return len(roots.root), used


@kernel
def _from_root(first_out: Any, head: Any, last_arc: Any, source: int, order: Any) -> int:
    """List the nodes of a tree, each after its predecessor; return their number."""
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


@kernel
def load_trees(graph: Any, cost: Any, roots: Roots, demand: Any, tree: Tree, best: Any, flow: Any) -> None:
    """Find the cheapest cost to every end, and the all-or-nothing flow of each arc.

    Parameters
    ----------
    graph
        ``first_out``, ``head`` and ``tail``.
    demand
        By end. Unreachable demand is not loaded.
    best
        Written, by end.
    flow
        Added to, by arc.
    """
    first_out, head, tail = graph
    load = tree.total
    for node in range(len(load)):
        load[node] = 0.0
    for r in range(len(roots.root)):
        root = roots.root[r]
        shortest_tree(first_out, head, cost, root, tree.distance, tree.last_arc, tree.heap, tree.key)
        for e in range(roots.first[r], roots.first[r + 1]):
            best[e] = tree.distance[roots.end[e]]
            if best[e] < np.inf:
                load[roots.end[e]] += demand[e]
        size = _from_root(first_out, head, tree.last_arc, root, tree.order)
        for k in range(size - 1, 0, -1):
            node = tree.order[k]
            flow[tree.last_arc[node]] += load[node]
            load[tail[tree.last_arc[node]]] += load[node]
            load[node] = 0.0
        load[root] = 0.0


@kernel
def skim_trees(graph: Any, cost: Any, roots: Any, ends: Any, quantities: Any, tree: Tree, found: Any) -> None:
    """Write costs from some roots to every end, and sums of quantities along the trees, NaN if there is no path.

    Parameters
    ----------
    graph
        ``first_out``, ``head`` and ``tail``.
    roots
        All roots, the first one to process, and the one after the last.
    quantities
        Of each arc; shape (quantities, arcs).
    found
        Written: costs, shape (roots, ends), and sums, shape (quantities, roots, ends).
    """
    first_out, head, tail = graph
    root, begin, stop = roots
    matrix, carried = found
    total, last_arc, order = tree.total, tree.last_arc, tree.order
    for r in range(begin, stop):
        shortest_tree(first_out, head, cost, root[r], tree.distance, last_arc, tree.heap, tree.key)
        for e in range(len(ends)):
            matrix[r, e] = tree.distance[ends[e]]
        size = 0
        if len(quantities) > 0:
            size = _from_root(first_out, head, last_arc, root[r], order)
        for i in range(len(quantities)):
            for node in range(len(total)):
                total[node] = np.nan
            total[root[r]] = 0.0
            for k in range(1, size):
                arc = last_arc[order[k]]
                total[order[k]] = total[tail[arc]] + quantities[i, arc]
            for e in range(len(ends)):
                carried[i, r, e] = total[ends[e]]
