"""Tables of web pages: which tags part the cells of a row of data, and which break lines within one.

The tags come in order; ends that a page leaves out, as it may, follow from the next beginning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from landlink.formats.table_rows import is_data_row

__all__ = ["CELL_BREAK", "CELL_END", "row_tags"]

#: What stands for the end of a cell until the spaces around it are known; no text keeps this character.
CELL_END: Final = "\x1e"
#: What stands for a line break within a cell, likewise.
CELL_BREAK: Final = "\x1f"
_TAG: Final = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_BREAKS: Final = frozenset(
    {
        "p", "div", "br", "li", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "dd", "dt", "section", "article",
        "pre", "blockquote", "center", "hr",
    }
)  # fmt: skip
#: Most tables within one another that are looked at; what is deeper lays out the page.
_DEEPEST: Final = 100


@dataclass
class _Cell:
    """A cell: the place of its tag, the places of line breaks and of other tags of the table within it."""

    start: int
    breaks: list[int] = field(default_factory=list)
    length: int = 0


@dataclass
class _Row:
    cells: list[_Cell] = field(default_factory=list)
    #: Places of the ends of its cells, and whether a table stands within it.
    ends: list[int] = field(default_factory=list)
    nested: bool = False


class _RowReader:
    """Goes through the tags of a page and collects what those of its rows of data become."""

    def __init__(self) -> None:
        self.found: dict[int, str] = {}
        self._tables: list[_Row | None] = []
        self._inside = False

    def text(self, text: str) -> None:
        """Count the letters of the cell that is open."""
        if self._inside and (row := self._row()) is not None and row.cells:
            row.cells[-1].length += len(text.strip())

    def tag(self, place: int, *, closes: bool, name: str) -> None:
        """Take the next tag."""
        if name == "table":
            self._table(closes=closes)
        elif not self._tables:
            return
        elif name in ("tr", "thead", "tbody", "tfoot"):
            self._end_row()
            self._tables[-1] = _Row() if name == "tr" and not closes else None
        elif name in ("td", "th"):
            self._cell(place, closes=closes)
        elif name in _BREAKS and self._inside and (row := self._row()) is not None and row.cells:
            row.cells[-1].breaks.append(place)

    def _row(self) -> _Row | None:
        return self._tables[-1] if self._tables else None

    def _table(self, *, closes: bool) -> None:
        if closes:
            self._end_row()
            del self._tables[-1:]
            self._inside = self._row() is not None
            return
        if (row := self._row()) is not None:
            row.nested = True
        if len(self._tables) < _DEEPEST:
            self._tables.append(None)
        self._inside = False

    def _cell(self, place: int, *, closes: bool) -> None:
        row = self._row()
        if row is None:
            row = self._tables[-1] = _Row()
        if closes:
            row.ends.append(place)
        else:
            row.cells.append(_Cell(place))
        self._inside = not closes

    def _end_row(self) -> None:
        """Decide on the row that ends: a row of data is one line."""
        row, self._inside = self._row(), False
        if row is None or row.nested or not is_data_row([cell.length for cell in row.cells]):
            return
        self.found.update(dict.fromkeys(row.ends, CELL_BREAK))
        begun = False
        for cell in row.cells:
            self.found[cell.start] = CELL_END if begun and cell.length else CELL_BREAK
            self.found.update(dict.fromkeys(cell.breaks, CELL_BREAK))
            begun = begun or cell.length > 0


def row_tags(text: str, pieces: Iterable[re.Match[str]]) -> dict[int, str]:
    """Find the tags of the rows of data of a page, and what each becomes.

    Parameters
    ----------
    text
        The page.
    pieces
        Its tags, comments and entities, in order.

    Returns
    -------
    dict of int to str
        For the place of a tag, :data:`CELL_BREAK` or :data:`CELL_END`; other tags are as anywhere else.
    """
    reader, last = _RowReader(), 0
    for piece in pieces:
        reader.text(text[last : piece.start()])
        last = piece.end()
        tag = _TAG.match(piece.group())
        if tag is not None:
            reader.tag(piece.start(), closes=bool(tag.group(1)), name=tag.group(2).lower())
        elif piece.group().startswith("&"):
            reader.text(piece.group().replace("&nbsp;", ""))
    return reader.found
