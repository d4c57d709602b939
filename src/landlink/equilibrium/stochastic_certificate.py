"""The certificate of a stochastic equilibrium, computed by code independent of its solver.

The program is that of Akamatsu (1997) with a choice among options. Over flows ``x^s`` of each class towards each
destination ``s`` and flows ``d`` of options, minimise::

    Z = sum_k (beta_k / vot_k) [ sum_l fixed_kl x_kl
                                 + (1 / mu_k) sum_s ( sum_ij x^s_ij ln x^s_ij - sum_i X^s_i ln X^s_i )
                                 + sum_(m, o in k) (constant_o d_o + d_o ln(d_o / D_m) / theta_m) ]
        + sum_g (1 / alpha_g) * integral of delay_g from 0 to v_g

subject to conservation of each ``x^s`` and ``sum_o d_o = D_m``. ``X^s_i`` is the total flow from node ``i`` towards
``s``; flow that ends there is one of the ``x^s_ij``. The second line is minus the entropy of the choices at the nodes,
convex in the flows for any ``mu > 0``, as the option term is for any ``theta > 0``.

At given delays ``t`` the minimum of the linearised program is ``sum_m D_m S_m(t)``, with ``G`` the sums of
``exp(-mu_k c)`` over all paths and ::

    S_o(t) = -(1 / mu_k) ln G_od            S_m(t) = -(1 / theta_m) ln sum_o exp(-theta_m (S_o + constant_o))

Let the flows ``x`` be the response to delays ``t``, and ``t'`` the delays that they cause. Since they are optimal at
``t``, their distance from the optimum at ``t'`` can be computed without flows by destination. This excess in money,
relative to the money spent, is the **relative gap**::

    gap = [ sum_k vot_k sum_l (t'_l - t_l) x_kl - sum_m D_m (S_m(t') - S_m(t)) ] / sum_kl c_kl(t') x_kl

It is the duality gap of the program by class at the costs that the flows cause: the residual of the fixed point, in
money. It is 0 only at equilibrium, negative only by rounding, and of second order in the residual. As the scales grow,
it tends to the gap of :mod:`landlink.equilibrium.certificate`. The first-order **residual** uses flows alone::

    residual = sum_kl c_kl(t') |x_kl - response_kl(t')| / sum_kl c_kl(t') x_kl

Responses are computed here by destination, with label correction by Bellman's method and Gauss-Seidel iterations on the
equations of the recursive logit; the solver eliminates nodes for all destinations at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.core.sums import dot, sum_at, weighted_rows
from landlink.equilibrium.conservation import class_imbalance, market_imbalance, worst
from landlink.equilibrium.problem import Assignment
from landlink.equilibrium.stochastic_certificate_kernels import Graph, add_flows, reached_by, shortest_to, values_to

#: Relative change at which the iterations end, and their maximum number.
LIMITS: Final = np.array([1e-15, 20_000.0])


@dataclass(frozen=True)
class StochasticCertificate:
    """The distance of flows from stochastic equilibrium; NaN if the equations could not be solved.

    Attributes
    ----------
    relative_gap
        As defined above.
    residual
        As defined above.
    response_error
        Difference in money between the flows and the response to the stated delays, relative to the money spent; the
        gap is valid only if this is zero.
    conservation
        Largest imbalance at any node of any class, or negative flow, relative to the flow through the node; or
        difference between the flow of a market's options and its demand, relative to that demand; from exact sums.
    objective
        ``Z``, in vehicle-load hours a day.
    """

    relative_gap: float
    residual: float
    response_error: float
    conservation: float
    objective: float


@dataclass(frozen=True)
class _Answer:
    """Expected minimum costs of markets, flows of options, and flows of classes on arcs, at some delays."""

    market_cost: Floats
    option_flow: Floats
    class_flow: Floats


def certify_stochastic(
    assignment: Assignment, class_flow: Floats, option_flow: Floats, *, perceived_delay_h: Floats, route_scale: Floats
) -> StochasticCertificate:
    """Certify flows.

    Parameters
    ----------
    assignment
        The problem solved.
    class_flow
        t/day of each class on each arc; shape (classes, arcs).
    option_flow
        t/day of each option; shape (options,).
    perceived_delay_h
        Delays of the groups to which the flows respond, h; shape (groups,).
    route_scale
        Scale of the choice among routes of each class, t/USD; shape (classes,).
    """
    classes, markets, groups = assignment.classes, assignment.markets, assignment.groups
    load = _loads(assignment, class_flow)
    made = groups.delay_h(load)
    then, now = (_answer(assignment, delay, route_scale) for delay in (perceived_delay_h, made))
    more = np.append(made - perceived_delay_h, 0.0)[assignment.group]
    arc_made = np.append(made, 0.0)[assignment.group]
    excess = spent = away = wrong = answered = fixed = 0.0
    for k in range(len(classes)):
        value, flow = classes.value_of_time[k], class_flow[k]
        cost = np.where(np.isfinite(classes.fixed[k]), classes.fixed[k] + value * arc_made, 0.0)
        excess += value * dot(more, flow)
        spent += dot(cost, flow)
        away += dot(cost, np.abs(flow - now.class_flow[k]))
        wrong += dot(cost, np.abs(flow - then.class_flow[k]))
        answered += classes.load_factor[k] * dot(np.append(perceived_delay_h, 0.0)[assignment.group], flow)
        fixed += float(flow[~np.isfinite(classes.fixed[k])].sum())
    excess -= dot(markets.demand, now.market_cost - then.market_cost)
    if fixed > 0:
        wrong = away = np.inf
    weight = (classes.load_factor / classes.value_of_time)[markets.option_class]
    of_market = np.zeros(len(markets.demand))
    of_market[markets.option_market] = weight
    objective = dot(of_market * markets.demand, then.market_cost) - answered
    objective += float((groups.delay_integral(load) / groups.load_per_t).sum())
    per_spent = 1.0 / spent if spent > 0 else 0.0
    return StochasticCertificate(
        relative_gap=float(np.maximum(excess, 0.0) * per_spent),
        residual=float(away * per_spent),
        response_error=float(wrong * per_spent),
        conservation=worst(
            market_imbalance(assignment, option_flow),
            *(class_imbalance(assignment, k, flow, option_flow) for k, flow in enumerate(class_flow)),
        ),
        objective=float(objective),
    )


def _loads(assignment: Assignment, class_flow: Floats) -> Floats:
    grouped = assignment.group >= 0
    per_arc = weighted_rows(assignment.classes.load_factor, class_flow)
    load = np.zeros(len(assignment.groups))
    np.add.at(load, assignment.group[grouped], per_arc[grouped])
    return np.asarray(load * assignment.groups.load_per_t)


def _answer(assignment: Assignment, delay_h: Floats, route_scale: Floats) -> _Answer:
    """Compute the response of traffic to delays of the groups, for each class and destination."""
    classes, markets = assignment.classes, assignment.markets
    nodes = len(assignment.first_out) - 1
    first_in = np.append(0, np.cumsum(np.bincount(assignment.head, minlength=nodes)))
    graph = Graph(
        assignment.first_out, assignment.head, assignment.tail, first_in, np.argsort(assignment.head, kind="stable")
    )
    delay = np.append(delay_h, 0.0)[assignment.group]
    costs = [fixed + v * delay for fixed, v in zip(classes.fixed, classes.value_of_time, strict=True)]
    market = markets.option_market
    origin, destination = markets.origin[market], markets.destination[market]
    # The options of one class and destination together.
    order = np.lexsort((destination, markets.option_class))
    turns = np.diff(markets.option_class[order], prepend=-1) != 0
    turns |= np.diff(destination[order], prepend=-1) != 0
    together = np.split(order, np.flatnonzero(turns)[1:]) if len(order) else []
    option_cost = np.full(len(market), np.inf)
    for mine in together:
        k, end = int(markets.option_class[mine[0]]), int(destination[mine[0]])
        distance, _, value, _ = _toward(graph, costs[k], float(route_scale[k]), end, origin[mine])
        reached = mine[np.isfinite(distance[origin[mine]])]
        option_cost[reached] = distance[origin[reached]] - np.log(value[origin[reached]]) / route_scale[k]
    market_cost, option_flow = _logit(assignment, option_cost)
    flow = np.zeros_like(classes.fixed)
    for mine in together:
        k, end = int(markets.option_class[mine[0]]), int(destination[mine[0]])
        _, weight, value, near = _toward(graph, costs[k], float(route_scale[k]), end, origin[mine])
        add_flows(graph, weight, value, near, sum_at(origin[mine], option_flow[mine], nodes), LIMITS, flow[k])
    return _Answer(market_cost, option_flow, flow)


def _toward(graph: Graph, cost: Floats, scale: float, end: int, origin: Ints) -> tuple[Floats, Floats, Floats, Ints]:
    """Compute distances to a node, relative weights of arcs, values of nodes, and nodes in order of distance.

    Nodes that no origin reaches are left out, since cycles there may have no cost.
    """
    distance = np.where(reached_by(graph, cost, origin), shortest_to(graph, cost, end), np.inf)
    near = np.argsort(distance, kind="stable")[: int(np.isfinite(distance).sum())]
    weight, value = values_to(graph, cost, scale, end, distance, near, LIMITS)
    return distance, weight, value, near


def _logit(assignment: Assignment, option_cost: Floats) -> tuple[Floats, Floats]:
    """Expected minimum cost of each market, and the flow of each option."""
    markets, market = assignment.markets, assignment.markets.option_market
    if not len(market):
        return np.zeros(0), np.zeros(0)
    disutility = markets.scale[market] * (option_cost + markets.option_constant)
    least = np.minimum.reduceat(disutility, markets.first[:-1])
    weight = np.exp(least[market] - disutility)
    total = np.add.reduceat(weight, markets.first[:-1])
    return (least - np.log(total)) / markets.scale, markets.demand[market] * weight / total[market]
