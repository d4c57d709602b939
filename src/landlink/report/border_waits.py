"""Border section of a report: simulated waits at the equilibrium flows, compared with the fitted curves."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from landlink.report.line_chart import Line, Scale, line_chart, round_steps
from landlink.report.section import Section
from landlink.report.subject import subject_of
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.view import View
from landlink.report.words import Words
from landlink.tables.frames import numbers, records

__all__ = ["section"]


def section(views: Sequence[View]) -> Section | None:
    """Build the section; ``None`` if no result has simulated crossings."""
    words = views[0].words
    known = [view for view in views if len(view.table("crossing_wait"))]
    if not known:
        return None
    heads = [Head(words("border.crossing"), numeric=False)]
    heads += [
        Head(words(f"border.{key}"))
        for key in ("per_day", "load", "free_time", "curve_time", "simulated_time", "agrees")
    ]
    subject = subject_of(views).view
    # The scenario of the first page, or else the last, is shown; the others are folded.
    shown = subject if subject in known else known[-1]
    caption = words("border.waits_caption")
    waits = [(view, table(caption, heads, [Group(view.head, _rows(view))], class_="wide")) for view in known]
    body = [tag("p", words("border.waits_how"))]
    body += [made for view, made in waits if view is shown]
    body += [folded(view.head, made) for view, made in waits if view is not shown]
    body.append(folded(words("border.load_title"), join(_charts(shown, words))))
    return Section("border", words("border.waits_title"), "", join(body))


def _rows(view: View) -> list[list[str | Markup]]:
    words = view.words
    return [
        [
            f"{view.crossing_name(row['crossing_id'])}, {_way(view, row['crossing_id'], row['direction'])}",
            words.number(row["vehicles_per_day"]),
            words.percent(row["load"] / row["capacity"])
            if math.isfinite(row["capacity"])
            else words("common.no_value"),
            *(_hours(words, row[name]) for name in ("free_h", "curve_h")),
            _simulated(words, row),
            words("common.yes") if row["agrees"] else words("common.no"),
        ]
        for row in records(view.table("crossing_wait"))
    ]


def _way(view: View, crossing_id: str, direction: str) -> str:
    """Name a direction by its countries."""
    rows = view.table("crossing")
    here = records(rows[(rows["crossing_id"] == crossing_id) & (rows["direction"] == direction)])
    if not here:
        return view.words.term("direction", direction)
    codes = (str(here[0]["from_country"]), str(here[0]["to_country"]))
    return " – ".join(view.words.country(code) or code for code in codes)


def _hours(words: Words, hours: float) -> str:
    return words.duration(hours) if math.isfinite(hours) else words("common.no_value")


def _simulated(words: Words, row: dict[str, float]) -> str:
    if not math.isfinite(row["simulated_h"]):
        return words("common.no_value")
    middle, low, high = (words.duration(row[name]) for name in ("simulated_h", "low_h", "high_h"))
    return middle if low == middle == high else f"{middle} ({low} … {high})"


def _charts(view: View, words: Words) -> list[Markup]:
    """Draw the load sweep of each crossing of a result."""
    load_sweep = view.table("crossing_load_sweep")
    return [
        _chart(view, words, str(name), frame, number)
        for number, (name, frame) in enumerate(load_sweep.groupby("crossing_id", sort=False))
    ]


def _chart(view: View, words: Words, crossing: str, frame: pd.DataFrame, number: int) -> Markup:
    lines = []
    for way, colour in (("ab", "blue"), ("ba", "orange")):
        points = frame[frame["direction"] == way].sort_values("load")
        name = _way(view, crossing, way)
        load = numbers(points, "load").tolist()
        lines.append(Line(load, numbers(points, "curve_h").tolist(), f"l-{colour}", name))
        lines.append(Line(load, numbers(points, "simulated_h").tolist(), f"d-{colour}", name, dots=True))
    hours, loads = round_steps(float(frame["simulated_h"].max())), round_steps(float(frame["load"].max()))
    title = words.headed(view.crossing_name(crossing), words("border.load_title"))
    chart = line_chart(
        f"load-sweep-{number}",
        title,
        words("border.load_how"),
        lines,
        x=Scale(0, loads[-1], [(one, words.plain(one)) for one in loads], words("border.load_axis")),
        y=Scale(0, hours[-1], [(one, words.plain(one)) for one in hours], words("border.load_unit")),
        rtl=words.direction == "rtl",
    )
    return join([tag("h3", title), chart])
