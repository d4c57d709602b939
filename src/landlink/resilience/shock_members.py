"""Shocks in the members of a study's posterior ensemble: what the doubt about its parameters makes of their losses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from landlink.core.arrays import Floats
from landlink.freight.warm_start import WarmStart
from landlink.model.options import SolverOptions
from landlink.resilience.base import ShockBase
from landlink.resilience.shock import Shock
from landlink.resilience.shock_work import ShockWork
from landlink.study import Study

__all__ = ["MemberShocks"]


@dataclass(frozen=True, eq=False)
class MemberShocks:
    """Solves a scenario with a member's values of the parameters, undisturbed and in each of some shocks.

    Attributes
    ----------
    study, year
        The scenario.
    options
        Accuracy and effort of each solve.
    start
        Where each undisturbed solve starts: the same for all members, so that none depends on another.
    shocks
        The shocks.
    """

    study: Study
    year: int
    options: SolverOptions
    start: WarmStart
    shocks: tuple[Shock, ...]

    def __call__(self, values: Mapping[str, float]) -> Floats:
        """Figures of the shocks, one after the other; shape (shocks x figures,).

        Raises
        ------
        InputError
            A parameter is unknown.
        ConvergenceError
            A gap was missed.
        """
        scenario = self.study.with_parameters(values).at(self.year)
        work = ShockWork(ShockBase.of(scenario, self.options, start=self.start))
        return np.concatenate([work(shock) for shock in self.shocks])
