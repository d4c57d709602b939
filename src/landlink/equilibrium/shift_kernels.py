"""Shifting flow between routes and between options until costs agree.

Gauss-Seidel gradient projection on route flows (Jayakrishnan et al. 1994; greedy in the order of Xie, Nie and Liu
2018): markets are visited one after the other and each shift is felt by the next. Within an option, flow moves from
every dearer route to the cheapest by a Newton step on the difference of their costs. Between options, the split solves
the logit condition in one variable with the same second-order model of congestion.

All kernels are in this one file: compiled code is kept beside it and made anew only when this file changes, so that a
kernel called from another file would go on as it was.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import njit

#: Logit differences beyond this are certainty.
CERTAIN = 60.0
#: Ratio of load to capacity below which the slope of a BPR curve with a power below 1 stays what it is there.
STEEPEST = 1e-4


class Traffic(NamedTuple):
    """Who ships: markets, their options, and the classes these belong to."""

    market_first: Any
    scale: Any
    option_class: Any
    option_constant: Any
    value_of_time: Any
    load_factor: Any


class KnownRoutes(NamedTuple):
    """Routes of each option (``option_first``), their fixed cost, and the load groups each passes (``first``)."""

    option_first: Any
    fixed: Any
    first: Any
    groups: Any


class State(NamedTuple):
    """What the shifts change in place.

    ``curves[g]`` holds load per tonne, curve, a, b, scale_h, capacity and background of a group; it stays.
    """

    flow: Any
    option_flow: Any
    load: Any
    delay: Any
    slope: Any
    curves: Any


@njit(cache=True, nogil=True)
def slopes(curves: Any, load: Any) -> Any:
    """Derivative of every group's delay at its load, h per unit of load."""
    out = np.empty(len(load))
    for g in range(len(load)):
        _, out[g] = _delay(curves, g, load[g])
    return out


@njit(cache=True, nogil=True)
def sweep(visit: Any, tolerance: float, traffic: Traffic, routes: KnownRoutes, state: State) -> None:
    """One pass over the markets, in the order of ``visit``.

    Splits between options that are off by less than ``tolerance`` times the geometric mean of both flows are left: what
    they cost is of second order in it, also where one of the options is hardly used.
    """
    count = np.zeros(len(state.load))
    cheapest = np.zeros(len(traffic.option_class), dtype=np.int64)
    cost = np.empty(len(traffic.option_class))
    for m in visit:
        begin, end = traffic.market_first[m], traffic.market_first[m + 1]
        for o in range(begin, end):
            cheapest[o], cost[o] = _equalise(o, traffic, routes, state, count)
        if end - begin > 1:
            _choose(m, tolerance, traffic, routes, state, count, cheapest, cost)


@njit(cache=True, nogil=True)
def _equalise(o: int, traffic: Traffic, routes: KnownRoutes, state: State, count: Any) -> tuple[int, float]:
    """Move flow of one option to its cheapest route; return that route and its cost."""
    begin, end = routes.option_first[o], routes.option_first[o + 1]
    value = traffic.value_of_time[traffic.option_class[o]]
    beta = traffic.load_factor[traffic.option_class[o]]
    best, lowest = begin, np.inf
    for r in range(begin, end):
        c = _route_cost(r, value, routes, state)
        if c < lowest:
            lowest, best = c, r
    if end - begin < 2:
        return best, lowest
    for r in range(begin, end):
        if r == best or state.flow[r] <= 0.0:
            continue
        dearer = _route_cost(r, value, routes, state) - _route_cost(best, value, routes, state)
        if dearer <= 0.0:
            continue
        curvature = value * beta * _curvature(best, r, routes, state, count)
        moved = state.flow[r] if curvature * state.flow[r] <= dearer else dearer / curvature
        state.flow[r] -= moved
        state.flow[best] += moved
        _add_load(r, -moved * beta, routes, state)
        _add_load(best, moved * beta, routes, state)
    return best, _route_cost(best, value, routes, state)


@njit(cache=True, nogil=True)
def _choose(
    m: int,
    tolerance: float,
    traffic: Traffic,
    routes: KnownRoutes,
    state: State,
    count: Any,
    cheapest: Any,
    cost: Any,
) -> None:
    """Move flow between the options of one market towards the logit split, against the busiest of them."""
    begin, end = traffic.market_first[m], traffic.market_first[m + 1]
    main = begin
    for o in range(begin, end):
        if state.option_flow[o] > state.option_flow[main]:
            main = o
    main_class = traffic.option_class[main]
    for o in range(begin, end):
        total = state.option_flow[o] + state.option_flow[main]
        if o == main or not math.isfinite(cost[o]) or total <= 0.0:
            continue
        k = traffic.option_class[o]
        difference = cost[o] + traffic.option_constant[o] - cost[main] - traffic.option_constant[main]
        curvature = traffic.value_of_time[k] * traffic.load_factor[k]
        curvature *= _curvature(cheapest[o], cheapest[main], routes, state, count)
        new = _split(difference, curvature, state.option_flow[o], total, traffic.scale[m])
        if abs(new - state.option_flow[o]) <= tolerance * math.sqrt(new * (total - new)):
            continue
        _rescale(o, new, traffic.load_factor[k], cheapest[o], routes, state)
        _rescale(main, total - new, traffic.load_factor[main_class], cheapest[main], routes, state)
        cost[main] = _route_cost(cheapest[main], traffic.value_of_time[main_class], routes, state)


