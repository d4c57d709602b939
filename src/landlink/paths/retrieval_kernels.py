"""Unpacking of shortcuts for routes, flows and sums along slots: kernels over plain arrays.

The constituents of a weight are found by equality on first use, and then stored: only few of them are needed, and a
customization that does not record them takes half the time.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numba import njit

from landlink.core.jit import kernel
from landlink.paths.carrying_kernels import Batch
from landlink.paths.hierarchy_kernels import Frame
from landlink.paths.lanes import LANES
from landlink.paths.sweep_kernels import Descent, Lanes

#: Mark of a slot whose constituents are not known yet.
UNKNOWN: Final = -(2**63)


class Shortcuts(NamedTuple):
    """Weights of slots and their constituents.

    Attributes
    ----------
    weight
        All weights, without pruning; shape (slots, 2).
    leg
        ``~arc``; or, counted from 0, ``down * 2**32 + up`` for the slot travelled down and the slot travelled up after
        it; or ``UNKNOWN``; shape (slots, 2). Of alternatives of equal weight, an arc precedes a shortcut, and the arc
        of the lowest index or the shortcut over the lowest rank precedes others. A single word, so that threads can
        fill it in concurrently.
    """

    weight: Any
    leg: Any


@kernel
def lay_legs(slot: Any, upward: Any, cost: Any, shortcuts: Shortcuts) -> None:
    """Set the constituents of slots that are arcs, and mark the others as unknown."""
    weight, leg = shortcuts
    for i in range(len(leg)):
        leg[i, 0] = leg[i, 1] = UNKNOWN
    for arc in range(len(slot) - 1, -1, -1):
        if slot[arc] >= 0:
            way = 0 if upward[arc] else 1
            if cost[arc] == weight[slot[arc], way]:
                leg[slot[arc], way] = ~arc


@njit(inline="always")
def _leg(frame: Frame, shortcuts: Shortcuts, i: int, way: int) -> int:
    """Return the constituents of a slot with a finite weight."""
    if shortcuts.leg[i, way] == UNKNOWN:
        shortcuts.leg[i, way] = _found_leg(
            frame.first, frame.upper, frame.lower, frame.below_first, frame.below, shortcuts.weight, i, way
        )
    return int(shortcuts.leg[i, way])


@kernel
def _found_leg(first: Any, upper: Any, lower: Any, below_first: Any, below: Any, weight: Any, i: int, way: int) -> int:
    """Find the first triangle over a slot whose two other sides have its weight."""
    known, high = weight[i, way], upper[i]
    for k in range(below_first[lower[i]], below_first[lower[i] + 1]):
        a = below[k]
        if weight[a, 1 - way] > known:
            continue
        b, stop = a + 1, first[lower[a] + 1]
        while b < stop and upper[b] < high:
            b += 1
        if b < stop and upper[b] == high and weight[a, 1 - way] + weight[b, way] == known:
            return int((a << 32) + b) if way == 0 else int((b << 32) + a)
    return UNKNOWN


@kernel
def find_legs(frame: Frame, shortcuts: Shortcuts, place: Any) -> None:
    """Find the constituents of all slots, which is faster by triangle than by slot.

    Parameters
    ----------
    place
        Scratch of 32 bits, shape (nodes,).
    """
    first, upper, lower, below = frame.first, frame.upper, frame.lower, frame.below
    weight, leg = shortcuts
    for rank in range(frame.closed, len(first) - 1):
        for i in range(first[rank], first[rank + 1]):
            place[upper[i]] = i
        for k in range(frame.below_first[rank], frame.below_first[rank + 1]):
            i = below[k]
            up, down = weight[i, 0], weight[i, 1]
            for j in range(i + 1, first[lower[i] + 1]):
                p = place[upper[j]]
                if down + weight[j, 0] == weight[p, 0] and leg[p, 0] == UNKNOWN:
                    leg[p, 0] = (i << 32) + j
                if up + weight[j, 1] == weight[p, 1] and leg[p, 1] == UNKNOWN:
                    leg[p, 1] = (j << 32) + i


@kernel
def along_slots(shortcuts: Shortcuts, quantity: Any, along: Any) -> None:
    """Sum a quantity of arcs, shape (arcs,), over the constituents of each slot; written, shape (slots, 2).

    All legs must be known. The constituents of a shortcut start at lower ranks, so that one pass suffices.
    """
    weight, leg = shortcuts
    for i in range(len(along)):
        for way in range(2):
            made = leg[i, way]
            if weight[i, way] == np.inf:
                along[i, way] = 0.0
            elif made < 0:
                along[i, way] = quantity[~made]
            else:
                along[i, way] = along[made >> 32, 1] + along[made & 0xFFFFFFFF, 0]


@kernel
def unpack_flow(frame: Frame, shortcuts: Shortcuts, flow: Any, arc_flow: Any) -> None:
    """Distribute the flow of each slot, shape (slots, 2), to its constituents, until all of it is on arcs.

    The constituents of a shortcut start at lower ranks, so that one pass from the last slot to the first suffices. The
    flow of slots is overwritten; that of arcs, shape (arcs,), is added to.
    """
    for i in range(len(flow) - 1, -1, -1):
        for way in range(2):
            carried = flow[i, way]
            if carried != 0.0:
                made = _leg(frame, shortcuts, i, way)
                if made < 0:
                    arc_flow[~made] += carried
                else:
                    flow[made >> 32, 1] += carried
                    flow[made & 0xFFFFFFFF, 0] += carried


class Drawn(NamedTuple):
    """Routes from one source unpacked so far.

    Attributes
    ----------
    turn
        Running number of the current source; shape (1,).
    at
        By node: the running number of the source of its route, the route's start in ``arcs``, and its number of arcs;
        shape (nodes, 3).
    arcs
        Arcs of all routes; shape (any,).
    ways
        Scratch, shape (3 * nodes + 3,).
    ways_up
        Scratch of 32 bits with as many rows as ``Lanes.climbed``; shape (any, LANES).
    """

    turn: Any
    at: Any
    arcs: Any
    ways: Any
    ways_up: Any


class Goals(NamedTuple):
    """Ends of trips, and their known routes; arrays by trip.

    Attributes
    ----------
    row
        Row of the descent at which each trip ends.
    best
        Cost of its cheapest path.
    known
        Cost of the best known route.
    length
        Number of arcs of its new route; written, 0 if none is required.
    slack
        Relative saving below which new routes are ignored.
    head, order
        End of each arc, and node at each rank.
    """

    row: Any
    best: Any
    known: Any
    length: Any
    slack: float
    head: Any
    order: Any


@kernel
def any_cheaper(batch: Batch, goals: Goals) -> bool:
    """Whether the cost of any trip of a batch is below the known cost by more than the slack."""
    best, known = goals.best, goals.known
    for lane in range(len(batch.source)):
        for trip in range(batch.start[lane], batch.stop[lane]):
            if best[trip] < known[trip] * (1.0 - goals.slack):
                return True
    return False


@kernel
def routes_of(
    frame: Frame, weight: Any, shortcuts: Shortcuts, descent: Descent, lanes: Lanes, batch: Batch, goals: Goals,
    drawn: Drawn,
) -> int:  # fmt: skip
    """Write the required routes of a batch in travel order, one after the other.

    Parameters
    ----------
    weight
        Weights of slots, infinite if pruned.
    drawn
        Written, as is ``goals.length``.

    Returns
    -------
    int
        Number of arcs written, or -1 if ``drawn`` may be too small.
    """
    best, known, length, row = goals.best, goals.known, goals.length, goals.row
    order, at = goals.order, drawn.at
    _find_ways_up(frame, weight, lanes, drawn.ways_up)
    used = 0
    for lane in range(len(batch.source)):
        drawn.turn[0] += 1
        source = order[batch.source[lane]]
        at[source, 0], at[source, 1], at[source, 2] = drawn.turn[0], used, 0
        for trip in range(batch.start[lane], batch.stop[lane]):
            if not best[trip] < known[trip] * (1.0 - goals.slack):
                continue
            if used + len(at) > len(drawn.arcs):
                return -1
            node, count = _slots_to(descent, frame.lower, lanes, order, drawn, row[trip], lane)
            length[trip] = _draw(frame, shortcuts, goals.head, node, count, used, drawn)
            used += length[trip]
    return used


@njit(inline="always")
def _find_ways_up(frame: Frame, weight: Any, lanes: Lanes, ways_up: Any) -> None:
    """Slot by which each ascended rank was reached, by place and lane; -1 for the source and unreached ranks."""
    first, upper, row, climbed = frame.first, frame.upper, lanes.row, lanes.climbed
    for c in range(lanes.count[0]):
        for lane in range(LANES):
            ways_up[c, lane] = -1
    for c in range(lanes.count[0]):
        r = lanes.rank[c]
        for i in range(first[r], first[r + 1]):
            step = weight[i, 0]
            if step < np.inf:
                above = row[upper[i]]
                for lane in range(LANES):
                    cost = climbed[above, lane]
                    if climbed[c, lane] + step == cost and cost < np.inf:
                        ways_up[above, lane] = i


@njit(inline="always")
def _slots_to(
    descent: Descent, lower: Any, lanes: Lanes, order: Any, drawn: Drawn, q: int, lane: int
) -> tuple[int, int]:
    """Find the path to a row from the last node with a known route: that node, and the slots from it.

    Slots are written in reverse order, as ``2 * slot + direction``; their number is returned after the node.
    """
    reached, climbed, place = lanes.reached, lanes.climbed, lanes.row
    rank, first, upper, weight, slot = descent.rank, descent.first, descent.upper, descent.weight, descent.slot
    turn, at, ways, ways_up = drawn.turn[0], drawn.at, drawn.ways, drawn.ways_up
    used = 0
    while True:
        node = order[rank[q]]
        cost = reached[q, lane]
        c = place[rank[q]]
        if at[node, 0] == turn or (c >= 0 and climbed[c, lane] == cost):
            break
        k = first[q]
        while reached[upper[k], lane] + weight[k] != cost:
            k += 1
        ways[used] = 2 * slot[k] + 1
        used += 1
        q = upper[k]
    while at[node, 0] != turn:
        i = ways_up[c, lane]
        ways[used] = 2 * i
        used += 1
        c = place[lower[i]]
        node = order[lower[i]]
    return node, used


@njit(inline="always")
def _draw(frame: Frame, shortcuts: Shortcuts, head: Any, node: int, count: int, start: int, drawn: Drawn) -> int:
    """Write the route to the end of some slots from a node with a known route; return its number of arcs.

    The routes from one source form a tree. If the slots lead to a node that already has a route, as in a cycle without
    cost, that route is continued instead.
    """
    turn, at, ways, arcs = drawn.turn[0], drawn.at, drawn.ways, drawn.arcs
    length, copied = -1, 0
    while count > 0:
        count -= 1
        made = _leg(frame, shortcuts, ways[count] >> 1, ways[count] & 1)
        if made >= 0:
            ways[count] = 2 * (made & 0xFFFFFFFF)
            ways[count + 1] = 2 * (made >> 32) + 1
            count += 2
            continue
        after = head[~made]
        if at[after, 0] == turn:
            if length >= 0:
                here = at[after, 1] == start
                kept = at[after, 2] if here else 0
                for k in range(max(kept, copied), length):
                    at[head[arcs[start + k]], 0] = -1
                copied = min(copied, kept)
                length = kept if here else -1
        else:
            if length < 0:
                length = copied = _copy(at, node, arcs, start)
            arcs[start + length] = ~made
            length += 1
            at[after, 0], at[after, 1], at[after, 2] = turn, start, length
        node = after
    return length if length >= 0 else _copy(at, node, arcs, start)


@njit(inline="always")
def _copy(at: Any, node: int, arcs: Any, start: int) -> int:
    """Copy the route of a node to another place; return its number of arcs."""
    source, length = at[node, 1], at[node, 2]
    for k in range(length):
        arcs[start + k] = arcs[source + k]
    return int(length)
