"""Sections about a recovery plan: the plans, and the Pareto frontier of traffic, infectious entries and cost."""

from __future__ import annotations

import math
from typing import Final

from markupsafe import Markup

from landlink.border.recovery import Recovery
from landlink.border.recovery_case import Case, Decision
from landlink.report.dates import date_in_words
from landlink.report.line_chart import Line, Scale, line_chart, round_steps
from landlink.report.section import Section
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, table
from landlink.report.words import Words
from landlink.tables.frames import records

__all__ = ["frontier", "labels", "plan", "title"]

#: CSS class of dots, and the message about them, by what a set fails.
_DOTS: Final = {
    (): ("d-within", "meets"),
    ("throughput",): ("d-none", "slow"),
    ("entries",): ("d-outside", "infectious"),
    ("throughput", "entries"): ("d-missed", "slow_and_infectious"),
}


def title(found: Recovery, words: Words) -> str:
    """State what the plan is for: crossings, target, limit and day of the decision."""
    facts = {
        "crossings": " + ".join(_crossing(found, name, words) for name in found.target.crossings),
        "target": words.number(found.target.vehicles_per_day),
        "date": date_in_words(found.options.day, words),
    }
    if math.isinf(found.options.limit):
        return words("recovery.title", **facts)
    return words("recovery.title_limit", limit=words.plain(found.options.limit), **facts)


def labels(found: Recovery, words: Words) -> list[str]:
    """List the terms of the plan that its title does not state."""
    return [words("recovery.horizon", days=words.count(found.options.horizon_days))]


def plan(found: Recovery, words: Words) -> Section:
    """Build the section with the cheapest and the earliest plan, or the binding constraint if there is none."""
    now = tag(
        "p", words("recovery.now", found=words.count(found.now.vehicles_per_day), entries=_entries(found.now, words))
    )
    searched = tag("p", _searched(found, words), class_="soft")
    if not found.feasible:
        why = tag("p", _reason(found, words))
        return Section("plan", words("border.plan_title"), words("border.plan_none"), join([now, why, searched]))
    heads = [
        Head(words("border.measure"), numeric=False),
        Head(words("border.works_from")),
        Head(words("border.cost")),
        Head(words("border.vehicles_then")),
        Head(words("border.entries_then")),
    ]
    groups = [Group(_headed(found, key, case, words), _schedule(found, case, words)) for key, case in found.best]
    listed = table(words("border.plan_caption"), heads, groups, class_="wide")
    return Section("plan", words("border.plan_title"), _finding(found, words), join([now, listed, searched]))


def frontier(found: Recovery, words: Words) -> Section:
    """Build the section with the Pareto frontier of the sets of measures: a chart, and a table with names."""
    cases = found.frontier_cases()
    how = f"{words('border.frontier_how')} {words('recovery.numbers', best='★')}"
    heads = [
        Head(words("recovery.number")),
        Head(words("border.measure"), numeric=False),
        Head(words("recovery.cost", unit=words.unit(found.cost_unit))),
        Head(words("border.ready")),
        Head(words("border.per_day")),
        Head(words("border.entries_then")),
        Head(words("recovery.result"), numeric=False),
        Head(words("recovery.shown_by"), numeric=False),
    ]
    rows: list[list[str | Markup]] = [
        [
            _mark(found, number, case, words),
            _set(found, case, words),
            words.number(found.cost(case.cost_usd), decimals=2),
            words.count(case.ready_days),
            words.count(case.vehicles_per_day),
            _entries(case, words),
            _result(found, case, words),
            _shown_by(case, words),
        ]
        for number, case in enumerate(cases, start=1)
    ]
    listed = table(words("border.frontier_title"), heads, [Group("", rows)], class_="wide sets")
    body = join([tag("p", how), _key(found, cases, words), _chart(found, cases, words), listed])
    return Section("frontier", words("border.frontier_title"), "", body)


def _crossing(found: Recovery, crossing_id: str, words: Words) -> str:
    rows = found.catalogue.study.tables["crossing"]
    return words.name(records(rows[rows["crossing_id"] == crossing_id])[0], "crossing_id")


def _measure(found: Recovery, measure_id: str, words: Words) -> str:
    rows = found.catalogue.study.tables["measure"]
    return words.name(records(rows[rows["measure_id"] == measure_id])[0], "name_en", "measure_id")


def _set(found: Recovery, case: Case, words: Words) -> str:
    """Name the measures of a set."""
    named = [_measure(found, found.catalogue.options[i].measure_id, words) for i in case.chosen]
    return words("recovery.between").join(named) or words("recovery.without")


def _cost(found: Recovery, case: Case, words: Words) -> str:
    return words.quantity(found.cost(case.cost_usd), found.cost_unit)


def _entries(case: Case, words: Words) -> str:
    return words.number(case.entries_per_week)


def _finding(found: Recovery, words: Words) -> str:
    """State that the target can be reached, and by which package."""
    text = words("border.plan_found", target=words.number(found.target.vehicles_per_day))
    name, case = found.best[0]
    key = "best" if name == "cheapest" else "best_both"
    facts = {"set": _set(found, case, words), "cost": _cost(found, case, words), "days": words.count(case.ready_days)}
    return f"{text} {words(f'recovery.{key}', **facts)}"


def _headed(found: Recovery, name: str, case: Case, words: Words) -> str:
    key = "recovery.both" if name == "cheapest_earliest" else f"border.{name}"
    head = words(key, cost=_cost(found, case, words), days=words.count(case.ready_days))
    low, high = (words.rough_number(end) for end in (case.entries_low, case.entries_high))
    if not case.entries_high > 0 or low == high:
        return head
    expected = words("recovery.expected", entries=_entries(case, words), low=low, high=high)
    return words("recovery.between").join([head, expected])


