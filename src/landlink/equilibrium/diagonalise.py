"""Delays that depend on the loads of other groups: directions and classes that meet at one server.

The delay of group ``g`` is its curve's at the effective load ``v_g + b_g + sum_h weight_gh (v_h + b_h)``. Where the
weights do not make the effect of one class on another the same both ways there is no convex program, but a variational
inequality (Dafermos 1972), solved by diagonalisation (Florian and Spiess 1982): a round freezes the loads of the others
as background and finds the equilibrium; the loads frozen then follow those found. Where that goes round or away the
loads are mixed with those of earlier rounds (Anderson 1965) and steps get shorter.

What comes out is certified by Wardrop's gap at full costs. Whether it is the only equilibrium is another matter: it is
where the costs are monotone, of which the Jacobian at the solution tells (see :class:`Monotonicity`).
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

#: An equilibrium of a round is found to this share of the gap at full costs.
INNER_SHARE: Final = 0.05
LOOSEST: Final = 1e-3
TIGHTEST: Final = 1e-14
#: Rounds that an extrapolation looks back on.
MEMORY: Final = 6
#: A gap that rises to this multiple of the best yet shortens the steps, down to the shortest.
WORSE: Final = 2.0
SHORTEST: Final = 1.0 / 64
#: Components with more groups are not looked through for their least eigenvalue.
LARGEST: Final = 1500
#: An eigenvalue this far below zero is rounding.
ROUNDING: Final = 1e-10


@dataclass(frozen=True)
class Interactions:
    """How much of the load of one group another feels, entry by entry; shape (entries,).

    Attributes
    ----------
    group
        Who feels it.
    other
        Whose load.
    weight
        Units of load of ``group`` for one of ``other``, 0 or above.
    """

    group: Ints
    other: Ints
    weight: Floats

    def cross_load(self, total: Floats) -> Floats:
        """What each group feels of the loads of others, shape (groups,)."""
        return sum_at(self.group, self.weight * total[self.other], len(total))


@dataclass(frozen=True)
class Monotonicity:
    """Whether delays rise together with loads, near the solution.

    Attributes
    ----------
    monotone
        Whether the symmetric part of the Jacobian of the delays is positive semidefinite there; None where too many
        groups hang together to tell. If it is so for all loads, costs are monotone and the equilibrium of the loads
        unique where it is definite (Dafermos 1980); at one point it says that no other lies near.
    least
        Its least eigenvalue, the Jacobian scaled so that each group's own slope is 1; None where not known.
    groups
        Groups of the components whose least eigenvalue is negative.
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
        The assignment with what groups feel of others as background: what
        :func:`landlink.equilibrium.certificate.certify` takes for the gap at full costs. Its objective has no meaning.
    equilibrium
        Flows, and delays and gap at full costs.
    monotonicity
        What is known of other equilibria.
    rounds
        Times that loads were frozen.
    converged
        Whether the gap is as small as it was wanted.
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
    """Find an equilibrium where groups feel the loads of others.

    Parameters
    ----------
    assignment
        Graph, load groups, classes and markets.
    interactions
        Who feels whose load.
    relative_gap
        Gap at full costs at which to stop.
    max_iterations
        Most searches for routes in a round.
    max_rounds
        Most rounds.
    threads
        Threads to work with; the flows do not depend on it.
    start
        An equilibrium of the same graph and markets to begin with.
    start_load
        Loads near those expected, shape (groups,): what there is to begin with where there are no routes.
    progress
        Receives each round and its gap at full costs.

    Raises
    ------
    InputError
        Arrays that cannot be meant.
    UnreachableError
        Markets that no option can serve.
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
    """Refuse weights that are none, and groups that do not exist.

    Raises
    ------
    InputError
        Everything that is wrong.
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
            Problem("interactions", "points to no group", str(i), name, str(index[i]), f"0 to {groups - 1}")
            for i in np.flatnonzero((index < 0) | (index >= groups))
        ]
    wrong = ~(np.isfinite(interactions.weight) & (interactions.weight >= 0))
    problems += [
        Problem(
            "interactions",
            "not allowed",
            str(i),
            "weight",
            str(interactions.weight[i]),
            "0 or a finite number above it",
        )
        for i in np.flatnonzero(wrong)
    ]
    if problems:
        raise InputError(problems)


class _Rounds:
    """Loads that are frozen and the equilibrium they make."""

    def __init__(self, assignment: Assignment, interactions: Interactions, max_iterations: int, threads: int) -> None:
        self.a, self.interactions = assignment, interactions
        self.max_iterations, self.threads = max_iterations, threads
        self.search = OptionCosts(assignment, threads)
        self.past = Extrapolation(MEMORY)
        self.step = 1.0
        self.best = np.inf

    def begin(self, start: Equilibrium | None, start_load: Floats | None) -> None:
        """The equilibrium of a round whose groups feel what they do at the start."""
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
        """One round, from loads between those frozen before and those found."""
        if self.gap > WORSE * self.best:
            self.past.forget()
            self.step = max(self.step / 2, SHORTEST)
        self.best = min(self.best, self.gap)
        self.past.add(self.cross_load, self.wanted - self.cross_load)
        target = self.past.next(self.step, 1 / self.a.groups.capacity**2)
        self.cross_load = np.where(np.isfinite(target), np.maximum(target, 0.0), self.wanted)
        wanted = max(INNER_SHARE * self.gap, INNER_SHARE * relative_gap, TIGHTEST)
        self._solve(min(wanted, LOOSEST), self.equilibrium)

    def answer(self, relative_gap: float, history: list[float]) -> Diagonalised:
        """What was found, at full costs."""
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
    """Relative gap of flows at the delays that an assignment's groups have under their loads."""
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
    """Look at the Jacobian of the delays by the tonnes of each group, whose background holds what they feel.

    A component, a set of groups that hang together, is settled by Gershgorin's circles (1931) where slopes of its own
    outweigh those of the others, and by its eigenvalues else.
    """
    slope = delay_slopes(groups, load)
    size = len(groups)
    mine, other = interactions.group, interactions.other
    own = slope * groups.load_per_t
    effect = slope[mine] * interactions.weight * groups.load_per_t[other]
    own = own + sum_at(mine[mine == other], effect[mine == other], size)
    apart = (mine != other) & (effect > 0)
    mine, other, effect = mine[apart], other[apart], effect[apart]
    # Half the sum of what is felt both ways, scaled so that own slopes are 1.
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
    """Least group that each group hangs together with."""
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
