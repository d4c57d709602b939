"""One section of the report."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

__all__ = ["Section"]


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the report.

    Attributes
    ----------
    identifier
        Its id on the page.
    heading
        Short name, for the list of contents.
    finding
        One sentence that says what is seen, from the data; may be empty.
    body
        The rest.
    """

    identifier: str
    heading: str
    finding: str
    body: Markup
