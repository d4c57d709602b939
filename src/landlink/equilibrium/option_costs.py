"""Cheapest costs and loads of all options at given delays, and the minimum costs of markets."""

from __future__ import annotations

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.sums import sum_at
from landlink.equilibrium.problem import Assignment
from landlink.paths.router import Trips


class OptionCosts:
    """Route searches for the options of an assignment, regardless of its demand.

    Parameters
    ----------
    assignment
        Graph, groups, classes and markets.
    threads
        Number of threads; the costs do not depend on it.
    """

    def __init__(self, assignment: Assignment, threads: int = 1) -> None:
        self._a, self.threads = assignment, threads
        self._router = assignment.router
        markets, market = assignment.markets, assignment.markets.option_market
        origin, destination = markets.origin[market], markets.destination[market]
        self._order = np.lexsort((destination, origin, markets.option_class))
        self._trips = Trips(markets.option_class[self._order], origin[self._order], destination[self._order])

    def arc_costs(self, delay_h: Floats) -> Floats:
        """Arc costs at delays of the groups, shape (classes, arcs), USD/t."""
        classes = self._a.classes
        delay = np.append(delay_h, 0.0)[self._a.group]
        return np.asarray(classes.fixed + np.multiply.outer(classes.value_of_time, delay))

    def cheapest(self, arc_costs: Floats) -> Floats:
        """Cheapest cost of each option, infinite if it has no route, USD/t."""
        # Below any cost, so that no routes are returned.
        known = np.full(len(self._order), -np.inf)
        found, _, _ = self._router.cheapest_routes(arc_costs.__getitem__, self._trips, known, threads=self.threads)
        return self._unsorted(found)

    def load(self, arc_costs: Floats, option_flow: Floats) -> tuple[Floats, Floats]:
        """Load all flow of each option on its cheapest route.

        Returns
        -------
        cheapest
            Cost of each option, shape (options,).
        class_flow
            t/day of each class on each arc, shape (classes, arcs).
        """
        found, flow = self._router.load(
            arc_costs.__getitem__, self._trips, option_flow[self._order], threads=self.threads
        )
        class_flow = np.zeros_like(self._a.classes.fixed)
        class_flow[np.unique(self._trips.category)] = flow
        return self._unsorted(found), class_flow

    def _unsorted(self, values: Floats) -> Floats:
        out = np.empty_like(values)
        out[self._order] = values
        return out


def logsums(assignment: Assignment, cheapest: Floats) -> Floats:
    """Logsum of each market over the cheapest costs of its options, USD/t.

    Infinite if no option has a route.
    """
    markets = assignment.markets
    market, size = markets.option_market, len(markets.demand)
    bother = cheapest + markets.option_constant
    least = np.full(size, np.inf)
    np.minimum.at(least, market, bother)
    base = np.where(np.isfinite(least), least, 0.0)
    further = sum_at(market, np.exp(-markets.scale[market] * (bother - base[market])), size)
    return np.asarray(least - np.log(np.where(further > 0, further, 1.0)) / markets.scale)


def log_shares(assignment: Assignment, cheapest: Floats) -> Floats:
    """Logarithm of the logit share of each option in its market; it stays finite where the share underflows.

    An option without a route has minus infinity; every market must have one with a route.
    """
    markets, market = assignment.markets, assignment.markets.option_market
    utility = -markets.scale[market] * (cheapest + markets.option_constant)
    top = np.full(len(markets.demand), -np.inf)
    np.maximum.at(top, market, utility)
    # Relative to the best option, so that shares add up to 1 whatever the size of costs.
    below = utility - top[market]
    return np.asarray(below - np.log(sum_at(market, np.exp(below), len(top)))[market])


def logit_flows(assignment: Assignment, cheapest: Floats) -> Floats:
    """Logit flow of each option, t/day; 0 if it has no route."""
    markets = assignment.markets
    return np.asarray(markets.demand[markets.option_market] * np.exp(log_shares(assignment, cheapest)))


def split_excess(assignment: Assignment, option_flow: Floats, cheapest: Floats) -> Floats:
    """Excess cost due to deviations of option shares from the logit, by option, USD a day.

    Each term ``(d ln(d / q) - d + q) / theta``, with ``q`` the logit flow, is never negative, which limits the effect
    of rounding where monetary costs are small compared with preferences. Logarithms are taken of shares, not of
    flows: ``q`` may be too small for a number while options that cost thousands more still carry flow.
    """
    markets, market = assignment.markets, assignment.markets.option_market
    log_share, demand, carried = log_shares(assignment, cheapest), markets.demand[market], option_flow > 0
    term = demand * np.exp(log_share) - option_flow
    of_carried = np.log(option_flow[carried] / demand[carried]) - log_share[carried]
    term[carried] += option_flow[carried] * of_carried
    return np.asarray(term / markets.scale[market])
