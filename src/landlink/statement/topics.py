"""What a clause is about: topics of the closed list, by the words of the lexicon."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from landlink.statement.lexicon import HIDING, Lexicon
from landlink.statement.patterns import Hit

__all__ = ["GENERAL", "topics_of"]

#: What a clause is about that names no field.
GENERAL: Final = "general"
#: Most topics of one clause.
_MOST: Final = 10
#: Weight of words that tell a topic by themselves; words of less count only where none of these stands.
_SURE: Final = 2


def topics_of(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Topics of a folded clause, the most often named first; empty if no word tells.

    Words inside a longer term of another topic do not count: "food security" is about farming, not about security.

    Parameters
    ----------
    text
        Folded clause.
    lexicon
        Tables of its language.
    """
    hits = [hit for hit in _unhidden(lexicon.topics.scan(text)) if hit.kind != HIDING]
    sure = [hit for hit in hits if hit.kind != GENERAL and hit.strength >= _SURE]
    counted = sure or [hit for hit in hits if hit.kind != GENERAL]
    places: dict[str, set[int]] = defaultdict(set)
    order: dict[str, int] = {}
    for hit in counted:
        places[hit.kind].add(hit.start)
        order.setdefault(hit.kind, hit.start)
    found = sorted(places, key=lambda topic: (-len(places[topic]), order[topic], topic))
    return tuple(found[:_MOST]) or ((GENERAL,) if hits else ())


def _unhidden(hits: list[Hit]) -> list[Hit]:
    """Hits that do not stand inside a longer one of other topics."""
    spans: dict[tuple[int, int], set[str]] = defaultdict(set)
    for hit in hits:
        if hit.kind != GENERAL:
            spans[hit.start, hit.end].add(hit.kind)
    return [
        hit
        for hit in hits
        if all(
            hit.kind in kinds or first > hit.start or last < hit.end or (first, last) == (hit.start, hit.end)
            for (first, last), kinds in spans.items()
        )
    ]
