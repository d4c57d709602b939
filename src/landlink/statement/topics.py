"""Assign topics of the closed list to a clause by the terms of the lexicon."""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections import defaultdict
from typing import Final

from landlink.statement.lexicon import HIDING, Lexicon
from landlink.statement.patterns import Hit

__all__ = ["GENERAL", "of_no_field", "topics_of"]

#: Topic of a clause that speaks of cooperation without naming a field.
GENERAL: Final = "general"
#: Most topics of one clause.
_MAX_TOPICS: Final = 10
#: Weight of terms that establish a topic on their own; lighter terms count only where there are none of these.
_SURE: Final = 2
#: Weight of terms of no field that say what the whole clause is about: the next meeting is about no field.
_WHOLE: Final = 3


def topics_of(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Find the topics of a folded clause.

    Terms within a longer term of another topic do not count: "food security" is about farming, not about security.

    Parameters
    ----------
    text
        The folded clause.
    lexicon
        Lexicon of its language.

    Returns
    -------
    tuple of str
        Topics, the most often named first; empty if no term occurs.
    """
    hits = [hit for hit in _unmasked(lexicon.topics.scan(text)) if hit.kind != HIDING]
    if any(map(_is_whole, hits)):
        return (GENERAL,)
    sure = [hit for hit in hits if hit.kind != GENERAL and hit.strength >= _SURE]
    counted = sure or [hit for hit in hits if hit.kind != GENERAL]
    places: dict[str, set[int]] = defaultdict(set)
    order: dict[str, int] = {}
    for hit in counted:
        places[hit.kind].add(hit.start)
        order.setdefault(hit.kind, hit.start)
    found = sorted(places, key=lambda topic: (-len(places[topic]), order[topic], topic))
    return tuple(found[:_MAX_TOPICS]) or ((GENERAL,) if hits else ())


def of_no_field(text: str, lexicon: Lexicon) -> bool:
    """Whether the words say that a folded clause is about no field, such as the next meeting."""
    return any(map(_is_whole, lexicon.topics.scan(text)))


def _is_whole(hit: Hit) -> bool:
    return hit.kind == GENERAL and hit.strength >= _WHOLE


def _unmasked(hits: list[Hit]) -> list[Hit]:
    """Drop hits within a longer hit of other topics."""
    spans: dict[tuple[int, int], set[str]] = defaultdict(set)
    for hit in hits:
        if hit.kind != GENERAL:
            spans[hit.start, hit.end].add(hit.kind)
    ordered = sorted(spans)
    longest = max((last - first for first, last in ordered), default=0)
    kept = []
    for hit in hits:
        around = ordered[bisect_left(ordered, (hit.end - longest, 0)) : bisect_right(ordered, (hit.start, sys.maxsize))]
        if all(hit.kind in spans[span] or span[1] < hit.end or span == (hit.start, hit.end) for span in around):
            kept.append(hit)
    return kept
