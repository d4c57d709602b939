"""Solve an assignment: search cheapest routes, shift flow among the known ones, look again.

The program solved is Beckmann's with an entropy term (Evans 1976; Florian and Nguyen 1978), written out in
:mod:`landlink.equilibrium.certificate`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from landlink.equilibrium.problem import Assignment, Equilibrium, Routes, UnreachableError
from landlink.equilibrium.shift_kernels import KnownRoutes, State, Traffic, slopes, sweep
from landlink.paths.routes import Trips, cheapest_routes
from landlink.sums import dot, sum_at

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Progress = Callable[[int, float], None]

#: The shifts go on until the gap on known routes is this share of the gap at the last search.
INNER_SHARE = 0.05
#: ... or until this many sweeps.
SWEEPS = 12
#: The markets that hold this share of the gap are visited so many times more at the end of each sweep.
WORST_HOLD = 0.9
AGAIN = 8
#: A rise of the objective by less than this share is rounding.
ROUNDING = 1e-13
#: Times that an overshoot is halved at most.
HALVINGS = 8
#: Share of its market below which momentum does not push an option.
LEAST_SHARE = 1e-12


def solve(
    assignment: Assignment,
    *,
    relative_gap: float = 1e-6,
    max_iterations: int = 200,
    threads: int = 1,
    start_load: Floats | None = None,
    progress: Progress | None = None,
) -> Equilibrium:
    """Find the equilibrium of an assignment.

    Parameters
    ----------
    assignment
        Graph, load groups, classes and markets.
    relative_gap
        Gap at which to stop.
    max_iterations
        Most searches for routes.
    threads
        Trees grown at a time; the flows do not depend on it.
    start_load
        Loads near those expected, shape (groups,): a warm start.
    progress
        Called with iteration and gap after each search.

    Raises
    ------
    UnreachableError
        Markets that no option can serve.
    """
    state = _State(assignment, start_load)
    history: list[float] = []
    state.split_by_logit(state.search(threads))
    while True:
        best = state.search(threads)
        history.append(state.gap(best))
        if progress is not None:
            progress(len(history), history[-1])
        if history[-1] <= relative_gap or len(history) > max_iterations:
            break
        state.shift(history[-1])
    return state.equilibrium(history)


class _State:
    """Routes known, their flows, and the loads they make."""

    def __init__(self, assignment: Assignment, start_load: Floats | None) -> None:
        self.a = assignment
        markets, groups = assignment.markets, assignment.groups
        market = markets.option_market
        order = np.lexsort((markets.destination[market], markets.origin[market], markets.option_class))
        self.order = order
        self.trips = Trips(
            markets.option_class[order], markets.origin[market][order], markets.destination[market][order]
        )
        self.curves = np.column_stack(
            [groups.load_per_t, groups.curve, groups.a, groups.b, groups.scale_h, groups.capacity, groups.background]
        )
        self.load = np.zeros(len(groups)) if start_load is None else np.asarray(start_load, dtype=np.float64).copy()
        self.delay = groups.delay_h(self.load)
        # Two classes with different values of time that want to change places on two congested routes may each move
        # only a little before delays tell them to stop: they make way for each other in turns. A mixed order gives them
        # many turns in a sweep, an order by commodity one.
        self.visit = np.random.default_rng(0).permutation(len(markets.demand))
        self.option_flow = np.zeros(len(markets.option_class))
        self.routes = Routes(
            np.empty(0, dtype=np.int64), np.zeros(1, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0)
        )
        self._index_routes()

    def _arc_costs(self, category: int) -> Floats:
        delay = np.append(self.delay, 0.0)[self.a.group]
        return np.asarray(self.a.classes.fixed[category] + self.a.classes.value_of_time[category] * delay)

    def search(self, threads: int) -> Floats:
        """Add every route that is cheaper than those used; return the cheapest cost of every option, USD/t.

        An option without any route costs ``inf`` and never gets flow.
        """
        known = np.full(len(self.order), np.inf)
        used = self.routes.flow > 0
        np.minimum.at(known, self.routes.option[used], self.route_costs()[used])
        best, length, arcs = cheapest_routes(
            self.a.first_out, self.a.head, self.a.tail, self._arc_costs, self.trips, known[self.order], threads=threads
        )
        self._add_routes(length, arcs)
        return self._unsorted(best)

    def _unsorted(self, values: Floats) -> Floats:
        out = np.empty_like(values)
        out[self.order] = values
        return out

    def _add_routes(self, length: Ints, arcs: Ints) -> None:
        """Merge new routes with the used ones; routes without flow are forgotten."""
        old, new = self.routes, np.flatnonzero(length)
        used = old.flow > 0
        lengths = np.concatenate([np.diff(old.first)[used], length[new]])
        pool = np.concatenate([old.arcs[np.repeat(used, np.diff(old.first))], arcs])
        option = np.concatenate([old.option[used], self.order[new]])
        flow = np.concatenate([old.flow[used], np.zeros(len(new))])
        order = np.argsort(option, kind="stable")
        begins = np.append(0, np.cumsum(lengths))[:-1]
        first = np.append(0, np.cumsum(lengths[order]))
        within = np.arange(first[-1]) - np.repeat(first[:-1], lengths[order])
        self.routes = Routes(option[order], first, pool[np.repeat(begins[order], lengths[order]) + within], flow[order])
        self._index_routes()

    def _index_routes(self) -> None:
        """Precompute what the shifts need: each route's fixed cost and the load groups it passes."""
        routes, classes = self.routes, self.a.classes
        lengths = np.diff(routes.first)
        owner = np.repeat(np.arange(len(routes)), lengths)
        self.route_class = self.a.markets.option_class[routes.option]
        fixed = classes.fixed[self.route_class[owner], routes.arcs]
        self.route_fixed = sum_at(owner, fixed, len(routes))
        group = self.a.group[routes.arcs]
        delayed = group >= 0
        self.route_groups = group[delayed]
        self.route_first = np.append(0, np.cumsum(np.bincount(owner[delayed], minlength=len(routes))))
        self.group_owner = np.repeat(np.arange(len(routes)), np.diff(self.route_first))
        self.option_first = np.searchsorted(routes.option, np.arange(len(self.order) + 1))
        self._recompute_load()

    def _recompute_load(self) -> None:
        """Loads anew from route flows, so that rounding does not add up over the shifts."""
        if not self.routes.flow.any():
            return
        self.load = self._loads(self.routes.flow)
        self.delay = self.a.groups.delay_h(self.load)

    def _loads(self, flow: Floats) -> Floats:
        """Load of each group at flows on the known routes."""
        tonnes = (flow * self.a.classes.load_factor[self.route_class])[self.group_owner]
        return sum_at(self.route_groups, tonnes, len(self.load)) * self.a.groups.load_per_t

    def route_costs(self) -> Floats:
        """Cost of each known route at the present delays, USD/t."""
        hours = sum_at(self.group_owner, self.delay[self.route_groups], len(self.routes))
        return np.asarray(self.route_fixed + self.a.classes.value_of_time[self.route_class] * hours)

    def split_by_logit(self, best: Floats) -> None:
        """First flows: every option's logit share on its one known route."""
        markets = self.a.markets
        market = markets.option_market
        top, weight, total = self._logit(best)
        if (lost := np.flatnonzero(~np.isfinite(top))).size:
            raise UnreachableError(lost)
        self.option_flow = markets.demand[market] * weight / total[market]
        self.routes = replace(self.routes, flow=self.option_flow[self.routes.option])
        self._recompute_load()

    def _logit(self, best: Floats) -> tuple[Floats, Floats, Floats]:
        """Highest utility of each market, weight of each option over it, and the sum of weights of each market."""
        markets = self.a.markets
        market = markets.option_market
        utility = -markets.scale[market] * (best + markets.option_constant)
        top = np.full(len(markets.demand), -np.inf)
        np.maximum.at(top, market, utility)
        weight = np.exp(utility - np.where(np.isfinite(top), top, 0.0)[market])
        return top, weight, sum_at(market, weight, len(markets.demand))

    def spent(self) -> float:
        """USD a day that all freight bears at the present flows."""
        return dot(self.routes.flow, self.route_costs())

    def gap(self, best: Floats) -> float:
        """Relative gap at the present flows, given the cheapest cost of every option (see the certificate)."""
        spent = self.spent()
        return max(float(self.market_gaps(best).sum()), 0.0) / spent if spent > 0 else 0.0

    def market_gaps(self, best: Floats) -> Floats:
        """What each market bears above its least at the present costs, USD a day."""
        markets = self.a.markets
        market = markets.option_market
        flow, demand, scale = self.option_flow, markets.demand[market], markets.scale[market]
        held = sum_at(self.routes.option, self.routes.flow * self.route_costs(), len(flow))
        held += flow * markets.option_constant
        positive = flow > 0
        held[positive] += flow[positive] * np.log(flow[positive] / demand[positive]) / scale[positive]
        top, _, total = self._logit(best)
        return sum_at(market, held, len(markets.demand)) + markets.demand * (top + np.log(total)) / markets.scale

    def shift(self, relative_gap: float) -> None:
        """Shift flow among known routes until little is left to gain on them.

        Sweeps gain momentum (Nesterov 1983, started again whenever the objective rises: O'Donoghue and Candes 2015):
        each begins a little further on in the direction of the last.
        """
        earlier, momentum, least = self._flows(), 0, self._objective()
        visit = self.visit
        tolerance = 0.1 * float(np.sqrt(INNER_SHARE * relative_gap))
        for _ in range(SWEEPS):
            now = self._flows()
            if momentum:
                self._set_flows(*self._stride(earlier, now, momentum / (momentum + 3)))
            self._sweep(visit, tolerance)
            value = self._objective()
            if value > least and momentum:
                self._set_flows(*now)
                self._sweep(visit, tolerance)
                value, momentum = self._objective(), 0
            else:
                momentum += 1
            if value > least + ROUNDING * abs(least):
                value, momentum = self._halved(now, least), 0
            earlier, least = now, value
            gaps = self.market_gaps(self._cheapest_known())
            if gaps.sum() <= INNER_SHARE * relative_gap * self.spent():
                break
            visit = np.concatenate([self.visit, np.tile(self._worst(gaps), AGAIN)])

    def _halved(self, before: tuple[Floats, Floats], least: float) -> float:
        """Go back towards earlier flows, half the way each time, until the objective is below theirs; return it.

        A step on the curve's slope may go too far where a curve bends sharply, and the next one as far back, for ever.
        Between two flows the objective is convex, so that on the way back it falls.
        """
        value = self._objective()
        for _ in range(HALVINGS):
            if value <= least:
                break
            flow, option_flow = self._flows()
            self._set_flows((flow + before[0]) / 2, (option_flow + before[1]) / 2)
            value = self._objective()
        return value

    def _worst(self, gaps: Floats) -> Ints:
        """The markets with the largest gaps that together hold most of them, in the order of visits."""
        order = np.argsort(-gaps, kind="stable")
        total = np.cumsum(gaps[order])
        chosen = np.zeros(len(gaps), dtype=bool)
        chosen[order[: int(np.searchsorted(total, WORST_HOLD * total[-1])) + 1]] = True
        return self.visit[chosen[self.visit]]

    def _flows(self) -> tuple[Floats, Floats]:
        return self.routes.flow, self.option_flow

    def _sweep(self, visit: Ints, tolerance: float) -> None:
        markets, classes = self.a.markets, self.a.classes
        flow, option_flow = self.routes.flow.copy(), self.option_flow.copy()
        sweep(
            visit,
            tolerance,
            Traffic(
                markets.first,
                markets.scale,
                markets.option_class,
                markets.option_constant,
                classes.value_of_time,
                classes.load_factor,
            ),
            KnownRoutes(self.option_first, self.route_fixed, self.route_first, self.route_groups),
            State(flow, option_flow, self.load, self.delay, slopes(self.curves, self.load), self.curves),
        )
        self._set_flows(flow, option_flow)

    def _set_flows(self, flow: Floats, option_flow: Floats) -> None:
        self.routes, self.option_flow = replace(self.routes, flow=flow), option_flow
        self._recompute_load()

    def _cheapest_known(self) -> Floats:
        best = np.full(len(self.order), np.inf)
        np.minimum.at(best, self.routes.option, self.route_costs())
        return best

    def _stride(
        self, earlier: tuple[Floats, Floats], now: tuple[Floats, Floats], length: float
    ) -> tuple[Floats, Floats]:
        """Flows a stride further on, made feasible: nothing negative, options and markets add up."""
        (flow, option_flow), (now_flow, now_option) = earlier, now
        markets = self.a.markets
        market = markets.option_market
        least = np.minimum(now_option, LEAST_SHARE * markets.demand[market])
        wanted = np.maximum(now_option + length * (now_option - option_flow), least)
        wanted *= (markets.demand / sum_at(market, wanted, len(markets.demand)))[market]
        moved = np.maximum(now_flow + length * (now_flow - flow), 0.0)
        total = sum_at(self.routes.option, moved, len(wanted))
        empty = total <= 0.0
        moved = np.where(empty[self.routes.option], now_flow, moved)
        total = np.where(empty, now_option, total)
        ratio = np.divide(wanted, total, out=np.zeros_like(wanted), where=total > 0)
        moved = moved * ratio[self.routes.option]
        return moved, sum_at(self.routes.option, moved, len(wanted))

    def _objective(self) -> float:
        """The convex program's objective at the present flows (see the certificate)."""
        flow, option_flow = self._flows()
        markets, classes, groups = self.a.markets, self.a.classes, self.a.groups
        weight = classes.load_factor / classes.value_of_time
        positive = option_flow > 0
        share = option_flow[positive] / markets.demand[markets.option_market[positive]]
        entropy = option_flow[positive] * np.log(share) / markets.scale[markets.option_market[positive]]
        of_option = weight[markets.option_class]
        return float(
            dot(weight[self.route_class] * flow, self.route_fixed)
            + dot(of_option, option_flow * markets.option_constant)
            + dot(of_option[positive], entropy)
            + (groups.delay_integral(self.load) / groups.load_per_t).sum()
        )

    def equilibrium(self, history: list[float]) -> Equilibrium:
        """What was found."""
        used = self.routes.flow > 0
        lengths = np.diff(self.routes.first)
        routes = Routes(
            self.routes.option[used],
            np.append(0, np.cumsum(lengths[used])),
            self.routes.arcs[np.repeat(used, lengths)],
            self.routes.flow[used],
        )
        return Equilibrium(routes, self.option_flow, self.load, self.delay, history[-1], len(history), tuple(history))
