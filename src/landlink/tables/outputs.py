"""Output tables of results, declared with the schemas of :mod:`landlink.tables.column` and a function that makes each.

An output is computed from *parts* of a solved scenario, such as its flow summary: a result contains every output whose
parts it has. A package adds tables by declaring outputs for its parts; the code that saves, opens, exports or prints
tables does not change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.errors import InputError, Problem
from landlink.core.registry import Registry
from landlink.tables.column import Column, Table
from landlink.tables.frames import numbers

__all__ = ["OUTPUTS", "Output", "copied", "extended", "unit_of_column"]


@dataclass(frozen=True, slots=True)
class Output:
    """A table of a result and the function that makes it.

    Attributes
    ----------
    table
        Schema of the table.
    parts
        Types of the parts of a solved scenario that it is computed from.
    make
        Function of these parts, in this order, that makes the table.
    needed
        Whether a result folder must contain it.
    bulky
        Whether it is too long to be read, so that workbooks leave it out.
    sometimes
        Columns that only results with something to tell in them have.
    when
        Function of the parts that says whether a result has the table; by default, every result with the parts has it.
    """

    table: Table
    parts: tuple[type, ...]
    make: Callable[..., pd.DataFrame]
    needed: bool = False
    bulky: bool = False
    sometimes: frozenset[str] = frozenset()
    when: Callable[..., bool] | None = None

    @property
    def name(self) -> str:
        """Name of the table."""
        return self.table.name

    @property
    def always(self) -> Table:
        """Schema of the table without the columns that only some results have."""
        return replace(self.table, columns=tuple(c for c in self.table.columns if c.name not in self.sometimes))

    def mismatches(self, frame: pd.DataFrame) -> list[str]:
        """Say how a table differs from its schema; columns that only some results have may be missing."""
        there = any(name in frame for name in self.sometimes)
        return (self.table if there or not self.sometimes else self.always).mismatches(frame)

    def made_of(self, parts: Iterable[object]) -> pd.DataFrame:
        """Make the table from its parts.

        Raises
        ------
        InputError
            A figure is infinite, or a required one is not a number; names each.
        """
        frame = self.make(*parts)
        if problems := _not_finite(frame, self.table):
            raise InputError(problems)
        # Without rows, only the schema tells the types of the columns.
        return frame if len(frame) else self.table.typed(frame)


def _not_finite(frame: pd.DataFrame, table: Table) -> list[Problem]:
    """List figures that are infinite, and required ones that are not a number."""
    problems = []
    for column in table.columns:
        if column.type != "number" or column.name not in frame:
            continue
        values = numbers(frame, column.name)
        wrong = ~np.isfinite(values) if column.required else np.isinf(values)
        for row in np.flatnonzero(wrong).tolist():
            name = "/".join(str(frame[key].iat[row]) for key in table.key if key in frame) or f"row {row + 1}"
            message = "the result is not a finite number: its inputs are out of any proportion"
            problems.append(Problem(table.name, message, name, column.name, f"{values[row]:g}", "a finite number"))
    return problems


def copied(table: Table) -> Table:
    """Return the schema of a study's table as stored in a result for its year."""
    return replace(table, required=False)


def extended(table: Table, meaning: str, columns: Iterable[Column]) -> Table:
    """Return a table with additional columns at the end."""
    return replace(table, meaning=meaning, columns=(*table.columns, *columns))


#: All output tables by name, the most important first.
OUTPUTS: Final[Registry[Output]] = Registry("outputs")


def unit_of_column(table: str, column: str) -> str:
    """Unit of a column of an output table; empty if it has none.

    Examples
    --------
    >>> unit_of_column("od", "generalised_cost_usd_per_t"), unit_of_column("link", "name")
    ('USD/t', '')
    """
    declared = OUTPUTS[table].table.by_name.get(column) if table in OUTPUTS else None
    return declared.unit if declared else ""
