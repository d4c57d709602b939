"""Solve a scenario for every member of the study's posterior ensemble."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from landlink.core.arguments import check_kind
from landlink.core.progress import Progress, shown_progress
from landlink.core.version import VERSION
from landlink.ensemble.ensemble import OUTPUT_TABLES, Ensemble
from landlink.ensemble.members import MOST_FAILED, MemberRuns
from landlink.ensemble.posterior import Posterior, posterior_of
from landlink.ensemble.run import run_members
from landlink.ensemble.scenario_work import ScenarioWork, indicator_names
from landlink.ensemble.worker_pool import Pool
from landlink.indicators.registry import TableView
from landlink.model.options import SolverOptions
from landlink.model.solve import solve
from landlink.results.provenance import EnsembleRun
from landlink.results.result import Result
from landlink.study import Study
from landlink.study.study import Scenario

__all__ = ["run_ensemble", "with_ensemble"]


def run_ensemble(
    scenario: Scenario | Study,
    *,
    members: int | None = None,
    workers: int | Pool | None = None,
    folder: str | Path | None = None,
    options: SolverOptions | None = None,
    most_failed: float = MOST_FAILED,
    progress: Progress | bool | None = None,
) -> Result:
    """Solve a scenario as the study stands and again for each posterior member, each from the routes of the first.

    Parameters
    ----------
    scenario
        A scenario of a calibrated study; a study is taken in its base year, with the measures applied to it.
    members
        Number of members; all of the study's by default.
    workers
        Number of processes (all processors by default), or a pool that stays for several runs. The figures do not
        depend on it.
    folder
        Where finished members are kept, so that a run that was interrupted goes on; in memory by default.
    options
        Accuracy and effort of each solve; by default from the study's settings.
    most_failed
        Share of members above which failures end the run.
    progress
        ``True`` for a line on the terminal, or a function called with the current step and the share done.

    Returns
    -------
    Result
        The result of the study as it stands, with the tables ``quantile`` (P10, P50 and P90 of every indicator) and
        ``member``; see :func:`landlink.ask` for questions to it.

    Raises
    ------
    InputError
        The study has no posterior ensemble or too few members; demand has no route; the folder holds members of
        another run.
    EnsembleError
        Too many members failed; gives the first reasons.

    Examples
    --------
    >>> import landlink as ll
    >>> result = ll.run_ensemble(study.scenario("cku-2030"), members=200, progress=True)  # doctest: +SKIP
    >>> ll.ask(result, "crossing.tonnes_per_year[TORU,rail] > 10 Mt")  # doctest: +SKIP
    """
    check_kind("scenario", scenario, (Scenario, Study), allowed="a scenario or a study")
    scenario = scenario if isinstance(scenario, Scenario) else scenario.at(scenario.settings.base_year)
    # Before the first solve, so that a study without a posterior is refused at once.
    posterior = posterior_of(scenario.study).first(members)
    with shown_progress(progress) as report:
        central = solve(scenario, options=options, progress=report)
        return with_ensemble(
            scenario, central, posterior, workers=workers, folder=folder, options=options, most_failed=most_failed,
            progress=report,
        )  # fmt: skip


def with_ensemble(
    scenario: Scenario,
    central: Result,
    posterior: Posterior,
    *,
    workers: int | Pool | None = None,
    folder: str | Path | None = None,
    options: SolverOptions | None = None,
    most_failed: float = MOST_FAILED,
    progress: Progress | bool | None = None,
) -> Result:
    """Add an ensemble to the result of a scenario; for the arguments see :func:`run_ensemble`.

    Parameters
    ----------
    central
        Result of the scenario as the study stands, solved in this process from nothing: all members start from its
        routes, so that they are the same whenever and wherever they are solved.
    posterior
        The members to solve.
    """
    settings = scenario.study.settings
    asked = (options or SolverOptions()).resolved(settings)
    names = indicator_names(TableView(central.tables, settings.pairs, settings.money), scenario.study)
    work = ScenarioWork(scenario.study, scenario.year, names, asked, central.warm_start)
    runs = run_members(
        posterior.members,
        work,
        folder,
        run={**_described(scenario, asked, names), "draws": posterior.digest},
        workers=workers,
        progress=progress,
        what="solving member",
    ).require(most_failed)
    return _with_tables(central, Ensemble(runs.ids, names, runs.values, posterior.digest, settings.money), runs)


def _described(scenario: Scenario, options: SolverOptions, names: Sequence[str]) -> Mapping[str, Any]:
    """All that the members' figures depend on. The hash of the study holds its tables, measures and posterior."""
    return {
        "landlink": VERSION,
        "study": scenario.study.settings.id,
        "study_hash": scenario.study.hash,
        "year": scenario.year,
        "measures": list(scenario.measures),
        "seed": scenario.study.settings.seed,
        "relative_gap": options.relative_gap,
        "max_iterations": options.max_iterations,
        "unreachable": options.unreachable,
        "trade": options.trade,
        "indicators": hashlib.sha256("\n".join(names).encode()).hexdigest(),
    }


def _with_tables(central: Result, ensemble: Ensemble, runs: MemberRuns) -> Result:
    tables = {**central.tables, **{output.name: output.made_of((ensemble,)) for output in OUTPUT_TABLES}}
    failures = {str(member): failure.reason for member, failure in runs.failures.items()}
    run = EnsembleRun(
        members=len(ensemble.ids), effective=ensemble.effective, failures=failures, draws=ensemble.draws
    )  # fmt: skip
    provenance = dataclasses.replace(central.provenance, ensemble=run)
    return Result(MappingProxyType(tables), provenance, central.flow_summary)
