"""How far the model is from what was observed, and what it says to published claims."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from markupsafe import Markup

from landlink.report.charts import Axis
from landlink.report.claims import claims_block
from landlink.report.section import Section
from landlink.report.svg import join, picture, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.view import View

__all__ = ["Tally", "section", "tally"]

#: The scale of the dot plots runs from a tenth to ten times the observation.
_REACH = math.log(10.0)
_TICKS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many observations the model was held against.

    Attributes
    ----------
    within, checked
        Observations within their tolerance, out of those that have a tolerance and were not fitted.
    fitted
        Observations that an input was fitted to; they check nothing.
    no_tolerance, no_counterpart
        Observations that cannot be judged.
    miss
        The factor by which half of the checked observations are missed at most; NaN without any.
    """

    within: int
    checked: int
    fitted: int
    no_tolerance: int
    no_counterpart: int
    miss: float


def tally(view: View) -> Tally:
    """Count the verdicts of a result's observed table."""
    frame = view.table("observed")
    counts = frame.verdict.value_counts()
    checked = frame[frame.verdict.isin(["within", "outside"])]
    ratios = checked.ratio[(checked.ratio > 0) & np.isfinite(checked.ratio)]
    miss = float(np.exp(np.log(ratios).abs().median())) if len(ratios) else math.nan

    def count(verdict: str) -> int:
        return int(counts.get(verdict, 0))

    return Tally(count("within"), len(checked), count("fitted"), count("no tolerance"), count("no counterpart"), miss)


def section(views: Sequence[View]) -> Section:
    """Build the section: observations against the first result, then published claims against all."""
    view = views[0]
    words = view.words
    heading = words("held.heading")
    frame = view.table("observed")
    claims = claims_block(views)
    if not len(frame):
        return Section("held", heading, "", join([tag("p", words("held.none")), claims]))
    counts = tally(view)
    finding = (
        words(
            "held.title",
            within=words.number(counts.within, decimals=0),
            checked=words.number(counts.checked, decimals=0),
        )
        if counts.checked
        else words("held.unchecked_title")
    )
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
    return words(
        "held.rest",
        fitted=words.number(counts.fitted, decimals=0),
        no_tolerance=words.number(counts.no_tolerance, decimals=0),
        no_counterpart=words.number(counts.no_counterpart, decimals=0),
    )


def _groups(frame: pd.DataFrame) -> Iterable[tuple[str, pd.DataFrame]]:
    """Groups in their order, those without any counterpart last."""
    parts = [(str(name), part) for name, part in frame.groupby("group", sort=False)]
    return sorted(parts, key=lambda item: bool((item[1].verdict == "no counterpart").all()))


def _overview(view: View, frame: pd.DataFrame) -> Markup:
    """One row for each group: a dot for each observation, placed by model over observation."""
    words = view.words
    axis = Axis(words.direction == "rtl")
    shown = frame[np.isfinite(frame.ratio) & (frame.ratio > 0)]
    groups = [(name, part) for name, part in _groups(shown) if len(part)]
    if not groups:
        return Markup("")
    height = 34 + 40 * len(groups)
    pieces: list[Markup] = []
    for tick in _TICKS:
        x = axis.at(_place(tick))
        class_ = "rule" if tick == 1.0 else "grid"
        screen = "soft" if tick in (0.1, 1.0, 10.0) else "soft wide-only"
        pieces.append(tag("line", x1=x, x2=x, y1=20, y2=height, class_=class_))
        pieces.append(
            tag(
                "text",
                "×" + words.number(tick, decimals=1 if tick < 1 else 0),
                x=x,
                y=13,
                text_anchor="middle",
                class_=screen,
            )
        )
    for index, (name, part) in enumerate(groups):
        y = 36 + 40 * index
        checked = part[part.verdict.isin(["within", "outside"])]
        score = words(
            "held.score",
            within=words.number(int((checked.verdict == "within").sum()), decimals=0),
            checked=words.number(len(checked), decimals=0),
        )
        text = f"{_group_name(view, name)} · {score}" if len(checked) else _group_name(view, name)
        pieces.append(tag("text", text, x=axis.at(0), y=y, class_="lead plate"))
        pieces += [_dot(view, row, axis.at(_place(float(row.ratio))), y + 14) for _, row in part.iterrows()]
    title = words("held.overview_title")
    chart = picture(
        "held-overview", title, words("held.overview_description"), *pieces, class_="chart", width="100%", height=height
    )
    keys = [
        tag(
            "li",
            tag("svg", _mark(verdict, "10", 8), width=20, height=16, aria_hidden="true", class_="swatch"),
            " ",
            words(f"held.{key}"),
        )
        for verdict, key in (
            ("within", "within"),
            ("outside", "outside"),
            ("fitted", "fitted"),
            ("no tolerance", "no_tolerance"),
        )
        if (shown.verdict == verdict).any()
    ]
    legend = tag("ul", *keys, class_="key", aria_label=words("held.key"))
    return tag("figure", tag("h3", title), chart, legend, tag("figcaption", words("held.overview_note")))


