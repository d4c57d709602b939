"""What measures do to the tables of a study, and what is open in a year."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
import pandas as pd

from landlink.errors import Problem
from landlink.tables.dates import decimal_year
from landlink.tables.lists import split_list
from landlink.tables.schemas import TABLES

Tables = Mapping[str, pd.DataFrame]

#: The day that decides what is open in a year: the first of July.
MIDDLE: Final = 0.5
ARITHMETIC: Final = ("multiply", "add")


def is_open(frame: pd.DataFrame, year: int) -> pd.Series[bool]:
    """Rows that exist and are in service on 1 July of a year."""
    opened = frame["open_from"].map(lambda text: decimal_year(text) if text else -math.inf)
    closed = frame["open_to"].map(lambda text: decimal_year(text) if text else math.inf)
    moment = year + MIDDLE
    return (frame["status"] == "existing") & (opened <= moment) & (moment < closed)


def in_force(measure: pd.Series[str], year: int) -> bool:
    """Whether a measure has effects on 1 July of a year."""
    moment = year + MIDDLE
    begins = decimal_year(measure["open_from"]) if measure["open_from"] else -math.inf
    ends = decimal_year(measure["open_to"]) if measure["open_to"] else math.inf
    return begins <= moment < ends


def row_keys(frame: pd.DataFrame, table: str) -> pd.Series[str]:
    """Key of each row as effects write it: the parts of the primary key joined by ``/``."""
    parts = [frame[column].astype(str) for column in TABLES[table].key]
    keys = parts[0]
    for part in parts[1:]:
        keys = keys + "/" + part
    return keys


def matching_rows(frame: pd.DataFrame, table: str, row: str) -> np.ndarray:
    """Mask of the rows that an effect's ``row`` means.

    ``*`` means all; a key without its last parts means every row that begins with it, so ``torugart`` is both
    ``torugart/road`` and ``torugart/rail``.
    """
    if row.strip() == "*":
        return np.ones(len(frame), dtype=bool)
    keys = row_keys(frame, table)
    wanted = split_list(row)
    exact = keys.isin(wanted)
    prefixes = tuple(key + "/" for key in wanted)
    return np.asarray(exact | keys.str.startswith(prefixes), dtype=bool)


def effect_problems(tables: Tables) -> Iterable[Problem]:
    """Effects that name rows or columns that do not exist, or values that do not fit the column."""
    for number, effect in enumerate(tables["effect"].itertuples(index=False), start=1):
        where = f"effect {number} ({effect.measure_id})"
        table = str(effect.table)
        frame, schema = tables[table], TABLES[table]
        for row in split_list(str(effect.row)):
            if not matching_rows(frame, table, row).any():
                yield Problem(
                    "effect", f"no such row in {table}", where, "row", row, f"a key of the table {table}, or *"
                )
        yield from _operation_problems(effect, schema.by_name, where)


def _operation_problems(effect: object, columns: Mapping[str, object], where: str) -> Iterable[Problem]:
    table, operation = str(getattr(effect, "table")), str(getattr(effect, "operation"))  # noqa: B009
    column, value = str(getattr(effect, "column")), str(getattr(effect, "value"))  # noqa: B009
    if operation in ("open", "close"):
        if "status" not in columns:
            yield Problem(
                "effect", f"rows of {table} cannot {operation}", where, "operation", operation, "set, multiply or add"
            )
        return
    declared = TABLES[table].by_name.get(column)
    if declared is None or declared.key:
        allowed = ", ".join(name for name, c in TABLES[table].by_name.items() if not c.key)
        yield Problem("effect", f"no such column in {table} that can change", where, "column", column, allowed)
    elif operation in ARITHMETIC or declared.type in ("number", "integer"):
        if declared.type not in ("number", "integer"):
            yield Problem("effect", f"{table}.{column} is no number", where, "operation", operation, "set")
        elif not _is_number(value):
            yield Problem("effect", "not a number", where, "value", value, declared.accepts)
    elif declared.allowed and value not in declared.allowed:
        yield Problem("effect", "value not allowed", where, "value", value, declared.accepts)


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def with_measures(tables: Tables, measures: Iterable[str], year: int) -> dict[str, pd.DataFrame]:
    """Tables after the effects of the measures in force in a year, in the order they were applied."""
    changed = dict(tables)
    register = tables["measure"].set_index("measure_id", drop=False)
    for measure in measures:
        if not in_force(register.loc[measure], year):
            continue
        for effect in tables["effect"].loc[tables["effect"]["measure_id"] == measure].itertuples(index=False):
            table = str(effect.table)
            changed[table] = changed_frame(
                changed[table], table, str(effect.row), str(effect.column), str(effect.operation), str(effect.value)
            )
    return changed


def changed_frame(frame: pd.DataFrame, table: str, row: str, column: str, operation: str, value: str) -> pd.DataFrame:
    """Copy of a table after one effect."""
    rows = matching_rows(frame, table, row)
    frame = frame.copy()
    if operation == "open":
        frame.loc[rows, ["status", "open_from", "open_to"]] = ["existing", "", ""]
    elif operation == "close":
        frame.loc[rows, "status"] = "planned"
    elif operation == "multiply":
        frame.loc[rows, column] = frame.loc[rows, column] * float(value)
    elif operation == "add":
        frame.loc[rows, column] = frame.loc[rows, column] + float(value)
    else:
        frame.loc[rows, column] = _typed(table, column, value)
    return frame


def _typed(table: str, column: str, value: str) -> object:
    kind = TABLES[table].by_name[column].type
    if kind == "number":
        return float(value)
    if kind == "integer":
        return int(float(value))
    if kind == "boolean":
        return value.lower() in ("1", "true")
    return value


def touched(tables: Tables, measures: Iterable[str], table: str) -> list[str]:
    """Keys of the rows of a table that measures change, in the table's order."""
    rows = np.zeros(len(tables[table]), dtype=bool)
    effects = tables["effect"]
    chosen = effects[effects["measure_id"].isin(list(measures)) & (effects["table"] == table)]
    for row in chosen["row"]:
        if str(row).strip() != "*":
            rows |= matching_rows(tables[table], table, str(row))
    return list(row_keys(tables[table], table)[rows])
