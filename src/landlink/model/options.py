"""Options of the solver."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, replace
from typing import Final, Literal

from landlink.core.errors import InputError, Problem
from landlink.study.settings import Settings
from landlink.trade.modes import TRADE_MODES, TradeMode

__all__ = ["UNREACHABLE", "SolverOptions"]

#: What may happen to demand that has no route.
UNREACHABLE: Final = ("refuse", "drop")


@dataclass(frozen=True, kw_only=True)
class SolverOptions:
    """Accuracy and effort of a solve.

    Attributes
    ----------
    relative_gap
        Relative gap at which to stop; from the study's settings if ``None``.
    max_iterations
        Maximum number of rounds of route search; from the study's settings if ``None``.
    threads
        Number of threads; all processors if ``None``. The flows do not depend on it.
    unreachable
        What happens to demand that has no route: ``refuse`` raises an error, ``drop`` leaves it out and lists it in
        the table ``unserved`` of the result.
    border_refits
        Maximum number of refits of the curves of simulated crossings at the solved flows. With 0, freight is solved
        once with the curves at the study's own mix of vehicles, and the crossings are not simulated at the solved
        flows: for many solves in a row, as in a calibration, of which the last may allow refits.
    new_routes
        Whether routes are searched for that a start does not have; spread routing only. Without, a solve near its start
        is quick and right to the first order, and its gap is that over the known routes.
    trade
        How demand responds to costs: ``fixed``, not at all; ``elastic``, by elasticities of each pair and commodity;
        ``general``, in general equilibrium of trade. See :doc:`/joint-equilibrium`.
    trade_tolerance, trade_cost_tolerance
        Share of the flows by which costs may ask for other ones, and largest change of the logarithm of a trade cost
        since the round before, at which rounds of freight and trade end. Costs of a few pairs at full posts are known
        less closely than flows, by the relative gap.
    trade_rounds
        Maximum number of these rounds.
    trade_starts
        Number of starts from which trade and freight are solved, 1 or 2: equilibria of two starts are compared.
    elasticity_draw
        Number of a draw of the elasticities of trade from their standard errors, as for a member of an ensemble;
        ``None``: their means.
    require_convergence
        Whether missing the gap raises an error instead of returning a result marked as not converged.

    Raises
    ------
    InputError
        Values are out of range; all are listed.

    Examples
    --------
    >>> SolverOptions(relative_gap=1e-8).relative_gap
    1e-08
    """

    relative_gap: float | None = None
    max_iterations: int | None = None
    threads: int | None = None
    require_convergence: bool = False
    new_routes: bool = True
    unreachable: Literal["refuse", "drop"] = "refuse"
    border_refits: int = 3
    trade: TradeMode = "fixed"
    trade_tolerance: float = 1e-5
    trade_cost_tolerance: float = 1e-4
    trade_rounds: int = 40
    trade_starts: int = 2
    elasticity_draw: int | None = None

    def __post_init__(self) -> None:
        gap, iterations, threads = self.relative_gap, self.max_iterations, self.threads
        checks = (
            ("relative_gap", gap, gap is None or (gap >= 0 and not math.isnan(gap)), "a finite number, 0 or more"),
            ("max_iterations", iterations, iterations is None or iterations >= 1, "1 or more"),
            ("border_refits", self.border_refits, self.border_refits >= 0, "0 or more"),
            ("unreachable", self.unreachable, self.unreachable in UNREACHABLE, " or ".join(UNREACHABLE)),
            ("trade", self.trade, self.trade in TRADE_MODES, ", ".join(TRADE_MODES)),
            ("trade_tolerance", self.trade_tolerance, 0 < self.trade_tolerance < 1, "above 0 and below 1"),
            (
                "trade_cost_tolerance",
                self.trade_cost_tolerance,
                0 < self.trade_cost_tolerance < 1,
                "above 0 and below 1",
            ),
            ("trade_rounds", self.trade_rounds, self.trade_rounds >= 1, "1 or more"),
            ("trade_starts", self.trade_starts, self.trade_starts in {1, 2}, "1 or 2"),
            ("threads", threads, threads is None or threads >= 1, "1 or more; None for all processors"),
        )
        if problems := [
            Problem("", f"invalid value of {name}", "", name, str(value), allowed)
            for name, value, valid, allowed in checks
            if not valid
        ]:
            raise InputError(problems)

    def resolved(self, settings: Settings) -> SolverOptions:
        """Fill in missing options from a study's settings and this machine."""
        return replace(
            self,
            relative_gap=settings.relative_gap if self.relative_gap is None else self.relative_gap,
            max_iterations=settings.max_iterations if self.max_iterations is None else self.max_iterations,
            threads=(os.cpu_count() or 1) if self.threads is None else self.threads,
        )
