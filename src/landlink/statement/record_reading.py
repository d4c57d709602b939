"""Read the records of a register by their schema, telling everything that is wrong with them."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from landlink.core.errors import Problem, suggestion
from landlink.statement.register_schema import PRESENCE, SCHEMAS, SUGGESTED, Field
from landlink.statement.register_yaml import Located

__all__ = ["as_written", "read_record"]

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
        if field.kind == "translations":
            return self._translations(item, field, row, at)
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

    def _translations(self, item: Located, field: Field, row: str, at: str) -> dict[str, str]:
        if not isinstance(item.value, dict):
            self._report(item, row, at, "not a mapping", f"a text for each of {', '.join(field.allowed)}", item.plain)
            return {}
        found = {}
        for code, part in item.value.items():
            if code not in field.allowed:
                self._report(part, row, f"{at}.{code}", "unknown language", ", ".join(field.allowed), code)
            elif not _fits(part.value, "text"):
                self._report(part, row, f"{at}.{code}", "wrong type", _WORDS["text"], part.plain)
            elif not part.value.strip():
                self._report(part, row, f"{at}.{code}", "empty", f"a text, or no field {code}")
            else:
                found[code] = str(part.value)
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
    return {} if field.kind in ("rules", "suggestions", "translations") else None


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
