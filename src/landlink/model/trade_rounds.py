"""Rounds of freight and trade: costs of freight, the demand that they ask for, freight at that demand, and so on.

A round solves freight at a demand, from the routes of the last round, and asks trade what is shipped at its costs. The
next demand is extrapolated from the last rounds (Anderson 1965), in logarithms. Where the difference between the demand
asked for and the demand carried grows, the extrapolation is dropped and a shortened plain step is taken from the best
round so far, so that rounds do not cycle unseen. They end where neither trade costs nor flows change by more than a
tolerance; flows are compared with what costs ask for, not with the last round's, so that short steps are not taken for
agreement.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Generic, Protocol, TypeVar

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.progress import Progress, gap_share
from landlink.equilibrium.extrapolation import Extrapolation
from landlink.freight.assignment import Freight
from landlink.freight.flow_summary import FlowSummary
from landlink.freight.trip_tables import expected_costs
from landlink.freight.warm_start import WarmStart
from landlink.trade.demand_response import Answer, DemandResponse
from landlink.trade.solution import Mover, TradeRound, largest_movers

__all__ = ["Rounds", "with_demand"]

#: Number of rounds used by an extrapolation.
MEMORY: Final = 5
#: Increase of the difference over the last round's at which the step is shortened, the shortest step, and how it grows.
WORSE: Final = 1.0
SHORTEST: Final = 1.0 / 64
GROWTH: Final = 2.0
#: Largest change of the logarithm of a demand in one round.
LONGEST_STEP: Final = 3.0
#: Rounds looked back on to say whether a channel oscillates.
LOOKED_BACK: Final = 4


class HasFlows(Protocol):
    """A solution of freight."""

    @property
    def flow_summary(self) -> FlowSummary:
        """Sums over the shipments."""


Solution = TypeVar("Solution", bound=HasFlows)


def with_demand(freight: Freight, ratio: Floats) -> Freight:
    """Freight with the demand of each market multiplied; shape (markets,)."""
    markets = freight.assignment.markets
    markets = replace(markets, demand=markets.demand * ratio)
    return replace(freight, assignment=replace(freight.assignment, markets=markets))


@dataclass(frozen=True, eq=False)
class _Look(Generic[Solution]):
    """Freight at a demand, and what trade asks for at its costs."""

    log_ratio: Floats
    solution: Solution
    answer: Answer
    difference: Floats
    flow_change: float

    @property
    def pull(self) -> Floats:
        """Logarithm of the demand asked for over the demand carried."""
        return self.answer.log_ratio - self.log_ratio


class Rounds(Generic[Solution]):
    """Rounds from one start.

    Parameters
    ----------
    freight
        The assignment at the demand of the reference.
    response
        How its demand responds.
    solve
        Solves the assignment at another demand, from a start.
    tolerance, cost_tolerance
        Difference of flows as a share, and change of logarithms of trade costs, at which rounds end.
    most
        Largest number of rounds.
    """

    def __init__(
        self,
        freight: Freight,
        response: DemandResponse,
        solve: Callable[[Freight, WarmStart | None], Solution],
        *,
        tolerance: float,
        cost_tolerance: float,
        most: int,
        progress: Progress | None = None,
    ) -> None:
        self._freight, self.response, self._solve = freight, response, solve
        self._tolerance, self._cost_tolerance = tolerance, cost_tolerance
        self._most, self._progress = most, progress
        self._past = Extrapolation(MEMORY)
        self._step = 1.0
        self.rounds: list[TradeRound] = []
        self._differences: list[Floats] = []
        self.now: _Look[Solution]
        self._best: _Look[Solution]

    def run(self, log_ratio: Floats, start: WarmStart | None, answer: Answer | None = None) -> None:
        """Perform rounds from a demand, given as logarithms of the ratio to the reference; shape (consignments,)."""
        self.now = self._best = self._look(log_ratio, start, answer)
        self._note(None)
        while not self.converged and len(self.rounds) < self._most:
            last = self.now
            self.now = self._next()
            self._note(last)
            if self.now.flow_change < self._best.flow_change:
                self._best = self.now
        if not self.converged and self._best is not self.now:
            self.now = self._best
            self._note(None)

    @property
    def converged(self) -> bool:
        """Whether neither costs nor flows change by more than the tolerance."""
        last = self.rounds[-1]
        still = len(self.rounds) > 1 and last.cost_change <= self._cost_tolerance
        return last.flow_change <= self._tolerance and (still or last.flow_change == 0)

    @property
    def movers(self) -> tuple[Mover, ...]:
        """Channels that moved most in the last round, and whether they oscillate."""
        consignments = self.response.consignments
        return largest_movers(consignments, *self._differences[: -1 - LOOKED_BACK : -1])

    def _look(self, log_ratio: Floats, start: WarmStart | None, answer: Answer | None) -> _Look[Solution]:
        consignments = self.response.consignments
        ratio = np.exp(log_ratio)
        solution = self._solve(with_demand(self._freight, consignments.market_ratio(ratio)), start)
        answer = self.response.respond(expected_costs(solution.flow_summary), answer)
        difference = consignments.tonnes * (np.exp(answer.log_ratio) - ratio)
        total = float((consignments.tonnes * ratio).sum())
        moved = float(np.abs(difference).sum()) / total if total > 0 else 0.0
        return _Look(log_ratio, solution, answer, difference, moved)

    def _note(self, last: _Look[Solution] | None) -> None:
        """Add the current round to the list."""
        now = self.now
        before = 0.0 if last is None else last.answer.log_cost
        change = float(np.abs(now.answer.log_cost - before).max(initial=0.0))
        self._differences.append(now.difference)
        movers = largest_movers(self.response.consignments, now.difference)
        gap = now.solution.flow_summary.equilibrium.relative_gap
        self.rounds.append(
            TradeRound(len(self.rounds) + 1, change, now.flow_change, gap, movers[0] if movers else None)
        )
        if self._progress is not None:
            what = f"trade, round {len(self.rounds)}: flows change by {now.flow_change:.1e}"
            self._progress(what, gap_share(now.flow_change, self._tolerance))

    def _next(self) -> _Look[Solution]:
        """Take the next step: extrapolated, or plain and shortened where the last one led away."""
        now = self.now
        if now.flow_change > WORSE * self._best.flow_change:
            now = self._best
            self._past, self._step = Extrapolation(MEMORY), max(self._step / 2, SHORTEST)
        else:
            self._step = min(1.0, self._step * GROWTH)
        self._past.add(now.log_ratio, now.pull)
        target = self._past.next(self._step, np.exp(now.log_ratio) * self.response.consignments.tonnes)
        step = np.clip(target - now.log_ratio, -LONGEST_STEP, LONGEST_STEP)
        finite = np.where(np.isfinite(step), step, self._step * now.pull)
        return self._look(now.log_ratio + finite, WarmStart.of(now.solution.flow_summary), now.answer)
