"""How much of the effect of a scenario is rerouting, mode shift and new trade.

Two solves lie between both scenarios. In the first, the second scenario's network carries the demand of the first by
zone pair, commodity and alternative, so that only routes differ: **rerouting**. In the second, alternatives are chosen
anew at the same demand: **mode shift**. The rest is what the second scenario ships more and less: **new trade**. The
three add up by construction. As in any decomposition in steps, their order is a convention: it follows the order in
which shippers can respond.
"""

from __future__ import annotations

import os
from collections import ChainMap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from landlink.analysis.chain import Source
from landlink.analysis.decomposed_indicators import check_indicators, default_indicators, split_name
from landlink.analysis.reopened import scenario_of
from landlink.core.arguments import check_kind
from landlink.core.atomic_files import write_text
from landlink.core.display import DRAWINGS
from landlink.core.errors import InputError, Problem
from landlink.core.progress import Progress, shown_progress
from landlink.formats.authorship import csv_header_is
from landlink.formats.picture import Picture
from landlink.indicators.expressions import parse_expression
from landlink.indicators.registry import TableView
from landlink.model.held_demand import HeldDemand, solve_held
from landlink.model.options import SolverOptions
from landlink.model.solve import solve
from landlink.results.result import Result
from landlink.results.result_tables import LazyTables
from landlink.study.study import Scenario, Study
from landlink.tables.column import Column, Table
from landlink.tables.destinations import OutputFile, check_output
from landlink.tables.frames import Tables
from landlink.trade.modes import TradeMode

__all__ = ["EFFECT_FILE", "EFFECT_STEP", "STEPS", "Decomposition", "decompose_effect"]

#: The steps in their order; the first is the scenario that is compared with.
STEPS: Final = ("before", "rerouting", "mode_shift", "new_trade")
#: Tables of trade, which steps with the trade of the first scenario have from it.
_TRADE: Final = ("trade_flow", "trade_country", "trade_round")
#: Relative difference of tonnes below which two demands are the same.
SAME: Final = 1e-9

EFFECT_STEP: Final = Table(
    "effect_step",
    "The effect of a scenario on indicators in steps: rerouting, mode shift and new trade.",
    (
        Column("step", "text", "The step: before, rerouting, mode_shift, new_trade.", required=True, key=True),
        Column("indicator", "text", "Name of the indicator, or an expression of several.", required=True, key=True),
        Column("key", "text", "Arguments of the indicator; empty if it has none.", key=True),
        Column("value", "number", "Value after the step, in the unit given."),
        Column("change", "number", "What the step adds; empty before the first."),
        Column("unit", "text", "Unit of the value."),
    ),
)

#: The file that a decomposition is.
EFFECT_FILE: Final = OutputFile(
    "a decomposition", (".csv",), csv_header_is(tuple(column.name for column in EFFECT_STEP.columns))
)


