"""Kernels of markets that respond to changes of delays over the routes of the base.

Shares of routes are linear in costs as long as no route comes into use or falls out of it, with derivatives that are
known from the base (:mod:`landlink.equilibrium.spread_curvature_kernels`); only where a route falls out is the program
of the option solved again.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from landlink.core.jit import kernel
from landlink.equilibrium.spread_kernels import Program, find_shares


class Still(NamedTuple):
    """The base, as kernels need it.

    Attributes
    ----------
    lists, response
        Routes, and minus the derivatives of their shares with costs in the layout of ``lists.overlap``.
    cell_first, cell
        Cells that each route passes: groups, and arcs that are counted by themselves.
    route_cost
        Cost of each route, USD/t.
    least, mean, flow
        Least and mean cost of each option and what it carries.
    value, stretch, constant
        Value of time, stretch and constant of each option.
    market_first, demand, scale, load_factor
        Options of each market, its demand, logit scale and load factor.
    """

    lists: Any
    response: Any
    cell_first: Any
    cell: Any
    route_cost: Any
    least: Any
    mean: Any
    flow: Any
    value: Any
    stretch: Any
    constant: Any
    market_first: Any
    demand: Any
    scale: Any
    load_factor: Any


@kernel
def respond_far(chosen: Any, still: Still, change: Any, program: Program, out: Any) -> None:
    """Respond to changes of delays over the routes of the base.

    Parameters
    ----------
    chosen
        Markets that respond.
    still
        The base.
    change
        Change of the delay of each cell, h.
    program
        Scratch for the option with most routes.
    out
        Shares by route; least cost, mean cost and flow by option: written; flows of the reference commodity by cell:
        the changes are added.
    """
    share, least, mean, flow, cells = out
    first = still.lists.option_first
    for n in range(len(chosen)):
        m = chosen[n]
        begin, end = still.market_first[m], still.market_first[m + 1]
        lowest = np.inf
        for o in range(begin, end):
            _respond(o, still, change, program, share, least, mean)
            lowest = min(lowest, least[o] + still.constant[o])
        total = 0.0
        for o in range(begin, end):
            flow[o] = np.exp(-still.scale[m] * (least[o] + still.constant[o] - lowest)) if least[o] < np.inf else 0.0
            total += flow[o]
        for o in range(begin, end):
            flow[o] *= still.demand[m] / total
            for r in range(first[o], first[o + 1]):
                more = still.load_factor[m] * (flow[o] * share[r] - still.flow[o] * still.lists.share[r])
                if more != 0.0:
                    for i in range(still.cell_first[r], still.cell_first[r + 1]):
                        cells[still.cell[i]] += more


@kernel
def _respond(o: int, still: Still, change: Any, program: Program, share: Any, least: Any, mean: Any) -> None:
    """Shares of the routes of an option, its least and its mean cost."""
    lists, cost = still.lists, program.cost
    begin = lists.option_first[o]
    n = int(lists.option_first[o + 1] - begin)
    if n == 0:
        least[o] = mean[o] = np.inf
        return
    along, alike = _changes(o, begin, n, still, change, cost)
    if alike:
        for r in range(begin, begin + n):
            share[r] = lists.share[r]
        least[o], mean[o] = still.least[o] + along, still.mean[o] + along
    elif _in_use_still(begin, n, still, cost, share):
        bent, of_routes = 0.0, 0.0
        for j in range(n):
            bent += (lists.share[begin + j] - share[begin + j]) * cost[j]
            of_routes += share[begin + j] * (still.route_cost[begin + j] + cost[j])
        least[o], mean[o] = still.least[o] + along - bent / 2, of_routes
    else:
        level, of_routes = _solved(o, begin, n, still, program)
        for j in range(n):
            share[begin + j] = program.share[j]
        least[o], mean[o] = (level + of_routes) / 2, of_routes


@kernel
def _changes(o: int, begin: int, n: int, still: Still, change: Any, cost: Any) -> tuple[float, bool]:
    """Write changes of the costs of routes; return their mean at the shares of the base, and whether all are alike."""
    along, alike = 0.0, True
    for j in range(n):
        total = 0.0
        for i in range(still.cell_first[begin + j], still.cell_first[begin + j + 1]):
            total += change[still.cell[i]]
        cost[j] = still.value[o] * total
        alike = alike and cost[j] == cost[0]
        along += still.lists.share[begin + j] * cost[j]
    return along, alike


@kernel
def _in_use_still(begin: int, n: int, still: Still, cost: Any, share: Any) -> bool:
    """Write the shares that are linear in costs; return whether each route was in use and stays so."""
    lists, whole = still.lists, True
    for j in range(n):
        r, less = begin + j, 0.0
        at = lists.overlap_first[r]
        for q in range(j + 1):
            less += still.response[at + q] * cost[q]
        for q in range(j + 1, n):
            less += still.response[lists.overlap_first[begin + q] + j] * cost[q]
        share[r] = lists.share[r] - less
        whole = whole and share[r] >= 0.0 and lists.share[r] > 0.0
    return whole


@kernel
def _solved(o: int, begin: int, n: int, still: Still, program: Program) -> tuple[float, float]:
    """Solve the program of an option whose routes' costs change by ``program.cost``; see ``find_shares``."""
    lists = still.lists
    for j in range(n):
        r = begin + j
        program.cost[j] += still.route_cost[r]
        program.share[j] = lists.share[r]
        at = lists.overlap_first[r]
        for q in range(j + 1):
            program.overlap[j, q] = program.overlap[q, j] = lists.overlap[at + q]
    return find_shares(n, still.stretch[o], program)


