"""The text of a file, with what the file was and where its pages begin."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

__all__ = ["Document"]


@dataclass(frozen=True, repr=False)
class Document:
    """The text of a file.

    Attributes
    ----------
    text
        The text as taken from the file, before its layout is undone.
    name, format
        Name of the file, and ``pdf``, ``docx``, ``html`` or ``text``.
    sha256
        SHA-256 of the file, in hexadecimal.
    page_starts
        Offset in ``text`` at which each page begins; empty where the file has no pages.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> import landlink as ll
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "statement.html"
    ...     _ = path.write_text("<p>Both sides will build a road.</p>")
    ...     ll.statement.open_document(path)
    Document statement.html: html, 36 characters
    """

    text: str
    name: str
    format: str
    sha256: str
    page_starts: tuple[int, ...] = ()

    def page(self, offset: int) -> int | None:
        """Return the page, from 1, of an offset in the text; None where the file has no pages."""
        return bisect_right(self.page_starts, offset) if self.page_starts else None

    def __repr__(self) -> str:
        pages = f", {len(self.page_starts):,} pages" if self.page_starts else ""
        return f"Document {self.name}: {self.format}, {len(self.text):,} characters{pages}"
