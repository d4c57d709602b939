"""Gravity within a country: totals and mean hauls are met, against closed forms and numerical integrals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landlink.freight.domestic_gravity import fit_pairs, long_hauls

MASS, KM = np.array([1.0, 2.0, 1.0]), np.array([100.0, 200.0, 400.0])
ONE = np.zeros(3, dtype=np.int64)


def test_two_pairs_have_the_shares_that_their_mean_haul_demands() -> None:
    fit = fit_pairs(np.array([1.0, 3.0]), np.array([100.0, 300.0]), ONE[:2], np.array([10.0]), 150.0)
    assert fit.tonnes == pytest.approx([7.5, 2.5], rel=1e-9)
    # exp(-b 100) / (3 exp(-b 300)) = 7.5 / 2.5, so exp(200 b) = 9.
    assert fit.decay_per_km == pytest.approx(math.log(9) / 200, rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    mass=st.lists(st.floats(1e-3, 1e3), min_size=6, max_size=6),
    km=st.lists(st.floats(10, 2000), min_size=6, max_size=6, unique=True),
    where=st.floats(0.02, 0.98),
)
def test_totals_and_the_mean_haul_of_a_group_are_met(mass: list[float], km: list[float], where: float) -> None:
    far, part, tonnes = np.array(km), np.array([0, 0, 0, 1, 1, 1]), np.array([5.0, 1.0])
    least, most = (float(tonnes @ [pick(far[:3]), pick(far[3:])]) / 6 for pick in (np.min, np.max))
    mean = least + where * (most - least)
    fit = fit_pairs(np.array(mass), far, part, tonnes, mean)
    assert np.bincount(part, fit.tonnes) == pytest.approx(tonnes, rel=1e-9)
    assert fit.tonnes @ far / 6 == pytest.approx(mean, rel=1e-6)
    # Both totals have one decay: what is left of each pair's mass is a line in its distance.
    known = (fit.tonnes > 1e-250) & (part == 0)
    left = np.log(fit.tonnes[known] / np.array(mass)[known])
    assert np.diff(left) == pytest.approx(-fit.decay_per_km * np.diff(far[known]), rel=1e-6, abs=1e-6)


def test_a_mean_haul_out_of_reach_is_refused_with_the_reach() -> None:
    for mean in (99.0, 401.0):
        with pytest.raises(ValueError, match="100 to 400"):
            fit_pairs(MASS, KM, ONE, np.array([1.0]), mean)


def test_without_a_mean_haul_tonnes_are_inverse_to_distance() -> None:
    fit = fit_pairs(MASS, KM, ONE, np.array([7.0]), math.nan)
    assert fit.tonnes * KM / MASS == pytest.approx([311.11111] * 3)
    assert math.isnan(fit.decay_per_km)


def test_small_pairs_are_left_out_and_both_sums_still_hold() -> None:
    fit = fit_pairs(MASS, KM, ONE, np.array([100.0]), 190.0, smallest_t=30.0)
    whole = fit_pairs(MASS, KM, ONE, np.array([100.0]), 190.0)
    assert (whole.tonnes < 30).any()
    assert (fit.tonnes == 0).sum() == 1
    assert fit.tonnes.sum() == pytest.approx(100.0)
    assert fit.tonnes @ KM == pytest.approx(19000.0)
    # Of two pairs alone, the mean haul needs both, however small.
    fit = fit_pairs(MASS[:2], KM[:2], ONE[:2], np.array([1.0]), 150.0, smallest_t=30.0)
    assert (fit.tonnes > 0).all()


@pytest.mark.parametrize("spread", [0.6, 1.5])
def test_long_hauls_are_the_tail_of_a_lognormal_distribution(spread: float) -> None:
    found = long_hauls(1000.0, 40_000.0, spread, 100.0)
    z = np.linspace(-12, 12, 2_000_001)
    density = np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi) * (z[1] - z[0])
    km = np.exp(math.log(40.0) - spread**2 / 2 + spread * z)
    assert density @ km == pytest.approx(40.0, rel=1e-6)
    assert found.tonnes == pytest.approx(1000 * density[km > 100].sum(), rel=1e-4)
    assert found.tkm == pytest.approx(1000 * (density * km)[km > 100].sum(), rel=1e-4)
    everything = long_hauls(1000.0, 40_000.0, spread, 0.0)
    assert (everything.tonnes, everything.tkm) == (1000.0, 40_000.0)
