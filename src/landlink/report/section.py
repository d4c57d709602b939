"""A section of the report."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

__all__ = ["Section"]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the report.

    Attributes
    ----------
    identifier
        Element id on the page.
    heading
        Short title, used in the table of contents.
    finding
        Main finding in one sentence; may be empty.
    body
        Content of the section.
    """

    identifier: str
    heading: str
    finding: str
    body: Markup
