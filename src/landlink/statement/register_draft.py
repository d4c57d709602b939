"""A draft register from what was read: nothing in it counts until a person has accepted it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from landlink.core.version import VERSION
from landlink.statement.clause import Clause, Reading
from landlink.statement.register import Entry, Project, Register, Source, Suggestion, Target, Unclassified

__all__ = ["draft"]

#: Fields of a clause that the reader sets, and what they are called in a register.
_READ = {"baseline": "baseline_words"}


def draft(
    reading: Reading,
    *,
    title: str | None = None,
    issued: dt.date | None = None,
    measures: Mapping[str, str] | None = None,
) -> Register:
    """Make a draft register of a reading.

    What stands in the text is taken over. What was inferred from it goes under ``suggested``: the indicator, the target
    that a quantity or a baseline hints at, and projects that only a word such as "the project" refers to.

    Parameters
    ----------
    reading
        What was read.
    title, issued
        What the text is called and when it was issued, where that is known.
    measures
        Names of a study's measures by identifier: a project of the same identifier is modelled by that measure.
    """
    entries = tuple(_entry(clause, f"C{number:02}") for number, clause in enumerate(reading.clauses, 1))
    titles = measures or {}
    projects = dict.fromkeys(project for clause in reading.clauses for project in clause.projects)
    classified = {clause.sentence for clause in reading.clauses}
    return Register(
        source=Source(
            language=reading.language,
            sha256=reading.sha256,
            characters=len(reading.text),
            title=title,
            issued=issued,
            read_by=f"landlink {VERSION}, rules",
        ),
        clauses=entries,
        parties=tuple(dict.fromkeys(party for clause in reading.clauses for party in clause.parties)),
        projects=tuple(
            Project(project, titles.get(project), project if project in titles else None) for project in projects
        ),
        unclassified=tuple(
            Unclassified(
                sentence.start,
                sentence.end,
                sentence.language,
                reading.text[sentence.start : sentence.end],
                () if sentence.cue else ("no_cue",),
            )
            for number, sentence in enumerate(reading.sentences)
            if number not in classified
        ),
    )


def _entry(clause: Clause, identifier: str) -> Entry:
    rules = {_READ.get(name, name): rule for name, rule in clause.rules.items() if name != "hard"}
    suggested = _suggestions(clause)
    inferred = {name for name in suggested if name in rules}
    return Entry(
        id=identifier,
        sentence=clause.sentence,
        start=clause.start,
        end=clause.end,
        quote=clause.quote,
        strength=clause.strength,
        topics=clause.topics,
        parties=clause.parties,
        projects=() if "projects" in suggested else clause.projects,
        places=clause.places,
        quantity=clause.quantity,
        baseline_words=clause.baseline,
        deadline=clause.deadline,
        flags=clause.flags,
        rules={name: rule for name, rule in sorted(rules.items()) if name not in inferred and name in _FIELDS},
        suggested=suggested,
    )


_FIELDS = frozenset(Entry.__dataclass_fields__)


def _suggestions(clause: Clause) -> dict[str, Suggestion]:
    found: dict[str, Suggestion] = {}
    if clause.indicator:
        why = "The indicator that the clause's topics and objects point to."
        found["indicator"] = Suggestion(clause.indicator, clause.rules.get("indicator"), why)
    if clause.quantity is not None:
        target = Target("at_least", value=clause.quantity.value, unit=clause.quantity.unit or None)
        why = (
            "The clause states this number; whether it is meant as a target, and in which unit, is for a person to say."
        )
        found["target"] = Suggestion(target, "draft.quantity", why)
    elif clause.baseline:
        why = "The clause compares with an earlier state; which year and place are meant is for a person to say."
        found["target"] = Suggestion(Target("at_least", times_baseline=1.0), "draft.baseline", why)
    if "anaphora" in clause.flags and clause.projects:
        why = "Only a word such as 'the project' stands for it."
        found["projects"] = Suggestion(clause.projects, clause.rules.get("projects"), why)
    return found
