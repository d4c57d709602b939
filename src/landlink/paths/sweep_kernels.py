"""Sweeps over a customized hierarchy from many sources at once: kernels over plain arrays.

A batch of sources is processed together in every sweep, one source per lane, so that each weight is read once for all
lanes and each step is a vector instruction. The search ascends from each source through the ranks above it (Dibbelt,
Strasser and Wagner 2016, section 5); then one sweep in descending rank reaches the targets through only the ranks above
them (RPHAST: Delling, Goldberg and Werneck 2011).
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
        Row of each rank, -1 if it is not included; shape (nodes,).
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
    """Costs reached by a batch of sources; scratch overwritten by each sweep.

    Attributes
    ----------
    count
        Number of ascended ranks; shape (1,).
    rank
        The ascended ranks, in ascending order, in the first ``count`` of shape (nodes,).
    row
        Place of each rank among them, -1 if it is not among them; shape (nodes,).
    climbed
        Cost from each source over upward slots only, by place; shape (any, LANES).
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
    """Find the ranks above some destinations along usable downward slots.

    Parameters
    ----------
    weight
        Weights of slots, shape (slots, 2).
    rank, destination
        Rank of each node; nodes, possibly repeated.
    row
        Written: 0 at those ranks, -1 elsewhere; shape (nodes,).

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
    """Write the arrays of a descent from the marks in ``row``."""
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
    """Compute costs from a batch of sources to all rows of a descent.

    Parameters
    ----------
    weight
        Of slots, shape (slots, 2); only the upward ones are used.
    sources
        Ranks of at most ``LANES`` sources.
    lanes
        Overwritten, except for the sizes of arrays.

    Returns
    -------
    int
        0; or, if ``lanes.climbed`` has too few rows, the number required, and then the output is invalid.
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
    """Update each row from the rows above it."""
    first, upper, weight = descent.first, descent.upper, descent.weight
    for q in range(len(descent.rank)):
        c = row[descent.rank[q]]
        here = read(climbed, c) if c >= 0 else filled(np.inf)
        for k in range(first[q], first[q + 1]):
            here = least(here, plus(read(reached, upper[k]), weight[k]))
        write(reached, q, here)


@kernel
def write_rows(reached: Any, target: Any, place: Any, matrix: Any) -> bool:
    """Copy the costs of a batch into a matrix: lane ``l`` to row ``place[l]``, row ``target[t]`` to column ``t``.

    Returns
    -------
    bool
        Whether all values are finite, determined by their sum, which is free while waiting for memory.
    """
    total = 0.0
    for lane in range(len(place)):
        row = matrix[place[lane]]
        for t in range(len(target)):
            value = reached[target[t], lane]
            total += value
            row[t] = value
    return total < np.inf
