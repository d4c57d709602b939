"""Recursive logit towards one destination, by fixed-point iteration: kernels over plain arrays.

Costs are relative to the shortest path to the destination. So all weights are at most 1 at any costs, and the value of
a node is at least 1: 1 for the shortest path, plus the weights of all others.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import njit


class Graph(NamedTuple):
    """A graph by tail (``first_out``, ``head``) and by head: arcs into node ``n`` are ``into[first_in[n] : ...]``."""

    first_out: Any
    head: Any
    tail: Any
    first_in: Any
    into: Any


@njit(cache=True)
def shortest_to(graph: Graph, cost: Any, end: int) -> Any:
    """Distance of each node to one, by label correction in first-in-first-out order (Bellman 1958; Moore 1959)."""
    nodes = len(graph.first_out) - 1
    distance = np.full(nodes, np.inf)
    waiting = np.zeros(nodes, dtype=np.bool_)
    queue = np.empty(nodes + 1, dtype=np.int64)
    distance[end] = 0.0
    queue[0] = end
    begin, last = 0, 1
    while begin != last:
        node = queue[begin]
        begin = (begin + 1) % (nodes + 1)
        waiting[node] = False
        for i in range(graph.first_in[node], graph.first_in[node + 1]):
            arc = graph.into[i]
            start, through = graph.tail[arc], cost[arc] + distance[node]
            if through < distance[start]:
                distance[start] = through
                if not waiting[start]:
                    waiting[start] = True
                    queue[last] = start
                    last = (last + 1) % (nodes + 1)
    return distance


@njit(cache=True)
def reached_by(graph: Graph, cost: Any, start: Any) -> Any:
    """Whether each node can be reached from any of the given nodes; shape (nodes,)."""
    reached = np.zeros(len(graph.first_out) - 1, dtype=np.bool_)
    stack = np.empty(len(reached), dtype=np.int64)
    size = 0
    for node in start:
        if not reached[node]:
            reached[node] = True
            stack[size] = node
            size += 1
    while size > 0:
        size -= 1
        node = stack[size]
        for arc in range(graph.first_out[node], graph.first_out[node + 1]):
            if math.isfinite(cost[arc]) and not reached[graph.head[arc]]:
                reached[graph.head[arc]] = True
                stack[size] = graph.head[arc]
                size += 1
    return reached


@njit(cache=True)
def values_to(
    graph: Graph, cost: Any, scale: float, end: int, distance: Any, order: Any, limits: Any
) -> tuple[Any, Any]:
    """Value of each node, ``z_i = sum_j w_ij z_j + [i = end]``, by Gauss-Seidel in the order of distances.

    Parameters
    ----------
    distance, order
        Distance of each node to the end, ``inf`` if it is irrelevant, and the nodes with a finite distance, nearest
        first.
    limits
        Relative change at which to stop, and maximum number of iterations.

    Returns
    -------
    weight, value
        Relative weight of each arc, shape (arcs,); value of each node, NaN if the iterations did not converge; shape
        (nodes,).
    """
    weight = np.zeros(len(cost))
    for arc in range(len(cost)):
        through = cost[arc] + distance[graph.head[arc]]
        if math.isfinite(through) and math.isfinite(distance[graph.tail[arc]]):
            weight[arc] = math.exp(-scale * (through - distance[graph.tail[arc]]))
    value = np.zeros(len(distance))
    for _ in range(int(limits[1])):
        change = 0.0
        for node in order:
            total, loop = (1.0 if node == end else 0.0), 0.0
            for arc in range(graph.first_out[node], graph.first_out[node + 1]):
                if graph.head[arc] == node:
                    loop += weight[arc]
                else:
                    total += weight[arc] * value[graph.head[arc]]
            total /= 1.0 - loop
            if total > 0.0:
                change = max(change, abs(total - value[node]) / total)
            value[node] = total
        if change <= limits[0]:
            return weight, value
        if not math.isfinite(change):
            break
    value[:] = np.nan
    return weight, value


@njit(cache=True)
def add_flows(graph: Graph, weight: Any, value: Any, order: Any, demand: Any, limits: Any, flow: Any) -> None:
    """Add the flow of demand at the nodes to the arcs; NaN if the iterations did not converge.

    A node's traffic is its demand plus its inflow; arc ``i -> j`` gets the share ``w_ij z_j / z_i`` of it.
    """
    traffic = np.zeros(len(value))
    for _ in range(int(limits[1])):
        change = 0.0
        for k in range(len(order) - 1, -1, -1):
            node = order[k]
            total, loop = demand[node], 0.0
            for i in range(graph.first_in[node], graph.first_in[node + 1]):
                arc = graph.into[i]
                start = graph.tail[arc]
                if start == node:
                    loop += weight[arc]
                elif weight[arc] > 0.0:
                    total += traffic[start] * weight[arc] * value[node] / value[start]
            total /= 1.0 - loop
            if total > 0.0:
                change = max(change, abs(total - traffic[node]) / total)
            traffic[node] = total
        if change <= limits[0]:
            for arc in range(len(flow)):
                if weight[arc] > 0.0:
                    flow[arc] += (
                        traffic[graph.tail[arc]] * weight[arc] * value[graph.head[arc]] / value[graph.tail[arc]]
                    )
            return
    flow[:] = np.nan
