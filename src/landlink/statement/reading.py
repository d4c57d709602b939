"""Reading a text: from what was given to clauses with strength, topics, parties, quantities and flags."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from landlink.core.errors import InputError, Problem
from landlink.statement.clause import HARD_FROM, Clause, Quantity, Reading, Sentence
from landlink.statement.clause_draft import ClauseDraft, Governor
from landlink.statement.clause_extraction import extract_clauses
from landlink.statement.encoding import check_text, decode
from landlink.statement.folding import Folded, fold
from landlink.statement.gazetteer import Gazetteer, Name, countries
from landlink.statement.indicator_suggestion import indicator_for
from landlink.statement.language_detection import UNKNOWN, language_of, name_of
from landlink.statement.lexicon import LANGUAGES, Lexicon, lexicon
from landlink.statement.normalise import normalise
from landlink.statement.patterns import Hit
from landlink.statement.quantities import quantities, times
from landlink.statement.sentences import TextSpan, paragraphs, sentences
from landlink.statement.topics import GENERAL, topics_of

__all__ = ["read"]

#: Letters of a paragraph below which the language of the text decides.
_FEW_LETTERS: Final = 12
#: Paragraphs in which the parties to a text are looked for.
_OPENING: Final = 3
_ANAPHORA: Final = re.compile(
    r"(?<!\w)(?:(?:the|this|that) (?:project|railway|road|line|agreement|initiative|programme|corridor)"
    r"(?! (?:on|of|for|to|from|between|in|that|which)(?!\w))|"
    r"(?:this|these) measures?|(?:данн|эт|указанн|упомянут)\w+ (?:проект|дорог|лини|соглашени|инициатив|маршрут)\w*|"
    r"[وبل]?(?:ال|لل)مشروع|[وبل]?هذا المشروع|[وبل]?هذه المبادرة)(?!\w)|"
    r"(?:该|这一|上述|此)(?:项目|铁路|公路|工程|倡议|协议|走廊)"
)
_DIGIT_UNITS: Final = frozenset({"percent", "times"})


@dataclass
class _State:
    """What earlier sentences leave to later ones."""

    governor: Governor | None = None
    projects: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    seen: dict[str, int] = field(default_factory=dict)


def read(
    text: str | bytes,
    *,
    gazetteer: Gazetteer | Mapping[str, Any] | Any = None,
    encoding: str | None = None,
    lexicons: Path | None = None,
) -> Reading:
    """Read a statement, or one sentence.

    Parameters
    ----------
    text
        Plain text or a web page; bytes in UTF-8, or in UTF-16 with a byte-order mark.
    gazetteer
        Where names of projects and places come from: a :class:`~landlink.statement.gazetteer.Gazetteer`, a study or its
        tables.
    encoding
        Encoding of bytes that are in another.
    lexicons
        A folder of the user's own tables, which add to the built-in ones.

    Returns
    -------
    Reading

    Raises
    ------
    InputError
        The text is empty, too long, no text, wrongly decoded, or in a language that is not read.

    Examples
    --------
    >>> clause = read("The sides agreed to open the border post by 2030.").clauses[0]
    >>> clause.strength, clause.topics, clause.deadline.isoformat()
    (4, ('border_crossing',), '2030-12-31')
    """
    given = decode(text, encoding) if isinstance(text, bytes) else text
    check_text(given)
    normal = normalise(given)
    check_text(normal.text)
    names = gazetteer if isinstance(gazetteer, Gazetteer) or gazetteer is None else Gazetteer.of(gazetteer)
    spans = list(paragraphs(normal.text))
    languages = _languages(normal.text, spans)
    main = _main(spans, languages)
    state = _State(parties=_parties(normal.text, spans, languages, lexicons))
    found: list[Sentence] = []
    clauses: list[Clause] = []
    for (start, end), language in zip(spans, languages, strict=True):
        for span in sentences(normal.text, start, end):
            told: list[Clause] = []
            cue = False
            if language in LANGUAGES:
                told, cue = _sentence(normal.text, span, language, len(found), state, names, lexicons)
            found.append(Sentence(span.start, span.end, language, cue))
            clauses += told
    sha256 = hashlib.sha256(normal.text.encode("utf-8", errors="surrogatepass")).hexdigest()
    return Reading(normal.text, sha256, main, tuple(found), tuple(_in_genre(clauses, found)), normal.source)


def _languages(text: str, spans: list[tuple[int, int]]) -> list[str]:
    """Language of each paragraph; short ones without a sign of their own take that of the text."""
    whole = language_of(text)
    found = []
    for start, end in spans:
        letters = sum(letter.isalpha() for letter in text[start:end])
        own = language_of(text[start:end])
        short = letters < _FEW_LETTERS and own not in LANGUAGES
        found.append(whole if short or own == UNKNOWN else own)
    return found


def _main(spans: list[tuple[int, int]], languages: list[str]) -> str:
    """The language of most of the text, if it can be read."""
    letters: Counter[str] = Counter()
    for (start, end), language in zip(spans, languages, strict=True):
        letters[language] += end - start
    readable = {language: count for language, count in letters.items() if language in LANGUAGES}
    if not readable:
        other = letters.most_common(1)[0][0]
        known = ", ".join(name_of(code) for code in LANGUAGES)
        told = "is in a language that we cannot tell" if other == UNKNOWN else f"is in {name_of(other)}"
        raise InputError(Problem("text", f"{told}, which is not read yet", allowed=known))
    return max(readable, key=lambda language: (readable[language], language))


def _parties(text: str, spans: list[tuple[int, int]], languages: list[str], own: Path | None) -> tuple[str, ...]:
    """Countries that the opening names: the two of a joint statement, or all of a summit's."""
    counted: Counter[str] = Counter()
    for (start, end), language in list(zip(spans, languages, strict=True))[:_OPENING]:
        if language in LANGUAGES:
            counted.update(hit.kind for hit in countries(fold(text[start:end]).text, language, own))
    if len(spans) < _OPENING:
        return ()
    twice = [code for code, count in counted.items() if count > 1]
    return tuple(sorted(twice if len(twice) >= 2 else []))


