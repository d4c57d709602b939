r"""How long disturbances last: classes of a lognormal duration, and the steps in which capacity comes back.

A duration :math:`D = m e^{\sigma z}` is cut at its quantile :data:`CUT` and put into classes of probabilities
:data:`CLASSES`, each of which lasts as long as the mean of what it holds:

.. math:: E(D \mid a < z \le b) = m e^{\sigma^2/2} \frac{\Phi(b - \sigma) - \Phi(a - \sigma)}{\Phi(b) - \Phi(a)},

so that few different shocks have to be solved, and the mean of the cut distribution stays as it is.

References
----------
N. Johnson, S. Kotz and N. Balakrishnan (1994), Continuous Univariate Distributions, volume 1, chapter 14, on
truncated lognormal distributions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

__all__ = ["CLASSES", "CUT", "RecoveryStep", "duration_classes", "recovery_steps"]

#: Quantile at which durations are cut: longer ones are other events, which a study states as hazards of their own.
CUT: Final = 0.99
#: Upper ends of the classes, as probabilities of the cut distribution.
CLASSES: Final = (0.2, 0.4, 0.6, 0.8, 0.95, 1.0)
#: Steps of a gradual recovery.
_STEPS: Final = 2
#: Exponent of an exponential recovery at its end, when 5 % of what was lost is still missing.
_DECAY: Final = 3.0
#: Share of what was lost that is missing during a recovery in one step, unless the study says otherwise.
_STEP: Final = 0.5


@cache
def duration_classes(median: float, spread: float) -> tuple[float, ...]:
    """Durations that stand for a lognormal one, days: as many as :data:`CLASSES`.

    Parameters
    ----------
    median
        Median, days.
    spread
        Standard deviation of the logarithm; 0: all classes last the median.

    Examples
    --------
    >>> [round(days, 1) for days in duration_classes(10, 0.5)]
    [4.9, 7.6, 9.9, 13.0, 18.7, 27.3]
    """
    if spread == 0:
        return (median,) * len(CLASSES)
    from scipy.special import ndtr, ndtri  # noqa: PLC0415  takes a tenth of a second

    edges = [-math.inf, *(float(ndtri(CUT * one)) for one in CLASSES)]
    mean = median * math.exp(spread**2 / 2)
    return tuple(float(mean * (ndtr(b - spread) - ndtr(a - spread)) / (ndtr(b) - ndtr(a))) for a, b in pairwise(edges))


@dataclass(frozen=True, slots=True)
class RecoveryStep:
    """A part of a recovery.

    Attributes
    ----------
    days
        Its length.
    missing
        Mean share of what was lost that is not back in it.
    """

    days: float
    missing: float


@cache
def recovery_steps(days: float, course: str, missing: float = _STEP) -> tuple[RecoveryStep, ...]:
    """Steps in which capacity comes back after a disturbance; each has the mean of its part of the course.

    Parameters
    ----------
    days
        Time until capacity is whole again; 0: no steps.
    course
        Column ``recovery`` of the table ``hazard``.
    missing
        Share of what was lost that is missing in a recovery of the course ``step``.

    Examples
    --------
    >>> [(step.days, step.missing) for step in recovery_steps(30, "linear")]
    [(15.0, 0.75), (15.0, 0.25)]
    """
    if days == 0:
        return ()
    if course == "step":
        return (RecoveryStep(days, missing),)
    ends = [step / _STEPS for step in range(_STEPS + 1)]
    return tuple(RecoveryStep(days * (b - a), _mean_missing(a, b, course)) for a, b in pairwise(ends))


def _mean_missing(a: float, b: float, course: str) -> float:
    """Mean share that is missing from a part a to a part b of a recovery."""
    if course == "exponential":
        return (math.exp(-_DECAY * a) - math.exp(-_DECAY * b)) / (_DECAY * (b - a))
    return 1 - (a + b) / 2
