"""Members of a run and what became of them.

A run computes one vector of numbers for each of its members. Whoever has many solves to do (an ensemble of posterior
members, the columns of a Jacobian, the shocks of a resilience study) gives the members and the work; the machinery of
this package distributes, stores and resumes them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.errors import EnsembleError

__all__ = ["MOST_FAILED", "Failure", "Member", "MemberRuns", "Outcome", "Work"]

#: Computes the vector of a member from what the member holds. It is pickled: a function of a module, or an object of
#: a class of a module. An object may keep what it derives from its own state, since each process has it once.
Work: TypeAlias = Callable[[Any], Floats]

#: Share of failed members above which a run is not summarised.
MOST_FAILED: Final = 0.05
#: Failed members whose reasons a message lists.
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a run.

    Attributes
    ----------
    id
        Its number, unique in the run; the order of the results.
    item
        What the work is called with; it can be pickled.
    """

    id: int
    item: Any


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a member has no figures.

    Attributes
    ----------
    reason
        Why, in words.
    final
        Whether it would fail again, as where the model refuses its input; a resumed run tries the others again.
    """

    reason: str
    final: bool = True


#: What became of a member: its vector, or why it has none.
Outcome: TypeAlias = Floats | Failure


@dataclass(frozen=True)
class MemberRuns:
    """What a run found.

    Attributes
    ----------
    ids
        Members that have figures, in the order of the run.
    values
        Their vectors, shape (members, values).
    failures
        Failed members with the reason, in the order of the run.
    """

    ids: tuple[int, ...]
    values: Floats
    failures: Mapping[int, Failure] = field(default_factory=dict)

    @classmethod
    def of(cls, members: Sequence[Member], outcomes: Mapping[int, Outcome]) -> MemberRuns:
        """Put outcomes, found in any order, into the order of the members."""
        found = {member.id: outcomes[member.id] for member in members}
        failures = {name: outcome for name, outcome in found.items() if isinstance(outcome, Failure)}
        vectors = {name: outcome for name, outcome in found.items() if not isinstance(outcome, Failure)}
        if len({len(vector) for vector in vectors.values()}) > 1:
            raise ValueError("the work gives vectors of different lengths")
        values = np.array(list(vectors.values()), dtype=np.float64) if vectors else np.empty((0, 0))
        return cls(tuple(vectors), values, failures)

    @property
    def failed_share(self) -> float:
        """Share of the members that failed."""
        return len(self.failures) / max(len(self.ids) + len(self.failures), 1)

    def require(self, most_failed: float = MOST_FAILED) -> MemberRuns:
        """Refuse to go on if too many members failed: those that are left would not be a fair sample.

        Parameters
        ----------
        most_failed
            Largest share of failed members allowed.

        Raises
        ------
        EnsembleError
            More failed, or all did; gives their number and the first reasons.
        """
        if self.ids and self.failed_share <= most_failed:
            return self
        total = len(self.ids) + len(self.failures)
        first = [f"member {name}: {failure.reason}" for name, failure in list(self.failures.items())[:_SHOWN]]
        raise EnsembleError(
            f"{len(self.failures)} of {total} members failed, more than {most_failed:.0%}, so that the others do not"
            " stand for the whole",
            [f"  {line}" for line in first],
        )
