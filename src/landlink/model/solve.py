"""The model: a study at a year, solved."""

from __future__ import annotations

import datetime as dt
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import numba
import numpy as np
import pandas as pd

from landlink import __version__
from landlink.core.errors import InputError, Problem
from landlink.core.memory import peak_memory_mb
from landlink.core.progress import Progress
from landlink.equilibrium.certificate import Certificate, certify
from landlink.equilibrium.convergence import is_converged
from landlink.equilibrium.problem import UnreachableError
from landlink.equilibrium.solve import solve as solve_assignment
from landlink.equilibrium.stochastic import StochasticEquilibrium
from landlink.equilibrium.stochastic_certificate import StochasticCertificate, certify_stochastic
from landlink.freight import flow_tables, trip_tables
from landlink.freight.assignment import Freight
from landlink.freight.flow_summary import FlowSummary
from landlink.freight.stochastic_routing import loading_problems
from landlink.freight.unserved_demand import unserved_problems
from landlink.freight.warm_start import loads_by_name
from landlink.indicators.values import Indicators, observed_table
from landlink.model.border_feedback import (
    CoupledSolution,
    SolverOptions,
    load_sweep_table,
    prepare,
    solve_coupled,
    start_of,
    wait_table,
)
from landlink.network.supernetwork import Kind
from landlink.results.result import Result
from landlink.study import Study
from landlink.study.settings import Scenario


def solve(  # noqa: PLR0913  two kinds of news beside what the others say
    study: Study,
    *,
    year: int | None = None,
    relative_gap: float | None = None,
    max_iterations: int | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    doing: Progress | None = None,
    start: Result | None = None,
    label: str | None = None,
) -> Result:
    """Solve a study at a year.

    Parameters
    ----------
    study
        The study, with or without measures applied.
    year
        Year whose open network and demand are solved; the base year if not given.
    relative_gap, max_iterations
        When to stop; from the study's settings if not given.
    threads
        Threads to search routes with; all processors if not given. The flows do not depend on it.
    progress
        Receives each round of the equilibrium: what is being done, and the share that is done.
    doing
        Called with what else is being done, such as simulating a crossing, and the share of it that is done.
    start
        A result of the same study to start from; it changes the time taken, and flows only within the gap.
    label
        How the result is called in comparisons.

    Returns
    -------
    Result
        Also when the gap was missed: ``provenance["converged"]`` says so.

    Raises
    ------
    InputError
        Demand without a route, one problem for each pair of zones, a year that is no year, or a crossing that cannot
        be simulated.

    Examples
    --------
    >>> import landlink as ll
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> base = ll.solve(study)
    >>> base.provenance["converged"]
    True
    """
    began = time.perf_counter()
    settings = study.settings
    year = settings.base_year if year is None else year
    target = settings.relative_gap if relative_gap is None else relative_gap
    limit = settings.max_iterations if max_iterations is None else max_iterations
    workers = (os.cpu_count() or 1) if threads is None else threads
    _check_options(target, limit, workers)
    solution = equilibrium_of(study, year, SolverOptions(target, limit, workers, progress, doing), start=start)
    certificate = _certified(solution.flow_summary, workers)
    provenance = _provenance(study, year, target, certificate, solution, workers, label)
    provenance["seconds"] = round(time.perf_counter() - began, 3)
    return Result(LazyTables(study, solution), MappingProxyType(provenance), solution.flow_summary)


def _certified(flow_summary: FlowSummary, threads: int) -> Certificate | StochasticCertificate:
    """The certificate of what was solved, by code that shares nothing with the solver."""
    assignment, found = flow_summary.freight.assignment, flow_summary.equilibrium
    if isinstance(found, StochasticEquilibrium):
        return certify_stochastic(
            assignment,
            found.class_flow,
            found.option_flow,
            perceived_delay_h=found.perceived_delay_h,
            route_scale=found.route_scale,
        )
    return certify(assignment, flow_summary.class_flow, found.option_flow, threads=threads)


def _check_options(relative_gap: float, max_iterations: int, threads: int) -> None:
    """Refuse what no solve can be asked for."""
    asked = (
        ("relative_gap", relative_gap, relative_gap >= 0, "0 or a number above it"),
        ("max_iterations", max_iterations, max_iterations >= 1, "1 or more"),
        ("threads", threads, threads >= 1, "1 or more; None for all processors"),
    )
    if wrong := [
        Problem("", f"{name} cannot be so", "", name, str(v), words) for name, v, right, words in asked if not right
    ]:
        raise InputError(wrong)


def equilibrium_of(study: Study, year: int, asked: SolverOptions, *, start: Result | None = None) -> CoupledSolution:
    """Solve a study at a year, together with its simulated borders, and open its flow summary, without making tables.

    Raises
    ------
    InputError
        Demand without a route, a year that is no year, or a crossing that cannot be simulated.
    """
    if not 1900 <= year <= 2200:
        raise InputError(Problem("", "no year to solve for", value=str(year), allowed="1900 to 2200"))
    freight = prepare(study, year, asked)
    try:
        return solve_coupled(study, year, freight, asked, None if start is None else _start(start, freight))
    except UnreachableError as error:
        raise InputError(unserved_problems(freight, error.markets, study.tables)) from None


def unserved_demand(study: Study, year: int | None = None) -> list[Problem]:
    """Demand of a study at a year that has no route: the part of a check that needs the network."""
    freight = prepare(study, study.settings.base_year if year is None else year)
    try:
        if study.settings.routing == "stochastic":
            return loading_problems(freight)
        solve_assignment(freight.assignment, relative_gap=np.inf, max_iterations=0)
    except UnreachableError as error:
        return unserved_problems(freight, error.markets, study.tables)
    return []


