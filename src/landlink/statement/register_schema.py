"""What a register may hold: every field once, with type, bounds and meaning, for reader, checks and docs."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from landlink.core.errors import Problem, suggestion
from landlink.statement.clause import TOPICS
from landlink.statement.register_yaml import Located

__all__ = [
    "DIRECTIONS", "FINDINGS", "FLAGS", "FORMAT", "MEASURABLE", "SCHEMAS", "STATUSES", "SUGGESTED", "Field",
    "as_written", "read_record",
]  # fmt: skip

#: Raised whenever a register changes in a way that older readers cannot follow.
FORMAT: Final = "landlink-register/1"

STATUSES: Final = ("draft", "accepted", "rejected")
DIRECTIONS: Final = ("at_least", "at_most", "more_than", "less_than")
FINDINGS: Final = ("kept", "partly_kept", "not_kept", "open")
#: direct: the indicator measures what was promised. proxy: it measures something near. not_computed: it could be
#: measured, by an indicator that this version does not compute. not_measurable: no number would show it.
MEASURABLE: Final = ("direct", "proxy", "not_computed", "not_measurable")
#: What a person should look at.
FLAGS: Final = (
    "anaphora", "inherited_strength", "duplicate", "missing_baseline", "missing_deadline", "country_not_party",
    "effect", "out_of_genre", "no_cue", "model_reading",
)  # fmt: skip
#: Fields that may be inferred rather than read, and then stand under ``suggested`` until somebody accepts them.
SUGGESTED: Final = ("indicator", "measurable", "target", "baseline", "deadline", "projects", "parties")

_DATE: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
_PERIOD: Final = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_IDENTIFIER: Final = re.compile(r"[^\s,;\[\]{}\"'<>&]{1,120}")
_PARTY: Final = re.compile(r"[A-Z]{3}")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
#: Longest text of a field; a quotation is the longest.
MOST_TEXT: Final = 20_000
#: Most clauses and sentences that a register may list.
MOST_ROWS: Final = 200_000


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record.

    Attributes
    ----------
    name
        As it is written.
    kind
        ``text``, ``line``, ``integer``, ``number``, ``date``, ``period``, ``hash``, ``id``, ``party``, the name of
        a record, or ``any`` of a suggestion; ``list of`` before it for several.
    meaning
        One sentence.
    needed
        Whether null is refused.
    allowed
        Closed list of values; empty: any.
    low, high
        Bounds of a number.
    """

    name: str
    kind: str
    meaning: str
    needed: bool = False
    allowed: tuple[str, ...] = ()
    low: float = -math.inf
    high: float = math.inf


def _f(name: str, kind: str, meaning: str, allowed: tuple[str, ...] = (), **more: Any) -> Field:
    return Field(name, kind, meaning, allowed=allowed, **more)


