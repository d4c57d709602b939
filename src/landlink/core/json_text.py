"""Plain values for JSON: what has no place in JSON is converted by its kind, never by its text as a Python object."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from pathlib import PurePath
from typing import Any

__all__ = ["json_text", "plain"]


def json_text(document: Any, *, indent: int = 1, sort_keys: bool = False) -> str:
    """Write a document as JSON for a file, with a line break at its end.

    Parameters
    ----------
    document
        Anything that :func:`plain` converts.
    indent
        Blanks by which each level is indented.
    sort_keys
        Order objects by their keys.
    """
    return json.dumps(plain(document), ensure_ascii=False, indent=indent, sort_keys=sort_keys, allow_nan=False) + "\n"


def plain(value: Any) -> Any:
    """Copy a value to the types of JSON.

    Data classes and mappings become objects, sequences and sets arrays, dates and paths text, NumPy and pandas scalars
    Python's; a number that is not finite becomes ``null``, since JSON has none.

    Raises
    ------
    TypeError
        The value is of another kind.

    Examples
    --------
    >>> plain({"gap": float("nan"), "years": (2023, 2030), "day": date(2022, 2, 6)})
    {'gap': None, 'years': [2023, 2030], 'day': '2022-02-06'}
    """
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | AbstractSet):
        return [plain(item) for item in (sorted(value, key=str) if isinstance(value, AbstractSet) else value)]
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> Any:
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, date):
        return None if value != value else value.isoformat()  # noqa: PLR0124  pandas' NaT is a date that is not itself
    if type(value).__name__ == "NAType":  # pandas' missing value, without importing pandas
        return None
    if hasattr(value, "tolist"):  # a NumPy scalar or array
        return plain(value.tolist())
    raise TypeError(f"{type(value).__name__} has no form in JSON")
