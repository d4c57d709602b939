"""Sections of a border page about its cases: what holds vehicles up, times by direction and by stage."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from landlink.border.holdup import Holdup, Relief
from landlink.border.simulate import Simulation
from landlink.report.border_facts import BorderFacts, ModelTraffic
from landlink.report.section import Section
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, table
from landlink.report.words import Words
from landlink.tables.frames import row_of

__all__ = ["cell_of", "difference", "stages", "summary"]


def summary(facts: BorderFacts, words: Words) -> Section | None:
    """Build the summary: throughput and time, the stage that holds vehicles up, and figures by direction."""
    if not facts.cases:
        return None
    parts = [_throughput(facts, words)]
    if facts.models:
        cases = zip(facts.cases, facts.models, strict=True)
        parts = [*(tag("p", _traffic(facts, label, one, model, words)) for (label, one), model in cases), *parts]
    idle = dict.fromkeys(one for case in facts.inactive for one in case)
    parts = [*(tag("p", words.headed(name, words("idle.inactive", year=year))) for name, year in idle), *parts]
    if facts.holdups:
        parts = [*(tag("p", text) for text in _explanations(facts, words)), *parts]
    return Section("in-short", words("border.in_short"), _finding(facts, words), join(parts))


def stages(facts: BorderFacts, words: Words) -> Section | None:
    """Build the table of waits, utilisation and load by stage, of all cases."""
    if not facts.cases:
        return None
    heads = [Head(words("border.stage"), numeric=False)]
    heads += [Head(words(f"border.{key}"), over=words("border.wait")) for key in ("mean", "median", "p95")]
    heads += [Head(words("border.stage_time")), Head(words("border.utilisation")), Head(words("border.load"))]
    heads.append(Head(words("border.spread"), numeric=False))
    groups = [Group(facts.case_title(label), _stage_rows(facts, one, words)) for label, one in facts.cases]
    body = table(words("border.stages_caption"), heads, groups, class_="wide")
    return Section("stages", words("border.stages_title"), "", body)


def cell_of(frame: pd.DataFrame, **keys: str) -> pd.Series[Any]:
    """Return the row with some keys."""
    mask = np.logical_and.reduce([frame[name] == value for name, value in keys.items()])
    return frame[mask].iloc[0]


def difference(mean: float, low: float, high: float, write: Any, words: Words) -> str:
    """Write a difference with its interval; ``write`` formats a number."""
    ends = [write(one, signed=True) for one in (mean, low, high)]
    if len(set(map(str, ends))) == 1:
        return str(ends[0])
    return words("border_holdup.interval", **dict(zip(("mean", "low", "high"), ends, strict=True)))


def _finding(facts: BorderFacts, words: Words) -> str:
    """State throughput and time of every case, and where vehicles are held up."""
    holdups = facts.holdups or (None,) * len(facts.cases)
    told = [
        _finding_of(facts, simulation, holdup, words)
        for (_, simulation), holdup in zip(facts.cases, holdups, strict=True)
    ]
    if len(told) == 1:
        return told[0]
    return Markup("<br>").join(words.headed(label, text) for (label, _), text in zip(facts.cases, told, strict=True))


def _finding_of(facts: BorderFacts, simulation: Simulation, holdup: Holdup | None, words: Words) -> str:
    passed = cell_of(simulation.throughput(), direction="*", vehicle_class="*", outcome="passed")
    text = words("border.passed", number=words.number(float(passed["per_day"])))
    if simulation.unstable:
        text += " " + words("border.unstable", number=words.number(simulation.growth_per_day[0]))
    else:
        keys = {"stage": "*", "direction": "*", "vehicle_class": "*", "measure": "time"}
        mean, p95 = (float(cell_of(simulation.times(), **keys, statistic=one)["hours"]) for one in ("mean", "p95"))
        text += " " + words("border.takes", mean=words.duration(mean), p95=words.duration(p95))
    return text + " " + _most(facts, holdup, words) if facts.holdups else text


def _traffic(facts: BorderFacts, label: str, simulation: Simulation, model: ModelTraffic | None, words: Words) -> str:
    """Say where the traffic of a case comes from, and what the result of its scenario has."""
    if model is None:
        came = cell_of(simulation.throughput(), direction="*", vehicle_class="*", outcome="arrived")
        text = words("border.traffic_counted", number=words.number(float(came["per_day"])))
    else:
        figures = zip(facts.direction_names, model.vehicles_per_day, model.time_h, model.p95_h, strict=True)
        ways = words("common.list_separator").join(
            words(
                "border.traffic_way",
                way=way,
                number=words.number(vehicles),
                mean=words.duration(mean),
                p95=words.duration(p95),
            )
            for way, vehicles, mean, p95 in figures
        )
        scenario = words.translated(model.titles, model.scenario)
        text = words("border.traffic_model", scenario=scenario, ways=ways)
    return words.headed(facts.case_title(label), text) if facts.case_title(label) else text


def _most(facts: BorderFacts, holdup: Holdup | None, words: Words) -> str:
    if holdup is None:
        return words("border_holdup.none")
    stage, share = facts.stage_name(holdup.stage), words.percent(holdup.share)
    if not math.isfinite(holdup.wait_h):
        return words("border_holdup.most_growing", stage=stage, share=share)
    return words("border_holdup.most", stage=stage, share=share, wait=words.duration(holdup.wait_h))


def _explanations(facts: BorderFacts, words: Words) -> list[str]:
    """Why vehicles are held up in each case; cases of which the same is true share one text."""
    labels: dict[str, list[str]] = {}
    for (label, _), holdup in zip(facts.cases, facts.holdups, strict=True):
        labels.setdefault(_told(holdup, words), []).append(label)
    if len(facts.cases) == 1:
        return list(labels)
    return [words.headed(words("common.list_separator").join(names), text) for text, names in labels.items()]


def _told(holdup: Holdup | None, words: Words) -> str:
    """Explain the stage that holds vehicles up in one case, which the finding names already."""
    if holdup is None:
        texts = [words("border_holdup.none")]
    else:
        texts = []
        used = {"used": words.percent(holdup.utilisation), "closed": words.percent(holdup.closed_share)}
        texts.append(
            words(
                f"border_holdup.{holdup.cause}",
                load=words.percent(holdup.load),
                open=words.plain(round(holdup.open_h, 1)),
                **used,
            )
        )
        changes = (("one_server", holdup.one_server), ("one_hour", holdup.one_hour))
        texts += [_relieved(key, change, words) for key, change in changes if change is not None]
    return " ".join(texts)


def _relieved(key: str, relief: Relief, words: Words) -> str:
    if math.isfinite(relief.mean_time_h[0]):
        if words.duration(abs(relief.mean_time_h[0])) == words.duration(0.0):
            return words(f"border_holdup.{key}_hardly")
        return words(f"border_holdup.{key}", change=difference(*relief.mean_time_h, words.duration, words))
    return words(f"border_holdup.{key}_flow", change=difference(*relief.per_day, words.number, words))


def _throughput(facts: BorderFacts, words: Words) -> Markup:
    heads = [Head(words("border.direction"), numeric=False)]
    heads += [
        Head(words(f"border.{key}"), over=words("border.per_day"))
        for key in ("came", "went", "balked", "turned_back", "no_slot")
    ]
    heads += [Head(words(f"border.{key}"), over=words("border.time")) for key in ("mean", "median", "p95")]
    groups = [Group(facts.case_title(label), _direction_rows(facts, one, words)) for label, one in facts.cases]
    return table(words("border.flows_caption"), heads, groups, class_="wide")


def _direction_rows(facts: BorderFacts, simulation: Simulation, words: Words) -> list[list[str | Markup]]:
    flows, times = simulation.throughput(), simulation.times()
    rows: list[list[str | Markup]] = []
    for way in ("*", "ab", "ba"):
        cells: list[str | Markup] = [facts.direction_name(way, words("border.both"))]
        cells += [
            words.number(float(cell_of(flows, direction=way, vehicle_class="*", outcome=outcome)["per_day"]))
            for outcome in ("arrived", "passed", "balked", "turned_back", "no_appointment")
        ]
        keys = {"stage": "*", "direction": way, "vehicle_class": "*", "measure": "time"}
        cells += [_hours(words, cell_of(times, **keys, statistic=one)) for one in ("mean", "median", "p95")]
        rows.append(cells)
    return rows


def _hours(words: Words, row: pd.Series[Any]) -> str:
    if not math.isfinite(row["hours"]):
        return words("common.no_value")
    hours, half = float(row["hours"]), (float(row["high"]) - float(row["low"])) / 2
    # An interval that rounds to nothing says no more than the figure.
    shown = math.isfinite(half) and words.duration(hours + half) != words.duration(hours)
    return words.duration(hours) + (f" ± {words.duration(half)}" if shown else "")


def _stage_rows(facts: BorderFacts, simulation: Simulation, words: Words) -> list[list[str | Markup]]:
    use = simulation.stages().set_index("stage")
    times = simulation.times()
    points = simulation.stacked("wait_points_h").mean(axis=0)
    rows: list[list[str | Markup]] = []
    for number, stage in enumerate(simulation.pipeline.stages.names):
        cells: list[str | Markup] = [facts.stage_name(stage)]
        for measure, statistic in (("wait", "mean"), ("wait", "median"), ("wait", "p95"), ("time", "mean")):
            row = cell_of(times, stage=stage, direction="*", vehicle_class="*", measure=measure, statistic=statistic)
            known = math.isfinite(row["hours"])
            cells.append(words.duration(float(row["hours"])) if known else words("common.no_value"))
        cells += [words.percent(float(row_of(use, stage)[column])) for column in ("utilisation", "load")]
        cells.append(_strip(points[number], words) if np.isfinite(points[number]).any() else "")
        rows.append(cells)
    return rows


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
