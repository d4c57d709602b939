"""Split a sentence into clauses and determine how strongly each commits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from landlink.statement.action_chains import begins_item
from landlink.statement.clause_draft import EDGE, ClauseDraft, Governor, trimmed_draft
from landlink.statement.cue_index import CueIndex
from landlink.statement.lexicon import Lexicon
from landlink.statement.patterns import Hit
from landlink.statement.sentence_parts import PROVISO, Part, parts_of

__all__ = ["begins_with_cue", "extract_clauses", "formula", "says_who_acts"]

#: A date at the head of a clause by which or from which something will be done.
_DATED: Final = re.compile(
    r"^(?:[自从到至在]?(?:19|20)\d\d年(?!.{0,9}月\d+日$)|(?:к|до|с|начиная с|не позднее)\s.{0,20}(?:19|20)\d\d|"
    r"(?:بحلول|اعتبارا من|قبل)\s.{0,20}(?:19|20)\d\d)"
)
#: Characters of the longest such date phrase.
_SHORT_LEAD: Final = 40
#: Distance in words from the start of a part beyond which a soft cue belongs to the content, not to the speaker.
_DEEP: Final = 3
#: A subject of a clause is left out if it would be more than one part in so many, and in English of so many words.
_SUBJECT_SHARE: Final = 3
_SUBJECT_WORDS: Final = 5
#: What a subject suffers after its verb: "the fees of both sides shall be cut". It opens with no agent then.
_SUFFERS: Final = re.compile(r"\s+(?:not\s+)?be\b(?!\s+(?:responsible|ready|able|liable|guided)\b)")
#: Longest prefix, in letters, that Arabic joins to a word.
_FRONT: Final = 3
#: A verb after "that" which says what will be done, not how things are.
_SUBJUNCTIVE: Final = re.compile(r"(?:لا\s+|الا\s+)?(?!يكون\b|تكون\b)[يتن]\w{2,}\s")
#: Share of a Russian clause before its verb from which the clause begins at the verb.
_FRONTED: Final = 0.45
_FRONTED_WORDS: Final = 4
_FRONTS_RU: Final = re.compile(r"(?:для|в\s+целях|с\s+целью)\s")


def extract_clauses(
    text: str,
    lexicon: Lexicon,
    governor: Governor | None = None,
    *,
    forced: bool = True,
    mentions: Sequence[Hit] = (),
) -> tuple[list[ClauseDraft], bool]:
    """Find the clauses of a folded sentence that commit to something or predict an effect.

    Parameters
    ----------
    text
        The folded sentence.
    lexicon
        Lexicon of its language.
    governor
        For a list item, the governing verb of the list.
    forced
        Whether the sentence is a list item by its bullet or number, so that it need not begin with an action.
    mentions
        Countries that it names.

    Returns
    -------
    tuple[list[ClauseDraft], bool]
        The clauses in text order, and whether any cue was found.
    """
    index = CueIndex(text, lexicon, mentions)
    if formulas := index.kinds.get("formula"):
        proviso = text.rfind(PROVISO, 0, formulas[0].pos)
        if proviso <= 0:
            return [], False
        return extract_clauses(text[:proviso], lexicon, governor, forced=forced, mentions=mentions)
    if not index.cues and governor is None:
        return [], False
    parts = parts_of(index)
    found = _Extractor(index, parts, governor, forced=forced).extract()
    drafts = [trimmed_draft(draft, text) for draft in found]
    return [draft for draft in drafts if draft.end - draft.start > 1], bool(index.cues)


def formula(text: str, lexicon: Lexicon) -> bool:
    """Whether a folded sentence is a formula: entry into force, copies, languages, signature."""
    return any(hit.kind == "formula" for hit in lexicon.cues.scan(text))


def says_who_acts(text: str, lexicon: Lexicon, mentions: Sequence[Hit] = ()) -> bool:
    """Whether a folded line names who acts before a verb of commitment, so that it is no heading."""
    return _speaks_for_itself(CueIndex(text, lexicon, mentions))


def begins_with_cue(text: str, lexicon: Lexicon) -> bool:
    """Whether a folded sentence opens with a verb of commitment or of wish."""
    cues = CueIndex(text, lexicon).cues
    return bool(cues) and not text[: cues[0].start].strip(EDGE)


class _Extractor:
    """Go through the parts of a sentence: a part with its own cue is a clause, and so is each action in a chain."""

    def __init__(self, index: CueIndex, parts: list[Part], governor: Governor | None, *, forced: bool) -> None:
        self._index = index
        self._parts = parts
        self._given = governor if forced and not _speaks_for_itself(index) else None
        self._current = governor
        self._found: list[ClauseDraft] = []
        #: Start of the context of the next cue, and provisional end of the last clause.
        self._context = self._pending = 0

    def extract(self) -> list[ClauseDraft]:
        """Return the clauses in text order."""
        preamble_end = _preamble_end(self._index, self._parts)
        for number, part in enumerate(self._parts):
            if part.end <= preamble_end or self._aside(part):
                self._context = self._pending = part.end
            else:
                self._take(number, part)
        return self._found

    def _aside(self, part: Part) -> bool:
        """Whether a part is a preamble inserted between a subject and its verb."""
        if self._found or not self._index.at("preamble", part.start):
            return False
        return any(cue.kind != "soft" for cue in self._index.cues_in(part.end, len(self._index.text)))

    def _take(self, number: int, part: Part) -> None:
        index, found = self._index, self._found
        item = self._current is not None and begins_item(index, part.start, found[-1] if found else None)
        own = index.cues_in(part.start, part.end)
        led = bool(own) and item and own[0].start == part.start and own[0].kind != "signed"
        if index.language == "zh":
            # 愿 and 将 at the head of a part decide by themselves; 支持 may be a verb of the chain.
            led = led and own[0].kind == "soft"
        if found and self._pending >= part.lead and not item and _continues(index, part, own):
            self._extend(part)
            self._context = part.end
            return
        if own and not led and self._own_clause(number, part, own):
            return
        if found and not own and index.at("agent", part.start) and index.any_of(("report",), part.start, part.end):
            # Somebody else says something: the clause before ends here, and governs nothing further.
            self._current, self._context, self._pending = None, part.end, -1
            return
        if found and index.at("relative", part.start):
            self._extend(part)
        elif item and self._current is not None:
            if self._unfinished(joined=part.joined):
                self._extend(part)
            else:
                self._inherit(part, self._current)
        elif found and self._pending >= part.lead and not _new_that(index, part):
            self._extend(part)
        if self._given is not None and not found and not self._only_names(number, part):
            self._inherit(part, self._given)

    def _only_names(self, number: int, part: Part) -> bool:
        """Whether a part of an English item only begins to say what the next part is about."""
        following = self._parts[number + 1] if number + 1 < len(self._parts) else None
        if self._index.language != "en" or following is None or begins_item(self._index, part.start, None):
            return False
        return following.joined and bool(self._index.cues_in(following.start, following.end))

    def _own_clause(self, number: int, part: Part, own: list[Hit]) -> bool:
        """Turn a part with cues into a clause; return whether the part is dealt with."""
        found = self._found
        begin = _begin(self._index, self._parts, number, self._pending, bool(found))
        before = found[-1] if found else None
        draft = _own(self._index, own, begin, part.end, self._context, before=before)
        self._context = self._pending = part.end
        if draft is not None:
            found.append(draft)
            self._current = Governor(draft.strength, draft.rule) if draft.strength else None
            return True
        if self._given is not None and not found:
            return False
        if not found or self._index.any_of(("agent", "report"), part.start, part.end):
            self._current = None
            return True
        return False

    def _unfinished(self, *, joined: bool) -> bool:
        """Whether the last clause ends with its verb, so that its object is yet to come."""
        if not self._found:
            return False
        last = self._found[-1]
        if self._given is not None and joined and self._index.apart(last.start, last.end) == 1:
            return True
        cues = self._index.cues_in(last.start, last.end)
        return bool(cues) and not self._index.text[cues[-1].end : last.end].strip(EDGE)

    def _inherit(self, part: Part, governor: Governor) -> None:
        self._context = self._pending = part.end
        urged = self._index.at("urging", part.start)
        if self._index.at("courtesy", part.start) and not urged:
            return
        strength = min(governor.strength, 1) if urged else governor.strength
        flags = ("inherited_strength",)
        self._found.append(ClauseDraft(part.start, part.end, strength, flags, governor.rule, governor.words))

    def _extend(self, part: Part) -> None:
        self._found[-1] = replace(self._found[-1], end=part.end)
        self._pending = part.end


def _speaks_for_itself(index: CueIndex) -> bool:
    """Whether a list item is a statement of its own: it names who acts before a verb of commitment."""
    strong = [cue for cue in index.cues if cue.kind != "soft"]
    return bool(strong) and any(hit.end <= strong[0].pos for hit in index.kinds["agent"])


def _new_that(index: CueIndex, part: Part) -> bool:
    """Whether a part opens with "and that", which starts a new statement."""
    return index.language != "zh" and any(
        hit.start == part.start for hit in index.within("complement", part.start, part.start + _FRONT)
    )


def _continues(index: CueIndex, part: Part, own: list[Hit]) -> bool:
    """Whether a part joined by a plain "and" continues the clause: a soft cue deep inside it starts no new one."""
    if not (part.joined and own and all(cue.kind == "soft" for cue in own)) or index.language == "zh":
        return False
    return index.apart(part.start, own[0].start) >= _DEEP


def _begin(index: CueIndex, parts: list[Part], number: int, pending: int, any_found: bool) -> int:
    """Find where the clause of a part begins: earlier than the part, if the parts before it only list the subjects."""
    begin = parts[number].start
    if any_found and pending >= parts[number].lead and pending > 0:
        return begin
    said = [hit for hit in index.within("complement", pending, begin) if index.language != "zh"]
    for earlier in range(number - 1, -1, -1):
        part = parts[earlier]
        if part.start < pending:
            break
        reported = bool(said) and index.any_of(("report",), said[-1].end, begin)
        if (
            said
            and not reported
            and said[-1].start < part.end
            and not index.any_of(("preamble",), part.start, part.end)
        ):
            begin = part.start
            if part.start <= said[-1].start:
                break
            continue
        joined = parts[earlier + 1].joined and begin == parts[earlier + 1].start and index.language != "zh"
        if joined and not index.any_of(("report",), part.start, part.end):
            begin = part.start
            continue
        short = part.end - part.start < _SHORT_LEAD
        if short and index.language != "en" and _DATED.search(index.text[part.start : part.end]):
            begin = part.start
            continue
        agents = index.within("agent", part.start, part.end)
        listed = agents and index.apart(part.start, part.end) <= (8 if index.language == "zh" else 5)
        if not listed or index.any_of(("preamble", "visit", "past", "report", "relative"), part.start, part.end):
            break
        begin = part.start
    return begin


def _preamble_end(index: CueIndex, parts: list[Part]) -> int:
    """Find the end of an opening preamble: the first part that names who acts, and how."""
    opening = [hit for hit in index.kinds.get("preamble", ()) if not index.text[: hit.pos].strip(EDGE)]
    if not opening:
        return 0
    if index.language == "zh":
        return parts[0].end
    for part in parts[1:]:
        cues = [cue for cue in index.cues_in(part.start, part.end) if cue.kind != "soft"]
        soft = index.cues_in(part.start, part.end)
        if not soft or index.at("preamble", part.start):
            continue
        first = (cues or soft)[0]
        agents = [hit for hit in index.within("agent", part.start, part.end) if index.apart(part.start, hit.start) <= 4]
        if agents and (agents[0].start < first.pos or index.language in {"ar", "ru"}):
            return part.lead
        if first.start == part.start and first.kind in {"signed", "agreed"} and index.language in {"ru", "ar"}:
            return part.lead
    return len(index.text)


def _own(
    index: CueIndex, cues: list[Hit], begin: int, end: int, context: int, *, before: ClauseDraft | None
) -> ClauseDraft | None:
    """Make a clause from a part's own cues; None if they commit to nothing."""
    alive, reasons = [], []
    for cue in cues:
        reason = index.cancelled_by(cue, begin, end, context)
        if reason:
            reasons.append((reason, cue))
        else:
            alive.append(cue)
    if not alive:
        outsiders = [cue for reason, cue in reasons if reason == "outsider" and cue.kind == "will"]
        return _draft(index, outsiders[0], begin, end, 0, "effect") if outsiders else None
    cue, strength = _governing(index, alive, end)
    if cue.kind == "will" and strength and index.is_effect(cue, begin, end, before=before):
        return _draft(index, cue, begin, end, 0, "effect")
    if cue.kind == "will" and index.any_of(("belief",), context, cue.pos):
        strength = 1
    return _draft(index, cue, begin, end, strength)


