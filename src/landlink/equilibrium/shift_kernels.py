"""Shifting flow between routes and between options until costs agree.

Gauss-Seidel gradient projection on route flows (Jayakrishnan et al. 1994; greedy in the order of Xie, Nie and Liu
2018): markets are visited in turn, each at the costs after the shifts before it; a market with a small enough gap is
only evaluated. Within an option, flow moves from every costlier route to the cheapest by a Newton step on the cost
difference. Between options, the split solves the logit condition in one variable with the same second-order model of
congestion.

All kernels are in this one file, since the cache of compiled code is invalidated only by changes to the file itself: a
kernel called from another file would not be recompiled.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from landlink.core.jit import kernel

#: Utility difference beyond which a logit choice counts as certain.
CERTAIN = 60.0
#: Minimum share of an option in its market for momentum to apply.
LEAST_SHARE = 1e-12
#: Share of the gap held by the markets that are revisited at the end of each sweep.
WORST_HOLD = 0.9
#: Length of the runs sorted by insertion before merging.
RUN = 16
#: Maximum number of bisections of a step.
BISECTIONS = 40
#: Ratio of load to capacity below which the slope of a BPR curve with a power below 1 is held constant.
STEEPEST = 1e-4


class ActiveSet(NamedTuple):
    """Markets with a choice, their options and routes.

    Options of market ``m`` are ``option_first[m] : option_first[m + 1]``, routes of option ``o`` are
    ``route_first[o] : route_first[o + 1]``; groups that all routes of an option pass are ``common``, those of a single
    route in addition are ``own``. The ``fixed`` cost is that of the whole route. Steps are ``guarded`` if slopes of
    curves may fall with the load.
    """

    option_first: Any
    demand: Any
    scale: Any
    constant: Any
    value_of_time: Any
    load_factor: Any
    route_first: Any
    fixed: Any
    common_first: Any
    common: Any
    own_first: Any
    own: Any
    guarded: Any


class State(NamedTuple):
    """State changed in place by the shifts: flows of routes and options; loads, delays and slopes of groups.

    ``cost`` (of routes), ``best`` (cheapest route of options), ``gap`` (of markets) and ``count`` (of groups, zero
    between visits) are scratch; ``curves`` and ``points`` are constant, see :func:`delay_and_slope`.
    """

    flow: Any
    option_flow: Any
    load: Any
    delay: Any
    slope: Any
    curves: Any
    points: Any
    cost: Any
    best: Any
    gap: Any
    count: Any


class Past(NamedTuple):
    """Flows of routes and options before the current sweep (``now``) and before the previous one (``earlier``)."""

    earlier_flow: Any
    earlier_option: Any
    now_flow: Any
    now_option: Any


class Visits(NamedTuple):
    """Order in which markets are visited, and scratch for selecting those to revisit; shape (markets,) each.

    ``again`` holds the markets to revisit, ``total`` running sums of gaps; ``chosen`` is zero between uses.
    """

    order: Any
    ranked: Any
    other: Any
    again: Any
    total: Any
    chosen: Any


@kernel
def advance(
    times: int, enough: float, stride: float, settled: Any, active: ActiveSet, state: State, past: Past, visits: Visits
) -> float:
    """Visit all markets once and the worst repeatedly; return the gap found in the pass over all, USD a day.

    Parameters
    ----------
    times
        Number of passes over the worst.
    enough
        Gap up to which a market is skipped, USD a day.
    stride
        Momentum: initial step in the direction of the last pass, as a multiple of that pass.
    settled
        Loads of all other traffic, which :func:`set_loads` takes.
    past
        Earlier flows; ``now`` is set to the flows before the pass.
    """
    for r in range(len(state.flow)):
        past.now_flow[r] = state.flow[r]
    for o in range(len(state.option_flow)):
        past.now_option[o] = state.option_flow[o]
    if stride > 0.0:
        _stride(stride, active, state, past)
        set_loads(settled, active, state)
    total = _pass(visits.order, len(visits.order), enough, active, state)
    worst = _rank_worst(state, visits)
    for _ in range(times):
        _pass(visits.again, worst, enough, active, state)
    return total


@kernel
def rise(active: ActiveSet, state: State, past: Past) -> float:
    """Derivative of the objective in the direction of the last pass at the current flows; positive after an overshoot.

    Costs above the cheapest of the market make it precise: near the minimum, a change of the objective, or of costs
    times flows, is lost in the rounding of its parts.
    """
    total = 0.0
    for m in range(len(active.demand)):
        begin, end = active.option_first[m], active.option_first[m + 1]
        least = np.inf
        for o in range(begin, end):
            _cost(o, end - begin > 1, active, state)
            if state.best[o] >= 0:
                least = min(least, state.cost[state.best[o]])
        for o in range(begin, end):
            weight = active.load_factor[o] / active.value_of_time[o]
            part = 0.0
            for r in range(active.route_first[o], active.route_first[o + 1]):
                part += (state.flow[r] - past.now_flow[r]) * (state.cost[r] - least)
            if end - begin > 1 and state.option_flow[o] > 0.0:
                taste = active.constant[o] + math.log(state.option_flow[o] / active.demand[m]) / active.scale[m]
                part += (state.option_flow[o] - past.now_option[o]) * taste
            total += weight * part
    return total


@kernel
def _stride(length: float, active: ActiveSet, state: State, past: Past) -> None:
    """Continue in the direction of the last pass while keeping flows feasible: non-negative and conserved."""
    for m in range(len(active.demand)):
        total, least = 0.0, LEAST_SHARE * active.demand[m]
        for o in range(active.option_first[m], active.option_first[m + 1]):
            now = past.now_option[o]
            state.option_flow[o] = max(now + length * (now - past.earlier_option[o]), min(now, least))
            total += state.option_flow[o]
        factor = active.demand[m] / total
        for o in range(active.option_first[m], active.option_first[m + 1]):
            _stride_of_routes(o, state.option_flow[o] * factor, length, active, state, past)


@kernel
def _stride_of_routes(o: int, wanted: float, length: float, active: ActiveSet, state: State, past: Past) -> None:
    """Extrapolate the routes of an option and scale them to its flow; unchanged if no flow would remain."""
    total = 0.0
    begin, end = active.route_first[o], active.route_first[o + 1]
    for r in range(begin, end):
        now = past.now_flow[r]
        state.flow[r] = max(now + length * (now - past.earlier_flow[r]), 0.0)
        total += state.flow[r]
    if total <= 0.0:
        total = past.now_option[o]
        for r in range(begin, end):
            state.flow[r] = past.now_flow[r]
    ratio = wanted / total if total > 0.0 else 0.0
    state.option_flow[o] = 0.0
    for r in range(begin, end):
        state.flow[r] *= ratio
        state.option_flow[o] += state.flow[r]


@kernel
def _rank_worst(state: State, visits: Visits) -> int:
    """Find the markets with the largest gaps that together hold most of the total; return their number.

    They are written to ``visits.again`` in the order of visits.
    """
    in_other = _sort_by_gap(state.gap, visits.ranked, visits.other)
    ranked = visits.other if in_other else visits.ranked
    total = 0.0
    for i in range(len(ranked)):
        total += state.gap[ranked[i]]
        visits.total[i] = total
    low, high = 0, len(ranked)
    while low < high:
        middle = low + (high - low) // 2
        if visits.total[middle] < WORST_HOLD * total:
            low = middle + 1
        else:
            high = middle
    for i in range(min(low + 1, len(ranked))):
        visits.chosen[ranked[i]] = 1
    count = 0
    for m in visits.order:
        if visits.chosen[m]:
            visits.chosen[m] = 0
            visits.again[count] = m
            count += 1
    return count


@kernel
def _sort_by_gap(gap: Any, order: Any, other: Any) -> bool:
    """Sort markets by descending gap, ties by number; return whether the result is in ``other``."""
    size = len(gap)
    for begin in range(0, size, RUN):
        for i in range(begin, min(begin + RUN, size)):
            j = i
            while j > begin and gap[order[j - 1]] < gap[i]:
                order[j] = order[j - 1]
                j -= 1
            order[j] = i
    width, in_other = RUN, False
    while width < size:
        for begin in range(0, size, 2 * width):
            if in_other:
                _merge_runs(gap, other, order, begin, min(begin + width, size), min(begin + 2 * width, size))
            else:
                _merge_runs(gap, order, other, begin, min(begin + width, size), min(begin + 2 * width, size))
        width, in_other = 2 * width, not in_other
    return in_other


@kernel
def _merge_runs(gap: Any, source: Any, out: Any, begin: int, middle: int, end: int) -> None:
    left, right = begin, middle
    for i in range(begin, end):
        if left < middle and (right >= end or gap[source[left]] >= gap[source[right]]):
            out[i] = source[left]
            left += 1
        else:
            out[i] = source[right]
            right += 1


@kernel
def set_loads(base: Any, active: ActiveSet, state: State) -> None:
    """Recompute loads, including those of all other traffic, and delays at the current flows."""
    for g in range(len(base)):
        state.load[g] = base[g]
    for o in range(len(active.load_factor)):
        for i in range(active.common_first[o], active.common_first[o + 1]):
            g = active.common[i]
            state.load[g] += state.option_flow[o] * active.load_factor[o] * state.curves[g, 0]
        for r in range(active.route_first[o], active.route_first[o + 1]):
            for i in range(active.own_first[r], active.own_first[r + 1]):
                g = active.own[i]
                state.load[g] += state.flow[r] * active.load_factor[o] * state.curves[g, 0]
    for g in range(len(state.load)):
        state.delay[g], state.slope[g] = delay_and_slope(state.curves, state.points, g, state.load[g])


@kernel
def _pass(visit: Any, count: int, enough: float, active: ActiveSet, state: State) -> float:
    """Visit some markets in order; return the sum of their gaps when visited.

    Markets with a gap up to ``enough`` are skipped; if it is negative, all are evaluated only.
    """
    total = 0.0
    for i in range(count):
        m = visit[i]
        state.gap[m] = _look(m, active, state)
        total += state.gap[m]
        if enough < 0.0 or state.gap[m] <= enough:
            continue
        for o in range(active.option_first[m], active.option_first[m + 1]):
            _equalise(o, active, state)
        if active.option_first[m + 1] - active.option_first[m] > 1:
            _choose(m, active, state)
    return total


@kernel
def _look(m: int, active: ActiveSet, state: State) -> float:
    """Set costs and cheapest routes of a market; return its excess cost over the minimum, USD a day."""
    begin, end = active.option_first[m], active.option_first[m + 1]
    gap, least = 0.0, np.inf
    for o in range(begin, end):
        _cost(o, end - begin > 1, active, state)
        if state.best[o] < 0:
            continue
        lowest = state.cost[state.best[o]]
        least = min(least, active.scale[m] * (lowest + active.constant[o]))
        for r in range(active.route_first[o], active.route_first[o + 1]):
            gap += state.flow[r] * (state.cost[r] - lowest)
    if end - begin == 1:
        return gap
    weight = 0.0
    for o in range(begin, end):
        if state.best[o] >= 0:
            weight += math.exp(least - active.scale[m] * (state.cost[state.best[o]] + active.constant[o]))
    # d ln(d / q) - d + q, with q the logit flow, is never negative, which limits the effect of rounding.
    for o in range(begin, end):
        if state.best[o] >= 0:
            utility = least - active.scale[m] * (state.cost[state.best[o]] + active.constant[o]) - math.log(weight)
            wanted, have = active.demand[m] * math.exp(utility), state.option_flow[o]
            gap += (wanted - have) / active.scale[m]
            if have > 0.0:
                gap += have * (math.log(have / active.demand[m]) - utility) / active.scale[m]
    return gap


@kernel
def _cost(o: int, whole: bool, active: ActiveSet, state: State) -> None:
    """Compute costs of the routes of an option; return the cheapest, -1 if it has none.

    Unless ``whole`` is set, delays common to all of them are left out.
    """
    hours = 0.0
    if whole:
        for i in range(active.common_first[o], active.common_first[o + 1]):
            hours += state.delay[active.common[i]]
    state.best[o] = -1
    lowest = np.inf
    for r in range(active.route_first[o], active.route_first[o + 1]):
        state.cost[r] = active.fixed[r] + active.value_of_time[o] * (hours + _own_hours(r, active, state))
        if state.cost[r] < lowest:
            lowest, state.best[o] = state.cost[r], r


@kernel
def _own_hours(r: int, active: ActiveSet, state: State) -> float:
    hours = 0.0
    for i in range(active.own_first[r], active.own_first[r + 1]):
        hours += state.delay[active.own[i]]
    return hours


@kernel
def _equalise(o: int, active: ActiveSet, state: State) -> None:
    """Move flow of one option to its cheapest route."""
    begin, end = active.route_first[o], active.route_first[o + 1]
    if end - begin < 2:
        return
    value, beta = active.value_of_time[o], active.load_factor[o]
    best, lowest = begin, np.inf
    for r in range(begin, end):
        cost = active.fixed[r] + value * _own_hours(r, active, state)
        if cost < lowest:
            lowest, best = cost, r
    for r in range(begin, end):
        if r == best or state.flow[r] <= 0.0:
            continue
        dearer = active.fixed[r] - active.fixed[best]
        dearer += value * (_own_hours(r, active, state) - _own_hours(best, active, state))
        if dearer <= 0.0:
            continue
        _count_own(r, 1.0, active, state)
        _count_own(best, -1.0, active, state)
        curvature = value * beta * (_curvature_own(r, active, state) + _curvature_own(best, active, state))
        moved = state.flow[r] if curvature * state.flow[r] <= dearer else dearer / curvature
        state.flow[r] -= moved
        state.flow[best] += moved
        _load_own(r, -moved * beta, active, state)
        _load_own(best, moved * beta, active, state)
        if active.guarded:
            _step_back(o, r, best, moved, dearer, active, state)


@kernel
def _step_back(o: int, r: int, best: int, moved: float, dearer: float, active: ActiveSet, state: State) -> None:
    """Take back a part of a step, found by bisection, if the difference of costs has turned round and is not halved.

    Where a slope falls with the load, Newton steps can jump to and fro for ever.
    """
    value, beta = active.value_of_time[o], active.load_factor[o]
    low, high, at = 0.0, moved, moved
    for _ in range(BISECTIONS):
        left = active.fixed[r] - active.fixed[best]
        left += value * (_own_hours(r, active, state) - _own_hours(best, active, state))
        if abs(left) <= 0.5 * dearer or (left > 0.0 and at == moved):
            break
        if left < 0.0:
            high = at
        else:
            low = at
        new = 0.5 * (low + high)
        state.flow[r] += at - new
        state.flow[best] -= at - new
        _load_own(r, (at - new) * beta, active, state)
        _load_own(best, (new - at) * beta, active, state)
        at = new


@kernel
def _choose(m: int, active: ActiveSet, state: State) -> None:
    """Move flow between each option of a market and the largest one towards the logit split."""
    begin, end = active.option_first[m], active.option_first[m + 1]
    main = begin
    for o in range(begin, end):
        _cost(o, True, active, state)
        if state.option_flow[o] > state.option_flow[main]:
            main = o
    for o in range(begin, end):
        total = state.option_flow[o] + state.option_flow[main]
        if o == main or state.best[o] < 0 or total <= 0.0:
            continue
        difference = state.cost[state.best[o]] + active.constant[o]
        difference -= state.cost[state.best[main]] + active.constant[main]
        # The Jacobian of the classes, scaled by load factor and value of time, is symmetric: either factor is the same.
        curvature = active.value_of_time[o] * active.load_factor[o] * _curvature_between(o, main, active, state)
        new = _split(difference, curvature, state.option_flow[o], total, active.scale[m])
        _rescale(o, new, active, state)
        _rescale(main, total - new, active, state)
        _cost(main, True, active, state)


@kernel
def _split(difference: float, curvature: float, first: float, total: float, scale: float) -> float:
    """Flow of the first of two options at which logit and linearised costs agree.

    Solves ``difference + curvature (x - first) + ln(x / (total - x)) / scale = 0`` for ``x`` in (0, total) through
    ``y = ln(x / (total - x))``, in which the left side is smooth and increases by at least ``1 / scale``.
    """
    low, high = -CERTAIN, CERTAIN
    y = min(max(-scale * difference, low), high)
    if 0.0 < first < total:
        y = min(max(math.log(first / (total - first)), low), high)
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
        if abs(new - y) <= 1e-13 * max(1.0, abs(y)):
            y = new
            break
        y = new
    return total / (1.0 + math.exp(-y))


@kernel
def _rescale(o: int, total: float, active: ActiveSet, state: State) -> None:
    """Scale the routes of an option to a new total; if it had no flow, the cheapest route gets all."""
    old, beta, best = state.option_flow[o], active.load_factor[o], state.best[o]
    for i in range(active.common_first[o], active.common_first[o + 1]):
        _add(active.common[i], (total - old) * beta, state)
    if old > 0.0:
        for r in range(active.route_first[o], active.route_first[o + 1]):
            if state.flow[r] > 0.0:
                new = state.flow[r] * (total / old)
                _load_own(r, (new - state.flow[r]) * beta, active, state)
                state.flow[r] = new
    else:
        state.flow[best] += total
        _load_own(best, total * beta, active, state)
    state.option_flow[o] = total


@kernel
def _count_own(r: int, sign: float, active: ActiveSet, state: State) -> None:
    for i in range(active.own_first[r], active.own_first[r + 1]):
        state.count[active.own[i]] += sign


@kernel
def _curvature_own(r: int, active: ActiveSet, state: State) -> float:
    total = 0.0
    for i in range(active.own_first[r], active.own_first[r + 1]):
        total += _curvature(active.own[i], state)
    return total


@kernel
def _curvature_between(o: int, p: int, active: ActiveSet, state: State) -> float:
    """Change of the cost difference of two options per unit of load shifted between their best routes, h."""
    for option, sign in ((o, 1.0), (p, -1.0)):
        _count_own(state.best[option], sign, active, state)
        for i in range(active.common_first[option], active.common_first[option + 1]):
            state.count[active.common[i]] += sign
    total = 0.0
    for option in (o, p):
        total += _curvature_own(state.best[option], active, state)
        for i in range(active.common_first[option], active.common_first[option + 1]):
            total += _curvature(active.common[i], state)
    return total


@kernel
def _curvature(g: int, state: State) -> float:
    """Contribution of a counted group to a curvature; resets its count to zero."""
    part = state.count[g] * state.count[g] * state.slope[g] * state.curves[g, 0]
    state.count[g] = 0.0
    return part  # type: ignore[no-any-return]


@kernel
def _load_own(r: int, amount: float, active: ActiveSet, state: State) -> None:
    for i in range(active.own_first[r], active.own_first[r + 1]):
        _add(active.own[i], amount, state)


@kernel
def _add(g: int, amount: float, state: State) -> None:
    """Add load (tonnes x load factor) to a group and update its delay."""
    state.load[g] += amount * state.curves[g, 0]
    state.delay[g], state.slope[g] = delay_and_slope(state.curves, state.points, g, state.load[g])


@kernel
def delay_and_slope(curves: Any, points: Any, g: int, demand_load: float) -> Any:
    """Compute the delay of a group, h, and its derivative at a load from the demand.

    ``curves[g]`` holds load per tonne, curve, a, b, scale_h, capacity, background, limit, price and penalty of the hard
    capacity, first of its ``points`` and one past the last; load from which its ceiling counts, and the capacity and
    hours of that.
    :meth:`landlink.equilibrium.volume_delay.VolumeDelay.delay_h` is the plain twin.
    """
    curve, a, b, scale_h, capacity = int(curves[g, 1]), curves[g, 2], curves[g, 3], curves[g, 4], curves[g, 5]
    load, more = max(demand_load + curves[g, 6], 0.0), 0.0
    if load > curves[g, 12]:
        capacity, more = curves[g, 13], curves[g, 14]
    x = load / capacity
    delay = slope = 0.0
    if curve == 1:
        if b == 0.0:
            delay = a
        elif b < 1.0:
            # The slope at zero is infinite, but a Newton step needs a finite one.
            delay, slope = a * x**b, a * b * max(x, STEEPEST) ** (b - 1.0)
        else:
            power = a * (x * x * x if b == 4.0 else x ** (b - 1.0))
            delay, slope = power * x, power * b
    elif curve == 2:
        c = (2.0 * a - 1.0) / (2.0 * a - 2.0)
        root = math.sqrt((a * (1.0 - x)) ** 2 + c * c)
        delay, slope = max(1.0 + root - a * (1.0 - x) - c, 0.0), a - a * a * (1.0 - x) / root
    elif curve == 3:
        i, last = int(curves[g, 10]), int(curves[g, 11]) - 2
        while i < last and points[i + 1, 0] <= x:
            i += 1
        slope = (points[i + 1, 1] - points[i, 1]) / (points[i + 1, 0] - points[i, 0])
        delay = points[i, 1] + slope * (x - points[i, 0])
    delay, slope = scale_h * delay + more, scale_h * slope / capacity
    price, penalty = curves[g, 8], curves[g, 9]
    if price > 0.0 or penalty > 0.0:
        wait = price + penalty * (load - curves[g, 7]) if penalty > 0.0 else price
        if wait > 0.0:
            delay, slope = delay + wait, slope + penalty
    return delay, slope
