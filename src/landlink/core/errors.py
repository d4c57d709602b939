"""What can go wrong, as one tree.

::

    LandlinkError                  every error landlink raises on purpose
    ├── InputError                 study or arguments are wrong; carries each Problem
    │   ├── StudyNotFoundError     no bundled study of that name, no folder at that path
    │   └── UnknownNameError       an id nobody declared: a measure, a year, an indicator
    ├── ResultError                a folder that should hold a result does not
    ├── OutputError                a place to write to cannot be written
    └── ConvergenceError           the solver stopped short of the gap it was asked for

The command line turns ``ConvergenceError`` into exit code 1 and the rest into
exit code 2. An error outside this tree is a defect of landlink.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = [
    "ConvergenceError",
    "InputError",
    "LandlinkError",
    "OutputError",
    "Problem",
    "ResultError",
    "StudyNotFoundError",
    "UnknownNameError",
    "hint",
    "suggestion",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input.

    Parameters
    ----------
    table
        Table or file that holds the fault, such as ``link`` or ``study.toml``.
    message
        What is wrong, as a sentence without its full stop.
    row
        The row: its id, or ``line 12`` where it has none.
    column
        The column or key.
    value
        The value found.
    allowed
        What would be right.
    """

    table: str
    message: str
    row: str = ""
    column: str = ""
    value: str = ""
    allowed: str = ""

    @property
    def place(self) -> str:
        """Table, row and column in one phrase, the empty ones left out."""
        row = f"row {self.row}" if self.row and not self.row.startswith(("line ", "row ")) else self.row
        column = f"column {self.column}" if self.column else ""
        return ", ".join(part for part in (self.table, row, column) if part)

    def __str__(self) -> str:
        value = f" (found {self.value!r})" if self.value else ""
        allowed = f"; allowed: {self.allowed}" if self.allowed else ""
        place = f"{self.place}: " if self.place else ""
        return f"{place}{self.message}{value}{allowed}"


class LandlinkError(Exception):
    """Root of every error landlink raises on purpose."""


class InputError(LandlinkError):
    """A study or an argument is wrong.

    Parameters
    ----------
    problems
        Everything that is wrong, so that one reading finds all of it. A plain
        string stands for one problem without a place.

    Attributes
    ----------
    problems : tuple[Problem, ...]
    """

    def __init__(self, problems: Iterable[Problem] | Problem | str) -> None:
        if isinstance(problems, str):
            problems = Problem("", problems)
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        if len(self.problems) == 1:
            return str(self.problems[0])
        return "\n".join([f"{len(self.problems)} problems", *(f"  {problem}" for problem in self.problems)])


class StudyNotFoundError(InputError):
    """No bundled study has that name and no folder is at that path."""


class UnknownNameError(InputError):
    """An id that nobody declared, such as a measure, a year or an indicator."""


class ResultError(LandlinkError):
    """A folder that should hold a result does not, or holds a damaged one."""


class OutputError(LandlinkError):
    """A place to write to cannot be written, or holds something already."""


class ConvergenceError(LandlinkError):
    """The solver stopped short of the gap it was asked for."""


def hint(name: str, known: Iterable[str]) -> str:
    """Say which known names are near to an unknown one, to go on a message with; empty where none is."""
    found = suggestion(name, list(known))
    return f"; {found}" if found else ""


def suggestion(name: str, known: Sequence[str], *, limit: int = 3) -> str:
    """Say which known names are near to an unknown one.

    Parameters
    ----------
    name
        The unknown name.
    known
        Names that would have been right.
    limit
        Most names to offer.

    Returns
    -------
    str
        ``did you mean 'x'?``; the whole list when nothing is near and the list
        is short; empty when there is nothing useful to say.
    """
    near = difflib.get_close_matches(name.lower(), [item.lower() for item in known], n=limit, cutoff=0.5)
    found = [item for key in near for item in known if item.lower() == key]
    if found:
        return "did you mean " + " or ".join(repr(item) for item in dict.fromkeys(found)) + "?"
    if known and len(known) <= 12:
        return "known: " + ", ".join(known)
    return ""
