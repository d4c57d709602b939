"""Weights of the slots of an elimination: kernels over plain arrays.

Everywhere the last axis of a weight is the direction: 0 up, from the lower to the higher rank, and 1 down.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numba import njit

from landlink.kernels import kernel

#: Relative surplus over the cheapest way between its ends at which a slot is left out: far above the rounding of sums.
SURPLUS: Final = 1e-11


class Frame(NamedTuple):
    """The slots of an elimination, from below and from above.

    Attributes
    ----------
    closed
        Number of lowest ranks that are ends.
    first, upper
        Upper neighbours of each rank: see :class:`landlink.paths.elimination.Elimination`.
    lower
        Lower rank of each slot; shape (slots,).
    below_first, below
        Slots whose upper rank is ``r`` and whose lower rank is not an end, ascending, are
        ``below[below_first[r] : below_first[r + 1]]``.
    """

    closed: int
    first: Any
    upper: Any
    lower: Any
    below_first: Any
    below: Any


@njit(cache=True, nogil=True)
def from_above(first: Any, upper: Any, closed: int) -> tuple[Any, Any, Any]:
    """``lower``, ``below_first`` and ``below`` of a frame."""
    nodes = len(first) - 1
    below_first = np.zeros(nodes + 2, dtype=np.int64)
    for i in range(first[closed], first[nodes]):
        below_first[upper[i] + 2] += 1
    for r in range(nodes):
        below_first[r + 2] += below_first[r + 1]
    below = np.empty(below_first[nodes + 1], dtype=np.int32)
    lower = np.empty(first[nodes], dtype=np.int32)
    for r in range(nodes):
        for i in range(first[r], first[r + 1]):
            lower[i] = r
            if r >= closed:
                below[below_first[upper[i] + 1]] = i
                below_first[upper[i] + 1] += 1
    return lower, below_first[: nodes + 1], below


@njit(cache=True, nogil=True)
def subtrees(frame: Frame) -> tuple[Any, Any, Any]:
    """Parts of the elimination tree that can be customized apart from each other, and the ranks above them.

    Returns
    -------
    start, stop
        Ranks of each part, counted from the first that is no end; shapes (parts,).
    top
        The other ranks that are no ends, ascending.
    """
    first, closed = frame.first, frame.closed
    nodes = len(first) - 1
    work = np.zeros(nodes, dtype=np.int64)
    size = np.ones(nodes, dtype=np.int64)
    whole = 0
    for r in range(closed, nodes):
        for k in range(frame.below_first[r], frame.below_first[r + 1]):
            work[r] += 1 + first[frame.lower[frame.below[k]] + 1] - frame.below[k]
        whole += work[r]
    for r in range(closed, nodes):
        if first[r] < first[r + 1]:
            work[frame.upper[first[r]]] += work[r]
            size[frame.upper[first[r]]] += size[r]
    most = whole // 16
    start = np.empty(nodes - closed, dtype=np.int64)
    stop = np.empty(nodes - closed, dtype=np.int64)
    top = np.empty(nodes - closed, dtype=np.int64)
    parts, others, held = 0, nodes - closed, 0
    r = nodes - 1
    while r >= closed:
        if work[r] > most:
            others -= 1
            top[others] = r
            r -= 1
            continue
        low = r - size[r] + 1 - closed
        # Small trees side by side make one part.
        if parts > 0 and start[parts - 1] == r + 1 - closed and held + work[r] <= most:
            held += work[r]
        else:
            held = work[r]
            stop[parts] = r + 1 - closed
            parts += 1
        start[parts - 1] = low
        r = low - 1 + closed
    return start[:parts].copy(), stop[:parts].copy(), top[others:].copy()


@kernel
def lay_arcs(slot: Any, upward: Any, cost: Any, weight: Any) -> None:
    """Weight of each slot from the arcs alone: the cheapest of those parallel; shape (slots, 2)."""
    weight[:] = np.inf
    for arc in range(len(slot)):
        if slot[arc] >= 0:
            way = 0 if upward[arc] else 1
            weight[slot[arc], way] = min(weight[slot[arc], way], cost[arc])


@kernel
def close_triangles(frame: Frame, ranks: Any, weight: Any, place: Any) -> None:
    """Basic customization (Dibbelt, Strasser and Wagner 2016, section 6): no way over lower ranks beats a slot.

    Slots are drawn from below, so those of some ranks are ready once those of all ranks under them are.

    Parameters
    ----------
    ranks
        Whose slots to finish, ascending.
    weight
        Overwritten; shape (slots, 2).
    place
        Scratch of 32 bits, shape (nodes,).
    """
    first, upper = frame.first, frame.upper
    for rank in ranks:
        for i in range(first[rank], first[rank + 1]):
            place[upper[i]] = i
        for k in range(frame.below_first[rank], frame.below_first[rank + 1]):
            i = frame.below[k]
            up, down = weight[i, 0], weight[i, 1]
            for j in range(i + 1, first[frame.lower[i] + 1]):
                p = place[upper[j]]
                through = down + weight[j, 0]
                weight[p, 0] = through if through < weight[p, 0] else weight[p, 0]  # noqa: FURB136  has no NaN to ask for
                through = up + weight[j, 1]
                weight[p, 1] = through if through < weight[p, 1] else weight[p, 1]  # noqa: FURB136


@kernel
def tighten(frame: Frame, ranks: Any, least: Any) -> None:
    """Perfect customization (same authors, section 7): each slot learns the cheapest way between its ends at all.

    Parameters
    ----------
    ranks
        Whose slots to finish, ascending; those of all ranks above them are ready.
    least
        Weights, overwritten; shape (slots, 2).
    """
    first, upper = frame.first, frame.upper
    for k in range(len(ranks) - 1, -1, -1):
        start, stop = first[ranks[k]], first[ranks[k] + 1]
        for i in range(start, stop - 1):
            p = first[upper[i]]
            for j in range(i + 1, stop):
                while upper[p] != upper[j]:
                    p += 1
                least[i, 0] = min(least[i, 0], least[j, 0] + least[p, 1])
                least[j, 0] = min(least[j, 0], least[i, 0] + least[p, 0])
                least[i, 1] = min(least[i, 1], least[p, 0] + least[j, 1])
                least[j, 1] = min(least[j, 1], least[p, 1] + least[i, 1])


@kernel
def leave_out(weight: Any, least: Any) -> None:
    """Turn the cheapest ways into weights again: those of slots that some cheapest path may use, infinite elsewhere."""
    for i in range(len(weight)):
        for way in range(2):
            useful = least[i, way] >= weight[i, way] * (1.0 - SURPLUS)
            least[i, way] = weight[i, way] if useful else np.inf


@njit(cache=True, nogil=True)
def has_free_cycle(first_out: Any, head: Any, cost: Any) -> bool:
    """Whether arcs so cheap that sums of costs may not feel them form a cycle, loops aside.

    Only then may a cheapest path through shortcuts run round such a cycle.
    """
    total = 0.0
    for arc in range(len(head)):
        if cost[arc] < np.inf:
            total += cost[arc]
    return _has_cycle(first_out, head, cost, total * 2.0**-46)


@njit(cache=True, nogil=True)
def _has_cycle(first_out: Any, head: Any, cost: Any, most: float) -> bool:
    """Whether arcs of no more than some cost form a cycle: then some nodes are never free of such arcs into them."""
    nodes = len(first_out) - 1
    waits_for = np.zeros(nodes, dtype=np.int64)
    for node in range(nodes):
        for arc in range(first_out[node], first_out[node + 1]):
            waits_for[head[arc]] += cost[arc] <= most and head[arc] != node
    free = np.empty(nodes, dtype=np.int64)
    size = 0
    for node in range(nodes):
        if waits_for[node] == 0:
            free[size] = node
            size += 1
    at = 0
    while at < size:
        node = free[at]
        at += 1
        for arc in range(first_out[node], first_out[node + 1]):
            if cost[arc] <= most and head[arc] != node:
                waits_for[head[arc]] -= 1
                if waits_for[head[arc]] == 0:
                    free[size] = head[arc]
                    size += 1
    return size < nodes
