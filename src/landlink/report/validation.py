"""Section on validation: the model compared with observations and published claims."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from markupsafe import Markup

from landlink.indicators.comparability import is_about_measures
from landlink.indicators.observations import NO_SCORE, OTHER_YEAR, SCORED_ROLES, Score, score
from landlink.report.claims import claims_block
from landlink.report.dot_plot import overview, strip
from landlink.report.section import Section
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.view import View
from landlink.tables.frames import records
from landlink.tables.observed_schemas import ROLES

__all__ = ["Tally", "observations", "section", "tally"]

#: Columns that comparison with a result adds to an observation.
_COMPARED: Final = ["value_in_year", "model", "ratio", "verdict", "why_not", "label"]
_JUDGED: Final = ("within", "outside")
_LIMITS: Final = ("kept", "broken")
#: Scopes that have words for what they count instead.
_SCOPES: Final = ("all_freight", "all_vehicles", "wider", "part", "one_service", "one_day")
_REFUSED: Final = ("not comparable", "no counterpart", OTHER_YEAR)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of observations by assessment.

    Attributes
    ----------
    within, checked
        Observations within tolerance, and comparable observations that have a tolerance and are no inputs.
    kept, limits
        The same for observations that give only an upper or lower bound.
    inputs
        Observations used for inputs, which are not counted.
    no_tolerance
        Comparable observations without a tolerance.
    not_compared
        Observations that cannot be compared with any of the results.
    scores
        Median deviation of the comparable values, by role.
    """

    within: int
    checked: int
    kept: int
    limits: int
    inputs: int
    no_tolerance: int
    not_compared: int
    scores: dict[str, Score]


def observations(views: Sequence[View]) -> pd.DataFrame:
    """Observations, each compared with the first result to whose year it can be brought.

    The column ``label`` names the result if it is not the first.
    """
    every = views[0].table("observed")
    # Claims about measures have a table of their own.
    single = [not is_about_measures(row) for row in records(every)]
    frame = every[np.array(single, dtype=np.bool_)].reset_index(drop=True).assign(label="")
    for view in views[1:]:
        other = view.table("observed").set_index("observed_id").reindex(frame.observed_id).reset_index()
        here = (frame.verdict == OTHER_YEAR).to_numpy() & ~other.verdict.isin(["", OTHER_YEAR]).to_numpy()
        here &= other.verdict.notna().to_numpy()
        frame.loc[here, _COMPARED] = other.assign(label=view.head).loc[here, _COMPARED].to_numpy()
    # Cells taken over from another result leave columns of numbers as objects.
    frame = frame.assign(**{name: frame[name].astype("float64") for name in ("value_in_year", "model", "ratio")})
    if not _of_some_year(frame):
        frame = frame.assign(verdict=frame.verdict.where(frame.verdict.isin(_REFUSED), OTHER_YEAR), ratio=math.nan)
    return frame


def _of_some_year(frame: pd.DataFrame) -> bool:
    """Whether any result is of a year of observations.

    Those without a year, such as distances, are not compared alone: they say nothing of flows and times of that year.
    """
    dated = frame.get("year", pd.Series(dtype=object)).notna()
    return not dated.any() or bool((dated & ~frame.verdict.isin(_REFUSED)).any())


