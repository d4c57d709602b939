"""Fair shares of a common cost or gain: cooperative games of up to 12 players, solved exactly.

A game gives a value to every coalition of its players. It is an array of ``2**n`` numbers, in which coalition ``S`` is
the sum of ``2**i`` over its players ``i``: the value of nobody at 0, that of all at the end.

For the countries of a railway the value of a coalition is what its members gain if they build what they can without
the others: the benefits that fall to them, less its cost. A cost game has costs in place of gains.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from landlink.core.arrays import Bools, Floats
from landlink.core.errors import InputError, Problem

__all__ = [
    "MOST_PLAYERS", "Subsidy", "core_excess", "in_core", "least_subsidy", "members",
    "separable_costs_remaining_benefits", "shapley", "stabilising_subsidy",
]  # fmt: skip

#: Players of a game that is solved exactly.
MOST_PLAYERS: Final = 12


def members(players: int) -> Bools:
    """Who belongs to each coalition, shape ``(2**players, players)``."""
    return (np.arange(2**players)[:, np.newaxis] >> np.arange(players) & 1).astype(np.bool_)


def shapley(values: ArrayLike) -> Floats:
    """Shapley value: what each player adds to those before it, on average over all orders of joining.

    Parameters
    ----------
    values
        Value of each coalition, shape ``(..., 2**n)``, nobody's being 0; axes before the last, such as draws, stay.

    Returns
    -------
    ndarray
        Share of each player, shape ``(..., n)``; the shares add to the value of all.

    Raises
    ------
    InputError
        The length is no power of two, there are more than 12 players, or nobody has a value.

    Notes
    -----
    ``phi[i] = sum over S without i of |S|! (n - |S| - 1)! / n! (v(S + i) - v(S))`` (Shapley 1953).

    Examples
    --------
    Two own a left glove, one a right; a pair is worth 1:

    >>> shapley([0, 0, 0, 0, 0, 1, 1, 1]).round(6).tolist()
    [0.166667, 0.166667, 0.666667]
    """
    game, players = _checked(values)
    inside = members(players)
    size = inside.sum(axis=1)
    weight = np.array([1 / (players * math.comb(players - 1, k)) for k in range(players)])
    shares = []
    for i in range(players):
        without = np.flatnonzero(~inside[:, i])
        shares.append(((game[..., without | 1 << i] - game[..., without]) * weight[size[without]]).sum(axis=-1))
    return np.stack(shares, axis=-1)


def separable_costs_remaining_benefits(costs: ArrayLike, benefits: ArrayLike) -> Floats:
    """Split a common cost by separable costs and remaining benefits.

    Parameters
    ----------
    costs
        Least cost of serving each coalition, shape ``(2**n,)``: a game of costs.
    benefits
        Benefit of each player from the whole, shape ``(n,)``.

    Returns
    -------
    ndarray
        Cost borne by each, shape ``(n,)``, adding to the cost of all.

    Raises
    ------
    InputError
        As for :func:`shapley`, or there is not one benefit for each player.

    Notes
    -----
    Each bears what is saved by leaving it out (its separable cost); what then remains is shared in proportion to the
    remaining benefits: the benefit, but not more than the cost of going alone, less the separable cost (Young 1994).
    Where nobody has any left, the remainder is shared evenly.

    Examples
    --------
    >>> separable_costs_remaining_benefits([0, 60, 60, 100], [90, 50]).round(6).tolist()
    [53.333333, 46.666667]
    """
    game, players = _checked(costs)
    gains = np.asarray(benefits, dtype=np.float64)
    if gains.shape != (players,):
        message = "one benefit for each player is needed"
        raise InputError(Problem("", message, value=str(gains.size), allowed=f"{players} benefits"))
    alone = game[1 << np.arange(players)]
    everyone = len(game) - 1
    separable = game[-1] - game[everyone ^ (1 << np.arange(players))]
    remaining = np.maximum(np.minimum(gains, alone) - separable, 0.0)
    total = remaining.sum()
    weight = remaining / total if total > 0 else np.full(players, 1 / players)
    return np.asarray(separable + weight * (game[-1] - separable.sum()), dtype=np.float64)


def core_excess(values: ArrayLike, shares: ArrayLike) -> Floats:
    """What each coalition would gain by going its own way: its value less the shares of its members.

    Parameters
    ----------
    values
        Gains of each coalition, shape ``(2**n,)``. For a game of costs, give both with the sign changed.
    shares
        Share of each player, shape ``(n,)``.

    Returns
    -------
    ndarray
        Shape ``(2**n,)``. A split is in the core where it is efficient, with none above 0.
    """
    game, players = _checked(values)
    return np.asarray(game - members(players) @ np.asarray(shares, dtype=np.float64), dtype=np.float64)


def in_core(values: ArrayLike, shares: ArrayLike, *, tolerance: float = 1e-9) -> bool:
    """Whether a split of gains adds to the value of all and no coalition gains by leaving.

    Parameters
    ----------
    values, shares
        As for :func:`core_excess`.
    tolerance
        Over the largest size of a value.
    """
    excess = core_excess(values, shares)
    slack = tolerance * max(1.0, float(np.abs(np.asarray(values, dtype=np.float64)).max()))
    return bool(abs(excess[-1]) <= slack and (excess <= slack).all())


@dataclass(frozen=True)
class Subsidy:
    """The least that must come from outside, or from partner to partner, so that every partner gains.

    Attributes
    ----------
    received
        What each needs at least, shape ``(n,)``, not below 0.
    from_partners
        Part of the sum that partners with a surplus can pay and still gain.
    from_outside
        The rest, which only others can pay; 0 if the whole is worth its cost.
    """

    received: Floats
    from_partners: float
    from_outside: float


def least_subsidy(benefits: ArrayLike, costs: ArrayLike, *, gain: float = 0.0) -> Subsidy:
    """Find the least subsidy with which every partner gains under a split of the cost.

    Parameters
    ----------
    benefits, costs
        Present value of what each partner receives and bears, shape ``(n,)``.
    gain
        What each must gain at least to take part.

    Examples
    --------
    >>> least_subsidy([80.0, 20.0], [50.0, 40.0])
    Subsidy(received=array([ 0., 20.]), from_partners=20.0, from_outside=0.0)
    """
    net = np.asarray(benefits, dtype=np.float64) - np.asarray(costs, dtype=np.float64) - gain
    received = np.maximum(-net, 0.0)
    paid = min(float(received.sum()), float(np.maximum(net, 0.0).sum()))
    return Subsidy(received, paid, float(received.sum()) - paid)


def stabilising_subsidy(values: ArrayLike) -> float:
    """Least amount from outside with which some split leaves no coalition a gain by going its own way.

    Zero where the core is not empty (Bondareva 1963, Shapley 1967); otherwise the cost of stability (Bachrach et al.
    2009), by linear programming over the shares.

    Parameters
    ----------
    values
        Gains of each coalition, shape ``(2**n,)``.

    Raises
    ------
    InputError
        As for :func:`shapley`.

    Examples
    --------
    Any two of three get 1 together, so that a split of 1 always leaves two of them below 1:

    >>> round(stabilising_subsidy([0, 0, 0, 1, 0, 1, 1, 1]), 6)
    0.5
    """
    from scipy.optimize import linprog  # noqa: PLC0415  takes long

    game, players = _checked(values)
    scale = float(np.abs(game).max())
    if scale == 0:
        return 0.0
    found = linprog(
        np.ones(players), A_ub=-members(players)[1:].astype(np.float64), b_ub=-game[1:] / scale,
        bounds=[(None, None)] * players, method="highs",
    )  # fmt: skip
    # Every coalition's demand is met by shares that are large enough, and their sum is bounded by that of all.
    return max(0.0, float(found.fun) * scale - float(game[-1]))


def _checked(values: ArrayLike) -> tuple[Floats, int]:
    """A game as an array, and its number of players."""
    game = np.asarray(values, dtype=np.float64)
    length = game.shape[-1] if game.ndim else 0
    players = length.bit_length() - 1
    if length < 2 or length != 1 << players:
        message = "a game has a value for each coalition"
        raise InputError(Problem("", message, value=str(length), allowed="2, 4, 8 ... values"))
    if players > MOST_PLAYERS:
        message = "too many players for an exact solution"
        raise InputError(Problem("", message, value=str(players), allowed=f"{MOST_PLAYERS} at most"))
    if (game[..., 0] != 0).any():
        message = "a coalition of nobody has a value"
        raise InputError(Problem("", message, value=f"{game[..., 0].max():g}", allowed="0"))
    return game, players
