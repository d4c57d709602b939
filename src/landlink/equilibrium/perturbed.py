"""Perturbed equilibria with spread routes: a few costs and capacities change, and only what that moves is solved again.

At the delays of the base, an option none of whose routes passes a dearer arc stays as it is. So at first only the
markets that pass one find new routes. What they change in the loads moves delays: by the sensitivities of loads to
delays, known from the base and corrected for these markets, Newton steps (:mod:`landlink.equilibrium.perturbed_newton`)
find the delays of the perturbed equilibrium, extrapolated over a few steps (Anderson 1965) and shortened where they
overshoot. Markets at groups whose delays change noticeably respond over the routes of the base, whose shares are linear
in costs until a route falls out of use (:mod:`landlink.equilibrium.perturbed_far_kernels`). All others keep their
flows. The whole is then proven (:mod:`landlink.equilibrium.perturbed_proof`); where the proof is not good enough,
routes of the options that it fails on are completed, and steps go on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.sums import dot
from landlink.equilibrium.extrapolation import Extrapolation
from landlink.equilibrium.option_costs import logsums
from landlink.equilibrium.perturbed_base import PerturbedBase
from landlink.equilibrium.perturbed_far_kernels import bounds, far_means, market_costs, respond_far
from landlink.equilibrium.perturbed_newton import newton_step, slopes, stiff_groups
from landlink.equilibrium.perturbed_part import Part, options_of
from landlink.equilibrium.perturbed_proof import (
    Excess,
    Proofs,
    base_excess,
    base_objective,
    excess_of,
    objective_bounds,
)
from landlink.equilibrium.problem import Assignment
from landlink.equilibrium.spread_completion import Completed

__all__ = ["Perturbed", "perturb"]

#: Share of the added cost that changes of delays may make up at groups whose markets do not respond.
QUIET: Final = 0.003
#: Share of the added cost that the next step may still change, and that the gap may be.
SETTLED: Final = 3e-3
PROVEN: Final = 1e-2
#: Added cost below which precision is not asked for, as a share of what is spent.
LEAST: Final = 1e-9
#: Saving below which a route is not missing at first, relative to the cheapest cost; then by the share of the allowed
#: gap that all of them may save, and its bounds.
FIRST_SLACK: Final = 1e-4
OF_SLACK: Final = 0.05
SLACKS: Final = (1e-10, 1e-4)
#: Rounds of completion, steps in each, steps that are extrapolated from, and steps after which sensitivities are found
#: again, or the share of markets that are new.
ROUNDS: Final = 10
STEPS: Final = 40
MEMORY: Final = 5
AGAIN: Final = 5
REFRESH: Final = 0.3
#: Share of the rise promised that a step may overshoot by, and trials of a step.
OVERSHOT: Final = 0.5
TRIALS: Final = 8
#: Share of the allowed gap that steps, and options that are not completed, may leave.
OF_STEPS: Final = 0.25
OF_OTHERS: Final = 0.6


@dataclass(frozen=True, eq=False)
class Perturbed:
    """A perturbed equilibrium.

    Attributes
    ----------
    part
        Markets with routes of their own, and how they respond.
    far, share, flow
        Markets that respond over routes of the base; share of each of these routes, and t/day of each option.
    market_cost
        Expected cost of each market, USD/t.
    relative_gap
        Gap of the flows at the full delays, over the money that the base spends: a proven upper bound.
    objective
        Lower and upper bound of the change of the program's objective, at the loads that groups of the base feel from
        others, vehicle-load hours a day.
    responses, completed
        Number of responses to delays, and of options whose routes were completed.
    """

    part: Part
    far: Ints
    share: Floats
    flow: Floats
    market_cost: Floats
    relative_gap: float
    objective: tuple[float, float]
    responses: int
    completed: int


def perturb(base: PerturbedBase, assignment: Assignment, dearer: Bools, relative_gap: float) -> Perturbed | None:
    """Find the equilibrium after a perturbation.

    Parameters
    ----------
    base
        The base.
    assignment
        Its assignment with other costs, nowhere lower, and other capacities.
    dearer
        Arcs whose cost is higher, shape (arcs,).
    relative_gap
        Gap that is always enough; beyond, a hundredth of the added cost is.

    Returns
    -------
    Perturbed or None
        ``None`` where steps do not lead to the gap.
    """
    return _Perturbation(base, assignment, relative_gap).solved(dearer)


class _Perturbation:
    """Delays, the response to them, and who responds."""

    def __init__(self, base: PerturbedBase, assignment: Assignment, relative_gap: float) -> None:
        self.base, self.a, self.groups, self._target = base, assignment, assignment.groups, relative_gap
        self.part, self._proofs = Part(base, assignment), Proofs(base)
        options, groups = len(assignment.markets.option_class), len(assignment.groups)
        self._in_part = np.zeros(len(assignment.markets.demand), dtype=np.bool_)
        self._place = np.full(options, -1)
        self._active, self._far = np.zeros(groups, dtype=np.bool_), np.zeros(0, dtype=np.int64)
        self._old_cells, self._old_value_flow = np.zeros(len(base.cell_flow)), np.zeros(groups)
        self._stiff, self._sensed = np.zeros(0, dtype=np.int64), None
        answer = base.answer
        self.share, self.least = answer.share.copy(), answer.option_cost.copy()
        self.mean, self.flow = answer.mean.copy(), answer.option_flow.copy()
        self._felt_load = base.felt_load
        self.delay = self._next_delay = self.groups.delay_h(base.felt_load)
        self._added, self._responses, self._completed = 0.0, 0, 0

    _sensed: Floats | None

    def solved(self, dearer: Bools) -> Perturbed | None:
        affected = self.base.options_through(dearer)
        if not len(affected) and np.array_equal(self.delay, self.base.delay):
            return self._unmoved()
        self._include(np.unique(self.base.option_market[affected]))
        self._complete(affected, FIRST_SLACK)
        for _ in range(ROUNDS):
            if not self._converged():
                return None
            excess, final = self._excess()
            gap, allowed = float(excess.of_market.sum()), self._allowed()
            if not np.isfinite(gap):
                return None
            if gap <= allowed:
                return self._found(max(gap, 0.0) / self.base.spent, excess, final)
            order = np.argsort(-excess.of_option, kind="stable")
            left = excess.of_option.sum() - np.cumsum(excess.of_option[order])
            chosen = np.sort(order[: int((left > OF_OTHERS * allowed).sum()) + 1])
            carried = dot(self.base.answer.option_flow[chosen], self.base.answer.mean[chosen])
            self._complete(chosen, float(np.clip(OF_SLACK * allowed / max(carried, 1e-300), *SLACKS)))
        return None

    def _unmoved(self) -> Perturbed:
        """The base: no route that is in use became dearer."""
        base = self.base
        low, high = base.derived(base_objective)
        excess = base.derived(base_excess)
        gap = max(float(excess.of_market.sum()), 0.0) / base.spent
        self.part.settle(self.delay)
        return Perturbed(
            self.part, self._far, self.share, self.flow, base.market_cost, gap, (low - high, high - low), 0, 0
        )

    def _scale(self) -> float:
        return max(abs(self._added), LEAST * self.base.spent)

    def _allowed(self) -> float:
        return max(self._target * self.base.spent, PROVEN * self._scale())

    def _include(self, markets: Ints) -> None:
        """Give markets routes of their own."""
        self.part.add(markets)
        self._in_part[markets] = True
        self._place[self.part.options] = np.arange(len(self.part.options))
        self._old_cells = self.base.cells(self.part.arc_flow_before())
        self._old_value_flow = self.part.value_before()
        if len(markets) > REFRESH * len(self.part.markets):
            self._sensed = None
        self._far = self._far[~self._in_part[self._far]]

    def _complete(self, options: Ints, slack: float) -> None:
        """Find missing routes of options at the present delays; markets with new ones join the part."""
        part, cost = self.part, self.part.loading.arc_cost(self.delay)
        ahead, least = _Ahead(self.a, self.base.option_market, cost, options), np.empty(len(options))
        near = self._place[options] >= 0
        if near.any():
            found = part.loading.complete_options(self._place[options[near]], cost, slack, ahead)
            least[near] = found.option_cost[self._place[options[near]]]
            part.loading.add(found)
        if not near.all():
            loading, far = self.base.loading, options[~near]
            kept = loading.lists
            loading.lists = kept._replace(share=self.share)
            found = loading.complete_options(far, cost, slack, ahead)
            loading.lists = kept
            least[~near] = found.option_cost[far]
            self._take_new(found)
            markets = np.unique(self.base.option_market[far])
            self._far = np.union1d(self._far, markets[~self._in_part[markets]])
        self._completed += len(options)
        part.settle(self.delay)
        self._respond()
        near = self._place[options] >= 0
        if near.any():
            routes = part.loading.lists, part.share, self._place[options[near]]
            self._proofs.add(self.delay, options[near], least[near], routes)
        if not near.all():
            self._proofs.add(
                self.delay, options[~near], least[~near], (self.base.loading.lists, self.share, options[~near])
            )

    def _take_new(self, found: Completed) -> None:
        new = [part for part in found.routes if len(part.option)]
        if new:
            options = np.unique(np.concatenate([part.option for part in new]))
            self._include(np.unique(self.base.option_market[options]))
            moved = tuple(part._replace(option=self._place[part.option]) for part in new)
            share = self.part.loading.lists.share.copy()
            self.part.loading.add(Completed(found.level, found.mean, found.missing, share, moved))

    def _respond(self) -> None:
        """Respond to the delays: flows of cells, and what groups feel in excess of the loads that have these delays."""
        base = self.base
        self._responses += 1
        cells = base.cell_flow - self._old_cells
        self.part.respond(self.delay, cells)
        out = self.share, self.least, self.mean, self.flow, cells
        respond_far(self._far, base.still, base.change(self.delay, base.delay), base.program, out)
        self._cells = cells
        self._missing = base.felt_at(cells) - self._felt_load

    # steps

    def _newton(self, slope: Floats) -> Floats:
        load = np.maximum(self._felt_load, self.base.felt_load)
        stiff = stiff_groups(load, slope)
        if self._sensed is None or len(np.setdiff1d(stiff, self._stiff)) > 2:
            self._stiff = stiff
            self._sensed = self.base.sensitivity[np.ix_(stiff, stiff)] + self.part.sensed_more(stiff)
        return newton_step(self.base.interactions, self.groups, slope, self._sensed, self._stiff, self._missing)

    def _at(self, felt_load: Floats) -> Floats:
        return self.groups.delay_h(np.maximum(felt_load, 0.0))

    def _converged(self) -> bool:
        """Take steps until little is left to change, or none helps."""
        past, per_t = Extrapolation(MEMORY), self.groups.load_per_t
        for step_number in range(1, STEPS + 1):
            if step_number % AGAIN == 0:
                self._sensed = None
            slope = slopes(self.groups, self._felt_load)
            step = self._newton(slope)
            if not np.isfinite(step).all():
                return False
            self._next_delay = self._at(self._felt_load + step)
            self._estimate()
            if self._awake():
                self._respond()
                past = Extrapolation(MEMORY)
            elif self._small():
                return True
            else:
                past.add(self._felt_load, step)
                way = past.next(1.0, (self._value_flow() * slope) ** 2 + 1e-12) - self._felt_load
                if not dot(self._missing / per_t, slope * way) > 0.0:
                    way, past = step, Extrapolation(MEMORY)
                self._move(way, dot(self._missing / per_t, slope * way))
        return False

    def _move(self, way: Floats, promised: float) -> None:
        """Go some way that does not overshoot: along it, the dual still rises, or falls less than it rose at first."""
        start, length = self._felt_load, 1.0
        for _ in range(TRIALS):
            self._felt_load = np.maximum(start + length * way, 0.0)
            self.delay = self.groups.delay_h(self._felt_load)
            self._respond()
            pull = self._missing / self.groups.load_per_t
            beyond = -dot(pull, slopes(self.groups, self._felt_load) * way)
            if beyond <= OVERSHOT * promised:
                return
            length *= min(max(promised / (promised + beyond), 0.1), 0.6)

    def _value_flow(self) -> Floats:
        """What an hour of delay costs all that pass each group, in the base or now, whichever is more, USD/h."""
        load = self.groups.load_per_t * self._cells[: len(self.groups)]
        return np.maximum(self.base.value_flow, self.base.mean_value * load)

    def _small(self) -> bool:
        """Whether the next step changes little, and the response to the delays has nearly these delays."""
        moved = dot(self._value_flow(), np.abs(self._next_delay - self.delay))
        ahead = self._at(self._felt_load + self._missing) - self.delay
        gap = dot(self.base.mean_value, np.abs(ahead * self._missing)) + dot(self.base.wide, ahead**2)
        return moved <= SETTLED * self._scale() and gap <= OF_STEPS * self._allowed()

    def _estimate(self) -> None:
        """Added cost, to the first order in the delays to come."""
        part, base = self.part, self.base
        of_part = logsums(part.loading.a, part.least) - base.market_cost[part.markets]
        ahead = self._next_delay - self.delay
        others = base.value_flow - self._old_value_flow
        self._added = dot(part.loading.a.markets.demand, of_part)
        self._added += dot(others, self._next_delay - base.delay) + dot(self._value_flow() - others, ahead)

    def _awake(self) -> bool:
        """Let the markets respond at whose groups delays change noticeably; return whether there are new ones."""
        worth = self._value_flow() * np.abs(self._next_delay - self.base.delay)
        order = np.argsort(worth, kind="stable")
        loud = order[np.cumsum(worth[order]) > QUIET * self._scale()]
        if self._active[loud].all():
            return False
        self._active[loud] = True
        far = self.base.markets_at(self._active)
        self._far = np.union1d(self._far, far[~self._in_part[far]])
        return True

    # results

    def _excess(self) -> tuple[Excess, Floats]:
        """Excess of the flows at their delays, and these delays."""
        base, part = self.base, self.part
        final = self._at(self._felt_load + self._missing)
        along, _ = self._along(final)
        mean, spread = base.answer.mean + along, base.answer.perturbation.copy()
        flow, far = base.answer.option_flow.copy(), options_of(self.a.markets, self._far)
        mean[far], spread[far], flow[far] = self.mean[far], (self.least - self.mean)[far], self.flow[far]
        far_means(self._far, base.still, base.change(final, self.delay), self.share, mean)
        mean[part.options], flow[part.options] = part.mean_at(final, self.delay), part.flow
        spread[part.options] = part.least - part.mean
        with np.errstate(invalid="ignore"):
            spent = np.where(flow > 0, mean + spread, np.inf)
        return excess_of(base, flow, spent, self._proofs.least(final)), final

    def _along(self, delay: Floats) -> tuple[Floats, Floats]:
        """What changes of delays since the base cost options at their shares there, USD/t."""
        along, bent = np.empty((2, len(self.base.still.value)))
        bounds(self.base.option_groups, self.base.still.value, self.base.change(delay, self.base.delay), along, bent)
        return along, bent

    def _found(self, gap: float, excess: Excess, final: Floats) -> Perturbed:
        base, markets, part = self.base, self.a.markets, self.part
        cost = base.answer.option_cost + self._along(self._next_delay)[0]
        far = options_of(markets, self._far)
        cost[far] = self.least[far]
        far_means(self._far, base.still, base.change(self._next_delay, self.delay), self.share, cost)
        cost[part.options] = part.least + part.mean_at(self._next_delay, self.delay) - part.mean
        market_cost = np.empty(len(markets.demand))
        market_costs((markets.first, markets.scale, markets.option_constant), cost, market_cost)
        low, high = objective_bounds(base, self.groups, final, self._cells, excess)
        before = base.derived(base_objective)
        change = low - before[1], high - before[0]
        return Perturbed(
            part, self._far, self.share, self.flow, market_cost, gap, change, self._responses, self._completed
        )


class _Ahead:
    """Distances to the destinations of some options, found once for each class."""

    def __init__(self, assignment: Assignment, option_market: Ints, cost: Floats, options: Ints) -> None:
        self._router, self._cost = assignment.router, cost
        nodes = len(assignment.first_out)
        wanted = assignment.markets.option_class[options] * nodes
        pairs = np.unique(wanted + assignment.markets.destination[option_market[options]])
        self._category, self._destination = np.divmod(pairs, nodes)
        self._known: dict[int, tuple[Ints, Floats]] = {}

    def __call__(self, category: int, destinations: Ints) -> Floats:
        if category not in self._known:
            begin, end = np.searchsorted(self._category, [category, category + 1])
            every = self._destination[begin:end]
            self._known[category] = every, self._router.quick_distances_to(self._cost[category], every)
        every, distance = self._known[category]
        return distance if len(every) == len(destinations) else distance[np.searchsorted(every, destinations)]
