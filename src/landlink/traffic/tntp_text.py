"""Text of TNTP files: metadata in angle brackets, comments after ``~``, records that end with ``;``.

The format is that of the Transportation Networks collection (Bar-Gera and others). No two writers of it agree on
blanks, capital letters or the order of metadata, so none of these count here.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem
from landlink.traffic.trip_table import listed

_GZIP: Final = b"\x1f\x8b"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_METADATA: Final = re.compile(r"\s*<([^<>]*)>(.*)")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
END: Final = "END OF METADATA"


@dataclass(frozen=True)
class Record:
    """One record: the line it stands on and its cells."""

    line: int
    cells: list[str]


@dataclass(frozen=True)
class Text:
    """A file taken apart.

    Attributes
    ----------
    name
        File name, for problems.
    metadata
        Values by names in capitals, blanks inside a name made single; with the line of each.
    comments
        What stands after ``~``, in order; with the lines.
    body
        The rest, with an empty line wherever something was taken out, so that lines keep their numbers.
    """

    name: str
    metadata: dict[str, tuple[str, int]]
    comments: list[tuple[str, int]]
    body: list[str]

    def count(self, name: str) -> tuple[int | None, list[Problem]]:
        """A whole number of the metadata; ``None`` where it is missing or no whole number."""
        value, problems = self.number(name)
        if value is None or (value.is_integer() and value >= 0):
            return None if value is None else int(value), problems
        text, line = self.metadata[name]
        return None, [
            Problem(self.name, "metadata value is not a count", f"line {line}", f"<{name}>", text, "a whole number")
        ]

    def number(self, name: str) -> tuple[float | None, list[Problem]]:
        """A number of the metadata; ``None`` where it is missing, empty or no number from 0."""
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
    """Read a file, plain or compressed by gzip, in UTF-8, UTF-16 or an older encoding.

    Raises
    ------
    InputError
        The file does not exist, contains no text, or its metadata have no end.
    """
    lines = re.split(r"\r\n|\n|\r", _decoded(path))
    metadata: dict[str, tuple[str, int]] = {}
    comments: list[tuple[str, int]] = []
    problems: list[Problem] = []
    body: list[str] = []
    for number, line in enumerate(lines, 1):
        text = line
        if "<" in line and (found := _METADATA.match(line)):
            name, value = " ".join(found[1].upper().split()), found[2].strip().rstrip(";").strip()
            if metadata.get(name, (value,))[0] != value:
                problems.append(
                    Problem(path.name, "the metadata stand twice", f"line {number}", f"<{name}>", value, "one value")
                )
            metadata[name] = (value, number)
            text = ""
        elif "~" in line:
            text, _, comment = line.partition("~")
            comments.append((comment, number))
        body.append(text)
    if problems:
        raise InputError(problems)
    return Text(path.name, metadata, comments, body)


def _decoded(path: Path) -> str:
    try:
        content = path.read_bytes()
        if content.startswith(_GZIP):
            content = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        reason = "the file does not exist" if isinstance(error, FileNotFoundError) else f"cannot be read ({error})"
        raise InputError(Problem(path.name, reason, value=str(path))) from None
    encodings = ["utf-16"] if content.startswith(_UTF16) else ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise InputError(Problem(path.name, "the file holds no text", allowed="a TNTP file, plain or compressed by gzip"))


def needs_metadata(text: Text, names: Sequence[str]) -> list[Problem]:
    """Metadata that are missing or empty, their end included."""
    problems = [
        Problem(text.name, "the metadata are missing", column=f"<{name}>")
        for name in names
        if not text.metadata.get(name, ("",))[0]
    ]
    if END not in text.metadata:
        problems.append(Problem(text.name, "the metadata have no end", column=f"<{END}>"))
    return problems


def records(text: Text) -> list[Record]:
    """Records of a file, cells apart by any blanks; those of one line by ``;``."""
    return [
        Record(number, cells)
        for number, line in enumerate(text.body, 1)
        for part in line.split(";")
        if (cells := part.split())
    ]


def columns_of_numbers(
    text: Text, rows: Sequence[Record], places: dict[str, int]
) -> tuple[dict[str, Floats], list[Problem]]:
    """Chosen columns of records as numbers.

    Parameters
    ----------
    text
        The file, for problems.
    rows
        Records with cells enough.
    places
        Column and its place in a record.

    Returns
    -------
    values, problems
        A cell that is no number has a problem, and 1 for a value so that no other check tells it again.
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
            [
                Problem(text.name, "not a number", f"line {rows[i].line}", name, rows[i].cells[place], "a number")
                for i in bad
            ]
        )
    return values, problems


def _all_numbers(cells: Sequence[str]) -> Floats | None:
    """Cells as numbers, or ``None`` where one may be none; an underscore is no part of a number outside Python."""
    if any("_" in cell for cell in cells):
        return None
    try:
        return np.array([float(cell) for cell in cells])
    except ValueError:
        return None
