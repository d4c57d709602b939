"""Pairs of places closed at the same time: which are worse together than apart, and which pairs are looked at."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from landlink.core.arrays import Ints
from landlink.resilience.base import ShockBase
from landlink.resilience.closure_losses import LOSS, ClosureLosses, Pairs
from landlink.resilience.figures import Figures, figure_names
from landlink.resilience.shock_runs import ShockRuns

__all__ = ["BUSIEST", "PairsAsked", "closed_pairs"]

#: Closures that make pairs unless a threshold is given: at most 780 pairs, whatever the size of the study.
BUSIEST: Final = 40


@dataclass(frozen=True, slots=True)
class PairsAsked:
    """Which places make pairs.

    Attributes
    ----------
    above
        Places with more freight than this, t/day; ``None``: those of the busiest closures, of places in line one.
    busiest
        Number of these.
    """

    above: float | None = None
    busiest: int = BUSIEST

    def chosen(self, found: ClosureLosses) -> tuple[Ints, float]:
        """Numbers of the places that make pairs, in the order of the study, and the freight that they exceed."""
        tonnes = np.array([place.tonnes_per_day for place in found.places])
        if self.above is not None:
            return np.flatnonzero(tonnes > self.above), self.above
        own = np.flatnonzero(found.same == np.arange(len(tonnes)))
        most = np.sort(tonnes[own])[::-1]
        # All places with the freight of the first that is left out are left out too, so that no order decides.
        above = float(most[self.busiest]) if len(most) > self.busiest else 0.0
        return own[tonnes[own] > above], above


def closed_pairs(base: ShockBase, found: ClosureLosses, asked: PairsAsked, days: float, how: ShockRuns) -> Pairs:
    """Close pairs of places at the same time.

    Parameters
    ----------
    base
        The undisturbed freight.
    found
        Losses of the places one by one.
    asked
        Which places make pairs.
    days
        Days that both are closed.
    how
        Where and how they are computed.

    Raises
    ------
    InputError
        The folder holds other pairs.
    EnsembleError
        Too many pairs failed; gives the first reasons.
    """
    busy, above = asked.chosen(found)
    pairs = np.array(list(combinations(busy.tolist(), 2)), dtype=np.int64).reshape(-1, 2)
    shocks = [found.places[i].closed(days) + found.places[j].closed(days) for i, j in pairs.tolist()]
    runs = how.of_shocks(base, shocks, "pairs", "solving pair")
    runs = runs.require() if shocks else runs
    first, second = pairs[list(runs.ids)].T if runs.ids else np.empty((2, 0), dtype=np.int64)
    names = figure_names(base)
    figures = Figures(names, runs.values if runs.ids else np.empty((0, len(names))))
    interaction = figures[LOSS] - found.loss[first] - found.loss[second]
    return Pairs(first, second, figures, interaction, above=above, places=len(busy), busiest=asked.above is None)
