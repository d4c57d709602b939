"""Types for the tables of a study or a result: columns, rows and cells of a frame as the schema declares them.

A frame does not know the types of its columns, its schema does. Each function here states one of them, so that the
code that uses a column is checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools, Floats, Ints

__all__ = [
    "Row",
    "Tables",
    "cells_of",
    "flags",
    "integers",
    "is_missing",
    "mapped",
    "numbers",
    "records",
    "row_of",
    "texts",
]

#: Tables by name.
Tables: TypeAlias = Mapping[str, pd.DataFrame]

#: A row of a table: cells by column.
Row: TypeAlias = Mapping[str, Any]


def numbers(frame: pd.DataFrame, name: str) -> Floats:
    """Values of a column of numbers; NaN where the cell is empty."""
    return frame[name].to_numpy(dtype=np.float64)


def integers(frame: pd.DataFrame, name: str) -> Ints:
    """Values of a column of integers without empty cells."""
    return frame[name].to_numpy(dtype=np.int64)


def texts(frame: pd.DataFrame, name: str) -> list[str]:
    """Values of a column of texts."""
    return frame[name].tolist()


def flags(frame: pd.DataFrame, name: str) -> Bools:
    """Values of a column of booleans."""
    return frame[name].to_numpy(dtype=np.bool_)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table, each with its cells by column; an empty cell of integers is ``None``."""
    if frame.empty:
        return []
    # All cells at once: what pandas offers reads them one by one.
    cells = frame.to_numpy(dtype=object)
    for place, dtype in enumerate(frame.dtypes):
        if isinstance(dtype, pd.Int64Dtype):
            cells[pd.isna(cells[:, place]), place] = None
    names = [str(name) for name in frame]
    return [dict(zip(names, row, strict=True)) for row in cells.tolist()]


def cells_of(frame: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Cells of some columns, row by row; lists are much faster than text columns."""
    return zip(*(frame[name].tolist() for name in columns), strict=True)


def row_of(frame: pd.DataFrame, key: Any) -> pd.Series[Any]:
    """Row of a table with a key that occurs once in its index; a tuple for an index of several levels."""
    row = frame.loc[key]
    if not isinstance(row, pd.Series):
        raise KeyError(key)
    return row


def is_missing(cell: Any) -> bool:
    """Whether a cell is empty: NaN or ``<NA>``."""
    return bool(pd.isna(cell))


def mapped(column: pd.Series, values: Mapping[str, float]) -> Floats:
    """Values of the names in a column; NaN for those without one. Each name is looked up once."""
    code, names = pd.factorize(column)
    return np.array([values.get(str(name), np.nan) for name in names], dtype=np.float64)[code]