def _sentence(
    text: str, span: TextSpan, language: str, number: int, state: _State, names: Gazetteer | None, own: Path | None
) -> tuple[list[Clause], bool]:
    """Clauses of one sentence, and whether it holds a cue."""
    folded = fold(text[span.start : span.end])
    tables = lexicon(language, own)
    governor = state.governor if span.item or span.follows else None
    found, cue = extract_clauses(folded.text, tables, governor, forced=span.item)
    clauses: list[Clause] = []
    for draft in found:
        clause = _clause(text, span, folded, draft, language, state, names, own)
        clauses.append(replace(clause, sentence=number, **_borrowed(clause, clauses, folded.text, tables)))
    _remember(state, span, found, clauses, names, folded)
    return clauses, cue


def _borrowed(clause: Clause, before: list[Clause], text: str, tables: Lexicon) -> dict[str, Any]:
    """Topics for a clause whose own words tell none: of the clause before it, else of the sentence."""
    if "topics" in clause.rules:
        return {}
    topics = before[-1].topics if before else topics_of(text, tables)
    return {"topics": topics, "rules": {**clause.rules, "topics": "sentence"}} if topics else {}


def _remember(
    state: _State,
    span: TextSpan,
    found: list[ClauseDraft],
    clauses: list[Clause],
    names: Gazetteer | None,
    folded: Folded,
) -> None:
    """Leave to the next sentences what this one says."""
    if span.opens and (found or not span.follows):
        strong = [draft for draft in found if draft.strength]
        state.governor = Governor(strong[-1].strength, strong[-1].rule) if strong else None
    elif not (span.item or span.follows):
        state.governor = None
    found_names = names.find(folded.text) if names else []
    projects = tuple(dict.fromkeys(name.identifier for name in found_names if name.kind == "project"))
    state.projects = projects or state.projects
    if clauses:
        state.topics = clauses[-1].topics


