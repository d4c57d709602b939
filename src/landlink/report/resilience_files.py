"""Files of analyses of resilience that a report shows, told apart by their columns."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pandas as pd

from landlink.core.errors import InputError, Problem
from landlink.resilience.criticality_schema import CRITICALITY
from landlink.tables.column import Table
from landlink.tables.read import read_table, read_texts

__all__ = ["ResilienceFiles", "read_resilience_files"]


@dataclass(frozen=True, eq=False)
class ResilienceFiles:
    """Tables of analyses of resilience; ``None`` where none was given.

    Attributes
    ----------
    criticality
        What ``landlink criticality -o FILE.csv`` wrote.
    """

    criticality: pd.DataFrame | None = None


#: Schema of each table.
_TABLES: Final[dict[str, Table]] = {"criticality": CRITICALITY}
_COMMANDS: Final = {"criticality": "landlink criticality -o FILE.csv"}


def read_resilience_files(paths: Sequence[str | os.PathLike[str]]) -> ResilienceFiles:
    """Read files that analyses of resilience wrote as CSV.

    Raises
    ------
    InputError
        A file is none of them, is damaged, or two are of the same kind; lists the problems of all.
    """
    found, problems = ResilienceFiles(), list[Problem]()
    seen: dict[str, Path] = {}
    for path in map(Path, paths):
        kind, faults = _kind(path)
        problems += faults
        if not kind:
            continue
        if kind in seen:
            problems.append(
                Problem("resilience", f"a second table {kind}", value=str(path), allowed=f"one: {seen[kind]}")
            )
            continue
        seen[kind] = path
        frame, faults = read_table(path, _TABLES[kind])
        problems += faults
        found = replace(found, **{kind: frame})
    if problems:
        raise InputError(problems)
    return found


def _kind(path: Path) -> tuple[str, list[Problem]]:
    """Which table a file holds, by the columns that it must have."""
    frame, problems = read_texts(path, path.name)
    if problems:
        return "", problems
    for kind, table in _TABLES.items():
        if {column.name for column in table.columns if column.required} <= set(frame.columns):
            return kind, []
    allowed = " or ".join(f"what `{command}` wrote" for command in _COMMANDS.values())
    return "", [Problem("resilience", "not a table of an analysis of resilience", value=str(path), allowed=allowed)]
