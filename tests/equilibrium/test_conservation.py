"""Imbalances in the scale of the flow that is lost, and sums without rounding."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landlink.core.sum_kernels import add_exactly
from landlink.equilibrium.certificate import certify
from landlink.equilibrium.problem import Assignment, Classes, Markets
from landlink.equilibrium.volume_delay import VolumeDelay

NO_GROUPS = VolumeDelay(
    (), *(np.zeros(0) for _ in range(3)), np.zeros(0, dtype=np.int64), *(np.zeros(0) for _ in range(3))
)


def two_roads(large: float, small: float) -> Assignment:
    """Two trips of very different size on roads of their own: 0 to 1 and 2 to 3."""
    markets = Markets(
        origin=np.array([0, 2]), destination=np.array([1, 3]), demand=np.array([large, small]), scale=np.ones(2),
        first=np.array([0, 1, 2]), option_class=np.zeros(2, dtype=np.int64), option_constant=np.zeros(2),
    )  # fmt: skip
    classes = Classes(np.ones((1, 2)), np.ones(1), np.ones(1))
    first_out, ends = np.array([0, 1, 1, 2, 2]), np.array([1, 3])
    return Assignment(first_out, ends, np.array([0, 2]), np.full(2, -1), NO_GROUPS, classes, markets)


@pytest.mark.parametrize("large", [10.0, 1e9, 1e100])
def test_a_lost_flow_counts_in_its_own_scale(large: float) -> None:
    assignment, trips = two_roads(large, 5.0), np.array([large, 5.0])
    assert certify(assignment, np.array([[large, 5.0]]), trips).conservation == 0
    assert certify(assignment, np.array([[large, 4.99]]), trips).conservation == pytest.approx(2e-3, rel=1e-2)
    assert certify(assignment, np.array([[large, 5.0]]), np.array([large, 4.99])).conservation >= 0.002 * (1 - 1e-9)


@pytest.mark.parametrize("flow", [float("nan"), float("inf")])
def test_a_flow_that_is_not_a_number_is_never_conserved(flow: float) -> None:
    with np.errstate(invalid="ignore"):
        found = certify(two_roads(10.0, 5.0), np.array([[10.0, flow]]), np.array([10.0, 5.0]))
    assert found.conservation == float("inf")


@given(st.lists(st.floats(-1e30, 1e30), min_size=1, max_size=30))
def test_sums_are_exact_to_twice_the_digits(values: list[float]) -> None:
    high, low = np.zeros(1), np.zeros(1)
    add_exactly(np.zeros(len(values), dtype=np.int64), np.array(values), 1.0, high, low)
    exact = sum(map(Fraction, values))
    scale = sum(abs(Fraction(value)) for value in values)
    assert abs(Fraction(float(high[0])) + Fraction(float(low[0])) - exact) <= scale * Fraction(1, 2**98)
