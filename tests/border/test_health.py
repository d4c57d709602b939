"""Infections over a border: closed forms, drivers one by one, properties, refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from landlink.border.entry_risk import entry_risk, healthy_stopped, infected_stopped
from landlink.border.health import (
    BorderSide,
    Entries,
    HealthRule,
    entries_per_week,
)
from landlink.border.health_inputs import HealthInputs, health_inputs, incidence_on
from tests.support.drivers import infectious_entries

FROM, TO = 4.0, 9.0
VEHICLES, INCIDENCE = 100.0, 1e-4
COURSE = {"incubation_days": 6.0, "infectious_before_onset_days": 2.0, "infectious_days": 5.0}
rule = HealthRule.of


def inputs(curves: dict[str, dict[float, float]] | None = None, *, draws: int = 3, **values: float) -> HealthInputs:
    """Inputs without spread; parameters for one kind or test are written ``contacts__escort``."""
    rows = [(*(*name.split("__"), "")[:2], value, np.nan, np.nan) for name, value in (COURSE | values).items()]
    points = [
        (test, day, part, np.nan, np.nan) for test, curve in (curves or {}).items() for day, part in curve.items()
    ]
    ends = ["lower", "upper"]
    return health_inputs(
        {
            "health": pd.DataFrame(rows, columns=["parameter", "applies_to", "value", *ends]),
            "sensitivity": pd.DataFrame(points, columns=["test", "day", "sensitivity", *ends]),
        },
        draws=draws,
    )


def days(found: HealthInputs, *rules: HealthRule) -> float:
    """Entries for each driver and unit of incidence."""
    total = entry_risk(rules, found).total
    assert (total == total[0]).all()
    return float(total[0])


def test_no_rule():
    """Everyone infectious within the stay enters: those infected from ``TO`` days to ``FROM`` less the stay ago."""
    assert days(inputs()) == pytest.approx(TO - FROM, rel=1e-12)
    assert days(inputs(stay_days=3.0)) == pytest.approx(TO - FROM + 3.0, rel=1e-12)
    assert days(inputs(stay_days=30.0)) == pytest.approx(TO, rel=1e-12)


def test_entries_are_vehicles_times_incidence_times_days():
    found = inputs()
    side = BorderSide(np.full(3, INCIDENCE), found)
    entries = entries_per_week((VEHICLES, 2 * VEHICLES), (), (side, side))
    one = 7 * VEHICLES * INCIDENCE * (TO - FROM)
    np.testing.assert_allclose([entries.mean, entries.low, entries.high], [[one, 2 * one, 3 * one]] * 3, rtol=1e-12)


def test_a_share_of_infected_drivers_enters_whole_where_they_stay_long():
    found = inputs(stay_days=30.0)
    row = {
        "country": "AAA",
        "from_date": "2024",
        "counted": "infected_share",
        "value": 0.01,
        "lower": np.nan,
        "upper": np.nan,
    }
    side = BorderSide(incidence_on(row, found), found)
    assert entries_per_week((VEHICLES, 0), (), (side, side)).mean[0] == pytest.approx(7 * VEHICLES * 0.01, rel=1e-12)


@pytest.mark.parametrize("share", [1.0, 0.4])
def test_one_test_of_constant_sensitivity(share: float):
    found = inputs(stay_days=30.0)
    assert days(found, rule("test", sensitivity=0.7, share=share)) == pytest.approx(TO * (1 - 0.7 * share), rel=1e-9)
    # Two days before arrival it cannot find who is infected in the last two days.
    before = rule("test", sensitivity=0.7, hours_before=48, share=share)
    assert days(found, before) == pytest.approx(2 + (TO - 2) * (1 - 0.7 * share), rel=1e-9)


def test_one_test_within_a_validity_window():
    """Samples evenly over the last V days find an infection of age a with chance s min(a / V, 1)."""
    found = inputs(stay_days=30.0)
    assert days(found, rule("test", sensitivity=0.6, validity_h=72)) == pytest.approx(TO - 0.6 * (TO - 1.5), rel=1e-9)


def test_one_test_with_sensitivity_by_day():
    """0 at infection, 0.8 on day 4, 0.4 from day 8 on; of ages 4 to 9 it finds the integral 0.6 * 4 + 0.4."""
    found = inputs({"pcr": {0: 0.0, 4: 0.8, 8: 0.4}})
    assert days(found, rule("test", test="pcr")) == pytest.approx(5 - 2.8, rel=1e-9)
    # A day and a half before arrival: ages 2.5 to 7.5, so 0.65 * 1.5 + (0.8 + 0.45) / 2 * 3.5.
    expected = 5 - (0.65 * 1.5 + 0.625 * 3.5)
    assert days(found, rule("test", test="pcr", hours_before=36)) == pytest.approx(expected, rel=1e-9)


def test_a_window_is_the_mean_of_its_moments():
    found = inputs({"pcr": {0: 0.0, 4: 0.8, 8: 0.4}}, stay_days=2.0)
    moments = [days(found, rule("test", test="pcr", hours_before=hour)) for hour in np.arange(12, 72, 0.5) + 0.25]
    window = days(found, rule("test", test="pcr", hours_before=12, validity_h=72))
    assert window == pytest.approx(np.mean(moments), rel=1e-4)


@pytest.mark.parametrize("width", [0.0, 1e-16, 1e-12, 1e-8, 1e-5, 1e-3])
def test_a_window_without_width_is_a_moment(width: float):
    found = inputs({"pcr": {0: 0.0, 4: 0.8, 8: 0.4}}, stay_days=30.0, waiting_infection=0.0)
    moment = days(found, rule("test", test="pcr", hours_before=24))
    assert days(found, rule("test", test="pcr", hours_before=24, validity_h=24 + width)) == pytest.approx(
        moment, rel=1e-4
    )
    wait = rule("test", test="pcr", turnaround_h=width)
    assert days(found, wait) == pytest.approx(days(found, rule("test", test="pcr")), rel=1e-4)


def test_two_tests_are_independent_only_at_a_given_age():
    """Sensitivity a / 10 of infections of age a up to 10 days: the integral of (1 - a / 10) squared, 10 / 3."""
    found = inputs({"pcr": {0: 0.0, 10: 1.0}}, stay_days=30.0, infectious_days=6.0)
    one, two = rule("test", test="pcr"), rule("test", test="pcr", rule_id="again")
    assert days(found, one) == pytest.approx(5.0, rel=1e-9)
    assert days(found, one, two) == pytest.approx(10 / 3, rel=1e-4)
    assert days(found, one, two) > 10 * 0.5**2


@pytest.mark.parametrize("correlation", [0.0, 0.3, 1.0])
def test_two_tests_of_one_driver_that_are_correlated(correlation: float):
    found = inputs(stay_days=30.0, repeat_correlation=correlation)
    tests = rule("test", sensitivity=0.7, rule_id="a"), rule("test", sensitivity=0.7, rule_id="b")
    both_miss = 0.3**2 + correlation * 0.7 * 0.3
    assert days(found, *tests) == pytest.approx(TO * both_miss, rel=1e-9)


@pytest.mark.parametrize("length", [0.0, 2.0, 5.0, 8.9, 14.0])
@pytest.mark.parametrize("share", [1.0, 0.6])
def test_quarantine(length: float, share: float):
    """Of ages spread evenly, those above the length are left; who is not reached enters as without it."""
    quarantine = rule("quarantine", days=length, share=share)
    for stay in (0.0, 30.0):
        youngest = max(0.0, FROM - stay)
        expected = share * max(0.0, TO - max(length, youngest)) + (1 - share) * (TO - youngest)
        assert days(inputs(stay_days=stay), quarantine) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_quarantine_and_then_a_test():
    found = inputs({"pcr": {0: 0.0, 4: 0.8, 8: 0.4}}, stay_days=30.0)
    after = days(found, rule("quarantine", days=7), rule("test", test="pcr"))
    assert after == pytest.approx(2 - (0.45 + 0.4), rel=1e-9)
    # The test on the day that quarantine begins meets ages 0 to 2.
    assert days(found, rule("test", test="pcr"), rule("quarantine", days=7)) == pytest.approx(2 - 0.4, rel=1e-9)


def test_waiting_for_a_result_adds_infections():
    """In half a day of waiting 4 % of those who are infected are added, and those infected in it are not tested."""
    found = inputs(stay_days=30.0, waiting_infection=0.04)
    held = rule("test", sensitivity=0.7, turnaround_h=12)
    assert days(found, held) == pytest.approx(0.5 + (TO - 0.5) * 0.3 + 0.04 * TO, rel=1e-9)
    assert days(found, rule("test", sensitivity=0.7, turnaround_h=12, hours_before=24)) == pytest.approx(
        1 + (TO - 1) * 0.3, rel=1e-9
    )


def test_vaccination():
    assert days(inputs(), rule("vaccination", coverage=0.8, efficacy=0.5)) == pytest.approx((TO - FROM) * 0.6, rel=1e-9)


def test_swaps_hand_over_what_contacts_do():
    """Only drivers infectious on the day count, and at most the one infection that each would be himself."""
    found = inputs(stay_days=30.0, infection_per_contact=0.2, contacts__driver_swap=1.5, contacts__contactless=0.1)
    assert days(found, rule("driver_swap")) == pytest.approx((TO - FROM) * 0.3, rel=1e-9)
    assert days(found, rule("trailer_swap", contacts=40)) == pytest.approx(TO - FROM, rel=1e-9)
    part = rule("contactless", share=0.75)
    assert days(found, part) == pytest.approx(0.25 * TO + 0.75 * 0.02 * (TO - FROM), rel=1e-9)
    # Who is not reached by the safest hand-over meets the next.
    assert days(found, rule("driver_swap"), part) == pytest.approx((TO - FROM) * (0.75 * 0.02 + 0.25 * 0.3), rel=1e-9)


def test_escort_counts_the_whole_stay():
    found = inputs(stay_days=2.0, infection_per_contact=0.2, contacts__escort=1.0)
    assert days(found, rule("escort")) == pytest.approx(0.2 * (TO - FROM + 2), rel=1e-9)


def test_disinfection_acts_on_goods_alone():
    found = inputs(handlings=6.0, infection_per_handling=0.001)
    assert days(found) == pytest.approx((TO - FROM) * 1.006, rel=1e-9)
    assert days(found, rule("disinfection", efficacy=0.9)) == pytest.approx((TO - FROM) * 1.0006, rel=1e-9)


def test_positive_tests_are_turned_into_incidence():
    """The integral of the sensitivity up to its last day is 1.6 + 2.4; false positives come off first."""
    curve = {"pcr": {0: 0.0, 4: 0.8, 8: 0.4}}
    row = {"country": "*", "from_date": "2024", "counted": "positive_share", "value": 0.02, "lower": np.nan,
           "upper": np.nan, "test": "pcr"}  # fmt: skip
    assert incidence_on(row, inputs(curve)) == pytest.approx(0.02 / 4, rel=1e-9)
    incidence = incidence_on(row, inputs(curve, specificity__pcr=0.99))
    np.testing.assert_allclose(incidence * 4 + (1 - incidence * 8) * 0.01, 0.02, rtol=1e-9)


def test_who_is_stopped():
    found = inputs({"pcr": {0: 0.0, 4: 0.8, 8: 0.4}, "quick": {0: 0.5, 8: 0.5}}, specificity__quick=0.9)
    assert infected_stopped((rule("test", test="pcr"),), found) == pytest.approx(1.6 + 2.4 + 0.4, rel=1e-9)
    assert infected_stopped((rule("quarantine", days=3),), found) == pytest.approx(0.0, abs=1e-9)
    twice = rule("test", test="quick"), rule("test", sensitivity=0.5, specificity=0.8, share=0.5)
    np.testing.assert_allclose(healthy_stopped(twice, found), 1 - 0.9 * 0.9, rtol=1e-12)


CURVE = {"pcr": {0: 0.0, 3: 0.5, 5: 0.8, 12: 0.3}}
JOURNEYS = {
    "certificate and gate": (rule("test", test="pcr", validity_h=72, turnaround_h=12), rule("test", sensitivity=0.5)),
    "gate, wait, quarantine": (rule("test", test="pcr", turnaround_h=18), rule("quarantine", days=3)),
    "quarantine, gate, wait": (rule("quarantine", days=3), rule("test", test="pcr", turnaround_h=18)),
    "two quarantines, some": (
        rule("quarantine", days=2, share=0.5),
        rule("test", test="pcr", share=0.8),
        rule("quarantine", days=4, share=0.7),
    ),
    "before arrival and late": (
        rule("test", test="pcr", hours_before=10, turnaround_h=30),
        rule("quarantine", days=1),
        rule("test", test="pcr", hours_before=60, turnaround_h=5),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", JOURNEYS)
@pytest.mark.parametrize("stay", [0.0, 2.0])
def test_the_same_as_drivers_one_by_one(name: str, stay: float):
    known = {"pcr": lambda age: np.interp(age, list(CURVE["pcr"]), list(CURVE["pcr"].values()))}
    mean, error = infectious_entries(JOURNEYS[name], (FROM, TO, stay), known)
    assert days(inputs(CURVE, stay_days=stay), *JOURNEYS[name]) == pytest.approx(mean, abs=4 * error)


def test_intervals_are_those_of_the_parameters_and_of_counting():
    tables = {
        "health": pd.DataFrame(
            [(name, "", value, np.nan, np.nan) for name, value in COURSE.items()],
            columns=["parameter", "applies_to", "value", "lower", "upper"],
        ),
        "sensitivity": pd.DataFrame(columns=["test", "day", "sensitivity", "lower", "upper"]),
    }
    found = health_inputs(tables, draws=1000)
    row = {"country": "AAA", "from_date": "2024", "counted": "incidence_per_day", "value": 0.002, "lower": 0.001,
           "upper": 0.004}  # fmt: skip
    side = BorderSide(incidence_on(row, found), found)
    entries = entries_per_week((10, 0), (), (side, side), level=0.9)
    unit = 7 * 10 * 5
    assert entries.low[0] == pytest.approx(unit * (0.001 + 0.1 * 0.001), rel=1e-2)
    assert entries.high[0] == pytest.approx(unit * (0.002 + 0.9 * 0.002), rel=1e-2)
    low, high = Entries.of(np.full((2, 4), 3.7)).counts()
    assert (low[0], high[0]) == poisson.interval(0.95, 3.7)
    assert (low[2], high[2]) == poisson.interval(0.95, 7.4)
    assert entries.frame().columns.tolist() == ["direction", "mean", "low", "high", "count_low", "count_high"]


def test_draws_are_the_same_bytes_and_belong_to_their_names():
    frame = pd.DataFrame(
        [(name, "", value, 0.5 * value, 2 * value) for name, value in COURSE.items()],
        columns=["parameter", "applies_to", "value", "lower", "upper"],
    )
    none = pd.DataFrame(columns=["test", "day", "sensitivity", "lower", "upper"])
    one, two = (health_inputs({"health": rows, "sensitivity": none}) for rows in (frame, frame.iloc[::-1]))
    assert one.infectious_to.tobytes() == two.infectious_to.tobytes()
    other = health_inputs({"health": frame, "sensitivity": none}, seed=2)
    assert one.infectious_to.tobytes() != other.infectious_to.tobytes()


SHARES = st.floats(0.0, 1.0)
RULES = st.one_of(
    st.builds(lambda s, h, c: rule("test", sensitivity=s, hours_before=h, share=c), SHARES, st.floats(0, 90), SHARES),
    st.builds(lambda h, v: rule("test", test="pcr", hours_before=h, validity_h=h + v),
              st.floats(0, 48), st.floats(0, 72)),
    st.builds(lambda t: rule("test", test="pcr", turnaround_h=t), st.floats(0, 30)),
    st.builds(lambda n, c: rule("quarantine", days=n, share=c), st.floats(0, 16), SHARES),
    st.builds(lambda k, n, c: rule(k, contacts=n, share=c),
              st.sampled_from(["escort", "driver_swap", "trailer_swap", "contactless"]), st.floats(0, 20), SHARES),
    st.builds(lambda v, e: rule("vaccination", coverage=v, efficacy=e), SHARES, SHARES),
    st.builds(lambda e: rule("disinfection", efficacy=e), SHARES),
)  # fmt: skip
UNHURRIED = RULES.filter(lambda one: one.kind != "quarantine" and (one.turnaround_h or 0.0) == 0.0)
WORLD = inputs(CURVE, stay_days=2.0, infection_per_contact=0.2, waiting_infection=0.0, repeat_correlation=0.2)
LONG = inputs(CURVE, stay_days=30.0, repeat_correlation=0.2)
STUDIES = settings(max_examples=60, deadline=None)


@STUDIES
@given(st.lists(RULES, max_size=4), st.floats(0, 500), SHARES)
def test_entries_lie_between_none_and_all_who_come(rules: list[HealthRule], vehicles: float, incidence: float):
    side = BorderSide(np.full(3, incidence), WORLD)
    entries = entries_per_week((vehicles, 0.0), tuple(rules), (side, side))
    assert ((entries.draws >= 0) & (entries.draws <= 7 * vehicles)).all()
    assert (entries.low <= entries.mean * (1 + 1e-12)).all()
    assert (entries.mean <= entries.high * (1 + 1e-12)).all()


@STUDIES
@given(st.lists(RULES, max_size=3), st.integers(0, 3), SHARES, SHARES, st.floats(0, 90))
def test_a_better_test_lets_no_more_in(others: list[HealthRule], place: int, one: float, two: float, hours: float):
    found = []
    for sensitivity in sorted((one, two)):
        rules = list(others)
        rules.insert(place, rule("test", sensitivity=sensitivity, hours_before=hours))
        found.append(days(WORLD, *rules))
    assert found[1] <= found[0] + 1e-9


@STUDIES
@given(st.lists(RULES, max_size=3), st.integers(0, 3), st.floats(0, 16), st.floats(0, 16))
def test_a_longer_quarantine_lets_no_more_in_where_drivers_stay(
    others: list[HealthRule], place: int, one: float, two: float
):
    found = []
    for length in sorted((one, two)):
        rules = [
            other for other in others if other.kind not in ("escort", "driver_swap", "trailer_swap", "contactless")
        ]
        rules.insert(place, rule("quarantine", days=length))
        found.append(days(LONG, *rules))
    assert found[1] <= found[0] + 1e-6


@STUDIES
@given(st.lists(UNHURRIED, min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_rules_that_hold_nobody_does_not_matter(rules: list[HealthRule], random):
    other = list(rules)
    random.shuffle(other)
    assert days(WORLD, *other) == pytest.approx(days(WORLD, *rules), rel=1e-9, abs=1e-12)


@STUDIES
@given(st.lists(RULES, max_size=3), SHARES, SHARES)
def test_more_vaccinated_drivers_bring_no_more(others: list[HealthRule], one: float, two: float):
    few, many = sorted((one, two))
    found = [days(WORLD, *others, rule("vaccination", coverage=part, efficacy=0.7)) for part in (few, many)]
    assert found[1] <= found[0] + 1e-12
