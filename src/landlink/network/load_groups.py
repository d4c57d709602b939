"""Load groups: what shares one capacity, and the delay its load brings.

The delay of a group is ``scale_h * growth(load / capacity)`` with a growth that is zero without load, convex and
non-decreasing: BPR ``a x**b`` (Bureau of Public Roads 1964) or conical (Spiess 1990, eq. 7)
``1 + sqrt(a**2 (1 - x)**2 + c**2) - a (1 - x) - c`` with ``c = (2 a - 1) / (2 a - 2)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Curve(IntEnum):
    """Shape of a delay."""

    NONE = 0
    BPR = 1
    CONICAL = 2


#: Curves by their names in tables; a capacity without a curve binds by BPR.
CURVES: Final = {"": Curve.BPR, "none": Curve.NONE, "bpr": Curve.BPR, "conical": Curve.CONICAL}


@dataclass(frozen=True)
class LoadGroups:
    """Load groups, arrays of shape (groups,).

    Attributes
    ----------
    names
        One name each: ``link:RL012``, ``terminal:dostyk``, ``crossing:torugart/road``.
    capacity
        Load at capacity: vehicles/day, or t/day of the reference good at a terminal.
    background
        Load that is not part of the demand.
    scale_h
        Hours by which the growth is multiplied.
    curve, a, b
        :class:`Curve` and its parameters.
    load_per_t
        Load of one tonne a day of the reference good (alpha).
    """

    names: tuple[str, ...]
    capacity: Floats
    background: Floats
    scale_h: Floats
    curve: Ints
    a: Floats
    b: Floats
    load_per_t: Floats

    def __len__(self) -> int:
        return len(self.names)

    def delay_h(self, load: Floats) -> Floats:
        """Delay of each group at a load of the demand, h."""
        return self.scale_h * growth(self.curve, self.a, self.b, (load + self.background) / self.capacity)

    def delay_integral(self, load: Floats) -> Floats:
        """Integral of the delay from no demand to a load, h x load."""
        upper = (load + self.background) / self.capacity
        lower = self.background / self.capacity
        area = growth_integral(self.curve, self.a, self.b, upper) - growth_integral(self.curve, self.a, self.b, lower)
        return self.scale_h * self.capacity * area


def growth(curve: Ints, a: Floats, b: Floats, x: Floats) -> Floats:
    """Relative growth at a ratio of load to capacity."""
    bpr = a * np.power(x, b)
    c, safe = conical_c(a)
    # Zero without load but for rounding, which must not leave a negative cost for shortest paths to go round.
    conical = np.maximum(1 + np.sqrt((safe * (1 - x)) ** 2 + c**2) - safe * (1 - x) - c, 0.0)
    return np.where(curve == Curve.BPR, bpr, np.where(curve == Curve.CONICAL, conical, 0.0))


def growth_integral(curve: Ints, a: Floats, b: Floats, x: Floats) -> Floats:
    """Integral of :func:`growth` from 0 to ``x``."""
    bpr = a * np.power(x, b + 1) / (b + 1)
    c, safe = conical_c(a)

    def primitive(u: Floats) -> Floats:
        # of sqrt(a^2 u^2 + c^2) in u
        return u / 2 * np.sqrt((safe * u) ** 2 + c**2) + c**2 / (2 * safe) * np.arcsinh(safe * u / c)

    conical = (1 - c) * x + primitive(np.ones_like(x)) - primitive(1 - x) - safe * (x - x**2 / 2)
    return np.where(curve == Curve.BPR, bpr, np.where(curve == Curve.CONICAL, conical, 0.0))


def conical_c(a: Floats) -> tuple[Floats, Floats]:
    """The conical curve's second constant, and its first made safe where the curve is another one."""
    safe = np.where(a > 1, a, 2.0)
    return (2 * safe - 1) / (2 * safe - 2), safe
