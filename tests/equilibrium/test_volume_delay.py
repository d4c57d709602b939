"""Delays at loads that rounding has left just below zero."""

from __future__ import annotations

import numpy as np
import pytest

from landlink.equilibrium.shift_kernels import delay_and_slope
from landlink.equilibrium.slopes import delay_slopes
from landlink.equilibrium.volume_delay import DelayFunction, VolumeDelay


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
