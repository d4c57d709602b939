"""Conservation of flows, checked in the scale of each flow.

The imbalance at a node is what enters it and does not leave it, demand included. It is compared with the flow through
that node, not with the whole demand: next to a demand of 1e9 t, a flow of 5 t that is lost would be nothing. Sums are
exact (:mod:`landlink.core.sum_kernels`), so that an imbalance is one of the flows and not of its own arithmetic.
"""

from __future__ import annotations

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.sum_kernels import add_exactly
from landlink.equilibrium.problem import Assignment

__all__ = ["class_imbalance", "market_imbalance", "worst"]


def class_imbalance(assignment: Assignment, k: int, flow: Floats, option_flow: Floats) -> float:
    """Largest imbalance of a class at any node, or negative flow, relative to the flow through the node.

    Where less flows than the smallest demand of the class, as on the least used of spread routes, it is relative to
    that demand.

    Parameters
    ----------
    assignment
        Graph and markets.
    k
        The class.
    flow
        Its flow on each arc, shape (arcs,).
    option_flow
        Flow of every option, shape (options,).

    Returns
    -------
    float
        0 if conserved; infinite if a flow is not a number.
    """
    markets, nodes = assignment.markets, len(assignment.first_out) - 1
    mine = np.flatnonzero(markets.option_class == k)
    market, trips = markets.option_market[mine], option_flow[mine]
    (out, out_rest), (into, into_rest) = np.zeros((2, nodes)), np.zeros((2, nodes))
    for index, amount, high, low in (
        (assignment.tail, flow, out, out_rest),
        (markets.destination[market], trips, out, out_rest),
        (assignment.head, flow, into, into_rest),
        (markets.origin[market], trips, into, into_rest),
    ):
        add_exactly(index, amount, 1.0, high, low)
    demand = markets.demand[market]
    least = float(np.min(demand, where=demand > 0, initial=np.inf)) if demand.any() else 0.0
    through = np.maximum(np.minimum(out + out_rest, into + into_rest), least)
    missing = np.abs((out - into) + (out_rest - into_rest))
    return worst(*_relative(missing, through), *_relative(np.maximum(-flow, 0.0), through[assignment.tail]))


def market_imbalance(assignment: Assignment, option_flow: Floats) -> float:
    """Largest difference between the flow of a market's options and its demand, relative to that demand."""
    markets = assignment.markets
    found, rest = np.zeros((2, len(markets.demand)))
    add_exactly(markets.option_market, option_flow, 1.0, found, rest)
    return worst(*_relative(np.abs((found - markets.demand) + rest), markets.demand))


def worst(*imbalances: float) -> float:
    """Largest of some imbalances, 0 without any; one that is not a number counts as infinite."""
    if not imbalances:
        return 0.0
    largest = float(np.max(imbalances))
    return largest if not np.isnan(largest) else float("inf")


def _relative(missing: Floats, whole: Floats) -> tuple[float, ...]:
    """Largest share of what is missing in the whole; what is missing where there is nothing counts as 1."""
    if not len(missing):
        return ()
    share = np.where(missing == 0, 0.0, 1.0)
    np.divide(missing, whole, out=share, where=(whole > 0) | np.isnan(whole))
    return (float(np.max(share)),)