@kernel
def far_means(chosen: Any, still: Still, change: Any, share: Any, out: Any) -> None:
    """Add what changes of delays add to the mean costs of the options of chosen markets at some shares of routes."""
    for n in range(len(chosen)):
        for o in range(still.market_first[chosen[n]], still.market_first[chosen[n] + 1]):
            for r in range(still.lists.option_first[o], still.lists.option_first[o + 1]):
                if share[r] > 0.0:
                    total = 0.0
                    for i in range(still.cell_first[r], still.cell_first[r + 1]):
                        total += change[still.cell[i]]
                    out[o] += still.value[o] * share[r] * total


@kernel
def bounds(index: Any, value: Any, change: Any, along: Any, bent: Any) -> None:
    """First-order change of the least cost of each option, and how much less it can be at most on routes it uses.

    Parameters
    ----------
    index
        Cells that options pass in the base, from ``first[o]`` to ``first[o + 1]``, the shares that pass, and the sums
        of ``1 / (2 w)`` of the arcs used there.
    value
        Value of time of each option.
    change
        Change of the delay of each cell, h.
    along, bent
        Written.
    """
    first, cell, share, soft = index
    for o in range(len(first) - 1):
        mean = curved = 0.0
        for i in range(first[o], first[o + 1]):
            shift = change[cell[i]]
            mean += share[i] * shift
            curved += soft[i] * shift * shift
        along[o] = value[o] * mean
        bent[o] = value[o] * value[o] * curved


@kernel
def open_falls(
    chosen: Any, entry: Any, falls: Any, others: float, soft: Any, category: Any, first: Any, out: Any
) -> None:
    """Add how much less options can cost at most on routes through groups whose delays fell, if these are worth it.

    Parameters
    ----------
    chosen
        Markets.
    entry
        Falls at which routes through each group are worth it; shape (markets, groups).
    falls
        Groups whose delays fell, and by how much.
    others
        Sum of the falls of all other groups.
    soft
        Sums of half the squared fall over own costs of the arcs of each of these groups by class; shape
        (groups fallen, classes), and for all other groups together; shape (classes,).
    category
        Class, and value of time squared over stretch, of each option.
    first
        Options of each market.
    out
        Amounts added by option; and the most that delays on a route of each market that is worth it fell together, h.
    """
    bent, reached = out
    groups, fall = falls
    of_groups, of_others = soft
    of_class, weight = category
    for n in range(len(chosen)):
        m = chosen[n]
        least, reach = entry[m], others
        total = others
        for i in range(len(groups)):
            total += fall[i]
        for i in range(len(groups)):
            if least[groups[i]] < total:
                reach += fall[i]
        for o in range(first[m], first[m + 1]):
            k = of_class[o]
            amount = of_others[k]
            for i in range(len(groups)):
                if least[groups[i]] < reach:
                    amount += of_groups[i, k]
            bent[o] += weight[o] * amount
        reached[m] = reach


