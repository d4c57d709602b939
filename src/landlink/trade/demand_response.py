r"""How the demand for freight responds to its costs: by elasticities alone, or in general equilibrium.

Goods of value density :math:`v` whose transport costs :math:`g` in the reference cost :math:`v + g` where they arrive.
A change :math:`\Delta` of the expected cost of transport changes that price, the trade cost, by

.. math:: \hat\tau = (v \hat p + g + \Delta) / ((v + g) \hat p),

where :math:`\hat p` is the change of the price at the origin. Freight is charged by the tonne, so that the same charge
is a larger trade cost for cheap goods than for dear ones, and not an iceberg cost (Hummels & Skiba 2004). Tariffs on
the price with freight are the same factor before and after, and cancel.

- **Elastic**: :math:`T = T^0 \exp(-\beta \Delta)` with :math:`\beta = \sigma / (v + g)`: the elasticity of substitution
  :math:`\sigma` at the prices of the reference. It is the form whose demand and assignment are one convex program
  (Evans 1976).
- **General**: the consignments of one channel, a pair of countries and a commodity, are varieties of its CES; with the
  trade of the channel that the study does not carry, whose costs stay, they make up the channel's trade cost. The world
  is solved with the costs of all channels, and tonnes follow real quantities, values over prices:
  :math:`T = T^0 \hat E \hat P^{\sigma - 1} (\hat p \hat\tau)^{-\sigma}`, with the change :math:`\hat E` of what the
  importer spends on the commodity and :math:`\hat P` of its price index.

References
----------
S. Evans (1976), Derivation and analysis of some models for combining trip distribution and assignment, Transportation
Research 10(1). D. Hummels, A. Skiba (2004), Shipping the good apples out?, Journal of Political Economy 112(6).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Protocol

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.core.errors import ConvergenceError, InputError, Problem
from landlink.core.sums import sum_at
from landlink.trade.consignments import Consignments
from landlink.trade.multisector_solver import SectorEquilibrium, solve_sectors
from landlink.trade.multisector_world import World

__all__ = ["Answer", "DemandResponse", "ElasticResponse", "GeneralResponse", "check_sigma"]

#: Trade cost as a ratio below which it does not fall: transport that is better than free is worth no more than free.
LEAST_RATIO: Final = 0.05
#: Change of trade costs at which they agree with the prices at the origins, and rounds to get there.
AGREED: Final = 1e-10
ROUNDS: Final = 50


@dataclass(frozen=True, eq=False)
class Answer:
    """What is traded at some costs.

    Attributes
    ----------
    change
        Change of the cost of each consignment from the reference, USD/t; shape (consignments,).
    log_ratio
        Logarithm of the tonnes of each consignment over those of the reference; shape (consignments,).
    log_cost
        Logarithm of the trade cost of each over that of the reference; shape (consignments,).
    cost_ratio
        Trade cost of each channel over that of the reference; shape (importers, exporters, sectors); ``None`` without
        a world.
    world
        The world in equilibrium at these trade costs; ``None`` without one.
    """

    change: Floats
    log_ratio: Floats
    log_cost: Floats
    cost_ratio: Floats | None = None
    world: SectorEquilibrium | None = None


class DemandResponse(Protocol):
    """How demand responds to costs."""

    @property
    def consignments(self) -> Consignments:
        """What is traded."""

    def respond(self, market_cost: Floats, earlier: Answer | None = None) -> Answer:
        """What is traded at expected costs of the markets, USD/t; an earlier answer to start from."""


def check_sigma(sigma: Floats, names: tuple[str, ...]) -> None:
    """Refuse elasticities of substitution that are not above 1.

    Raises
    ------
    InputError
        Names each with its commodity.
    """
    wrong = np.flatnonzero(~(np.isfinite(sigma) & (sigma > 1)))
    if len(wrong):
        allowed = "an elasticity of substitution above 1"
        raise InputError(
            [Problem("elasticity", "invalid value", names[k], "sigma", f"{sigma[k]:g}", allowed) for k in wrong]
        )


@dataclass(frozen=True, eq=False)
class ElasticResponse:
    """Demand that falls with the delivered price, each consignment by itself.

    Attributes
    ----------
    consignments
        What is traded.
    sigma
        Elasticity of substitution of each commodity, above 1; shape (commodities,).
    """

    consignments: Consignments
    sigma: Floats

    def __post_init__(self) -> None:
        check_sigma(self.sigma, self.consignments.commodities)

    @property
    def beta(self) -> Floats:
        """Decay of demand with cost, t/USD; shape (consignments,)."""
        return np.asarray(self.sigma[self.consignments.commodity] / self.consignments.delivered_usd_per_t)

    def respond(self, market_cost: Floats, earlier: Answer | None = None) -> Answer:  # noqa: ARG002  as of the protocol
        """What is traded at expected costs of the markets, USD/t; shape (markets,)."""
        change = self.consignments.cost_change(market_cost)
        ratio = 1 + change / self.consignments.delivered_usd_per_t
        return Answer(change, -self.beta * change, np.log(np.maximum(ratio, LEAST_RATIO)))


@dataclass(frozen=True, eq=False)
class GeneralResponse:
    """Demand in general equilibrium.

    Attributes
    ----------
    consignments
        What is traded; its countries are the regions of the world, its commodities sectors.
    world
        The world of the data. Deficits keep their value in units of world value added.
    before
        Its equilibrium without a change.
    network_share
        Share of the value of each channel that the consignments carry; shape (importers, exporters, sectors).
    """

    consignments: Consignments
    world: World
    before: SectorEquilibrium
    network_share: Floats

    def __post_init__(self) -> None:
        check_sigma(1 + self.world.theta, self.world.sectors)

    def respond(self, market_cost: Floats, earlier: Answer | None = None) -> Answer:
        """What is traded at expected costs of the markets, USD/t; shape (markets,).

        Raises
        ------
        ConvergenceError
            Markets do not clear, or trade costs and prices at the origins do not agree.
        """
        return self.respond_to(self.consignments.cost_change(market_cost), earlier)

    def respond_to(self, change: Floats, earlier: Answer | None = None) -> Answer:
        """What is traded at changes of costs from the reference, USD/t; shape (consignments,)."""
        if not change.any():
            nothing = np.zeros(len(change))
            return Answer(change, nothing, nothing, np.ones_like(self.network_share), self.before)
        found = self.before if earlier is None or earlier.world is None else earlier.world
        log_cost = self._log_costs(change, found)
        for _ in range(ROUNDS):
            channels = self._channel_costs(log_cost)
            found = solve_sectors(self.world, self.world.tariff, channels, deficits="fixed", start=found)
            last, log_cost = log_cost, self._log_costs(change, found)
            if float(np.abs(log_cost - last).max(initial=0.0)) < AGREED:
                return self._answer(change, log_cost, channels, found)
        raise ConvergenceError(
            "trade costs and prices at the origins do not agree: freight costs are out of proportion"
        )

    @cached_property
    def place(self) -> tuple[Ints, Ints, Ints]:
        """Importer, exporter and sector of each consignment in the world."""
        part, places = self.consignments, {name: i for i, name in enumerate(self.world.regions)}
        sectors = {name: j for j, name in enumerate(self.world.sectors)}
        region = np.array([places[name] for name in part.countries], dtype=np.int64)
        # A commodity that nobody trades need not be a sector.
        sector = np.array([sectors.get(name, -1) for name in part.commodities], dtype=np.int64)
        return region[part.importer], region[part.exporter], sector[part.commodity]

    def _log_costs(self, change: Floats, found: SectorEquilibrium) -> Floats:
        """Logarithms of the trade costs of consignments, given the prices at their origins."""
        _, exporter, sector = self.place
        part, price = self.consignments, found.unit_cost[exporter, sector] / self.before.unit_cost[exporter, sector]
        ratio = (part.value_usd_per_t * price + part.level_usd_per_t + change) / (part.delivered_usd_per_t * price)
        return np.asarray(np.log(np.maximum(ratio, LEAST_RATIO)))

    def _channel_costs(self, log_cost: Floats) -> Floats:
        """Trade costs of channels: the CES of their consignments and of what the study does not carry."""
        part, shape, theta = self.consignments, self.network_share.shape, self.world.theta
        place = np.ravel_multi_index(self.place, shape)
        value = part.tonnes * part.value_usd_per_t
        power = np.exp(-theta[self.place[2]] * log_cost)
        total = sum_at(place, value, self.network_share.size)
        # Changes, not totals, so that a channel whose costs stay keeps exactly its cost.
        moved = sum_at(place, value * (power - 1), self.network_share.size)
        mean = np.divide(moved, total, out=np.zeros(len(total)), where=total > 0).reshape(shape)
        return np.asarray((1 + self.network_share * mean) ** (-1 / theta))

    def _answer(self, change: Floats, log_cost: Floats, channels: Floats, found: SectorEquilibrium) -> Answer:
        """What is traded: a consignment's share in what its importer buys, over its price."""
        importer, exporter, sector = self.place
        theta = self.world.theta[sector]
        price, index, spent = (
            np.log(getattr(found, name)[region, sector] / getattr(self.before, name)[region, sector])
            for name, region in (("unit_cost", exporter), ("price", importer), ("expenditure", importer))
        )
        log_ratio = theta * index + spent - (1 + theta) * (price + log_cost)
        return Answer(change, np.asarray(log_ratio), log_cost, channels, found)

    def with_sigma(self, sigma: Floats) -> GeneralResponse:
        """The same with other elasticities of substitution; shape (sectors,)."""
        check_sigma(sigma, self.world.sectors)
        return replace(self, world=replace(self.world, theta=sigma - 1))
