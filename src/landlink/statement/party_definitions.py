"""The parties to a text, and the short names that it gives them: "(hereinafter the Eastern Party)", 以下简称“阿方”."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from landlink.statement.country_mentions import settled
from landlink.statement.folding import Folded
from landlink.statement.patterns import Hit

__all__ = ["PartyNames", "definitions"]

#: A definition in brackets or after the names: the words that announce it, and the names in
#: quotation marks or after "the".
_ANNOUNCES: Final = re.compile(
    r"hereinafter|hereafter|referred to as|далее|именуем\w* (?:в дальнейшем|далее)|以下(?:分别)?(?:简)?称"
    r"|分别(?:简)?称|"
    r"(?:و?(?:ي|ت)?(?:ال)?مشار|و?يشار) الي\w*|و?(?:ت|ي)سمي|المسم(?:ي|اة)"
)
_QUOTED: Final = re.compile(r'"([^"\n]{1,40})"')
#: Names without quotation marks, as far as the bracket goes.
_BARE: Final = re.compile(
    r"\s*(?:respectively|separately|as|to as|as the|the|в дальнейшем|-|–|:|,|為|为)*\s*([^()（）\",;\n]{2,40})"
)
#: Characters after the announcement in which its names stand.
_REACH: Final = 120
#: Most short names that are kept: each is sought in every clause.
_MOST_NAMES: Final = 100
#: Words for all parties together, which are no name of one.
_ALL: Final = re.compile(
    r"^(?:the )?(?:parties|sides|both|participants|стороны|участники|договаривающиеся стороны|双方|各方|缔约双方|"
    r"(?:ال)?(?:طرفان|طرفين|جانبان|جانبين|اطراف))$"
)


@dataclass
class PartyNames:
    """Short names that a text has defined so far, each with the countries for which it stands."""

    names: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def in_words(self, folded: str) -> tuple[str, ...]:
        """Return the countries whose short names occur in some folded words, in the order of the definitions."""
        found = [codes for name, codes in self.names.items() if _occurs(name, folded)]
        return tuple(dict.fromkeys(code for codes in found for code in codes))

    def learn(self, folded: Folded, mentions: Sequence[Hit]) -> None:
        """Take over the definitions of a sentence."""
        for name, codes in definitions(folded.text, mentions):
            if len(self.names) < _MOST_NAMES:
                self.names.setdefault(name, codes)


def definitions(text: str, mentions: Sequence[Hit]) -> list[tuple[str, tuple[str, ...]]]:
    """Find the short names that a folded sentence defines.

    One name stands for the country named last before it; as many names as countries before them stand for these in
    order, as in "China and Azerbaijan (hereinafter ... and ...)".

    Examples
    --------
    >>> hit = Hit(4, 19, "KGZ", 0, 4)
    >>> definitions("the kyrgyz republic (hereinafter the eastern party) met", [hit])
    [('eastern party', ('KGZ',))]
    """
    found: list[tuple[str, tuple[str, ...]]] = []
    last = 0
    for match in _ANNOUNCES.finditer(text):
        codes = list(dict.fromkeys(settled(hit for hit in mentions if last <= hit.pos and hit.end <= match.start())))
        last = match.end()
        window = text[match.end() : match.end() + _REACH]
        names = [name.strip() for name in _QUOTED.findall(window)]
        if not names and (bare := _BARE.match(window)):
            names = [bare.group(1).strip()]
        names = [name.removeprefix("the ") for name in names]
        own = [name for name in names if not _ALL.match(name)]
        if not codes or not own:
            continue
        if len(own) == 1:
            found.append((own[0], (codes[-1],)))
        elif len(own) <= len(codes):
            found += [(name, (code,)) for name, code in zip(own, codes, strict=False)]
    return found


def _occurs(name: str, folded: str) -> bool:
    at = folded.find(name)
    while at >= 0:
        before, after = folded[at - 1 : at] if at else "", folded[at + len(name) : at + len(name) + 1]
        spaced = name.isascii() or not ("\u4e00" <= name[0] <= "\u9fff")
        if not spaced or not (before.isalnum() or after.isalnum()):
            return True
        at = folded.find(name, at + 1)
    return False
