"""Tables that a result holds: declared with the schemas of :mod:`landlink.tables.column`, each with its maker.

An output is made from *parts* of a solved scenario, such as its flow summary: a result holds every output whose parts
it has. So a floor adds tables by declaring outputs for its parts, and nothing that saves, opens, exports or prints
tables need change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from landlink.core.registry import Registry
from landlink.tables.column import Column, Table

__all__ = ["OUTPUTS", "Output", "copied", "extended", "unit_of_column"]


@dataclass(frozen=True, slots=True)
class Output:
    """A table of a result and what makes it.

    Attributes
    ----------
    table
        Its schema.
    parts
        Types of the parts of a solved scenario that it is made from.
    make
        Makes it from those parts, in this order.
    needed
        Whether a folder without it is no result.
    """

    table: Table
    parts: tuple[type, ...]
    make: Callable[..., pd.DataFrame]
    needed: bool = False

    @property
    def name(self) -> str:
        """Name of the table."""
        return self.table.name


def copied(table: Table) -> Table:
    """Return the schema of a study's table that a result holds as its year sees it."""
    return replace(table, required=False)


def extended(table: Table, meaning: str, columns: Iterable[Column]) -> Table:
    """Return a table with more columns at its end."""
    return replace(table, meaning=meaning, columns=(*table.columns, *columns))


#: Every table that a result may hold, by name; what one looks for first stands first.
OUTPUTS: Final[Registry[Output]] = Registry("outputs")


def unit_of_column(table: str, column: str) -> str:
    """Unit of a column of a result's table, empty where it has none.

    Examples
    --------
    >>> unit_of_column("od", "generalised_cost_usd_per_t"), unit_of_column("link", "name")
    ('USD/t', '')
    """
    declared = OUTPUTS[table].table.by_name.get(column) if table in OUTPUTS else None
    return declared.unit if declared else ""
