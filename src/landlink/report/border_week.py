"""Section of a border page about the mean week: vehicles waiting, and the hours in which the crossing is closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

import numpy as np
from markupsafe import Markup

from landlink.border.closures import DAY_H, closed_days, closed_in_week
from landlink.border.simulate import Simulation
from landlink.core.arrays import Bools
from landlink.report.border_facts import LINES, BorderFacts
from landlink.report.dates import clock, date_in_words
from landlink.report.line_chart import Line, Scale, Shade, line_chart, round_steps
from landlink.report.section import Section
from landlink.report.svg import join, tag
from landlink.report.words import Words
from landlink.tables.frames import numbers

__all__ = ["key", "week"]

DAYS = 7


def week(facts: BorderFacts, words: Words) -> Section | None:
    """Build the chart of vehicles waiting over the mean week, with closed hours shaded and named."""
    if not facts.cases:
        return None
    first_days = facts.first_days or (date(2024, 1, 1),) * len(facts.cases)
    cases = [(label, one, first) for (label, one), first in zip(facts.cases, first_days, strict=True)]
    lines = [_line(label, one, first, LINES[number]) for number, (label, one, first) in enumerate(cases)]
    closed = [_from_monday(_closed(one), first) for _, one, first in cases]
    steps = round_steps(max(1.0, *(float(np.nanmax(line.y)) for line in lines)))
    days = words("border.weekdays").split("|")
    chart = line_chart(
        "week",
        words("border.week_title"),
        " ".join([words("border.week_title"), *(_when(hours, words) for hours in closed)]),
        lines,
        x=Scale(0, DAYS * DAY_H, [(DAY_H * i + 12, day) for i, day in enumerate(days)], words("border.week_axis")),
        y=Scale(0, steps[-1], [(step, words.plain(step)) for step in steps], words("border.week_unit")),
        rtl=words.direction == "rtl",
        shades=_shades(closed, words),
    )
    body = [key(facts.labels, lines)]
    if any(hours.any() for hours in closed):
        body.append(tag("p", words("border_closed.how")))
    body.append(chart)
    body.append(tag("ul", *_closures(cases, closed, words), class_="plain"))
    return Section("week", words("border.week_title"), "", join(body))


def key(labels: Sequence[str], lines: Sequence[Line]) -> Markup:
    """Build the key of a chart with several lines."""
    if len(lines) < 2:
        return Markup("")
    items = []
    for label, line in zip(labels, lines, strict=False):
        sample = tag(
            "svg",
            tag("polyline", points="0,8 20,8", class_=line.class_),
            width=20,
            height=16,
            aria_hidden="true",
            class_="swatch",
        )
        items.append(tag("li", sample, " ", label))
    return tag("ul", *items, class_="key")


def _line(label: str, simulation: Simulation, first: date, class_: str) -> Line:
    queue = simulation.queue()
    whole = queue[queue["stage"] == "*"]
    values = {name: _from_monday(numbers(whole, name), first) for name in ("vehicles", "low", "high")}
    return Line(
        list(range(DAYS * DAY_H)),
        values["vehicles"].tolist(),
        class_,
        label,
        np.maximum(values["low"], 0.0).tolist(),
        values["high"].tolist(),
    )


def _from_monday(values: np.ndarray, first: date) -> np.ndarray:
    """Let a week that begins on the first day of a simulation begin on Monday."""
    return np.roll(values, DAY_H * first.weekday())


def _closed(simulation: Simulation) -> Bools:
    return closed_in_week(simulation.pipeline, 24.0 * simulation.warm_up_days)


def _shades(closed: Sequence[Bools], words: Words) -> list[Shade]:
    """Shade the hours closed in all cases over the full height; those of each of several cases in its own strip."""
    always = np.logical_and.reduce(closed)
    found = [Shade(begin, end, "closed", words("border_closed.closed")) for begin, end in _spans(always)]
    if len(closed) > 1:
        for row, (hours, line) in enumerate(zip(closed, LINES, strict=False)):
            found += [
                Shade(begin, end, f"closed s-{line[2:]}", words("border_closed.closed"), row)
                for begin, end in _spans(hours)
            ]
    return found


def _spans(hours: Bools) -> list[tuple[int, int]]:
    """List the periods of hours that are marked."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], hours.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _closures(cases: Sequence[tuple[str, Simulation, date]], closed: Sequence[Bools], words: Words) -> list[Markup]:
    """Name the closed days and hours of each case, and the dates that are closed although their weekday is not."""
    items = []
    for (label, simulation, first), hours in zip(cases, closed, strict=True):
        text = _when(hours, words)
        dates = [
            first + timedelta(days=day) for day in closed_days(simulation.pipeline, 24.0 * simulation.warm_up_days)
        ]
        if dates:
            named = words("border_closed.and_hours").join(date_in_words(day, words) for day in dates)
            text += words("border_closed.and_days") + words("border_closed.dates", dates=named)
        several = len(cases) > 1
        head = words("border_closed.of_case", label=label) if several else words("border_closed.times")
        items.append(tag("li", words.headed(head, text)))
    return items


def _when(hours: Bools, words: Words) -> str:
    """Write the closed hours by weekday, consecutive days with the same hours together."""
    names = words("border.weekdays").split("|")
    by_day = [tuple(_spans(day)) for day in hours.reshape(DAYS, DAY_H)]
    parts = []
    for spans, group in groupby(range(DAYS), key=lambda day: by_day[day]):
        days = list(group)
        if not spans:
            continue
        named = names[days[0]] if len(days) == 1 else f"{names[days[0]]}–{names[days[-1]]}"
        whole = spans == ((0, DAY_H),)
        times = [f"{clock(begin, words)}–{clock(end, words)}" for begin, end in spans]
        between = words("border_closed.and_hours").join(times)
        parts.append(f"{named} {words('border_closed.all_day') if whole else between}")
    return words("border_closed.and_days").join(parts) or words("border_closed.never")
