"""Conversion of faults in many rows into a readable list of problems."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landlink.core.errors import Problem

#: Maximum number of rows listed for one kind of fault in one column; the rest are counted.
LISTED_ROWS: Final = 20
_LONGEST_VALUE: Final = 80


@dataclass(frozen=True, slots=True)
class RowNames:
    """Names of a table's rows in messages: ``line 14 (RD012)``, or the key alone for a table without a file.

    Attributes
    ----------
    keys
        Values of the key columns as text, one series per column.
    lines
        Line number at which each row begins.
    """

    keys: tuple[pd.Series[str], ...]
    lines: Sequence[int] | None = None

    def __call__(self, position: int) -> str:
        """Return the name of the row at a position of the frame."""
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
        The column; empty if the fault concerns the whole row.
    message
        Description of the fault, or a function that returns it for a row position.
    at
        Mask of the affected rows.
    allowed
        Description of the accepted values, or a function that returns it for a row position.
    value
        Function that returns the value to show for a row position.
    """

    column: str
    message: str | Callable[[int], str]
    at: NDArray[np.bool_]
    allowed: str | Callable[[int], str] = ""
    value: Callable[[int], str] | None = None


def problems_of(table: str, fault: Fault, names: Callable[[int], str]) -> list[Problem]:
    """Return problems for the first rows of a fault, and one that counts the rest."""
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
