"""Derivatives of delays by load."""

from __future__ import annotations

from typing import Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.equilibrium.volume_delay import DelayFunction, Points, VolumeDelay, conical_c

#: Ratio of load to capacity below which the slope for a power below 1 is held constant, since it is infinite at zero.
STEEPEST: Final = 1e-4


def delay_slopes(groups: VolumeDelay, load: Floats) -> Floats:
    """Derivative of :meth:`VolumeDelay.delay_h`, h per unit of load; the right derivative at kinks.

    Parameters
    ----------
    groups
        Load groups.
    load
        Load from the demand, shape (groups,).
    """
    total = load + groups.background
    x = np.maximum(total, 0.0) / groups.capacity
    slope = np.zeros(len(groups))
    bpr = (groups.curve == DelayFunction.BPR) & (groups.b > 0)
    base = np.where(groups.b[bpr] < 1, np.maximum(x[bpr], STEEPEST), x[bpr])
    slope[bpr] = groups.a[bpr] * groups.b[bpr] * np.power(base, groups.b[bpr] - 1)
    conical = groups.curve == DelayFunction.CONICAL
    c, a = conical_c(groups.a[conical])
    left = 1 - x[conical]
    slope[conical] = a - a**2 * left / np.sqrt((a * left) ** 2 + c**2)
    for g in np.flatnonzero(groups.curve == DelayFunction.POINTS):
        slope[g] = _piece_slope(groups.points, int(g), float(x[g]))
    hard_capacity = groups.hard_capacity
    rising = (hard_capacity.penalty > 0) & (
        hard_capacity.price
        + hard_capacity.penalty * np.where(hard_capacity.penalty > 0, total - hard_capacity.limit, 0)
        >= 0
    )
    return np.asarray(groups.scale_h * slope / groups.capacity + np.where(rising, hard_capacity.penalty, 0.0))


def _piece_slope(points: Points, g: int, x: float) -> float:
    begin, end = int(points.first[g]), int(points.first[g + 1])
    piece = int(np.clip(np.searchsorted(points.x[begin:end], x, side="right") - 1, 0, end - begin - 2)) + begin
    return float((points.y[piece + 1] - points.y[piece]) / (points.x[piece + 1] - points.x[piece]))