def _clause(
    text: str,
    span: TextSpan,
    folded: Folded,
    draft: ClauseDraft,
    language: str,
    state: _State,
    names: Gazetteer | None,
    own: Path | None,
) -> Clause:
    """A clause with all that its words tell."""
    words = folded.text[draft.start : draft.end]
    start, end = span.start + folded.place(draft.start), span.start + folded.place(draft.end)
    rules = {"strength": draft.rule}
    flags = list(draft.flags)
    topics = topics_of(words, lexicon(language, own))
    if topics:
        rules["topics"] = "lexicon"
    anaphora = _ANAPHORA.search(words) is not None
    found = names.find(words) if names else []
    projects = tuple(dict.fromkeys(name.identifier for name in found if name.kind == "project"))
    if anaphora and not projects:
        flags.append("anaphora")
        projects = state.projects[-1:]
        topics = tuple(dict.fromkeys([*(topic for topic in topics if topic != GENERAL), *state.topics[:2]])) or topics
        rules["projects"] = "anaphora"
    named = countries(words, language, own)
    parties = _who(named, folded, draft, state, language)
    quantity = next(iter(quantities(words, language, own)), None)
    when = times(words, language, own)
    baseline = _words(text, span, folded, draft, when.baseline)
    if quantity:
        rules["quantity"] = "number"
        quantity = _placed(quantity, span, folded, draft)
    if when.deadline:
        rules["deadline"] = "date"
    if baseline:
        rules["baseline"] = "lexicon"
    flags += _missing(draft, quantity, baseline, when.deadline is not None)
    belongs = names.countries if names else {}
    outside = {hit.kind for hit in named} | {code for name in projects for code in belongs.get(name, ())}
    if parties and outside - set(parties):
        flags.append("country_not_party")
    places = tuple(dict.fromkeys(name.identifier for name in found if name.kind == "place"))
    crossings = [name.identifier for name in found if _is_crossing(name, names)]
    unit = quantity.unit if quantity else ""
    indicator = indicator_for(topics, unit, parties, crossings, own) if draft.strength else None
    if indicator:
        rules["indicator"] = "topics and units"
    if parties:
        rules["parties"] = "names"
    quote = text[start:end]
    key = re.sub(r"\W+", " ", words)
    if key in state.seen:
        flags.append("duplicate")
    state.seen[key] = start
    return Clause(
        start,
        end,
        quote,
        draft.strength,
        draft.strength >= HARD_FROM,
        topics or (GENERAL,),
        parties,
        projects,
        places,
        quantity,
        baseline,
        when.deadline,
        indicator,
        tuple(dict.fromkeys(flags)),
        0,
        rules,
    )


def _is_crossing(name: Name, names: Gazetteer | None) -> bool:
    return name.kind == "place" and names is not None and len(names.countries.get(name.identifier, ())) == 2


def _who(named: list[Hit], folded: Folded, draft: ClauseDraft, state: _State, language: str) -> tuple[str, ...]:
    """Countries that promise: those named before the cue's words in the sentence, else the text's parties."""
    cue = draft.rule.rsplit(":", 1)[-1]
    at = folded.text.find(cue, draft.start)
    limit = at + len(cue) if at >= 0 else draft.start
    # In Arabic and Russian the subject may follow its verb.
    reach = limit + (30 if language in {"ar", "ru"} else 0)
    before = [hit.kind for hit in named if draft.start + hit.pos < reach]
    return tuple(sorted(dict.fromkeys(before))) or state.parties


def _placed(quantity: Quantity, span: TextSpan, folded: Folded, draft: ClauseDraft) -> Quantity:
    first = span.start + folded.place(draft.start + quantity.start)
    return replace(quantity, start=first, end=span.start + folded.place(draft.start + quantity.end))


def _words(text: str, span: TextSpan, folded: Folded, draft: ClauseDraft, told: str | None) -> str | None:
    """The words of the text that a span of the folded clause stands for."""
    if told is None:
        return None
    first, last = (span.start + folded.place(draft.start + int(number)) for number in told.split(":"))
    return text[first:last].strip()


def _missing(draft: ClauseDraft, quantity: Quantity | None, baseline: str | None, dated: bool) -> list[str]:
    """What a clause with a number or a baseline does not say."""
    if not draft.strength or (quantity is None and baseline is None):
        return []
    relative = quantity is not None and quantity.unit in _DIGIT_UNITS
    return [*(["missing_baseline"] if relative and not baseline else []), *([] if dated else ["missing_deadline"])]


def _in_genre(clauses: list[Clause], found: list[Sentence]) -> list[Clause]:
    """A long text in which hardly a sentence promises is no statement: its clauses say so."""
    told = {clause.sentence for clause in clauses if clause.strength}
    if len(found) >= 8 and len(told) < 0.1 * len(found):
        return [replace(clause, flags=(*clause.flags, "out_of_genre")) for clause in clauses]
    return clauses
