"""Split a sentence into parts, wherever a clause may begin."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from landlink.statement.action_chains import first_action
from landlink.statement.cue_index import CueIndex

__all__ = ["PROVISO", "Part", "parts_of"]

#: Letters after the waw of Arabic words that begin with it, where it is no "and".
_WITH_WAW: Final = (
    "زير|زرا|زار|فد|فود|كال|كيل|ثيق|ثائق|سائل|سيل|صول|طني|قت|حدة|حدات|رش|رقة|قود|سط|اردات|اسع|دي|لاي|جه|جوب|عي|قاي|لوج|"
    "اجب|اقع|احد|ظيف|ظائف"
)
#: Separators after which a clause may begin, by language.
_CUTS: Final = {
    "en": re.compile(
        r"(?:(?<!\s)\s+)?[,;:]\s+(?:and|but|while|whereas|or|as well as)?\s*|"
        r"(?<!\s)\s+(?:and|while|whereas|as well as|-)\s+"
    ),
    "ru": re.compile(
        r"(?:(?<!\s)\s+)?[,;:]\s+(?:а также|и|а|но|тогда как|при этом)?\s*|"
        r"(?<!\s)\s+(?:и(?!\s+(?:впредь|далее|дальше))|а также|-)\s+"
    ),
    "zh": re.compile(
        r"(?<!一道)(?<!一起)(?<!基础上)(?<!框架内)(?<!框架下)[，；、：,;:](?:并且|而且|并|以及|同时|和|且|也)?|"
        r"(?:并|以及|和|且)(?=[一-龥]{2})"
    ),
    "ar": re.compile(
        r"(?:(?<!\s)\s+)?[،؛,;:]\s*|"
        r"(?<! علي)(?<! في)(?<! من)(?<! الي)(?<! عن)(?<!\s)\s+(?=و(?!" + _WITH_WAW + r")[^\W\d])|"
        r"(?<!\s)\s+(?=علي ان\s)|"
        r"(?<!\s)\s+(?=(?:فضلا عن|اضافة الي|بالاضافة الي|الي جانب|علاوة علي)\s)"
    ),
}
#: Chinese marks and words that may join nouns as well as clauses.
_ENUMERATES: Final = re.compile(r"、|(?:并|以及|和|且)$")
_TO_MARK: Final = re.compile(r"[^，；、。：,;和及]*")
#: Characters after a cut in which a cue decides that a clause begins, and of the shortest object of a verb.
_SOON: Final = 3
_SHORTEST_OBJECT: Final = 2
#: Words between a verb and "that" from which the latter is a proviso.
_PROVISO_AFTER: Final = 3
#: "Provided that" in Arabic, after which another clause stands.
PROVISO: Final = " علي ان "


@dataclass(frozen=True)
class Part:
    """The text between two separators.

    ``lead`` is the start of the separator before it; ``joined`` says that this separator is a plain "and".
    """

    lead: int
    start: int
    end: int
    joined: bool = False


def parts_of(index: CueIndex) -> list[Part]:
    """Split a sentence wherever a clause may begin."""
    parts: list[Part] = []
    lead, start, joined = 0, 0, False
    for cut in _CUTS[index.language].finditer(index.text):
        if cut.start() <= start or cut.end() >= len(index.text):
            continue
        if _bare_that(index, cut) or _within_list(index, cut) or _joins_names(index, cut) or _completes(index, cut):
            continue
        parts.append(Part(lead, start, cut.start(), joined))
        lead, start = cut.start(), cut.end()
        joined = not any(mark in cut.group() for mark in ",;:،؛，；、：-")
    parts.append(Part(lead, start, len(index.text), joined))
    return parts


def _bare_that(index: CueIndex, cut: re.Match[str]) -> bool:
    """Whether a punctuation mark merely precedes the "that" of the preceding words."""
    if index.language == "zh" or any(letter.isalpha() for letter in cut.group()) or index.at("relative", cut.end()):
        return False
    return index.at("complement", cut.end()) is not None


def _joins_names(index: CueIndex, cut: re.Match[str]) -> bool:
    """Whether a Russian dash stands between two names or nouns: no verb follows it at once."""
    if index.language != "ru" or cut.group().strip() != "-":
        return False
    return not index.cues_in(cut.end(), cut.end() + 1) and first_action(index, cut.end()) is None


def _completes(index: CueIndex, cut: re.Match[str]) -> bool:
    """Whether an Arabic "that" completes the verb before it, rather than adding a proviso."""
    if index.language != "ar" or not index.text.startswith(PROVISO.strip() + " ", cut.end()):
        return False
    cues = index.cues_in(0, cut.start())
    return not cues or index.apart(cues[-1].end, cut.start()) < _PROVISO_AFTER


def _within_list(index: CueIndex, cut: re.Match[str]) -> bool:
    """Whether a Chinese enumeration mark or "and" only joins nouns: neither a verb nor a cue follows."""
    if index.language != "zh" or not _ENUMERATES.match(cut.group()):
        return False
    if index.cues_in(cut.end(), cut.end() + _SOON):
        return False
    action = first_action(index, cut.end())
    if action is None:
        return True
    rest = _TO_MARK.match(index.text, action.end)
    return action.kind != "base" or rest is None or len(rest.group()) < _SHORTEST_OBJECT
