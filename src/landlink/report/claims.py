"""Published claims about measures compared with the corresponding figures of the model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.times import pair_label, pairs_of, trips
from landlink.report.view import View, baseline_of, with_key
from landlink.tables.frames import row_of

__all__ = ["busiest_changed_link", "claims_block"]

#: Units of claims with a counterpart in the model, and the number of model units per unit of the claim.
_KM = {"km": 1.0}
_HOURS = {"h": 1.0, "hours": 1.0, "d": 24.0, "day": 24.0, "days": 24.0}
_TONNES = {"t": 1.0, "t/year": 1.0, "kt": 1e3, "kt/year": 1e3, "Mt": 1e6, "Mt/year": 1e6}


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
    """Published figures marked as claims, which have no counterpart in a single result."""
    frame = view.table("observed")
    is_claim = (frame.heading + " " + frame.what + " " + frame.note).str.contains("claim|promoter", case=False)
    return frame[is_claim & (frame.indicator == "")]


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
    """Claims beside the model's largest figure of the same kind and its place, without a verdict.

    No table says which journey or section a claim speaks of, so whether the two are alike is the reader's to judge.
    """
    words = view.words
    heads = [
        Head(words("held.what"), numeric=False),
        Head(words("claims.published")),
        Head(words("claims.model")),
        Head(words("claims.reading"), numeric=False),
        Head(words("held.note"), numeric=False),
    ]
    rows = []
    for _, row in claims.iterrows():
        unit = str(row.unit)
        found = _counterpart(compared, unit)
        published = f"{words.plain(float(row.value))}\u00a0{words.unit(unit)}"
        model, reading = words("common.no_value"), words("claims.no_counterpart")
        if found is not None:
            model = f"{words.number(found.value)}\u00a0{words.unit(unit)}"
            reading = words(f"claims.{found.kind}", where=found.where)
        quality = words.get(f"quality.{row.quality}", str(row.quality))
        rows.append(
            [str(row.what), published, model, reading, "; ".join(part for part in (quality, str(row.note)) if part)]
        )
    return table(words("claims.table_caption"), heads, [Group("", rows)], class_="wide notes")


@dataclass(frozen=True, slots=True)
class _Figure:
    """The model's largest figure comparable with a claim, in the claim's unit, and its place."""

    value: float
    kind: str
    where: str


def _counterpart(compared: Sequence[tuple[View, View]], unit: str) -> _Figure | None:
    """Return the model's largest figure comparable with a unit; ``None`` if there is none."""
    found: list[_Figure] = []
    for view, baseline in compared:
        for units, column, kind in ((_KM, "distance_km", "km_kind"), (_HOURS, "time_h", "time_kind")):
            if unit in units:
                found += [
                    _Figure(saved / units[unit], kind, where) for saved, where in _savings(view, baseline, column)
                ]
        busiest = busiest_changed_link(view) if unit in _TONNES else None
        if busiest is not None:
            found.append(_Figure(busiest[1] / _TONNES[unit], "tonnes_kind", busiest[0]))
    return max(found, key=lambda figure: figure.value, default=None)


def _savings(view: View, baseline: View, column: str) -> Iterable[tuple[float, str]]:
    """Savings of each pair and alternative, with its name."""
    for pair in pairs_of([view]):
        saved = (trips(baseline, pair)[column] - trips(view, pair)[column]).dropna()
        for alternative, value in saved.items():
            yield float(value), f"{pair_label(view, pair)} ({view.words.term('mode', str(alternative))})"
