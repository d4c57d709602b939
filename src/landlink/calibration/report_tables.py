"""What a calibration found, as tables of the study that it writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from landlink.calibration.calibrate import Calibrated
from landlink.calibration.demand import LEAST, MOST
from landlink.calibration.estimation import posterior_covariance, robust_weights
from landlink.calibration.fitted_observations import SOFTENING
from landlink.core.arrays import Floats
from landlink.indicators.observations import weighted_median
from landlink.study import Study
from landlink.study.parameters import DEMAND, EIGHTY, table_of
from landlink.tables.lists import join_list

__all__ = ["calibrated_study", "calibration_tables"]

#: Observations listed for a parameter, and those that contradict one.
LISTED: Final = 3
#: Residual, in standard errors, from which an observation is in tension with the fit.
TENSION: Final = 1.0
#: Cosine of two pulls on the parameters below which they contradict each other.
OPPOSED: Final = -0.5
#: Distance to a limit, in prior deviations, within which an estimate lies at it.
NEAR: Final = 1e-6


def calibrated_study(study: Study, fitted: Calibrated) -> Study:
    """The study with the tables of a calibration; all inputs as they were."""
    return replace(study, tables={**study.tables, **calibration_tables(fitted)})


def calibration_tables(fitted: Calibrated) -> dict[str, pd.DataFrame]:
    """Tables ``calibration``, ``adjustment``, ``posterior``, ``fit`` and ``calibration_score``."""
    return {
        "calibration": table_of("calibration", _estimates(fitted)),
        "adjustment": table_of("adjustment", _factors(fitted)),
        "posterior": table_of("posterior", _members(fitted)),
        "fit": table_of("fit", _fits(fitted)),
        "calibration_score": table_of("calibration_score", _scores(fitted)),
    }


def _deviations(fitted: Calibrated) -> Floats:
    """Posterior deviations of the knobs, in prior deviations."""
    return np.asarray(np.sqrt(np.diag(posterior_covariance(fitted.targets, fitted.found))))


def _pulls(fitted: Calibrated) -> Floats:
    """Pull of each observation on each knob along its gradient, shape (observations, knobs)."""
    targets, found = fitted.targets, fitted.found
    residual = (targets.value - found.response) / targets.error
    strength = targets.weight * robust_weights(residual) * residual / targets.error
    return np.asarray(strength[:, None] * found.derivatives)


def _estimates(fitted: Calibrated) -> Iterator[dict[str, Any]]:
    moved_by = _pulls(fitted) @ posterior_covariance(fitted.targets, fitted.found)
    ids = fitted.observations.ids
    for j, (knob, z, sd) in enumerate(zip(fitted.knobs, fitted.found.z, _deviations(fitted), strict=True)):
        if knob.id.startswith(DEMAND):
            continue
        low, high = knob.limits
        # Those that hold it where it is pull against the prior, to the side it moved to.
        toward = moved_by[:, j] * (np.sign(z) or 1.0)
        order = [i for i in np.argsort(-np.abs(toward), kind="stable")[:LISTED] if abs(toward[i]) > 0]
        yield {
            "parameter_id": knob.id, "prior": knob.prior, "prior_sd": knob.prior_sd, "estimate": knob.value(float(z)),
            "standard_error": float(sd) * knob.prior_sd, "moved": float(z),
            "at_bound": bool(z - low < NEAR or high - z < NEAR), "observations": join_list(ids[i] for i in order),
            "note": "",
        }  # fmt: skip


def _factors(fitted: Calibrated) -> Iterator[dict[str, Any]]:
    for knob, z, sd in zip(fitted.knobs, fitted.found.z, _deviations(fitted), strict=True):
        if knob.id.startswith(DEMAND):
            origin, destination, commodity = knob.id.removeprefix(DEMAND).split(":")
            factor = knob.value(float(z))
            at_limit = f"at its limit of {factor:g}" if not LEAST + NEAR < factor < MOST - NEAR else ""
            yield {
                "origin_country": origin, "destination_country": destination, "commodity_id": commodity,
                "factor": factor, "standard_error": float(sd) * knob.prior_sd, "note": at_limit,
            }  # fmt: skip


def _members(fitted: Calibrated) -> Iterator[dict[str, Any]]:
    for number, z in enumerate(fitted.posterior.z, start=1):
        for knob, deviation in zip(fitted.knobs, z, strict=True):
            yield {"member": number, "parameter_id": knob.id, "value": knob.value(float(deviation))}


def _fits(fitted: Calibrated) -> Iterator[dict[str, Any]]:
    obs = fitted.observations
    before = fitted.before * obs.factor
    after = _unlogged(fitted, fitted.found.response)
    without, low, high = (
        _unlogged(fitted, fitted.targets.value + fitted.left_out.miss + side * EIGHTY * fitted.left_out.spread)
        for side in (0, -1, 1)
    )
    against = _contradictions(fitted)
    for i, name in enumerate(obs.ids):
        yield {
            "observed_id": name, "role": obs.roles[i], "group": obs.groups[i], "observed": obs.value[i],
            "before": before[i], "after": after[i], "held_out": without[i], "held_out_p10": low[i],
            "held_out_p90": high[i], "log_error": obs.error[i], "contradicts": join_list(against[i]),
        }  # fmt: skip


def _unlogged(fitted: Calibrated, logs: Floats) -> Floats:
    """Quantities in the unit of each observation, from their softened logarithms."""
    return np.maximum(np.exp(logs) - SOFTENING * fitted.observations.value, 0.0)


def _contradictions(fitted: Calibrated) -> list[list[str]]:
    """For each observation in tension with the fit, those that pull the parameters the other way as strongly."""
    pulls, ids = _pulls(fitted), fitted.observations.ids
    residual = np.abs((fitted.targets.value - fitted.found.response) / fitted.targets.error)
    size = np.linalg.norm(pulls, axis=1)
    tense = (residual >= TENSION) & (size > 0) & (fitted.targets.weight > 0)
    unit = np.where(tense[:, None], pulls / np.where(size > 0, size, 1.0)[:, None], 0.0)
    cosine = unit @ unit.T
    return [[ids[k] for k in np.argsort(row, kind="stable")[:LISTED] if row[k] <= OPPOSED] for row in cosine]


def _scores(fitted: Calibrated) -> Iterator[dict[str, Any]]:
    obs, fit = fitted.observations, fitted.observations.is_fitted
    roles = (("fit", fit), ("validation", ~fit))
    before = np.abs(obs.log_of(fitted.before) - obs.logs)
    after = np.abs(fitted.found.response - obs.logs)

    def line(quantity: str, value: float, note: str) -> dict[str, Any]:
        return {"quantity": quantity, "value": float(value), "note": note}

    yield line("year", fitted.year, "Year of the model that was compared with observations.")
    for role, rows in roles:
        yield line(f"observations_{role}", rows.sum(), f"Observations with the role {role}.")
        if rows.any():
            weight = obs.weight[rows]
            what = f"Median of the absolute log ratio of model to observation, role {role}"
            yield line(f"miss_before_{role}", weighted_median(before[rows], weight), f"{what}: inputs as they stand.")
            yield line(f"miss_after_{role}", weighted_median(after[rows], weight), f"{what}: with the estimates.")
    for name, left_out, what in (
        ("parameters", fitted.left_out_parameters, "parameters alone"),
        ("demand", fitted.left_out_demand, "with factors on demand"),
        ("all", fitted.left_out, "with the factors on demand, unless refused"),
    ):
        if left_out is None:
            continue
        part = left_out.only(fit)
        yield line(f"held_out_{name}", part.score, f"The same for groups left out, role fit: {what}.")
        yield line(f"coverage_{name}", part.coverage, f"Share of left-out observations in 80 % intervals: {what}.")
    yield line("demand_refused", fitted.refused, "1: factors on demand made what was left out worse, and were refused.")
    yield line("discrepancy", fitted.error, "Standard deviation of the model's own error, in logarithms.")
    yield line("members", len(fitted.posterior.z), "Members of the posterior.")
    yield line("effective_members", fitted.posterior.effective, "Effective sample size of the draws.")
    yield line("weighted", fitted.posterior.weighted, "1: members were drawn again by their weights.")
    missing = ", ".join(fitted.without_model)
    yield line(
        "without_model",
        len(fitted.without_model),
        "Observations left out, since the model has no value for them" + (f": {missing}." if missing else "."),
    )
    yield line("solves", fitted.solves, "Solves of the calibration.")
