"""What a report is about: the scenario that answers the question, what it is compared with, and its rivals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from landlink.report.view import View, baseline_of
from landlink.study.settings import Doubt

__all__ = ["Subject", "answers_of", "compared_views", "doubts_of", "question", "subject_of"]

#: Measures that a question names; with more, it names the scenario instead.
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Subject:
    """What a report is about.

    Attributes
    ----------
    view
        The scenario.
    baseline
        What it is compared with; ``None`` for a single result.
    doubt
        Question that data cannot settle, of which the scenario is one answer; ``None`` if there is none.
    rivals
        The other answers to it, compared with the same baseline.
    """

    view: View
    baseline: View | None = None
    doubt: Doubt | None = None
    rivals: tuple[View, ...] = ()

    @property
    def added(self) -> tuple[str, ...]:
        """Identifiers of the measures that the baseline does not have."""
        known = self.baseline.measure_ids if self.baseline is not None else ()
        return tuple(measure for measure in self.view.measure_ids if measure not in known)

    @property
    def answers(self) -> tuple[View, ...]:
        """The scenario and its rivals."""
        return (self.view, *self.rivals)


def doubts_of(views: Sequence[View]) -> list[Doubt]:
    """Questions that data cannot settle, each once."""
    return list(dict.fromkeys(doubt for view in views for doubt in view.provenance.presentation.doubts))


def answers_of(views: Sequence[View], doubt: Doubt) -> list[View]:
    """Results of the scenarios of a doubt, in its order; none unless there are two."""
    by_scenario = {view.provenance.run.scenario: view for view in views}
    shown = [by_scenario[scenario] for scenario in doubt.scenarios if scenario in by_scenario]
    return shown if len(shown) > 1 else []


def subject_of(views: Sequence[View]) -> Subject:
    """Choose what a report is about.

    It is the last scenario that is compared with a result of its own year, since growth is not an effect of measures;
    without such, the last of all. Where that is one answer to a question that data cannot settle, the first answer
    takes its place, and the others are its rivals.
    """
    baselines = {id(view): baseline_of(views, position) for position, view in enumerate(views)}
    compared = [view for view in views if baselines[id(view)] is not None]
    if not compared:
        return Subject(views[0])
    last = next((view for view in reversed(compared) if _same_year(view, baselines[id(view)])), compared[-1])
    baseline = baselines[id(last)]
    for doubt in doubts_of(views):
        shown = [view for view in answers_of(views, doubt) if view in compared and baselines[id(view)] is baseline]
        if last in shown and len(shown) > 1:
            return Subject(shown[0], baseline, doubt, tuple(shown[1:]))
    return Subject(last, baseline)


def compared_views(views: Sequence[View]) -> list[View]:
    """Results that a report's tables set beside each other: the scenario and its baseline; the others are folded."""
    subject = subject_of(views)
    return [view for view in views if view is subject.baseline or view is subject.view]


def _same_year(view: View, baseline: View | None) -> bool:
    return baseline is not None and baseline.year == view.year


def question(subject: Subject) -> str:
    """Put the question that the report answers, with the names of scenarios and measures."""
    view, baseline, words = subject.view, subject.baseline, subject.view.words
    if baseline is None:
        return words("first.question_one", label=view.label)
    added = subject.added
    removed = set(baseline.measure_ids) - set(view.measure_ids)
    if view.year != baseline.year or removed or not 0 < len(added) <= _NAMED:
        return words("first.question_labels", baseline=baseline.label, label=view.label)
    quoted = [words("first.quoted", name=view.name("measure", measure)) for measure in added]
    names = quoted[-1]
    if len(quoted) > 1:
        names = words("first.and", first=words("common.comma").join(quoted[:-1]), last=names)
    key = "first.question_measure" if len(added) == 1 else "first.question_measures"
    return words(key, measures=names, year=words.year(view.year), baseline=baseline.label)
