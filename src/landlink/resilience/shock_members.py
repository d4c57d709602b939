"""Questions to the members of a study's posterior ensemble: what the doubt about its parameters makes of figures.

Whatever is asked of shocks (losses of closures, of events of hazards, replays, ways round) has its interval from the
same run: the scenario is solved undisturbed with the parameters of each member, and asked the same question.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from landlink.core.arrays import Floats
from landlink.ensemble.members import MemberRuns
from landlink.ensemble.posterior import Posterior
from landlink.ensemble.scenario_work import elasticity_draw
from landlink.freight.warm_start import WarmStart
from landlink.model.options import SolverOptions
from landlink.resilience.base import ShockBase
from landlink.resilience.shock import Shock
from landlink.resilience.shock_runs import ShockRuns
from landlink.resilience.shock_work import ShockWork
from landlink.study import Study

__all__ = ["MemberWork", "Question", "ShockQuestion", "member_runs"]

#: What is asked of the undisturbed freight of a member; the same number of figures for each. It is pickled.
Question: TypeAlias = Callable[[ShockBase], Floats]


@dataclass(frozen=True)
class ShockQuestion:
    """Asks for the figures of some shocks.

    Attributes
    ----------
    shocks
        The shocks.
    """

    shocks: tuple[Shock, ...]

    def __call__(self, base: ShockBase) -> Floats:
        """Figures of the shocks, one after the other; shape (shocks x figures,)."""
        work = ShockWork(base)
        # Without hazards that may strike there are no shocks.
        return np.concatenate([np.empty(0), *map(work, self.shocks)])


@dataclass(frozen=True, eq=False)
class MemberWork:
    """Solves a scenario with a member's values of the parameters, undisturbed, and asks it.

    Where demand responds to costs, each member has a draw of the elasticities too, as in an ensemble of scenarios.

    Attributes
    ----------
    study, year
        The scenario.
    options
        Accuracy and effort of each solve.
    start
        Where each undisturbed solve starts: the same for all members, so that none depends on another.
    question
        What is asked.
    """

    study: Study
    year: int
    options: SolverOptions
    start: WarmStart
    question: Question

    def __call__(self, values: Mapping[str, float]) -> Floats:
        """Answer of a member.

        Raises
        ------
        InputError
            A parameter is unknown.
        ConvergenceError
            A gap was missed.
        """
        scenario = self.study.with_parameters(values).at(self.year)
        options = replace(self.options, elasticity_draw=elasticity_draw(values))
        return self.question(ShockBase.of(scenario, options, start=self.start))


def member_runs(
    base: ShockBase,
    question: Question,
    posterior: Posterior,
    runs: ShockRuns,
    *,
    name: str,
    what: str,
    described: Mapping[str, Any],
) -> MemberRuns:
    """Ask the members of a posterior ensemble.

    Parameters
    ----------
    base
        The undisturbed freight of the study as it stands, from which the solves of members start.
    question
        What is asked.
    posterior
        The members; those of the runs are numbered in their order, from 0.
    runs
        Where and how members are computed.
    name, what
        Name of the run and of its folder; what a member is, for the progress.
    described
        What the answers depend on besides the base and the members.

    Raises
    ------
    InputError
        The folder holds another run.
    EnsembleError
        Too many members failed; gives the first reasons.
    """
    scenario = base.scenario
    work = MemberWork(scenario.study, scenario.year, base.options, base.start, question)
    items = [member.item for member in posterior.members]
    return runs.of(work, items, base, name, what, {**described, "draws": posterior.digest}).require()
