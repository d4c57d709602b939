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
    from landlink.statement.clause_changes import Change
    from landlink.statement.clause_matching import GivenPair, Nearest
    from landlink.statement.comparison import Comparison, ComparisonLine, compare
    from landlink.statement.criterion import Criterion, Reason
    from landlink.statement.document import Document
    from landlink.statement.documents import open_document, read_file
    from landlink.statement.gazetteer import Gazetteer
    from landlink.statement.language_model import LanguageModel, ModelReading, RejectedClause, read_with_model
    from landlink.statement.package_search import Package, SmallestPackage, smallest_package
    from landlink.statement.pairs_file import TrackPair, open_pairs
    from landlink.statement.reading import read
    from landlink.statement.register import Register, open_register, read_register
    from landlink.statement.register_check import check_register
    from landlink.statement.register_draft import draft_register
    from landlink.statement.register_merge import merge_registers
    from landlink.statement.register_records import (
        Baseline,
        Decision,
        Entry,
        Opinion,
        Outcome,
        Project,
        Source,
        Suggestion,
        Target,
        Unclassified,
    )
    from landlink.statement.score import score_results, score_study
    from landlink.statement.score_line import Assessment, ScoreLine
    from landlink.statement.scoreboard import Scoreboard
    from landlink.statement.status_events import Event, Finding
    from landlink.statement.track_folder import TrackFolder, open_track
    from landlink.statement.track_table import Track, TrackedCommitment
    from landlink.statement.tracking import track

__all__ = [
    "Assessment",
    "Baseline",
    "Change",
    "Clause",
    "Comparison",
    "ComparisonLine",
    "Criterion",
    "Decision",
    "Document",
    "Entry",
    "Event",
    "Finding",
    "Gazetteer",
    "GivenPair",
    "LanguageModel",
    "ModelReading",
    "Nearest",
    "Opinion",
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
    "Track",
    "TrackFolder",
    "TrackPair",
    "TrackedCommitment",
    "Unclassified",
    "check_register",
    "compare",
    "draft_register",
    "merge_registers",
    "open_document",
    "open_pairs",
    "open_register",
    "open_track",
    "read",
    "read_file",
    "read_register",
    "read_with_model",
    "score_results",
    "score_study",
    "smallest_package",
    "track",
]

#: Public names of each module.
_HOMES: Final = {
    "clause": ("Clause", "Quantity", "Reading", "Sentence"),
    "clause_changes": ("Change",),
    "clause_matching": ("GivenPair", "Nearest"),
    "comparison": ("Comparison", "ComparisonLine", "compare"),
    "criterion": ("Criterion", "Reason"),
    "document": ("Document",),
    "documents": ("open_document", "read_file"),
    "gazetteer": ("Gazetteer",),
    "language_model": ("LanguageModel", "ModelReading", "RejectedClause", "read_with_model"),
    "package_search": ("Package", "SmallestPackage", "smallest_package"),
    "pairs_file": ("TrackPair", "open_pairs"),
    "reading": ("read",),
    "register": ("Register", "open_register", "read_register"),
    "register_check": ("check_register",),
    "register_draft": ("draft_register",),
    "register_merge": ("merge_registers",),
    "register_records": (
        "Baseline", "Decision", "Entry", "Opinion", "Outcome", "Project", "Source", "Suggestion", "Target",
        "Unclassified",
    ),
    "score": ("score_results", "score_study"),
    "score_line": ("Assessment", "ScoreLine"),
    "scoreboard": ("Scoreboard",),
    "status_events": ("Event", "Finding"),
    "track_folder": ("TrackFolder", "open_track"),
    "track_table": ("Track", "TrackedCommitment"),
    "tracking": ("track",),
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
