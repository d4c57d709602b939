"""Forms in which the name of a country occurs in a text, as patterns of the lexicons.

The names are those of :mod:`landlink.core.countries`. What no rule derives from them, such as adjectives and official
names, is in ``countries.csv`` of each lexicon.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from landlink.core.countries import countries
from landlink.statement.folding import fold

__all__ = ["name_patterns"]

#: Latin letters with a mark that many texts leave out.
_PLAIN: Final = {"å": "a", "ã": "a", "é": "e", "í": "i", "ô": "o", "ü": "u", "ç": "c"}
#: Words that CLDR abbreviates, with everything that texts write for them.
_ENGLISH_WORDS: Final = {"&": "(and|&) (the)?", "st.": r"(saint|st\.?)", "u.s.": r"(u\.?s\.?|united states)"}
_RUSSIAN_WORDS: Final = {
    "о-ва": "(о-ва|остров(а|ов|ам|ами|ах))",
    "о-в": "(о-в|остров(а|у|ом|е)?)",
    "св.": r"(св\.|свят\w+)",
}
#: Endings of Russian names and all that they become in the six cases. The first that fits is taken; names with other
#: endings, such as Чили, do not change.
_CASES: Final = (
    ("овы", "овы|овых|овым|овыми"),
    ("ово", "ово|ова|ову|овом|ове"),
    ("ая", "ая|ой|ую|ою"),
    ("ые", "ые|ых|ым|ыми"),
    ("ие", "ие|их|им|ими"),
    ("ое", "ое|ого|ому|ым|ом"),
    ("ия", "ия|ии|ию|ией|иею"),
    ("ый", "ый|ого|ому|ым|ом"),
    ("ий", "ий|ия|ию|ием|ии"),
    ("ай", "ай|ая|аю|аем|ае"),
    ("ей", "ей|ея|ею|еем|ее"),
    ("ь", "ь|я|и|ю|ем|ью|е"),
    ("ы", "ы|ов|ам|ами|ах|"),
    ("а", "а|ы|и|е|у|ой|ою|ов|ам|ами|ах"),
    ("я", "я|и|ю|е|ей|ею"),
)
_CONSONANTS: Final = frozenset("бвгджзклмнпрстфхцчшщ")
_BRACKETS: Final = re.compile(r"\s*[(（]([^)）]*)[)）]")
_WORDS: Final = re.compile(r"[^\s-]+|\s+-\s+|-|\s+")


def name_patterns(language: str) -> Iterator[tuple[str, str]]:
    """Yield the code and the pattern of every country's name in a language that is read.

    Examples
    --------
    >>> dict(name_patterns("ru"))["UGA"]
    'уганд(а|ы|и|е|у|ой|ою|ов|ам|ами|ах)'
    """
    names = {code: fold(country.names[language]).text for code, country in countries().items()}
    # What stands in brackets is part of the name only where it tells two countries apart.
    shared = Counter(_BRACKETS.sub("", name) for name in names.values())
    for code, name in names.items():
        apart = shared[_BRACKETS.sub("", name)] > 1
        yield code, _with_brackets(name, _PATTERNS[language], needed=apart, gap="" if language == "zh" else "( )?")


def _with_brackets(name: str, pattern: Callable[[str], str], *, needed: bool, gap: str) -> str:
    found = _BRACKETS.search(name)
    if found is None:
        return pattern(name)
    inner = pattern(found[1])
    bracketed = rf"({gap}\W{inner}\W|{gap}{inner})" + ("" if needed else "?")
    return pattern(name[: found.start()]) + bracketed + pattern(name[found.end() :])


def _english(name: str) -> str:
    return "".join(_ENGLISH_WORDS.get(word) or _separator(word) or _unmarked(word) for word in _WORDS.findall(name))


def _unmarked(word: str) -> str:
    escaped = re.escape(word.replace(",", ""))
    comma = ",?" if word.endswith(",") else ""
    return "".join(f"({mark}|{_PLAIN[mark]})" if mark in _PLAIN else mark for mark in escaped) + comma


def _russian(name: str) -> str:
    words = re.findall(r"о-ва|о-в|св\.|[^\s-]+|\s+-\s+|-|\s+", name)
    return "".join(_RUSSIAN_WORDS.get(word) or _separator(word) or _declined(word) for word in words)


def _declined(word: str) -> str:
    """Return a pattern for all cases of a Russian word."""
    body, comma = (word[:-1], ",?") if word.endswith(",") else (word, "")
    for ending, cases in _CASES:
        if body.endswith(ending) and len(body) > len(ending) + 1:
            return f"{re.escape(body[: -len(ending)])}({cases})" + comma
    cases = "(а|у|ом|ем|е)?" if body[-1] in _CONSONANTS and len(body) > 2 else ""
    return re.escape(body) + cases + comma


def _arabic(name: str) -> str:
    # The article may be joined to a particle, and then loses its first letter.
    words = (_separator(word) or re.sub(r"^ال(?=\w{2})", "(ال)?", word) for word in _WORDS.findall(name))
    # A foreign g is written in two ways; words with the article are Arabic ones.
    return "".join(word if word.startswith("(ال)?") else word.replace("غ", "(غ|ج)") for word in words)


def _separator(word: str) -> str:
    """Return the pattern of a space or a hyphen; empty for a word."""
    if word.isspace():
        return " "
    return "( - |-| )" if word.strip() == "-" else ""


_PATTERNS: Final[dict[str, Callable[[str], str]]] = {
    "ar": _arabic,
    "en": _english,
    "ru": _russian,
    "zh": re.escape,
}
