"""Weights of the slots of an elimination: kernels over plain arrays.

The last axis of weights is the direction: 0 up, from the lower to the higher rank, and 1 down.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from landlink.core.jit import kernel

#: Relative excess over the cheapest path between its ends at which a slot is pruned, far above rounding of sums.
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


@kernel
def from_above(frame: Frame) -> None:
    """Compute the arrays ``lower``, ``below_first`` and ``below`` of a frame from the others."""
    first, upper, closed = frame.first, frame.upper, frame.closed
    lower, below_first, below = frame.lower, frame.below_first, frame.below
    nodes = len(first) - 1
    for r in range(nodes + 1):
        below_first[r] = 0
    for i in range(first[closed], first[nodes]):
        below_first[upper[i] + 1] += 1
    for r in range(nodes):
        below_first[r + 1] += below_first[r]
    # Filled backwards, so that each start ends at its final value.
    for r in range(nodes - 1, -1, -1):
        for i in range(first[r + 1] - 1, first[r] - 1, -1):
            lower[i] = r
            if r >= closed:
                below_first[upper[i] + 1] -= 1
                below[below_first[upper[i] + 1]] = i
    for r in range(nodes):
        below_first[r] = below_first[r + 1]
    below_first[nodes] = first[nodes] - first[closed]


@kernel
def subtrees(frame: Frame, work: Any, size: Any, parts: Any) -> tuple[int, int]:
    """Find parts of the elimination tree that can be customized independently, and the ranks above them.

    Parameters
    ----------
    work, size
        Scratch, shapes (nodes,).
    parts
        Written, shape (3, nodes): from the front, the first rank of each part and the one after its last; from the
        back, the other ranks that are not ends, ascending.

    Returns
    -------
    int, int
        Number of parts and of other ranks.
    """
    first, closed = frame.first, frame.closed
    nodes = len(first) - 1
    whole = _triangles_under(frame, work, size)
    others, count, held = 0, 0, 0
    r = nodes - 1
    while r >= closed:
        if work[r] * 8 > whole:
            others += 1
            parts[2, nodes - others] = r
            r -= 1
            continue
        # Adjacent small trees form one part.
        if count > 0 and parts[0, count - 1] == r + 1 and (held + work[r]) * 8 <= whole:
            held += work[r]
        else:
            held = work[r]
            parts[1, count] = r + 1
            count += 1
        r -= size[r]
        parts[0, count - 1] = r + 1
    return count, others


@kernel
def _triangles_under(frame: Frame, work: Any, size: Any) -> int:
    """Count triangles and ranks of the subtree of each rank that is not an end; return the total of triangles."""
    first, upper, lower, closed = frame.first, frame.upper, frame.lower, frame.closed
    below_first, below = frame.below_first, frame.below
    whole = 0
    for r in range(closed, len(work)):
        work[r], size[r] = 0, 1
    for r in range(closed, len(work)):
        own = 0
        for k in range(below_first[r], below_first[r + 1]):
            own += first[lower[below[k]] + 1] - below[k]
        whole += own
        work[r] += own
        if first[r] < first[r + 1]:
            work[upper[first[r]]] += work[r]
            size[upper[first[r]]] += size[r]
    return whole


@kernel
def lay_arcs(slot: Any, upward: Any, cost: Any, weight: Any) -> None:
    """Initial weight of each slot, that of the cheapest parallel arc; shape (slots, 2)."""
    for i in range(len(weight)):
        weight[i, 0] = weight[i, 1] = np.inf
    for arc in range(len(slot)):
        if slot[arc] >= 0:
            way = 0 if upward[arc] else 1
            weight[slot[arc], way] = min(weight[slot[arc], way], cost[arc])


class Part(NamedTuple):
    """Ranks whose slots are processed by one thread.

    Attributes
    ----------
    ranks
        Ascending.
    above
        Ranks that include all upper ends of their slots, ascending.
    counts
        Whether the slots of each rank belong to this part; shape (nodes,).
    """

    ranks: Any
    above: Any
    counts: Any


@kernel
def close_triangles(frame: Frame, part: Part, weight: Any, place: Any) -> None:
    """Basic customization (Dibbelt, Strasser and Wagner 2016, section 6): cheapest costs over lower ranks.

    Slots are computed from below, so that those of a rank are final once those of all lower ranks are. Since a minimum
    does not depend on the order, a part can be updated from some of the lower ranks first and from others later.

    Parameters
    ----------
    part
        Part whose slots are updated, from its own lower ranks.
    weight
        Overwritten; shape (slots, 2).
    place
        Scratch of 32 bits, shape (nodes,).
    """
    first, upper, lower = frame.first, frame.upper, frame.lower
    for rank in part.ranks:
        for i in range(first[rank], first[rank + 1]):
            place[upper[i]] = i
        for k in range(frame.below_first[rank], frame.below_first[rank + 1]):
            i = frame.below[k]
            if not part.counts[lower[i]]:
                continue
            up, down = weight[i, 0], weight[i, 1]
            for j in range(i + 1, first[lower[i] + 1]):
                p = place[upper[j]]
                through = down + weight[j, 0]
                weight[p, 0] = through if through < weight[p, 0] else weight[p, 0]  # noqa: FURB136  has no NaN to ask for
                through = up + weight[j, 1]
                weight[p, 1] = through if through < weight[p, 1] else weight[p, 1]  # noqa: FURB136


@kernel
def tighten(frame: Frame, part: Part, least: Any, place: Any) -> None:
    """Perfect customization (same authors, section 7): cheapest costs between the ends of slots over all ranks.

    Parameters
    ----------
    part
        Part whose slots are updated, after those of all higher ranks.
    least
        Weights, overwritten; shape (slots, 2).
    place
        Scratch of 32 bits, shape (nodes,).
    """
    first, upper, lower, below = frame.first, frame.upper, frame.lower, frame.below
    if len(part.ranks) == 0:
        return
    lowest, highest = part.ranks[0], part.ranks[-1]
    for n in range(len(part.above) - 1, -1, -1):
        middle = part.above[n]
        k, stop = _first_from(lower, below, frame.below_first[middle], frame.below_first[middle + 1], lowest)
        if k == stop or lower[below[k]] > highest:
            continue
        for i in range(first[middle], first[middle + 1]):
            place[upper[i]] = i
        while k < stop and lower[below[k]] <= highest:
            if part.counts[lower[below[k]]]:
                _tighten_over(upper, below[k], first[lower[below[k]] + 1], least, place)
            k += 1


@kernel
def _first_from(lower: Any, below: Any, start: int, stop: int, lowest: int) -> tuple[int, int]:
    """First index from ``start`` on whose slot has a lower rank of at least ``lowest``, and ``stop``."""
    low, high = start, stop
    while low < high:
        middle = (low + high) >> 1
        if lower[below[middle]] < lowest:
            low = middle + 1
        else:
            high = middle
    return low, stop


@kernel
def _tighten_over(upper: Any, i: int, stop: int, least: Any, place: Any) -> None:
    """Triangles whose lower sides are slot ``i`` and a later one of the same rank; ``place`` gives the third side."""
    up, down = least[i, 0], least[i, 1]
    for j in range(i + 1, stop):
        p = place[upper[j]]
        far_up, far_down, on_up, on_down = least[j, 0], least[j, 1], least[p, 0], least[p, 1]
        through = far_up + on_down
        up = through if through < up else up  # noqa: FURB136  has no NaN to ask for
        through = on_up + far_down
        down = through if through < down else down  # noqa: FURB136
        through = up + on_up
        least[j, 0] = through if through < far_up else far_up  # noqa: FURB136
        through = on_down + down
        least[j, 1] = through if through < far_down else far_down  # noqa: FURB136
    least[i, 0], least[i, 1] = up, down


@kernel
def leave_out(weight: Any, least: Any) -> None:
    """Prune weights: keep those of slots that a cheapest path may use, and set the others to infinity."""
    for i in range(len(weight)):
        for way in range(2):
            useful = least[i, way] >= weight[i, way] * (1.0 - SURPLUS)
            least[i, way] = weight[i, way] if useful else np.inf


@kernel
def has_cycle(first_out: Any, head: Any, chosen: Any, waits_for: Any, free: Any) -> bool:
    """Whether the chosen arcs contain a cycle, by topological sorting (Kahn 1962).

    Parameters
    ----------
    chosen
        Whether each arc is chosen; shape (arcs,).
    waits_for
        Scratch of zeros, shape (nodes,).
    free
        Scratch, shape (nodes,).
    """
    nodes = len(waits_for)
    for arc in range(len(head)):
        waits_for[head[arc]] += chosen[arc]
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
            if chosen[arc]:
                waits_for[head[arc]] -= 1
                if waits_for[head[arc]] == 0:
                    free[size] = head[arc]
                    size += 1
    return size < nodes
