"""Clauses of a sentence: where each begins and ends, and how strongly it promises."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from landlink.statement.chains import begins_item
from landlink.statement.cues import Marks
from landlink.statement.lexicon import Lexicon
from landlink.statement.patterns import Hit

__all__ = ["Draft", "Governor", "drafts"]

#: Where a clause of a sentence may begin, by language: what parts it from the one before.
_CUTS: Final = {
    "en": re.compile(
        r"\s*[,;:]\s+(?:and|but|while|whereas|or|as well as)?\s*|\s+(?:and|while|whereas|as well as|-)\s+"
    ),
    "ru": re.compile(
        r"\s*[,;:]\s+(?:а также|и|а|но|тогда как|при этом)?\s*|"
        r"\s+(?:и(?!\s+(?:впредь|далее|дальше))|а также|-)\s+"
    ),
    "zh": re.compile(
        r"(?<!一道)(?<!一起)(?<!基础上)(?<!框架内)(?<!框架下)[，；、：,;:](?:并且|而且|并|以及|同时|和|且|也)?|(?:并|以及|和|且)(?=[一-龥]{2})"
    ),
    "ar": re.compile(r"\s*[،؛,;:]\s*|\s+(?=و[^\W\d])|\s+(?=(?:فضلا عن|اضافة الي|بالاضافة الي|الي جانب|علاوة علي)\s)"),
}
#: A date by which or from which something will be done, where it opens a clause; and the most that it may take.
_DATED: Final = re.compile(
    r"^(?:[自从到至在]?(?:19|20)\d\d年(?!.{0,9}月\d+日$)|(?:к|до|с|начиная с|не позднее)\s.{0,20}(?:19|20)\d\d|"
    r"(?:بحلول|اعتبارا من|قبل)\s.{0,20}(?:19|20)\d\d)"
)
_SHORT_LEAD: Final = 40
#: Words before a soft cue behind which it belongs to what is being said, not to who says it.
_DEEP: Final = 3
#: Letters that an Arabic word may join to the front of the next.
_FRONT: Final = 3
_EDGE: Final = " \t\n\r,،;؛.。.!?؟：:、，；…\"'«»“”()（）·•-"


@dataclass(frozen=True)
class Draft:
    """A clause in the making: places in the folded sentence.

    Attributes
    ----------
    start, end
        Where it stands.
    strength
        0 to 5.
    flags
        ``effect``, ``inherited_strength``.
    rule
        What set the strength: the class of the cue and its words.
    """

    start: int
    end: int
    strength: int
    flags: tuple[str, ...]
    rule: str


@dataclass(frozen=True)
class Governor:
    """The clause whose strength list items inherit."""

    strength: int
    rule: str


@dataclass(frozen=True)
class _Part:
    """A stretch between two cuts.

    ``lead`` is where the words that part it from the one before begin; ``joined`` says that they are a mere "and".
    """

    lead: int
    start: int
    end: int
    joined: bool = False


def drafts(
    text: str, lexicon: Lexicon, governor: Governor | None = None, *, forced: bool = True
) -> tuple[list[Draft], bool]:
    """Clauses of a folded sentence that promise, or foretell an effect.

    Parameters
    ----------
    text
        Folded sentence.
    lexicon
        Tables of its language.
    governor
        For an item of a list: what governs the list.
    forced
        Whether the item is one by its mark, so that it needs no action at its start.

    Returns
    -------
    tuple[list[Draft], bool]
        The clauses in their order, and whether any cue was found.
    """
    marks = Marks(text, lexicon)
    if not marks.cues and governor is None:
        return [], False
    parts = _parts(marks)
    found = _Walk(marks, parts, governor, forced=forced).drafts()
    trimmed = [_trimmed(draft, text) for draft in found]
    return [draft for draft in trimmed if draft.end - draft.start > 1], bool(marks.cues)


def _parts(marks: Marks) -> list[_Part]:
    """The sentence at every place where a clause may begin."""
    parts: list[_Part] = []
    lead, start, joined = 0, 0, False
    for cut in _CUTS[marks.language].finditer(marks.text):
        if cut.start() <= start or cut.end() >= len(marks.text):
            continue
        if _bare_that(marks, cut):
            continue
        parts.append(_Part(lead, start, cut.start(), joined))
        lead, start = cut.start(), cut.end()
        joined = not any(mark in cut.group() for mark in ",;:،؛，；、：-")
    parts.append(_Part(lead, start, len(marks.text), joined))
    return parts


def _bare_that(marks: Marks, cut: re.Match[str]) -> bool:
    """Whether a mark only stands before the "that" of the words before it."""
    if marks.language == "zh" or any(letter.isalpha() for letter in cut.group()) or marks.at("relative", cut.end()):
        return False
    return marks.at("complement", cut.end()) is not None


class _Walk:
    """Goes through the parts of a sentence: each with a cue of its own is a clause, each action in a chain too."""

    def __init__(self, marks: Marks, parts: list[_Part], governor: Governor | None, *, forced: bool) -> None:
        self._marks = marks
        self._parts = parts
        self._given = governor if forced else None
        self._current = governor
        self._found: list[Draft] = []
        #: Where the words begin that speak of the next cue, and where the last clause ends for now.
        self._context = self._pending = 0

    def drafts(self) -> list[Draft]:
        """The clauses, in their order."""
        killed = _preamble_end(self._marks, self._parts)
        for number, part in enumerate(self._parts):
            if part.end <= killed or self._aside(part):
                self._context = self._pending = part.end
            else:
                self._take(number, part)
        return self._found

    def _aside(self, part: _Part) -> bool:
        """Whether a part is a preamble put between those who act and what they do."""
        if self._found or not self._marks.at("preamble", part.start):
            return False
        return any(cue.kind != "soft" for cue in self._marks.cues_in(part.end, len(self._marks.text)))

    def _take(self, number: int, part: _Part) -> None:
        marks, found = self._marks, self._found
        item = self._current is not None and begins_item(marks, part.start, found[-1] if found else None)
        own = marks.cues_in(part.start, part.end)
        led = bool(own) and item and own[0].start == part.start and own[0].kind != "signed"
        if found and self._pending >= part.lead and not item and _continues(marks, part, own):
            self._extend(part)
            self._context = part.end
            return
        if own and not led and self._own_clause(number, part, own):
            return
        if found and marks.at("relative", part.start):
            self._extend(part)
        elif item and self._current is not None:
            if self._unfinished():
                self._extend(part)
            else:
                self._inherit(part, self._current)
        elif found and self._pending >= part.lead and not _new_that(marks, part):
            self._extend(part)
        if self._given is not None and not found:
            self._inherit(part, self._given)

    def _own_clause(self, number: int, part: _Part, own: list[Hit]) -> bool:
        """Make a clause of a part with cues; whether the part needs nothing more."""
        found = self._found
        begin = _begin(self._marks, self._parts, number, self._pending, bool(found))
        before = found[-1] if found else None
        draft = _own(self._marks, own, begin, part.end, self._context, before=before)
        self._context = self._pending = part.end
        if draft is not None:
            found.append(draft)
            self._current = Governor(draft.strength, draft.rule) if draft.strength else None
            return True
        if not found or self._marks.any_of(("agent", "report"), part.start, part.end):
            self._current = None
            return True
        return False

    def _unfinished(self) -> bool:
        """Whether the last clause ends with its verb: what it promises comes now."""
        if not self._found:
            return False
        last = self._found[-1]
        cues = self._marks.cues_in(last.start, last.end)
        return bool(cues) and not self._marks.text[cues[-1].end : last.end].strip(_EDGE)

    def _inherit(self, part: _Part, governor: Governor) -> None:
        self._found.append(Draft(part.start, part.end, governor.strength, ("inherited_strength",), governor.rule))
        self._context = self._pending = part.end

    def _extend(self, part: _Part) -> None:
        self._found[-1] = replace(self._found[-1], end=part.end)
        self._pending = part.end


def _new_that(marks: Marks, part: _Part) -> bool:
    """Whether a part opens with "and that": what follows is said anew."""
    return marks.language != "zh" and any(
        hit.start == part.start for hit in marks.within("complement", part.start, part.start + _FRONT)
    )


def _continues(marks: Marks, part: _Part, own: list[Hit]) -> bool:
    """Whether a part that is joined by a mere "and" only goes on: a soft word deep inside it makes no clause."""
    if not (part.joined and own and all(cue.kind == "soft" for cue in own)) or marks.language == "zh":
        return False
    return marks.apart(part.start, own[0].start) >= _DEEP


def _begin(marks: Marks, parts: list[_Part], number: int, pending: int, any_found: bool) -> int:
    """Where the clause of a part begins: earlier, if the parts before it only list those who act."""
    begin = parts[number].start
    if any_found and pending >= parts[number].lead and pending > 0:
        return begin
    said = [hit for hit in marks.within("complement", pending, begin) if marks.language != "zh"]
    for earlier in range(number - 1, -1, -1):
        part = parts[earlier]
        if part.start < pending:
            break
        told = bool(said) and marks.any_of(("report",), said[-1].end, begin)
        if said and not told and said[-1].start < part.end and not marks.any_of(("preamble",), part.start, part.end):
            begin = part.start
            if part.start <= said[-1].start:
                break
            continue
        joined = parts[earlier + 1].joined and begin == parts[earlier + 1].start and marks.language != "zh"
        if joined and not marks.any_of(("report",), part.start, part.end):
            begin = part.start
            continue
        short = part.end - part.start < _SHORT_LEAD
        if short and marks.language != "en" and _DATED.search(marks.text[part.start : part.end]):
            begin = part.start
            continue
        agents = marks.within("agent", part.start, part.end)
        listed = agents and marks.apart(part.start, part.end) <= (8 if marks.language == "zh" else 5)
        if not listed or marks.any_of(("preamble", "visit", "past", "report", "relative"), part.start, part.end):
            break
        begin = part.start
    return begin


def _preamble_end(marks: Marks, parts: list[_Part]) -> int:
    """Where the preamble ends with which the sentence opens: before the first part that says who acts, and how."""
    opening = [hit for hit in marks.kinds.get("preamble", ()) if not marks.text[: hit.pos].strip(_EDGE)]
    if not opening:
        return 0
    if marks.language == "zh":
        return parts[0].end
    for part in parts[1:]:
        cues = [cue for cue in marks.cues_in(part.start, part.end) if cue.kind != "soft"]
        soft = marks.cues_in(part.start, part.end)
        if not soft or marks.at("preamble", part.start):
            continue
        first = (cues or soft)[0]
        agents = [hit for hit in marks.within("agent", part.start, part.end) if marks.apart(part.start, hit.start) <= 4]
        if agents and (agents[0].start < first.pos or marks.language in {"ar", "ru"}):
            return part.lead
        if first.start == part.start and first.kind in {"signed", "agreed"} and marks.language in {"ru", "ar"}:
            return part.lead
    return len(marks.text)


def _own(marks: Marks, cues: list[Hit], begin: int, end: int, context: int, *, before: Draft | None) -> Draft | None:
    """The clause that a part's own cues make; None if they promise nothing."""
    alive, reasons = [], []
    for cue in cues:
        reason = marks.undone(cue, begin, end, context)
        if reason:
            reasons.append((reason, cue))
        else:
            alive.append(cue)
    if not alive:
        outsiders = [cue for reason, cue in reasons if reason == "outsider" and cue.kind == "will"]
        return _draft(marks, outsiders[0], begin, end, 0, "effect") if outsiders else None
    cue, strength = _governing(marks, alive, end)
    if cue.kind == "will" and strength and marks.effect(cue, begin, end, before=before):
        return _draft(marks, cue, begin, end, 0, "effect")
    if cue.kind == "will" and marks.any_of(("belief",), context, cue.pos):
        strength = 1
    return _draft(marks, cue, begin, end, strength)


