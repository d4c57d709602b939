"""What a report is about: the scenario that answers the question, what it is compared with, and its rivals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from landlink.report.view import View, baseline_of
from landlink.study.settings import Doubt

__all__ = [
    "Open",
    "Subject",
    "answer_title",
    "answers_of",
    "compared_views",
    "doubts_of",
    "open_doubts",
    "question",
    "subject_of",
]

#: Measures that a question names; with more, it names the scenario instead.
_NAMED = 3
#: Results that tables hold beside each other.
_BESIDE = 3


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
    between
        A result with the baseline's measures and some of those added, but not all: what it has already is no effect of
        the rest. That with most of them; ``None`` if there is none.
    """

    view: View
    baseline: View | None = None
    doubt: Doubt | None = None
    rivals: tuple[View, ...] = ()
    between: View | None = None

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


@dataclass(frozen=True, slots=True)
class Open:
    """A question that data cannot settle, on which a scenario rests without results for the other answers.

    Attributes
    ----------
    doubt
        The question.
    answer
        Scenario that stands for the answer which the scenario takes.
    others
        Those that stand for the other answers.
    known
        Results of both, where the report has them: they tell how much depends on the answer.
    """

    doubt: Doubt
    answer: str
    others: tuple[str, ...]
    known: tuple[View, ...]


def open_doubts(views: Sequence[View], subject: Subject) -> list[Open]:
    """Questions on which the scenario of a report rests, and its baseline does not, without all of their answers."""
    view, baseline = subject.view, subject.baseline
    if baseline is None:
        return []
    sets = _measures_of_answers(views)
    found = []
    for doubt in doubts_of(views):
        answer = _answer_in(view, doubt, sets)
        if doubt != subject.doubt and answer and not _answer_in(baseline, doubt, sets):
            others = tuple(scenario for scenario in doubt.scenarios if scenario != answer)
            found.append(Open(doubt, answer, others, tuple(answers_of(views, doubt))))
    return found


def answer_title(views: Sequence[View], scenario: str) -> str:
    """Title of a scenario that stands for an answer, in the reader's language; its id if no result tells it."""
    words = views[0].words
    for view in views:
        if view.provenance.run.scenario == scenario:
            return view.label
        for named in view.provenance.presentation.answers:
            if named.id == scenario:
                return words.isolated(words.translated(named.names, named.title) or scenario)
    return scenario


def _measures_of_answers(views: Sequence[View]) -> dict[str, frozenset[str]]:
    """Measures of the scenarios that stand for answers, as far as the results tell them."""
    told = {one.id: frozenset(one.apply) for view in views for one in view.provenance.presentation.answers}
    return told | {view.provenance.run.scenario: frozenset(view.measure_ids) for view in views}


def _answer_in(view: View, doubt: Doubt, sets: Mapping[str, frozenset[str]]) -> str:
    """Scenario of a doubt whose measures a result has, with whatever else; that with most; empty if there is none."""
    held = [one for one in doubt.scenarios if one in sets and sets[one] and sets[one] <= set(view.measure_ids)]
    return max(held, key=lambda one: len(sets[one]), default="")


def _same_but_for(views: Sequence[View], view: View, doubt: Doubt) -> list[View]:
    """Results that differ from one by their answer to a doubt only, in its order, that one among them."""
    sets = _measures_of_answers(views)
    answer = _answer_in(view, doubt, sets)
    if not answer:
        return []
    more = set(view.measure_ids) - sets[answer]
    wanted = [more | sets[scenario] for scenario in doubt.scenarios if scenario in sets]
    found = (
        next((one for one in views if one.year == view.year and set(one.measure_ids) == measures), None)
        for measures in wanted
    )
    return [one for one in found if one is not None]


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
        answers = _same_but_for(views, last, doubt)
        shown = [view for view in answers if view in compared and baselines[id(view)] is baseline]
        if last in shown and len(shown) > 1:
            return Subject(shown[0], baseline, doubt, tuple(shown[1:]), _between(views, shown[0], baseline))
    return Subject(last, baseline, between=_between(views, last, baseline))


def _between(views: Sequence[View], view: View, baseline: View | None) -> View | None:
    """Result of the same year whose measures lie between those of a baseline and of a scenario; that with most."""
    if baseline is None:
        return None
    least, most = set(baseline.measure_ids), set(view.measure_ids)
    found = [one for one in views if one.year == view.year and least < set(one.measure_ids) < most]
    return max(found, key=lambda one: len(one.measure_ids), default=None)


def compared_views(views: Sequence[View]) -> list[View]:
    """Results that a report's tables set beside each other: up to three all, of more the scenario and its baseline.

    The others are folded.
    """
    if len(views) <= _BESIDE:
        return list(views)
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
