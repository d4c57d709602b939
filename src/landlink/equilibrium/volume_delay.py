"""Load groups, whose members share one capacity, and their volume-delay functions.

The delay of a group is ``scale_h * growth(load / capacity)`` with a growth that is zero without load and
non-decreasing: BPR ``a x**b`` (Bureau of Public Roads 1964), conical (Spiess 1990, eq. 7)
``1 + sqrt(a**2 (1 - x)**2 + c**2) - a (1 - x) - c`` with ``c = (2 a - 1) / (2 a - 2)``, or straight lines through
points. A hard capacity adds a wait, ``max(0, price + penalty * (load - limit))``: a multiplier and the
quadratic penalty of an augmented Lagrangian (Larsson and Patriksson 1995). A ceiling bounds what a loss of capacity
adds to a delay (:mod:`landlink.equilibrium.lost_capacity`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import Final

import numpy as np

from landlink.core.arrays import Floats, Ints


class DelayFunction(IntEnum):
    """Shape of a delay."""

    NONE = 0
    BPR = 1
    CONICAL = 2
    POINTS = 3


#: Parameters of curves whose row gives none: the usual factor and exponent of BPR, and the factor of conical curves.
DEFAULT_A: Final = 0.15
DEFAULT_B: Final = 4.0
DEFAULT_CONICAL_A: Final = 4.0

#: Relative decrease of slopes between points that is regarded as rounding.
STRAIGHT: Final = 1e-9

#: Curves by their names in tables; the default is BPR.
CURVES: Final = {
    "": DelayFunction.BPR,
    "none": DelayFunction.NONE,
    "bpr": DelayFunction.BPR,
    "conical": DelayFunction.CONICAL,
}


@dataclass(frozen=True)
class Points:
    """Piecewise linear growth given by points, with the last slope extended.

    The functions take curves and ratios of load to capacity, arrays of the same shape (any,).

    Attributes
    ----------
    first
        Points of group ``g`` are ``first[g] : first[g + 1]``, two or more where its curve is
        :attr:`DelayFunction.POINTS`; shape (groups + 1,).
    x, y
        Load over capacity, ascending from 0; growth, non-decreasing. Shape (points,).
    """

    first: Ints
    x: Floats
    y: Floats

    def value(self, g: Ints, x: Floats) -> Floats:
        """Growth of groups at ratios of load to capacity."""
        i = self._piece(g, x)
        return self.y[i] + self._slopes[i] * (x - self.x[i])

    def integral(self, g: Ints, x: Floats) -> Floats:
        """Integral of the growth from 0."""
        i = self._piece(g, x)
        begin = self.first[g]
        return self._areas[i] - self._areas[begin] + (x - self.x[i]) * (self.y[i] + self.value(g, x)) / 2

    def slope(self, g: Ints, x: Floats) -> Floats:
        """Derivative of the growth; the right one at a point."""
        return self._slopes[self._piece(g, x)]

    @cached_property
    def bend_down(self) -> bool:
        """Whether the slope falls between any two pieces of a group, but for rounding."""
        inside = np.ones(max(len(self.x) - 2, 0), dtype=bool)
        for ends in (self.first[1:-1] - 1, self.first[1:-1] - 2):
            inside[ends[(ends >= 0) & (ends < len(inside))]] = False
        before, after = self._slopes[:-2], self._slopes[1:-1]
        return bool((inside & (after < before * (1 - STRAIGHT))).any())

    @cached_property
    def _slopes(self) -> Floats:
        """Slope from each point to the next; without meaning at the last point of a group."""
        steps = np.diff(self.x)
        return np.append(np.divide(np.diff(self.y), steps, out=np.zeros(len(steps)), where=steps > 0), 0.0)

    @cached_property
    def _areas(self) -> Floats:
        """Running integral over the points of all groups."""
        parts = np.diff(self.x) * (self.y[:-1] + self.y[1:]) / 2
        ends = self.first[1:-1]
        parts[ends[(ends > 0) & (ends < len(self.x))] - 1] = 0.0
        return np.append(0.0, np.cumsum(parts))

    def _piece(self, g: Ints, x: Floats) -> Ints:
        """Point at which the piece begins that holds each ratio."""
        begin, count = self.first[g], np.diff(self.first)[g]
        owner = np.repeat(np.arange(len(g)), count)
        at = np.arange(len(owner)) + np.repeat(begin - np.cumsum(count) + count, count)
        passed = np.bincount(owner, self.x[at] <= x[owner], len(g)).astype(np.int64)
        return np.asarray(begin + np.clip(passed - 1, 0, np.maximum(count - 2, 0)))


def no_points(groups: int) -> Points:
    """No group has a curve given by points."""
    return Points(np.zeros(groups + 1, dtype=np.int64), np.zeros(0), np.zeros(0))


@dataclass(frozen=True)
class HardCapacity:
    """Hard capacities, arrays of shape (groups,).

    Attributes
    ----------
    limit
        Maximum load, background included; infinite if unlimited.
    price
        Wait at the limit, h.
    penalty
        Additional wait per unit of load above the limit, h.
    """

    limit: Floats
    price: Floats
    penalty: Floats

    def waiting_h(self, load: Floats) -> Floats:
        """Wait at a load that includes the background, h."""
        return np.maximum(self.price + self._beyond(load), 0.0)

    def waiting_integral(self, load: Floats) -> Floats:
        """Integral of the wait, up to a constant, h x load."""
        soft = self.penalty > 0
        squared = self.waiting_h(load) ** 2 / np.where(soft, 2 * self.penalty, 1.0)
        return np.where(soft, squared, self.price * load)

    def _beyond(self, load: Floats) -> Floats:
        return self.penalty * np.where(self.penalty > 0, load - self.limit, 0.0)


def no_hard_capacity(groups: int) -> HardCapacity:
    """No group has a hard capacity."""
    return HardCapacity(np.full(groups, np.inf), np.zeros(groups), np.zeros(groups))


@dataclass(frozen=True)
class Ceiling:
    """Loads from which delays follow the curve of another capacity, arrays of shape (groups,).

    Attributes
    ----------
    load
        Load from which they do, background included; infinite: at no load.
    capacity
        The other capacity.
    extra_h
        Hours by which they are above its curve, so that they are continuous in the load.
    """

    load: Floats
    capacity: Floats
    extra_h: Floats


def no_ceiling(groups: int) -> Ceiling:
    """No group has a ceiling."""
    return Ceiling(np.full(groups, np.inf), np.ones(groups), np.zeros(groups))


@dataclass(frozen=True)
class VolumeDelay:
    """Load groups, arrays of shape (groups,).

    Attributes
    ----------
    names
        Names, such as ``link:RL012``, ``terminal:dostyk`` and ``crossing:torugart/road``.
    capacity
        Capacity: vehicles/day, or t/day of the reference commodity at a terminal.
    background
        Load in addition to the demand.
    scale_h
        Hours by which the growth is multiplied.
    curve, a, b
        :class:`DelayFunction` and its parameters.
    load_per_t
        Load of one tonne a day of the reference commodity (alpha).
    points
        Curves given by points.
    hard_capacity
        Hard capacities.
    ceiling
        Ceilings of delays.
    """

    names: tuple[str, ...]
    capacity: Floats
    background: Floats
    scale_h: Floats
    curve: Ints
    a: Floats
    b: Floats
    load_per_t: Floats
    points: Points = field(default_factory=lambda: no_points(0))
    hard_capacity: HardCapacity = field(default_factory=lambda: no_hard_capacity(0))
    ceiling: Ceiling = field(default_factory=lambda: no_ceiling(0))

    def __post_init__(self) -> None:
        if len(self.points.first) == 1:
            object.__setattr__(self, "points", no_points(len(self)))
        if not len(self.hard_capacity.limit):
            object.__setattr__(self, "hard_capacity", no_hard_capacity(len(self)))
        if not len(self.ceiling.load):
            object.__setattr__(self, "ceiling", no_ceiling(len(self)))

    def __len__(self) -> int:
        return len(self.names)

    def delay_h(self, load: Floats) -> Floats:
        """Delay of each group at a load from the demand, h."""
        total = self._total(load)
        if self.has_ceilings:
            beyond = total > self.ceiling.load
            delay = self.scale_h * self._growth(total / np.where(beyond, self.ceiling.capacity, self.capacity))
            delay += np.where(beyond, self.ceiling.extra_h, 0.0)
        else:
            delay = self.scale_h * self._growth(total / self.capacity)
        return delay + self.hard_capacity.waiting_h(total) if self._waits else delay

    def delay_integral(self, load: Floats) -> Floats:
        """Integral of the delay from 0 to a load from the demand, h x load."""
        total = self._total(load)
        at_background, waiting_at_background = self._at_background
        below = np.minimum(total, self.ceiling.load) if self.has_ceilings else total
        area = self._growth_integral(below / self.capacity) - at_background
        integral = self._scale_of_integral * area
        if self.has_ceilings:
            integral += self._beyond_ceiling(total) - self._beyond_ceiling(self.background)
        if self._waits:
            integral += self.hard_capacity.waiting_integral(total) - waiting_at_background
        return integral

    def _total(self, load: Floats) -> Floats:
        """Load with the background; never below zero.

        What remains of a load when all is taken away is rounding, and a fractional power of less than zero is NaN.
        """
        return np.maximum(load + self.background, 0.0)

    def _beyond_ceiling(self, total: Floats) -> Floats:
        """Integral of the delay from the load of the ceiling on, h x load."""
        ceiling = self.ceiling
        finite = np.where(np.isfinite(ceiling.load), ceiling.load, 0.0)
        above = np.where(np.isfinite(ceiling.load), np.maximum(total - ceiling.load, 0.0), 0.0)
        area = self._growth_integral((finite + above) / ceiling.capacity) - self._growth_integral(
            finite / ceiling.capacity
        )
        return np.asarray(self.scale_h * ceiling.capacity * area + ceiling.extra_h * above)

    @cached_property
    def for_kernels(self) -> tuple[Floats, Floats]:
        """Curves and points in the form required by :func:`landlink.equilibrium.shift_kernels.delay_and_slope`."""
        hard_capacity, points, ceiling = self.hard_capacity, self.points, self.ceiling
        curves = np.column_stack(
            [
                self.load_per_t, self.curve, self.a, self.b, self.scale_h, self.capacity, self.background,
                hard_capacity.limit, hard_capacity.price, hard_capacity.penalty, points.first[:-1], points.first[1:],
                ceiling.load, ceiling.capacity, ceiling.extra_h,
            ]
        )  # fmt: skip
        return curves, np.column_stack([points.x, points.y])

    @cached_property
    def bends_down(self) -> bool:
        """Whether the slope of a curve falls with the load anywhere, by points or at a ceiling."""
        return self.points.bend_down or self.has_ceilings

    @cached_property
    def has_ceilings(self) -> bool:
        """Whether any group has a ceiling."""
        return bool(np.isfinite(self.ceiling.load).any())

    @cached_property
    def _waits(self) -> bool:
        """Whether any hard capacity has a price or a penalty."""
        return bool((self.hard_capacity.price != 0).any() or (self.hard_capacity.penalty != 0).any())

    @cached_property
    def _all_bpr(self) -> bool:
        return bool((self.curve == DelayFunction.BPR).all())

    @cached_property
    def _by_points(self) -> Ints:
        return np.flatnonzero(self.curve == DelayFunction.POINTS)

    @cached_property
    def _power_of_integral(self) -> Floats:
        return self.b + 1

    @cached_property
    def _scale_of_integral(self) -> Floats:
        return self.scale_h * self.capacity

    @cached_property
    def _at_background(self) -> tuple[Floats, Floats]:
        """Integrals of growth and of waiting up to the background."""
        below = np.minimum(self.background, self.ceiling.load)
        growth = self._growth_integral(below / self.capacity)
        return growth, self.hard_capacity.waiting_integral(self.background)

    def growth_of(self, g: Ints, x: Floats) -> Floats:
        """Growth of some groups at ratios of load to capacity, of the same shape."""
        value = growth(self.curve[g], self.a[g], self.b[g], x)
        by_points = self.curve[g] == DelayFunction.POINTS
        value[by_points] = self.points.value(g[by_points], x[by_points])
        return value

    def _growth(self, x: Floats) -> Floats:
        if self._all_bpr:
            return self.a * np.power(x, self.b)
        value = growth(self.curve, self.a, self.b, x)
        if len(g := self._by_points):
            value[g] = self.points.value(g, x[g])
        return value

    def _growth_integral(self, x: Floats) -> Floats:
        if self._all_bpr:
            return self.a * np.power(x, self._power_of_integral) / self._power_of_integral
        value = growth_integral(self.curve, self.a, self.b, x)
        if len(g := self._by_points):
            value[g] = self.points.integral(g, x[g])
        return value


def parameters(curve: Ints, a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Parameters of curves, with the defaults where they are NaN."""
    usual = np.where(curve == DelayFunction.CONICAL, DEFAULT_CONICAL_A, DEFAULT_A)
    return np.where(np.isnan(a), usual, a), np.where(np.isnan(b), DEFAULT_B, b)


