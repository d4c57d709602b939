"""Stochastic user equilibrium: recursive-logit flows consistent with the delays they cause.

The flows minimise a convex program over flows by destination (Akamatsu 1997; by paths, Fisk 1980)::

    Z = sum_k (beta_k / vot_k) [ sum_l fixed_kl x_kl - H_k(x) / mu_k + sum_(m, o in k) (...) ]
        + sum_g (1 / alpha_g) * integral of delay_g from 0 to v_g

where ``H_k`` is the entropy of the choices at all nodes and ``(...)`` the term of the options (see
:mod:`landlink.equilibrium.stochastic_certificate`). Its dual is concave and smooth in the delays ``t`` (Daganzo 1982)::

    Phi(t) = sum_m (beta / vot) D_m S_m(t) - sum_g (1 / alpha_g) * integral of load_g from 0 to t_g

with the gradient ``(y_g(t) - v_g(t)) / alpha_g``: the load in response to ``t``, less the load whose delay is ``t_g``.
It is maximised by the limited-memory BFGS method (Nocedal 1980) in the loads ``v``, so that no curve has to be
inverted. The slopes of the curves are the initial estimate of the inverse Hessian.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem
from landlink.core.progress import Progress
from landlink.core.sums import dot
from landlink.equilibrium.checks import check_assignment
from landlink.equilibrium.problem import Assignment
from landlink.equilibrium.rounds import report_round
from landlink.equilibrium.stochastic_loading import Answer, StochasticLoading

#: Number of steps whose curvature is stored.
MEMORY: Final = 30
#: Share of the increase predicted by the slope that a step must achieve.
RISE: Final = 1e-4
#: Relative decrease of the value that is regarded as rounding.
ROUNDING: Final = 1e-14
#: Maximum number of trials of a line search.
TRIALS: Final = 20
#: Bounds of a step: minimum share of every load that remains, and maximum multiple of it or of the response.
LEAST_LEFT: Final = 0.2
MOST_ADDED: Final = 2.0
#: Number of load groups listed in an error message.
TOLD: Final = 20
#: Share of capacity by which a load is varied to estimate the slope of its delay.
NUDGE: Final = 1e-6


@dataclass(frozen=True)
class StochasticEquilibrium:
    """Flows and delays at stochastic equilibrium within ``relative_gap``.

    Attributes
    ----------
    class_flow
        t/day of each class on each arc; shape (classes, arcs).
    option_flow, option_cost
        t/day on each option, and its expected minimum cost ``S_o`` in USD/t, ``inf`` if it has no route.
    load, delay_h
        Load of each group from these flows, and the delay at that load.
    perceived_delay_h
        Delay of each group to which the flows respond; equal to ``delay_h`` at equilibrium.
    route_scale
        Scale of the choice among routes of each class, t/USD.
    relative_gap
        Gap at these flows; the certificate computes its own.
    iterations
        Number of loadings of the demand.
    history
        After each loading, upper bound of the excess of the flows over the minimum of the program, relative to the
        money spent.
    """

    class_flow: Floats
    option_flow: Floats
    option_cost: Floats
    load: Floats
    delay_h: Floats
    perceived_delay_h: Floats
    route_scale: Floats
    relative_gap: float
    iterations: int
    history: tuple[float, ...]


def solve_stochastic(
    assignment: Assignment,
    *,
    route_scale: float | Sequence[float] | Floats,
    relative_gap: float = 1e-6,
    max_iterations: int = 200,
    threads: int = 1,
    start_load: Floats | None = None,
    progress: Progress | None = None,
) -> StochasticEquilibrium:
    """Find the stochastic user equilibrium of an assignment.

    Each class chooses among all paths by recursive logit with its route scale, each market among its options by a logit
    with its own scale over their expected minimum costs.

    Parameters
    ----------
    assignment
        Graph, load groups, classes and markets.
    route_scale
        Scale of the choice among routes, t/USD, for each class or for all.
    relative_gap
        Gap at which to stop.
    max_iterations
        Maximum number of loadings of the demand.
    threads
        Number of origins processed at a time; the flows do not depend on it.
    start_load
        Approximate loads, shape (groups,), as a warm start.
    progress
        Receives each loading and an upper bound of its gap.

    Returns
    -------
    StochasticEquilibrium
        Returned even if the gap was missed; see its ``relative_gap``.

    Raises
    ------
    InputError
        Values are invalid. Subclasses: :class:`~landlink.paths.divergence.DivergenceError` if the sum over paths
        diverges without load, and :class:`~landlink.paths.divergence.ZeroCostCycleError` if a cycle has no cost.
    UnreachableError
        No option can serve some markets.
    """
    check_assignment(assignment)
    _refuse_limits(assignment)
    scale = _checked_scale(route_scale, len(assignment.classes))
    start = _checked_start(start_load, len(assignment.groups))
    loading = StochasticLoading(assignment, scale, threads=threads)
    climb = _Climb(assignment, loading, start)
    checked, factor = np.inf, 1.0
    while True:
        bound = climb.bound()
        climb.history.append(bound)
        report_round(progress, len(climb.history), bound, relative_gap)
        over = len(climb.history) >= max_iterations
        if bound * factor <= relative_gap or over:
            checked = climb.gap()
            # The gap uses the delays that these flows cause, the bound those to which they respond.
            factor = max(factor, checked / bound) if bound > 0 else 1.0
        if checked <= relative_gap or over or not climb.step():
            break
        checked = np.inf
    return climb.equilibrium(checked if np.isfinite(checked) else climb.gap())


def _checked_scale(route_scale: float | Sequence[float] | Floats, classes: int) -> Floats:
    given = np.asarray(route_scale, dtype=np.float64)
    if given.ndim > 1 or (given.ndim == 1 and len(given) != classes):
        raise InputError(
            Problem("route_scale", "has the wrong shape", value=str(given.shape), allowed=f"one number, or {classes}")
        )
    scale = np.broadcast_to(given, (classes,)).copy()
    wrong = np.flatnonzero(~(np.isfinite(scale) & (scale > 0)))
    if len(wrong):
        allowed = "a finite number above 0, t/USD"
        raise InputError(
            [Problem("route_scale", "invalid value", f"class {k}", value=str(scale[k]), allowed=allowed) for k in wrong]
        )
    return scale


def _refuse_limits(assignment: Assignment) -> None:
    limited = np.flatnonzero(np.isfinite(assignment.groups.hard_capacity.limit))
    if len(limited):
        names = ", ".join(assignment.groups.names[g] for g in limited[:TOLD])
        more = f" and {len(limited) - TOLD} more" if len(limited) > TOLD else ""
        allowed = "no limit, or deterministic routing"
        raise InputError(
            Problem(
                "groups",
                "stochastic routing does not support hard capacities",
                "",
                "hard_capacity.limit",
                names + more,
                allowed,
            )
        )


def _checked_start(start_load: Floats | None, groups: int) -> Floats | None:
    if start_load is None:
        return None
    start = np.array(start_load, dtype=np.float64)
    if start.shape != (groups,) or not (np.isfinite(start) & (start >= 0)).all():
        allowed = f"{groups} finite numbers, 0 or more"
        raise InputError(Problem("start_load", "invalid starting loads", value=str(start.shape), allowed=allowed))
    return start


@dataclass(frozen=True)
class _Point:
    """Loads, their delays, the response of traffic, and the value of the dual."""

    load: Floats
    delay: Floats
    answer: Answer
    value: float

    @property
    def missing(self) -> Floats:
        """Load of the response in excess of the load whose delay it responds to."""
        return self.answer.load - self.load


@dataclass(frozen=True)
class _Pair:
    """A step taken: changes of loads, of delays, and of the negative gradient."""

    load: Floats
    delay: Floats
    gradient: Floats
    product: float


class _Climb:
    """Maximisation of the dual."""

    def __init__(self, assignment: Assignment, loading: StochasticLoading, start: Floats | None) -> None:
        self.a, self.loading, self.groups = assignment, loading, assignment.groups
        markets, classes = assignment.markets, assignment.classes
        self.weight = classes.load_factor / classes.value_of_time
        # The options of a market have the same commodity, and so the same weight.
        first = np.minimum(markets.first[:-1], max(len(markets.option_class) - 1, 0))
        self.market_weight = self.weight[markets.option_class[first]] if len(first) else np.zeros(0)
        self.history: list[float] = []
        self.pairs: list[_Pair] = []
        self.point = self._at(np.zeros(len(self.groups)) if start is None else start)

    def bound(self) -> float:
        """Upper bound of the excess of the response over the minimum of the program, relative to its cost.

        By weak duality at the perceived delays, only the terms of the curves remain.
        """
        now = self.point
        area = self.groups.delay_integral(now.answer.load) - self.groups.delay_integral(now.load)
        excess = float(((area - now.delay * now.missing) / self.groups.load_per_t).sum())
        spent = dot(self.weight, self.loading.spent(now.answer.class_flow, self.groups.delay_h(now.answer.load)))
        return max(excess, 0.0) / spent if spent > 0 else 0.0

    def gap(self) -> float:
        """Relative gap of the response at the delays it causes (see the certificate)."""
        now, loading = self.point, self.loading
        delay = self.groups.delay_h(now.answer.load)
        dearer, flow = loading.arc_delay(delay - now.delay), now.answer.class_flow
        excess = sum(v * dot(dearer, x) for v, x in zip(self.a.classes.value_of_time, flow, strict=True))
        excess -= dot(self.a.markets.demand, loading.market_cost(delay) - now.answer.market_cost)
        spent = float(loading.spent(flow, delay).sum())
        return max(float(excess), 0.0) / spent if spent > 0 else 0.0

    def step(self) -> bool:
        """Move to a better point; return whether one was found."""
        now = self.point
        slope = self._slope(now.load)
        direction = self._direction(slope)
        promised = dot(now.missing / self.groups.load_per_t, slope * direction)
        if not promised > 0:
            self.pairs.clear()
            direction = now.missing
            promised = dot(now.missing / self.groups.load_per_t, slope * direction)
        found = self._along(direction, promised)
        if found is None and self.pairs:
            # The stored curvature may stem from a region where choices were less certain.
            self.pairs.clear()
            promised = dot(now.missing / self.groups.load_per_t, slope * now.missing)
            found = self._along(now.missing, promised)
        if found is None:
            return False
        self._remember(now, found)
        self.point = found
        return True

    def equilibrium(self, gap: float) -> StochasticEquilibrium:
        """Build the solution."""
        now, answer = self.point, self.point.answer
        return StochasticEquilibrium(
            answer.class_flow, answer.option_flow, answer.option_cost, answer.load, self.groups.delay_h(answer.load),
            now.delay, self.loading.scale, gap, len(self.history), tuple(self.history),
        )  # fmt: skip

    def _at(self, load: Floats) -> _Point:
        delay = self.groups.delay_h(load)
        answer = self.loading.answer(delay)
        conjugate = (load * delay - self.groups.delay_integral(load)) / self.groups.load_per_t
        saved = dot(self.market_weight * self.a.markets.demand, answer.market_cost)
        return _Point(load, delay, answer, saved - float(conjugate.sum()))

    def _slope(self, load: Floats) -> Floats:
        """Slope of each group's delay, h per unit of load."""
        nudge = NUDGE * (self.groups.capacity + load)
        return (self.groups.delay_h(load + nudge) - self.groups.delay_h(load)) / nudge

    def _direction(self, slope: Floats) -> Floats:
        """Search direction: the two-loop recursion of Nocedal (1980), with the result in loads instead of delays."""
        if not self.pairs:
            return self.point.missing
        left = -self.point.missing / self.groups.load_per_t
        shares = []
        for pair in reversed(self.pairs):
            shares.append(dot(pair.delay, left) / pair.product)
            left = left - shares[-1] * pair.gradient
        guess = slope * self.groups.load_per_t
        last = self.pairs[-1]
        stretch = last.product / max(dot(last.gradient, guess * last.gradient), 1e-300)
        moved_load = stretch * self.groups.load_per_t * left
        moved_delay = stretch * guess * left
        for pair, share in zip(self.pairs, reversed(shares), strict=True):
            more = share - dot(pair.gradient, moved_delay) / pair.product
            moved_load = moved_load + more * pair.load
            moved_delay = moved_delay + more * pair.delay
        return -moved_load

    def _along(self, direction: Floats, promised: float) -> _Point | None:
        """Point along a direction with a sufficient increase; ``None`` if no increase exceeds rounding."""
        now, length = self.point, 1.0
        least, most = LEAST_LEFT * now.load, MOST_ADDED * np.maximum(now.load, now.answer.load)
        for trials in range(TRIALS):
            load = np.clip(now.load + length * direction, least, most)
            trial = self._at(load)
            slack = ROUNDING * abs(now.value)
            if not math.isfinite(trial.value):
                length *= 0.1
                continue
            if trial.value >= now.value + RISE * length * promised - slack:
                return trial
            ahead = dot(trial.missing / self.groups.load_per_t, self._slope(load) * direction)
            if ahead >= promised:
                length *= 0.5
                continue
            # The point where a linear slope would vanish or, if choices are nearly certain and the value has a kink,
            # where the tangents at both ends intersect.
            evenly = promised / (promised - ahead)
            kinked = ((trial.value - now.value) / length - ahead) / (promised - ahead)
            length *= min(max(kinked, 0.01), 0.6) if trials % 2 else min(max(evenly, 0.1), 0.6)
        return None

    def _remember(self, before: _Point, after: _Point) -> None:
        delay = after.delay - before.delay
        gradient = (before.missing - after.missing) / self.groups.load_per_t
        product = dot(delay, gradient)
        if product > 1e-14 * np.sqrt(dot(delay, delay) * dot(gradient, gradient)):
            self.pairs.append(_Pair(after.load - before.load, delay, gradient, product))
            del self.pairs[:-MEMORY]
