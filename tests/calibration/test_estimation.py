"""Estimation of deviations: known answers, and recovery of what is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landlink.calibration.estimation import (
    Estimate,
    Targets,
    discrepancy,
    estimate,
    estimates_without,
    objective,
    posterior_covariance,
)
from landlink.core.arrays import Floats

WIDE = 10.0


def targets(value: Floats, error: float | Floats, parameters: int, limit: float = WIDE) -> Targets:
    count = len(value)
    return Targets(
        np.asarray(value, float), np.broadcast_to(error, count).astype(float), np.ones(count), np.ones(parameters),
        np.full(parameters, -limit), np.full(parameters, limit),
    )  # fmt: skip


def fitted(aim: Targets, slopes: Floats, **more: object) -> Estimate:
    return estimate(aim, lambda z: slopes @ z, lambda z, y: slopes, start=np.zeros(slopes.shape[1]), **more)  # type: ignore[arg-type]


def test_one_observation_of_one_parameter_is_a_weighted_mean():
    """Prior 0 +- 1 and an observation of 1 +- 0.8: the pulls of both are equal."""
    aim = targets(np.array([1.0]), 0.8, 1)
    found = fitted(aim, np.ones((1, 1)))
    residual = (1 - found.z[0]) / 0.8
    weight = 1 / (1 + (residual / 2.385) ** 2)
    assert found.z == pytest.approx([weight * residual / 0.8], abs=0.01)
    assert found.z == pytest.approx([1 / (1 + 0.64)], abs=0.02), "that of least squares, nearly"
    assert posterior_covariance(aim, found)[0] == pytest.approx([1 / (1 + weight / 0.64)], rel=1e-12)
    assert found.still


def test_an_observation_that_contradicts_the_prior_loses_its_pull():
    """Near, an observation is met halfway; far away, Cauchy's loss pulls with c^2 / r only, and the prior with z."""
    near, far = (fitted(targets(np.array([value]), 1.0, 1), np.ones((1, 1)), most_steps=50) for value in (1.0, 100.0))
    assert near.z == pytest.approx([0.5], abs=0.03)
    assert 0 <= far.z[0] <= 2.385**2 / 100


def test_one_impossible_observation_does_not_outvote_the_others():
    """Ten observations of 1 and one of -30, which responds five times as strongly."""
    slopes = np.append(np.ones(10), 5.0)[:, None]
    aim = targets(np.append(np.ones(10), -30.0), 0.5, 1)
    alone = fitted(targets(np.ones(10), 0.5, 1), slopes[:10])
    assert fitted(aim, slopes, most_steps=50).z == pytest.approx(alone.z, abs=0.08)


def test_limits_hold_and_are_reached():
    found = fitted(targets(np.full(50, 3.0), 0.1, 1, limit=1.5), np.ones((50, 1)), most_steps=50)
    assert found.z == pytest.approx([1.5])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(1, 20))
def test_the_linear_optimum_has_no_gradient(seed: int, parameters: int, count: int):
    random = np.random.default_rng(seed)
    slopes = random.normal(size=(count, parameters))
    aim = targets(random.normal(size=count) * 3, 0.5, parameters)
    found = fitted(aim, slopes, most_steps=200)
    at = objective(aim, found.z, found.response)
    for direction in np.vstack([np.eye(parameters), -np.eye(parameters)]):
        z = found.z + 1e-2 * direction
        assert objective(aim, z, slopes @ z) >= at - 2e-3 * max(at, 1)


