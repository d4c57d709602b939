"""Sums of weights over all paths by eliminating nodes: kernels over plain arrays.

The weight of an arc of cost ``c`` is ``exp(-scale * c)``, that of a path, cycles allowed, the product over its
arcs. The sums over the paths from one node to another are the entries of ``(I - W)**-1``. A hierarchy eliminates the
nodes of ``I - W`` in the order of their ranks (Gaussian elimination with closures: Carre 1971; Aho, Hopcroft and Ullman
1974): eliminating ``u`` adds ``w(v,u) * closure(u) * w(u,w)`` to the weight of every pair ``v, w`` of its upper
neighbours, with ``closure(u) = 1 / (1 - w(u,u))`` for the loops over lower ranks at ``u``. The path sums converge if
and only if every ``w(u,u)`` is below 1: ``I - W`` is then a nonsingular M-matrix (Fiedler and Ptak 1962).

Weights underflow where costs times scale are in the hundreds. They are *wide* numbers here, ``value * BASE ** power``
with a float ``value`` in ``[1 / ROOM, ROOM)`` and an integer ``power``: their sums and products need neither ``exp``
nor ``log``, and keep the precision that logarithms of large numbers lose. If all required sums fit a plain float,
:mod:`landlink.paths.log_sum_lane_kernels` processes several origins at once instead.

All kernels are in this one file, since the cache of compiled code is invalidated only by changes to the file itself: a
kernel called from another file would not be recompiled.
"""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np

from landlink.core.jit import allocating, inlined, kernel

#: Base of wide numbers, its inverse, and the bounds of their values.
BASE: Final = 2.0**256
INVERSE: Final = 2.0**-256
ROOM: Final = 2.0**128
SMALL: Final = 2.0**-128


class Frame(NamedTuple):
    """Connected pairs (see :class:`landlink.paths.elimination.Elimination`).

    ``low[s]`` is the lower rank of slot ``s``. The slots with upper rank ``r`` are
    ``below[below_first[r] : below_first[r + 1]]``, those of the lowest rank first.
    """

    closed: int
    first: Any
    upper: Any
    low: Any
    below_first: Any
    below: Any


class Weights(NamedTuple):
    """Wide weights of all slots, up and down, shape (slots,), and closures of all ranks, shape (nodes,)."""

    up: Any
    up_power: Any
    down: Any
    down_power: Any
    closure: Any


class Trips(NamedTuple):
    """Trips by origin: those from rank ``origin[i]`` go to ranks ``destination[first[i] : first[i + 1]]``.

    ``wanted[r]`` is true if a destination is reached by descending through rank ``r``.
    """

    origin: Any
    first: Any
    destination: Any
    wanted: Any


class Measured(NamedTuple):
    """Ranks of the ends of arcs, their wide weights, and their quantities; shapes (arcs,), the last (Q, arcs)."""

    tail: Any
    head: Any
    weight: Any
    power: Any
    quantity: Any


class Flows(NamedTuple):
    """Flow on each slot, up and down, and through the closure of each rank, accumulated by the sweeps."""

    up: Any
    down: Any
    node: Any


@inlined
def _add(value: Any, power: Any, i: int, v: float, p: int) -> None:
    """Add the wide number ``v * BASE ** p`` of any size to entry ``i``."""
    if v == 0.0:
        return
    if v >= ROOM:
        v *= INVERSE
        p += 1
    elif v < SMALL:
        v *= BASE
        p -= 1
    at = power[i]
    if value[i] == 0.0 or p > at + 1:
        value[i] = v
        power[i] = p
    elif p == at:
        value[i] += v
    elif p == at + 1:
        value[i] = value[i] * INVERSE + v
        power[i] = p
    elif p == at - 1:
        value[i] += v * INVERSE
    if value[i] >= ROOM:
        value[i] *= INVERSE
        power[i] += 1


@inlined
def _float(value: float, power: int) -> float:
    """Convert ``value * BASE ** power`` to a float, 0 on underflow and infinite on overflow."""
    if value == 0.0 or power == 0:
        return value
    if power == -1:
        return value * INVERSE
    if power == 1:
        return value * BASE
    return 0.0 if power < 0 else math.inf


