"""The chart of the first page: what changes at border crossings or else by mode, as bars from a line of no change."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from landlink.report.charts import Axis
from landlink.report.effects import NOTHING, crossing_tonnes, mode_tkm
from landlink.report.intervals import change_of, figure_of, tonnes_at
from landlink.report.subject import Subject
from landlink.report.svg import tag
from landlink.report.view import View

__all__ = ["effect_chart"]

_ROWS = 7
#: Share of the track on each side of the longest bar.
_MARGIN = 0.02


@dataclass(frozen=True, slots=True)
class _Bars:
    """Rows of a chart: heading, unit, and by row its name and its values, that of the subject first."""

    heading: str
    unit: str
    names: list[str]
    values: pd.DataFrame


def effect_chart(subject: Subject) -> Markup:
    """Draw the largest changes of the scenario, with a mark where a rival differs; of a single result, its flows.

    Empty if nothing changes.
    """
    bars = next((found for found in (_crossings(subject), _modes(subject)) if found is not None), None)
    if bars is None:
        return Markup("")
    words = subject.view.words
    low, high = min(0.0, float(bars.values.min().min())), max(0.0, float(bars.values.max().max()))
    axis, reach = Axis(words.direction == "rtl"), (high - low) or 1.0

    def place(value: float) -> float:
        return _MARGIN + (1 - 2 * _MARGIN) * (value - low) / reach

    signed = subject.baseline is not None
    divisor, unit = words.scale_of(max(abs(low), abs(high)), bars.unit)
    rows = []
    for name, (_, values) in zip(bars.names, bars.values.iterrows(), strict=True):
        own, *others = values.tolist()
        rows.append(
            tag(
                "li",
                tag("span", *_breakable(name), class_="what"),
                tag("span", _track(axis, place, own, others), class_="track"),
                tag("span", words.rough_number(own / divisor, signed=signed), class_="n"),
            )
        )
    figure = [tag("h3", f"{bars.heading} ({words.unit(unit)})"), tag("ol", *rows, class_="effects"), _key(subject)]
    return tag("figure", *figure, class_="effect-figure")


def _breakable(name: str) -> Iterator[str | Markup]:
    """Let a line break after the slash of a double name."""
    for number, part in enumerate(name.split("/")):
        if number:
            yield from ("/", Markup("<wbr>"))
        yield part


def _track(axis: Axis, at: Callable[[float], float], own: float, others: Sequence[float]) -> Markup:
    zero = axis.at(at(0.0))
    span = axis.span(at(0.0), at(own))
    bar = tag("rect", y=4, height=12, class_="c-blue" if own >= 0 else "c-vermilion", **span)
    marks = [tag("line", x1=axis.at(at(one)), x2=axis.at(at(one)), y1=1, y2=19, class_="rival") for one in others]
    rule = tag("line", x1=zero, x2=zero, y1=0, y2=20, class_="rule")
    return tag("svg", bar, rule, *marks, width="100%", height=20, aria_hidden="true")


def _key(subject: Subject) -> Markup:
    if not subject.rivals:
        return Markup("")
    words = subject.view.words
    rivals = words("common.list_separator").join(view.label for view in subject.rivals)
    return tag("figcaption", words("first.chart_key", label=subject.view.label, rivals=rivals))


def _crossings(subject: Subject) -> _Bars | None:
    values = _values(subject, [crossing_tonnes(view) for view in subject.answers], crossing_tonnes)
    if len(values) < 2:
        return None
    owners = [view for view in (*subject.answers, subject.baseline) if view is not None]

    def tonnes(name: str) -> str:
        return tonnes_at(next((one for one in owners if one.knows("crossing", name)), owners[0]), name)

    values = _medians(subject, values, tonnes)
    names = [
        next((one for one in owners if one.knows("crossing", str(name))), owners[0]).crossing_name(name)
        for name in values.index
    ]
    key = "first.chart_crossings" if subject.baseline is not None else "first.chart_busiest"
    return _Bars(subject.view.words(key), "t/year", names, values)


def _modes(subject: Subject) -> _Bars | None:
    values = _values(subject, [mode_tkm(view) for view in subject.answers], mode_tkm)
    if not len(values):
        return None
    values = _medians(subject, values, "mode.tkm_per_year[{}]".format)
    words = subject.view.words
    key = "first.chart_modes" if subject.baseline is not None else "first.chart_modes_one"
    return _Bars(words(key), "tkm/year", [words.term("mode", str(name)) for name in values.index], values)


def _medians(subject: Subject, values: pd.DataFrame, indicator: Callable[[str], str]) -> pd.DataFrame:
    """The values with the medians of ensembles where results have them: those that the text beside the chart states."""
    values = values.copy()
    for column, view in enumerate(subject.answers):
        if view.ensemble is None:
            continue
        for name in values.index:
            found = (
                figure_of(view, indicator(str(name)))
                if subject.baseline is None
                else change_of(view, subject.baseline, indicator(str(name)))
            )
            if found is not None and math.isfinite(found.value):
                values.loc[name, column] = found.value
    return values.loc[values[0].sort_values(ascending=False, kind="stable").index]


def _values(subject: Subject, own: Sequence[pd.Series], measured: Callable[[View], pd.Series]) -> pd.DataFrame:
    """Changes against the baseline by place, or values of a single result, the largest of the subject first."""
    frame = pd.concat(own, axis=1, keys=range(len(own))).fillna(0.0)
    largest = float(frame.abs().max().max()) if len(frame) else 0.0
    if subject.baseline is not None:
        before = measured(subject.baseline)
        rows = frame.index.union(before.index, sort=False)
        frame = frame.reindex(rows).fillna(0.0).sub(before.reindex(rows).fillna(0.0), axis=0)
        largest = max(largest, float(before.max()) if len(before) else 0.0)
    own_values = frame[0][frame[0].abs() > NOTHING * largest]
    largest_first = own_values.sort_values(key=abs, ascending=False, kind="stable").head(_ROWS)
    return frame.loc[largest_first.sort_values(ascending=False, kind="stable").index]
