"""Delays of groups that lost some of their capacity: at most those of all of it and some hours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landlink.equilibrium.lost_capacity import with_lost_capacity
from landlink.equilibrium.shift_kernels import delay_and_slope
from landlink.equilibrium.slopes import delay_slopes
from landlink.equilibrium.volume_delay import DelayFunction, HardCapacity, Points, VolumeDelay


def four_curves(background: float = 0.0) -> VolumeDelay:
    """One group of each curve."""
    one = np.ones(4)
    points = Points(np.array([0, 0, 0, 0, 4]), np.array([0.0, 0.5, 1.0, 1.5]), np.array([0.0, 0.1, 1.0, 4.0]))
    curve = np.array([DelayFunction.NONE, DelayFunction.BPR, DelayFunction.CONICAL, DelayFunction.POINTS], dtype=int)
    shape = np.array([0.0, 0.15, 4.0, 0.0])
    return VolumeDelay(
        ("none", "bpr", "conical", "points"), 100 * one, background * one, 2 * one, curve, shape, 4 * one, one,
        points=points,
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0.01, 1.0), st.one_of(st.floats(0.0, 500.0), st.just(np.inf)), st.floats(0.0, 400.0), st.floats(0.0, 80.0)
)
def test_delays_are_the_lesser_of_both(factor: float, most_h: float, load: float, background: float) -> None:
    groups = four_curves(background)
    lower = with_lost_capacity(groups, np.full(4, factor), np.full(4, most_h))
    loads = np.full(4, load)
    without = with_lost_capacity(groups, np.full(4, factor), np.full(4, np.inf))
    least = np.minimum(without.delay_h(loads), groups.delay_h(loads) + most_h)
    assert lower.delay_h(loads) == pytest.approx(least, rel=1e-9, abs=1e-12)
    for g in range(4):
        value, rise = delay_and_slope(*lower.for_kernels, g, load)
        assert value == pytest.approx(lower.delay_h(loads)[g], rel=1e-12, abs=1e-13)
        assert rise == pytest.approx(delay_slopes(lower, loads)[g], rel=1e-9, abs=1e-13)


@pytest.mark.parametrize("background", [0.0, 60.0, 300.0])
def test_their_integral_is_that_of_the_delay(background: float) -> None:
    lower = with_lost_capacity(four_curves(background), np.full(4, 0.3), np.full(4, 1.5))
    assert lower.has_ceilings
    assert lower.bends_down
    pieces = 2000
    for load in (20.0, 90.0, 250.0):
        middles = (np.arange(pieces) + 0.5) * load / pieces
        area = sum(lower.delay_h(np.full(4, middle)) for middle in middles) * load / pieces
        assert lower.delay_integral(np.full(4, load)) == pytest.approx(area, rel=1e-4, abs=1e-12)


def test_what_exceeds_a_lower_hard_capacity_waits_up_to_the_whole_of_it() -> None:
    groups = four_curves()
    limits = HardCapacity(np.array([90.0, 80.0, np.inf, 100.0]), np.zeros(4), np.zeros(4))
    lower = with_lost_capacity(replace(groups, hard_capacity=limits), np.full(4, 0.5), np.full(4, 24.0))
    assert (lower.hard_capacity.limit == [90.0, 80.0, np.inf, 100.0]).all()
    free = with_lost_capacity(groups, np.full(4, 0.5), np.full(4, np.inf))
    for load in (10.0, 25.0, 39.0):
        loads = np.full(4, load)
        assert lower.delay_h(loads) == pytest.approx(free.delay_h(loads), rel=1e-3, abs=1e-3)
    for load in (55.0, 70.0):
        loads = np.full(4, load)
        waits = [0, 1, 3]
        assert lower.delay_h(loads)[waits] == pytest.approx(groups.delay_h(loads)[waits] + 24.0, rel=2e-3)
    rising = np.array([lower.delay_h(np.full(4, load)) for load in np.linspace(0, 100, 401)])
    assert (np.diff(rising, axis=0) >= -1e-12).all()


def test_a_loss_without_bound_or_of_nothing_has_no_ceiling() -> None:
    groups = four_curves()
    assert not with_lost_capacity(groups, np.full(4, 0.5), np.full(4, np.inf)).has_ceilings
    assert not with_lost_capacity(groups, np.ones(4), np.zeros(4)).has_ceilings
    loads = np.full(4, 120.0)
    nothing_added = with_lost_capacity(groups, np.full(4, 0.5), np.zeros(4))
    assert nothing_added.delay_h(loads) == pytest.approx(groups.delay_h(loads), rel=1e-12)
