"""Quantiles, probabilities and digits against values worked out by hand, and coverage against its nominal share."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landlink.ensemble.digits import digit_place, rounded
from landlink.ensemble.quantiles import coverage, effective_members, probability_of, quantiles


def test_quantiles_of_a_known_matrix():
    matrix = np.column_stack([np.arange(1.0, 20.0), np.arange(19.0, 0.0, -1) * 10, np.full(19, 7.0)])
    assert quantiles(matrix).tolist() == [[2, 20, 7], [10, 100, 7], [18, 180, 7]]


def test_quantiles_between_members_and_at_the_ends():
    # Type 6: position p (n + 1) among 4, with straight lines; beyond the ends, the ends.
    assert quantiles(np.array([[1.0], [2.0], [4.0], [8.0]]), (0.1, 0.3, 0.5, 0.9)).ravel() == pytest.approx(
        [1.0, 1.5, 3.0, 8.0]
    )


def test_members_without_a_value_do_not_count():
    found = quantiles(np.array([[np.nan, np.nan], [1.0, np.nan], [3.0, np.nan]]))
    assert found[:, 0].tolist() == [1.0, 2.0, 3.0]
    assert np.isnan(found[:, 1]).all()
    assert np.isnan(quantiles(np.empty((0, 3)))).all()


def test_a_further_draw_lies_in_the_interval_as_often_as_it_says():
    # 9 draws of any continuous distribution: between the smallest and the largest, exactly 80 %.
    random = np.random.default_rng(5)
    draws = random.lognormal(size=(9, 20_000))
    low, _, high = quantiles(draws)
    further = random.lognormal(size=20_000)
    assert ((low <= further) & (further <= high)).mean() == pytest.approx(0.8, abs=0.01)


def test_effective_members():
    apart = np.random.default_rng(1).random((20, 3))
    assert effective_members(apart) == pytest.approx(20)
    assert effective_members(np.repeat(apart[:5], 4, axis=0)) == pytest.approx(5)
    assert effective_members(np.array([[1.0, np.nan], [1.0, np.nan], [2.0, np.nan]])) == pytest.approx(9 / 5)
    assert effective_members(np.empty((0, 2))) == 0


@given(st.integers(0, 50), st.integers(1, 50))
def test_the_error_of_a_probability_is_that_of_its_beta_distribution(hits: int, misses: int):
    total = hits + misses
    share, error = probability_of(np.array([True] * hits + [False] * misses), total)
    assert share == pytest.approx(hits / total)
    a, b = hits + 1, misses + 1
    assert error == pytest.approx(math.sqrt(a * b / ((a + b) ** 2 * (a + b + 1))))


def test_all_members_agreeing_is_not_certainty():
    share, error = probability_of(np.ones(200, dtype=np.bool_), 200.0)
    assert share == 1
    assert 0.004 < error < 0.006
    assert np.isnan(probability_of(np.empty(0, dtype=np.bool_), 0.0)).all()


@pytest.mark.parametrize(
    ("low", "high", "place"),
    [(6.6, 15, 0), (9.9, 12.7, -1), (100, 100, None), (0, 7.0, -1), (0, 7.2, 0), (-2e6, 2e6, 5), (1, 1 + 1e-12, None)],
)
def test_digits_that_an_interval_bears(low, high, place):
    assert digit_place(low, high) == place


def test_rounding():
    assert rounded(11.34, 0) == 11
    assert rounded(123456.0, 4) == 120000
    assert rounded(1.5, None) == 1.5
    assert math.isnan(rounded(math.nan, 1))
    assert digit_place(math.nan, 1.0) is None


def test_coverage_is_nominal_where_the_ensemble_is_right():
    random = np.random.default_rng(2)
    center, spread, error = random.normal(size=800), 0.3, np.full(800, 0.2)
    predicted = center + spread * random.normal(size=(200, 800))
    observed = center + spread * random.normal(size=800) + error * random.normal(size=800)
    found = coverage(predicted, observed, error, seed=3)
    assert found.share == pytest.approx(0.8, abs=0.04)
    assert found.rank.mean() == pytest.approx(0.5, abs=0.03)


def test_coverage_without_the_error_of_observations_is_too_small():
    random = np.random.default_rng(2)
    predicted = 0.1 * random.normal(size=(200, 500))
    observed = 0.1 * random.normal(size=500) + 0.3 * random.normal(size=500)
    assert coverage(predicted, observed, np.zeros(500), seed=1).share < 0.5
    assert coverage(predicted, observed, np.full(500, 0.3), seed=1).share == pytest.approx(0.8, abs=0.05)


def test_coverage_by_hand():
    predicted = np.arange(1.0, 10.0).reshape(-1, 1) * np.ones(4)
    found = coverage(predicted, np.array([1.0, 5.0, 9.0, 9.1]), np.zeros(4), seed=1, draws=1)
    assert found.inside.tolist() == [True, True, True, False]
    assert found.share == 0.75
    assert math.isnan(coverage(np.empty((5, 0)), np.empty(0), np.empty(0), seed=1).share)
    assert not coverage(np.full((5, 1), np.nan), np.zeros(1), np.zeros(1), seed=1).inside.any()


def test_coverage_of_unequal_shapes_is_refused():
    with pytest.raises(ValueError, match="standard deviation"):
        coverage(np.zeros((3, 2)), np.zeros(2), np.array([0.1, -0.1]), seed=1)
