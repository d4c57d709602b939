"""Kernels of spread routing: shares of known routes, their loads, and lists of routes with their overlaps.

The shares ``h`` of an option's routes minimise ``sum_r c_r h_r + (s / 2) sum_rq Q_rq h_r h_q`` over ``h >= 0`` that sum
to 1. ``Q_rq`` is the own cost of the arcs that routes ``r`` and ``q`` have in common, ``s`` the option's stretch. It is
a small quadratic program, solved by a primal active-set method (Nocedal and Wright 2006, algorithm 16.3): a few
Cholesky factorisations, none without need, since it begins at the shares found at other costs.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from landlink.core.jit import kernel

#: Saving, relative to the cost, below which a route without flow stays so.
IDLE = 1e-13
#: Smallest pivot relative to the diagonal; below, a route is a mixture of others but for rounding.
PIVOT = 1e-13


class RouteLists(NamedTuple):
    """Routes sorted by option, with their overlaps.

    Attributes
    ----------
    option_first
        Routes of option ``o`` are ``option_first[o] : option_first[o + 1]``; shape (options + 1,).
    first, arcs
        Arcs of route ``r`` are ``arcs[first[r] : first[r + 1]]``, in travel order.
    overlap_first, overlap
        Own cost of the arcs that the ``j``-th route of an option shares with its routes ``0`` to ``j``, the last being
        its own cost, from ``overlap_first[r]`` on.
    share
        Share of each route in its option.
    """

    option_first: Any
    first: Any
    arcs: Any
    overlap_first: Any
    overlap: Any
    share: Any


class Program(NamedTuple):
    """Scratch for the routes of one option: at most ``size``.

    Attributes
    ----------
    overlap
        Overlaps ``Q``; shape (size, size), symmetric.
    cost, share
        Shape (size,).
    factor
        Cholesky factor; shape (size, size).
    active
        Routes that may carry flow; shape (size,).
    ones, costs
        Solutions of the two right-hand sides; shape (size,).
    """

    overlap: Any
    cost: Any
    share: Any
    factor: Any
    active: Any
    ones: Any
    costs: Any

    @classmethod
    def of(cls, size: int) -> Program:
        """Scratch for a number of routes."""
        return cls(
            np.zeros((size, size)), np.zeros(size), np.zeros(size), np.zeros((size, size)),
            np.zeros(size, dtype=np.int64), np.zeros(size), np.zeros(size),
        )  # fmt: skip


@kernel
def find_shares(n: int, stretch: float, program: Program) -> tuple[float, float]:
    """Solve the program of an option with ``n`` routes, from the shares that it holds.

    Returns
    -------
    float, float
        Marginal cost that all used routes have in common, and mean cost of the used routes.
    """
    cost, share, active = program.cost, program.share, program.active
    m = _used(n, program)
    level = 0.0
    for _ in range(20 * n + 20):
        level, whole = _target(m, stretch, program)
        if not whole:
            m = _towards_target(m, program)
            continue
        for i in range(m):
            share[active[i]] = program.costs[i]
        entering = _cheapest_idle(n, m, stretch, level, program)
        if entering < 0:
            break
        active[m] = entering
        m += 1
    mean = 0.0
    for i in range(m):
        mean += share[active[i]] * cost[active[i]]
    return level, mean


@kernel
def _used(n: int, program: Program) -> int:
    """List the routes with flow, or else the cheapest, and scale their shares to 1; return their number."""
    cost, share, active = program.cost, program.share, program.active
    m = 0
    total = 0.0
    for r in range(n):
        if share[r] > 0.0:
            active[m] = r
            m += 1
            total += share[r]
    if m == 0:
        best = 0
        for r in range(1, n):
            if cost[r] < cost[best]:
                best = r
        active[0], share[best] = best, 1.0
        m, total = 1, 1.0
    for i in range(m):
        share[active[i]] /= total
    return m


@kernel
def _cheapest_idle(n: int, m: int, stretch: float, level: float, program: Program) -> int:
    """Find the route without flow that is cheapest at the margin, if it is cheaper than those in use; else -1."""
    cost, share, overlap, active = program.cost, program.share, program.overlap, program.active
    entering, least = -1, -IDLE * abs(level)
    for r in range(n):
        if share[r] == 0.0:
            saving = cost[r] - level
            for i in range(m):
                saving += stretch * overlap[r, active[i]] * share[active[i]]
            if saving < least:
                least, entering = saving, r
    return entering


@kernel
def _target(m: int, stretch: float, program: Program) -> tuple[float, bool]:
    """Shares of the active routes that make them equally dear, in ``costs``; their marginal cost; if all are positive.

    A constant is added to all overlaps, which changes nothing as shares sum to 1 and makes the matrix definite.
    """
    active, factor, ones, costs = program.active, program.factor, program.ones, program.costs
    if m == 1:
        costs[0] = 1.0
        r = active[0]
        return program.cost[r] + stretch * program.overlap[r, r], True
    added = factorise(m, stretch, program)
    for i in range(m):
        one, cost = 1.0, program.cost[active[i]]
        for k in range(i):
            one -= factor[i, k] * ones[k]
            cost -= factor[i, k] * costs[k]
        ones[i], costs[i] = one / factor[i, i], cost / factor[i, i]
    sum_ones, sum_costs = 0.0, 0.0
    for i in range(m - 1, -1, -1):
        one, cost = ones[i], costs[i]
        for k in range(i + 1, m):
            one -= factor[k, i] * ones[k]
            cost -= factor[k, i] * costs[k]
        ones[i], costs[i] = one / factor[i, i], cost / factor[i, i]
        sum_ones += ones[i]
        sum_costs += costs[i]
    raised = (1.0 + sum_costs) / sum_ones
    whole = True
    for i in range(m):
        costs[i] = raised * ones[i] - costs[i]
        whole = whole and costs[i] > 0.0
    return raised - added, whole


@kernel
def factorise(m: int, stretch: float, program: Program) -> float:
    """Cholesky factor of the active routes' overlaps, times the stretch, plus a constant; return the constant."""
    overlap, active, factor = program.overlap, program.active, program.factor
    added = 0.0
    for i in range(m):
        added = max(added, stretch * overlap[active[i], active[i]])
    for i in range(m):
        for j in range(i + 1):
            value = stretch * overlap[active[i], active[j]] + added
            diagonal = value
            for k in range(j):
                value -= factor[i, k] * factor[j, k]
            if i == j:
                factor[i, i] = np.sqrt(max(value, PIVOT * diagonal, 1e-300))
            else:
                factor[i, j] = value / factor[j, j]
    return added


