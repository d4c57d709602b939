"""Draws of the inputs of an appraisal: distributions from a low and a high value, correlated by a Gaussian copula.

- ``triangular``: low and high are the ends, the value is the mode.
- ``lognormal``: low and high are P10 and P90.
- ``normal``: low and high are P10 and P90.
- ``uniform``: between low and high.
- ``fixed``: the value itself.

Correlated standard normals :math:`z` with the given matrix become uniforms :math:`\\Phi(z)` and these the quantiles of
each distribution (Iman & Conover 1982 reach the same rank correlation by reordering).

References
----------
R. Iman, W. Conover (1982), A distribution-free approach to inducing rank correlation among input variables,
Communications in Statistics B 11(3).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem

__all__ = ["DISTRIBUTIONS", "P90", "drawn_inputs", "one_factor", "quantile_of", "range_fault"]

DISTRIBUTIONS: Final = ("triangular", "lognormal", "normal", "uniform", "fixed")
#: Standard normal that one draw in ten exceeds.
P90: Final = 1.2815515655446004
#: Smallest eigenvalue of a correlation matrix, but for rounding.
_ROUNDING: Final = -1e-9


def range_fault(value: float, low: float, high: float, distribution: str) -> str:
    """What is wrong with the range of an input; empty if nothing is."""
    if distribution == "fixed":
        return ""
    if not low <= high:
        return "low is above high"
    if distribution == "triangular" and not low <= value <= high:
        return "the value lies outside low and high"
    if distribution == "lognormal" and not low > 0:
        return "a lognormal needs low above 0"
    return ""


def quantile_of(probability: Floats, value: float, low: float, high: float, distribution: str) -> Floats:
    """Quantiles of an input's distribution.

    Parameters
    ----------
    probability
        Probabilities, 0 to 1; any shape.
    value, low, high
        Central value and the range, see the module.
    distribution
        One of :data:`DISTRIBUTIONS`.

    Examples
    --------
    >>> quantile_of(np.array([0.0, 0.5, 1.0]), 1.0, 0.0, 2.0, "triangular").tolist()
    [0.0, 1.0, 2.0]
    >>> quantile_of(np.array([0.1, 0.5, 0.9]), 2.0, 1.0, 4.0, "lognormal").round(6).tolist()
    [1.0, 2.0, 4.0]
    """
    if distribution == "fixed" or low == high:
        return np.full_like(probability, value)
    if distribution == "uniform":
        return np.asarray(low + (high - low) * probability)
    if distribution == "triangular":
        return _triangular(probability, value, low, high)
    from scipy.special import ndtri  # noqa: PLC0415  takes a tenth of a second

    z = ndtri(probability) / P90
    if distribution == "normal":
        return np.asarray((low + high) / 2 + z * (high - low) / 2)
    return np.exp((np.log(low) + np.log(high)) / 2 + z * (np.log(high) - np.log(low)) / 2)


def _triangular(probability: Floats, mode: float, low: float, high: float) -> Floats:
    turn = (mode - low) / (high - low)
    rising = low + np.sqrt(probability * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - probability) * (high - low) * (high - mode))
    return np.where(probability < turn, rising, falling)


def one_factor(loading: Floats) -> Floats:
    """Correlation matrix of inputs that share one cause: the products of their loadings, 1 on the diagonal.

    Parameters
    ----------
    loading
        Correlation of each input with the cause, -1 to 1; shape (inputs,).

    Examples
    --------
    >>> one_factor(np.array([0.5, 0.5, 0.0])).tolist()
    [[1.0, 0.25, 0.0], [0.25, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    matrix = np.outer(loading, loading)
    np.fill_diagonal(matrix, 1.0)
    return matrix


def drawn_inputs(
    inputs: Sequence[tuple[float, float, float, str]], correlation: Floats, trials: int, seed: int
) -> Floats:
    """Draw inputs.

    Parameters
    ----------
    inputs
        Value, low, high and distribution of each.
    correlation
        Correlation of their standard normals; shape (inputs, inputs).
    trials, seed
        Number of draws, and the seed of the generator (PCG64): the same seed gives the same draws.

    Returns
    -------
    numpy.ndarray
        Shape (trials, inputs).

    Raises
    ------
    InputError
        The matrix is no correlation matrix.
    """
    from scipy.special import ndtr  # noqa: PLC0415  as above

    size = len(inputs)
    normal = np.random.Generator(np.random.PCG64(seed)).standard_normal((trials, size))
    uniform = ndtr(normal @ _root(correlation, size).T) if size else normal
    columns = [quantile_of(uniform[:, k], *one) for k, one in enumerate(inputs)]
    return np.stack(columns, axis=1) if columns else np.zeros((trials, 0))


def _root(correlation: Floats, size: int) -> Floats:
    """A matrix whose product with its transpose is the correlation matrix."""
    fits = correlation.shape == (size, size) and bool(np.isfinite(correlation).all())
    if not fits or not np.allclose(correlation, correlation.T) or not np.allclose(np.diag(correlation), 1.0):
        raise InputError(_no_correlation("a symmetric matrix of the inputs with 1 on its diagonal"))
    values, vectors = np.linalg.eigh(correlation)
    if values.min(initial=0.0) < _ROUNDING * max(1, size):
        raise InputError(_no_correlation("correlations that can hold together: no negative eigenvalue"))
    # Signs of eigenvectors are a convention of the library; the symmetric root has none.
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)) @ vectors.T)


def _no_correlation(allowed: str) -> Problem:
    return Problem("correlation", "not a correlation matrix", allowed=allowed)
