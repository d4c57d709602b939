"""Charts of a calibration: a row for each observation or parameter, with a text that wraps and marks along one axis."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

import pandas as pd
from markupsafe import Markup

from landlink.report.charts import Axis
from landlink.report.fit_facts import Fit
from landlink.report.svg import join, tag
from landlink.report.words import Words
from landlink.tables.frames import Row, records

__all__ = ["observation_chart", "parameter_chart"]

#: The scale of ratios runs from a tenth to ten.
_REACH: Final = math.log(10.0)
_RATIOS: Final = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
#: Prior deviations that the axis of parameters shows at least and at most, to either side.
_LEAST: Final = 2
_MOST: Final = 6
#: Share of the width on either side of the axis, and height of a mark in a legend.
_MARGIN: Final = 0.05
_MIDDLE: Final = "50%"


def observation_chart(fit: Fit) -> Markup:
    """Draw the ratio of model to observation, before and left out, for each observation."""
    words, frame = fit.words, fit.observations
    axis = Axis(words.direction == "rtl")
    parts = [_axis_row(axis, [(_ratio_at(tick), _times(words, tick), tick in (0.1, 1.0, 10.0)) for tick in _RATIOS])]
    for fitted, key in ((True, "fit.fitted"), (False, "fit.unfitted")):
        part = frame[frame["fitted"] == fitted]
        if len(part):
            parts.append(tag("li", words(key), class_="lead"))
            parts += [_observation(fit, axis, row) for row in records(part)]
    legend = _legend(
        [
            (_dot("10", "8", "d-before"), words("fit.key_before")),
            (_range("1", "19", "8", "r-inside") + _dot("10", "8", "d-inside"), words("fit.key_inside")),
            (_range("1", "19", "8", "r-outside") + _dot("10", "8", "d-missed"), words("fit.key_outside")),
        ],
        words("held.key"),
    )
    return _figure(words("fit.chart"), legend, parts, words("fit.chart_note"))


def _observation(fit: Fit, axis: Axis, row: Row) -> Markup:
    words = fit.words
    side = "inside" if row["inside"] else "outside"
    at = {name: axis.at(_ratio_at(row[f"{name}_ratio"])) for name in _SHOWN if _is_number(row[f"{name}_ratio"])}
    marks = [_grid(axis.at(_ratio_at(tick)), rule=tick == 1.0) for tick in _RATIOS]
    if "held_out_p10" in at and "held_out_p90" in at:
        marks.append(_range(at["held_out_p10"], at["held_out_p90"], _MIDDLE, f"r-{side}"))
    if "before" in at:
        marks.append(_dot(at["before"], _MIDDLE, "d-before"))
    if "held_out" in at:
        marks.append(_dot(at["held_out"], _MIDDLE, "d-inside" if row["inside"] else "d-missed"))
    shown = [(words("fit.key_before"), row["before"]), (words(f"fit.key_{side}"), row["held_out"])]
    told = "; ".join(words.headed(key, words.number(float(value))) for key, value in shown)
    return _row(fit.observation(str(row["observed_id"])), _under(fit, row), told, marks)


_SHOWN: Final = ("before", "held_out", "held_out_p10", "held_out_p90")


def _under(fit: Fit, row: Row) -> str:
    group = str(row["group"])
    return fit.words("fit.group", name=group) if group in fit.shared_groups else ""


def parameter_chart(fit: Fit) -> Markup:
    """Draw how far each parameter moved, with its interval and its limits, in prior deviations."""
    words, rows = fit.words, fit.parameters
    axis = Axis(words.direction == "rtl")
    reach = min(max(math.ceil(max(abs(row["moved"]) for row in rows) + 0.5), _LEAST), _MOST)
    ticks = range(-reach, reach + 1, 1 if reach <= 3 else 2)
    parts = [
        _axis_row(axis, [(_moved_at(t, reach), words.number(t, decimals=0, signed=True), t % 2 == 0) for t in ticks])
    ]
    for row in rows:
        marks = [_grid(axis.at(_moved_at(tick, reach)), rule=tick == 0) for tick in ticks]
        marks += _parameter(axis, row, reach)
        told = words.headed(words("fit.moved"), words.number(row["moved"], decimals=1, signed=True))
        parts.append(_row(fit.parameter(row), words("fit.at_limit") if row["at_bound"] else "", told, marks))
    legend = _legend(
        [
            (_bar({"x": "1", "width": "18"}, "8", "c-blue"), words("fit.key_moved")),
            (_bar({"x": "1", "width": "18"}, "8", "c-vermilion"), words("fit.at_limit")),
            (_range("1", "19", "8", "r-plain"), words("fit.interval")),
            (tag("line", x1=10, x2=10, y1=1, y2=15, class_="limit"), words("fit.key_limit")),
        ],
        words("held.key"),
    )
    return _figure(words("fit.parameter_chart"), legend, parts, words("fit.parameter_note"))


def _parameter(axis: Axis, row: Row, reach: int) -> Iterable[Markup]:
    moved, spread = float(row["moved"]), float(row["standard_error"]) / float(row["prior_sd"])
    span = axis.span(_moved_at(0.0, reach), _moved_at(moved, reach))
    yield _bar(span, _MIDDLE, "c-vermilion" if row["at_bound"] else "c-blue")
    ends = [_deviation(row, float(row[name])) for name in ("p10", "p90")]
    if all(map(math.isfinite, ends)) and spread > 0:
        low, high = (axis.at(_moved_at(end, reach)) for end in ends)
        yield _range(low, high, _MIDDLE, "r-plain")
    for name in ("low", "high"):
        limit = _deviation(row, float(row[name]))
        if abs(limit) <= reach:
            x = axis.at(_moved_at(limit, reach))
            yield tag("line", x1=x, x2=x, y1="8%", y2="92%", class_="limit")


def _deviation(row: Row, value: float) -> float:
    """Prior deviations between the prior and a value."""
    prior, sd = float(row["prior"]), float(row["prior_sd"])
    if row["operation"] != "multiply":
        return (value - prior) / sd
    return math.log(value / prior) / sd if value > 0 else -math.inf


# Parts of both


def _figure(title: str, legend: Markup, rows: Sequence[Markup], note: str) -> Markup:
    listed = tag("ul", *rows, class_="marked", aria_label=title)
    return tag("figure", tag("h3", title), legend, listed, tag("figcaption", note))


def _axis_row(axis: Axis, ticks: Sequence[tuple[float, str, bool]]) -> Markup:
    """Row of the numbers of the axis; some are left out on narrow screens."""
    marks = [
        tag("text", text, x=axis.at(place), y=13, text_anchor="middle", class_="soft" if always else "soft wide-only")
        for place, text, always in ticks
    ]
    return tag("li", tag("span"), _track(marks), class_="axis", aria_hidden="true")


def _row(text: str, under: str, told: str, marks: Sequence[Markup]) -> Markup:
    """Row of a chart: what it is about, and marks that the table below gives as numbers."""
    about = tag("span", text, *([tag("span", under, class_="under")] if under else []), class_="what")
    return tag("li", about, _track([tag("g", tag("title", told), *marks)]))


def _track(marks: Sequence[Markup]) -> Markup:
    drawn = tag("svg", *marks, class_="chart", width="100%", height="100%", aria_hidden="true")
    # The picture is as high as the text beside it, so that the lines of the scale run through from row to row.
    return tag("span", drawn, class_="track")


def _legend(entries: Sequence[tuple[Markup, str]], title: str) -> Markup:
    items = [
        tag("li", tag("svg", mark, width=20, height=16, aria_hidden="true", class_="swatch"), " ", text)
        for mark, text in entries
    ]
    return tag("ul", join(items), class_="key", aria_label=title)


def _grid(x: str, *, rule: bool) -> Markup:
    return tag("line", x1=x, x2=x, y1=0, y2="100%", class_="rule" if rule else "grid")


def _range(x1: str, x2: str, y: str, class_: str) -> Markup:
    return tag("line", x1=x1, x2=x2, y1=y, y2=y, class_=class_)


def _bar(span: dict[str, str], y: str, class_: str) -> Markup:
    return tag("rect", y=y, height=10, transform="translate(0 -5)", class_=class_, **span)


def _dot(x: str, y: str, class_: str) -> Markup:
    return tag("circle", cx=x, cy=y, r=5.5 if class_ == "d-before" else 4.5, class_=class_)


def _times(words: Words, ratio: float) -> str:
    return "×" + words.number(ratio, decimals=1 if ratio < 1 else 0)


def _ratio_at(ratio: float) -> float:
    return _at(math.log(max(ratio, 1e-12)) / _REACH)


def _moved_at(deviation: float, reach: int) -> float:
    return _at(deviation / reach)


def _at(share: float) -> float:
    """Place along the axis of a share from -1 to 1; what is beyond lies at the edge."""
    return _MARGIN + (1 - 2 * _MARGIN) * (min(max(share, -1.0), 1.0) + 1) / 2


def _is_number(value: object) -> bool:
    return isinstance(value, float) and not pd.isna(value)