#: Every record by name, the fields in the order in which they are written.
SCHEMAS: Final[dict[str, tuple[Field, ...]]] = {
    "register": (
        _f("schema", "line", "Format of the register.", (FORMAT,), needed=True),
        _f("source", "source", "The text that was read.", needed=True),
        _f("parties", "list of party", "Countries that signed, ISO 3166-1 alpha-3."),
        _f("projects", "list of project", "Projects that clauses name."),
        _f("clauses", "list of clause", "Clauses in the order of the text.", needed=True),
        _f("unclassified", "list of sentence", "Sentences in which nothing was found, so that misses can be seen."),
    ),
    "source": (
        _f("title", "line", "What the text is called."),
        _f("language", "line", "ISO 639-1 code of most of the text.", needed=True),
        _f("sha256", "hash", "Hash of the normalised text in UTF-8.", needed=True),
        _f("characters", "integer", "Length of the normalised text.", needed=True, low=0),
        _f("issued", "date", "Day on which it was issued."),
        _f("read_by", "line", "What read it."),
        _f("note", "text", "What a reader should know."),
    ),
    "project": (
        _f("id", "id", "Identifier that clauses use.", needed=True),
        _f("title", "line", "Its name."),
        _f("measure", "id", "Measure of the study that models it."),
        _f("countries", "list of party", "Countries it lies in."),
    ),
    "clause": (
        _f("id", "id", "Identifier, different for each clause.", needed=True),
        _f("sentence", "integer", "Number of its sentence, from 0.", low=0),
        _f("start", "integer", "Where it begins in the normalised text, in characters.", needed=True, low=0),
        _f("end", "integer", "Where it ends.", needed=True, low=0),
        _f("quote", "text", "The normalised text there, to the letter; null where the text is not given away."),
        _f("gloss", "text", "What it says, in the words of the register's author."),
        _f("strength", "integer", "5 signed, 4 pledged, 3 will, 2 ready, 1 stressed, 0 none.", low=0, high=5),
        _f("topics", "list of line", "Topics, most telling first.", TOPICS),
        _f("parties", "list of party", "Who promises."),
        _f("projects", "list of id", "Projects it is about."),
        _f("places", "list of line", "Places it names."),
        _f("quantity", "quantity", "The number it states."),
        _f("baseline_words", "text", "The state it is compared with, in the words of the text or of the gloss."),
        _f("target", "target", "What is to be reached."),
        _f("baseline", "baseline", "The number it is compared with."),
        _f("deadline", "date", "Day by which it is due."),
        _f("measurable", "line", "How it can be measured.", MEASURABLE),
        _f("indicator", "line", "Indicator, or sums of indicators with one / between them."),
        _f("note", "text", "Why it is measured so, or cannot be."),
        _f("flags", "list of line", "What a person should look at.", FLAGS),
        _f("rules", "rules", "For each field that was read, the rule that set it."),
        _f("suggested", "suggestions", "What was inferred; it counts for nothing until somebody accepts it."),
        _f("status", "line", "Where its review stands.", STATUSES, needed=True),
        _f("accepted_by", "line", "Who accepted it; an accepted clause needs one."),
        _f("outcomes", "list of outcome", "What happened later."),
    ),
    "quantity": (
        _f("value", "number", "The number, scaled words included.", needed=True),
        _f("unit", "line", "What is counted; empty: unknown."),
        _f("start", "integer", "Where it begins in the normalised text.", needed=True, low=0),
        _f("end", "integer", "Where it ends.", needed=True, low=0),
        _f("per", "line", "For a rate, the time it is counted over.", ("day", "week", "month", "year")),
    ),
    "target": (
        _f("direction", "line", "On which side of the number the promise is kept.", DIRECTIONS, needed=True),
        _f("value", "number", "The number, in the indicator's unit."),
        _f("times_baseline", "number", "Or a multiple of the baseline.", low=0),
        _f("unit", "line", "Unit of the number, for reading."),
        _f("tolerance", "number", "Share of the target by which it may be missed.", low=0, high=1),
    ),
    "baseline": (
        _f("value", "number", "A number in the indicator's unit."),
        _f("observed", "id", "Or a row of the study's table of observations."),
        _f("scenario", "id", "Or a scenario of the study, whose indicator it is."),
        _f("year", "integer", "Year it holds for.", low=1900, high=2200),
    ),
    "suggestion": (
        _f("value", "any", "As the field itself would be written.", needed=True),
        _f("rule", "line", "The rule that inferred it."),
        _f("why", "text", "The reason, for a person."),
        _f("accepted_by", "line", "Who accepted it; null: nobody, and it counts for nothing."),
    ),
    "outcome": (
        _f("when", "period", "Year, month or day: 2024, 2024-06 or 2024-06-30.", needed=True),
        _f("value", "number", "What was observed, in the indicator's unit."),
        _f("bound", "line", "Whether the truth is that value, or at least or at most it.", ("value", "lower", "upper")),
        _f("observed", "list of id", "Rows of the study's table of observations that add up to it."),
        _f("finding", "line", "What it says of the promise, where no number does.", FINDINGS),
        _f("what", "text", "What happened.", needed=True),
        _f("source", "text", "Where it was published.", needed=True),
    ),
    "sentence": (
        _f("start", "integer", "Where it begins in the normalised text.", needed=True, low=0),
        _f("end", "integer", "Where it ends.", needed=True, low=0),
        _f("language", "line", "ISO 639-1 code."),
        _f("quote", "text", "The normalised text there; null where the text is not given away."),
        _f("flags", "list of line", "What a person should look at.", FLAGS),
    ),
}  # fmt: skip

