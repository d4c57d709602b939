"""What is wrong with a register: against itself, against the text it was read from, and against a study."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from landlink.core.errors import Problem, UnknownNameError, suggestion
from landlink.indicators.expressions import parse_expression
from landlink.indicators.units import Unit, UnknownUnitError, parse_unit
from landlink.statement.register import Baseline, Entry, Register
from landlink.statement.register_numbers import number_problems
from landlink.study import Study
from landlink.study.indicator_names import IndicatorNames

__all__ = ["check_register", "problems_of_source", "problems_of_study"]


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
        The normalised source and its hash, where it is at hand.
    study
        A study whose countries, measures, observations and scenarios it must name rightly.
    name
        What the register is called in problems.

    Returns
    -------
    list of Problem
        Empty where nothing is wrong.
    """
    found = [*_within(register, name)]
    if text is not None:
        found += problems_of_source(register, text, sha256 or "", name)
    if study is not None:
        found += problems_of_study(register, study, name)
    return found


def _within(register: Register, name: str) -> Iterator[Problem]:
    seen: set[str] = set()
    projects = [project.id for project in register.projects]
    for entry in register.clauses:
        row = f"clause {entry.id}"
        if entry.id in seen:
            yield Problem(name, "given twice", row, "id", entry.id, "each identifier once")
        seen.add(entry.id)
        for problem in (
            *_place(entry, register.source.characters),
            *_review(entry),
            *number_problems(entry),
            *_measure(entry),
        ):
            yield Problem(name, problem.message, row, problem.column, problem.value, problem.allowed)
        for party in {*entry.parties, *(entry.accepted_value("parties") or ())}.difference(register.parties):
            yield Problem(
                name, "is not among the parties of the register", row, "parties", party, ", ".join(register.parties)
            )
        for project in {*entry.projects, *(entry.accepted_value("projects") or ())}.difference(projects):
            allowed = "one that the register lists under projects" + _hint(project, projects)
            yield Problem(name, "no such project", row, "projects", project, allowed)
    for item in register.unclassified:
        if not 0 <= item.start < item.end <= register.source.characters:
            place = f"{item.start} to {item.end}"
            yield Problem(
                name,
                "no place in the text",
                f"sentence at {item.start}",
                "start",
                place,
                f"within its {register.source.characters} characters",
            )


def _place(entry: Entry, characters: int) -> Iterator[Problem]:
    if not entry.start < entry.end <= characters:
        yield Problem(
            "",
            "no place in the text",
            "",
            "start",
            f"{entry.start} to {entry.end}",
            f"start below end, within the text's {characters} characters",
        )
    if entry.quote is not None and len(entry.quote) != entry.end - entry.start:
        yield Problem(
            "",
            "the quotation is not as long as its place",
            "",
            "quote",
            f"{len(entry.quote)} characters",
            f"{entry.end - entry.start} characters",
        )
    if entry.quote is None and entry.gloss is None:
        yield Problem(
            "", "neither a quotation nor a gloss says what the clause says", "", "quote", allowed="one of the two"
        )


def _review(entry: Entry) -> Iterator[Problem]:
    if entry.status == "accepted" and not (entry.accepted_by or "").strip():
        yield Problem("", "accepted by nobody", "", "accepted_by", allowed="the name of who accepted it")
    for field, item in entry.suggested.items():
        if item.accepted_by is not None and not item.accepted_by.strip():
            yield Problem("", "accepted by nobody", "", f"suggested.{field}.accepted_by", allowed="a name, or null")
        if item.accepted_by and item.value is None:
            yield Problem("", "nothing to accept", "", f"suggested.{field}.value", allowed="a value")
        if item.accepted_by and getattr(entry, field) not in (None, ()):
            yield Problem(
                "",
                "both read and suggested; what was read would hide what was accepted",
                "",
                f"suggested.{field}",
                allowed=f"{field} null, or no such suggestion",
            )


def _measure(entry: Entry) -> Iterator[Problem]:
    """Indicators exist, unless the register says that this version does not compute them."""
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
        yield Problem(
            "", "has an indicator and is said not to be measurable", "", "measurable", allowed="one of the two"
        )


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
    """What a register and the text it says it was read from disagree on."""
    source = register.source
    if sha256 != source.sha256:
        what = "the text is not the one the register was read from: its hash differs"
        return [Problem(name, what, "source", "sha256", source.sha256, sha256)]
    found = []
    if source.characters != len(text):
        found.append(
            Problem(name, "not the length of the text", "source", "characters", str(source.characters), str(len(text)))
        )
    for entry in register.clauses:
        there = text[entry.start : entry.end]
        if entry.quote is not None and entry.quote != there:
            found.append(
                Problem(name, "the text there says something else", f"clause {entry.id}", "quote", entry.quote, there)
            )
        elif entry.quote is None:
            # A register that does not give the text away is held to it all the same.
            row = f"clause {entry.id}"
            found += [replace(problem, table=name, row=row) for problem in number_problems(replace(entry, quote=there))]
        if not there.strip():
            found.append(Problem(name, "the text has no words there", f"clause {entry.id}", "start", str(entry.start)))
    for item in register.unclassified:
        if item.quote is not None and item.quote != text[item.start : item.end]:
            row = f"sentence at {item.start}"
            found.append(Problem(name, "the text there says something else", row, "quote", item.quote))
    return found


def problems_of_study(register: Register, study: Study, name: str) -> list[Problem]:
    """Names of a study that a register uses and the study does not have."""
    tables = study.tables
    names = IndicatorNames(tables, [alternative.id for alternative in study.settings.alternatives])
    measures = tables["measure"]["measure_id"].tolist()
    known = {
        "observed": tables["observed"]["observed_id"].tolist(),
        "scenario": [scenario.id for scenario in study.settings.scenarios],
    }
    found: list[Problem] = []
    for project in register.projects:
        if project.measure is not None and project.measure not in measures:
            row, allowed = f"project {project.id}", "a measure of the study" + _hint(project.measure, measures)
            found += [Problem(name, "no such measure of the study", row, "measure", project.measure, allowed)]
    for entry in register.clauses:
        row = f"clause {entry.id}"
        for field, text in (("indicator", entry.indicator), ("suggested.indicator", _suggested(entry, "indicator"))):
            if text and _measurable(entry) != "not_computed" and not list(_measure(entry)):
                found += names.problems(str(text), row, field, name)
        found += [
            Problem(name, "the study has none of that name", row, field, value, "one of it" + _hint(value, known[kind]))
            for field, kind, value in _named(entry)
            if value not in known[kind]
        ]
    return found


def _named(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """Observations and scenarios that a clause names, with the field and the kind."""
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


def _hint(value: str, known: Sequence[str]) -> str:
    near = suggestion(value, known)
    return f"; {near}" if near else ""
