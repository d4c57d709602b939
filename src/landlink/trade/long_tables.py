"""Long tables, one row a combination of names: cells are placed by their keys, never by their position."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools, Floats
from landlink.core.errors import InputError, Problem, first_suggestions
from landlink.core.problem_list import ProblemList
from landlink.tables.read import read_texts

__all__ = [
    "LINE",
    "LongTable",
    "Missing",
    "check_names",
    "check_numbers",
    "check_rows",
    "framed",
    "missing_problems",
    "placed",
    "raise_problems",
    "read_long",
    "row_name",
]

#: A long table: a CSV file, a data frame, or rows of the names and the number.
LongTable: TypeAlias = "str | os.PathLike[str] | pd.DataFrame | Iterable[tuple[Any, ...]]"
#: What a cell that is blank or not listed means.
Missing: TypeAlias = Literal["refuse", "zero"]

#: Name of an index that holds lines of a file.
LINE: Final = "line"
#: Parts of column names that speak of percent, which a ratio or a share is not.
_PERCENT: Final = ("percent", "pct", "%")


def read_long(table: LongTable, name: str, keys: Sequence[str], values: Sequence[str]) -> pd.DataFrame:
    """Bring a table into its keys, the text and number of its value, and the line of each row.

    Parameters
    ----------
    table
        The table; a data frame whose index is named ``line`` keeps it as the lines of a file that it is a part of.
    name
        Its name in messages.
    keys
        Columns of names.
    values
        Columns that may hold the number, of which one is taken; a column of another name is taken if it is the only
        one beside the keys.

    Returns
    -------
    pandas.DataFrame
        The keys; text and number of the value, NaN where it is none; value, the column that held it; line.

    Raises
    ------
    InputError
        A column is missing, or the table has no rows.
    """
    if isinstance(table, str | os.PathLike):
        frame, problems = read_texts(table, os.path.basename(table) or name)  # noqa: PTH119  may be either kind
        if problems:
            raise InputError(problems)
        lines = np.arange(2, 2 + len(frame))
    else:
        frame = table if isinstance(table, pd.DataFrame) else framed(table, name, [*keys, values[0]])
        lines = frame.index.to_numpy() if frame.index.name == LINE else np.arange(1, 1 + len(frame))
    column = _value_column(frame, name, keys, values)
    found = pd.DataFrame({key: [_text(cell) for cell in frame[key]] for key in keys}, dtype="str")
    found["text"] = pd.Series([_text(cell) for cell in frame[column]], dtype="str")
    found["number"] = np.array([_number(text) for text in found["text"]], dtype=np.float64)
    found["value"] = column
    found["line"] = lines
    if found.empty:
        raise InputError(Problem(name, "the table has no rows", allowed=f"rows of {', '.join(keys)}, {values[0]}"))
    return found


def framed(rows: Iterable[Any], name: str, columns: Sequence[str]) -> pd.DataFrame:
    """Make a frame of rows.

    Raises
    ------
    InputError
        They are no rows, or not of these columns.
    """
    try:
        texts, found = isinstance(rows, str | Mapping), [() if isinstance(row, str) else tuple(row) for row in rows]
        if not texts and all(len(row) == len(columns) for row in found):
            return pd.DataFrame(found, columns=list(columns))
    except TypeError:
        pass
    allowed = f"a file, a data frame, or rows of {', '.join(columns)}"
    raise InputError(Problem(name, "no table", value=f"{type(rows).__name__}: {str(rows)[:60]}", allowed=allowed))


def _value_column(frame: pd.DataFrame, table: str, keys: Sequence[str], values: Sequence[str]) -> str:
    """Find the column of numbers: by its name, or the only one beside the keys."""
    absent = [key for key in keys if key not in frame.columns]
    allowed = f"columns {', '.join(keys)}, {' or '.join(values)}"
    if absent:
        found = ", ".join(map(str, frame.columns))
        raise InputError([Problem(table, "missing column", "", key, found, allowed) for key in absent])
    others = [str(name) for name in frame.columns if name not in keys and not str(name).startswith("x_")]
    named = [value for value in values if value in others]
    if len(named) > 1:
        raise InputError(Problem(table, "two columns of one quantity", "", value=", ".join(named), allowed=allowed))
    column = named[0] if named else others[0] if len(others) == 1 else ""
    if not column or any(part in column.lower() for part in _PERCENT):
        raise InputError(Problem(table, "missing column", "", values[0], ", ".join(others), allowed))
    return column


def _text(cell: Any) -> str:
    return "" if cell is None or (isinstance(cell, float) and np.isnan(cell)) or cell is pd.NA else str(cell).strip()


def _number(text: str) -> float:
    """Parse a number; NaN for text, which is never a valid cell."""
    try:
        return float(text) if "_" not in text else np.nan
    except ValueError:
        return np.nan


def check_rows(frame: pd.DataFrame, table: str, keys: Sequence[str], problems: ProblemList, *, what: str) -> None:
    """Check that every row has its names, and that no combination stands twice.

    Parameters
    ----------
    frame, table, keys
        As :func:`read_long` gives and takes them.
    problems
        Gets what is found.
    what
        What a row is one of: ``pair of countries``.
    """
    for key in keys:
        for row in frame[frame[key].eq("")].itertuples():
            allowed = f"the code or name of a {_kind(key)}"
            problems.add(Problem(table, f"blank {_kind(key)}", f"line {row.line}", key, "", allowed))
    for row in frame[frame.duplicated(list(keys))].itertuples():
        problems.add(
            Problem(table, f"duplicate {what}", row_name(row, keys), allowed=f"each {what.partition(' ')[0]} once")
        )


def _kind(key: str) -> str:
    return {"exporter": "country", "importer": "country", "input": "sector"}.get(key, key)


def check_names(
    frame: pd.DataFrame, table: str, known: Mapping[str, Sequence[str]], problems: ProblemList, *, where: str
) -> None:
    """Check that names are known ones; blank ones are left to :func:`check_rows`.

    Parameters
    ----------
    frame, table, problems
        As for :func:`check_rows`.
    known
        Names that each key may have.
    where
        Where they are known from: ``the flows``.
    """
    near = first_suggestions()
    for key, names in known.items():
        for row in frame[~frame[key].isin(set(names)) & frame[key].ne("")].itertuples():
            text = str(getattr(row, key))
            allowed = near(text, names) or f"a {_kind(key)} of {where}"
            problems.add(Problem(table, f"unknown {_kind(key)}", row_name(row, list(known)), key, text, allowed))


def check_numbers(
    frame: pd.DataFrame,
    table: str,
    keys: Sequence[str],
    wrong: Bools,
    problems: ProblemList,
    words: tuple[str, str, str],
) -> None:
    """Refuse numbers.

    Parameters
    ----------
    frame, table, keys, problems
        As for :func:`check_rows`.
    wrong
        Whether the number of a row is refused.
    words
        What is said of a blank one, of another, and what is allowed.
    """
    blank, invalid, allowed = words
    for row in frame[np.asarray(wrong)].itertuples():
        message = invalid if row.text else blank
        problems.add(Problem(table, message, row_name(row, keys), str(row.value), str(row.text), allowed))


def placed(frame: pd.DataFrame, known: Mapping[str, Sequence[str]]) -> Floats:
    """Array of the numbers, each in the cell of its keys, in the order of ``known``; NaN where none is given."""
    array = np.full([len(names) for names in known.values()], np.nan)
    places = [frame[key].map({name: i for i, name in enumerate(names)}).to_numpy() for key, names in known.items()]
    array[tuple(places)] = frame["number"]
    return array


def missing_problems(
    array: Floats, table: str, known: Mapping[str, Sequence[str]], needed: Bools | None = None
) -> Iterator[Problem]:
    """Problems of combinations that are not listed.

    Parameters
    ----------
    array
        What :func:`placed` gives.
    table, known
        As there.
    needed
        Which combinations must be listed; by default all.
    """
    absent = np.isnan(array) if needed is None else np.isnan(array) & needed
    allowed = "every combination; 0 where there is nothing, or say that missing ones are zero"
    for place in np.argwhere(absent).tolist():
        row = ",".join(names[i] for names, i in zip(known.values(), place, strict=True))
        yield Problem(table, "combination not listed", row, allowed=allowed)


def row_name(row: Any, keys: Sequence[str]) -> str:
    """Line and names of a row."""
    return f"line {row.line} ({','.join(str(getattr(row, key)) for key in keys)})"


def raise_problems(problems: ProblemList) -> None:
    """Raise what was found, if anything.

    Raises
    ------
    InputError
        There are problems.
    """
    if problems:
        raise InputError(problems.listed())
