"""Suggest the model indicator for a clause from a table of topics and units."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from landlink.statement.lexicon import Row, shared_rows

__all__ = ["indicator_for"]


@lru_cache(maxsize=16)
def _table(user_tables: Path | None) -> tuple[Row, ...]:
    return tuple(shared_rows("indicators", user_tables))


def indicator_for(
    topics: Sequence[str], unit: str, parties: Sequence[str], crossings: Sequence[str], user_tables: Path | None = None
) -> str | None:
    """Suggest an indicator.

    Parameters
    ----------
    topics
        Topics of the clause.
    unit
        Unit of its quantity; empty if it has none.
    parties
        Countries that commit themselves.
    crossings
        Identifiers of the crossings that it names.
    user_tables
        Folder of the user's own tables.

    Returns
    -------
    str or None
        Indicator expression of the first row that applies.
    """
    for row in _table(user_tables):
        if not set(row["topics"].split("+")) <= set(topics) or row["units"] not in {"", unit}:
            continue
        if row["needs"] == "crossing" and not crossings:
            continue
        if row["needs"] == "pair" and len(parties) != 2:
            continue
        first, second = (*parties, "", "")[:2]
        return row["indicator"].format(crossing=(crossings or [""])[0], first=first, second=second)
    return None
