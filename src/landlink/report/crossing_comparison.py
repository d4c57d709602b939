"""Crossings of several results side by side, by direction, the busiest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from landlink.report.view import View

__all__ = ["FIGURES", "crossing_comparison"]

#: Columns of the table ``crossing`` that are compared, with their units.
FIGURES: Final = {
    "vehicles_per_day": "vehicles/day",
    "tonnes_per_year": "t/year",
    "time_h": "h",
    "p95_h": "h",
    "queue_vehicles": "vehicles",
    "capacity_used": "share",
}
_KEY: Final = ["crossing_id", "family", "direction"]
_ENDS: Final = ("from_country", "to_country")


def crossing_comparison(views: Sequence[View]) -> pd.DataFrame:
    """Set figures of crossings side by side.

    Parameters
    ----------
    views
        The results.

    Returns
    -------
    pandas.DataFrame
        A row for each crossing, family and direction with any traffic: the crossing with its direction, the family, the
        countries of exit and entry, then each of :data:`FIGURES` that the results have, for every result in turn.
        ``attrs["figures"]`` holds their units.
    """
    frames = [view.result.tables["crossing"] for view in views]
    figures = {name: unit for name, unit in FIGURES.items() if all(name in frame for frame in frames)}
    sides = pd.concat(frames)[[*_KEY, "from_country", "to_country"]].drop_duplicates(_KEY).set_index(_KEY)
    parts = [frame.set_index(_KEY)[list(figures)].reindex(sides.index) for frame in frames]
    columns = {f"{name} {place}": part[name] for name in figures for place, part in enumerate(parts)}
    table = pd.DataFrame(columns, index=sides.index)
    traffic = table[[f"tonnes_per_year {place}" for place in range(len(views))]].max(axis=1)
    order = traffic[traffic > 0].sort_values(ascending=False, kind="stable").index
    view = views[0]
    named = pd.DataFrame(
        {
            "crossing": [
                f"{_name(views, str(crossing))}, {start} → {end}"
                for (crossing, _, _), start, end in zip(order, *(sides.loc[order, end] for end in _ENDS), strict=True)
            ],
            "family": [view.words.term("family", str(family)) for _, family, _ in order],
            **{end: [view.name("country", code) for code in sides.loc[order, end]] for end in _ENDS},
        }
    )
    found = pd.concat([named, table.loc[order].reset_index(drop=True)], axis=1)
    found.attrs["figures"] = figures
    return found


def _name(views: Sequence[View], crossing: str) -> str:
    """Name of a crossing, from the first result that has it."""
    names = (view.crossing_name(crossing) for view in views)
    return next((name for name in names if name != crossing), crossing)
