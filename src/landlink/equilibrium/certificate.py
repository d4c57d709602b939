"""The certificate of an equilibrium, from final flows alone.

The program is Beckmann's with an entropy term (Evans 1976, eq. 9; Florian and Nguyen 1978): over class flows ``x`` and
option flows ``d``, minimise::

    Z = sum_k (beta_k / vot_k) [ sum_l fixed_kl x_kl
                                 + sum_(m, o in k) (constant_o d_o + d_o ln(d_o / D_m) / theta_m) ]
        + sum_g (1 / alpha_g) * integral of delay_g from 0 to v_g

subject to flow conservation and ``sum_o d_o = D_m``. Dividing class ``k`` by ``vot_k / beta_k`` makes the Jacobian of
the costs symmetric. At given flows, let ``c`` be the costs and ``u_o`` the cheapest cost of an option. Each class then
misses its own optimum of the linearised program by a sum that is never negative, and equilibrium is where all of them
are zero. The **relative gap** is their total in money over the money spent::

    gap = sum_m [ sum_o (spent_o + constant_o d_o + d_o ln(d_o / D_m) / theta_m) - D_m S_m ] / sum_o spent_o
    S_m = -(1 / theta_m) ln sum_o exp(-theta_m (u_o + constant_o))

It is computed here with label-correcting paths (Bellman 1958), apart from the solver's Dijkstra, route lists and
running sums, and in money rather than in the program's scaled units so that a tonne-hour of coal does not outweigh one
of cars.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from landlink.equilibrium.problem import Assignment
from landlink.sums import dot, sum_at, weighted_rows

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Certificate:
    """How near flows are to equilibrium.

    Attributes
    ----------
    relative_gap
        As defined above; 0 at equilibrium, never below but for rounding.
    conservation
        Largest imbalance at any node of any class, or flow below zero, over the demand of the class; or what the
        options of a market miss of its demand, over that demand.
    objective
        ``Z``, in vehicle-load hours a day.
    """

    relative_gap: float
    conservation: float
    objective: float


def certify(assignment: Assignment, class_flow: Floats, option_flow: Floats) -> Certificate:
    """Certify flows.

    Parameters
    ----------
    assignment
        What was solved.
    class_flow
        t/day of each class on each arc; shape (classes, arcs).
    option_flow
        t/day of each option; shape (options,).
    """
    classes, markets, groups = assignment.classes, assignment.markets, assignment.groups
    grouped = assignment.group >= 0
    per_arc = weighted_rows(classes.load_factor, class_flow)
    load = np.zeros(len(groups))
    np.add.at(load, assignment.group[grouped], per_arc[grouped])
    load *= groups.load_per_t
    delay = np.zeros(len(per_arc))
    delay[grouped] = groups.delay_h(load)[assignment.group[grouped]]

    option_market = markets.option_market
    origin, destination = markets.origin[option_market], markets.destination[option_market]
    cheapest = np.full(len(option_flow), np.inf)
    missing = np.abs(sum_at(option_market, option_flow, len(markets.demand)) - markets.demand)
    imbalance = float(np.max(missing / markets.demand, initial=0.0))
    spent = fixed_part = 0.0
    for k in range(len(classes)):
        cost = classes.fixed[k] + classes.value_of_time[k] * delay
        used = class_flow[k] > 0
        money = dot(class_flow[k, used], cost[used])
        spent += money
        weight = classes.load_factor[k] / classes.value_of_time[k]
        fixed_part += weight * dot(class_flow[k, used], classes.fixed[k, used])
        mine = np.flatnonzero(markets.option_class == k)
        cheapest[mine] = cheapest_costs(assignment, cost, origin[mine], destination[mine])
        imbalance = max(
            imbalance, _imbalance(assignment, class_flow[k], origin[mine], destination[mine], option_flow[mine])
        )
    theta, demand = markets.scale[option_market], markets.demand[option_market]
    positive = option_flow > 0
    entropy = np.zeros(len(option_flow))
    entropy[positive] = option_flow[positive] * np.log(option_flow[positive] / demand[positive]) / theta[positive]
    preference = option_flow * markets.option_constant
    excess = spent
    for m in range(len(markets.demand)):
        options = slice(markets.first[m], markets.first[m + 1])
        disutility = markets.scale[m] * (cheapest[options] + markets.option_constant[options])
        least = disutility.min()
        logsum = (least - np.log(np.exp(least - disutility).sum())) / markets.scale[m]
        excess += float((preference + entropy)[options].sum() - markets.demand[m] * logsum)
    weight_of_option = (classes.load_factor / classes.value_of_time)[markets.option_class]
    objective = (
        fixed_part
        + dot(weight_of_option, preference + entropy)
        + float((groups.delay_integral(load) / groups.load_per_t).sum())
    )
    # The sum is never negative but for rounding.
    return Certificate(max(excess, 0.0) / spent if spent > 0 else 0.0, imbalance, objective)


def _imbalance(assignment: Assignment, flow: Floats, origin: Any, destination: Any, trips: Floats) -> float:
    nodes = len(assignment.first_out) - 1
    net = sum_at(assignment.tail, flow, nodes) - sum_at(assignment.head, flow, nodes)
    np.subtract.at(net, origin, trips)
    np.add.at(net, destination, trips)
    total = float(trips.sum())
    worst = max(float(np.abs(net).max()), -float(flow.min(initial=0.0)))
    return worst / total if total > 0 else 0.0


def cheapest_costs(assignment: Assignment, cost: Floats, origin: Any, destination: Any) -> Floats:
    """Cheapest cost between pairs of nodes, by correcting labels; infinite where there is no way. Shape (pairs,)."""
    best = np.empty(len(origin))
    for root in np.unique(origin):
        mine = origin == root
        best[mine] = _label_correcting(assignment.first_out, assignment.head, cost, root)[destination[mine]]
    return best


@njit(cache=True)
def _label_correcting(first_out: Any, head: Any, cost: Any, root: int) -> Any:
    """Distances from a node by correcting labels in first-in-first-out order (Bellman 1958; Moore 1959)."""
    nodes = len(first_out) - 1
    distance = np.full(nodes, np.inf)
    waiting = np.zeros(nodes, dtype=np.bool_)
    queue = np.empty(nodes + 1, dtype=np.int64)
    distance[root] = 0.0
    queue[0] = root
    begin, end = 0, 1
    while begin != end:
        node = queue[begin]
        begin = (begin + 1) % (nodes + 1)
        waiting[node] = False
        for arc in range(first_out[node], first_out[node + 1]):
            through = distance[node] + cost[arc]
            if through < distance[head[arc]]:
                distance[head[arc]] = through
                if not waiting[head[arc]]:
                    waiting[head[arc]] = True
                    queue[end] = head[arc]
                    end = (end + 1) % (nodes + 1)
    return distance
