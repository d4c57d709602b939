"""Summary section: main changes and reliability of the results in sentences."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd
from markupsafe import Markup

from landlink.freight.overloads import OVERLOADED
from landlink.report.claims import busiest_changed_link
from landlink.report.crossings import totals
from landlink.report.inputs import headline_title, ranked
from landlink.report.intervals import Figure, change_of, changed_text, figure_of, interval_text, tonnes_at
from landlink.report.origin import quality_counts, rate_text
from landlink.report.section import Section
from landlink.report.svg import join, tag
from landlink.report.times import Pair, pair_label, pairs_of, trips
from landlink.report.validation import score_sentences, tally
from landlink.report.view import View, baseline_of
from landlink.study.idle_effects import IdleEffect
from landlink.tables.frames import row_of

__all__ = ["section", "trust"]


def section(views: Sequence[View], sensitivity: pd.DataFrame | None) -> Section:
    """Build the section."""
    words = views[0].words
    blocks: list[Markup] = []
    # Scenarios come first, beginning with the last; the base case comes last.
    order = sorted(range(len(views)), key=lambda position: (baseline_of(views, position) is None, -position))
    for rank, position in enumerate(order):
        view, baseline = views[position], baseline_of(views, position)
        if baseline is None:
            title, sentences = view.label, list(_state(view))
        else:
            title = words("summary.against", label=view.label, baseline=baseline.label)
            sentences = list(_changes(view, baseline))
        if sentences:
            blocks.append(_block(title, sentences))
        if rank == 0:
            blocks.append(_block(words("summary.sure_heading"), list(_sureness(views, sensitivity))))
    return Section("summary", words("summary.heading"), _finding(views), join(blocks))


def _block(title: str, sentences: Sequence[str]) -> Markup:
    items = (tag("li", sentence[:1].upper() + sentence[1:]) for sentence in sentences)
    return tag("div", tag("h3", title), tag("ul", *items, class_="plain"))


def _finding(views: Sequence[View]) -> str:
    """State the main effect of the last scenario in one sentence; empty for a single result."""
    words = views[0].words
    view, baseline = views[-1], baseline_of(views, len(views) - 1)
    if baseline is None:
        return ""
    sentence = next(iter([*_benefit(view, baseline), *_cost_change(view, baseline)]), "")
    return sentence and words("summary.title", label=view.label, sentence=sentence)


def trust(within: int, checked: int) -> str:
    """Grade the model by validation: ``good`` from 80% within tolerance, ``fair`` from 50%, otherwise ``weak``.

    With fewer than five observations, the grade is ``unknown``.
    """
    if checked < 5:
        return "unknown"
    share = within / checked
    return "good" if share >= 0.8 else "fair" if share >= 0.5 else "weak"


def _state(view: View) -> Iterable[str]:
    """Sentences on a single result."""
    words = view.words
    if math.isfinite(view.value("total.tonnes_per_year")):
        tonnes, tkm = (interval_text(words, figure_of(view, f"total.{name}_per_year")) for name in ("tonnes", "tkm"))
        yield words("summary.total", tonnes=tonnes, tkm=tkm)
    by_mode = view.links.groupby("mode").tkm_per_year.sum().sort_values(ascending=False)
    if by_mode.sum() > 0:
        shares = (
            f"{words.term('mode', str(mode))} {words.percent(tkm / by_mode.sum())}"
            for mode, tkm in by_mode.head(4).items()
            if tkm > 0
        )
        yield words("summary.shares", shares=words("common.list_separator").join(shares))
    crossings = view.table("crossing").groupby("crossing_id").tonnes_per_year.sum().sort_values(ascending=False)
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
        yield from _idle(view, added)
    if view.year != baseline.year:
        yield words("summary.years", year=words.year(view.year), base=words.year(baseline.year))
    yield from _benefit(view, baseline)
    yield from _cost_change(view, baseline)
    yield from _mode_changes(view, baseline)
    busiest = busiest_changed_link(view)
    if busiest is not None:
        yield words("summary.link", name=busiest[0], tonnes=words.quantity(busiest[1], "t/year"))
    yield from _crossing_changes(view, baseline)
    yield from _time_changes(view, baseline)


def _cost(view: View, measures: Sequence[str]) -> str:
    """State the capital cost of measures, with the quality that the study gives each row."""
    words, frame = view.words, view.table("measure")
    priced = frame[frame.measure_id.isin(measures) & frame.cost_musd.notna()]
    if not len(priced):
        return ""
    parts = [
        words(
            "summary.cost_part",
            cost=view.money(float(part.cost_musd.sum()), "million USD"),
            quality=words.get(f"quality.{quality}", str(quality)),
        )
        for quality, part in priced.groupby("quality", sort=False)
    ]
    return " " + words("summary.cost", cost=words("common.list_separator").join(parts))


def _idle(view: View, measures: Sequence[str]) -> Iterable[str]:
    """Sentences on measures that do not act on the flows, with the reason."""
    words = view.words
    for measure in view.provenance.run.measures:
        if measure.id in measures and not measure.acts:
            reasons = [words(f"idle.{idle.reason}", detail=_source(view, idle)) for idle in measure.idle if idle.whole]
            if not measure.in_force:
                reasons = [words("idle.inactive", year=words.year(view.year))]
            reason = words("common.list_separator").join(dict.fromkeys(reasons))
            yield words("summary.idle", name=view.name("measure", measure.id), reason=reason)


def _source(view: View, idle: IdleEffect) -> str:
    """Name of what sets the cells of an idle effect instead."""
    return view.name("measure", idle.detail) if idle.reason == "overwritten" else idle.detail


_MARKET = ["origin_zone_id", "destination_zone_id", "commodity_id"]


def _benefit(view: View, baseline: View) -> Iterable[str]:
    """State the benefit of shippers: the fall of their expected cost, by the rule of a half where demand changes."""
    words = view.words
    before, after = (item.table("choice").set_index(_MARKET) for item in (baseline, view))
    if not (len(before) and len(after)):
        return
    both = before.index.intersection(after.index)
    before, after = before.loc[both], after.loc[both]
    tonnes = (before.tonnes_per_year + after.tonnes_per_year) / 2
    gain = float((tonnes * (before.expected_cost_usd_per_t - after.expected_cost_usd_per_t)).sum()) / 1e6
    whole = baseline.value("total.generalised_cost_musd_per_year")
    if not (math.isfinite(gain) and math.isfinite(whole) and whole):
        return
    share = abs(gain) / abs(whole)
    if share < 5e-5:
        yield words("summary.benefit_same")
        return
    doubt = _benefit_interval(view, baseline)
    if doubt is not None and doubt.low < 0 < doubt.high:
        yield words("summary.benefit_unsure", change=interval_text(words, doubt, signed=True))
        return
    if doubt is not None:
        gain = doubt.value
    yield words(
        "summary.benefit_more" if gain > 0 else "summary.benefit_less",
        change=view.money(abs(gain), "million USD/year") if doubt is None else interval_text(words, doubt.magnitude),
        share=words.percent(share, decimals=2 if share < 0.01 else 1),
    )


def _benefit_interval(view: View, baseline: View) -> Figure | None:
    """Benefit of shippers with its interval: where demand is the same, the fall of their expected cost, by member."""
    tonnes = change_of(view, baseline, "total.tonnes_per_year")
    cost = change_of(view, baseline, "total.expected_cost_musd_per_year")
    if tonnes is None or cost is None or not cost.has_interval or tonnes.low != tonnes.high:
        return None
    return replace(cost, value=-cost.value, low=-cost.high, high=-cost.low)


def _cost_change(view: View, baseline: View) -> Iterable[str]:
    words = view.words
    name = "total.generalised_cost_musd_per_year"
    before, after = baseline.value(name), view.value(name)
    if math.isfinite(before) and math.isfinite(after) and before:
        change = after - before
        doubt = change_of(view, baseline, name)
        if doubt is not None and doubt.low < 0 < doubt.high:
            yield words("summary.cost_unsure", change=interval_text(words, doubt, signed=True))
        elif abs(change) < 5e-5 * abs(before):
            yield words("summary.cost_same")
        else:
            yield words(
                "summary.cost_more" if change > 0 else "summary.cost_less",
                change=view.money(abs(change), "million USD/year")
                if doubt is None
                else interval_text(words, doubt.magnitude),
                share=words.percent(abs(change) / abs(before), decimals=2 if abs(change) < 0.01 * before else 1),
            )


def _mode_changes(view: View, baseline: View) -> Iterable[str]:
    words = view.words
    tkm = [item.links.groupby("mode").tkm_per_year.sum() for item in (baseline, view)]
    moved = tkm[1].sub(tkm[0], fill_value=0.0).sort_values(key=abs, ascending=False)
    parts = [
        f"{words.term('mode', str(mode))} "
        + changed_text(view, baseline, f"mode.tkm_per_year[{mode}]", float(change), "tkm/year")
        for mode, change in moved.head(4).items()
        if abs(change) > 1e-4 * max(float(tkm[0].sum()), 1.0)
    ]
    yield (
        words("summary.modes", changes=words("common.list_separator").join(parts))
        if parts
        else words("summary.modes_same")
    )


def _crossing_changes(view: View, baseline: View) -> Iterable[str]:
    words = view.words
    before, after = (totals(item).groupby(level=0).tonnes_per_year.sum() for item in (baseline, view))
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


def _sureness(views: Sequence[View], sensitivity: pd.DataFrame | None) -> Iterable[str]:
    """Sentences on reliability: validation, data quality, overloads, sensitivity of the headline, relative gap."""
    view = views[0]
    words = view.words
    counts = tally(*views)
    grade = trust(counts.within, counts.checked)
    if counts.checked:
        yield words(
            f"summary.checks_{grade}",
            within=words.count(counts.within),
            checked=words.count(counts.checked),
        )
        if counts.limits:
            yield words("held.limits", kept=words.count(counts.kept), limits=words.count(counts.limits))
    else:
        yield words("summary.checks_none")
    yield from score_sentences(view, counts)
    total: Counter[str] = sum(quality_counts(view).values(), Counter())
    if sum(total.values()):
        share = total["estimated"] / sum(total.values())
        yield words("summary.quality_weak" if share > 0.5 else "summary.quality_fair", share=words.percent(share))
    yield from _loads(views[-1])
    yield from _range(views, sensitivity)
    if view.currency.is_own:
        yield words("summary.currency", currency=view.currency.code, rate=rate_text(view))
    converged = [item.provenance.certificate.converged for item in views]
    gaps = [item.provenance.certificate.relative_gap for item in views]
    if gaps:
        yield words("summary.gap_met" if all(converged) else "summary.gap_missed")


def _loads(view: View) -> Iterable[str]:
    """Sentences on overloads, and on flows that are not determined."""
    words, over, left_open = view.words, view.table("overload"), view.by_direction()
    if len(over):
        worst = row_of(over, over.index[0])
        yield words(
            "summary.overloaded",
            count=words.count(len(over)),
            ratio=words.number(OVERLOADED, decimals=1),
            name=view.place_name(str(worst.kind), str(worst.place_id)),
            times=words.number(float(worst.ratio), decimals=1),
        )
    if left_open:
        yield words("summary.undetermined", count=words.count(len(left_open)))


def _range(views: Sequence[View], sensitivity: pd.DataFrame | None) -> Iterable[str]:
    words = views[0].words
    frame = ranked(sensitivity, words)
    if not len(frame):
        return
    unit = str(frame.unit.iloc[0]) if "unit" in frame else ""
    values = frame[["headline_low", "headline_high"]].to_numpy()
    yield words(
        "summary.range",
        headline=headline_title(frame, views[0]),
        base=words.quantity(float(frame.headline_base.iloc[0]), unit),
        low=words.quantity(float(values.min()), unit),
        high=words.quantity(float(values.max()), unit),
        input=str(frame.title.iloc[0]),
    )
