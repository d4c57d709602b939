"""Detect the language of a paragraph by its script, its function words and its distinctive letters."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import Final, NamedTuple

from landlink.statement.lexicon import LANGUAGES, shared_rows

__all__ = ["UNKNOWN", "language_of", "name_of"]

#: Code of an undetermined language.
UNKNOWN: Final = "und"
_SAMPLE: Final = 4_000
_WORD: Final = re.compile(r"[^\W\d_][\w'ʻʼ’]*")
#: Scripts by the first word of the Unicode names of their characters.
_SCRIPTS: Final = {
    "LATIN": "latin",
    "CYRILLIC": "cyrillic",
    "ARABIC": "arabic",
    "CJK": "han",
    "HIRAGANA": "kana",
    "KATAKANA": "kana",
    "HANGUL": "hangul",
    "DEVANAGARI": "devanagari",
    "GEORGIAN": "georgian",
    "ARMENIAN": "armenian",
    "GREEK": "greek",
    "HEBREW": "hebrew",
    "THAI": "thai",
}
#: Weight of a distinctive letter against a function word; and the default language of each script.
_LETTER_WORTH: Final = 1.5
_DEFAULT: Final = {"latin": "en", "cyrillic": "ru", "arabic": "ar", "han": "zh"}


class _Profile(NamedTuple):
    language: str
    name: str
    script: str
    words: frozenset[str]
    letters: frozenset[str]


@lru_cache(maxsize=1)
def _profiles() -> tuple[_Profile, ...]:
    return tuple(
        _Profile(
            row["language"],
            row["name"],
            row["script"],
            frozenset(row["words"].casefold().replace("ё", "е").split()),
            frozenset(row["letters"]),
        )
        for row in shared_rows("languages")
    )


def name_of(language: str) -> str:
    """Return the English name of a language."""
    return next((profile.name for profile in _profiles() if profile.language == language), "an unknown language")


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    return _SCRIPTS.get(unicodedata.name(letter, "").split(" ")[0].split("-")[0], "")


def language_of(text: str) -> str:
    """Detect the language of a text.

    Parameters
    ----------
    text
        A paragraph or a whole text.

    Returns
    -------
    str
        ISO 639-1 code; ``und`` if the language cannot be determined.

    Examples
    --------
    >>> language_of("Стороны договорились расширить торговлю.")
    'ru'
    >>> language_of("Тараптар сауданы кеңейту туралы келісті және бұл үшін")
    'kk'
    """
    sample = text[:_SAMPLE]
    scripts = Counter(script for letter in sample if letter.isalpha() and (script := _script(letter)))
    if not scripts:
        return UNKNOWN
    # A Chinese character carries as much as several letters; Japanese is recognised by its kana.
    weighted = {script: count * (2.5 if script == "han" else 1) for script, count in scripts.items()}
    if scripts["kana"] > 0.1 * scripts["han"] and scripts["kana"] > 2:
        weighted["kana"] += weighted.pop("han", 0)
    script = max(weighted, key=lambda key: weighted[key])
    profiles = [profile for profile in _profiles() if profile.script == script]
    if len(profiles) == 1:
        return profiles[0].language
    return _best(sample, script, profiles)


def _best(sample: str, script: str, profiles: list[_Profile]) -> str:
    """Choose the profile with the most function words and distinctive letters."""
    words = [word.casefold().replace("ё", "е").replace("ʻ", "'").replace("’", "'") for word in _WORD.findall(sample)]
    letters = Counter(letter for letter in sample.casefold() if letter.isalpha())
    scores = {}
    for number, profile in enumerate(profiles):
        matches = sum(word in profile.words for word in words)
        marks = sum(letters[letter] for letter in profile.letters)
        # Loan words and names with foreign letters must not outweigh the function words of the text.
        scores[profile.language, number] = matches + _LETTER_WORTH * (marks if marks > 0.01 * len(sample) else 0)
    (language, _), best = max(scores.items(), key=lambda item: (item[1], item[0][0] == _DEFAULT.get(script, "")))
    ours = max((score for (code, _), score in scores.items() if code == _DEFAULT.get(script)), default=0)
    if best in {0, ours}:
        return _DEFAULT.get(script, UNKNOWN)
    if language not in LANGUAGES and best - ours < max(2.0, 0.04 * len(words)):
        return _DEFAULT.get(script, language)
    return language
