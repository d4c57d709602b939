"""Heads of lists: "The Sides agreed to:", and branches within a list: "(c) in the field of culture:"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from landlink.statement.action_chains import first_action
from landlink.statement.clause_draft import ClauseDraft
from landlink.statement.cue_index import CueIndex
from landlink.statement.lexicon import Lexicon
from landlink.statement.patterns import Hit

__all__ = ["announces_list", "opens_branch"]

#: Characters of what may follow the words that announce a list, and words that may follow a verb before its list.
_REST: Final = 70
_FEW_WORDS: Final = 4
#: Words whose object is the list itself.
_UNFINISHED: Final = re.compile(
    r"(?:\b(?:to|that|on|of|for|by|in|and|о|об|на|в|по|чтобы|что)|\bان|علي|الي|في)\s*[:：]\s*$"
)
#: Words with which a part of a list begins that says only where or when its items apply.
_BRANCH: Final = {
    "en": re.compile(
        r"(?:for|in|on|at|with|within|under|where|when|if|as (?:regards|to|for)|regarding|concerning|during"
        r"|by way of|relating to|"
        r"about|upon|after|before|until|in case of|between|among|across|along|throughout|from)\b"
    ),
    "ru": re.compile(r"(?:в|во|по|на|для|при|с|со|что касается|если|когда|касательно|относительно|между|после|до)\s"),
    "zh": re.compile(r"(?:在|对|对于|就|关于|于|为|如|针对|围绕|当|凡)"),
    "ar": re.compile(r"(?:في|فيما يتعلق|بشان|علي|عند|اذا|بالنسبة|من اجل|بين|خلال)\s"),
}
_CHINESE_END: Final = re.compile(r"(?:方面|领域|问题|情况下|时|范围内|期间|框架下)[:：]\s*$")


def announces_list(text: str, lexicon: Lexicon, draft: ClauseDraft) -> bool:
    """Whether a clause says nothing but that a list follows.

    Parameters
    ----------
    text
        The folded sentence.
    lexicon
        Lexicon of its language.
    draft
        Its last clause.
    """
    cue = draft.rule.rpartition(":")[2]
    at = text.find(cue, draft.start)
    rest = text[at + len(cue) :] if at >= 0 else text[draft.start :]
    ends = rest.rstrip()[-1:] or text.rstrip()[-1:]
    colon = ends in (":", "：")
    announced = [hit for hit in lexicon.cues.scan(rest) if hit.kind == "listhead"]
    if announced:
        return len(rest) - announced[0].end <= _REST and (colon or ends in (".", "。"))
    return colon and (_words(rest, lexicon.language) <= _FEW_WORDS or _UNFINISHED.search(text) is not None)


def opens_branch(text: str, lexicon: Lexicon, mentions: Sequence[Hit]) -> bool:
    """Whether a folded list item only says where, when or for whom the items below it apply."""
    if text.rstrip()[-1:] not in (":", "："):
        return False
    index = CueIndex(text, lexicon, mentions)
    if index.cues:
        return False
    acts = first_action(index, 0) is not None
    if _BRANCH[lexicon.language].match(text):
        return not acts or lexicon.language in {"en", "ru"} or _CHINESE_END.search(text) is not None
    return bool(index.kinds["agent"]) and not acts and _words(text, lexicon.language) <= _FEW_WORDS + 1


def _words(text: str, language: str) -> float:
    """Count the words; in Chinese, half the characters."""
    return len(text.strip(" :：。.")) / 2 if language == "zh" else len(re.findall(r"\w+", text))
