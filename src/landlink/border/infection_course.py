"""Course of an infection from person to person: when infectiousness begins and ends, as a distribution on a grid.

The incubation period is lognormal, the duration of infectiousness has a gamma distribution, and the two are
independent. Both are represented by their quantiles at evenly spaced scores of the normal distribution, weighted by its
density: the trapezoidal rule. No number is drawn. The error of entries is below a hundredth of a day, which closed
forms confirm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.core.arrays import Floats

__all__ = ["Course", "course_of"]

#: Farthest normal score: beyond it are six persons in 100,000.
FARTHEST: Final = 4.0
#: Distance between scores if both times vary, and if one does.
SPACING: Final = 0.25
FINE: Final = 0.04


@dataclass(frozen=True, eq=False)
class Course:
    """Infectious times of persons, for each draw of the parameters.

    Attributes
    ----------
    begins, ends
        Days since infection from which and until which a person is infectious, shape (draws, persons).
    weight
        Share of each person, shape (persons,); the sum is 1.
    """

    begins: Floats
    ends: Floats
    weight: Floats

    def mean(self, values: Floats) -> Floats:
        """Average a quantity over the persons, shape (draws, persons) to (draws,)."""
        return np.asarray((values * self.weight).sum(axis=1))


def course_of(
    incubation_days: Floats, incubation_cv: Floats, before_onset_days: Floats, infectious_days: Floats,
    infectious_cv: Floats,
) -> Course:  # fmt: skip
    """Combine incubation and duration of infectiousness; all arguments have the shape (draws,).

    Parameters
    ----------
    incubation_days, incubation_cv
        Mean and coefficient of variation of the incubation period; 0: the same for all persons.
    before_onset_days
        Days before onset at which infectiousness begins, but not before infection.
    infectious_days, infectious_cv
        Mean and coefficient of variation of the duration of infectiousness; 0: the same for all persons.
    """
    spacing = SPACING if incubation_cv.any() and infectious_cv.any() else FINE
    incubation, incubation_weight = _lognormal(incubation_days, incubation_cv, spacing)
    lasts, lasts_weight = _gamma(infectious_days, infectious_cv, spacing)
    begins = np.maximum(0.0, incubation - before_onset_days[:, None])[:, :, None]
    ends = begins + lasts[:, None, :]
    weight = incubation_weight[:, None] * lasts_weight
    persons = (len(incubation_days), weight.size)
    return Course(np.broadcast_to(begins, ends.shape).reshape(persons), ends.reshape(persons), weight.ravel())


def _scores(cv: Floats, spacing: float) -> tuple[Floats, Floats]:
    """Choose normal scores and their weights: one score of 0 where nothing varies."""
    if not cv.any():
        return np.zeros(1), np.ones(1)
    number = round(FARTHEST / spacing)
    score: Floats = spacing * np.arange(-number, number + 1, dtype=np.float64)
    density = np.exp(-0.5 * score * score)
    return score, np.asarray(density / density.sum(), dtype=np.float64)


def _lognormal(mean: Floats, cv: Floats, spacing: float) -> tuple[Floats, Floats]:
    score, weight = _scores(cv, spacing)
    variance = np.log1p(cv * cv)[:, None]
    return np.asarray(mean[:, None] * np.exp(np.sqrt(variance) * score - 0.5 * variance)), weight


def _gamma(mean: Floats, cv: Floats, spacing: float) -> tuple[Floats, Floats]:
    score, weight = _scores(cv, spacing)
    if len(score) == 1:
        return mean[:, None], weight
    from scipy.special import gammainccinv, gammaincinv, ndtr  # noqa: PLC0415  slow to import

    # Draws without variation among others with it are taken as nearly constant.
    square = np.maximum(cv, 1e-3)[:, None] ** 2
    low, high = gammaincinv(1.0 / square, ndtr(score)), gammainccinv(1.0 / square, ndtr(-score))
    return np.asarray(mean[:, None] * square * np.where(score < 0.0, low, high)), weight
