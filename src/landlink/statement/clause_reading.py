"""Read what one clause says: topics, parties, projects, quantity, deadline, indicator and flags."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from landlink.statement.clause import HARD_FROM, Clause, Quantity
from landlink.statement.clause_draft import ClauseDraft
from landlink.statement.country_mentions import settled
from landlink.statement.folding import Folded
from landlink.statement.gazetteer import Gazetteer, Name
from landlink.statement.indicator_suggestion import indicator_for
from landlink.statement.lexicon import Lexicon, UserTables
from landlink.statement.measure_fields import without_owner
from landlink.statement.measured_objects import measured_object, trend_of
from landlink.statement.party_definitions import PartyNames
from landlink.statement.patterns import Hit
from landlink.statement.quantities import Measured, quantities_and_duration
from landlink.statement.sentences import TextSpan
from landlink.statement.time_references import OPENING, opening_deadline, time_references
from landlink.statement.topics import GENERAL, of_no_field, topics_of

__all__ = ["ClauseReader", "FoldedSentence"]

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
#: Prepositions before a country that does not act.
_PLACES: Final = {
    "en": re.compile(r"\b(?:in|to|from|at|for|across|through|via|near|against|visit|visited)\s+(?:the\s+)?$"),
    "ru": re.compile(r"\b(?:в|во|из|на|к|для|через|по|от)\s+$"),
    "zh": re.compile(r"[在对向从往于访]$"),
    "ar": re.compile(r"(?:في|الي|من|عبر|علي|ضد)\s+$"),
}
#: Most characters of the time with which a sentence opens; and none.
_LONGEST_OPENING: Final = 70
_NO_TIME: Final[tuple[date | None, str]] = (None, "")
#: Characters after the cue within which an Arabic or Russian subject may follow its verb.
_SUBJECT_AFTER: Final = 30


@dataclass(frozen=True)
class FoldedSentence:
    """A sentence with what all of its clauses need."""

    span: TextSpan
    folded: Folded
    language: str
    lexicon: Lexicon
    mentions: list[Hit]

    def offset(self, place: int) -> int:
        """Map an offset in the folded sentence to the normalised text."""
        return self.span.start + self.folded.place(place)


class ClauseReader:
    """Reads the clauses of a text in order; later ones may refer to what earlier ones name.

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
    """

    def __init__(
        self,
        text: str,
        *,
        gazetteer: Gazetteer | None,
        user_tables: UserTables | None,
        parties: tuple[str, ...],
    ) -> None:
        self._text = text
        self._gazetteer = gazetteer
        self._user_tables = user_tables
        self._parties = parties
        self._projects: tuple[str, ...] = ()
        self._topics: tuple[str, ...] = ()
        self._seen: set[str] = set()
        self._names_of_parties = PartyNames()

    def enter(self, folded: Folded, mentions: Sequence[Hit]) -> None:
        """Learn how a sentence names the parties."""
        self._names_of_parties.learn(folded, mentions)

    def read(self, sentence: FoldedSentence, drafts: Sequence[ClauseDraft], number: int) -> list[Clause]:
        """Make the clauses of a sentence; ``number`` is its index in the text."""
        clauses: list[Clause] = []
        after = 0
        opening = self._opening(sentence, drafts[0].start) if drafts else _NO_TIME
        for draft in drafts:
            clause = replace(self._clause(sentence, draft, after, clauses[-1] if clauses else None), sentence=number)
            clause = _with_opening(clause, opening)
            clauses.append(_with_inherited_topics(clause, clauses, sentence))
            after = draft.end
        return clauses

    def _opening(self, sentence: FoldedSentence, first: int) -> tuple[date | None, str]:
        """The time with which a sentence opens: it holds for all of its clauses."""
        words = sentence.folded.text[:first]
        if not words.strip() or len(words) > _LONGEST_OPENING:
            return _NO_TIME
        due = opening_deadline(words, sentence.language, self._user_tables)
        if due is not None:
            return due, ""
        return None, quantities_and_duration(words, sentence.language, self._user_tables).due_after

    def keep(self, sentence: FoldedSentence, clauses: Sequence[Clause]) -> None:
        """Keep what "the project" may refer to."""
        self._projects = _projects(self._names(sentence.folded.text)) or self._projects
        if clauses:
            self._topics = clauses[-1].topics

    def _names(self, folded: str) -> list[Name]:
        return self._gazetteer.find(folded) if self._gazetteer else []

    def _clause(self, sentence: FoldedSentence, draft: ClauseDraft, after: int, before: Clause | None) -> Clause:
        """Make a clause with everything that its words say; the one before in the sentence ends at ``after``."""
        words = sentence.folded.text[draft.start : draft.end]
        start, end = sentence.offset(draft.start), sentence.offset(draft.end)
        rules = {"strength": draft.rule}
        flags = list(draft.flags)
        topics = topics_of(without_owner(words), sentence.lexicon)
        if topics:
            rules["topics"] = "no field" if of_no_field(words, sentence.lexicon) else "lexicon"
        names = self._names(words)
        projects = _projects(names)
        if not projects and _ANAPHORA.search(words):
            flags.append("anaphora")
            rules["projects"] = "anaphora"
            projects = self._projects[-1:]
            topics = _merged_topics(topics, self._topics)
        mentioned = [hit for hit in _mentions(sentence, draft.start, draft.end) if hit.end <= draft.end]
        begin, end_of_cue = _subject_span(sentence, draft, after)
        parties = (
            self._names_of_parties.in_words(sentence.folded.text[begin:end_of_cue])
            or _acting(sentence, begin, end_of_cue)
            # What one verb governs has one subject.
            or (before.parties if before is not None and "inherited_strength" in draft.flags else ())
            or self._parties
        )
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

    def _quantity(self, measured: Measured, sentence: FoldedSentence, draft: ClauseDraft) -> Quantity | None:
        """Choose the first quantity of a clause that says which way, else the first; its span in the text."""
        found = next((one for one in measured.quantities if one.direction), next(iter(measured.quantities), None))
        if found is None:
            return None
        start, end = (sentence.offset(draft.start + place) for place in (found.start, found.end))
        return replace(found, start=start, end=end)

    def _quoted(self, span: tuple[int, int] | None, sentence: FoldedSentence, draft: ClauseDraft) -> str | None:
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


def _projects(names: Sequence[Name]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.identifier for name in names if name.kind == "project"))


def _merged_topics(topics: tuple[str, ...], earlier: tuple[str, ...]) -> tuple[str, ...]:
    """Add the main topics of what a clause refers to."""
    specific = (topic for topic in topics if topic != GENERAL)
    return tuple(dict.fromkeys([*specific, *earlier[:2]])) or topics


def _with_inherited_topics(clause: Clause, before: Sequence[Clause], sentence: FoldedSentence) -> Clause:
    """Give a clause without topic terms the topics of the preceding clause, or else of the sentence."""
    if "topics" in clause.rules:
        return clause
    topics = before[-1].topics if before else topics_of(without_owner(sentence.folded.text), sentence.lexicon)
    if not topics:
        return clause
    return replace(clause, topics=topics, rules={**clause.rules, "topics": "sentence"})


def _with_opening(clause: Clause, opening: tuple[date | None, str]) -> Clause:
    """Give a clause that says no time of its own the one with which its sentence opens."""
    due, after = opening
    if clause.deadline or clause.due_after or not clause.strength or not (due or after):
        return clause
    rules = clause.rules | {"deadline" if due else "due_after": OPENING}
    flags = tuple(flag for flag in clause.flags if flag != "missing_deadline")
    return replace(clause, deadline=due, due_after=after, flags=flags, rules=rules)


def _mentions(sentence: FoldedSentence, start: int, end: int) -> list[Hit]:
    """Countries whose names begin between two offsets."""
    first = bisect_left(sentence.mentions, start, key=_position)
    last = bisect_left(sentence.mentions, end, key=_position)
    return sentence.mentions[first:last]


def _subject_span(sentence: FoldedSentence, draft: ClauseDraft, after: int) -> tuple[int, int]:
    """Where the subject of a clause is sought: from the last mark before it, or the clause before it, to its cue."""
    cue = draft.rule.rsplit(":", 1)[-1]
    text = sentence.folded.text
    at = text.find(cue, draft.start)
    begin = max(after, *(text.rfind(mark, 0, draft.start) + 1 for mark in ";,。；，؛،"))
    # "St. Helena, Ascension and Tristan da Cunha" is one name.
    begin = min([begin, *(hit.pos for hit in sentence.mentions if hit.pos < begin < hit.end)])
    # In Arabic and Russian the subject may follow its verb.
    reach = _SUBJECT_AFTER if sentence.language in {"ar", "ru"} else 0
    return min(begin, draft.start), (at + len(cue) if at >= 0 else draft.start) + reach


def _acting(sentence: FoldedSentence, begin: int, end: int) -> tuple[str, ...]:
    """Find the countries that commit themselves: those named as who acts."""
    acting = (hit for hit in _mentions(sentence, begin, end) if not _is_place(hit, sentence))
    return tuple(sorted(set(settled(acting))))


def _is_place(hit: Hit, sentence: FoldedSentence) -> bool:
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
