"""Where freight goes while places are closed: the crossings whose freight changes, and by how much."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats
from landlink.resilience.closure_flow_schema import CLOSURE_FLOW
from landlink.resilience.closure_losses import ClosureLosses
from landlink.resilience.closure_places import Place
from landlink.resilience.figures import CROSSING_TONNES, TRACE, Figures

__all__ = ["CrossingChange", "closure_flow_table", "crossing_changes", "least_change"]

#: Change that is rounding, t/day.
_ROUNDING: Final = 1e-6


@dataclass(frozen=True, slots=True)
class CrossingChange:
    """A crossing whose freight changes.

    Attributes
    ----------
    key, name
        Its key, such as ``TORU/road``, and its name.
    before, after
        Freight that passes it, t/day; what waits at it while it is closed too.
    """

    key: str
    name: str
    before: float
    after: float

    @property
    def change(self) -> float:
        """What passes it more, t/day."""
        return self.after - self.before


def crossing_changes(
    crossings: Sequence[Place], after: Floats, least: float, closed: Collection[str] = ()
) -> list[CrossingChange]:
    """Crossings whose freight changes: those that are closed first, then the largest change.

    Parameters
    ----------
    crossings
        All crossings, with the freight that passes them undisturbed.
    after
        Freight of each meanwhile, t/day; shape (crossings,).
    least
        Change that counts, t/day.
    closed
        Keys of crossings that are closed.
    """
    found = [
        CrossingChange(place.row, place.name, place.tonnes_per_day, tonnes)
        for place, tonnes in zip(crossings, after.tolist(), strict=True)
    ]
    # Equal changes stay in the order of the study.
    counted = [one for one in found if abs(one.change) >= max(least, _ROUNDING)]
    return sorted(counted, key=lambda one: (one.key not in closed, -abs(one.change)))


def least_change(found: ClosureLosses, tonnes: float) -> float:
    """Change of the freight of a crossing that counts, t/day: known, and no trace of what passes the closed place."""
    return max(found.flow_accuracy, TRACE * tonnes)


def closure_flow_table(scenarios: Sequence[ClosureLosses], days: float) -> pd.DataFrame:
    """Rows of all closures in the order of the analysis, see :data:`.CLOSURE_FLOW`."""
    rows = [
        {"scenario": found.label, "year": found.year, "study_hash": found.study_hash, **row}
        for found in scenarios
        for row in (*_of_places(found), *_of_pairs(found))
    ]
    frame = pd.DataFrame(rows, columns=list(CLOSURE_FLOW.by_name))
    # Empty: for good.
    frame["closed_days"] = days if np.isfinite(days) else np.nan
    return CLOSURE_FLOW.typed(frame)


def _of_places(found: ClosureLosses) -> Iterator[dict[str, Any]]:
    after = _tonnes(found, found.figures)
    for number in found.order.tolist():
        yield from _rows(found, after[number], found.places[number])


def _of_pairs(found: ClosureLosses) -> Iterator[dict[str, Any]]:
    pairs = found.pairs
    if pairs is not None:
        after = _tonnes(found, pairs.figures)
        for number in pairs.order.tolist():
            one, other = (found.places[int(places[number])] for places in (pairs.first, pairs.second))
            yield from _rows(found, after[number], one, other)


def _tonnes(found: ClosureLosses, figures: Figures) -> Floats:
    """t/day through each crossing in each closure; shape (closures, crossings)."""
    known = figures.by_place(CROSSING_TONNES)
    empty = np.empty((len(figures.values), 0))
    return np.column_stack([empty, *(known[place.row] for place in found.crossings)])


def _rows(found: ClosureLosses, after: Floats, *closed: Place) -> Iterator[dict[str, Any]]:
    """Rows of one closure, of a place or two."""
    one, other = closed[0], closed[1] if len(closed) > 1 else None
    shut = {place.row for place in closed if place.table == "crossing"}
    of_closure = {
        "table": one.table, "row": one.row, "name": one.name,
        "with_table": "" if other is None else other.table, "with_row": "" if other is None else other.row,
    }  # fmt: skip
    least = least_change(found, max(place.tonnes_per_day for place in closed))
    for change in crossing_changes(found.crossings, after, least, shut):
        yield {
            **of_closure, "crossing": change.key, "crossing_name": change.name, "closed": change.key in shut,
            "before_tonnes_per_day": change.before, "after_tonnes_per_day": change.after,
            "change_tonnes_per_day": change.change,
        }  # fmt: skip
