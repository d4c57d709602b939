"""How the faults of many rows become a list of problems that a person can read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landlink.core.errors import Problem

#: Rows listed for one kind of fault in one column; the rest is counted.
LISTED_ROWS: Final = 20
_LONGEST_VALUE: Final = 80


@dataclass(frozen=True, slots=True)
class RowNames:
    """Names of a table's rows for people: ``line 14 (RD012)``, or the key alone for a table that has no file.

    Attributes
    ----------
    keys
        Texts of the key columns, one series each.
    lines
        Line of the file on which each row begins.
    """

    keys: tuple[pd.Series[str], ...]
    lines: Sequence[int] | None = None

    def __call__(self, position: int) -> str:
        """Name of the row at a position of the frame."""
        key = "/".join(str(series.iloc[position]) for series in self.keys).strip("/")
        if self.lines is None:
            return key or f"row {position + 1}"
        return f"line {self.lines[position]} ({_short(key)})" if key else f"line {self.lines[position]}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault in one column.

    Attributes
    ----------
    column
        The column; empty when the row as a whole is meant.
    message
        What is wrong, or a function of the row's position that says it.
    at
        Mask of the rows concerned.
    allowed
        What would be right, or a function of the row's position that says it.
    value
        Function of the row's position that gives the value to show.
    """

    column: str
    message: str | Callable[[int], str]
    at: NDArray[np.bool_]
    allowed: str | Callable[[int], str] = ""
    value: Callable[[int], str] | None = None


def problems_of(table: str, fault: Fault, names: RowNames) -> list[Problem]:
    """The first rows of a fault as problems, and one that counts the rest."""
    rows = np.flatnonzero(fault.at)
    listed = [
        Problem(
            table,
            _said(fault.message, position),
            row=names(position),
            column=fault.column,
            value=_short(fault.value(position)) if fault.value else "",
            allowed=_said(fault.allowed, position),
        )
        for position in rows[:LISTED_ROWS].tolist()
    ]
    more = len(rows) - LISTED_ROWS
    if more > 0:
        kind = fault.message if isinstance(fault.message, str) else "rows with the same fault"
        listed.append(Problem(table, f"and {more} more: {kind}", column=fault.column))
    return listed


def _said(text: str | Callable[[int], str], position: int) -> str:
    return text if isinstance(text, str) else text(position)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 3] + "..."
