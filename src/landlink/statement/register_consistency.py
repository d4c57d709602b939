"""Check what a register says by itself: identifiers, spans, reviews, targets, findings, indicators and names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from landlink.core.errors import Problem, UnknownNameError, hint
from landlink.indicators.expressions import parse_expression
from landlink.indicators.units import Unit, UnknownUnitError, parse_unit
from landlink.statement.register_numbers import number_problems
from landlink.statement.register_records import Entry, Project, Source, Unclassified
from landlink.statement.register_schema import FINDINGS
from landlink.statement.register_text import plain
from landlink.statement.trend import MOVEMENTS, TRENDS

__all__ = ["Contents", "consistency", "indicator_problems", "measurable_of"]


class Contents(Protocol):
    """What a register holds."""

    @property
    def source(self) -> Source: ...  # noqa: D102

    @property
    def clauses(self) -> Sequence[Entry]: ...  # noqa: D102

    @property
    def parties(self) -> Sequence[str]: ...  # noqa: D102

    @property
    def projects(self) -> Sequence[Project]: ...  # noqa: D102

    @property
    def unclassified(self) -> Sequence[Unclassified]: ...  # noqa: D102


def consistency(register: Contents, name: str) -> Iterator[Problem]:
    """Find what is wrong with a register by itself, without its text or a study.

    Parameters
    ----------
    register
        What the register holds.
    name
        Name of the register in error messages.
    """
    seen: set[str] = set()
    projects = [project.id for project in register.projects]
    for entry in register.clauses:
        row = f"clause {entry.id}"
        if entry.id in seen:
            yield Problem(name, "duplicate identifier", row, "id", entry.id, "a different identifier for each clause")
        seen.add(entry.id)
        for problem in (
            *_span(entry, register.source.characters),
            *_review(entry),
            *number_problems(entry),
            *indicator_problems(entry),
            *_findings(entry),
        ):
            yield Problem(name, problem.message, row, problem.column, problem.value, problem.allowed)
        for party in {*entry.parties, *(entry.accepted_value("parties") or ())}.difference(register.parties):
            yield Problem(
                name, "not among the parties of the register", row, "parties", party, ", ".join(register.parties)
            )
        for project in {*entry.projects, *(entry.accepted_value("projects") or ())}.difference(projects):
            allowed = "a project that the register lists under projects" + hint(project, projects)
            yield Problem(name, "no such project", row, "projects", project, allowed)
    for item in register.unclassified:
        if not 0 <= item.start < item.end <= register.source.characters:
            span = f"{item.start} to {item.end}"
            allowed = f"start before end, within the {register.source.characters} characters of the text"
            yield Problem(name, "invalid span", f"sentence at {item.start}", "start", span, allowed)


def _span(entry: Entry, characters: int) -> Iterator[Problem]:
    if not entry.start < entry.end <= characters:
        allowed = f"start before end, within the {characters} characters of the text"
        yield Problem("", "invalid span", "", "start", f"{entry.start} to {entry.end}", allowed)
    if entry.quote is not None and len(entry.quote) != entry.end - entry.start:
        found, allowed = f"{len(entry.quote)} characters", f"{entry.end - entry.start} characters"
        yield Problem("", "the quotation is not as long as its span", "", "quote", found, allowed)
    if entry.quote is None and entry.gloss is None:
        yield Problem("", "neither a quotation nor a gloss is given", "", "quote", allowed="at least one of the two")


def _review(entry: Entry) -> Iterator[Problem]:
    if entry.status == "accepted" and not (entry.accepted_by or "").strip():
        yield Problem("", "accepted by nobody", "", "accepted_by", allowed="the name of the person who accepted it")
    yield from _disagreements(entry)
    for field, item in entry.suggested.items():
        if item.accepted_by is not None and not item.accepted_by.strip():
            yield Problem("", "accepted by nobody", "", f"suggested.{field}.accepted_by", allowed="a name or null")
        if item.accepted_by and item.value is None:
            yield Problem("", "accepted without a value", "", f"suggested.{field}.value", allowed="a value")
        if item.accepted_by and getattr(entry, field) not in (None, ()):
            message = "the field has a value of its own, which overrides the accepted suggestion"
            allowed = f"{field}: null, or no suggestion"
            yield Problem("", message, "", f"suggested.{field}", allowed=allowed)


def _disagreements(entry: Entry) -> Iterator[Problem]:
    """Check that reviewers differ where the register says so, and that nothing they differ on counts."""
    fields = dict.fromkeys(opinion.field for opinion in entry.disagreements)
    if fields and entry.status == "accepted":
        allowed = "draft, until nothing is disputed"
        yield Problem("", "accepted, but reviewers disagree", "", "status", ", ".join(fields), allowed)
    for field in fields:
        held = [plain(opinion.value, field) for opinion in entry.disagreements if opinion.field == field]
        if all(value == held[0] for value in held):
            allowed = "two different values, or no disagreement"
            yield Problem("", "the reviewers do not differ", "", f"disagreements.{field}", str(held[0]), allowed)
    for name, items in (("decisions", entry.decisions), ("disagreements", entry.disagreements)):
        if not all(item.by.strip() for item in items):
            yield Problem("", "by nobody", "", f"{name}.by", allowed="the name of a person")


def _findings(entry: Entry) -> Iterator[Problem]:
    """Findings that a clause cannot have: what names only a trend is never kept, and what names a number is."""
    target = entry.accepted_value("target")
    trend = target is not None and target.direction in TRENDS
    allowed = [name for name in FINDINGS if name == "open" or (name in MOVEMENTS) == trend]
    message = "the clause names a trend and no number" if trend else "the clause has no accepted trend"
    for outcome in entry.outcomes:
        if outcome.finding is not None and outcome.finding not in allowed:
            yield Problem("", message, "", "outcomes.finding", outcome.finding, ", ".join(allowed))


def indicator_problems(entry: Entry) -> Iterator[Problem]:
    """Check that indicators exist, unless the register says that this version does not compute them."""
    given = [("indicator", entry.indicator, entry.accepted_value("measurable"))]
    if "indicator" in entry.suggested:
        given.append(("suggested.indicator", entry.suggested["indicator"].value, measurable_of(entry)))
    for field, text, measurable in given:
        if not text or measurable == "not_computed":
            continue
        try:
            unit = parse_expression(str(text)).unit
        except UnknownNameError as error:
            allowed = ", or measurable: not_computed"
            yield from (replace(problem, column=field, allowed=problem.allowed + allowed) for problem in error.problems)
        else:
            yield from _target_unit(entry, unit)
    if entry.accepted_value("indicator") and entry.accepted_value("measurable") == "not_measurable":
        message = "marked not_measurable, but an indicator is accepted"
        yield Problem("", message, "", "measurable", allowed="one of the two")


def _target_unit(entry: Entry, unit: Unit) -> Iterator[Problem]:
    """A target in another unit than its indicator, whose number it would be taken for."""
    target = entry.accepted_value("target")
    if target is None or not target.unit or target.value is None:
        return
    try:
        given = parse_unit(target.unit)
    except UnknownUnitError as error:
        yield Problem("", str(error), "", "target.unit", target.unit, f"the indicator's unit, {unit}")
        return
    if not given.same(unit):
        message = f"the target is in {given}, its indicator in {unit}"
        yield Problem("", message, "", "target.unit", target.unit, f"a number in {unit}")


def measurable_of(entry: Entry) -> str | None:
    """Whether a clause is measurable, as it says or as was suggested."""
    given = entry.measurable
    return given if given is not None or "measurable" not in entry.suggested else entry.suggested["measurable"].value
