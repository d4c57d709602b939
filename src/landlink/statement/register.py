"""The register of a statement's commitments: what was read, what a person decided, and what happened later.

A register is a YAML file that people edit. :mod:`landlink.statement.register_schema` says what it may hold. Whatever
was inferred rather than read stands under ``suggested`` and counts for nothing until a named person has accepted it,
and so does a whole clause.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from landlink.core.atomic_files import write_text
from landlink.core.errors import InputError, Problem
from landlink.statement.clause import HARD_FROM, Quantity
from landlink.statement.register_schema import FORMAT, as_written, read_record
from landlink.statement.register_yaml import MOST_BYTES, parse, write

__all__ = [
    "Baseline", "Entry", "Outcome", "Project", "Register", "Source", "Suggestion", "Target", "Unclassified",
    "open_register", "read_register",
]  # fmt: skip


_HEAD: Final = (
    "# A register of commitments. What stands under `suggested` counts for nothing until it has `accepted_by`.\n"
)


@dataclass(frozen=True, slots=True)
class Source:
    """The text that was read: see the schema of the same name."""

    language: str
    sha256: str
    characters: int
    title: str | None = None
    issued: dt.date | None = None
    read_by: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A project that clauses name, and the measure of the study that models it."""

    id: str
    title: str | None = None
    measure: str | None = None
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be reached: a number, or a multiple of the baseline."""

    direction: str
    value: float | None = None
    times_baseline: float | None = None
    unit: str | None = None
    tolerance: float | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """The number a promise is compared with: given, observed, or an indicator of a scenario."""

    value: float | None = None
    observed: str | None = None
    scenario: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value that was inferred, by which rule and why, and who accepted it."""

    value: Any
    rule: str | None = None
    why: str | None = None
    accepted_by: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something that happened later, with its source."""

    when: str
    what: str
    source: str
    value: float | None = None
    bound: str | None = None
    observed: tuple[str, ...] = ()
    finding: str | None = None


@dataclass(frozen=True, slots=True)
class Unclassified:
    """A sentence in which nothing was found."""

    start: int
    end: int
    language: str | None = None
    quote: str | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One clause of a register: see the schema ``clause`` for every field."""

    id: str
    start: int
    end: int
    status: str = "draft"
    sentence: int | None = None
    quote: str | None = None
    gloss: str | None = None
    strength: int | None = None
    topics: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    quantity: Quantity | None = None
    baseline_words: str | None = None
    target: Target | None = None
    baseline: Baseline | None = None
    deadline: dt.date | None = None
    measurable: str | None = None
    indicator: str | None = None
    note: str | None = None
    flags: tuple[str, ...] = ()
    rules: Mapping[str, str] = field(default_factory=dict)
    suggested: Mapping[str, Suggestion] = field(default_factory=dict)
    accepted_by: str | None = None
    outcomes: tuple[Outcome, ...] = ()

    @property
    def hard(self) -> bool:
        """Whether it is a hard commitment: strength 2 and above."""
        return self.strength is not None and self.strength >= HARD_FROM

    @property
    def counts(self) -> bool:
        """Whether a named person has accepted it."""
        return self.status == "accepted" and bool(self.accepted_by)

    def accepted_value(self, name: str) -> Any:
        """A field as it counts: what was read, else what was suggested and accepted by a named person.

        Parameters
        ----------
        name
            One of :data:`~landlink.statement.register_schema.SUGGESTED`.

        Returns
        -------
        object
            The value; ``None`` or empty where nothing counts.
        """
        given = getattr(self, name)
        if given not in (None, ()):
            return given
        suggestion = self.suggested.get(name)
        return suggestion.value if suggestion is not None and suggestion.accepted_by else given


