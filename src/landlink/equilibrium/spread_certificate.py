"""The certificate of an equilibrium with spread routes, from final flows alone.

The program is that of Fosgerau, Paulsen and Rasmussen (2022) with congestion and a choice among options. Over flows
``d`` of options and the shares ``p`` of an option on arcs, a unit flow from its origin to its destination, minimise::

    Z = sum_k (beta_k / vot_k) [ sum_l fixed_kl x_kl + sum_(m, o in k) d_o (
                                     sum_l w_ol p_ol^2 / 2 + constant_o + ln(d_o / D_m) / theta_m ) ]
        + sum_g (1 / alpha_g) * integral of delay_g from 0 to v_g

subject to ``sum_o d_o = D_m``, with ``x_kl = sum_(o in k) d_o p_ol`` and ``w_ol = 2 own_kl / (mu_k C_o)``, where
``C_o`` is the least own cost from origin to destination. In the flows ``d_o p_ol`` it is convex, as ``y^2 / d`` is. At
given costs ``c``, the least that an option can cost is ``V_o = min over p of sum_l (c_l p_l + w_l p_l^2 / 2)``. The
**relative gap** is the distance of the flows from the optimum of the program linearised in the delays, in money,
relative to the money spent; it is 0 at equilibrium only, and tends to that of
:mod:`landlink.equilibrium.certificate` as ``mu`` grows::

    gap = sum_m [ sum_o d_o (cost_o + sum_l w_l p_l^2 / 2 + constant_o + ln(d_o / D_m) / theta_m) - D_m S_m ]
          / sum_o d_o cost_o
    S_m = -(1 / theta_m) ln sum_o exp(-theta_m (V_o + constant_o))

``V_o`` is proven rather than believed. Any labels ``g`` of the nodes give a lower bound of it, by Fenchel's duality
(the conjugate of ``w p^2 / 2`` on ``p >= 0`` is ``max(s, 0)^2 / (2 w)``)::

    V_o >= g_d - g_o - sum_ij max(g_j - g_i - c_ij, 0)^2 / (2 w_ij)

The labels are the mean costs of the used routes to their nodes at the marginal costs ``c + w p``, once shares are
shifted between the routes until they are equally dear, or the distances from
the origin at those, whichever gives the larger bound; both are limited to what lies within the destination's own less
the distance ``h`` ahead: ``g_i = min(g_i, g_d - h_i)``. No arc from a node beyond that limit can add to the sum, since
no ``h`` exceeds an arc's cost plus that of its head, and so only arcs near the routes are visited. Distances are found
by label correction (Bellman 1958), in code that shares nothing with the solver.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.core.sums import dot, sum_at
from landlink.equilibrium.certificate import (
    SIDE_BY_SIDE,
    Certificate,
    cheapest_costs,
    correct_labels,
    least_disutility,
)
from landlink.equilibrium.conservation import class_imbalance, market_imbalance, worst
from landlink.equilibrium.problem import Assignment, Routes
from landlink.equilibrium.spread_certificate_kernels import examine

__all__ = ["certify_spread"]

#: Difference between the flow of an option's routes and its own that is rounding, relative to it.
ROUNDING: Final = 1e-12


def certify_spread(
    assignment: Assignment,
    routes: Routes,
    option_flow: Floats,
    *,
    route_scale: Floats,
    own_cost: Floats,
    threads: int = 1,
) -> Certificate:
    """Certify flows.

    Parameters
    ----------
    assignment
        The problem solved.
    routes
        Routes and their flows, t/day.
    option_flow
        t/day of each option; shape (options,).
    route_scale
        Scale of the spread of each class, t/USD; shape (classes,).
    own_cost
        Cost of each arc by which the routes of a class spread; shape (classes, arcs).
    threads
        Number of classes processed at a time; the figures do not depend on it.
    """
    classes, markets, groups = assignment.classes, assignment.markets, assignment.groups
    market = markets.option_market
    stray = _stray(assignment, routes, option_flow)
    if np.isinf(stray):
        return Certificate(np.inf, np.inf, np.nan, market_cost=np.full(len(markets.demand), np.nan))
    flow = _class_flow(assignment, routes)
    load = _load(assignment, flow)
    delay = np.append(groups.delay_h(load), 0.0)[assignment.group]

    def of_class(k: int) -> _OfClass:
        cost = classes.fixed[k] + classes.value_of_time[k] * delay
        return _look_at_class(assignment, k, cost, own_cost[k], float(route_scale[k]), routes, option_flow)

    with ThreadPoolExecutor(max_workers=max(1, threads)) as pool:
        parts = list(pool.map(of_class, range(len(classes))))
    least, mean, spread = np.full((3, len(option_flow)), np.inf)
    for part in parts:
        least[part.options], mean[part.options], spread[part.options] = part.least, part.mean, part.spread
    carried = option_flow > 0
    spent = dot(option_flow[carried], mean[carried])
    spread_cost = np.where(carried, option_flow * spread, 0.0)
    positive = np.where(carried, option_flow, 1.0) / np.where(carried, markets.demand[market], 1.0)
    taste = option_flow * (markets.option_constant + np.log(positive) / markets.scale[market])
    expected = least_disutility(assignment, least)
    excess = spent + float((spread_cost + taste).sum()) - dot(markets.demand, expected)
    weight = (classes.load_factor / classes.value_of_time)[markets.option_class]
    fixed = sum(
        float(classes.load_factor[k] / classes.value_of_time[k] * dot(x[x > 0], classes.fixed[k][x > 0]))
        for k, x in enumerate(flow)
    )
    objective = fixed + dot(weight, spread_cost + taste)
    objective += float((groups.delay_integral(load) / groups.load_per_t).sum())
    return Certificate(
        relative_gap=max(excess, 0.0) / spent if spent > 0 else 0.0,
        conservation=worst(
            market_imbalance(assignment, option_flow),
            stray,
            *(class_imbalance(assignment, k, x, option_flow) for k, x in enumerate(flow)),
        ),
        objective=float(objective),
        spent=spent,
        market_cost=expected,
    )


def _class_flow(assignment: Assignment, routes: Routes) -> Floats:
    lengths = np.diff(routes.first)
    category = assignment.markets.option_class[np.repeat(routes.option, lengths)]
    flow = np.zeros_like(assignment.classes.fixed)
    np.add.at(flow, (category, routes.arcs), np.repeat(routes.flow, lengths))
    return flow


def _load(assignment: Assignment, class_flow: Floats) -> Floats:
    per_arc = (class_flow * assignment.classes.load_factor[:, None]).sum(axis=0)
    grouped = assignment.group >= 0
    load = np.zeros(len(assignment.groups))
    np.add.at(load, assignment.group[grouped], per_arc[grouped])
    return load * assignment.groups.load_per_t


def _stray(assignment: Assignment, routes: Routes, option_flow: Floats) -> float:
    """Infinite if a route does not lead from its origin to its destination, else what routes and options differ by."""
    markets, arcs, first = assignment.markets, routes.arcs, routes.first
    market = markets.option_market[routes.option]
    if (np.diff(first) == 0).any() or (routes.flow < 0).any() or (np.diff(routes.option) < 0).any():
        return np.inf
    if len(routes):
        apart = assignment.head[arcs[:-1]] != assignment.tail[arcs[1:]]
        apart[first[1:-1] - 1] = False
        starts = assignment.tail[arcs[first[:-1]]] == markets.origin[market]
        ends = assignment.head[arcs[first[1:] - 1]] == markets.destination[market]
        category = np.repeat(markets.option_class[routes.option], np.diff(first))
        usable = np.isfinite(assignment.classes.fixed[category, arcs])
        if apart.any() or not (starts & ends).all() or not usable.all():
            return np.inf
    missing = np.abs(sum_at(routes.option, routes.flow, len(option_flow)) - option_flow)
    missing[missing <= ROUNDING * option_flow] = 0.0
    return float(np.max(np.divide(missing, option_flow, out=np.sign(missing), where=option_flow > 0), initial=0.0))


@dataclass(frozen=True)
class _OfClass:
    """Options of a class: least costs, mean costs and costs of their spread, USD/t."""

    options: Ints
    least: Floats
    mean: Floats
    spread: Floats


def _look_at_class(
    assignment: Assignment, k: int, cost: Floats, own: Floats, scale: float, routes: Routes, option_flow: Floats
) -> _OfClass:
    markets = assignment.markets
    options = np.flatnonzero(markets.option_class == k)
    market = markets.option_market[options]
    origin, destination = markets.origin[market], markets.destination[market]
    shortest = cheapest_costs(assignment, own, origin, destination)
    stretch = np.where(np.isfinite(shortest), 2.0 / (scale * shortest), 0.0)
    usable = np.flatnonzero(np.isfinite(cost))
    first_out = np.append(0, np.cumsum(np.isfinite(cost)))[assignment.first_out]
    head, tail, of_class = assignment.head[usable], assignment.tail[usable], cost[usable]
    place = np.full(len(cost), -1)
    place[usable] = np.arange(len(usable))
    part = np.empty(len(routes))
    first_route = np.searchsorted(routes.option, options)
    last_route = np.searchsorted(routes.option, options, side="right")
    least, mean, spread = np.full((3, len(options)), np.inf)
    nodes = len(first_out) - 1
    ends, end_of = np.unique(destination, return_inverse=True)
    for begin in range(0, len(ends), SIDE_BY_SIDE):
        block = ends[begin : begin + SIDE_BY_SIDE]
        ahead = _distances_to(block, nodes, head, tail, of_class)
        mine = np.flatnonzero((end_of >= begin) & (end_of < begin + SIDE_BY_SIDE))
        for lane in range(len(block)):
            chosen = mine[end_of[mine] == begin + lane]
            found = np.empty((3, len(chosen)))
            examine(
                (first_out, head, of_class, own[usable]), np.ascontiguousarray(ahead[:, lane]),
                (origin[chosen], destination[chosen], stretch[chosen], first_route[chosen], last_route[chosen]),
                (routes.first, routes.arcs, routes.flow, option_flow[options[chosen]], place, part),
                (
                    np.zeros(len(usable)), np.full(nodes, np.inf), np.zeros(nodes, dtype=np.bool_),
                    np.empty(nodes + 1, dtype=np.int64), np.empty(nodes, dtype=np.int64),
                    np.zeros(nodes), np.zeros(nodes), np.zeros(len(usable)),
                ),
                found,
            )  # fmt: skip
            least[chosen], mean[chosen], spread[chosen] = found
    return _OfClass(options, least, mean, spread)


def _distances_to(ends: Ints, nodes: int, head: Ints, tail: Ints, cost: Floats) -> Floats:
    """Distances of all nodes to some ends, shape (nodes, ends), by label correction on the reversed graph."""
    order = np.argsort(head, kind="stable")
    first = np.append(0, np.cumsum(np.bincount(head, minlength=nodes)))
    distance = np.full((nodes, len(ends)), np.inf)
    correct_labels(
        first, tail[order], cost[order], ends, distance, np.empty(len(ends)), np.zeros(nodes, dtype=np.bool_),
        np.empty(nodes + 1, dtype=np.int64),
    )  # fmt: skip
    return distance
