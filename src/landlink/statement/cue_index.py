"""Index the cues of a sentence: which words commit, and which only appear to."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from landlink.statement.clause_draft import ClauseDraft
from landlink.statement.lexicon import CUES, Lexicon
from landlink.statement.patterns import Hit, overlaps

__all__ = ["CueIndex"]

#: Words (characters in Chinese) within which a preceding negation cancels a cue.
_NEAR: Final = {"en": 2, "ru": 2, "ar": 1, "zh": 2}
#: Words across which a "no" still cancels a cue.
_NO_REACH: Final = 6
_NO: Final = frozenset({"no", "neither", "none", "nor", "未", "没有", "没", "并未", "尚未", "لم"})
_WORD: Final = re.compile(r"\w+")
#: Chinese verbs of commitment that are nouns as well, and marks that end a part, the end of the text among them.
_NOUNS: Final = re.compile(r"建议|计划|要求|需要|倡议|决定|承诺|规划|意愿|支持|保证|必要")
_PART_ENDS: Final = ("", "，", "。", "；", "、", "）", ",", ";", ")", " ")
_DUAL_OR_PLURAL: Final = re.compile(r"(?:ان|ون|ا|وا)$")
#: Words before and after an Arabic verb within which its subject is sought.
_SUBJECT_REACH: Final = 4


def words_between(text: str, first: int, last: int, language: str) -> int:
    """Count the words between two offsets; in Chinese, the characters."""
    if last <= first:
        return 0
    return last - first if language == "zh" else len(_WORD.findall(text, first, last))


def _part_of(hit: Hit, name: Hit) -> bool:
    """Whether a hit is no word of its own but part of a country's name, as 不 ("not") is of 不丹 ("Bhutan")."""
    return name.pos <= hit.pos < name.end and (hit.pos > name.pos or hit.end <= name.end)