def growth(curve: Ints, a: Floats, b: Floats, x: Floats) -> Floats:
    """Relative growth at a ratio of load to capacity; 0 for curves given by points."""
    bpr = a * np.power(x, b)
    c, safe = conical_c(a)
    # Rounding must not make the growth negative, which could cause negative cycles in shortest paths.
    conical = np.maximum(1 + np.sqrt((safe * (1 - x)) ** 2 + c**2) - safe * (1 - x) - c, 0.0)
    return np.where(curve == DelayFunction.BPR, bpr, np.where(curve == DelayFunction.CONICAL, conical, 0.0))


def growth_integral(curve: Ints, a: Floats, b: Floats, x: Floats) -> Floats:
    """Integral of :func:`growth` from 0 to ``x``."""
    bpr = a * np.power(x, b + 1) / (b + 1)
    c, safe = conical_c(a)

    def primitive(u: Floats) -> Floats:
        # of sqrt(a^2 u^2 + c^2) in u
        return u / 2 * np.sqrt((safe * u) ** 2 + c**2) + c**2 / (2 * safe) * np.arcsinh(safe * u / c)

    conical = (1 - c) * x + primitive(np.ones_like(x)) - primitive(1 - x) - safe * (x - x**2 / 2)
    return np.where(curve == DelayFunction.BPR, bpr, np.where(curve == DelayFunction.CONICAL, conical, 0.0))


def conical_c(a: Floats) -> tuple[Floats, Floats]:
    """The second parameter of the conical curve, and its first, replaced by a valid value for other curves."""
    safe = np.where(a > 1, a, 2.0)
    return (2 * safe - 1) / (2 * safe - 2), safe