@kernel
def _towards_target(m: int, program: Program) -> int:
    """Move towards the target until a route loses its flow, and make that idle; return the number of active ones."""
    active, share, target = program.active, program.share, program.costs
    length, blocking = 1.0, -1
    for i in range(m):
        have = share[active[i]]
        if target[i] <= 0.0 and have <= length * (have - target[i]):
            length, blocking = have / (have - target[i]) if have > target[i] else 0.0, i
    left = 0
    for i in range(m):
        r = active[i]
        share[r] = max(share[r] + length * (target[i] - share[r]), 0.0)
        if i == blocking:
            share[r] = 0.0
        elif share[r] > 0.0 or target[i] > 0.0:
            active[left] = r
            left += 1
    return left


@kernel
def take_option(lists: RouteLists, o: int, cost: Any, program: Program) -> int:
    """Copy the known routes of an option into a program: overlaps, costs and shares; return their number."""
    begin = lists.option_first[o]
    n = int(lists.option_first[o + 1] - begin)
    for j in range(n):
        r = begin + j
        total = 0.0
        for i in range(lists.first[r], lists.first[r + 1]):
            total += cost[lists.arcs[i]]
        program.cost[j] = total
        program.share[j] = lists.share[r]
        at = lists.overlap_first[r]
        for i in range(j + 1):
            program.overlap[j, i] = lists.overlap[at + i]
            program.overlap[i, j] = lists.overlap[at + i]
    return n


@kernel
def respond(
    begin: int, end: int, lists: RouteLists, category: Any, cost: Any, stretch: Any, program: Program, out: Any
) -> None:
    """Find shares of the known routes of options from ``begin`` to ``end``; replace those of the lists.

    Parameters
    ----------
    category, stretch
        Class and stretch of each option.
    cost
        Arc costs; shape (classes, arcs).
    out
        Written for each option: marginal cost of its used routes and their mean cost, infinite if it has none.
    """
    level, mean = out
    for o in range(begin, end):
        n = take_option(lists, o, cost[category[o]], program)
        if n == 0:
            level[o] = mean[o] = np.inf
            continue
        level[o], mean[o] = find_shares(n, stretch[o], program)
        for j in range(n):
            lists.share[lists.option_first[o] + j] = program.share[j]


@kernel
def add_option_loads(begin: int, end: int, lists: RouteLists, amount: Any, group: Any, out: Any) -> None:
    """Add the amounts of options to the loads of the groups of their routes' arcs.

    ``group`` holds the load group of each arc, one past the last if there is none; ``out`` has an entry for it.
    """
    for o in range(begin, end):
        for r in range(lists.option_first[o], lists.option_first[o + 1]):
            carried = amount[o] * lists.share[r]
            if carried != 0.0:
                for i in range(lists.first[r], lists.first[r + 1]):
                    out[group[lists.arcs[i]]] += carried


