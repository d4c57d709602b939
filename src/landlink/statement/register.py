"""The register of a statement's commitments: what was read, what was decided in review, and what happened later.

A register is a YAML file for people to edit; :mod:`landlink.statement.register_schema` declares its fields. Whatever
was inferred rather than read is kept under ``suggested`` and does not count until a named person has accepted it, nor
does a clause as a whole.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from landlink.core.atomic_files import write_text
from landlink.core.errors import InputError, Problem
from landlink.core.input_files import read_input, reason_of
from landlink.statement.clause import STRENGTHS, Quantity
from landlink.statement.record_reading import read_record
from landlink.statement.register_consistency import consistency
from landlink.statement.register_records import (
    Baseline,
    Decision,
    Entry,
    Opinion,
    Outcome,
    Project,
    Source,
    Suggestion,
    Target,
    Unclassified,
)
from landlink.statement.register_schema import FORMAT, STATUSES
from landlink.statement.register_text import plain
from landlink.statement.register_yaml import MAX_BYTES, Located, parse, write
from landlink.statement.summary_display import SummaryTable, html_summary, listed, text_summary
from landlink.tables.destinations import OutputFile, check_output

__all__ = ["READ_TEXT", "REGISTER", "SOURCE_TEXT", "Register", "open_register", "read_register"]

#: Comment at the head of every register file.
_HEAD: Final = (
    "# A register of commitments. Values under `suggested` do not count until `accepted_by` names a person.\n"
)
#: Most topics in a notebook's table.
_MAX_TOPICS: Final = 8


@dataclass(frozen=True, repr=False)
class Register:
    """A register of commitments, as one file holds it.

    Attributes
    ----------
    source
        The text that was read.
    clauses
        Its clauses, in text order.
    parties
        Countries that signed, as ISO 3166-1 alpha-3 codes.
    projects
        Projects that the clauses name.
    unclassified
        Sentences in which no clause was found.

    Examples
    --------
    >>> import landlink as ll
    >>> ll.statement.draft_register(ll.statement.read("Both sides will build a road."))
    Register of 1 clause, 1 hard
      language     en
      status       1 draft
      by strength  will 1
      by topic     road 1
    """

    source: Source
    clauses: tuple[Entry, ...]
    parties: tuple[str, ...] = ()
    projects: tuple[Project, ...] = ()
    unclassified: tuple[Unclassified, ...] = ()

    def text(self) -> str:
        """Return the register as YAML; equal registers give equal text.

        Returns
        -------
        str
        """
        record = {
            "schema": FORMAT,
            "source": self.source,
            "parties": self.parties,
            "projects": self.projects,
            "clauses": self.clauses,
            "unclassified": self.unclassified,
        }
        return _HEAD + write({name: plain(value, name) for name, value in record.items()})

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Write the register to a file, completely or not at all.

        Parameters
        ----------
        path
            The file to write; a draft is replaced.
        force
            Whether to replace a register that somebody has begun to review, or another file.

        Returns
        -------
        pathlib.Path
            The file written.

        Raises
        ------
        OutputError
            The file cannot be written, or holds a reviewed register or something else.
        """
        check_output(path, REGISTER, force=force)
        write_text(path, self.text())
        return Path(path)

    def __repr__(self) -> str:
        return text_summary(self._head(), [("title", self.source.title or ""), *self._facts(), *self._counted()])

    def _repr_html_(self) -> str:
        return html_summary(self._head(), self.source.title or "", self._facts(), self._tables())

    def _head(self) -> str:
        count = len(self.clauses)
        hard = sum(entry.hard for entry in self.clauses)
        return f"Register of {count:,} clause{'s' if count != 1 else ''}, {hard:,} hard"

    def _facts(self) -> list[tuple[str, str]]:
        issued = self.source.issued
        statuses = Counter(entry.status for entry in self.clauses)
        return [
            ("issued", issued.isoformat() if issued else ""),
            ("language", self.source.language),
            ("parties", listed(self.parties)),
            ("projects", listed([project.id for project in self.projects], 4)),
            ("status", ", ".join(f"{statuses[name]:,} {name}" for name in STATUSES if statuses[name])),
            ("no clause", f"{len(self.unclassified):,} sentences" if self.unclassified else ""),
        ]

    def _counted(self) -> list[tuple[str, str]]:
        strengths = [f"{name} {len(entries):,}" for name, entries in self._by_strength()]
        topics = [f"{topic} {count:,}" for topic, count in self._topics().most_common()]
        return [("by strength", ", ".join(strengths)), ("by topic", listed(topics, 4))]

    def _tables(self) -> list[SummaryTable]:
        by_strength = [
            (name, [len(entries), *(sum(entry.status == status for entry in entries) for status in STATUSES)])
            for name, entries in self._by_strength()
        ]
        hard = self._topics(hard_only=True)
        by_topic = [(topic, [count, hard[topic]]) for topic, count in self._topics().most_common(_MAX_TOPICS)]
        return [
            SummaryTable("Clauses by strength", ("strength", "clauses", *STATUSES), by_strength),
            SummaryTable("Most frequent topics", ("topic", "clauses", "hard"), by_topic),
        ]

    def _by_strength(self) -> list[tuple[str, Sequence[Entry]]]:
        """Group the clauses by strength, the strongest first; strengths that do not occur are left out."""
        groups = [
            (name, [entry for entry in self.clauses if (entry.strength or 0) == strength])
            for strength, name in enumerate(STRENGTHS)
        ]
        return [(name, entries) for name, entries in reversed(groups) if entries]

    def _topics(self, *, hard_only: bool = False) -> Counter[str]:
        return Counter(topic for entry in self.clauses if entry.hard or not hard_only for topic in entry.topics)


