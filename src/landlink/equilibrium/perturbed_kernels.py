"""Kernels of perturbed equilibria: lists of some options, sensitivities of loads to delays, small linear systems."""

from __future__ import annotations

from typing import Any

from landlink.core.jit import kernel
from landlink.equilibrium.spread_kernels import RouteLists


@kernel
def count_options(lists: RouteLists, chosen: Any, sizes: Any) -> None:
    """Write the number of used routes, arcs and overlaps of chosen options; shape (chosen, 3)."""
    for n in range(len(chosen)):
        routes = arcs = 0
        for r in range(lists.option_first[chosen[n]], lists.option_first[chosen[n] + 1]):
            routes += 1
            arcs += lists.first[r + 1] - lists.first[r]
        sizes[n, 0], sizes[n, 1], sizes[n, 2] = routes, arcs, routes * (routes + 1) // 2


@kernel
def copy_options(lists: RouteLists, chosen: Any, out: RouteLists) -> None:
    """Copy the routes of chosen options to lists of their own."""
    route = used = at = 0
    for n in range(len(chosen)):
        out.option_first[n] = route
        for r in range(lists.option_first[chosen[n]], lists.option_first[chosen[n] + 1]):
            out.first[route], out.overlap_first[route], out.share[route] = used, at, lists.share[r]
            for i in range(lists.first[r], lists.first[r + 1]):
                out.arcs[used] = lists.arcs[i]
                used += 1
            for q in range(r - lists.option_first[chosen[n]] + 1):
                out.overlap[at] = lists.overlap[lists.overlap_first[r] + q]
                at += 1
            route += 1
    out.option_first[len(chosen)] = route
    out.first[route], out.overlap_first[route] = used, at


@kernel
def add_route_sensitivities(
    begin: int, end: int, lists: RouteLists, groups: Any, response: Any, weight: Any, out: Any
) -> None:
    """Add how much less each group carries for each hour of delay of another, as options shift between their routes.

    Parameters
    ----------
    groups
        Groups of route ``r``: ``groups[1][groups[0][r] : groups[0][r + 1]]``.
    response
        Written by :func:`landlink.equilibrium.spread_curvature_kernels.responses`.
    weight
        What each option carries, in tonnes of the reference commodity, times its value of time.
    out
        Shape (groups, groups).
    """
    group_first, group = groups
    for o in range(begin, end):
        first = lists.option_first[o]
        for r in range(first, lists.option_first[o + 1]):
            at = lists.overlap_first[r]
            for q in range(first, r + 1):
                amount = weight[o] * response[at + q - first]
                if amount == 0.0:
                    continue
                for i in range(group_first[r], group_first[r + 1]):
                    for j in range(group_first[q], group_first[q + 1]):
                        out[group[i], group[j]] += amount
                        if q < r:
                            out[group[j], group[i]] += amount


@kernel
def add_choice_sensitivities(
    begin: int, end: int, lists: RouteLists, groups: Any, markets: Any, weight: Any, scratch: Any, out: Any
) -> None:
    """Add how much less each group carries for each hour of delay of another, as markets shift between their options.

    Parameters
    ----------
    groups
        As of :func:`add_route_sensitivities`.
    markets
        First option of each market, share of each option in its market, and logit scale of each market.
    weight
        Demand of each market in tonnes of the reference commodity times its value of time.
    scratch
        Two rows of zeros by group, and two rows of groups.
    out
        Shape (groups, groups).
    """
    market_first, chance, scale = markets
    mean, whole, touched, all_touched = scratch
    for m in range(begin, end):
        if market_first[m + 1] - market_first[m] < 2:
            continue
        amount, in_all = scale[m] * weight[m], 0
        for o in range(market_first[m], market_first[m + 1]):
            if chance[o] == 0.0:
                continue
            count = _mean_groups(lists, o, groups, mean, touched)
            for i in range(count):
                g = touched[i]
                if whole[g] == 0.0:
                    all_touched[in_all] = g
                    in_all += 1
                whole[g] += chance[o] * mean[g]
            _add_outer(amount * chance[o], count, touched, mean, out)
            _clear(count, touched, mean)
        _add_outer(-amount, in_all, all_touched, whole, out)
        _clear(in_all, all_touched, whole)


@kernel
def _mean_groups(lists: RouteLists, o: int, groups: Any, mean: Any, touched: Any) -> int:
    """Add the shares of an option that pass each group, and list these groups; return their number."""
    group_first, group = groups
    count = 0
    for r in range(lists.option_first[o], lists.option_first[o + 1]):
        if lists.share[r] > 0.0:
            for i in range(group_first[r], group_first[r + 1]):
                g = group[i]
                if mean[g] == 0.0:
                    touched[count] = g
                    count += 1
                mean[g] += lists.share[r]
    return count


@kernel
def _add_outer(amount: float, count: int, touched: Any, values: Any, out: Any) -> None:
    for i in range(count):
        for j in range(count):
            out[touched[i], touched[j]] += amount * values[touched[i]] * values[touched[j]]


@kernel
def _clear(count: int, touched: Any, values: Any) -> None:
    for i in range(count):
        values[touched[i]] = 0.0


