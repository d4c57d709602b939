"""Published claims about measures compared with the corresponding figures of the model."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

import pandas as pd
from markupsafe import Markup

from landlink.core.errors import UnknownNameError
from landlink.indicators.comparability import is_about_measures
from landlink.indicators.expressions import parse_expression, split_terms
from landlink.indicators.observations import factor_to_observation
from landlink.indicators.registry import TableView
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.times import pair_label, pairs_of, trips
from landlink.report.view import View, baseline_of, with_key
from landlink.report.words import Words
from landlink.tables.frames import Row, records, row_of

__all__ = ["busiest_changed_link", "claims_block"]

#: Relative difference up to which two values are equal.
_ROUNDING: Final = 1e-9


def claims_block(views: Sequence[View]) -> Markup:
    """Build the block: effects of each scenario's measures on pairs and links, compared with published claims."""
    compared = _comparisons(views)
    claims = _claims(views[0])
    if not compared and not len(claims):
        return Markup("")
    words = views[0].words
    body = [tag("h3", words("claims.heading"))]
    if len(claims):
        body.append(_claims_table(compared, claims, views[0]))
    if compared:
        effects = (_effects(view, baseline) for view, baseline in compared)
        body.append(folded(words("claims.how"), join(effects)))
    return tag("div", *body, class_="claims")


def _comparisons(views: Sequence[View]) -> list[tuple[View, View]]:
    """Scenarios with their baselines, of the same year if available, since growth is not an effect of measures."""
    found = [
        (view, baseline)
        for position, view in enumerate(views)
        if (baseline := baseline_of(views, position)) is not None
    ]
    same_year = [(view, baseline) for view, baseline in found if view.year == baseline.year]
    return same_year or found


def busiest_changed_link(view: View) -> tuple[str, float] | None:
    """Return name and annual tonnes, both directions, of the busiest link changed by the scenario's measures."""
    changed = view.links[view.links.index.isin(list(view.provenance.run.changed_links))]
    if not len(changed):
        return None
    row = row_of(changed, changed.tonnes_per_year.idxmax())
    name = f"{view.name('node', row.from_node_id)} – {view.name('node', row.to_node_id)}"
    return name, float(row.tonnes_per_year)


def _claims(view: View) -> pd.DataFrame:
    """Rows about measures, and figures called claims that have no counterpart in a single result."""
    frame = view.table("observed")
    called = (frame.heading + " " + frame.what + " " + frame.note).str.contains("claim|promoter", case=False)
    about = pd.Series([is_about_measures(row) for row in records(frame)], index=frame.index, dtype=bool)
    return frame[about | (called & (frame.indicator == ""))]


def _effects(view: View, baseline: View) -> Markup:
    words = view.words
    over = (words("times.distance"), words("times.time"))
    heads = [Head(words("claims.pair"), numeric=False)]
    for title in over:
        heads += [Head(text, over=title) for text in (baseline.head, view.head, words("claims.saved"))]
    groups = []
    for pair in pairs_of([view]):
        before, after = trips(baseline, pair), trips(view, pair)
        rows: list[list[str]] = []
        for alternative in after.index.intersection(before.index):
            old, new = before.loc[alternative], after.loc[alternative]
            km = [float(old.distance_km), float(new.distance_km), float(old.distance_km - new.distance_km)]
            hours = [float(old.time_h), float(new.time_h), float(old.time_h - new.time_h)]
            name = words.term("mode", str(alternative))
            rows.append([name, *(words.count(value) for value in km), *(words.duration(value) for value in hours)])
        groups.append(Group(pair_label(view, pair), rows))
    parts = []
    if any(group.rows for group in groups):
        caption = words("claims.caption", label=view.head, baseline=baseline.head)
        parts.append(table(with_key(caption, [baseline, view]), heads, groups, class_="wide"))
    busiest = busiest_changed_link(view)
    if busiest is not None:
        parts.append(
            tag(
                "p",
                words("claims.link", label=view.head, name=busiest[0], tonnes=words.quantity(busiest[1], "t/year")),
            )
        )
    return join(parts)


def _claims_table(compared: Sequence[tuple[View, View]], claims: pd.DataFrame, view: View) -> Markup:
    """Claims beside the same figure of the model in each scenario, or the reason why there is none; no verdict."""
    words = view.words
    heads = [
        Head(words("held.what"), numeric=False),
        Head(words("claims.published")),
        Head(words("claims.model")),
        Head(words("claims.reading"), numeric=False),
        Head(words("held.note"), numeric=False),
    ]
    rows = []
    for row in records(claims):
        unit = str(row["unit"])
        published = f"{words.plain(float(row['value']))}\u00a0{words.unit(unit)}"
        quality = words.get(f"quality.{row['quality']}", str(row["quality"]))
        note = "; ".join(part for part in (quality, str(row["note"])) if part)
        for model, reading in _counterparts(row, compared, words):
            shown = words("common.no_value") if model is None else f"{words.number(model)}\u00a0{words.unit(unit)}"
            rows.append([words.name(row, "what"), published, shown, reading, note])
    return table(words("claims.table_caption"), heads, [Group("", rows)], class_="wide notes")


def _counterparts(row: Row, compared: Sequence[tuple[View, View]], words: Words) -> Iterable[tuple[float | None, str]]:
    """The claim's own indicator in each scenario, in the claim's unit, and how to read it."""
    indicator = str(row["indicator"])
    if not indicator:
        return [(None, words("claims.no_indicator"))]
    if not compared:
        return [(None, words("claims.no_scenario"))]
    return [_counterpart(row, indicator, view, baseline) for view, baseline in compared]


def _counterpart(row: Row, indicator: str, view: View, baseline: View) -> tuple[float | None, str]:
    words = view.words
    label = _label(view, indicator)
    factor = factor_to_observation(parse_expression(indicator).unit, row)
    saving = row["compares"] == "saving"
    values = [_value(one, indicator) for one in ((baseline, view) if saving else (view,))]
    for one, value in zip((baseline, view) if saving else (view,), values, strict=True):
        if not math.isfinite(value):
            return None, words("claims.not_there", indicator=label, label=one.head)
    if saving:
        told = words("claims.saving_kind", indicator=label, baseline=baseline.head, label=view.head)
        saved = values[0] - values[1]
        # What only the order of sums makes is no saving.
        return (0.0 if abs(saved) <= _ROUNDING * abs(values[0]) else saved * factor), told
    return values[0] * factor, words("claims.scenario_kind", indicator=label, label=view.head)


def _label(view: View, indicator: str) -> str:
    """Title of an indicator or expression, in words."""
    sides = [" + ".join(view.indicator_label(term) for term in side) for side in split_terms(indicator)]
    return " / ".join(view.words.isolated(side) for side in sides)


def _value(view: View, indicator: str) -> float:
    """Value of an indicator in a result; NaN if the result lacks its place or moves nothing there."""
    expression = parse_expression(indicator)
    needed = {name for term in expression.terms for name in term.indicator.tables}
    if not needed <= view.result.tables.keys():
        return math.nan
    try:
        return expression.value(TableView(view.result.tables))
    except UnknownNameError:
        return math.nan