@allocating
def factorise(frame: Frame, loop: Any, weights: Weights) -> int:
    """Eliminate all nodes: convert weights of arcs to weights of slots, and compute the closures.

    Parameters
    ----------
    frame
        Slots.
    loop
        Weight of the self-loops of each rank; shape (nodes,).
    weights
        Changed in place; on entry, the sums of the weights of the arcs in each slot.

    Returns
    -------
    int
        -1; or the rank at which no closure exists, so that the path sums diverge.
    """
    up, up_power, down, down_power, closure = weights
    nodes = len(frame.first) - 1
    place = np.full(nodes, -1, dtype=np.int64)
    for v in range(nodes):
        for s in range(frame.first[v], frame.first[v + 1]):
            place[frame.upper[s]] = s
        turn = loop[v]
        for k in range(frame.below_first[v], frame.below_first[v + 1]):
            s0 = frame.below[k]
            u = frame.low[s0]
            if u < frame.closed or (up[s0] == 0.0 and down[s0] == 0.0):
                continue
            there, there_power = down[s0] * closure[u], down_power[s0]
            back, back_power = up[s0] * closure[u], up_power[s0]
            turn += _float(there * up[s0], there_power + back_power)
            for s in range(s0 + 1, frame.first[u + 1]):
                t = place[frame.upper[s]]
                # v -> u -> w, and w -> u -> v
                _add(up, up_power, t, there * up[s], there_power + up_power[s])
                _add(down, down_power, t, back * down[s], back_power + down_power[s])
        if not turn < 1.0:
            return v
        closure[v] = 1.0 / (1.0 - turn)
    return -1


@allocating
def wide_sweeps(
    frame: Frame, weights: Weights, trips: Trips, span: Any, demand: Any, total: Any, power: Any, flows: Flows
) -> None:
    """Compute path sums of trips, ``total * BASE ** power``, and the flows of their demand, one origin at a time.

    The sums from an origin are a row of ``(I - W)**-1``, found by an ascending and a descending sweep. The flows are
    the derivatives of ``sum(demand * log(total))`` by the logarithms of the weights, found by the reversed sweeps;
    Akamatsu (1996) gives them as sums over nodes.

    Parameters
    ----------
    frame, weights, trips
        Hierarchy; its weights times the closure of the lower end; and the trips.
    span
        First origin and the one after the last; shape (2,).
    demand
        Demand of each trip; an empty array if no flows are required.
    total, power
        Written: path sum of each trip.
    flows
        Added to.
    """
    nodes = len(frame.first) - 1
    climbed, climbed_power = np.zeros(nodes), np.zeros(nodes, dtype=np.int64)
    reached, reached_power = np.zeros(nodes), np.zeros(nodes, dtype=np.int64)
    pull, pull_power = np.zeros(nodes), np.zeros(nodes, dtype=np.int64)
    for i in range(span[0], span[1]):
        start = trips.origin[i]
        climbed[:] = 0.0
        reached[:] = 0.0
        pull[:] = 0.0
        climbed[start], climbed_power[start] = 1.0, 0
        _climb_wide(frame, weights, start, climbed, climbed_power)
        _descend_wide(frame, weights, trips.wanted, climbed, climbed_power, reached, reached_power)
        for trip in range(trips.first[i], trips.first[i + 1]):
            end = trips.destination[trip]
            total[trip], power[trip] = reached[end], reached_power[end]
            if len(demand) > 0 and reached[end] > 0.0:
                _add(pull, pull_power, end, demand[trip] / reached[end], -reached_power[end])
        if len(demand) > 0:
            _pull_up_wide(frame, weights, trips.wanted, reached, reached_power, pull, pull_power, flows)
            _pull_down_wide(frame, weights, start, climbed, climbed_power, pull, pull_power, flows)


@allocating
def measure(frame: Frame, weights: Weights, trips: Trips, span: Any, arcs: Measured, out: Any) -> None:
    """Compute expected sums of non-negative arc quantities over the paths of each trip.

    ``sum_ij G_oi w_ij q_ij G_jd / G_od``: a sweep from the origin, a multiplication by quantities and weights of arcs,
    and a second sweep from the result.

    Parameters
    ----------
    frame, weights, trips, span
        As in :func:`wide_sweeps`.
    arcs
        Arcs with their quantities.
    out
        Written: shape (Q, trips).
    """
    nodes = len(frame.first) - 1
    everywhere = np.ones(nodes, dtype=np.bool_)
    climbed, climbed_power = np.zeros(nodes), np.zeros(nodes, dtype=np.int64)
    reached, reached_power = np.zeros(nodes), np.zeros(nodes, dtype=np.int64)
    again, again_power = np.zeros(nodes), np.zeros(nodes, dtype=np.int64)
    for i in range(span[0], span[1]):
        climbed[:] = 0.0
        reached[:] = 0.0
        climbed[trips.origin[i]], climbed_power[trips.origin[i]] = 1.0, 0
        _climb_wide(frame, weights, trips.origin[i], climbed, climbed_power)
        _descend_wide(frame, weights, everywhere, climbed, climbed_power, reached, reached_power)
        for q in range(len(arcs.quantity)):
            climbed[:] = 0.0
            again[:] = 0.0
            for arc in range(len(arcs.tail)):
                start = arcs.tail[arc]
                passing = reached[start] * arcs.weight[arc] * arcs.quantity[q, arc]
                _add(climbed, climbed_power, arcs.head[arc], passing, reached_power[start] + arcs.power[arc])
            _climb_wide(frame, weights, 0, climbed, climbed_power)
            _descend_wide(frame, weights, trips.wanted, climbed, climbed_power, again, again_power)
            for trip in range(trips.first[i], trips.first[i + 1]):
                end = trips.destination[trip]
                if reached[end] > 0.0:
                    out[q, trip] = _float(again[end] / reached[end], again_power[end] - reached_power[end])


