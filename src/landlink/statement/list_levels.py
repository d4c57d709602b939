"""Levels of numbered lists: which list an item continues, and what governs the items of that list.

In "7. The bodies of the member states: 7.1. ...; 7.2. ... 8. To release ...", item 8 continues the list of item 7, so
that what governs it is the head of that list, not the last item above it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from landlink.statement.folding import fold

__all__ = ["Levels", "Mark", "mark_of"]

Head = TypeVar("Head")

_NUMBERED: Final = re.compile(r"[(（]?(?P<above>(?:\d{1,3}\.)*)(?P<last>\d{1,3})(?P<close>[.)）、．\-/ ]*)")
_LETTER: Final = re.compile(r"[(（]?(?P<letter>[a-zа-яا-ي])[.)）\-]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_ALPHABETS: Final = ("abcdefghijklmnopqrstuvwxyz", "абвгдежзийклмнопрстуфхцчшщэюя", "ابجدهوزحطيكلمنسعفصقرشتثخذضظغ")
_ORDINALS: Final = (
    *("اولا", "ثانيا", "ثالثا", "رابعا", "خامسا", "سادسا", "سابعا", "ثامنا", "تاسعا", "عاشرا"),
    *("حادي عشر", "ثاني عشر", "ثالث عشر", "رابع عشر", "خامس عشر"),
)
#: Number of an item that is counted by no mark, such as one after a dash.
_UNCOUNTED: Final = 0
#: Steps between two numbers of one list; lists skip letters such as й.
_SKIPPED: Final = 2


@dataclass(frozen=True)
class Mark:
    """The mark of a list item: its style, in which items of one list agree, and its number."""

    style: str
    number: int = _UNCOUNTED


def mark_of(before: str) -> Mark:
    """Read the mark of an item.

    Parameters
    ----------
    before
        The text of its line before it.

    Examples
    --------
    >>> mark_of("7.2. "), mark_of("b) "), mark_of("- ")
    (Mark(style='number 7.', number=2), Mark(style='letter', number=2), Mark(style='-', number=0))
    """
    text = fold(before).text.strip()
    if found := _NUMBERED.match(text):
        shape = "(" if text[0] in "(（" else ""
        return Mark(f"number {shape}{found['above']}", int(found["last"]))
    if found := _LETTER.match(text):
        for alphabet in _ALPHABETS:
            if found["letter"] in alphabet:
                return Mark("letter", alphabet.index(found["letter"]) + 1)
    for number, word in reversed(list(enumerate(_ORDINALS, 1))):
        if text.startswith(word):
            return Mark("ordinal", number)
    name = _WORD.match(text)
    return Mark(f"word {name.group()}" if name else text[:1])


@dataclass
class _Level(Generic[Head]):
    mark: Mark
    head: Head


class Levels(Generic[Head]):
    """The lists that are open at a place of a text, the outermost first, each with its head."""

    def __init__(self) -> None:
        self._open: list[_Level[Head]] = []

    @property
    def depth(self) -> int:
        """Number of open lists."""
        return len(self._open)

    def enter(self, mark: Mark, head: Head) -> Head:
        """Take the next item: return the head of the list that it continues, or open a list with the head given.

        Parameters
        ----------
        mark
            Mark of the item.
        head
            Head of a list that would begin here.
        """
        for place in range(len(self._open) - 1, -1, -1):
            level = self._open[place]
            if level.mark.style != mark.style:
                continue
            del self._open[place + 1 :]
            if mark.number == _UNCOUNTED or 1 <= mark.number - level.mark.number <= _SKIPPED:
                level.mark = mark
                return level.head
            del self._open[place]
            break
        self._open.append(_Level(mark, head))
        return head

    def leave_uncounted(self) -> None:
        """Close the lists whose items are not counted: a paragraph that is no item ends them."""
        while self._open and self._open[-1].mark.number == _UNCOUNTED:
            self._open.pop()
