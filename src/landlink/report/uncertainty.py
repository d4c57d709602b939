"""Section on how sure the figures are: what data cannot settle, the headline with its interval, and the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from landlink.report.effects import headline_title_of
from landlink.report.intervals import figure_of, interval_text
from landlink.report.section import Section
from landlink.report.subject import Open, answer_title, answers_of, doubts_of
from landlink.report.sureness import sureness
from landlink.report.svg import tag
from landlink.report.view import View
from landlink.report.words import Words
from landlink.study.settings import Doubt

__all__ = ["headline_sentence", "section", "unsettled_sentence"]


def section(views: Sequence[View], sensitivity: pd.DataFrame | None) -> Section:
    """Build the section; the doubts of the study come first, then the headline, then what the figures rest on."""
    words, doubts = views[0].words, doubts_of(views)
    sentences = [_doubt_sentence(views, doubt) for doubt in doubts]
    if doubts or any(view.posterior_run for view in views):
        told = {view.head for doubt in doubts for view in answers_of(views, doubt) if _is_headline(doubt, view)}
        sentences += [headline_sentence(view) for view in reversed(views) if view.head not in told]
    sentences += [*sureness(views, sensitivity), *_reliability(views, words)]
    finding, *others = [*filter(None, sentences)] or [""]
    items = tag("ul", *(tag("li", sentence) for sentence in others), class_="plain")
    return Section("uncertainty", words("summary.sure_heading"), finding, items)


def _is_headline(doubt: Doubt, view: View) -> bool:
    return doubt.indicator in ("", view.provenance.presentation.headline)


def headline_sentence(view: View) -> str:
    """State the headline of a result with its interval; empty if the study has none."""
    indicator = view.provenance.presentation.headline
    if not indicator:
        return ""
    figure = interval_text(view.words, figure_of(view, indicator))
    title = headline_title_of(view, indicator)
    return view.words("uncertainty.headline", headline=title, label=view.head, figure=figure)


def _doubt_sentence(views: Sequence[View], doubt: Doubt) -> str:
    """Set the answers to a doubt beside each other."""
    words = views[0].words
    title = words.translated(doubt.names, doubt.title)
    shown = answers_of(views, doubt)
    if not shown:
        there = {view.provenance.run.scenario for view in views}
        missing = [scenario for scenario in doubt.scenarios if scenario not in there]
        return words("uncertainty.unsolved", doubt=title, scenarios=_quoted(views, missing))
    indicator = doubt.indicator or shown[0].provenance.presentation.headline
    answers = (
        words("uncertainty.answer", label=view.head, figure=interval_text(words, figure_of(view, indicator)))
        for view in shown
    )
    listed = words("common.list_separator").join(answers)
    return words("uncertainty.doubt", doubt=title, headline=headline_title_of(shown[0], indicator), answers=listed)


def _quoted(views: Sequence[View], scenarios: Sequence[str]) -> str:
    words = views[0].words
    quoted = (words("first.quoted", name=answer_title(views, scenario)) for scenario in scenarios)
    return words("common.comma").join(quoted)


def unsettled_sentence(views: Sequence[View], found: Open) -> str:
    """Say that the scenario rests on one answer to a doubt, and what the other would change or how to find out."""
    words = views[0].words
    told = {
        "doubt": words.translated(found.doubt.names, found.doubt.title),
        "answer": answer_title(views, found.answer),
        "others": _quoted(views, found.others),
    }
    if not found.known:
        return words("first.unsettled", **told)
    indicator = found.doubt.indicator or found.known[0].provenance.presentation.headline
    if not indicator:
        return words("first.unsettled", **told)
    figures = (interval_text(words, figure_of(view, indicator)) for view in found.known)
    named = (
        words("uncertainty.answer", label=view.label, figure=f) for view, f in zip(found.known, figures, strict=True)
    )
    listed = words("common.list_separator").join(named)
    return words("first.unsettled_known", **told, headline=headline_title_of(found.known[0], indicator), answers=listed)


def _reliability(views: Sequence[View], words: Words) -> Iterable[str]:
    """Sentences on what the intervals are and are not, and on the members."""
    if any(view.posterior_run for view in views):
        yield words("uncertainty.meaning")
        yield words("uncertainty.scope")
    for view in views:
        run = view.posterior_run
        if run is None:
            continue
        yield words(
            "uncertainty.members",
            label=view.head,
            members=words.count(run.members),
            effective=words.count(run.effective),
        )
        if run.failures:
            yield words("uncertainty.failed", label=view.head, failed=words.count(len(run.failures)))
    if bare := [view.head for view in views if view.posterior_run is None]:
        yield words("uncertainty.none", label=words("common.list_separator").join(bare))
