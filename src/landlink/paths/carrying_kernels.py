"""Sums and loads along the paths found by a sweep: kernels over plain arrays.

The predecessor of a rank is found by equality: costs are recomputed by the same additions, so that one matches exactly.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from landlink.core.jit import kernel
from landlink.paths.hierarchy_kernels import Frame
from landlink.paths.lanes import filled, is_zero, minus, plus, read, total, where_equal, write
from landlink.paths.sweep_kernels import Descent, Lanes


class Batch(NamedTuple):
    """A batch of sources, and the trips from each.

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


@kernel
def carry(frame: Frame, weight: Any, along: Any, descent: Descent, lanes: Lanes, climbed: Any, reached: Any) -> None:
    """Sum a quantity along the cheapest paths found by a sweep.

    Parameters
    ----------
    along
        Quantity along each slot, shape (slots, 2).
    climbed, reached
        Written: the quantity where ``lanes`` has the cost.
    """
    first, upper = frame.first, frame.upper
    for c in range(lanes.count[0]):
        write(climbed, c, filled(0.0))
    for c in range(lanes.count[0]):
        r = lanes.rank[c]
        here, cost = read(climbed, c), read(lanes.climbed, c)
        for i in range(first[r], first[r + 1]):
            step = weight[i, 0]
            if step < np.inf:
                above = lanes.row[upper[i]]
                through, known = plus(cost, step), read(lanes.climbed, above)
                write(climbed, above, where_equal(through, known, plus(here, along[i, 0]), read(climbed, above)))
    for q in range(len(descent.rank)):
        here, cost = filled(0.0), read(lanes.reached, q)
        for k in range(descent.first[q + 1] - 1, descent.first[q] - 1, -1):
            above = descent.upper[k]
            through = plus(read(lanes.reached, above), descent.weight[k])
            here = where_equal(through, cost, plus(read(reached, above), along[descent.slot[k], 1]), here)
        c = lanes.row[descent.rank[q]]
        if c >= 0:
            here = where_equal(read(lanes.climbed, c), cost, read(climbed, c), here)
        write(reached, q, here)


@kernel
def rows_of(row: Any, rank: Any, node: Any, found: Any) -> None:
    """Write the row of a descent for each node; ``row`` by rank, ``rank`` by node."""
    for i in range(len(node)):
        found[i] = row[rank[node[i]]]


@kernel
def read_costs(batch: Batch, row: Any, reached: Any, best: Any) -> None:
    """Write the cost of each trip of a batch; ``row`` and ``best`` by trip."""
    for lane in range(len(batch.source)):
        for trip in range(batch.start[lane], batch.stop[lane]):
            best[trip] = reached[row[trip], lane]


@kernel
def put_demand(batch: Batch, row: Any, demand: Any, best: Any, load: Any) -> None:
    """Add the demand of each trip of a batch to its row; unreachable demand is not loaded."""
    for lane in range(len(batch.source)):
        for trip in range(batch.start[lane], batch.stop[lane]):
            if best[trip] < np.inf:
                load[row[trip], lane] += demand[trip]


@kernel
def send_back(frame: Frame, weight: Any, descent: Descent, lanes: Lanes, load: Any, climbing: Any, flow: Any) -> None:
    """Propagate the loads of the rows of a descent back to their sources along cheapest paths.

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
    for c in range(lanes.count[0]):
        write(climbing, c, filled(0.0))
