"""Turn the records of a register into plain mappings, lists and scalars, as they are written to a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from landlink.statement.record_reading import as_written
from landlink.statement.register_records import Suggestion

__all__ = ["plain"]

#: Schema of the record that each field of a register or clause holds.
_RECORDS: Final = {
    "source": "source", "projects": "project", "clauses": "clause", "unclassified": "sentence", "quantity": "quantity",
    "target": "target", "baseline": "baseline", "outcomes": "outcome", "suggested": "suggestion",
    "decisions": "decision", "disagreements": "opinion",
}  # fmt: skip
#: Fields that are written only where they hold something: translations, and what a review has left.
_OPTIONAL: Final = ("titles", "glosses", "decisions", "disagreements")


def plain(value: Any, name: str) -> Any:
    """Convert a field of a register.

    Parameters
    ----------
    value
        A record, a sequence or mapping of records, or a scalar.
    name
        Name of the field.

    Returns
    -------
    object
        Mappings, lists and scalars.
    """
    if isinstance(value, Mapping):
        if name == "suggested":
            return {key: _suggestion(item, key) for key, item in value.items()}
        return dict(sorted(value.items())) if name in ("glosses", "titles") else dict(value)
    if isinstance(value, tuple | list):
        return [plain(item, name) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if name in _RECORDS and hasattr(value, "__dataclass_fields__"):
        return _record(value, _RECORDS[name])
    return value


def _record(record: Any, schema: str) -> dict[str, Any]:
    fields = {key: getattr(record, key) for key in record.__dataclass_fields__}
    if schema == "quantity":
        fields = {key: item or None if key in ("unit", "per", "direction") else item for key, item in fields.items()}
    # Parts of a clause omit empty fields to stay short. A clause shows every field, null where unknown.
    short = schema not in ("clause", "source")
    if schema == "opinion":
        return as_written(
            fields | {"value": plain(record.value, record.field), "when": plain(record.when, "when")}, schema
        )
    written = as_written(fields, schema)
    return {
        key: plain(item, key)
        for key, item in written.items()
        if not ((short or key in _OPTIONAL) and item in (None, (), {}))
    }


def _suggestion(item: Suggestion, name: str) -> dict[str, Any]:
    return {
        "value": plain(item.value, name),
        "rule": item.rule,
        "why": item.why,
        "accepted_by": item.accepted_by,
    }