class LazyTables(Mapping[str, pd.DataFrame]):
    """All tables of a result, each made when it is first asked for."""

    def __init__(self, study: Study, solution: CoupledSolution) -> None:
        flow_summary = solution.flow_summary
        year_tables = flow_summary.freight.network.tables
        self._made: dict[str, pd.DataFrame] = {}
        self._indicators = Indicators(self)
        self._makers: dict[str, Callable[[], pd.DataFrame]] = {
            "link": lambda: flow_tables.link_table(flow_summary),
            "link_commodity": lambda: flow_tables.commodity_table(flow_summary, Kind.RUN),
            "crossing": lambda: flow_tables.crossing_table(flow_summary),
            "crossing_commodity": lambda: flow_tables.commodity_table(flow_summary, Kind.CROSSING),
            "terminal": lambda: flow_tables.terminal_table(flow_summary),
            "crossing_wait": lambda: wait_table(solution),
            "crossing_load_sweep": lambda: load_sweep_table(solution),
            "group": lambda: flow_tables.group_table(flow_summary),
            "od": lambda: trip_tables.od_table(flow_summary),
            "leg": lambda: trip_tables.leg_table(flow_summary, study.settings.pairs),
            "country": lambda: trip_tables.country_table(flow_summary),
            "mode": lambda: trip_tables.mode_table(flow_summary),
            "alternative": lambda: _alternatives(study),
            "measure": lambda: _applied(study),
            **{
                name: partial(year_tables.__getitem__, name)
                for name in ("zone", "node", "commodity", "boundary", "source")
            },
            "indicator": lambda: self._indicators.table(study.settings.pairs),
            "observed": lambda: observed_table(year_tables["observed"], self._indicators),
        }

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def _alternatives(study: Study) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"alternative": a.id, "modes": ";".join(a.modes), "must_use": ";".join(a.must_use)}
            for a in study.settings.alternatives
        ]
    )


def _applied(study: Study) -> pd.DataFrame:
    measures = study.tables["measure"]
    return measures.set_index("measure_id", drop=False).loc[list(study.measures)].reset_index(drop=True)


def _start(start: Result, freight: Freight) -> dict[str, Any]:
    """What the solver can begin from: routes, or loads alone where the result was read from disk."""
    if start.flow_summary is not None:
        return start_of(start.flow_summary, freight) | {"keep_idle": True}
    group = start.tables["group"]
    return {"start_load": loads_by_name(group["group"].tolist(), group["load"].to_numpy(), freight)}


def _provenance(
    study: Study,
    year: int,
    target: float,
    certificate: Certificate | StochasticCertificate,
    solution: CoupledSolution,
    threads: int,
    label: str | None,
) -> dict[str, Any]:
    """What it takes to make the result again, and how good it is."""
    settings = study.settings
    names = study.tables["measure"].set_index("measure_id")["name"]
    idle = study.inactive_measures(year)
    return {
        "landlink": __version__,
        "study": settings.id,
        "title": settings.title,
        "titles": dict(settings.names),
        "study_path": str(study.path),
        "study_hash": study.hash,
        "measures": [
            {"id": measure, "name": str(names[measure]), "in_force": measure not in idle} for measure in study.measures
        ],
        "changed_links": study.changed_rows("link"),
        "changed_crossings": study.changed_rows("crossing"),
        "year": year,
        "base_year": settings.base_year,
        "label": label or _label(study, year),
        "labels": _translated_labels(study, year) if label in (None, _label(study, year)) else {},
        "relative_gap": certificate.relative_gap,
        "target_gap": target,
        "conservation": certificate.conservation,
        "objective": certificate.objective,
        "converged": is_converged(certificate, target),
        "routing": settings.routing,
        "iterations": solution.iterations,
        "threads": threads,
        "seed": settings.seed,
        "peak_memory_mb": peak_memory_mb(),
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "numba": numba.__version__,
            "pandas": pd.__version__,
            "platform": f"{sys.platform} {platform.machine()}",
        },
        "finished_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "licence": settings.licence,
        "attribution": list(settings.attribution),
        "disclaimer": settings.disclaimer,
        "headline": settings.headline,
        "headline_title": settings.headline_title,
        "headline_titles": dict(settings.headline_names),
        "quality": _qualities(study),
        "notes": [f"{measure} has no effect in {year}: it is not in force then" for measure in idle] + solution.notes,
    }


def _qualities(study: Study) -> dict[str, dict[str, int]]:
    """Rows of each quality in every table of the study that says how sure its rows are."""
    tables = {name: frame for name, frame in study.tables.items() if "quality" in frame and len(frame)}
    return {
        name: {str(k): int(n) for k, n in frame["quality"].value_counts().items()} for name, frame in tables.items()
    }


def _label(study: Study, year: int) -> str:
    """How a result is called if nobody says otherwise: its year and measures, or the scenario that they are."""
    scenario = _scenario(study, year)
    return scenario.title if scenario else " + ".join([str(year), *study.measures])


def _translated_labels(study: Study, year: int) -> dict[str, str]:
    """The label by language, where it is a scenario that the study names in several."""
    scenario = _scenario(study, year)
    return dict(scenario.names) if scenario else {}


def _scenario(study: Study, year: int) -> Scenario | None:
    """The scenario of the study's settings that this is, if any."""
    for scenario in study.settings.scenarios:
        if scenario.year == year and scenario.apply == study.measures:
            return scenario
    return None
