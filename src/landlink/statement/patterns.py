"""Patterns of the lexicons: regular expressions with a few shorthands, tried only where their first letter occurs.

A space stands for any white space, ``*`` after a letter for any ending, ``~`` for up to four words in between, and a
group in parentheses with ``?`` between spaces for words that may be missing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from landlink.statement.folding import fold

__all__ = ["Hit", "Matcher", "Rule", "alternatives", "expression", "first_at", "first_letters"]

T = TypeVar("T")

_GAP: Final = r"(?:\s+\S+){0,4}?\s+"
_ENDING: Final = re.compile(r"(?<=[^\W_]|-)(?<!\\[wWsSdD])\*")
#: Pronouns that Arabic joins to the end of a word.
_ARABIC_BEHIND: Final = "(?:ه|ها|هما|هم|هن|نا)?"
_CLASS_OR_ESCAPE: Final = "[\\."


@dataclass(frozen=True)
class Rule:
    """A row of a lexicon: what it marks, how strongly, and the pattern."""

    kind: str
    pattern: str
    strength: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """A match of a pattern.

    Attributes
    ----------
    start, end
        Span from the start of the word to the end of the match.
    kind, strength
        Of its rule.
    pos
        Start of the match itself, after any prefix joined to the word.
    """

    start: int
    end: int
    kind: str
    strength: int
    pos: int


def _pieces(pattern: str) -> list[str]:
    """Split a pattern at spaces outside of brackets."""
    pieces, depth, piece = [], 0, ""
    for character in pattern:
        depth += (character in "([") - (character in ")]")
        if character == " " and depth == 0:
            pieces.append(piece)
            piece = ""
        else:
            piece += character
    return [*pieces, piece]


def _optional(piece: str) -> bool:
    """Whether the whole piece is a group that may be missing."""
    if not (piece.startswith("(") and piece.endswith(")?")):
        return False
    depth = 0
    for place, character in enumerate(piece):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return place == len(piece) - 2
    return False


def expression(pattern: str, *, spaced: bool = True) -> str:
    r"""Translate a pattern into a regular expression.

    Examples
    --------
    >>> expression("agree* (also)? on")
    'agree\\w*(?:\\s+(?:also))?\\s+on'
    """
    text = _folded(pattern.strip())
    if not spaced:
        return _uncaptured(text)
    result, began = "", False
    for piece in _pieces(text):
        body = _uncaptured(_ENDING.sub(r"\\w*", piece)).replace("~", _GAP).replace(" ", r"\s+")
        if _optional(piece):
            result += f"(?:\\s+{body[:-1]})?" if began else f"(?:{body[:-1]}\\s+)?"
        else:
            result += (r"\s+" if began else "") + body
            began = True
    return result


def _folded(pattern: str) -> str:
    r"""Fold a pattern, but not its escapes: \S is the opposite of \s."""
    return "".join(piece if piece.startswith("\\") else fold(piece).text for piece in re.split(r"(\\.)", pattern))


def _uncaptured(text: str) -> str:
    """Make all groups non-capturing."""
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", text)


def alternatives(pattern: str) -> list[str]:
    """Split a pattern that is one group of alternatives into these, so that the longest can be tried first.

    Examples
    --------
    >>> alternatives("(congo|congo( free)? state)")
    ['congo', 'congo( free)? state']
    """
    one_group = pattern.startswith("(") and not pattern.startswith("(?") and _group_end(pattern) == len(pattern) - 1
    return _alternatives(pattern[1:-1]) if one_group else [pattern]


def _alternatives(text: str) -> list[str]:
    """Split the content of one pair of parentheses into its alternatives."""
    found, depth, piece = [], 0, ""
    for character in text:
        depth += (character in "([") - (character in ")]")
        if character == "|" and depth == 0:
            found.append(piece)
            piece = ""
        else:
            piece += character
    return [*found, piece]


def _group_end(text: str) -> int:
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return place
    raise re.error("unbalanced parentheses", text)


def first_letters(text: str) -> set[str] | None:
    """Find the letters with which a match of an expression can begin; None if any can."""
    if not text or text[0] in _CLASS_OR_ESCAPE:
        return None
    if text[0] != "(":
        letters = {text[0]}
        rest = text[1:]
        if rest[:1] in {"?", "*"}:
            more = first_letters(rest[1:])
            return None if more is None else letters | more
        return letters
    end = _group_end(text)
    rest = text[end + 1 :]
    if text.startswith(("(?<", "(?!", "(?=")):
        return first_letters(rest)
    found: set[str] = set()
    inner = text[3:end] if text.startswith("(?:") else text[1:end]
    optional = rest[:1] in {"?", "*"}
    rest = rest[1:] if optional else rest
    for choice in [*_alternatives(inner), *([""] if optional else [])]:
        more = first_letters(choice + rest)
        if more is None:
            return None
        found |= more
    return found


class Matcher:
    """All rules of a language, tried at each word (at each character where words are not spaced).

    Parameters
    ----------
    rules
        Rows of the lexicons.
    language
        ISO 639-1 code: Chinese has no spaces between words, Arabic joins particles to the next word.
    light
        Kinds that in Arabic may only be preceded by a joined "and" or "so".
    """

    def __init__(self, rules: Iterable[Rule], language: str, *, light: frozenset[str] = frozenset()) -> None:
        self._spaced = language != "zh"
        self._arabic = language == "ar"
        self._light = light
        grouped: dict[tuple[str | None, str, int], list[str]] = defaultdict(list)
        for rule in rules:
            body = expression(rule.pattern, spaced=self._spaced)
            letters: set[str | None] = set(first_letters(body) or ())
            for letter in letters or {None}:
                grouped[letter, rule.kind, rule.strength].append(body)
        tail = "" if not self._spaced else (_ARABIC_BEHIND if self._arabic else "") + r"(?!\w)"
        self._by_letter: dict[str | None, list[tuple[str, int, re.Pattern[str]]]] = defaultdict(list)
        for (first, kind, strength), bodies in grouped.items():
            ordered = sorted(dict.fromkeys(bodies), key=len, reverse=True)
            compiled = re.compile("(?:" + "|".join(ordered) + ")" + tail)
            self._by_letter[first].append((kind, strength, compiled))
        self._anywhere = self._by_letter.pop(None, [])

    def scan(self, text: str) -> list[Hit]:
        """Find all hits in a folded text, in order; of each kind only the longest at each position."""
        if not self._spaced:
            return self._tried(text, ((n, n, True) for n in range(len(text))))
        if not self._arabic:
            return self._tried(text, ((m.start(), m.start(), True) for m in _WORD.finditer(text)))
        return self._tried(text, _arabic_places(text))

    def _tried(self, text: str, places: Iterable[tuple[int, int, bool]]) -> list[Hit]:
        hits: list[Hit] = []
        for start, pos, light in places:
            for kind, strength, compiled in (*self._by_letter.get(text[pos], ()), *self._anywhere):
                if not light and kind in self._light:
                    continue
                found = compiled.match(text, pos)
                if found and found.end() > pos:
                    hits.append(Hit(start, found.end(), kind, strength, pos))
        return hits


_WORD: Final = re.compile(r"(?<!\w)\w")
_WORDS: Final = re.compile(r"\w+")


def _arabic_places(text: str) -> Iterable[tuple[int, int, bool]]:
    """Yield the start of each word, and the positions after particles that Arabic joins to it."""
    for word in _WORDS.finditer(text):
        start, letters = word.start(), word.group()
        yield start, start, True
        seen = {0}
        and_ = 1 if letters[0] in "وف" else 0
        for first in {0, and_}:
            rest = letters[first:]
            for front in ("", "ال", "بال", "كال", "لل", "ب", "ل", "ك", "وال"):
                cut = first + len(front)
                if cut not in seen and rest.startswith(front) and len(letters) - cut >= 2:
                    seen.add(cut)
                    yield start, start + cut, front == ""


def first_at(patterns: Iterable[tuple[re.Pattern[str], T]], text: str, place: int) -> tuple[T, int] | None:
    """Find the first of some patterns that matches at an offset, after any spaces: its value and its end."""
    while place < len(text) and text[place] in " \u00a0":
        place += 1
    for pattern, value in patterns:
        match = pattern.match(text, place)
        if match:
            return value, match.end()
    return None


def overlaps(hit: Hit, others: Sequence[Hit]) -> bool:
    """Whether a hit shares a character with any of some others."""
    return any(hit.pos < other.end and other.pos < hit.end for other in others)