_WORDS: Final = {
    "text": "a text", "line": "a text on one line", "integer": "a whole number", "number": "a finite number",
    "date": "a date such as 2022-02-06", "period": "a year, a month or a day: 2024, 2024-06 or 2024-06-30",
    "hash": "64 hexadecimal digits in lower case", "id": "an identifier without blanks, commas or brackets",
    "party": "a country of three capital letters, such as KGZ", "any": "a value",
}  # fmt: skip
_PATTERNS: Final = {"date": _DATE, "period": _PERIOD, "hash": _HASH, "id": _IDENTIFIER, "party": _PARTY}


def read_record(node: Located, schema: str, row: str, problems: list[Problem], name: str) -> dict[str, Any]:
    """Read one record and note everything wrong with it.

    Parameters
    ----------
    node
        What stands in the file.
    schema
        Name of the record.
    row
        What the record is called in problems, without its line.
    problems
        Where problems are added.
    name
        What the file is called in problems.

    Returns
    -------
    dict
        Every field of the schema; null where it is missing or wrong, an empty list for lists.
    """
    return _Reader(problems, name).record(node, schema, row, "")


class _Reader:
    def __init__(self, problems: list[Problem], name: str) -> None:
        self._problems = problems
        self._name = name

    def _fault(self, node: Located, row: str, field: str, message: str, allowed: str = "", value: object = "") -> None:
        where = f"line {node.line}" + (f", {row}" if row else "")
        shown = str(value)
        found = shown if len(shown) <= 80 else shown[:77] + "..."
        self._problems.append(Problem(self._name, message, where, field, found, allowed))

    def record(self, node: Located, schema: str, row: str, prefix: str) -> dict[str, Any]:
        fields = SCHEMAS[schema]
        if not isinstance(node.value, dict):
            names = ", ".join(field.name for field in fields)
            self._fault(node, row, prefix.rstrip("."), "not a mapping", f"the fields {names}", node.plain)
            return {field.name: _nothing(field) for field in fields}
        if schema == "clause" and isinstance(known := node.value.get("id"), Located) and isinstance(known.value, str):
            row = f"clause {known.value[:60]}"
        known_names = [field.name for field in fields]
        for key, item in node.value.items():
            if key not in known_names:
                self._fault(item, row, prefix + key, "unknown field", suggestion(key, known_names) or "none such")
        return {field.name: self._field(node, field, row, prefix) for field in fields}

    def _field(self, node: Located, field: Field, row: str, prefix: str) -> Any:
        item = node.value.get(field.name)
        at = prefix + field.name
        if item is None or item.value is None:
            if field.needed:
                self._fault(item or node, row, at, "missing", _told(field))
            return _nothing(field)
        if field.kind.startswith("list of "):
            return list(self._items(item, field, row, at))
        if field.kind == "rules":
            return self._texts_by_name(item, row, at)
        if field.kind == "suggestions":
            return self._suggestions(item, row, at)
        return self._one(item, field, field.kind, row, at)

    def _items(self, item: Located, field: Field, row: str, at: str) -> Iterator[Any]:
        kind = field.kind.removeprefix("list of ")
        if not isinstance(item.value, list):
            self._fault(item, row, at, "not a list", f"a list, each of it {_WORDS.get(kind, kind)}", item.plain)
            return
        if len(item.value) > MOST_ROWS:
            self._fault(item, row, at, "too many", f"at most {MOST_ROWS:,}", len(item.value))
            return
        for number, part in enumerate(item.value):
            value = self._one(
                part, field, kind, row or f"{kind} {number + 1}", "" if kind in SCHEMAS and not row else at
            )
            if value is not None:
                yield value

    def _one(self, item: Located, field: Field, kind: str, row: str, at: str) -> Any:
        if kind in SCHEMAS:
            # Parts of a clause are named within it; its own fields need no prefix.
            return self.record(item, kind, row, f"{at}." if at and kind not in ("clause", "source") else "")
        # A year by itself reads as a number.
        value: Any = str(item.value) if kind == "period" and type(item.value) is int else item.value
        if not _fits(value, kind):
            self._fault(item, row, at, "wrong type", _told(field, kind), item.plain)
            return None
        if field.allowed and value not in field.allowed:
            near = suggestion(str(value), field.allowed)
            self._fault(item, row, at, "not allowed here", near or _told(field, kind), value)
            return None
        if kind in ("integer", "number") and not field.low <= value <= field.high:
            self._fault(item, row, at, "out of bounds", _bounds(field), value)
            return None
        return float(value) if kind == "number" else value

    def _texts_by_name(self, item: Located, row: str, at: str) -> dict[str, str]:
        if not isinstance(item.value, dict):
            self._fault(item, row, at, "not a mapping", "a rule for each field", item.plain)
            return {}
        names = [field.name for field in SCHEMAS["clause"]]
        found = {}
        for key, part in item.value.items():
            if key not in names:
                self._fault(part, row, f"{at}.{key}", "no field of a clause", suggestion(key, names))
            elif not _fits(part.value, "line"):
                self._fault(part, row, f"{at}.{key}", "wrong type", _WORDS["line"], part.plain)
            else:
                found[key] = str(part.value)
        return found

    def _suggestions(self, item: Located, row: str, at: str) -> dict[str, dict[str, Any]]:
        if not isinstance(item.value, dict):
            self._fault(item, row, at, "not a mapping", f"of {', '.join(SUGGESTED)}", item.plain)
            return {}
        fields = {field.name: field for field in SCHEMAS["clause"]}
        found: dict[str, dict[str, Any]] = {}
        for key, part in item.value.items():
            if key not in SUGGESTED:
                self._fault(part, row, f"{at}.{key}", "cannot be suggested", ", ".join(SUGGESTED))
                continue
            record = self.record(part, "suggestion", row, f"{at}.{key}.")
            if isinstance(part.value, dict) and "value" in part.value:
                wanted = Located({key: part.value["value"]}, part.line)
                record["value"] = self._field(wanted, fields[key], row, f"{at}.")
            found[key] = record
        return found


