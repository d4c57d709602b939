"""The answer to a report's question: how much, who gains, how exports are shipped, and where freight moves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import pandas as pd

from landlink.report.benefits import Benefit, benefit_of, benefit_sentence, benefit_text, demand_sentence
from landlink.report.bottlenecks import bottleneck_sentence
from landlink.report.effects import (
    NOTHING,
    Effect,
    crossing_tonnes,
    headline_title_of,
    largest_effect,
    mode_tkm,
)
from landlink.report.intervals import changed_text, ends_text, figure_of, interval_text, tonnes_at
from landlink.report.subject import Subject
from landlink.report.trade_change import responds
from landlink.report.trade_sentences import response_sentence
from landlink.report.trade_shift import trade_sentence
from landlink.report.view import View
from landlink.tables.frames import row_of

__all__ = ["answer"]

#: Places named in a sentence.
_NAMED = 2
#: Share of the benefit below which the last measures add hardly anything to it.
_HARDLY = 0.02


def answer(subject: Subject) -> list[str]:
    """Answer the question of a report, the most important sentence first; up to four.

    Where data cannot settle a question on which the answer depends, its answers give the range.
    """
    view, baseline = subject.view, subject.baseline
    told = _state(view) if baseline is None else _change(subject, view, baseline)
    return [sentence[:1].upper() + sentence[1:] for sentence in told if sentence]


# A single result


def _state(view: View) -> list[str]:
    words = view.words
    headline = view.provenance.presentation.headline
    figure = figure_of(view, headline) if headline else None
    if figure is not None and math.isfinite(figure.value) and figure.value:
        title = headline_title_of(view, headline)
        first = words("first.state", title=title, value=interval_text(words, figure))
    else:
        tonnes, tkm = (interval_text(words, figure_of(view, f"total.{name}_per_year")) for name in ("tonnes", "tkm"))
        first = words("summary.total", tonnes=tonnes, tkm=tkm)
    return [first, modal_split(view), _busiest(view)]


def modal_split(view: View) -> str:
    """Shares of the modes in tonne-kilometres; empty without freight."""
    words, by_mode = view.words, mode_tkm(view).sort_values(ascending=False, kind="stable")
    if not by_mode.sum() > 0:
        return ""
    shares = (
        f"{words.term('mode', str(mode))} {words.percent(tkm / by_mode.sum())}"
        for mode, tkm in by_mode.head(4).items()
        if tkm > 0
    )
    return words("summary.shares", shares=words("common.list_separator").join(shares))


def _busiest(view: View) -> str:
    words, tonnes = view.words, crossing_tonnes(view).sort_values(ascending=False, kind="stable")
    parts = [
        f"{view.crossing_name(name)} {interval_text(words, figure_of(view, tonnes_at(view, str(name))))}"
        for name, value in tonnes.head(3).items()
        if value > 0
    ]
    busiest = words("summary.busiest", crossings=words("common.list_separator").join(parts)) if parts else ""
    return words.sentences(busiest, _tightest(view))


# A scenario and its baseline


def _change(subject: Subject, view: View, baseline: View) -> list[str]:
    words = view.words
    effect = largest_effect(view, baseline, indicator=view.provenance.presentation.headline)
    if effect is None:
        return [words("first.nothing", label=view.label, baseline=baseline.label)]
    growth = words("first.years", year=words.year(view.year), base=words.year(baseline.year))
    first = words.sentences(_effect(subject, baseline, effect), growth if view.year != baseline.year else "")
    where = words.sentences(_moves(view, baseline), _tightest(view, baseline))
    benefit = words.sentences(_benefit(subject, baseline), _share_of_last(subject, baseline, effect))
    trade = response_sentence(view, baseline, subject.added) or trade_sentence(view, baseline, subject.added)
    return [first, benefit, trade, where]


def _share_of_last(subject: Subject, baseline: View, effect: Effect) -> str:
    """Say what the last measures add to a result that has the others already; empty where the report has none."""
    view, between, words = subject.view, subject.between, subject.view.words
    if between is None:
        return ""
    last = [measure for measure in view.measure_ids if measure not in between.measure_ids]
    names = words("common.list_separator").join(words("first.quoted", name=view.name("measure", one)) for one in last)
    whole, part = benefit_of(view, baseline), benefit_of(view, between)
    further = largest_effect(view, between, indicator=effect.indicator)
    moved = further is not None and further.indicator == effect.indicator and further.is_told(words)
    gains = whole is not None and part is not None and abs(part.value) > _HARDLY * abs(whole.value)
    told = {"measures": names, "label": between.label}
    if not (moved or gains):
        return words("first.adds_nothing", **told)
    texts = []
    if moved and further is not None:
        after, before = further.texts(words)
        texts.append(words("first.ends", text=words("first.effect", title=further.title, after=after, before=before)))
    amount = benefit_sentence(view, part) if part is not None else ""
    return words.sentences(words("first.adds", **told), *texts, amount[:1].upper() + amount[1:])


def _effect(subject: Subject, baseline: View, effect: Effect) -> str:
    """State the effect; the range over the answers to a doubt, where there are several, else the interval."""
    view, words = subject.view, subject.view.words
    after, before = effect.texts(words)
    change = effect.change_text(view, baseline)
    said = words("first.effect", title=effect.title, after=after, before=before)
    if change:
        said = words("first.effect_by", effect=said, change=change)
    others = [figure_of(rival, effect.indicator) for rival in subject.rivals]
    ends = [end for figure in (effect.after, *others) for end in (figure.low, figure.value, figure.high)]
    known = [end for end in ends if math.isfinite(end)]
    if subject.doubt is None or not others or min(known) == max(known):
        return words("first.ends", text=said)
    low, high, unit = ends_text(words, min(known), max(known), effect.after.unit)
    if low == high:
        return words("first.ends", text=said)
    doubt = words.translated(subject.doubt.names, subject.doubt.title)
    return words("first.doubt", effect=said, low=low, high=f"{high}\u00a0{unit}", doubt=doubt)


def _benefit(subject: Subject, baseline: View) -> str:
    """State the benefit of shippers with its range and whose trade has most of it, or that demand differs."""
    view, words = subject.view, subject.view.words
    benefit = benefit_of(view, baseline)
    if benefit is None:
        # Where demand responds, what it does is told of trade.
        return "" if responds(view) and view.year == baseline.year else demand_sentence(view, baseline)
    found = [benefit, *filter(None, (benefit_of(rival, baseline) for rival in subject.rivals))]
    amount = benefit_text(view, benefit)
    one_way = len({one.value > 0 for one in found}) == 1
    if len(found) > 1 and one_way and benefit.interval is None:
        ends = sorted(abs(one.value) for one in found)
        low, high, _ = ends_text(words, ends[0], ends[-1], view.unit("million USD/year"))
        amount = words("uncertainty.range", value=amount, low=low, high=high)
    return words.sentences(benefit_sentence(view, benefit, amount), _relation(view, benefit))


def _relation(view: View, benefit: Benefit) -> str:
    words, sums = view.words, benefit.by_relation
    if not benefit.is_any or benefit.is_unsure or not len(sums):
        return ""
    choose = max if benefit.value > 0 else min
    (first, second), largest = choose(sums.items(), key=lambda item: item[1])
    if not (first and second):
        return ""
    change = view.money(largest, "million USD/year", rough=True)
    names = [view.name("country", country) for country in (first, second)]
    if first == second:
        return words("first.relation_within", a=names[0], change=change)
    return words("first.relation", a=names[0], b=names[1], change=change)


def _moves(view: View, baseline: View) -> str:
    """State where freight moves to and away from: border crossings or else modes."""
    words = view.words
    before, after = crossing_tonnes(baseline), crossing_tonnes(view)
    change = after.sub(before, fill_value=0.0)
    floor = NOTHING * max(float(before.max()) if len(before) else 0.0, 1.0)
    gains, losses = change[change > floor].nlargest(_NAMED), change[change < -floor].nsmallest(_NAMED)
    if len(gains) or len(losses):
        shown = {key: _places(view, baseline, part) for key, part in (("gains", gains), ("losses", losses))}
        key = "both" if len(gains) and len(losses) else "up" if len(gains) else "down"
        return words(f"first.moves_{key}", **shown)
    return mode_changes(view, baseline)


def _places(view: View, baseline: View, part: pd.Series) -> str:
    texts = []
    for name, value in part.items():
        owner = view if view.knows("crossing", str(name)) else baseline
        amount = changed_text(view, baseline, tonnes_at(owner, str(name)), float(value), "t/year")
        texts.append(view.words("common.with_note", value=owner.crossing_name(name), note=amount))
    return view.words("common.list_separator").join(texts)


def mode_changes(view: View, baseline: View) -> str:
    """State the change of each mode, the largest first."""
    words, before = view.words, mode_tkm(baseline)
    moved = mode_tkm(view).sub(before, fill_value=0.0).sort_values(key=abs, ascending=False, kind="stable")
    parts = [
        f"{words.term('mode', str(mode))} "
        + changed_text(view, baseline, f"mode.tkm_per_year[{mode}]", float(change), "tkm/year")
        for mode, change in moved.head(4).items()
        if abs(change) > NOTHING * max(float(before.sum()), 1.0)
    ]
    if not parts:
        return words("summary.modes_same")
    return words("summary.modes", changes=words("common.list_separator").join(parts))


def _tightest(view: View, baseline: View | None = None) -> str:
    """Name the bottleneck or, where none is ranked, the place that is loaded most over its capacity."""
    if bottleneck := bottleneck_sentence(view, baseline):
        return bottleneck
    over, words = view.table("overload"), view.words
    if not len(over):
        return ""
    worst = row_of(over, over.ratio.idxmax())
    name = view.place_name(str(worst.kind), str(worst.place_id))
    return words("first.tightest", name=name, times=words.number(float(worst.ratio), decimals=1))


def idle_sentences(view: View, measures: Sequence[str]) -> Iterable[str]:
    """Sentences on measures that do not act on the flows, with the reason."""
    words = view.words
    for measure in view.provenance.run.measures:
        if measure.id not in measures or measure.acts:
            continue
        reasons = [
            words(
                f"idle.{idle.reason}",
                detail=view.name("measure", idle.detail)
                if idle.reason in ("overwritten", "opened_by")
                else idle.detail,
            )
            for idle in measure.idle
            if idle.whole
        ]
        if not measure.in_force:
            reasons = [words("idle.inactive", year=words.year(view.year))]
        reason = words("common.list_separator").join(dict.fromkeys(reasons))
        yield words("summary.idle", name=view.name("measure", measure.id), reason=reason)
