"""Where freight goes while a place is closed: what waits, what goes another way, and what crossings pass instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd
from markupsafe import Markup

from landlink.report.criticality_map import closed_place
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.view import View
from landlink.resilience.closure_flow_schema import gone_elsewhere
from landlink.tables.frames import Row, records

__all__ = ["closure_flows"]

#: Crossings that are named in a sentence, and on each side of a table.
_TOLD: Final = 2
_NAMED: Final = 3
_THOUSAND: Final = 1e3


def closure_flows(view: View, worst: pd.DataFrame, flows: pd.DataFrame) -> Markup:
    """A sentence on the worst closure, and a folded table of all that are listed.

    Parameters
    ----------
    view
        The result of the scenario.
    worst
        Closures of single places as a whole that are listed, at least one.
    flows
        Crossings whose freight closures change, see :data:`landlink.resilience.closure_flow_schema.CLOSURE_FLOW`.
    """
    words = view.words
    single = flows[flows["with_row"] == ""].groupby(["scenario", "table", "row"], sort=False)
    rows = records(worst)
    changes = [
        single.get_group(key) if (key := (row["scenario"], row["table"], row["row"])) in single.groups else flows[:0]
        for row in rows
    ]
    unit = words.unit("kt")
    heads = [
        Head(words("security.place"), numeric=False),
        Head(words("security.passing", unit=unit)),
        Head(words("security.waiting", unit=unit)),
        Head(words("security.elsewhere", unit=unit)),
        Head(words("security.more_at", unit=unit), numeric=False),
        Head(words("security.less_at", unit=unit), numeric=False),
    ]
    cells = [_cells(view, row, of_place) for row, of_place in zip(rows, changes, strict=True)]
    listed = table(words("security.flows_caption"), heads, [Group("", cells)], class_="wide")
    told = tag("p", _sentence(view, rows[0], changes[0]))
    return join([told, folded(words("security.flows_fold"), listed)])


def _amounts(row: Row) -> tuple[float, float, float]:
    """Freight of a place, what of it waits, and what goes another way, kt/day."""
    passing, waiting = (float(row[f"{what}_tonnes_per_day"]) / _THOUSAND for what in ("freight", "waiting"))
    return passing, waiting, gone_elsewhere(passing, waiting)


def _sentence(view: View, row: Row, changes: pd.DataFrame) -> str:
    words = view.words
    passing, waiting, elsewhere = (words.rough(_THOUSAND * amount, "t") for amount in _amounts(row))
    more = _crossings(view, _open(changes, 1), _TOLD)
    return words(
        "security.flows_told" if more else "security.flows_nowhere", place=closed_place(view, row), passing=passing,
        waiting=waiting, elsewhere=elsewhere, crossings=more, unit=words.unit("kt"),
    )  # fmt: skip


def _cells(view: View, row: Row, changes: pd.DataFrame) -> list[str | Markup]:
    sides = (_crossings(view, _open(changes, sign), _NAMED) or view.words("common.no_value") for sign in (1, -1))
    return [closed_place(view, row), *map(view.words.rough_number, _amounts(row)), *sides]


def _open(changes: pd.DataFrame, sign: int) -> Sequence[Row]:
    """Crossings that are not closed themselves and pass more, or less."""
    return records(changes[~changes["closed"] & (sign * changes["change_tonnes_per_day"] > 0)])


def _crossings(view: View, changes: Sequence[Row], most: int) -> str:
    """Crossings by name, each with its change in kt/day; empty for none."""
    words = view.words
    named = [
        words(
            "security.crossing_change",
            crossing=closed_place(view, {"table": "crossing", "row": one["crossing"]}),
            change=words.rough_number(float(one["change_tonnes_per_day"]) / _THOUSAND, signed=True),
        )
        for one in changes[:most]
    ]
    return words("common.comma").join(named)
