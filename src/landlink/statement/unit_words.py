"""The words of units: beside a number, behind adjectives, and as Arabic duals, which are numbers themselves."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from landlink.statement.lexicon import UserTables, compiled_rows, rows
from landlink.statement.patterns import beginnings, expression, first_at

__all__ = ["UnitWords", "counts", "stands_alone", "unit_words"]

#: Letters by which the patterns are told apart.
_DEPTH: Final = 3
#: Russian adjectives that stand between a number and its noun: "пятнадцать областных и районных больниц".
_ADJECTIVE: Final = re.compile(
    r"(?:[^\W\d]+-)?[^\W\d]{2,}(?:[ыи]х|[ыи]е|[ыи]й|[оеы]й|ого|его|[ая]я|[оеу]е|[ую]ю|[ыи]ми?|[ое]му)(?:,|\s+и)?\s+"
)
_ADJECTIVES: Final = 3
#: What stands between an Arabic number and its noun: "عشرة من الخبراء".
_ARABIC_LINK: Final = re.compile(r"(?:من\s+)?(?:ال)?")
#: An Arabic word that may be a dual, with particles joined to it: its article, its stem, and its ending.
_DUAL: Final = re.compile(r"(?<!\w)[وف]?[بل]?(?P<whole>(?P<the>ال)?(?P<stem>\w{2,}?)(?P<end>ين|ان|تي|اءي))(?!\w)")
#: Letters of the shortest stem of a dual in construct: "التي" is none.
_LEAST_STEM: Final = 3
#: The word before "one": "يوم واحد".
_LAST_WORD: Final = re.compile(r"(?P<front>ال|[وفبل])?(?P<word>\w+)\s+$")
#: Words before a dual in construct that name its members rather than count them: "between the cities of".
_NAMED: Final = re.compile(r"\b(?:بين|في|من|الي|عبر|كلتا|لدي)\s+$")
#: Units whose nouns in the dual look like their plurals.
_PEOPLE: Final = frozenset({"people", "students", "tourists"})
_PLACES: Final = frozenset({"districts", "countries", "ports", "villages"})
_WORD: Final = re.compile(r"(?<![\w-])\w")
_SPACES: Final = " \u00a0"


class UnitWords:
    """The table ``units`` of a language, tried by first letters; of several matches the longest counts.

    Parameters
    ----------
    language
        ISO 639-1 code.
    user_tables
        Folder of the user's own tables.
    """

    def __init__(self, language: str, user_tables: UserTables | None) -> None:
        self._language = language
        self._all = compiled_rows(language, "units", "unit", user_tables)
        self._indexed: dict[str, list[tuple[re.Pattern[str], str]]] = defaultdict(list)
        for pattern, unit in self._all:
            for letters in beginnings(pattern.pattern, _DEPTH):
                self._indexed[letters.split(".")[0]].append((pattern, unit))

    def beside(self, text: str, place: int) -> tuple[str, int] | None:
        """Find the unit that stands at an offset, after spaces and adjectives: the unit and its end."""
        if self._language not in ("ru", "ar"):
            return first_at(self._all, text, place)
        while place < len(text) and text[place] in _SPACES:
            place += 1
        found = self._longest(text, place)
        if found is None and self._language == "ar":
            link = _ARABIC_LINK.match(text, place)
            return self._longest(text, link.end()) if link and link.end() > place else None
        for _ in range(_ADJECTIVES if self._language == "ru" else 0):
            adjective = _ADJECTIVE.match(text, place) if found is None else None
            if adjective is None:
                break
            place = adjective.end()
            found = self._longest(text, place)
        return found

    def _longest(self, text: str, place: int) -> tuple[str, int] | None:
        found: tuple[str, int] | None = None
        for length in range(_DEPTH + 1):
            for pattern, unit in self._indexed.get(text[place : place + length], ()):
                match = pattern.match(text, place)
                if match and match.end() > (found[1] if found else place):
                    found = unit, match.end()
        return found

    def within(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield the units that occur in a text as whole words: start, end and unit."""
        if self._language not in ("ru", "ar"):
            for pattern, unit in self._all:
                for match in pattern.finditer(text):
                    yield match.start(), match.end(), unit
            return
        for word in _WORD.finditer(text):
            start = word.start()
            for front in ("", "ال", "لل", "بال", "وال") if self._language == "ar" else ("",):
                if text.startswith(front, start) and (found := self._longest(text, start + len(front))):
                    yield start, found[1], found[0]
                    break

    def whole(self, word: str) -> str:
        """Return the unit of which a word is a form; empty if there is none."""
        found = self._longest(word, 0)
        return found[0] if found and found[1] == len(word) else ""

    def single(self, text: str, start: int) -> tuple[str, int] | None:
        """Find the Arabic noun that "one" follows: its unit and its start."""
        match = _LAST_WORD.search(text, max(0, start - 20), start) if self._language == "ar" else None
        if match is None:
            return None
        for word, place in ((match["word"], match.start("word")), (match.group().rstrip(), match.start())):
            if unit := self.whole(word):
                return unit, place
        return None

    def duals(self, text: str) -> Iterator[tuple[int, int, str, bool]]:
        """Yield the Arabic words that mean two of a unit: start, end, unit, and whether they only name the two."""
        for match in _DUAL.finditer(text) if self._language == "ar" else ():
            stem, end = match["stem"], match["end"]
            singulars = {"تي": [stem + "ة"], "اءي": [stem + "اء"]}.get(end) or (
                [stem[:-1] + "ة", stem] if stem.endswith("ت") else [stem]
            )
            unit = next((unit for one in singulars if (unit := self.whole(one))), "")
            if end == "تي" and len(stem) < _LEAST_STEM:
                continue
            own = self._longest(text, match.start("whole"))
            last = match.end()
            if own and own[1] > last:
                unit, last = own
            if not unit or (unit in _PEOPLE and end == "ين" and self.whole(stem + end)):
                continue
            if match["the"]:
                continue
            named = end in ("تي", "اءي") and (
                unit in _PLACES or _NAMED.search(text, max(0, match.start() - 10), match.start()) is not None
            )
            yield match.start("whole"), last, unit, named


@lru_cache(maxsize=16)
def unit_words(language: str, user_tables: UserTables | None = None) -> UnitWords:
    """Compile the table ``units`` of a language."""
    return UnitWords(language, user_tables)


def counts(language: str, user_tables: UserTables | None = None) -> list[tuple[re.Pattern[str], str, float]]:
    """Compile the table ``duals``: words that are themselves a number of something, two if it does not say."""
    front = r"(?<!\w)[وفبل]{0,2}(?:ال)?" if language == "ar" else r"(?<!\w)"
    return [
        (re.compile(f"{front}(?:{expression(row['pattern'])})(?!\\w)"), row["unit"], float(row.get("count") or 2))
        for row in rows(language, "duals", user_tables)
    ]


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a match is no part of a longer word, hyphens included."""
    before, after = text[:start][-1:], text[end:][:1]
    return not (before.isalnum() or before == "-" or after == "-")
