"""What the green answer is made of, and the claims that it reproduces from published figures."""

from __future__ import annotations

import numpy as np
import pytest

from landlink.appraisal.cash_flow import npv, payback
from tests.support.bundled import bundled_study
from tools.green_answer_cases import PROJECTS, RAILWAY, Solver
from tools.green_answer_revenue import CLAIMED_T, CLAIMED_USD, repaid, section


@pytest.fixture(scope="module")
def solver():
    return Solver(None, 8, study=bundled_study())


def test_every_project_differs_from_its_base_by_its_measures_alone(solver):
    for project in PROJECTS:
        without, with_it = solver.sides(project)
        assert set(with_it) - set(without) >= set(project.measures), project.name
        assert set(without) <= set(with_it), project.name
        assert set(project.without).isdisjoint(without), project.name
        # Measures that nobody can appraise would cost nothing.
        assert set(project.measures) <= set(solver.study.tables["investment"]["measure_id"]), project.name


def test_years_solved_begin_with_the_opening(solver):
    opening = solver.study.tables["measure"].set_index("measure_id")["open_from"]
    for project in PROJECTS:
        assert project.years[0] >= max(int(opening[name][:4]) for name in project.measures), project.name
        assert project.years[-1] == 2040


def test_the_kyrgyz_section_has_its_published_length(solver):
    """305 km by Trend of December 2025."""
    assert sum(section(solver.study).values()) == pytest.approx(305, abs=1)


def test_the_revenue_that_is_promised_is_twice_the_price_of_the_train(solver):
    """200 million USD from 10 Mt (UTRK): 20 USD a tonne, on 305 km."""
    cents = 100 * CLAIMED_USD / CLAIMED_T / sum(section(solver.study).values())
    vehicle = solver.study.tables["vehicle"].set_index("mode")
    price = [
        100 * vehicle.loc[mode, "cost_usd_per_vehicle_km"] / vehicle.loc[mode, "payload_t"]
        for mode in ("rail_1435", "rail_1520")
    ]
    assert cents == pytest.approx(6.6, abs=0.05)
    assert max(price) < 0.6 * cents


@pytest.mark.parametrize("years", [15, 20])
def test_a_payback_is_what_an_even_revenue_takes(solver, years):
    revenue, rate = repaid(solver.study, years)
    works = solver.study.tables["investment"].set_index(["measure_id", "item_id"]).loc[(RAILWAY, "works")]
    cost = float(works["amount_musd"]) * 1e6
    assert float(payback(np.r_[-cost, np.full(30, revenue)])) == pytest.approx(years)
    # At its rate of return, what is spent by the phasing is worth what comes in from the opening on.
    spent = [cost * float(share) for share in str(works["phasing"]).split(";")]
    earned = np.r_[np.zeros(5), np.full(30, revenue)]
    assert float(npv(spent, rate)) == pytest.approx(float(npv(earned, rate)), rel=1e-6)


def test_the_claim_of_2014_is_repaid_in_nine_and_a_half_years():
    """2 bn USD and 210 million a year (Jamestown Foundation 2014); at that revenue 4,665 million take 22 years."""
    assert float(payback(np.r_[-2000.0, np.full(30, 210.0)])) == pytest.approx(9.52, abs=0.01)
    assert float(payback(np.r_[-4665.0, np.full(30, 210.0)])) == pytest.approx(22.2, abs=0.05)
