"""Ascent of the dual of an equilibrium whose demand responds smoothly to delays: Newton's method with few products.

Let traffic respond to the delays ``t`` of the load groups with loads ``y(t)``, and let ``W(t)`` be the least disutility
of all demand, so that its derivative is ``y_g / alpha_g``. The dual of the equilibrium (Daganzo 1982) is concave::

    Phi(t) = W(t) - sum_g (1 / alpha_g) * integral of load_g from 0 to t_g

Its gradient is ``r_g = (y_g(t) - v_g(t)) / alpha_g``: the load in response to ``t``, less the load whose delay is
``t_g``. With ``B`` minus the second derivative of ``W`` and ``S`` the slopes of delays in ``v / alpha``, the Newton
step in loads solves ``(1 + B S) dv = r``, so that no curve has to be inverted. Conjugate gradients (Hestenes and
Stiefel 1952) solve it from products with ``B`` alone, as precisely as the step deserves (Dembo, Eisenstat and Steihaug
1982). ``W`` has kinks in its slope where routes come into use, at which Newton's method still converges (Qi and Sun
1993).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.sums import dot
from landlink.equilibrium.volume_delay import VolumeDelay

#: Share of the increase predicted by the slope that a step must achieve.
RISE: Final = 1e-4
#: Relative decrease of the value that is regarded as rounding.
ROUNDING: Final = 1e-14
#: Maximum number of trials of a line search, and of products for a step.
TRIALS: Final = 12
PRODUCTS: Final = 150
#: Largest relative residual of the linear system at which its solution ends.
LOOSEST: Final = 0.01
#: Share of capacity by which a load is varied to estimate the slope of its delay.
NUDGE: Final = 1e-7


class Response(Protocol):
    """The response of traffic to delays: the load of each group, and the least disutility ``W`` of all demand."""

    @property
    def load(self) -> Floats:
        """Load of each group."""

    @property
    def disutility(self) -> float:
        """``W`` in vehicle-load hours a day."""


Found = TypeVar("Found", bound=Response)


class Loading(Protocol[Found]):
    """What responds to delays."""

    def answer(self, delay_h: Floats) -> Found:
        """Response to delays of the groups."""

    def curvature(self, answer: Found) -> Callable[[Floats], Floats]:
        """Product of ``B`` with changes of delays, at a response."""


@dataclass(frozen=True)
class Point(Generic[Found]):
    """Loads, their delays, the response of traffic, and the value of the dual."""

    load: Floats
    delay: Floats
    answer: Found
    value: float

    @property
    def missing(self) -> Floats:
        """Load of the response in excess of the load whose delay it responds to."""
        return self.answer.load - self.load


class DualAscent(Generic[Found]):
    """Maximisation of the dual from some loads.

    Parameters
    ----------
    groups
        Load groups.
    loading
        Response of traffic.
    start
        Loads to begin at, shape (groups,).
    """

    def __init__(self, groups: VolumeDelay, loading: Loading[Found], start: Floats) -> None:
        self.groups, self.loading = groups, loading
        self.point = self._at(start)

    def restart(self) -> None:
        """Find the response again, which knows more routes than before."""
        self.point = self._at(self.point.load)

    def excess(self) -> float:
        """Upper bound of the excess of the response over the minimum of the program, vehicle-load hours a day.

        By weak duality at the perceived delays, only the terms of the curves remain.
        """
        now = self.point
        area = self.groups.delay_integral(now.answer.load) - self.groups.delay_integral(now.load)
        return max(float(((area - now.delay * now.missing) / self.groups.load_per_t).sum()), 0.0)

    def step(self) -> bool:
        """Move to a better point; return whether one was found."""
        now = self.point
        slope = self._slope(now.load)
        direction = self._direction(now, slope)
        promised = dot(now.missing / self.groups.load_per_t, slope * direction)
        found = self._along(direction, promised)
        if found is None:
            return False
        self.point = found
        return True

    def _at(self, load: Floats) -> Point[Found]:
        delay = self.groups.delay_h(load)
        answer = self.loading.answer(delay)
        conjugate = (load * delay - self.groups.delay_integral(load)) / self.groups.load_per_t
        return Point(load, delay, answer, answer.disutility - float(conjugate.sum()))

    def _slope(self, load: Floats) -> Floats:
        """Slope of each group's delay, h per unit of load."""
        nudge = NUDGE * (self.groups.capacity + load)
        return (self.groups.delay_h(load + nudge) - self.groups.delay_h(load)) / nudge

    def _direction(self, now: Point[Found], slope: Floats) -> Floats:
        """Newton step in loads: ``dv`` of ``(1 + B S) dv = r`` by conjugate gradients in ``S^(1/2) dv``."""
        per_t = self.groups.load_per_t
        root = np.sqrt(slope * per_t)
        residual = now.missing / per_t
        product = self.loading.curvature(now.answer)

        right = root * residual
        solution, left = np.zeros_like(right), right.copy()
        search, size = left.copy(), dot(left, left)
        scale = dot(root * now.answer.load / per_t, root * now.answer.load / per_t)
        goal = size * min(LOOSEST, math.sqrt(math.sqrt(size / scale)) if scale > 0 else LOOSEST) ** 2
        for _ in range(PRODUCTS):
            if size <= goal:
                break
            ahead = search + root * product(root * search)
            length = size / dot(search, ahead)
            solution += length * search
            left -= length * ahead
            before, size = size, dot(left, left)
            search = left + (size / before) * search
        return np.asarray(per_t * (residual - product(root * solution)))

    def _along(self, direction: Floats, promised: float) -> Point[Found] | None:
        """Point along a direction with a sufficient increase; ``None`` if no increase exceeds rounding."""
        now, length = self.point, 1.0
        promised = max(promised, 0.0)
        slack = ROUNDING * abs(now.value)
        for _ in range(TRIALS):
            load = np.maximum(now.load + length * direction, 0.0)
            trial = self._at(load)
            if math.isfinite(trial.value) and trial.value >= now.value + RISE * length * promised - slack:
                return trial
            if not math.isfinite(trial.value):
                length *= 0.1
                continue
            ahead = dot(trial.missing / self.groups.load_per_t, self._slope(load) * direction)
            evenly = promised / (promised - ahead) if ahead < promised else 0.5
            length *= min(max(evenly, 0.1), 0.6)
        return None
