"""Motion of a vehicle along a road or line: resistance, grades, and the speed that its power allows.

Grades of a stretch are described by their mean and their spread (a normal distribution along the way), so that the work
of traction and of braking have closed forms: a vehicle that climbs and descends does not get back what it brakes away.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.core.arrays import Floats

__all__ = ["GRAVITY", "Resistance", "air_density", "air_share", "limited_speed", "mean_excess", "mean_speed"]

#: Standard gravity, m/s2.
GRAVITY: Final = 9.80665
#: Density of air at sea level in the standard atmosphere (ISO 2533:1975), kg/m3.
SEA_LEVEL_DENSITY: Final = 1.225
#: Mean of the upper half of a standard normal distribution.
HALF_MEAN: Final = math.sqrt(2.0 / math.pi)
#: Spread below which grades are all alike.
_NO_SPREAD: Final = 1e-12
#: Newton steps: from above, the root of a convex function is reached to machine precision in fewer.
_STEPS: Final = 12
#: Least speed that a climb is driven at, m/s: a vehicle that could not climb it at all would not be there.
_LEAST_SPEED: Final = 1.0


@dataclass(frozen=True, slots=True)
class Resistance:
    """Resistance to motion on the level, N: ``constant + linear * v + square * v**2`` with v in m/s."""

    constant: Floats
    linear: Floats
    square: Floats

    def at(self, speed: Floats) -> Floats:
        """Resistance at a speed in m/s, N."""
        return self.constant + (self.linear + self.square * speed) * speed


def air_share(altitude_m: Floats) -> Floats:
    """Density of air at an elevation, relative to sea level: standard atmosphere, ISO 2533:1975, up to 11 km.

    Examples
    --------
    >>> float(air_share(np.array(3000.0)).round(3))
    0.742
    """
    return np.asarray((1 - 2.25577e-5 * np.asarray(altitude_m)) ** 4.25588)


def air_density(altitude_m: Floats) -> Floats:
    """Density of air at an elevation, kg/m3."""
    return SEA_LEVEL_DENSITY * air_share(altitude_m)


def mean_excess(level: Floats, spread: Floats) -> Floats:
    """Mean of what a normal variable is above zero: ``E[max(level + spread * Z, 0)]``.

    With the resistance relative to the weight plus the mean grade as level and the spread of grades, it is the traction
    relative to the weight; with the signs turned, the braking.

    Examples
    --------
    >>> mean_excess(np.array([0.01, -0.01, 0.0]), np.array([0.0, 0.0, 0.01])).round(5).tolist()
    [0.01, 0.0, 0.00399]
    """
    from scipy.special import ndtr  # noqa: PLC0415  takes a while to load

    width = np.maximum(spread, _NO_SPREAD)
    far = np.clip(level / width, -40.0, 40.0)
    density = np.exp(-0.5 * far**2) / math.sqrt(2.0 * math.pi)
    return np.asarray(np.maximum(level * ndtr(far) + width * density, 0.0))


def limited_speed(resistance: Resistance, weight_n: Floats, grade: Floats, power_w: Floats, speed: Floats) -> Floats:
    """Speed on a constant grade, m/s: the speed wanted, or less where the power does not suffice.

    The root of ``(resistance(v) + weight * grade) v = power`` by Newton's method from above, where the function is
    convex.
    """
    force = resistance.constant + weight_n * grade
    found = np.asarray(np.broadcast_to(speed, np.broadcast_shapes(*map(np.shape, (speed, force, power_w)))))
    needed = (force + (resistance.linear + resistance.square * found) * found) * found
    if not np.any(needed > power_w):
        return found
    for _ in range(_STEPS):
        excess = (force + (resistance.linear + resistance.square * found) * found) * found - power_w
        slope = force + (2 * resistance.linear + 3 * resistance.square * found) * found
        found = np.where(excess > 0, found - excess / np.where(excess > 0, slope, 1.0), found)
    return np.maximum(found, np.minimum(_LEAST_SPEED, speed))


def mean_speed(
    resistance: Resistance, weight_n: Floats, grade: Floats, spread: Floats, power_w: Floats, speed: Floats
) -> Floats:
    """Mean speed over a stretch, m/s: half of it on the mean grade of its steeper half, half on that of the other."""
    up, down = (
        limited_speed(resistance, weight_n, grade + sign * HALF_MEAN * spread, power_w, speed) for sign in (1.0, -1.0)
    )
    return np.asarray(2.0 / (1.0 / up + 1.0 / down))
