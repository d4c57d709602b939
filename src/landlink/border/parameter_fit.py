"""Fit one or two factors of a study's rules to what was observed at its crossings.

A factor is the ``value`` of the effects of a rule that multiply something: how long officers take, how much a swap of
trailers takes, how many come. The misfit is the root of the mean squared logarithm of model over observation. Every
trial sees the same vehicles with the same luck (common random numbers), so the misfit is a plain function of the
factors, and the search finds the same answer every time.

The search is a grid over the logarithms of the factors, then a compass search from its best point, whose step halves
whenever no neighbour is better (Kolda, Lewis and Torczon 2003, algorithm 1): it needs no slopes, which a simulation
does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd

from landlink.border.figures import question_of, simulated
from landlink.border.validation import chosen_rows
from landlink.core.errors import InputError, Problem, UnknownNameError, suggestion
from landlink.study import Study

__all__ = ["MOST_PARAMETERS", "Fit", "Parameter", "fit", "with_factor"]

#: More would find a fit to almost anything.
MOST_PARAMETERS: Final = 2
#: Points of the grid in each direction, by the number of parameters.
_GRID: Final = {1: 7, 2: 5}
#: What a figure that the model does not give counts for.
_NO_FIGURE: Final = 1e6

Point = tuple[float, ...]


@dataclass(frozen=True)
class Parameter:
    """A factor to find: all effects of a rule that multiply get the same value, between two bounds above 0."""

    rule_id: str
    low: float
    high: float


@dataclass(frozen=True)
class Fit:
    """What was found.

    Attributes
    ----------
    factors
        By rule.
    misfit
        Root of the mean squared logarithm of model over observation.
    at_bound
        Rules whose factor ends at a bound: the observations ask for more than the bounds allow, or say nothing of it.
    observations
        Those fitted to: ``observation_id``, ``value``, ``model``, ``ratio``.
    held_out
        Observations of the study that were not fitted to.
    trials
        Points at which the model was simulated.
    """

    factors: dict[str, float]
    misfit: float
    at_bound: tuple[str, ...]
    observations: pd.DataFrame
    held_out: tuple[str, ...]
    trials: int


def with_factor(study: Study, rule_id: str, factor: float) -> Study:
    """The study with another factor in the effects of a rule that multiply.

    Raises
    ------
    UnknownNameError
        No such rule.
    InputError
        The rule multiplies nothing, or the factor is no number from 0.
    """
    effect = study.tables["rule_effect"]
    rules = list(study.tables["rule"]["rule_id"])
    if rule_id not in rules:
        allowed = suggestion(rule_id, rules) or "a row of rule.csv"
        raise UnknownNameError(Problem("rule", "no such rule", column="rule_id", value=rule_id, allowed=allowed))
    mask = (effect["rule_id"] == rule_id) & (effect["operation"] == "multiply")
    if not mask.any():
        message = "no effect of the rule multiplies, so it has no factor"
        raise InputError(Problem("rule_effect", message, rule_id, "operation", allowed="multiply"))
    if not (np.isfinite(factor) and factor >= 0):
        raise InputError(Problem("rule_effect", "is no factor", rule_id, "value", f"{factor}", "a number, 0 or more"))
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
    progress: Callable[[int, float], None] | None = None,
) -> Fit:
    """Find the factors with which the model comes nearest to some observations.

    Parameters
    ----------
    study
        The study, with measures applied.
    parameters
        One or two factors.
    observations
        What to fit to; the rows marked ``fitted`` where left out. All others are held out.
    replications, seed, threads
        As for :func:`landlink.border.figures.simulated`.
    tolerance
        Relative step at which the search ends.
    progress
        Called after each trial with their number and the least misfit.

    Raises
    ------
    InputError, UnknownNameError
        No or too many parameters, bounds that hold nothing, rules without a factor, observations that do not exist,
        are none or are 0, crossings without stages.
    """
    rows = _fitted_rows(study, observations)
    _check(study, parameters, rows, tolerance)
    questions = [question_of(row) for row in rows.to_dict("records")]
    values = rows["value"].to_numpy(dtype=np.float64)
    known: dict[Point, np.ndarray] = {}

    def model(point: Point) -> np.ndarray:
        if point not in known:
            tried = study
            for parameter, log in zip(parameters, point, strict=True):
                tried = with_factor(tried, parameter.rule_id, float(np.exp(log)))
            known[point] = np.array(
                [
                    simulated(tried, question, replications=replications, seed=seed, threads=threads).values.mean()
                    for question in questions
                ]
            )
            if progress:
                progress(len(known), min(misfit(one) for one in known))
        return known[point]

    def misfit(point: Point) -> float:
        found = model(point)
        if not (np.isfinite(found) & (found > 0)).all():
            return _NO_FIGURE
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
    """Refuse what cannot be fitted, all problems at once."""
    problems = []
    if not 1 <= len(parameters) <= MOST_PARAMETERS or len({p.rule_id for p in parameters}) < len(parameters):
        named = ", ".join(p.rule_id for p in parameters) or "none"
        allowed = f"1 to {MOST_PARAMETERS} rules, each once"
        problems.append(Problem("rule", "so many factors are not fitted", value=named, allowed=allowed))
    for parameter in parameters:
        if not 0 < parameter.low < parameter.high < np.inf:
            bounds = f"{parameter.low:g} to {parameter.high:g}"
            message = "the bounds of the factor hold nothing"
            problems.append(Problem("rule", message, parameter.rule_id, value=bounds, allowed="0 < low < high"))
    if not 0 < tolerance < 1:
        problems.append(Problem("", "no tolerance", value=f"{tolerance:g}", allowed="between 0 and 1"))
    if rows.empty:
        message = "nothing to fit to"
        problems.append(Problem("observation", message, column="fitted", allowed="rows with fitted 1, or named ones"))
    problems += [
        Problem("observation", "a factor cannot be fitted to it", row["observation_id"], "value", "0", "above 0")
        for row in _records(rows)
        if row["value"] == 0
    ]
    if problems:
        raise InputError(problems)
    for parameter in parameters:
        with_factor(study, parameter.rule_id, parameter.low)


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): cell for name, cell in row.items()} for row in rows.to_dict("records")]


def _search(misfit: Callable[[Point], float], bounds: Sequence[tuple[float, float]], tolerance: float) -> Point:
    """Best point of a grid, then of a compass search around it; of equal points the first."""
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
