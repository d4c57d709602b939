"""The register of consistency checks: each with the columns that it uses, so that only those concerned are run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

from landlink.core.errors import Problem
from landlink.tables.frames import Tables
from landlink.tables.schemas import TABLES

__all__ = ["CHECKS", "Check", "is_concerned", "looks_at"]

Check = Callable[[Tables], Iterable[Problem]]


#: All checks in the order of definition, with the columns that each uses in addition to keys, by table.
CHECKS: Final[dict[Check, Mapping[str, frozenset[str]]]] = {}


def looks_at(**columns: str) -> Callable[[Check], Check]:
    """Register a check with the columns, by table, that it uses in addition to the keys of those tables."""

    def entered(check: Check) -> Check:
        CHECKS[check] = {table: frozenset(names.split()) for table, names in columns.items()}
        return check

    return entered


def is_concerned(check: Check, changed: Mapping[str, Collection[str]]) -> bool:
    """Whether a check uses a column that changed."""
    return any(
        not (columns | set(TABLES[table].key)).isdisjoint(changed.get(table, ()))
        for table, columns in CHECKS[check].items()
    )
