"""Value at risk, conditional value at risk and loss curves against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from landlink.core.arrays import Floats
from landlink.resilience.loss_statistics import (
    borne,
    conditional_error,
    conditional_value_at_risk,
    curve_years,
    exceedance_losses,
    quantile_error,
    quantile_interval,
    value_at_risk,
)

LOSSES = arrays(np.float64, st.tuples(st.integers(1, 60), st.just(2)), elements=st.floats(0, 1e9))


def exponential(count: int) -> Floats:
    """Quantiles of an exponential distribution of mean 1 at the middles of equal parts."""
    return -np.log1p(-(np.arange(count) + 0.5) / count)[:, None]


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_exponential_losses(level: float) -> None:
    losses = exponential(200_000)
    at_risk = -math.log(1 - level)
    assert value_at_risk(losses, level) == pytest.approx([at_risk], rel=1e-3)
    # Beyond any loss, an exponential one is exponential again.
    assert conditional_value_at_risk(losses, level) == pytest.approx([at_risk + 1], rel=1e-3)


def test_the_error_of_a_quantile_is_that_of_its_density() -> None:
    # sqrt(p (1 - p) / n) over the density 1 - p of the exponential distribution.
    expected = math.sqrt(0.95 * 0.05 / 10_000) / 0.05
    assert quantile_error(exponential(10_000), 0.95) == pytest.approx([expected], rel=0.02)


def test_a_level_takes_so_many_years_that_five_lie_beyond_it() -> None:
    assert [borne(count) for count in (20, 99, 100, 499, 500)] == [
        (False, False), (False, False), (True, False), (True, False), (True, True),
    ]  # fmt: skip
    assert (exponential(100) > value_at_risk(exponential(100), 0.95)).sum() == 5


@given(LOSSES, st.sampled_from([0.5, 0.8, 0.95]))
def test_what_the_number_of_years_leaves_holds_the_value(losses: Floats, level: float) -> None:
    middle = value_at_risk(losses, level)
    low, high = quantile_interval(losses, level)
    assert (low <= middle).all()
    assert (middle <= high).all()


def test_four_intervals_of_five_hold_the_true_value() -> None:
    """Coverage of the 80 % intervals over many samples of an exponential distribution."""
    random = np.random.default_rng(1)
    losses = random.exponential(size=(400, 4000))
    truth = -math.log(0.05)
    low, high = quantile_interval(losses, 0.95)
    assert ((low <= truth) & (truth <= high)).mean() == pytest.approx(0.8, abs=0.03)
    low, high = conditional_error(losses, 0.95)
    assert ((low <= truth + 1) & (truth + 1 <= high)).mean() == pytest.approx(0.78, abs=0.05)


@given(LOSSES, st.sampled_from([0.5, 0.8, 0.95]))
def test_the_mean_of_bad_years_is_coherent(losses: Floats, level: float) -> None:
    parts = conditional_value_at_risk(losses, level)
    whole = conditional_value_at_risk(losses.sum(axis=1, keepdims=True), level)
    assert whole[0] <= parts.sum() * (1 + 1e-9) + 1e-6
    assert (parts >= value_at_risk(losses, level) - 1e-6).all()
    assert (parts <= losses.max(axis=0) * (1 + 1e-9) + 1e-6).all()


def test_a_loss_curve_is_of_as_many_years_as_the_sample_bears() -> None:
    assert curve_years(1000) == (2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0)
    assert curve_years(9) == ()
    losses = np.arange(1.0, 101.0)[:, None]
    assert exceedance_losses(losses, (2.0, 20.0)).ravel().tolist() == [50.0, 95.0]
    assert exceedance_losses(losses, ()).shape == (0, 1)
