"""Kernels of sums that lose nothing to cancellation."""

from __future__ import annotations

from typing import Any

from landlink.core.jit import kernel


@kernel
def add_exactly(index: Any, values: Any, sign: float, high: Any, low: Any) -> None:
    """Add values to sums held as two numbers each, ``high + low``, without rounding errors of the first order.

    Every addition is split into its result and its rounding error (Knuth 1997, section 4.2.2, theorem B), and the
    errors are added up as well: 106 bits instead of 53.

    Parameters
    ----------
    index
        Sum that each value belongs to; shape (values,).
    values
        Terms.
    sign
        1 to add, -1 to subtract.
    high, low
        Changed: the sums; shape (sums,).
    """
    for i in range(len(values)):
        term, slot = sign * values[i], index[i]
        total = high[slot] + term
        rest = total - high[slot]
        low[slot] += (high[slot] - (total - rest)) + (term - rest)
        high[slot] = total
