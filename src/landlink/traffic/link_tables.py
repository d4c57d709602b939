"""Tables about the links of a network: curves and interactions, read from a file or taken from a data frame.

A row names links by their row number in the network, by their ends, or by their type.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.errors import InputError, Problem
from landlink.traffic.trip_table import as_numbers, listed

if TYPE_CHECKING:
    from landlink.tables.column import Table

__all__ = ["BY_ENDS", "BY_ROW", "BY_TYPE", "LinkNames", "LinkTable", "link_table"]

#: Ways in which a row names links, from the general to the particular.
BY_TYPE: Final = 0
BY_ENDS: Final = 1
BY_ROW: Final = 2


@dataclass(frozen=True)
class LinkNames:
    """What links can be named by; arrays of shape (links,)."""

    from_node: Ints
    to_node: Ints
    link_type: Floats

    def __len__(self) -> int:
        return len(self.from_node)

    def keys(self, way: int) -> Floats:
        """Names of the links in one of the ways, shape (links, 2)."""
        nothing = np.zeros(len(self))
        first = {BY_TYPE: self.link_type, BY_ENDS: self.from_node, BY_ROW: np.arange(len(self))}[way]
        return np.column_stack([first, self.to_node if way == BY_ENDS else nothing]).astype(np.float64)

    def matches(self, way: int, wanted: Floats) -> tuple[Ints, Ints]:
        """Every link with a wanted name.

        Parameters
        ----------
        way
            Way of naming.
        wanted
            Names, shape (any, 2).

        Returns
        -------
        index, link
            Index of the name, ascending, and a link that has it; shape (matches,).
        """
        known = self.keys(way)
        both, number = np.unique(np.concatenate([known, wanted]), axis=0, return_inverse=True)
        number = number.reshape(-1)
        of_link, of_name = number[: len(known)], number[len(known) :]
        order = np.argsort(of_link, kind="stable")
        first = np.searchsorted(of_link[order], np.arange(len(both) + 1))
        count = np.diff(first)[of_name]
        index = np.repeat(np.arange(len(wanted)), count)
        within = np.arange(len(index)) - np.repeat(np.cumsum(count) - count, count)
        return index, order[np.repeat(first[of_name], count) + within]


@dataclass(frozen=True)
class LinkTable:
    """Columns of numbers, NaN where a cell is empty, and the name of each row in problems."""

    name: str
    columns: Mapping[str, Floats]
    row: Callable[[int], str]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def named(self, prefix: str = "") -> tuple[Ints, Floats, list[Problem]]:
        """How each row names its links, and by what.

        Parameters
        ----------
        prefix
            Beginning of the names of the columns.

        Returns
        -------
        way, key
            Shapes (rows,) and (rows, 2).
        problems
            Rows that name no link, or name them in two ways.
        """
        row, kind = (self.columns.get(prefix + name, self._nothing()) for name in ("link", "link_type"))
        start, end = (self.columns.get(prefix + name, self._nothing()) for name in ("from_node", "to_node"))
        ways = np.array([~np.isnan(kind), ~np.isnan(start) | ~np.isnan(end), ~np.isnan(row)])
        half = np.isnan(start) != np.isnan(end)
        choices = [prefix + "link", f"{prefix}from_node and {prefix}to_node"]
        choices += [prefix + "link_type"] if prefix + "link_type" in self.columns else []
        allowed = "exactly one of " + ", ".join(choices)
        faults = (
            (ways.sum(axis=0) == 0, "the row names no link", allowed),
            (ways.sum(axis=0) > 1, "the row names its links in two ways", allowed),
            (half & (ways.sum(axis=0) == 1), "one end of the link is missing", choices[1]),
        )
        problems = [problem for at, message, words in faults for problem in self.problems(at, message, words)]
        way = np.argmax(ways, axis=0)
        first = np.choose(way, [kind, start, row])
        return way, np.nan_to_num(np.column_stack([first, np.where(way == BY_ENDS, end, 0.0)])), problems

    def problems(self, at: Bools, message: str, allowed: str, column: str = "") -> list[Problem]:
        """One problem for each of some rows, with the value of a column."""
        values = self.columns.get(column)
        return listed(
            [
                Problem(self.name, message, self.row(i), column, "" if values is None else f"{values[i]:.15g}", allowed)
                for i in np.flatnonzero(at).tolist()
            ]
        )

    def unknown(self, at: Bools, key: Floats, way: Ints, prefix: str = "") -> list[Problem]:
        """Problems of rows whose links do not exist."""
        problems = []
        for i in np.flatnonzero(at).tolist():
            by_ends = way[i] == BY_ENDS
            column = f"{prefix}from_node, {prefix}to_node" if by_ends else prefix + "link"
            value = f"{key[i, 0]:.15g}, {key[i, 1]:.15g}" if by_ends else f"{key[i, 0]:.15g}"
            allowed = "the ends of a link" if by_ends else "the row number of a link, from 0"
            problems.append(Problem(self.name, "unknown link", self.row(i), column, value, allowed))
        return listed(problems)

    def _nothing(self) -> Floats:
        return np.full(len(self), np.nan)


def link_table(values: Any, schema: Table) -> LinkTable:
    """Read a table, or take it from a data frame or a mapping of columns.

    Parameters
    ----------
    values
        Path of a CSV file, a data frame, or columns by name.
    schema
        Its columns, all of them numbers.

    Raises
    ------
    InputError
        The table is invalid; lists all problems.
    """
    if isinstance(values, str | os.PathLike):
        return _read(Path(values), schema)
    if hasattr(values, "to_pandas"):  # other tables
        values = values.to_pandas()
    if not (hasattr(values, "keys") and hasattr(values, "__getitem__")):
        allowed = "a data frame, a mapping of columns, or the path of a CSV file"
        raise InputError(Problem(schema.name, "not a table", value=type(values).__name__, allowed=allowed))
    return _checked(values, schema)


def _read(path: Path, schema: Table) -> LinkTable:
    from landlink.tables.csv_text import read_rows  # noqa: PLC0415  a network without tables needs no pandas
    from landlink.tables.read import read_table  # noqa: PLC0415

    frame, problems = read_table(path, schema)
    if problems:
        raise InputError(problems)
    lines = read_rows(path, schema.name).lines
    columns = {column.name: frame[column.name].to_numpy(dtype=np.float64, na_value=np.nan) for column in schema.columns}
    return LinkTable(schema.name, columns, lambda i: f"line {lines[i]}")


def _checked(values: Any, schema: Table) -> LinkTable:
    """Columns of a frame, checked by the rules for a file."""
    import pandas as pd  # noqa: PLC0415  a network without tables needs no pandas

    from landlink.tables.check import check_frame  # noqa: PLC0415

    problems: list[Problem] = []
    columns: dict[str, Any] = {}
    for name in values.keys():  # noqa: SIM118  a data frame is no mapping
        try:
            columns[str(name)] = as_numbers(schema.name, str(name), values[name])
        except InputError as error:
            problems += error.problems if str(name) in schema.by_name else ()
            columns[str(name)] = np.zeros(len(values[name]))
    if len({np.shape(column) for column in columns.values()}) > 1:
        raise InputError(Problem(schema.name, "the columns differ in length", allowed="a value for each row"))
    frame = pd.DataFrame(columns)
    problems += check_frame(frame, schema)
    if problems:
        raise InputError(problems)
    known = {column.name: columns[column.name] for column in schema.columns if column.name in columns}
    absent = {name: np.full(len(frame), np.nan) for name in schema.by_name if name not in columns}
    return LinkTable(schema.name, known | absent, lambda i: f"row {i + 1}")
