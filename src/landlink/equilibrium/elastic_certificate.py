"""The certificate of elastic demand, computed from final flows alone.

Let ``u_m`` be the minimum cost of a cell at the flows' own costs (its options' logsum), and ``T'_m = prior_m
exp(-beta (u_m - a_i - b_j))``. For any potentials ``a`` and ``b``, the dual of the linearised program is a lower bound
(Evans 1976), so that no table and flows can improve on the current ones by more than::

    excess = excess of the flows at the current table (see landlink.equilibrium.certificate)
             + sum_m (T_m ln(T_m / T'_m) - T_m + T'_m) / beta
             + |sum_i a_i (T_i. - O_i) + sum_j b_j (T_.j - D_j)|

Its terms are never negative. The relative gap is the excess relative to the money spent. Inaccurate potentials make it
larger, never smaller: they may come from the solver or from a separate balancing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.sums import dot, sum_at, weighted_rows
from landlink.equilibrium.certificate import certify, cheapest_costs
from landlink.equilibrium.gravity import Gravity, Potentials
from landlink.equilibrium.problem import Assignment


def demand_excess(demand: Floats, wanted: Floats, beta: Floats | float) -> float:
    """Excess of the program due to demand that is not the one that its costs ask for, USD a day.

    Its terms ``(T ln(T / T') - T + T') / beta`` are never negative.

    Parameters
    ----------
    demand, wanted
        Demand, and demand asked for at least costs, t/day; one shape.
    beta
        Decay of demand with cost, t/USD.
    """
    positive = demand > 0
    term = wanted - demand
    # Demand for which nothing is asked at all is infinitely off.
    with np.errstate(divide="ignore"):
        term[positive] += demand[positive] * (np.log(demand[positive]) - np.log(wanted[positive]))
    return max(float((term / beta).sum()), 0.0)


@dataclass(frozen=True)
class ElasticCertificate:
    """The distance of trips and flows from the optimum of the combined model.

    Attributes
    ----------
    relative_gap
        As defined above.
    conservation
        As in :class:`landlink.equilibrium.certificate.Certificate`, for the trip table.
    trip_ends
        Largest relative error of a row or column total.
    objective
        Objective of the program, in vehicle-load hours a day.
    """

    relative_gap: float
    conservation: float
    trip_ends: float
    objective: float


def certify_elastic(
    assignment: Assignment, gravity: Gravity, potentials: Potentials, class_flow: Floats, option_flow: Floats
) -> ElasticCertificate:
    """Certify trips and flows.

    Parameters
    ----------
    assignment
        The assignment with the resulting trips as its demand.
    gravity
        Trip ends and cost decay that were required.
    potentials
        Balancing potentials of trips at their ends, USD/t.
    class_flow
        t/day of each class on each arc; shape (classes, arcs).
    option_flow
        t/day of each option; shape (options,).
    """
    fixed_table = certify(assignment, class_flow, option_flow)
    markets, classes = assignment.markets, assignment.classes
    trips = markets.demand
    cost = _arc_costs(assignment, class_flow)
    spent = sum(dot(flow[flow > 0], of_class[flow > 0]) for flow, of_class in zip(class_flow, cost, strict=True))
    worth, ends, missed = _ends(gravity, potentials, trips)
    drawn = gravity.prior * np.exp(gravity.beta * (worth - _least_costs(assignment, cost)))
    positive = trips > 0
    excess = demand_excess(trips, drawn, gravity.beta) + abs(ends)
    weight = (classes.load_factor / classes.value_of_time)[markets.option_class[markets.first[:-1]]]
    entropy = trips[positive] * (np.log(trips[positive] / gravity.prior[positive]) - 1)
    return ElasticCertificate(
        fixed_table.relative_gap + (max(excess, 0.0) / spent if spent > 0 else 0.0),
        fixed_table.conservation,
        missed,
        fixed_table.objective + dot(weight[positive], entropy) / gravity.beta,
    )


def _arc_costs(assignment: Assignment, class_flow: Floats) -> Floats:
    """Costs of shape (classes, arcs) at flows."""
    classes, groups = assignment.classes, assignment.groups
    grouped = assignment.group >= 0
    per_arc = weighted_rows(classes.load_factor, class_flow)
    load = sum_at(assignment.group[grouped], per_arc[grouped], len(groups)) * groups.load_per_t
    delay = np.zeros(len(per_arc))
    delay[grouped] = groups.delay_h(load)[assignment.group[grouped]]
    return np.asarray(classes.fixed + np.multiply.outer(classes.value_of_time, delay))


def _least_costs(assignment: Assignment, cost: Floats) -> Floats:
    """Minimum cost of each market: the logsum of its options."""
    markets = assignment.markets
    market = markets.option_market
    origin, destination = markets.origin[market], markets.destination[market]
    bother = np.full(len(market), np.inf)
    for k in range(len(assignment.classes)):
        mine = markets.option_class == k
        bother[mine] = cheapest_costs(assignment, cost[k], origin[mine], destination[mine])
    bother += markets.option_constant
    least = np.empty(len(markets.demand))
    for m in range(len(least)):
        disutility = markets.scale[m] * bother[markets.first[m] : markets.first[m + 1]]
        lowest = disutility.min()
        least[m] = (lowest - np.log(np.exp(lowest - disutility).sum())) / markets.scale[m]
    return least


def _ends(gravity: Gravity, potentials: Potentials, trips: Floats) -> tuple[Floats, float, float]:
    """Potential of each cell, potential-weighted error of the totals, and their largest relative error."""
    worth, value, share = np.zeros(len(trips)), 0.0, 0.0
    for index, total, potential in (
        (gravity.row, gravity.row_total, potentials.a),
        (gravity.column, gravity.column_total, potentials.b),
    ):
        if total is not None:
            missed = sum_at(index, trips, len(total)) - total
            worth += potential[index]
            value += dot(potential, missed)
            share = max(share, float(np.max(np.abs(missed) / np.where(total > 0, total, 1.0), initial=0.0)))
    return worth, value, share
