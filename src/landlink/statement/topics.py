"""What a clause is about: topics of the closed list, by the words of the lexicon."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from landlink.statement.lexicon import Lexicon

__all__ = ["GENERAL", "topics_of"]

#: What a clause is about that names no field.
GENERAL: Final = "general"
#: Topics that yield where their only words say more exactly what another topic means.
_MOST: Final = 10


def topics_of(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Topics of a folded clause, the most often named first; empty if no word tells.

    Parameters
    ----------
    text
        Folded clause.
    lexicon
        Tables of its language.
    """
    places: dict[str, set[int]] = defaultdict(set)
    order: dict[str, int] = {}
    for hit in lexicon.topics.scan(text):
        places[hit.kind].add(hit.start)
        order.setdefault(hit.kind, hit.start)
    found = [topic for topic in places if topic != GENERAL]
    found.sort(key=lambda topic: (-len(places[topic]), order[topic], topic))
    return tuple(found[:_MOST]) or ((GENERAL,) if GENERAL in places else ())