def _draft(marks: Marks, cue: Hit, begin: int, end: int, strength: int, *flags: str) -> Draft:
    rule = f"cue:{cue.kind}:{marks.text[cue.pos : cue.end]}"
    complements = [hit for hit in marks.within("complement", begin, cue.pos) if _closes(marks, hit, begin)]
    start = complements[-1].end if complements else begin
    return Draft(start, end, strength, flags, rule)


def _closes(marks: Marks, hit: Hit, begin: int) -> bool:
    """Whether a "that" closes words that only tell who says it."""
    if marks.language == "zh":
        return False
    return marks.any_of(("report", "agreed", "soft", "past"), begin, hit.pos)


def _governing(marks: Marks, cues: list[Hit], end: int) -> tuple[Hit, int]:
    """The cue that decides, and its strength."""
    first = cues[0]
    that = _complement(marks, first, end)
    if that is not None and first.kind in {"agreed", "soft"}:
        inner = [cue for cue in cues if cue.pos >= that]
        if not inner:
            return first, min(first.strength, 1)
        cue, strength = _governing(marks, inner, end)
        if first.kind == "agreed" and cue.kind == "will":
            strength = first.strength
        return cue, strength
    if first.kind == "agreed" and _softened(marks, first, end):
        return first, 1
    if first.kind != "soft":
        return first, first.strength
    for cue in cues[1:]:
        far = marks.apart(first.end, cue.pos)
        before = [hit for hit in marks.within("must", first.pos, cue.pos) if marks.apart(hit.end, cue.pos) <= 2]
        if before:
            continue
        if cue.kind == "will" or (cue.kind in {"ready", "agreed"} and far <= (8 if marks.language == "zh" else 4)):
            return cue, cue.strength
    return first, first.strength


def _complement(marks: Marks, cue: Hit, end: int) -> int | None:
    """Where the words behind a "that" begin, if one stands right behind a cue."""
    reach = {"en": 2, "ru": 3, "ar": 4, "zh": 0}[marks.language]
    for hit in marks.within("complement", cue.end, end):
        if marks.apart(cue.end, hit.pos) <= reach:
            return hit.end
    return None


def _softened(marks: Marks, cue: Hit, end: int) -> bool:
    """Whether what was agreed is only that something matters."""
    for hit in marks.within("soften", cue.end, end):
        if marks.apart(cue.end, hit.pos) > (6 if marks.language == "zh" else 4):
            return False
        actions = [action for kind in ("base", "gerund") for action in marks.within(kind, cue.end, hit.pos)]
        return not actions
    return False


def _trimmed(draft: Draft, text: str) -> Draft:
    start, end = draft.start, draft.end
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    if text[end : end + 1] in {")", "）"} and "(" in text[start:end].replace("（", "("):
        end += text[start:end].count("(") + text[start:end].count("（") > text[start:end].count(")")
    return replace(draft, start=start, end=end)
