"""The text layer of a PDF file, page by page."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from landlink.core.errors import InputError, Problem
from landlink.core.memory import check_memory
from landlink.formats import pdf_worker
from landlink.formats.pdf_worker import DAMAGED, ENCRYPTED, FAULT, PAGES, TOO_LONG

__all__ = ["pdf_pages"]

#: Seconds in which a file must have been read: some, and more for a large one.
_LEAST_SECONDS: Final = 60.0
_SECONDS_PER_MB: Final = 6.0
#: Letters a page below which a file with pictures of pages is taken to have no text layer.
_FEWEST_LETTERS: Final = 5
_ALLOWED: Final = "a PDF file with a text layer"
_FAULTS: Final = {
    ENCRYPTED: ("is encrypted", "a PDF file that opens without a password"),
    DAMAGED: ("is damaged, or no PDF file", _ALLOWED),
    TOO_LONG: ("unpacks to more than is read", "at most 5,000 pages and 5 million characters"),
}


def pdf_pages(data: bytes, name: str = "document") -> list[str]:
    """Read the pages of a PDF file.

    Lines stay lines. A gap that is wider than the usual one becomes a blank line. The file is read in a process of its
    own, with bounded memory and time.

    Parameters
    ----------
    data
        Content of the file.
    name
        Name of the file in error messages.

    Returns
    -------
    list of str
        The text of each page.

    Raises
    ------
    InputError
        The file is encrypted, damaged, unpacks to too much, or has no text layer; or the library is not installed.
    """
    if find_spec("pypdfium2") is None:
        message = "reading PDF files takes a library that is not installed"
        raise InputError(Problem(name, message, allowed="pip install 'landlink[documents]'"))
    check_memory(8.0 * len(data), "reading a PDF file", table=name)
    pages = _answer(data, name)
    if sum(letter.isalpha() for page in pages for letter in page) < _FEWEST_LETTERS * max(1, len(pages)):
        message = "has no text layer: its pages are pictures, as of a scan"
        raise InputError(Problem(name, message, allowed=f"{_ALLOWED}; recognise the text first (OCR)"))
    return pages


def _answer(data: bytes, name: str) -> list[str]:
    """Have the file read in a process of its own."""
    command = [sys.executable, str(Path(pdf_worker.__file__))]
    limit = _LEAST_SECONDS + _SECONDS_PER_MB * len(data) / 1e6
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=limit, check=False)  # noqa: S603  our own script
        record = json.loads(done.stdout) if done.returncode == 0 else {FAULT: DAMAGED}
    except subprocess.TimeoutExpired:
        message = f"could not be read within {limit:.0f} s"
        raise InputError(Problem(name, message, allowed=_ALLOWED)) from None
    except ValueError:
        record = {FAULT: DAMAGED}
    if FAULT in record:
        message, allowed = _FAULTS[record[FAULT]]
        raise InputError(Problem(name, message, allowed=allowed))
    return [str(page) for page in record[PAGES]]
