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
def passing(graph: Any, routes: Any, begins: Any, origins: Any, chosen: Any, chain: Chain, out: Any) -> None:
    """Share of each option through at least one of the chosen arcs.

    Parameters
    ----------
    graph
        ``first_out``, ``head`` and ``tail``.
    routes
        ``first``, ``arcs`` and ``flow`` of all routes; those of the ``n``-th option are ``begins[n] : begins[n + 1]``.
    origins
        Origin of each option.
    chosen
        Whether each arc is chosen.
    out
        Written, by option.
    """
    for n in range(len(origins)):
        out[n] = _by_routes(routes, begins[n], begins[n + 1], chosen)
        if out[n] == 0.0 or begins[n + 1] - begins[n] == 1:
            # Where none of an option's arcs is chosen, or its way is one, the chain says the same.
            continue
        size = _begin(graph, routes, begins[n], begins[n + 1], origins[n], chain)
        if size > 0:
            passed = 0.0
            chain.value[origins[n]] = 1.0
            for i in range(size):
                node = chain.order[i]
                for arc in range(graph[0][node], graph[0][node + 1]):
                    if chain.share[arc] > 0.0:
                        goes = chain.value[node] * chain.share[arc] / chain.through[node]
                        if chosen[arc]:
                            passed += goes
                        else:
                            chain.value[graph[1][arc]] += goes
            out[n] = min(passed, 1.0)
        _end(graph, routes, begins[n], begins[n + 1], chain)


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
def _by_routes(routes: Any, begin: int, end: int, chosen: Any) -> float:
    """Share of the routes themselves through at least one of the chosen arcs."""
    first, arcs, flow = routes
    total, passed = 0.0, 0.0
    for r in range(begin, end):
        total += flow[r]
        for i in range(first[r], first[r + 1]):
            if chosen[arcs[i]]:
                passed += flow[r]
                break
    return passed / total
