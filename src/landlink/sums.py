"""Sums by index, the one reduction that most accounts need."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def sum_at(index: NDArray[np.int64], values: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Sum of the values at each index from 0 to ``size``, added in their order, so the same bytes every time."""
    return np.bincount(index, weights=values, minlength=size).astype(np.float64, copy=False)
