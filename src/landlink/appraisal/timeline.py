"""From a few solved years to every year of an appraisal.

Between two solved years amounts are linear. Before the first solved year, from the opening on, they are those of the
first; beyond the last they grow at a stated rate, or stand still. Nothing counts before the opening.
"""

from __future__ import annotations

import numpy as np

from landlink.core.arrays import Floats, Ints

__all__ = ["growth_beyond", "linear_path", "weights_of_years"]


def weights_of_years(solved: Ints, years: Ints, opening: int) -> Floats:
    """Weight of each solved year in each year; amounts of solved years times these are amounts of all years.

    Parameters
    ----------
    solved
        Solved years, ascending; shape (solved,).
    years
        All years, ascending; shape (years,).
    opening
        First year that counts.

    Returns
    -------
    numpy.ndarray
        Shape (solved, years).

    Examples
    --------
    >>> weights_of_years(np.array([2030, 2032]), np.arange(2028, 2034), 2029).tolist()
    [[0.0, 1.0, 1.0, 0.5, 0.0, 0.0], [0.0, 0.0, 0.0, 0.5, 1.0, 1.0]]
    """
    weights = np.array([np.interp(years, solved, row) for row in np.eye(len(solved))])
    return np.where(years >= opening, weights, 0.0)


def growth_beyond(last: int, years: Ints, rate: Floats) -> Floats:
    """Growth from the last solved year on; 1 up to it.

    Parameters
    ----------
    last
        The last solved year.
    years
        Shape (years,).
    rate
        Growth a year, 0.01 for one per cent; shape (draws,).

    Returns
    -------
    numpy.ndarray
        Shape (draws, years).

    Examples
    --------
    >>> growth_beyond(2030, np.array([2029, 2030, 2031, 2032]), np.array([0.1])).round(2).tolist()
    [[1.0, 1.0, 1.1, 1.21]]
    """
    beyond = np.maximum(years - last, 0)
    return np.exp(np.log1p(rate)[:, None] * beyond)


def linear_path(known: Ints, values: Floats, years: Ints) -> Floats:
    """A path through values of some years: linear between them, held before the first and beyond the last.

    Examples
    --------
    >>> linear_path(np.array([2030, 2020]), np.array([60.0, 40.0]), np.array([2010, 2025, 2040])).tolist()
    [40.0, 50.0, 60.0]
    """
    order = np.argsort(known)
    return np.asarray(np.interp(years, known[order], values[order]))
