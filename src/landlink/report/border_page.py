"""Page about a simulated crossing: queue through the week, waits by stage, delay by load, comparison, recovery."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from markupsafe import Markup

from landlink.border.recovery import Recovery
from landlink.border.simulate import Simulation, compare
from landlink.border.waits import CrossingWaits
from landlink.core.atomic_files import write_text
from landlink.formats.authorship import marked_html
from landlink.report import recovery_sections
from landlink.report.line_chart import Line, Scale, line_chart, round_steps
from landlink.report.page import rendered
from landlink.report.section import Section
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, table
from landlink.report.words import Words
from landlink.tables.destinations import OutputFile, check_output
from landlink.tables.frames import numbers, records, row_of

__all__ = ["BORDER_PAGE", "BorderFacts", "border_page"]

#: The kind of file that a page about a border is.
BORDER_PAGE: Final = OutputFile("a page about a border", (".html", ".htm"), marked_html("border"))

#: CSS classes of the lines in a chart.
_LINES = ("l-blue", "l-orange", "l-green", "l-purple")


@dataclass(frozen=True)
class BorderFacts:
    """Contents of a page about a border; parts that are ``None`` are left out.

    Attributes
    ----------
    title
        Heading of the page.
    labels
        Labels of the simulation and of the alternative.
    simulation, alternative
        A simulation, and one of the same crossing under other rules with the same draws.
    waits
        Waits by load.
    recovery
        Recovery plan.
    validation
        Result of :func:`landlink.border.validate`.
    stage_names
        Names of stages by id.
    first_weekdays
        Weekday of the first day of each simulation, 0 for Monday.
    direction_names
        Names of the directions from a to b and from b to a.
    """

    title: str
    labels: Sequence[str]
    simulation: Simulation | None = None
    alternative: Simulation | None = None
    waits: CrossingWaits | None = None
    recovery: Recovery | None = None
    validation: pd.DataFrame | None = None
    stage_names: dict[str, str] | None = None
    first_weekdays: tuple[int, ...] = (0, 0)
    direction_names: tuple[str, str] = ("", "")


def border_page(facts: BorderFacts, path: str | os.PathLike[str], *, language: str = "en", force: bool = False) -> Path:
    """Write a page about a border, which opens offline in a browser.

    Parameters
    ----------
    facts
        Contents of the page.
    path
        File to write; an older page is replaced when the new one is complete.
    language
        Language of the headings: ``en``, ``ru``, ``zh``, ``ky`` or ``ar``.
    force
        Whether to replace a file that landlink did not write.

    Raises
    ------
    UnknownNameError
        There is no message catalogue for the language.
    OutputError
        The file cannot be written.
    """
    words = Words(language)
    made = [
        _summary(facts, words),
        _week(facts, words),
        _stages(facts, words),
        _load(facts, words),
        _compared(facts, words),
        None if facts.recovery is None else recovery_sections.plan(facts.recovery, words),
        None if facts.recovery is None else recovery_sections.frontier(facts.recovery, words),
        _validation(facts, words),
    ]
    sections = [one for one in made if one is not None]
    target = Path(path)
    check_output(target, BORDER_PAGE, force=force)
    write_text(target, rendered(words, facts.title, list(facts.labels), sections, kind="border"))
    return target


def _hours(words: Words, row: pd.Series[Any]) -> str:
    if not math.isfinite(row["hours"]):
        return words("common.no_value")
    half = row["high"] - row["low"]
    return words.duration(float(row["hours"])) + (f" ± {words.duration(half / 2)}" if math.isfinite(half) else "")


def _summary(facts: BorderFacts, words: Words) -> Section | None:
    if facts.simulation is None:
        return None
    simulation = facts.simulation
    passed = _of(simulation.throughput(), direction="*", vehicle_class="*", outcome="passed")
    text = words("border.passed", number=words.number(float(passed["per_day"])))
    if simulation.unstable:
        text += " " + words("border.unstable", number=words.number(simulation.growth_per_day[0]))
    else:
        mean = _of(simulation.times(), stage="*", direction="*", vehicle_class="*", measure="time", statistic="mean")
        p95 = _of(simulation.times(), stage="*", direction="*", vehicle_class="*", measure="time", statistic="p95")
        text += " " + words(
            "border.takes", mean=words.duration(float(mean["hours"])), p95=words.duration(float(p95["hours"]))
        )
    return Section("in-short", words("border.in_short"), text, _throughput(facts, simulation, words))


def _of(frame: pd.DataFrame, **keys: str) -> pd.Series[Any]:
    mask = np.logical_and.reduce([frame[name] == value for name, value in keys.items()])
    return frame[mask].iloc[0]


def _way(facts: BorderFacts, words: Words, way: str) -> str:
    if way == "*":
        return words("border.both")
    return facts.direction_names[0 if way == "ab" else 1] or words(f"border.{way}")


def _throughput(facts: BorderFacts, simulation: Simulation, words: Words) -> Markup:
    flows, times = simulation.throughput(), simulation.times()
    rows: list[list[str | Markup]] = []
    for way in ("*", "ab", "ba"):
        cells: list[str | Markup] = [_way(facts, words, way)]
        cells += [
            words.number(float(_of(flows, direction=way, vehicle_class="*", outcome=outcome)["per_day"]))
            for outcome in ("arrived", "passed", "balked", "turned_back", "no_appointment")
        ]
        cells += [
            _hours(words, _of(times, stage="*", direction=way, vehicle_class="*", measure="time", statistic=statistic))
            for statistic in ("mean", "median", "p95")
        ]
        rows.append(cells)
    heads = [Head(words("border.direction"), numeric=False)]
    heads += [
        Head(words(f"border.{key}"), over=words("border.per_day"))
        for key in ("came", "went", "balked", "turned_back", "no_slot")
    ]
    heads += [Head(words(f"border.{key}"), over=words("border.time")) for key in ("mean", "median", "p95")]
    return table(words("border.flows_caption"), heads, [Group("", rows)], class_="wide")


def _week(facts: BorderFacts, words: Words) -> Section | None:
    if facts.simulation is None:
        return None
    lines, most = [], 1.0
    for number, one in enumerate(one for one in (facts.simulation, facts.alternative) if one is not None):
        queue = one.queue()
        whole = queue[queue["stage"] == "*"]
        # Weeks of the simulation begin on its first day, those of the chart on Monday.
        shift = 24 * facts.first_weekdays[number]
        values = {name: np.roll(numbers(whole, name), shift) for name in ("vehicles", "low", "high")}
        most = max(most, float(np.nanmax(values["vehicles"])))
        lines.append(
            Line(
                list(range(168)),
                values["vehicles"].tolist(),
                _LINES[number],
                facts.labels[number],
                np.maximum(values["low"], 0.0).tolist(),
                values["high"].tolist(),
            )
        )
    steps = round_steps(most)
    days = words("border.weekdays").split("|")
    chart = line_chart(
        "week",
        words("border.week_title"),
        words("border.week_title"),
        lines,
        x=Scale(0, 168, [(24 * i + 12, day) for i, day in enumerate(days)], words("border.week_axis")),
        y=Scale(0, steps[-1], [(step, words.plain(step)) for step in steps], words("border.week_unit")),
        rtl=words.direction == "rtl",
    )
    return Section("week", words("border.week_title"), "", join([_key(facts.labels, lines), chart]))


def _key(labels: Sequence[str], lines: Sequence[Line]) -> Markup:
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


def _stages(facts: BorderFacts, words: Words) -> Section | None:
    if facts.simulation is None:
        return None
    simulation, names = facts.simulation, facts.stage_names or {}
    use = simulation.stages().set_index("stage")
    times = simulation.times()
    points = simulation.stacked("wait_points_h").mean(axis=0)
    rows: list[list[str | Markup]] = []
    for number, stage in enumerate(simulation.pipeline.stages.names):
        cells: list[str | Markup] = [names.get(stage, stage)]
        for measure, statistic in (("wait", "mean"), ("wait", "median"), ("wait", "p95"), ("time", "mean")):
            row = _of(times, stage=stage, direction="*", vehicle_class="*", measure=measure, statistic=statistic)
            cells.append(
                words.duration(float(row["hours"])) if math.isfinite(row["hours"]) else words("common.no_value")
            )
        cells += [words.percent(float(row_of(use, stage)[column])) for column in ("utilisation", "load")]
        cells.append(_strip(points[number], words) if np.isfinite(points[number]).any() else "")
        rows.append(cells)
    heads = [Head(words("border.stage"), numeric=False)]
    heads += [Head(words(f"border.{key}"), over=words("border.wait")) for key in ("mean", "median", "p95")]
    heads += [Head(words("border.stage_time")), Head(words("border.utilisation")), Head(words("border.load"))]
    heads.append(Head(words("border.spread"), numeric=False))
    body = table(words("border.stages_caption"), heads, [Group("", rows)], class_="wide")
    return Section("stages", words("border.stages_title"), "", body)


def _strip(points: np.ndarray, words: Words) -> Markup:
    """Draw a box plot of the waits of a stage on a log scale from a minute to a month, the box over the middle half."""
    rtl = words.direction == "rtl"

    def at(hours: float) -> float:
        share = (math.log10(min(max(hours, 1 / 60), 720.0)) - math.log10(1 / 60)) / math.log10(720.0 * 60)
        return 4 + 122 * (1 - share if rtl else share)

    low, first, middle, third, high = (at(float(points[i])) for i in (5, 25, 50, 75, 94))
    return tag(
        "svg",
        tag("line", x1=low, x2=high, y1=10, y2=10, class_="rule"),
        tag("rect", x=min(first, third), width=max(abs(third - first), 1.0), y=5, height=10, class_="c-sky"),
        tag("line", x1=middle, x2=middle, y1=2, y2=18, class_="rule"),
        width=130,
        height=20,
        aria_hidden="true",
        class_="strip",
    )


def _load(facts: BorderFacts, words: Words) -> Section | None:
    if facts.waits is None or not facts.waits.delay_curves:
        return None
    lines: list[Line] = []
    frame = facts.waits.table()
    labels = []
    for number, (way, points) in enumerate(frame.groupby("direction", sort=False)):
        name = _way(facts, words, str(way))
        order = points.sort_values("load")
        lines.append(Line(numbers(order, "load").tolist(), numbers(order, "curve_h").tolist(), _LINES[number], name))
        lines.append(
            Line(
                numbers(order, "load").tolist(),
                numbers(order, "simulated_h").tolist(),
                "d-" + _LINES[number][2:],
                name,
                dots=True,
            )
        )
        labels.append(name)
    steps, loads = round_steps(float(frame["simulated_h"].max())), round_steps(float(frame["load"].max()))
    chart = line_chart(
        "load",
        words("border.load_title"),
        words("border.load_how"),
        lines,
        x=Scale(0, loads[-1], [(one, words.plain(one)) for one in loads], words("border.load_axis")),
        y=Scale(0, steps[-1], [(one, words.plain(one)) for one in steps], words("border.load_unit")),
        rtl=words.direction == "rtl",
    )
    key = _key(labels, [line for line in lines if not line.dots])
    return Section("load", words("border.load_title"), "", join([tag("p", words("border.load_how")), key, chart]))


def _compared(facts: BorderFacts, words: Words) -> Section | None:
    if facts.simulation is None or facts.alternative is None:
        return None
    before, after = facts.simulation, facts.alternative
    rows: list[list[str | Markup]] = []
    passed = [
        float(_of(one.throughput(), direction="*", vehicle_class="*", outcome="passed")["per_day"])
        for one in (before, after)
    ]
    mean, low, high = compare(before, after, "per_day")
    rows.append(
        [
            words("border.went"),
            *(words.number(one) for one in passed),
            _difference(float(mean[0, 1]), float(low[0, 1]), float(high[0, 1]), words.number),
        ]
    )
    times = [one.mean_time_h.mean() if not one.unstable else math.nan for one in (before, after)]
    texts = [words.duration(float(one)) if math.isfinite(one) else words("border.grows") for one in times]
    if all(map(math.isfinite, times)):
        mean, low, high = compare(before, after)
        change = _difference(float(mean), float(low), float(high), words.duration)
    else:
        change = words("common.no_value")
    rows.append([words("border.time"), *texts, change])
    heads = [
        Head(words("border.figure"), numeric=False),
        *(Head(label) for label in facts.labels[:2]),
        Head(words("border.difference")),
    ]
    body = table(words("border.compared_caption"), heads, [Group("", rows)])
    return Section("compared", words("border.compared_title"), "", body)


def _difference(mean: float, low: float, high: float, write: Any) -> str:
    return f"{write(mean, signed=True)} ({write(low, signed=True)} … {write(high, signed=True)})"


def _validation(facts: BorderFacts, words: Words) -> Section | None:
    if facts.validation is None or facts.validation.empty:
        return None
    heads = [
        Head(words("border.observation"), numeric=False),
        Head(words("border.observed")),
        Head(words("border.model")),
        Head(words("border.verdict"), numeric=False),
    ]
    rows: list[list[str | Markup]] = [
        [
            str(row["observation_id"]),
            words.number(float(row["value"])),
            words.number(float(row["model"])),
            str(row["verdict"]),
        ]
        for row in records(facts.validation)
    ]
    body = table(words("border.held_caption"), heads, [Group("", rows)], class_="wide")
    return Section("validation", words("border.held_title"), "", join([tag("p", words("border.held_how")), body]))
