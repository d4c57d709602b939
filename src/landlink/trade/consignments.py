"""What is traded: quantities of a commodity from one country to another, and the transport markets that carry them.

Most consignments are carried by one market, from a zone to a zone. Goods that are re-exported through a third country
are one consignment over the markets of both their legs: they are trade of the country where they come from with the one
where they go to, and respond to the costs of the whole way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.core.sums import sum_at

__all__ = ["Consignments"]


@dataclass(frozen=True, eq=False)
class Consignments:
    """Consignments, their quantities and costs in the reference, and the markets that carry them.

    Attributes
    ----------
    countries, commodities
        Names.
    exporter, importer
        Countries of each consignment; shape (consignments,).
    commodity
        Commodity of each; shape (consignments,).
    tonnes
        Quantity delivered at the costs of the reference, t/year; shape (consignments,).
    value_usd_per_t
        Value density at the origin, above 0; shape (consignments,).
    level_usd_per_t
        What transport costs in the reference as it is shipped: the level from which costs change, 0 or more; shape
        (consignments,).
    reference_usd_per_t
        Expected cost in the reference, of which only differences have a meaning; NaN where it is not known, so that
        the consignment does not respond; shape (consignments,).
    leg_consignment, leg_market
        Consignment and market of each leg, those of a consignment together; shape (legs,).
    leg_share
        Tonnes on each leg per tonne delivered; shape (legs,).
    markets
        Number of markets.
    """

    countries: tuple[str, ...]
    commodities: tuple[str, ...]
    exporter: Ints
    importer: Ints
    commodity: Ints
    tonnes: Floats
    value_usd_per_t: Floats
    level_usd_per_t: Floats
    reference_usd_per_t: Floats
    leg_consignment: Ints
    leg_market: Ints
    leg_share: Floats
    markets: int

    def __len__(self) -> int:
        return len(self.tonnes)

    @property
    def delivered_usd_per_t(self) -> Floats:
        """Price at the destination in the reference, value and transport together; shape (consignments,)."""
        return self.value_usd_per_t + self.level_usd_per_t

    @property
    def channel(self) -> Ints:
        """Number of the pair of countries and commodity of each consignment; shape (consignments,)."""
        size = len(self.countries), len(self.countries), len(self.commodities)
        return np.asarray(np.ravel_multi_index((self.exporter, self.importer, self.commodity), size), dtype=np.int64)

    def cost_change(self, market_cost: Floats) -> Floats:
        """Change of the cost of each consignment from the reference, USD/t; 0 where the reference is not known.

        Parameters
        ----------
        market_cost
            Expected cost of each market, USD/t; shape (markets,).
        """
        change = self.over_legs(market_cost) - self.reference_usd_per_t
        return np.where(np.isfinite(change), change, 0.0)

    def over_legs(self, of_market: Floats) -> Floats:
        """Sum of a cost of markets over the legs of each consignment, per tonne delivered; shape (consignments,)."""
        return sum_at(self.leg_consignment, self.leg_share * of_market[self.leg_market], len(self))

    def market_ratio(self, ratio: Floats) -> Floats:
        """Ratio of the tonnes of each market to those of the reference, given that of each consignment.

        Exactly 1 where every consignment keeps its tonnes, and where a market carries none; shape (markets,).
        """
        of_leg = self.leg_share * self.tonnes[self.leg_consignment]
        before = sum_at(self.leg_market, of_leg, self.markets)
        # Changes, not totals, so that what stays is exactly what it was.
        change = sum_at(self.leg_market, of_leg * (ratio[self.leg_consignment] - 1.0), self.markets)
        return 1.0 + np.divide(change, before, out=np.zeros(self.markets), where=before > 0)
