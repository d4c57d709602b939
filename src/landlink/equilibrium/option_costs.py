"""Cheapest costs of all options at given delays, and what a tonne of each market can bear at least."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from landlink.equilibrium.problem import Assignment
from landlink.paths.routes import Trips, cheapest_routes
from landlink.sums import sum_at

Floats = NDArray[np.float64]


class OptionCosts:
    """Searches for the cheapest costs of the options of an assignment, whatever its demand.

    Parameters
    ----------
    assignment
        Graph, groups, classes and markets.
    threads
        Threads to search with; the costs do not depend on it.
    """

    def __init__(self, assignment: Assignment, threads: int = 1) -> None:
        self._a, self._threads = assignment, threads
        markets, market = assignment.markets, assignment.markets.option_market
        origin, destination = markets.origin[market], markets.destination[market]
        self._order = np.lexsort((destination, origin, markets.option_class))
        self._trips = Trips(markets.option_class[self._order], origin[self._order], destination[self._order])

    def arc_costs(self, delay_h: Floats) -> Floats:
        """Costs at delays of the groups, shape (classes, arcs), USD/t."""
        classes = self._a.classes
        delay = np.append(delay_h, 0.0)[self._a.group]
        return np.asarray(classes.fixed + np.multiply.outer(classes.value_of_time, delay))

    def cheapest(self, arc_costs: Floats) -> Floats:
        """Cheapest cost of each option, infinite where it has no route, USD/t."""
        # Below any cost: no route is asked for.
        known = np.full(len(self._order), -np.inf)
        found, _, _ = cheapest_routes(
            self._a.first_out, self._a.head, self._a.tail, arc_costs.__getitem__, self._trips, known,
            threads=self._threads,
        )  # fmt: skip
        best = np.empty_like(found)
        best[self._order] = found
        return best


def logsums(assignment: Assignment, cheapest: Floats) -> Floats:
    """Least that a tonne of each market can bear given the cheapest cost of each option, entropy counted, USD/t.

    Infinite where no option has a route.
    """
    markets = assignment.markets
    market, size = markets.option_market, len(markets.demand)
    bother = cheapest + markets.option_constant
    least = np.full(size, np.inf)
    np.minimum.at(least, market, bother)
    base = np.where(np.isfinite(least), least, 0.0)
    further = sum_at(market, np.exp(-markets.scale[market] * (bother - base[market])), size)
    return np.asarray(least - np.log(np.where(further > 0, further, 1.0)) / markets.scale)
