"""How well figures are known: some closures solved again by the solver of scenarios, ten times as closely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.resilience.base import ShockBase
from landlink.resilience.closure_losses import LOSS
from landlink.resilience.closure_places import Place
from landlink.resilience.figures import CROSSING_TONNES, Figures, figures_of
from landlink.resilience.shock import Shock
from landlink.resilience.shock_runs import ShockRuns, told
from landlink.resilience.shock_work import solved_response

__all__ = ["Check", "checked"]

#: Gap of the check over that of the solves.
_CLOSER: Final = 0.1
#: Places that are checked, by their share of the ranking from the worst.
_AT: Final = (0.0, 0.05, 0.15, 0.3, 0.6)
#: Added costs are known to this many gaps of all costs at best: that of the base and that of the shock.
_GAPS: Final = 2.0


@dataclass(frozen=True)
class Check:
    """What a check found.

    Attributes
    ----------
    places
        Number of closures that were solved again.
    most
        Largest difference of their added costs, USD/day; NaN without any.
    accuracy
        Difference of added costs that cannot be told apart, USD/day: the largest of the check, or of what the gaps
        leave open.
    most_tonnes
        Largest difference of the freight at a crossing, t/day; 0 without any check.
    """

    places: int
    most: float
    accuracy: float
    most_tonnes: float


@dataclass(frozen=True, eq=False)
class CloseSolve:
    """Solves a shock by the solver of scenarios, whatever is quicker; the work of members of a run."""

    base: ShockBase

    def __call__(self, shock: Shock) -> Floats:
        """Figures of a shock, see :func:`~landlink.resilience.figures.figure_names`."""
        return figures_of(self.base, solved_response(self.base, shock))


def checked(base: ShockBase, places: Sequence[Place], figures: Figures, days: float, how: ShockRuns) -> Check:
    """Check the added costs of some closures, and what passes crossings meanwhile.

    Parameters
    ----------
    base
        The undisturbed freight.
    places, figures
        Places, and the figures of each.
    days
        Days of the closures.
    how
        Where and how they are solved.
    """
    gap, loss = base.options.relative_gap or 0.0, figures[LOSS]
    total = float((base.freight.assignment.markets.demand * np.abs(base.market_cost)).sum())
    order = np.argsort(-loss, kind="stable")
    chosen: Ints = np.unique([order[int(share * (len(order) - 1))] for share in _AT]) if len(order) else order
    shocks = [places[number].closed(days) for number in chosen.tolist()]
    closer = replace(base, options=replace(base.options, relative_gap=gap * _CLOSER))
    described = {"shocks": told(shocks)}
    runs = how.of(CloseSolve(closer), shocks, base, "checks", "checking closure", described)
    if not runs.ids:
        return Check(0, float("nan"), _GAPS * gap * total, 0.0)
    again, before = Figures(figures.names, runs.values), Figures(figures.names, figures.values[chosen[list(runs.ids)]])
    most = float(np.abs(again[LOSS] - before[LOSS]).max())
    tonnes, tonnes_before = again.by_place(CROSSING_TONNES), before.by_place(CROSSING_TONNES)
    differences = [float(np.abs(tonnes[gate] - tonnes_before[gate]).max()) for gate in tonnes]
    return Check(len(runs.ids), most, max(most, _GAPS * gap * total), max(differences, default=0.0))
