"""Statements as documents: PDF, Word and web pages beside plain text, with the page of each clause."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from landlink.core.errors import InputError, Problem
from landlink.core.input_files import open_input, read_input, reason_of
from landlink.formats.docx_text import docx_pages
from landlink.formats.pdf_text import pdf_pages
from landlink.statement.clause import Reading
from landlink.statement.document import Document
from landlink.statement.encoding import MAX_BYTES, decode
from landlink.statement.gazetteer import Gazetteer
from landlink.statement.layout import PAGE_END
from landlink.statement.normalise import normalise
from landlink.statement.reading import read, text_hash

if TYPE_CHECKING:
    from landlink.study import Study

__all__ = ["open_document", "read_file", "source_text"]

#: Formats by the bytes with which files begin; what begins otherwise is text, and a web page by its name.
_SIGNATURES: Final = ((b"PK\x03\x04", "docx"),)
_WEB: Final = frozenset({".html", ".htm", ".xhtml"})
#: Largest file of each format, bytes. Text is bounded by its characters, the others by what they unpack to.
_MOST_BYTES: Final = {"pdf": 100_000_000, "docx": 50_000_000, "text": MAX_BYTES, "html": MAX_BYTES}
#: Bytes at the head of a file in which the signature of a PDF, or the character set of a page, is sought.
_HEAD: Final = 1024
_CHARSET: Final = re.compile(rb"<meta\b[^<>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)


def open_document(path: str | Path, *, encoding: str | None = None) -> Document:
    """Take the text from a PDF file with a text layer, a Word document, a web page or a text file.

    Parameters
    ----------
    path
        The file. What it is follows from its content; of texts, a web page has the ending ``.html``.
    encoding
        Encoding of a text or web page, if it is neither UTF-8 nor stated in the page.

    Returns
    -------
    Document

    Raises
    ------
    InputError
        The file cannot be read, is encrypted, damaged, too large, a scan without text, or of another format; or a
        library for it is not installed.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import landlink as ll
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "statement.txt"
    ...     _ = path.write_text("Both sides will build a road.")
    ...     ll.statement.open_document(path).text
    'Both sides will build a road.'
    """
    file = Path(path)
    try:
        with open_input(file) as stream:
            kind = _format(stream.read(_HEAD), file)
        content = read_input(file, most=_MOST_BYTES[kind])
    except OSError as error:
        raise InputError(Problem(str(file), f"cannot be read: {reason_of(error)}")) from None
    with _named(file.name):
        text, starts = _text(content, kind, file.name, encoding)
    return Document(text, file.name, kind, hashlib.sha256(content).hexdigest(), starts)


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Give the faults of a text the name of its file."""
    try:
        yield
    except InputError as error:
        problems = [replace(one, table=name) if one.table == "text" else one for one in error.problems]
        raise InputError(problems) from None


def _format(head: bytes, file: Path) -> str:
    if b"%PDF-" in head:
        return "pdf"
    found = next((kind for beginning, kind in _SIGNATURES if head.startswith(beginning)), "text")
    return "html" if found == "text" and file.suffix.lower() in _WEB else found


def _text(content: bytes, kind: str, name: str, encoding: str | None) -> tuple[str, tuple[int, ...]]:
    """Take the text from the content of a file, with the starts of its pages."""
    if kind == "pdf":
        # Each page ends with a form feed, so that what breaks at its end can be joined again.
        pages = [page + "\n" + PAGE_END for page in pdf_pages(content, name)]
        return "".join(pages), _starts(pages)
    if kind == "docx":
        pages = [page + "\n" for page in docx_pages(content, name)]
        return "".join(pages), _starts(pages) if len(pages) > 1 else ()
    declared = _CHARSET.search(content[:_HEAD]) if kind == "html" and encoding is None else None
    text = decode(content, declared.group(1).decode("ascii") if declared else encoding)
    ends = [number + 1 for number, letter in enumerate(text) if letter == PAGE_END] if kind == "text" else []
    return text, (0, *ends) if ends else ()


def _starts(pages: list[str]) -> tuple[int, ...]:
    return tuple(accumulate((len(page) for page in pages[:-1]), initial=0))


def source_text(path: str | Path, sha256: str, *, encoding: str | None = None) -> tuple[str, str]:
    """Return the normalised text of a register's source, and its hash.

    Parameters
    ----------
    path
        The text that was written beside the register, or the file that was read.
    sha256
        Hash of the text that the register was read from. A text with this hash is taken as it is.
    encoding
        As for :func:`open_document`.

    Returns
    -------
    tuple of str and str
        The text, and its SHA-256.

    Raises
    ------
    InputError
        The file cannot be read as a document.
    """
    text = open_document(path, encoding=encoding).text
    if text_hash(text) != sha256:
        text = normalise(text).text
    return text, text_hash(text)


def read_file(
    path: str | Path,
    *,
    gazetteer: Gazetteer | Study | Mapping[str, Any] | None = None,
    encoding: str | None = None,
    lexicons: Path | None = None,
) -> Reading:
    """Read a statement from a file, with the page of each clause where the file has pages.

    Parameters
    ----------
    path
        A PDF file with a text layer, a Word document, a web page or a text file.
    gazetteer, lexicons
        As for :func:`landlink.statement.read`.
    encoding
        Encoding of a text or web page, if it is neither UTF-8 nor stated in the page.

    Returns
    -------
    Reading
        With :attr:`Reading.document`, and a page on every clause and sentence.

    Raises
    ------
    InputError
        The file cannot be read as a document, or its text cannot be read as a statement.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import landlink as ll
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "statement.html"
    ...     _ = path.write_text("<nav>Home</nav><p>Both sides will build a road.</p>")
    ...     [clause.quote for clause in ll.statement.read_file(path).clauses]
    ['Both sides will build a road']
    """
    document = open_document(path, encoding=encoding)
    with _named(document.name):
        reading = read(document.text, gazetteer=gazetteer, lexicons=lexicons)
    clauses = tuple(
        replace(clause, page=document.page(reading.source_offset[clause.start])) for clause in reading.clauses
    )
    return replace(reading, clauses=clauses, document=document)
