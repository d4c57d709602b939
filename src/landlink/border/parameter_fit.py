"""Fit of one or two factors of a study's rules to observations at its crossings.

A factor is the ``value`` of the effects of a rule that multiply: service times of officers, the duration of a trailer
swap, the number of arrivals. The misfit is the root mean square of the logarithm of model over observation. All trials
use common random numbers, so the misfit is a deterministic function of the factors and the search is reproducible.

The search is a grid over the logarithms of the factors, then a compass search from its best point, whose step is halved
whenever no neighbour is better (Kolda, Lewis and Torczon 2003, algorithm 1). It needs no derivatives, which a
simulation does not provide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from landlink.border.predictions import observable_of, predict
from landlink.border.validation import chosen_rows
from landlink.core.errors import InputError, Problem, UnknownNameError, suggestion
from landlink.core.progress import Progress
from landlink.study import Study
from landlink.tables.frames import numbers, records, texts

__all__ = ["MOST_PARAMETERS", "Fit", "Parameter", "fit", "with_factor"]

#: More parameters would fit almost anything.
MOST_PARAMETERS: Final = 2
#: Grid points per parameter, by the number of parameters.
_GRID: Final = {1: 7, 2: 5}
#: Misfit where the model has no prediction.
_NO_PREDICTION: Final = 1e6

Point = tuple[float, ...]


@dataclass(frozen=True)
class Parameter:
    """A factor to fit.

    Attributes
    ----------
    rule_id
        Rule whose multiplying effects all get the factor.
    low, high
        Bounds of the factor, above 0.
    """

    rule_id: str
    low: float
    high: float


@dataclass(frozen=True)
class Fit:
    """Result of a fit.

    Attributes
    ----------
    factors
        Factor by rule.
    misfit
        Root mean square of the logarithm of model over observation.
    at_bound
        Rules whose factor is at a bound: the best fit lies beyond it, or the observations do not determine it.
    observations
        Observations used: ``observation_id``, ``value``, ``model``, ``ratio``.
    held_out
        Observations of the study that were not used.
    trials
        Number of points at which the model was simulated.
    """

    factors: dict[str, float]
    misfit: float
    at_bound: tuple[str, ...]
    observations: pd.DataFrame
    held_out: tuple[str, ...]
    trials: int


def with_factor(study: Study, rule_id: str, factor: float) -> Study:
    """Return the study with another factor in the multiplying effects of a rule.

    Raises
    ------
    UnknownNameError
        The rule is unknown.
    InputError
        No effect of the rule multiplies, or the factor is negative or not finite.
    """
    effect = study.tables["rule_effect"]
    rules = texts(study.tables["rule"], "rule_id")
    if rule_id not in rules:
        allowed = suggestion(rule_id, rules) or "a row of rule.csv"
        raise UnknownNameError(Problem("rule", "no such rule", column="rule_id", value=rule_id, allowed=allowed))
    mask = (effect["rule_id"] == rule_id) & (effect["operation"] == "multiply")
    if not mask.any():
        message = "no effect of the rule multiplies, so it has no factor"
        raise InputError(Problem("rule_effect", message, rule_id, "operation", allowed="multiply"))
    if not (np.isfinite(factor) and factor >= 0):
        raise InputError(Problem("rule_effect", "invalid factor", rule_id, "value", f"{factor}", "a number, 0 or more"))
    changed = effect.assign(value=effect["value"].mask(mask, repr(float(factor))))
    return replace(study, tables=MappingProxyType({**study.tables, "rule_effect": changed}))


def fit(
    study: Study,
    parameters: Sequence[Parameter],
    *,
    observations: Iterable[str] | None = None,
    replications: int = 4,
    seed: int = 1,
    tolerance: float = 0.01,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Fit:
    """Fit factors of rules to observations.

    Parameters
    ----------
    study
        The study, with measures applied.
    parameters
        One or two factors.
    observations
        Identifiers of the observations to fit; the rows marked ``fitted`` by default. All others are held out.
    replications, seed, threads
        As for :func:`landlink.border.predictions.predict`.
    tolerance
        Relative step at which the search ends.
    progress
        Called after each trial.

    Raises
    ------
    InputError, UnknownNameError
        There are no parameters or too many, bounds are invalid, a rule has no factor, observations are unknown, missing
        or 0, or a crossing has no stages.
    """
    rows = _fitted_rows(study, observations)
    _check(study, parameters, rows, tolerance)
    observables = [observable_of(row) for row in records(rows)]
    values = numbers(rows, "value")
    known: dict[Point, np.ndarray] = {}

    def model(point: Point) -> np.ndarray:
        if point not in known:
            trial = study
            for parameter, log in zip(parameters, point, strict=True):
                trial = with_factor(trial, parameter.rule_id, float(np.exp(log)))
            known[point] = np.array(
                [
                    predict(trial, observable, replications=replications, seed=seed, threads=threads).values.mean()
                    for observable in observables
                ]
            )
            if progress is not None:
                progress(f"trial {len(known)}, misfit {min(misfit(one) for one in known):.2g}", None)
        return known[point]

    def misfit(point: Point) -> float:
        found = model(point)
        if not (np.isfinite(found) & (found > 0)).all():
            return _NO_PREDICTION
        return float(np.sqrt(np.mean(np.log(found / values) ** 2)))

    best = _search(misfit, [(float(np.log(p.low)), float(np.log(p.high))) for p in parameters], tolerance)
    factors = {p.rule_id: float(np.exp(log)) for p, log in zip(parameters, best, strict=True)}
    frame = rows[["observation_id", "value"]].reset_index(drop=True)
    every = study.tables["observation"]["observation_id"]
    return Fit(
        factors=factors,
        misfit=misfit(best),
        at_bound=tuple(
            p.rule_id
            for p in parameters
            if min(factors[p.rule_id] / p.low, p.high / factors[p.rule_id]) < 1.0 + tolerance
        ),
        observations=frame.assign(model=model(best), ratio=model(best) / values),
        held_out=tuple(name for name in every if name not in set(rows["observation_id"])),
        trials=len(known),
    )


def _fitted_rows(study: Study, observations: Iterable[str] | None) -> pd.DataFrame:
    if observations is not None:
        return chosen_rows(study, observations)
    frame = study.tables["observation"]
    return frame[frame["fitted"]]


def _check(study: Study, parameters: Sequence[Parameter], rows: pd.DataFrame, tolerance: float) -> None:
    """Raise an error with all problems of the request."""
    problems = []
    if not 1 <= len(parameters) <= MOST_PARAMETERS or len({p.rule_id for p in parameters}) < len(parameters):
        named = ", ".join(p.rule_id for p in parameters) or "none"
        allowed = f"1 to {MOST_PARAMETERS} rules, each once"
        problems.append(Problem("rule", "invalid number of parameters", value=named, allowed=allowed))
    for parameter in parameters:
        if not 0 < parameter.low < parameter.high < np.inf:
            bounds = f"{parameter.low:g} to {parameter.high:g}"
            message = "invalid bounds of the factor"
            problems.append(Problem("rule", message, parameter.rule_id, value=bounds, allowed="0 < low < high"))
    if not 0 < tolerance < 1:
        problems.append(Problem("", "invalid tolerance", value=f"{tolerance:g}", allowed="between 0 and 1"))
    if rows.empty:
        message = "no observations to fit"
        problems.append(
            Problem("observation", message, column="fitted", allowed="rows with fitted 1, or named observations")
        )
    problems += [
        Problem("observation", "an observation of 0 cannot be fitted", row["observation_id"], "value", "0", "above 0")
        for row in records(rows)
        if row["value"] == 0
    ]
    if problems:
        raise InputError(problems)
    for parameter in parameters:
        with_factor(study, parameter.rule_id, parameter.low)


def _search(misfit: Callable[[Point], float], bounds: Sequence[tuple[float, float]], tolerance: float) -> Point:
    """Search a grid, then around its best point by compass search; ties go to the first point."""
    number = _GRID[len(bounds)]
    lines = [[float(x) for x in np.linspace(low, high, number)] for low, high in bounds]
    best: Point = min(product(*lines), key=misfit)
    steps = [(high - low) / (number - 1) / 2.0 for low, high in bounds]
    while max(steps) > tolerance:
        neighbours = [
            tuple(
                float(np.clip(x + sign * steps[axis], *bounds[axis])) if axis == other else x
                for other, x in enumerate(best)
            )
            for axis in range(len(bounds))
            for sign in (-1.0, 1.0)
        ]
        better = min(neighbours, key=misfit)
        if misfit(better) < misfit(best):
            best = better
        else:
            steps = [step / 2.0 for step in steps]
    return best
