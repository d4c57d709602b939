"""Effects that take a fixed amount from a cell, or set it: their bounds, and the relative effect that says the same.

An effect that takes 2 h from a time of 15 h is meant for 15 h. Where the time varies, in a sensitivity analysis, in an
ensemble or after another measure, it may take more than there is. What is left is therefore at least a small share of
what was there, and whoever relies on the figure is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools, Floats
from landlink.study import effects
from landlink.study.settings import Settings
from landlink.tables.column import Column
from landlink.tables.frames import Tables, numbers, texts
from landlink.tables.lists import split_list
from landlink.tables.schemas import TABLES

__all__ = ["BoundedEffect", "absolute_notes", "bounded_effects", "bounded_notes", "fixed_notes"]

#: Rows named in a note; the others are counted.
_NAMED: Final = 3
_EFFECT: Final = ("measure_id", "table", "row", "column", "operation", "value")


@dataclass(frozen=True, slots=True)
class BoundedEffect:
    """A cell from which a measure would have taken more than there is.

    Attributes
    ----------
    measure
        The measure.
    table, row, column
        The cell.
    before, change, after
        Value before the effect, what the effect adds, and the value that it is bounded at.
    """

    measure: str
    table: str
    row: str
    column: str
    before: float
    change: float
    after: float


def bounded_effects(tables: Tables, measures: Sequence[str], year: int) -> list[BoundedEffect]:
    """List the cells from which measures in force in a year would take more than there is.

    Parameters
    ----------
    tables
        The study's tables without measures.
    measures
        Measures applied, in order.
    year
        Year of the scenario.
    """
    acting = list(effects.acting_effects(tables, measures, year))
    if not any(_takes(table, column, operation, value) for _, table, _, column, operation, value in acting):
        return []
    found, changed = list[BoundedEffect](), dict(tables)
    for measure, table, row, column, operation, value in acting:
        before = changed[table]
        changed[table] = effects.changed_frame(before, table, row, column, operation, value)
        if _takes(table, column, operation, value):
            rows = effects.matching_rows(before, table, row)
            old, new = numbers(before, column), numbers(changed[table], column)
            bound = _least(old, TABLES[table].by_name[column])
            keys = effects.row_keys(before, table)
            for number in np.flatnonzero(rows & (old + float(value) < bound)).tolist():
                cell = (float(old[number]), float(value), float(new[number]))
                found.append(BoundedEffect(measure, table, str(keys.iat[number]), column, *cell))
    return found


def bounded_notes(found: Iterable[BoundedEffect]) -> list[str]:
    """Say of the first cells of each measure and column what it would make of them, and their bounds."""
    by_column: dict[tuple[str, str, str], list[BoundedEffect]] = {}
    for one in found:
        by_column.setdefault((one.measure, one.table, one.column), []).append(one)
    notes = []
    for cells in by_column.values():
        more = f" (and {len(cells) - _NAMED} more rows)" if len(cells) > _NAMED else ""
        notes += [
            f"{one.measure} would take {-one.change:g} from {one.table} {one.row} {one.column}, which is"
            f" {one.before:g}: it is bounded at {one.after:g}{more}; multiply keeps its meaning where the value varies"
            for one in cells[:_NAMED]
        ]
    return notes


def absolute_notes(tables: Tables) -> list[str]:
    """Recommend a relative effect for every effect that takes a fixed amount, with the factor that says the same."""
    notes = []
    for measure, table, row, column, operation, value in _cells(tables["effect"], *_EFFECT):
        if _takes(table, column, operation, value):
            rows = effects.matching_rows(tables[table], table, row)
            after = effects.changed_frame(tables[table], table, row, column, operation, value)
            factor = _factors(numbers(tables[table], column)[rows], numbers(after, column)[rows])
            what = f"{measure} takes {-float(value):g} from {table} {_listed(tables[table], table, rows)} {column}"
            notes.append(f"{what}, whatever it is{_instead(factor)}")
    return notes


def fixed_notes(tables: Tables, settings: Settings) -> list[str]:
    """Find effects that set a cell which a sensitivity analysis or a calibration varies, so that it varies in vain."""
    varied = [(one.table, one.row, one.column, "sensitivity analysis") for one in settings.sensitivity]
    for table, row, names in _cells(tables["parameter"], "table", "row", "column"):
        varied += [(table, row or "*", column, "calibration") for column in split_list(names)]
    notes = []
    for measure, table, row, column, operation, value in _cells(tables["effect"], *_EFFECT):
        if operation != "set" or not _is_number(value):
            continue
        frame = tables[table]
        for by in ("sensitivity analysis", "calibration"):
            inputs = [rows for of, rows, name, who in varied if (of, name, who) == (table, column, by)]
            if not inputs:
                continue
            masks = [effects.matching_rows(frame, table, rows) for rows in inputs]
            old = numbers(frame, column)
            fixed = (
                effects.matching_rows(frame, table, row) & np.logical_or.reduce(masks) & _existing(frame) & (old > 0)
            )
            if fixed.any():
                factor = _factors(old[fixed], np.full(int(fixed.sum()), float(value)))
                what = f"{measure} sets {table} {_listed(frame, table, fixed)} {column} to {value}"
                notes.append(f"{what}, whatever the {by} makes of it{_instead(factor)}")
                break
    return notes


def _cells(frame: pd.DataFrame, *columns: str) -> Iterable[tuple[str, ...]]:
    """Texts of some columns, row by row."""
    return zip(*(texts(frame, name) for name in columns), strict=True)


def _takes(table: str, column: str, operation: str, value: str) -> bool:
    """Whether an effect takes a fixed amount from cells that cannot be negative."""
    return operation == "add" and float(value) < 0 and effects.is_bounded(TABLES[table].by_name[column])


def _least(before: Floats, column: Column) -> Floats:
    return np.asarray(effects.least_after(pd.Series(before, dtype="Float64"), column).to_numpy(dtype=np.float64))


def _existing(frame: pd.DataFrame) -> Bools:
    if "status" not in frame:
        return np.ones(len(frame), dtype=np.bool_)
    return (frame["status"] == "existing").to_numpy(dtype=np.bool_)


def _is_number(text: str) -> bool:
    try:
        return bool(np.isfinite(float(text)))
    except ValueError:
        return False


def _factors(before: Floats, after: Floats) -> Floats:
    """Factors between values, without those that start from nothing."""
    known = before > 0
    return np.asarray(after[known] / before[known])


def _instead(factor: Floats) -> str:
    if len(factor) == 0:
        return ""
    least, most = f"{factor.min():.3g}", f"{factor.max():.3g}"
    by = least if least == most else f"a factor from {least} to {most}, row by row,"
    return f": to multiply by {by} says the same of today's value and holds where it varies"


def _listed(frame: pd.DataFrame, table: str, rows: Bools) -> str:
    names = effects.row_keys(frame[rows], table).astype(str).tolist()
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
