"""The text of a Word document (DOCX): paragraphs, list items and rows of tables, footnotes apart, headers left out.

Tracked insertions and the content of forms are part of the text, tracked deletions are not.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Final
from xml.parsers import expat

from landlink.core.errors import InputError, Problem
from landlink.core.memory import in_bytes
from landlink.formats.table_rows import STROKE, is_data_row

__all__ = ["docx_pages"]

#: Namespaces of the elements, the second in documents saved as strict.
_SPACES: Final = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_BODY: Final = "word/document.xml"
_NOTES: Final = ("word/footnotes.xml", "word/endnotes.xml")
#: Most bytes that one part unpacks to, and most levels of its elements.
_MOST_BYTES: Final = 64 * 1024**2
_DEEPEST: Final = 200
#: Elements whose text is none of the document: deletions, field codes, and the older twin of a drawing.
_DROPPED: Final = frozenset({"del", "delText", "moveFrom", "instrText", "delInstrText", "Fallback"})
_MARKS: Final = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
#: What stands before an item of a list, whose own number Word keeps elsewhere.
_BULLET: Final = "- "
_MARKED: Final = re.compile(r"[-–—•*·▪◦]\s|[(（]?(?:\d{1,3}(?:\.\d{1,3})*|\w)[.)、）]")
_ALLOWED: Final = "a Word document (.docx)"


def docx_pages(data: bytes, name: str = "document") -> list[str]:
    """Read the text of a Word document.

    A line is a paragraph, a list item, which begins with a mark, or a row of a table, its cells parted by strokes. A
    table that only lays out the page gives the paragraphs of its cells. Footnotes and endnotes follow at the end. A
    page break that Word noted when it last laid out the document begins a new page, within a row after that row.

    Parameters
    ----------
    data
        Content of the file.
    name
        Name of the file in error messages.

    Returns
    -------
    list of str
        The text of each page; one page if the document has no page breaks.

    Raises
    ------
    InputError
        The file is damaged, encrypted, unpacks to too much, or holds what no such document does.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            pages = _Part().read(_unpacked(archive, _BODY, name))
            for part in _NOTES:
                if part in archive.namelist():
                    notes = _Part().read(_unpacked(archive, part, name))
                    pages[-1] = "\n\n".join(filter(None, (pages[-1], "\n".join(filter(None, notes)))))
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        if isinstance(error, RuntimeError) and "encrypted" in str(error):
            raise InputError(Problem(name, "is encrypted", allowed="a document without a password")) from None
        raise InputError(Problem(name, "is damaged, or no Word document", allowed=_ALLOWED)) from None
    except expat.ExpatError as error:
        where = f"line {error.lineno}"
        raise InputError(Problem(name, "is damaged: its XML is not well formed", where, allowed=_ALLOWED)) from None
    except _RefusedError as error:
        raise InputError(Problem(name, str(error), allowed=_ALLOWED)) from None
    return pages


class _RefusedError(Exception):
    """What no Word document holds."""


def _unpacked(archive: zipfile.ZipFile, part: str, name: str) -> bytes:
    """Unpack a part of an archive as far as the limit; what its directory says of its size is not believed."""
    found = bytearray()
    with archive.open(part) as stream:
        while chunk := stream.read(1 << 20):
            found += chunk
            if len(found) > _MOST_BYTES:
                allowed = f"at most {in_bytes(_MOST_BYTES)}"
                raise InputError(Problem(name, f"its part {part} unpacks to too much", allowed=allowed))
    return bytes(found)


class _Part:
    """Collects the lines of one part of a document, element by element."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._dropped = 0
        self._line: list[str] = []
        self._item = False
        self._lines: list[str] = []
        self._pages: list[str] = []
        #: The cells of the rows that are open, one within the other, and whether a page ends with the outermost.
        self._rows: list[list[list[str]]] = []
        self._page_ends = False

    def read(self, xml: bytes) -> list[str]:
        """Return the text of each page."""
        # Entities can only be declared in a document type, which such documents do not have.
        parser = expat.ParserCreate(namespace_separator="}")
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(xml, True)
        self._end_page()
        return self._pages

    def _refuse_doctype(self, *_: object) -> None:
        raise _RefusedError("declares a document type or entities")

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        name = _local(element)
        self._open.append(name)
        if len(self._open) > _DEEPEST:
            raise _RefusedError(f"is nested deeper than {_DEEPEST} levels")
        self._dropped += name in _DROPPED
        if self._dropped:
            return
        if name == "numPr" or (name == "pStyle" and _value(attributes).startswith("List")):
            self._item = True
        elif name == "numId" and _value(attributes) == "0":
            # A paragraph that its style would number, and that is not.
            self._item = False
        elif name == "tr":
            self._end_line()
            self._rows.append([])
        elif name == "tc" and self._rows:
            self._rows[-1].append([])
        elif name == "lastRenderedPageBreak" or (name == "br" and _value(attributes, "type") == "page"):
            self._break_page()
        elif name in _MARKS and "pPr" not in self._open and "tabs" not in self._open:
            self._line.append(_MARKS[name])

    def _end(self, _element: str) -> None:
        name = self._open.pop()
        self._dropped -= name in _DROPPED
        if name == "p":
            self._end_line()
        elif name == "tr" and self._rows and not self._dropped:
            self._end_row()

    def _text(self, text: str) -> None:
        if not self._dropped and self._open[-1:] == ["t"]:
            self._line.append(text)

    def _end_line(self) -> None:
        text = "".join(self._line).strip()
        if text:
            self._write(_BULLET + text if self._item and not _MARKED.match(text) else text)
        self._line, self._item = [], False

    def _write(self, line: str) -> None:
        """Add a line to the cell that is open, or else to the page."""
        inside = next((cells[-1] for cells in reversed(self._rows) if cells), self._lines)
        inside.append(line)

    def _end_row(self) -> None:
        """Write a row of data as one line, the paragraphs of any other row one by one."""
        cells = self._rows.pop()
        texts = [" ".join(" ".join(line.removeprefix(_BULLET) for line in cell).split()) for cell in cells]
        if is_data_row([len(text) for text in texts]):
            self._write(STROKE.join(filter(None, texts)))
        else:
            for line in (line for cell in cells for line in cell):
                self._write(line)
        if self._page_ends and not self._rows:
            self._end_page()

    def _break_page(self) -> None:
        """End a page; a paragraph or a row that goes on stays with the page on which it began."""
        if "".join(self._line).strip():
            return
        if any(line for cells in self._rows for cell in cells for line in cell):
            self._page_ends = True
        else:
            self._end_page()

    def _end_page(self) -> None:
        self._end_line()
        self._pages.append("\n".join(self._lines))
        self._lines, self._page_ends = [], False


def _local(element: str) -> str:
    """Name of an element of Word's own, without its namespace; empty for others."""
    space, _, name = element.rpartition("}")
    return name if space in _SPACES else ("Fallback" if name == "Fallback" else "")


def _value(attributes: dict[str, str], name: str = "val") -> str:
    return next((value for key, value in attributes.items() if key.rpartition("}")[2] == name), "")