@njit(cache=True, nogil=True)
def _split(difference: float, curvature: float, first: float, total: float, scale: float) -> float:
    """Flow of the first of two options at which logit and linearised costs agree.

    Solves ``difference + curvature (x - first) + ln(x / (total - x)) / scale = 0`` for ``x`` in (0, total) through
    ``y = ln(x / (total - x))``, in which the left side is smooth and increases by at least ``1 / scale``.
    """
    low, high = -CERTAIN, CERTAIN
    y = min(max(-scale * difference, low), high)
    for _ in range(60):
        share = 1.0 / (1.0 + math.exp(-y))
        value = difference + curvature * (total * share - first) + y / scale
        if value > 0.0:
            high = y
        else:
            low = y
        step = value / (curvature * total * share * (1.0 - share) + 1.0 / scale)
        new = y - step
        if not low < new < high:
            new = 0.5 * (low + high)
        if abs(new - y) <= 1e-14 * max(1.0, abs(y)):
            y = new
            break
        y = new
    return total / (1.0 + math.exp(-y))


@njit(cache=True, nogil=True)
def _rescale(o: int, total: float, beta: float, cheapest: int, routes: KnownRoutes, state: State) -> None:
    """Bring the routes of an option to a new total in proportion; what comes anew takes the cheapest."""
    old = state.option_flow[o]
    if old > 0.0:
        for r in range(routes.option_first[o], routes.option_first[o + 1]):
            if state.flow[r] > 0.0:
                new = state.flow[r] * (total / old)
                _add_load(r, (new - state.flow[r]) * beta, routes, state)
                state.flow[r] = new
    else:
        state.flow[cheapest] += total
        _add_load(cheapest, total * beta, routes, state)
    state.option_flow[o] = total


@njit(cache=True, nogil=True)
def _route_cost(route: int, value_of_time: float, routes: KnownRoutes, state: State) -> float:
    hours = 0.0
    for i in range(routes.first[route], routes.first[route + 1]):
        hours += state.delay[routes.groups[i]]
    return routes.fixed[route] + value_of_time * hours  # type: ignore[no-any-return]


@njit(cache=True, nogil=True)
def _curvature(r: int, s: int, routes: KnownRoutes, state: State, count: Any) -> float:
    """Hours by which the cost difference of two routes moves for each unit of load factor shifted between them."""
    for i in range(routes.first[r], routes.first[r + 1]):
        count[routes.groups[i]] += 1.0
    for i in range(routes.first[s], routes.first[s + 1]):
        count[routes.groups[i]] -= 1.0
    total = 0.0
    for route in (r, s):
        for i in range(routes.first[route], routes.first[route + 1]):
            g = routes.groups[i]
            total += count[g] * count[g] * state.slope[g] * state.curves[g, 0]
            count[g] = 0.0
    return total


@njit(cache=True, nogil=True)
def _add_load(route: int, amount: float, routes: KnownRoutes, state: State) -> None:
    """Add an amount of load (tonnes x load factor) to the groups of a route and renew their delays."""
    for i in range(routes.first[route], routes.first[route + 1]):
        g = routes.groups[i]
        state.load[g] += amount * state.curves[g, 0]
        state.delay[g], state.slope[g] = _delay(state.curves, g, state.load[g])


@njit(cache=True, nogil=True)
def _delay(curves: Any, g: int, load: float) -> tuple[float, float]:
    """Delay of a group, h, and its slope at a load of the demand."""
    curve, a, b, scale_h, capacity = int(curves[g, 1]), curves[g, 2], curves[g, 3], curves[g, 4], curves[g, 5]
    return delay_and_slope(curve, a, b, scale_h, capacity, load + curves[g, 6])  # type: ignore[no-any-return]


@njit(cache=True, nogil=True, inline="always")
def delay_and_slope(curve: int, a: float, b: float, scale_h: float, capacity: float, load: float) -> Any:
    """Delay in h and its derivative by load, at a load that includes the background.

    :meth:`landlink.network.load_groups.LoadGroups.delay_h` is its plain twin.
    """
    x = max(load, 0.0) / capacity
    if curve == 1:
        if b == 0.0:
            return scale_h * a, 0.0
        slope = scale_h * a * _power(x, b - 1.0)
        if b < 1.0:
            return scale_h * a * x**b, slope * b / capacity
        return slope * x, slope * b / capacity
    if curve == 2:
        c = (2.0 * a - 1.0) / (2.0 * a - 2.0)
        root = math.sqrt((a * (1.0 - x)) ** 2 + c * c)
        return scale_h * max(1.0 + root - a * (1.0 - x) - c, 0.0), scale_h * (a - a * a * (1.0 - x) / root) / capacity
    return 0.0, 0.0


@njit(cache=True, nogil=True, inline="always")
def _power(x: float, exponent: float) -> Any:
    """``x ** exponent``; BPR's usual power of 4 asks for a cube, which multiplication gives several times faster."""
    if exponent == 3.0:
        return x * x * x
    if exponent < 0.0:
        # A power below 1 rises from zero infinitely steeply; a step needs a slope it can divide by.
        return max(x, STEEPEST) ** exponent
    return x**exponent
