"""Studies: opening, checking, changing by measures, scenarios, saving."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landlink.study.opening import bundled_studies, open_study
    from landlink.study.study import Scenario, Study, measures_with_effects

__all__ = ["Scenario", "Study", "bundled_studies", "measures_with_effects", "open_study"]

#: Module of each public name; loaded when first used, since who reads a saved result needs none of them.
_HOME = {
    "Scenario": "landlink.study.study",
    "Study": "landlink.study.study",
    "bundled_studies": "landlink.study.opening",
    "measures_with_effects": "landlink.study.study",
    "open_study": "landlink.study.opening",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        message = f"module 'landlink.study' has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value
