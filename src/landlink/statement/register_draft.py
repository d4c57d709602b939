"""Make a draft register of a reading; nothing in it counts until a person has accepted it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from landlink.core.version import VERSION
from landlink.statement.clause import Clause, Quantity, Reading
from landlink.statement.register import Register
from landlink.statement.register_records import Baseline, Entry, Project, Source, Suggestion, Target, Unclassified
from landlink.statement.time_references import add_duration

__all__ = ["draft_register", "target_of"]

#: Units of levels rather than amounts: a time, a share, a price set at a number is meant exactly.
_LEVELS: Final = frozenset(
    {"h", "min", "days", "percent", "USD", "EUR", "CNY", "RUB", "KZT", "KGS", "UZS", "SAR", "AED"}
)
#: Fields of a clause that have another name in a register.
_READ = {"baseline": "baseline_words"}


def draft_register(
    reading: Reading,
    *,
    title: str | None = None,
    issued: dt.date | None = None,
    measures: Mapping[str, str] | None = None,
) -> Register:
    """Make a draft register of a reading.

    What the text states is copied. What was inferred from it goes under ``suggested``: the indicator, the target that a
    quantity or a baseline implies, and projects to which only a phrase such as "the project" refers.

    Parameters
    ----------
    reading
        The reading of the text.
    title, issued
        Title and date of issue of the text, if known.
    measures
        Names of a study's measures by identifier; a project with the same identifier is modelled by that measure.

    Returns
    -------
    Register
        Every clause has the status ``draft``.

    Examples
    --------
    >>> import landlink as ll
    >>> reading = ll.statement.read("Both sides will build a road.")
    >>> [(entry.id, entry.status) for entry in ll.statement.draft_register(reading).clauses]
    [('C01', 'draft')]
    """
    entries = tuple(_entry(clause, f"C{number:02}", issued) for number, clause in enumerate(reading.clauses, 1))
    titles = measures or {}
    projects = dict.fromkeys(project for clause in reading.clauses for project in clause.projects)
    classified = {clause.sentence for clause in reading.clauses}
    document = reading.document
    return Register(
        source=Source(
            language=reading.language,
            sha256=reading.sha256,
            characters=len(reading.text),
            title=title,
            issued=issued,
            read_by=f"landlink {VERSION}, rules",
            file=document.name if document else None,
            format=document.format if document else None,
            file_sha256=document.sha256 if document else None,
            pages=len(document.page_starts) or None if document else None,
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


def _entry(clause: Clause, identifier: str, issued: dt.date | None) -> Entry:
    rules = {_READ.get(name, name): rule for name, rule in clause.rules.items() if name != "hard"}
    suggested = _suggestions(clause, issued)
    inferred = {name for name in suggested if name in rules}
    return Entry(
        id=identifier,
        sentence=clause.sentence,
        start=clause.start,
        end=clause.end,
        page=clause.page,
        quote=clause.quote,
        strength=clause.strength,
        topics=clause.topics,
        parties=clause.parties,
        projects=() if "projects" in suggested else clause.projects,
        places=clause.places,
        quantity=clause.quantity,
        baseline_words=clause.baseline,
        deadline=clause.deadline,
        due_after=clause.due_after or None,
        head=clause.head or None,
        flags=clause.flags,
        rules={name: rule for name, rule in sorted(rules.items()) if name not in inferred and name in _FIELDS},
        suggested=suggested,
    )


_FIELDS = frozenset(Entry.__dataclass_fields__)


def target_of(quantity: Quantity) -> Target | None:
    """Make a target of a number that was read.

    Parameters
    ----------
    quantity
        The number with its unit and direction.

    Returns
    -------
    Target or None
        None where the words do not say which way.
    """
    unit = quantity.full_unit if quantity.unit else None
    if quantity.unit == "times" and quantity.direction:
        return Target(quantity.direction, times_baseline=quantity.value)
    if quantity.direction in ("increase_by", "decrease_by"):
        sign = 1.0 if quantity.direction == "increase_by" else -1.0
        side = "at_least" if sign > 0 else "at_most"
        if quantity.unit == "percent":
            return Target(side, times_baseline=max(0.0, round(1.0 + sign * quantity.value / 100.0, 6)))
        return Target(side, plus_baseline=sign * quantity.value, unit=unit)
    if quantity.direction == "equal" and quantity.unit not in _LEVELS and not quantity.unit.endswith("percent"):
        # Who promises to supply five million doses keeps the promise with six.
        return Target("at_least", value=quantity.value, unit=unit)
    return Target(quantity.direction, value=quantity.value, unit=unit) if quantity.direction else None


def _suggestions(clause: Clause, issued: dt.date | None) -> dict[str, Suggestion]:
    found: dict[str, Suggestion] = {}
    if clause.indicator:
        why = "What the clause is about, its topics and the unit of its quantity point to this indicator."
        found["indicator"] = Suggestion(clause.indicator, clause.rules.get("indicator"), why)
    if clause.quantity is not None and (target := target_of(clause.quantity)) is not None:
        why = "The clause states this number and which way; whether it is the target is for the reviewer to say."
        found["target"] = Suggestion(target, "draft.quantity", why)
        if clause.quantity.baseline is not None and target.value is None:
            why = "The clause states the number from which it is to change."
            found["baseline"] = Suggestion(Baseline(clause.quantity.baseline), "draft.quantity", why)
    elif clause.quantity is None and clause.baseline:
        why = "The clause compares with an earlier state; which year and place are meant is for the reviewer to say."
        found["target"] = Suggestion(Target("at_least", times_baseline=1.0), "draft.baseline", why)
    elif clause.trend:
        why = "A trend without a number: its direction can be tested from a baseline, never that it is kept."
        found["target"] = Suggestion(Target(clause.trend), "draft.trend", why)
    if clause.due_after and issued is not None:
        with suppress(ValueError, OverflowError):
            why = f"The clause gives {clause.due_after} from the date of the text."
            found["deadline"] = Suggestion(add_duration(issued, clause.due_after), "draft.due_after", why)
    if "anaphora" in clause.flags and clause.projects:
        why = "The clause refers to it only by a phrase such as 'the project'."
        found["projects"] = Suggestion(clause.projects, clause.rules.get("projects"), why)
    return found
