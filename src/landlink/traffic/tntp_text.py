"""Text of TNTP files: metadata in angle brackets, comments after ``~``, records that end with ``;``.

The format is that of the Transportation Networks collection (Bar-Gera and others). Files differ in spacing, case and
the order of metadata, so that none of these matter here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem, listed
from landlink.core.input_files import read_input, reason_of
from landlink.core.memory import check_memory
from landlink.core.problem_list import ProblemList

_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_METADATA: Final = re.compile(r"\s*<([^<>]*)>(.*)")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_WHOLE: Final = re.compile(r"[0-9]{1,15}")
#: Largest count of zones, nodes or links: nodes are numbered in 32 bits.
MOST: Final = 2**31 - 1
#: Memory of a character, and of each word and line once the text is split into records, bytes.
_BYTES_PER_CHARACTER: Final = 6.0
_BYTES_PER_WORD: Final = 60.0
_BYTES_PER_LINE: Final = 300.0
END: Final = "END OF METADATA"


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its line number and its cells."""

    line: int
    cells: list[str]


@dataclass(frozen=True)
class Text:
    """A file split into metadata, comments and records.

    Attributes
    ----------
    name
        File name, for problems.
    metadata
        Values and line numbers by name, in upper case and with single spaces.
    comments
        Texts after ``~`` with their line numbers, in order.
    body
        The remaining text, with removed lines left empty so that line numbers are unchanged.
    """

    name: str
    metadata: dict[str, tuple[str, int]]
    comments: list[tuple[str, int]]
    body: list[str]

    def count(self, name: str) -> tuple[int | None, list[Problem]]:
        """A whole number from the metadata; ``None`` if it is missing or not a whole number."""
        value, problems = self.number(name)
        if value is None or (value.is_integer() and 0 <= value <= MOST):
            return None if value is None else int(value), problems
        text, line = self.metadata[name]
        allowed = f"a whole number, at most {MOST:,}"
        return None, [Problem(self.name, "metadata value is not a count", f"line {line}", f"<{name}>", text, allowed)]

    def number(self, name: str) -> tuple[float | None, list[Problem]]:
        """A number from the metadata; ``None`` if it is missing, empty, negative or not a number."""
        text, line = self.metadata.get(name, ("", 0))
        if not text:
            return None, []
        if _NUMBER.fullmatch(text) and 0 <= float(text) < np.inf:
            return float(text), []
        allowed = "a finite number, 0 or more"
        return None, [
            Problem(self.name, "metadata value is not a valid number", f"line {line}", f"<{name}>", text, allowed)
        ]


def read_text(path: Path) -> Text:
    """Read a file, plain or gzip-compressed, in UTF-8, UTF-16 or an older encoding.

    Raises
    ------
    InputError
        The file does not exist, contains no text, or its metadata are not terminated.
    """
    lines = re.split(r"\r\n|\n|\r", _decoded(path))
    metadata: dict[str, tuple[str, int]] = {}
    comments: list[tuple[str, int]] = []
    problems = ProblemList()
    body: list[str] = []
    for number, line in enumerate(lines, 1):
        text = line
        if "<" in line and (found := _METADATA.match(line)):
            name, value = " ".join(found[1].upper().split()), found[2].strip().rstrip(";").strip()
            if metadata.get(name, (value,))[0] != value:
                problems.add(
                    Problem(path.name, "duplicate metadata", f"line {number}", f"<{name}>", value, "one value")
                )
            metadata[name] = (value, number)
            text = ""
        elif "~" in line:
            text, _, comment = line.partition("~")
            comments.append((comment, number))
        body.append(text)
    if problems:
        raise InputError(problems.listed())
    return Text(path.name, metadata, comments, body)


def _decoded(path: Path) -> str:
    try:
        content = read_input(path, memory_per_byte=_BYTES_PER_CHARACTER, unpack=True)
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        reason = "the file does not exist" if missing else f"cannot be read: {reason_of(error)}"
        raise InputError(Problem(path.name, reason, value=str(path))) from None
    _check_words(content, path.name)
    encodings = ["utf-16"] if content.startswith(_UTF16) else ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise InputError(Problem(path.name, "the file contains no text", allowed="a TNTP file, plain or gzip-compressed"))


def _check_words(content: bytes, name: str) -> None:
    """Refuse a text whose lines and words would not fit into memory: they take far more than their letters."""
    signs = np.frombuffer(content, dtype=np.uint8)
    lines = int(np.count_nonzero((signs == ord("\n")) | (signs == ord("\r"))))
    words = int(np.count_nonzero((signs[1:] > ord(" ")) & (signs[:-1] <= ord(" "))))
    need = _BYTES_PER_CHARACTER * len(content) + _BYTES_PER_WORD * words + _BYTES_PER_LINE * lines
    check_memory(need, f"reading {lines:,} lines of {words:,} words", table=name)


def whole_number(text: str) -> int | None:
    """Parse a number of a zone or node; ``None`` unless it consists of at most fifteen of the digits 0 to 9.

    Examples
    --------
    >>> whole_number("12"), whole_number("²"), whole_number("1" * 5000)
    (12, None, None)
    """
    return int(text) if _WHOLE.fullmatch(text) else None


def needs_metadata(text: Text, names: Sequence[str]) -> list[Problem]:
    """List metadata that are missing or empty, including their end mark."""
    problems = [
        Problem(text.name, "the metadata are missing", column=f"<{name}>")
        for name in names
        if not text.metadata.get(name, ("",))[0]
    ]
    if END not in text.metadata:
        problems.append(Problem(text.name, "the end of the metadata is missing", column=f"<{END}>"))
    return problems


def records(text: Text) -> list[Record]:
    """Records of a file, with cells separated by white space and records of one line by ``;``."""
    return [
        Record(number, cells)
        for number, line in enumerate(text.body, 1)
        for part in line.split(";")
        if (cells := part.split())
    ]


def columns_of_numbers(
    text: Text, rows: Sequence[Record], places: dict[str, int]
) -> tuple[dict[str, Floats], list[Problem]]:
    """Parse columns of records as numbers.

    Parameters
    ----------
    text
        The file, for problems.
    rows
        Records with a sufficient number of cells.
    places
        Index of each column in a record.

    Returns
    -------
    values, problems
        A cell that is not a number has a problem, and the value 1 so that no other check reports it again.
    """
    values: dict[str, Floats] = {}
    problems: list[Problem] = []
    for name, place in places.items():
        cells = [row.cells[place] for row in rows]
        numbers = _all_numbers(cells)
        bad = [] if numbers is not None else [i for i, cell in enumerate(cells) if not _NUMBER.fullmatch(cell)]
        for i in bad:
            cells[i] = "1"
        values[name] = np.array([float(cell) for cell in cells]) if numbers is None else numbers
        problems += listed(
            Problem(text.name, "not a number", f"line {rows[i].line}", name, rows[i].cells[place], "a number")
            for i in bad
        )
    return values, problems


def _all_numbers(cells: Sequence[str]) -> Floats | None:
    """Parse cells, or return ``None`` if one may not be a number, such as one with an underscore."""
    if any("_" in cell for cell in cells):
        return None
    try:
        return np.array([float(cell) for cell in cells])
    except ValueError:
        return None
