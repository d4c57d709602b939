"""Sums over shipments with stochastic routing: expectations over all routes, and probabilities of passing a place.

No routes are enumerated or sampled. Means are expected sums along the paths of the recursive logit. The share of flow
through a set of arcs follows from the paths that avoid them: with ``S`` the expected minimum cost over all paths and
``S'`` over those that avoid the arcs, it is ``1 - exp(-mu (S' - S))``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints, Ints32
from landlink.core.sums import sum_at
from landlink.equilibrium.stochastic import StochasticEquilibrium
from landlink.equilibrium.stochastic_loading import StochasticLoading
from landlink.freight.flow_summary import CONSTANTS, HOURS, FlowSummary
from landlink.paths.router import Trips


@dataclass(frozen=True)
class StochasticFlowSummary(FlowSummary):
    """Sums over the shipments of a stochastic equilibrium."""

    equilibrium: StochasticEquilibrium

    @property
    def class_flow(self) -> Floats:
        """Flow of each class on each arc, t/day, shape (classes, arcs)."""
        return self.equilibrium.class_flow

    @cached_property
    def options(self) -> Ints:
        """Options with a positive flow, ascending."""
        return np.flatnonzero(self.equilibrium.option_flow > 0)

    @property
    def shipped(self) -> Floats:
        """Flow of each of the options, t/day."""
        return self.equilibrium.option_flow[self.options]

    @property
    def option_hours(self) -> dict[str, Floats]:
        """Expected hours of each option by activity."""
        return dict(zip(HOURS, self._expected, strict=False))

    @property
    def option_km(self) -> Floats:
        """Expected distance of each option, km."""
        return np.asarray(self._expected[len(HOURS)])

    @property
    def option_risk_h(self) -> Floats:
        """Expected buffer of each option: hours between the mean and the 95th percentile."""
        return np.asarray(self._expected[len(HOURS) + 1])

    @property
    def option_money(self) -> Floats:
        """Expected money of each option, USD/t."""
        return np.asarray(self._expected[len(HOURS) + 2])

    @property
    def option_arc_constants(self) -> dict[str, Floats]:
        """Expected constants of borders and corridors on each option, USD/t, by part; empty if the study has none."""
        return dict(zip(CONSTANTS, self._expected[len(HOURS) + 3 :], strict=False))

    @property
    def undetermined(self) -> Bools:
        """No arc: shares of all routes follow from the costs, which are the same in every equilibrium."""
        return np.zeros((2, len(self.freight.assignment.head)), dtype=np.bool_)

    @property
    def option_cost(self) -> Floats:
        """Cost of each option to its shippers, USD/t: the expected minimum over all routes."""
        return np.asarray(self._cost[self.options])

    def select_link(self, chosen: Bools) -> tuple[Ints, Floats]:
        """Markets and their flows, t/day, through at least one of some arcs; one entry for each option."""
        without = self._loading.option_cost(self.equilibrium.perceived_delay_h, without=chosen)
        found = self.equilibrium
        scale = found.route_scale[self.freight.assignment.markets.option_class]
        with np.errstate(invalid="ignore"):
            share = -np.expm1(-scale * (without - self._cost))
        passing = found.option_flow[self.options] * np.maximum(share[self.options], 0.0)
        used = passing > 0
        return self.freight.assignment.markets.option_market[self.options[used]], passing[used]

    def main_route(self, option: int) -> tuple[Ints32, float] | None:
        """Arcs of an option's most likely route, which is the cheapest, and its flow, t/day; ``None`` without flow."""
        found, assignment = self.equilibrium, self.freight.assignment
        if not found.option_flow[option] > 0:
            return None
        markets, category = assignment.markets, int(assignment.markets.option_class[option])
        market = markets.option_market[option : option + 1]
        trips = Trips(np.zeros(1, dtype=np.int64), markets.origin[market], markets.destination[market])
        cost = self._loading.arc_cost(category, found.perceived_delay_h)
        least, _, arcs = self.freight.assignment.router.cheapest_routes(lambda _: cost, trips, np.full(1, np.inf))
        chance = np.exp(-found.route_scale[category] * (least[0] - self._cost[option]))
        return arcs, float(found.option_flow[option] * chance)

    @cached_property
    def cheapest_routes(self) -> tuple[Floats, Floats]:
        """Distance, km, and cost, USD/t, of the cheapest route of each option at the delays found."""
        assignment, found, arcs = self.freight.assignment, self.equilibrium, self.freight.network.arcs
        markets = assignment.markets
        market, category = markets.option_market[self.options], markets.option_class[self.options]
        origin, destination = markets.origin[market], markets.destination[market]
        order = np.lexsort((destination, origin, category))
        cost = [self._loading.arc_cost(k, found.perceived_delay_h) for k in range(len(assignment.classes))]
        trips = Trips(category[order], origin[order], destination[order])
        router = assignment.router
        least, length, passed = router.cheapest_routes(cost.__getitem__, trips, np.full(len(order), np.inf))
        owner = np.repeat(np.arange(len(order)), length)
        km, price = np.empty(len(order)), np.empty(len(order))
        km[order], price[order] = sum_at(owner, arcs.km[passed], len(order)), least
        return km, price

    @cached_property
    def _loading(self) -> StochasticLoading:
        return StochasticLoading(self.freight.assignment, self.equilibrium.route_scale)

    @cached_property
    def _cost(self) -> Floats:
        """Expected minimum cost of each option at the perceived delays, by the sweeps used for probabilities."""
        return self._loading.option_cost(self.equilibrium.perceived_delay_h)

    @cached_property
    def _expected(self) -> Floats:
        """Expected hours by activity, distance, buffer hours, money and constants of each option.

        Shape (8, options), or (10, options) in a study with constants on arcs.
        """
        freight, arcs = self.freight, self.freight.network.arcs
        common = np.array([*self.arc_hours.values(), arcs.km, arcs.risk_h])
        quantities = [np.vstack([common, freight.money[k]]) for k in freight.class_commodity]
        if freight.extra_h is not None:
            for of_class, k in zip(quantities, freight.class_commodity, strict=True):
                of_class[HOURS.index("crossing_h")] += freight.extra_h[k]
        if (given := freight.arc_constants) is not None:
            parts = [getattr(given, name) for name in CONSTANTS]
            pairs = zip(quantities, freight.class_commodity, strict=True)
            quantities = [np.vstack([of_class, *(part[k] for part in parts)]) for of_class, k in pairs]
        return self._loading.expected(self.equilibrium.perceived_delay_h, quantities)[:, self.options]
