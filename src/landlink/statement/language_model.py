"""A language model of the user's own, if there is one: what it says is held to the same rules as what rules read.

Nothing of landlink needs a model and none comes with it. A model gives clauses as plain records; each must quote the
text to the letter. Where it stands is found here, never taken from the model, and what is not in the text is rejected
and said so. Whatever a model infers goes under ``suggested`` and counts for nothing until a person accepts it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol, runtime_checkable

from landlink.core.errors import InputError, Problem
from landlink.statement.register import Entry, Project, Register, Source, Suggestion, Unclassified, read_register
from landlink.statement.register_numbers import number_problems
from landlink.statement.register_schema import FORMAT, SCHEMAS, SUGGESTED
from landlink.statement.register_yaml import write

__all__ = ["Answer", "Backend", "Reply", "read_with"]

#: Clauses that one text may have; more is no answer.
MOST_CLAUSES: Final = 5_000
#: What a model may say of a clause besides its quotation, which it must give.
_TAKEN: Final = ("strength", "topics", "parties", "places", "gloss", "note", "flags")
_RULE: Final = "model"


@runtime_checkable
class Backend(Protocol):
    """What reads a text instead of the rules."""

    @property
    def name(self) -> str:
        """What it is called in the register."""

    def clauses(self, text: str, language: str) -> Sequence[Mapping[str, Any]]:
        """Clauses of a text.

        Each is a record with ``quote``, to the letter, and any of ``strength``, ``topics``, ``parties``, ``places``,
        ``gloss``, ``note``, ``flags``, ``quantity`` (``value``, ``unit``, ``per``, ``quote``), and what it infers:
        ``indicator``, ``measurable``, ``target``, ``baseline``, ``deadline``, ``projects``. All as in a register.
        """


@dataclass(frozen=True, slots=True)
class Reply:
    """A clause that was refused, and why."""

    number: int
    quote: str
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        shown = self.quote if len(self.quote) <= 60 else self.quote[:57] + "..."
        return f"clause {self.number} ({shown!r}): {'; '.join(self.reasons)}"


@dataclass(frozen=True, slots=True)
class Answer:
    """A draft register of what held, and every clause that did not."""

    register: Register
    refused: tuple[Reply, ...]


def read_with(backend: Backend, text: str, *, sha256: str, language: str, source: Source | None = None) -> Answer:
    """Ask a model for the clauses of a text and keep those that hold.

    Parameters
    ----------
    backend
        The model.
    text, sha256
        Normalised text and its hash.
    language
        ISO 639-1 code of the text.
    source
        What else is known of the text.

    Returns
    -------
    Answer
        A draft, in which every clause is flagged ``model_reading``, and what was refused.

    Raises
    ------
    InputError
        The model gave no list of records at all.
    """
    given = backend.clauses(text, language)
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Sequence):
        raise InputError(Problem(backend.name, "the model gave no list of clauses", value=type(given).__name__))
    if len(given) > MOST_CLAUSES:
        raise InputError(
            Problem(backend.name, "too many clauses", value=f"{len(given):,}", allowed=f"{MOST_CLAUSES:,}")
        )
    origin = replace(
        source or Source(language, sha256, len(text)),
        language=language, sha256=sha256, characters=len(text), read_by=backend.name,
    )  # fmt: skip
    entries: list[Entry] = []
    refused: list[Reply] = []
    taken: dict[str, int] = {}
    for number, item in enumerate(given, 1):
        try:
            record = _record(item)
            entries.append(_entry(record, _place(text, record.get("quote"), taken), origin, f"C{number:02}"))
        except InputError as error:
            refused.append(Reply(number, _quoted(item), tuple(_said(problem) for problem in error.problems)))
    entries.sort(key=lambda entry: (entry.start, entry.end, entry.id))
    return Answer(_register(origin, entries, text), tuple(refused))


def _record(item: object) -> Mapping[str, Any]:
    if not isinstance(item, Mapping):
        raise InputError(f"no record but {type(item).__name__}")
    return item


def _quoted(item: object) -> str:
    return str(item.get("quote", "")) if isinstance(item, Mapping) else ""


def _said(problem: Problem) -> str:
    return str(replace(problem, table="", row=""))


def _place(text: str, quote: object, taken: dict[str, int]) -> int:
    """Where a quotation stands: its first place, and the next one for each time it is quoted again."""
    if not isinstance(quote, str) or not quote.strip():
        raise InputError("it quotes nothing")
    start = text.find(quote, taken.get(quote, 0))
    if start < 0:
        raise InputError(
            "quoted more often than it stands there" if quote in taken else "its quotation is not in the text"
        )
    taken[quote] = start + 1
    return start


def _entry(item: Mapping[str, Any], start: int, source: Source, identifier: str) -> Entry:
    """A clause of the model as a draft, read by the register's own schema."""
    known = {*_TAKEN, *SUGGESTED, "quote", "quantity"}
    if unknown := sorted(set(map(str, item)) - known):
        raise InputError(f"fields that no clause has: {', '.join(unknown)}")
    quote = str(item["quote"])
    record: dict[str, Any] = {"id": identifier, "start": start, "end": start + len(quote), "quote": quote}
    record |= {name: item[name] for name in _TAKEN if item.get(name) is not None}
    flags = item.get("flags") or []
    record["flags"] = [*flags, "model_reading"] if isinstance(flags, list | tuple) else flags
    record["rules"] = {name: _RULE for name in _TAKEN if item.get(name) is not None and name != "flags"}
    record["suggested"] = {
        name: {"value": item[name], "rule": _RULE, "why": "A language model inferred it.", "accepted_by": None}
        for name in SUGGESTED
        if item.get(name) is not None
    }
    if item.get("quantity") is not None:
        record["quantity"] = _quantity(item["quantity"], quote, start)
    record["status"] = "draft"
    head = {"language": source.language, "sha256": source.sha256, "characters": source.characters}
    try:
        # Through text and back: what a model says meets the same reader as a file does.
        document = write(json.loads(json.dumps({"schema": FORMAT, "source": head, "clauses": [record]}, default=str)))
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"it cannot be written down: {error}") from None
    (entry,) = read_register(document, name="model").clauses
    if problems := list(number_problems(entry)):
        raise InputError(problems)
    return entry


