"""Fit of a delay curve: the convex, non-decreasing curve closest to simulated waits.

The curve is a sum of hinges ``slope_k * max(0, load - knot_k)`` with non-negative slopes, and each direction has its
own hours without load: non-negative least squares (Lawson and Hanson 1974, chapter 23). Beyond the last simulated load
the curve continues as an oversaturated queue: over a horizon ``T`` that starts empty the mean wait is
``T / 2 * (load / capacity - 1)`` (Kimber and Hollis 1979).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.border.transit_times import HORIZON_H
from landlink.core.arrays import Floats

__all__ = ["WaitCurve", "fit_waits"]

#: Least relative error assumed of simulated means, so that loads with little noise do not dominate the fit.
TRUST: Final = 0.02
#: Last point of the curve, as a multiple of capacity; its last slope continues.
END: Final = 3.0


@dataclass(frozen=True)
class WaitCurve:
    """Delay by load: piecewise linear, convex, non-decreasing, 0 without load.

    Attributes
    ----------
    load
        Vehicles per day, weighted as at the bottleneck, ascending from 0, shape (points,).
    wait_h
        Hours, shape (points,).
    """

    load: Floats
    wait_h: Floats

    def at(self, load: float) -> float:
        """Compute the hours at a load; the last slope continues."""
        if load >= self.load[-1]:
            slope = (self.wait_h[-1] - self.wait_h[-2]) / (self.load[-1] - self.load[-2])
            return float(self.wait_h[-1] + slope * (load - self.load[-1]))
        return float(np.interp(load, self.load, self.wait_h))


def fit_waits(load: Floats, mean_h: Floats, error_h: Floats, capacity: float) -> tuple[Floats, WaitCurve]:
    """Fit hours without load by direction, and a common delay curve.

    Parameters
    ----------
    load
        Simulated loads, ascending, shape (loads,).
    mean_h, error_h
        Mean hours and their standard errors, shape (loads, directions); NaN where no vehicle arrived.
    capacity
        Load at which the bottleneck is always busy; if infinite, the curve is 0.

    Returns
    -------
    offset_h
        Hours without load, shape (directions,).
    curve
        Delay by load.
    """
    from scipy.optimize import nnls  # noqa: PLC0415  slow to import

    ways = mean_h.shape[1]
    knots = np.append(0.0, load[:-1]) if np.isfinite(capacity) else np.zeros(0)
    hinges = np.maximum(0.0, load[:, None] - knots)
    rows, targets = [], []
    for way in range(ways):
        known = ~np.isnan(mean_h[:, way])
        error = np.maximum(np.nan_to_num(error_h[known, way]), TRUST * mean_h[known, way])
        weight = 1.0 / np.maximum(error, 1e-9)
        own = np.zeros((int(known.sum()), ways))
        own[:, way] = 1.0
        rows.append(np.column_stack([own, hinges[known]]) * weight[:, None])
        targets.append(mean_h[known, way] * weight)
    matrix = np.concatenate(rows)
    # Scale the columns, so that hours and hours per vehicle are solved equally well.
    size = np.maximum(np.abs(matrix).max(axis=0, initial=0.0), 1e-300)
    found = nnls(matrix / size, np.concatenate(targets), maxiter=100 * matrix.shape[1])[0] / size
    return found[:ways], _curve(load, knots, found[ways:], capacity)


def _curve(load: Floats, knots: Floats, slopes: Floats, capacity: float) -> WaitCurve:
    if not np.isfinite(capacity):
        return WaitCurve(np.array([0.0, 1.0]), np.zeros(2))
    x = np.append(knots, load[-1])
    y = np.maximum(0.0, x[:, None] - knots) @ slopes
    beyond = max(float(slopes.sum()), 0.5 * HORIZON_H / capacity)
    end = max(END * capacity, 2.0 * float(load[-1]))
    return WaitCurve(np.append(x, end), np.append(y, y[-1] + beyond * (end - x[-1])))
