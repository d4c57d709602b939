"""Section on border crossings: vehicles, tonnes and hours of the base case and scenarios."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from markupsafe import Markup

from landlink.report.crossing_service import hours_both_ways, service_table
from landlink.report.misses import Miss, misses_by_crossing
from landlink.report.section import Section
from landlink.report.subject import compared_views, subject_of
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.view import View, with_key
from landlink.results.determinacy import MARK
from landlink.tables.frames import row_of

__all__ = ["section", "totals"]

#: Number of rows shown; the rest are collapsed.
_SHOWN: Final = 9
#: Relative change of tonnes from which a row is shown, and the number of rows below which all are.
_CHANGED: Final = 0.01
_FEW: Final = 3


def totals(view: View) -> pd.DataFrame:
    """Return one row per crossing and family: tonnes, and vehicles counted per day, both directions."""
    frame = view.table("crossing")
    counted = frame.vehicles_per_day + frame.background_vehicles_per_day.fillna(0.0)
    # The countries of a crossing are in the order of its first direction, as its hours are.
    ordered = frame.assign(vehicles_per_day=counted).sort_values("direction", kind="stable")
    grouped = ordered.groupby(["crossing_id", "family"], sort=False)
    sums = grouped[["tonnes_per_year", "vehicles_per_day"]].sum()
    return sums.join(grouped[["from_country", "to_country"]].first())


def section(views: Sequence[View]) -> Section:
    """Build the section."""
    words = views[0].words
    heading = words("crossings.heading")
    tables = [totals(view) for view in views]
    most = pd.concat([frame.tonnes_per_year for frame in tables]).groupby(level=[0, 1]).max() if tables else pd.Series()
    order = _order(views, tables, most[most > 0])
    if not len(order):
        return Section("crossings", heading, "", tag("p", words("crossings.none")))
    compared = compared_views(views)
    changed = _changed(views, tables, order)
    told = [words("crossings.how")]
    if len(changed) < len(order):
        label, least = subject_of(views).view.head, words.percent(_CHANGED, decimals=0)
        told.append(words("crossings.short", label=label, most=words.count(_SHOWN), least=least))
    body: list[Markup] = [tag("p", words.sentences(*told))]
    misses = misses_by_crossing(views)
    body.append(_table(compared, [tables[list(views).index(view)] for view in compared], changed, misses, _SHOWN))
    if len(compared) < len(views) or len(changed) < len(order) or len(order) > _SHOWN:
        body.append(folded(words("crossings.rest"), _table(views, tables, order, misses)))
    if served := service_table(compared, order, _SHOWN):
        body.append(folded(words("crossings.service_title"), served))
    if any(view.undetermined["crossing"] for view in views):
        body.append(tag("p", words("common.open_note"), class_="soft"))
    if any(view.changed_crossings for view in views):
        body.append(tag("p", words("crossings.changed_note"), class_="soft"))
    return Section("crossings", heading, _finding(views, tables), join(body))


def _table(
    views: Sequence[View],
    tables: Sequence[pd.DataFrame],
    order: Sequence[tuple[str, str]],
    misses: Mapping[tuple[str, str], Miss],
    most: int | None = None,
) -> Markup:
    """Figures of crossings in some results, by family; at most so many of each."""
    words = views[0].words
    rows: dict[str, list[list[str | Markup]]] = {family: [] for _, family in order}
    for crossing, family in order:
        if any((crossing, family) in frame.index for frame in tables):
            missed = misses.get((crossing, family)) or misses.get((crossing, ""))
            rows[family].append(_row(views, tables, crossing, family, missed))
    groups = [Group(words.term("family", family), part[:most]) for family, part in rows.items()]
    return table(with_key(words("crossings.caption"), views), _heads(views), groups, class_="wide")


def _changed(
    views: Sequence[View], tables: Sequence[pd.DataFrame], order: Sequence[tuple[str, str]]
) -> Sequence[tuple[str, str]]:
    """Those of the crossings whose tonnes the scenario of the first page changes; all where it changes few or none."""
    subject = subject_of(views)
    if subject.baseline is None:
        return order
    own, base = (
        tables[list(views).index(view)].tonnes_per_year.reindex(list(order), fill_value=0.0)
        for view in (subject.view, subject.baseline)
    )
    changes = (own - base).abs() >= _CHANGED * np.maximum(own, base)
    changed = [key for key, one in zip(order, changes & (np.maximum(own, base) > 0), strict=True) if one]
    return changed if len(changed) >= _FEW else order


def _order(views: Sequence[View], tables: Sequence[pd.DataFrame], most: pd.Series) -> list[tuple[str, str]]:
    """Crossings with freight: those that the scenario of the first page changes most, or else the busiest, first."""
    subject = subject_of(views)
    key = most
    if subject.baseline is not None:
        own, base = (tables[list(views).index(view)].tonnes_per_year for view in (subject.view, subject.baseline))
        key = own.sub(base, fill_value=0.0).abs().reindex(most.index).fillna(0.0)
    # Ties, such as no change at all, are broken by tonnes.
    frame = pd.DataFrame({"key": key, "most": most}).sort_values(["key", "most"], ascending=False, kind="stable")
    return [(str(crossing), str(family)) for crossing, family in frame.index]


def _heads(views: Sequence[View]) -> list[Head]:
    words = views[0].words
    heads = [Head(words("crossings.crossing"), numeric=False)]
    measures = (
        ("vehicles", words("crossings.vehicles")),
        ("tonnes", words("crossings.tonnes")),
        ("hours", words("crossings.hours")),
    )
    for _, title in measures:
        heads += [Head(view.head, over=title) for view in views]
    return heads


def _row(
    views: Sequence[View], tables: Sequence[pd.DataFrame], crossing: str, family: str, missed: Miss | None
) -> list[str | Markup]:
    words = views[0].words
    found = [row_of(frame, (crossing, family)) if (crossing, family) in frame.index else None for frame in tables]
    known = next(row for row in found if row is not None)
    view = next(view for view, row in zip(views, found, strict=True) if row is not None)
    mark = " *" if any(crossing in each.changed_crossings for each in views) else ""
    countries = words(
        "crossings.pair", a=view.name("country", known.from_country), b=view.name("country", known.to_country)
    )
    named = [tag("span", view.crossing_name(crossing) + mark), tag("span", countries, class_="under")]
    if missed is not None:
        factor, year = words.rough_number(missed.ratio), words.year(missed.year)
        named.append(tag("span", words("crossings.missed", factor=factor, year=year), class_="under"))
    cells: list[str | Markup] = [join(named)]
    for column, divisor in (("vehicles_per_day", 1.0), ("tonnes_per_year", 1e3)):
        for each, row in zip(views, found, strict=True):
            value = float(row[column]) / divisor if row is not None else math.nan
            left_open = crossing in each.undetermined["crossing"]
            cells.append((MARK if left_open else "") + words.small_number(value))
    cells += [hours_both_ways(each, crossing, family) for each in views]
    return cells


def _finding(views: Sequence[View], tables: Sequence[pd.DataFrame]) -> str:
    words = views[0].words
    first = tables[0].groupby(level=0).tonnes_per_year.sum()
    text = ""
    if len(first) and first.max() > 0:
        busiest = first.idxmax()
        text = words(
            "crossings.busiest_title",
            name=views[0].crossing_name(busiest),
            tonnes=words.rough(float(first.max()), "t/year"),
            label=views[0].head,
        )
    subject = subject_of(views)
    view, baseline = subject.view, subject.baseline
    if baseline is None:
        return text
    before = tables[list(views).index(baseline)].groupby(level=0).tonnes_per_year.sum()
    change = tables[list(views).index(view)].groupby(level=0).tonnes_per_year.sum().sub(before, fill_value=0.0)
    if not len(change) or change.abs().max() <= 0:
        return text
    top = str(change.abs().idxmax())
    moved = words(
        "crossings.change_title",
        name=view.crossing_name(top),
        change=words.rough(float(change[top]), "t/year", signed=True),
        label=view.head,
        baseline=baseline.head,
    )
    return f"{text} {moved}".strip()
