"""Effects of measures on the tables of a study, and the rows in service in a year."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from landlink.core.errors import Problem, first_suggestions
from landlink.tables.check import check_cells
from landlink.tables.column import Column, Table
from landlink.tables.dates import parse_date
from landlink.tables.frames import Row, Tables, records, row_of, texts
from landlink.tables.lists import split_list
from landlink.tables.parse import parse_column
from landlink.tables.schemas import TABLES

#: Month and day on which a year is looked at for what is open and in force: 1 July.
REFERENCE_DAY: Final = (7, 1)
ARITHMETIC: Final = ("multiply", "add")
#: Share of a value that an effect that takes a fixed amount leaves at least, so that times and costs stay positive.
LEAST_LEFT: Final = 0.01
#: Maximum number of rows searched for a name similar to an unknown one.
MOST_SEARCHED: Final = 2000


def reference_day(year: int) -> date:
    """Day of a year whose state stands for the whole year."""
    return date(year, *REFERENCE_DAY)


def is_within(open_from: str, open_to: str, day: date) -> bool:
    """Whether a day lies in the period from ``open_from`` to before ``open_to``; an empty end is open."""
    begins, ends = (parse_date(text.strip()) for text in (open_from, open_to))
    return (begins is None or begins <= day) and (ends is None or day < ends)


def in_force_on(row: Row, day: date) -> bool:
    """Whether a row with ``open_from`` and ``open_to`` (and ``status``) is in force on a day."""
    return row.get("status", "existing") == "existing" and is_within(row["open_from"], row["open_to"], day)


def is_open(frame: pd.DataFrame, year: int) -> pd.Series[bool]:
    """Rows that exist and are in service on 1 July of a year."""
    day, periods = reference_day(year), zip(texts(frame, "open_from"), texts(frame, "open_to"), strict=True)
    known = functools.cache(lambda begins, ends: is_within(begins, ends, day))
    return (frame["status"] == "existing") & np.array([known(*period) for period in periods], dtype=np.bool_)


def in_force(measure: pd.Series[str], year: int) -> bool:
    """Whether a measure has effects on 1 July of a year."""
    return is_within(measure["open_from"], measure["open_to"], reference_day(year))


def rules_in_force(tables: Tables, crossing_id: str, day: date) -> list[str]:
    """List the rules in force at a crossing on a day, in the order of the table."""
    return [
        str(rule["rule_id"])
        for rule in records(tables["rule"])
        if in_force_on(rule, day) and crossing_id in (split_list(rule["crossing_id"]) or (crossing_id,))
    ]


def row_keys(frame: pd.DataFrame, table: str) -> pd.Series[str]:
    """Key of each row in the notation of effects: the parts of the primary key joined by ``/``."""
    parts = [frame[column].astype(str) for column in TABLES[table].key]
    keys = parts[0]
    for part in parts[1:]:
        keys = keys + "/" + part
    return keys


def matching_rows(frame: pd.DataFrame, table: str, row: str) -> np.ndarray:
    """Mask of the rows that an effect's ``row`` refers to.

    ``*`` refers to all rows; a key without its last parts refers to every row that begins with it: ``torugart`` to
    both ``torugart/road`` and ``torugart/rail``.
    """
    if row.strip() == "*":
        return np.ones(len(frame), dtype=bool)
    wanted = set(split_list(row))
    found = np.zeros(len(frame), dtype=bool)
    for keys in _keys_and_beginnings(frame, table):
        found |= np.fromiter((key in wanted for key in keys), dtype=bool, count=len(keys))
    return found


def _keys_and_beginnings(frame: pd.DataFrame, table: str) -> Iterable[list[str]]:
    """First parts of the rows' keys, then the first two, and so on; lists are faster than frames at this size."""
    first, *others = (frame[column].tolist() for column in TABLES[table].key)
    keys = [str(part) for part in first]
    yield keys
    for column in others:
        keys = [f"{key}/{part}" for key, part in zip(keys, column, strict=True)]
        yield keys


