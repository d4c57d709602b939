"""Kernels that find the routes missing from an option's program: cheaper at marginal costs than those it uses.

Marginal costs are never below the arc costs, so that the distances to the destination at arc costs are consistent
potentials for a goal-directed search (Hart, Nilsson and Raphael 1968), which settles each node once and stops at the
marginal cost of the routes in use.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from landlink.core.jit import kernel
from landlink.equilibrium.spread_kernels import Program, RouteLists, find_shares, take_option


class Graph(NamedTuple):
    """A graph: ``head[first_out[n] : first_out[n + 1]]`` are the nodes after node ``n``."""

    first_out: Any
    head: Any
    tail: Any


class Search(NamedTuple):
    """Scratch of a search.

    Attributes
    ----------
    label, last_arc
        Cost from the origin, infinite between searches, and last arc; shape (nodes,).
    settled
        Whether the label is final, which rounding must not undo; shape (nodes,).
    touched
        Nodes with a label; shape (nodes,).
    heap, key
        Shape (arcs + 1,).
    used
        Share of the option on each arc, 0 between searches; shape (arcs,).
    """

    label: Any
    last_arc: Any
    settled: Any
    touched: Any
    heap: Any
    key: Any
    used: Any

    @classmethod
    def of(cls, nodes: int, arcs: int) -> Search:
        """Scratch for a graph of some size."""
        return cls(
            np.full(nodes, np.inf), np.full(nodes, -1, dtype=np.int64), np.zeros(nodes, dtype=np.bool_),
            np.full(nodes, -1, dtype=np.int64), np.empty(arcs + 1, dtype=np.int64), np.empty(arcs + 1), np.zeros(arcs),
        )  # fmt: skip


class Found(NamedTuple):
    """New routes: option and share of each, arcs, overlaps with all earlier routes of the option."""

    option: Any
    share: Any
    first: Any
    arcs: Any
    overlap_first: Any
    overlap: Any


class Options(NamedTuple):
    """Options: class, ends and stretch of each; shape (options,)."""

    category: Any
    origin: Any
    destination: Any
    stretch: Any


@kernel
def complete(
    graph: Graph, lists: RouteLists, options: Options, costs: Any, work: Any, scratch: Any, found: Found, out: Any
) -> tuple[int, int, int]:
    """Complete the routes of some options at given costs, so that no route is cheaper than those in use.

    Parameters
    ----------
    graph, lists, options
        The graph, the known routes and all options.
    costs
        Arc costs and own costs of the options' class, shape (arcs,) each; and distances at arc costs from every node to
        some destinations, shape (destinations, nodes).
    work
        Options to process, all of one class; the row of each one's destination; the place to begin at; the number of
        routes found before; and the saving below which a route is not missing, relative to the cheapest cost.
    scratch
        A :class:`Search` and a :class:`Program`.
    found
        New routes are written from the given number on.
    out
        Written for each option: marginal cost of the routes used, their mean cost, both infinite if there are none, and
        the most that missing routes could still save. Shares of known routes, shape (routes,), are written too.

    Returns
    -------
    int, int, int
        Place of the option to resume at, with larger arrays if that is not the end; number of routes found; number of
        routes that the option has so far.
    """
    cost, own, distances = costs
    chosen, row, begin, routes, slack = work
    search, program = scratch
    level, mean, missing, shares = out
    for place in range(begin, len(chosen)):
        o = chosen[place]
        origin, destination, ahead = options.origin[o], options.destination[o], distances[row[place]]
        level[o] = mean[o] = np.inf
        missing[o] = 0.0
        if not ahead[origin] < np.inf:
            continue
        n = take_option(lists, o, cost, program)
        known, before, reached = n, routes, np.inf
        while True:
            if n > 0:
                level[o], mean[o] = find_shares(n, options.stretch[o], program)
            if n > known and program.share[n - 1] == 0.0:
                # The saving of the last route was lost in rounding.
                missing[o] = max(level[o] - reached, 0.0)
                break
            _spread(lists, o, known, found, before, n, program.share, search.used)
            limit = level[o] - slack * ahead[origin]
            trip = origin, destination, limit
            reached = _cheaper_route(graph, cost, own, options.stretch[o], ahead, trip, search)
            _unspread(lists, o, known, found, before, n, search.used)
            if not reached < np.inf:
                missing[o] = slack * ahead[origin]
                break
            if n >= len(program.cost) or not _room(found, routes, n, graph, search, destination):
                _clear(search)
                return place, before, n
            _write(graph, lists, (o, known, before, routes), found, (cost, own), destination, search, program)
            _clear(search)
            routes += 1
            n += 1
        _keep_shares(lists, (o, known, before, n), found, program, shares)
    return len(chosen), routes, 0


@kernel
def _keep_shares(lists: RouteLists, option: Any, found: Found, program: Program, shares: Any) -> None:
    """Write the shares of an option's known and new routes."""
    o, known, before, n = option
    for j in range(known):
        shares[lists.option_first[o] + j] = program.share[j]
    for j in range(known, n):
        found.share[before + j - known] = program.share[j]
        found.option[before + j - known] = o


