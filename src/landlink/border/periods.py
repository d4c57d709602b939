"""A period of a crossing as periods in which its stages stay what they are.

A pipeline follows hours, servers, quotas and arrivals from day to day, but its stages, shares and service times hold as
on its first day. A period in which rules change these is simulated in several periods.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import pandas as pd

from landlink.border.in_force import days_of_change, holds_on, tables_on
from landlink.study import Study
from landlink.tables.frames import Tables
from landlink.tables.shared_columns import PROVENANCE

__all__ = ["Period", "periods"]

_SAID: Final = frozenset(column.name for column in PROVENANCE)
#: Columns that a pipeline follows day by day.
_FOLLOWED: Final = {
    "stage": frozenset(("servers", "hours", "days", "holidays", "time_zone")),
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
        How many.
    warm_up_days
        Days of them before the period.
    is_open
        Whether the crossing is open; nobody comes to one that is shut.
    """

    start: date
    days: int
    warm_up_days: int
    is_open: bool

    @property
    def counted_days(self) -> int:
        """Days within the period."""
        return self.days - self.warm_up_days


def periods(
    study: Study, crossing_id: str, begins: date, ends: date, *, family: str = "road", warm_up_days: int = 28
) -> list[Period]:
    """Cut a period where rules or measures change the stages of a crossing, or shut and open it.

    Parameters
    ----------
    study
        The study, with measures applied.
    crossing_id, family
        The crossing.
    begins, ends
        First day, and the first day after the last.
    warm_up_days
        Days to simulate before the period, fewer where the stages were others then. Later periods begin empty.

    Returns
    -------
    list of Period
        In order of time; their counted days fill the period.
    """
    first = begins - timedelta(days=warm_up_days)
    days = sorted({*days_of_change(study, first, (ends - first).days), begins})
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
    """Whether a crossing is open, and all that a pipeline takes from its first day alone."""
    (crossing,) = _of(tables["crossing"], crossing_id, family).to_dict("records")
    if not holds_on({str(name): cell for name, cell in crossing.items()}, day):
        return (False,)
    arrival = _of(tables["arrival"], crossing_id, family)
    gate = ["" if pd.isna(crossing[name]) else crossing[name] for name in _OF_THE_GATE]
    return (
        True,
        *gate,
        *(_text(tables[name], followed, crossing_id, family) for name, followed in _FOLLOWED.items()),
        arrival[["direction", "vehicle_class", "books"]].to_csv(),
    )


def _text(frame: pd.DataFrame, followed: frozenset[str], crossing_id: str, family: str) -> str:
    if "crossing_id" in frame:
        frame = _of(frame, crossing_id, family)
    return str(frame.drop(columns=[name for name in frame if name in followed | _SAID]).to_csv())


def _of(frame: pd.DataFrame, crossing_id: str, family: str) -> pd.DataFrame:
    return frame[(frame["crossing_id"] == crossing_id) & (frame["family"] == family)]