@kernel
def _climb_wide(frame: Frame, weights: Weights, start: int, climbed: Any, climbed_power: Any) -> None:
    for r in range(start, len(climbed)):
        if climbed[r] > 0.0:
            for s in range(frame.first[r], frame.first[r + 1]):
                power = climbed_power[r] + weights.up_power[s]
                _add(climbed, climbed_power, frame.upper[s], climbed[r] * weights.up[s], power)


@kernel
def _descend_wide(
    frame: Frame, weights: Weights, wanted: Any, climbed: Any, climbed_power: Any, reached: Any, reached_power: Any
) -> None:
    for r in range(len(wanted) - 1, -1, -1):
        if wanted[r]:
            _add(reached, reached_power, r, climbed[r] * weights.closure[r], climbed_power[r])
            for s in range(frame.first[r], frame.first[r + 1]):
                w = frame.upper[s]
                power = reached_power[w] + weights.down_power[s]
                _add(reached, reached_power, r, reached[w] * weights.down[s], power)


@kernel
def _pull_up_wide(
    frame: Frame,
    weights: Weights,
    wanted: Any,
    reached: Any,
    reached_power: Any,
    pull: Any,
    pull_power: Any,
    flows: Flows,
) -> None:
    for r in range(len(wanted)):
        if wanted[r] and pull[r] > 0.0:
            flows.node[r] += _float(pull[r] * reached[r], pull_power[r] + reached_power[r])
            for s in range(frame.first[r], frame.first[r + 1]):
                w, drawn, power = frame.upper[s], pull[r] * weights.down[s], pull_power[r] + weights.down_power[s]
                flows.down[s] += _float(drawn * reached[w], power + reached_power[w])
                _add(pull, pull_power, w, drawn, power)


@kernel
def _pull_down_wide(
    frame: Frame,
    weights: Weights,
    start: int,
    climbed: Any,
    climbed_power: Any,
    pull: Any,
    pull_power: Any,
    flows: Flows,
) -> None:
    for r in range(len(climbed) - 1, start - 1, -1):
        if climbed[r] > 0.0:
            pull[r] *= weights.closure[r]
            for s in range(frame.first[r], frame.first[r + 1]):
                w = frame.upper[s]
                drawn, power = pull[w] * weights.up[s], pull_power[w] + weights.up_power[s]
                amount = _float(drawn * climbed[r], power + climbed_power[r])
                flows.up[s] += amount
                flows.node[r] += amount
                _add(pull, pull_power, r, drawn, power)


@allocating
def hand_down(frame: Frame, weights: Weights, flows: Flows) -> None:
    """Distribute the flow of every slot and every closure to their arcs and lower slots.

    It is proportional to weights, as the derivatives of :func:`factorise`. On return, ``flows.up`` and ``flows.down``
    hold the flow of each slot, to be divided among its arcs, and ``flows.node`` the flow through each closure.
    """
    up, up_power, down, down_power, closure = weights
    nodes = len(frame.first) - 1
    place = np.full(nodes, -1, dtype=np.int64)
    for v in range(nodes - 1, frame.closed - 1, -1):
        for s in range(frame.first[v], frame.first[v + 1]):
            place[frame.upper[s]] = s
        turning = flows.node[v] * closure[v]
        for k in range(frame.below_first[v], frame.below_first[v + 1]):
            s0 = frame.below[k]
            u = frame.low[s0]
            if u < frame.closed or (up[s0] == 0.0 and down[s0] == 0.0):
                continue
            there, there_power = down[s0] * closure[u], down_power[s0]
            back, back_power = up[s0] * closure[u], up_power[s0]
            turned = turning * _float(there * up[s0], there_power + back_power)
            out = turned
            home = turned
            for s in range(s0 + 1, frame.first[u + 1]):
                t = place[frame.upper[s]]
                if flows.up[t] > 0.0:
                    part = flows.up[t] / up[t] * there * up[s]
                    part = _float(part, there_power + up_power[s] - up_power[t])
                    flows.up[s] += part
                    out += part
                    flows.node[u] += part
                if flows.down[t] > 0.0:
                    part = flows.down[t] / down[t] * back * down[s]
                    part = _float(part, back_power + down_power[s] - down_power[t])
                    flows.down[s] += part
                    home += part
                    flows.node[u] += part
            flows.down[s0] += out
            flows.up[s0] += home
            flows.node[u] += turned
