"""Cash flows against closed forms, ``numpy-financial``, and what must hold of any flow."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landlink.appraisal.cash_flow import (
    annuity,
    bcr,
    check_rate,
    equivalent_annual_cost,
    first_year_return,
    npv,
    payback,
    periods_of,
    perpetuity,
    present_value,
)
from landlink.core.errors import InputError

rates = st.floats(0.001, 0.5)
flows = st.lists(st.integers(-1000, 1000), min_size=2, max_size=40).map(lambda values: np.array(values, dtype=float))


@pytest.mark.parametrize(("rate", "periods"), [(0.09, 30), (0.05, 1), (1.0, 10), (-0.5, 4), (0.0, 7), (1e-12, 25)])
def test_an_annuity_is_the_sum_of_its_present_values(rate, periods):
    assert annuity(rate, periods) == pytest.approx(npv(np.ones(periods), rate, periods=np.arange(1, periods + 1)))


def test_the_textbook_annuity_of_nine_per_cent_over_thirty_years():
    assert annuity(0.09, 30) == pytest.approx(10.27365404, rel=1e-9)


def test_a_perpetuity_is_the_limit_of_annuities_and_grows():
    assert annuity(0.09, 5000) == pytest.approx(perpetuity(0.09), rel=1e-12)
    years = np.arange(1, 4000)
    assert npv(1.03 ** (years - 1), 0.09, periods=years) == pytest.approx(perpetuity(0.09, 0.03), rel=1e-9)
    assert np.isinf(perpetuity(0.03, 0.03))


@given(st.floats(1, 1e6), rates, st.integers(1, 60))
def test_equivalent_annual_costs_have_the_present_value(value, rate, periods):
    paid = np.full(periods, equivalent_annual_cost(value, rate, periods))
    assert npv(paid, rate, periods=np.arange(1, periods + 1)) == pytest.approx(value)


@given(flows, rates, st.floats(-100, 100))
def test_present_values_scale_and_add(flow, rate, factor):
    size = np.abs(flow).sum() + 1
    assert npv(factor * flow, rate) == pytest.approx(factor * npv(flow, rate), abs=1e-9 * size)
    assert npv(flow + flow[::-1], rate) == pytest.approx(npv(flow, rate) + npv(flow[::-1], rate), abs=1e-9 * size)


@given(flows, rates, st.integers(0, 10))
def test_a_shift_in_time_discounts_all(flow, rate, years):
    later = np.concatenate([np.zeros(years), flow])
    assert npv(later, rate) == pytest.approx(npv(flow, rate) / (1 + rate) ** years, abs=1e-9 * (np.abs(flow).sum() + 1))


@given(flows, rates)
def test_the_middle_of_the_year_is_half_a_year_of_interest_earlier(flow, rate):
    years = np.arange(2025, 2025 + len(flow))
    at_end, in_middle = (npv(flow, rate, periods=periods_of(years, 2023, timing)) for timing in ("end", "mid"))
    assert in_middle == pytest.approx(at_end * (1 + rate) ** 0.5, abs=1e-9 * (np.abs(flow).sum() + 1))


def test_draws_are_valued_together():
    draws, rate = np.arange(12.0).reshape(3, 4), np.array([0.05, 0.09, 0.2])
    assert npv(draws, 0.09).shape == (3,)
    np.testing.assert_allclose(npv(draws, rate), [npv(one, at) for one, at in zip(draws, rate, strict=True)])
    np.testing.assert_allclose(payback(draws - 5, 0.0), [payback(one - 5) for one in draws], equal_nan=True)


def test_present_values_are_those_of_numpy_financial():
    npf = pytest.importorskip("numpy_financial")
    flow = [-4665.0, 120, 250, 400, 520, 600, 640, 700, 750, 800, 830, 860]
    assert npv(flow, 0.09) == pytest.approx(npf.npv(0.09, flow))
    assert annuity(0.09, 30) == pytest.approx(-npf.pv(0.09, 30, 1))
    assert equivalent_annual_cost(4665.0, 0.06, 40) == pytest.approx(-npf.pmt(0.06, 40, 4665))
    assert present_value([100.0], 0.07, [12])[0] == pytest.approx(-npf.pv(0.07, 12, 0, 100))


def test_payback_by_hand():
    assert payback([-100, 50, 50, 50]) == 2
    assert payback([-90, 0, 60, 60]) == pytest.approx(2.5)
    assert payback([-100, 110], 0.1) == pytest.approx(1)
    assert np.isnan(payback([-100, 60, 30]))
    assert payback([5, 5]) == 0
    assert payback([-100, 150, -80, 60]) == pytest.approx(2 / 3)
    assert payback([-100, 50, 50, 50], periods=[2028, 2029, 2030, 2031]) == 2030


@given(st.floats(1, 1e4), st.floats(0.01, 0.3), st.integers(2, 40))
def test_a_level_flow_is_paid_back_when_its_annuity_reaches_the_cost(yearly, rate, years):
    """The discounted payback of cost ``yearly x annuity(rate, n)`` is n, the simple one the annuity itself."""
    cost = yearly * annuity(rate, years)
    flow = np.array([-cost, *[yearly] * 60])
    assert payback(flow, rate) == pytest.approx(years, abs=1e-6)
    assert payback(flow) == pytest.approx(annuity(rate, years), abs=1e-9)


@given(st.floats(0, 1e4), st.floats(0.1, 1e4), st.floats(0, 1e4))
def test_both_ratios_exceed_one_where_the_net_present_value_is_above_zero(gains, invested, run):
    net = gains - invested - run
    if abs(net) > 1e-6 * (gains + invested + run):
        for net_of_operation in (False, True):
            assert (bcr(gains, invested, run, net_of_operation=net_of_operation) > 1) == (net > 0)
    assert np.isnan(bcr(gains, 0.0, 0.0))


def test_first_year_return_is_the_yield_of_a_perpetuity():
    """A constant benefit for ever is worth the cost where its first-year return is the discount rate."""
    invested = np.array([40.0, 60.0])
    cost = npv(invested, 0.09, periods=[-1, 0])
    assert first_year_return(0.09 * cost, invested, 0.09, [-1, 0], 0) == pytest.approx(0.09)
    assert np.isnan(first_year_return(1.0, [0.0], 0.09, [0], 0))


@pytest.mark.parametrize("rate", [0.0, -1.0, -1.5, float("nan"), float("inf")])
def test_rates_that_cannot_discount_are_refused(rate):
    with pytest.raises(InputError, match="the discount rate is 0, or no rate"):
        check_rate(rate)
    assert check_rate(0.09) == 0.09
    assert check_rate(-0.02) == -0.02


@settings(max_examples=30)
@given(flows, rates, st.floats(0.2, 5))
def test_the_sign_of_a_present_value_does_not_depend_on_the_price_base(flow, rate, deflator):
    """All amounts in prices of another year: one factor on the net present value, none on the payback."""
    assert npv(flow * deflator, rate) == pytest.approx(deflator * npv(flow, rate), abs=1e-9 * (np.abs(flow).sum() + 1))
    np.testing.assert_allclose(payback(flow * deflator, rate), payback(flow, rate), rtol=1e-7, equal_nan=True)
