"""A list of problems that stays short however bad the input is: the first of each kind, and how many more there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from landlink.core.errors import LISTED, Problem, further

__all__ = ["ProblemList"]


@dataclass
class ProblemList:
    """Problems of several kinds, in order; of each kind (table and message), those beyond the first are only counted.

    Attributes
    ----------
    most
        Number of problems of one kind that are kept.
    """

    most: int = LISTED
    _kept: list[Problem] = field(default_factory=list)
    _counts: dict[tuple[str, str], int] = field(default_factory=dict)
    _firsts: dict[tuple[str, str], Problem] = field(default_factory=dict)

    def add(self, problem: Problem) -> None:
        """Add a problem."""
        kind = problem.table, problem.message
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
        more = [
            further(self._firsts[kind], count - self.most) for kind, count in self._counts.items() if count > self.most
        ]
        return [*self._kept, *more]
