"""Sweeps over a customized hierarchy from many sources at once: kernels over plain arrays.

A batch of sources goes side by side through every sweep, one source a lane, so that one weight read serves all lanes
and each step is one of the processor's vector instructions. The search climbs from each source through the ranks above
it (Dibbelt, Strasser and Wagner 2016, section 5); then one sweep in descending rank reaches the targets through the
ranks above them alone (RPHAST: Delling, Goldberg and Werneck 2011).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from landlink.core.jit import kernel
from landlink.paths.hierarchy_kernels import Frame
from landlink.paths.lanes import filled, least, plus, read, write


class Descent(NamedTuple):
    """The part of a hierarchy above the targets, compact, rows in descending rank.

    Attributes
    ----------
    rank
        Rank of each row; shape (rows,).
    row
        Row of each rank, -1 where it is not part; shape (nodes,).
    first, upper, slot, weight
        Usable slots of row ``q``, highest upper rank first: ``first[q] : first[q + 1]`` in ``upper`` (row of the upper
        end), ``slot`` and ``weight`` (downwards).
    """

    rank: Any
    row: Any
    first: Any
    upper: Any
    slot: Any
    weight: Any


class Lanes(NamedTuple):
    """What a batch of sources has reached; scratch that each sweep writes anew.

    Attributes
    ----------
    count
        Number of ranks climbed; shape (1,).
    rank
        The ranks climbed, ascending, in the first ``count`` of shape (nodes,).
    row
        Place of each rank among them, -1 where it was not climbed; shape (nodes,).
    climbed
        Cost from each source by upward slots alone, by place; shape (any, LANES).
    reached
        Cost from each source, by row of the descent; shape (any, LANES).
    """

    count: Any
    rank: Any
    row: Any
    climbed: Any
    reached: Any


@kernel
def mark_descent(frame: Frame, weight: Any, rank: Any, destination: Any, row: Any) -> tuple[int, int]:
    """Find what lies above some destinations along usable downward slots.

    Parameters
    ----------
    weight
        Of slots, shape (slots, 2).
    rank, destination
        Rank of each node; nodes, repeats allowed.
    row
        Written: 0 at ranks that lie there, -1 elsewhere; shape (nodes,).

    Returns
    -------
    int, int
        Number of those ranks and of those slots.
    """
    first, upper = frame.first, frame.upper
    for r in range(len(row)):
        row[r] = -1
    for node in destination:
        row[rank[node]] = 0
    rows, slots = 0, 0
    for r in range(len(row)):
        if row[r] == 0:
            rows += 1
            for i in range(first[r], first[r + 1]):
                if weight[i, 1] < np.inf:
                    row[upper[i]] = 0
                    slots += 1
    return rows, slots


@kernel
def fill_descent(frame: Frame, weight: Any, descent: Descent) -> None:
    """Write the arrays of a descent whose ``row`` is marked."""
    q, k = 0, 0
    rank, row, first, upper, slot, weight_of = descent
    first[0] = 0
    for r in range(len(row) - 1, -1, -1):
        if row[r] == 0:
            row[r] = q
            rank[q] = r
            for i in range(frame.first[r + 1] - 1, frame.first[r] - 1, -1):
                if weight[i, 1] < np.inf:
                    upper[k], slot[k], weight_of[k] = row[frame.upper[i]], i, weight[i, 1]
                    k += 1
            q += 1
            first[q] = k


@kernel
def sweep(frame: Frame, weight: Any, descent: Descent, sources: Any, lanes: Lanes) -> int:
    """Costs from a batch of sources to all rows of a descent.

    Parameters
    ----------
    weight
        Of slots, shape (slots, 2); only the upward ones are used.
    sources
        Ranks of at most ``LANES`` sources.
    lanes
        Overwritten, but for the arrays' sizes.

    Returns
    -------
    int
        0; or, where ``lanes.climbed`` has too few rows, how many it needs, and then nothing else is of use.
    """
    _mark_climb(frame, weight, sources, lanes)
    if lanes.count[0] > len(lanes.climbed):
        return int(lanes.count[0])
    _climb(frame, weight, sources, lanes)
    _descend(descent, lanes.row, lanes.climbed, lanes.reached)
    return 0


@kernel
def _mark_climb(frame: Frame, weight: Any, sources: Any, lanes: Lanes) -> None:
    first, upper, rank, row = frame.first, frame.upper, lanes.rank, lanes.row
    for c in range(lanes.count[0]):
        row[rank[c]] = -1
    lowest = len(row)
    for source in sources:
        row[source] = 0
        lowest = min(lowest, source)
    count = 0
    for r in range(lowest, len(row)):
        if row[r] < 0:
            continue
        row[r] = count
        rank[count] = r
        count += 1
        for i in range(first[r], first[r + 1]):
            if weight[i, 0] < np.inf:
                row[upper[i]] = 0
    lanes.count[0] = count


@kernel
def _climb(frame: Frame, weight: Any, sources: Any, lanes: Lanes) -> None:
    first, upper, row, climbed = frame.first, frame.upper, lanes.row, lanes.climbed
    for c in range(lanes.count[0]):
        write(climbed, c, filled(np.inf))
    for lane in range(len(sources)):
        climbed[row[sources[lane]], lane] = 0.0
    for c in range(lanes.count[0]):
        r = lanes.rank[c]
        here = read(climbed, c)
        for i in range(first[r], first[r + 1]):
            step = weight[i, 0]
            if step < np.inf:
                above = row[upper[i]]
                write(climbed, above, least(read(climbed, above), plus(here, step)))


@kernel
def _descend(descent: Descent, row: Any, climbed: Any, reached: Any) -> None:
    """Pull each row from the rows above it."""
    first, upper, weight = descent.first, descent.upper, descent.weight
    for q in range(len(descent.rank)):
        c = row[descent.rank[q]]
        here = read(climbed, c) if c >= 0 else filled(np.inf)
        for k in range(first[q], first[q + 1]):
            here = least(here, plus(read(reached, upper[k]), weight[k]))
        write(reached, q, here)


@kernel
def write_rows(reached: Any, target: Any, place: Any, matrix: Any) -> bool:
    """Copy what a batch reached into a matrix: lane ``l`` to row ``place[l]``, row ``target[t]`` to column ``t``.

    Returns
    -------
    bool
        Whether all of it is finite. The sum of all numbers tells that at no cost, while the memory is waited for.
    """
    total = 0.0
    for lane in range(len(place)):
        row = matrix[place[lane]]
        for t in range(len(target)):
            value = reached[target[t], lane]
            total += value
            row[t] = value
    return total < np.inf
