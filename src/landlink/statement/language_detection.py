"""Detect the language of a paragraph by its script, its function words and its distinctive letters.

A script alone proves nothing: a text in Latin letters is English only if it has the words of English.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from math import sqrt
from types import MappingProxyType
from typing import Final, NamedTuple

from landlink.statement.folding import fold
from landlink.statement.lexicon import Row, lexicon, shared_rows

__all__ = ["UNKNOWN", "evident_language", "language_of", "name_of"]

#: Code of an undetermined language.
UNKNOWN: Final = "und"
_SAMPLE: Final = 4_000
_WORD: Final = re.compile(r"[^\W\d_][\w\u0300-\u036f'ʻʼ’‘]*")
#: Scripts that count under another name: the two syllabaries of Japanese, and its Chinese characters where they occur.
_SCRIPTS: Final = {"cjk": "han", "hiragana": "kana", "katakana": "kana"}
#: The one language in each script that is read.
_READ: Final = {"latin": "en", "cyrillic": "ru", "arabic": "ar", "han": "zh"}
#: Weights of a distinctive letter, and of a beginning or an ending, against a function word; and the share of letters
#: below which distinctive ones may be those of names and loan words.
_LETTER_WORTH: Final = 1.5
_PART_WORTH: Final = 0.7
_FEW_MARKS: Final = 0.01
#: Score by which another language must be ahead of the one that is read; and, to be named, how many times the score of
#: the next it must have, and what score a word for its function words alone.
_AHEAD: Final = 0.3
_CLEAR: Final = 1.2
_NAMED: Final = 0.1
#: Score a word from which a text is taken to be in the language that is read; and share of words that its lexicon has,
#: from which a text without function words, such as a headline, is.
_ENOUGH: Final = 0.1
_KNOWN_WORDS: Final = 0.3
#: Letters of a script of which fewer say nothing.
_FEW_LETTERS: Final = 3
#: A text with fewer ordinary words shows too little to be refused.
_FEW_WORDS: Final = 4
#: Words of other languages that link the words of a name, "Caminhos de Ferro de Moçambique", and how many at most.
_LINKING: Final = frozenset(
    {"de", "du", "des", "del", "della", "dei", "di", "da", "do", "dos", "das", "la", "le", "les", "el", "los", "las"}
    | {"y", "e", "et", "al", "von", "van"}
)
_LINKS: Final = 3
#: Letters of the longest word too short to be told by how it begins or ends.
_SHORT: Final = 4
#: What stands before the first word of a sentence, and how many spaces may come between.
_SENTENCE_END: Final = tuple('.!?:;\n"“«')
_SPACES: Final = 4


class _Word(NamedTuple):
    """A word in lower case, and whether it had a capital letter, as names have."""

    text: str
    capital: bool


class _Profile(NamedTuple):
    language: str
    name: str
    script: str
    words: frozenset[str]
    beginnings: tuple[str, ...]
    endings: tuple[str, ...]
    letters: frozenset[str]

    def knows(self, word: str) -> bool:
        """Whether a word is one of the language, or begins or ends like one."""
        if word in self.words:
            return True
        return len(word) > _SHORT and (word.startswith(self.beginnings) or word.endswith(self.endings))


@lru_cache(maxsize=1)
def _profiles() -> tuple[_Profile, ...]:
    return tuple(map(_profile, shared_rows("languages")))


def _profile(row: Row) -> _Profile:
    words = [_plain(word) for word in row["words"].split()]
    return _Profile(
        row["language"],
        row["name"],
        row["script"],
        frozenset(word for word in words if "*" not in word),
        tuple(word[:-1] for word in words if word.endswith("*")),
        tuple(word[1:] for word in words if word.startswith("*")),
        frozenset(row["letters"]),
    )


@lru_cache(maxsize=256)
def _profiles_of(script: str) -> tuple[_Profile, ...]:
    return tuple(profile for profile in _profiles() if profile.script == script)


@lru_cache(maxsize=64)
def _weights(script: str) -> Mapping[str, float]:
    """Return what each function word of a script proves: less, the more languages have it."""
    shared = Counter(word for profile in _profiles_of(script) for word in profile.words)
    return MappingProxyType({word: 1 / sqrt(count) for word, count in shared.items()})


def _plain(word: str) -> str:
    return word.casefold().replace("ё", "е").translate({ord(mark): "'" for mark in "ʻʼ’‘"})


def name_of(language: str) -> str:
    """Return the English name of a language."""
    return next((profile.name for profile in _profiles() if profile.language == language), "an unknown language")


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    script = unicodedata.name(letter, "").split(" ")[0].split("-")[0].casefold()
    return _SCRIPTS.get(script, script)


def language_of(text: str) -> str:
    """Detect the language of a text.

    Parameters
    ----------
    text
        A paragraph or a whole text.

    Returns
    -------
    str
        ISO 639-1 code, or ISO 639-3 where there is none; ``und`` if the language cannot be determined.

    Examples
    --------
    >>> language_of("Стороны договорились расширить торговлю.")
    'ru'
    >>> language_of("Тараптар сауданы кеңейту туралы келісті және бұл үшін")
    'kk'
    >>> language_of("Nchi hizo mbili zilikubaliana kujenga barabara hadi mpaka wa Malaba.")
    'sw'
    """
    return evident_language(text) or _default(text)


def _default(text: str) -> str:
    """Return the language that is read in the script of a text."""
    return _READ.get(next(iter(_scripts_of(text[:_SAMPLE])), ""), UNKNOWN)


def evident_language(text: str) -> str:
    """Detect the language of a text like :func:`language_of`, but return an empty string if it has too few words."""
    sample = text[:_SAMPLE]
    # Where most letters are those of names, as in a Chinese sentence about a French railway, the next script tells.
    for number, script in enumerate(_scripts_of(sample)):
        if number and script not in _READ:
            continue
        profiles = _profiles_of(script)
        if len(profiles) <= 1:
            return profiles[0].language if profiles else UNKNOWN
        if found := _best(sample, script):
            return found
    return ""


def _scripts_of(sample: str) -> list[str]:
    """Return the scripts of a text, the one of most of it first."""
    scripts = Counter(_script(letter) for letter in sample if letter.isalpha())
    # A Chinese character carries as much as several letters; Japanese is recognised by its kana.
    weighted = {script: count * (2.5 if script == "han" else 1) for script, count in scripts.items()}
    if scripts["kana"] > 0.1 * scripts["han"] and scripts["kana"] > 2:
        weighted["kana"] += weighted.pop("han", 0)
    return [script for script in sorted(weighted, key=lambda key: -weighted[key]) if weighted[script] >= _FEW_LETTERS]


def _best(sample: str, script: str) -> str:
    """Choose the language with the most function words and distinctive letters, if they are enough."""
    words = list(_ordinary_words(sample, script))
    profiles = _profiles_of(script)
    by_words = _word_scores(words, script)
    letters = Counter(letter for word in words if not word.capital for letter in word.text)
    scores = [score + _letter_score(letters, profile) for score, profile in zip(by_words, profiles, strict=True)]
    read = _READ.get(script, "")
    ours = max((score for score, own in zip(scores, profiles, strict=True) if own.language == read), default=0.0)
    others = [number for number, profile in enumerate(profiles) if profile.language != read]
    best, following = sorted(others, key=lambda number: -scores[number])[:2]
    if scores[best] > ours + _AHEAD:
        clear = scores[best] >= _CLEAR * scores[following] and by_words[best] >= _NAMED * len(words)
        return profiles[best].language if clear else UNKNOWN
    if not read or len(words) < _FEW_WORDS:
        return UNKNOWN if words and not read else ""
    if ours >= _ENOUGH * len(words):
        return read
    return read if _known_words(sample, words, read) >= _KNOWN_WORDS else UNKNOWN


@lru_cache(maxsize=50_000)
def _speakers(word: str, script: str) -> tuple[tuple[int, float], ...]:
    """Return the profiles of a script that know a word, by number, with what it proves."""
    weight = _weights(script).get(word, _PART_WORTH)
    return tuple((number, weight) for number, profile in enumerate(_profiles_of(script)) if profile.knows(word))


def _word_scores(words: Sequence[_Word], script: str) -> list[float]:
    """Return the score of each profile for its words alone."""
    scores = [0.0] * len(_profiles_of(script))
    for word in words:
        for number, weight in _speakers(word.text, script):
            scores[number] += weight
    return scores


def _letter_score(letters: Counter[str], profile: _Profile) -> float:
    marks = sum(letters[letter] for letter in profile.letters)
    return _LETTER_WORTH * marks if marks > _FEW_MARKS * letters.total() else 0.0


def _ordinary_words(sample: str, script: str) -> Iterator[_Word]:
    """Yield the words that are no names: without a capital letter, or at the start of a sentence.

    Words that link those of a name are part of it, so that "Société des Chemins de Fer" is no French text.
    """
    found = [match for match in _WORD.finditer(sample) if _script(match.group()[0]) == script]
    in_capitals = all(match.group().isupper() for match in found)
    capital = [match.group()[0].isupper() and not in_capitals for match in found]
    last_name = -_LINKS
    for number, match in enumerate(found):
        word = _plain(match.group())
        if capital[number]:
            last_name = number
            if _starts_sentence(sample, match.start()):
                yield _Word(word, capital=True)
        elif not (number - last_name <= _LINKS and _links(capital, number) and word in _LINKING):
            yield _Word(word, capital=False)


def _starts_sentence(sample: str, start: int) -> bool:
    before = sample[max(start - _SPACES, 0) : start].rstrip(" ")
    return (not before and start < _SPACES) or before[-1:] in _SENTENCE_END


def _links(capital: Sequence[bool], number: int) -> bool:
    """Whether a name goes on after a word."""
    return any(capital[number + 1 : number + 1 + _LINKS])


def _known_words(sample: str, words: Sequence[_Word], language: str) -> float:
    """Return the share of words that the lexicon of a language has."""
    tables = lexicon(language)
    text = fold(sample).text
    return len({hit.pos for matcher in (tables.cues, tables.topics) for hit in matcher.scan(text)}) / len(words)
