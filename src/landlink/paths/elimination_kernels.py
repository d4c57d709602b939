"""Which pairs of nodes are joined once lower nodes are eliminated: kernels over plain arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def ends_of(first_out: Any, head: Any) -> Any:
    """Whether each node has no arcs in or none out, self loops aside: nothing passes through it. Shape (nodes,)."""
    nodes = len(first_out) - 1
    entered = np.zeros(nodes, dtype=np.bool_)
    left = np.zeros(nodes, dtype=np.bool_)
    for node in range(nodes):
        for arc in range(first_out[node], first_out[node + 1]):
            if head[arc] != node:
                left[node] = True
                entered[head[arc]] = True
    return ~(entered & left)


@njit(cache=True, nogil=True)
def without_ends(first_out: Any, head: Any, end: Any) -> tuple[Any, Any, Any]:
    """The graph between the nodes that are passed through: those nodes, ``first_out`` and ``head`` among them."""
    nodes = len(first_out) - 1
    number = np.full(nodes, -1, dtype=np.int64)
    kept = np.flatnonzero(~end)
    for i in range(len(kept)):
        number[kept[i]] = i
    inner_first = np.zeros(len(kept) + 1, dtype=np.int64)
    inner_head = np.empty(len(head), dtype=np.int64)
    used = 0
    for i in range(len(kept)):
        for arc in range(first_out[kept[i]], first_out[kept[i] + 1]):
            if number[head[arc]] >= 0:
                inner_head[used] = number[head[arc]]
                used += 1
        inner_first[i + 1] = used
    return kept, inner_first, inner_head[:used].copy()


@njit(cache=True, nogil=True)
def postorder(first_out: Any, head: Any, order: Any) -> Any:
    """The same elimination with the nodes of each subtree of the elimination tree side by side.

    The tree comes from Liu (1986) with path compression; its postorder has the same fill (Liu 1990), and a sweep in
    that order finds what it needs in the cache.

    Parameters
    ----------
    first_out, head
        Graph; arcs count in both directions.
    order
        Node at each rank; shape (nodes,).

    Returns
    -------
    order
        Node at each rank, shape (nodes,).
    """
    nodes = len(order)
    first, below = _lower_neighbours(first_out, head, order)
    parent = np.full(nodes, -1, dtype=np.int64)
    leap = np.full(nodes, -1, dtype=np.int64)
    for r in range(nodes):
        for k in range(first[r], first[r + 1]):
            at = below[k]
            while leap[at] != -1 and leap[at] != r:
                above = leap[at]
                leap[at] = r
                at = above
            if leap[at] == -1:
                leap[at] = r
                parent[at] = r
    return _depth_first(parent, order)


@njit(cache=True, nogil=True)
def _depth_first(parent: Any, order: Any) -> Any:
    """Nodes of a forest, children before their parent; filled from the back, a node before its children."""
    nodes = len(parent)
    child = np.full(nodes + 1, -1, dtype=np.int64)
    sibling = np.full(nodes, -1, dtype=np.int64)
    for r in range(nodes - 1, -1, -1):
        above = parent[r] if parent[r] >= 0 else nodes
        sibling[r] = child[above]
        child[above] = r
    found = np.empty(nodes, dtype=np.int64)
    waiting = np.empty(nodes + 1, dtype=np.int64)
    waiting[0] = nodes
    size, place = 1, nodes
    while size > 0:
        size -= 1
        at = waiting[size]
        if at < nodes:
            place -= 1
            found[place] = order[at]
        below = child[at]
        while below >= 0:
            waiting[size] = below
            size += 1
            below = sibling[below]
    return found


@njit(cache=True, nogil=True)
def _lower_neighbours(first_out: Any, head: Any, order: Any) -> tuple[Any, Any]:
    """Neighbours of lower rank of each rank, with repeats, as ``first`` and ``below``."""
    nodes = len(order)
    rank = np.empty(nodes, dtype=np.int64)
    for r in range(nodes):
        rank[order[r]] = r
    first = np.zeros(nodes + 2, dtype=np.int64)
    for node in range(nodes):
        for arc in range(first_out[node], first_out[node + 1]):
            if head[arc] != node:
                first[max(rank[node], rank[head[arc]]) + 2] += 1
    for r in range(nodes):
        first[r + 2] += first[r + 1]
    below = np.empty(first[nodes + 1], dtype=np.int32)
    for node in range(nodes):
        for arc in range(first_out[node], first_out[node + 1]):
            if head[arc] != node:
                high = max(rank[node], rank[head[arc]])
                below[first[high + 1]] = min(rank[node], rank[head[arc]])
                first[high + 1] += 1
    return first[: nodes + 1], below


@njit(cache=True, nogil=True)
def upper_neighbours(first_out: Any, head: Any, order: Any, closed: int) -> tuple[Any, Any]:
    """Neighbours of higher rank of each rank when it is eliminated (the symbolic factorisation of George and Liu 1981).

    What a node is joined to is what its arcs join it to, and what its children in the elimination tree were joined to.

    Parameters
    ----------
    first_out, head
        Graph; arcs count in both directions.
    order
        Node at each rank; shape (nodes,).
    closed
        Number of lowest ranks whose elimination joins nothing.

    Returns
    -------
    first, upper
        Upper neighbours of rank ``r`` are ``upper[first[r] : first[r + 1]]``, ascending; shapes (nodes + 1,), (slots,).
    """
    nodes = len(order)
    below_first, below = _lower_neighbours(first_out, head, order)
    own_first, own = _turned(below_first, below, nodes)
    first = np.zeros(nodes + 1, dtype=np.int64)
    upper = np.empty(2 * len(own) + 16, dtype=np.int32)
    seen = np.full(nodes, -1, dtype=np.int64)
    child = np.full(nodes, -1, dtype=np.int64)
    sibling = np.full(nodes, -1, dtype=np.int64)
    used = 0
    for r in range(nodes):
        room = own_first[r + 1] - own_first[r]
        at = child[r]
        while at >= 0:
            room += first[at + 1] - first[at]
            at = sibling[at]
        if used + room > len(upper):
            longer = np.empty(max(2 * len(upper), used + room), dtype=np.int32)
            longer[:used] = upper[:used]
            upper = longer
        seen[r] = r
        used = _join(own, own_first[r], own_first[r + 1], r, seen, upper, used)
        at = child[r]
        while at >= 0:
            used = _join(upper, first[at], first[at + 1], r, seen, upper, used)
            at = sibling[at]
        first[r + 1] = used
        if r >= closed and used > first[r]:
            parent = upper[first[r] : used].min()
            sibling[r] = child[parent]
            child[parent] = r
    # Turned over twice, each list is ascending.
    turned_first, turned = _turned(first, upper, nodes)
    return _turned(turned_first, turned, nodes)


@njit(cache=True, nogil=True)
def _join(source: Any, start: int, stop: int, r: int, seen: Any, upper: Any, used: int) -> int:
    """Append what the list of rank ``r`` lacks; gives its new end."""
    for k in range(start, stop):
        if seen[source[k]] != r:
            seen[source[k]] = r
            upper[used] = source[k]
            used += 1
    return used


@njit(cache=True, nogil=True)
def _turned(first: Any, other: Any, nodes: int) -> tuple[Any, Any]:
    """Lists by the other end of each pair, ascending."""
    turned_first = np.zeros(nodes + 2, dtype=np.int64)
    for k in range(first[nodes]):
        turned_first[other[k] + 2] += 1
    for r in range(nodes):
        turned_first[r + 2] += turned_first[r + 1]
    turned = np.empty(turned_first[nodes + 1], dtype=np.int32)
    for r in range(nodes):
        for k in range(first[r], first[r + 1]):
            turned[turned_first[other[k] + 1]] = r
            turned_first[other[k] + 1] += 1
    return turned_first[: nodes + 1], turned


@njit(cache=True, nogil=True)
def slots_of(first_out: Any, head: Any, rank: Any, first: Any, upper: Any) -> tuple[Any, Any]:
    """Slot of the pair each arc joins, -1 for a self loop, and whether it runs to the higher rank; shapes (arcs,)."""
    slot = np.full(len(head), -1, dtype=np.int64)
    upward = np.zeros(len(head), dtype=np.bool_)
    for node in range(len(first_out) - 1):
        for arc in range(first_out[node], first_out[node + 1]):
            low, high = rank[node], rank[head[arc]]
            if low == high:
                continue
            upward[arc] = low < high
            if high < low:
                low, high = high, low
            start, stop = first[low], first[low + 1]
            while stop - start > 1:
                middle = (start + stop) >> 1
                if upper[middle] <= high:
                    start = middle
                else:
                    stop = middle
            slot[arc] = start
    return slot, upward
