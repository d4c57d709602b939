"""Loads that a group feels besides its own: those of other groups, and what single arcs add.

Two directions or classes that share a server feel each other's load. At a crossing where two gauges meet, a tonne on
the arc of one makes more trains than a tonne on the arc of the other, so that one ``load_per_t`` cannot hold for both.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.core.errors import InputError, Problem
from landlink.core.sums import sum_at
from landlink.equilibrium.problem import Assignment

__all__ = ["ArcLoads", "Interactions", "check_interactions", "no_arc_loads"]


@dataclass(frozen=True)
class ArcLoads:
    """Load that arcs add to groups beyond what ``load_per_t`` counts; arrays of shape (entries,).

    Attributes
    ----------
    arc
        Arc whose flow adds load.
    group
        Group that it is added to: the arc's own, or another.
    load_per_t
        Additional load of one tonne a day of the reference commodity. Together with what else loads the group, the sum
        is not negative.
    """

    arc: Ints
    group: Ints
    load_per_t: Floats

    def __len__(self) -> int:
        return len(self.arc)

    def of(self, flow: Floats, groups: int) -> Floats:
        """Additional load of each group at a flow of the reference commodity on each arc; shape (groups,)."""
        return sum_at(self.group, self.load_per_t * flow[self.arc], groups)

    def within(self, group: Ints) -> ArcLoads:
        """The entries that load the arc's own group; ``group`` is the group of each arc."""
        own = group[self.arc] == self.group
        return ArcLoads(self.arc[own], self.group[own], self.load_per_t[own])


def no_arc_loads() -> ArcLoads:
    """No arc adds load."""
    nothing = np.zeros(0, dtype=np.int64)
    return ArcLoads(nothing, nothing, np.zeros(0))


@dataclass(frozen=True)
class Interactions:
    """Effects of the load of one group on the delay of another; arrays of shape (entries,).

    Attributes
    ----------
    group
        Group whose delay is affected.
    other
        Group whose load affects it.
    weight
        Units of load of ``group`` equivalent to one of ``other``, 0 or more.
    arc_loads
        Load that single arcs add.
    """

    group: Ints
    other: Ints
    weight: Floats
    arc_loads: ArcLoads = field(default_factory=no_arc_loads)

    def cross_load(self, total: Floats) -> Floats:
        """Load of other groups that affects each group, shape (groups,)."""
        return sum_at(self.group, self.weight * total[self.other], len(total))

    def own_extra(self, assignment: Assignment, flow: Floats) -> Floats:
        """Load that the arcs of each group add to it, at a flow of the reference commodity; shape (groups,)."""
        return self.arc_loads.within(assignment.group).of(flow, len(assignment.groups))

    def background(self, assignment: Assignment, load: Floats, flow: Floats) -> Floats:
        """Load of each group besides its own base load and its background; shape (groups,).

        Parameters
        ----------
        assignment
            The assignment, with the background that is not part of the demand.
        load
            Base load of each group: ``load_per_t`` times the flow on its arcs.
        flow
            Flow of the reference commodity on each arc, t/day.
        """
        total = load + assignment.groups.background
        if not len(self.arc_loads):
            return self.cross_load(total)
        return self.cross_load(total + self.own_extra(assignment, flow)) + self.arc_loads.of(flow, len(total))


def check_interactions(interactions: Interactions, groups: int) -> None:
    """Reject invalid weights and unknown groups.

    Raises
    ------
    InputError
        The interactions are invalid; lists every problem.
    """
    problems = [
        Problem("interactions", "unknown group", str(i), "arc_loads.group", str(interactions.arc_loads.group[i]),
                f"0 to {groups - 1}")
        for i in np.flatnonzero((interactions.arc_loads.group < 0) | (interactions.arc_loads.group >= groups))
    ]  # fmt: skip
    for name in ("group", "other"):
        index: Ints = getattr(interactions, name)
        if len(index) != len(interactions.weight):
            problems.append(
                Problem(
                    "interactions", "has the wrong shape", "", name, str(index.shape), f"({len(interactions.weight)},)"
                )
            )
        problems += [
            Problem("interactions", "unknown group", str(i), name, str(index[i]), f"0 to {groups - 1}")
            for i in np.flatnonzero((index < 0) | (index >= groups))
        ]
    wrong = ~(np.isfinite(interactions.weight) & (interactions.weight >= 0))
    problems += [
        Problem(
            "interactions",
            "invalid value",
            str(i),
            "weight",
            str(interactions.weight[i]),
            "a finite number, 0 or more",
        )
        for i in np.flatnonzero(wrong)
    ]
    if problems:
        raise InputError(problems)
