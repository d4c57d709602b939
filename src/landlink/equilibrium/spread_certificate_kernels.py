"""Kernels of the certificate of spread routes: lower bounds of the costs of options, by label correction."""

from __future__ import annotations

from typing import Any

import numpy as np

from landlink.core.jit import kernel

#: Room above the cheapest used route within which labels are corrected, for rounding.
ROOM = 1e-12
#: Exchanges between routes for each route, and relative difference of marginal costs at which they end.
EXCHANGES = 8
EVEN = 1e-9


@kernel
def examine(graph: Any, ahead: Any, options: Any, routes: Any, scratch: Any, found: Any) -> None:
    """Find a lower bound of the least cost of some options with one destination, their mean cost and cost of spread.

    Parameters
    ----------
    graph
        ``first_out``, ``head``, cost and own cost of the arcs that the class may use.
    ahead
        Distance of each node to the destination.
    options
        Origin, destination, stretch, first route and end of the routes of each.
    routes
        ``first``, ``arcs`` and ``flow`` of all routes; flow of each option; place of each arc among those of the graph;
        scratch by route.
    scratch
        Shares by arc, 0 before and after; labels, infinite; whether a node waits, False; queue, shape (nodes + 1,);
        nodes with a label; sums and weights by node, 0; marks by
        arc, 0.
    found
        Written: the bound, infinite without a path; mean cost and cost of spread, 0 without flow; shape (3, options).
    """
    cost, own = graph[2], graph[3]
    origins, destinations, stretches, begins, ends = options
    first, arcs, flow, carried, place, part = routes
    share = scratch[0]
    for n in range(len(origins)):
        stretch, limit = stretches[n], np.inf
        mean, spread = 0.0, 0.0
        for r in range(begins[n], ends[n]):
            for i in range(first[r], first[r + 1]):
                share[place[arcs[i]]] += flow[r] / carried[n]
        for r in range(begins[n], ends[n]):
            part[r] = flow[r] / carried[n]
            for i in range(first[r], first[r + 1]):
                arc = place[arcs[i]]
                mean += part[r] * cost[arc]
                # Each route adds its part of the square.
                spread += part[r] * stretch * own[arc] * share[arc] / 2
        _even_out((cost, own), routes, (begins[n], ends[n]), stretch, part, scratch)
        for r in range(begins[n], ends[n]):
            limit = min(limit, _marginal((cost, own), routes, r, stretch, share) * (1.0 + ROOM))
        found[0, n], found[1, n], found[2, n] = np.inf, mean, spread
        if ahead[origins[n]] < np.inf:
            trip, span = (origins[n], destinations[n]), (begins[n], ends[n])
            found[0, n] = _least(graph, ahead, routes, trip, span, (stretch, limit), scratch)
        for r in range(begins[n], ends[n]):
            for i in range(first[r], first[r + 1]):
                share[place[arcs[i]]] = 0.0


@kernel
def _least(graph: Any, ahead: Any, routes: Any, trip: Any, span: Any, program: Any, scratch: Any) -> float:
    """Larger of the lower bounds by distances and by mean costs."""
    label, touched = scratch[1], scratch[4]
    stretch, destination = program[0], trip[1]
    size = _labels(graph, ahead, trip, program, scratch)
    least = _bound(graph, ahead, label[destination], stretch, scratch, size)
    if span[1] - span[0] > 1:
        size = _average((graph[1], graph[2], graph[3]), routes, span, (stretch, routes[5]), scratch, size)
        least = max(least, _bound(graph, ahead, label[destination], stretch, scratch, size))
    for i in range(size):
        label[touched[i]] = np.inf
    return least


@kernel
def _marginal(costs: Any, routes: Any, r: int, stretch: float, share: Any) -> float:
    """Marginal cost of a route at shares of arcs."""
    cost, own = costs
    first, arcs, place = routes[0], routes[1], routes[4]
    total = 0.0
    for i in range(first[r], first[r + 1]):
        arc = place[arcs[i]]
        total += cost[arc] + stretch * own[arc] * share[arc]
    return total


@kernel
def _extremes(costs: Any, routes: Any, span: Any, stretch: float, part: Any, share: Any) -> Any:
    """Dearest route in use and cheapest of all at marginal costs, and these costs."""
    dearest, cheapest, high, low = -1, -1, -np.inf, np.inf
    for r in range(span[0], span[1]):
        marginal = _marginal(costs, routes, r, stretch, share)
        if marginal < low:
            low, cheapest = marginal, r
        if marginal > high and part[r] > 0.0:
            high, dearest = marginal, r
    return dearest, cheapest, high, low


