"""Shifting flow between routes and between options until costs agree.

Gauss-Seidel gradient projection on route flows (Jayakrishnan et al. 1994; greedy in the order of Xie, Nie and Liu
2018): markets are visited one after the other and each shift is felt by the next. Within an option, flow moves from
every dearer route to the cheapest by a Newton step on the difference of their costs. Between options, the split solves
the logit condition in one variable with the same second-order model of congestion.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from landlink.equilibrium.delay_kernels import delay_and_slope

#: Logit differences beyond this are certainty.
CERTAIN = 60.0


@njit(cache=True, nogil=True)
def _add_load(route: int, amount: float, route_first: Any, route_groups: Any, group_values: Any, load: Any, delay: Any, slope: Any) -> None:
    """Add an amount of load (tonnes x load factor) to the groups of a route and renew their delays."""
    for i in range(route_first[route], route_first[route + 1]):
        g = route_groups[i]
        load[g] += amount * group_values[g, 0]
    for i in range(route_first[route], route_first[route + 1]):
        g = route_groups[i]
        delay[g], slope[g] = delay_and_slope(
            int(group_values[g, 1]), group_values[g, 2], group_values[g, 3], group_values[g, 4], group_values[g, 5],
            load[g] + group_values[g, 6],
        )  # fmt: skip


@njit(cache=True, nogil=True)
def _route_cost(route: int, fixed: Any, value_of_time: float, route_first: Any, route_groups: Any, delay: Any) -> float:
    hours = 0.0
    for i in range(route_first[route], route_first[route + 1]):
        hours += delay[route_groups[i]]
    return fixed[route] + value_of_time * hours  # type: ignore[no-any-return]


@njit(cache=True, nogil=True)
def slopes(group_values: Any, load: Any) -> Any:
    """Derivative of every group's delay at its load, h per unit of load."""
    out = np.empty(len(load))
    for g in range(len(load)):
        _, out[g] = delay_and_slope(
            int(group_values[g, 1]), group_values[g, 2], group_values[g, 3], group_values[g, 4], group_values[g, 5],
            load[g] + group_values[g, 6],
        )  # fmt: skip
    return out


@njit(cache=True, nogil=True)
def _curvature(r: int, s: int, route_first: Any, route_groups: Any, group_values: Any, slope: Any, count: Any) -> float:
    """Hours by which the cost difference of two routes moves for each unit of load factor shifted between them."""
    for i in range(route_first[r], route_first[r + 1]):
        count[route_groups[i]] += 1.0
    for i in range(route_first[s], route_first[s + 1]):
        count[route_groups[i]] -= 1.0
    total = 0.0
    for route in (r, s):
        for i in range(route_first[route], route_first[route + 1]):
            g = route_groups[i]
            total += count[g] * count[g] * slope[g] * group_values[g, 0]
            count[g] = 0.0
    return total


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
def sweep(
    visit: Any, tolerance: float, market_first: Any, demand: Any, scale: Any, option_class: Any, option_constant: Any, option_first: Any,
    route_fixed: Any, route_first: Any, route_groups: Any, value_of_time: Any, load_factor: Any, group_values: Any,
    flow: Any, option_flow: Any, load: Any, delay: Any, slope: Any,
) -> None:  # fmt: skip
    """One pass over the markets, in the order of ``visit``.

    Splits between options that are off by less than a share ``tolerance`` of the flow are left: what they cost is of
    second order in it.

    ``group_values[g]`` holds load per tonne, curve, a, b, scale_h, capacity, background. Flows, loads, delays and slopes
    change in place.
    """
    count = np.zeros(len(load))
    cheapest = np.empty(len(option_class), dtype=np.int64)
    cost = np.empty(len(option_class))
    for m in visit:
        for o in range(market_first[m], market_first[m + 1]):
            k = option_class[o]
            _equalise(
                o, option_first, route_fixed, route_first, route_groups, value_of_time[k], load_factor[k], group_values,
                flow, load, delay, slope, count, cheapest, cost,
            )  # fmt: skip
        if market_first[m + 1] - market_first[m] > 1:
            _choose(
                m, tolerance, market_first, demand[m], scale[m], option_class, option_constant, option_first, route_fixed,
                route_first, route_groups, value_of_time, load_factor, group_values, flow, option_flow, load, delay,
                slope, count, cheapest, cost,
            )  # fmt: skip


