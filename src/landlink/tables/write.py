"""Writer of a study's tables as CSV; reading them back gives the same tables."""

from __future__ import annotations

import math
import os

import numpy as np
import pandas as pd

from landlink.core.atomic_files import write_text
from landlink.core.errors import InputError, Problem
from landlink.tables.check import check_columns
from landlink.tables.column import Column, Table
from landlink.tables.csv_text import quoted

__all__ = ["table_text", "write_table"]


def write_table(frame: pd.DataFrame, table: Table, path: str | os.PathLike[str]) -> None:
    """Write a table atomically as UTF-8 CSV with line feeds.

    Parameters
    ----------
    frame
        The table, with the types that the reader returns.
    table
        Its schema.
    path
        The file; replaced if it exists.

    Raises
    ------
    InputError
        A column is unknown or missing, a number is infinite, or a text cannot be stored in a CSV file.
    OutputError
        The path cannot be written.
    """
    write_text(path, table_text(frame, table))


def table_text(frame: pd.DataFrame, table: Table) -> str:
    """Convert a table to the text of a CSV file.

    Columns are in the order of the schema, followed by names in further languages and the
    user's own columns. Optional columns that are empty or contain only
    the default number are left out, since the reader adds them. Numbers are written with the digits needed to read the
    same value.

    Raises
    ------
    InputError
        As :func:`write_table`.
    """
    problems = check_columns(frame.columns, table)
    if problems:
        raise InputError(problems)
    columns = [column for column in table.columns if column.name in frame]
    kept = [c for c in columns if c.required or c.key or not _all_default(frame[c.name], c)]
    cells = {column.name: _cells(frame[column.name], column, table) for column in kept or columns}
    more = [name for name in frame.columns if table.is_additional(name)]
    cells |= {name: _text_cells(frame[name].astype("str"), name, table) for name in more}
    lines = [",".join(cells), *map(",".join, zip(*cells.values(), strict=True))]
    return "\n".join(lines) + "\n"


def _all_default(values: pd.Series, column: Column) -> bool:
    if column.type == "boolean":
        return bool((values == bool(column.default)).all())
    if column.default is None or isinstance(column.default, str):
        # Default texts (quality, status) are informative for readers, so only empty columns are left out.
        return bool((values.isna() | (values.astype("str") == "")).all())
    return bool(((values == column.default) & values.notna()).all())


def _cells(values: pd.Series, column: Column, table: Table) -> list[str]:
    if column.type == "boolean":
        return ["1" if value else "0" for value in values]
    if column.type == "integer":
        return values.astype("Int64").astype("str").where(values.notna(), "").tolist()
    if column.type == "number":
        return _number_cells(values, column, table)
    return _text_cells(values, column.name, table)


def _number_cells(values: pd.Series, column: Column, table: Table) -> list[str]:
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    if np.isinf(numbers).any():
        raise InputError(Problem(table.name, "a number is infinite", column=column.name, allowed=column.accepts))
    return [_number(number) for number in numbers.tolist()]


def _number(number: float) -> str:
    return "" if math.isnan(number) else repr(number).removesuffix(".0")


def _text_cells(values: pd.Series, name: str, table: Table) -> list[str]:
    """Convert texts to CSV cells, quoted where needed."""
    texts = values.fillna("").astype("str")
    if texts.str.contains("\x00", regex=False).any():
        raise InputError(
            Problem(table.name, "a text contains a zero byte", column=name, allowed="text without zero bytes")
        )
    return quoted(texts)
