"""Fold text into the form that rules compare: lower case, one form of each letter, no optional diacritics."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["Folded", "fold"]

#: Optional marks of Arabic: vowel signs, the superscript alef, the tatweel.
_DRESS: Final = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u0640"
#: Invisible characters of text copied from a page: joiners, direction marks, soft hyphens.
_HIDDEN: Final = "\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_DROPPED: Final = re.compile(f"[{_DRESS}{_HIDDEN}]")

_LETTERS: Final = {
    **dict.fromkeys("أإآٱ", "ا"),
    **dict.fromkeys("ىی", "ي"),
    "ک": "ك",
    "ё": "е",
    "Ё": "е",
    **dict.fromkeys("’‘ʼ`´", "'"),
    **dict.fromkeys("‐‑–—−―", "-"),
    **dict.fromkeys("\u00a0\u2007\u202f\u2009\u200a\u2002\u2003\t", " "),
    **dict.fromkeys("“”„«»", '"'),
    **{chr(0xFF01 + n): chr(0x21 + n) for n in range(94) if chr(0xFF01 + n) not in "，；：！？（）"},
    **{chr(0x0660 + n): chr(0x30 + n) for n in range(10)},
    **{chr(0x06F0 + n): chr(0x30 + n) for n in range(10)},
}
_TABLE: Final = str.maketrans(_LETTERS)
#: Lower case of Latin and Cyrillic letters, where it takes one character.
_SMALL: Final = str.maketrans(
    {chr(c): chr(c).lower() for c in range(0x250) if len(chr(c).lower()) == 1}
    | {chr(c): chr(c).lower() for c in range(0x400, 0x530) if chr(c) != "Ё"}
)
_TABLE.update({key: value for key, value in _SMALL.items() if key not in _TABLE})


class Folded:
    """A folded text with its offsets into the original.

    Parameters
    ----------
    text
        The folded text.
    back
        For each character of ``text`` and for its end, the offset in the original; None if nothing was dropped.
    """

    __slots__ = ("back", "text")

    def __init__(self, text: str, back: list[int] | None) -> None:
        self.text = text
        self.back = back

    def place(self, index: int) -> int:
        """Map an offset in the folded text to the original."""
        return index if self.back is None else self.back[index]


def fold(text: str) -> Folded:
    """Fold a text.

    Parameters
    ----------
    text
        A text or a part of one.

    Returns
    -------
    Folded
        The folded text and the way back to the original.

    Examples
    --------
    >>> fold("Ёлка  – «Will»").text
    'елка  - "will"'
    """
    if not _DROPPED.search(text):
        return Folded(text.translate(_TABLE), None)
    back = [n for n, character in enumerate(text) if not _DROPPED.match(character)]
    kept = "".join(text[n] for n in back)
    return Folded(kept.translate(_TABLE), [*back, len(text)])
