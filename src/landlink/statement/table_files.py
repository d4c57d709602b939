"""Tables about statements as CSV files and Excel workbooks: no text in them is ever taken for a formula."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from landlink.core.atomic_files import write_text
from landlink.formats.csv_folder import csv_text
from landlink.formats.excel import write_workbook

__all__ = ["save_table"]

#: Columns whose cells hold keys of a closed list, or begin with them.
_KEYED: Final = frozenset({"kind", "changes", "topics", "status", "event", "finding"})
#: A key: words in lower case joined by underscores.
_KEY: Final = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
_YES, _NO = "yes", "no"


def save_table(
    path: Path,
    name: str,
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[str],
    *,
    numbers: Sequence[str] = (),
    about: Sequence[tuple[str, str]] = (),
    dates: Sequence[dt.date | None] = (),
) -> None:
    """Write one table.

    Parameters
    ----------
    path
        A file that ends with ``.csv`` or ``.xlsx``, whose place has been checked.
    name
        Name of the table.
    rows
        Cells by column.
    columns
        Columns in order.
    numbers
        Columns of numbers; the others are text, or booleans where all their cells are.
    about
        Lines of the first sheet of a workbook: label and text.
    dates
        Dates of what was read; the latest is the time of creation of a workbook, so that its bytes depend on its
        content alone.
    """
    frame = pd.DataFrame({column: _series([row[column] for row in rows], column in numbers) for column in columns})
    if path.suffix.lower() == ".csv":
        write_text(path, csv_text(frame))
        return
    day = max((date for date in dates if date is not None), default=dt.date(2000, 1, 1))
    created = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
    told = [(_in_words(label), text) for label, text in about]
    write_workbook({name.capitalize(): _for_people(frame)}, path, title=name.capitalize(), about=told, created=created)


def _for_people(frame: pd.DataFrame) -> pd.DataFrame:
    """Replace the names of a table for programs, of columns and in cells, by words."""
    found = frame.copy()
    for column in frame:
        if frame[column].dtype == "bool":
            found[column] = [_YES if cell else _NO for cell in frame[column]]
        elif column in _KEYED:
            found[column] = [None if pd.isna(cell) else _KEY.sub(_spaced, str(cell)) for cell in frame[column]]
    return found.rename(columns=_in_words)


def _in_words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _spaced(match: re.Match[str]) -> str:
    return match[0].replace("_", " ")


def _series(cells: list[Any], number: bool) -> pd.Series:
    if number:
        return pd.Series(cells, dtype="Float64")
    if cells and all(isinstance(cell, bool) for cell in cells):
        return pd.Series(cells, dtype="bool")
    return pd.Series([None if cell is None else str(cell) for cell in cells], dtype="str")