def _quantity(given: object, quote: str, start: int) -> dict[str, Any]:
    """A quantity whose words are quoted; where they stand is found within the clause."""
    if not isinstance(given, Mapping) or not isinstance(given.get("quote"), str) or not given["quote"]:
        raise InputError("its quantity quotes nothing")
    at = quote.find(given["quote"])
    if at < 0:
        raise InputError(f"its quantity {given['quote']!r} is not in its quotation")
    fields = {field.name for field in SCHEMAS["quantity"]} - {"start", "end"}
    place = {"start": start + at, "end": start + at + len(given["quote"])}
    return {name: value for name, value in given.items() if name in fields and value is not None} | place


def _register(source: Source, entries: Sequence[Entry], text: str) -> Register:
    """The draft: what stands in no clause is listed by lines, so that misses can be seen."""
    covered = [(entry.start, entry.end) for entry in entries]
    missed, place = [], 0
    for line in text.split("\n"):
        start, end = place, place + len(line)
        place = end + 1
        if line.strip() and not any(a < end and b > start for a, b in covered):
            missed.append(Unclassified(start, end, source.language, line))
    projects: dict[str, Project] = {}
    for entry in entries:
        suggestion = entry.suggested.get("projects", Suggestion(()))
        projects |= {name: Project(name) for name in suggestion.value}
    parties = tuple(dict.fromkeys(party for entry in entries for party in entry.parties))
    return Register(source, tuple(entries), parties, tuple(projects.values()), tuple(missed))
