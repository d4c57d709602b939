"""Saved criticality analyses, read back."""

from __future__ import annotations

import os

import pandas as pd

from landlink.core.errors import InputError, Problem
from landlink.resilience.criticality_schema import CRITICALITY
from landlink.tables.read import read_table

__all__ = ["read_criticality"]


def read_criticality(path: str | os.PathLike[str]) -> pd.DataFrame:
    """Read a table that :meth:`.Criticality.save` wrote as CSV.

    Returns
    -------
    pandas.DataFrame
        The table of the analysis, with the columns of its schema.

    Raises
    ------
    InputError
        The file is no criticality analysis: a column is missing, a closure has no row as a whole, or the parts of
        countries are no parts of it.
    """
    frame, problems = read_table(path, CRITICALITY)
    problems = [*problems] or _faults(frame)
    if problems:
        raise InputError(problems)
    return frame


def _faults(frame: pd.DataFrame) -> list[Problem]:
    """Why rows are no analysis."""
    name = CRITICALITY.name
    whole = frame["country"] == ""
    if not whole.any():
        allowed = "what `landlink criticality -o FILE.csv` writes"
        return [Problem(name, "there is no closure as a whole", column="country", allowed=allowed)]
    keys = ["scenario", "table", "row", "with_table", "with_row"]
    known = set(frame.loc[whole, keys].itertuples(index=False, name=None))
    return [
        Problem(name, "a part of a closure that has no row as a whole", f"{row[0]} {row[1]}:{row[2]}", "country")
        for row in dict.fromkeys(frame.loc[~whole, keys].itertuples(index=False, name=None))
        if row not in known
    ]