@dataclass(frozen=True)
class Decomposition:
    """The effect of a scenario against another in steps.

    Attributes
    ----------
    table
        A row for each indicator and step; columns step, indicator, key, value, change, unit. The value of the last
        step is that of the second scenario, and changes add up to the whole effect.
    before, after
        The results of both scenarios.
    relative_gap
        Relative gap of the two solves between them; NaN for one that was not needed.
    notes
        What a reader should know.
    """

    table: pd.DataFrame
    before: Result
    after: Result
    relative_gap: tuple[float, float]
    notes: tuple[str, ...] = ()

    @property
    def wide(self) -> pd.DataFrame:
        """One row for each indicator: before, the change of each step, the whole effect, after, unit."""
        keys = zip(self.table["indicator"], self.table["key"], strict=True)
        table = self.table.assign(indicator=[f"{name}[{key}]" if key else name for name, key in keys])
        order = list(dict.fromkeys(table["indicator"]))
        change = table.pivot(index="indicator", columns="step", values="change").loc[order, list(STEPS[1:])]
        value = table.pivot(index="indicator", columns="step", values="value").loc[order]
        unit = table.groupby("indicator")["unit"].first()
        before, after = value[STEPS[0]], value[STEPS[-1]]
        wide = change.assign(before=before, effect=after - before, after=after, unit=unit)
        return wide[["before", *STEPS[1:], "effect", "after", "unit"]].rename_axis(columns=None)

    def plot(self, indicator: str, *, language: str = "en", names: str = "") -> Picture:
        """Draw the parts of the change of an indicator as a waterfall.

        Parameters
        ----------
        indicator
            An indicator of the table, with its arguments.
        language, names
            Languages of texts and of names, as for :func:`landlink.report`.

        Returns
        -------
        Picture
            A notebook shows it; ``picture.save("parts.svg")`` writes it.

        Raises
        ------
        UnknownNameError
            The table has no such indicator, or there is no such language.
        """
        drawn: Picture = DRAWINGS["parts"].draw(self.after, self.table, indicator, language=language, names=names)
        return drawn

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Write the table as a CSV file.

        Raises
        ------
        OutputError
            The name has another ending, or the file cannot be written or holds something else.
        """
        target = Path(path)
        check_output(target, EFFECT_FILE, force=force)
        write_text(target, self.table.to_csv(index=False, lineterminator="\n"))
        return target


def decompose_effect(
    before: Source,
    after: Source,
    indicators: Sequence[str] = (),
    *,
    trade: TradeMode | None = None,
    options: SolverOptions | None = None,
    progress: Progress | bool | None = None,
) -> Decomposition:
    """Say how much of the effect of a scenario is rerouting, mode shift and new trade.

    Parameters
    ----------
    before, after
        The scenario that is compared with, and the scenario with the effect: results, or scenarios to solve. Both are
        of one study and year, and both have trade that responds in the same way, or neither.
    indicators
        Indicators or expressions of them; by default freight by mode, tonne-kilometres, hours, the crossings that
        change most, and exports and imports of the countries of the region.
    trade
        How demand responds in scenarios that are solved; by default as the options say.
    options
        Accuracy and effort of the solves.
    progress
        ``True`` for a line on the terminal, or a function called with the current step and the share done.

    Returns
    -------
    Decomposition
        Its ``table`` has the steps; the changes of an indicator add up to its whole effect.

    Raises
    ------
    InputError
        The two are of different studies, years or ways in which trade responds; demand of the first has no route on the
        network of the second; or an indicator has no value in between, as an expected cost of a free choice.
    ResultError
        The study of a saved result cannot be opened again.

    Examples
    --------
    >>> import landlink as ll
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> found = ll.decompose_effect(
    ...     study.scenario("base-2030"), study.scenario("cku-2030"), trade="general"
    ... )  # doctest: +SKIP
    >>> found.wide  # doctest: +SKIP
    """
    for name, source in (("before", before), ("after", after)):
        check_kind(name, source, (Result, Scenario, Study), allowed="a result, a scenario or a study")
    check_indicators(indicators)
    asked = options or SolverOptions()
    asked = asked if trade is None else replace(asked, trade=trade)
    with shown_progress(progress) as report:
        _, scenario = scenarios = [_scenario(source) for source in (before, after)]
        _check_alike(*scenarios)
        first = _solved(before, scenarios[0], asked, None, report)
        second = _solved(after, scenario, asked, first, report)
        _check_trade(first, second)
        steps = _Steps(scenario, first, second, replace(asked, trade="fixed"), report)
        views = [first.view, steps.rerouted(), steps.shifted(), second.view]
    names = list(dict.fromkeys(indicators)) or default_indicators(views)
    return Decomposition(_table(names, views), first, second, steps.gaps, tuple(steps.notes))


def _scenario(source: Source) -> Scenario:
    """The scenario that is solved, or that a result is of."""
    if isinstance(source, Result):
        return scenario_of(source)
    return source if isinstance(source, Scenario) else source.at(source.settings.base_year)


def _solved(
    source: Source, scenario: Scenario, options: SolverOptions, start: Result | None, progress: Progress | None
) -> Result:
    return source if isinstance(source, Result) else solve(scenario, options=options, start=start, progress=progress)


def _check_alike(first: Scenario, second: Scenario) -> None:
    """Refuse two scenarios between which more differs than measures."""
    told = {
        "study": (first.study.settings.id, second.study.settings.id),
        "year": (str(first.year), str(second.year)),
    }
    problems = [
        Problem("decomposition", f"the scenarios differ in their {name}", value=after, allowed=before)
        for name, (before, after) in told.items()
        if before != after
    ]
    if problems:
        raise InputError(problems)


def _check_trade(first: Result, second: Result) -> None:
    """Refuse two results whose trade responds in different ways."""
    runs = first.provenance.trade, second.provenance.trade
    before, after = ("fixed" if run is None else run.mode for run in runs)
    if before != after:
        message = "trade responds differently in the two results"
        raise InputError(Problem("decomposition", message, value=after, allowed=before))


class _Steps:
    """The two solves between a result and another."""

    def __init__(
        self, scenario: Scenario, first: Result, second: Result, options: SolverOptions, progress: Progress | None
    ) -> None:
        self._scenario, self._first, self._second = scenario, first, second
        self._options, self._progress = options, progress
        self.gaps = (float("nan"), float("nan"))
        self.notes: list[str] = []

    def rerouted(self) -> TableView:
        """The second network with the demand of the first by alternative."""
        tables, gap = self._solved(by_alternative=True)
        self.gaps = (gap, self.gaps[1])
        return self._view(tables)

    def shifted(self) -> TableView:
        """The second network with the demand of the first; the second result itself if its demand is the same."""
        if same_demand(self._first.tables["od"], self._second.tables["od"]):
            return self._view(self._second.tables)
        tables, gap = self._solved(by_alternative=False)
        self.gaps = (self.gaps[0], gap)
        return self._view(tables)

    def _solved(self, *, by_alternative: bool) -> tuple[Tables, float]:
        demand = HeldDemand.of_table(self._first.tables["od"], by_alternative=by_alternative)
        start = self._second.warm_start
        found = solve_held(self._scenario, demand, self._options, start=start, progress=self._progress)
        gap = found.flow_summary.equilibrium.relative_gap
        what = "rerouting" if by_alternative else "mode shift"
        asked = self._options.resolved(self._scenario.study.settings).relative_gap or 0.0
        if not gap <= asked:
            self.notes.append(f"{what}: relative gap {gap:.1e} instead of {asked:.1e}")
        return LazyTables(self._scenario, *found.parts), gap

    def _view(self, tables: Tables) -> TableView:
        """A view of tables whose trade is that of the first result."""
        settings = self._scenario.study.settings
        kept: Any = {name: self._first.tables[name] for name in _TRADE if name in self._first.tables}
        lazily: Any = tables
        return TableView(ChainMap(kept, lazily), settings.pairs, settings.money)


def _table(names: Sequence[str], views: Sequence[TableView]) -> pd.DataFrame:
    """The steps of each indicator."""
    rows = []
    for name in names:
        expression = parse_expression(name)
        values = [expression.value(view) for view in views]
        indicator, key = split_name(name)
        changes = [float("nan"), *np.diff(values).tolist()]
        rows += [
            (step, indicator, key, value, change, expression.unit.text)
            for step, value, change in zip(STEPS, values, changes, strict=True)
        ]
    return pd.DataFrame(rows, columns=[column.name for column in EFFECT_STEP.columns])


def same_demand(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Whether two tables ``od`` have the same tonnes by zone pair and commodity."""
    keys = ["origin_zone_id", "destination_zone_id", "commodity_id"]
    sums = [table.groupby(keys)["tonnes_per_year"].sum() for table in (one, other)]
    joined = pd.concat(sums, axis=1, keys=("one", "other")).fillna(0.0)
    return bool(np.allclose(joined["one"], joined["other"], rtol=SAME, atol=0.0))
