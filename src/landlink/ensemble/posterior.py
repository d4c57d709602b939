"""Members of the posterior ensemble that is stored with a study."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from landlink.core.errors import InputError, Problem
from landlink.core.json_text import json_text
from landlink.ensemble.members import Member
from landlink.study import Study
from landlink.tables.frames import numbers, texts

__all__ = ["Posterior", "posterior_of"]


@dataclass(frozen=True)
class Posterior:
    """Members of a posterior ensemble, equally likely.

    Attributes
    ----------
    members
        Values of the parameters by member.
    digest
        SHA-256 of the values of all members. Runs of two scenarios with the same can be compared member by member,
        also if they have not the same number of members.
    """

    members: tuple[Member, ...]
    digest: str

    def first(self, count: int | None) -> Posterior:
        """Take the first members; all if ``None``.

        Raises
        ------
        InputError
            There are fewer.
        """
        if count is not None and not 1 <= count <= len(self.members):
            message = f"the posterior of the study has {len(self.members)} members"
            raise InputError(Problem("posterior", message, value=str(count), allowed=f"1 to {len(self.members)}"))
        return replace(self, members=self.members[:count])


def posterior_of(study: Study) -> Posterior:
    """Read the posterior ensemble of a study.

    Raises
    ------
    InputError
        The study has none, or a member lacks a parameter.
    """
    table = study.tables["posterior"]
    if table.empty:
        message = "the study has no posterior ensemble, so that nothing is known of its uncertainty"
        raise InputError(Problem("posterior", message, allowed="a study made by: landlink calibrate STUDY -o STUDY2"))
    member, parameter = table["member"].to_numpy(dtype=np.int64), np.array(texts(table, "parameter_id"), dtype=object)
    value = numbers(table, "value")
    names = sorted(set(parameter))
    found: dict[int, dict[str, float]] = {int(number): {} for number in np.unique(member)}
    for number, name, amount in zip(member.tolist(), parameter.tolist(), value.tolist(), strict=True):
        found[number][name] = amount
    if lacking := [(number, name) for number, values in found.items() for name in names if name not in values]:
        raise InputError(
            Problem(
                "posterior", f"member {number} has no value of {name}", column="value", allowed="one for each member"
            )
            for number, name in lacking
        )
    members = tuple(Member(number, values) for number, values in found.items())
    return Posterior(members, _digest(members))


def _digest(members: Sequence[Member]) -> str:
    values = [[member.id, sorted(member.item.items())] for member in members]
    return hashlib.sha256(json_text(values).encode()).hexdigest()
