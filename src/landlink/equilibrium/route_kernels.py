"""Kernels over lists of routes: arcs of route ``r`` are ``arcs[first[r] : first[r + 1]]``, routes sorted by option."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from landlink.core.jit import kernel


@njit(cache=True, nogil=True)
def merge(
    option_first: Any, first: Any, arcs: Any, flow: Any, new_begin: Any, new_length: Any, new_arcs: Any, least: float
) -> Any:
    """Merge the routes with flow and the new routes, at most one per option.

    Parameters
    ----------
    option_first
        Routes of option ``o`` are ``option_first[o] : option_first[o + 1]``; shape (options + 1,).
    first, arcs, flow
        The existing routes.
    new_begin, new_length
        Start of the arcs of each option's new route in ``new_arcs``, and their number, 0 if there is none; shape
        (options,).
    least
        Routes are kept if their flow exceeds this: 0, or a negative number to keep all.

    Returns
    -------
    option_first, first, arcs, flow
        The merged routes; new routes have no flow yet.
    """
    options = len(option_first) - 1
    routes = size = 0
    for o in range(options):
        routes += new_length[o] > 0
        size += new_length[o]
        for r in range(option_first[o], option_first[o + 1]):
            if flow[r] > least:
                routes += 1
                size += first[r + 1] - first[r]
    out_option = np.zeros(options + 1, dtype=np.int64)
    out_first = np.zeros(routes + 1, dtype=np.int64)
    out_arcs = np.empty(size, dtype=np.int32)
    out_flow = np.zeros(routes)
    route = used = 0
    for o in range(options):
        for r in range(option_first[o], option_first[o + 1]):
            if flow[r] > least:
                for i in range(first[r], first[r + 1]):
                    out_arcs[used] = arcs[i]
                    used += 1
                out_flow[route] = flow[r]
                route += 1
                out_first[route] = used
        if new_length[o] > 0:
            for i in range(new_begin[o], new_begin[o] + new_length[o]):
                out_arcs[used] = new_arcs[i]
                used += 1
            route += 1
            out_first[route] = used
        out_option[o + 1] = route
    return out_option, out_first, out_arcs, out_flow


@kernel
def cheapest_known(option_first: Any, flow: Any, cost: Any, least: float, out: Any) -> None:
    """Cheapest cost of each option over its routes with more flow than ``least``; infinite if there are none."""
    for o in range(len(option_first) - 1):
        out[o] = np.inf
        for r in range(option_first[o], option_first[o + 1]):
            if flow[r] > least and cost[r] < out[o]:
                out[o] = cost[r]


@kernel
def add_costs(begin: int, end: int, first: Any, arcs: Any, category: Any, cost: Any, out: Any) -> None:
    """Cost of the routes from ``begin`` to ``end``; ``cost`` has shape (classes, arcs), ``category`` (routes,)."""
    for r in range(begin, end):
        out[r] = _cost(first[r], first[r + 1], arcs, cost[category[r]])


@kernel
def add_costs_of(chosen: Any, first: Any, arcs: Any, category: Any, cost: Any, out: Any) -> None:
    """Cost of selected routes, in the order given; otherwise as :func:`add_costs`."""
    for c in range(len(chosen)):
        r = chosen[c]
        out[c] = _cost(first[r], first[r + 1], arcs, cost[category[r]])


@kernel
def _cost(begin: int, end: int, arcs: Any, of_class: Any) -> float:
    total = 0.0
    for i in range(begin, end):
        total += of_class[arcs[i]]
    return total


@kernel
def mark_passing(first: Any, arcs: Any, chosen: Any, out: Any) -> None:
    """Mark the routes that have at least one of the chosen arcs; shapes (arcs of the graph,) and (routes,)."""
    for r in range(len(out)):
        out[r] = False
        for i in range(first[r], first[r + 1]):
            if chosen[arcs[i]]:
                out[r] = True
                break


@kernel
def mark_nodes(first: Any, arcs: Any, head: Any, chosen: Any, row: Any, out: Any) -> None:
    """Mark the nodes that selected routes enter, each in its row; ``row`` as ``chosen``, ``out`` of (rows, nodes)."""
    for c in range(len(chosen)):
        of_row = out[row[c]]
        for i in range(first[chosen[c]], first[chosen[c] + 1]):
            of_row[head[arcs[i]]] = True


@kernel
def count_placed(arcs: Any, place: Any) -> int:
    """Arcs of all routes that lie in a place."""
    count = 0
    for arc in arcs:
        if place[arc] >= 0:
            count += 1
    return count


@kernel
def list_places(first: Any, arcs: Any, place: Any, out_route: Any, out_place: Any) -> int:
    """Write the places that each route passes, ascending and each once, and return how many there are.

    ``place`` is -1 for arcs outside all places; there must be room for one entry for each arc that is not.
    """
    used = 0
    for r in range(len(first) - 1):
        begin = used
        for i in range(first[r], first[r + 1]):
            here = place[arcs[i]]
            if here < 0:
                continue
            spot = used
            while spot > begin and out_place[spot - 1] > here:
                spot -= 1
            if spot > begin and out_place[spot - 1] == here:
                continue
            for j in range(used, spot, -1):
                out_place[j] = out_place[j - 1]
            out_place[spot], out_route[used] = here, r
            used += 1
    return used


@kernel
def add_flows(first: Any, arcs: Any, category: Any, flow: Any, out: Any) -> None:
    """Add the flow of each route to its arcs; ``out`` has shape (classes, arcs), ``category`` (routes,)."""
    for r in range(len(flow)):
        of_class = out[category[r]]
        for i in range(first[r], first[r + 1]):
            of_class[arcs[i]] += flow[r]


@kernel
def add_loads(begin: int, end: int, first: Any, arcs: Any, group: Any, amount: Any, out: Any) -> None:
    """Add the flows of the routes from ``begin`` to ``end`` to the loads of their groups.

    ``group`` holds the load group of each arc, one past the last if there is none; ``out`` has an entry for it.
    """
    for r in range(begin, end):
        carried = amount[r]
        if carried != 0.0:
            for i in range(first[r], first[r + 1]):
                out[group[arcs[i]]] += carried


@kernel
def add_loads_in_parts(begins: Any, first: Any, arcs: Any, group: Any, amount: Any, out: Any) -> None:
    """Do :func:`add_loads` for all parts: part ``p``, from ``begins[p]`` to ``begins[p + 1]``, into ``out[p]``."""
    for p in range(len(begins) - 1):
        add_loads(begins[p], begins[p + 1], first, arcs, group, amount, out[p])


@njit(cache=True, nogil=True)
def split_groups(option_first: Any, chosen: Any, first: Any, arcs: Any, group: Any, groups: int) -> Any:
    """Separate the groups common to all routes of an option from those of single routes.

    Shifting flow between routes of an option does not change the load of shared groups. These are stored separately,
    so that shifts only process the others, often a fifth of a route. A group that a route passes several times is
    repeated in its lists.

    Parameters
    ----------
    option_first, first, arcs
        Routes.
    chosen
        Options to process, shape (chosen,).
    group
        Load group of each arc, ``groups`` if there is none.

    Returns
    -------
    common_first, common, own_first, own
        Lists by option, shape (chosen + 1,), and by route of these options, in order.
    """
    most_common, most_own, routes = 0, 0, 0
    for o in chosen:
        begin, end = option_first[o], option_first[o + 1]
        routes += end - begin
        most_own += first[end] - first[begin]
        most_common += first[min(begin + 1, end)] - first[begin]
    common_first = np.zeros(len(chosen) + 1, dtype=np.int64)
    own_first = np.zeros(routes + 1, dtype=np.int64)
    common, own = np.empty(most_common, dtype=np.int32), np.empty(most_own, dtype=np.int32)
    # Arcs without a group are counted as if in a group that is always shared.
    shared, passed = np.zeros(groups + 1, dtype=np.int64), np.zeros(groups + 1, dtype=np.int64)
    in_common = in_own = route = 0
    for c in range(len(chosen)):
        begin, end = option_first[chosen[c]], option_first[chosen[c] + 1]
        if end - begin == 1:
            in_common = _copy_groups(begin, first, arcs, group, groups, common, in_common)
            route += 1
            own_first[route] = in_own
            common_first[c + 1] = in_common
            continue
        _count_shared(begin, end, first, arcs, group, shared, passed)
        shared[groups] = most_own
        for r in range(begin, end):
            for i in range(first[r], first[r + 1]):
                g = group[arcs[i]]
                passed[g] += 1
                if passed[g] > shared[g]:
                    own[in_own] = g
                    in_own += 1
                elif r == begin and g < groups:
                    common[in_common] = g
                    in_common += 1
            _clear(r, first, arcs, group, passed)
            route += 1
            own_first[route] = in_own
        for r in range(begin, min(begin + 1, end)):
            _clear(r, first, arcs, group, shared)
        common_first[c + 1] = in_common
    return common_first, common[:in_common].copy(), own_first, own[:in_own].copy()


@kernel
def _copy_groups(r: int, first: Any, arcs: Any, group: Any, groups: int, out: Any, at: int) -> int:
    """Write the groups of a route's arcs into ``out`` from an index on; return the index after them."""
    for i in range(first[r], first[r + 1]):
        if group[arcs[i]] < groups:
            out[at] = group[arcs[i]]
            at += 1
    return at


@kernel
def _count_shared(begin: int, end: int, first: Any, arcs: Any, group: Any, shared: Any, passed: Any) -> None:
    """Count how often all routes pass each group of the first route; ``passed`` is zero before and after."""
    for r in range(begin, end):
        counts = shared if r == begin else passed
        for i in range(first[r], first[r + 1]):
            counts[group[arcs[i]]] += 1
        if r > begin:
            for i in range(first[begin], first[begin + 1]):
                g = group[arcs[i]]
                shared[g] = min(shared[g], passed[g])
            _clear(r, first, arcs, group, passed)


@kernel
def _clear(r: int, first: Any, arcs: Any, group: Any, counts: Any) -> None:
    for i in range(first[r], first[r + 1]):
        counts[group[arcs[i]]] = 0
