"""Normalise a text: one form of each character, no invisible marks, no markup, with offsets into the original."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from landlink.formats.table_rows import STROKE
from landlink.statement.layout import PAGE_END, Edit, Layout, undo_layout
from landlink.statement.web_tables import CELL_BREAK, CELL_END, row_tags

__all__ = ["Normal", "normalise"]

#: Direction marks, joiners and other invisible characters.
_HIDDEN: Final = re.compile(
    "[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_BLANKS: Final = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f]")
_SOURCE_LINE_END: Final = re.compile(r"(?<![ \t])[ \t]*[\r\n][ \t\r\n]*")
_CELL_MARK: Final = re.compile(f"[{CELL_BREAK}{CELL_END}]")
_CELL_EDGE: Final = rf"[ \t\u00a0{CELL_BREAK}]"
_CELL_END: Final = re.compile(rf"(?<!{_CELL_EDGE}){_CELL_EDGE}*{CELL_END}[ \t\u00a0{CELL_BREAK}{CELL_END}]*")
_CELL_BREAK: Final = re.compile(rf"(?<![ {CELL_BREAK}]) *{CELL_BREAK}[ {CELL_BREAK}]*")
_LINE_END: Final = re.compile("\r\n?|\u2028|\u2029|\u0085")
#: Most characters that are composed together; no script stacks as many marks.
_LONGEST_CLUSTER: Final = 64
_PAGE_END: Final = re.compile(PAGE_END)
#: Ligatures and presentation forms, found in texts extracted from old files.
_SHAPES: Final = re.compile("[\ufb00-\ufb06\ufb50-\ufdff\ufe70-\ufefc]")
_TAGS: Final = (
    "a|abbr|article|aside|b|blockquote|body|br|caption|center|code|dd|div|dl|dt|em|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|img|"
    "input|label|li|link|main|meta|nav|noscript|o:p|ol|p|pre|q|s|script|section|small|span|strong|style|sub|sup|svg|table|tbody|td|template|"
    "tfoot|th|thead|title|tr|u|ul|wbr"
)
_IS_HTML: Final = re.compile(rf"<!doctype html|<(?:{_TAGS})(?:\s[^<>]*)?/?>|</(?:{_TAGS})>", re.IGNORECASE)
_BLOCK: Final = re.compile(
    r"</?(?:p|div|br|li|tr|td|th|caption|h[1-6]|ul|ol|dl|table|section|article|main|aside|figure|figcaption|form|header|footer|nav|pre|"
    r"title|blockquote|center|hr|dd|dt)\b",
    re.IGNORECASE,
)
_PIECE: Final = re.compile(
    rf"<!--.*?(?:-->|\Z)|<(script|style|nav|template|noscript|svg)\b[^<>]*>.*?(?:</\1\s*>|\Z)|<!doctype[^<>]*>|</?(?:{_TAGS})(?:\s[^<>]*)?/?>"
    r"|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Normal:
    """A normalised text.

    Attributes
    ----------
    text
        The text.
    source
        For each of its characters and for its end, the offset in the text as given.
    layout
        What was done to its lines.
    """

    text: str
    source: tuple[int, ...]
    layout: Layout = field(default_factory=Layout)


class _Edited:
    """A text being edited that keeps the original offset of each character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.places: list[int] | range = range(len(text) + 1)

    def replace(self, pattern: re.Pattern[str], by: str | Callable[[re.Match[str]], str]) -> None:
        """Replace every match by a string, or by what a function returns for it."""
        if pattern.search(self.text) is None:
            return
        pieces: list[str] = []
        places: list[int] = []
        last = 0
        for match in pattern.finditer(self.text):
            pieces.append(self.text[last : match.start()])
            places.extend(self.places[last : match.start()])
            new = by if isinstance(by, str) else by(match)
            pieces.append(new)
            places.extend([self.places[match.start()]] * len(new))
            last = match.end()
        pieces.append(self.text[last:])
        places.extend(self.places[last:])
        self.text, self.places = "".join(pieces), places

    def apply(self, edits: Sequence[Edit]) -> None:
        """Replace some spans, given in order and apart from one another."""
        pieces: list[str] = []
        places: list[int] = []
        last = 0
        for edit in edits:
            pieces += [self.text[last : edit.start], edit.by]
            places.extend(self.places[last : edit.start])
            places.extend([self.places[edit.start]] * len(edit.by))
            last = edit.end
        pieces.append(self.text[last:])
        places.extend(self.places[last:])
        self.text, self.places = "".join(pieces), places


def normalise(text: str) -> Normal:
    r"""Bring a text into the form in which it is read.

    Markup and invisible characters are removed, line ends become ``\n``, lines of one paragraph are joined, spaces of
    other widths a plain space, and letters are composed (Unicode NFC). Arabic vowel signs and
    tatweels stay, since a quotation must show the text as it was written; rules do not see them.

    Parameters
    ----------
    text
        The text as given.

    Returns
    -------
    Normal
        The normalised text and the way back to the original.

    Examples
    --------
    >>> normalise("<p>The sides&nbsp;agreed</p>").text.strip()
    'The sides agreed'
    """
    edited = _Edited(text)
    if _IS_HTML.search(text):
        # Within markup a line end is a space like any other.
        edited.replace(_SOURCE_LINE_END, " ")
        edited.replace(_CELL_MARK, "")
        rows = row_tags(edited.text, _PIECE.finditer(edited.text))
        edited.replace(_PIECE, lambda piece: rows.get(piece.start()) or _replacement(piece))
        edited.replace(_CELL_END, STROKE)
        edited.replace(_CELL_BREAK, " ")
    edited.replace(_LINE_END, "\n")
    edited.replace(_HIDDEN, "")
    edited.replace(_BLANKS, " ")
    edited.replace(_SHAPES, _replacement)
    if not unicodedata.is_normalized("NFC", edited.text):
        _compose(edited)
    edits, layout = undo_layout(edited.text)
    edited.apply(edits)
    edited.replace(_PAGE_END, "")
    return Normal(edited.text, tuple(edited.places), layout)


def _replacement(match: re.Match[str]) -> str:
    """Return what a piece of markup or a presentation form stands for."""
    piece = match.group()
    if piece.startswith("&"):
        return html.unescape(piece)
    if piece.startswith("<"):
        return "\n" if _BLOCK.match(piece) else ""
    return unicodedata.normalize("NFKC", piece)


def _compose(edited: _Edited) -> None:
    """Compose letters (NFC), cluster by cluster: a cluster ends where composing it with the next changes neither."""
    text = edited.text
    pieces: list[str] = []
    places: list[int] = []
    start = 0
    while start < len(text):
        end = _cluster_end(text, start)
        piece = unicodedata.normalize("NFC", text[start:end])
        pieces.append(piece)
        if piece == text[start:end]:
            places.extend(edited.places[start:end])
        else:
            places.extend([edited.places[start]] * len(piece))
        start = end
    edited.text, edited.places = "".join(pieces), [*places, edited.places[-1]]


def _cluster_end(text: str, start: int) -> int:
    end = start + 1
    while end < min(len(text), start + _LONGEST_CLUSTER) and _joins(text[start:end], text[end]):
        end += 1
    return end


def _joins(left: str, right: str) -> bool:
    """Whether a character may compose with those preceding it."""
    if right < "\u0300":
        return False
    if unicodedata.combining(right):
        return True
    apart = unicodedata.normalize("NFC", left) + unicodedata.normalize("NFC", right)
    return unicodedata.normalize("NFC", left + right) != apart
