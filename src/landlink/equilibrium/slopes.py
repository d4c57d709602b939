"""Derivatives of delays by load."""

from __future__ import annotations

from typing import Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.equilibrium.volume_delay import DelayFunction, VolumeDelay, conical_c

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
    capacity = groups.capacity
    if groups.has_ceilings:
        capacity = np.where(total > groups.ceiling.load, groups.ceiling.capacity, capacity)
    x = np.maximum(total, 0.0) / capacity
    slope = np.zeros(len(groups))
    bpr = (groups.curve == DelayFunction.BPR) & (groups.b > 0)
    base = np.where(groups.b[bpr] < 1, np.maximum(x[bpr], STEEPEST), x[bpr])
    slope[bpr] = groups.a[bpr] * groups.b[bpr] * np.power(base, groups.b[bpr] - 1)
    conical = groups.curve == DelayFunction.CONICAL
    c, a = conical_c(groups.a[conical])
    left = 1 - x[conical]
    slope[conical] = a - a**2 * left / np.sqrt((a * left) ** 2 + c**2)
    by_points = np.flatnonzero(groups.curve == DelayFunction.POINTS)
    slope[by_points] = groups.points.slope(by_points, x[by_points])
    hard_capacity = groups.hard_capacity
    rising = (hard_capacity.penalty > 0) & (
        hard_capacity.price
        + hard_capacity.penalty * np.where(hard_capacity.penalty > 0, total - hard_capacity.limit, 0)
        >= 0
    )
    return np.asarray(groups.scale_h * slope / capacity + np.where(rising, hard_capacity.penalty, 0.0))
