"""Check a register for consistency, against the text it was read from, and against a study."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from landlink.core.errors import Problem, UnknownNameError, hint
from landlink.indicators.expressions import parse_expression
from landlink.indicators.units import Unit, UnknownUnitError, parse_unit
from landlink.statement.register import Register
from landlink.statement.register_numbers import number_problems
from landlink.statement.register_records import Baseline, Entry
from landlink.statement.register_schema import FINDINGS
from landlink.statement.register_text import plain
from landlink.statement.trend import MOVEMENTS, TRENDS
from landlink.study import Study
from landlink.study.indicator_names import IndicatorNames
from landlink.tables.frames import texts

__all__ = ["check_register", "problems_of_source", "problems_of_study"]

#: What a clause may name, in words.
_KINDS: Final = {"observed": "observation", "scenario": "scenario"}


def check_register(
    register: Register,
    *,
    text: str | None = None,
    sha256: str | None = None,
    study: Study | None = None,
    name: str = "register",
) -> list[Problem]:
    """Find everything that is wrong with a register.

    Parameters
    ----------
    register
        The register.
    text, sha256
        The normalised source text and its hash, if at hand.
    study
        A study; the register must name measures, observations and scenarios that it has.
    name
        Name of the register in error messages.

    Returns
    -------
    list of Problem
        Empty if nothing is wrong.

    Examples
    --------
    >>> import dataclasses
    >>> import landlink as ll
    >>> reading = ll.statement.read("Both sides will build a road.")
    >>> register = ll.statement.draft_register(reading)
    >>> ll.statement.check_register(register, text=reading.text, sha256=reading.sha256)
    []
    >>> accepted = dataclasses.replace(register.clauses[0], status="accepted")
    >>> print(*ll.statement.check_register(dataclasses.replace(register, clauses=(accepted,))))
    register, row clause C01, column accepted_by: accepted by nobody; allowed: the name of the person who accepted it
    """
    found = [*_consistency(register, name)]
    if text is not None:
        found += problems_of_source(register, text, sha256 or "", name)
    if study is not None:
        found += problems_of_study(register, study, name)
    return found


def _consistency(register: Register, name: str) -> Iterator[Problem]:
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
            *_indicators(entry),
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


def _indicators(entry: Entry) -> Iterator[Problem]:
    """Check that indicators exist, unless the register says that this version does not compute them."""
    given = [("indicator", entry.indicator, entry.accepted_value("measurable"))]
    if "indicator" in entry.suggested:
        given.append(("suggested.indicator", entry.suggested["indicator"].value, _measurable(entry)))
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


def _measurable(entry: Entry) -> str | None:
    given = entry.measurable
    return given if given is not None or "measurable" not in entry.suggested else entry.suggested["measurable"].value


def problems_of_source(register: Register, text: str, sha256: str, name: str) -> list[Problem]:
    """Compare a register with the text that it was read from.

    Parameters
    ----------
    register
        The register.
    text, sha256
        The normalised text and its hash.
    name
        Name of the register in error messages.

    Returns
    -------
    list of Problem
        Every disagreement; only the hash if that differs.
    """
    source = register.source
    if sha256 != source.sha256:
        message = "the text is not the one that the register was read from: its hash differs"
        return [Problem(name, message, "source", "sha256", source.sha256, sha256)]
    found = []
    if source.characters != len(text):
        found.append(
            Problem(
                name,
                "the length differs from that of the text",
                "source",
                "characters",
                str(source.characters),
                str(len(text)),
            )
        )
    for entry in register.clauses:
        there = text[entry.start : entry.end]
        if entry.quote is not None and entry.quote != there:
            found.append(
                Problem(name, "the quotation differs from the text", f"clause {entry.id}", "quote", entry.quote, there)
            )
        elif entry.quote is None:
            # A register without quotations is checked against the text all the same.
            row = f"clause {entry.id}"
            found += [replace(problem, table=name, row=row) for problem in number_problems(replace(entry, quote=there))]
        if not there.strip():
            found.append(
                Problem(name, "the text of the span is blank", f"clause {entry.id}", "start", str(entry.start))
            )
    for item in register.unclassified:
        if item.quote is not None and item.quote != text[item.start : item.end]:
            row = f"sentence at {item.start}"
            found.append(Problem(name, "the quotation differs from the text", row, "quote", item.quote))
    return found


def problems_of_study(register: Register, study: Study, name: str) -> list[Problem]:
    """Find the names that a register uses and its study lacks.

    Parameters
    ----------
    register
        The register.
    study
        The study.
    name
        Name of the register in error messages.

    Returns
    -------
    list of Problem
        One for each measure, indicator argument, observation or scenario that is missing.
    """
    tables = study.tables
    names = IndicatorNames(
        tables, [alternative.id for alternative in study.settings.alternatives], study.settings.money
    )
    measures = texts(tables["measure"], "measure_id")
    known = {
        "observed": texts(tables["observed"], "observed_id"),
        "scenario": [scenario.id for scenario in study.settings.scenarios],
    }
    found: list[Problem] = []
    for project in register.projects:
        if project.measure is not None and project.measure not in measures:
            row, allowed = f"project {project.id}", "a measure of the study" + hint(project.measure, measures)
            found += [Problem(name, "the study has no such measure", row, "measure", project.measure, allowed)]
    for entry in register.clauses:
        row = f"clause {entry.id}"
        for field, text in (("indicator", entry.indicator), ("suggested.indicator", _suggested(entry, "indicator"))):
            if text and _measurable(entry) != "not_computed" and not list(_indicators(entry)):
                found += names.problems(str(text), row, field, name)
        found += [
            Problem(
                name,
                f"the study has no such {_KINDS[kind]}",
                row,
                field,
                value,
                "one of the study" + hint(value, known[kind]),
            )
            for field, kind, value in _named(entry)
            if value not in known[kind]
        ]
    return found


def _named(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """Yield the observations and scenarios that a clause names, each with its field and kind."""
    for baseline in (entry.baseline, _suggested(entry, "baseline")):
        if isinstance(baseline, Baseline) and baseline.observed:
            yield "baseline.observed", "observed", baseline.observed
        if isinstance(baseline, Baseline) and baseline.scenario:
            yield "baseline.scenario", "scenario", baseline.scenario
    for outcome in entry.outcomes:
        for value in outcome.observed:
            yield "outcomes.observed", "observed", value


def _suggested(entry: Entry, field: str) -> object:
    return entry.suggested[field].value if field in entry.suggested else None
