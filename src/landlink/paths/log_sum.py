"""Recursive logit through a hierarchy: expected minimum costs over all paths, and the resulting flows.

At node ``i`` on the way to ``d``, arc ``i -> j`` is chosen with probability ``exp(-scale (c_ij + S_jd - S_id))``, where
``S_id = -ln(G_id) / scale`` and ``G`` sums ``exp(-scale * cost)`` over all paths, including cycles (Akamatsu 1996;
Baillon and Cominetti 2008; the recursive logit of Fosgerau, Frejinger and Karlstrom 2013). This is a logit over
infinitely many paths without enumeration. A trip may pass through its destination and continue; to exclude this, give
the graph a copy of the destination without outgoing arcs.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints
from landlink.paths.divergence import NARROW, DivergenceError, ZeroCostCycleError
from landlink.paths.elimination import Elimination
from landlink.paths.log_sum_kernels import (
    BASE,
    Flows,
    Frame,
    Measured,
    Trips,
    Weights,
    factorise,
    hand_down,
    measure,
    wide_sweeps,
)
from landlink.paths.log_sum_lane_kernels import LANES, NOTHING, Plain, plain_sweeps
from landlink.paths.reach_kernels import reached_from

#: Number of parts of the origins, processed by threads; flows are added in order, so that results are identical.
PARTS: Final = 8
#: Product of cost and scale above which arcs count as prohibited, given by the range of wide numbers.
FARTHEST: Final = 1e15

LOG_BASE: Final = float(np.log(BASE))


@dataclass(frozen=True)
class Factors:
    """The factorised weights of one class at some costs.

    Attributes
    ----------
    scale
        Scale of the costs.
    arc, arc_power
        Wide weight of each arc, 0 if it is not used; shape (arcs,).
    loop
        Weight of the self-loops of each rank; shape (nodes,).
    weights, closed, plain
        Weights of the slots; the same times the closure of the lower end; and the latter as plain floats.
    """

    scale: float
    arc: Floats
    arc_power: Ints
    loop: Floats
    weights: Weights
    closed: Weights
    plain: Plain


@dataclass(frozen=True)
class PathRequest:
    """Trips in the order of sweeps.

    Attributes
    ----------
    trips
        Trips by origin, in the order of the ranks of origins.
    order
        Index of each of these trips in the order given.
    spans
        First origin of each part and the one after the last; shape (parts, 2).
    """

    trips: Trips
    order: Ints
    spans: Ints


class LogSums:
    """Sums over all paths of one graph, for any costs.

    Parameters
    ----------
    first_out, head, tail
        Graph in compressed-sparse form, sorted by tail; shapes (nodes + 1,), (arcs,) and (arcs,).
    elimination
        Order and slots; by default found here.
    coordinates
        Coordinates of each node, to help find an order; shape (nodes, 2).
    """

    def __init__(
        self,
        first_out: Ints,
        head: Ints,
        tail: Ints,
        *,
        elimination: Elimination | None = None,
        coordinates: Floats | None = None,
    ) -> None:
        self.head, self.tail = head, tail
        e = elimination if elimination is not None else Elimination.of(first_out, head, coordinates=coordinates)
        self.elimination = e
        low = np.repeat(np.arange(len(e.order), dtype=np.int32), np.diff(e.first))
        below_first = np.append(0, np.cumsum(np.bincount(e.upper, minlength=len(e.order))))
        self._frame = Frame(e.closed, e.first, e.upper, low, below_first, np.argsort(e.upper, kind="stable"))
        self._loops = head == tail
        self._first_out = first_out
        self._by_head = np.argsort(head, kind="stable")
        self._first_in = np.append(0, np.cumsum(np.bincount(head, minlength=len(e.order))))

    def between(self, passable: Bools, origin: Ints, destination: Ints) -> Bools:
        """Find the arcs on a path from any of the origins to any of the destinations; shape (arcs,).

        Parameters
        ----------
        passable
            Arcs that are not prohibited; shape (arcs,).
        origin, destination
            Nodes.
        """
        reached = reached_from(self._first_out, self.head, passable, origin)
        turned = self._by_head
        reaching = reached_from(self._first_in, self.tail[turned], passable[turned], destination)
        return np.asarray(passable & reached[self.tail] & reaching[self.head])

    def factorise(self, cost: Floats, scale: float, *, usable: Bools | None = None) -> Factors:
        """Eliminate all nodes at some costs.

        Parameters
        ----------
        cost
            Cost of each arc, not negative, ``inf`` where prohibited; shape (arcs,).
        scale
            Scale of the choice among paths, in the inverse unit of cost; above 0.
        usable
            Arcs on a path of interest (see :meth:`between`); by default all. Only these can cause divergence.

        Raises
        ------
        ZeroCostCycleError
            A cycle of usable arcs has no cost.
        DivergenceError
            The sum over paths is infinite, or too large for floats.
        """
        used = np.isfinite(cost) if usable is None else usable & np.isfinite(cost)
        factors = self._eliminated(cost, scale, used)
        if factors is not None:
            return factors
        self.refuse_free_cycles(np.where(used, cost, np.inf))
        raise DivergenceError({0: scale}, {0: self.smallest_scale(cost, scale, used)})

    def _eliminated(self, cost: Floats, scale: float, used: Bools) -> Factors | None:
        """Factorise; ``None`` if the path sums diverge."""
        exponent = scale * np.where(used, cost, 0.0)
        used = used & (exponent < FARTHEST)
        exponent[~used] = 0.0
        arc_power = -np.rint(exponent / LOG_BASE)
        arc = np.where(used, np.exp(-(exponent + arc_power * LOG_BASE)), 0.0)
        arc_power = arc_power.astype(np.int64)
        e, slots, nodes = self.elimination, len(self.elimination), len(self.elimination.order)
        loop = np.bincount(
            e.rank[self.tail[self._loops]], np.exp(-exponent[self._loops]) * used[self._loops], nodes
        ).astype(np.float64)
        up, down = (
            _summed(e.slot[side], arc[side], arc_power[side], slots)
            for side in (np.flatnonzero((e.upward == upward) & ~self._loops & used) for upward in (True, False))
        )
        weights = Weights(*up, *down, np.ones(nodes))
        if factorise(self._frame, loop, weights) >= 0:
            return None
        closure = weights.closure[self._frame.low]
        closed = Weights(
            *_narrowed(weights.up * closure, weights.up_power),
            *_narrowed(weights.down * closure, weights.down_power),
            weights.closure,
        )
        plain = Plain(_plain(closed.up, closed.up_power), _plain(closed.down, closed.down_power), weights.closure)
        return Factors(scale, arc, arc_power, loop, weights, closed, plain)

    def smallest_scale(self, cost: Floats, scale: float, used: Bools) -> float:
        """Find the smallest scale at which path sums converge, from one at which they diverge.

        They converge if and only if every ``w(u,u)`` in the elimination is below 1. Since it decreases with the scale,
        bisection applies.
        """
        low, high = scale, 2.0 * scale
        while np.isfinite(high) and self._eliminated(cost, high, used) is None:
            low, high = high, 2.0 * high
        while np.isfinite(high) and high - low > NARROW * high:
            middle = low + (high - low) / 2
            low, high = (low, middle) if self._eliminated(cost, middle, used) is not None else (middle, high)
        return high

    def refuse_free_cycles(self, cost: Floats) -> None:
        """Reject a cycle of arcs without cost.

        Raises
        ------
        ZeroCostCycleError
            There is one; the error has its nodes and arcs.
        """
        free = np.flatnonzero(cost == 0.0)
        into: dict[int, int] = {}
        left = np.bincount(self.tail[free], minlength=len(self.elimination.order))
        # Topological sorting of the arcs without cost: nodes that remain are on or behind a cycle.
        alive = np.ones(len(free), dtype=bool)
        while True:
            dead = alive & (left[self.head[free]] == 0)
            if not dead.any():
                break
            alive &= ~dead
            left = np.bincount(self.tail[free[alive]], minlength=len(left))
        for arc in free[alive].tolist():
            into.setdefault(int(self.tail[arc]), arc)
        if not into:
            return
        node = next(iter(into))
        seen: dict[int, int] = {}
        while node not in seen:
            seen[node] = into[node]
            node = int(self.head[into[node]])
        cycle = list(seen)[list(seen).index(node) :]
        raise ZeroCostCycleError(np.array(cycle, dtype=np.int64), np.array([seen[n] for n in cycle], dtype=np.int64))

    def ask(self, origin: Ints, destination: Ints) -> PathRequest:
        """Prepare trips between pairs of nodes, arrays of shape (trips,), for sums and loading at any costs."""
        e = self.elimination
        start, end = e.rank[origin], e.rank[destination]
        order = np.lexsort((end, start))
        origins, first = np.unique(start[order], return_index=True)
        wanted = np.zeros(len(e.order), dtype=bool)
        wanted[end] = True
        for rank in range(len(e.order)):
            if wanted[rank]:
                wanted[e.upper[e.first[rank] : e.first[rank + 1]]] = True
        batches = -(-len(origins) // LANES)
        bounds = np.minimum(np.linspace(0, batches, min(PARTS, batches) + 1).astype(np.int64) * LANES, len(origins))
        trips = Trips(origins, np.append(first, len(order)), end[order], wanted)
        return PathRequest(trips, order, np.column_stack([bounds[:-1], bounds[1:]]))

    def expected_cost(self, factors: Factors, asked: PathRequest, *, threads: int = 1) -> Floats:
        """Expected minimum cost ``S`` of each trip, ``inf`` if there is no path; shape (trips,)."""
        return self._swept(factors, asked, np.empty(0), threads)[0]

    def load(self, factors: Factors, asked: PathRequest, demand: Floats, *, threads: int = 1) -> tuple[Floats, Floats]:
        """Expected minimum cost of each trip, shape (trips,), and the flow of their demand by arc, shape (arcs,).

        The flow is the derivative of ``sum(demand * S)`` by the cost of the arc. Demand without a path is not loaded.
        """
        out = np.zeros(len(self.head))
        if len(demand) == 0:
            return np.zeros(0), out
        cost, flows = self._swept(factors, asked, demand[asked.order], threads)
        hand_down(self._frame, factors.weights, flows)
        e = self.elimination
        for upward, flow, value, power in (
            (True, flows.up, factors.weights.up, factors.weights.up_power),
            (False, flows.down, factors.weights.down, factors.weights.down_power),
        ):
            arcs = np.flatnonzero((e.upward == upward) & ~self._loops & (factors.arc > 0))
            slot = e.slot[arcs]
            part = factors.arc[arcs] / value[slot]
            out[arcs] = flow[slot] * np.ldexp(part, (256 * (factors.arc_power[arcs] - power[slot])).clip(-2000, 2000))
        turning = flows.node * factors.weights.closure
        around = np.flatnonzero(self._loops & (factors.arc > 0))
        weight = np.ldexp(factors.arc[around], (256 * factors.arc_power[around]).clip(-2000, 0))
        out[around] = turning[e.rank[self.tail[around]]] * weight
        return cost, out

    def expected(self, factors: Factors, asked: PathRequest, quantities: Floats, *, threads: int = 1) -> Floats:
        """Expected sums of quantities over the paths of each trip, such as distance; NaN if there is no path.

        Parameters
        ----------
        quantities
            Non-negative quantities of each arc; shape (Q, arcs).

        Returns
        -------
        Floats
            Shape (Q, trips).
        """
        rank = self.elimination.rank
        used = np.flatnonzero(factors.arc > 0)
        measured = Measured(
            rank[self.tail[used]],
            rank[self.head[used]],
            factors.arc[used],
            factors.arc_power[used],
            np.ascontiguousarray(quantities[:, used]),
        )
        found = np.full((len(quantities), len(asked.order)), np.nan)
        with ThreadPoolExecutor(max_workers=max(1, threads)) as pool:
            list(
                pool.map(
                    lambda span: measure(self._frame, factors.closed, asked.trips, span, measured, found), asked.spans
                )
            )
        out = np.empty_like(found)
        out[:, asked.order] = found
        return out

    def _swept(self, factors: Factors, asked: PathRequest, demand: Floats, threads: int) -> tuple[Floats, Flows]:
        """Expected minimum costs in the order given, and flows of slots before they are distributed to arcs."""
        trips = len(asked.order)
        total, power = np.zeros(trips), np.zeros(trips, dtype=np.int64)
        flows = self._no_flows(demand)
        with ThreadPoolExecutor(max_workers=max(1, threads)) as pool:
            for part in pool.map(partial(self._part, factors, asked.trips, demand, total, power), asked.spans):
                flows = Flows(*(whole + more for whole, more in zip(flows, part, strict=True)))
        cost = np.full(trips, np.inf)
        found = total > 0
        cost[asked.order[found]] = -(np.log(total[found]) + power[found] * LOG_BASE) / factors.scale
        return cost, flows

    def _part(self, factors: Factors, trips: Trips, demand: Floats, total: Floats, power: Ints, span: Ints) -> Flows:
        """Sweep the origins of one part, with plain floats if their range suffices."""
        flows = self._no_flows(demand)
        if not plain_sweeps(self._frame, factors.plain, trips, span, demand, total, flows):
            flows = self._no_flows(demand)
            wide_sweeps(self._frame, factors.closed, trips, span, demand, total, power, flows)
        return flows

    def _no_flows(self, demand: Floats) -> Flows:
        slots, nodes = (len(self.elimination), len(self.elimination.order)) if len(demand) else (0, 0)
        return Flows(np.zeros(slots), np.zeros(slots), np.zeros(nodes))


def _summed(slot: Ints, value: Floats, power: Ints, slots: int) -> tuple[Floats, Ints]:
    """Sum the wide weights of the arcs in each slot."""
    most = np.full(slots, np.iinfo(np.int64).min)
    np.maximum.at(most, slot, power)
    most[most == np.iinfo(np.int64).min] = 0
    moved = np.ldexp(value, (256 * (power - most[slot])).clip(-2000, 0))
    return _narrowed(np.bincount(slot, moved, slots).astype(np.float64), most)


def _narrowed(value: Floats, power: Ints) -> tuple[Floats, Ints]:
    """Normalise wide numbers so that products do not overflow."""
    large = value >= 2.0**128
    return np.where(large, value / BASE, value), power + large


def _plain(value: Floats, power: Ints) -> Floats:
    """Convert wide numbers to plain floats, 0 if they underflow."""
    plain = np.ldexp(value, (256 * power).clip(-2000, 700))
    return np.where(plain > NOTHING, plain, 0.0)
