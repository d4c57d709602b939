"""Section on validation: the model compared with observations and published claims."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from markupsafe import Markup

from landlink.indicators.observations import OTHER_YEAR
from landlink.report.claims import claims_block
from landlink.report.dot_plot import overview, strip
from landlink.report.section import Section
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.view import View

__all__ = ["Tally", "observations", "section", "tally"]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of observations by assessment.

    Attributes
    ----------
    within, checked
        Observations within tolerance, and observations that have a tolerance and were not fitted.
    kept, limits
        The same for observations that give only an upper or lower bound.
    fitted
        Observations used to fit inputs, which are not counted.
    no_tolerance, no_counterpart
        Observations that cannot be assessed.
    other_year
        Observations of years with which no result is compared.
    miss
        Median deviation factor of the checked observations; NaN without any.
    """

    within: int
    checked: int
    kept: int
    limits: int
    fitted: int
    no_tolerance: int
    no_counterpart: int
    other_year: int
    miss: float


def observations(views: Sequence[View]) -> pd.DataFrame:
    """Observations, each compared with the first result that is of its year.

    The column ``label`` names the result if it is not the first.
    """
    frame = views[0].table("observed").assign(label="")
    judged = ["model", "ratio", "verdict", "label"]
    for view in views[1:]:
        other = view.table("observed").set_index("observed_id").reindex(frame.observed_id).reset_index()
        here = (frame.verdict == OTHER_YEAR).to_numpy() & ~other.verdict.isin(["", OTHER_YEAR]).to_numpy()
        here &= other.verdict.notna().to_numpy()
        frame.loc[here, judged] = other.assign(label=view.label).loc[here, judged].to_numpy()
    return frame


def tally(*views: View) -> Tally:
    """Count the assessments of observations in some results."""
    frame = observations(views)
    counts = frame.verdict.value_counts()
    judged = frame[frame.verdict.isin(["within", "outside"])]
    is_limit = judged.bound.isin(["lower", "upper"])
    checked, limits = judged[~is_limit], judged[is_limit]
    ratios = checked.ratio[(checked.ratio > 0) & np.isfinite(checked.ratio)]
    return Tally(
        within=int((checked.verdict == "within").sum()),
        checked=len(checked),
        kept=int((limits.verdict == "within").sum()),
        limits=len(limits),
        fitted=int(counts.get("fitted", 0)),
        no_tolerance=int(counts.get("no tolerance", 0)),
        no_counterpart=int(counts.get("no counterpart", 0)),
        other_year=int(counts.get(OTHER_YEAR, 0)),
        miss=float(np.exp(np.log(ratios).abs().median())) if len(ratios) else math.nan,
    )


def section(views: Sequence[View]) -> Section:
    """Build the section: observations compared with the result of their year, then claims with all results."""
    view = views[0]
    words = view.words
    heading = words("held.heading")
    frame = observations(views)
    claims = claims_block(views)
    if not len(frame):
        return Section("held", heading, "", join([tag("p", words("held.none")), claims]))
    counts = tally(*views)
    finding = words("held.unchecked_title")
    if counts.checked:
        finding = words("held.title", within=words.count(counts.within), checked=words.count(counts.checked))
    if counts.limits:
        finding += " " + words("held.limits", kept=words.count(counts.kept), limits=words.count(counts.limits))
    body = [
        tag("p", words("held.how", label=view.label)),
        tag("p", _rest(view, counts)),
        _overview(view, frame),
        claims,
        *(_group_table(view, str(group), part) for group, part in _groups(frame)),
    ]
    return Section("held", heading, finding, join(body))


def _rest(view: View, counts: Tally) -> str:
    words = view.words
    rest = words(
        "held.rest",
        fitted=words.count(counts.fitted),
        no_tolerance=words.count(counts.no_tolerance),
        no_counterpart=words.count(counts.no_counterpart),
    )
    elsewhere = words("held.other_years", count=words.count(counts.other_year)) if counts.other_year else ""
    return " ".join(part for part in (rest, elsewhere) if part)


def _groups(frame: pd.DataFrame) -> Iterable[tuple[str, pd.DataFrame]]:
    """Groups in order, those without any counterpart last."""
    parts = [(str(name), part) for name, part in frame.groupby("group", sort=False)]
    judged = {"within", "outside"}
    return sorted(parts, key=lambda item: -int(item[1].verdict.isin(judged).any()) - int((item[1].model.notna()).any()))


def _overview(view: View, frame: pd.DataFrame) -> Markup:
    shown = frame[np.isfinite(frame.ratio) & (frame.ratio > 0)]
    rows = []
    for name, part in _groups(shown):
        score = _score(view, part)
        rows.append((f"{_group_name(view, name)} · {score}" if score else _group_name(view, name), part))
    return overview(view, rows) if rows else Markup("")


def _score(view: View, part: pd.DataFrame) -> str:
    """State how many observations of a group are within tolerance; empty if none can be checked."""
    checked = part.verdict.isin(["within", "outside"])
    if not checked.any():
        return ""
    within = int((part.verdict == "within").sum())
    return view.words("held.score", within=view.words.count(within), checked=view.words.count(int(checked.sum())))


def _group_table(view: View, group: str, part: pd.DataFrame) -> Markup:
    words = view.words
    heads = [
        Head(words("held.what_and_note"), numeric=False),
        Head(words("held.observed")),
        Head(words("held.model")),
        Head(words("common.unit"), numeric=False),
        Head(words("held.ratio")),
        Head(words("held.scale"), numeric=False),
        Head(words("held.tolerance")),
        Head(words("held.verdict"), numeric=False),
    ]
    rows = [_row(view, row) for _, row in part.iterrows()]
    name = _group_name(view, group)
    summary = words.headed(name, _score(view, part) or words("held.nothing_checked"))
    return folded(summary, table(words("held.caption", group=name), heads, [Group("", rows)], class_="told"))


def _row(view: View, row: pd.Series) -> list[str | Markup]:
    words = view.words
    unit = str(row.unit)
    decimals = 0 if abs(row.value) >= 1000 else None
    what = ", ".join(part for part in (str(row.what), str(row.place), str(row.period)) if part)
    sign = {"lower": "≥ ", "upper": "≤ "}.get(str(row.bound), "")
    verdict = str(row.verdict)
    key = verdict.replace(" ", "_")
    # The reason for a difference is the longest text of the row, so it is shown under the name.
    quality = words.get(f"quality.{row.quality}", str(row.quality))
    elsewhere = words("held.in_result", label=str(row.label)) if row.label else ""
    note = "; ".join(part for part in (quality, elsewhere, str(row.note)) if part)
    return [
        join([tag("span", what), tag("span", note, class_="under")]),
        sign + words.number(float(row.value), decimals=decimals),
        words.number(float(row.model), decimals=decimals),
        words.unit(unit),
        words.number(float(row.ratio), decimals=2),
        strip(view, row),
        "±" + words.percent(float(row.tolerance)) if math.isfinite(row.tolerance) else words("common.no_value"),
        tag("span", words.get(f"held.{key}", verdict), class_=f"verdict v-{key}"),
    ]


def _group_name(view: View, group: str) -> str:
    return view.words.get(f"group.{group}", group)
