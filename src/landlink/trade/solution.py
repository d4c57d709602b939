"""What joint rounds of trade and freight found: the answer of trade, its rounds, and how far starts differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from landlink.core.arrays import Bools, Floats
from landlink.trade.consignments import Consignments
from landlink.trade.demand_response import Answer, DemandResponse
from landlink.trade.elasticities import Elasticities
from landlink.trade.modes import TradeMode

__all__ = ["Mover", "TradeRound", "TradeSolution", "TwoStarts", "largest_movers"]

#: Movers that are named where rounds do not converge.
MOST_MOVERS: Final = 5


@dataclass(frozen=True)
class Mover:
    """A channel whose tonnes differ most between the demand and what costs ask for.

    Attributes
    ----------
    exporter, importer, commodity
        The channel.
    share
        Its share of the whole difference.
    oscillates
        Whether the difference changed its sign in each of the last rounds.
    """

    exporter: str
    importer: str
    commodity: str
    share: float
    oscillates: bool = False


@dataclass(frozen=True)
class TradeRound:
    """One round: freight at a demand, and the demand that its costs ask for.

    Attributes
    ----------
    number
        Number, from 1.
    cost_change
        Largest change of the logarithm of a trade cost since the round before; in the first, since the reference.
    flow_change
        Tonnes by which the demand asked for differs from the demand, over all tonnes.
    gap
        Relative gap of the freight.
    mover
        The channel that contributes most to ``flow_change``; ``None`` if nothing moves.
    """

    number: int
    cost_change: float
    flow_change: float
    gap: float
    mover: Mover | None


@dataclass(frozen=True)
class TwoStarts:
    """How far the equilibria differ that are found from two starts.

    Attributes
    ----------
    cost
        Largest difference of the logarithm of a trade cost.
    flow
        Tonnes by which demand differs, over all tonnes.
    converged
        Whether the second start converged.
    """

    cost: float
    flow: float
    converged: bool


@dataclass(frozen=True, eq=False)
class TradeSolution:
    """Trade and freight that agree within a tolerance, or do not.

    Attributes
    ----------
    mode
        ``elastic`` or ``general``.
    response
        How demand responds, with the consignments.
    elasticities
        Elasticities of substitution with their errors.
    answer
        What is traded at the costs of the freight.
    log_ratio
        Logarithm of the tonnes carried over those of the reference; shape (consignments,).
    rounds
        The rounds from the start that is reported.
    tolerance, cost_tolerance
        Difference of flows and change of logarithms of trade costs at which rounds end.
    converged
        Whether they ended there.
    movers
        Channels that moved most in the last round, where it did not converge.
    reference
        Label of the reference.
    seed, draws
        Seed and number of the draws of elasticities for intervals; 0: no intervals.
    reference_tonnes, reference_value
        Tonnes and value a year of channels in the reference, by exporter, importer and commodity.
    starts
        Comparison with another start; ``None`` if there was none.
    notes
        What a reader should know.
    """

    mode: TradeMode
    response: DemandResponse
    elasticities: Elasticities
    answer: Answer
    log_ratio: Floats
    rounds: tuple[TradeRound, ...]
    tolerance: float
    cost_tolerance: float
    converged: bool
    movers: tuple[Mover, ...] = ()
    reference: str = ""
    seed: int = 1
    draws: int = 0
    reference_tonnes: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    reference_value: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    starts: TwoStarts | None = None
    notes: tuple[str, ...] = ()

    @property
    def consignments(self) -> Consignments:
        """What is traded."""
        return self.response.consignments

    @property
    def flow_change(self) -> float:
        """Tonnes by which the demand asked for differs from the demand, over all tonnes."""
        return self.rounds[-1].flow_change if self.rounds else 0.0

    @property
    def cost_change(self) -> float:
        """Largest change of the logarithm of a trade cost in the last round."""
        return self.rounds[-1].cost_change if self.rounds else 0.0


def largest_movers(consignments: Consignments, difference: Floats, *earlier: Floats) -> tuple[Mover, ...]:
    """Channels with the largest differences between the tonnes asked for and those carried.

    Parameters
    ----------
    consignments
        What is traded.
    difference
        Difference of each consignment, t/year; shape (consignments,).
    *earlier
        Differences of the rounds before, the last first.
    """
    channel, number = np.unique(consignments.channel, return_inverse=True)
    sums = [np.bincount(number, one, len(channel)) for one in (difference, *earlier)]
    size, total = np.abs(sums[0]), float(np.abs(difference).sum())
    signs = np.sign(sums)
    turns: Bools = np.all(signs[1:] * signs[:-1] < 0, axis=0) & (len(earlier) > 1)
    shape = len(consignments.countries), len(consignments.countries), len(consignments.commodities)
    found = []
    for place in np.argsort(-size, kind="stable")[:MOST_MOVERS].tolist():
        if size[place] <= 0:
            break
        i, n, k = (int(one) for one in np.unravel_index(channel[place], shape))
        names = consignments.countries[i], consignments.countries[n], consignments.commodities[k]
        found.append(Mover(*names, float(size[place] / total), bool(turns[place])))
    return tuple(found)
