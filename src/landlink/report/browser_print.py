"""Printing of a page to PDF through an installed browser: Chromium, Chrome or Edge, without a window."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from landlink.core.atomic_files import write_bytes
from landlink.core.errors import InputError, OutputError
from landlink.core.input_files import open_input
from landlink.core.version import VERSION
from landlink.formats.authorship import marked_html

__all__ = ["find_browser", "is_brief", "print_pdf"]

#: Names of browsers on the path that print without a window.
_NAMES: Final = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge",
)  # fmt: skip
#: Where they are installed otherwise, by platform; the first part may be a variable of the environment.
_PLACES: Final = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        "%PROGRAMFILES%\\Google\\Chrome\\Application\\chrome.exe",
        "%PROGRAMFILES(X86)%\\Google\\Chrome\\Application\\chrome.exe",
        "%LOCALAPPDATA%\\Google\\Chrome\\Application\\chrome.exe",
        "%PROGRAMFILES(X86)%\\Microsoft\\Edge\\Application\\msedge.exe",
        "%PROGRAMFILES%\\Microsoft\\Edge\\Application\\msedge.exe",
    ),
}
_OPTIONS: Final = (
    "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-pdf-header-footer", "--hide-scrollbars",
)  # fmt: skip
#: Longest time that printing may take, seconds.
_PATIENCE_S: Final = 120
#: Last line of a PDF that landlink had printed; readers of PDF ignore what begins with a per cent sign.
_MARK: Final = b"% landlink "
_KIND: Final = b" (brief)\n"
#: Times at which a PDF says that it was made.
_TIMES: Final = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}([^)]*\))")


def find_browser() -> Path | None:
    """Find a browser that can print: on the path, else where such browsers are usually installed."""
    return next(_browsers(), None)


def _browsers() -> Iterator[Path]:
    yield from (Path(found) for name in _NAMES if (found := shutil.which(name)))
    places = (Path(os.path.expandvars(place)) for place in _PLACES.get(sys.platform, ()))
    yield from (place for place in places if place.is_file())


def print_pdf(html: str, target: Path) -> None:
    """Print a page to PDF.

    The time of printing is left out of the file, so that the same page and browser give the same bytes.

    Parameters
    ----------
    html
        The page.
    target
        The file to write.

    Raises
    ------
    InputError
        No browser is installed.
    OutputError
        The browser does not print.
    """
    browser = find_browser()
    if browser is None:
        raise InputError(
            f"printing {target.name} needs Chromium, Chrome or Edge, and none is installed: write an .html file"
            " instead, open it in a browser and print it from there"
        )
    with TemporaryDirectory(prefix="landlink-") as folder:
        page, printed = Path(folder) / "page.html", Path(folder) / "page.pdf"
        page.write_text(html, encoding="utf-8")
        # A superuser's browser runs only without its sandbox; the page is landlink's own and loads nothing.
        superuser = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
        profile = f"--user-data-dir={Path(folder) / 'profile'}"
        command = [str(browser), *_OPTIONS, *superuser, profile, f"--print-to-pdf={printed}", page.as_uri()]
        _run(command, browser, target)
        if not printed.is_file():
            raise OutputError(f"{browser} did not print {target.name}: write an .html file instead and print that")
        content = _TIMES.sub(rb"\g<1>20000101000000\g<2>", printed.read_bytes())
    write_bytes(target, content + _MARK + VERSION.encode() + _KIND)


def _run(command: list[str], browser: Path, target: Path) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_PATIENCE_S)  # noqa: S603  a known program
    except (OSError, subprocess.SubprocessError) as error:
        raise OutputError(
            f"{browser} could not print {target.name} ({type(error).__name__}): write an .html file and print that"
        ) from error


def is_brief(path: Path) -> bool:
    """Whether landlink wrote a brief, as a page or as PDF."""
    if path.suffix.lower() != ".pdf":
        return marked_html("brief")(path)
    try:
        with open_input(path) as file:
            head = file.read(5)
            file.seek(max(0, path.stat().st_size - 64))
            last = file.read(64)
    except OSError:
        return False
    return head == b"%PDF-" and _MARK in last and last.endswith(_KIND)
