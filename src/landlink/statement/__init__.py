"""From the text of a programme to a register of commitments and a scoreboard.

The names below are loaded when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

#: Where each public name lives.
_HOME: Final = {
    "Backend": "landlink.statement.language_model",
    "Clause": "landlink.statement.clause",
    "Gazetteer": "landlink.statement.gazetteer",
    "Quantity": "landlink.statement.clause",
    "Reading": "landlink.statement.clause",
    "Register": "landlink.statement.register",
    "Scoreboard": "landlink.statement.scoreboard",
    "Sentence": "landlink.statement.clause",
    "check_register": "landlink.statement.register_check",
    "draft": "landlink.statement.register_draft",
    "smallest_package": "landlink.statement.smallest_package",
    "open_register": "landlink.statement.register",
    "read": "landlink.statement.reading",
    "read_with": "landlink.statement.language_model",
    "score_results": "landlink.statement.score",
    "score_study": "landlink.statement.score",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        message = f"module 'landlink.statement' has no attribute {name!r}"
        raise AttributeError(message)
    value: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(_HOME)
