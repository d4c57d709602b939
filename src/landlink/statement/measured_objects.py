"""What a clause speaks of that could be measured, such as waiting or transit, and which way its verb wants it to go."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from landlink.statement.lexicon import UserTables, rows
from landlink.statement.patterns import expression
from landlink.statement.quantity_direction import direction_words

__all__ = ["ELSEWHERE", "LESS_IS_BETTER", "OBJECTS", "OBJECT_KINDS", "measured_object", "trend_of"]

#: What is measured nowhere here: ships, aircraft, pipes, passengers. A clause that names it gets no suggestion.
ELSEWHERE: Final = "elsewhere"
_BARRIER: Final = "barrier"
_EMISSIONS: Final = "emissions"
#: Kinds in ``objects.csv`` that can be measured. The first that a clause names is what it is about: "the waiting time
#: of trucks" is about waiting.
OBJECTS: Final = (
    _EMISSIONS, "energy_use", "appraisal", "resilience", "trade_structure", "trade_balance", "cost", "wait",
    "travel_time", "transit", "trade", "trains", "vehicles", "freight",
)  # fmt: skip
#: Everything that ``objects.csv`` may name.
OBJECT_KINDS: Final = frozenset({*OBJECTS, ELSEWHERE, _BARRIER})
#: Those of which less is better, so that to ease them is to lower them. The structure of trade is measured by its
#: concentration.
LESS_IS_BETTER: Final = frozenset({_EMISSIONS, "energy_use", "trade_structure", "cost", "wait", "travel_time"})


@lru_cache(maxsize=16)
def _patterns(language: str, user_tables: UserTables | None = None) -> dict[str, re.Pattern[str]]:
    spaced = language != "zh"
    bodies: dict[str, list[str]] = {}
    for row in rows(language, "objects", user_tables):
        bodies.setdefault(row["object"], []).append(expression(row["pattern"], spaced=spaced))
    front = r"(?<!\w)[وفبل]?(?:ال)?" if language == "ar" else r"(?<!\w)" if spaced else ""
    tail = r"(?!\w)" if spaced else ""
    return {kind: re.compile(f"{front}(?:{'|'.join(found)}){tail}") for kind, found in bodies.items()}


def measured_object(text: str, language: str, user_tables: UserTables | None = None) -> str:
    """Name what a folded clause is about, of :data:`OBJECTS`; empty if it is nothing that is measured here.

    Examples
    --------
    >>> measured_object("reduce the waiting time of trucks", "en"), measured_object("cut emissions of ships", "en")
    ('wait', '')
    """
    patterns = _patterns(language, user_tables)
    # The gas of greenhouse gases comes through no pipe.
    others = patterns[_EMISSIONS].sub(" ", text) if _EMISSIONS in patterns else text
    if _named(ELSEWHERE, patterns, others):
        return ""
    return next((kind for kind in OBJECTS if _named(kind, patterns, text)), "")


def _named(kind: str, patterns: dict[str, re.Pattern[str]], text: str) -> bool:
    return kind in patterns and patterns[kind].search(text) is not None


def trend_of(text: str, language: str, user_tables: UserTables | None = None) -> str:
    """Say which way a folded clause without a number wants what it is about to go.

    Verbs that only ease ("facilitate") follow from what is eased: less waiting, more trade. To remove a barrier is to
    ease. Verbs that point both ways, and verbs that contradict what is good for their object, say nothing.

    Returns
    -------
    str
        ``increase``, ``decrease`` or empty.

    Examples
    --------
    >>> trend_of("expand mutual trade", "en"), trend_of("facilitate the crossing time of trucks", "en")
    ('increase', 'decrease')
    >>> trend_of("reduce transit traffic", "en"), trend_of("remove barriers to mutual trade", "en")
    ('', '')
    """
    thing = measured_object(text, language, user_tables)
    if not thing:
        return ""
    better = "decrease" if thing in LESS_IS_BETTER else "increase"
    verbs = direction_words(language, user_tables).verbs
    said = {kind for kind in ("up", "down", "ease") if kind in verbs and verbs[kind].search(text)}
    if _named(_BARRIER, _patterns(language, user_tables), text):
        return better if said & {"down", "ease"} and "up" not in said else ""
    wanted = {"up": "increase", "down": "decrease", "ease": better}
    ways = {wanted[kind] for kind in said}
    return better if ways == {better} else ""
