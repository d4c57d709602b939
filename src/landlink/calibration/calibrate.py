"""Calibrate a study: parameters, then demand, judged by what was left out, with a posterior ensemble.

1. Parameters are estimated from all observations with the role ``fit``, and the discrepancy of the model with them.
2. Factors on demand follow, and parameters move with them.
3. Groups of observations are left out in turn, with and without the factors. If the factors make what was left out
   worse, they are refused.
4. Members are drawn from the posterior.

Every batch of solves is kept beside the study that is written, so that an interrupted calibration goes on where it
stopped and gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from landlink.calibration.demand import MOST_BLOCKS, demand_blocks, entropy_precision
from landlink.calibration.estimation import Estimate, Targets, discrepancy, estimate
from landlink.calibration.fitted_observations import Observations, observations_of
from landlink.calibration.held_out import HeldOut, folds_of, held_out
from landlink.calibration.posterior import Posterior, draw_members
from landlink.calibration.response import Responses, steps_from, values_at
from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem, hint
from landlink.core.progress import Progress, shown_progress
from landlink.ensemble.worker_pool import Pool, opened_pool
from landlink.study import Study
from landlink.study.parameters import Parameter, parameters
from landlink.study.study import Scenario
from landlink.tables.calibration_schemas import WRITTEN_TABLES

__all__ = ["Calibrated", "fit_study", "uncalibrated"]

#: Discrepancy of the model assumed at first.
FIRST_DISCREPANCY: Final = 0.3
#: Relative change of the discrepancy at which it stands still, and number of estimates to get there.
STILL: Final = 0.1
MOST_ROUNDS: Final = 3
#: Change of a parameter, in prior deviations, below which parameters and demand stand still.
STILL_ROUND: Final = 0.1
#: Steps of the estimates after the first, which begin near their end.
LATER_STEPS: Final = 4
#: Steps of the first estimate.
MOST_STEPS: Final = 12


@dataclass(frozen=True)
class Calibrated:
    """What a calibration found.

    Attributes
    ----------
    year
        Year of the model that was compared with observations.
    observations
        The observations.
    knobs
        Parameters, then factors on demand.
    is_demand
        Number of parameters before the factors on demand.
    before
        Indicators with the inputs as they stand, shape (observations,), in the unit of each observation.
    targets, found
        What was fitted, and the estimate.
    left_out
        What the model says of each observation without its group.
    left_out_parameters
        The same without factors on demand.
    left_out_demand
        The same with factors on demand, also if they were refused; ``None`` if none were tried.
    error
        Discrepancy of the model.
    refused
        Whether factors on demand were refused.
    posterior
        Members.
    solves
        Number of solves.
    without_model
        Observations left out since the model has no value for them, such as a time where no freight goes.
    """

    year: int
    observations: Observations
    knobs: tuple[Parameter, ...]
    before: Floats
    targets: Targets
    found: Estimate
    left_out: HeldOut
    left_out_parameters: HeldOut
    left_out_demand: HeldOut | None
    error: float
    refused: bool
    posterior: Posterior
    solves: int
    without_model: tuple[str, ...] = ()


def fit_study(
    scenario: Scenario,
    *,
    only: Sequence[str] | None = None,
    folds: int | None = None,
    members: int = 200,
    demand: bool = True,
    workers: int | Pool | None = None,
    folder: Path | None = None,
    progress: Progress | bool | None = None,
) -> Calibrated:
    """Fit the parameters of a study to its observations of a year.

    Parameters
    ----------
    scenario
        Study and year.
    only
        Parameters to estimate; by default all. The others keep their inputs.
    folds
        Number of parts of the groups to leave out in turn; by default each group alone.
    members
        Members of the posterior.
    demand
        Whether demand may be adjusted.
    workers
        Number of processes, or a pool that is open, such as that of a cluster.
    folder
        Where finished solves are kept.
    progress
        ``True`` for a line on the terminal, or a function called with the current step and the share done.

    Raises
    ------
    InputError
        The study has no parameter or no observation to fit, or a parameter is unknown.
    EnsembleError
        A solve failed.
    """
    study = uncalibrated(scenario.study)
    chosen = _chosen(study, only)
    observations = observations_of(study, scenario.year)
    parts = folds_of([g for g, fit in zip(observations.groups, observations.is_fitted, strict=True) if fit], folds)
    with opened_pool(workers) as pool, shown_progress(progress) as report:
        responses = Responses(study, scenario.year, observations.indicators, pool=pool, folder=folder, progress=report)
        run = _Run(chosen, observations, responses, parts, study)
        return run.calibrated(demand=demand, members=members, seed=study.settings.seed)


def uncalibrated(study: Study) -> Study:
    """The study with its inputs as they stand, whatever an earlier calibration wrote."""
    tables = dict(study.tables)
    for table in WRITTEN_TABLES:
        tables[table.name] = tables[table.name].iloc[:0]
    return replace(study, tables=tables)


def _chosen(study: Study, only: Sequence[str] | None) -> tuple[Parameter, ...]:
    every = parameters(study.tables)
    if not every:
        message = "nothing may be estimated: the study has no parameter and no constant with a prior"
        raise InputError(Problem("parameter", message, allowed="rows in parameter.csv, or prior_sd in constant.csv"))
    if only is None:
        return every
    known = {one.id: one for one in every}
    if unknown := [name for name in only if name not in known]:
        raise InputError(
            Problem("parameter", "no such parameter" + hint(name, known), column="parameter_id", value=name)
            for name in unknown
        )
    return tuple(known[name] for name in dict.fromkeys(only))


class _Run:
    """One calibration under way: parameters first, then factors on demand after them in every array."""

    def __init__(
        self,
        chosen: tuple[Parameter, ...],
        observations: Observations,
        responses: Responses,
        parts: list[set[str]],
        study: Study,
    ) -> None:
        self.parameters = self.knobs = chosen
        self.responses, self.parts, self.study = responses, parts, study
        start = responses.center_at(values_at(chosen, np.zeros(len(chosen))))
        known = np.isfinite(start)
        self.known, self.observations = known, observations.only(known)
        self.without_model = observations.only(~known).ids
        self.before = start[known]
        self.error = FIRST_DISCREPANCY
        self.tonnes = np.zeros(0)

    def calibrated(self, *, demand: bool, members: int, seed: int) -> Calibrated:
        found = self._parameters_alone()
        alone = self._held_out(found)
        kept = found, alone, self.knobs, self.error
        tried, refused = None, False
        if demand:
            found = self._with_demand(found)
            tried = self._held_out(found)
            # Rows of other roles are mostly distances and speeds, which no factor on demand moves.
            fitted = self.observations.is_fitted
            refused = tried.only(fitted).score > alone.only(fitted).score
            if not refused:
                kept = found, tried, self.knobs, self.error
        found, left_out, self.knobs, self.error = kept
        self.tonnes = self.tonnes[: len(self.knobs) - len(self.parameters)]
        targets = self._targets(found.z)
        self._center(found.z)
        posterior = draw_members(targets, found, self._responding("member", nearby=True), members, seed)
        return Calibrated(
            year=self.responses.year, observations=self.observations, knobs=self.knobs, before=self.before,
            targets=targets, found=found, left_out=left_out, left_out_parameters=alone, left_out_demand=tried,
            error=self.error, refused=refused, posterior=posterior, solves=self.responses.solves,
            without_model=self.without_model,
        )  # fmt: skip

    def _parameters_alone(self) -> Estimate:
        """Estimate parameters and the discrepancy in turn."""
        z = np.zeros(len(self.knobs))
        found = self._estimated(z, self.observations.log_of(self.before), "parameters")
        for _ in range(MOST_ROUNDS - 1):
            error = discrepancy(self._targets(found.z), self.observations.error, found)
            settled = abs(error - self.error) <= STILL * self.error
            self.error = error
            if settled:
                break
            found = self._estimated(found.z, found.response, "parameters", found.derivatives, LATER_STEPS)
        return found

    def _with_demand(self, found: Estimate) -> Estimate:
        """Estimate factors on demand and parameters together, which is where taking turns would end."""
        blocks, self.tonnes = demand_blocks(self.study.tables, MOST_BLOCKS)
        self.knobs = (*self.parameters, *blocks)
        z = np.append(found.z, np.zeros(len(blocks)))
        added = self._derivatives(z, found.response, np.arange(len(z)) >= len(self.parameters), "demand")
        whole = replace(found, z=z, derivatives=np.hstack([found.derivatives, added]))
        for _ in range(MOST_ROUNDS - 1):
            # The cost of a factor follows its divergence from round to round.
            before = whole.z
            whole = self._estimated(whole.z, whole.response, "demand", whole.derivatives, LATER_STEPS)
            self.error = discrepancy(self._targets(whole.z), self.observations.error, whole)
            if np.abs(whole.z - before).max() <= STILL_ROUND:
                break
        return whole

    def _estimated(
        self, z: Floats, response: Floats, what: str, derivatives: Floats | None = None, most_steps: int = MOST_STEPS
    ) -> Estimate:
        free = np.ones(len(z), dtype=bool)
        return estimate(
            self._targets(z),
            lambda deviations: self._responding(f"step of {what}")([deviations])[0],
            lambda deviations, there: self._derivatives(deviations, there, free, what),
            start=z,
            response=response,
            derivatives=derivatives,
            most_steps=most_steps,
        )

    def _targets(self, z: Floats) -> Targets:
        obs = self.observations
        count = len(self.parameters)
        precision = np.ones(len(self.knobs))
        if len(self.knobs) > count:
            precision[count:] = entropy_precision(self.tonnes, self.knobs[count:], z[count:])
        limits = np.array([knob.limits for knob in self.knobs]).reshape(-1, 2)
        return Targets(
            value=obs.logs, error=np.hypot(obs.error, self.error), weight=np.where(obs.is_fitted, obs.weight, 0.0),
            precision=precision, low=limits[:, 0], high=limits[:, 1],
        )  # fmt: skip

    def _derivatives(self, z: Floats, response: Floats, free: np.ndarray, what: str) -> Floats:
        self._center(z)
        steps = steps_from(self.knobs, z)
        columns = np.flatnonzero(free)
        moved = []
        for j in columns:
            there = z.copy()
            there[j] += steps[j]
            moved.append(there)
        logs = self._responding(f"derivatives of {what}", nearby=True)(moved)
        return np.asarray(((logs - response) / steps[columns, None]).T)

    def _center(self, z: Floats) -> None:
        values = values_at(self.knobs, z)
        if not self.responses.is_center(values):
            self.responses.center_at(values)

    def _responding(self, what: str, *, nearby: bool = False) -> _Many:
        return _Many(self, what, nearby)

    def _logs(self, indicators: Floats) -> Floats:
        return self.observations.log_of(indicators[..., self.known])

    def _held_out(self, found: Estimate) -> HeldOut:
        self._center(found.z)
        return held_out(self.observations, self._targets(found.z), found, self._responding("fold"), self.parts)


@dataclass(frozen=True)
class _Many:
    """Responses at several deviations."""

    run: _Run
    what: str
    nearby: bool

    def __call__(self, many: Sequence[Floats]) -> Floats:
        values = [values_at(self.run.knobs, z) for z in many]
        if not values:
            return np.zeros((0, len(self.run.observations)))
        return self.run._logs(self.run.responses.batch(values, self.what, nearby=self.nearby))  # noqa: SLF001  part of it