@dataclass(frozen=True)
class Register:
    """A whole register, as one file holds it."""

    source: Source
    clauses: tuple[Entry, ...]
    parties: tuple[str, ...] = ()
    projects: tuple[Project, ...] = ()
    unclassified: tuple[Unclassified, ...] = ()

    def text(self) -> str:
        """The register as YAML; the same register always gives the same text."""
        return _HEAD + write(_plain(self))

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the register, whole or not at all.

        Raises
        ------
        OutputError
            The place cannot be written.
        """
        write_text(path, self.text())
        return Path(path)


def open_register(path: str | os.PathLike[str]) -> Register:
    """Open a register file.

    Raises
    ------
    InputError
        With every problem of the file, by clause, field and line.
    """
    file = Path(path)
    try:
        if file.stat().st_size > MOST_BYTES:
            raise InputError(Problem(file.name, "too large", allowed=f"at most {MOST_BYTES // 1048576} MiB"))
        content = file.read_bytes()
    except OSError as error:
        raise InputError(Problem(str(file), f"cannot be read: {error.strerror or error}")) from None
    return read_register(content, name=file.name)


def read_register(content: str | bytes, *, name: str = "register") -> Register:
    """Read a register from its text.

    Parameters
    ----------
    content
        YAML.
    name
        What it is called in problems.

    Raises
    ------
    InputError
        With every problem, by clause, field and line.
    """
    problems: list[Problem] = []
    record = read_record(parse(content, name), "register", "", problems, name)
    if problems:
        raise InputError(problems)
    return Register(
        source=Source(**_dated(record["source"], "issued")),
        clauses=tuple(_entry(clause) for clause in record["clauses"]),
        parties=tuple(record["parties"]),
        projects=tuple(Project(**_tupled(project)) for project in record["projects"]),
        unclassified=tuple(Unclassified(**_tupled(sentence)) for sentence in record["unclassified"]),
    )


def _entry(record: Mapping[str, Any]) -> Entry:
    values = dict(record)
    for name, kind in (("target", Target), ("baseline", Baseline)):
        values[name] = kind(**values[name]) if values[name] is not None else None
    values["deadline"] = _date(values["deadline"])
    if values["quantity"] is not None:
        given = values["quantity"]
        values["quantity"] = Quantity(**(given | {"unit": given["unit"] or "", "per": given["per"] or ""}))
    values["suggested"] = MappingProxyType(
        {name: _suggestion(name, item) for name, item in values["suggested"].items()}
    )
    values["outcomes"] = tuple(Outcome(**_tupled(outcome)) for outcome in values["outcomes"])
    return Entry(**_tupled(values))


def _suggestion(name: str, record: Mapping[str, Any]) -> Suggestion:
    value = record["value"]
    if name == "target" and value is not None:
        value = Target(**value)
    elif name == "baseline" and value is not None:
        value = Baseline(**value)
    elif name == "deadline":
        value = _date(value)
    elif isinstance(value, list):
        value = tuple(value)
    return Suggestion(**(dict(record) | {"value": value}))


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _dated(record: Mapping[str, Any], key: str) -> dict[str, Any]:
    return dict(record) | {key: _date(record[key])}


def _tupled(record: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in record.items()}


def _plain(register: Register) -> dict[str, Any]:
    record = {
        "schema": FORMAT,
        "source": register.source,
        "parties": register.parties,
        "projects": register.projects,
        "clauses": register.clauses,
        "unclassified": register.unclassified,
    }
    return {name: _value(value, name) for name, value in record.items()}


#: Name of the record that a field of the register or of a clause holds.
_RECORDS = {
    "source": "source", "projects": "project", "clauses": "clause", "unclassified": "sentence", "quantity": "quantity",
    "target": "target", "baseline": "baseline", "outcomes": "outcome", "suggested": "suggestion",
}  # fmt: skip


def _value(value: Any, name: str) -> Any:
    """A value as plain mappings, lists and scalars."""
    if isinstance(value, Mapping):
        if name == "suggested":
            return {key: _suggested(item, key) for key, item in value.items()}
        return dict(value)
    if isinstance(value, tuple | list):
        return [_value(item, name) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if name in _RECORDS and hasattr(value, "__dataclass_fields__"):
        schema = _RECORDS[name]
        fields = {key: getattr(value, key) for key in value.__dataclass_fields__}
        if schema == "quantity":
            fields = {key: item or None if key in ("unit", "per") else item for key, item in fields.items()}
        written = as_written(fields, schema)
        # Parts of a clause are short: what they do not say is left out. A clause shows every field, null where unknown.
        short = schema not in ("clause", "source")
        return {key: _value(item, key) for key, item in written.items() if not (short and item in (None, ()))}
    return value


def _suggested(item: Suggestion, name: str) -> dict[str, Any]:
    return {
        "value": _value(item.value, name),
        "rule": item.rule,
        "why": item.why,
        "accepted_by": item.accepted_by,
    }


def entries_by_id(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Clauses by their identifiers; the first of those that share one."""
    found: dict[str, Entry] = {}
    for entry in entries:
        found.setdefault(entry.id, entry)
    return found
