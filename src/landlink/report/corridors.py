"""Section on corridors: CAREC's trade facilitation indicators by corridor and family of modes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import pandas as pd
from markupsafe import Markup

from landlink.freight.indicators import EVERYWHERE
from landlink.report.section import Section
from landlink.report.subject import compared_views, subject_of
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.view import View, with_key
from landlink.tables.frames import row_of

__all__ = ["section"]

#: Corridors of each family that are shown; the rest are collapsed.
_SHOWN: Final = 6
#: Relative change of tonnes from which a family of modes is shown.
_CHANGED: Final = 0.01
#: Messages of the figures and their columns.
_FIGURES: Final = (
    ("tfi1", "tfi1_h"), ("tfi2", "tfi2_usd"), ("tfi3", "tfi3_usd"), ("swod", "swod_kmh"), ("swd", "swd_kmh"),
)  # fmt: skip


def section(views: Sequence[View]) -> Section | None:
    """Build the section; ``None`` if the study has no corridors."""
    tables = [_figures(view) for view in views]
    if not any(len(frame) for frame in tables):
        return None
    order = _order(tables)
    shown = compared_views(views)
    first = _changed(views, tables, {key: ids[:_SHOWN] for key, ids in order.items()})
    body = [
        tag("p", views[0].words("corridors.how")),
        _table(shown, [tables[views.index(view)] for view in shown], first),
    ]
    if len(shown) < len(views) or first != order:
        body.append(folded(views[0].words("common.all_results"), _table(views, tables, order)))
    words = views[0].words
    return Section("corridors", words("corridors.heading"), _finding(views, tables, order), join(body))


def _changed(
    views: Sequence[View], tables: Sequence[pd.DataFrame], order: dict[str, list[str]]
) -> dict[str, list[str]]:
    """Families on whose corridors the scenario of the first page changes any freight; all where it changes none."""
    subject = subject_of(views)
    if subject.baseline is None:
        return order
    own, base = (tables[list(views).index(view)]["tonnes_per_year"] for view in (subject.view, subject.baseline))
    change = own.sub(base, fill_value=0.0).abs()
    moved = change >= _CHANGED * own.combine(base, max, fill_value=0.0)
    found = {key: ids for key, ids in order.items() if any(moved.get((name, key), False) for name in ids)}
    return found or order


def _table(views: Sequence[View], tables: Sequence[pd.DataFrame], order: dict[str, list[str]]) -> Markup:
    """Figures of corridors in some results."""
    words = views[0].words
    heads = [Head(words("corridors.corridor"), numeric=False)]
    heads += [Head(view.head, over=words("corridors.tonnes")) for view in views]
    for key, column in _FIGURES:
        unit = words.unit(views[0].unit("USD")) if column.endswith("_usd") else ""
        heads += [Head(view.head, over=words(f"corridors.{key}", unit=unit)) for view in views]
    groups = [Group(words.term("family", name), _rows(views, tables, name, ids)) for name, ids in order.items()]
    return table(with_key(words("corridors.caption"), views), heads, groups, class_="wide")


def _figures(view: View) -> pd.DataFrame:
    """Figures of corridors in use by identifier and family."""
    frame = view.table("corridor_performance")
    if frame.empty:
        return frame
    return frame[frame["tonnes_per_year"] > 0].set_index(["corridor_id", "family"])


def _order(tables: Sequence[pd.DataFrame]) -> dict[str, list[str]]:
    """Corridors of each family: all together first, then those with the most tonne-kilometres in any result."""
    most = pd.concat([frame["tkm_per_year"] for frame in tables if len(frame)]).groupby(level=[0, 1]).max()
    found: dict[str, list[str]] = {}
    for corridor, family in most.sort_values(ascending=False, kind="stable").index:
        found.setdefault(str(family), []).append(str(corridor))
    return {
        family: sorted(ids, key=lambda name: name != EVERYWHERE)
        for family, ids in sorted(found.items(), key=lambda item: -float(most[EVERYWHERE, item[0]]))
    }


def _rows(
    views: Sequence[View], tables: Sequence[pd.DataFrame], family: str, corridors: Sequence[str]
) -> list[list[str | Markup]]:
    words = views[0].words
    rows = []
    for corridor in corridors:
        name = words("corridors.every") if corridor == EVERYWHERE else views[0].name("corridor", corridor)
        cells: list[str | Markup] = [name]
        for column, size in (("tonnes_per_year", 1e3), *((column, 1.0) for _, column in _FIGURES)):
            figures = [_figure(frame, (corridor, family), column) for frame in tables]
            cells += [words.rough_number(figure / size) for figure in figures]
        rows.append(cells)
    return rows


def _figure(frame: pd.DataFrame, key: tuple[str, str], column: str) -> float:
    return float(row_of(frame, key)[column]) if len(frame) and key in frame.index else math.nan


def _finding(views: Sequence[View], tables: Sequence[pd.DataFrame], order: dict[str, list[str]]) -> str:
    """Say how fast the family with the most freight moves on all corridors, in the base."""
    words, family = views[0].words, next(iter(order))
    without, with_delay = (_figure(tables[0], (EVERYWHERE, family), name) for name in ("swod_kmh", "swd_kmh"))
    if not math.isfinite(with_delay):
        return ""
    return words(
        "corridors.finding",
        label=views[0].head,
        family=words.term("family", family),
        swod=f"{words.number(without, decimals=0)}\u00a0{words.unit('km/h')}",
        swd=f"{words.number(with_delay, decimals=0)}\u00a0{words.unit('km/h')}",
    )
