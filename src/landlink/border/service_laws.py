"""Laws of service times fitted by maximum likelihood, with right-censored times and a test of the fit.

A service that had not ended when the log was cut off is longer than what was seen of it: it counts in the likelihood by
the probability of that (Kaplan and Meier 1958; Lawless 2003, chapter 2). The fit is tested by the statistic of Anderson
and Darling (1954) with a parametric bootstrap, since parameters estimated from the same data change its distribution
(Stute, Gonzales Manteiga and Presedo Quindimil 1993).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from landlink.core.arrays import Floats

__all__ = ["FITTED_LAWS", "Law", "anderson_darling", "fit_law", "fits_of_laws", "frozen_law", "law_p_value"]

#: Laws that are fitted: those of the simulator that services of no fixed length have.
FITTED_LAWS: Final = ("exponential", "gamma", "lognormal")
#: Steps of Newton's method for the shape of a gamma law, which converges in a few.
_STEPS: Final = 50
_SMALLEST: Final = 1e-12


@dataclass(frozen=True)
class Law:
    """A fitted law.

    Attributes
    ----------
    name
        One of :data:`FITTED_LAWS`.
    mean_h, cv
        Mean and coefficient of variation.
    log_likelihood
        Of the times it was fitted to.
    """

    name: str
    mean_h: float
    cv: float
    log_likelihood: float

    @property
    def aic(self) -> float:
        """Information criterion of Akaike (1974): twice the parameters less twice the log-likelihood."""
        return 2.0 * (1 if self.name == "exponential" else 2) - 2.0 * self.log_likelihood

    def cdf(self, hours: Floats) -> Floats:
        """Probability of a shorter time."""
        return np.asarray(frozen_law(self.name, self.mean_h, self.cv).cdf(hours))

    def sample(self, size: int, random: np.random.Generator) -> Floats:
        """Draw times."""
        return np.asarray(frozen_law(self.name, self.mean_h, self.cv).rvs(size, random_state=random))


def frozen_law(name: str, mean: float, cv: float) -> Any:
    """A law of scipy with a mean and a coefficient of variation."""
    from scipy import stats  # noqa: PLC0415  slow to import

    if name == "exponential":
        return stats.expon(scale=mean)
    if name == "gamma":
        return stats.gamma(1.0 / cv**2, scale=mean * cv**2)
    variance = np.log1p(cv**2)
    return stats.lognorm(np.sqrt(variance), scale=mean * np.exp(-variance / 2.0))


def fit_law(name: str, hours: Floats, cut_off_h: Floats | None = None) -> Law:
    """Fit a law by maximum likelihood.

    Parameters
    ----------
    name
        One of :data:`FITTED_LAWS`.
    hours
        Times of services that ended, above 0, not all the same.
    cut_off_h
        Times so far of services that had not ended; none by default.
    """
    cut = np.zeros(0) if cut_off_h is None else cut_off_h
    if name == "exponential":
        mean, cv = float((hours.sum() + cut.sum()) / len(hours)), 1.0
    elif len(cut):
        mean, cv = _with_cut_off(name, hours, cut)
    elif name == "gamma":
        mean, cv = float(hours.mean()), float(1.0 / np.sqrt(_gamma_shape(hours)))
    else:
        mean, cv = _moments_of_logs(float(np.log(hours).mean()), float(np.log(hours).var()))
    law = frozen_law(name, mean, cv)
    return Law(name, mean, cv, float(law.logpdf(hours).sum() + law.logsf(cut).sum()))


def _moments_of_logs(mean_log: float, variance: float) -> tuple[float, float]:
    """Mean and coefficient of variation of a lognormal law."""
    return float(np.exp(mean_log + variance / 2.0)), float(np.sqrt(np.expm1(variance)))


def _gamma_shape(hours: Floats) -> float:
    """Shape of a gamma law: the root of ``log k - digamma(k) = log(mean) - mean(log)`` (Minka 2002, eq. 10)."""
    from scipy.special import digamma, polygamma  # noqa: PLC0415  slow to import

    s = max(float(np.log(hours.mean()) - np.log(hours).mean()), _SMALLEST)
    k = (3.0 - s + np.sqrt((s - 3.0) ** 2 + 24.0 * s)) / (12.0 * s)
    for _ in range(_STEPS):
        step = (np.log(k) - digamma(k) - s) / (1.0 / k - float(polygamma(1, k)))
        new = k - step
        new = k / 2.0 if new <= 0 else new
        if abs(new - k) < 1e-12 * k:
            break
        k = new
    return float(k)


def _with_cut_off(name: str, hours: Floats, cut: Floats) -> tuple[float, float]:
    """Mean and coefficient of variation with right-censored times."""
    from scipy.optimize import minimize  # noqa: PLC0415  slow to import

    start = np.log([(hours.sum() + cut.sum()) / len(hours), max(float(hours.std() / hours.mean()), 0.05)])

    def minus(point: Floats) -> float:
        mean, cv = np.exp(np.clip(point, -12.0, 12.0))
        law = frozen_law(name, float(mean), float(cv))
        value = -float(law.logpdf(hours).sum() + law.logsf(cut).sum())
        return value if np.isfinite(value) else 1e12

    found = minimize(minus, start, method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-9, "maxiter": 2000})
    mean, cv = np.exp(found.x)
    return float(mean), float(cv)


def fits_of_laws(hours: Floats, cut_off_h: Floats | None = None) -> list[Law]:
    """Fit all laws; the best by :attr:`Law.aic` comes first."""
    return sorted((fit_law(name, hours, cut_off_h) for name in FITTED_LAWS), key=lambda law: law.aic)


def anderson_darling(law: Law, hours: Floats) -> float:
    """Statistic of Anderson and Darling (1954) of times against a law."""
    p = np.clip(law.cdf(np.sort(hours)), _SMALLEST, 1.0 - _SMALLEST)
    n = len(p)
    weight = (2.0 * np.arange(1, n + 1) - 1.0) / n
    return float(-n - (weight * (np.log(p) + np.log1p(-p[::-1]))).sum())


def law_p_value(law: Law, hours: Floats, *, samples: int, seed: int) -> float:
    """Probability of a fit as poor as this, if the law were right: parametric bootstrap with parameters refitted."""
    random = np.random.default_rng(seed)
    seen = anderson_darling(law, hours)
    worse = 0
    for _ in range(samples):
        drawn = np.maximum(law.sample(len(hours), random), _SMALLEST)
        worse += anderson_darling(fit_law(law.name, drawn), drawn) >= seen
    return (1 + worse) / (1 + samples)
