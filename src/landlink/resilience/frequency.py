r"""How often hazards strike: rates from counts of few events and rates that were stated, and how well they are known.

Events of a kind are a Poisson process. Of :math:`n` events counted in :math:`T` years, the prior of Jeffreys,
:math:`p(\lambda) \propto \lambda^{-1/2}`, which is the same whatever scale the rate is measured in, gives the posterior

.. math:: \lambda \mid n, T \sim \Gamma(n + \tfrac12, T), \qquad E\lambda = \frac{n + \frac12}{T},

so that one event in 17 years says "between one in five and one in a hundred years", and none still says something.
A stated rate is lognormal around its value.

References
----------
H. Jeffreys (1961), Theory of Probability, 3rd edition, section 3.1.
G. Box and G. Tiao (1973), Bayesian Inference in Statistical Analysis, section 1.3.4, equation 1.3.35.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.tables.frames import Row, is_missing

__all__ = ["INTERVAL", "Rate", "rate_of"]

#: Probabilities of the ends of intervals of rates: they hold 80 %, as those of ensembles do.
INTERVAL: Final = (0.1, 0.9)
_JEFFREYS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Rate:
    """A number of events a year, and how well it is known; made by :meth:`counted` and :meth:`stated`.

    Attributes
    ----------
    events, years
        The count that it was fitted to, and the years of it; ``None`` and 0 for a stated rate.
    median, spread
        Stated rate, 1/year, and the standard deviation of its logarithm.
    """

    events: int | None
    years: float
    median: float
    spread: float

    @classmethod
    def counted(cls, events: int, years: float) -> Rate:
        """Fit a rate to a count.

        Examples
        --------
        >>> rate = Rate.counted(1, 17)
        >>> f"{rate.mean:.3f}, {rate.interval[0]:.3f} to {rate.interval[1]:.3f}"
        '0.088, 0.017 to 0.184'
        """
        return cls(events, years, 0.0, 0.0)

    @classmethod
    def stated(cls, median: float, spread: float = 0.0) -> Rate:
        """Take a rate as it is stated.

        Examples
        --------
        >>> Rate.stated(8).mean
        8.0
        """
        return cls(None, 0.0, median, spread)

    @property
    def mean(self) -> float:
        """Mean number of events a year, over what is not known of the rate."""
        if self.events is not None:
            return (self.events + _JEFFREYS) / self.years
        return self.median * math.exp(self.spread**2 / 2)

    @property
    def interval(self) -> tuple[float, float]:
        """Rates between which the true one lies with a probability of 80 %, 1/year; both the rate if it is certain."""
        low, high = self.quantile(np.array(INTERVAL)).tolist()
        return low, high

    def quantile(self, probability: Floats) -> Floats:
        """Quantiles of the rate.

        Parameters
        ----------
        probability
            Probabilities, above 0 and below 1; any shape.

        Returns
        -------
        Floats
            Rates, 1/year, in the same shape.
        """
        from scipy.special import gammaincinv, ndtri  # noqa: PLC0415  takes a tenth of a second

        if self.events is not None:
            return np.asarray(gammaincinv(self.events + _JEFFREYS, probability) / self.years)
        return np.asarray(self.median * np.exp(self.spread * ndtri(probability)))


def rate_of(hazard: Row) -> Rate:
    """Rate of a row of the table ``hazard``; of a group, the rate of its events."""
    if is_missing(hazard["events_per_year"]):
        return Rate.counted(int(hazard["events_observed"]), float(hazard["years_observed"]))
    return Rate.stated(float(hazard["events_per_year"]), float(hazard["rate_spread"]))
