"""Labelled demand and labelled values, put in the order of the zones or links that they are for.

A data frame states which zone each row and column is. Its values are taken by these labels, never by position, unless
nobody has stated any, and a label that is no zone is refused: read by position, a frame sorted as text (1, 10, 11, 2)
converges to a wrong answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from landlink.core.arrays import Ints
from landlink.core.errors import InputError, Problem
from landlink.tables.labels import whole_numbers

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["aligned_matrix", "aligned_values"]

#: Names of a first column that holds the origins of a matrix read without an index.
_ORIGINS: Final = frozenset({"origin", "from", "zone", "o", "orig", "o_zone_id", "origin_zone_id", "from_zone_id"})
_SHOWN: Final = 10


def aligned_matrix(frame: pd.DataFrame, zones: int) -> pd.DataFrame:
    """Rows and columns of a labelled matrix in the order of the zones 1 to ``zones``.

    Parameters
    ----------
    frame
        Origins as index, or in a first column named ``origin``; destinations as columns. Labels may be numbers or text.
        A frame made from an array, which has the default index of pandas on both sides, is taken by position.
    zones
        Number of zones.

    Raises
    ------
    InputError
        Rows or columns are not the zones, each once.
    """
    if _unlabelled(frame.index, zones) and _unlabelled(frame.columns, zones):
        return frame
    first = str(frame.columns[0]).strip().lower() if len(frame.columns) else ""
    if first in _ORIGINS and len(frame.columns) == zones + 1:
        frame = frame.set_index(frame.columns[0])
    order = []
    problems: list[Problem] = []
    for labels, what in ((frame.index, "rows"), (frame.columns, "columns")):
        at, faults = _order(labels, np.arange(1, zones + 1), f"the {what} of the demand", "zones")
        order.append(at)
        problems += faults
    if problems:
        raise InputError(problems)
    return frame.iloc[order[0], order[1]]


def _unlabelled(labels: pd.Index[Any], count: int) -> bool:
    """Whether labels are those that pandas gives to an array: nobody has stated them."""
    import pandas as pd  # noqa: PLC0415  whoever has labels has loaded it

    return isinstance(labels, pd.RangeIndex) and labels.equals(pd.RangeIndex(count))


def aligned_values(values: Any, ids: Ints, *, table: str, column: str) -> Any:
    """Values of a series in the order of ``ids``; anything without labels is returned as it is.

    Raises
    ------
    InputError
        The labels of a series are not the ids, each once.
    """
    if not hasattr(values, "index") or not hasattr(values, "iloc"):
        return values
    at, problems = _order(values.index, ids, "the values", "row numbers of the links")
    if problems:
        raise InputError([replace(problem, table=table, column=column) for problem in problems])
    return values.iloc[at]


def _order(labels: Any, ids: Ints, what: str, kind: str) -> tuple[list[int], list[Problem]]:
    """Position of each id among the labels, and every label that is none or missing."""
    found = whole_numbers(labels)
    known = set(ids.tolist())
    place: dict[int, int] = {}
    strange, twice = [], []
    for position, (label, number) in enumerate(zip(labels, found, strict=True)):
        if number is None or number not in known:
            strange.append(label)
        elif place.setdefault(number, position) != position:
            twice.append(label)
    missing = [number for number in ids.tolist() if number not in place]
    allowed = f"each of {ids[0]} to {ids[-1]} once" if len(ids) else "no labels"
    problems = []
    if strange:
        hint = "; for values already in this order, pass them without labels: .to_numpy()"
        problems.append(_fault(f"{what} have labels that are not {kind}", strange, allowed + hint))
    if twice:
        problems.append(_fault(f"{what} have the same label twice", twice, allowed))
    if missing and not strange:
        problems.append(_fault(f"{what} lack {kind}", missing, f"{allowed}, with 0 where there is nothing"))
    return [place.get(number, 0) for number in ids.tolist()], problems


def _fault(message: str, labels: Sequence[Any], allowed: str) -> Problem:
    more = f" and {len(labels) - _SHOWN} more" if len(labels) > _SHOWN else ""
    return Problem("demand", message, value=", ".join(map(str, labels[:_SHOWN])) + more, allowed=allowed)
