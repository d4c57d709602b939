"""Section on what each scenario changes, in sentences; those that the first page is not about are folded."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Final

from markupsafe import Markup

from landlink.report.answer import idle_sentences, modal_split, mode_changes
from landlink.report.benefits import benefit_of, benefit_sentence, demand_sentence, has_same_demand
from landlink.report.claims import busiest_changed_link
from landlink.report.costs import cost_parts, in_force
from landlink.report.effects import crossing_tonnes
from landlink.report.intervals import change_of, changed_text, figure_of, interval_text, tonnes_at
from landlink.report.section import Section
from landlink.report.subject import subject_of
from landlink.report.svg import join, tag
from landlink.report.tables import folded
from landlink.report.times import Pair, pair_label, pairs_of, trips
from landlink.report.view import View, baseline_of

__all__ = ["section"]

_MEAN_TIME: Final = re.compile(r"od\.time_h\[([^,\]]+),([^,\]]+)\]")
#: Share of a mean time from which its change is told.
_TOLD: Final = 0.01


def section(views: Sequence[View]) -> Section:
    """Build the section: the scenario of the first page, then the others folded, the base case last."""
    words, subject = views[0].words, subject_of(views)
    blocks: list[Markup] = []
    # Scenarios come first, beginning with the last; the base case comes last.
    order = sorted(range(len(views)), key=lambda place: (baseline_of(views, place) is None, -place))
    order.sort(key=lambda place: views[place] is not subject.view)
    for place in order:
        view, baseline = views[place], baseline_of(views, place)
        if baseline is None:
            title, sentences = view.head, list(_state(view))
        else:
            title = words("summary.against", label=view.head, baseline=baseline.head)
            sentences = list(_changes(view, baseline))
        shown = view is subject.view
        repeated = _said_elsewhere(view, baseline) if shown and baseline is not None else ()
        items = tag(
            "ul",
            *(
                tag("li", one[:1].upper() + one[1:], class_="screen-only" if one in repeated else None)
                for one in sentences
            ),
            class_="plain",
        )
        blocks.append(tag("div", tag("h3", title), items) if shown else folded(title, items))
    return Section("summary", words("summary.heading"), "", join(blocks))


def _said_elsewhere(view: View, baseline: View) -> set[str]:
    """Sentences that paper need not say again: the first page has the benefit, a table the crossings."""
    benefit = benefit_of(view, baseline)
    return {*_crossing_changes(view, baseline), *([] if benefit is None else [benefit_sentence(view, benefit)])}


def _state(view: View) -> Iterable[str]:
    """Sentences on a single result."""
    words = view.words
    if math.isfinite(view.value("total.tonnes_per_year")):
        tonnes, tkm = (interval_text(words, figure_of(view, f"total.{name}_per_year")) for name in ("tonnes", "tkm"))
        yield words("summary.total", tonnes=tonnes, tkm=tkm)
    if split := modal_split(view):
        yield split
    crossings = crossing_tonnes(view).sort_values(ascending=False, kind="stable")
    if len(crossings) and crossings.iloc[0] > 0:
        parts = (
            f"{view.crossing_name(name)} {interval_text(words, figure_of(view, tonnes_at(view, str(name))))}"
            for name in crossings.head(3).index
        )
        yield words("summary.busiest", crossings=words("common.list_separator").join(parts))


def _changes(view: View, baseline: View) -> Iterable[str]:
    """Sentences on the effects of a scenario, the most important first."""
    words = view.words
    added = [measure for measure in view.measure_ids if measure not in baseline.measure_ids]
    if added:
        names = words("common.list_separator").join(view.name("measure", measure) for measure in added)
        yield words("summary.measures", names=names) + _cost(view, added)
        yield from idle_sentences(view, added)
    if view.year != baseline.year:
        yield words("summary.years", year=words.year(view.year), base=words.year(baseline.year))
    benefit = benefit_of(view, baseline)
    if benefit is not None:
        yield benefit_sentence(view, benefit)
    if has_same_demand(view, baseline):
        yield from _cost_change(view, baseline)
    else:
        yield demand_sentence(view, baseline)
    yield mode_changes(view, baseline)
    busiest = busiest_changed_link(view)
    if busiest is not None:
        yield words("summary.link", name=busiest[0], tonnes=words.rough(busiest[1], "t/year"))
    yield from _crossing_changes(view, baseline)
    yield from _time_changes(view, baseline)
    yield from _mean_times(view, baseline)


def _mean_times(view: View, baseline: View) -> Iterable[str]:
    """Pairs of zones whose mean time over all goods and ways of shipping falls and rises most."""
    words, found = view.words, {}
    for name in view.indicators:
        if match := _MEAN_TIME.fullmatch(name):
            before, after = baseline.value(name), view.value(name)
            if math.isfinite(before) and math.isfinite(after) and abs(after - before) > _TOLD * before:
                found[match.groups()] = (before, after)
    for key, choose in (("down", min), ("up", max)):
        ends = choose(found, key=lambda one: found[one][1] - found[one][0], default=None)
        if ends is None or (found[ends][1] < found[ends][0]) != (key == "down"):
            continue
        names = [view.name("zone", zone) for zone in ends]
        then, now = (words.duration(hours) for hours in found[ends])
        pair = words("common.from_to", a=names[0], b=names[1])
        yield words(f"summary.mean_{key}", pair=pair, before=then, after=now)


def _cost(view: View, measures: Sequence[str]) -> str:
    """State the capital cost of measures, with the quality that the study gives each row."""
    parts = [
        view.words("summary.cost_part", cost=part.amount, quality=part.quality)
        for part in cost_parts(view, in_force(view, measures))
    ]
    joined = view.words("common.list_separator").join(parts)
    return " " + view.words("summary.cost", cost=joined) if parts else ""


def _cost_change(view: View, baseline: View) -> Iterable[str]:
    words = view.words
    name = "total.generalised_cost_musd_per_year"
    before, after = baseline.value(name), view.value(name)
    if not (math.isfinite(before) and math.isfinite(after) and before):
        return
    change = after - before
    doubt = change_of(view, baseline, name)
    if doubt is not None and doubt.low < 0 < doubt.high:
        yield words("summary.cost_unsure", change=interval_text(words, doubt, signed=True))
    elif abs(change) < 5e-5 * abs(before):
        yield words("summary.cost_same")
    else:
        yield words(
            "summary.cost_more" if change > 0 else "summary.cost_less",
            change=view.money(abs(change), "million USD/year", rough=True)
            if doubt is None
            else interval_text(words, doubt.magnitude),
            share=words.percent(abs(change) / abs(before), decimals=2 if abs(change) < 0.01 * before else 1),
        )


def _crossing_changes(view: View, baseline: View) -> Iterable[str]:
    words = view.words
    before, after = crossing_tonnes(baseline), crossing_tonnes(view)
    change = after.sub(before, fill_value=0.0)
    floor = 1e-3 * max(float(before.max()) if len(before) else 0.0, 1.0)
    for key, part in (("gains", change[change > floor].nlargest(3)), ("losses", change[change < -floor].nsmallest(3))):
        if len(part):
            items = (
                f"{view.crossing_name(name)} "
                + changed_text(view, baseline, tonnes_at(view, str(name)), float(value), "t/year")
                for name, value in part.items()
            )
            yield words(f"summary.{key}", crossings=words("common.list_separator").join(items))


def _time_changes(view: View, baseline: View) -> Iterable[str]:
    """Sentences on the largest time saving and the largest time increase among the pairs."""
    words = view.words
    found: list[tuple[float, Pair, str, float, float]] = []
    for pair in pairs_of([view]):
        before, after = trips(baseline, pair), trips(view, pair)
        for alternative in after.index.intersection(before.index):
            old, new = float(before.loc[alternative].time_h), float(after.loc[alternative].time_h)
            found.append((new - old, pair, str(alternative), old, new))
    if not found:
        return
    ends = {"faster": min(found, key=lambda item: item[0]), "slower": max(found, key=lambda item: item[0])}
    changed = False
    for key, (change, pair, alternative, old, new) in ends.items():
        if abs(change) < 0.5 or (change < 0) != (key == "faster"):
            continue
        changed = True
        yield words(
            f"summary.{key}",
            pair=pair_label(view, pair),
            alternative=words.term("mode", alternative),
            before=words.duration(old),
            after=words.duration(new),
            change=words.duration(abs(change)),
        )
    if not changed:
        yield words("summary.time_same")
