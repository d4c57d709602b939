"""What two clauses can be compared by: words, actions, objects, topics, countries, places, numbers, indicator.

All but the words mean the same in every language, so that clauses of registers in different languages can be compared.
Actions and objects are found by the stems of ``concepts.csv``.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import StringIO
from types import MappingProxyType
from typing import Any, Final

from landlink.statement.country_mentions import country_mentions, settled
from landlink.statement.folding import fold
from landlink.statement.lexicon import LANGUAGES
from landlink.statement.register import Register
from landlink.statement.register_records import Entry

__all__ = ["Features", "clause_text", "features", "language_of", "opposite_actions"]

#: Letters of each script, and the one language in it that is read.
_SCRIPTS: Final = {
    "zh": re.compile("[\u3400-\u9fff]"),
    "ar": re.compile("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufefc]"),
    "ru": re.compile("[\u0400-\u052f]"),
    "en": re.compile("[a-z\u00c0-\u024f]", re.IGNORECASE),
}
_WORD: Final = re.compile(r"\w+")
_HAN: Final = re.compile("[\u3400-\u9fff]+")
_DIGITS: Final = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w])|\d+(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])\d+")
#: A promise not to do something; "not only" and bounds such as "not less than" are none.
_NOT: Final = {
    "en": re.compile(
        r"\b(?:will|shall|to|would|agreed|agree|undertake|pledge)\s+(?:also\s+)?(?:not|never)\b"
        r"(?!\s+(?:only|less|more|later|exceed))"
    ),
    "ru": re.compile(r"(?<!\w)не\s+(?:буд(?:ет|ут)|стан(?:ет|ут)|допуска\w+|\w{3,}(?:ть|ться))(?!\w)"),
    "zh": re.compile(r"不再|不得(?!超|高|低|少|多|迟|晚)|不会|决不|绝不|不予"),
    "ar": re.compile(r"(?<!\w)(?:لن|علي عدم|بعدم)(?!\w)"),
}
#: Letters of a word that are compared; the rest is taken for an ending.
_STEM: Final = {"en": 6, "ru": 6, "ar": 5}
_STEM_OTHERWISE: Final = 7
#: A word with a capital letter within a sentence, as names have, and how often it counts.
_NAME: Final = re.compile(r"(?<=[^.!?:\s] )[A-ZÀ-ÞЀ-Я][\w'’]+|(?<=[–—-])[A-ZЀ-Я]\w+")
_NAME_COUNTS: Final = 2
#: Conjunctions, prepositions and the article that Arabic joins to a word.
_ARABIC_PREFIX: Final = re.compile("^[وف]?(?:[بكل]?ال|لل|[بلك])?(?=..)")
#: Longest text in which countries are sought; clauses are far shorter.
_LONGEST: Final = 4_000


@dataclass(frozen=True)
class Features:
    """What a clause is compared by.

    Attributes
    ----------
    language
        Language of its words.
    words
        Stems of words, or pairs of characters in Chinese, with their counts.
    actions, objects
        Concepts of ``concepts.csv``.
    topics, parties, projects, places, countries
        Of the clause; countries are those that its words name.
    numbers
        Numbers in digits, such as years.
    negated
        Whether it promises not to do something.
    indicator
        Its indicator, accepted or suggested.
    unit, value
        Of its quantity, or else of its target; empty and None if it has none.
    """

    language: str
    words: Mapping[str, int]
    actions: frozenset[str]
    objects: frozenset[str]
    topics: frozenset[str]
    parties: frozenset[str]
    projects: frozenset[str]
    places: frozenset[str]
    countries: frozenset[str]
    numbers: frozenset[str]
    negated: bool
    indicator: str
    unit: str
    value: float | None


@dataclass(frozen=True)
class _Concept:
    name: str
    kind: str
    opposite: str
    patterns: Mapping[str, re.Pattern[str]]


def clause_text(entry: Entry) -> str:
    """Text of a clause: its quotation, or else its gloss."""
    return entry.quote if entry.quote is not None else entry.gloss or ""


def language_of(entry: Entry, register: Register) -> str:
    """Language of a clause's text; a gloss, or a quotation in another script, may be in another than the source.

    Parameters
    ----------
    entry
        The clause.
    register
        Its register.

    Returns
    -------
    str
        ISO 639-1 code.
    """
    stated = register.source.language
    text = clause_text(entry)
    letters = {code: len(pattern.findall(text)) for code, pattern in _SCRIPTS.items()}
    # A Chinese character carries as much as a word of several letters.
    letters["zh"] *= 3
    most = max(letters, key=lambda code: letters[code])
    if not letters[most] or (entry.quote is not None and stated not in LANGUAGES):
        return stated
    return most


def features(register: Register, entry: Entry) -> Features:
    """Extract what a clause is compared by.

    Parameters
    ----------
    register
        The register.
    entry
        Its clause.

    Returns
    -------
    Features
    """
    language = language_of(entry, register)
    read = _read(clause_text(entry)[:_LONGEST], language)
    quantity, target = entry.quantity, entry.accepted_value("target")
    return Features(
        language=language,
        words=read.words,
        actions=read.actions,
        objects=read.objects,
        topics=frozenset(entry.topics),
        parties=frozenset(entry.accepted_value("parties") or ()),
        projects=frozenset((*entry.projects, *(_either(entry, "projects") or ()))),
        places=frozenset(entry.places),
        countries=read.countries,
        numbers=read.numbers,
        negated=read.negated,
        indicator=str(_either(entry, "indicator") or ""),
        unit=quantity.full_unit if quantity else (target.unit or "" if target else ""),
        value=quantity.value if quantity else (target.value if target else None),
    )


@dataclass(frozen=True)
class _Read:
    """What the text of a clause alone holds."""

    words: Mapping[str, int]
    actions: frozenset[str]
    objects: frozenset[str]
    countries: frozenset[str]
    numbers: frozenset[str]
    negated: bool


@lru_cache(maxsize=16_384)
def _read(text: str, language: str) -> _Read:
    folded = fold(text)
    concepts = _concepts_in(folded.text, language)
    named = frozenset[str]()
    if language in LANGUAGES:
        named = frozenset(settled(country_mentions(text, folded, language)))
    return _Read(
        MappingProxyType(_counted(text, folded.text, language)),
        concepts["action"],
        concepts["object"],
        named,
        frozenset(match.replace(",", "") for match in _DIGITS.findall(folded.text)),
        language in _NOT and _NOT[language].search(folded.text) is not None,
    )


def opposite_actions(first: Features, second: Features) -> tuple[str, str] | None:
    """Return an action of one clause and its opposite in the other; None if there is none, or either has both.

    Not to do something is the opposite of doing it.
    """
    if first.negated != second.negated:
        shared = sorted(first.actions & second.actions)
        return (_negation(shared[0], first), _negation(shared[0], second)) if shared else None
    for concept in _concepts():
        if concept.opposite and concept.name in first.actions and concept.opposite in second.actions:
            both = {concept.name, concept.opposite}
            if not both <= first.actions and not both <= second.actions:
                return concept.name, concept.opposite
    return None


def _negation(action: str, of: Features) -> str:
    return f"not {action}" if of.negated else action


def _either(entry: Entry, name: str) -> Any:
    """Return a field, or else its suggestion, accepted or not: it only helps to find the clause that corresponds."""
    given = getattr(entry, name)
    return given if given or name not in entry.suggested else entry.suggested[name].value


@lru_cache(maxsize=1)
def _concepts() -> tuple[_Concept, ...]:
    text = (files("landlink.statement") / "concepts.csv").read_text(encoding="utf-8")
    return tuple(
        _Concept(row["concept"], row["kind"], row["opposite"], {code: _pattern(row[code], code) for code in LANGUAGES})
        for row in csv.DictReader(StringIO(text, newline=""))
    )


def _pattern(stems: str, language: str) -> re.Pattern[str]:
    body = fold(stems).text
    if language == "zh":
        return re.compile(body)
    front = r"(?<!\w)" if language != "ar" else "(?<!\\w)[وف]?(?:[بكل]?ال|لل|[بلك])?"
    return re.compile(
        f"{front}(?:{'|'.join(part.strip() if language == 'ar' else part.lstrip() for part in body.split('|'))})"
    )


def _concepts_in(text: str, language: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {"action": set(), "object": set()}
    if language in LANGUAGES:
        for concept in _concepts():
            # A stem that ends with a blank is a whole word, also at the end of the text.
            if concept.patterns[language].search(text + " "):
                found[concept.kind].add(concept.name)
    return {kind: frozenset(names) for kind, names in found.items()}


def _counted(text: str, folded: str, language: str) -> Counter[str]:
    """Count the stems of a text; names count more, for they tell one project or place from another."""
    names = {stem for name in _NAME.findall(text) for stem in _words(fold(name).text, language)}
    counts = Counter(_words(folded, language))
    return Counter({stem: count * (_NAME_COUNTS if stem in names else 1) for stem, count in counts.items()})


def _words(text: str, language: str) -> Iterator[str]:
    if language == "zh":
        for run in _HAN.findall(text):
            yield from (run[start : start + 2] for start in range(max(1, len(run) - 1)))
        yield from _DIGITS.findall(text)
        return
    length = _STEM.get(language, _STEM_OTHERWISE)
    for word in _WORD.findall(text):
        root = _ARABIC_PREFIX.sub("", word) if language == "ar" else word
        yield root[:length]
