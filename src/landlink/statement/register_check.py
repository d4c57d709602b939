"""Check a register for consistency, against the text it was read from, and against a study."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from landlink.core.errors import Problem, hint
from landlink.statement.register import Register
from landlink.statement.register_consistency import consistency, indicator_problems, measurable_of
from landlink.statement.register_numbers import number_problems
from landlink.statement.register_records import Baseline, Entry
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
    found = [*consistency(register, name)]
    if text is not None:
        found += problems_of_source(register, text, sha256 or "", name)
    if study is not None:
        found += problems_of_study(register, study, name)
    return found


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
            if text and measurable_of(entry) != "not_computed" and not list(indicator_problems(entry)):
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
