"""How a line begins: what looks like the mark of a list item may go on a sentence that the line before did not end.

"– Uzbekistan railway", "г. Ош", "Article 5 of the Agreement", "24:00", "A. Kim" stand at the head of a line where the
margin happened to fall.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

__all__ = ["goes_on", "listed_styles", "midsentence"]

#: Years and numbers, times of day, and references to an article, which begin no item.
_NO_MARK: Final = re.compile(
    r"\d{1,4}[^.)）、．:：\d]|\d{1,2}:\d\d(?!\d)|\d+[.,]\d+\s+[%a-zа-я]"
    r"|(?i:article|section|chapter|annex|статья|раздел|глава|приложение)\s+[\dIVX]+(?:,|\s+[a-zа-я])"
    r"|(?:article|section|chapter|annex|статья|раздел|глава|приложение)\s"
    r"|(?:المادة|الفصل|القسم|الملحق)\s+\(?[\d٠-٩]+\)?\s+(?:من|و)"
    r"|第[一二三四五六七八九十百\d]{1,4}[条章节项](?![\s:：]|$)"
)
#: Marks that a word of a sentence may be: a dash, an initial or an abbreviation.
_MARK: Final = re.compile(r"([-–—])\s|([^\W\d_])\.\s?(?=[A-ZА-ЯЁ\d])")
_DASHES: Final = frozenset("-–—")
#: First letters of lists.
_FIRST: Final = frozenset("AaАаأIi")
#: How a line goes on a sentence: in lower case, or with a quotation, a bracket or a number.
_GOES_ON: Final = re.compile(r"[«“„\"(（\[]|[\d٠-٩]")


def listed_styles(lines: Sequence[str]) -> frozenset[str]:
    """Find which dashes and letters begin items of lists: dashes that come back, and letters from the first on.

    Parameters
    ----------
    lines
        Its lines.

    Returns
    -------
    frozenset of str
        Those dashes, and ``A`` and ``a`` for capital and small letters.
    """
    heads = [mark.group(1) or mark.group(2) for line in lines if (mark := _MARK.match(line))]
    styles = [_style(head) for head in heads]
    begun = {style for head, style in zip(heads, styles, strict=True) if head in _FIRST or head in _DASHES}
    return frozenset(style for style in begun if styles.count(style) > 1)


def midsentence(line: str, listed: frozenset[str]) -> bool:
    """Whether what looks like the mark of an item goes on a sentence.

    Parameters
    ----------
    line
        A line after one that ends no sentence.
    listed
        Marks that begin the items of lists of the text.
    """
    if _NO_MARK.match(line):
        return True
    mark = _MARK.match(line)
    return mark is not None and _style(mark.group(1) or mark.group(2)) not in listed


def goes_on(line: str) -> bool:
    """Whether a line begins as hardly any paragraph does: in lower case, or with a quotation, a bracket or a number."""
    return line[:1].islower() or _GOES_ON.match(line) is not None


def _style(head: str) -> str:
    return head if head in _DASHES else ("a" if head.islower() else "A")
