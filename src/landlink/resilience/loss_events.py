r"""What an event of each hazard costs when it strikes alone, by the class of its duration.

Events of a process come at random (Poisson), so that what a hazard :math:`h` costs a year on average is exactly

.. math:: E_h = \lambda_h \, s_h \sum_c p_c \sum_t d_{hct} \, L(S_{hct}),

with the rate :math:`\lambda_h` of its process, the probability :math:`s_h` that an event strikes it, the probabilities
:math:`p_c` of the classes of durations, and the days :math:`d_{hct}` and the loss a day :math:`L` of each step of the
disturbance and of the recovery after it. What changes where events overlap is left to years that are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.resilience.durations import CLASSES
from landlink.resilience.hazards import Hazards
from landlink.resilience.shock import Shock
from landlink.resilience.solved_shocks import SolvedShocks
from landlink.resilience.years import Occurrence, Piece, Year

__all__ = ["CLASS_SHARES", "EventLosses", "EventPieces", "event_pieces", "shocks_of"]

#: Probability of each class of durations.
CLASS_SHARES: Final[Floats] = np.diff((0.0, *CLASSES))

#: Pieces of an event of a hazard alone, by hazard and class.
EventPieces = Mapping[tuple[str, int], tuple[Piece, ...]]


def event_pieces(hazards: Hazards) -> EventPieces:
    """What is disturbed by an event of each hazard alone, and for how long, by class of its duration."""
    return {
        (one.id, number): Year(0, (Occurrence(0, one.id, 0, number),)).pieces(hazards)
        for one in hazards
        for number in range(len(CLASS_SHARES))
    }


@dataclass(frozen=True, eq=False)
class EventLosses:
    """Losses of events that strike alone.

    Attributes
    ----------
    hazards
        The hazards.
    amounts
        Amount of an event of each hazard and class, by place; shape (hazards, classes, places).
    """

    hazards: Hazards
    amounts: Floats

    @classmethod
    def of(cls, hazards: Hazards, pieces: EventPieces, solved: SolvedShocks, a_day: Floats) -> EventLosses:
        """Sum the days of events.

        Parameters
        ----------
        hazards
            The hazards.
        pieces
            What their events disturb.
        solved
            The shocks of the pieces.
        a_day
            Amount of a day of each shock solved, shape (shocks, places).
        """
        amounts = np.zeros((len(hazards), len(CLASS_SHARES), a_day.shape[1]))
        for row, one in enumerate(hazards):
            for number in range(len(CLASS_SHARES)):
                parts = pieces[one.id, number]
                shown = solved.rows(part.shock for part in parts)
                days = np.array([part.days for part in parts])
                amounts[row, number] = (days[:, None] * a_day[shown]).sum(axis=0)
        return cls(hazards, amounts)

    @property
    def mean(self) -> Floats:
        """Mean amount of an event; shape (hazards, places)."""
        return np.asarray((CLASS_SHARES[:, None] * self.amounts).sum(axis=1))

    @property
    def yearly(self) -> Floats:
        """Expected amount of a year at the mean rates, without what overlaps change; shape (hazards, places)."""
        return np.asarray(np.array([one.mean_events for one in self.hazards])[:, None] * self.mean)


def shocks_of(pieces: EventPieces) -> set[Shock]:
    """The shocks of events."""
    return {part.shock for parts in pieces.values() for part in parts}