@kernel
def eliminate(matrix: Any, right: Any) -> bool:
    """Solve a linear system in place by elimination with row pivots; return whether it has one solution."""
    n = len(right)
    for k in range(n):
        pivot = _pivot(matrix, k)
        if matrix[pivot, k] == 0.0:
            return False
        if pivot != k:
            _swap(matrix, right, k, pivot)
        for i in range(k + 1, n):
            factor = matrix[i, k] / matrix[k, k]
            if factor != 0.0:
                for j in range(k + 1, n):
                    matrix[i, j] -= factor * matrix[k, j]
                right[i] -= factor * right[k]
    for i in range(n - 1, -1, -1):
        total = right[i]
        for j in range(i + 1, n):
            total -= matrix[i, j] * right[j]
        right[i] = total / matrix[i, i]
    return True


@kernel
def _pivot(matrix: Any, k: int) -> int:
    pivot = k
    for i in range(k + 1, len(matrix)):
        if abs(matrix[i, k]) > abs(matrix[pivot, k]):
            pivot = i
    return pivot


@kernel
def _swap(matrix: Any, right: Any, k: int, pivot: int) -> None:
    for j in range(k, len(matrix)):
        kept = matrix[k, j]
        matrix[k, j] = matrix[pivot, j]
        matrix[pivot, j] = kept
    kept = right[k]
    right[k] = right[pivot]
    right[pivot] = kept


@kernel
def entry_hours(options: Any, reach: Any, arcs: Any, out: Any) -> None:
    """Write the fall of delay at each group from which options of one class could gain from a route through it.

    Parameters
    ----------
    options
        Row of each option in ``out``, of its origin and destination in ``reach``, and the marginal cost of its routes.
    reach
        Distances from origins to all nodes and from all nodes to destinations, at the present costs.
    arcs
        Tail, head, cost and group of the arcs with a group, and the value of time of the class.
    out
        Least so far, h; shape (rows, groups).
    """
    row, origin, destination, level = options
    ahead_from, ahead_to = reach
    tail, head, cost, group, value = arcs
    for n in range(len(row)):
        before, after = ahead_from[origin[n]], ahead_to[destination[n]]
        of_row = out[row[n]]
        for i in range(len(tail)):
            dearer = before[tail[i]] + cost[i] + after[head[i]] - level[n]
            if dearer < of_row[group[i]] * value:
                of_row[group[i]] = dearer / value


@kernel
def count_cells(lists: RouteLists, options: Any, group: Any, none: int) -> int:
    """Number of groups that the routes of options pass, each as often as routes pass it."""
    total = 0
    for n in range(len(options)):
        for r in range(lists.option_first[options[n]], lists.option_first[options[n] + 1]):
            for i in range(lists.first[r], lists.first[r + 1]):
                if group[lists.arcs[i]] != none:
                    total += 1
    return total


@kernel
def group_shares(lists: RouteLists, share: Any, options: Any, group: Any, none: int, scratch: Any, out: Any) -> None:
    """Write the groups that options pass and the shares that do: those of the ``n``-th from ``first[n]`` on.

    ``scratch`` are zeros by group, and groups.
    """
    first, passed, part = out
    mean, touched = scratch
    at = 0
    for n in range(len(options)):
        first[n] = at
        count = 0
        for r in range(lists.option_first[options[n]], lists.option_first[options[n] + 1]):
            if share[r] > 0.0:
                for i in range(lists.first[r], lists.first[r + 1]):
                    g = group[lists.arcs[i]]
                    if g != none:
                        if mean[g] == 0.0:
                            touched[count] = g
                            count += 1
                        mean[g] += share[r]
        for i in range(count):
            passed[at], part[at] = touched[i], mean[touched[i]]
            mean[touched[i]] = 0.0
            at += 1
    first[len(options)] = at


@kernel
def proven_costs(index: Any, options: Any, change: Any, soft: Any, least: Any, out: Any) -> None:
    """Raise lower bounds of the costs of options to those that follow from a proof at other delays.

    Parameters
    ----------
    index
        Written by :func:`group_shares` at the delays of the proof.
    options
        Options; value of time, class, and ``1 / (2 stretch)`` of each, all of the whole.
    change
        Change of the delay of each group since.
    soft
        Sums of ``1 / own`` over the arcs of each group by class; shape (groups, classes), and those times the square of
        what delays fell, over all groups; shape (classes,).
    least
        Bounds at the proof.
    out
        Bounds.
    """
    first, group, part = index
    chosen, value, category, half = options
    softness, fallen = soft
    for n in range(len(chosen)):
        o = chosen[n]
        k = category[o]
        along, bent = 0.0, fallen[k]
        for i in range(first[n], first[n + 1]):
            shift = change[group[i]]
            along += part[i] * shift
            if shift > 0.0:
                bent += softness[group[i], k] * shift * shift
        bound = least[n] + value[o] * along - value[o] * value[o] * half[o] * bent
        out[o] = max(out[o], bound)


@kernel
def count_route_cells(lists: RouteLists, group: Any, own: Any, first: Any) -> None:
    """Write where the cells of each route begin: the groups of its arcs, and the arcs that are counted themselves."""
    at = 0
    for r in range(len(lists.first) - 1):
        first[r] = at
        for i in range(lists.first[r], lists.first[r + 1]):
            at += (group[lists.arcs[i]] >= 0) + (own[lists.arcs[i]] >= 0)
    first[len(lists.first) - 1] = at


@kernel
def fill_route_cells(lists: RouteLists, group: Any, own: Any, out: Any) -> None:
    """Write the cells of all routes; see :func:`count_route_cells`."""
    at = 0
    for r in range(len(lists.first) - 1):
        for i in range(lists.first[r], lists.first[r + 1]):
            arc = lists.arcs[i]
            if group[arc] >= 0:
                out[at] = group[arc]
                at += 1
            if own[arc] >= 0:
                out[at] = own[arc]
                at += 1
