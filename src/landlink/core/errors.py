"""The exception hierarchy.

::

    LandlinkError                  base class of all errors that landlink raises
    ├── InputError                 invalid study or arguments; lists every Problem
    │   ├── StudyNotFoundError     no bundled study with that name and no such folder
    │   └── UnknownNameError       unknown identifier: a measure, a year, an indicator
    ├── ResultError                missing or damaged result folder
    ├── OutputError                path that cannot be written
    ├── ConvergenceError           the solver stopped before reaching its target gap
    └── EnsembleError              too many members of an ensemble failed, or none could be computed

The command line turns the last two into exit code 1 and the others into
exit code 2. Any other exception is a bug in landlink.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from landlink.core.printable import printable

__all__ = [
    "ConvergenceError",
    "EnsembleError",
    "InputError",
    "LandlinkError",
    "OutputError",
    "Problem",
    "ResultError",
    "StudyNotFoundError",
    "UnknownNameError",
    "brief",
    "first_suggestions",
    "hint",
    "listed",
    "suggestion",
]

#: Number of problems of one kind that are listed one by one.
LISTED: Final = 50
#: Longest value shown whole.
_LONGEST_VALUE: Final = 200
#: Most names, and longest name, among which similar ones are searched: the search compares every pair of letters.
_MOST_NAMES: Final = 2000
_LONGEST_NAME: Final = 100
#: Least likeness of a name that is suggested, since short names are alike by chance, and of one that was surely meant.
_SIMILAR: Final = 0.55
_NEARLY_THE_SAME: Final = 0.85


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in an input.

    Parameters
    ----------
    table
        Table or file with the fault, such as ``link`` or ``study.toml``.
    message
        Description of the fault, without a full stop.
    row
        Identifier of the row, or ``line 12`` if it has none.
    column
        The column or key.
    value
        The value found.
    allowed
        Description of the accepted values.
    """

    table: str
    message: str
    row: str = ""
    column: str = ""
    value: str = ""
    allowed: str = ""

    @property
    def place(self) -> str:
        """Table, row and column as one phrase, without the empty ones."""
        row = f"row {self.row}" if self.row and not self.row.startswith(("line ", "row ")) else self.row
        column = f"column {self.column}" if self.column else ""
        return ", ".join(part for part in (self.table, row, column) if part)

    def __str__(self) -> str:
        value = f" (found {brief(self.value)!r})" if self.value else ""
        allowed = f"; allowed: {self.allowed}" if self.allowed else ""
        place = f"{brief(self.place)}: " if self.place else ""
        return printable(f"{place}{self.message}{value}{allowed}")


class LandlinkError(Exception):
    """Base class of all errors that landlink raises."""


class InputError(LandlinkError):
    """Invalid study or argument.

    Parameters
    ----------
    problems
        All faults found. A plain string is converted to one problem without a
        place.

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
    """Neither a bundled study nor a folder with the given name exists."""


class UnknownNameError(InputError):
    """Unknown identifier, such as a measure, a year or an indicator."""


class ResultError(LandlinkError):
    """A result folder is missing, incomplete or damaged."""


class OutputError(LandlinkError):
    """A path cannot be written, or already holds something else."""


class ConvergenceError(LandlinkError):
    """The solver stopped before reaching its target gap."""


class EnsembleError(LandlinkError):
    """Too many members of an ensemble failed, or none could be computed.

    Parameters
    ----------
    message
        What is wrong, in one line.
    details
        Further lines, such as the first reasons.
    """

    def __init__(self, message: str, details: Iterable[str] = ()) -> None:
        self.lines = (message, *details)
        super().__init__("\n".join(self.lines))

    def __reduce__(self) -> tuple[type[EnsembleError], tuple[str, tuple[str, ...]]]:
        """What another process makes it of."""
        return type(self), (self.lines[0], self.lines[1:])


def brief(text: str) -> str:
    """Cut a text that is too long to be read in a message.

    Examples
    --------
    >>> brief("9" * 5000)[-25:]
    '999... (5,000 characters)'
    """
    text = str(text)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}... ({len(text):,} characters)"


def listed(problems: Iterable[Problem], *, most: int = LISTED) -> list[Problem]:
    """List the first problems of one kind one by one and count the others, without keeping them.

    Parameters
    ----------
    problems
        Problems of one kind, in order.
    most
        Number of problems to list.
    """
    first: list[Problem] = []
    more = 0
    for problem in problems:
        if len(first) < most:
            first.append(problem)
        else:
            more += 1
    return first if not more else [*first, further(first[0], more)]


def further(kind: Problem, more: int) -> Problem:
    """Stand for further problems of the kind of one."""
    return Problem(kind.table, f"{kind.message}: {more:,} rows more", "", kind.column, "", kind.allowed)


def hint(name: str, known: Iterable[str]) -> str:
    """Say which known names are near to an unknown one, to go on a message with; empty where none is."""
    found = suggestion(name, list(known))
    return f"; {found}" if found else ""


def _closest(name: str, known: Sequence[str], limit: int) -> list[str]:
    """Known names that are similar; beside one that is nearly the same, only others that are so too."""
    near = difflib.get_close_matches(name, known, n=limit, cutoff=_SIMILAR)
    likeness = [difflib.SequenceMatcher(None, one, name).ratio() for one in near]
    least = _NEARLY_THE_SAME if likeness and likeness[0] >= _NEARLY_THE_SAME else 0.0
    return [one for one, ratio in zip(near, likeness, strict=True) if ratio >= least]


def first_suggestions(most: int = 20) -> Callable[[str, Collection[str]], str]:
    """Make a :func:`suggestion` that searches for the first unknown names only, for checks of many rows.

    Parameters
    ----------
    most
        Number of searches, each of which takes as long as all names together are long.
    """
    searched: dict[str, str] = {}

    def near(name: str, known: Collection[str]) -> str:
        if name not in searched and len(searched) < most:
            searched[name] = suggestion(name, sorted(known))
        return searched.get(name, "")

    return near


def suggestion(name: str, known: Sequence[str], *, limit: int = 3) -> str:
    """Suggest known names similar to an unknown one.

    Parameters
    ----------
    name
        The unknown name.
    known
        Valid names.
    limit
        Maximum number of names to suggest.

    Returns
    -------
    str
        ``did you mean 'x'?``; the whole list if nothing is similar and the list
        is short; otherwise empty.
    """
    name = str(name)
    if len(known) > _MOST_NAMES or len(name) > _LONGEST_NAME:
        return ""
    near = _closest(name.lower(), [item.lower() for item in known], limit)
    found = [item for key in near for item in known if item.lower() == key]
    if found:
        return "did you mean " + " or ".join(repr(item) for item in dict.fromkeys(found)) + "?"
    if known and len(known) <= 12:
        return "known: " + ", ".join(known)
    return ""
