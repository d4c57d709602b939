"""Decimal numbers as text, as the iLEAP and PACT data models demand: never a float, never an exponent."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final

__all__ = ["decimal", "decimal_text", "shares", "total"]

#: Significant digits that are written: more than any input bears, and few enough for sums to stay readable.
DIGITS: Final = 9
_ROUND: Final = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN)
#: Sums and products of rounded figures are exact within this precision.
_EXACT: Final = Context(prec=60)


def decimal(value: float) -> Decimal:
    """Round a number to nine significant digits.

    Raises
    ------
    ValueError
        The number is not finite.

    Examples
    --------
    >>> decimal(0.1 + 0.2)
    Decimal('0.3')
    """
    if not math.isfinite(value):
        raise ValueError(f"{value} has no decimal form")
    return _ROUND.create_decimal(repr(float(value))).normalize(_EXACT)


def total(values: Iterable[Decimal]) -> Decimal:
    """Add decimals without rounding: to 60 digits.

    Examples
    --------
    >>> total(map(Decimal, ["1e20", "0.00000001"]))
    Decimal('100000000000000000000.00000001')
    """
    found = Decimal(0)
    for value in values:
        found = _EXACT.add(found, value)
    return found


def decimal_text(value: Decimal | float) -> str:
    """Write a number in plain digits: no exponent, no trailing zeros, and no sign before a zero.

    A float is rounded to nine significant digits; a :class:`~decimal.Decimal` is written whole.

    Raises
    ------
    ValueError
        The number is not finite.

    Examples
    --------
    >>> decimal_text(1e-7), decimal_text(12_000_000.0), decimal_text(-0.0), decimal_text(161.0)
    ('0.0000001', '12000000', '0', '161')
    """
    number = value if isinstance(value, Decimal) else decimal(value)
    if not number.is_finite():
        raise ValueError(f"{number} has no decimal form")
    text = format(number.normalize(_EXACT), "f")
    return "0" if number == 0 else text


def shares(parts: Sequence[float]) -> list[Decimal]:
    """Divide one by the sizes of parts; the decimals add to exactly 1, of which the largest part takes what is left.

    Parameters
    ----------
    parts
        Sizes, none negative, at least one above zero.

    Raises
    ------
    ValueError
        No part is above zero, or one is negative.

    Examples
    --------
    >>> [str(share) for share in shares([1.0, 1.0, 1.0])]
    ['0.333333334', '0.333333333', '0.333333333']
    """
    whole = math.fsum(parts)
    if not whole > 0 or min(parts) < 0:
        raise ValueError("shares need parts of which none is negative and one is above zero")
    found = [decimal(part / whole) for part in parts]
    largest = max(range(len(parts)), key=lambda place: (parts[place], -place))
    rest = total(share for place, share in enumerate(found) if place != largest)
    found[largest] = _EXACT.subtract(Decimal(1), rest)
    return found
