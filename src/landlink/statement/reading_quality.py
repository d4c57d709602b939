"""How good the reader is, as measured on a gold set: said beside every draft."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files

__all__ = ["Quality", "quality_figures", "quality_lines"]

_FILE = "quality.csv"


@dataclass(frozen=True, slots=True)
class Quality:
    """One figure.

    Attributes
    ----------
    language
        ISO 639-1 code.
    what
        What was looked for: ``hard``, ``any``, ``topics``, ``spans`` ...
    precision, recall, f1
        Shares of one.
    sentences
        Sentences of the gold set.
    """

    language: str
    what: str
    precision: float
    recall: float
    f1: float
    sentences: int


def quality_figures() -> tuple[Quality, ...]:
    """All figures that come with landlink; empty where none were measured."""
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
    """The figures of a language, as sentences for a person."""
    return [
        f"Measured on {item.sentences:,} sentences in {item.language}: {item.what}: precision {item.precision:.2f}, "
        f"recall {item.recall:.2f}, F1 {item.f1:.2f}"
        for item in quality_figures()
        if item.language == language
    ]
