"""Measured quality of the reader on whole documents that its rules had not seen, stated with every draft."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files

from landlink.statement.language_detection import name_of

__all__ = ["Quality", "quality_figures", "quality_lines"]

_FILE = "quality.csv"


@dataclass(frozen=True, slots=True)
class Quality:
    """Quality of one task in one language.

    Attributes
    ----------
    language
        ISO 639-1 code.
    what
        The task: ``hard clauses``, ``spans``, ``topics`` or ``quantities``.
    score
        F1; for quantities the share read exactly, with unit and direction.
    low, high
        The score of the worst and of the best document.
    documents, items
        Number of documents, and of marked clauses (or quantities) in them.
    """

    language: str
    what: str
    score: float
    low: float
    high: float
    documents: int
    items: int


def quality_figures() -> tuple[Quality, ...]:
    """Return all figures shipped with landlink; empty if none were measured."""
    file = files("landlink.statement") / _FILE
    if not file.is_file():
        return ()
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return tuple(
        Quality(
            row["language"],
            row["what"],
            float(row["score"]),
            float(row["low"]),
            float(row["high"]),
            int(row["documents"]),
            int(row["items"]),
        )
        for row in rows
    )


def quality_lines(language: str) -> list[str]:
    """Describe the figures of a language: on what they rest, and a line for each task."""
    found = [item for item in quality_figures() if item.language == language]
    if not found:
        return []
    head = (
        f"Measured on {found[0].documents:,} whole documents in {name_of(language)}, written in the manner of "
        "statements, agreements and plans, that the rules had not seen (worst to best document):"
    )
    tasks = [f"  {item.what} {item.score:.2f} of {item.items:,} ({item.low:.2f} to {item.high:.2f})" for item in found]
    return [head, *tasks]
