"""landlink: an open planning workbench for cross-border corridors.

    >>> import landlink as ll
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> base = ll.solve(study)  # doctest: +SKIP
    >>> plan = ll.solve(study.apply("cku-railway"), year=2030)  # doctest: +SKIP
    >>> ll.compare(base, plan)  # doctest: +SKIP

The names below are loaded when first used, so that ``import landlink`` and
``landlink --help`` stay quick.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from landlink.version import VERSION

if TYPE_CHECKING:
    from landlink.errors import (
        ConvergenceError,
        InputError,
        LandlinkError,
        OutputError,
        Problem,
        ResultError,
        StudyNotFoundError,
        UnknownNameError,
    )
    from landlink.export import export
    from landlink.model import solve
    from landlink.report.page import report
    from landlink.result import Result, compare, open_result
    from landlink.sensitivity import sensitivity
    from landlink.study import Study, open_study

__version__ = VERSION

__all__ = [
    "ConvergenceError",
    "InputError",
    "LandlinkError",
    "OutputError",
    "Problem",
    "Result",
    "ResultError",
    "Study",
    "StudyNotFoundError",
    "UnknownNameError",
    "__version__",
    "compare",
    "export",
    "open_result",
    "open_study",
    "report",
    "sensitivity",
    "solve",
]

#: Where each public name lives.
_HOME = {
    "ConvergenceError": "landlink.errors",
    "InputError": "landlink.errors",
    "LandlinkError": "landlink.errors",
    "OutputError": "landlink.errors",
    "Problem": "landlink.errors",
    "Result": "landlink.result",
    "ResultError": "landlink.errors",
    "Study": "landlink.study",
    "StudyNotFoundError": "landlink.errors",
    "UnknownNameError": "landlink.errors",
    "compare": "landlink.result",
    "export": "landlink.export",
    "open_result": "landlink.result",
    "open_study": "landlink.study",
    "report": "landlink.report.page",
    "sensitivity": "landlink.sensitivity",
    "solve": "landlink.model",
}


class _Package(ModuleType):
    """The package itself: ``landlink.report`` is the function, also once the module of that name is loaded."""

    def __setattr__(self, name: str, value: object) -> None:
        # The import system sets every loaded submodule as an attribute; these names belong to functions.
        if not (isinstance(value, ModuleType) and name in _HOME):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> object:
    if name not in _HOME:
        message = f"module 'landlink' has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
