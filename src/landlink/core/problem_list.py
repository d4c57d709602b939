"""A list of problems that stays short however bad the input is: the first of each kind, and how many more there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from landlink.core.errors import LISTED, Problem, further

__all__ = ["ProblemList", "shortened"]

Kind = tuple[str, str, str]


@dataclass
class ProblemList:
    """Problems of several kinds, in order; of each kind, those beyond the first are only counted.

    Attributes
    ----------
    most
        Number of problems of one kind that are kept.
    by_column
        Whether the same fault in two columns is of two kinds; not where the input itself names the columns.
    """

    most: int = LISTED
    by_column: bool = False
    _kept: list[Problem] = field(default_factory=list)
    _counts: dict[Kind, int] = field(default_factory=dict)
    _firsts: dict[Kind, Problem] = field(default_factory=dict)

    def add(self, problem: Problem) -> None:
        """Add a problem."""
        kind = problem.table, problem.message, problem.column if self.by_column else ""
        count = self._counts.get(kind, 0)
        self._counts[kind] = count + 1
        if count < self.most:
            self._kept.append(problem)
            self._firsts.setdefault(kind, problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Add several problems."""
        for problem in problems:
            self.add(problem)

    def __bool__(self) -> bool:
        return bool(self._kept)

    def listed(self) -> list[Problem]:
        """Return the problems kept, then one for each kind of which there are more."""
        more = [(self._firsts[kind], count - self.most) for kind, count in self._counts.items() if count > self.most]
        return [*self._kept, *(further(first, count) for first, count in more)]


def shortened(problems: Iterable[Problem], *, by_column: bool = True) -> list[Problem]:
    """List the first problems of each kind and count the others; see :class:`ProblemList`."""
    kept = ProblemList(by_column=by_column)
    kept.extend(problems)
    return kept.listed()
