"""Equilibrium without routes by biconjugate Frank-Wolfe, for when routes would exceed the memory limit.

Each round loads all flow on the cheapest routes and moves the current flows towards a mixture of that load and the
targets of the two previous rounds, such that the directions are conjugate: their products through the Hessian vanish
(Mitradjieva and Lindberg 2013, eqs. 17-24). The step is found by a line search on the objective. Memory is a few arrays
of shape (classes, arcs), regardless of the number of trips.

The choice between options is not linearised (partial linearisation, Evans 1976): the target splits markets by the logit
at current costs, and the entropy is part of objective and Hessian. Gaps below about 1e-5 take many rounds; the solver
with routes is much faster there (:mod:`landlink.equilibrium.solve`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.progress import Progress
from landlink.core.sums import dot, sum_at, weighted_rows
from landlink.equilibrium.option_costs import OptionCosts, logit_flows, logsums, split_excess
from landlink.equilibrium.problem import Assignment, UnreachableError
from landlink.equilibrium.rounds import report_round
from landlink.equilibrium.slopes import delay_slopes

#: Maximum share of the last target if there is only one earlier target.
MOST_CONJUGATE: Final = 0.99
#: Step beyond which the last directions are no longer relevant for conjugacy.
WHOLE_STEP: Final = 0.99
#: Maximum number of slope evaluations in the line search.
STEPS: Final = 60
#: Slope of the objective at which the line search ends, relative to the initial slope.
LEVEL: Final = 1e-9
#: Minimum share of an option in its market for the curvature of its entropy, which keeps it finite.
LEAST_SHARE: Final = 1e-9


@dataclass(frozen=True)
class LinkEquilibrium:
    """Flows of classes on arcs at equilibrium within ``relative_gap``; routes are not known.

    Attributes
    ----------
    class_flow
        t/day of each class on each arc; shape (classes, arcs).
    option_flow
        t/day on each option.
    load
        Load of each group from the demand, in the group's unit.
    delay_h
        Delay of each group.
    relative_gap
        Gap at the flows, as defined in :mod:`landlink.equilibrium.certificate`.
    iterations
        Number of all-or-nothing loadings.
    history
        Relative gap after each round.
    """

    class_flow: Floats
    option_flow: Floats
    load: Floats
    delay_h: Floats
    relative_gap: float
    iterations: int
    history: tuple[float, ...]


def frank_wolfe(
    assignment: Assignment,
    *,
    relative_gap: float = 1e-4,
    max_iterations: int = 1000,
    threads: int = 1,
    start: LinkEquilibrium | None = None,
    progress: Progress | None = None,
) -> LinkEquilibrium:
    """Find the equilibrium of an assignment in terms of arc flows.

    Parameters
    ----------
    assignment
        Graph, load groups, classes and markets.
    relative_gap
        Gap at which to stop.
    max_iterations
        Maximum number of rounds.
    threads
        Number of threads; the flows do not depend on it.
    start
        A solution for the same graph, demand and markets at any costs.
    progress
        Receives each round and its gap.

    Raises
    ------
    UnreachableError
        No option can serve some markets.
    """
    state = _State(assignment, threads)
    state.begin(start)
    history: list[float] = []
    while True:
        target = state.look()
        history.append(state.gap)
        report_round(progress, len(history), state.gap, relative_gap)
        if state.gap <= relative_gap or len(history) > max_iterations:
            return state.answer(history)
        state.move(target)


@dataclass(frozen=True)
class _Flows:
    """Flows of classes on arcs and of options, and the resulting loads, which are linear in the flows."""

    classes: Floats
    options: Floats
    load: Floats

    def mixed(self, share: float, other: _Flows) -> _Flows:
        """Mix these flows with a share of others."""
        return _Flows(
            (1 - share) * self.classes + share * other.classes,
            (1 - share) * self.options + share * other.options,
            (1 - share) * self.load + share * other.load,
        )


class _State:
    """Current flows, the last two targets and the last step."""

    def __init__(self, assignment: Assignment, threads: int) -> None:
        self.a = assignment
        classes, markets = assignment.classes, assignment.markets
        self.search = OptionCosts(assignment, threads)
        self.market = markets.option_market
        self.single = bool((np.diff(markets.first) == 1).all())
        self.weight = classes.load_factor / classes.value_of_time
        self.option_weight = self.weight[markets.option_class]
        self.grouped = assignment.group >= 0
        self.targets: list[_Flows] = []
        self.step = 0.0

    def begin(self, start: LinkEquilibrium | None) -> None:
        """Initial flows: those of the start, or all flow on the uncongested cheapest routes."""
        if start is not None:
            self.now = self._flows(start.class_flow, start.option_flow)
            return
        cost = self.search.arc_costs(self.a.groups.delay_h(np.zeros(len(self.a.groups))))
        cheapest = self.search.cheapest(cost)
        if (lost := np.flatnonzero(~np.isfinite(logsums(self.a, cheapest)))).size:
            raise UnreachableError(lost)
        options = self._split(cheapest)
        self.now = self._flows(self.search.load(cost, options)[1], options)

    def _split(self, cheapest: Floats) -> Floats:
        """Flow of each option by the logit."""
        return self.a.markets.demand if self.single else logit_flows(self.a, cheapest)

    def _flows(self, classes: Floats, options: Floats) -> _Flows:
        per_arc = weighted_rows(self.a.classes.load_factor, classes)
        groups = self.a.groups
        load = sum_at(self.a.group[self.grouped], per_arc[self.grouped], len(groups)) * groups.load_per_t
        return _Flows(classes, options, load)

    def look(self) -> _Flows:
        """Compute the gap at the current flows; return the all-or-nothing loading."""
        self.delay = self.a.groups.delay_h(self.now.load)
        cost = self.search.arc_costs(self.delay)
        if self.single:
            options = self.a.markets.demand
            cheapest, classes = self.search.load(cost, options)
        else:
            cheapest = self.search.cheapest(cost)
            options = self._split(cheapest)
            classes = self.search.load(cost, options)[1]
        self.gap = self._gap(cost, cheapest)
        return self._flows(classes, options)

    def _gap(self, cost: Floats, cheapest: Floats) -> float:
        carried = self.now.options > 0
        spent = sum(dot(flow[flow > 0], c[flow > 0]) for flow, c in zip(self.now.classes, cost, strict=True))
        excess = spent - dot(self.now.options[carried], cheapest[carried])
        excess += 0.0 if self.single else float(split_excess(self.a, self.now.options, cheapest).sum())
        return max(excess, 0.0) / spent if spent > 0 else 0.0

    def move(self, load: _Flows) -> None:
        """Take the best step towards a mixture of the new load and the last targets."""
        target = self._conjugate(load)
        slope = self._slope_towards(target)
        begin = slope(0.0)
        if not begin < 0 and self.targets:
            # By rounding, the mixture may not be a direction of descent; the load itself always is.
            self.targets, target = [], load
            slope = self._slope_towards(target)
            begin = slope(0.0)
        self.step = _best_step(slope, begin)
        self.targets = [target, *self.targets][:2] if self.step < WHOLE_STEP else []
        self.now = self._flows(
            (1 - self.step) * self.now.classes + self.step * target.classes,
            (1 - self.step) * self.now.options + self.step * target.options,
        )

    def _conjugate(self, load: _Flows) -> _Flows:
        """Mixture of load and last targets whose direction is conjugate to the last ones."""
        if not self.targets:
            return load
        curvature = self._curvature()
        last, now = self.targets[0], self.now
        ahead = _difference(last, now)
        if len(self.targets) == 1:
            product = _product(curvature, ahead, _difference(load, now))
            whole = _product(curvature, ahead, _difference(load, last))
            share = product / whole if whole != 0 else 0.0
            return load.mixed(min(max(share, 0.0), MOST_CONJUGATE), last)
        before = self.targets[1]
        behind = _difference(before.mixed(self.step, last), now)
        pull = _difference(load, now)
        turn = _product(curvature, behind, _difference(before, last))
        along = _product(curvature, ahead, ahead)
        mu = max(-_product(curvature, behind, pull) / turn, 0.0) if turn != 0 else 0.0
        nu = -_product(curvature, ahead, pull) / along if along != 0 else 0.0
        nu = max(nu + mu * self.step / (1 - self.step), 0.0)
        total = 1 + mu + nu
        return load.mixed((mu + nu) / total, last.mixed(mu / (mu + nu) if mu + nu > 0 else 0.0, before))

    def _curvature(self) -> tuple[Floats, Floats]:
        """Diagonal of the objective's Hessian by loads and by option flows."""
        markets, groups = self.a.markets, self.a.groups
        demand = markets.demand[self.market]
        floor = np.maximum(self.now.options, LEAST_SHARE * np.where(demand > 0, demand, 1.0))
        option = np.zeros(len(demand)) if self.single else self.option_weight / markets.scale[self.market] / floor
        return delay_slopes(groups, self.now.load) / groups.load_per_t, option

    def _slope_towards(self, target: _Flows) -> Callable[[float], float]:
        """Slope of the objective towards a target, as a function of the step."""
        markets, groups, now = self.a.markets, self.a.groups, self.now
        load, options = target.load - now.load, target.options - now.options
        straight = dot(self.option_weight * options, markets.option_constant)
        for k, fixed in enumerate(self.a.classes.fixed):
            open_to = np.isfinite(fixed)
            straight += self.weight[k] * dot(fixed[open_to], (target.classes[k] - now.classes[k])[open_to])

        def slope(share: float) -> float:
            value = straight + dot(groups.delay_h(now.load + share * load) / groups.load_per_t, load)
            if self.single:
                return value
            flow = now.options + share * options
            moving = options != 0
            tiny = np.finfo(float).tiny
            part = np.maximum(flow[moving], tiny) / markets.demand[self.market[moving]]
            bend = self.option_weight[moving] / markets.scale[self.market[moving]] * options[moving]
            return value + dot(bend, np.log(np.maximum(part, tiny)))

        return slope

    def answer(self, history: list[float]) -> LinkEquilibrium:
        """Build the solution."""
        return LinkEquilibrium(
            self.now.classes, self.now.options, self.now.load, self.delay, history[-1], len(history), tuple(history)
        )


def _difference(one: _Flows, other: _Flows) -> tuple[Floats, Floats]:
    return one.load - other.load, one.options - other.options


def _product(curvature: tuple[Floats, Floats], one: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> float:
    return dot(curvature[0] * one[0], other[0]) + dot(curvature[1] * one[1], other[1])


def _best_step(slope: Callable[[float], float], begin: float) -> float:
    """Step at which an increasing slope is zero, at most 1, by the Illinois method (Dowell and Jarratt 1971)."""
    if begin >= 0:
        return 0.0
    low, high, at_low, at_high, side = 0.0, 1.0, begin, slope(1.0), 0
    if at_high <= 0:
        return 1.0
    for _ in range(STEPS):
        middle = low - at_low * (high - low) / (at_high - at_low)
        if not low < middle < high:
            break
        value = slope(middle)
        if abs(value) <= -LEVEL * begin:
            return middle
        # The value at an end kept twice is halved, to avoid slow convergence from the other side.
        if value < 0:
            low, at_low, at_high, side = middle, value, at_high / (2 if side < 0 else 1), -1
        else:
            high, at_high, at_low, side = middle, value, at_low / (2 if side > 0 else 1), 1
    return (low + high) / 2
