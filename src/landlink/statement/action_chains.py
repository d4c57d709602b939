"""Chains of actions under one verb: "agreed to build a road, to open a post and to lower duties"."""

from __future__ import annotations

import re
from typing import Final

from landlink.statement.clause_draft import ClauseDraft
from landlink.statement.cue_index import CueIndex
from landlink.statement.patterns import Hit, overlaps

__all__ = ["begins_item"]

#: Endings of Russian nouns of action, by case; a chain keeps to one.
_CASES: Final = (
    ("prepositional", re.compile(r"(?:нии|ции|тии|ке|те|ве|ске|де|оне|ене)$")),
    ("dative", re.compile(r"(?:нию|ции|тию|ке|те|ву|ку|ску|ду|зу)$")),
    ("genitive", re.compile(r"(?:ния|ции|тия|ки|ты|ва|ка|ска|да|за)$")),
    ("accusative", re.compile(r"(?:ние|цию|тие|ку|ту|во|к|ск)$")),
    ("instrumental", re.compile(r"(?:нием|цией|тием|кой|той|вом|ком|ском)$")),
)
_WORD: Final = re.compile(r"[\w'-]+")
#: Words between a cue and the first action that it governs.
_REACH: Final = 6
#: What an Arabic item may join to the front of its verbal noun: "and", or "and" with the preposition of the verb.
_FRONTS: Final = frozenset({"", "و", "وب", "ول", "ب", "ل"})
#: Words behind which a word is no verb.
_NO_OBJECT: Final = re.compile(
    r"\s*(?:$|[,.;:)]|(?:and|or|of|in|for|on|between|with|at|from|by|as|which|that|to|services?|cooperation|links?|projects?)\b)"
)
#: Letters of the longest words that join.
_LONG: Final = 20
#: Adverbs that may stand before an action, at most.
_ADVERBS: Final = 4


def begins_item(index: CueIndex, place: int, before: ClauseDraft | None) -> bool:
    """Whether an action that continues a chain begins at a place.

    Parameters
    ----------
    index
        The sentence.
    place
        Where a part of it begins.
    before
        The clause before, or None.
    """
    strong = _connector(index, place)
    if before is not None and not strong and _listing(index, before.start, place):
        return False
    action = _first_action(index, strong.end if strong else place)
    return action is not None and _fits(index, action, place, before)


def _first_action(index: CueIndex, spot: int) -> Hit | None:
    """The action that stands at a place, adverbs before it left aside."""
    for _ in range(_ADVERBS):
        spot = _next_word(index, spot)
        action = _action(index, spot)
        adverb = index.at("adverb", spot)
        if action is not None or adverb is None:
            return action
        spot = adverb.end
    return None


def _connector(index: CueIndex, place: int) -> Hit | None:
    """A "as well as" that stands at a place or right before it."""
    for hit in index.within("connector", place - _LONG, place + 3):
        if hit.start == place or (hit.end <= place and index.apart(hit.end, place) == 0 and place - hit.end <= 2):
            return hit if hit.start == place else Hit(place, place, hit.kind, 0, place)
    return None


def _listing(index: CueIndex, begin: int, place: int) -> bool:
    """Whether examples are being listed ("such as ...") at a place."""
    return bool(index.within("enumerate", begin, place))


def _next_word(index: CueIndex, place: int) -> int:
    while place < len(index.text) and not index.text[place].isalnum():
        place += 1
    return place


def _action(index: CueIndex, spot: int) -> Hit | None:
    """The action at a place, if any: in Arabic perhaps behind an "and"."""
    found: list[Hit] = []
    for kind in ("base", "gerund", "noun", "base_or_noun"):
        near = index.within(kind, spot, spot + 3)
        found += [hit for hit in near if hit.start == spot and index.text[spot : hit.pos] in _FRONTS]
    blocked = index.within("notaction", spot, spot + 1)
    found = [hit for hit in found if not overlaps(hit, blocked)]
    return max(found, key=lambda hit: hit.end) if found else None


def _fits(index: CueIndex, action: Hit, place: int, before: ClauseDraft | None) -> bool:
    """Whether an action stands in the form that the chain asks for."""
    if index.language == "zh":
        return _fits_chinese(index, action, place)
    if index.language == "ar":
        return _fits_arabic(index, action)
    if before is None:
        return True
    if index.language == "ru":
        return action.kind == "base" or _same_case(index, action, place, before)
    return _fits_english(index, action, place, before)


def _fits_english(index: CueIndex, action: Hit, place: int, before: ClauseDraft) -> bool:
    """A word that may be a noun needs an object, an -ing form another one before it."""
    if action.kind == "base_or_noun":
        return not _NO_OBJECT.match(index.text, action.end)
    return action.kind != "gerund" or bool(index.within("gerund", before.start, place))


def _fits_chinese(index: CueIndex, action: Hit, place: int) -> bool:
    """A verb opens a part of its own; behind a mark that lists things, only one that is no noun."""
    rest = re.match(r"[^，；、。：,;]*", index.text[action.end :])
    long_enough = rest is not None and len(rest.group()) >= 2
    listed = place > 0 and index.text[place - 1] in "、和且及"
    return long_enough and (action.kind == "base" or not listed)


def _fits_arabic(index: CueIndex, action: Hit) -> bool:
    """A verbal noun needs an object behind it: a word, not a mark or an "and"."""
    rest = index.text[action.end :]
    return bool(re.match(r"\s+(?!و\w{3,})\w", rest))


def _same_case(index: CueIndex, action: Hit, place: int, before: ClauseDraft) -> bool:
    """Whether a Russian noun of action stands in the case of the first one that the verb governs."""
    nouns = [hit for hit in index.kinds.get("noun", ()) if before.start <= hit.pos < place]
    if not nouns:
        return False
    word = _WORD.match(index.text, action.pos)
    own = word.group() if word else ""
    for noun in nouns[:2]:
        match = _WORD.match(index.text, noun.pos)
        other = match.group() if match else ""
        if any(ending.search(own) and ending.search(other) for _, ending in _CASES):
            return True
    return False
