"""The test of a clause that names a trend and no number: whether an indicator has moved the way the clause says."""

from __future__ import annotations

import math
from typing import Final, Literal

__all__ = ["MOVEMENTS", "TRENDS", "Movement", "moved"]

#: What a clause without a number may want of an indicator.
TRENDS: Final = ("increase", "decrease")

Movement = Literal["right_way", "wrong_way", "no_change"]
#: What such a test can say. None of it means that a commitment is kept: there is no number that would.
MOVEMENTS: Final[tuple[Movement, ...]] = ("right_way", "wrong_way", "no_change")

#: Share of the baseline below which nothing has moved, unless the target states a tolerance: rounding of published
#: figures, and the gap at which an equilibrium is accepted.
STILL: Final = 0.001


def moved(trend: str, baseline: float, value: float, bound: str = "value", still: float = STILL) -> Movement | None:
    """Compare a value with the baseline from which it was to move.

    Parameters
    ----------
    trend
        ``increase`` or ``decrease``.
    baseline
        The value at the outset.
    value
        The value now, in the same unit.
    bound
        ``value``; ``lower`` or ``upper`` if the value is a bound of the true one.
    still
        Change, as a share of the baseline, up to which nothing has moved.

    Returns
    -------
    str or None
        ``right_way``, ``wrong_way`` or ``no_change``; None where only a bound is known and the truth may lie on
        either side, or where one of the values is missing.

    Examples
    --------
    >>> moved("increase", 200.0, 260.0), moved("decrease", 200.0, 260.0), moved("increase", 200.0, 200.1)
    ('right_way', 'wrong_way', 'no_change')
    >>> moved("increase", 200.0, 180.0, "lower") is None
    True
    """
    if not (math.isfinite(baseline) and math.isfinite(value)):
        return None
    leeway = still * abs(baseline)
    change = value - baseline
    if abs(change) <= leeway:
        return "no_change" if bound == "value" else None
    if (bound == "lower" and change < 0) or (bound == "upper" and change > 0):
        return None
    return "right_way" if (change > 0) == (trend == "increase") else "wrong_way"
