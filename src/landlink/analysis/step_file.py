"""Reading of saved decompositions."""

from __future__ import annotations

import os
from typing import Final

import pandas as pd

from landlink.analysis.decomposition import EFFECT_STEP, STEPS
from landlink.core.errors import InputError, Problem
from landlink.tables.read import read_table

__all__ = ["read_steps"]

#: Relative difference of steps that do not add up.
_ROUNDING: Final = 1e-6


def read_steps(path: str | os.PathLike[str]) -> pd.DataFrame:
    """Read a table that :meth:`landlink.analysis.decomposition.Decomposition.save` wrote.

    Returns
    -------
    pandas.DataFrame
        Columns step, indicator, key, value, change, unit; every indicator has every step, in order.

    Raises
    ------
    InputError
        The file is no decomposition: a column or a step is missing, or changes do not add up.
    """
    frame, problems = read_table(path, EFFECT_STEP)
    problems = [*problems] or _faults(frame)
    if problems:
        raise InputError(problems)
    return frame


def _faults(frame: pd.DataFrame) -> list[Problem]:
    """Indicators without all steps, or whose changes are not those of their values."""
    found = []
    for (indicator, key), rows in frame.groupby(["indicator", "key"], sort=False):
        name = f"{indicator}[{key}]" if str(key) else str(indicator)
        if tuple(rows["step"]) != STEPS:
            message = "does not have all steps in their order"
            found.append(Problem(EFFECT_STEP.name, message, name, "step", ", ".join(rows["step"]), ", ".join(STEPS)))
            continue
        size = float(rows["value"].abs().max())
        wrong = (rows["value"].diff() - rows["change"]).iloc[1:].abs() > _ROUNDING * size
        if wrong.any() or not rows["value"].notna().all():
            message = "the change of a step is not the difference of its values"
            value = ", ".join(f"{one:g}" for one in rows["change"].iloc[1:])
            found.append(Problem(EFFECT_STEP.name, message, name, "change", value, "differences of value"))
    return found
