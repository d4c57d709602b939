"""Provisions in English: "The Committee meets twice a year" commits in an agreement without a verb that commits.

The main verb of the sentence decides: a present tense binds, a past tense or a permission does not. The clause begins
at an active verb, and at the subject of a passive one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from landlink.statement.cue_index import CueIndex
from landlink.statement.english_verbs import plain_form, verbs

__all__ = ["english_provisions"]

#: Words with which a part opens that says only when, where or why.
_LEAD_IN: Final = re.compile(
    r"(?:in|on|at|upon|after|before|for|with|without|under|by|as|to|until|unless|from|within|following|during|where|when|whenever|if|should|"
    r"once|pursuant to|subject to|notwithstanding|except|save|given|having|through|throughout|beyond"
    r"|pending|failing)\b[^,;]*,\s*"
)
#: Subjects of which no provision speaks: the instrument itself, domestic law, the writer of a letter, effects.
_NO_SUBJECT: Final = re.compile(
    r"(?:this|these|the present|the said|the foregoing) (?:agreement|memorandum|protocol|procedures?"
    r"|rules?|arrangement|convention|treaty|plan|"
    r"action plan|programme|document|annex|letter|understanding|roadmap|road map|minutes|text|terms)\b"
    r"|the annex(?:es)?\b|"
    r"(?:the |each )?(?:english|russian|chinese|arabic|french|spanish) text|i\b|it (?:is|was) |there (?:is|are) |"
    r"(?:the )?(?:[\w' -]{0,30} )?(?:laws?|legislation|constitution|acts?|bill|decree|code)\b(?! enforcement)"
)
_LAW_FIRST: Final = re.compile(
    r"(?:under|according to|pursuant to|in accordance with|by virtue of) (?:the |its "
    r"|a )?[^,;]{0,50}\b(?:act|laws?|code|decree|constitution|statute)\b"
)
#: Main verbs that do not bind, in whatever form.
_UNBOUND: Final = re.compile(
    r"(?:mean|apply|applie|constitute|form|consist|comprise|refer|include|contain|prevail|expire|recall|note|hope|believe|thank|appreciate|"
    r"express|congratulate|remain|share|need|want|like|seem|appear|belong|depend|expect|deserve|result|cause|show|indicate|exist|"
    r"know|think|see|say|state|observe|welcome|praise|replace|supersede|date|stem|run|carrie|carry|amount|total|stand|live|border|lie)(?:e?s)?"
)
_BE: Final = frozenset({"is", "are"})
_OTHER_VERBS: Final = frozenset(
    {
        "may", "might", "can", "could", "would", "should", "was", "were", "had", "has", "have", "did", "must",
        "shall", "will", "won't", "cannot",
    }
)  # fmt: skip
_PAST: Final = frozenset(
    {
        "found", "took", "rose", "fell", "held", "went", "came", "made", "gave", "led", "saw", "met", "ran",
        "began", "became", "grew", "brought", "built", "bought", "sold", "sent", "spent", "stood", "told",
        "thought", "won", "wrote", "drew", "drove", "felt", "kept", "left", "lost", "paid", "said", "sought",
        "spoke", "shrank", "sank", "broke", "chose", "flew", "knew", "fought", "caught", "taught",
    }
)  # fmt: skip
_PARTICIPLE: Final = re.compile(
    r"(?:\w+ed|put|set|held|built|given|made|laid|brought|sent|begun|drawn|cut|taken|paid|spent|kept|won|met|led|done|found|left|bought|sold|"
    r"shown|told|written|undertaken|overseen|split|dealt|borne|withheld|sought|run|driven|known|shut|read|lent|grown|sown|fed|kept|bound|"
    r"forbidden|hidden|chosen|shared|drawn|worn|withdrawn|upheld|met|ironed|free|open|responsible|liable|exempt|closed)"
)
#: Participles that state, permit or describe.
_NO_DUTY: Final = frozenset(
    {
        "expected", "entitled", "authorised", "authorized", "permitted", "allowed", "listed", "annexed",
        "attached", "defined", "understood", "based", "called", "known", "situated", "located", "composed",
        "divided", "grateful", "said", "believed", "estimated", "reported", "published", "enclosed",
        "mentioned", "described", "designed", "intended", "connected", "convinced", "aware", "pleased",
        "satisfied", "encouraged", "reminded", "free", "concerned", "determined", "deemed", "regarded",
    }
)  # fmt: skip
#: Characters from a new subject within which its verb stands.
_SOON: Final = 40
_FREE_TO: Final = frozenset(
    {"not", "to", "also", "only", "then", "always", "hereby", "jointly", "thereby", "equally", "both", "each"}
)
_WORD: Final = re.compile(r"[\w'-]+")
_LINK: Final = re.compile(
    r"(?:,?\s+(?:and|but|or)\s+|,\s+(?:and\s+|while\s+|whereas\s+)?)(?:also\s+|then\s+|thereafter\s+)?"
)
_PLURAL: Final = re.compile(r"(?:they|we|both|\w+s|\w+s'|people|staff|police|personnel|customs)$")
_NEW_SUBJECT: Final = re.compile(r"(?:the|each|either|every|its|their|it|they|both|all|no|any|one|such|other)\b")
_NEAR: Final = 14


def english_provisions(index: CueIndex, *, strict: bool) -> Iterator[tuple[int, int]]:
    """Yield the spans of the provisions of an English sentence that has no verb of commitment.

    Parameters
    ----------
    index
        Cues of the sentence.
    strict
        Whether only a sentence in which a party acts is a provision, as in minutes and plans.
    """
    text = index.text
    if text.rstrip()[-1:] not in ".;" or _LAW_FIRST.match(text):
        return
    lead = _LEAD_IN.match(text)
    start = lead.end() if lead else 0
    end = len(text.rstrip(" .;"))
    while start < end:
        if _NO_SUBJECT.match(text, start):
            return
        verb = _main_verb(text, start, end)
        if verb is None:
            return
        begin, passive = verb
        acts = bool(index.within("agent", start, begin + 1 if passive else begin)) or text.startswith(
            ("it ", "they "), start
        )
        if strict and (passive or not acts):
            return
        spans, following = _chain(text, start if passive else begin, begin, end, passive=passive)
        yield from spans
        start = following


def _main_verb(text: str, start: int, end: int) -> tuple[int, bool] | None:
    """Find the main verb after a subject, and whether it is passive; None if the sentence binds nobody."""
    plain, nouns = verbs()
    words = list(_WORD.finditer(text, start, end))[: 4 * _NEAR]
    for number, word in enumerate(words):
        letters = word.group()
        if letters in _OTHER_VERBS:
            return None
        before = words[number - 1].group() if number else ""
        if letters in _BE:
            return _of_be(words, number)
        if number == 0 or number > _NEAR:
            continue
        later = any(other.group() in _BE for other in words[number + 1 : number + _NEAR])
        if letters in _PAST or (letters.endswith("ed") and letters not in plain):
            if not later and not _present_later(words, number):
                return None
            continue
        stem = plain_form(letters)
        single = bool(stem) and before not in {"of", "the", "for", "and", "or", "in", "to", "a"}
        several = letters in plain and bool(_PLURAL.match(before)) and not plain_form(before)
        if not (single or several) or ((stem or letters) in nouns and later):
            continue
        if single and before.endswith("s") and before not in {"its", "this", "customs"} and not before.endswith("ss"):
            continue
        return None if _UNBOUND.fullmatch(letters) else (word.start(), False)
    return None


def _of_be(words: list[re.Match[str]], number: int) -> tuple[int, bool] | None:
    """Judge "is" and "are" by what follows: a participle or a duty binds, a description does not."""
    place = number + 1
    while place < len(words) and (words[place].group() in _FREE_TO or words[place].group().endswith("ly")):
        if words[place].group() == "to":
            return words[number].start(), True
        place += 1
    if place >= len(words) or words[place].group() in _NO_DUTY or not _PARTICIPLE.fullmatch(words[place].group()):
        return None
    return words[number].start(), True


def _present_later(words: list[re.Match[str]], number: int) -> bool:
    """Whether a present tense follows soon, so that a word like "imported" only describes the subject."""
    _, nouns = verbs()
    return any((stem := plain_form(word.group())) and stem not in nouns for word in words[number + 1 : number + 7])


def _chain(text: str, begin: int, verb: int, end: int, *, passive: bool) -> tuple[list[tuple[int, int]], int]:
    """Split what one subject does into clauses; return them and where a further subject begins."""
    plain, _ = verbs()
    word = _WORD.match(text, verb)
    single = word is not None and bool(plain_form(word.group()))
    found, start, place = [], begin, verb
    while cut := _LINK.search(text, place, end):
        place = cut.end()
        word = _WORD.match(text, place, end)
        if word is None:
            break
        letters = word.group()
        again = letters in _BE if passive else bool(plain_form(letters)) if single else letters in plain
        if again and _object(text, word.end(), end):
            found.append((start, cut.start()))
            start = place
        elif _has_subject_of_its_own(text, place, end):
            return [*found, (start, cut.start())], place
    return [*found, (start, end)], end


def _has_subject_of_its_own(text: str, place: int, end: int) -> bool:
    """Whether a new subject and its verb follow at once."""
    other = _main_verb(text, place, end) if _NEW_SUBJECT.match(text, place) else None
    return other is not None and other[0] - place < _SOON and not _LINK.search(text, place, other[0])


def _object(text: str, place: int, end: int) -> bool:
    """Whether words follow that can be the object of a verb, rather than "and" or a mark."""
    return re.match(r"\s+(?!and\b|or\b|of\b|,)[\w\"'“(]", text[place:end]) is not None
