"""Reads the text layer of a PDF in a process of its own: a script that needs nothing of landlink but this file.

The library that reads PDF files is written in C++. In a process of its own, a file damaged on purpose can bring down or
fill no more than that process. The content comes on standard input; pages, or what is wrong, go to standard output.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any, Final

#: Exit codes are not used: every outcome is one JSON record with one of these keys.
PAGES, FAULT = "pages", "fault"
ENCRYPTED, DAMAGED, TOO_LONG = "encrypted", "damaged", "too long"
#: Address space of the process where the system can bound it, and most pages and characters.
_MEMORY: Final = 2 * 1024**3
_MOST_PAGES: Final = 5_000
_MOST_CHARACTERS: Final = 5_000_000
#: Scripts written from right to left, by how Unicode classes their letters.
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})
#: Gap between two characters that is a space, as a share of their height; and between two lines that is a blank line,
#: as a multiple of the usual one.
_SPACE: Final = 0.2
_BLANK_LINE: Final = 1.35
#: What PDFium puts in place of a hyphen at the end of a line.
_HYPHEN: Final = "\x02"
#: Points by which a letter may stand before the one that precedes it.
_SLACK: Final = 2.0
#: Share of the height of a line by which the letters of one line may differ in position.
_ONE_LINE: Final = 0.3
#: Forms of the alef, which stand in one place with the lam before them where the two are a ligature.
_ALEFS: Final = "اأإآ"


@dataclass(frozen=True)
class _Letter:
    text: str
    left: float
    right: float
    bottom: float
    top: float


def main() -> None:
    """Read a PDF from standard input and write what was found to standard output."""
    _bound_memory()
    try:
        record = _pages(sys.stdin.buffer.read())
    except MemoryError:
        record = {FAULT: TOO_LONG}
    sys.stdout.buffer.write(json.dumps(record).encode("ascii"))


def _bound_memory() -> None:
    try:
        import resource  # noqa: PLC0415  Windows has none
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _pages(data: bytes) -> dict[str, Any]:
    import pypdfium2  # noqa: PLC0415  the process that imports this module for its names does without

    try:
        document = pypdfium2.PdfDocument(data)
        if len(document) > _MOST_PAGES:
            return {FAULT: TOO_LONG}
        pages, characters = [], 0
        for number in range(len(document)):
            pages.append(_page(document[number].get_textpage()))
            characters += len(pages[-1])
            if characters > _MOST_CHARACTERS:
                return {FAULT: TOO_LONG}
    except pypdfium2.PdfiumError as error:
        return {FAULT: ENCRYPTED if "password" in str(error).lower() else DAMAGED}
    return {PAGES: pages}


def _page(page: Any) -> str:
    """Write the lines of a page, with a blank line where the gap is wider than usual."""
    lines = _whole([line for line in _lines(page) if any(letter.text.strip() for letter in line)])
    heights = [_baseline(one) - _baseline(other) for one, other in pairwise(lines)]
    usual = median([height for height in heights if height > 0] or [0.0])
    backwards = sum(map(_is_backwards, lines)) > len(lines) / 2
    written: list[str] = []
    for number, line in enumerate(lines):
        if number and usual and not 0 < heights[number - 1] <= _BLANK_LINE * usual:
            written.append("")
        written.append(_written(line, backwards=backwards and not _has_letters(line)))
    return "\n".join(written)


def _lines(page: Any) -> list[list[_Letter]]:
    """Collect the letters of a page by line, in the order of the file."""
    from pypdfium2 import raw  # noqa: PLC0415  as above

    lines: list[list[_Letter]] = [[]]
    box = raw.FS_RECTF()
    for index in range(min(page.count_chars(), _MOST_CHARACTERS)):
        letter = chr(raw.FPDFText_GetUnicode(page, index))
        if letter in "\r\n":
            lines.append([])
            continue
        raw.FPDFText_GetLooseCharBox(page, index, box)
        shown = "-" if letter == _HYPHEN else letter
        lines[-1].append(_Letter(shown, box.left, box.right, box.bottom, box.top))
    return lines


def _whole(lines: Sequence[list[_Letter]]) -> list[list[_Letter]]:
    """Put together what the marks of an Arabic line have parted."""
    found: list[list[_Letter]] = []
    for line in lines:
        if found and _is_backwards(line) and _is_backwards(found[-1]):
            height = max(letter.top - letter.bottom for letter in found[-1])
            if abs(_baseline(found[-1]) - _baseline(line)) < _ONE_LINE * height:
                found[-1] = found[-1] + line
                continue
        found.append(line)
    return found


def _is_backwards(line: Sequence[_Letter]) -> bool:
    """Whether most letters of a line are of a script written from right to left."""
    kinds = [unicodedata.bidirectional(letter.text[:1]) for letter in line]
    return sum(kind in _RIGHT_TO_LEFT for kind in kinds) > kinds.count("L")


def _baseline(line: Sequence[_Letter]) -> float:
    return median(letter.bottom for letter in line)


def _has_letters(line: Sequence[_Letter]) -> bool:
    """Whether a line has letters; one of numbers and punctuation runs as the lines around it."""
    return any(letter.text.isalpha() for letter in line)


def _written(line: Sequence[_Letter], *, backwards: bool = False) -> str:
    """Write a line; one of a script that runs from right to left is put in order by where its letters stand."""
    if backwards or _is_backwards(line):
        text = _forwards(_in_place(line, backwards=True))
    elif _is_in_place(line):
        text = "".join(letter.text for letter in line)
    else:
        text = "".join(_in_place(line, backwards=False))
    # Halves of a letter beyond the first plane come one by one.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").rstrip()


def _is_in_place(line: Sequence[_Letter]) -> bool:
    """Whether the letters of a line come as they stand, from left to right."""
    shown = [letter for letter in line if letter.text.strip()]
    return all(one.left <= other.left + _SLACK for one, other in pairwise(shown))


def _in_place(line: Sequence[_Letter], *, backwards: bool) -> list[str]:
    """Order letters by where they stand, each with its marks, with spaces where there is room for one."""
    marks = [letter for letter in line if unicodedata.combining(letter.text[:1])]
    letters = [letter for letter in line if letter.text.strip() and not unicodedata.combining(letter.text[:1])]
    letters.sort(key=lambda letter: letter.left + letter.right, reverse=backwards)
    if not letters:
        return []
    carried, edges = _with_marks(letters, marks, backwards=backwards)
    heights = sorted(letter.top - letter.bottom for letter in letters)
    space = _SPACE * heights[int(0.9 * len(heights))]
    found: list[str] = []
    for number, letter in enumerate(letters):
        before = letters[number - 1] if number else letter
        if number and (edges[number - 1] - letter.right if backwards else letter.left - edges[number - 1]) > space:
            found.append(" ")
        alike = number and abs(before.left - letter.left) < 0.1 and abs(before.right - letter.right) < 0.1
        if alike and letter.text == "ل" and before.text in _ALEFS:
            # A ligature: lam and alef stand in one place.
            found.insert(len(found) - 1, letter.text + carried[number])
        else:
            found.append(letter.text + carried[number])
    return found


def _with_marks(
    letters: Sequence[_Letter], marks: Sequence[_Letter], *, backwards: bool
) -> tuple[list[str], list[float]]:
    """Give each mark to its letter: the nearest, or the one before where the mark stands between two letters.

    The edges are where the letters end with such marks.
    """
    carried: list[str] = [""] * len(letters)
    edges = [letter.left if backwards else letter.right for letter in letters]
    for mark in marks:
        middle = (mark.left + mark.right) / 2
        nearest = min(range(len(letters)), key=lambda n: abs((letters[n].left + letters[n].right) / 2 - middle))
        if not any(letter.left < middle < letter.right for letter in letters):
            past = letters[nearest].right < middle if backwards else letters[nearest].left > middle
            nearest = max(0, nearest - past)
            edges[nearest] = min(edges[nearest], mark.left) if backwards else max(edges[nearest], mark.right)
        carried[nearest] += mark.text
    return carried, edges


def _forwards(letters: Sequence[str]) -> str:
    """Turn round the numbers and the words of other scripts within a line read from right to left."""
    found: list[str] = []
    run: list[str] = []
    for number, letter in enumerate(letters):
        kind = unicodedata.bidirectional(letter[:1])
        follows = unicodedata.bidirectional(letters[number + 1][:1]) if number + 1 < len(letters) else ""
        inside = bool(run) and kind in ("CS", "ES", "ET", "WS", "ON") and follows in ("L", "EN", "AN")
        # A space between a number and a number does not join them.
        joins = inside and not (kind in ("WS", "ON") and unicodedata.bidirectional(run[-1][:1]) != "L")
        if kind in ("L", "EN", "AN") or joins:
            run.append(letter)
            continue
        found += run[::-1]
        run = []
        found.append(letter)
    return "".join([*found, *run[::-1]])


if __name__ == "__main__":
    main()