@kernel
def _even_out(costs: Any, routes: Any, span: Any, stretch: float, part: Any, scratch: Any) -> None:
    """Shift shares from the dearest route to the cheapest until they are equally dear, for labels that bound well."""
    own = costs[1]
    first, arcs, place = routes[0], routes[1], routes[4]
    share, mark = scratch[0], scratch[7]
    for _ in range(EXCHANGES * (span[1] - span[0] - 1)):
        dearest, cheapest, high, low = _extremes(costs, routes, span, stretch, part, share)
        if not high - low > EVEN * low:
            break
        for i in range(first[cheapest], first[cheapest + 1]):
            mark[place[arcs[i]]] = 1.0
        slope = 0.0
        for i in range(first[dearest], first[dearest + 1]):
            arc = place[arcs[i]]
            slope += stretch * own[arc] * (1.0 - mark[arc])
            mark[arc] = 0.0
        for i in range(first[cheapest], first[cheapest + 1]):
            arc = place[arcs[i]]
            slope += stretch * own[arc] * mark[arc]
            mark[arc] = 0.0
        moved = min(part[dearest], (high - low) / slope) if slope > 0.0 else part[dearest]
        part[dearest] -= moved
        part[cheapest] += moved
        for i in range(first[dearest], first[dearest + 1]):
            share[place[arcs[i]]] -= moved
        for i in range(first[cheapest], first[cheapest + 1]):
            share[place[arcs[i]]] += moved


@kernel
def _labels(graph: Any, ahead: Any, trip: Any, program: Any, scratch: Any) -> int:
    """Correct labels at marginal costs until none within the limit can fall; return the number of labelled nodes."""
    first_out, head, cost, own = graph
    origin, destination = trip
    stretch, limit = program
    share, label, waiting, queue, touched, _, _, _ = scratch
    nodes = len(label)
    label[origin] = 0.0
    touched[0] = queue[0] = origin
    waiting[origin] = True
    size, begin, end = 1, 0, 1
    while begin != end:
        node = queue[begin]
        begin = begin + 1 if begin < nodes else 0
        waiting[node] = False
        if label[node] + ahead[node] > min(limit, label[destination]):
            continue
        for arc in range(first_out[node], first_out[node + 1]):
            there = label[node] + (cost[arc] + stretch * own[arc] * share[arc])
            to = head[arc]
            if there < label[to] and there + ahead[to] <= min(limit, label[destination]):
                if label[to] == np.inf:
                    touched[size] = to
                    size += 1
                label[to] = there
                if not waiting[to]:
                    waiting[to] = True
                    queue[end] = to
                    end = end + 1 if end < nodes else 0
    return size


@kernel
def _average(graph: Any, routes: Any, span: Any, program: Any, scratch: Any, size: int) -> int:
    """Replace the labels of nodes on used routes by the mean cost to them; return the number of labelled nodes."""
    head, cost, own = graph
    first, arcs, place = routes[0], routes[1], routes[4]
    stretch, part = program
    share, label, touched, total, weight = scratch[0], scratch[1], scratch[4], scratch[5], scratch[6]
    for r in range(span[0], span[1]):
        so_far = 0.0
        for i in range(first[r], first[r + 1]):
            arc = place[arcs[i]]
            so_far += cost[arc] + stretch * own[arc] * share[arc]
            total[head[arc]] += part[r] * so_far
            weight[head[arc]] += part[r]
    for r in range(span[0], span[1]):
        for i in range(first[r], first[r + 1]):
            node = head[place[arcs[i]]]
            if weight[node] > 0.0:
                if label[node] == np.inf:
                    touched[size] = node
                    size += 1
                label[node] = total[node] / weight[node]
                total[node] = weight[node] = 0.0
    return size


@kernel
def _bound(graph: Any, ahead: Any, level: float, stretch: float, scratch: Any, size: int) -> float:
    """Lower bound of an option's least cost from the labels found."""
    first_out, head, cost, own = graph
    label, touched = scratch[1], scratch[4]
    bound = level
    for i in range(size):
        node = touched[i]
        here = min(label[node], level - ahead[node])
        for arc in range(first_out[node], first_out[node + 1]):
            to = head[arc]
            beyond = min(label[to], level - ahead[to]) - (here + cost[arc])
            weight = stretch * own[arc]
            if beyond > 0.0 and weight > 0.0:
                bound -= beyond * beyond / (2.0 * weight)
            elif beyond > ROOM * level:
                return -np.inf
    return bound
