"""Section on sensitivity: the headline indicator with one input at a time at its low and high value."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from landlink.report.charts import Swing, tornado
from landlink.report.section import Section
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.view import View
from landlink.report.words import Words
from landlink.tables.frames import records

__all__ = ["ranked", "section"]

_COLUMNS = ("low", "high", "headline_base", "headline_low", "headline_high")


def ranked(sensitivity: pd.DataFrame | None, words: Words) -> pd.DataFrame:
    """Return the rows with effects on the headline, the largest range first; may be empty."""
    if sensitivity is None or not len(sensitivity):
        return pd.DataFrame(columns=["title", *_COLUMNS, "unit", "swing"])
    frame = sensitivity.reset_index(drop=True).copy()
    for column in _COLUMNS:
        frame[column] = pd.to_numeric(frame[column], errors="coerce")
    frame = frame.dropna(subset=["headline_base", "headline_low", "headline_high"])
    reach = frame[["headline_base", "headline_low", "headline_high"]]
    frame["title"] = [words.name(row, column="title") for row in records(frame)]
    return frame.assign(swing=reach.max(axis=1) - reach.min(axis=1)).sort_values(
        "swing", ascending=False, kind="stable"
    )


def section(views: Sequence[View], sensitivity: pd.DataFrame | None) -> Section:
    """Build the section; without a sensitivity table, it explains how to compute one."""
    words = views[0].words
    heading = words("inputs.heading")
    frame = ranked(sensitivity, words)
    if not len(frame):
        return Section("inputs", heading, "", tag("p", words("inputs.none")))
    headline = headline_title(frame, views[0])
    unit = str(frame.unit.iloc[0]) if "unit" in frame else ""
    base = float(frame.headline_base.iloc[0])
    divisor, shown = words.scale_of(
        frame[["headline_base", "headline_low", "headline_high"]].abs().to_numpy().max(), unit
    )
    top = frame.iloc[0]
    finding = words(
        "inputs.title",
        input=top.title,
        headline=headline,
        low=words.quantity(_ends(top)[0], unit),
        high=words.quantity(_ends(top)[1], unit),
    )
    swings = [
        Swing(
            str(row.title),
            float(row.headline_low),
            float(row.headline_high),
            f"×{words.plain(row.low)}: {words.number(row.headline_low / divisor)}",
            f"×{words.plain(row.high)}: {words.number(row.headline_high / divisor)}",
        )
        for _, row in frame.iterrows()
    ]
    base_text = f"{words.number(base / divisor)} {words.unit(shown)}"
    chart = tornado(
        "tornado",
        finding,
        words("inputs.description", headline=headline),
        swings,
        base=base,
        base_text=base_text,
        rtl=words.direction == "rtl",
    )
    keys = [
        tag("li", tag("span", class_=f"chip {side}", aria_hidden="true"), " ", words(f"inputs.{side}"))
        for side in ("low", "high")
    ]
    figure = tag(
        "figure",
        tag("h3", f"{headline} ({words.unit(shown)})" if shown else headline),
        tag("ul", *keys, class_="key"),
        chart,
    )
    heads = [
        Head(words("inputs.input"), numeric=False),
        *(Head(words(f"inputs.{name}_value")) for name in ("low", "high")),
        *(Head(words(f"inputs.headline_{name}")) for name in ("low", "base", "high")),
    ]
    rows = [
        [
            str(row.title),
            "×" + words.plain(row.low),
            "×" + words.plain(row.high),
            *(words.number(value / divisor) for value in (row.headline_low, row.headline_base, row.headline_high)),
        ]
        for _, row in frame.iterrows()
    ]
    numbers = table(words("inputs.caption", headline=headline), heads, [Group("", rows)])
    return Section(
        "inputs",
        heading,
        finding,
        join([tag("p", words("inputs.how")), figure, folded(words("common.numbers"), numbers)]),
    )


def headline_title(frame: pd.DataFrame, view: View) -> str:
    """Return the title of the headline indicator, from the table or else from the result."""
    given = frame.attrs.get("headline_title") or (frame["headline_title"].iloc[0] if "headline_title" in frame else "")
    presentation = view.provenance.presentation
    own = view.words.translated(presentation.headline_titles, presentation.headline_title)
    return str(given or own) or view.words("inputs.headline")


def _ends(row: pd.Series) -> tuple[float, float]:
    values = [float(row[column]) for column in ("headline_low", "headline_base", "headline_high")]
    return min(values), max(values)
