"""Whether delays that depend on other loads are monotone at a solution, which excludes other equilibria near by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.core.sums import sum_at
from landlink.equilibrium.flows import reference_flow
from landlink.equilibrium.interactions import Interactions
from landlink.equilibrium.problem import Assignment, Equilibrium
from landlink.equilibrium.slopes import delay_slopes
from landlink.equilibrium.volume_delay import VolumeDelay

__all__ = ["Monotonicity", "monotonicity", "monotonicity_at"]

#: Maximum number of groups of a component whose smallest eigenvalue is computed.
LARGEST: Final = 1500
#: Negative eigenvalue that is regarded as rounding.
ROUNDING: Final = 1e-10


@dataclass(frozen=True)
class Monotonicity:
    """Monotonicity of the delays in the loads near the solution.

    Attributes
    ----------
    monotone
        Whether the symmetric part of the Jacobian of the delays is positive semidefinite there; None if a component has
        too many groups to decide. If it holds for all loads, costs are monotone, and the equilibrium loads are unique
        if it is definite (Dafermos 1980); at one point it excludes other equilibria near by.
    least
        Its smallest eigenvalue, with the Jacobian scaled so that each group's own slope is 1; None if unknown.
    groups
        Groups of the components whose smallest eigenvalue is negative.
    """

    monotone: bool | None
    least: float | None
    groups: tuple[str, ...]


def monotonicity_at(assignment: Assignment, interactions: Interactions, found: Equilibrium) -> Monotonicity:
    """Examine the Jacobian of the delays at an equilibrium, with the load from others in the background.

    As :func:`monotonicity`; a group whose arcs load it differently is also examined by those of its arcs with flow.
    """
    groups = assignment.groups
    between = monotonicity(groups, interactions, found.load)
    if not len(interactions.arc_loads):
        return between
    within = _least_within(assignment, interactions, found)
    bad = {groups.names[g]: value for g, value in within.items() if value < -ROUNDING}
    least = None if between.least is None else min([between.least, *within.values()])
    names = tuple(dict.fromkeys([*between.groups, *bad]))
    return Monotonicity(False if names else between.monotone, least, names)


def _least_within(assignment: Assignment, interactions: Interactions, found: Equilibrium) -> dict[int, float]:
    """Smallest eigenvalue of each sloping group that arcs with flow load differently, scaled to own slopes of 1."""
    groups, extra = assignment.groups, interactions.arc_loads.within(assignment.group)
    slope, flow = delay_slopes(groups, found.load), reference_flow(assignment, found)
    least = {}
    for g in np.unique(extra.group):
        arcs = np.flatnonzero((assignment.group == g) & (flow > 0))
        per_t = np.full(len(flow), groups.load_per_t[g])
        here = extra.group == g
        per_t[extra.arc[here]] += extra.load_per_t[here]
        kinds = np.unique(per_t[arcs])
        if slope[g] > 0 and len(kinds) > 1:
            mean = (kinds[:, None] + kinds) / 2
            least[int(g)] = float(np.linalg.eigvalsh(mean / np.sqrt(np.outer(kinds, kinds)))[0])
    return least


def monotonicity(groups: VolumeDelay, interactions: Interactions, load: Floats) -> Monotonicity:
    """Examine the Jacobian of the delays by the tonnes of each group, with the load from others in the background.

    A connected component of groups is decided by Gershgorin's circle theorem (1931) if own slopes outweigh those of the
    others, and by its eigenvalues otherwise.
    """
    slope = delay_slopes(groups, load)
    size = len(groups)
    mine, other = interactions.group, interactions.other
    own = slope * groups.load_per_t
    effect = slope[mine] * interactions.weight * groups.load_per_t[other]
    own = own + sum_at(mine[mine == other], effect[mine == other], size)
    apart = (mine != other) & (effect > 0)
    mine, other, effect = mine[apart], other[apart], effect[apart]
    # The symmetric part of the interactions, scaled so that own slopes are 1.
    scale = np.sqrt(own[mine] * own[other])
    half = np.divide(effect / 2, scale, out=np.full(len(effect), np.inf), where=scale > 0)
    radius = sum_at(mine, half, size) + sum_at(other, half, size)
    component = _components(size, mine, other)
    least, known, bad = 1.0, True, []
    for root in np.unique(component[mine]):
        members = np.flatnonzero(component == root)
        if radius[members].max() <= 1:
            least = min(least, float(1 - radius[members].max()))
            continue
        inside = component[mine] == root
        if len(members) > LARGEST:
            known = False
            continue
        value = _least_eigenvalue(members, mine[inside], other[inside], half[inside])
        least = min(least, value)
        if value < -ROUNDING:
            bad += [groups.names[g] for g in members]
    monotone = False if bad else (True if known else None)
    return Monotonicity(monotone, least if known else None, tuple(bad))


def _least_eigenvalue(members: Ints, mine: Ints, other: Ints, half: Floats) -> float:
    if not np.isfinite(half).all():
        return -np.inf
    matrix = np.eye(len(members))
    row, column = np.searchsorted(members, mine), np.searchsorted(members, other)
    np.add.at(matrix, (row, column), half)
    np.add.at(matrix, (column, row), half)
    return float(np.linalg.eigvalsh(matrix)[0])


def _components(size: int, one: Ints, other: Ints) -> Ints:
    """Smallest group in the connected component of each group."""
    label = np.arange(size)
    while True:
        least = np.minimum(label[one], label[other])
        new = label.copy()
        np.minimum.at(new, one, least)
        np.minimum.at(new, other, least)
        new = new[new]
        if (new == label).all():
            return label
        label = new