@njit(cache=True, nogil=True)
def _equalise(
    o: int, option_first: Any, route_fixed: Any, route_first: Any, route_groups: Any, value: float, beta: float,
    group_values: Any, flow: Any, load: Any, delay: Any, slope: Any, count: Any, cheapest: Any, cost: Any,
) -> None:  # fmt: skip
    """Move flow of one option to its cheapest route."""
    begin, end = option_first[o], option_first[o + 1]
    best = begin
    lowest = np.inf
    for r in range(begin, end):
        c = _route_cost(r, route_fixed, value, route_first, route_groups, delay)
        if c < lowest:
            lowest, best = c, r
    cheapest[o], cost[o] = best, lowest
    if end - begin < 2:
        return
    for r in range(begin, end):
        if r == best or flow[r] <= 0.0:
            continue
        dearer = _route_cost(r, route_fixed, value, route_first, route_groups, delay) - _route_cost(
            best, route_fixed, value, route_first, route_groups, delay
        )
        if dearer <= 0.0:
            continue
        curvature = value * beta * _curvature(best, r, route_first, route_groups, group_values, slope, count)
        moved = flow[r] if curvature * flow[r] <= dearer else dearer / curvature
        flow[r] -= moved
        flow[best] += moved
        _add_load(r, -moved * beta, route_first, route_groups, group_values, load, delay, slope)
        _add_load(best, moved * beta, route_first, route_groups, group_values, load, delay, slope)
    cost[o] = _route_cost(best, route_fixed, value, route_first, route_groups, delay)


@njit(cache=True, nogil=True)
def _choose(
    m: int, tolerance: float, market_first: Any, demand: float, scale: float, option_class: Any, option_constant: Any, option_first: Any,
    route_fixed: Any, route_first: Any, route_groups: Any, value_of_time: Any, load_factor: Any, group_values: Any,
    flow: Any, option_flow: Any, load: Any, delay: Any, slope: Any, count: Any, cheapest: Any, cost: Any,
) -> None:  # fmt: skip
    """Move flow between the options of one market towards the logit split, against the busiest of them."""
    begin, end = market_first[m], market_first[m + 1]
    main = begin
    for o in range(begin, end):
        if option_flow[o] > option_flow[main]:
            main = o
    for o in range(begin, end):
        if o == main or not math.isfinite(cost[o]):
            continue
        k, j = option_class[o], option_class[main]
        difference = cost[o] + option_constant[o] - cost[main] - option_constant[main]
        total = option_flow[o] + option_flow[main]
        if total <= 0.0:
            continue
        curvature = value_of_time[k] * load_factor[k] * _curvature(
            cheapest[o], cheapest[main], route_first, route_groups, group_values, slope, count
        )
        new = _split(difference, curvature, option_flow[o], total, scale)
        moved = new - option_flow[o]
        if abs(moved) <= tolerance * total:
            continue
        _rescale(o, new, load_factor[k], option_first, cheapest[o], route_first, route_groups, group_values, flow, option_flow, load, delay, slope)
        _rescale(main, total - new, load_factor[j], option_first, cheapest[main], route_first, route_groups, group_values, flow, option_flow, load, delay, slope)
        cost[main] = _route_cost(cheapest[main], route_fixed, value_of_time[j], route_first, route_groups, delay)


@njit(cache=True, nogil=True)
def _rescale(
    o: int, total: float, beta: float, option_first: Any, cheapest: int, route_first: Any, route_groups: Any,
    group_values: Any, flow: Any, option_flow: Any, load: Any, delay: Any, slope: Any,
) -> None:  # fmt: skip
    """Bring the routes of an option to a new total in proportion; what comes anew takes the cheapest."""
    old = option_flow[o]
    if old > 0.0:
        for r in range(option_first[o], option_first[o + 1]):
            if flow[r] > 0.0:
                new = flow[r] * (total / old)
                _add_load(r, (new - flow[r]) * beta, route_first, route_groups, group_values, load, delay, slope)
                flow[r] = new
    else:
        flow[cheapest] += total
        _add_load(cheapest, total * beta, route_first, route_groups, group_values, load, delay, slope)
    option_flow[o] = total
