"""Read one sentence after another: which of its words are clauses, and what governs the items of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from landlink.statement.action_chains import begins_with_action
from landlink.statement.cell_dates import row_deadline
from landlink.statement.clause import Clause
from landlink.statement.clause_draft import ClauseDraft, Governor
from landlink.statement.clause_extraction import (
    begins_with_cue,
    extract_clauses,
    formula,
    says_who_acts,
)
from landlink.statement.clause_reading import ClauseReader, FoldedSentence
from landlink.statement.country_mentions import country_mentions
from landlink.statement.folding import fold
from landlink.statement.gazetteer import Gazetteer
from landlink.statement.lexicon import UserTables, lexicon
from landlink.statement.line_roles import Role, row_cells, row_span
from landlink.statement.list_heads import announces_list, opens_branch
from landlink.statement.list_levels import Levels, mark_of
from landlink.statement.provision_predicates import FREE_HEAD, PREDICATES, predicate_drafts
from landlink.statement.provisions import PLAN, PROSE, Kind, binding, provision_drafts
from landlink.statement.sentences import TextSpan

__all__ = ["SentenceReader"]

#: Kind of the frames that name a field of a form, and the characters in which such a name is sought.
_FIELD: Final = "field"
_FIELD_NAME: Final = 40
#: Characters of the head of a list that are kept.
_HEAD: Final = 160
#: Words for "must" in agreements in Russian and Arabic.
_MUST: Final = ("долж", "надлежит", "يجب", "تجب", "يتعين", "تتعين", "يلزم")
#: What may stand between the number of a row and its measure.
_ROW_EDGE: Final = " \t\u3000/|–—-:：."
#: Most characters of a condition that opens a sentence.
_LONGEST_CONDITION: Final = 90
#: Words of an item without a full stop up to which it may be a heading.
_TITLE_WORDS: Final = 2


class SentenceReader:
    """Reads the sentences of a text in order and carries over what later ones inherit.

    Parameters
    ----------
    text
        The normalised text.
    gazetteer
        Names of projects and places, if any.
    user_tables
        Folder of the user's own lexicon tables, if any.
    parties
        Parties to the text, for clauses that name none.
    known
        Countries that decide what an ambiguous name means.
    kind
        Kind of the text.
    """

    def __init__(
        self,
        text: str,
        *,
        gazetteer: Gazetteer | None,
        user_tables: UserTables | None,
        parties: tuple[str, ...],
        known: Sequence[frozenset[str]],
        kind: Kind = PROSE,
    ) -> None:
        self._text = text
        self._user_tables = user_tables
        self._clauses = ClauseReader(text, gazetteer=gazetteer, user_tables=user_tables, parties=parties)
        self._known = known
        self._governor: Governor | None = None
        #: Start of the clause that is only the head of the present list, and of all such clauses of the text.
        self._bare: frozenset[int] = frozenset()
        #: Whether the present list has no head: its items follow one another after semicolons.
        self._chained = False
        self.bare_heads: set[int] = set()
        self._kind = kind
        self._levels: Levels[tuple[Governor | None, frozenset[int]]] = Levels()
        self._last_end = 0
        self._counted_in_words = self._nested = False
        #: Heads of lists that are clauses of their own, so that what they list may be their objects.
        self._own_heads: set[str] = set()

    def read(self, span: TextSpan, language: str, number: int, role: Role = Role.TEXT) -> tuple[list[Clause], bool]:
        """Read the next sentence.

        Parameters
        ----------
        span
            Its span in the text.
        language
            ISO 639-1 code of its language.
        number
            Its index among the sentences of the text.
        role
            Role of its line.

        Returns
        -------
        tuple[list[Clause], bool]
            Its clauses, and whether it contains a cue.
        """
        text = self._text[span.start : span.end]
        folded = fold(text)
        mentions = country_mentions(text, folded, language, self._user_tables, known=self._known)
        self._clauses.enter(folded, mentions)
        sentence = FoldedSentence(span, folded, language, lexicon(language, self._user_tables), mentions)
        fields = {hit.kind for hit in sentence.lexicon.cues.scan(folded.text[:_FIELD_NAME]) if hit.pos == 0}
        if role is Role.LABELS or _FIELD in fields:
            return [], False
        self._enter_list(span)
        if role is Role.TITLE or (role is Role.HEADING and not says_who_acts(folded.text, sentence.lexicon, mentions)):
            self._governor, self._bare = None, frozenset()
            return [], False
        if role is Role.COLUMNS:
            self._governor = self._governor or PLAN
            return [], False
        governor = self._governs(sentence)
        if governor and opens_branch(folded.text, sentence.lexicon, mentions):
            return [], False
        forced = span.item and not _is_heading(text) and self._may_be_item(sentence, governor)
        if role is Role.MEASURE or (role is Role.ROW and (self._governor or self._kind.plan)):
            return self._row(sentence, self._governor or PLAN, number), True
        drafts, cue = extract_clauses(folded.text, sentence.lexicon, governor, forced=forced, mentions=mentions)
        drafts = self._with_provisions(sentence, drafts)
        drafts = _with_condition(sentence, drafts)
        clauses = self._clauses.read(sentence, drafts, number)
        if governor is not None and clauses and clauses[0].head == governor.words:
            self.bare_heads.update(self._bare)
        self._carry_over(sentence, drafts, clauses)
        return clauses, cue

    def _governs(self, sentence: FoldedSentence) -> Governor | None:
        """Find what governs a sentence that is an item of a list or goes on after a semicolon."""
        span, folded = sentence.span, sentence.folded
        listed = span.item or span.follows or (self._bare and not self._text[span.start].isupper())
        governor = self._governor if listed and not self._names_who(sentence) else None
        if governor and self._chained and span.item and begins_with_cue(folded.text, sentence.lexicon):
            governor = None
        return PLAN if governor is None and span.item and self._kind.plan else governor

    def _row(self, sentence: FoldedSentence, governor: Governor, number: int) -> list[Clause]:
        """Make a clause of a row of a table: its measure with the cells of target and date."""
        text = sentence.folded.text
        edge = len(text) - len(text.lstrip(_ROW_EDGE))
        start, end = (edge + place for place in row_span(text[edge:]))
        draft = ClauseDraft(start, end, governor.strength, ("inherited_strength",), governor.rule, governor.words)
        due = row_deadline(row_cells(text[start:end]), sentence.language, self._user_tables)
        return [_due(clause, due) if due else clause for clause in self._clauses.read(sentence, [draft], number)]

    def _names_who(self, sentence: FoldedSentence) -> bool:
        """Whether what follows a semicolon only names who acts: "...; the ministries of education"."""
        span = sentence.span
        if sentence.language not in PREDICATES or span.item or not span.follows:
            return False
        return any(hit.pos == 0 and hit.kind == "agent" for hit in sentence.lexicon.cues.scan(sentence.folded.text))

    def _may_be_item(self, sentence: FoldedSentence, governor: Governor | None) -> bool:
        """Whether an item is one of a list, rather than a heading or the head of a list within it."""
        text = sentence.folded.text.rstrip()
        if sentence.language not in PREDICATES:
            return True
        ended = text[-1:] in ".;؛"
        if begins_with_action(text, sentence.lexicon):
            return ended or len(text.split()) > _TITLE_WORDS
        reported = any(
            hit.pos <= 1 and hit.kind in {"report", "courtesy"}
            for hit in sentence.lexicon.cues.scan(text[:_FIELD_NAME])
        )
        if text[-1:] == ":" or self._nested or reported:
            return False
        planned = governor is not None and governor.rule == PLAN.rule
        return ended or self._before_field(sentence) or not (planned or self._counted_in_words)

    def _before_field(self, sentence: FoldedSentence) -> bool:
        """Whether the next line is a field of a form, as a date or who is responsible."""
        following = fold(self._text[sentence.span.end : sentence.span.end + _FIELD_NAME].lstrip()).text
        return any(hit.kind == _FIELD and hit.pos == 0 for hit in sentence.lexicon.cues.scan(following))

    def _with_provisions(self, sentence: FoldedSentence, drafts: list[ClauseDraft]) -> list[ClauseDraft]:
        """Add the provisions of a sentence of an agreement, a procedure or a plan."""
        text, language = sentence.folded.text, sentence.language
        if language not in PREDICATES:
            return self._bound(sentence, drafts)
        if not (self._kind.provisions or self._kind.plan) or formula(text, sentence.lexicon):
            return drafts
        if text.rstrip()[-1:] not in ".;؛" or any("effect" in draft.flags for draft in drafts):
            return drafts
        agents = frozenset(hit.end for hit in sentence.lexicon.cues.scan(text) if hit.kind == "agent")
        pieces = list(
            predicate_drafts(text, language, [(one.start, one.end) for one in drafts if not _is_soft(one)], agents)
        )
        kept = [one for one in drafts if not (_is_soft(one) and any(_rules(piece, one, text) for piece in pieces))]
        free = [one for one in pieces if not any(other.start < one.end and one.start < other.end for other in kept)]
        return sorted([*map(_binding, kept), *free], key=lambda draft: draft.start)

    def _bound(self, sentence: FoldedSentence, drafts: list[ClauseDraft]) -> list[ClauseDraft]:
        """Read a sentence without a verb of commitment as a provision, and "must" as binding, where the text binds."""
        if not self._kind.binds:
            return drafts
        text = sentence.folded.text
        if not drafts and not formula(text, sentence.lexicon):
            drafts = list(provision_drafts(text, sentence.lexicon, sentence.mentions, self._kind))
        return [binding(draft, text, sentence.language) for draft in drafts]

    def _enter_list(self, span: TextSpan) -> None:
        """Find which list an item continues, and so what governs it."""
        before = self._text[self._last_end : span.start]
        self._last_end = span.end
        if span.item:
            mark = mark_of(before)
            self._governor, self._bare = self._levels.enter(mark, (self._governor, self._bare))
            self._counted_in_words = mark.style == "ordinal"
            self._nested = (
                self._levels.depth > 1 and self._governor is not None and self._governor.words in self._own_heads
            )
        elif "\n" in before:
            self._levels.leave_uncounted()

    def _carry_over(self, sentence: FoldedSentence, drafts: Sequence[ClauseDraft], clauses: Sequence[Clause]) -> None:
        """Keep what the next sentences may inherit."""
        span = sentence.span
        strong = [draft for draft in drafts if draft.strength]
        bare = bool(strong) and announces_list(sentence.folded.text, sentence.lexicon, strong[-1])
        colon = self._text[span.end - 1] in ":："
        if bare and colon:
            self.bare_heads.add(clauses[-1].start)
        inherited = bool(clauses) and self._governor is not None and clauses[-1].head == self._governor.words
        if inherited and not colon:
            self._clauses.keep(sentence, clauses)
            return
        if self._hands_on(sentence, drafts):
            self._clauses.keep(sentence, clauses)
            return
        if (span.opens or bare) and (drafts or not span.follows):
            words = " ".join(self._text[span.start : span.end].split())[:_HEAD]
            given = (PLAN.strength, PLAN.rule) if colon and self._kind.binds else None
            given = (strong[-1].strength, strong[-1].rule) if strong else given
            self._governor = Governor(*given, words) if given else None
            self._bare = frozenset({clauses[-1].start}) if bare else frozenset()
            self._chained = not colon and not bare
            if bare and sentence.language in PREDICATES and _announces(sentence):
                self.bare_heads.update(self._bare)
            elif strong and span.item:
                self._own_heads.add(words)
        elif not (
            span.item
            or span.follows
            or (self._bare and clauses and clauses[0].head)
            or (self._bare and _is_heading(self._text[span.start : span.end]))
        ):
            self._governor, self._bare = None, frozenset()
        self._clauses.keep(sentence, clauses)

    def _hands_on(self, sentence: FoldedSentence, drafts: Sequence[ClauseDraft]) -> bool:
        """Whether a sentence only says for whom or where the items after it hold: "The bodies of the states:"."""
        text, language = sentence.folded.text.rstrip(), sentence.language
        if drafts or language not in PREDICATES or text[-1:] != ":" or FREE_HEAD[language].search(text):
            return False
        if sentence.span.item and self._governor is not None:
            return True
        if not (self._kind.provisions or self._kind.plan):
            return False
        words = " ".join(text.split())[:_HEAD]
        self._governor = Governor(PLAN.strength, PLAN.rule, words)
        self._bare = frozenset()
        return True


def _with_condition(sentence: FoldedSentence, drafts: list[ClauseDraft]) -> list[ClauseDraft]:
    """Let the first clause begin with the condition that opens the sentence: "if funds allow, the Parties will"."""
    if not drafts or not drafts[0].strength or not 0 < drafts[0].start <= _LONGEST_CONDITION:
        return drafts
    opening = sentence.lexicon.cues.scan(sentence.folded.text[: drafts[0].start])
    if not any(hit.kind in ("condition", "proviso") and hit.pos == 0 for hit in opening):
        return drafts
    return [replace(drafts[0], start=0), *drafts[1:]]


def _due(clause: Clause, deadline: date) -> Clause:
    """Give a clause the deadline that a cell of its row states."""
    flags = tuple(flag for flag in clause.flags if flag != "missing_deadline")
    return replace(clause, deadline=deadline, rules={**clause.rules, "deadline": "date"}, flags=flags)


def _announces(sentence: FoldedSentence) -> bool:
    """Whether a sentence ends with the words that announce a list: "agreed on the following"."""
    text = sentence.folded.text.rstrip(" .:")
    heads = (hit for hit in sentence.lexicon.cues.scan(text) if hit.kind == "listhead")
    return sentence.span.opens or any(hit.end == len(text) for hit in heads)


def _is_soft(draft: ClauseDraft) -> bool:
    return draft.rule.startswith("cue:soft:")


def _rules(piece: ClauseDraft, soft: ClauseDraft, text: str) -> bool:
    """Whether a provision says more than a soft word among its objects: "priority is given to perishable goods"."""
    at = text.find(soft.rule.rpartition(":")[2], soft.start)
    return piece.start < at < piece.end and bool(text[piece.start : at].strip())


def _binding(draft: ClauseDraft) -> ClauseDraft:
    """Let "must" bind in an agreement as "shall" does."""
    binds = _is_soft(draft) and draft.rule.rpartition(":")[2].startswith(_MUST)
    return replace(draft, strength=PLAN.strength) if binds and draft.strength else draft


def _is_heading(text: str) -> bool:
    """Whether a line is a heading in capital letters."""
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) > 3 and text.upper() == text and text.lower() != text
