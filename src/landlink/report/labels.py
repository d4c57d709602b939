"""Placement of non-overlapping labels on maps."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from markupsafe import Markup

from landlink.report.projection import Frame
from landlink.report.svg import join, tag

__all__ = ["Label", "Labeller", "text_width", "wrapped"]

Anchor = Literal["start", "middle", "end"]
Box = tuple[float, float, float, float]

#: Candidate positions of a label next to its dot, the best first: shift in dot distances and text anchor.
_PLACES: tuple[tuple[float, float, Anchor], ...] = (
    (1, 0.35, "start"),
    (-1, 0.35, "end"),
    (0, -0.75, "middle"),
    (0, 1.35, "middle"),
    (0.8, -0.55, "start"),
    (-0.8, -0.55, "end"),
    (0.8, 1.15, "start"),
    (-0.8, 1.15, "end"),
)

#: Candidate positions of a country label around the centre of its polygon.
_INSIDE: tuple[tuple[float, float, Anchor], ...] = tuple(
    (dx, 0.35 + dy, "middle") for dy in (0, 1.2, -1.2, 2.4, -2.4) for dx in (0, 4, -4, 8, -8)
)


@dataclass(frozen=True, slots=True)
class Label:
    """A label to be placed.

    Attributes
    ----------
    text
        The name.
    x, y
        Position, page units.
    style
        CSS class; ``country`` names are centred on their point and have no dot.
    rank
        Labels of lower rank are placed first.
    reach
        How far from its point a label may lie, page units: a country's name stays within the country.
    """

    text: str
    x: float
    y: float
    style: str
    rank: float
    reach: float = math.inf


@dataclass(slots=True)
class Labeller:
    """Places labels on a page one by one, and keeps the occupied areas.

    Attributes
    ----------
    frame
        The page.
    size
        Font size, page units.
    most
        Maximum number of labels.
    """

    frame: Frame
    size: float
    most: int
    taken: list[Box] = field(default_factory=list)

    def block(self, x: float, y: float, radius: float) -> None:
        """Keep labels off a dot."""
        self.taken.append((x - radius, y - radius, x + radius, y + radius))

    def draw(self, labels: Iterable[Label]) -> Markup:
        """Place and draw as many labels as fit, the most important first."""
        drawn: list[Markup] = []
        seen: set[str] = set()
        for label in sorted(labels, key=lambda item: (item.rank, item.text)):
            if len(drawn) >= self.most:
                break
            if label.text in seen or not label.text:
                continue
            piece = self._place(label)
            if piece is not None:
                seen.add(label.text)
                drawn.append(piece)
        return join(drawn)

    def _place(self, label: Label) -> Markup | None:
        size = self.size * _SIZES.get(label.style, 1.0)
        width = text_width(label.text, size) * _BROAD.get(label.style, 1.0)
        for dx, dy, anchor in _INSIDE if label.style == "country" else _PLACES:
            x, y = label.x + dx * size * 0.55, label.y + dy * size
            if max(abs(x - label.x) / 2, abs(y - 0.35 * size - label.y)) > label.reach:
                continue
            left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
            box = (left - 0.12 * size, y - size * 0.8, left + width + 0.12 * size, y + size * 0.25)
            if self._free(box):
                self.taken.append(box)
                at = {"x": round(x, 1), "y": round(y, 1)}
                text = tag("text", label.text, **at, text_anchor=anchor, class_=f"t-{label.style}")
                if label.style not in _DOTTED:
                    return text
                return tag("circle", cx=round(label.x, 1), cy=round(label.y, 1), r=size * 0.13) + text
        return None

    def _free(self, box: Box) -> bool:
        left, top, right, bottom = box
        if left < _EDGE or top < 2 or right > self.frame.width - _EDGE or bottom > self.frame.height - 2:
            return False
        return all(
            left >= other[2] or right <= other[0] or top >= other[3] or bottom <= other[1] for other in self.taken
        )


#: Styles of labels with a dot.
_DOTTED = frozenset({"city", "minor"})
#: Size of each label style relative to the base size, as in the style sheet.
_SIZES = {"country": 1.15, "crossing": 0.92, "minor": 0.92, "zone-minor": 0.92}


#: How much broader bold and letter-spaced styles run than plain text.
_BROAD = {"country": 1.25, "city": 1.14, "zone-city": 1.14}
#: Characters that begin a directional isolate, and the one that ends it.
_OPENING, _CLOSING = "\u2066\u2067\u2068", "\u2069"
#: Distance that labels keep from the sides of the page.
_EDGE = 6.0


def text_width(text: str, size: float) -> float:
    """Estimate the width of a text in the broadest of the fonts that a page may be shown in.

    A character of a wide script takes one em; others what they take in DejaVu Sans, by groups of letters.

    Examples
    --------
    >>> text_width("Ili", 10.0) < text_width("Osh", 10.0) < text_width("喀什", 10.0)
    True
    """
    return size * sum(_em(letter) for letter in text if unicodedata.category(letter) != "Cf")


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Break a text into lines that fit a width: between words, and within those of scripts that have no spaces.

    Examples
    --------
    >>> wrapped("Share that is a payment", 100.0, 12.0)
    ['Share that is a', 'payment']
    >>> wrapped("支付给其他方的份额", 60.0, 12.0)
    ['支付给其他', '方的份额']
    """
    lines = [""]
    for word in text.split(" "):
        gap = " "
        for piece in word if text_width(word, size) > width and _is_wide(word) else (word,):
            longer = lines[-1] + gap + piece if lines[-1] else piece
            if lines[-1] and text_width(longer, size) > width:
                lines.append(piece)
            else:
                lines[-1] = longer
            gap = ""
    return _isolated(lines)


def _isolated(lines: Sequence[str]) -> list[str]:
    """Close at the end of each line the directional isolates that are open there, and open them again in the next."""
    found, still = [], ""
    for line in lines:
        begun = still + line
        for letter in line:
            still = still + letter if letter in _OPENING else still[:-1] if letter == _CLOSING else still
        found.append(begun + _CLOSING * len(still))
    return found


def _is_wide(word: str) -> bool:
    """Whether a word is of a script that can be broken between any two of its characters."""
    return all(unicodedata.east_asian_width(letter) in "WF" for letter in word)


def _em(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if letter in "iljI.,:;'|!() \u00a0-–/[]ftr":
        return 0.36
    if letter in "mwMWшщжюШЩЖЮ@%":
        return 0.92
    if letter in "дмфъы":
        return 0.8
    return 0.72 if letter.isupper() else 0.62
