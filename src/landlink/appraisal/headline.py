"""The figure that every face shows of a quantity: the median of the draws, or the central one, in borne digits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from landlink.ensemble.digits import digit_place, rounded

__all__ = ["DIGITS", "Ends", "Headline", "headline_of", "last_place", "paid_back_in", "shown_figure"]

#: Most digits of a figure: draws of the inputs do not know how far the model itself is off.
DIGITS: Final = 2
#: P10, P50 and P90 of a quantity; NaN without draws.
Ends = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure to quote.

    Attributes
    ----------
    value
        The median of the draws where there are any, else the value at the central inputs.
    low, high
        P10 and P90; NaN without draws.
    kind
        Which of the two it is.
    """

    value: float
    low: float
    high: float
    kind: Literal["median", "central"]


def headline_of(value: float, ends: Ends) -> Headline:
    """The figure to quote of a quantity with its value at the central inputs and its percentiles.

    Examples
    --------
    >>> headline_of(-0.86, (-2.3, -1.4, -0.6)).value, headline_of(-0.86, (math.nan,) * 3).kind
    (-1.4, 'central')
    """
    low, median, high = ends
    known = math.isfinite(median)
    return Headline(median if known else value, low, high, "median" if known else "central")


def last_place(value: float, ends: Ends) -> int | None:
    """Power of ten of the last digit that a figure is shown with.

    Two digits where the interval is not known, and no more where it is: half of it bears the rest
    (:func:`landlink.ensemble.digits.digit_place`).

    Examples
    --------
    >>> last_place(1234.0, (900.0, 1200.0, 1600.0)), last_place(1234.0, (math.nan,) * 3)
    (2, 2)
    >>> last_place(1234.0, (1231.0, 1234.0, 1238.0)), last_place(1234.0, (-4000.0, 1234.0, 9000.0))
    (2, 3)
    """
    place = digit_place(ends[0], ends[2])
    size = abs(value) if place is None else max(abs(ends[0]), abs(ends[2]))
    if not (math.isfinite(size) and size):
        return None
    borne = math.floor(math.log10(size)) - DIGITS + 1
    return borne if place is None else max(borne, place)


def shown_figure(quantity: str, value: float, ends: Ends) -> str:
    """The figure to quote of a quantity of the table ``summary``, in the digits that its interval bears.

    Examples
    --------
    >>> shown_figure("npv_usd", 1234567.0, (0.9e6, 1.2e6, 1.6e6))
    '1200000'
    >>> shown_figure("npv_usd", -1234567.0, (math.nan, math.nan, math.nan))
    '-1200000'
    """
    found = headline_of(value, ends)
    if not math.isfinite(found.value):
        return "none"
    if quantity == "payback_year":
        return f"{paid_back_in(found.value):d}"
    place = last_place(found.value, ends)
    return f"{rounded(found.value, place):.{max(0, -(place or 0))}f}"


def paid_back_in(payback_year: float) -> int:
    """Calendar year by whose end a project is paid back: amounts fall due at the end of their year.

    Examples
    --------
    >>> paid_back_in(2047.3), paid_back_in(2047.0)
    (2047, 2046)
    """
    return math.ceil(payback_year) - 1
