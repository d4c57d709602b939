"""Delay of one load group and its slope, for kernels; :mod:`landlink.network.load_groups` says the same for arrays."""

from __future__ import annotations

import math
from typing import Any

from numba import njit


@njit(cache=True, nogil=True, inline="always")
def _power(x: float, exponent: float) -> float:
    """``x ** exponent``; BPR's usual power of 4 asks for a cube, which multiplication gives several times faster."""
    if exponent == 3.0:
        return x * x * x
    return x**exponent if x > 0.0 else 0.0


@njit(cache=True, nogil=True, inline="always")
def delay_and_slope(curve: int, a: float, b: float, scale_h: float, capacity: float, load: float) -> Any:
    """Delay in h and its derivative by load, at a load that includes the background."""
    x = max(load, 0.0) / capacity
    if curve == 1:
        if b == 0.0:
            return scale_h * a, 0.0
        power = a * _power(x, b - 1.0)
        return scale_h * power * x, scale_h * power * b / capacity
    if curve == 2:
        c = (2.0 * a - 1.0) / (2.0 * a - 2.0)
        root = math.sqrt((a * (1.0 - x)) ** 2 + c * c)
        return scale_h * (1.0 + root - a * (1.0 - x) - c), scale_h * (a - a * a * (1.0 - x) / root) / capacity
    return 0.0, 0.0