@kernel
def mean_costs(begin: int, end: int, lists: RouteLists, category: Any, cost: Any, out: Any) -> None:
    """Mean cost of the routes of options at their shares; 0 without routes."""
    for o in range(begin, end):
        out[o] = 0.0
        of_class = cost[category[o]]
        for r in range(lists.option_first[o], lists.option_first[o + 1]):
            if lists.share[r] > 0.0:
                total = 0.0
                for i in range(lists.first[r], lists.first[r + 1]):
                    total += of_class[lists.arcs[i]]
                out[o] += lists.share[r] * total


@kernel
def joined_sizes(lists: RouteLists, added: Any, keep: Any, sizes: Any) -> None:
    """Count routes, arcs and overlaps of each option once others are added; see :func:`join`."""
    new_first, first = added
    for o in range(len(lists.option_first) - 1):
        routes = arcs = 0
        for r in range(lists.option_first[o], lists.option_first[o + 1]):
            if keep[r]:
                routes += 1
                arcs += lists.first[r + 1] - lists.first[r]
        for r in range(new_first[o], new_first[o + 1]):
            routes += 1
            arcs += first[r + 1] - first[r]
        sizes[o, 0], sizes[o, 1], sizes[o, 2] = routes, arcs, routes * (routes + 1) // 2


@kernel
def join(lists: RouteLists, new: RouteLists, order: Any, keep: Any, out: RouteLists) -> None:
    """Join lists with new routes, whose overlaps are with all earlier routes of their option, kept or not.

    Parameters
    ----------
    lists
        The existing routes.
    new
        The new ones; ``option_first`` refers to ``order``.
    order
        Place of each new route in ``new.first``, sorted by option.
    keep
        Which of the existing routes stay.
    out
        Written.
    """
    route = used = at = 0
    for o in range(len(lists.option_first) - 1):
        out.option_first[o] = route
        begin, end = lists.option_first[o], lists.option_first[o + 1]
        for r in range(begin, end):
            if keep[r]:
                out.first[route], out.overlap_first[route], out.share[route] = used, at, lists.share[r]
                used = _copy_arcs(lists, r, out, used)
                at = _copy_overlaps(lists, r, keep[begin : r + 1], out, at)
                route += 1
        for place in range(new.option_first[o], new.option_first[o + 1]):
            r = order[place]
            out.first[route], out.overlap_first[route], out.share[route] = used, at, new.share[r]
            used = _copy_arcs(new, r, out, used)
            at = _copy_overlaps(new, r, keep[begin:end], out, at)
            source = new.overlap_first[r] + end - begin
            for q in range(place - new.option_first[o] + 1):
                out.overlap[at] = new.overlap[source + q]
                at += 1
            route += 1
    last = len(lists.option_first) - 1
    out.option_first[last] = route
    out.first[route], out.overlap_first[route] = used, at


@kernel
def _copy_arcs(source: RouteLists, r: int, out: RouteLists, at: int) -> int:
    for i in range(source.first[r], source.first[r + 1]):
        out.arcs[at] = source.arcs[i]
        at += 1
    return at


@kernel
def _copy_overlaps(source: RouteLists, r: int, keep: Any, out: RouteLists, at: int) -> int:
    """Copy a route's overlaps with the first routes of its option, as far as these stay."""
    for q in range(len(keep)):
        if keep[q]:
            out.overlap[at] = source.overlap[source.overlap_first[r] + q]
            at += 1
    return at


@kernel
def fill_overlaps(begin: int, end: int, lists: RouteLists, category: Any, own: Any, mark: Any) -> None:
    """Compute the overlaps of all routes of options; ``mark`` is scratch of zeros by arc, zero again after."""
    for o in range(begin, end):
        first = lists.option_first[o]
        of_class = own[category[o]]
        for r in range(first, lists.option_first[o + 1]):
            for i in range(lists.first[r], lists.first[r + 1]):
                mark[lists.arcs[i]] = 1.0
            for q in range(first, r + 1):
                total = 0.0
                for i in range(lists.first[q], lists.first[q + 1]):
                    total += mark[lists.arcs[i]] * of_class[lists.arcs[i]]
                lists.overlap[lists.overlap_first[r] + q - first] = total
            for i in range(lists.first[r], lists.first[r + 1]):
                mark[lists.arcs[i]] = 0.0