def test_known_parameters_of_a_curved_model_are_recovered_and_their_intervals_hold():
    """Eighty per cent intervals of five parameters in sixty trials with noise hold about eighty per cent."""
    random = np.random.default_rng(3)
    slopes = random.normal(size=(30, 5))

    def respond(z: Floats) -> Floats:
        return np.asarray(slopes @ z + 0.1 * np.sin(slopes @ z))

    def differentiate(z: Floats, _: Floats) -> Floats:
        return np.asarray((1 + 0.1 * np.cos(slopes @ z))[:, None] * slopes)

    inside, off = 0, []
    for _ in range(60):
        truth = random.normal(size=5)
        aim = targets(respond(truth) + 0.3 * random.normal(size=30), 0.3, 5)
        found = estimate(aim, respond, differentiate, start=np.zeros(5))
        deviation = np.sqrt(np.diag(posterior_covariance(aim, found)))
        inside += int((np.abs(found.z - truth) <= 1.2816 * deviation).sum())
        off.append(np.abs(found.z - truth).max())
    assert 0.72 <= inside / 300 <= 0.88
    assert np.median(off) < 0.2


def test_the_discrepancy_of_a_wrong_model_is_found():
    random = np.random.default_rng(7)
    slopes = random.normal(size=(200, 4))
    noise = 0.4 * random.normal(size=200)
    value, by = slopes @ random.normal(size=4) + noise, 0.2
    for _ in range(5):
        aim = targets(value, float(np.hypot(0.05, by)), 4)
        by = discrepancy(aim, np.full(200, 0.05), fitted(aim, slopes))
    assert by == pytest.approx(0.4, abs=0.05)


def test_leaving_out_by_steps_agrees_with_brute_force():
    random = np.random.default_rng(5)
    slopes = random.normal(size=(12, 3))
    aim = targets(random.normal(size=12), 0.4, 3)

    def respond(z: Floats) -> Floats:
        return np.asarray(slopes @ z + 0.05 * (slopes @ z) ** 2)

    def differentiate(z: Floats, _: Floats) -> Floats:
        return np.asarray((1 + 0.1 * slopes @ z)[:, None] * slopes)

    found = estimate(aim, respond, differentiate, start=np.zeros(3), most_steps=50)
    cases = [aim.leaving_out(np.arange(12) == out) for out in range(12)]
    quick = estimates_without(cases, found, lambda many: np.array([respond(z) for z in many]), steps=4)
    for case, without in zip(cases, quick, strict=True):
        whole = estimate(case, respond, differentiate, start=np.zeros(3), most_steps=50)
        assert without.z == pytest.approx(whole.z, abs=0.2)
        assert without.objective == pytest.approx(whole.objective, rel=2e-3)


def test_an_observation_repeated_with_shared_weight_counts_once():
    slopes = np.ones((2, 1))
    once = fitted(targets(np.array([1.0]), 0.8, 1), slopes[:1])
    twice = targets(np.array([1.0, 1.0]), 0.8, 1)
    shared = Targets(twice.value, twice.error, np.array([0.5, 0.5]), twice.precision, twice.low, twice.high)
    assert fitted(shared, slopes).z == pytest.approx(once.z, rel=1e-9)


def test_leaving_out_shortens_a_step_that_goes_too_far():
    """A response that rises steeply: the full step overshoots, and no step would keep what was left out in the fit."""

    def respond(z: Floats) -> Floats:
        return np.asarray(np.array([1.0, 2.0]) * (np.exp(1.5 * z[0]) - 1))

    def differentiate(z: Floats, _: Floats) -> Floats:
        return np.asarray((np.array([1.0, 2.0]) * 1.5 * np.exp(1.5 * z[0]))[:, None])

    aim = targets(np.array([9.0, -3.0]), 2.0, 1)
    found = estimate(aim, respond, differentiate, start=np.zeros(1), most_steps=50)
    case = aim.leaving_out(np.array([False, True]))
    (quick,) = estimates_without([case], found, lambda many: np.array([respond(z) for z in many]), steps=4)
    whole = estimate(case, respond, differentiate, start=np.zeros(1), most_steps=50)
    assert quick.objective < 0.5 * objective(case, found.z, found.response)
    assert quick.objective == pytest.approx(whole.objective, rel=0.1)