def _draft(index: CueIndex, cue: Hit, begin: int, end: int, strength: int, *flags: str) -> ClauseDraft:
    rule = f"cue:{cue.kind}:{index.text[cue.pos : cue.end]}"
    complements = [hit for hit in index.within("complement", begin, cue.pos) if _closes(index, hit, begin)]
    start = complements[-1].end if complements else begin
    if index.language == "ru" and not complements and _fronted(index, cue, start, end):
        start = cue.pos
    elif (subject := _long_subject(index, cue, start, end)) is not None:
        start = subject
    return ClauseDraft(start, end, strength, flags, rule)


def _fronted(index: CueIndex, cue: Hit, start: int, end: int) -> bool:
    """Whether much of a clause stands before its verb: an object with the subject, or a time, place or aim."""
    if cue.pos - start < _FRONTED * (end - start) or index.within("agent", start, start + 1):
        return False
    acted = any(
        index.apart(hit.end, cue.pos) == 0 and index.apart(start, hit.start) >= _FRONTED_WORDS
        for hit in index.within("agent", start, cue.pos)
    )
    return acted or _FRONTS_RU.match(index.text, start) is not None


def _long_subject(index: CueIndex, cue: Hit, start: int, end: int) -> int | None:
    """Find where a clause begins after a subject that would be most of it; None if it is short or no agent."""
    if index.language not in {"en", "zh"} or (cue.kind == "soft" and index.language == "en"):
        return None
    short = index.language == "en" and index.apart(start, cue.pos) < _SUBJECT_WORDS
    if short or (cue.pos - start) * _SUBJECT_SHARE < end - start:
        return None
    agents = [hit for hit in index.within("agent", start, cue.pos) if hit.end <= cue.pos]
    if agents and index.apart(start, agents[0].start) > 1 and _SUFFERS.match(index.text, cue.end):
        return None
    return cue.pos if agents and index.apart(agents[-1].end, cue.pos) <= 1 and cue.kind != "signed" else None


