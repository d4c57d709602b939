"""One-at-a-time sensitivity of a headline indicator to the inputs of a study."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arguments import check_kind
from landlink.core.errors import InputError, Problem
from landlink.core.languages import LANGUAGES
from landlink.core.progress import Progress, shown_progress
from landlink.indicators.expressions import parse_expression
from landlink.indicators.registry import TableView
from landlink.model.options import SolverOptions
from landlink.model.solve import solve_flows
from landlink.results.result import Result
from landlink.results.result_tables import LazyTables
from landlink.study import Study
from landlink.study.settings import FILE_NAME, SensitivityInput
from landlink.study.study import Scenario
from landlink.tables.frames import numbers

#: Relative gap of the solves. It bounds the error of total cost, not of single flows, so that inputs whose effects
#: differ by a few times the gap should not be ranked.
RELATIVE_GAP: Final = 1e-5
DEFAULT_OPTIONS: Final = SolverOptions(relative_gap=RELATIVE_GAP)


def sensitivity(
    scenario: Scenario | Study,
    *,
    headline: str | None = None,
    start: Result | None = None,
    options: SolverOptions = DEFAULT_OPTIONS,
    progress: Progress | bool | None = None,
) -> pd.DataFrame:
    """Solve a scenario with each input of the study's settings at its low and high value, all others unchanged.

    Parameters
    ----------
    scenario
        The scenario; a study is taken in its base year, with the measures applied to it.
    headline
        Indicator to evaluate; by default that of the study's settings.
    start
        A similar result to start from.
    options
        Gap and effort of each solve. ``threads`` is the number of parallel solves; the table does not depend on it.
    progress
        ``True`` for a line on the terminal, or a function called with the current step and the share done.

    Returns
    -------
    pandas.DataFrame
        ``title`` and its translations, ``low`` and ``high`` (multipliers of the input), ``headline`` (the indicator),
        ``headline_base``, ``headline_low``, ``headline_high``, ``unit``, ``relative_gap``; largest effect first.

    Raises
    ------
    InputError
        The study names no headline or no inputs to vary.
    ConvergenceError
        A solve missed the gap.
    """
    check_kind("scenario", scenario, (Scenario, Study), allowed="a scenario or a study")
    scenario = scenario if isinstance(scenario, Scenario) else scenario.at(scenario.settings.base_year)
    study, settings = scenario.study, scenario.study.settings
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
    cases = [study] + [
        _varied(study, item, factor) for item in settings.sensitivity for factor in (item.low, item.high)
    ]
    expression = parse_expression(headline)
    warm = None if start is None else start.warm_start
    done = 0

    def headline_of(case: Study) -> float:
        nonlocal done
        varied = case.at(scenario.year)
        solution = solve_flows(varied, replace(options, threads=1, require_convergence=True), start=warm)
        value = expression.value(TableView(LazyTables(varied, *solution.parts)))
        done += 1
        if report is not None:
            report(f"sensitivity analysis, solve {done} of {len(cases)}", done / len(cases))
        return value

    with (
        shown_progress(progress) as report,
        ThreadPoolExecutor(max_workers=options.threads or os.cpu_count() or 1) as pool,
    ):
        values = list(pool.map(headline_of, cases))
    inputs, languages = settings.sensitivity, (*LANGUAGES, *settings.languages)
    table = pd.DataFrame(
        {
            "title": [item.title for item in inputs],
            **{f"title_{code}": [item.names.get(code, "") for item in inputs] for code in languages},
            "low": [item.low for item in settings.sensitivity],
            "high": [item.high for item in settings.sensitivity],
            "headline": headline,
            "headline_base": values[0],
            "headline_low": values[1::2],
            "headline_high": values[2::2],
            "unit": expression.unit.text,
            "relative_gap": options.relative_gap,
        }
    )  # fmt: skip
    span = np.abs(numbers(table, "headline_high") - numbers(table, "headline_low"))
    return table.iloc[np.argsort(-span, kind="stable")].reset_index(drop=True)


def _varied(study: Study, item: SensitivityInput, factor: float) -> Study:
    return study.with_change(item.table, item.row, item.column, "multiply", repr(factor))
