r"""Losses of years that are drawn: events that overlap are solved together, and share what overlapping changes.

The loss of a year is the sum over its pieces of days times the loss of a day of what is disturbed then. Where hazards
overlap it is not the sum of what each costs alone: two closures in series are waited for twice, one of two parallel
roads is cheap and both are not, and a place closed by two is closed once. What overlapping changes in a piece,

.. math:: L(S_1 \cup \dots \cup S_n) - L(S_1) - \dots - L(S_n),

is shared equally by its events. For two that is the value of Shapley (1953); for more it is the equal surplus division
(Driessen and Funaki 1991), which needs no solve of all their sets. So the losses of hazards, causes and countries add
up to the loss of the year.

Overlaps are solved in some of the years. In the others, events cost what they cost alone, times what overlaps changed
in those on average. The expected loss is what events cost alone, which is known without drawing, plus the mean change
by overlaps in the years solved: a control variate (Glasserman 2003), whose error comes from overlaps alone.

References
----------
L. Shapley (1953), A value for n-person games, in: Contributions to the Theory of Games II, Princeton.
T. Driessen and Y. Funaki (1991), Coincidence of and collinearity between game theoretic solutions, OR Spektrum 13.
P. Glasserman (2003), Monte Carlo Methods in Financial Engineering, section 4.1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.resilience.loss_events import EventLosses
from landlink.resilience.loss_pieces import LossPiece
from landlink.resilience.shock import Shock
from landlink.resilience.solved_shocks import SolvedShocks
from landlink.resilience.years import Year

__all__ = ["YearLosses", "YearPieces", "shocks_of_years", "year_losses"]

#: Pieces of each year.
YearPieces: TypeAlias = Sequence[tuple[LossPiece, ...]]


@dataclass(frozen=True, eq=False)
class YearLosses:
    """Amounts of drawn years by place.

    Attributes
    ----------
    alone
        Sum of what each event of a year costs alone; shape (years, places).
    solved
        Amount of the first years, with what overlaps change; shape (solved years, places).
    shared
        What overlaps change in these, by the hazard that it is attributed to; shape (solved years, hazards, places).
    """

    alone: Floats
    solved: Floats
    shared: Floats

    @property
    def factor(self) -> Floats:
        """Amount of the years solved over the sum of what their events cost alone, shape (places,)."""
        alone = self.alone[: len(self.solved)].sum(axis=0)
        return np.asarray(np.divide(self.solved.sum(axis=0), alone, out=np.ones(len(alone)), where=alone != 0))

    @property
    def total(self) -> Floats:
        """Amount of every year, with what overlaps change, shape (years, places)."""
        count = len(self.solved)
        return np.vstack([self.solved, self.alone[count:] * self.factor])

    @property
    def overlap_error(self) -> Floats:
        """Mean distance of the sum of events, times the factor, from the years solved, over their mean; (places,)."""
        near = self.alone[: len(self.solved)] * self.factor
        size = np.abs(self.solved).sum(axis=0)
        off = np.abs(near - self.solved).sum(axis=0)
        return np.asarray(np.divide(off, size, out=np.zeros(len(size)), where=size > 0))


def shocks_of_years(years: YearPieces) -> set[Shock]:
    """What is disturbed at one time in any of some years."""
    return {piece.shock for pieces in years for piece in pieces}


def year_losses(
    years: Sequence[Year], pieces: YearPieces, events: EventLosses, solved: SolvedShocks, a_day: Floats
) -> YearLosses:
    """Sum the losses of years.

    Parameters
    ----------
    years
        What strikes in each year.
    pieces
        Pieces of the first years, in which overlaps are solved.
    events
        What events cost alone.
    solved
        Shocks of these pieces.
    a_day
        Amount of a day of each shock solved, shape (shocks, places).
    """
    row = {one.id: number for number, one in enumerate(events.hazards)}
    struck = [_struck(year, row) for year in years]
    places = events.amounts.shape[2]
    alone = np.array([_sum_of(events.amounts[where]) for where in struck]).reshape(len(years), places)
    total, shared = alone[: len(pieces)].copy(), np.zeros((len(pieces), len(row), places))
    # Events that strike alone are summed already.
    overlaps = [(number, piece) for number, parts in enumerate(pieces) for piece in parts if len(piece.parts) > 1]
    for number, piece in overlaps:
        together, *each = a_day[solved.rows((piece.shock, *(shock for _, shock in piece.parts)))]
        change = piece.days * (together - sum(each))
        total[number] += change
        for hazard, _ in piece.parts:
            shared[number, hazard] += change / len(piece.parts)
    return YearLosses(alone, total, shared)


def _struck(year: Year, row: Mapping[str, int]) -> tuple[Ints, Ints]:
    """Hazards of what strikes in a year, and classes of durations."""
    found = [(row[one.hazard], one.duration_class) for one in year.occurrences]
    hazard, duration_class = np.array(found, dtype=np.int64).reshape(-1, 2).T
    return hazard, duration_class


def _sum_of(amounts: Floats) -> Floats:
    """Sum of rows."""
    return np.asarray(amounts.sum(axis=0))
