"""Questions about the routes of options whose flows on arcs are unique while their routes are not.

An option's flows on arcs can be split into routes in many ways. Here flow at each node goes on in proportion to the
flows on the arcs that leave it, wherever it came from: the split of greatest entropy. Answers then depend on the flows
alone.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints, Ints32
from landlink.equilibrium.problem import Assignment, Routes
from landlink.equilibrium.route_chain_kernels import Chain, likeliest, passing

__all__ = ["likeliest_route", "passing_shares"]

#: Sets that are looked at together, a bit for each.
SETS: Final = 48


def passing_shares(assignment: Assignment, routes: Routes, options: Ints, chosen: Bools) -> Floats:
    """Share of the flow of options through at least one arc of each of some sets; shape (sets, options).

    Parameters
    ----------
    assignment
        Graph and markets.
    routes
        Routes with flow.
    options
        All options that have routes, ascending.
    chosen
        Whether each arc is in each set; shape (sets, arcs).
    """
    begins = np.append(np.searchsorted(routes.option, options), len(routes))
    markets = assignment.markets
    origin = markets.origin[markets.option_market[options]]
    share = np.empty((len(chosen), len(options)))
    given = routes.first, routes.arcs, routes.flow
    for start in range(0, len(chosen), SETS):
        bit = np.int64(1) << np.arange(len(chosen[start : start + SETS]), dtype=np.int64)
        sets = np.asarray(bit @ chosen[start : start + SETS].astype(np.int64))
        part = share[start : start + SETS]
        passing(_graph(assignment), given, begins, origin, sets, _chain(assignment), part)
    return share


def likeliest_route(assignment: Assignment, routes: Routes, option: int) -> tuple[Ints32, float] | None:
    """Arcs of the likeliest route of an option and its share; ``None`` without flow.

    Where approximate flows run in a circle, it is the route with most flow.
    """
    begin, end = np.searchsorted(routes.option, [option, option + 1]).tolist()
    if begin == end:
        return None
    market = int(np.searchsorted(assignment.markets.first, option, side="right")) - 1
    ends = int(assignment.markets.origin[market]), int(assignment.markets.destination[market])
    found = np.empty(len(assignment.first_out), dtype=np.int32)
    given = routes.first, routes.arcs, routes.flow
    length, share = likeliest(_graph(assignment), given, (begin, end, *ends), _chain(assignment), found)
    if length:
        return found[len(found) - length :], float(share)
    route = begin + int(np.argmax(routes.flow[begin:end]))
    part = routes.flow[route] / routes.flow[begin:end].sum()
    return routes.arcs[routes.first[route] : routes.first[route + 1]], float(part)


def _graph(assignment: Assignment) -> tuple[Ints, Ints, Ints]:
    return assignment.first_out, assignment.head, assignment.tail


def _chain(assignment: Assignment) -> Chain:
    nodes, arcs = len(assignment.first_out) - 1, len(assignment.head)
    count = np.zeros(nodes, dtype=np.int64)
    return Chain(np.zeros(arcs), np.zeros(nodes), np.zeros(nodes), count, count.copy(), count.copy())
