"""Kernels over the arcs that an option's routes use, as a chain: at each node flow goes on in proportion to the arcs.

Many sets of routes have the same flows on arcs. The chain is the one of greatest entropy, so that what is asked of
routes has one answer for given flows.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from landlink.core.jit import kernel


class Chain(NamedTuple):
    """Scratch, 0 between options: share and last arc by arc and node, and nodes in the order of the chain.

    Attributes
    ----------
    share
        Share of the option on each arc; shape (arcs,).
    through, value, incoming, last_arc
        Share that leaves a node, value computed along the chain, arcs into it not yet passed, and arc of the likeliest
        way to it; shape (nodes,).
    order
        Nodes; shape (nodes,).
    """

    share: Any
    through: Any
    value: Any
    incoming: Any
    last_arc: Any
    order: Any


@kernel
def passing(graph: Any, routes: Any, begins: Any, origins: Any, sets: Any, chain: Chain, out: Any) -> None:
    """Share of each option through at least one arc of each of some sets.

    Parameters
    ----------
    graph
        ``first_out``, ``head`` and ``tail``.
    routes
        ``first``, ``arcs`` and ``flow`` of all routes; those of the ``n``-th option are ``begins[n] : begins[n + 1]``.
    origins
        Origin of each option.
    sets
        Sets that each arc is in: bit ``b`` for set ``b``.
    out
        Written; shape (sets, options).
    """
    first, arcs, _ = routes
    for n in range(len(origins)):
        begin, end = begins[n], begins[n + 1]
        met = 0
        for i in range(first[begin], first[end]):
            met |= sets[arcs[i]]
        # Where the way of an option is one, or meets none of the sets, no chain is needed.
        size = _begin(graph, routes, begin, end, origins[n], chain) if met and end - begin > 1 else 0
        for b in range(len(out)):
            if not (met >> b) & 1:
                out[b, n] = 0.0
            elif size > 0:
                out[b, n] = _along_chain(graph, origins[n], sets, b, chain, size)
            else:
                out[b, n] = _by_routes(routes, begin, end, sets, b)
        if met and end - begin > 1:
            _end(graph, routes, begin, end, chain)


@kernel
def _along_chain(graph: Any, origin: int, sets: Any, b: int, chain: Chain, size: int) -> float:
    """Share of an option through at least one arc of a set, by the chain."""
    first_out, head, _ = graph
    for i in range(size):
        chain.value[chain.order[i]] = 0.0
    chain.value[origin] = 1.0
    passed = 0.0
    for i in range(size):
        node = chain.order[i]
        if chain.value[node] > 0.0:
            for arc in range(first_out[node], first_out[node + 1]):
                if chain.share[arc] > 0.0:
                    goes = chain.value[node] * chain.share[arc] / chain.through[node]
                    if (sets[arc] >> b) & 1:
                        passed += goes
                    else:
                        chain.value[head[arc]] += goes
    return min(passed, 1.0)


@kernel
def likeliest(graph: Any, routes: Any, trip: Any, chain: Chain, arcs_out: Any) -> tuple[int, float]:
    """Find the likeliest route of an option, in travel order from the end of ``arcs_out``; its length and share.

    ``trip`` is the first route and the end of the routes, origin and destination. The length is 0 if there is a cycle.
    """
    begin, end, origin, destination = trip
    size = _begin(graph, routes, begin, end, origin, chain)
    chance, length = 0.0, 0
    if size > 0:
        chain.value[origin] = 1.0
        for i in range(size):
            node = chain.order[i]
            for arc in range(graph[0][node], graph[0][node + 1]):
                if chain.share[arc] > 0.0:
                    goes = chain.value[node] * chain.share[arc] / chain.through[node]
                    if goes > chain.value[graph[1][arc]]:
                        chain.value[graph[1][arc]] = goes
                        chain.last_arc[graph[1][arc]] = arc
        chance = chain.value[destination]
        node = destination
        while node != origin:
            arc = chain.last_arc[node]
            length += 1
            arcs_out[len(arcs_out) - length] = arc
            node = graph[2][arc]
    _end(graph, routes, begin, end, chain)
    return length, chance


@kernel
def _begin(graph: Any, routes: Any, begin: int, end: int, origin: int, chain: Chain) -> int:
    """Fill shares and the order of nodes, each after those before it; return their number, 0 if there is a cycle."""
    first_out, head, tail = graph
    first, arcs, flow = routes
    total = 0.0
    for r in range(begin, end):
        total += flow[r]
    used = 0
    for r in range(begin, end):
        for i in range(first[r], first[r + 1]):
            arc = arcs[i]
            if chain.share[arc] == 0.0:
                chain.incoming[head[arc]] += 1
                used += 1
            chain.share[arc] += flow[r] / total
            chain.through[tail[arc]] += flow[r] / total
    if chain.incoming[origin] > 0:
        return 0
    chain.order[0] = origin
    at, size = 0, 1
    while at < size:
        node = chain.order[at]
        at += 1
        for arc in range(first_out[node], first_out[node + 1]):
            if chain.share[arc] > 0.0:
                used -= 1
                chain.incoming[head[arc]] -= 1
                if chain.incoming[head[arc]] == 0:
                    chain.order[size] = head[arc]
                    size += 1
    return size if used == 0 else 0


@kernel
def _end(graph: Any, routes: Any, begin: int, end: int, chain: Chain) -> None:
    """Set what was used back to 0."""
    first, arcs, _ = routes
    for i in range(first[begin], first[end]):
        arc = arcs[i]
        chain.share[arc] = 0.0
        for node in (graph[1][arc], graph[2][arc]):
            chain.through[node] = chain.value[node] = 0.0
            chain.incoming[node] = 0


@kernel
def _by_routes(routes: Any, begin: int, end: int, sets: Any, b: int) -> float:
    """Share of the routes themselves through at least one arc of a set."""
    first, arcs, flow = routes
    total, passed = 0.0, 0.0
    for r in range(begin, end):
        total += flow[r]
        for i in range(first[r], first[r + 1]):
            if (sets[arcs[i]] >> b) & 1:
                passed += flow[r]
                break
    return passed / total
