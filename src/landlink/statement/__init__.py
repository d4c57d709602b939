"""From the text of a programme to a register of commitments and a scoreboard.

    >>> import landlink as ll
    >>> reading = ll.statement.read("Both sides will build a road.")
    >>> register = ll.statement.draft_register(reading)
    >>> register.clauses[0].strength
    3

The names below are loaded when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from landlink.statement.clause import Clause, Quantity, Reading, Sentence
    from landlink.statement.criterion import Criterion, Reason
    from landlink.statement.document import Document
    from landlink.statement.documents import open_document, read_file
    from landlink.statement.gazetteer import Gazetteer
    from landlink.statement.language_model import LanguageModel, ModelReading, RejectedClause, read_with_model
    from landlink.statement.package_search import Package, SmallestPackage, smallest_package
    from landlink.statement.reading import read
    from landlink.statement.register import Register, open_register, read_register
    from landlink.statement.register_check import check_register
    from landlink.statement.register_draft import draft_register
    from landlink.statement.register_records import (
        Baseline,
        Entry,
        Outcome,
        Project,
        Source,
        Suggestion,
        Target,
        Unclassified,
    )
    from landlink.statement.score import score_results, score_study
    from landlink.statement.scoreboard import Assessment, Scoreboard, ScoreLine

__all__ = [
    "Assessment",
    "Baseline",
    "Clause",
    "Criterion",
    "Document",
    "Entry",
    "Gazetteer",
    "LanguageModel",
    "ModelReading",
    "Outcome",
    "Package",
    "Project",
    "Quantity",
    "Reading",
    "Reason",
    "Register",
    "RejectedClause",
    "ScoreLine",
    "Scoreboard",
    "Sentence",
    "SmallestPackage",
    "Source",
    "Suggestion",
    "Target",
    "Unclassified",
    "check_register",
    "draft_register",
    "open_document",
    "open_register",
    "read",
    "read_file",
    "read_register",
    "read_with_model",
    "score_results",
    "score_study",
    "smallest_package",
]

#: Public names of each module.
_HOMES: Final = {
    "clause": ("Clause", "Quantity", "Reading", "Sentence"),
    "criterion": ("Criterion", "Reason"),
    "document": ("Document",),
    "documents": ("open_document", "read_file"),
    "gazetteer": ("Gazetteer",),
    "language_model": ("LanguageModel", "ModelReading", "RejectedClause", "read_with_model"),
    "package_search": ("Package", "SmallestPackage", "smallest_package"),
    "reading": ("read",),
    "register": ("Register", "open_register", "read_register"),
    "register_check": ("check_register",),
    "register_draft": ("draft_register",),
    "register_records": (
        "Baseline", "Entry", "Outcome", "Project", "Source", "Suggestion", "Target", "Unclassified",
    ),
    "score": ("score_results", "score_study"),
    "scoreboard": ("Assessment", "ScoreLine", "Scoreboard"),
}  # fmt: skip
#: Module of each public name.
_HOME: Final = {name: f"{__name__}.{module}" for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    value: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
