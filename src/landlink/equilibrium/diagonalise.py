"""Delays that depend on the loads of other groups, such as directions and classes that share one server.

The delay of group ``g`` is that of its curve at the effective load ``v_g + b_g + sum_h weight_gh (v_h + b_h)``, to
which single arcs may add, such as those of a gauge whose trains carry less. Unless the interactions are symmetric,
there is no equivalent convex program but a variational inequality (Dafermos 1972), solved by diagonalisation (Florian
and Spiess 1982): a round fixes what groups feel besides their base load as background and finds the equilibrium, which
gives the background of the next round. If that cycles or diverges, backgrounds are mixed with those of earlier rounds
(Anderson 1965) and steps are shortened.

The solution is certified by Wardrop's gap at full costs. It is the only equilibrium if the costs are monotone, for
which the Jacobian at the solution is examined (see :class:`Monotonicity`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.progress import Progress
from landlink.equilibrium.checks import check_assignment
from landlink.equilibrium.extrapolation import Extrapolation
from landlink.equilibrium.flows import reference_flow
from landlink.equilibrium.interactions import Interactions, check_interactions
from landlink.equilibrium.monotonicity import Monotonicity, monotonicity_at
from landlink.equilibrium.option_costs import OptionCosts
from landlink.equilibrium.problem import Assignment, Equilibrium
from landlink.equilibrium.rounds import report_round
from landlink.equilibrium.routing import CHEAPEST, Routing

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
    routing: Routing = CHEAPEST,
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
    routing
        How flows are put on routes.
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
    rounds = _Rounds(assignment, interactions, max_iterations, threads, routing)
    rounds.begin(start, start_load)
    history = [rounds.gap]
    while rounds.gap > relative_gap and len(history) <= max_rounds:
        rounds.next(relative_gap)
        history.append(rounds.gap)
        report_round(progress, len(history), rounds.gap, relative_gap)
    return rounds.answer(relative_gap, history)


class _Rounds:
    """The fixed loads and the resulting equilibrium."""

    def __init__(
        self, assignment: Assignment, interactions: Interactions, max_iterations: int, threads: int, routing: Routing
    ) -> None:
        self.a, self.interactions, self.routing = assignment, interactions, routing
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
        if start is not None:
            self.cross_load = self._felt(start)
        else:
            load = np.zeros(len(self.a.groups)) if start_load is None else start_load
            self.cross_load = self.interactions.background(self.a, load, np.zeros(len(self.a.head)))
        self._solve(LOOSEST, start, start_load)

    def _felt(self, found: Equilibrium) -> Floats:
        """Load from other groups, and what arcs add, at the flows of an equilibrium."""
        arcs = reference_flow(self.a, found) if len(self.interactions.arc_loads) else np.zeros(len(self.a.head))
        return self.interactions.background(self.a, found.load, arcs)

    def _frozen(self, cross_load: Floats) -> Assignment:
        groups = self.a.groups
        return replace(self.a, groups=replace(groups, background=groups.background + cross_load))

    def _solve(self, relative_gap: float, start: Equilibrium | None, start_load: Floats | None = None) -> None:
        self.equilibrium = self.routing.solve(
            self._frozen(self.cross_load),
            relative_gap=relative_gap,
            max_iterations=self.max_iterations,
            threads=self.threads,
            start=start,
            start_load=start_load if start is None else None,
        )
        self.wanted = self._felt(self.equilibrium)
        self.gap = self.routing.gap(self._frozen(self.wanted), self.equilibrium, self.search)

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
            monotonicity_at(full, self.interactions, equilibrium),
            len(history),
            self.gap <= relative_gap,
            tuple(history),
        )