def _schedule(found: Recovery, case: Case, words: Words) -> list[list[str | Markup]]:
    return [
        [
            _measure(found, row["measure_id"], words),
            date_in_words(row["works_from"], words),
            words.quantity(found.cost(row["cost_usd"]), found.cost_unit),
            words.count(row["vehicles_per_day_then"]),
            words.number(row["entries_per_week_then"]),
        ]
        for row in records(found.schedule(case))
    ]


def _reason(found: Recovery, words: Words) -> str:
    """Explain the binding constraint, and what can be reached."""
    binding = found.binding()
    if binding is None:
        return ""
    best, limit = binding.best, found.options.limit
    facts = {"target": words.number(found.target.vehicles_per_day), "set": _set(found, best, words)}
    if binding.constraint == "capacity":
        texts = [words("recovery.capacity_binds", most=words.count(best.vehicles_per_day), **facts)]
        if best.entries_per_week > limit:
            texts.append(words("recovery.capacity_entries", entries=_entries(best, words)))
    else:
        texts = [words("recovery.entries_bind", entries=_entries(best, words), **facts)]
    if (under := binding.under) is not None:
        most, named = words.count(under.most_under(limit)), _set(found, under, words)
        texts.append(words("recovery.under", limit=words.plain(limit), most=most, set=named))
    return " ".join(texts)


def _searched(found: Recovery, words: Words) -> str:
    """State what proves the plan, or that nothing does."""
    if not found.proven:
        return words("recovery.searched", sets=words.count(len(found.cases)))
    numbers = found.decisions()
    told = [
        words(f"recovery.proven_{decision.value}", number=words.count(number))
        for decision, number in numbers.items()
        if number
    ]
    return " ".join([words("recovery.proven", sets=words.count(len(found.cases))), *told])


def _result(found: Recovery, case: Case, words: Words) -> str:
    """State which limits a set fails, with its figures."""
    target, limit = found.target, found.options.limit
    told = {
        "throughput": words(
            "recovery.throughput",
            found=words.count(case.vehicles_per_day),
            target=words.number(target.vehicles_per_day),
        ),
        "entries": words("recovery.entries", found=_entries(case, words), limit=words.plain(limit))
        if math.isfinite(limit)
        else "",
    }
    return words("recovery.between").join(told[one] for one in case.fails(target, limit)) or words("recovery.meets")


def _shown_by(case: Case, words: Words) -> str:
    return words("recovery.entries_bound" if case.decision is Decision.ENTRIES else f"recovery.{case.decision.value}")


def _mark(found: Recovery, number: int, case: Case, words: Words) -> str:
    """Number of a set in the table and beside its dot; a star for the best."""
    best = any(case.chosen == one.chosen for _, one in found.best)
    return words.count(number) + ("★" if best else "")


def _dot_name(found: Recovery, case: Case, words: Words) -> str:
    figures = words("recovery.between").join([_cost(found, case, words), _result(found, case, words)])
    return words.headed(_set(found, case, words), figures)


def _written(found: Recovery, number: int, case: Case, words: Words) -> str:
    """Text beside a dot: its number, and for today's state and the best plans what they are."""
    mark = _mark(found, number, case, words)
    if not case.chosen:
        return f"{mark} {words('recovery.now_name')}"
    return next((f"{mark} {words(f'recovery.{key}')}" for key, one in found.best if one.chosen == case.chosen), mark)


def _key(found: Recovery, cases: list[Case], words: Words) -> Markup:
    """Build the key of the dots that the chart has."""
    present = {case.fails(found.target, found.options.limit) for case in cases}
    items = []
    for fails, (class_, message) in _DOTS.items():
        if fails in present:
            dot = tag("circle", cx=8, cy=8, r=4.5, class_=class_)
            sample = tag("svg", dot, width=16, height=16, aria_hidden="true", class_="swatch")
            items.append(tag("li", sample, " ", words(f"recovery.{message}")))
    return tag("ul", *items, class_="key")


def _chart(found: Recovery, cases: list[Case], words: Words) -> Markup:
    costs = round_steps(max(found.cost(case.cost_usd) for case in cases))
    flows = round_steps(max(found.target.vehicles_per_day, *(case.vehicles_per_day for case in cases)))
    target = found.target.vehicles_per_day
    lines = [Line([0, costs[-1]], [target, target], "l-grey", words("border.target"))]
    numbered = list(enumerate(cases, start=1))
    for fails, (class_, message) in _DOTS.items():
        group = [one for one in numbered if one[1].fails(found.target, found.options.limit) == fails]
        lines.append(
            Line(
                [found.cost(case.cost_usd) for _, case in group],
                [case.vehicles_per_day for _, case in group],
                class_,
                words(f"recovery.{message}"),
                dots=True,
                names=[_dot_name(found, case, words) for _, case in group],
                marks=[_written(found, number, case, words) for number, case in group],
            )
        )
    return line_chart(
        "frontier",
        words("border.frontier_title"),
        words("border.frontier_how"),
        lines,
        x=Scale(0, costs[-1], [(one, words.plain(one)) for one in costs], words.unit(found.cost_unit)),
        y=Scale(0, flows[-1], [(one, words.plain(one)) for one in flows], words("border.per_day")),
        rtl=words.direction == "rtl",
    )
