"""Delays at loads that rounding has left just below zero."""

from __future__ import annotations

import numpy as np
import pytest

from landlink.equilibrium.shift_kernels import delay_and_slope
from landlink.equilibrium.slopes import delay_slopes
from landlink.equilibrium.volume_delay import DelayFunction, Points, VolumeDelay, no_points


@pytest.mark.parametrize("power", [0.5, 1.5, 4.0])
@pytest.mark.parametrize("curve", [DelayFunction.BPR, DelayFunction.CONICAL])
def test_a_load_is_never_below_zero(power: float, curve: DelayFunction) -> None:
    one = np.ones(1)
    groups = VolumeDelay(("a",), one, 0 * one, one, np.array([int(curve)]), 2 * one, power * one, one)
    none, below = np.zeros(1), np.full(1, -1e-17)
    assert groups.delay_h(below) == groups.delay_h(none)
    assert groups.delay_integral(below) == groups.delay_integral(none)
    assert delay_slopes(groups, below) == delay_slopes(groups, none)
    assert delay_and_slope(*groups.for_kernels, 0, -1e-17) == delay_and_slope(*groups.for_kernels, 0, 0.0)


def curves_by_points() -> VolumeDelay:
    """Three curves by points, the middle one of which bends down, and one group without."""
    points = Points(
        np.array([0, 3, 3, 7, 9]),
        np.array([0.0, 1.0, 2.0, 0.0, 0.5, 1.5, 4.0, 0.0, 1.0]),
        np.array([0.0, 1.0, 3.0, 0.25, 0.25, 2.0, 2.5, 1.0, 1.0]),
    )
    curve = np.array([DelayFunction.POINTS, DelayFunction.BPR, DelayFunction.POINTS, DelayFunction.POINTS], dtype=int)
    one = np.ones(4)
    capacity, scale = np.array([2.0, 1.0, 3.0, 5.0]), np.array([1.0, 1.0, 0.5, 2.0])
    return VolumeDelay(("a", "b", "c", "d"), capacity, 0 * one, scale, curve, one, one, one, points=points)


@pytest.mark.parametrize("load", [0.0, 0.4, 2.0, 4.5, 11.0, 60.0])
def test_curves_by_points_are_interpolated_and_continued(load: float) -> None:
    groups, loads = curves_by_points(), np.full(4, load)
    points, ratio = groups.points, load / groups.capacity
    for g in (0, 2, 3):
        x, y = (values[points.first[g] : points.first[g + 1]] for values in (points.x, points.y))
        slope = (y[-1] - y[-2]) / (x[-1] - x[-2])
        known = np.interp(ratio[g], x, y) + slope * max(ratio[g] - x[-1], 0.0)
        assert groups.delay_h(loads)[g] == pytest.approx(groups.scale_h[g] * known)
        middles = (np.arange(200_000) + 0.5) * ratio[g] / 200_000
        area = (np.interp(middles, x, y) + slope * np.maximum(middles - x[-1], 0.0)).sum() * ratio[g] / 200_000
        expected = groups.scale_h[g] * groups.capacity[g] * area
        assert groups.delay_integral(loads)[g] == pytest.approx(expected, rel=1e-6, abs=1e-12)
        value, rise = delay_and_slope(*groups.for_kernels, g, load)
        assert value == pytest.approx(groups.delay_h(loads)[g], rel=1e-14)
        assert rise == pytest.approx(delay_slopes(groups, loads)[g], rel=1e-14)


def test_curves_that_bend_down_are_noticed() -> None:
    groups = curves_by_points()
    assert groups.bends_down
    points = groups.points
    # Without the last point of the middle curve, whose slope falls, though it is far above that of the curve after it.
    kept = np.arange(9) != 6
    convex = Points(np.array([0, 3, 3, 6, 8]), points.x[kept], points.y[kept])
    assert not convex.bend_down
    line = np.linspace(0.0, 1.0, 30)
    assert not Points(np.array([0, 30]), line, 0.3 * line).bend_down
    assert not no_points(4).bend_down
