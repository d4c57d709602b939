"""Quantiles, probabilities and coverage of an ensemble."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.core.arrays import Bools, Floats

__all__ = ["INTERVAL", "Coverage", "coverage", "effective_members", "probability_of", "quantiles"]

#: Probabilities of the ends of the interval and of the median: an 80 % interval.
INTERVAL: Final = (0.1, 0.5, 0.9)
#: Stands for infinity where quantiles are interpolated, and the share of it from which an interpolated value does.
_LARGE: Final = 1e300
_NEARLY: Final = 1e-9


def quantiles(values: Floats, probabilities: tuple[float, ...] = INTERVAL) -> Floats:
    """Quantiles of each column over its values; NaN is none.

    The k-th smallest of n values is the quantile k / (n + 1), with straight lines between (type 6 of Hyndman & Fan
    1996). A further draw of the same distribution then lies between two of them as often as their probabilities say,
    whatever the distribution.

    Parameters
    ----------
    values
        Shape (members, columns).
    probabilities
        Probabilities.

    Returns
    -------
    ndarray
        Shape (probabilities, columns); NaN for a column without values. Infinite values, of times without an end, are
        the largest.

    Examples
    --------
    >>> quantiles(np.arange(1.0, 10.0).reshape(-1, 1)).ravel().tolist()
    [1.0, 5.0, 9.0]
    """
    if not len(values):
        return np.full((len(probabilities), values.shape[1]), np.nan)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="All-NaN slice encountered", category=RuntimeWarning)
        # Infinity cannot be interpolated; something so large that nothing else is can.
        bounded = np.where(np.isposinf(values), _LARGE, values)
        found = np.nanquantile(bounded, probabilities, axis=0, method="weibull")
    return np.where(found >= _LARGE * _NEARLY, np.inf, np.asarray(found, dtype=np.float64))


def effective_members(values: Floats) -> float:
    """Number of independent members that an ensemble is worth: members that are equal count as one that weighs more.

    Kish's (1965) effective size, the square of the sum of the weights over the sum of their squares; equal members come
    from resampling by importance.

    Parameters
    ----------
    values
        Shape (members, columns).

    Examples
    --------
    >>> effective_members(np.array([[1.0], [2.0], [2.0], [2.0]]))
    1.6
    """
    if not len(values):
        return 0.0
    plain = np.where(np.isnan(values), np.inf, values)
    counts = np.unique(plain, axis=0, return_counts=True)[1].astype(np.float64)
    return float(counts.sum() ** 2 / (counts**2).sum())


def probability_of(holds: Bools, effective: float) -> tuple[float, float]:
    """Probability of a statement, and the standard error that comes from the number of members.

    The error is that of the rule of succession, whose mean is (k + 1) / (n + 2): an ensemble of 200 of which every
    member agrees is not certain.

    Parameters
    ----------
    holds
        Whether the statement holds in each member, shape (members,).
    effective
        Number of independent members.

    Examples
    --------
    >>> share, error = probability_of(np.array([True] * 30 + [False] * 70), 100)
    >>> share, round(error, 3)
    (0.3, 0.045)
    """
    if not len(holds):
        return math.nan, math.nan
    share = float(holds.mean())
    mean = (share * effective + 1) / (effective + 2)
    return share, math.sqrt(mean * (1 - mean) / (effective + 3))


@dataclass(frozen=True)
class Coverage:
    """How many observed values lie in their intervals.

    Attributes
    ----------
    inside
        Whether each does, shape (observations,).
    rank
        Share of members below each observed value, shape (observations,); even from 0 to 1 if intervals are right.
    """

    inside: Bools
    rank: Floats

    @property
    def share(self) -> float:
        """Share of the observations inside; NaN without observations."""
        return float(self.inside.mean()) if len(self.inside) else math.nan


def coverage(
    predicted: Floats, observed: Floats, error_sd: Floats, *, seed: int, interval: float = 0.8, draws: int = 100
) -> Coverage:
    """Count how many observed values lie in the intervals of an ensemble, their own error included.

    A measured value differs from the model by the doubt about the model, which the members show, and by the error of
    the measurement. So each member's value gets errors drawn at random, and the observed one is held against those.

    Parameters
    ----------
    predicted
        Members' values of each observation, on the scale on which errors are normal (the logarithm, for most);
        shape (members, observations).
    observed
        Observed values on the same scale, shape (observations,).
    error_sd
        Standard deviations of their errors, shape (observations,).
    seed
        Seed of the errors.
    interval
        Probability of the intervals.
    draws
        Errors drawn for each member.

    Raises
    ------
    ValueError
        Shapes differ, or a standard deviation is negative.
    """
    members, count = predicted.shape
    if observed.shape != (count,) or error_sd.shape != (count,) or (error_sd < 0).any():
        raise ValueError("each observation needs one value and one standard deviation, 0 or more")
    random = np.random.Generator(np.random.PCG64(seed))
    inside, rank = np.zeros(count, dtype=np.bool_), np.full(count, np.nan)
    for column in range(count):
        errors = error_sd[column] * random.standard_normal((draws, members))
        values = (predicted[:, column] + errors).ravel()
        values = values[np.isfinite(values)]
        if len(values):
            low, high = quantiles(values.reshape(-1, 1), ((1 - interval) / 2, (1 + interval) / 2)).ravel()
            inside[column] = low <= observed[column] <= high
            rank[column] = (values < observed[column]).mean()
    return Coverage(inside, rank)
