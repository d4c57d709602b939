"""What a number counts: the noun that heads the words after it, where no table names the unit beside the number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from landlink.statement.lexicon import UserTables, compiled_rows, rows
from landlink.statement.patterns import first_at

__all__ = ["NOUN_WORDS", "CountedNouns", "counted_nouns"]

#: Kinds of words in ``noun_words.csv``: what ends the words of a thing, plurals without s, plurals that stand before
#: another noun, what is no amount of anything (parties, parts of texts, ways of speaking), and what is no thing after
#: "one" ("one another").
NOUN_WORDS: Final = ("end", "plural", "before_noun", "no_amount", "no_thing")

_Unit = tuple[str, int]

#: English words after a number that are sought for its noun.
_MOST_WORDS: Final = 6
#: Letters of words that are too short for a plural, and for a noun.
_SHORT: Final = 3
_WORD: Final = re.compile(r"\s+([a-z][a-z'’]*(?:-[a-z]+)*)")
#: Endings of words that are no plurals.
_NO_PLURAL: Final = re.compile(
    r"(?:ss|us|is|['’]s|(?:phys|mat|log|ist|nom|lit|tron|let|bot|net|lyt|opt|th|aph|rist|am|gist)ics|ous|news|always|across|lens|gas|overseas|indoors|outdoors)$"
)
#: Words of the kind ``no_thing`` that are a thing after a word that describes them: "one film week".
_LATER_THINGS: Final = frozenset({"week", "day", "hour", "family", "language"})
#: What stands before a number that names or counts what is mentioned.
_NAMES: Final = re.compile(
    r"(?:\b(?:the|these|those|both|all|its|their|our|your|his|her|said|other|any|same|last|first|next|past|coming|"
    r"articles?|annex(?:es)?|appendix|paragraphs?|sub-?paragraphs?|para|nos?\.?|numbers?|goals?|sdgs?|agenda|vision|"
    r"resolutions?|decisions?|rules?|group of|phase|stage|stages|euro|iso|covid|routes?|highways?|roads?|lines?|"
    r"corridors?|class|category|levels?|schedule|chapters?|sections?|parts?|items?|regulations?|conventions?|"
    r"protocols?|decrees?|laws?|lots?|rooms?|floor|streets?|pages?|p\.|figures?|tables?|steps?|pillars?|tracks?|"
    r"clauses?|tel|fax|code|headings?|points?|track|zones?|block|flight|volume|version|model|type|grade|tier|"
    r"component|measure|action|activity|output|outcome|indicator|target|task|directive|ordinance|order|act|bill|"
    r"treaty|between|among|within|page|year|since) |[-–/#№+*.:]\s?|\()$"
)
#: Those of them that may stand before an amount too, if it is in a list or after a word for a limit.
_LOOSE: Final = re.compile(r"(?:\b(?:of|for|targets?|outputs?|indicators?|next|coming) |[-–:]\s?|\()$")
#: Chinese: words that count things, what ends the words of a thing, and how many characters these may have.
_CLASSIFIER: Final = re.compile(
    r"\s?[多余]?[个家座所台套条项份辆艘架期场次届批种类支只张本册部间处栋幢口眼颗枚对组片块宗笔门件段列节班趟"
    r"盏根孔顶篇首幅集卷轮头匹尾株棵扇款艇队]"
)
_NOUN_ENDS: Final = re.compile(
    r"[，。；、！？：,;:()（）\s《》]|\d(?!\d*千[伏瓦])|和|与|及|或|并|在|于|向|以|从|至(?!少)|到|实施|完成|实现|作出|提交|通知|办理|审查|开展|推广|提供|用于|派遣|安装|设立|部署|"
    r"试行|启用|举办|配备|由|供|(?:建设|改造|培训|修建|建造)(?!项目|工程|方案|计划|基地|中心|班|课程|任务)"
)
_CLOSES: Final = re.compile(r"\s|$|[，。；、(（)）]|以[上内]|[增升提减降压缩扩]")
_REACH_DENSE: Final = 26
_NUMBER_OF: Final = re.compile(r"\bnumbers? of (?:the )?")


@dataclass(frozen=True)
class CountedNouns:
    """Nouns that numbers count, in one language."""

    units: list[tuple[re.Pattern[str], str]]
    things: list[tuple[re.Pattern[str], str]]
    nouns: re.Pattern[str] | None
    names: dict[str, str]
    words: dict[str, set[str]]
    language: str

    def dense(self, text: str, start: int, end: int, *, either: bool) -> _Unit | None:
        """Find the noun that a Chinese number counts, after its measure word, or on either side of the number."""
        if (found := self._dense_after(text, end)) is not None or not either:
            return found
        before, counter = self.before(text, start, end), _CLASSIFIER.match(text, end)
        return (before, counter.end()) if before and counter else None

    def after(self, text: str, start: int, end: int, value: float) -> _Unit | None:
        """Find the noun that a number counts, and where it ends; None if the words after it name none."""
        return self._english_after(text, start, end, value) if self.language == "en" else None

    def before(self, text: str, start: int, end: int) -> str:
        """Find the noun that a Chinese number counts before it, as in a row of a table; empty if there is none."""
        counter = _CLASSIFIER.match(text, end)
        if self.nouns is None or counter is None or _CLOSES.match(text, counter.end()) is None:
            return ""
        found = list(self.nouns.finditer(text, max(0, start - _REACH_DENSE), start))
        return self._unit(found[-1]) if found else ""

    def may_be_many(self, words: str) -> bool:
        """Whether words may name more than one thing: in English, a plural."""
        return self.language != "en" or self._is_plural(words.rpartition(" ")[2])

    def number_of(self, text: str) -> str:
        """Find the English noun after "the number of"; empty if there is none."""
        counted = _NUMBER_OF.search(text)
        found = self._english_after(text, 0, counted.end() - 1, 0.0) if counted and self.language == "en" else None
        return found[0] if found else ""

    def heads_on(self, text: str, start: int, end: int, value: float) -> _Unit | None:
        """Find the noun after a first one that only describes it: "youth forum", "test kits"."""
        follows = _WORD.match(text, end)
        if self.language != "en" or follows is None or follows.group(1) in self.words["end"] or text[end - 1] == "s":
            return None
        return self._english_after(text, start, end, value)

    def _english_after(self, text: str, start: int, end: int, value: float) -> _Unit | None:
        words: list[tuple[int, int, str]] = []
        place = end
        while (
            len(words) < _MOST_WORDS and (word := _WORD.match(text, place)) and word.group(1) not in self.words["end"]
        ):
            words.append((word.start(1), word.end(), word.group(1)))
            place = word.end()
        head = _singular_head(words) if value == 1 else self._plural_head(words)
        if head is None:
            return None
        last, noun = words[head][1], words[head][2]
        for first, _, _ in words[: head + 1]:
            if (known := first_at(self.units, text, first)) and known[1] == last:
                return known
        if (
            noun in self.words["no_amount"]
            or (noun in self.words["no_thing"] and (head == 0 or noun not in _LATER_THINGS))
            or _is_name(text, start)
        ):
            return None
        for first, _, _ in words[: head + 1]:
            if (known := first_at(self.things, text, first)) and known[1] == last:
                return known
        return _plural(noun) if value == 1 else noun, last

    def _plural_head(self, words: list[tuple[int, int, str]]) -> int | None:
        """Number of the first word that is a plural and stands before no other one."""
        plural = [self._is_plural(word) for _, _, word in words]
        for number, (_, _, word) in enumerate(words):
            if plural[number] and not (word in self.words["before_noun"] and any(plural[number + 1 :])):
                return number
        return None

    def _is_plural(self, word: str) -> bool:
        regular = word.endswith("s") and len(word) > _SHORT and _NO_PLURAL.search(word) is None
        return regular or word in self.words["plural"]

    def _dense_after(self, text: str, end: int) -> _Unit | None:
        if self.nouns is None:
            return None
        counter = _CLASSIFIER.match(text, end)
        if counter is None:
            direct = self.nouns.match(text, end)
            return (self._unit(direct), direct.end()) if direct else None
        place = counter.end()
        stop = _NOUN_ENDS.search(text, place, place + _REACH_DENSE)
        limit = stop.start() if stop else min(len(text), place + _REACH_DENSE)
        found = None
        for match in self.nouns.finditer(text, place, limit):
            # "The facilities of three posts": what follows 的 is not what is counted.
            if found is not None and "的" in text[found.end() : match.start()]:
                break
            found = match
        return (self._unit(found), found.end()) if found else None

    def _unit(self, match: re.Match[str]) -> str:
        return self.names[match.group()]


def _singular_head(words: list[tuple[int, int, str]]) -> int | None:
    """Number of the last word of a thing that is one; None if what follows the number may be no thing."""
    nouns = [number for number, (_, _, word) in enumerate(words) if not word.endswith(("ed", "ly"))]
    return nouns[-1] if nouns and len(words) <= _MOST_WORDS - 2 and len(words[nouns[-1]][2]) >= _SHORT else None


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in tuple("aeiou"):
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def _is_name(text: str, start: int) -> bool:
    """Whether the words before a number say that it names something, or counts what is only mentioned."""
    before = text[max(0, start - 24) : start]
    return _NAMES.search(before) is not None and _LOOSE.search(before) is None


@lru_cache(maxsize=16)
def counted_nouns(language: str, user_tables: UserTables | None = None) -> CountedNouns:
    """Compile the nouns of a language: its units, and its table ``counted``."""
    # Where words are spaced, each row is a pattern; else all are nouns of one expression.
    dense = compiled_rows(language, "counted", "unit", user_tables) if language == "zh" else []
    names = {pattern.pattern.removeprefix("(?:").removesuffix(")"): unit for pattern, unit in reversed(dense)}
    words: dict[str, set[str]] = {kind: set() for kind in NOUN_WORDS}
    for row in rows(language, "noun_words", user_tables):
        words[row["kind"]].add(row["word"])
    joined = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return CountedNouns(
        compiled_rows(language, "units", "unit", user_tables),
        compiled_rows(language, "counted", "unit", user_tables),
        re.compile(joined) if joined else None,
        names,
        words,
        language,
    )
