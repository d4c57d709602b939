"""Routes and flows out of what a sweep has reached: kernels over plain arrays.

The way into a rank is found again by equality: the sums compared were made in the same manner, so one fits exactly.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from landlink.paths.hierarchy_kernels import Frame
from landlink.paths.lanes import LANES, filled, is_zero, minus, plus, read, total, where_equal, write
from landlink.paths.sweep_kernels import Descent, Lanes


class Batch(NamedTuple):
    """Sources side by side, and the trips from each.

    Attributes
    ----------
    source
        Rank of each source; shape (sources,).
    start, stop
        Trips of each source; shapes (sources,).
    """

    source: Any
    start: Any
    stop: Any


class Drawn(NamedTuple):
    """Routes from one source, as far as they are drawn.

    Attributes
    ----------
    turn
        Number of the source in hand, counted on for ever; shape (1,).
    at
        By node: the source of which it has a route, where among the arcs that starts, and its number of arcs; shape
        (nodes, 3).
    """

    turn: Any
    at: Any


class Goals(NamedTuple):
    """Where trips end, and what is known of them; arrays by trip.

    Attributes
    ----------
    row
        Row of the descent at which each trip ends.
    best
        Cost of its cheapest path; written.
    known
        Cost of the best route known.
    length
        Arcs of its new route; written, 0 where none is wanted.
    """

    row: Any
    best: Any
    known: Any
    length: Any


@njit(cache=True, nogil=True)
def rows_of(row: Any, rank: Any, node: Any) -> Any:
    """Row of a descent for each node."""
    found = np.empty(len(node), dtype=np.int32)
    for i in range(len(node)):
        found[i] = row[rank[node[i]]]
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def _ways_up(frame: Frame, weight: Any, lanes: Lanes) -> Any:
    """Slot by which each rank climbed was reached, by place and lane; -1 for the source and where it was not."""
    slot = np.full((lanes.count[0], LANES), -1, dtype=np.int32)
    climbed = lanes.climbed
    for c in range(lanes.count[0]):
        r = lanes.rank[c]
        for i in range(frame.first[r], frame.first[r + 1]):
            step = weight[i, 0]
            if step < np.inf:
                above = lanes.row[frame.upper[i]]
                for lane in range(LANES):
                    cost = climbed[above, lane]
                    if climbed[c, lane] + step == cost and cost < np.inf:
                        slot[above, lane] = i
    return slot


@njit(cache=True, nogil=True)
def _slots_to(  # noqa: PLR0913, PLR0917  a kernel takes plain arrays
    descent: Descent, lower: Any, lanes: Lanes, ways_up: Any, order: Any, drawn: Drawn, q: int, lane: int, ways: Any
) -> tuple[int, int]:
    """The way to a row from the last node whose route is drawn: that node, and the slots from it.

    Slots are written last first, as ``2 * slot + direction``; their number is given after the node.
    """
    reached, climbed = lanes.reached, lanes.climbed
    turn = drawn.turn[0]
    used = 0
    while True:
        node = order[descent.rank[q]]
        if drawn.at[node, 0] == turn:
            return node, used
        cost = reached[q, lane]
        c = lanes.row[descent.rank[q]]
        if c >= 0 and climbed[c, lane] == cost:
            break
        k = descent.first[q]
        while reached[descent.upper[k], lane] + descent.weight[k] != cost:
            k += 1
        ways[used] = 2 * descent.slot[k] + 1
        used += 1
        q = descent.upper[k]
    while drawn.at[node, 0] != turn:
        i = ways_up[c, lane]
        ways[used] = 2 * i
        used += 1
        c = lanes.row[lower[i]]
        node = order[lower[i]]
    return node, used


@njit(cache=True, nogil=True)
def _read_costs(batch: Batch, lanes: Lanes, goals: Goals, slack: float) -> bool:
    """Write the cost of each trip of a batch; gives whether any beats the cost known."""
    found = False
    for lane in range(len(batch.source)):
        for trip in range(batch.start[lane], batch.stop[lane]):
            goals.best[trip] = lanes.reached[goals.row[trip], lane]
            found |= goals.best[trip] < goals.known[trip] * (1.0 - slack)
    return found


@njit(cache=True, nogil=True)
def routes_of(  # noqa: PLR0913, PLR0917  a kernel takes plain arrays
    frame: Frame, weight: Any, leg: Any, descent: Descent, lanes: Lanes, batch: Batch, goals: Goals, slack: float,
    head: Any, order: Any, drawn: Drawn,
) -> Any:  # fmt: skip
    """Costs of the trips of a batch, and the routes that are wanted, in travel order, one route after the other.

    Parameters
    ----------
    weight, leg
        Of slots: see :mod:`landlink.paths.hierarchy_kernels`.
    slack
        Relative saving below which a new route is not worth having.
    head
        End of each arc.
    order
        Node at each rank.
    drawn
        Scratch.
    """
    arcs = np.empty(1024, dtype=np.int64)
    used = 0
    if not _read_costs(batch, lanes, goals, slack):
        return arcs[:0]
    ways_up = _ways_up(frame, weight, lanes)
    nodes = len(order)
    ways = np.empty(3 * nodes + 3, dtype=np.int64)
    for lane in range(len(batch.source)):
        drawn.turn[0] += 1
        source = order[batch.source[lane]]
        drawn.at[source, 0], drawn.at[source, 1], drawn.at[source, 2] = drawn.turn[0], used, 0
        for trip in range(batch.start[lane], batch.stop[lane]):
            if not goals.best[trip] < goals.known[trip] * (1.0 - slack):
                continue
            node, count = _slots_to(descent, frame.lower, lanes, ways_up, order, drawn, goals.row[trip], lane, ways)
            if used + nodes > len(arcs):
                longer = np.empty(2 * len(arcs) + nodes, dtype=np.int64)
                longer[:used] = arcs[:used]
                arcs = longer
            goals.length[trip] = _draw(leg, head, node, ways, count, arcs, used, drawn)
            used += goals.length[trip]
    return arcs[:used].copy()


@njit(cache=True, nogil=True)
def _draw(leg: Any, head: Any, node: int, ways: Any, count: int, arcs: Any, start: int, drawn: Drawn) -> int:
    """Write the route to the end of some slots from a node whose route is drawn; gives its number of arcs.

    The routes from one source make a tree. Where the slots lead to a node with a route already, as they do when they
    run round a cycle without cost, that route goes on instead.
    """
    turn, at = drawn.turn[0], drawn.at
    length, copied = -1, 0
    while count > 0:
        count -= 1
        down, up = leg[ways[count] >> 1, ways[count] & 1]
        if down >= 0:
            ways[count] = 2 * up
            ways[count + 1] = 2 * down + 1
            count += 2
            continue
        after = head[~down]
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
            arcs[start + length] = ~down
            length += 1
            at[after, 0], at[after, 1], at[after, 2] = turn, start, length
        node = after
    return length if length >= 0 else _copy(at, node, arcs, start)


@njit(cache=True, nogil=True)
def _copy(at: Any, node: int, arcs: Any, start: int) -> int:
    """Write the route to a node that has one at another place; gives its number of arcs."""
    source, length = at[node, 1], at[node, 2]
    for k in range(length):
        arcs[start + k] = arcs[source + k]
    return int(length)


@njit(cache=True, nogil=True)
def put_demand(batch: Batch, lanes: Lanes, row: Any, demand: Any, best: Any, load: Any) -> None:
    """Write the cost of each trip of a batch and lay its demand on its row; what cannot be reached stays at home."""
    for lane in range(len(batch.source)):
        for trip in range(batch.start[lane], batch.stop[lane]):
            best[trip] = lanes.reached[row[trip], lane]
            if best[trip] < np.inf:
                load[row[trip], lane] += demand[trip]


@njit(cache=True, nogil=True, error_model="numpy")
def send_back(frame: Frame, weight: Any, descent: Descent, lanes: Lanes, load: Any, climbing: Any, flow: Any) -> None:
    """Send what lies on the rows of a descent back to its sources along cheapest paths.

    Parameters
    ----------
    load
        By row and lane; left at zero.
    climbing
        Scratch of zeros with as many rows as ``lanes.climbed``; left at zero.
    flow
        Flow of each slot, added to; shape (slots, 2).
    """
    reached, climbed = lanes.reached, lanes.climbed
    for q in range(len(descent.rank) - 1, -1, -1):
        left = read(load, q)
        if is_zero(left):
            continue
        write(load, q, filled(0.0))
        cost = read(reached, q)
        c = lanes.row[descent.rank[q]]
        if c >= 0:
            home = where_equal(read(climbed, c), cost, left, filled(0.0))
            write(climbing, c, plus(read(climbing, c), home))
            left = minus(left, home)
        for k in range(descent.first[q], descent.first[q + 1]):
            above = descent.upper[k]
            moved = where_equal(plus(read(reached, above), descent.weight[k]), cost, left, filled(0.0))
            write(load, above, plus(read(load, above), moved))
            flow[descent.slot[k], 1] += total(moved)
            left = minus(left, moved)
    for c in range(lanes.count[0] - 1, -1, -1):
        r = lanes.rank[c]
        cost, here = read(climbed, c), read(climbing, c)
        for i in range(frame.first[r], frame.first[r + 1]):
            step = weight[i, 0]
            if step < np.inf:
                above = lanes.row[frame.upper[i]]
                left = read(climbing, above)
                moved = where_equal(plus(cost, step), read(climbed, above), left, filled(0.0))
                write(climbing, above, minus(left, moved))
                flow[i, 0] += total(moved)
                here = plus(here, moved)
        write(climbing, c, here)
    climbing[: lanes.count[0]] = 0.0
