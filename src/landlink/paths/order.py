"""The order of node elimination."""

from __future__ import annotations

import numpy as np

from landlink.core.arrays import Floats, Ints, Ints32
from landlink.paths.order_kernels import arrange, components, order_by_degree, part
from landlink.paths.separator_kernels import SEPARATOR, Graph, separate

#: Maximum size of parts that are ordered by minimum degree.
LEAF = 64


def elimination_order(first_out: Ints, head: Ints, *, coordinates: Floats | None = None) -> Ints:  # noqa: ARG001
    """Order nodes so that their elimination connects few other pairs (nested dissection, George 1973).

    Nodes without incoming or without outgoing arcs are never passed through, so that they come first.

    Parameters
    ----------
    first_out, head
        Graph in compressed-sparse form; shapes (nodes + 1,) and (arcs,). Directions, loops and parallel arcs are
        irrelevant.
    coordinates
        Unused; accepted for the common interface.

    Returns
    -------
    Ints
        The nodes in order of elimination; shape (nodes,). Identical on every platform.
    """
    nodes = len(first_out) - 1
    tail = np.repeat(np.arange(nodes), np.diff(first_out))
    apart = tail != head
    tail, head = tail[apart], head[apart]
    inner = (np.bincount(tail, minlength=nodes) > 0) & (np.bincount(head, minlength=nodes) > 0)
    among = inner[tail] & inner[head]
    new = np.cumsum(inner) - 1
    tail, head = new[tail[among]], new[head[among]]
    first, neighbour = _neighbours(tail, head, int(inner.sum()))
    return np.concatenate([np.flatnonzero(~inner), np.flatnonzero(inner)[_dissect(first, neighbour)]])


def _dissect(first: Ints32, head: Ints32) -> Ints32:
    """Order nodes recursively: both sides of a separator before it, and small parts by minimum degree."""
    order = np.arange(len(first) - 1, dtype=np.int32)
    place = order.copy()
    waiting = [(0, len(order), False)]
    leaves = []
    while waiting:
        low, high, whole = waiting.pop()
        if high - low <= LEAF:
            leaves.append((low, high))
            continue
        inner = part(first, head, order, place, low, high)
        if whole:
            alike = np.ones(max(high - low, len(inner[1])), dtype=np.int32)
            graph = Graph(*inner, alike[: high - low], alike[: len(inner[1])])
            side, _ = separate(graph, high - low, high - low)
            beside = arrange(order, place, low, side, SEPARATOR + 1)
            waiting.append((low, high - int(beside[SEPARATOR]), False))
            continue
        for size in arrange(order, place, low, *components(*inner)).tolist():
            waiting.append((low, low + size, True))
            low += size
    begin, end = np.array(leaves, dtype=np.int64).T.copy()
    order_by_degree(first, head, order, place, begin, end)
    return order


def _neighbours(tail: Ints, head: Ints, nodes: int) -> tuple[Ints32, Ints32]:
    """Neighbours of each node in either direction, without duplicates."""
    pair = np.unique(np.concatenate([tail * nodes + head, head * nodes + tail]))
    first = np.zeros(nodes + 1, dtype=np.int32)
    if nodes > 0:
        first[1:] = np.cumsum(np.bincount(pair // nodes, minlength=nodes))
        pair %= nodes
    return first, pair.astype(np.int32)