def effect_problems(tables: Tables) -> Iterable[Problem]:
    """List effects that name unknown rows or columns, or values that are invalid for the column."""

    @functools.cache
    def known(table: str) -> set[str]:
        every = {"*"} if len(tables[table]) else set()
        return every.union(*_keys_and_beginnings(tables[table], table))

    near_to = first_suggestions()
    for number, effect in enumerate(tables["effect"].itertuples(index=False), start=1):
        where = f"effect {number} ({effect.measure_id})"
        table = str(effect.table)
        frame, schema = tables[table], TABLES[table]
        for row in split_list(str(effect.row)):
            if row not in known(table):
                near = near_to(row, row_keys(frame, table)) if len(frame) <= MOST_SEARCHED else ""
                allowed = f"a key of the table {table}, or * for all rows" + (f"; {near}" if near else "")
                yield Problem("effect", f"unknown row of {table}", where, "row", row, allowed)
        yield from _operation_problems(effect, schema.by_name, where)


def _operation_problems(effect: object, columns: Mapping[str, Column], where: str) -> Iterable[Problem]:
    table, operation = str(getattr(effect, "table")), str(getattr(effect, "operation"))  # noqa: B009
    column, value = str(getattr(effect, "column")), str(getattr(effect, "value"))  # noqa: B009
    if operation in ("open", "close"):
        if "status" not in columns:
            yield Problem(
                "effect",
                f"the operation {operation} does not apply to {table}",
                where,
                "operation",
                operation,
                "set, multiply or add",
            )
        for name, cell in (("column", column), ("value", value)):
            if cell:
                yield Problem("effect", f"{operation} takes no {name}", where, name, cell, "an empty cell")
        return
    declared = columns.get(column)
    if declared is None or declared.key:
        allowed = ", ".join(name for name, c in columns.items() if not c.key)
        yield Problem("effect", f"unknown or key column of {table}", where, "column", column, allowed)
    elif operation in ARITHMETIC and declared.type not in ("number", "integer"):
        yield Problem("effect", f"{table}.{column} is not numeric", where, "operation", operation, "set")
    else:
        yield from _value_problems(declared, operation, value, where)


def _value_problems(declared: Column, operation: str, value: str, where: str) -> Iterable[Problem]:
    """List a value that is invalid for the column or, for arithmetic, not a number."""
    if operation in ARITHMETIC:
        declared = Column(declared.name, "number", declared.meaning, required=True)
    elif declared.type in ("number", "integer", "boolean"):
        declared = replace(declared, required=True)
    for message, allowed in _value_faults(declared, value.strip()):
        yield Problem("effect", message, where, "value", value, allowed)


@functools.lru_cache(maxsize=1024)
def _value_faults(declared: Column, value: str) -> tuple[tuple[str, str], ...]:
    """Messages about a value for a column, and what is allowed; many effects set the same value."""
    values, faults = parse_column(pd.Series([value], dtype="str"), declared)
    if faults:
        said = ((fault.message, fault.allowed) for fault in faults)
        return tuple(
            (message if isinstance(message, str) else message(0), allowed if isinstance(allowed, str) else allowed(0))
            for message, allowed in said
        )
    single = Table("effect", "", (replace(declared, key=False),))
    found = check_cells(pd.DataFrame({declared.name: values}), single)
    if found or (value == "" and declared.required):
        return ((found[0].message if found else "the cell is empty", declared.accepts),)
    return ()


def with_measures(tables: Tables, measures: Iterable[str], year: int) -> dict[str, pd.DataFrame]:
    """Return the tables after the effects of the measures in force in a year, in order of application."""
    changed = dict(tables)
    for _, table, row, column, operation, value in acting_effects(tables, measures, year):
        changed[table] = changed_frame(changed[table], table, row, column, operation, value)
    return changed


