"""Printing of pages in tests: a browser, the pages of a PDF, and what stands last on each."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pypdfium2

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PDFTOTEXT = shutil.which("pdftotext")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def page_count(content: bytes) -> int:
    """Number of pages of a PDF as Chromium writes it."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", content))


def words_of(path: Path) -> list[str]:
    """Words of a PDF."""
    return _text(path).split()


def last_lines(path: Path) -> Iterator[str]:
    """Last line of each page but the last of a PDF."""
    for page in _text(path).rstrip("\f").split("\f")[:-1]:
        lines = [line.strip() for line in page.splitlines() if line.strip()]
        yield lines[-1]


def _text(path: Path) -> str:
    command = [str(PDFTOTEXT), "-layout", str(path), "-"]
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout.decode("utf-8")


def edges_of(content: bytes, text: str) -> tuple[float, float]:
    """Bottom and top of the first place of a text on the first page of a PDF, in points from the foot of the page."""
    page = pypdfium2.PdfDocument(content)[0].get_textpage()
    first, count = page.search(text).get_next()
    boxes = [page.get_charbox(number) for number in range(first, first + count)]
    return min(box[1] for box in boxes), max(box[3] for box in boxes)
