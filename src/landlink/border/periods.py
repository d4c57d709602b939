"""An observation window split into periods in which the stages of a crossing do not change.

A pipeline follows hours, servers, quotas and arrivals from day to day, but its stages, shares and service times stay as
on its first day. A window in which rules change these is simulated in several periods.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd

from landlink.border.sizes import period_problems
from landlink.border.tables_by_day import change_days, tables_on
from landlink.core.errors import InputError
from landlink.study import Study
from landlink.study.effects import in_force_on
from landlink.tables.frames import Tables, is_missing, records
from landlink.tables.shared_columns import PROVENANCE

__all__ = ["Period", "periods"]

_PROVENANCE: Final = frozenset(column.name for column in PROVENANCE)
#: Columns that a pipeline follows day by day.
_FOLLOWED: Final = {
    "stage": frozenset(("servers", "hours", "days", "holidays", "time_zone", "departures")),
    "service": frozenset[str](),
    "vehicle_class": frozenset[str](),
}
_OF_THE_GATE: Final = ("parking_places", "balk_at", "punctuality_h")


@dataclass(frozen=True)
class Period:
    """Days of a crossing that one pipeline describes.

    Attributes
    ----------
    start
        First day to simulate.
    days
        Number of days, the warm-up included.
    warm_up_days
        Days of the warm-up, before the observation window.
    is_open
        Whether the crossing is open; a closed one has no arrivals.
    """

    start: date
    days: int
    warm_up_days: int
    is_open: bool

    @property
    def counted_days(self) -> int:
        """Days within the observation window."""
        return self.days - self.warm_up_days


def periods(
    study: Study, crossing_id: str, begins: date, ends: date, *, family: str = "road", warm_up_days: int = 28
) -> list[Period]:
    """Split an observation window into periods.

    Parameters
    ----------
    study
        The study, with measures applied.
    crossing_id, family
        The crossing.
    begins, ends
        First day of the window, and the first day after it.
    warm_up_days
        Days simulated before the window; a period that begins later has none.

    Returns
    -------
    list of Period
        In order of time; their counted days fill the window.

    Raises
    ------
    InputError
        The window is empty, or leaves the years that a study can have.
    """
    if problems := period_problems(begins, (ends - begins).days, before=warm_up_days):
        raise InputError(problems)
    first = begins - timedelta(days=warm_up_days)
    days = sorted({*change_days(study, first, (ends - first).days), begins})
    found: list[tuple[date, tuple[object, ...]]] = []
    for day in days:
        state = _state(tables_on(study, crossing_id, day), crossing_id, family, day)
        if not found or found[-1][1] != state:
            found.append((day, state))
    cut = [start for start, _ in found]
    return [
        Period(
            start=start,
            days=(until - start).days,
            warm_up_days=max(0, (begins - start).days),
            is_open=bool(state[0]),
        )
        for (start, state), until in zip(found, [*cut[1:], ends], strict=True)
        if until > begins
    ]


def _state(tables: Tables, crossing_id: str, family: str, day: date) -> tuple[object, ...]:
    """Collect whether a crossing is open, and all that a pipeline takes from its first day only."""
    (crossing,) = records(_of(tables["crossing"], crossing_id, family))
    if not in_force_on(crossing, day):
        return (False,)
    arrival = _of(tables["arrival"], crossing_id, family)
    stage = tables["stage"]
    works = np.array([in_force_on(row, day) for row in records(stage)], dtype=np.bool_)
    tables = {**tables, "stage": stage[works].assign(open_from="", open_to="")}
    gate = ["" if is_missing(crossing[name]) else crossing[name] for name in _OF_THE_GATE]
    return (
        True,
        *gate,
        *(_text_of_crossing(tables[name], followed, crossing_id, family) for name, followed in _FOLLOWED.items()),
        # Times of departure are followed; whether there is a timetable is not.
        tuple(_of(tables["stage"], crossing_id, family)["departures"] != ""),
        _text(arrival, ["direction", "vehicle_class", "books"]),
    )


def _text_of_crossing(frame: pd.DataFrame, followed: frozenset[str], crossing_id: str, family: str) -> str:
    if "crossing_id" in frame:
        frame = _of(frame, crossing_id, family)
    return _text(frame, [name for name in map(str, frame) if name not in followed | _PROVENANCE])


def _text(frame: pd.DataFrame, columns: list[str]) -> str:
    """All that some columns hold, as a text that is equal where all cells are, empty ones included."""
    return repr([frame[name].tolist() for name in columns])


def _of(frame: pd.DataFrame, crossing_id: str, family: str) -> pd.DataFrame:
    return frame[(frame["crossing_id"] == crossing_id) & (frame["family"] == family)]
