"""Pages about a border: a simulated crossing, a comparison of two cases, or a recovery plan."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Final

from markupsafe import Markup

from landlink.border.simulate import compare
from landlink.core.arguments import check_kind
from landlink.core.atomic_files import write_text
from landlink.formats.authorship import marked_html
from landlink.report import recovery_sections
from landlink.report.border_cases import cell_of, difference, stages, summary
from landlink.report.border_facts import LINES, BorderFacts
from landlink.report.border_week import key, week
from landlink.report.line_chart import Line, Scale, line_chart, round_steps
from landlink.report.page import rendered
from landlink.report.section import Section
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, table
from landlink.report.words import Words
from landlink.tables.destinations import OutputFile, check_output
from landlink.tables.frames import numbers, records

__all__ = ["BORDER_PAGE", "BorderFacts", "border_page"]

#: The kind of file that a page about a border is.
BORDER_PAGE: Final = OutputFile("a page about a border", (".html", ".htm"), marked_html("border"))


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
    check_kind("facts", facts, BorderFacts, allowed="the facts of a border: BorderFacts")
    words = Words(language)
    title, labels, recovery = facts.title, list(facts.labels), facts.recovery
    if recovery is not None:
        title, labels = recovery_sections.title(recovery, words), recovery_sections.labels(recovery, words)
    made = [
        summary(facts, words),
        week(facts, words),
        stages(facts, words),
        _load(facts, words),
        _compared(facts, words),
        None if recovery is None else recovery_sections.plan(recovery, words),
        None if recovery is None else recovery_sections.frontier(recovery, words),
        _validation(facts, words),
    ]
    sections = [one for one in made if one is not None]
    target = Path(path)
    check_output(target, BORDER_PAGE, force=force)
    write_text(target, rendered(words, title, labels, sections, kind="border"))
    return target


def _load(facts: BorderFacts, words: Words) -> Section | None:
    if facts.waits is None or not facts.waits.delay_curves:
        return None
    lines: list[Line] = []
    frame = facts.waits.table()
    labels = []
    for number, (way, points) in enumerate(frame.groupby("direction", sort=False)):
        name = facts.direction_name(str(way), words("border.both"))
        order = points.sort_values("load")
        lines.append(Line(numbers(order, "load").tolist(), numbers(order, "curve_h").tolist(), LINES[number], name))
        lines.append(
            Line(
                numbers(order, "load").tolist(),
                numbers(order, "simulated_h").tolist(),
                "d-" + LINES[number][2:],
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
    of_lines = key(labels, [line for line in lines if not line.dots])
    how = words("border.load_how")
    if len(facts.cases) > 1:
        how = words("border_holdup.load_of", label=facts.labels[0]) + " " + how
    return Section("load", words("border.load_title"), "", join([tag("p", how), of_lines, chart]))


def _compared(facts: BorderFacts, words: Words) -> Section | None:
    if facts.simulation is None or facts.alternative is None:
        return None
    before, after = facts.simulation, facts.alternative
    rows: list[list[str | Markup]] = []
    passed = [
        float(cell_of(one.throughput(), direction="*", vehicle_class="*", outcome="passed")["per_day"])
        for one in (before, after)
    ]
    mean, low, high = compare(before, after, "per_day")
    rows.append(
        [
            words("border.went"),
            *(words.number(one) for one in passed),
            difference(float(mean[0, 1]), float(low[0, 1]), float(high[0, 1]), words.number, words),
        ]
    )
    times = [one.mean_time_h.mean() if not one.unstable else math.nan for one in (before, after)]
    texts = [words.duration(float(one)) if math.isfinite(one) else words("border.grows") for one in times]
    if all(map(math.isfinite, times)):
        mean, low, high = compare(before, after)
        change = difference(float(mean), float(low), float(high), words.duration, words)
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