class CueIndex:
    """All lexicon hits of one sentence, by kind and position.

    Parameters
    ----------
    text
        The folded sentence.
    lexicon
        Lexicon of its language.
    mentions
        Countries that it names, which act like any other agent.
    """

    def __init__(self, text: str, lexicon: Lexicon, mentions: Sequence[Hit] = ()) -> None:
        self.text = text
        self.language = lexicon.language
        self.kinds: dict[str, list[Hit]] = defaultdict(list)
        names = sorted(mentions, key=lambda name: name.pos)
        begins = [name.pos for name in names]
        for hit in lexicon.cues.scan(text):
            before = bisect_right(begins, hit.pos)
            if not before or not _part_of(hit, names[before - 1]):
                self.kinds[hit.kind].append(hit)
        self.kinds["agent"] += [replace(hit, kind="agent") for hit in mentions]
        self._places: dict[str, list[int]] = {}
        for kind, hits in self.kinds.items():
            hits.sort(key=lambda hit: hit.pos)
            self._places[kind] = [hit.pos for hit in hits]
        self.cues = self._cues()
        self._cue_places = [cue.pos for cue in self.cues]

    def _cues(self) -> list[Hit]:
        """Collect the cues in text order: the longest of overlapping ones, without look-alikes."""
        every = [hit for kind in sorted(CUES) for hit in self.kinds.get(kind, ())]
        found = sorted(every, key=lambda hit: (hit.pos, -hit.end, -hit.strength))
        lookalikes = self.kinds.get("lookalike", [])
        kept: list[Hit] = []
        seen = reach = 0
        for hit in found:
            # A look-alike that begins no later and reaches as far holds the cue.
            while seen < len(lookalikes) and lookalikes[seen].pos <= hit.pos:
                reach, seen = max(reach, lookalikes[seen].end), seen + 1
            if kept and hit.pos < kept[-1].end:
                if hit.end > kept[-1].end and hit.pos == kept[-1].pos:
                    kept[-1] = hit
                continue
            if hit.end > reach and not self._no_cue(hit):
                kept.append(hit)
        return kept

    def _no_cue(self, hit: Hit) -> bool:
        """Whether a hit is no cue: a Chinese word that may be a verb ends a part as the object of one.

        An English "should" at the head of a sentence is none either: it opens a condition.
        """
        if self.language == "en":
            return hit.pos == 0 and self.text.startswith("should ")
        if self.language != "zh" or not _NOUNS.fullmatch(self.text, hit.pos, hit.end):
            return False
        return (
            hit.pos > 0 and self.text[hit.pos - 1] not in _PART_ENDS and self.text[hit.end : hit.end + 1] in _PART_ENDS
        )

    # Lookup

    def within(self, kind: str, first: int, last: int) -> list[Hit]:
        """Hits of a kind that begin within a span."""
        places = self._places.get(kind)
        if not places:
            return []
        return self.kinds[kind][bisect_left(places, first) : bisect_left(places, last)]

    def at(self, kind: str, place: int) -> Hit | None:
        """The longest hit of a kind that begins at an offset."""
        hits = self.within(kind, place, place + 1)
        return max(hits, key=lambda hit: hit.end) if hits else None

    def apart(self, first: int, last: int) -> int:
        """Words between two offsets."""
        return words_between(self.text, first, last, self.language)

    def any_of(self, kinds: Iterable[str], first: int, last: int) -> bool:
        """Whether a hit of any of some kinds begins within a span."""
        return any(self.within(kind, first, last) for kind in kinds)

    def cues_in(self, first: int, last: int) -> list[Hit]:
        """Cues that begin within a span."""
        places = self._cue_places
        return self.cues[bisect_left(places, first) : bisect_left(places, last)]

    # Cancellation

    def cancelled_by(self, cue: Hit, begin: int, end: int, context: int) -> str:
        """Say why a cue commits to nothing: ``negation``, ``past`` or ``outsider``; empty if it does commit.

        Parameters
        ----------
        cue
            A cue.
        begin, end
            Span of its clause.
        context
            Start of the preceding words that also bear on it.
        """
        if self._negated(cue, begin, end):
            return "negation"
        if self.within("outsider", context, cue.pos):
            return "outsider"
        if self.language == "ar" and any(
            self.apart(cue.end, hit.start) == 0 for hit in self.within("outsider", cue.end, cue.end + 3)
        ):
            return "outsider"
        if any(hit.pos <= cue.end for hit in self.within("others", context, cue.end)):
            return "others"
        if cue.kind in {"signed", "agreed"} and self._past(cue, context, end):
            return "past"
        return ""

    def _negated(self, cue: Hit, begin: int, end: int) -> bool:
        lookalikes = self.kinds.get("lookalike", [])
        near = self.within("negation", begin, end)
        negations = [hit for hit in near if not overlaps(hit, lookalikes)]
        for hit in negations:
            if begin <= hit.start and hit.end <= cue.pos:
                far = self.apart(hit.end, cue.pos)
                reach = _NO_REACH if self.text[hit.pos : hit.end] in _NO else _NEAR[self.language]
                if self.language == "zh" and hit.end - hit.pos >= 1 and cue.kind in {"signed", "agreed"}:
                    reach = 20 if self.text[hit.pos : hit.end] in _NO else reach
                if far <= reach and (cue.kind != "soft" or far == 0):
                    return True
            if cue.end <= hit.pos < end and self.language in {"en", "ru"} and self.apart(cue.end, hit.pos) == 0:
                if cue.kind == "will":
                    return not self.within("refrain", hit.end, hit.end + 2)
                return cue.kind == "signed" and self.language == "ru"
        if cue.kind == "will" and self.text[cue.pos : cue.end] == "لن":
            return not self.within("refrain", cue.end, cue.end + 2)
        return False

    def _past(self, cue: Hit, context: int, end: int) -> bool:
        if self.within("visit", context, end):
            return False
        for hit in self.within("past", context, end):
            if hit.end <= cue.pos and hit.start >= context:
                return True
            if cue.end <= hit.pos < end and (cue.kind == "signed" or self._dates(cue, hit)):
                return True
            if hit.pos < cue.end and cue.pos < hit.end and hit.start >= context:
                return True
        return False

    def _dates(self, cue: Hit, past: Hit) -> bool:
        """Whether a time after a cue is that of the agreement, not of the action agreed ("to hold in 2025")."""
        actions = any(self.within(kind, cue.end, past.pos) for kind in ("base", "base_or_noun"))
        return self.apart(cue.end, past.pos) <= 2 and not actions

    # Commitment or predicted effect

    def is_effect(self, cue: Hit, begin: int, end: int, *, before: ClauseDraft | None = None) -> bool:
        """Whether a cue of the class ``will`` predicts an effect rather than commits to an action.

        Parameters
        ----------
        cue
            The cue.
        begin, end
            Span of its clause.
        before
            The preceding clause, whose subject it may share.
        """
        follow = self._following(cue)
        shared = before is not None and before.strength > 0
        outcome = self._verb_is("outcomeverb", cue, follow)
        effect = outcome or self._verb_is("effectverb", cue, follow)
        subject = self._subject(cue, begin, end, shared=shared)
        if subject == "agent":
            return outcome and not self._verb_is("promisepassive", cue, follow)
        if subject == "thing":
            return not self._verb_is("promisepassive", cue, follow)
        if self.within("condition", 0, cue.pos) or (before is not None and "effect" in before.flags):
            return True
        return effect and not shared and not self._verb_is("promisepassive", cue, follow)

    def _following(self, cue: Hit) -> int:
        place = cue.end
        while place < len(self.text) and not self.text[place].isalnum():
            place += 1
        return place

    def _verb_is(self, kind: str, cue: Hit, follow: int) -> bool:
        """Whether the cue's verb, or the word after it, is of a kind."""
        if self.language in {"ru", "ar"} and self.at(kind, cue.pos):
            return True
        if self.language == "zh":
            hits = self.within(kind, cue.end, cue.end + 1)
            return bool(hits) or bool(kind == "promisepassive" and self.within(kind, cue.end, cue.end + 10))
        if self.language == "ar":
            return False
        near, place = self.text, follow
        for word in islice(_WORD.finditer(near, follow), 3):
            place = word.start()
            if self.at(kind, place):
                return True
            if not self.at("adverb", place):
                break
        return False

    def _subject(self, cue: Hit, begin: int, end: int, *, shared: bool) -> str:
        """Kind of the grammatical subject: ``agent``, ``thing`` or empty."""
        begin = self._clause_start(begin, cue)
        nouns = sorted(
            [*self.within("agent", begin, end), *self.within("thing", begin, end)],
            key=lambda hit: (hit.pos, -hit.end, hit.kind),
        )
        before = [
            hit for hit in nouns if hit.end <= cue.pos and not self._owner(hit) and not self._modifies(hit, nouns)
        ]
        after = [hit for hit in nouns if cue.end <= hit.start and self.apart(cue.end, hit.start) < _SUBJECT_REACH - 1]
        if self.language == "zh":
            return self._last_kind(before)
        if self.language == "ar":
            if self.text.startswith("سن", cue.pos):
                return "agent"
            if _DUAL_OR_PLURAL.search(self.text[cue.pos : cue.end]) and len(self.text[cue.pos : cue.end]) > 5:
                return "agent"
            near = [hit for hit in after if self.apart(cue.end, hit.start) <= 2 and not self._governed(hit)]
            return (near or before)[0].kind if near or before else ""
        chosen = before[:1] or (after[:1] if self.language == "ru" and not shared else [])
        return chosen[0].kind if chosen else ""

    def _governed(self, hit: Hit) -> bool:
        """Whether a joined "to" or "in" governs an Arabic noun."""
        return hit.pos > hit.start and self.text[hit.start] in "لب"

    @staticmethod
    def _last_kind(before: list[Hit]) -> str:
        if not before:
            return ""
        last = max(before, key=lambda hit: (hit.end, hit.end - hit.pos, hit.kind == "thing"))
        return last.kind

    def _clause_start(self, begin: int, cue: Hit) -> int:
        complements = self.within("complement", begin, cue.pos) if self.language != "zh" else []
        return complements[-1].end if complements else begin

    def _modifies(self, hit: Hit, nouns: list[Hit]) -> bool:
        """Whether an English noun only modifies the one that follows it ("tourism authorities")."""
        return self.language == "en" and any(other.pos == hit.end + 1 and self.text[hit.end] == " " for other in nouns)

    def _owner(self, hit: Hit) -> bool:
        """Whether a noun is the possessor of the next one ("China's exports")."""
        if self.text.startswith("'s", hit.end):
            return True
        return self.language == "en" and self.text.startswith("'", hit.end)
