"""Delays that depend on the loads of other groups, such as directions and classes that share one server.

The delay of group ``g`` is that of its curve at the effective load ``v_g + b_g + sum_h weight_gh (v_h + b_h)``. Unless
the weights make the interactions symmetric, there is no equivalent convex program but a variational inequality
(Dafermos 1972), solved by diagonalisation (Florian and Spiess 1982): a round fixes the loads of other groups as
background and finds the equilibrium, whose loads are fixed in the next round. If that cycles or diverges, loads are
mixed with those of earlier rounds (Anderson 1965) and steps are shortened.

The solution is certified by Wardrop's gap at full costs. It is the only equilibrium if the costs are monotone, for
which the Jacobian at the solution is examined (see :class:`Monotonicity`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.core.errors import InputError, Problem
from landlink.core.progress import Progress
from landlink.core.sums import dot, sum_at
from landlink.equilibrium.checks import check_assignment
from landlink.equilibrium.extrapolation import Extrapolation
from landlink.equilibrium.option_costs import OptionCosts, split_excess
from landlink.equilibrium.problem import Assignment, Equilibrium
from landlink.equilibrium.rounds import report_round
from landlink.equilibrium.slopes import delay_slopes
from landlink.equilibrium.solve import solve
from landlink.equilibrium.volume_delay import VolumeDelay

#: Gap of a round's equilibrium as a share of the gap at full costs.
INNER_SHARE: Final = 0.05
LOOSEST: Final = 1e-3
TIGHTEST: Final = 1e-14
#: Number of rounds used by an extrapolation.
MEMORY: Final = 6
#: Increase of the gap over its minimum at which steps are shortened, and the shortest step.
WORSE: Final = 2.0
SHORTEST: Final = 1.0 / 64
#: Rounds without a smaller gap after which steps are averaged, the first such step, and how it grows.
PATIENCE: Final = 80
AVERAGED: Final = 0.5
GROWTH: Final = 1.5
#: Maximum number of groups of a component whose smallest eigenvalue is computed.
LARGEST: Final = 1500
#: Negative eigenvalue that is regarded as rounding.
ROUNDING: Final = 1e-10


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
    """

    group: Ints
    other: Ints
    weight: Floats

    def cross_load(self, total: Floats) -> Floats:
        """Load of other groups that affects each group, shape (groups,)."""
        return sum_at(self.group, self.weight * total[self.other], len(total))


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


@dataclass(frozen=True)
class Diagonalised:
    """An equilibrium at full costs.

    Attributes
    ----------
    assignment
        The assignment with the load from other groups as background, for which
        :func:`landlink.equilibrium.certificate.certify` gives the gap at full costs. Its objective has no meaning.
    equilibrium
        Flows, and delays and gap at full costs.
    monotonicity
        Whether other equilibria are excluded.
    rounds
        Number of rounds of diagonalisation.
    converged
        Whether the gap meets the target.
    history
        Gap at full costs after each round.
    """

    assignment: Assignment
    equilibrium: Equilibrium
    monotonicity: Monotonicity
    rounds: int
    converged: bool
    history: tuple[float, ...]


def solve_interacting(  # noqa: PLR0913  each is an option that one solve may need
    assignment: Assignment,
    interactions: Interactions,
    *,
    relative_gap: float = 1e-6,
    max_iterations: int = 200,
    max_rounds: int = 200,
    threads: int = 1,
    start: Equilibrium | None = None,
    start_load: Floats | None = None,
    progress: Progress | None = None,
) -> Diagonalised:
    """Find an equilibrium in which delays depend on the loads of other groups.

    Parameters
    ----------
    assignment
        Graph, load groups, classes and markets.
    interactions
        Interactions between groups.
    relative_gap
        Gap at full costs at which to stop.
    max_iterations
        Maximum number of route searches in a round.
    max_rounds
        Maximum number of rounds.
    threads
        Number of threads; the flows do not depend on it.
    start
        An equilibrium of the same graph and markets to start from.
    start_load
        Approximate loads to start from if there are no routes, shape (groups,).
    progress
        Receives each round and its gap at full costs.

    Raises
    ------
    InputError
        Arrays are invalid.
    UnreachableError
        No option can serve some markets.
    """
    check_assignment(assignment)
    check_interactions(interactions, len(assignment.groups))
    rounds = _Rounds(assignment, interactions, max_iterations, threads)
    rounds.begin(start, start_load)
    history = [rounds.gap]
    while rounds.gap > relative_gap and len(history) <= max_rounds:
        rounds.next(relative_gap)
        history.append(rounds.gap)
        report_round(progress, len(history), rounds.gap, relative_gap)
    return rounds.answer(relative_gap, history)


