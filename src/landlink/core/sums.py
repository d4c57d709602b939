"""Sums whose bytes do not depend on the number of threads.

Products of arrays with ``@`` go to a BLAS, which splits long sums over the threads it finds; these do not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from landlink.core.arrays import Floats


def sum_at(index: NDArray[np.int64], values: Floats, size: int) -> Floats:
    """Sum of the values at each index from 0 to ``size``, added in their order."""
    return np.bincount(index, weights=values, minlength=size).astype(np.float64, copy=False)


def dot(a: Floats, b: Floats) -> float:
    """Sum of products of two arrays of one length, added pairwise."""
    return float((a * b).sum())


def weighted_rows(weights: Floats, rows: Floats) -> Floats:
    """Sum of rows, each times its weight; shapes (n,) and (n, m) give (m,)."""
    total = np.zeros(rows.shape[1])
    for weight, row in zip(weights, rows, strict=True):
        total += weight * row
    return total
