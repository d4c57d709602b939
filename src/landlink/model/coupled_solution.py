"""What freight and border crossings, and trade where it responds, come to together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from landlink.border.load_sweep import LoadPoint
from landlink.core.arrays import Floats
from landlink.equilibrium.monotonicity import Monotonicity
from landlink.freight.crossing_curves import SimulatedCrossing
from landlink.freight.flow_summary import FlowSummary
from landlink.freight.hard_capacities import missed_limits
from landlink.freight.unserved_demand import unserved_note
from landlink.trade.notes import trade_notes
from landlink.trade.solution import TradeSolution

__all__ = ["TOLERANCE", "Agreement", "CoupledSolution"]

#: A curve agrees with the simulation at the solved flows within this share.
TOLERANCE: Final = 0.1


@dataclass(frozen=True)
class Agreement:
    """A crossing at the solved flows; arrays by direction, shape (2,).

    Attributes
    ----------
    crossing
        The crossing and its curves.
    vehicles_per_day
        Flows, empty and background vehicles included.
    curve_h
        Hours by the curve.
    simulated
        Hours by simulation with those flows; ``None`` if the crossing is hardly used, or without refits.
    agrees
        Whether both agree within the tolerance, in every direction in use.
    """

    crossing: SimulatedCrossing
    vehicles_per_day: Floats
    curve_h: Floats
    simulated: LoadPoint | None
    agrees: bool


@dataclass(frozen=True)
class CoupledSolution:
    """The solution of freight and border crossings together.

    Attributes
    ----------
    flow_summary
        Sums over the shipments.
    iterations
        Iterations of the last solve, or its rounds of diagonalisation.
    agreements
        One for each simulated crossing.
    refits
        Number of refits of the curves.
    monotonicity
        Whether other equilibria are excluded, where directions have separate curves or trains of different gauges
        share a crossing; else ``None``.
    trade
        Trade that agrees with the freight, where demand responds to costs; else ``None``.
    """

    flow_summary: FlowSummary
    iterations: int
    agreements: tuple[Agreement, ...] = ()
    refits: int = 0
    monotonicity: Monotonicity | None = None
    trade: TradeSolution | None = None

    @property
    def parts(self) -> tuple[object, ...]:
        """Parts from which the tables of a result are made, besides its scenario."""
        return (self, self.flow_summary, *(() if self.trade is None else (self.trade,)))

    @property
    def notes(self) -> list[str]:
        """List what a reader of the result should know about its crossings, hard capacities, routes and trade."""
        told = [
            f"the wait at {one.crossing.waits.crossing_id} has not converged: after {self.refits} refits its curve"
            f" still differs from the simulation by more than {TOLERANCE:.0%}; see the table crossing_wait"
            for one in self.agreements
            if not one.agrees
        ]
        if self.monotonicity is not None and self.monotonicity.monotone is not True:
            told.append("waits differ by direction or gauge in a way that does not exclude other equilibria")
        unserved = self.flow_summary.freight.unserved
        told += [] if unserved is None else [unserved_note(unserved)]
        constants = self.flow_summary.freight.arc_constants
        told += [] if constants is None else constants.brief
        told += [] if self.trade is None else trade_notes(self.trade)
        return [*told, *missed_limits(self.flow_summary)]
