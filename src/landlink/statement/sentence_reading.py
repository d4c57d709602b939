"""Read the clauses of one sentence after another: topics, parties, quantities, deadlines and flags of each."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from landlink.statement.clause import HARD_FROM, Clause, Quantity
from landlink.statement.clause_draft import ClauseDraft, Governor
from landlink.statement.clause_extraction import (
    begins_with_action,
    begins_with_cue,
    extract_clauses,
    formula,
    says_who_acts,
)
from landlink.statement.country_mentions import country_mentions, settled
from landlink.statement.folding import Folded, fold
from landlink.statement.gazetteer import Gazetteer, Name
from landlink.statement.indicator_suggestion import indicator_for
from landlink.statement.lexicon import Lexicon, UserTables, lexicon
from landlink.statement.line_roles import Role, row_end
from landlink.statement.list_heads import announces_list, opens_branch
from landlink.statement.list_levels import Levels, mark_of
from landlink.statement.measured_objects import measured_object, trend_of
from landlink.statement.party_definitions import PartyNames
from landlink.statement.patterns import Hit
from landlink.statement.provision_predicates import FREE_HEAD, PREDICATES, predicate_drafts
from landlink.statement.provisions import PLAN, PROSE, Kind, binding, provision_drafts
from landlink.statement.quantities import Measured, quantities_and_duration
from landlink.statement.sentences import TextSpan
from landlink.statement.time_references import time_references
from landlink.statement.topics import GENERAL, of_no_field, topics_of

__all__ = ["SentenceReader"]

#: Phrases that refer to a project or measure named earlier.
_ANAPHORA: Final = re.compile(
    r"(?<!\w)(?:(?:the|this|that) (?:project|railway|road|line|agreement|initiative|programme|corridor)"
    r"(?! (?:on|of|for|to|from|between|in|that|which)(?!\w))|"
    r"(?:this|these) measures?|(?:данн|эт|указанн|упомянут)\w+ (?:проект|дорог|лини|соглашени|инициатив|маршрут)\w*|"
    r"[وبل]?(?:ال|لل)مشروع|[وبل]?هذا المشروع|[وبل]?هذه المبادرة)(?!\w)|"
    r"(?:该|这一|上述|此)(?:项目|铁路|公路|工程|倡议|协议|走廊)"
)
#: Units of a quantity that means nothing without a baseline.
_RELATIVE_UNITS: Final = frozenset({"percent", "times"})
#: Kind of the frames that name a field of a form, and the characters in which such a name is sought.
_FIELD: Final = "field"
_FIELD_NAME: Final = 40
#: Characters of the head of a list that are kept.
_HEAD: Final = 160
#: Words for "must" in agreements in Russian and Arabic.
_MUST: Final = ("долж", "надлежит", "يجب", "تجب", "يتعين", "تتعين", "يلزم")
#: What may stand between the number of a row and its measure.
_ROW_EDGE: Final = " \t\u3000/|–—-:：."
#: Words of an item without a full stop up to which it may be a heading.
_TITLE_WORDS: Final = 2
#: Prepositions before a country that does not act.
_PLACES: Final = {
    "en": re.compile(r"\b(?:in|to|from|at|for|across|through|via|near|against|visit|visited)\s+(?:the\s+)?$"),
    "ru": re.compile(r"\b(?:в|во|из|на|к|для|через|по|от)\s+$"),
    "zh": re.compile(r"[在对向从往于访]$"),
    "ar": re.compile(r"(?:في|الي|من|عبر|علي|ضد)\s+$"),
}
#: Characters after the cue within which an Arabic or Russian subject may follow its verb.
_SUBJECT_AFTER: Final = 30


@dataclass(frozen=True)
class _Sentence:
    """A sentence with what all of its clauses need."""

    span: TextSpan
    folded: Folded
    language: str
    lexicon: Lexicon
    mentions: list[Hit]

    def offset(self, place: int) -> int:
        """Map an offset in the folded sentence to the normalised text."""
        return self.span.start + self.folded.place(place)


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
        self._gazetteer = gazetteer
        self._user_tables = user_tables
        self._parties = parties
        self._known = known
        self._governor: Governor | None = None
        #: Start of the clause that is only the head of the present list, and of all such clauses of the text.
        self._bare: frozenset[int] = frozenset()
        #: Whether the present list has no head: its items follow one another after semicolons.
        self._chained = False
        self.bare_heads: set[int] = set()
        self._projects: tuple[str, ...] = ()
        self._topics: tuple[str, ...] = ()
        self._seen: set[str] = set()
        self._names_of_parties = PartyNames()
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
        self._names_of_parties.learn(folded, mentions)
        sentence = _Sentence(span, folded, language, lexicon(language, self._user_tables), mentions)
        if _FIELD in {hit.kind for hit in sentence.lexicon.cues.scan(folded.text[:_FIELD_NAME]) if hit.pos == 0}:
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
        if role is Role.ROW and (self._governor or self._kind.plan):
            return self._row(sentence, self._governor or PLAN, number), True
        drafts, cue = extract_clauses(folded.text, sentence.lexicon, governor, forced=forced, mentions=mentions)
        drafts = self._with_provisions(sentence, drafts)
        clauses: list[Clause] = []
        for draft in drafts:
            clause = replace(self._clause(sentence, draft), sentence=number)
            clauses.append(_with_inherited_topics(clause, clauses, sentence))
        if governor is not None and clauses and clauses[0].head == governor.words:
            self.bare_heads.update(self._bare)
        self._carry_over(sentence, drafts, clauses)
        return clauses, cue

    def _governs(self, sentence: _Sentence) -> Governor | None:
        """Find what governs a sentence that is an item of a list or goes on after a semicolon."""
        span, folded = sentence.span, sentence.folded
        listed = span.item or span.follows or (self._bare and not self._text[span.start].isupper())
        governor = self._governor if listed and not self._names_who(sentence) else None
        if governor and self._chained and span.item and begins_with_cue(folded.text, sentence.lexicon):
            governor = None
        return PLAN if governor is None and span.item and self._kind.plan else governor

    def _row(self, sentence: _Sentence, governor: Governor, number: int) -> list[Clause]:
        """Make a clause of a row of a table: its measure with the cells of target and date."""
        text = sentence.folded.text
        start = len(text) - len(text.lstrip(_ROW_EDGE))
        end = start + row_end(text[start:])
        draft = ClauseDraft(start, end, governor.strength, ("inherited_strength",), governor.rule, governor.words)
        return [replace(self._clause(sentence, draft), sentence=number)]

    def _names_who(self, sentence: _Sentence) -> bool:
        """Whether what follows a semicolon only names who acts: "...; the ministries of education"."""
        span = sentence.span
        if sentence.language not in PREDICATES or span.item or not span.follows:
            return False
        return any(hit.pos == 0 and hit.kind == "agent" for hit in sentence.lexicon.cues.scan(sentence.folded.text))

    def _may_be_item(self, sentence: _Sentence, governor: Governor | None) -> bool:
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

    def _before_field(self, sentence: _Sentence) -> bool:
        """Whether the next line is a field of a form, as a date or who is responsible."""
        following = fold(self._text[sentence.span.end : sentence.span.end + _FIELD_NAME].lstrip()).text
        return any(hit.kind == _FIELD and hit.pos == 0 for hit in sentence.lexicon.cues.scan(following))

    def _with_provisions(self, sentence: _Sentence, drafts: list[ClauseDraft]) -> list[ClauseDraft]:
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

    def _bound(self, sentence: _Sentence, drafts: list[ClauseDraft]) -> list[ClauseDraft]:
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

    def _carry_over(self, sentence: _Sentence, drafts: Sequence[ClauseDraft], clauses: Sequence[Clause]) -> None:
        """Keep what the next sentences may inherit."""
        span = sentence.span
        strong = [draft for draft in drafts if draft.strength]
        bare = bool(strong) and announces_list(sentence.folded.text, sentence.lexicon, strong[-1])
        colon = self._text[span.end - 1] in ":："
        if bare and colon:
            self.bare_heads.add(clauses[-1].start)
        inherited = bool(clauses) and self._governor is not None and clauses[-1].head == self._governor.words
        if inherited and not colon:
            self._keep(sentence, clauses)
            return
        if self._hands_on(sentence, drafts):
            self._keep(sentence, clauses)
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
        self._keep(sentence, clauses)

    def _hands_on(self, sentence: _Sentence, drafts: Sequence[ClauseDraft]) -> bool:
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

    def _keep(self, sentence: _Sentence, clauses: Sequence[Clause]) -> None:
        """Keep what "the project" may refer to."""
        self._projects = _projects(self._names(sentence.folded.text)) or self._projects
        if clauses:
            self._topics = clauses[-1].topics

    def _names(self, folded: str) -> list[Name]:
        return self._gazetteer.find(folded) if self._gazetteer else []

    def _clause(self, sentence: _Sentence, draft: ClauseDraft) -> Clause:
        """Make a clause with everything that its words say."""
        words = sentence.folded.text[draft.start : draft.end]
        start, end = sentence.offset(draft.start), sentence.offset(draft.end)
        rules = {"strength": draft.rule}
        flags = list(draft.flags)
        topics = topics_of(words, sentence.lexicon)
        if topics:
            rules["topics"] = "no field" if of_no_field(words, sentence.lexicon) else "lexicon"
        names = self._names(words)
        projects = _projects(names)
        if not projects and _ANAPHORA.search(words):
            flags.append("anaphora")
            rules["projects"] = "anaphora"
            projects = self._projects[-1:]
            topics = _merged_topics(topics, self._topics)
        first = bisect_left(sentence.mentions, draft.start, key=_position)
        last = bisect_left(sentence.mentions, draft.end, key=_position)
        mentioned = [hit for hit in sentence.mentions[first:last] if hit.end <= draft.end]
        before = _up_to_cue(sentence, draft)
        parties = self._names_of_parties.in_words(before) or _subjects(mentioned, sentence, draft) or self._parties
        measured = quantities_and_duration(words, sentence.language, self._user_tables)
        quantity = self._quantity(measured, sentence, draft)
        when = time_references(words, sentence.language, self._user_tables)
        baseline = self._quoted(when.baseline, sentence, draft)
        found = {
            "quantity": ("number", quantity),
            "deadline": ("date", when.deadline),
            "due_after": ("duration", measured.due_after),
            "baseline": ("lexicon", baseline),
        }
        rules |= {field: rule for field, (rule, value) in found.items() if value}
        flags += _missing(draft, quantity, baseline, dated=when.deadline is not None or bool(measured.due_after))
        if parties and self._involved(mentioned, projects) - set(parties):
            flags.append("country_not_party")
        crossings = [name.identifier for name in names if self._is_crossing(name)]
        indicator, trend = None, ""
        if draft.strength:
            thing = measured_object(words, sentence.language, self._user_tables)
            indicator = self._indicator(thing, topics, parties, crossings, quantity)
            trend = "" if quantity else trend_of(words, sentence.language, self._user_tables)
        rules |= {"indicator": "object, topics and units"} if indicator else {}
        if parties:
            rules["parties"] = "names"
        if self._repeated(words):
            flags.append("duplicate")
        return Clause(
            start=start,
            end=end,
            quote=self._text[start:end],
            strength=draft.strength,
            hard=draft.strength >= HARD_FROM,
            topics=topics or (GENERAL,),
            parties=parties,
            projects=projects,
            places=tuple(dict.fromkeys(name.identifier for name in names if name.kind == "place")),
            quantity=quantity,
            baseline=baseline,
            deadline=when.deadline,
            due_after=measured.due_after,
            trend=trend,
            indicator=indicator,
            head=draft.head,
            flags=tuple(dict.fromkeys(flags)),
            rules=rules,
        )

    def _indicator(
        self,
        thing: str,
        topics: Sequence[str],
        parties: Sequence[str],
        crossings: Sequence[str],
        quantity: Quantity | None,
    ) -> str | None:
        return indicator_for(
            thing,
            topics,
            parties,
            crossings,
            unit=quantity.full_unit if quantity else "",
            surroundings=self._gazetteer.surroundings if self._gazetteer else None,
            user_tables=self._user_tables,
        )

    def _quantity(self, measured: Measured, sentence: _Sentence, draft: ClauseDraft) -> Quantity | None:
        """Choose the first quantity of a clause that says which way, else the first; its span in the text."""
        found = next((one for one in measured.quantities if one.direction), next(iter(measured.quantities), None))
        if found is None:
            return None
        start, end = (sentence.offset(draft.start + place) for place in (found.start, found.end))
        return replace(found, start=start, end=end)

    def _quoted(self, span: tuple[int, int] | None, sentence: _Sentence, draft: ClauseDraft) -> str | None:
        """Return the words of the text for a span of the folded clause."""
        if span is None:
            return None
        start, end = (sentence.offset(draft.start + place) for place in span)
        return self._text[start:end].strip()

    def _involved(self, mentioned: Sequence[Hit], projects: Sequence[str]) -> set[str]:
        """Collect the countries that a clause mentions or in which its projects lie."""
        belongs = self._gazetteer.countries if self._gazetteer else {}
        return set(settled(mentioned)) | {code for name in projects for code in belongs.get(name, ())}

    def _is_crossing(self, name: Name) -> bool:
        """Whether a name is that of a border crossing: a place of two countries."""
        return (
            name.kind == "place"
            and self._gazetteer is not None
            and len(self._gazetteer.countries.get(name.identifier, ())) == 2
        )

    def _repeated(self, words: str) -> bool:
        """Whether an earlier clause had the same words; remember them."""
        key = re.sub(r"\W+", " ", words)
        repeated = key in self._seen
        self._seen.add(key)
        return repeated


def _position(hit: Hit) -> int:
    return hit.pos


def _announces(sentence: _Sentence) -> bool:
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


def _projects(names: Sequence[Name]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.identifier for name in names if name.kind == "project"))


def _merged_topics(topics: tuple[str, ...], earlier: tuple[str, ...]) -> tuple[str, ...]:
    """Add the main topics of what a clause refers to."""
    specific = (topic for topic in topics if topic != GENERAL)
    return tuple(dict.fromkeys([*specific, *earlier[:2]])) or topics


def _with_inherited_topics(clause: Clause, before: Sequence[Clause], sentence: _Sentence) -> Clause:
    """Give a clause without topic terms the topics of the preceding clause, or else of the sentence."""
    if "topics" in clause.rules:
        return clause
    topics = before[-1].topics if before else topics_of(sentence.folded.text, sentence.lexicon)
    if not topics:
        return clause
    return replace(clause, topics=topics, rules={**clause.rules, "topics": "sentence"})


def _up_to_cue(sentence: _Sentence, draft: ClauseDraft) -> str:
    """Words of the sentence in which the subject of a clause is sought: from its start to its cue."""
    cue = draft.rule.rsplit(":", 1)[-1]
    text = sentence.folded.text
    at = text.find(cue, draft.start)
    begin = max(text.rfind(mark, 0, draft.start) for mark in ".;,。；，؛،") + 1
    reach = _SUBJECT_AFTER if sentence.language in {"ar", "ru"} else 0
    return text[begin : (at + len(cue) if at >= 0 else draft.start) + reach]


def _subjects(mentioned: Sequence[Hit], sentence: _Sentence, draft: ClauseDraft) -> tuple[str, ...]:
    """Find the countries that commit themselves: those named before the end of the cue."""
    cue = draft.rule.rsplit(":", 1)[-1]
    at = sentence.folded.text.find(cue, draft.start)
    limit = at + len(cue) if at >= 0 else draft.start
    # In Arabic and Russian the subject may follow its verb.
    limit += _SUBJECT_AFTER if sentence.language in {"ar", "ru"} else 0
    acting = (hit for hit in mentioned if hit.pos < limit and not _is_place(hit, sentence))
    return tuple(sorted(set(settled(acting))))


def _is_place(hit: Hit, sentence: _Sentence) -> bool:
    """Whether a country is named as a place or an object rather than as who acts: "in Türkiye", 在中国."""
    before = sentence.folded.text[max(0, hit.start - 12) : hit.start]
    return _PLACES[sentence.language].search(before) is not None


def _missing(draft: ClauseDraft, quantity: Quantity | None, baseline: str | None, *, dated: bool) -> list[str]:
    """Flag what a clause with a quantity or a baseline leaves unsaid."""
    if not draft.strength or (quantity is None and baseline is None):
        return []
    relative = (
        quantity is not None
        and quantity.baseline is None
        and (quantity.unit in _RELATIVE_UNITS or quantity.direction in ("increase_by", "decrease_by"))
    )
    return [*(["missing_baseline"] if relative and not baseline else []), *([] if dated else ["missing_deadline"])]
