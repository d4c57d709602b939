"""The sample of a gravity equation: a table of flows and covariates, checked, as numbers and codes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.errors import InputError, Problem, hint
from landlink.core.problem_list import ProblemList
from landlink.tables.read import read_texts
from landlink.trade.gravity_formula import Factor, GravityFormula
from landlink.trade.long_tables import Missing

__all__ = ["PAIR", "FlowTable", "Sample", "read_sample"]

#: A table of flows and covariates: a CSV file or a data frame.
FlowTable: TypeAlias = "str | os.PathLike[str] | pd.DataFrame"
#: Cluster that needs no column: both directions of trade between two countries.
PAIR: Final = "pair"
_COUNTRIES: Final = ("exporter", "importer")
_TABLE: Final = "flows"


@dataclass(frozen=True, eq=False)
class Sample:
    """Rows of a gravity equation, in the order of the table.

    Attributes
    ----------
    keys
        Texts that tell the rows apart: exporter, importer, and the columns of fixed effects.
    value
        Flows; shape (rows,).
    covariates
        Shape (rows, terms).
    fixed_effects
        Level of each fixed effect, counted from 0; shape (rows, fixed effects).
    clusters
        Cluster of each row by each way of clustering; shape (rows, ways), without columns where errors are not
        clustered.
    """

    keys: pd.DataFrame
    value: Floats
    covariates: Floats
    fixed_effects: Ints
    clusters: Ints

    def prune(self) -> tuple[Bools, Bools]:
        """Find rows that say nothing of the coefficients, because a fixed effect alone fits them.

        Returns
        -------
        separated
            Rows of a level of a fixed effect without any trade: it goes to minus infinity.
        singleton
            Rows that are alone in a level, which fits them exactly.
        """
        separated, singleton = np.zeros(len(self.value), dtype=bool), np.zeros(len(self.value), dtype=bool)
        while True:
            kept = ~(separated | singleton)
            before = int(kept.sum())
            for levels in self.fixed_effects.T:
                size = max(levels.max(initial=0) + 1, 1)
                count = np.bincount(levels[kept], minlength=size)
                traded = np.bincount(levels[kept], self.value[kept], minlength=size)
                separated |= kept & (traded[levels] <= 0)
                singleton |= kept & (traded[levels] > 0) & (count[levels] == 1)
                kept = ~(separated | singleton)
            if int(kept.sum()) == before:
                return separated, singleton


def read_sample(table: FlowTable, formula: GravityFormula, clusters: Sequence[str], *, missing: Missing) -> Sample:
    """Read a table as a formula needs it.

    Parameters
    ----------
    table
        Columns exporter and importer, and those of the formula.
    formula
        The gravity equation.
    clusters
        Columns by which errors are clustered; :data:`PAIR`, where the table has no such column, for the two countries
        of a flow in any order.
    missing
        Whether a blank flow is refused or means zero.

    Raises
    ------
    InputError
        Missing columns, cells that are no numbers, negative or blank flows, logarithms of what is not above 0,
        duplicate rows.
    """
    frame, first = _texts(table)
    frame = _with_pair(frame, clusters)
    levels = [name for columns in formula.fixed_effects for name in columns]
    factors = [factor for term in formula.terms for factor in term.factors]
    names = [*_COUNTRIES, formula.dependent, *(factor.column for factor in factors), *levels, *clusters]
    _check_columns(frame, names)
    problems = ProblemList(by_column=True)
    lines = np.arange(first, first + len(frame))
    for name in dict.fromkeys([*_COUNTRIES, *levels, *clusters]):
        for place in np.flatnonzero(frame[name].eq("").to_numpy()).tolist():
            problems.add(Problem(_TABLE, "blank cell", f"line {lines[place]}", name, "", "a name or code"))
    for place in np.flatnonzero(frame.duplicated().to_numpy()).tolist():
        problems.add(Problem(_TABLE, "duplicate row", f"line {lines[place]}", allowed="each flow once"))
    value = _flows(frame[formula.dependent], lines, missing, problems)
    numbers = {factor: _numbers(frame[factor.column], factor, lines, problems) for factor in dict.fromkeys(factors)}
    if problems:
        raise InputError(problems.listed())
    size = len(frame)
    products = [np.prod([numbers[factor] for factor in term.factors], axis=0) for term in formula.terms]
    effects = [frame.groupby(list(columns), sort=True).ngroup().to_numpy() for columns in formula.fixed_effects]
    grouped = [pd.factorize(frame[name], sort=True)[0] for name in clusters]
    keys = list(dict.fromkeys([*_COUNTRIES, *levels]))
    return Sample(
        frame[keys].reset_index(drop=True),
        value,
        np.array(products, dtype=np.float64).reshape(-1, size).T,
        np.array(effects, dtype=np.int64).reshape(-1, size).T,
        np.array(grouped, dtype=np.int64).reshape(-1, size).T,
    )


def _texts(table: FlowTable) -> tuple[pd.DataFrame, int]:
    """The cells as text, and the line of the first row."""
    if isinstance(table, pd.DataFrame):
        cells = {str(name): ["" if pd.isna(cell) else str(cell).strip() for cell in table[name]] for name in table}
        frame, first = pd.DataFrame(cells, dtype="str"), 1
    else:
        frame, problems = read_texts(table, os.path.basename(table) or _TABLE)  # noqa: PTH119  may be either kind
        if problems:
            raise InputError(problems)
        first = 2
    if frame.empty:
        raise InputError(Problem(_TABLE, "the table has no rows", allowed="rows of exporter, importer, value"))
    return frame, first


def _with_pair(frame: pd.DataFrame, clusters: Iterable[str]) -> pd.DataFrame:
    if PAIR not in clusters or PAIR in frame or not set(_COUNTRIES) <= set(frame.columns):
        return frame
    exporter, importer = frame["exporter"], frame["importer"]
    first = exporter.where(exporter <= importer, importer)
    second = importer.where(exporter <= importer, exporter)
    return frame.assign(**{PAIR: first + "\n" + second})


def _check_columns(frame: pd.DataFrame, names: Iterable[str]) -> None:
    known = [str(name) for name in frame.columns]
    problems = [
        Problem(_TABLE, "missing column", "", name, "", f"a column of the table{hint(name, known)}")
        for name in dict.fromkeys(names)
        if name not in known
    ]
    if problems:
        raise InputError(problems)


def _flows(cells: pd.Series, lines: Ints, missing: Missing, problems: ProblemList) -> Floats:
    numbers = _parsed(cells)
    blank = cells.eq("").to_numpy()
    wrong = ~(np.isfinite(numbers) & (numbers >= 0)) & ~(blank & (missing == "zero"))
    for place in np.flatnonzero(wrong).tolist():
        fault = "blank flow" if blank[place] else "invalid flow"
        allowed = "a finite number, 0 or more; a flow of none is written 0"
        problems.add(Problem(_TABLE, fault, f"line {lines[place]}", str(cells.name), cells.iloc[place], allowed))
    return np.asarray(np.where(blank, 0.0, numbers))


def _numbers(cells: pd.Series, factor: Factor, lines: Ints, problems: ProblemList) -> Floats:
    numbers = _parsed(cells)
    wrong = ~np.isfinite(numbers) | (factor.logarithm & (numbers <= 0))
    allowed = "a number above 0, of which there is a logarithm" if factor.logarithm else "a finite number"
    allowed += "" if factor.logarithm else "; texts may be fixed effects, after |"
    for place in np.flatnonzero(wrong).tolist():
        row = f"line {lines[place]}"
        problems.add(Problem(_TABLE, "invalid covariate", row, factor.column, cells.iloc[place], allowed))
    return np.log(np.where(wrong, 1.0, numbers)) if factor.logarithm else numbers


def _parsed(cells: pd.Series) -> Floats:
    """Numbers; NaN for texts."""
    return np.array([_number(cell) for cell in cells], dtype=np.float64)


def _number(text: str) -> float:
    try:
        return float(text) if "_" not in text else np.nan
    except ValueError:
        return np.nan
