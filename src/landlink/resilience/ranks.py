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


def ranks_of(losses: Floats) -> Ints:
    """Rank of each loss, from 1 for the largest; equal losses share the first of their ranks.

    Parameters
    ----------
    losses
        Shape (..., places).

    Examples
    --------
    >>> ranks_of(np.array([3.0, 9.0, 3.0, 1.0])).tolist()
    [2, 1, 2, 4]
    """
    rows = losses.reshape(-1, losses.shape[-1])
    ranks = [1 + len(row) - np.searchsorted(np.sort(row), row, side="right") for row in rows]
    return np.array(ranks, dtype=np.int64).reshape(losses.shape)


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


def rank_intervals(losses: Floats) -> RankIntervals:
    """Intervals of losses and ranks.

    Parameters
    ----------
    losses
        Loss of each place in each member, shape (members, places).
    """
    ranks = ranks_of(losses)
    return RankIntervals(quantiles(losses), quantiles(ranks.astype(np.float64)), (ranks <= WORST).mean(axis=0))
