"""Sums of weights over all paths from several origins at once, in plain floats: kernels over plain arrays.

The counterpart of :mod:`landlink.paths.log_sum_kernels`, which uses wide numbers and one origin at a time. Here each
origin is a SIMD lane of the inner loops.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from landlink.core.jit import allocating, kernel
from landlink.paths.log_sum_kernels import Flows, Frame, Trips

#: Number of origins per sweep.
LANES: Final = 8
#: Weights and sums below the first value count as 0; required path sums must exceed the second.
NOTHING: Final = 1e-250
TINIEST: Final = 1e-200


class Plain(NamedTuple):
    """Weights times the closure of the lower end, and the closures, as plain floats."""

    up: Any
    down: Any
    closure: Any


@allocating
def plain_sweeps(frame: Frame, weights: Plain, trips: Trips, span: Any, demand: Any, total: Any, flows: Flows) -> bool:
    """Compute path sums of trips, and the flows of their demand.

    Parameters are those of :func:`landlink.paths.log_sum_kernels.wide_sweeps`.

    Returns
    -------
    bool
        Whether all path sums were large enough for plain floats. If not, the output is invalid.
    """
    nodes = len(frame.first) - 1
    climbed = np.zeros((nodes, LANES))
    reached = np.zeros((nodes, LANES))
    pull = np.zeros((nodes, LANES))
    touched = np.zeros(nodes, dtype=np.bool_)
    for begin in range(span[0], span[1], LANES):
        end = min(begin + LANES, span[1])
        climbed[:] = 0.0
        touched[:] = False
        for i in range(begin, end):
            climbed[trips.origin[i], i - begin] = 1.0
            touched[trips.origin[i]] = True
        _climb(frame, weights, touched, climbed)
        _descend(frame, weights, trips.wanted, climbed, reached)
        pull[:] = 0.0
        for i in range(begin, end):
            for trip in range(trips.first[i], trips.first[i + 1]):
                total[trip] = reached[trips.destination[trip], i - begin]
                if not total[trip] > TINIEST:
                    return False
                if len(demand) > 0:
                    pull[trips.destination[trip], i - begin] += demand[trip] / total[trip]
        if len(demand) > 0:
            _pull_up(frame, weights, trips.wanted, reached, pull, flows)
            _pull_down(frame, weights, touched, climbed, pull, flows)
    return True


@kernel
def _climb(frame: Frame, weights: Plain, touched: Any, climbed: Any) -> None:
    """Sums over the paths that end at each rank and pass only through lower ones, before its own closure."""
    for r in range(len(touched)):
        if touched[r]:
            for s in range(frame.first[r], frame.first[r + 1]):
                weight = weights.up[s]
                if weight > 0.0:
                    w = frame.upper[s]
                    touched[w] = True
                    for k in range(LANES):
                        climbed[w, k] += climbed[r, k] * weight


@kernel
def _descend(frame: Frame, weights: Plain, wanted: Any, climbed: Any, reached: Any) -> None:
    """Sums over all paths that end at each rank, from the highest down."""
    for r in range(len(wanted) - 1, -1, -1):
        if wanted[r]:
            for k in range(LANES):
                reached[r, k] = climbed[r, k] * weights.closure[r]
            for s in range(frame.first[r], frame.first[r + 1]):
                w, weight = frame.upper[s], weights.down[s]
                for k in range(LANES):
                    reached[r, k] += reached[w, k] * weight
            for k in range(LANES):
                reached[r, k] = reached[r, k] if reached[r, k] > NOTHING else 0.0


@kernel
def _pull_up(frame: Frame, weights: Plain, wanted: Any, reached: Any, pull: Any, flows: Flows) -> None:
    """Reverse of :func:`_descend`: ``pull`` becomes the derivative by the path sum at each rank."""
    for r in range(len(wanted)):
        if wanted[r]:
            through = 0.0
            for k in range(LANES):
                through += pull[r, k] * reached[r, k]
            if through == 0.0:
                continue
            flows.node[r] += through
            for s in range(frame.first[r], frame.first[r + 1]):
                w, weight, amount = frame.upper[s], weights.down[s], 0.0
                if weight > 0.0:
                    for k in range(LANES):
                        amount += pull[r, k] * reached[w, k]
                        pull[w, k] += pull[r, k] * weight
                    flows.down[s] += amount * weight


@kernel
def _pull_down(frame: Frame, weights: Plain, touched: Any, climbed: Any, pull: Any, flows: Flows) -> None:
    """Reverse of :func:`_climb`: ``pull`` becomes the derivative by the ascending path sum at each rank."""
    for r in range(len(touched) - 1, -1, -1):
        if touched[r]:
            for k in range(LANES):
                pull[r, k] *= weights.closure[r]
            for s in range(frame.first[r], frame.first[r + 1]):
                w, weight, amount = frame.upper[s], weights.up[s], 0.0
                if weight > 0.0:
                    for k in range(LANES):
                        amount += pull[w, k] * climbed[r, k]
                        pull[r, k] += pull[w, k] * weight
                    flows.up[s] += amount * weight
                    flows.node[r] += amount * weight
