"""Published claims about measures, beside what the model says of the same kind of thing."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, table
from landlink.report.times import pair_label, pairs_of, trips
from landlink.report.view import View, baseline_of

__all__ = ["busiest_changed_link", "claims_block"]

#: Units of claims that have a counterpart among the model's figures, and how many model units make one of theirs.
_KM = {"km": 1.0}
_HOURS = {"h": 1.0, "hours": 1.0, "d": 24.0, "day": 24.0, "days": 24.0}
_TONNES = {"t": 1.0, "t/year": 1.0, "kt": 1e3, "kt/year": 1e3, "Mt": 1e6, "Mt/year": 1e6}


def claims_block(views: Sequence[View]) -> Markup:
    """Build the block: what each scenario's measures do on the pairs and on their links, beside published claims."""
    compared = [
        (view, baseline)
        for position, view in enumerate(views)
        if (baseline := baseline_of(views, position)) is not None
    ]
    claims = _claims(views[0])
    if not compared and not len(claims):
        return Markup("")
    words = views[0].words
    body = [tag("h3", words("claims.heading"))]
    if compared:
        body.append(tag("p", words("claims.how")))
        body += [_effects(view, baseline) for view, baseline in compared]
    if len(claims):
        body.append(_claims_table(compared, claims, views[0]))
    return tag("div", *body, class_="claims")


def busiest_changed_link(view: View) -> tuple[str, float] | None:
    """Return name and tonnes a year, both directions, of the busiest link that the scenario's measures change."""
    changed = view.links[view.links.index.isin(list(view.provenance.get("changed_links") or []))]
    if not len(changed):
        return None
    row = changed.loc[changed.tonnes_per_year.idxmax()]
    name = f"{view.name('node', row.from_node_id)} – {view.name('node', row.to_node_id)}"
    return name, float(row.tonnes_per_year)


def _claims(view: View) -> pd.DataFrame:
    """Published figures without a counterpart in one result that call themselves claims."""
    frame = view.table("observed")
    told = (frame.group + " " + frame.what + " " + frame.note).str.contains("claim|promoter", case=False)
    return frame[told & (frame.indicator == "")]


def _effects(view: View, baseline: View) -> Markup:
    words = view.words
    over = (words("times.distance"), words("times.time"))
    heads = [Head(words("claims.pair"), numeric=False)]
    for title in over:
        heads += [Head(text, over=title) for text in (baseline.label, view.label, words("claims.saved"))]
    rows: list[list[str]] = []
    for pair in pairs_of([view]):
        before, after = trips(baseline, pair), trips(view, pair)
        for alternative in after.index.intersection(before.index):
            old, new = before.loc[alternative], after.loc[alternative]
            km = [float(old.distance_km), float(new.distance_km), float(old.distance_km - new.distance_km)]
            hours = [float(old.time_h), float(new.time_h), float(old.time_h - new.time_h)]
            rows.append(
                [
                    f"{pair_label(view, pair)}: {words.term('mode', str(alternative))}",
                    *(words.number(value, decimals=0) for value in km),
                    *(words.duration(value) for value in hours),
                ]
            )
    parts = []
    if rows:
        parts.append(
            table(
                words("claims.caption", label=view.label, baseline=baseline.label),
                heads,
                [Group("", rows)],
                class_="wide",
            )
        )
    busiest = busiest_changed_link(view)
    if busiest is not None:
        parts.append(
            tag(
                "p",
                words("claims.link", label=view.label, name=busiest[0], tonnes=words.quantity(busiest[1], "t/year")),
            )
        )
    return join(parts)


def _claims_table(compared: Sequence[tuple[View, View]], claims: pd.DataFrame, view: View) -> Markup:
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
        value, kind, factor = _counterpart(compared, str(row.unit))
        published = f"{words.number(float(row.value))}\u00a0{words.unit(str(row.unit))}"
        model, reading = words("common.no_value"), words("claims.no_counterpart")
        if math.isfinite(value):
            model = f"{words.number(value / factor)}\u00a0{words.unit(str(row.unit))}"
            reached = value / factor >= float(row.value) * (
                1 - (row.tolerance if math.isfinite(row.tolerance) else 0.1)
            )
            reading = f"{words('claims.reached' if reached else 'claims.not_reached')} {words(f'claims.{kind}')}"
        note = "; ".join(
            part for part in (words.get(f"quality.{row.quality}", str(row.quality)), str(row.note)) if part
        )
        rows.append([str(row.what), published, model, reading, note])
    return table(words("claims.table_caption"), heads, [Group("", rows)], class_="wide notes")


def _counterpart(compared: Sequence[tuple[View, View]], unit: str) -> tuple[float, str, float]:
    """Return the model's largest figure of a unit's kind, what it is, and how many of its units make one of the claim's."""
    best = math.nan
    for units, column, kind in ((_KM, "distance_km", "km_kind"), (_HOURS, "time_h", "time_kind")):
        if unit in units:
            for view, baseline in compared:
                for pair in pairs_of([view]):
                    saved = (trips(baseline, pair)[column] - trips(view, pair)[column]).max()
                    best = _larger(best, float(saved))
            return best, kind, units[unit]
    if unit in _TONNES:
        for view, _ in compared:
            busiest = busiest_changed_link(view)
            if busiest is not None:
                best = _larger(best, busiest[1])
        return best, "tonnes_kind", _TONNES[unit]
    return best, "none", 1.0


def _larger(first: float, second: float) -> float:
    """Return the larger of two numbers, the other where one is NaN."""
    known = [value for value in (first, second) if math.isfinite(value)]
    return max(known) if known else math.nan