@kernel
def market_excess(markets: Any, flow: Any, spent: Any, least: Any, out: Any) -> None:
    """Excess cost of each market over the least that it can cost, USD/day.

    Parameters
    ----------
    markets
        First options, demands, scales and constants.
    flow, spent
        t/day of each option, and its mean cost with its spread.
    least
        Lower bound of the cost of each option.
    out
        Written: the excess and the least expected cost of each market; and what each option may have to do with it.
    """
    first, demand, scale, constant = markets
    of_market, expected, of_option = out
    for m in range(len(demand)):
        lowest, total, excess = np.inf, 0.0, 0.0
        for o in range(first[m], first[m + 1]):
            lowest = min(lowest, least[o] + constant[o])
        for o in range(first[m], first[m + 1]):
            if least[o] < np.inf:
                total += np.exp(-scale[m] * (least[o] + constant[o] - lowest))
        expected[m] = lowest - np.log(total) / scale[m]
        for o in range(first[m], first[m + 1]):
            of_option[o] = 0.0
            if not least[o] < np.inf:
                continue
            log_share = -scale[m] * (least[o] + constant[o] - lowest) - np.log(total)
            tempted = demand[m] * np.exp(log_share)
            excess += (tempted - flow[o]) / scale[m]
            of_option[o] = max(tempted, flow[o]) * (spent[o] - least[o])
            if flow[o] > 0.0:
                excess += flow[o] * ((np.log(flow[o] / demand[m]) - log_share) / scale[m] + spent[o] - least[o])
        of_market[m] = excess


@kernel
def market_costs(markets: Any, least: Any, out: Any) -> None:
    """Logsum of each market, USD/t."""
    first, scale, constant = markets
    for m in range(len(scale)):
        lowest, total = np.inf, 0.0
        for o in range(first[m], first[m + 1]):
            lowest = min(lowest, least[o] + constant[o])
        for o in range(first[m], first[m + 1]):
            if least[o] < np.inf:
                total += np.exp(-scale[m] * (least[o] + constant[o] - lowest))
        out[m] = lowest - np.log(total) / scale[m]


@kernel
def add_route_sums(chosen: Any, still: Still, values: Any, gates: Any, moved: Any, out: Any) -> None:
    """Add what changes of the flows on routes of chosen markets change in sums over all freight.

    Parameters
    ----------
    chosen
        Markets.
    still
        The base.
    values
        Amounts a tonne of each route; shape (routes, sums).
    gates
        Gates of route ``r``: ``gates[1][gates[0][r] : gates[0][r + 1]]``.
    moved
        Share of each route and flow of each option now.
    out
        Sums, and tonnes through each gate.
    """
    gate_first, gate = gates
    share, flow = moved
    sums, tonnes = out
    for n in range(len(chosen)):
        for o in range(still.market_first[chosen[n]], still.market_first[chosen[n] + 1]):
            for r in range(still.lists.option_first[o], still.lists.option_first[o + 1]):
                more = flow[o] * share[r] - still.flow[o] * still.lists.share[r]
                if more != 0.0:
                    for i in range(values.shape[1]):
                        sums[i] += more * values[r, i]
                    for i in range(gate_first[r], gate_first[r + 1]):
                        tonnes[gate[i]] += more
