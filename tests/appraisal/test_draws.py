"""Draws of inputs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from landlink.appraisal.draws import P90, drawn_inputs, one_factor, quantile_of, range_fault
from landlink.core.errors import InputError

SHARES = np.linspace(0.001, 0.999, 199)


def test_triangular_is_that_of_scipy() -> None:
    known = stats.triang(c=0.25, loc=0.5, scale=2.0).ppf(SHARES)
    assert quantile_of(SHARES, 1.0, 0.5, 2.5, "triangular") == pytest.approx(known)


@pytest.mark.parametrize("mode", [0.5, 2.5])
def test_triangular_with_its_mode_at_an_end(mode: float) -> None:
    known = stats.triang(c=(mode - 0.5) / 2, loc=0.5, scale=2.0).ppf(SHARES)
    assert quantile_of(SHARES, mode, 0.5, 2.5, "triangular") == pytest.approx(known)


@pytest.mark.parametrize("distribution", ["lognormal", "normal"])
def test_low_and_high_are_p10_and_p90(distribution: str) -> None:
    ends = quantile_of(np.array([0.1, 0.9]), 1.0, 0.7, 1.6, distribution)
    assert ends == pytest.approx([0.7, 1.6])


def test_lognormal_is_that_of_scipy() -> None:
    sigma = np.log(1.6 / 0.7) / (2 * P90)
    known = stats.lognorm(s=sigma, scale=np.sqrt(0.7 * 1.6)).ppf(SHARES)
    assert quantile_of(SHARES, 1.0, 0.7, 1.6, "lognormal") == pytest.approx(known)


def test_uniform_and_fixed() -> None:
    assert quantile_of(np.array([0.0, 0.25, 1.0]), 1.0, 0.8, 1.2, "uniform") == pytest.approx([0.8, 0.9, 1.2])
    assert quantile_of(SHARES, 3.0, 1.0, 9.0, "fixed").tolist() == [3.0] * len(SHARES)


def test_correlations_are_those_asked_for() -> None:
    inputs = [(1.0, 0.8, 1.2, "normal"), (1.0, 0.5, 1.5, "normal"), (1.0, 0.9, 1.4, "lognormal")]
    values = drawn_inputs(inputs, one_factor(np.sqrt([0.5, 0.5, 0.0])), 40_000, 7)
    found = np.corrcoef(values, rowvar=False)
    assert found[0, 1] == pytest.approx(0.5, abs=0.015)
    assert found[0, 2] == pytest.approx(0.0, abs=0.015)


def test_inputs_that_are_one_move_as_one() -> None:
    inputs = [(1.0, 0.8, 1.2, "uniform")] * 2
    values = drawn_inputs(inputs, np.ones((2, 2)), 100, 3)
    assert values[:, 0] == pytest.approx(values[:, 1])


def test_same_seed_same_draws() -> None:
    inputs = [(1.0, 0.8, 1.2, "triangular"), (2.0, 1.0, 4.0, "lognormal")]
    one, other, third = (drawn_inputs(inputs, np.eye(2), 500, seed) for seed in (4, 4, 5))
    assert one.tobytes() == other.tobytes()
    assert one.tobytes() != third.tobytes()


@pytest.mark.parametrize(
    "matrix",
    [np.eye(3), np.array([[1, 2.0], [2.0, 1]]), np.array([[1, 0.5], [0.2, 1]]), np.array([[1, np.nan], [np.nan, 1]])],
)
def test_what_is_no_correlation_matrix_is_refused(matrix: np.ndarray) -> None:
    with pytest.raises(InputError, match="correlation"):
        drawn_inputs([(1.0, 0.8, 1.2, "normal")] * 2, matrix, 10, 0)


def test_correlations_that_cannot_hold_together_are_refused() -> None:
    matrix = np.array([[1, 0.9, 0.9], [0.9, 1, -0.9], [0.9, -0.9, 1]])
    with pytest.raises(InputError, match="eigenvalue"):
        drawn_inputs([(1.0, 0.8, 1.2, "normal")] * 3, matrix, 10, 0)


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        ((1.0, 1.2, 0.8, "uniform"), "above high"),
        ((1.0, 1.1, 1.2, "triangular"), "outside"),
        ((1.0, 0.0, 1.2, "lognormal"), "above 0"),
        ((1.0, 0.8, 1.2, "triangular"), ""),
        ((1.0, 5.0, 2.0, "fixed"), ""),
    ],
)
def test_ranges_that_are_none(ends: tuple[float, float, float, str], told: str) -> None:
    fault = range_fault(*ends)
    assert told in fault
    assert bool(fault) == bool(told)
