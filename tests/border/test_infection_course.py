"""Incubation and infectious time as distributions: closed forms, drivers one by one, and published quarantines."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.special import gammaincc
from scipy.stats import norm

from landlink.border.entry_risk import entry_risk
from landlink.border.health import border_sides, entries_per_week
from landlink.border.health_inputs import HealthInputs, health_inputs, incidence_on
from landlink.border.health_rule import HealthRule
from landlink.border.infection_course import course_of
from tests.support.bundled import bundled_study

rule = HealthRule.of
MEAN_INCUBATION, MEAN_INFECTIOUS = 5.8, 5.3


def inputs(curve: dict[int, float] | None = None, **values: float) -> HealthInputs:
    """Parameters without uncertainty."""
    given = {
        "incubation_days": MEAN_INCUBATION, "infectious_before_onset_days": 0.0, "infectious_days": MEAN_INFECTIOUS,
    } | values  # fmt: skip
    rows = [(name, "", value, np.nan, np.nan) for name, value in given.items()]
    points = [("pcr", day, share, np.nan, np.nan) for day, share in (curve or {}).items()]
    ends = ["lower", "upper"]
    return health_inputs(
        {
            "health": pd.DataFrame(rows, columns=["parameter", "applies_to", "value", *ends]),
            "sensitivity": pd.DataFrame(points, columns=["test", "day", "sensitivity", *ends]),
        },
        draws=1,
    )


def days(found: HealthInputs, *rules: HealthRule) -> float:
    return float(entry_risk(rules, found).total[0])


def lognormal_excess(mean: float, cv: float, k: float) -> float:
    """Expected excess over k of a lognormal number: the formula of Black and Scholes (1973) without interest."""
    if k <= 0.0:
        return mean - k
    sigma = math.sqrt(math.log1p(cv * cv))
    d = math.log(mean / k) / sigma + 0.5 * sigma
    return float(mean * norm.cdf(d) - k * norm.cdf(d - sigma))


def gamma_excess(mean: float, cv: float, k: float) -> float:
    """Expected excess over k of a number with a gamma distribution."""
    if k <= 0.0:
        return mean - k
    shape, scale = 1.0 / cv**2, mean * cv**2
    return float(mean * gammaincc(shape + 1.0, k / scale) - k * gammaincc(shape, k / scale))


@pytest.mark.parametrize("quarantine", [0.0, 3.0, 7.0, 10.0, 14.0, 21.0])
def test_incubation_that_varies_alone(quarantine: float):
    """Infectious from X to X + T, so of ages above q that are infectious E(X + T - q)+ - E(X - q)+ days are left."""
    found = inputs(incubation_cv=0.53)
    expected = lognormal_excess(MEAN_INCUBATION, 0.53, quarantine - MEAN_INFECTIOUS)
    expected -= lognormal_excess(MEAN_INCUBATION, 0.53, quarantine)
    assert days(found, rule("quarantine", days=quarantine)) == pytest.approx(expected, abs=2e-3)


@pytest.mark.parametrize("quarantine", [0.0, 3.0, 7.0, 10.0, 14.0, 21.0])
@pytest.mark.parametrize("cv", [0.2, 0.6, 1.0])
def test_infectious_time_that_varies_alone(quarantine: float, cv: float):
    found = inputs(infectious_cv=cv)
    expected = gamma_excess(MEAN_INFECTIOUS, cv, quarantine - MEAN_INCUBATION) - max(0.0, MEAN_INCUBATION - quarantine)
    assert days(found, rule("quarantine", days=quarantine)) == pytest.approx(expected, abs=4e-3)


def test_without_rules_only_means_count():
    """Every infection is infectious for its own time, on average for the mean; so is incidence."""
    found = inputs(incubation_cv=0.5, infectious_cv=0.6)
    assert days(found) == pytest.approx(MEAN_INFECTIOUS, rel=1e-4)
    assert float(found.infectious_to[0]) == pytest.approx(MEAN_INCUBATION + MEAN_INFECTIOUS, rel=1e-4)
    row = {"country": "*", "from_date": "2024", "counted": "infected_share", "value": 0.01, "lower": np.nan,
           "upper": np.nan}  # fmt: skip
    assert incidence_on(row, found)[0] == pytest.approx(0.01 / (MEAN_INCUBATION + MEAN_INFECTIOUS), rel=1e-4)


def test_moments_of_the_course():
    one = np.ones(1)
    course = course_of(6.0 * one, 0.5 * one, 0.0 * one, 5.0 * one, 0.6 * one)
    lasts = course.ends - course.begins
    for values, mean, cv in ((course.begins, 6.0, 0.5), (lasts, 5.0, 0.6)):
        assert course.mean(values)[0] == pytest.approx(mean, rel=1e-4)
        assert course.mean((values - mean) ** 2)[0] ** 0.5 == pytest.approx(mean * cv, rel=2e-3)
    assert course.mean((course.begins - 6.0) * (lasts - 5.0))[0] == pytest.approx(0.0, abs=1e-6)


def test_no_variation_is_the_fixed_course():
    fixed = inputs({0: 0.0, 4: 0.8, 8: 0.4}, stay_days=2.0, waiting_infection=0.04)
    stated = inputs(
        {0: 0.0, 4: 0.8, 8: 0.4}, stay_days=2.0, waiting_infection=0.04, incubation_cv=0.0, infectious_cv=0.0
    )
    slight = inputs(
        {0: 0.0, 4: 0.8, 8: 0.4}, stay_days=2.0, waiting_infection=0.04, incubation_cv=1e-3, infectious_cv=1e-3
    )
    rules = (rule("test", test="pcr", turnaround_h=18), rule("quarantine", days=3))
    assert days(stated, *rules) == days(fixed, *rules)
    assert days(slight, *rules) == pytest.approx(days(fixed, *rules), abs=5e-3)
    assert fixed.course.weight.tolist() == [1.0]


def test_the_same_as_drivers_one_by_one():
    """A million drivers with courses of their own, tests and a quarantine: those who enter while infectious."""
    generator = np.random.default_rng(5)
    number, oldest, stay, q = 1_000_000, 60.0, 3.0, 5.0
    sigma = math.sqrt(math.log1p(0.53**2))
    onset = MEAN_INCUBATION * np.exp(sigma * generator.standard_normal(number) - sigma * sigma / 2)
    begins = np.maximum(0.0, onset - 2.3)
    ends = begins + generator.gamma(1 / 0.6**2, MEAN_INFECTIOUS * 0.6**2, number)
    age = oldest * generator.random(number)
    found_share = np.interp(age - q, [0, 4, 12], [0.0, 0.8, 0.3], left=0.0)
    enters = (age >= q) & (age < ends) & (age >= begins - stay) & (generator.random(number) >= found_share)
    found = inputs(
        {0: 0.0, 4: 0.8, 12: 0.3}, stay_days=stay, infectious_before_onset_days=2.3, incubation_cv=0.53,
        infectious_cv=0.6,
    )  # fmt: skip
    expected = oldest * enters.mean()
    error = oldest * math.sqrt(enters.mean() / number)
    assert days(found, rule("test", test="pcr"), rule("quarantine", days=q)) == pytest.approx(expected, abs=4 * error)


def test_fixed_times_flatter_a_long_quarantine():
    """With fixed times nobody is infectious after 14 days; with published ones a tenth or a fourteenth is left."""
    shared = {"incubation_days": 6.57, "infectious_before_onset_days": 2.3, "infectious_days": 5.33}
    apart = rule("quarantine", days=14)
    for stay, cut in ((0.0, 0.902), (3.5, 0.929)):
        fixed, varied = (
            inputs(stay_days=stay, **shared),
            inputs(stay_days=stay, incubation_cv=0.533, infectious_cv=0.595, **shared),
        )
        assert days(fixed, apart) == 0.0
        assert 1.0 - days(varied, apart) / days(varied) == pytest.approx(cut, abs=2e-3)


def test_variants_have_their_own_spread():
    rows = [("incubation_days", "", 6.0), ("infectious_before_onset_days", "", 2.0), ("infectious_days", "", 5.0),
            ("incubation_cv", "", 0.5), ("incubation_cv", "delta", 0.2)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["parameter", "applies_to", "value"]).assign(lower=np.nan, upper=np.nan)
    tables = {"health": frame, "sensitivity": pd.DataFrame(columns=["test", "day", "sensitivity", "lower", "upper"])}
    wild, delta = (health_inputs(tables, variant=name, draws=1).course for name in ("", "delta"))
    spread = [course.mean((course.begins - 4.0) ** 2)[0] for course in (wild, delta)]
    assert spread[1] < 0.25 * spread[0]


def test_quarantines_of_the_bundled_study_against_published_ones():
    """Fourteen days leave 2.2 % of imported infections on average, 0.5 to 8.2 % by strategy (Dickens et al. 2021)."""
    study = bundled_study()
    sides = border_sides(study, "TORU", date(2020, 11, 1))
    apart = [(), *((rule("quarantine", days=length),) for length in (7, 14, 21))]
    entries = [entries_per_week((150, 150), rules, sides).mean[2] for rules in apart]
    left = [found / entries[0] for found in entries[1:]]
    assert left[0] > left[1] > left[2] > 0.0
    assert 0.005 < left[1] < 0.082
