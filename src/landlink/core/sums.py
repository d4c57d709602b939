"""Sums whose result is bit-identical for any number of threads.

Products of arrays with ``@`` are computed by BLAS, which splits long sums over threads; these functions do not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from landlink.core.arrays import Floats


def sum_at(index: NDArray[np.signedinteger], values: Floats, size: int) -> Floats:
    """Sum the values at each index from 0 to ``size``, in their order."""
    return np.bincount(index, weights=values, minlength=size).astype(np.float64, copy=False)


def dot(a: Floats, b: Floats) -> float:
    """Dot product of two arrays of equal length, with pairwise summation."""
    return float((a * b).sum())


def weighted_rows(weights: Floats, rows: Floats) -> Floats:
    """Weighted sum of rows; shapes (n,) and (n, m) give (m,)."""
    total = np.zeros(rows.shape[1])
    for weight, row in zip(weights, rows, strict=True):
        total += weight * row
    return total
