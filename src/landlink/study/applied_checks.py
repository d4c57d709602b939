"""Validation of the tables after measures, by the same rules as the tables of a study."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from landlink.core.errors import Problem
from landlink.study import checks, effects
from landlink.tables.check import check_cells, check_references, row_names
from landlink.tables.frames import Tables
from landlink.tables.lists import split_list
from landlink.tables.schemas import TABLES

__all__ = ["applied_problems", "measure_problems"]


def applied_problems(before: Tables, after: Tables, measures: Iterable[str]) -> list[Problem]:
    """Check valid tables after measures: cells, references and consistency across tables.

    Parameters
    ----------
    before, after
        Tables without and with the effects.
    measures
        Measures applied. Only checks of columns that they change are run.
    """
    changed = effects.columns_changed(before["effect"], measures)
    problems = []
    for name in (name for name in after if name in changed):
        frame, table = after[name], TABLES[name]
        columns = [column for column in frame if column in changed[name]]
        problems += check_cells(frame[columns], table, names=row_names(frame, table))
    problems += check_references(after, only=changed)
    if not problems:
        problems = checks.table_problems(after, changed)
    return [_because_of(problem, measures) for problem in problems]


def measure_problems(tables: Tables) -> list[Problem]:
    """Find cells that each measure, applied with its required ones, would make invalid.

    Every measure is checked as if it were in force. Consistency across tables is checked only for measures that are
    applied together.
    """
    told: dict[tuple[str, str, str, str, str], Problem] = {}
    needs = dict(zip(tables["measure"]["measure_id"], map(split_list, tables["measure"]["requires"]), strict=True))
    by_measure = dict(list(tables["effect"].groupby("measure_id", sort=False)))
    for measure in by_measure:
        chosen = [by_measure[name] for name in _with_needs(str(measure), needs) if name in by_measure]
        for problem in _cells_after(tables, pd.concat(chosen)):
            place = (problem.table, problem.row, problem.column, problem.value, problem.message)
            told.setdefault(place, _because_of(problem, [str(measure)]))
    return list(told.values())


def _cells_after(tables: Tables, chosen: pd.DataFrame) -> Iterable[Problem]:
    """Check the cells changed by effects, and their keys."""
    for name, changes in chosen.groupby("table", sort=False):
        table = str(name)
        schema = TABLES[table]
        rows = np.logical_or.reduce([effects.matching_rows(tables[table], table, row) for row in changes["row"]])
        touched = effects.columns_changed(changes, changes["measure_id"])[table].union(schema.key)
        part = tables[table].loc[rows, [column for column in schema.by_name if column in touched]]
        for effect in changes.itertuples(index=False):
            part = effects.changed_frame(
                part, table, str(effect.row), str(effect.column), str(effect.operation), str(effect.value)
            )
        part = part.reset_index(drop=True)
        yield from check_cells(part, schema)
        targets = {target for column in map(str, part) if (target := schema.by_name[column].references)}
        keys = {of: tables[of][[key]] for of, _, key in (target.partition(".") for target in targets)}
        yield from (problem for problem in check_references({**keys, table: part}) if problem.table == table)


def _with_needs(measure: str, needs: Mapping[str, tuple[str, ...]]) -> list[str]:
    """A measure preceded by all measures that it requires, directly or indirectly."""
    found: dict[str, None] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        for other in needs.get(name, ()):
            if other not in above and other not in found:
                visit(other, (*above, name))
        found[name] = None

    visit(measure, ())
    return list(found)


def _because_of(problem: Problem, measures: Iterable[str]) -> Problem:
    return replace(problem, message=f"after {', '.join(measures)}: {problem.message}")
