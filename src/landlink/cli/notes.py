"""Notes of results, said once for all that have them, with long lists of identifiers cut."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

__all__ = ["said_once", "with_short_lists"]

#: Identifiers of a list that are named; the rest are counted.
_NAMED: Final = 2
#: A sentence that ends in a list of at least four identifiers.
_LIST: Final = re.compile(r"^(?P<what>[^:]+): (?P<ids>[\w./-]+(?:, [\w./-]+){3,})$")


def said_once(notes: Sequence[Iterable[str]], signs: str, names: Mapping[str, str] | None = None) -> list[str]:
    """Join the notes of several results: each once, with the letters of the results that have it.

    Parameters
    ----------
    notes
        Notes of each result.
    signs
        Letter of each result.
    names
        Names in words of identifiers that notes list.

    Examples
    --------
    >>> said_once([["waits differ", "a gap"], ["waits differ"]], "AB")
    ['Note (A, B): waits differ', 'Note (A): a gap']
    """
    having: dict[str, list[str]] = {}
    for sign, own in zip(signs, notes, strict=False):
        for note in dict.fromkeys(own):
            having.setdefault(note, []).append(sign)
    return [f"Note ({', '.join(of)}): {with_short_lists(note, names)}" for note, of in having.items()]


def with_short_lists(note: str, names: Mapping[str, str] | None = None) -> str:
    """Count the identifiers at the end of a note and name the first, in words where ``names`` has them.

    Examples
    --------
    >>> with_short_lists("links without a crossing: R1, R2, R3, R4, R5")
    '5 links without a crossing: R1, R2, … (all: landlink check)'
    >>> with_short_lists("links without a crossing: R1, R2, R3, R4", {"R1": "Osh – Uzgen"})
    '4 links without a crossing: Osh – Uzgen (R1), R2, … (all: landlink check)'
    """
    found = _LIST.match(note)
    if found is None:
        return note
    ids = found["ids"].split(", ")
    known = names or {}
    named = [f"{known[one]} ({one})" if one in known else one for one in ids[:_NAMED]]
    return f"{len(ids)} {found['what']}: {', '.join(named)}, … (all: landlink check)"
