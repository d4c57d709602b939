r"""What a sample of yearly losses says: expected loss, value at risk, conditional value at risk, and the loss curve.

Of losses :math:`x_1 \le \dots \le x_n` of :math:`n` years, the value at risk is the smallest loss that a share
:math:`p` of the years does not exceed, :math:`x_{\lceil np \rceil}`, and the conditional value at risk what the worst
:math:`1 - p` of the years lose on average,

.. math:: \mathrm{CVaR}_p = \mathrm{VaR}_p + \frac{1}{(1 - p)\, n} \sum_i \max(x_i - \mathrm{VaR}_p, 0),

which is coherent: that of two countries together is never above the sum of theirs.

References
----------
R. Rockafellar and S. Uryasev (2002), Conditional value-at-risk for general loss distributions, Journal of Banking and
Finance 26, proposition 8.
H. David and H. Nagaraja (2003), Order Statistics, 3rd edition, section 7.1, on intervals of quantiles for any
distribution.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from landlink.core.arrays import Floats

__all__ = [
    "LEVELS",
    "RETURN_YEARS",
    "borne",
    "conditional_error",
    "conditional_value_at_risk",
    "exceedance_losses",
    "quantile_error",
    "quantile_interval",
    "value_at_risk",
    "years_needed",
]

#: Shares of the years whose loss the value at risk is not exceeded by.
LEVELS: Final = (0.95, 0.99)
#: Years between two years with a loss above those of the loss curve, on average.
RETURN_YEARS: Final = (2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)
#: Years of the sample that a loss has to be exceeded in for a value at risk or a point of the curve.
_LEAST_ABOVE: Final = 5
#: Standard deviations from the mean of a normal distribution to its P10 and P90.
_OF_P90: Final = 1.2815515655446004
#: Guards the rank of a quantile against the rounding of its product.
_ROUNDING: Final = 1e-9


def _rank(share: float, count: int) -> int:
    """Rank of a quantile, from 0."""
    return min(max(math.ceil(share * count - _ROUNDING) - 1, 0), count - 1)


def value_at_risk(losses: Floats, level: float) -> Floats:
    """Smallest loss that a share of the years does not exceed.

    Parameters
    ----------
    losses
        Losses by year; shape (years, columns).
    level
        The share.

    Returns
    -------
    Floats
        Shape (columns,).

    Examples
    --------
    >>> value_at_risk(np.arange(100.0)[:, None], 0.95).tolist()
    [94.0]
    """
    place = _rank(level, len(losses))
    return np.asarray(np.partition(losses, place, axis=0)[place])


def conditional_value_at_risk(losses: Floats, level: float) -> Floats:
    """Mean loss of the worst years (Rockafellar and Uryasev 2002); for the arguments see :func:`value_at_risk`.

    Examples
    --------
    >>> conditional_value_at_risk(np.arange(100.0)[:, None], 0.95).tolist()
    [97.0]
    """
    at_risk = value_at_risk(losses, level)
    beyond = np.maximum(losses - at_risk, 0.0).sum(axis=0)
    return np.asarray(at_risk + beyond / ((1 - level) * len(losses)))


def quantile_error(losses: Floats, level: float) -> Floats:
    """Standard error of the value at risk that comes from the number of years, for any distribution.

    Half the distance of the losses whose ranks are a standard deviation of the rank apart (David and Nagaraja 2003).
    """
    low, high = _apart(losses, level, 1.0)
    return np.asarray((high - low) / 2)


def quantile_interval(losses: Floats, level: float) -> tuple[Floats, Floats]:
    """P10 and P90 of the value at risk that come from the number of years, by ranks (David and Nagaraja 2003).

    They hold the value at risk of the sample between them.

    Examples
    --------
    >>> low, high = quantile_interval(np.arange(1000.0)[:, None], 0.95)
    >>> low.tolist(), high.tolist()
    ([941.0], [958.0])
    """
    return _apart(losses, level, _OF_P90)


def _apart(losses: Floats, level: float, deviations: float) -> tuple[Floats, Floats]:
    """Losses whose ranks are some standard deviations of the rank below and above that of a quantile."""
    count = len(losses)
    spread = deviations * math.sqrt(level * (1 - level) / count)
    low, high = _rank(level - spread, count), _rank(level + spread, count)
    found = np.partition(losses, (low, high), axis=0)
    return np.asarray(found[low]), np.asarray(found[high])


def conditional_error(losses: Floats, level: float) -> tuple[Floats, Floats]:
    """P10 and P90 of the conditional value at risk that come from the number of years.

    It is a mean of what years lose beyond the value at risk (Rockafellar and Uryasev 2002, theorem 10), so that its
    error is that of a mean.
    """
    middle = conditional_value_at_risk(losses, level)
    beyond = np.maximum(losses - value_at_risk(losses, level), 0.0) / (1 - level)
    spread = _OF_P90 * beyond.std(axis=0) / math.sqrt(len(losses))
    return np.asarray(middle - spread), np.asarray(middle + spread)


def years_needed(level: float) -> int:
    """Years that a sample needs so that it bears a value at risk: five of them lie beyond it.

    Examples
    --------
    >>> [years_needed(level) for level in LEVELS]
    [100, 500]
    """
    return math.ceil(_LEAST_ABOVE / (1 - level) - _ROUNDING)


def borne(count: int) -> tuple[bool, ...]:
    """Whether a sample of some years bears the value at risk of each of the levels.

    Examples
    --------
    >>> borne(100)
    (True, False)
    """
    return tuple(count >= years_needed(level) for level in LEVELS)


def curve_years(count: int) -> tuple[float, ...]:
    """Return periods for which a sample of some years bears a point of the loss curve.

    Examples
    --------
    >>> curve_years(300)
    (2.0, 5.0, 10.0, 20.0, 50.0)
    """
    return tuple(years for years in RETURN_YEARS if years * _LEAST_ABOVE <= count)


def exceedance_losses(losses: Floats, return_years: tuple[float, ...]) -> Floats:
    """Losses that are exceeded once in some years on average; shape (return periods, columns)."""
    found = [value_at_risk(losses, 1 - 1 / years) for years in return_years]
    return np.array(found).reshape(len(return_years), losses.shape[1])
