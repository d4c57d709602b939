"""The certificate of an equilibrium, from final flows alone.

The program is Beckmann's with an entropy term (Evans 1976, eq. 9; Florian and Nguyen 1978): over class flows ``x`` and
option flows ``d``, minimise::

    Z = sum_k (beta_k / vot_k) [ sum_l fixed_kl x_kl
                                 + sum_(m, o in k) (constant_o d_o + d_o ln(d_o / D_m) / theta_m) ]
        + sum_g (1 / alpha_g) * integral of delay_g from 0 to v_g

subject to flow conservation and ``sum_o d_o = D_m``. Dividing class ``k`` by ``vot_k / beta_k`` makes the Jacobian of
the costs symmetric. At given flows, let ``c`` be the costs and ``u_o`` the cheapest cost of an option. The distance of
each class from its optimum of the linearised program is a sum that is never negative; at equilibrium all of them are
zero. The **relative gap** is their total in money, relative to the money spent::

    gap = sum_m [ sum_o (spent_o + constant_o d_o + d_o ln(d_o / D_m) / theta_m) - D_m S_m ] / sum_o spent_o
    S_m = -(1 / theta_m) ln sum_o exp(-theta_m (u_o + constant_o))

It is computed here in money rather than in the program's scaled units, so that a tonne-hour of coal does not outweigh
one of cars, and independently of the solver's route lists and running sums. Cheapest costs are proven, not believed: a
label of each node is a lower bound of its distance if the root has 0 and no arc leads to a label above that of its tail
plus its cost (weak duality of the shortest path; Ahuja, Magnanti and Orlin 1993, section 5.2). Label correction
(Bellman 1958) enforces that for every arc. On large graphs it begins at distances that the router proposes, which a
correct router makes quick and a wrong one cannot make wrong: labels that are too low overstate the gap.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.core.jit import kernel
from landlink.core.sums import dot, sum_at, weighted_rows
from landlink.equilibrium.conservation import class_imbalance, market_imbalance, worst
from landlink.equilibrium.problem import Assignment
from landlink.paths.router import Router

#: Number of roots whose distances are computed together.
SIDE_BY_SIDE: Final = 64
#: A label that falls by less is corrected without a scan of its node: sums of the same path in another order differ so.
FELT: Final = 1.0 - 2.0**-49
#: Number of nodes from which distances are proposed by the router.
LARGE: Final = 20_000


@dataclass(frozen=True)
class Certificate:
    """The distance of flows from equilibrium.

    Attributes
    ----------
    relative_gap
        As defined above; 0 at equilibrium, and negative only by rounding.
    conservation
        Largest imbalance at any node of any class, or negative flow, relative to the flow through the node; or
        difference between the flow of a market's options and its demand, relative to that demand; from exact sums.
    objective
        ``Z``, in vehicle-load hours a day.
    spent
        Money spent, USD a day: what the gap is relative to.
    market_cost
        Least expected cost ``S_m`` of each market, USD/t; shape (markets,).
    """

    relative_gap: float
    conservation: float
    objective: float
    spent: float = 0.0
    market_cost: Floats = field(default_factory=lambda: np.zeros(0), repr=False, compare=False)


def certify(assignment: Assignment, class_flow: Floats, option_flow: Floats, *, threads: int = 1) -> Certificate:
    """Certify flows.

    Parameters
    ----------
    assignment
        The problem solved.
    class_flow
        t/day of each class on each arc; shape (classes, arcs).
    option_flow
        t/day of each option; shape (options,).
    threads
        Number of classes processed at a time; the figures do not depend on it.
    """
    classes, markets, groups = assignment.classes, assignment.markets, assignment.groups
    load = _loads(assignment, class_flow)
    delay = np.append(groups.delay_h(load), 0.0)[assignment.group]
    market = markets.option_market
    router = proposing_router(assignment)

    def of_class(k: int) -> _OfClass:
        return _look_at_class(assignment, router, k, delay, class_flow[k], option_flow)

    with ThreadPoolExecutor(max_workers=max(1, threads)) as pool:
        parts = list(pool.map(of_class, range(len(classes))))
    cheapest = np.full(len(option_flow), np.inf)
    for part in parts:
        cheapest[part.options] = part.cheapest
    spent, fixed_part = sum(part.spent for part in parts), sum(part.fixed_part for part in parts)
    positive = option_flow > 0
    share = np.where(positive, option_flow, 1.0) / np.where(positive, markets.demand[market], 1.0)
    taste = option_flow * (markets.option_constant + np.log(share) / markets.scale[market])
    least = least_disutility(assignment, cheapest)
    excess = spent + float(taste.sum()) - dot(markets.demand, least)
    weight = (classes.load_factor / classes.value_of_time)[markets.option_class]
    objective = fixed_part + dot(weight, taste) + float((groups.delay_integral(load) / groups.load_per_t).sum())
    return Certificate(
        # The sum is negative only by rounding.
        relative_gap=max(excess, 0.0) / spent if spent > 0 else 0.0,
        conservation=worst(market_imbalance(assignment, option_flow), *(part.imbalance for part in parts)),
        objective=float(objective),
        spent=float(spent),
        market_cost=least,
    )


def _loads(assignment: Assignment, class_flow: Floats) -> Floats:
    grouped = assignment.group >= 0
    per_arc = weighted_rows(assignment.classes.load_factor, class_flow)
    load = np.zeros(len(assignment.groups))
    np.add.at(load, assignment.group[grouped], per_arc[grouped])
    return load * assignment.groups.load_per_t


@dataclass(frozen=True)
class _OfClass:
    """Cost, contribution to the objective, imbalance and cheapest option costs of one class."""

    options: Ints
    cheapest: Floats
    spent: float
    fixed_part: float
    imbalance: float


def _look_at_class(
    assignment: Assignment, router: Router | None, k: int, delay: Floats, flow: Floats, option_flow: Floats
) -> _OfClass:
    classes, markets = assignment.classes, assignment.markets
    cost = classes.fixed[k] + classes.value_of_time[k] * delay
    used = flow > 0
    options = np.flatnonzero(markets.option_class == k)
    market = markets.option_market[options]
    origin, destination = markets.origin[market], markets.destination[market]
    return _OfClass(
        options,
        cheapest_costs(assignment, cost, origin, destination, router),
        dot(flow[used], cost[used]),
        classes.load_factor[k] / classes.value_of_time[k] * dot(flow[used], classes.fixed[k, used]),
        class_imbalance(assignment, k, flow, option_flow),
    )


def least_disutility(assignment: Assignment, cheapest: Floats) -> Floats:
    """``S_m`` of the docstring above, by market."""
    markets = assignment.markets
    market, scale = markets.option_market, markets.scale
    disutility = scale[market] * (cheapest + markets.option_constant)
    least = np.full(len(scale), np.inf)
    np.minimum.at(least, market, disutility)
    return (least - np.log(sum_at(market, np.exp(least[market] - disutility), len(scale)))) / scale


def proposing_router(assignment: Assignment) -> Router | None:
    """Router to propose distances of large graphs, ready for use by threads; ``None`` if the graph is small."""
    if len(assignment.first_out) - 1 < LARGE:
        return None
    assignment.router.prepare()
    return assignment.router


def cheapest_costs(
    assignment: Assignment, cost: Floats, origin: Ints, destination: Ints, router: Router | None = None
) -> Floats:
    """Cheapest cost between pairs of nodes by label correction; infinite if there is no path. Shape (pairs,).

    Parameters
    ----------
    assignment
        The graph.
    cost
        Cost of each arc, infinite where prohibited; shape (arcs,).
    origin, destination
        Nodes of each pair.
    router
        Proposes distances from which to begin; without it, all but those of the roots begin at infinity.
    """
    first_out, head, step = usable_graph(assignment, cost)
    roots, root_of = np.unique(origin, return_inverse=True)
    nodes, best = len(first_out) - 1, np.empty(len(origin))
    distance = np.empty((nodes, min(len(roots), SIDE_BY_SIDE)))
    here, waiting, queue = np.empty(distance.shape[1]), np.zeros(nodes, dtype=np.bool_), np.empty(nodes + 1, np.int64)
    every = np.arange(nodes)
    for begin in range(0, len(roots), SIDE_BY_SIDE):
        block = roots[begin : begin + SIDE_BY_SIDE]
        if router is None:
            distance.fill(np.inf)
        else:
            distance[:, : len(block)] = router.skim(cost, block, every)[0].T
        correct_labels(first_out, head, step, block, distance, here, waiting, queue)
        mine = np.flatnonzero((root_of >= begin) & (root_of < begin + SIDE_BY_SIDE))
        best[mine] = distance[destination[mine], root_of[mine] - begin]
    return best


def usable_graph(assignment: Assignment, cost: Floats) -> tuple[Ints, Ints, Floats]:
    """The graph without prohibited arcs, and the costs of the remaining ones."""
    usable = np.isfinite(cost)
    first_out = np.append(0, np.cumsum(usable))[assignment.first_out]
    return first_out, assignment.head[usable], cost[usable]


@kernel
def correct_labels(
    first_out: Any, head: Any, cost: Any, roots: Any, distance: Any, here: Any, waiting: Any, queue: Any
) -> None:
    """Lower labels until none exceeds that of the tail of an arc plus its cost (Bellman 1958; Moore 1959).

    Nodes wait in first-in-first-out order. Roots are processed together: a node whose label for any of them has
    decreased is scanned for all. From infinite labels, the result is the minimum sum of costs in travel order,
    regardless of the order of corrections, within rounding.

    Parameters
    ----------
    first_out, head, cost
        Graph and costs.
    roots
        Nodes, at most as many as ``distance`` has columns.
    distance
        Labels of each node, by root, corrected in place; shape (nodes, any).
    here, waiting, queue
        Scratch of shapes (any,), (nodes,) and (nodes + 1,); ``waiting`` is False before and after.
    """
    nodes = len(first_out) - 1
    begin = end = 0
    for lane in range(len(roots)):
        distance[roots[lane], lane] = 0.0
    for node in range(nodes):
        labelled = False
        for lane in range(len(roots)):
            labelled |= distance[node, lane] < np.inf
        if labelled:
            waiting[node] = True
            queue[end] = node
            end += 1
    while begin != end:
        node = queue[begin]
        begin = begin + 1 if begin < nodes else 0
        waiting[node] = False
        for lane in range(len(here)):
            here[lane] = distance[node, lane]
        for arc in range(first_out[node], first_out[node + 1]):
            other, step = head[arc], cost[arc]
            fallen = np.int64(0)
            for lane in range(len(here)):
                through, known = here[lane] + step, distance[other, lane]
                fallen |= np.int64(through < known * FELT)
                distance[other, lane] = min(known, through)
            if fallen and not waiting[other]:
                waiting[other] = True
                queue[end] = other
                end = end + 1 if end < nodes else 0
