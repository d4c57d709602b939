"""Patterns of the lexicons: regular expressions with a few shorthands, tried only where their first letter occurs.

A space stands for any white space, ``*`` after a letter for any ending, ``~`` for up to four words in between, and a
group in parentheses with ``?`` between spaces for words that may be missing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

from landlink.statement.folding import fold

__all__ = ["Hit", "Matcher", "Rule", "alternatives", "beginnings", "expression", "first_at"]

T = TypeVar("T")

_GAP: Final = r"(?:\s+\S+){0,4}?\s+"
_ENDING: Final = re.compile(r"(?<=[^\W_]|-)(?<!\\[wWsSdD])\*")
#: Pronouns that Arabic joins to the end of a word.
_ARABIC_BEHIND: Final = "(?:ه|ها|هما|هم|هن|نا)?"
#: Signs of regular expressions that stand for no letter of their own; and an expression for anything.
_SIGNS: Final = frozenset("\\.[]{}^$*+?|)")
_ANYTHING: Final = "."
#: Letters by which patterns are told apart before they are tried.
_DEPTH: Final = 3


#: Kind, strength and pattern of a group of rules.
_Try: TypeAlias = "tuple[str, int, re.Pattern[str]]"


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


def beginnings(text: str, length: int = _DEPTH) -> set[str]:
    """Find the letters with which a match of an expression can begin, as far as they are certain.

    Every match begins with one of them; an empty text among them says that a match can begin with anything.

    Examples
    --------
    >>> sorted(beginnings("(?:open|close)d", 4))
    ['clos', 'open']
    >>> sorted(beginnings("an?d"))
    ['ad', 'and']
    """
    if not text or not length or text[0] in _SIGNS:
        return {""}
    if text.startswith(("(?<", "(?!", "(?=")):
        return beginnings(text[_group_end(text) + 1 :], length)
    if text[0] == "(":
        end = _group_end(text)
        choices, rest = _alternatives(text[3:end] if text.startswith("(?:") else text[1:end]), text[end + 1 :]
    else:
        choices, rest = [text[0]], text[1:]
    repeated, more = rest[:1], rest[1:].lstrip("?")
    if repeated == "{":
        return {""}
    found = beginnings(more, length) if repeated in {"?", "*"} else set()
    follows = {"?": more, "*": _ANYTHING, "+": _ANYTHING}.get(repeated, rest)
    for choice in choices:
        if text[0] == "(":
            found |= beginnings(choice + follows, length)
        else:
            found |= {choice + letters for letters in beginnings(follows, length - 1)}
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
        self._tail = "" if not self._spaced else (_ARABIC_BEHIND if self._arabic else "") + r"(?!\w)"
        #: Bodies of each kind and strength by first letter (None if it can be any), each with how its matches begin.
        self._bodies: dict[str | None, dict[tuple[str, int], dict[str, set[str]]]] = defaultdict(dict)
        #: Patterns to try, by the first letters of a word; None until such a word first occurs.
        self._tries: dict[str, list[_Try] | None] = {}
        for rule in rules:
            body = expression(rule.pattern, spaced=self._spaced)
            begins = beginnings(body)
            firsts = {None} if "" in begins else {letters[0] for letters in begins}
            for first in firsts:
                self._bodies[first].setdefault((rule.kind, rule.strength), {})[body] = begins
            for letters in begins:
                self._tries |= dict.fromkeys(letters[:length] for length in range(1, len(letters) + 1))
        self._anywhere = self._compiled(None, "")

    def _compiled(self, first: str | None, letters: str) -> list[_Try]:
        """Compile the patterns that can match where a word begins with some letters."""
        found = []
        for (kind, strength), bodies in self._bodies.get(first, {}).items():
            fitting = [body for body, begins in bodies.items() if first is None or letters.startswith(tuple(begins))]
            if fitting:
                ordered = sorted(fitting, key=len, reverse=True)
                found.append((kind, strength, re.compile("(?:" + "|".join(ordered) + ")" + self._tail)))
        return found

    def _to_try(self, text: str, pos: int) -> list[_Try]:
        """Patterns that can match at an offset: those that begin with as many of its letters as any pattern does."""
        for length in range(_DEPTH, 0, -1):
            letters = text[pos : pos + length]
            if letters in self._tries:
                found = self._tries[letters]
                if found is None:
                    found = self._tries[letters] = self._compiled(letters[0], letters) + self._anywhere
                return found
        return self._anywhere

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
            for kind, strength, compiled in self._to_try(text, pos):
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
