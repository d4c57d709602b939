"""Kernels of the derivatives of spread loading: how shares of routes respond to changes of delays.

With ``K`` the inverse of the overlaps of an option's used routes, times its stretch, their shares change by ``-M dc``
with costs, ``M = K - K 1 1' K / (1' K 1)``: what all routes have in common changes nothing.
"""

from __future__ import annotations

from typing import Any

from landlink.core.jit import kernel
from landlink.equilibrium.spread_kernels import Program, RouteLists, factorise


@kernel
def responses(begin: int, end: int, lists: RouteLists, stretch: Any, program: Program, out: Any) -> None:
    """Write ``M`` of options, in the layout of ``lists.overlap``; 0 for routes without flow."""
    active, factor, ones = program.active, program.factor, program.ones
    column = program.costs
    for o in range(begin, end):
        first = lists.option_first[o]
        m = _take_used(lists, o, program, out)
        if m < 2:
            continue
        factorise(m, stretch[o], program)
        for i in range(m):
            ones[i] = 1.0
        _solve(m, factor, ones)
        total = 0.0
        for i in range(m):
            total += ones[i]
        for j in range(m):
            for i in range(m):
                column[i] = 0.0
            column[j] = 1.0
            _solve(m, factor, column)
            at = lists.overlap_first[first + active[j]]
            for i in range(j + 1):
                out[at + active[i]] = column[i] - ones[i] * ones[j] / total


@kernel
def _take_used(lists: RouteLists, o: int, program: Program, out: Any) -> int:
    """Take the overlaps of an option, clear its part of ``out``, and list its used routes; return their number."""
    first, m = lists.option_first[o], 0
    for j in range(lists.option_first[o + 1] - first):
        at = lists.overlap_first[first + j]
        for i in range(j + 1):
            out[at + i] = 0.0
            program.overlap[i, j] = program.overlap[j, i] = lists.overlap[at + i]
        if lists.share[first + j] > 0.0:
            program.active[m] = j
            m += 1
    return m


@kernel
def _solve(m: int, factor: Any, right: Any) -> None:
    for i in range(m):
        value = right[i]
        for k in range(i):
            value -= factor[i, k] * right[k]
        right[i] = value / factor[i, i]
    for i in range(m - 1, -1, -1):
        value = right[i]
        for k in range(i + 1, m):
            value -= factor[k, i] * right[k]
        right[i] = value / factor[i, i]


@kernel
def share_changes(begin: int, end: int, lists: RouteLists, groups: Any, response: Any, change: Any, out: Any) -> None:
    """Changes of shares with changes of delays, and mean changes of the delays of options.

    Parameters
    ----------
    groups
        Groups of route ``r``: ``groups[1][groups[0][r] : groups[0][r + 1]]``.
    response
        Written by :func:`responses`.
    change
        Change of each group's delay.
    out
        Written: minus the change of each route's share per USD/t/h of the value of time; scratch by route; and the mean
        change of delay by option.
    """
    group_first, group = groups
    shares, along, means = out
    for o in range(begin, end):
        first, last = lists.option_first[o], lists.option_first[o + 1]
        mean = 0.0
        for r in range(first, last):
            shares[r] = 0.0
            if lists.share[r] > 0.0:
                total = 0.0
                for i in range(group_first[r], group_first[r + 1]):
                    total += change[group[i]]
                along[r] = total
                mean += lists.share[r] * total
        means[o] = mean
        for r in range(first, last):
            if lists.share[r] > 0.0:
                at = lists.overlap_first[r]
                shares[r] += response[at + r - first] * along[r]
                for q in range(first, r):
                    if lists.share[q] > 0.0:
                        shares[r] += response[at + q - first] * along[q]
                        shares[q] += response[at + q - first] * along[r]


@kernel
def add_changes(begin: int, end: int, lists: RouteLists, groups: Any, amounts: Any, shares: Any, out: Any) -> None:
    """Add the changes of loads: of routes by their shares' changes, and of options.

    ``amounts`` are what each option carries, multiplied by its change of shares, and its own change.
    """
    group_first, group = groups
    carried, changed = amounts
    for o in range(begin, end):
        for r in range(lists.option_first[o], lists.option_first[o + 1]):
            if lists.share[r] > 0.0:
                amount = carried[o] * shares[r] + changed[o] * lists.share[r]
                for i in range(group_first[r], group_first[r + 1]):
                    out[group[i]] += amount


@kernel
def count_groups(lists: RouteLists, group: Any, none: int, first: Any) -> None:
    """Write where the groups of each route begin, arcs without a group left out."""
    at = 0
    for r in range(len(lists.first) - 1):
        first[r] = at
        for i in range(lists.first[r], lists.first[r + 1]):
            if group[lists.arcs[i]] != none:
                at += 1
    first[len(lists.first) - 1] = at


@kernel
def fill_groups(lists: RouteLists, group: Any, none: int, out: Any) -> None:
    """Write the groups of all routes."""
    at = 0
    for r in range(len(lists.first) - 1):
        for i in range(lists.first[r], lists.first[r + 1]):
            if group[lists.arcs[i]] != none:
                out[at] = group[lists.arcs[i]]
                at += 1
