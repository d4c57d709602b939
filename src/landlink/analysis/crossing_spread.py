"""Spread of the time of a chain: times at its crossings drawn from their distributions and added up."""

from __future__ import annotations

from typing import Final

import numpy as np

from landlink.core.arrays import Floats

__all__ = ["DRAWS", "PROBABILITIES", "draw_hours", "lognormal_of", "spread_along"]

#: Draws of each crossing.
DRAWS: Final = 4000
#: Ends of the band.
PROBABILITIES: Final = (0.05, 0.95)
_Z95: Final = 1.6448536269514722


def lognormal_of(mean_h: float, p95_h: float) -> tuple[float, float]:
    """Location and scale of the lognormal distribution with a mean and a 95th percentile.

    With ``r`` their ratio and ``z`` the 95th percentile of the standard normal distribution, the scale solves
    ``exp(z s - s^2 / 2) = r``. No lognormal has a 95th percentile above ``exp(z^2 / 2) = 3.87`` times its mean; the
    widest stands in for those.

    Parameters
    ----------
    mean_h, p95_h
        Both above 0, h.

    Examples
    --------
    >>> location, scale = lognormal_of(10.0, 20.0)
    >>> round(float(np.exp(location + scale**2 / 2)), 6), round(float(np.exp(location + _Z95 * scale)), 6)
    (10.0, 20.0)
    """
    inside = _Z95**2 - 2.0 * np.log(p95_h / mean_h)
    scale = _Z95 - np.sqrt(max(inside, 0.0))
    return float(np.log(mean_h) - scale**2 / 2), float(scale)


def draw_hours(mean_h: float, p95_extra_h: float, random: np.random.Generator, draws: int = DRAWS) -> Floats:
    """Draw times at a crossing, one from each of as many equally likely intervals, in random order; shape (draws,)."""
    if not (mean_h > 0 and p95_extra_h > 0):
        return np.full(draws, max(mean_h, 0.0))
    location, scale = lognormal_of(mean_h, mean_h + p95_extra_h)
    from scipy.special import ndtri  # noqa: PLC0415  takes a tenth of a second, and most reports' parts draw nothing

    return np.asarray(np.exp(location + scale * ndtri((random.permutation(draws) + 0.5) / draws)))


def spread_along(hours: Floats, p95_extra_h: Floats, *, seed: int) -> Floats:
    """Percentiles of the time from the origin to the end of each leg.

    Times at crossings are independent of one another; all other times are certain.

    Parameters
    ----------
    hours
        Mean time of each leg, shape (legs,).
    p95_extra_h
        Hours between mean and 95th percentile of each leg, 0 where it is certain; shape (legs,).
    seed
        Seed of the draws.

    Returns
    -------
    numpy.ndarray
        The percentiles of :data:`PROBABILITIES`, shape (2, legs), h.
    """
    random = np.random.Generator(np.random.PCG64(seed))
    total, found = np.zeros(DRAWS), np.empty((2, len(hours)))
    for leg, (mean, extra) in enumerate(zip(hours.tolist(), p95_extra_h.tolist(), strict=True)):
        total = total + draw_hours(mean, extra, random)
        found[:, leg] = np.quantile(total, PROBABILITIES)
    return found
