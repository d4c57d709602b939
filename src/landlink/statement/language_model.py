"""Read a text with a language model of the user's own; its clauses undergo the same checks as those of the reader.

landlink needs no model and ships none. A model returns clauses as plain records, each with a verbatim quotation. Their
spans are looked up here, never taken from the model, and a clause whose quotation is not in the text is rejected with a
reason. Whatever a model infers goes under ``suggested`` and does not count until a person accepts it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol, runtime_checkable

from landlink.core.errors import InputError, Problem
from landlink.core.json_text import json_text
from landlink.statement.register import Register, read_register
from landlink.statement.register_numbers import number_problems
from landlink.statement.register_records import Entry, Project, Source, Suggestion, Unclassified
from landlink.statement.register_schema import FORMAT, SCHEMAS, SUGGESTED
from landlink.statement.register_yaml import write

__all__ = ["LanguageModel", "ModelReading", "RejectedClause", "read_with_model"]

#: Most clauses that a model may return.
MAX_CLAUSES: Final = 5_000
#: Fields that a model may set besides the quotation, which is required.
_FIELDS: Final = ("strength", "topics", "parties", "places", "gloss", "glosses", "note", "flags")
#: Rule recorded for every field that a model set.
_RULE: Final = "model"
#: Longest quotation shown in a message.
_SHOWN: Final = 60


@runtime_checkable
class LanguageModel(Protocol):
    """A model that reads a text instead of the rules.

    Any class with these two members will do.

    Examples
    --------
    >>> import landlink as ll
    >>> class Echo:
    ...     name = "echo"
    ...     def clauses(self, text, language):
    ...         return [{"quote": text, "strength": 3}]
    >>> isinstance(Echo(), ll.statement.LanguageModel)
    True
    """

    @property
    def name(self) -> str:
        """Name of the model, as the register records it."""

    def clauses(self, text: str, language: str) -> Sequence[Mapping[str, Any]]:
        """Return the clauses of a text.

        Parameters
        ----------
        text
            The normalised text.
        language
            ISO 639-1 code of the text.

        Returns
        -------
        sequence of mappings
            For each clause a verbatim ``quote`` and any of ``strength``, ``topics``, ``parties``, ``places``,
            ``gloss``, ``glosses``, ``note``, ``flags``, ``quantity`` (``value``, ``unit``, ``per``, ``quote``), and
            whatever the model infers: ``indicator``, ``measurable``, ``target``, ``baseline``, ``deadline``,
            ``projects``. All as in a register.
        """


@dataclass(frozen=True, slots=True)
class RejectedClause:
    """A clause of a model that was rejected.

    Attributes
    ----------
    number
        Its number in the model's answer, from 1.
    quote
        Its quotation.
    reasons
        Everything that is wrong with it.

    Examples
    --------
    >>> import landlink as ll
    >>> print(ll.statement.RejectedClause(2, "will build a port", ("the quotation is not in the text",)))
    clause 2 ('will build a port'): the quotation is not in the text
    """

    number: int
    quote: str
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        shown = self.quote if len(self.quote) <= _SHOWN else self.quote[: _SHOWN - 3] + "..."
        return f"clause {self.number} ({shown!r}): {'; '.join(self.reasons)}"


@dataclass(frozen=True, slots=True)
class ModelReading:
    """What a model made of a text.

    Attributes
    ----------
    register
        A draft register of the clauses that hold.
    rejected
        The clauses that do not.

    Examples
    --------
    >>> import hashlib
    >>> import landlink as ll
    >>> class Echo:
    ...     name = "echo"
    ...     def clauses(self, text, language):
    ...         return [{"quote": "will build a road", "strength": 3}, {"quote": "will build a port"}]
    >>> text = "Both sides will build a road."
    >>> sha256 = hashlib.sha256(text.encode()).hexdigest()
    >>> reading = ll.statement.read_with_model(Echo(), text, sha256=sha256, language="en")
    >>> len(reading.register.clauses)
    1
    >>> print(*reading.rejected)
    clause 2 ('will build a port'): the quotation is not in the text
    """

    register: Register
    rejected: tuple[RejectedClause, ...]


def read_with_model(
    model: LanguageModel, text: str, *, sha256: str, language: str, source: Source | None = None
) -> ModelReading:
    """Ask a model for the clauses of a text and keep those that hold.

    Parameters
    ----------
    model
        The model.
    text, sha256
        The normalised text and its hash.
    language
        ISO 639-1 code of the text.
    source
        Further facts about the text, such as its title.

    Returns
    -------
    ModelReading
        A draft register in which every clause is flagged ``model_reading``, and the rejected clauses.

    Raises
    ------
    InputError
        The model did not return a list of clauses, or returned too many.

    Examples
    --------
    >>> import hashlib
    >>> import landlink as ll
    >>> class Echo:
    ...     name = "echo"
    ...     def clauses(self, text, language):
    ...         return [{"quote": text, "strength": 3, "topics": ["road"]}]
    >>> text = "Both sides will build a road."
    >>> sha256 = hashlib.sha256(text.encode()).hexdigest()
    >>> reading = ll.statement.read_with_model(Echo(), text, sha256=sha256, language="en")
    >>> reading.register.clauses[0].flags
    ('model_reading',)
    """
    given = model.clauses(text, language)
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Sequence):
        message = "the model did not return a list of clauses"
        raise InputError(Problem(model.name, message, value=type(given).__name__))
    if len(given) > MAX_CLAUSES:
        allowed = f"at most {MAX_CLAUSES:,}"
        raise InputError(Problem(model.name, "too many clauses", value=f"{len(given):,}", allowed=allowed))
    origin = replace(
        source or Source(language, sha256, len(text)),
        language=language, sha256=sha256, characters=len(text), read_by=model.name,
    )  # fmt: skip
    entries: list[Entry] = []
    rejected: list[RejectedClause] = []
    searched: dict[str, int] = {}
    for number, item in enumerate(given, 1):
        try:
            record = _record(item)
            entries.append(_entry(record, _locate(text, record.get("quote"), searched), origin, f"C{number:02}"))
        except InputError as error:
            reasons = tuple(str(replace(problem, table="", row="")) for problem in error.problems)
            rejected.append(RejectedClause(number, _quotation(item), reasons))
    entries.sort(key=lambda entry: (entry.start, entry.end, entry.id))
    return ModelReading(_register(origin, entries, text), tuple(rejected))


def _record(item: object) -> Mapping[str, Any]:
    if not isinstance(item, Mapping):
        raise InputError(Problem("", "not a mapping", value=type(item).__name__))
    return item


def _quotation(item: object) -> str:
    return str(item.get("quote", "")) if isinstance(item, Mapping) else ""


def _locate(text: str, quote: object, searched: dict[str, int]) -> int:
    """Find a quotation in the text: its first occurrence, or the next one each time it is quoted again."""
    if not isinstance(quote, str) or not quote.strip():
        raise InputError("the quotation is missing or empty")
    start = text.find(quote, searched.get(quote, 0))
    if start < 0:
        repeated = quote in searched
        raise InputError(
            "quoted more often than it occurs in the text" if repeated else "the quotation is not in the text"
        )
    searched[quote] = start + 1
    return start


def _entry(item: Mapping[str, Any], start: int, source: Source, identifier: str) -> Entry:
    """Turn a record of the model into a draft clause, validated by the schema of the register."""
    known = {*_FIELDS, *SUGGESTED, "quote", "quantity"}
    if unknown := sorted(set(map(str, item)) - known):
        raise InputError(f"unknown fields: {', '.join(unknown)}")
    quote = str(item["quote"])
    record: dict[str, Any] = {"id": identifier, "start": start, "end": start + len(quote), "quote": quote}
    record |= {name: item[name] for name in _FIELDS if item.get(name) is not None}
    flags = item.get("flags") or []
    record["flags"] = [*flags, "model_reading"] if isinstance(flags, list | tuple) else flags
    record["rules"] = {name: _RULE for name in _FIELDS if item.get(name) is not None and name != "flags"}
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
        # Through text and back, so that a model's answer is read by the same code as a file.
        document = write(json.loads(json_text({"schema": FORMAT, "source": head, "clauses": [record]})))
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"the record cannot be written as YAML: {error}") from None
    (entry,) = read_register(document, name="model").clauses
    if problems := list(number_problems(entry)):
        raise InputError(problems)
    return entry


def _quantity(given: object, quote: str, start: int) -> dict[str, Any]:
    """Locate the quotation of a quantity within that of its clause."""
    if not isinstance(given, Mapping) or not isinstance(given.get("quote"), str) or not given["quote"]:
        raise InputError("the quantity has no quotation")
    at = quote.find(given["quote"])
    if at < 0:
        raise InputError(f"the quantity {given['quote']!r} is not in the quotation of its clause")
    fields = {field.name for field in SCHEMAS["quantity"]} - {"start", "end"}
    span = {"start": start + at, "end": start + at + len(given["quote"])}
    return {name: value for name, value in given.items() if name in fields and value is not None} | span


def _register(source: Source, entries: Sequence[Entry], text: str) -> Register:
    """Assemble the draft; lines without a clause are listed as unclassified, so that misses can be seen."""
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