def check_interactions(interactions: Interactions, groups: int) -> None:
    """Reject invalid weights and unknown groups.

    Raises
    ------
    InputError
        The interactions are invalid; lists every problem.
    """
    problems = []
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


class _Rounds:
    """The fixed loads and the resulting equilibrium."""

    def __init__(self, assignment: Assignment, interactions: Interactions, max_iterations: int, threads: int) -> None:
        self.a, self.interactions = assignment, interactions
        self.max_iterations, self.threads = max_iterations, threads
        self.search = OptionCosts(assignment, threads)
        self.past = Extrapolation(MEMORY)
        self.step = 1.0
        self.best = np.inf
        #: Fixed loads, loads that they lead to and equilibrium of the round with the smallest gap.
        self.best_round: tuple[Floats, Floats, Equilibrium]
        self.stalled = 0
        self.averaging = False
        self.last = np.inf

    def begin(self, start: Equilibrium | None, start_load: Floats | None) -> None:
        """Find the equilibrium of a round whose background is the load from other groups at the start."""
        nothing = np.zeros(len(self.a.groups)) if start_load is None else start_load
        self.cross_load = self._felt(nothing if start is None else start.load)
        self._solve(LOOSEST, start, start_load)

    def _felt(self, load: Floats) -> Floats:
        return self.interactions.cross_load(load + self.a.groups.background)

    def _frozen(self, cross_load: Floats) -> Assignment:
        groups = self.a.groups
        return replace(self.a, groups=replace(groups, background=groups.background + cross_load))

    def _solve(self, relative_gap: float, start: Equilibrium | None, start_load: Floats | None = None) -> None:
        self.equilibrium = solve(
            self._frozen(self.cross_load),
            relative_gap=relative_gap,
            max_iterations=self.max_iterations,
            threads=self.threads,
            start=start,
            start_load=start_load if start is None else None,
        )
        self.wanted = self._felt(self.equilibrium.load)
        self.gap = full_gap(self._frozen(self.wanted), self.equilibrium, self.search)

    def next(self, relative_gap: float) -> None:
        """Perform a round with loads between those fixed before and those found."""
        if self.gap > WORSE * self.best:
            self.past.forget()
            self.step = max(self.step / 2, SHORTEST)
        self.stalled += 1
        if self.gap < self.best:
            self.best, self.stalled = self.gap, 0
            self.best_round = self.cross_load, self.wanted, self.equilibrium
        if self.averaging or self.stalled >= PATIENCE:
            self._average()
        self.past.add(self.cross_load, self.wanted - self.cross_load)
        target = self.past.next(self.step, 1 / self.a.groups.capacity**2)
        self.cross_load = np.where(np.isfinite(target), np.maximum(target, 0.0), self.wanted)
        wanted = max(INNER_SHARE * self.gap, INNER_SHARE * relative_gap, TIGHTEST)
        self._solve(min(wanted, LOOSEST), self.equilibrium)

    def _average(self) -> None:
        """Take plain steps from the best round instead of extrapolated ones, longer while they reduce the gap.

        Extrapolation can cycle where routes come and go; averaged steps do not (Krasnoselskii 1955; Mann 1953).
        """
        if not self.averaging:
            self.cross_load, self.wanted, self.equilibrium = self.best_round
        self.past = Extrapolation(1)
        self.step = self.step * GROWTH if self.averaging and self.gap < self.last else AVERAGED
        self.averaging, self.last = True, self.gap

    def answer(self, relative_gap: float, history: list[float]) -> Diagonalised:
        """Build the solution, at full costs."""
        full = self._frozen(self.wanted)
        equilibrium = replace(
            self.equilibrium, delay_h=full.groups.delay_h(self.equilibrium.load), relative_gap=self.gap
        )
        return Diagonalised(
            full,
            equilibrium,
            monotonicity(full.groups, self.interactions, equilibrium.load),
            len(history),
            self.gap <= relative_gap,
            tuple(history),
        )


def full_gap(assignment: Assignment, found: Equilibrium, search: OptionCosts) -> float:
    """Relative gap of flows at the delays of an assignment's groups under their loads."""
    markets, routes = assignment.markets, found.routes
    cost = search.arc_costs(assignment.groups.delay_h(found.load))
    cheapest = search.cheapest(cost)
    owner = np.repeat(np.arange(len(routes)), np.diff(routes.first))
    of_route = sum_at(owner, cost[markets.option_class[routes.option][owner], routes.arcs], len(routes))
    spent = dot(routes.flow, of_route)
    excess = dot(routes.flow, of_route - cheapest[routes.option]) + split_excess(
        assignment, found.option_flow, cheapest
    )
    return max(excess, 0.0) / spent if spent > 0 else 0.0


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
