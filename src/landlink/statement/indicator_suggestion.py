"""Which indicator of the model a clause points to, by a table of topics and units."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from landlink.statement.lexicon import Row, shared_rows

__all__ = ["indicator_for"]


@lru_cache(maxsize=16)
def _table(own: Path | None) -> tuple[Row, ...]:
    return tuple(shared_rows("indicators", own))


def indicator_for(
    topics: Sequence[str], unit: str, parties: Sequence[str], crossings: Sequence[str], own: Path | None = None
) -> str | None:
    """Expression of an indicator, or None.

    Parameters
    ----------
    topics
        Topics of the clause.
    unit
        Unit of its quantity; empty: none.
    parties
        Those who promise.
    crossings
        Identifiers of crossings that it names.
    own
        Folder of the user's own tables.
    """
    for row in _table(own):
        if not set(row["topics"].split("+")) <= set(topics) or row["units"] not in {"", unit}:
            continue
        if row["needs"] == "crossing" and not crossings:
            continue
        if row["needs"] == "pair" and len(parties) != 2:
            continue
        first, second = (*parties, "", "")[:2]
        return row["indicator"].format(crossing=(crossings or [""])[0], first=first, second=second)
    return None
