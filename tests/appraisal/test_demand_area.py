"""Areas under demand functions against integrals, and their properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from landlink.appraisal.demand_area import FORMS, area_under_demand, mean_demand

COSTS = st.floats(1.0, 500.0)
TONNES = st.floats(1.0, 1e7)


def area(before: float, after: float, t_before: float, t_after: float, form: str, price: float | None = None) -> float:
    ends = [np.array([value]) for value in (before, after, t_before, t_after)]
    price_before = None if price is None else np.array([price])
    return float(area_under_demand(*ends, form, price_before=price_before)[0])


@given(COSTS, COSTS, st.floats(0.0, 50.0))
def test_rule_of_half_is_exact_for_linear_demand(before: float, after: float, slope: float) -> None:
    def demand(cost: float) -> float:
        return 30_000 - slope * cost

    exact, _ = quad(demand, after, before)
    assert area(before, after, demand(before), demand(after), "straight") == pytest.approx(exact, rel=1e-9, abs=1e-6)


@given(COSTS, COSTS, st.floats(0.0, 0.1))
def test_exponential_demand(before: float, after: float, beta: float) -> None:
    def demand(cost: float) -> float:
        return 1e5 * np.exp(-beta * (cost - before))

    exact, _ = quad(demand, after, before)
    assert area(before, after, demand(before), demand(after), "exponential") == pytest.approx(exact, rel=1e-8, abs=1e-6)


@given(COSTS, COSTS, st.floats(0.0, 8.0), st.floats(10.0, 1000.0))
def test_constant_elasticity_demand(before: float, after: float, elasticity: float, value: float) -> None:
    def demand(cost: float) -> float:
        return 1e5 * ((value + cost) / (value + before)) ** -elasticity

    exact, _ = quad(demand, after, before)
    found = area(before, after, demand(before), demand(after), "constant_elasticity", value + before)
    assert found == pytest.approx(exact, rel=1e-7, abs=1e-6)


def test_rule_of_half_overstates_what_curved_demand_gains() -> None:
    """Demand of elasticity 2 that doubles its price: the half is 25 % above the integral, 100 (10 - 5) = 500."""
    exact = area(5.0, 10.0, 100.0, 25.0, "constant_elasticity", 5.0)
    assert exact == pytest.approx(-250.0)
    assert area(5.0, 10.0, 100.0, 25.0, "straight") == pytest.approx(1.25 * exact)


@pytest.mark.parametrize("form", FORMS)
@given(before=COSTS, after=COSTS, t_before=TONNES, t_after=TONNES)
def test_way_back_undoes_the_way_there(form: str, before: float, after: float, t_before: float, t_after: float) -> None:
    there = area(before, after, t_before, t_after, form, 50 + before)
    back = area(after, before, t_after, t_before, form, 50 + after)
    assert there == pytest.approx(-back, rel=1e-6, abs=1e-3)


@pytest.mark.parametrize("form", FORMS)
@given(t_before=TONNES, t_after=TONNES, change=st.floats(-40.0, 400.0))
def test_mean_lies_between_the_ends(form: str, t_before: float, t_after: float, change: float) -> None:
    mean = mean_demand(
        *(np.array([value]) for value in (t_before, t_after)),
        form,
        price_before=np.array([50.0]),
        cost_change=np.array([change]),
    )
    low, high = sorted((t_before, t_after))
    assert low * (1 - 1e-9) <= mean[0] <= high * (1 + 1e-9)


@pytest.mark.parametrize("form", FORMS)
def test_fixed_demand_gains_the_fall_of_its_cost(form: str) -> None:
    assert area(30.0, 20.0, 1000.0, 1000.0, form, 90.0) == pytest.approx(10_000)


def test_demand_of_nothing_at_one_end_lies_on_a_straight_line() -> None:
    assert area(30.0, 20.0, 0.0, 1000.0, "exponential") == pytest.approx(5000)


def test_price_below_nothing_is_no_power() -> None:
    exponential = area(30.0, 10.0, 100.0, 200.0, "exponential")
    assert area(30.0, 10.0, 100.0, 200.0, "constant_elasticity", 15.0) == pytest.approx(exponential)