def _group_table(view: View, group: str, part: pd.DataFrame) -> Markup:
    words = view.words
    heads = [
        Head(words("held.what"), numeric=False),
        Head(words("held.observed")),
        Head(words("held.model")),
        Head(words("common.unit"), numeric=False),
        Head(words("held.ratio")),
        Head(words("held.scale"), numeric=False),
        Head(words("held.tolerance")),
        Head(words("held.verdict"), numeric=False),
        Head(words("held.note"), numeric=False),
    ]
    rows = [_row(view, row) for _, row in part.iterrows()]
    name = _group_name(view, group)
    checked = int(part.verdict.isin(["within", "outside"]).sum())
    score = words(
        "held.score",
        within=words.number(int((part.verdict == "within").sum()), decimals=0),
        checked=words.number(checked, decimals=0),
    )
    summary = f"{name}: {score}" if checked else f"{name}: {words('held.nothing_checked')}"
    return folded(summary, table(words("held.caption", group=name), heads, [Group("", rows)], class_="wide notes"))


def _row(view: View, row: pd.Series) -> list[str | Markup]:
    words = view.words
    unit = str(row.unit)
    decimals = 0 if abs(row.value) >= 1000 else None
    what = ", ".join(part for part in (str(row.what), str(row.place), str(row.period)) if part)
    sign = {"lower": "≥ ", "upper": "≤ "}.get(str(row.bound), "")
    verdict = str(row.verdict)
    key = verdict.replace(" ", "_")
    return [
        what,
        sign + words.number(float(row.value), decimals=decimals),
        words.number(float(row.model), decimals=decimals),
        words.unit(unit),
        words.number(float(row.ratio), decimals=2),
        _strip(view, row),
        "±" + words.percent(float(row.tolerance)) if math.isfinite(row.tolerance) else words("common.no_value"),
        tag("span", words.get(f"held.{key}", verdict), class_=f"verdict v-{key}"),
        "; ".join(part for part in (words.get(f"quality.{row.quality}", str(row.quality)), str(row.note)) if part),
    ]


def _strip(view: View, row: pd.Series) -> Markup:
    """A line of the scale with the tolerance as a band and the model as a dot."""
    if not (math.isfinite(row.ratio) and row.ratio > 0):
        return Markup("")
    axis = Axis(view.words.direction == "rtl")
    pieces = [tag("line", x1="0%", x2="100%", y1=10, y2=10, class_="grid")]
    if math.isfinite(row.tolerance):
        low = 1e-9 if row.bound == "upper" else max(1 - row.tolerance, 1e-9)
        high = 1e9 if row.bound == "lower" else 1 + row.tolerance
        pieces.append(tag("rect", y=4, height=12, class_="band", **axis.span(_place(low), _place(high))))
    one = axis.at(_place(1.0))
    pieces.append(tag("line", x1=one, x2=one, y1=2, y2=18, class_="rule"))
    pieces.append(_mark(str(row.verdict), axis.at(_place(float(row.ratio))), 10))
    return tag("svg", *pieces, width=130, height=20, aria_hidden="true", class_="strip")


def _dot(view: View, row: pd.Series, x: str, y: float) -> Markup:
    words = view.words
    text = f"{row.what}: {words('held.model')} {words.number(float(row.model))}, {words('held.observed')} {words.number(float(row.value))} {words.unit(str(row.unit))}"
    return tag("g", tag("title", text), _mark(str(row.verdict), x, y))


def _mark(verdict: str, x: str, y: float) -> Markup:
    """Colour and shape both tell the verdict: filled inside, hollow outside, small and grey where nothing is checked."""
    class_ = {"within": "d-within", "outside": "d-outside"}.get(verdict, "d-none")
    return tag("circle", cx=x, cy=y, r=5.5 if class_ != "d-none" else 4, class_=class_)


def _place(ratio: float) -> float:
    share = (math.log(max(ratio, 1e-12)) / _REACH + 1) / 2
    return 0.02 + 0.96 * min(max(share, 0.0), 1.0)


def _group_name(view: View, group: str) -> str:
    return view.words.get(f"group.{group}", group)
