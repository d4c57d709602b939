"""Internal rates of return: all of them, at known roots, and as ``numpy-financial`` finds one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landlink.appraisal.cash_flow import npv
from landlink.appraisal.internal_rate import check_sign_change, irr_each, irr_roots
from landlink.core.errors import InputError


def flow_with(*roots: float) -> np.ndarray:
    """A flow whose net present value is zero at these rates alone."""
    return np.poly([1 / (1 + root) for root in roots])[::-1]


@pytest.mark.parametrize(
    "roots",
    [
        (0.09,),
        (0.1, 0.4),
        (-0.2, 0.05, 0.3),
        (0.0,),
        (-0.5,),
        (-0.1, 0.05, 0.2, 0.5),
        (5.0,),
        (0.01, 0.02),
        (-0.9, 3.0),
    ],
)
def test_known_roots_are_all_found(roots):
    np.testing.assert_allclose(irr_roots(flow_with(*roots)), sorted(roots), atol=1e-8)


def test_the_classic_flow_with_two_rates():
    """An oil pump (Lorie & Savage 1955): 25 % and 400 %."""
    np.testing.assert_allclose(irr_roots([-1600, 10000, -10000]), [0.25, 4.0])


def test_a_rate_where_the_value_only_touches_zero_is_found():
    np.testing.assert_allclose(irr_roots(flow_with(0.1, 0.1)), [0.1], atol=1e-6)
    assert irr_roots(flow_with(0.1, 0.1) + np.array([0.01, 0, 0])).size == 0


def test_flows_without_a_rate():
    assert irr_roots([-100, 0, -5]).size == 0
    assert irr_roots([0, 0]).size == 0
    assert irr_roots([100, -150, 100]).size == 0  # changes its sign twice, but is worth something at every rate


def test_an_annuity_has_the_rate_it_is_valued_at():
    for rate in (0.03, 0.09, 0.25):
        cost = (1 - (1 + rate) ** -30) / rate
        np.testing.assert_allclose(irr_roots([-cost, *[1.0] * 30]), [rate], rtol=1e-12)


def test_leading_years_without_amounts_change_nothing():
    np.testing.assert_allclose(irr_roots([0, 0, -100, 60, 60, 0]), irr_roots([-100, 60, 60]))


def test_a_long_flow_with_renewals():
    """A century with costs every ten years: as many rates as the rule of Descartes allows at most, each verified."""
    flow = np.array([-100.0, *[9.0] * 100])
    flow[10::10] -= 40
    roots = irr_roots(flow)
    assert 1 <= len(roots) <= 21
    for root in roots:
        scale = np.abs(flow * (1 + root) ** -np.arange(101.0)).sum()
        assert abs(npv(flow, root)) < 1e-9 * scale


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(-100, 100), min_size=2, max_size=30).filter(lambda values: values[0] and values[-1]))
def test_every_rate_makes_the_value_zero_and_none_is_missed(values):
    flow = np.array(values, dtype=float)
    roots = irr_roots(flow)
    for root in roots:
        assert abs(npv(flow, root)) <= 1e-8 * np.abs(flow * (1 + root) ** -np.arange(len(flow), dtype=float)).sum()
    # Between neighbours the value has one sign: there is no other change of sign on a fine grid.
    grid = np.concatenate([np.linspace(-0.7, 1, 400), np.geomspace(1.01, 200, 100)])
    worth = np.array([npv(flow, rate) for rate in grid])
    sure = np.abs(worth) > 1e-9 * np.array([np.abs(flow * (1 + rate) ** -np.arange(len(flow))).sum() for rate in grid])
    changes = sum(
        1
        for (low, below), (high, above) in zip(
            zip(grid[sure][:-1], worth[sure][:-1], strict=True), zip(grid[sure][1:], worth[sure][1:], strict=True),
            strict=True,
        )
        if below * above < 0 and not any(low - 1e-9 <= root <= high + 1e-9 for root in roots)
    )  # fmt: skip
    assert changes == 0


@given(st.lists(st.integers(-100, 100), min_size=2, max_size=20), st.integers(2, 100))
def test_rates_do_not_depend_on_the_price_base(values, factor):
    np.testing.assert_allclose(irr_roots(np.array(values) * factor), irr_roots(values), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("years", [30, 60, 110])
def test_many_draws_have_the_rates_of_each(years):
    random = np.random.default_rng(5)
    base = np.array([-300.0, -500, -200, *np.linspace(90, 160, years)])
    base[20] = -150
    draws = base * random.uniform(0.6, 1.4, (200, base.size))
    found = irr_each(draws)
    roots = [irr_roots(draw) for draw in draws]
    expected = [one[0] if len(one) == 1 else np.nan for one in roots]
    np.testing.assert_allclose(found, expected, rtol=1e-10, equal_nan=True)
    assert np.isfinite(found).mean() > 0.9


def test_draws_with_none_or_several_rates_have_none():
    draws = [[-1600, 10000, -10000], [-100, 110, 0], [100, -150, 100], [-1, -1, -1], [0, 0, 0], [-100, 40, 40]]
    found = irr_each(draws)
    np.testing.assert_allclose(found, [np.nan, 0.1, np.nan, np.nan, np.nan, (11**0.5 - 1) ** -1 * 2 - 1], atol=1e-12)


def test_rates_are_those_of_numpy_financial():
    npf = pytest.importorskip("numpy_financial")
    random = np.random.default_rng(3)
    for _ in range(20):
        flow = np.concatenate([-random.uniform(100, 900, 4), random.uniform(50, 300, 12)])
        np.testing.assert_allclose(irr_roots(flow), [npf.irr(flow)], rtol=1e-7)


def test_a_flow_of_one_sign_is_refused_with_its_years():
    with pytest.raises(InputError, match=r"row 2025 to 2027, column usd: the cash flow does not change its sign"):
        check_sign_change([2025, 2026, 2027], [-5, -3, 0])
    check_sign_change([2025, 2026], [-5, 3])
