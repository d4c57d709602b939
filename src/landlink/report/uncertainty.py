"""First lines of a report: what the ensemble says of the headline, and what data cannot settle, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from landlink.report.intervals import figure_of, interval_text
from landlink.report.section import Section
from landlink.report.svg import tag
from landlink.report.view import View
from landlink.report.words import Words
from landlink.study.settings import Doubt

__all__ = ["headline_sentence", "section"]


def section(views: Sequence[View]) -> Section | None:
    """Build the section; ``None`` if no result has an ensemble and the study names no doubt."""
    doubts = list(dict.fromkeys(doubt for view in views for doubt in _doubts(view)))
    if not doubts and not any(view.ensemble for view in views):
        return None
    words = views[0].words
    told = {view.label for doubt in doubts for view in _answers(views, doubt) if _is_headline(doubt, view)}
    sentences = [_doubt_sentence(views, doubt) for doubt in doubts]
    sentences += [headline_sentence(view) for view in reversed(views) if view.label not in told]
    finding, *others = [*filter(None, sentences)] or [""]
    items = [tag("li", sentence) for sentence in (*others, *_reliability(views, words))]
    return Section("uncertainty", words("uncertainty.heading"), finding, tag("ul", *items, class_="plain"))


def _doubts(view: View) -> tuple[Doubt, ...]:
    return view.provenance.presentation.doubts


def _is_headline(doubt: Doubt, view: View) -> bool:
    return doubt.indicator in ("", view.provenance.presentation.headline)


def _answers(views: Sequence[View], doubt: Doubt) -> list[View]:
    """Results of the scenarios of a doubt, in its order; none unless there are two."""
    by_scenario = {view.provenance.run.scenario: view for view in views}
    shown = [by_scenario[scenario] for scenario in doubt.scenarios if scenario in by_scenario]
    return shown if len(shown) > 1 else []


def headline_sentence(view: View) -> str:
    """State the headline of a result with its interval; empty if the study has none."""
    indicator = view.provenance.presentation.headline
    if not indicator:
        return ""
    figure = interval_text(view.words, figure_of(view, indicator))
    return view.words("uncertainty.headline", headline=_title(view, indicator), label=view.label, figure=figure)


def _title(view: View, indicator: str) -> str:
    presentation, words = view.provenance.presentation, view.words
    if indicator == presentation.headline:
        title = words.translated(presentation.headline_titles, presentation.headline_title)
        return title or view.indicator_label(indicator)
    return view.indicator_label(indicator)


def _doubt_sentence(views: Sequence[View], doubt: Doubt) -> str:
    """Set the answers to a doubt beside each other."""
    words = views[0].words
    title = words.translated(doubt.names, doubt.title)
    shown = _answers(views, doubt)
    if not shown:
        there = {view.provenance.run.scenario for view in views}
        missing = [scenario for scenario in doubt.scenarios if scenario not in there]
        return words("uncertainty.unsolved", doubt=title, scenarios=", ".join(missing))
    indicator = doubt.indicator or shown[0].provenance.presentation.headline
    answers = (
        words("uncertainty.answer", label=view.label, figure=interval_text(words, figure_of(view, indicator)))
        for view in shown
    )
    listed = words("common.list_separator").join(answers)
    return words("uncertainty.doubt", doubt=title, headline=_title(shown[0], indicator), answers=listed)


def _reliability(views: Sequence[View], words: Words) -> Iterable[str]:
    """Sentences on what the intervals are and are not, and on the members."""
    if any(view.ensemble for view in views):
        yield words("uncertainty.meaning")
        yield words("uncertainty.scope")
    for view in views:
        run = view.provenance.ensemble
        if run is None:
            yield words("uncertainty.none", label=view.label)
            continue
        yield words(
            "uncertainty.members",
            label=view.label,
            members=words.count(run.members),
            effective=words.count(run.effective),
        )
        if run.failures:
            yield words("uncertainty.failed", label=view.label, failed=words.count(len(run.failures)))
