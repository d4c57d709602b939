"""What a removed place costs where all freight takes the cheapest way at costs that do not change."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.equilibrium.option_costs import OptionCosts
from landlink.network.supernetwork import Kind
from landlink.paths.router import Trips
from landlink.resilience.base import ShockBase
from landlink.resilience.closure_places import Place, arc_places
from landlink.resilience.disturbed import effect_of

__all__ = ["Costs", "Rerouting"]


@dataclass(frozen=True, eq=False)
class Costs:
    """Costs that do not change with flows.

    Attributes
    ----------
    arc
        Cost of each arc to each class, USD/t, infinite where prohibited; shape (classes, arcs).
    option
        Constant of each option, USD/t; shape (options,).
    """

    arc: Floats
    option: Floats

    @classmethod
    def without_borders(cls, base: ShockBase) -> Costs:
        """Empty links and terminals; borders cost nothing, and nothing is calibrated."""
        freight = base.freight
        fixed = freight.assignment.classes.fixed
        own = fixed
        if freight.arc_constants is not None:
            own = np.maximum(fixed - freight.arc_constants.total[freight.class_commodity], 0.0)
        at_border = freight.network.arcs.kind == Kind.CROSSING
        return cls(
            np.where(at_border & np.isfinite(fixed), 0.0, own),
            np.zeros(len(freight.assignment.markets.option_class)),
        )

    @classmethod
    def undisturbed(cls, base: ShockBase) -> Costs:
        """Empty links, terminals and borders, with all constants."""
        assignment = base.freight.assignment
        return cls(assignment.classes.fixed, assignment.markets.option_constant)

    @classmethod
    def congested(cls, base: ShockBase) -> Costs:
        """Costs at the flows before the closure."""
        assignment = base.summary.freight.assignment
        costs = OptionCosts(assignment).arc_costs(base.summary.equilibrium.delay_h)
        return cls(costs, assignment.markets.option_constant)


class Rerouting:
    """Cheapest ways of all markets at given costs, and what they cost without a place.

    Parameters
    ----------
    base
        The undisturbed freight.
    places
        Places that can be removed.
    costs
        Costs of arcs and options.
    days
        Days of a closure, for what it costs to wait instead.
    """

    def __init__(self, base: ShockBase, places: tuple[Place, ...], costs: Costs, days: float) -> None:
        self._base, self._places, self._costs, self._days = base, places, costs, days
        self._router, markets = base.freight.assignment.router, base.freight.assignment.markets
        market = markets.option_market
        order = np.lexsort((markets.destination[market], markets.origin[market], markets.option_class))
        self._trips = Trips(
            markets.option_class[order], markets.origin[market][order], markets.destination[market][order]
        )
        best, length, arcs = self._router.cheapest_routes(
            costs.arc.__getitem__, self._trips, np.full(len(order), np.inf)
        )
        #: Option of each trip, and the trips whose way passes each place.
        self._option = order
        self._arc_place = arc_places(base, places)
        self._passing = _passing(length, self._arc_place[arcs], len(places))
        self._total = np.full(len(markets.option_class), np.inf)
        self._total[order] = best + costs.option[order]
        self._market_cost = self._least(self._total)

    def _least(self, option_cost: Floats) -> Floats:
        markets = self._base.freight.assignment.markets
        least = np.full(len(markets.demand), np.inf)
        np.minimum.at(least, markets.option_market, option_cost)
        return least

    def losses(self, number: int) -> tuple[float, float]:
        """Added cost without a place, USD/day: removed, and closed so that freight may wait there.

        What has no other way waits in both.
        """
        trips = self._passing[number]
        if not len(trips):
            return 0.0, 0.0
        closed = np.flatnonzero(self._arc_place == number)

        def without(category: int) -> Floats:
            cost: Floats = self._costs.arc[category].copy()
            cost[closed] = np.inf
            return cost

        some = Trips(self._trips.category[trips], self._trips.origin[trips], self._trips.destination[trips])
        found, _, _ = self._router.cheapest_routes(without, some, np.full(len(trips), -np.inf))
        option = self._option[trips]
        removed = self._total.copy()
        removed[option] = found + self._costs.option[option]
        waiting = self._total.copy()
        waiting[option] = np.minimum(removed[option], self._total[option] + self._wait(number, closed)[some.category])
        by_removal, by_waiting = self._least(removed), self._least(waiting)
        by_removal = np.where(np.isfinite(by_removal), by_removal, by_waiting)
        return self._added(by_removal), self._added(by_waiting)

    def _added(self, market_cost: Floats) -> float:
        more = np.where(market_cost > self._market_cost, market_cost - self._market_cost, 0.0)
        return float((self._base.freight.assignment.markets.demand * more).sum())

    def _wait(self, number: int, closed: Ints) -> Floats:
        """What it costs each class to wait at a place, USD/t; shape (classes,)."""
        base = self._base
        effect = effect_of(base.freight, self._places[number].closed(self._days), base.settings, base.places)
        return np.asarray(effect.cost[base.freight.class_commodity][:, closed].min(axis=1))


def _passing(length: Ints, place: Ints, places: int) -> list[Ints]:
    """Trips whose way passes each place, ascending, from the lengths of ways and the place of each of their arcs."""
    trip = np.repeat(np.arange(len(length)), length)
    at = place >= 0
    keys = np.unique(place[at] * len(length) + trip[at])
    bounds = np.searchsorted(keys, np.arange(places + 1) * len(length))
    return [keys[begin:end] % len(length) for begin, end in pairwise(bounds)]
