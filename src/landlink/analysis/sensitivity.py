"""Which inputs matter most: a headline under one changed input at a time."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd

from landlink.core.errors import InputError, Problem
from landlink.indicators.definitions import DEFINITIONS
from landlink.indicators.values import Indicators
from landlink.model.border_feedback import SolverOptions
from landlink.model.solve import LazyTables, equilibrium_of
from landlink.results.result import Result
from landlink.study import Study
from landlink.study.settings import FILE_NAME, SensitivityInput
from landlink.tables.schemas import LANGUAGES

#: Gap of the many solves of a sensitivity. It bounds the error of costs, not of one flow, so bars a few times the gap
#: apart should not be ranked.
RELATIVE_GAP = 1e-5


def sensitivity(
    study: Study,
    *,
    year: int | None = None,
    headline: str | None = None,
    start: Result | None = None,
    relative_gap: float = RELATIVE_GAP,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Solve the study with each input of its settings low and high, all others as they are.

    Parameters
    ----------
    study
        The study with the measures of the scenario applied.
    year
        Year to solve; the base year if not given.
    headline
        Indicator to watch; that of the study's settings if not given.
    start
        A result near by to start from.
    relative_gap
        Gap of each solve.
    threads
        Solves worked on at a time; all processors if not given. The table does not depend on it.
    progress
        Called with solves done and solves in all.

    Returns
    -------
    pandas.DataFrame
        ``title`` and its translations, ``low`` and ``high`` (multipliers of the input), ``headline`` (the indicator),
        ``headline_base``, ``headline_low``, ``headline_high``, ``unit``, ``relative_gap``; widest span first.

    Raises
    ------
    InputError
        The study names no headline or no inputs to vary.
    """
    settings = study.settings
    headline = headline or settings.headline
    if not headline or not settings.sensitivity:
        raise InputError(
            Problem(
                FILE_NAME,
                "names no headline or no inputs to vary",
                column="sensitivity",
                allowed="[report] headline and [[sensitivity]] entries",
            )
        )
    year = settings.base_year if year is None else year
    cases = [study] + [
        _varied(study, item, factor) for item in settings.sensitivity for factor in (item.low, item.high)
    ]
    done = 0

    def headline_of(case: Study) -> float:
        nonlocal done
        solution = equilibrium_of(case, year, SolverOptions(relative_gap, settings.max_iterations), start=start)
        value = Indicators(LazyTables(case, solution)).value(headline)
        done += 1
        if progress is not None:
            progress(done, len(cases))
        return value

    with ThreadPoolExecutor(max_workers=threads or os.cpu_count() or 1) as pool:
        values = list(pool.map(headline_of, cases))
    table = pd.DataFrame(
        {
            "title": [item.title for item in settings.sensitivity],
            **{f"title_{code}": [item.names.get(code, "") for item in settings.sensitivity] for code in LANGUAGES},
            "low": [item.low for item in settings.sensitivity],
            "high": [item.high for item in settings.sensitivity],
            "headline": headline,
            "headline_base": values[0],
            "headline_low": values[1::2],
            "headline_high": values[2::2],
            "unit": DEFINITIONS[headline.split("[")[0]].unit if headline.split("[")[0] in DEFINITIONS else "",
            "relative_gap": relative_gap,
        }
    )  # fmt: skip
    span = np.abs(table["headline_high"] - table["headline_low"])
    return table.iloc[np.argsort(-span.to_numpy(), kind="stable")].reset_index(drop=True)


def _varied(study: Study, item: SensitivityInput, factor: float) -> Study:
    return study.with_change(item.table, item.row, item.column, "multiply", repr(factor))
