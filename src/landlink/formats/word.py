"""Word documents: a title, facts and tables with repeated headers, in any direction of writing.

Text of others is only ever text. The same content gives the same bytes: the archive and its properties carry one fixed
time. Needs python-docx, which the extra ``documents`` installs.
"""

from __future__ import annotations

import io
import os
import re
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from landlink.core.atomic_files import write_bytes
from landlink.core.errors import OutputError
from landlink.formats.authorship import MARK, office_properties, times_of

__all__ = ["WordTable", "marked_document", "write_document"]

#: The time that every document carries.
CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001  the format has no zone
_ARCHIVED: Final = (1980, 1, 1, 0, 0, 0)
#: Characters that XML cannot hold.
_UNWRITABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INK: Final = "1F3044"
_SIZE: Final = 8


@dataclass(frozen=True)
class WordTable:
    """A heading with a table under it.

    Attributes
    ----------
    heading
        The heading.
    heads
        Names of the columns.
    rows
        Cells as text, one for each column.
    widths
        Relative widths of the columns.
    """

    heading: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]


def write_document(
    path: str | os.PathLike[str],
    *,
    title: str,
    about: Sequence[tuple[str, str]],
    tables: Sequence[WordTable],
    language: str,
    right_to_left: bool = False,
) -> None:
    """Write a document.

    Parameters
    ----------
    path
        The file; replaced atomically if it exists.
    title
        Its title.
    about
        Facts under the title: label and text.
    tables
        Its tables; those without rows are left out.
    language
        ISO 639-1 code of its headings.
    right_to_left
        Whether its pages run from right to left.

    Raises
    ------
    OutputError
        The file cannot be written, or python-docx is not installed.
    """
    try:
        import docx  # noqa: PLC0415  optional
    except ModuleNotFoundError as error:
        raise OutputError("Word documents need python-docx: pip install 'landlink[documents]'") from error
    document = docx.Document()
    _set_up(document, title, language)
    _write(document.add_heading("", 0), title, right_to_left=right_to_left)
    for label, text in about:
        if text:
            paragraph = document.add_paragraph()
            _write(paragraph, f"{label}: ", right_to_left=right_to_left, bold=True)
            _run(paragraph, _kept_apart(text) if right_to_left else text)
    for table in tables:
        if table.rows:
            _write(document.add_heading("", 1), table.heading, right_to_left=right_to_left)
            _add_table(document, table, right_to_left=right_to_left)
    stream = io.BytesIO()
    document.save(stream)
    write_bytes(path, _same_bytes(stream.getvalue()))


def marked_document(path: Path) -> bool:
    """Whether a document is landlink's, and no program has saved it since it was made."""
    (core,) = office_properties(path, "core") or ("",)
    return f"<cp:category>{MARK}</cp:category>" in core and times_of(core) == {f"{CREATED:%Y-%m-%dT%H:%M:%SZ}"}


def _set_up(document: Any, title: str, language: str) -> None:
    """Set properties, page and type."""
    from docx.enum.section import WD_ORIENT  # noqa: PLC0415
    from docx.shared import Mm, Pt  # noqa: PLC0415

    own = document.core_properties
    own.title, own.category, own.language = _writable(title)[:255], MARK, language
    own.author, own.last_modified_by, own.comments, own.revision = "", "", "", 1
    own.created = own.modified = CREATED
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(15)
    style = document.styles["Normal"]
    style.font.size, style.font.name = Pt(9), "Arial"
    style.element.get_or_add_rPr().append(_element("w:szCs", val="18"))
    style.paragraph_format.space_after = Pt(2)


def _add_table(document: Any, table: WordTable, *, right_to_left: bool) -> None:
    from docx.shared import Mm  # noqa: PLC0415

    grid = document.add_table(rows=1, cols=len(table.heads), style="Table Grid")
    grid.autofit = False
    if right_to_left:
        grid._tbl.tblPr.insert(1, _element("w:bidiVisual"))  # noqa: SLF001  the library has no other way
    share = 267.0 / sum(table.widths)
    for column, width in zip(grid.columns, table.widths, strict=True):
        column.width = Mm(width * share)
    _fill(grid.rows[0], table.heads, right_to_left=right_to_left, head=True)
    for cells in table.rows:
        _fill(grid.add_row(), cells, right_to_left=right_to_left)
    for row in grid.rows:
        for cell, width in zip(row.cells, table.widths, strict=True):
            cell.width = Mm(width * share)


def _fill(row: Any, cells: Sequence[str], *, right_to_left: bool, head: bool = False) -> None:
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001
    properties.append(_element("w:cantSplit"))
    if head:
        properties.append(_element("w:tblHeader"))
    for cell, text in zip(row.cells, cells, strict=True):
        if head:
            cell._tc.get_or_add_tcPr().append(_element("w:shd", val="clear", color="auto", fill=_INK))  # noqa: SLF001
        lines = (_kept_apart(text) if right_to_left else text).split("\n")
        for number, line in enumerate(lines):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            _write(paragraph, line, right_to_left=right_to_left, bold=head, white=head, size=_SIZE)


def _write(
    paragraph: Any, text: str, *, right_to_left: bool, bold: bool = False, white: bool = False, size: int = 0
) -> None:
    """Write a paragraph in the direction of its own first letter, or else in that of the page."""
    if _runs_left(text, otherwise=right_to_left):
        paragraph._p.get_or_add_pPr().append(_element("w:bidi"))  # noqa: SLF001
    _run(paragraph, text, bold=bold, white=white, size=size)


def _run(paragraph: Any, text: str, *, bold: bool = False, white: bool = False, size: int = 0) -> None:
    from docx.shared import Pt, RGBColor  # noqa: PLC0415

    run = paragraph.add_run(_writable(text))
    run.bold = bold or None
    if white:
        run.font.color.rgb = RGBColor(0xFF, 0xFF, 0xFF)
    if size:
        run.font.size = Pt(size)
        run._r.get_or_add_rPr().append(_element("w:szCs", val=str(2 * size)))  # noqa: SLF001
    if _runs_left(text, otherwise=False):
        if bold:
            run.font.cs_bold = True
        run.font.rtl = True


def _kept_apart(text: str) -> str:
    """Mark numbers and dates without letters, which a page from right to left would turn round."""
    lone = text and not any(unicodedata.bidirectional(letter) in ("L", "R", "AL") for letter in text)
    return f"\u200e{text}\u200e" if lone else text


def _runs_left(text: str, *, otherwise: bool) -> bool:
    """Whether the first strong character of a text is written from right to left."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    first = next((kind for kind in kinds if kind in ("L", "R", "AL")), "")
    return first in ("R", "AL") if first else otherwise


def _element(name: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)


def _same_bytes(content: bytes) -> bytes:
    """Pack an archive again with one fixed time."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            new.writestr(zipfile.ZipInfo(name, _ARCHIVED), old.read(name), zipfile.ZIP_DEFLATED)
    return stream.getvalue()