@kernel
def _cheaper_route(graph: Graph, cost: Any, own: Any, stretch: float, ahead: Any, trip: Any, search: Search) -> float:
    """Find the cheapest route at marginal costs if it is cheaper than a limit; infinite if not, with labels cleared."""
    label, last_arc, settled, touched = search.label, search.last_arc, search.settled, search.touched
    heap, key, used = search.heap, search.key, search.used
    origin, destination, limit = trip
    count = 0
    if ahead[origin] < limit:
        label[origin] = 0.0
        touched[0] = origin
        count = 1
        heap[0], key[0] = origin, ahead[origin]
    size = count
    reached = np.inf
    while size > 0:
        node = heap[0]
        size -= 1
        _sift_down(heap, key, heap[size], key[size], size)
        here = label[node]
        if settled[node]:
            continue
        settled[node] = True
        if node == destination:
            reached = here
            break
        for arc in range(graph.first_out[node], graph.first_out[node + 1]):
            end = graph.head[arc]
            there = here + cost[arc] + stretch * own[arc] * used[arc] if used[arc] > 0.0 else here + cost[arc]
            total = there + ahead[end]
            if there < label[end] and total < limit and not settled[end]:
                if label[end] == np.inf:
                    touched[count] = end
                    count += 1
                label[end] = there
                last_arc[end] = arc
                _sift_up(heap, key, end, total, size)
                size += 1
    if count < len(touched):
        touched[count] = -1
    if not reached < np.inf:
        _clear(search)
    return reached


@kernel
def _clear(search: Search) -> None:
    for i in range(len(search.touched)):
        node = search.touched[i]
        if node < 0:
            break
        search.label[node] = np.inf
        search.last_arc[node] = -1
        search.settled[node] = False
    search.touched[0] = -1


@kernel
def _spread(lists: RouteLists, o: int, known: int, found: Found, before: int, n: int, share: Any, used: Any) -> None:
    """Add the shares of an option's routes to their arcs."""
    begin = lists.option_first[o]
    for j in range(n):
        if share[j] > 0.0:
            if j < known:
                for i in range(lists.first[begin + j], lists.first[begin + j + 1]):
                    used[lists.arcs[i]] += share[j]
            else:
                r = before + j - known
                for i in range(found.first[r], found.first[r + 1]):
                    used[found.arcs[i]] += share[j]


@kernel
def _unspread(lists: RouteLists, o: int, known: int, found: Found, before: int, n: int, used: Any) -> None:
    """Set the arcs of an option's routes to 0."""
    begin = lists.option_first[o]
    for i in range(lists.first[begin], lists.first[begin + known]):
        used[lists.arcs[i]] = 0.0
    for i in range(found.first[before], found.first[before + n - known]):
        used[found.arcs[i]] = 0.0


@kernel
def _room(found: Found, routes: int, n: int, graph: Graph, search: Search, destination: int) -> bool:
    """Whether a new route fits into the arrays."""
    steps = 0
    node = destination
    while search.last_arc[node] >= 0:
        steps += 1
        node = graph.tail[search.last_arc[node]]
    return (
        routes + 1 < len(found.first)
        and found.first[routes] + steps <= len(found.arcs)
        and found.overlap_first[routes] + n + 1 <= len(found.overlap)
    )


@kernel
def _write(
    graph: Graph,
    lists: RouteLists,
    option: Any,
    found: Found,
    costs: Any,
    destination: int,
    search: Search,
    program: Program,
) -> None:
    """Write the route found, its overlaps with the others of its option, and its cost.

    ``option`` is its number, how many of its routes were known, the first place of its new ones, and that of this one.
    """
    o, known, before, routes = option
    cost, own = costs
    first, used = found.first, search.used
    steps = 0
    node = destination
    while search.last_arc[node] >= 0:
        steps += 1
        node = graph.tail[search.last_arc[node]]
    begin = first[routes]
    first[routes + 1] = begin + steps
    node = destination
    total, whole = 0.0, 0.0
    for step in range(steps):
        arc = search.last_arc[node]
        found.arcs[begin + steps - 1 - step] = arc
        used[arc] = 1.0
        whole += own[arc]
        node = graph.tail[arc]
    for i in range(begin, begin + steps):
        total += cost[found.arcs[i]]
    n = known + routes - before
    at, routes_of = found.overlap_first[routes], lists.option_first[o]
    for j in range(n):
        common = 0.0
        if j < known:
            for i in range(lists.first[routes_of + j], lists.first[routes_of + j + 1]):
                common += used[lists.arcs[i]] * own[lists.arcs[i]]
        else:
            r = before + j - known
            for i in range(first[r], first[r + 1]):
                common += used[found.arcs[i]] * own[found.arcs[i]]
        found.overlap[at + j] = program.overlap[n, j] = program.overlap[j, n] = common
    found.overlap[at + n] = program.overlap[n, n] = whole
    found.overlap_first[routes + 1] = at + n + 1
    program.cost[n], program.share[n] = total, 0.0
    for i in range(begin, begin + steps):
        used[found.arcs[i]] = 0.0


@kernel
def _sift_up(heap: Any, key: Any, node: int, value: float, at: int) -> None:
    while at > 0:
        parent = (at - 1) >> 1
        if key[parent] <= value:
            break
        heap[at] = heap[parent]
        key[at] = key[parent]
        at = parent
    heap[at] = node
    key[at] = value


@kernel
def _sift_down(heap: Any, key: Any, node: int, value: float, size: int) -> None:
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and key[child + 1] < key[child]:
            child += 1
        if value <= key[child]:
            break
        heap[at] = heap[child]
        key[at] = key[child]
        at = child
    heap[at] = node
    key[at] = value