def _fits(value: object, kind: str) -> bool:
    """Whether a scalar is of a kind."""
    if kind == "any":
        return True
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not isinstance(value, str) or len(value) > MOST_TEXT:
        return False
    if kind in _PATTERNS:
        return _PATTERNS[kind].fullmatch(value) is not None and (kind not in ("date", "period") or _is_day(value))
    return kind == "text" or not any(sign in value for sign in "\n\r\x00")


def _is_day(text: str) -> bool:
    """Whether a date, or the first day of a year or a month, is in the calendar."""
    try:
        dt.date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text)
    except ValueError:
        return False
    return True


def _nothing(field: Field) -> Any:
    if field.kind.startswith("list of "):
        return []
    return {} if field.kind in ("rules", "suggestions") else None


def _told(field: Field, kind: str = "") -> str:
    if field.allowed:
        return ", ".join(field.allowed)
    kind = kind or field.kind
    if kind in SCHEMAS:
        return f"the fields {', '.join(part.name for part in SCHEMAS[kind])}"
    return _WORDS.get(kind, kind) + (f" {_bounds(field)}" if kind in ("integer", "number") else "")


def _bounds(field: Field) -> str:
    if math.isinf(field.low) and math.isinf(field.high):
        return ""
    if math.isinf(field.high):
        return f"from {field.low:g}"
    return f"from {field.low:g} to {field.high:g}"


def as_written(record: Mapping[str, Any], schema: str) -> dict[str, Any]:
    """A record with its fields in the order of the schema, as it is written to a file."""
    return {field.name: record.get(field.name, _nothing(field)) for field in SCHEMAS[schema]}
