"""The schema of a register: every field declared once, with type, bounds and meaning, for reader, checks and docs."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from landlink.core.errors import Problem, suggestion
from landlink.statement.clause import RATES, TOPICS
from landlink.statement.register_yaml import Located
from landlink.statement.trend import MOVEMENTS, TRENDS

__all__ = [
    "DIRECTIONS", "DISPUTABLE", "FINDINGS", "FLAGS", "FORMAT", "MEASURABLE", "PRESENCE", "QUANTITY_DIRECTIONS",
    "SCHEMAS", "STATUSES", "SUGGESTED", "Field", "as_written", "read_record",
]  # fmt: skip

#: Format of the file; the number is raised by any change that older readers cannot follow.
FORMAT: Final = "landlink-register/1"

STATUSES: Final = ("draft", "accepted", "rejected")
DIRECTIONS: Final = ("at_least", "at_most", "more_than", "less_than", "equal")
#: What the words of a clause may say of its number: a side of it, or that it is a change.
QUANTITY_DIRECTIONS: Final = ("at_least", "at_most", "equal", "increase_by", "decrease_by")
#: The second group is for clauses that name a trend and no number, which are never kept or broken.
FINDINGS: Final = ("kept", "partly_kept", "not_kept", "open", *MOVEMENTS)
#: direct: the indicator measures the commitment itself. proxy: it measures something close to it. not_computed: the
#: commitment is measurable, but this version does not compute the indicator. not_measurable: no number would show it.
MEASURABLE: Final = ("direct", "proxy", "not_computed", "not_measurable")
#: What a reviewer should look at.
FLAGS: Final = (
    "anaphora", "inherited_strength", "duplicate", "missing_baseline", "missing_deadline", "country_not_party",
    "effect", "provision", "out_of_genre", "no_cue", "model_reading",
)  # fmt: skip
#: Fields that may be inferred rather than read; they are then kept under ``suggested`` until a person accepts them.
SUGGESTED: Final = ("indicator", "measurable", "target", "baseline", "deadline", "projects", "parties")
#: Fields of a clause on which reviewers may disagree; ``clause`` is whether there is such a clause at all.
DISPUTABLE: Final = (
    "clause", "status", "strength", "topics", "parties", "projects", "places", "quantity", "baseline_words", "target",
    "baseline", "deadline", "due_after", "measurable", "indicator", "gloss", "head",
)  # fmt: skip
PRESENCE: Final = ("present", "absent")

_DATE: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
_PERIOD: Final = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_IDENTIFIER: Final = re.compile(r"[^\s,;\[\]{}\"'<>&]{1,120}")
_PARTY: Final = re.compile(r"[A-Z]{3}")
_DURATION: Final = re.compile(r"P\d{1,4}[YMWD]")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
#: Longest text of a field in characters; quotations are the longest.
MAX_TEXT: Final = 20_000
#: Most items of a list.
MAX_ROWS: Final = 200_000


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record.

    Attributes
    ----------
    name
        Name of the field in the file.
    kind
        ``text``, ``line``, ``integer``, ``number``, ``date``, ``period``, ``hash``, ``id``, ``party``, the name of
        a record, or ``any`` for a suggestion; preceded by ``list of`` for several.
    meaning
        One sentence for the reference page.
    needed
        Whether a value is required.
    allowed
        Closed list of values; empty if any value is allowed.
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


#: All records by name, with their fields in file order.
SCHEMAS: Final[dict[str, tuple[Field, ...]]] = {
    "register": (
        _f("schema", "line", "Format of the register.", (FORMAT,), needed=True),
        _f("source", "source", "The text that was read.", needed=True),
        _f("parties", "list of party", "Countries that signed, as ISO 3166-1 alpha-3 codes."),
        _f("projects", "list of project", "Projects that the clauses name."),
        _f("clauses", "list of clause", "Clauses in text order.", needed=True),
        _f("unclassified", "list of sentence", "Sentences in which no clause was found, so that misses can be seen."),
    ),
    "source": (
        _f("title", "line", "Title of the text."),
        _f("language", "line", "ISO 639-1 code of most of the text.", needed=True),
        _f("sha256", "hash", "SHA-256 of the normalised text in UTF-8.", needed=True),
        _f("characters", "integer", "Length of the normalised text in characters.", needed=True, low=0),
        _f("file", "line", "Name of the file that was read, where it was not plain text."),
        _f("format", "line", "Its format.", ("pdf", "docx", "html", "text")),
        _f("file_sha256", "hash", "SHA-256 of the file."),
        _f("pages", "integer", "Number of its pages, where they are known.", low=1),
        _f("issued", "date", "Date on which it was issued."),
        _f("read_by", "line", "Program or model that read it."),
        _f("note", "text", "Remarks."),
    ),
    "project": (
        _f("id", "id", "Identifier, as clauses use it.", needed=True),
        _f("title", "line", "Name of the project."),
        _f("measure", "id", "The study's measure that models it."),
        _f("countries", "list of party", "Countries in which it lies."),
    ),
    "clause": (
        _f("id", "id", "Identifier, unique within the register.", needed=True),
        _f("sentence", "integer", "Index of its sentence, from 0.", low=0),
        _f("start", "integer", "Start of its span in the normalised text, in characters.", needed=True, low=0),
        _f("end", "integer", "End of its span.", needed=True, low=0),
        _f("page", "integer", "Page of the file on which it begins, where pages are known.", low=1),
        _f("quote", "text", "The normalised text of the span, verbatim; null if the text must not be reproduced."),
        _f("gloss", "text", "What it says, in the words of the register's author."),
        _f("strength", "integer", "5 signed, 4 pledged, 3 will, 2 ready, 1 stressed, 0 none.", low=0, high=5),
        _f("topics", "list of line", "Topics, the most relevant first.", TOPICS),
        _f("parties", "list of party", "Countries that commit themselves."),
        _f("projects", "list of id", "Projects that it concerns."),
        _f("places", "list of line", "Places that it names."),
        _f("quantity", "quantity", "The number that it states."),
        _f("baseline_words", "text", "The state that it compares with, in the words of the text or of the gloss."),
        _f("target", "target", "What is to be achieved."),
        _f("baseline", "baseline", "The value that it compares with."),
        _f("deadline", "date", "Date by which it is due."),
        _f(
            "due_after", "duration",
            "Time after the date of issue by which it is due, where the text gives no date: P3Y, P6M, P2W or P30D.",
        ),
        _f("measurable", "line", "How it can be measured.", MEASURABLE),
        _f("indicator", "line", "Indicator expression: an indicator, a sum, or a ratio of sums."),
        _f("note", "text", "Why it is measured this way, or cannot be measured."),
        _f("head", "text", "For an inherited strength, the words from which it comes."),
        _f("flags", "list of line", "What a reviewer should look at.", FLAGS),
        _f("rules", "rules", "For each field that was read, the rule that set it."),
        _f("suggested", "suggestions", "Inferred values; none counts until a person accepts it."),
        _f("status", "line", "State of its review.", STATUSES, needed=True),
        _f("accepted_by", "line", "Person who accepted it; required for an accepted clause."),
        _f("outcomes", "list of outcome", "What happened later."),
        _f("decisions", "list of decision", "Who decided what in review, and when; the latest last."),
        _f("disagreements", "list of opinion", "Fields on which reviewers differ, until one of them settles it."),
    ),
    "quantity": (
        _f("value", "number", "The number, with any scale word applied.", needed=True),
        _f("unit", "line", "What is counted; null if unknown."),
        _f("start", "integer", "Start of its span in the normalised text.", needed=True, low=0),
        _f("end", "integer", "End of its span.", needed=True, low=0),
        _f("per", "line", "For a rate, its period, or what the amount is for.", RATES),
        _f("direction", "line", "What the words say of the number; null if they do not say.", QUANTITY_DIRECTIONS),
        _f("baseline", "number", "The number from which it is to change, in the same unit, if the clause states it."),
    ),
    "target": (
        _f(
            "direction", "line",
            "Side of the number on which the commitment is kept; increase or decrease, without a number, where the "
            "clause names a trend only.",
            (*DIRECTIONS, *TRENDS), needed=True,
        ),
        _f("value", "number", "The number in the indicator's unit."),
        _f("times_baseline", "number", "Alternatively, a multiple of the baseline.", low=0),
        _f("plus_baseline", "number", "Alternatively, a change from the baseline, in `unit` or the indicator's."),
        _f(
            "unit", "line",
            "Unit of the number, else the indicator's. One that cannot be compared with that is refused.",
        ),
        _f(
            "tolerance", "number",
            "Permitted shortfall, as a share of the target; for a trend, the change, as a share of the baseline, up to "
            "which nothing has moved (0.001 if not given).",
            low=0, high=1,
        ),
    ),
    "baseline": (
        _f("value", "number", "The value in the indicator's unit."),
        _f("observed", "id", "Alternatively, a row of the study's table `observed`."),
        _f("scenario", "id", "Alternatively, a scenario of the study, for the value of the indicator there."),
        _f("year", "integer", "Year to which it applies.", low=1900, high=2200),
    ),
    "suggestion": (
        _f("value", "any", "The value, written as in the field itself.", needed=True),
        _f("rule", "line", "The rule that inferred it."),
        _f("why", "text", "The reason, for the reviewer."),
        _f("accepted_by", "line", "Person who accepted it; null if nobody has, and then it does not count."),
    ),
    "outcome": (
        _f("when", "period", "Year, month or day: 2024, 2024-06 or 2024-06-30.", needed=True),
        _f("value", "number", "Observed value in the indicator's unit."),
        _f("bound", "line", "The true value, or a bound of it.", ("value", "lower", "upper")),
        _f("observed", "list of id", "Rows of the study's table `observed` that add up to it."),
        _f("finding", "line", "What it says about the commitment, where no number does.", FINDINGS),
        _f("what", "text", "What happened.", needed=True),
        _f("source", "text", "Where it was published.", needed=True),
    ),
    "decision": (
        _f("field", "line", "What was decided on.", (*DISPUTABLE, "span", "note"), needed=True),
        _f("value", "text", "What was decided, in words; null if a value was removed."),
        _f("by", "line", "Person who decided.", needed=True),
        _f("when", "date", "Day of the decision; null if unknown."),
    ),
    "opinion": (
        _f("field", "line", "The field, or `clause`: whether there is such a clause at all.", DISPUTABLE, needed=True),
        _f("value", "any", "The value that this reviewer holds, written as in the field; null for none."),
        _f("by", "line", "The reviewer, or the file where no name is known.", needed=True),
        _f("when", "date", "Day of the decision; null if unknown."),
    ),
    "sentence": (
        _f("start", "integer", "Start of its span in the normalised text.", needed=True, low=0),
        _f("end", "integer", "End of its span.", needed=True, low=0),
        _f("language", "line", "ISO 639-1 code."),
        _f("quote", "text", "The normalised text of the span; null if the text must not be reproduced."),
        _f("flags", "list of line", "What a person should look at.", FLAGS),
    ),
}  # fmt: skip

_WORDS: Final = {
    "text": "text", "line": "text on one line", "integer": "a whole number", "number": "a finite number",
    "date": "a date such as 2022-02-06", "period": "a year, a month or a day: 2024, 2024-06 or 2024-06-30",
    "hash": "64 hexadecimal digits in lower case", "id": "an identifier without spaces, commas or brackets",
    "party": "an ISO 3166-1 alpha-3 code such as KGZ", "any": "a value",
    "duration": "a duration such as P3Y, P6M, P2W or P30D",
}  # fmt: skip
_PATTERNS: Final = {
    "date": _DATE, "period": _PERIOD, "hash": _HASH, "id": _IDENTIFIER, "party": _PARTY, "duration": _DURATION,
}  # fmt: skip


def read_record(node: Located, schema: str, row: str, problems: list[Problem], name: str) -> dict[str, Any]:
    """Read one record and report everything that is wrong with it.

    Parameters
    ----------
    node
        The record as parsed.
    schema
        Name of the record in :data:`SCHEMAS`.
    row
        Name of the record in error messages, without its line.
    problems
        List to which problems are added.
    name
        Name of the file in error messages.

    Returns
    -------
    dict
        All fields of the schema; None where a value is missing or invalid, an empty list for lists.
    """
    return _Reader(problems, name).record(node, schema, row, "")


class _Reader:
    def __init__(self, problems: list[Problem], name: str) -> None:
        self._problems = problems
        self._name = name

    def _report(self, node: Located, row: str, field: str, message: str, allowed: str = "", value: object = "") -> None:
        where = f"line {node.line}" + (f", {row}" if row else "")
        shown = str(value)
        found = shown if len(shown) <= 80 else shown[:77] + "..."
        self._problems.append(Problem(self._name, message, where, field, found, allowed))

    def record(self, node: Located, schema: str, row: str, prefix: str) -> dict[str, Any]:
        fields = SCHEMAS[schema]
        if not isinstance(node.value, dict):
            names = ", ".join(field.name for field in fields)
            self._report(node, row, prefix.rstrip("."), "not a mapping", f"the fields {names}", node.plain)
            return {field.name: _empty(field) for field in fields}
        if schema == "clause" and isinstance(known := node.value.get("id"), Located) and isinstance(known.value, str):
            row = f"clause {known.value[:60]}"
        known_names = [field.name for field in fields]
        for key, item in node.value.items():
            if key not in known_names:
                allowed = suggestion(key, known_names) or ", ".join(known_names)
                self._report(item, row, prefix + key, "unknown field", allowed)
        found = {field.name: self._field(node, field, row, prefix) for field in fields}
        if schema == "opinion" and found["field"]:
            found["value"] = self._opinion(node, found["field"], row, prefix)
        return found

    def _field(self, node: Located, field: Field, row: str, prefix: str) -> Any:
        item = node.value.get(field.name)
        at = prefix + field.name
        if item is None or item.value is None:
            if field.needed:
                self._report(item or node, row, at, "missing", _allowed(field))
            return _empty(field)
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
            self._report(item, row, at, "not a list", f"a list; each item: {_WORDS.get(kind, kind)}", item.plain)
            return
        if len(item.value) > MAX_ROWS:
            self._report(item, row, at, "too many items", f"at most {MAX_ROWS:,}", len(item.value))
            return
        for number, part in enumerate(item.value):
            value = self._one(
                part, field, kind, row or f"{kind} {number + 1}", "" if kind in SCHEMAS and not row else at
            )
            if value is not None:
                yield value

    def _one(self, item: Located, field: Field, kind: str, row: str, at: str) -> Any:
        if kind in SCHEMAS:
            # Fields of parts are prefixed with the part; fields of the clause itself need no prefix.
            return self.record(item, kind, row, f"{at}." if at and kind not in ("clause", "source") else "")
        # A bare year is parsed as a number.
        value: Any = str(item.value) if kind == "period" and type(item.value) is int else item.value
        if not _fits(value, kind):
            self._report(item, row, at, "wrong type", _allowed(field, kind), item.plain)
            return None
        if field.allowed and value not in field.allowed:
            near = suggestion(str(value), field.allowed)
            self._report(item, row, at, "invalid value", near or _allowed(field, kind), value)
            return None
        if kind in ("integer", "number") and not field.low <= value <= field.high:
            self._report(item, row, at, "out of bounds", _bounds(field), value)
            return None
        return float(value) if kind == "number" else value

    def _texts_by_name(self, item: Located, row: str, at: str) -> dict[str, str]:
        if not isinstance(item.value, dict):
            self._report(item, row, at, "not a mapping", "the rule of each field", item.plain)
            return {}
        names = [field.name for field in SCHEMAS["clause"]]
        found = {}
        for key, part in item.value.items():
            if key not in names:
                self._report(part, row, f"{at}.{key}", "not a field of a clause", suggestion(key, names))
            elif not _fits(part.value, "line"):
                self._report(part, row, f"{at}.{key}", "wrong type", _WORDS["line"], part.plain)
            else:
                found[key] = str(part.value)
        return found

    def _opinion(self, node: Located, name: str, row: str, prefix: str) -> Any:
        """Read the value of an opinion by the field that it is about."""
        kinds = {field.name: field for field in SCHEMAS["clause"]} | {
            "clause": Field("clause", "line", "", needed=True, allowed=PRESENCE)
        }
        given = node.value.get("value", Located(None, node.line))
        return self._field(Located({name: given}, node.line), kinds[name], row, f"{prefix}value of ")

    def _suggestions(self, item: Located, row: str, at: str) -> dict[str, dict[str, Any]]:
        if not isinstance(item.value, dict):
            self._report(item, row, at, "not a mapping", f"the fields {', '.join(SUGGESTED)}", item.plain)
            return {}
        fields = {field.name: field for field in SCHEMAS["clause"]}
        found: dict[str, dict[str, Any]] = {}
        for key, part in item.value.items():
            if key not in SUGGESTED:
                self._report(part, row, f"{at}.{key}", "cannot be suggested", ", ".join(SUGGESTED))
                continue
            record = self.record(part, "suggestion", row, f"{at}.{key}.")
            if isinstance(part.value, dict) and "value" in part.value:
                wanted = Located({key: part.value["value"]}, part.line)
                record["value"] = self._field(wanted, fields[key], row, f"{at}.")
            found[key] = record
        return found


def _fits(value: object, kind: str) -> bool:
    """Whether a scalar is of a given kind."""
    if kind == "any":
        return True
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        return False
    if kind in _PATTERNS:
        return _PATTERNS[kind].fullmatch(value) is not None and (kind not in ("date", "period") or _is_day(value))
    return kind == "text" or not any(sign in value for sign in "\n\r\x00")


def _is_day(text: str) -> bool:
    """Whether a date, or the first day of a year or month, exists."""
    try:
        dt.date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text)
    except ValueError:
        return False
    return True


def _empty(field: Field) -> Any:
    if field.kind.startswith("list of "):
        return []
    return {} if field.kind in ("rules", "suggestions") else None


def _allowed(field: Field, kind: str = "") -> str:
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
    """Arrange a record in the field order of its schema, as it is written to a file."""
    return {field.name: record.get(field.name, _empty(field)) for field in SCHEMAS[schema]}
