"""Rates and durations against closed forms: Jeffreys's posterior, truncated lognormals, courses of recovery."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

from landlink.resilience.draws import poisson_quantile
from landlink.resilience.durations import CLASSES, CUT, duration_classes, recovery_steps
from landlink.resilience.frequency import INTERVAL, Rate


@pytest.mark.parametrize(("events", "years"), [(0, 16.25), (1, 8.2), (11, 5.0), (200, 40.0)])
def test_a_counted_rate_is_the_posterior_of_jeffreys_prior(events: int, years: float) -> None:
    rate = Rate.counted(events, years)
    # Prior times likelihood, normalised by a rule that knows nothing of gamma distributions; with x = sqrt(rate),
    # the prior is flat.
    most = (events + 10 * math.sqrt(events + 1) + 10) / years

    def weight(x: float, power: int) -> float:
        return float(x ** (2 * power) * stats.poisson.pmf(events, x * x * years))

    whole = quad(weight, 0, math.sqrt(most), args=(0,), limit=200)[0]
    assert rate.mean == pytest.approx(quad(weight, 0, math.sqrt(most), args=(1,), limit=200)[0] / whole, rel=1e-6)
    low, high = rate.interval
    for end, probability in ((low, INTERVAL[0]), (high, INTERVAL[1])):
        below = quad(weight, 0, math.sqrt(end), args=(0,), limit=200)[0] / whole
        assert below == pytest.approx(probability, abs=1e-6)


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    # Over many true rates, since counts are whole numbers and the share of one rate jumps with it.
    source, years = np.random.Generator(np.random.PCG64(1)), 16.0
    truths = source.uniform(0.02, 1.0, 4000)
    counts = source.poisson(truths * years).tolist()
    intervals = {count: Rate.counted(count, years).interval for count in set(counts)}
    held = [intervals[count][0] <= truth <= intervals[count][1] for count, truth in zip(counts, truths, strict=True)]
    assert np.mean(held) == pytest.approx(0.8, abs=0.02)


def test_a_stated_rate_is_certain_unless_it_says_otherwise() -> None:
    assert Rate.stated(8).interval == pytest.approx((8, 8))
    doubtful = Rate.stated(8, 0.35)
    assert doubtful.interval == pytest.approx(stats.lognorm(0.35, scale=8).interval(0.8))
    assert doubtful.mean == pytest.approx(stats.lognorm(0.35, scale=8).mean())


@pytest.mark.parametrize("mean", [0.01, 0.7, 12.0, 60.0])
def test_poisson_quantiles(mean: float) -> None:
    probability = np.linspace(0.0005, 0.9995, 500)
    expected = stats.poisson.ppf(probability, mean).astype(int)
    assert poisson_quantile(probability, np.full(500, mean)).tolist() == expected.tolist()


@pytest.mark.parametrize(("median", "spread"), [(0.6, 0.47), (11.4, 1.5), (3.0, 0.05)])
def test_duration_classes_keep_the_mean_of_the_cut_distribution(median: float, spread: float) -> None:
    law = stats.lognorm(spread, scale=median)
    classes = duration_classes(median, spread)
    edges = np.array([0.0, *law.ppf(CUT * np.array(CLASSES))])
    for days, a, b in zip(classes, edges, edges[1:], strict=False):
        mass = law.cdf(b) - law.cdf(a)
        assert days == pytest.approx(quad(lambda x: x * law.pdf(x), a, b)[0] / mass, rel=1e-6)
    mean = float(np.diff([0.0, *CLASSES]) @ classes)
    assert mean == pytest.approx(law.expect(ub=edges[-1], conditional=True), rel=1e-6)
    assert list(classes) == sorted(classes)


def test_a_duration_without_spread_is_its_median() -> None:
    assert set(duration_classes(7.0, 0.0)) == {7.0}


@pytest.mark.parametrize(
    ("course", "missing"), [("linear", lambda x: 1 - x), ("exponential", lambda x: math.exp(-3 * x))]
)
def test_steps_of_a_recovery_have_the_means_of_its_course(course: str, missing: object) -> None:
    begin = 0.0
    for step in recovery_steps(30, course):
        end = begin + step.days / 30
        assert step.missing == pytest.approx(quad(missing, begin, end)[0] / (end - begin))
        begin = end
    assert begin == pytest.approx(1)


def test_a_recovery_in_a_step() -> None:
    assert [(step.days, step.missing) for step in recovery_steps(30, "step")] == [(30, 0.5)]
    assert [(step.days, step.missing) for step in recovery_steps(1022, "step", 0.96)] == [(1022, 0.96)]
    assert recovery_steps(0, "linear") == ()