def _is_draft(path: Path) -> bool:
    """Whether a file is a register as it was read, without a decision of a reviewer."""
    try:
        content = read_input(path, most=MAX_BYTES)
        begun = content.startswith(_HEAD.encode())
        return begun and not any(entry.reviewed for entry in read_register(content).clauses)
    except (OSError, InputError):
        return False


#: The kind of file that a register is.
REGISTER: Final = OutputFile("a draft register", (".yaml", ".yml"), _is_draft, study_name="register.yaml")


_SCHEMA: Final = re.compile(r"landlink-register/(\d{1,6})")
#: End of the name of a register's text where the file that was read has the name of the register.
READ_TEXT: Final = "-text.txt"


def _is_source_text(path: Path) -> bool:
    """Whether a file is the text of the register beside it, unchanged."""
    try:
        register = path.with_name(path.name.removesuffix(READ_TEXT).removesuffix(".txt") + ".yaml")
        wanted = open_register(register).source.sha256
        return hashlib.sha256(read_input(path, most=MAX_BYTES)).hexdigest() == wanted
    except (OSError, InputError):
        return False


#: The text from which a register was read, beside it.
SOURCE_TEXT: Final = OutputFile("the text of a register", (".txt",), _is_source_text)


def open_register(path: str | os.PathLike[str]) -> Register:
    """Open a register file.

    Parameters
    ----------
    path
        A YAML file.

    Returns
    -------
    Register

    Raises
    ------
    InputError
        The file cannot be read, or is not a register; every problem is listed with its clause, field and line.

    Examples
    --------
    >>> import landlink as ll
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> ll.statement.open_register(study.path / "register.yaml").parties
    ('CHN', 'KGZ')
    """
    file = Path(path)
    try:
        content = read_input(file, most=MAX_BYTES)
    except OSError as error:
        raise InputError(Problem(str(file), f"cannot be read: {reason_of(error)}")) from None
    return read_register(content, name=file.name)


