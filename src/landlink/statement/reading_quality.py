"""Measured quality of the reader on hand-annotated sentences, stated with every draft."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files

__all__ = ["Quality", "quality_figures", "quality_lines"]

_FILE = "quality.csv"


@dataclass(frozen=True, slots=True)
class Quality:
    """Precision and recall of one task in one language.

    Attributes
    ----------
    language
        ISO 639-1 code.
    what
        The task: ``hard``, ``any``, ``topics``, ``spans`` ...
    precision, recall, f1
        Between 0 and 1.
    sentences
        Number of annotated sentences.
    """

    language: str
    what: str
    precision: float
    recall: float
    f1: float
    sentences: int


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
            float(row["precision"]),
            float(row["recall"]),
            float(row["f1"]),
            int(row["sentences"]),
        )
        for row in rows
    )


def quality_lines(language: str) -> list[str]:
    """Describe the figures of a language, one line for each task."""
    return [
        f"Measured on {item.sentences:,} sentences in {item.language}: {item.what}: precision {item.precision:.2f}, "
        f"recall {item.recall:.2f}, F1 {item.f1:.2f}"
        for item in quality_figures()
        if item.language == language
    ]
