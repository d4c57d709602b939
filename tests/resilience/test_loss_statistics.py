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
    conditional_value_at_risk,
    curve_years,
    exceedance_losses,
    quantile_error,
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
