"""From the bytes of a CSV file to rows of texts, refusing what is no CSV and saying how to save it right."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pandas as pd

from landlink.core.errors import Problem

SAVE_AS_UTF8: Final = (
    "in Excel choose Save As and the type 'CSV UTF-8 (Comma delimited)'; "
    "in LibreOffice save as Text CSV with character set UTF-8 and field delimiter ','"
)
_MAGIC: Final = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"PAR1", "a Parquet file"),
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3", "a database"),
)
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_LIMIT_LOCK = threading.Lock()


@dataclass
class RawTable:
    """A CSV file cut into cells.

    Attributes
    ----------
    header
        Column names.
    rows
        Cells of each row that is not blank; may be longer or shorter than the header.
    lines
        Line of the file on which each row begins, counted from 1.
    problems
        Why the file could not be read; the rest is empty then.
    """

    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def quoted(texts: pd.Series[str]) -> list[str]:
    r"""Texts as cells of a CSV file: those with a comma, a quote or a line break in quotes.

    Python's own writer leaves a carriage return bare, and a reader then sees two lines.

    Examples
    --------
    >>> quoted(pd.Series(["Osh", "a,b", 'x"y']))
    ['Osh', '"a,b"', '"x""y"']
    """
    special = texts.str.contains('[",\n\r]')
    return list(texts.where(~special, '"' + texts.str.replace('"', '""', regex=False) + '"'))


def read_rows(path: Path, table: str) -> RawTable:
    """Cut a file into cells.

    Parameters
    ----------
    path
        A CSV file: UTF-8 (a byte-order mark is fine), cells separated by commas.
    table
        Name for the problems.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return _refused(Problem(table, f"the file {path.name} is missing", allowed=f"a file {path}"))
    except OSError as error:
        reason = error.strerror or str(error)
        return _refused(Problem(table, f"the file {path.name} cannot be read: {reason}", allowed="a readable CSV file"))
    text = _decode(content, table)
    if isinstance(text, Problem):
        return _refused(text)
    return _cut(text, table)


def _refused(problem: Problem) -> RawTable:
    return RawTable(problems=[problem])


def _decode(content: bytes, table: str) -> str | Problem:
    """Text of a file, or why it has none."""
    if content.startswith(_UTF16) or _looks_utf16(content):
        return Problem(table, "the file is UTF-16 (Excel's 'Unicode text'), not UTF-8", allowed=SAVE_AS_UTF8)
    for magic, what in _MAGIC:
        if content.startswith(magic):
            return Problem(table, f"the file is {what}, not CSV", allowed=SAVE_AS_UTF8)
    nul = content.find(b"\x00")
    if nul >= 0:
        message = f"the file is binary, not CSV: byte {nul + 1} is zero"
        return Problem(table, message, row=f"line {_line_of(content, nul)}", allowed=SAVE_AS_UTF8)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _not_utf8(content, table)
    if not text.strip():
        return Problem(table, "the file is empty", allowed="a header line and rows under it")
    return text


def _looks_utf16(content: bytes) -> bool:
    """Whether every second byte of the beginning is zero, as in UTF-16 of Latin letters."""
    head = content[:64]
    return len(head) >= 4 and (not any(head[1::2]) or not any(head[::2]))


def _not_utf8(content: bytes, table: str) -> Problem:
    try:
        # Without the signature handling, so that positions count from the first byte of the file.
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8: byte {error.start + 1} is 0x{content[error.start]:02x}"
        return Problem(table, message, row=f"line {_line_of(content, error.start)}", allowed=SAVE_AS_UTF8)
    raise AssertionError("decoding failed once and passed once")


def _line_of(content: bytes, position: int) -> int:
    before = content[:position].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return before.count(b"\n") + 1


def _cut(text: str, table: str) -> RawTable:
    """Rows of cells, each with the line on which it begins."""
    raw = RawTable()
    begin = 1
    with _long_cells(len(text)):
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            for cells in reader:
                # Rows without any text hold no data: spreadsheets leave such rows at the end.
                if any(cells):
                    raw.rows.append(cells)
                    raw.lines.append(begin)
                begin = reader.line_num + 1
        except csv.Error as error:
            message = f"the quotes are broken in the row that begins here ({error})"
            allowed = (
                'a cell with a comma, a quote or a line break stands in "double quotes", a quote in it is doubled ""'
            )
            return _refused(Problem(table, message, row=f"line {begin}", allowed=allowed))
    if not raw.rows:
        return _refused(Problem(table, "the file is empty", allowed="a header line and rows under it"))
    raw.header = [name.strip() for name in raw.rows.pop(0)]
    raw.lines.pop(0)
    wrong = _wrong_separator(raw.header, table)
    return _refused(wrong) if wrong else raw


def _wrong_separator(header: list[str], table: str) -> Problem | None:
    for mark, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(header) == 1 and mark in header[0]:
            message = f"the cells are separated by {name}, not by commas"
            allowed = (
                "commas between cells and a point in decimals: set the list separator of the system to ',' and the "
                f"decimal separator to '.', then {SAVE_AS_UTF8}"
            )
            return Problem(table, message, row="line 1", value=header[0][:60], allowed=allowed)
    return None


@contextmanager
def _long_cells(length: int) -> Iterator[None]:
    """Let a cell be as long as the text: outlines of countries are. The module-wide limit is put back afterwards."""
    with _LIMIT_LOCK:
        before = csv.field_size_limit()
        csv.field_size_limit(max(before, length + 1))
        try:
            yield
        finally:
            csv.field_size_limit(before)
