"""Which markets have a route, without searching for the cheapest."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from landlink.core.arrays import Bools, Ints
from landlink.equilibrium.problem import Assignment
from landlink.paths.reach_kernels import reached_from

__all__ = ["unreachable_markets"]


def unreachable_markets(assignment: Assignment) -> Ints:
    """List the markets that no option can serve, ascending.

    Classes that may use the same arcs are looked at together. Nearly all pairs of nodes lie in one strongly connected
    component, so that only the others are searched for.
    """
    markets = assignment.markets
    market = markets.option_market
    passable, same = np.unique(np.isfinite(assignment.classes.fixed), axis=0, return_inverse=True)
    served = np.zeros(len(markets.demand), dtype=bool)
    for kind, open_arcs in enumerate(passable):
        options = np.flatnonzero(same.ravel()[markets.option_class] == kind)
        ends = markets.origin[market[options]], markets.destination[market[options]]
        served[market[options[_reach(assignment, open_arcs, *ends)]]] = True
    return np.flatnonzero(~served)


def _reach(assignment: Assignment, open_arcs: Bools, origin: Ints, destination: Ints) -> Bools:
    """Whether a path of open arcs leads from each origin to its destination."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    nodes = len(assignment.first_out) - 1
    first_out = np.append(0, np.cumsum(open_arcs))[assignment.first_out]
    head = assignment.head[open_arcs]
    graph = csr_matrix((np.ones(len(head), dtype=np.int8), head, first_out), shape=(nodes, nodes))
    component = connected_components(graph, connection="strong")[1]
    found = np.asarray(component[origin] == component[destination])
    apart = np.flatnonzero(~found)
    apart = apart[np.argsort(origin[apart], kind="stable")]
    starts, begins = np.unique(origin[apart], return_index=True)
    every = np.ones(len(head), dtype=bool)
    bounds = pairwise([*begins.tolist(), len(apart)])
    for start, (begin, end) in zip(starts, bounds, strict=True):
        rows = apart[begin:end]
        found[rows] = reached_from(first_out, head, every, np.array([start]))[destination[rows]]
    return found
