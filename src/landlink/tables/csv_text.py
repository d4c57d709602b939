"""Decoding of CSV files into rows of text, with advice for files that are not valid CSV."""

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
from landlink.core.input_files import read_input, reason_of
from landlink.core.memory import memory_problem

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
#: Memory of the list of a row, and of a cell with its copies, while a table is read.
_BYTES_PER_LINE: Final = 150
_BYTES_PER_CELL: Final = 100
_LIMIT_LOCK = threading.Lock()


@dataclass
class RawTable:
    """A CSV file split into cells.

    Attributes
    ----------
    header
        Column names.
    rows
        Cells of each non-blank row; a row may be longer or shorter than the header.
    lines
        Line number at which each row begins, counted from 1.
    problems
        Reasons why the file could not be read; all else is empty then.
    """

    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def quoted(texts: pd.Series[str]) -> list[str]:
    r"""Quote texts for CSV where they contain a comma, a quote or a line break.

    Python's csv writer leaves a lone carriage return unquoted, which readers then take for a line break.

    Examples
    --------
    >>> quoted(pd.Series(["Osh", "a,b", 'x"y']))
    ['Osh', '"a,b"', '"x""y"']
    """
    special = texts.str.contains('[",\n\r]')
    return texts.where(~special, '"' + texts.str.replace('"', '""', regex=False) + '"').tolist()


def read_rows(path: Path, table: str) -> RawTable:
    """Split a file into cells.

    Parameters
    ----------
    path
        A CSV file in UTF-8 (a byte-order mark is accepted) with cells separated by commas.
    table
        Table name to use in problems.
    """
    try:
        content = read_input(path)
    except FileNotFoundError:
        return _refused(Problem(table, f"the file {path.name} is missing", allowed=f"a file {path}"))
    except OSError as error:
        reason = reason_of(error)
        return _refused(Problem(table, f"the file {path.name} cannot be read: {reason}", allowed="a readable CSV file"))
    text = _decode(content, table)
    if isinstance(text, Problem):
        return _refused(text)
    if problem := _too_large(text, table):
        return _refused(problem)
    return _cut(text, table)


def _too_large(text: str, table: str) -> Problem | None:
    """Refuse a table whose cells would not fit into memory: a cell of one character takes some sixty bytes."""
    lines, cells = text.count("\n") + text.count("\r"), text.count(",")
    need = _BYTES_PER_LINE * lines + _BYTES_PER_CELL * (lines + cells) + 2 * len(text)
    return memory_problem(need, f"a table of {lines:,} lines", table=table)


def _refused(problem: Problem) -> RawTable:
    return RawTable(problems=[problem])


def _decode(content: bytes, table: str) -> str | Problem:
    """Decode a file, or return the problem."""
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
        return Problem(table, "the file is empty", allowed="a header line followed by rows")
    return text


def _looks_utf16(content: bytes) -> bool:
    """Whether every second byte at the start is zero, as in UTF-16 of Latin letters."""
    head = content[:64]
    return len(head) >= 4 and (not any(head[1::2]) or not any(head[::2]))


def _not_utf8(content: bytes, table: str) -> Problem:
    try:
        # Plain UTF-8 keeps the signature, so that positions count from the first byte of the file.
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8: byte {error.start + 1} is 0x{content[error.start]:02x}"
        return Problem(table, message, row=f"line {_line_of(content, error.start)}", allowed=SAVE_AS_UTF8)
    raise AssertionError("decoding failed once and passed once")


def _line_of(content: bytes, position: int) -> int:
    before = content[:position].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return before.count(b"\n") + 1


def _cut(text: str, table: str) -> RawTable:
    """Split text into rows of cells, with the line number at which each row begins."""
    raw = RawTable()
    begin = 1
    with _long_cells(len(text)):
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            for cells in reader:
                # Rows without any text are skipped: spreadsheets leave such rows at the end.
                if any(cells):
                    raw.rows.append(cells)
                    raw.lines.append(begin)
                begin = reader.line_num + 1
        except csv.Error as error:
            message = f"invalid quoting in the row that begins here ({error})"
            allowed = (
                'cells with a comma, a quote or a line break in "double quotes", with quotes inside them doubled ""'
            )
            return _refused(Problem(table, message, row=f"line {begin}", allowed=allowed))
    if not raw.rows:
        return _refused(Problem(table, "the file is empty", allowed="a header line followed by rows"))
    raw.header = [name.strip() for name in raw.rows.pop(0)]
    raw.lines.pop(0)
    wrong = _wrong_separator(raw.header, table)
    return _refused(wrong) if wrong else raw


def _wrong_separator(header: list[str], table: str) -> Problem | None:
    for mark, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(header) == 1 and mark in header[0]:
            message = f"the cells are separated by {name}, not by commas"
            allowed = (
                "commas between cells and decimal points: set the list separator of the system to ',' and the "
                f"decimal separator to '.', then {SAVE_AS_UTF8}"
            )
            return Problem(table, message, row="line 1", value=header[0][:60], allowed=allowed)
    return None


@contextmanager
def _long_cells(length: int) -> Iterator[None]:
    """Raise the cell size limit to the length of the text, since country boundaries are long, and restore it after."""
    with _LIMIT_LOCK:
        before = csv.field_size_limit()
        csv.field_size_limit(max(before, length + 1))
        try:
            yield
        finally:
            csv.field_size_limit(before)