def _closes(index: CueIndex, hit: Hit, begin: int) -> bool:
    """Whether a "that" ends a phrase that only names the speaker."""
    if index.language == "zh":
        return False
    return index.any_of(("report", "agreed", "soft", "past"), begin, hit.pos)


def _governing(index: CueIndex, cues: list[Hit], end: int) -> tuple[Hit, int]:
    """Pick the deciding cue and its strength."""
    first = cues[0]
    that = _complement(index, first, end)
    if that is not None and first.kind in {"agreed", "soft"}:
        inner = [cue for cue in cues if cue.pos >= that]
        if not inner:
            # After "agreed that" without a verb of commitment; a head of a list has nothing after it.
            said = index.text[that:end].strip(EDGE)
            acts = not said or (index.language == "ar" and _SUBJUNCTIVE.match(said))
            return first, first.strength if acts else min(first.strength, 1)
        cue, strength = _governing(index, inner, end)
        if first.kind == "agreed" and cue.kind == "will":
            strength = first.strength
        return cue, strength
    if first.kind == "agreed" and _softened(index, first, end):
        return first, 1
    if first.kind != "soft":
        return first, first.strength
    for cue in cues[1:]:
        far = index.apart(first.end, cue.pos)
        before = [hit for hit in index.within("must", first.pos, cue.pos) if index.apart(hit.end, cue.pos) <= 2]
        if before:
            continue
        if cue.kind == "will" or (cue.kind in {"ready", "agreed"} and far <= (8 if index.language == "zh" else 4)):
            return cue, cue.strength
    return first, first.strength


def _complement(index: CueIndex, cue: Hit, end: int) -> int | None:
    """Find where the words after "that" begin, if one directly follows a cue."""
    reach = {"en": 2, "ru": 3, "ar": 4, "zh": 0}[index.language]
    for hit in index.within("complement", cue.end, end)[:1]:
        if index.apart(cue.end, hit.pos) <= reach:
            return hit.end
    return None


def _softened(index: CueIndex, cue: Hit, end: int) -> bool:
    """Whether the parties only agreed that something is important."""
    for hit in index.within("soften", cue.end, end):
        if index.apart(cue.end, hit.pos) > (6 if index.language == "zh" else 4):
            return False
        actions = [action for kind in ("base", "gerund") for action in index.within(kind, cue.end, hit.pos)]
        return not actions
    return False
