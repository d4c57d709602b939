"""Digits that an interval bears: a figure is not shown more exactly than it is known."""

from __future__ import annotations

import math
from typing import Final

__all__ = ["digit_place", "rounded"]

#: Leading digits of an error up to which a second one is kept.
_SECOND_DIGIT: Final = 3.55
#: Share of a figure below which the width of its interval is rounding.
_ROUNDING: Final = 1e-9


def digit_place(low: float, high: float) -> int | None:
    """Power of ten to which figures are rounded whose interval is given; ``None`` if the interval has no width.

    Half the interval is kept to two digits if these are at most 35, else to one: the rule of the Particle Data Group
    (Review of Particle Physics, introduction, "Rounding").

    Examples
    --------
    >>> digit_place(6.6, 15.0), digit_place(9.9, 12.7), digit_place(4.1e6, 9.8e6)
    (0, -1, 5)
    """
    half = (high - low) / 2
    if not (math.isfinite(half) and half > _ROUNDING * max(abs(low), abs(high))):
        return None
    power = math.floor(math.log10(half))
    return power - 1 if half / 10.0**power < _SECOND_DIGIT else power


def rounded(value: float, place: int | None) -> float:
    """Round a figure to a power of ten.

    Examples
    --------
    >>> rounded(11.34, -1), rounded(123456.0, 4)
    (11.3, 120000.0)
    """
    return value if place is None or not math.isfinite(value) else round(value, -place)
