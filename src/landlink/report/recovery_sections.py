"""Sections about a recovery plan: the plans, and the Pareto frontier of traffic, infectious entries and cost."""

from __future__ import annotations

from markupsafe import Markup

from landlink.border.recovery import Recovery
from landlink.report.line_chart import Line, Scale, line_chart, round_steps
from landlink.report.section import Section
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.words import Words
from landlink.tables.frames import numbers, records

__all__ = ["frontier", "plan"]


def plan(found: Recovery, words: Words) -> Section:
    """Build the section with the cheapest and the earliest plan, or the binding constraint if there is none."""
    if found.cheapest is None or found.earliest is None:
        return Section("plan", words("border.plan_title"), words("border.plan_none"), tag("p", found.reason()))
    heads = [
        Head(words("border.measure"), numeric=False),
        Head(words("border.works_from")),
        Head(words("border.cost")),
        Head(words("border.vehicles_then")),
        Head(words("border.entries_then")),
    ]
    groups = []
    for key, case in (("cheapest", found.cheapest), ("earliest", found.earliest)):
        rows: list[list[str | Markup]] = [
            [
                str(row["name"]),
                str(row["works_from"]),
                words.quantity(found.cost(row["cost_usd"]), found.cost_unit),
                words.number(row["vehicles_per_day_then"]),
                words.number(row["entries_per_week_then"]),
            ]
            for row in records(found.schedule(case))
        ]
        groups.append(
            Group(
                words(
                    f"border.{key}",
                    cost=words.quantity(found.cost(case.cost_usd), found.cost_unit),
                    days=words.count(case.ready_days),
                ),
                rows,
            )
        )
    text = words("border.plan_found", target=words.number(found.target.vehicles_per_day))
    return Section(
        "plan", words("border.plan_title"), text, table(words("border.plan_caption"), heads, groups, class_="wide")
    )


def frontier(found: Recovery, words: Words) -> Section:
    """Build the section with the Pareto frontier of the sets of measures."""
    frame = found.frontier()
    met = frame[frame["meets"]]
    costs, flows = (
        round_steps(found.cost(float(frame["cost_usd"].max()))),
        round_steps(float(frame["vehicles_per_day"].max())),
    )
    target = found.target.vehicles_per_day
    lines = [
        Line([0, costs[-1]], [target, target], "l-grey", words("border.target")),
        Line(
            [found.cost(usd) for usd in frame["cost_usd"]],
            numbers(frame, "vehicles_per_day").tolist(),
            "d-none",
            words("border.sets"),
            dots=True,
        ),
        Line(
            [found.cost(usd) for usd in met["cost_usd"]],
            numbers(met, "vehicles_per_day").tolist(),
            "d-within",
            words("border.meets"),
            dots=True,
        ),
    ]
    chart = line_chart(
        "frontier",
        words("border.frontier_title"),
        words("border.frontier_how"),
        lines,
        x=Scale(0, costs[-1], [(one, words.plain(one)) for one in costs], words.unit(found.cost_unit)),
        y=Scale(0, flows[-1], [(one, words.plain(one)) for one in flows], words("border.per_day")),
        rtl=words.direction == "rtl",
    )
    heads = [
        Head(words("border.measure"), numeric=False),
        Head(words("border.cost")),
        Head(words("border.ready")),
        Head(words("border.per_day")),
        Head(words("border.entries_then")),
        Head(words("border.meets")),
    ]
    rows: list[list[str | Markup]] = [
        [
            row["measures"].replace(";", ", ") or words("common.none"),
            words.quantity(found.cost(row["cost_usd"]), found.cost_unit),
            words.count(row["ready_days"]),
            words.number(row["vehicles_per_day"]),
            words.number(row["entries_per_week"]),
            words("common.yes") if row["meets"] else words("common.no"),
        ]
        for row in records(frame)
    ]
    listed = table(words("border.frontier_title"), heads, [Group("", rows)], class_="wide")
    body = join([tag("p", words("border.frontier_how")), chart, folded(words("common.numbers"), listed)])
    return Section("frontier", words("border.frontier_title"), "", body)