def tally(*views: View) -> Tally:
    """Count the assessments of observations in some results."""
    frame = observations(views)
    counts = frame.verdict.value_counts()
    within, outside, kept, broken = (int(counts.get(verdict, 0)) for verdict in (*_JUDGED, *_LIMITS))
    return Tally(
        within=within,
        checked=within + outside,
        kept=kept,
        limits=kept + broken,
        inputs=int(counts.get("input", 0)),
        no_tolerance=int(counts.get("no tolerance", 0)),
        not_compared=int(frame.verdict.isin(_REFUSED).sum()),
        scores={role: score(frame, (role,)) for role in SCORED_ROLES},
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
    refused = frame.verdict.isin(_REFUSED)
    if refused.all():
        body = [tag("p", words("held.no_year")), claims]
        return Section("held", heading, words("held.unchecked_title"), join(body))
    limits = frame.verdict.isin(_LIMITS)
    values = frame[~refused & ~limits]
    body = [
        _overview(view, values),
        folded(words("held.roles_caption"), join([_roles(view, frame), tag("p", words("held.how", label=view.head))])),
        claims,
        *(_heading_table(view, str(name), part) for name, part in _by_heading(values)),
        _limits(view, frame[limits]),
        _not_compared(view, frame[refused]),
    ]
    return Section("held", heading, _finding(view, tally(*views)), join(body))


def _finding(view: View, counts: Tally) -> str:
    """State the scores, what they rest on, and how many bounds are kept."""
    words = view.words
    found = [*_score_sentences(view, counts)] or [words("held.unchecked_title")]
    if counts.limits:
        found.append(words("held.limits", kept=words.count(counts.kept), limits=words.count(counts.limits)))
    return " ".join(found)


def _score_sentences(view: View, counts: Tally) -> Iterable[str]:
    """State the score of the observations of each role that enters one, and how many they are."""
    for role, found in counts.scores.items():
        if found.rows:
            yield view.words(
                f"held.title_{role}",
                rows=view.words.count(found.rows),
                factor=_factor(view, found.factor),
                worst=_factor(view, found.worst_factor),
            )


def _factor(view: View, factor: float) -> str:
    """Format a deviation; it has no end where the model has no flow."""
    return "∞" if math.isinf(factor) else view.words.number(factor, decimals=2 if factor < 10 else 0)


def _roles(view: View, frame: pd.DataFrame) -> Markup:
    """Table of the observations by role: how many are compared, how many agree, and the score."""
    words = view.words
    heads = [
        Head(words("held.role"), numeric=False),
        Head(words("held.rows")),
        Head(words("held.compared")),
        Head(words("held.in_tolerance")),
        Head(words("held.factor")),
    ]
    rows = []
    for role in ROLES:
        part = frame[frame.role == role]
        if not len(part):
            continue
        good, judged = (("kept",), _LIMITS) if role == "bound" else (("within",), _JUDGED)
        checked = int(part.verdict.isin(judged).sum())
        agree = _of(view, int(part.verdict.isin(good).sum()), checked) if checked else words("common.no_value")
        found = score(part, (role,)) if role in SCORED_ROLES else NO_SCORE
        compared = int((~part.verdict.isin(_REFUSED)).sum())
        counts = (words.count(number) for number in (len(part), compared))
        rows.append([words(f"role.{role}"), *counts, agree, _factor(view, found.factor)])
    return table(words("held.roles_caption"), heads, [Group("", rows)])


def _of(view: View, part: int, whole: int) -> str:
    return view.words("held.of", part=view.words.count(part), whole=view.words.count(whole))


def _by_heading(frame: pd.DataFrame) -> Iterable[tuple[str, pd.DataFrame]]:
    """Headings in order, those of which nothing is judged last."""
    parts = [(str(name), part) for name, part in frame.groupby("heading", sort=False)]
    return sorted(parts, key=lambda item: not item[1].verdict.isin(_JUDGED).any())


def _overview(view: View, frame: pd.DataFrame) -> Markup:
    shown = frame[np.isfinite(frame.ratio) & (frame.ratio > 0)]
    rows = []
    for name, part in _by_heading(shown):
        text = _score(view, part)
        rows.append((f"{_heading(view, name)} · {text}" if text else _heading(view, name), part))
    return overview(view, rows) if rows else Markup("")


def _score(view: View, part: pd.DataFrame) -> str:
    """State the score of some observations and what it rests on; empty if none enters."""
    found = score(part)
    if not found.rows:
        return ""
    return view.words("held.score", factor=_factor(view, found.factor), rows=view.words.count(found.rows))


def _heads(view: View, judged: str) -> list[Head]:
    words = view.words
    return [
        Head(words("held.what_and_note"), numeric=False),
        Head(words("held.observed")),
        Head(words("held.model")),
        Head(words("common.unit"), numeric=False),
        Head(words("held.ratio")),
        Head(words("held.scale"), numeric=False),
        Head(words("held.tolerance")),
        Head(judged, numeric=False),
    ]


def _heading_table(view: View, name: str, part: pd.DataFrame) -> Markup:
    words = view.words
    rows = [_row(view, row) for _, row in part.iterrows()]
    title = _heading(view, name)
    summary = words.headed(title, _score(view, part) or words("held.nothing_checked"))
    heads = _heads(view, words("held.verdict"))
    return folded(summary, table(words("held.caption", group=title), heads, [Group("", rows)], class_="told"))


def _limits(view: View, part: pd.DataFrame) -> Markup:
    """Table of the bounds, kept or broken, apart from the values."""
    if not len(part):
        return Markup("")
    words = view.words
    kept = _of(view, int((part.verdict == "kept").sum()), len(part))
    rows = [_row(view, row) for _, row in part.iterrows()]
    made = table(words("held.limits_caption"), _heads(view, words("held.verdict")), [Group("", rows)], class_="told")
    return folded(words.headed(words("held.limits_caption"), kept), made)


def _not_compared(view: View, part: pd.DataFrame) -> Markup:
    """Table of the observations that are not compared, with the reason."""
    if not len(part):
        return Markup("")
    words = view.words
    heads = [
        Head(words("held.what_and_note"), numeric=False),
        Head(words("held.observed")),
        Head(words("common.unit"), numeric=False),
        Head(words("held.why"), numeric=False),
    ]
    rows = [
        [_what(view, row), _value(view, row, float(row.value)), words.unit(str(row.unit)), _reason(view, row)]
        for _, row in part.iterrows()
    ]
    made = table(words("held.not_compared_caption"), heads, [Group("", rows)], class_="told")
    return folded(words.headed(words("held.not_compared_caption"), words.count(len(part))), made)


def _reason(view: View, row: pd.Series) -> str:
    """Why an observation is not compared, in the language of the reader."""
    if row.verdict == OTHER_YEAR:
        return view.words("held.other_year")
    if row.verdict == "no counterpart":
        return view.words("held.no_flow" if row.indicator else "held.no_counterpart")
    return view.words(f"scope.{row.scope}") if row["scope"] in _SCOPES else view.words("held.no_ratio")


def _row(view: View, row: pd.Series) -> list[str | Markup]:
    words = view.words
    verdict = str(row.verdict)
    key = verdict.replace(" ", "_")
    return [
        _what(view, row),
        _value(view, row, float(row.value_in_year)),
        words.number(float(row.model), decimals=_decimals(row.value)),
        words.unit(str(row.unit)),
        words.number(float(row.ratio), decimals=2),
        strip(view, row),
        "±" + words.percent(float(row.tolerance)) if math.isfinite(row.tolerance) else words("common.no_value"),
        tag("span", words.get(f"held.{key}", verdict), class_=f"verdict v-{key}"),
    ]


def _what(view: View, row: pd.Series) -> Markup:
    """What was observed; the reason for a difference is the longest text of a row, so it is shown below."""
    words = view.words
    what = ", ".join(
        part
        for part in (words.name({str(key): cell for key, cell in row.items()}, "what"), str(row.place), str(row.period))
        if part
    )
    role = words.get(f"role.{row.role}", str(row.role))
    quality = words.get(f"quality.{row.quality}", str(row.quality))
    elsewhere = words("held.in_result", label=str(row.label)) if row.label else ""
    brought = ""
    if math.isfinite(row.value_in_year) and row.value_in_year != row.value:
        brought = words("held.brought", value=words.number(float(row.value), decimals=_decimals(row.value)))
    note = "; ".join(part for part in (role, quality, elsewhere, brought, str(row.note)) if part)
    return join([tag("span", what), tag("span", note, class_="under")])


def _value(view: View, row: pd.Series, value: float) -> str:
    sign = {"lower": "≥ ", "upper": "≤ "}.get(str(row.bound), "")
    return sign + view.words.number(value, decimals=_decimals(row.value))


def _decimals(value: float) -> int | None:
    return 0 if abs(value) >= 1000 else None


def _heading(view: View, name: str) -> str:
    return view.words.get(f"group.{name}", name)
