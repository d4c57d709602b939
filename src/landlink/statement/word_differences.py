"""Which words of two texts of one language differ."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Final, TypeAlias

from landlink.statement.folding import fold

__all__ = ["Parts", "word_differences"]

#: Parts of a text in order, each with whether it differs.
Parts: TypeAlias = list[tuple[str, bool]]

#: A number, a word, a Chinese character, or a sign; the space between them is not compared.
_TOKEN: Final = re.compile(r"\d+(?:[.,]\d+)*|[\u3400-\u9fff]|[^\W\d\u3400-\u9fff]+|[^\w\s]")
#: Pairs of words up to which two texts are compared; the comparison takes their number, and clauses are far shorter.
_MOST_PAIRS: Final = 250_000


def word_differences(before: str, after: str) -> tuple[Parts, Parts]:
    """Split two texts where their words differ.

    Parameters
    ----------
    before, after
        The texts.

    Returns
    -------
    tuple
        The parts of each text, whose concatenation is that text. Very long texts are not compared: each is one part.

    Examples
    --------
    >>> word_differences("a road by 2030", "a road by 2032")
    ([('a road by ', False), ('2030', True)], [('a road by ', False), ('2032', True)])
    """
    spans = [[match.span() for match in _TOKEN.finditer(text)] for text in (before, after)]
    if len(spans[0]) * len(spans[1]) > _MOST_PAIRS:
        return [(before, False)], [(after, False)]
    words = [
        [fold(text[start:end]).text for start, end in places]
        for text, places in zip((before, after), spans, strict=True)
    ]
    marked: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    for what, first, last, begin, end in SequenceMatcher(None, words[0], words[1], autojunk=False).get_opcodes():
        if what != "equal":
            marked[0].extend(_whole(spans[0][first:last]))
            marked[1].extend(_whole(spans[1][begin:end]))
    return _parts(before, marked[0]), _parts(after, marked[1])


def _whole(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(spans[0][0], spans[-1][1])] if spans else []


def _parts(text: str, marked: list[tuple[int, int]]) -> Parts:
    found: Parts = []
    last = 0
    for start, end in marked:
        found += [(text[last:start], False), (text[start:end], True)]
        last = end
    found.append((text[last:], False))
    return [part for part in found if part[0]]
