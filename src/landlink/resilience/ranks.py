"""Ranks of places by their losses, and how sure they are over the members of an ensemble."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.ensemble.quantiles import quantiles

__all__ = ["WORST", "RankIntervals", "rank_intervals", "ranks_of"]

#: Number of places that are the worst ones.
WORST: Final = 5


def ranks_of(losses: Floats, apart: float = 0.0) -> Ints:
    """Rank of each loss, from 1 for the largest; losses that cannot be told apart share a rank.

    Parameters
    ----------
    losses
        Shape (places,).
    apart
        Accuracy of the losses: those that are less than this below the largest of a rank share it.

    Returns
    -------
    numpy.ndarray
        Shape (places,): 1 and the number of places before the first of the same rank.

    Examples
    --------
    >>> ranks_of(np.array([3.0, 9.0, 3.0, 1.0])).tolist()
    [2, 1, 2, 4]
    >>> ranks_of(np.array([3.0, 9.0, 2.8, 2.6]), apart=0.3).tolist()
    [2, 1, 2, 4]
    """
    ranks = np.empty(len(losses), dtype=np.int64)
    head, rank = np.inf, 1
    for place, number in enumerate(np.argsort(-losses, kind="stable").tolist()):
        if head - losses[number] > apart or place == 0:
            head, rank = losses[number], place + 1
        ranks[number] = rank
    return ranks


@dataclass(frozen=True, eq=False)
class RankIntervals:
    """Losses and ranks of places over the members of an ensemble.

    Attributes
    ----------
    loss
        P10, P50 and P90 of the loss of each place, shape (3, places).
    rank
        P10, P50 and P90 of its rank among these places, likewise.
    worst
        Share of the members in which it is one of the :data:`WORST`, shape (places,).
    """

    loss: Floats
    rank: Floats
    worst: Floats


def rank_intervals(losses: Floats, apart: float = 0.0) -> RankIntervals:
    """Intervals of losses and ranks.

    Parameters
    ----------
    losses
        Loss of each place in each member, shape (members, places).
    apart
        Accuracy of the losses, as for :func:`ranks_of`.
    """
    ranks = np.array([ranks_of(row, apart) for row in losses], dtype=np.int64).reshape(losses.shape)
    return RankIntervals(quantiles(losses), quantiles(ranks.astype(np.float64)), (ranks <= WORST).mean(axis=0))
