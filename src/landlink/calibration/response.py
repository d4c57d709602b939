"""What the model gives for the observations, as a function of parameters: warm solves side by side.

Derivatives are differences between solves that start from the same solution. Differentiating the equilibrium implicitly
would need one linear system instead of a solve for each parameter, but a formula for every column that a parameter can
change, simulated crossings included; solves need none, and warm ones are quick. Where routes spread, a route that
comes into use begins without flow, so that the routes already known give the right derivative, and no others are
searched for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.errors import EnsembleError
from landlink.core.progress import Progress
from landlink.ensemble.members import Member
from landlink.ensemble.run import run_members
from landlink.ensemble.worker_pool import Pool
from landlink.freight.warm_start import WarmStart
from landlink.indicators.expressions import parse_expression
from landlink.indicators.registry import TableView
from landlink.model.options import SolverOptions
from landlink.model.solve import solve_flows
from landlink.results.result_tables import LazyTables
from landlink.study import Study
from landlink.study.parameters import DEMAND, Parameter

__all__ = ["ObservationModel", "Responses", "values_at"]

#: Step of the differences, in prior deviations: far above the noise of solves, well below the curvature.
STEP: Final = 0.1

#: Relative gap of the solves, unless the study asks for less.
RELATIVE_GAP: Final = 1e-5

#: Values of parameters by id.
Values = Mapping[str, float]


@dataclass
class ObservationModel:
    """Computes indicators at values of parameters; goes to the worker processes.

    Attributes
    ----------
    study, year
        What is solved.
    indicators
        Expressions to evaluate.
    options
        Accuracy of the solves.
    start
        The solution from which all start; ``None``: they start from nothing.
    nearby
        Whether only small steps from it are asked for, for which its routes are enough.
    """

    study: Study
    year: int
    indicators: tuple[str, ...]
    options: SolverOptions
    start: WarmStart | None = None
    nearby: bool = False

    def __call__(self, values: Values) -> Floats:
        """Indicators at values of the parameters."""
        return self.solved(values)[0]

    def solved(self, values: Values) -> tuple[Floats, WarmStart]:
        """Indicators at values, and what another solve may start from."""
        case = self.study.with_parameters(values).at(self.year)
        solution = solve_flows(case, replace(self.options, new_routes=not self.nearby), start=self.start)
        view = TableView(LazyTables(case, solution, solution.flow_summary))
        found = [parse_expression(indicator).value(view) for indicator in self.indicators]
        return np.array(found, dtype=np.float64), WarmStart.of(solution.flow_summary)


class Responses:
    """Indicators at deviations from priors, computed side by side, with every batch kept for a resumed run.

    Parameters
    ----------
    study, year, indicators
        What is computed.
    pool
        Worker processes.
    folder
        Where finished solves are kept; ``None``: nowhere.
    progress
        Called during solves.
    """

    def __init__(
        self,
        study: Study,
        year: int,
        indicators: Sequence[str],
        *,
        pool: Pool,
        folder: Path | None = None,
        progress: Progress | None = None,
    ) -> None:
        gap = min(RELATIVE_GAP, study.settings.relative_gap)
        # Fitted curves of simulated crossings are kept: a refit at each step would be noise in the derivatives.
        options = SolverOptions(relative_gap=gap, threads=1, require_convergence=True, border_refits=0)
        self._model = ObservationModel(study, year, tuple(indicators), options)
        self.year = year
        self._study_hash = study.hash
        self._center: Values | None = None
        self._pool, self._folder, self._progress = pool, folder, progress
        self._batches = 0
        self.solves = 0

    def center_at(self, values: Values) -> Floats:
        """Solve at values, in this process, and start the solves that follow from there; return the indicators.

        Each center starts from the one before, so that a run that is resumed passes through the same solutions.
        """
        found, after = self._model.solved(values)
        self.solves += 1
        self._center = dict(values)
        self._model = replace(self._model, start=replace(after, keep_idle=True))
        return found

    def is_center(self, values: Values) -> bool:
        """Whether solves start from the solution at these values."""
        return self._center is not None and _key(self._center) == _key(values)

    def batch(self, items: Sequence[Values], what: str, *, nearby: bool = False) -> Floats:
        """Indicators at several values, each solved from the center; shape (items, indicators).

        Parameters
        ----------
        items
            The values.
        what
            What they are, for the progress.
        nearby
            Whether all are small steps from the center.

        Raises
        ------
        EnsembleError
            A solve failed.
        """
        self._batches += 1
        self.solves += len(items)
        folder = None if self._folder is None else self._folder / f"solves-{self._batches:04d}"
        members = [Member(number, dict(item)) for number, item in enumerate(items)]
        run = self._identity(items) | {"nearby": nearby}
        found = run_members(
            members, replace(self._model, nearby=nearby), folder, run=run, workers=self._pool, progress=self._progress,
            what=what,
        )  # fmt: skip
        if found.failures:
            number, failure = next(iter(found.failures.items()))
            raise EnsembleError(f"a solve of the calibration failed: {failure.reason} (at {_told(items[number])})")
        return found.values

    def _identity(self, items: Sequence[Values]) -> dict[str, Any]:
        return {
            "study": self._study_hash,
            "year": self.year,
            "indicators": list(self._model.indicators),
            "center": _plain(self._center or {}),
            "values": [_plain(item) for item in items],
        }


def values_at(knobs: Sequence[Parameter], z: Floats) -> dict[str, float]:
    """Values of parameters at deviations from their priors; factors on demand that change nothing are left out."""
    values = {knob.id: knob.value(float(deviation)) for knob, deviation in zip(knobs, z, strict=True)}
    return {name: value for name, value in values.items() if value != 1.0 or not name.startswith(DEMAND)}


def steps_from(knobs: Sequence[Parameter], z: Floats) -> Floats:
    """Steps of the differences, shape (parameters,): to the side with more room, and no further than its limit."""
    low, high = np.array([knob.limits for knob in knobs]).reshape(-1, 2).T
    above, below = high - z, z - low
    forward = (above >= STEP) | (above >= below)
    return np.where(forward, np.minimum(STEP, above), -np.minimum(STEP, below))


def _key(values: Values) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(values.items()))


def _plain(values: Values) -> dict[str, float]:
    return {name: float(value) for name, value in sorted(values.items())}


def _told(values: Values) -> str:
    return ", ".join(f"{name} {value:.4g}" for name, value in list(values.items())[:5])