def read_register(content: str | bytes, *, name: str = "register") -> Register:
    """Read a register from YAML text.

    Parameters
    ----------
    content
        The text, or its bytes in UTF-8.
    name
        Name of the register in error messages.

    Returns
    -------
    Register

    Raises
    ------
    InputError
        With every problem, by clause, field and line.

    Examples
    --------
    >>> import landlink as ll
    >>> register = ll.statement.draft_register(ll.statement.read("Both sides will build a road."))
    >>> ll.statement.read_register(register.text()) == register
    True
    """
    problems: list[Problem] = []
    node = parse(content, name)
    _refuse_newer(node, name)
    record = read_record(node, "register", "", problems, name)
    if problems:
        raise InputError([*problems, *_further(record, problems, name)])
    return _register(record, tuple(_entry(clause) for clause in record["clauses"]))


def _register(record: Mapping[str, Any], clauses: tuple[Entry, ...]) -> Register:
    source = record["source"]
    return Register(
        source=Source(**(source | {"issued": _date(source["issued"])})),
        clauses=clauses,
        parties=tuple(record["parties"]),
        projects=tuple(Project(**_with_tuples(project)) for project in record["projects"]),
        unclassified=tuple(Unclassified(**_with_tuples(sentence)) for sentence in record["unclassified"]),
    )


def _further(record: Mapping[str, Any], problems: Sequence[Problem], name: str) -> list[Problem]:
    """Find what is wrong besides in the clauses that can be read, so that everything is told at once."""
    known = [(problem.row.partition(", ")[2], problem.column.partition(".")[0]) for problem in problems]
    # What fields of the whole register lack would be missed in every clause.
    of_all = {column for row, column in known if not row.startswith("clause ")}
    unread = {row for row, column in known if column in ("id", "start", "end", "quote", "quantity")}
    clauses = []
    for clause in record["clauses"]:
        if clause["id"] is not None and f"clause {clause['id']}" not in unread:
            with suppress(TypeError, ValueError, AttributeError):
                clauses.append(_entry(clause))
    try:
        found = list(consistency(_register({**record, "unclassified": []}, tuple(clauses)), name))
    except (TypeError, ValueError, AttributeError):
        return []
    return [
        problem
        for problem in found
        if (problem.row, problem.column.partition(".")[0]) not in known and problem.column not in of_all
    ]


def _refuse_newer(node: Located, name: str) -> None:
    """Refuse a register of a later format as a whole: what else seems wrong with it may be right there."""
    schema = node.value.get("schema") if isinstance(node.value, dict) else None
    found = _SCHEMA.fullmatch(str(schema.value)) if isinstance(schema, Located) else None
    if found and int(found.group(1)) > int(FORMAT.rpartition("/")[2]):
        allowed = f"{FORMAT}; update landlink to read it"
        message = "written by a newer landlink"
        raise InputError(Problem(name, message, column="schema", value=found.group(), allowed=allowed))


def _entry(record: Mapping[str, Any]) -> Entry:
    values = dict(record)
    for name in ("target", "baseline", "deadline", "quantity"):
        values[name] = _value(name, values[name])
    values["suggested"] = MappingProxyType(
        {
            name: Suggestion(**(item | {"value": _value(name, item["value"])}))
            for name, item in values["suggested"].items()
        }
    )
    values["outcomes"] = tuple(Outcome(**_with_tuples(outcome)) for outcome in values["outcomes"])
    values["decisions"] = tuple(Decision(**(item | {"when": _date(item["when"])})) for item in values["decisions"])
    values["disagreements"] = tuple(
        Opinion(**(item | {"value": _value(item["field"], item["value"]), "when": _date(item["when"])}))
        for item in values["disagreements"]
    )
    return Entry(**_with_tuples(values))


def _value(name: str, value: Any) -> Any:
    """Make the value of a field of a clause of what the file holds."""
    if value is None:
        return None
    if name == "quantity":
        return Quantity(**(value | {part: value[part] or "" for part in ("unit", "per", "direction")}))
    if name in ("target", "baseline"):
        return (Target if name == "target" else Baseline)(**value)
    if name == "deadline":
        return _date(value)
    return tuple(value) if isinstance(value, list) else value


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _with_tuples(record: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in record.items()}
