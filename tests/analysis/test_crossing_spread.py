"""The spread of the time of a chain has the moments that it was given, and adds up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landlink.analysis.crossing_spread import draw_hours, lognormal_of, spread_along


def generator() -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(1))


@given(st.floats(0.1, 100), st.floats(1.01, 3.8))
def test_the_lognormal_has_the_mean_and_the_percentile(mean: float, ratio: float) -> None:
    location, scale = lognormal_of(mean, ratio * mean)
    assert np.exp(location + scale**2 / 2) == pytest.approx(mean)
    assert np.exp(location + 1.6448536 * scale) == pytest.approx(ratio * mean, rel=1e-6)


def test_beyond_every_lognormal_the_widest_keeps_the_mean() -> None:
    location, scale = lognormal_of(1.0, 10.0)
    assert np.exp(location + scale**2 / 2) == pytest.approx(1.0)


def test_draws_have_the_mean_and_the_percentile() -> None:
    found = draw_hours(6.0, 4.0, generator())
    assert found.mean() == pytest.approx(6.0, rel=1e-3)
    assert np.quantile(found, 0.95) == pytest.approx(10.0, rel=1e-3)
    assert (draw_hours(6.0, 0.0, generator()) == 6.0).all()


def test_certain_legs_shift_the_band_and_independent_ones_widen_it_by_less_than_their_sum() -> None:
    low, high = spread_along(np.array([2.0, 6.0, 1.0, 6.0]), np.array([0.0, 4.0, 0.0, 4.0]), seed=7)
    assert low[0] == high[0] == 2.0
    assert high[1] == pytest.approx(12.0, rel=1e-3)
    assert low[2] - low[1] == pytest.approx(1.0)
    assert high[2] - high[1] == pytest.approx(1.0)
    # Two independent waits: more than one alone, less than both at their worst.
    assert 4.0 < high[3] - 15.0 < 8.0


def test_the_same_seed_gives_the_same_band() -> None:
    hours, extra = np.array([6.0, 1.0, 9.0]), np.array([4.0, 0.0, 2.0])
    assert np.array_equal(spread_along(hours, extra, seed=3), spread_along(hours, extra, seed=3))
    assert not np.array_equal(spread_along(hours, extra, seed=3), spread_along(hours, extra, seed=4))