def acting_effects(tables: Tables, measures: Iterable[str], year: int) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Effects of the measures in force in a year, in order of application.

    Each is the measure, the table, the row, the column, the operation and the value.
    """
    register = tables["measure"].set_index("measure_id", drop=False)
    columns = ("measure_id", "table", "row", "column", "operation", "value")
    effects = list(zip(*(texts(tables["effect"], name) for name in columns), strict=True))
    for measure in measures:
        if in_force(row_of(register, measure), year):
            yield from (effect for effect in effects if effect[0] == measure)


def columns_changed(effect: pd.DataFrame, measures: Iterable[str]) -> dict[str, set[str]]:
    """Columns that the effects of some measures may change, by table; key columns are never changed."""
    chosen, found = set(measures), dict[str, set[str]]()
    columns = (texts(effect, name) for name in ("measure_id", "table", "column"))
    for measure, table, column in zip(*columns, strict=True):
        if measure in chosen:
            found.setdefault(table, set()).update({column} if column else {"status", "open_from", "open_to"})
    return found


def take_effects(
    tables: dict[str, pd.DataFrame], effects: str, by: str, name: str, changed: dict[str, set[str]]
) -> None:
    """Apply the effects of one measure or rule to its tables.

    Parameters
    ----------
    tables
        Tables of the study, whose changed ones are replaced.
    effects, by
        Table of the effects, and its column with the names of those who have them.
    name
        The measure or rule.
    changed
        Columns that have changed, by table; those of the effects are added.
    """
    frame = tables[effects]
    # Lists are faster than frames at this size.
    cells = (texts(frame, column) for column in (by, "table", "row", "column", "operation", "value"))
    for owner, table, row, column, *change in zip(*cells, strict=True):
        if owner == name:
            tables[table] = changed_frame(tables[table], table, row, column, *change)
            changed.setdefault(table, set()).add(column)


def changed_frame(frame: pd.DataFrame, table: str, row: str, column: str, operation: str, value: str) -> pd.DataFrame:
    """Return a copy of a table after one effect; the table itself if it has none of the rows."""
    rows = matching_rows(frame, table, row)
    if not rows.any():
        return frame
    cells: dict[str, Any]
    if operation == "open":
        cells = {"status": "existing", "open_from": "", "open_to": ""}
    elif operation == "close":
        cells = {"status": "planned"}
    elif operation in ARITHMETIC:
        cells = {column: _calculated(frame[column], operation, float(value), TABLES[table].by_name[column])}
    else:
        cells = {column: _cell(value.strip(), TABLES[table].by_name[column])}
    return frame.assign(**{name: frame[name].mask(rows, cell) for name, cell in cells.items()})


@functools.lru_cache(maxsize=1024)
def _cell(text: str, column: Column) -> Any:
    """Convert a text to a value of the column."""
    return parse_column(pd.Series([text], dtype="str"), column)[0].iloc[0]


def is_bounded(column: Column) -> bool:
    """Whether a column holds numbers that cannot be negative and may vary: times, costs, capacities and the like.

    Lengths do not: they are measured between places, and a measure that takes more than there is is refused.
    """
    least = column.minimum if column.above is None else column.above
    return column.type in ("number", "integer") and least is not None and least >= 0 and column.unit != "km"


def least_after(before: pd.Series, column: Column) -> pd.Series:
    """Least value that an effect which takes a fixed amount leaves: the column's minimum, or a share of what was there.

    The share (:data:`LEAST_LEFT`) keeps a time or a capacity from becoming 0 where the value before varies.
    """
    return (before * LEAST_LEFT).clip(lower=column.minimum if column.above is None else column.above)


def _calculated(values: pd.Series, operation: str, by: float, column: Column) -> pd.Series:
    """Multiply numbers or add to them; integers are rounded to integers. What is taken away leaves something."""
    before = values.astype("Float64")
    after = before * by if operation == "multiply" else before + by
    if operation == "add" and by < 0 and is_bounded(column):
        least = least_after(before, column)
        after = after.where(after.isna() | (after >= least), least)
    if values.dtype == "Int64":
        after = after.round()
    return after.astype(values.dtype)


def changed_rows(tables: Tables, measures: Iterable[str], table: str) -> list[str]:
    """Keys of the rows of a table that measures change, in the table's order."""
    chosen = set(measures)
    columns = (texts(tables["effect"], name) for name in ("measure_id", "table", "row"))
    rows = [row for measure, of, row in zip(*columns, strict=True) if measure in chosen and of == table]
    named = ";".join(row for row in rows if row.strip() != "*")
    frame = tables[table]
    return list(row_keys(frame[matching_rows(frame, table, named)], table)) if named else []
