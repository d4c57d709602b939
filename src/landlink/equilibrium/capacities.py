"""Hard capacities: loads do not exceed a limit, and a queue at the limit imposes the same wait on all.

A limit adds to the program of :mod:`landlink.equilibrium.certificate` the constraint ``v_g <= limit_g``. Its multiplier
is a waiting time: the hours that all traffic waits at the group, zero where the limit does not bind. The method is the
augmented Lagrangian (Hestenes 1969; Powell 1969; for traffic Larsson and Patriksson 1995): a round finds the
equilibrium with the wait ``max(0, price + penalty (v - limit))``, and the resulting wait is the next round's price. The
penalty is increased where violations decrease too slowly. In the end the penalty is dropped: flows are certified with
constant prices.

If the demand does not fit the limits, prices grow without bound in a direction ``d`` that proves infeasibility (Farkas
1902): even on the routes with the lowest waits, waits of ``d`` cost all trips ``sum_g d_g v_g / alpha_g``, more than
``sum_g d_g limit_g / alpha_g``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem
from landlink.core.progress import Progress
from landlink.core.sums import dot
from landlink.equilibrium.checks import check_assignment
from landlink.equilibrium.diagonalise import solve_interacting
from landlink.equilibrium.flows import reference_flow
from landlink.equilibrium.interactions import Interactions, check_interactions
from landlink.equilibrium.option_costs import OptionCosts
from landlink.equilibrium.problem import Assignment, Equilibrium
from landlink.equilibrium.rounds import report_round
from landlink.equilibrium.routing import CHEAPEST, Routing
from landlink.equilibrium.volume_delay import HardCapacity

#: Initial penalty: a load a tenth above its limit costs as much as the mean trip.
STIFFNESS: Final = 10.0
#: Required decrease of violations in a round; otherwise the growth factor of the penalty, and its maximum growth.
FALL: Final = 0.1
GROWTH: Final = 10.0
STIFFEST: Final = 1e7
#: Gap of a round's equilibrium as a multiple of the squared violation, since errors of loads scale as its square root.
INNER_SHARE: Final = 0.01
TIGHTEST: Final = 1e-13
#: Relative excess of a bound that proves infeasibility, beyond rounding.
PROOF: Final = 1e-9
#: Minimum share of a group in a proof to be reported.
TELLING: Final = 1e-6


@dataclass(frozen=True)
class Capacitated:
    """An equilibrium with hard capacities.

    Attributes
    ----------
    assignment
        The assignment with constant prices at its hard capacities, and what groups feel of others as background: what
        :func:`landlink.equilibrium.certificate.certify` takes.
    equilibrium
        Flows and costs.
    price_h
        Waiting time at each limit, the multiplier, h; shape (groups,).
    violation
        Largest relative excess of a load over its limit.
    slackness
        Complementary slackness: prices times unused capacity, relative to the hours of all trips.
    rounds
        Number of price updates.
    converged
        Whether gap, violation and slackness meet their targets.
    history
        Violation after each round.
    """

    assignment: Assignment
    equilibrium: Equilibrium
    price_h: Floats
    violation: float
    slackness: float
    rounds: int
    converged: bool
    history: tuple[float, ...]


def solve_within_limits(  # noqa: PLR0913  each is an option that one solve may need
    assignment: Assignment,
    *,
    relative_gap: float = 1e-6,
    violation: float = 1e-6,
    max_iterations: int = 200,
    max_rounds: int = 60,
    threads: int = 1,
    interactions: Interactions | None = None,
    start: Equilibrium | None = None,
    start_load: Floats | None = None,
    routing: Routing = CHEAPEST,
    progress: Progress | None = None,
) -> Capacitated:
    """Find the equilibrium that respects all limits.

    Parameters
    ----------
    assignment
        Graph, load groups with their hard limits, classes and markets. Their prices are the starting point, such as
        those of an earlier solution; their penalties are ignored.
    relative_gap
        Target of the gap at the final prices.
    violation
        Target of the violation and of the slackness.
    max_iterations
        Maximum number of route searches in a round.
    max_rounds
        Maximum number of price updates.
    threads
        Number of threads; the flows do not depend on it.
    interactions
        Groups that depend on the loads of others, none of which has a limit, and arcs that load their groups
        differently. There is no convex program then, and the solution is an equilibrium within the limits.
    start
        An equilibrium of the same graph and markets to start from.
    start_load
        Loads near those expected, shape (groups,): the starting point if there are no routes.
    routing
        How flows are put on routes.
    progress
        Receives each round and its violation.

    Raises
    ------
    InputError
        Arrays are invalid, or the demand provably does not fit: one problem for each binding limit.
    UnreachableError
        No option can serve some markets.

    Notes
    -----
    If a road of 1 h has capacity for 3 of 5 t and an alternative road takes 1.5 h, the 3 t wait half an hour:
    ``price_h`` of the first road is 0.5.
    """
    check_assignment(assignment)
    if interactions is not None:
        check_interactions(interactions, len(assignment.groups))
        _refuse_limits_that_feel_others(assignment, interactions)
    rounds = _Rounds(assignment, interactions, max_iterations, threads, routing)
    rounds.refuse_background()
    rounds.begin(relative_gap, start, start_load)
    history = [rounds.violation]
    while not rounds.good(relative_gap, violation) and len(history) <= max_rounds:
        rounds.next(relative_gap, violation)
        history.append(rounds.violation)
        report_round(progress, len(history), rounds.violation, violation, what="violation")
    return rounds.answer(rounds.good(relative_gap, violation), history)


def _refuse_limits_that_feel_others(assignment: Assignment, interactions: Interactions) -> None:
    """Refuse limits of groups whose delay depends on other loads: theirs alone is not what a limit means."""
    limit = assignment.groups.hard_capacity.limit
    feels = np.unique(np.append(interactions.group, interactions.other))
    if (wrong := feels[np.isfinite(limit[feels])]).size:
        raise InputError(
            Problem("groups", "its delay depends on other loads, so it can have no limit", assignment.groups.names[g],
                    "hard_capacity.limit", f"{limit[g]:g}", "no limit") for g in wrong
        )  # fmt: skip


class _Rounds:
    """Prices, penalties and the resulting equilibrium."""

    def __init__(
        self,
        assignment: Assignment,
        interactions: Interactions | None,
        max_iterations: int,
        threads: int,
        routing: Routing,
    ) -> None:
        self.a, self.interactions, self.routing = assignment, interactions, routing
        self.max_iterations, self.threads = max_iterations, threads
        groups = assignment.groups
        self.limit = groups.hard_capacity.limit
        self.limited = np.isfinite(self.limit)
        self.price = np.where(self.limited, groups.hard_capacity.price, 0.0)
        self.search = OptionCosts(assignment, threads)
        self.room = np.where(self.limited & (self.limit > 0), self.limit, 1.0)

    def refuse_background(self) -> None:
        """Reject limits that the background load alone exceeds."""
        groups = self.a.groups
        over = np.flatnonzero(self.limited & (groups.background > self.limit * (1 + PROOF)))
        if over.size:
            raise InputError(
                Problem("groups", "background above the limit", groups.names[g], "hard_capacity.limit",
                        f"{self.limit[g]:g}", f"{groups.background[g]:g} or more") for g in over
            )  # fmt: skip

    def begin(self, relative_gap: float, start: Equilibrium | None, start_load: Floats | None) -> None:
        """Find the equilibrium at the initial prices, held constant."""
        self.penalty = np.zeros(len(self.price))
        self.equilibrium = self._solve(relative_gap, start, start_load if start is None else None)
        self._measure()
        # A violation of a zero limit is scaled by the load that would pass without it.
        self.room = np.where(self.limited & (self.limit > 0), self.limit, np.maximum(self._total(), 1e-6))
        self._measure()
        self.first_penalty = np.where(self.limited, STIFFNESS * self._typical_hours() / self.room, 0.0)
        self.penalty = self.first_penalty.copy()
        self.stiffness = 1.0

    def _typical_hours(self) -> float:
        """Mean cost of a trip in hours, or of an arc if trips cost nothing."""
        classes, trips = self.a.classes, float(self.a.markets.demand.sum())
        hours = classes.fixed / classes.value_of_time[:, None]
        usual = hours[np.isfinite(hours) & (hours > 0)]
        return max(self.hours / trips if trips > 0 else 0.0, float(usual.mean()) if usual.size else 0.0) or 1.0

    def _solve(self, relative_gap: float, start: Equilibrium | None, start_load: Floats | None = None) -> Equilibrium:
        at_prices = self._at(self.price, self.penalty)
        options: dict[str, Any] = {
            "relative_gap": relative_gap,
            "max_iterations": self.max_iterations,
            "threads": self.threads,
            "start": start,
            "start_load": start_load,
        }
        if self.interactions is None:
            return self.routing.solve(at_prices, **options)
        return solve_interacting(at_prices, self.interactions, routing=self.routing, **options).equilibrium

    def _at(self, price: Floats, penalty: Floats) -> Assignment:
        groups = self.a.groups
        return replace(self.a, groups=replace(groups, hard_capacity=HardCapacity(self.limit, price, penalty)))

    def _total(self) -> Floats:
        total: Floats = self.equilibrium.load + self.a.groups.background
        if self.interactions is not None and len(self.interactions.arc_loads):
            total = total + self.interactions.own_extra(self.a, reference_flow(self.a, self.equilibrium))
        return total

    def _measure(self) -> None:
        """Compute violation and slackness at the current equilibrium and prices."""
        groups, routes, markets = self.a.groups, self.equilibrium.routes, self.a.markets
        left = np.where(self.limited, self.limit - self._total(), 0.0)
        self.violation = abs(float(np.max(-left / self.room, initial=0.0)))
        category = markets.option_class[routes.option]
        cost = self.search.arc_costs(self.equilibrium.delay_h)
        owner = np.repeat(np.arange(len(routes)), np.diff(routes.first))
        weight = (self.a.classes.load_factor / self.a.classes.value_of_time)[category] * routes.flow
        self.hours = dot(weight[owner], cost[category[owner], routes.arcs])
        unused = dot(self.price / groups.load_per_t, np.maximum(left, 0.0))
        self.slackness = unused / self.hours if self.hours > 0 else 0.0

    def good(self, relative_gap: float, violation: float) -> bool:
        """Whether the current solution meets the targets."""
        reached = self.equilibrium.relative_gap <= relative_gap
        return reached and self.violation <= violation and self.slackness <= violation

    def next(self, relative_gap: float, violation: float) -> None:
        """Perform a round: find the equilibrium with the penalty, then set prices to the waits."""
        before, wanted = max(self.violation, self.slackness), max(violation, self.violation)
        inner = min(max(INNER_SHARE * min(wanted, 1.0) ** 2, TIGHTEST), relative_gap)
        self.equilibrium = self._solve(inner, self.equilibrium)
        waiting = HardCapacity(self.limit, self.price, self.penalty).waiting_h(self._total())
        risen = np.where(self.limited, np.maximum(waiting - self.price, 0.0), 0.0)
        self.price = np.where(self.limited, waiting, 0.0)
        self._measure()
        if max(self.violation, self.slackness) > FALL * before:
            if self.violation > violation:
                self._refuse_what_fits_nowhere(risen)
            self.stiffness = min(self.stiffness * GROWTH, STIFFEST)
            self.penalty = self.first_penalty * self.stiffness

    def _refuse_what_fits_nowhere(self, direction: Floats) -> None:
        """Raise if the growth of prices proves that no flow serves the demand (Farkas 1902)."""
        groups, classes, markets = self.a.groups, self.a.classes, self.a.markets
        burden = np.append(direction, 0.0)[self.a.group] * self._relative_load()
        cost = np.where(np.isfinite(classes.fixed), np.multiply.outer(classes.load_factor, burden), np.inf)
        lightest = np.full(len(markets.demand), np.inf)
        np.minimum.at(lightest, markets.option_market, self.search.cheapest(cost))
        least = dot(markets.demand, lightest)
        room = np.where(self.limited, self.limit - groups.background, 0.0)
        worth = direction / groups.load_per_t
        part = worth * self.room
        if not least > dot(worth, room) + PROOF * float(part.sum()):
            return
        binding = np.flatnonzero(part > TELLING * part.max())
        total = self._total()
        raise InputError(
            Problem(
                "groups", "the demand exceeds these limits together", groups.names[g],
                "hard_capacity.limit", f"{self.limit[g]:g}", f"about {total[g]:g}, or more capacity elsewhere",
            )
            for g in binding
        )  # fmt: skip

    def _relative_load(self) -> Floats:
        """Load of a tonne on each arc on its group, relative to ``load_per_t``."""
        relative = np.ones(len(self.a.head))
        if self.interactions is not None:
            extra = self.interactions.arc_loads.within(self.a.group)
            np.add.at(relative, extra.arc, extra.load_per_t / self.a.groups.load_per_t[extra.group])
        return relative

    def answer(self, converged: bool, history: list[float]) -> Capacitated:
        """Build the solution, without the penalty."""
        fixed_prices = self._at(self.price, np.zeros(len(self.price)))
        if self.interactions is not None:
            groups = fixed_prices.groups
            flow = reference_flow(self.a, self.equilibrium)
            background = groups.background + self.interactions.background(self.a, self.equilibrium.load, flow)
            fixed_prices = replace(fixed_prices, groups=replace(groups, background=background))
        return Capacitated(
            fixed_prices,
            self.equilibrium,
            self.price,
            self.violation,
            self.slackness,
            len(history) - 1,
            converged,
            tuple(history),
        )
