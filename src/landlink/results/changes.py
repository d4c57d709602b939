"""What changed most between results, over indicators of all units.

The change of an indicator from ``a`` to ``b`` is weighed within its kind, all indicators of one name::

    |b - a| / max(|a|, |b|) * sqrt(max(|a|, |b|) / largest of its kind)

The first factor is the relative change, 1 for what begins at nothing or ends there; the second keeps what is tiny from
the top, but less than in proportion, so that a new crossing is not hidden behind the largest one.

An indicator that declares to be a change itself, as from the reference of trade, is weighed by the difference:
two percentage points are 0.02, whether they were none or a hundredth before.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools, Floats
from landlink.tables.frames import Tables

__all__ = [
    "FIXED", "GIVEN", "NOTHING", "NOT_KNOWN", "changed_rows", "is_change", "notes_of", "ranked_by_change",
    "without_change",
]  # fmt: skip

#: Share of the largest of its kind below which a value counts as nothing.
NOTHING: Final = 1e-6
#: Relative change below which a change is rounding.
_ROUNDING: Final = 1e-12
#: What is said beside a figure that the demand alone decides: where it is the same everywhere, and where not.
FIXED: Final = "no change: demand is fixed in this run"
GIVEN: Final = "follows the demand that each scenario is given"
#: What is said of an indicator that one of the results was saved without.
NOT_KNOWN: Final = "not known of every result: run the scenario again"


def without_change(values: Floats) -> Bools:
    """Rows in which all values are those of the first column but for rounding; shape (rows, results)."""
    same = np.isclose(values, values[:, :1], rtol=_ROUNDING, atol=0.0, equal_nan=True)
    return np.asarray(same.all(axis=1))


def changed_rows(table: pd.DataFrame, labels: Sequence[str]) -> pd.DataFrame:
    """Rows of a comparison whose value changes by more than rounding; freight that is not there is 0."""
    table = table[table["note"] != NOT_KNOWN] if "note" in table else table
    values = table[list(labels)].to_numpy(dtype=np.float64)
    summed = _amounts(_kinds(table))[:, None]
    return table.iloc[np.flatnonzero(~without_change(np.where(summed & np.isnan(values), 0.0, values)))]


def ranked_by_change(table: pd.DataFrame, labels: Sequence[str]) -> pd.DataFrame:
    """Sort the rows of a comparison, what changed most first; what did not change keeps its order at the end.

    Parameters
    ----------
    table
        Indexed by indicator, with a column of values for each label.
    labels
        The base first.
    """
    values = table[list(labels)].to_numpy(dtype=np.float64)
    known = (table["note"] != NOT_KNOWN).to_numpy() if "note" in table else True
    order = np.argsort(-_scores(_kinds(table), values) * known, kind="stable")
    return table.iloc[order]


def is_change(indicator: str) -> bool:
    """Whether an indicator is a change itself, of which a relative change says nothing.

    Examples
    --------
    >>> is_change("trade.exports_change_percent[KGZ]"), is_change("total.tonnes_per_year")
    (True, False)
    """
    return math.isfinite(_whole(indicator.partition("[")[0]))


@functools.cache
def _whole(kind: str) -> float:
    """How much of an indicator that is a change itself is the whole; infinite for others."""
    from landlink.indicators.registry import INDICATORS  # noqa: PLC0415  fills the registry

    declared = INDICATORS.get(kind)
    if declared is None or not declared.is_change:
        return math.inf
    return 100.0 if declared.unit.text == "%" else 1.0


def _kinds(table: pd.DataFrame) -> np.ndarray:
    """Kind of each indicator: its name without arguments."""
    return np.array([str(name).partition("[")[0] for name in table.index], dtype=object)


def _scores(kind: np.ndarray, values: Floats) -> Floats:
    """How much each row changes, from 0 to 1."""
    present = np.nan_to_num(values, nan=0.0)
    size = np.abs(present).max(axis=1, initial=0.0)
    largest = pd.Series(size).groupby(kind).transform("max").to_numpy()
    change = np.abs(present - present[:, :1]).max(axis=1, initial=0.0)
    relative = np.divide(np.minimum(change, size), size, out=np.zeros(len(size)), where=size > 0)
    weight = np.sqrt(np.divide(size, largest, out=np.zeros(len(size)), where=largest > 0))
    # A time or a cost that appears or goes with its freight is no change of the time: the freight tells.
    appears = np.isnan(values).any(axis=1) & ~_amounts(kind)
    score = np.where(appears | without_change(values), 0.0, relative * weight)
    whole = np.array([_whole(name) for name in kind])
    return np.where(np.isfinite(whole), np.minimum(change / whole, 1.0), score)


def _amounts(kind: np.ndarray) -> Bools:
    """Kinds of which nothing is 0: what is summed over a year or a day."""
    return np.array([str(name).endswith(("_per_year", "_per_day")) for name in kind], dtype=np.bool_)


def notes_of(table: pd.DataFrame, labels: Sequence[str], results: Sequence[Tables] = ()) -> list[str]:
    """Say beside each row of a comparison what a reader must know of it; mostly nothing.

    Parameters
    ----------
    table
        Indexed by indicator, with a column of values for each label.
    labels
        The base first.
    results
        Tables of the results; one that was saved without those of an indicator does not know it.

    Returns
    -------
    list of str
        Whether the demand alone decides it, or a result lacks it; else empty.
    """
    from landlink.indicators.registry import INDICATORS  # noqa: PLC0415  fills the registry

    same = without_change(table[list(labels)].to_numpy(dtype=np.float64))
    lacking = {
        name for name, one in INDICATORS.items() for tables in results if not all(part in tables for part in one.tables)
    }
    # Where demand responds to costs, what it decides is a finding.
    responds = any("trade_round" in tables for tables in results)
    notes = []
    for text, unchanged in zip(table.index.astype(str), same.tolist(), strict=True):
        name, _, inside = text.partition("[")
        declared = INDICATORS.get(name)
        arguments = tuple(filter(None, inside.rstrip("]").split(",")))
        fixed = not responds and declared is not None and declared.is_fixed(arguments)
        note = (FIXED if unchanged else GIVEN) if fixed else ""
        notes.append(NOT_KNOWN if name in lacking else note)
    return notes
