"""Kernels of the certificate of spread routes: lower bounds of the costs of options, by label correction."""

from __future__ import annotations

from typing import Any

import numpy as np

from landlink.core.jit import kernel

#: Room above the cheapest used route within which labels are corrected, for rounding.
ROOM = 1e-12


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
        ``first``, ``arcs`` and ``flow`` of all routes; flow of each option; place of each arc among those of the graph.
    scratch
        Shares by arc, 0 before and after; labels, infinite; whether a node waits, False; queue, shape (nodes + 1,);
        nodes with a label; sums and weights by node, 0.
    found
        Written: the bound, infinite without a path; mean cost and cost of spread, 0 without flow; shape (3, options).
    """
    first_out, head, cost, own = graph
    origins, destinations, stretches, begins, ends = options
    first, arcs, flow, carried, place = routes
    share, label, touched = scratch[0], scratch[1], scratch[4]
    for n in range(len(origins)):
        stretch, limit = stretches[n], np.inf
        mean, spread = 0.0, 0.0
        for r in range(begins[n], ends[n]):
            for i in range(first[r], first[r + 1]):
                share[place[arcs[i]]] += flow[r] / carried[n]
        for r in range(begins[n], ends[n]):
            total, marginal = 0.0, 0.0
            for i in range(first[r], first[r + 1]):
                arc = place[arcs[i]]
                total += cost[arc]
                marginal += cost[arc] + stretch * own[arc] * share[arc]
            mean += total * (flow[r] / carried[n])
            limit = min(limit, marginal * (1.0 + ROOM))
        if ahead[origins[n]] < np.inf:
            size = _labels(
                (first_out, head, cost, own), ahead, (origins[n], destinations[n]), (stretch, limit), scratch
            )
            least = _bound((first_out, head, cost, own), ahead, label[destinations[n]], stretch, scratch, size)
            if ends[n] - begins[n] > 1:
                size = _average((head, cost, own), routes, (begins[n], ends[n]), (stretch, carried[n]), scratch, size)
                level = label[destinations[n]]
                least = max(least, _bound((first_out, head, cost, own), ahead, level, stretch, scratch, size))
            found[0, n] = least
            for i in range(size):
                label[touched[i]] = np.inf
        else:
            found[0, n] = np.inf
        for r in range(begins[n], ends[n]):
            for i in range(first[r], first[r + 1]):
                arc = place[arcs[i]]
                spread += stretch * own[arc] * share[arc] * share[arc] / 2
                share[arc] = 0.0
        found[1, n], found[2, n] = mean, spread


@kernel
def _labels(graph: Any, ahead: Any, trip: Any, program: Any, scratch: Any) -> int:
    """Correct labels at marginal costs until none within the limit can fall; return the number of labelled nodes."""
    first_out, head, cost, own = graph
    origin, destination = trip
    stretch, limit = program
    share, label, waiting, queue, touched, _, _ = scratch
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
    first, arcs, flow, _, place = routes
    stretch, carried = program
    share, label, touched, total, weight = scratch[0], scratch[1], scratch[4], scratch[5], scratch[6]
    for r in range(span[0], span[1]):
        so_far = 0.0
        for i in range(first[r], first[r + 1]):
            arc = place[arcs[i]]
            so_far += cost[arc] + stretch * own[arc] * share[arc]
            total[head[arc]] += flow[r] / carried * so_far
            weight[head[arc]] += flow[r] / carried
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
