"""Active markets: those of an assignment that have a choice, and the flow shifts that equilibrate them."""

from __future__ import annotations

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.sums import dot
from landlink.equilibrium.problem import Assignment
from landlink.equilibrium.route_kernels import split_groups
from landlink.equilibrium.route_list import RouteList
from landlink.equilibrium.shift_kernels import ActiveSet, Past, State, Visits, advance, rise, set_loads

#: Maximum number of sweeps between route searches.
SWEEPS = 300
#: Default number of additional visits to the worst markets at the end of each sweep.
AGAIN = 8
#: Share of the target gap that the skipped markets may hold together.
LET_BE = 0.3
#: Relative increase of the objective that is regarded as rounding.
ROUNDING = 1e-13
#: Relative increase of the objective that certainly is an overshoot; smaller ones are told by its derivative.
RESOLVED = 1e-11
#: Maximum number of halvings of an overshoot.
HALVINGS = 8

Flows = tuple[Floats, Floats]


class ActiveMarkets:
    """Markets with several options or routes, extracted from an assignment.

    Parameters
    ----------
    assignment, routes, option_flow
        The whole assignment, at its current flows.
    order
        Position of each market in the order of visits, shape (markets,).
    among
        Markets that may be shifted, shape (markets,); the others are left unchanged.
    again
        Number of additional visits to the worst markets at the end of each sweep.
    """

    def __init__(
        self,
        assignment: Assignment,
        routes: RouteList,
        option_flow: Floats,
        order: Ints,
        *,
        among: Bools | None = None,
        again: int = AGAIN,
    ) -> None:
        markets, groups = assignment.markets, assignment.groups
        several = np.add.reduceat(np.diff(routes.option_first) > 1, markets.first[:-1]) > 0
        several |= np.diff(markets.first) > 1
        chosen = np.flatnonzero(several if among is None else several & among)
        sizes = np.diff(markets.first)[chosen]
        self.options = _ranges(markets.first[chosen], sizes)
        route_sizes = np.diff(routes.option_first)[self.options]
        self.routes = _ranges(routes.option_first[self.options], route_sizes)
        self._groups, self._again = groups, again
        option_class = markets.option_class[self.options]
        classes = assignment.classes
        common_first, common, own_first, own = split_groups(
            routes.option_first, self.options, routes.first, routes.arcs, routes.groups_of_arcs(), len(groups)
        )
        self._active = ActiveSet(
            np.append(0, np.cumsum(sizes)), markets.demand[chosen], markets.scale[chosen],
            markets.option_constant[self.options], classes.value_of_time[option_class],
            classes.load_factor[option_class], np.append(0, np.cumsum(route_sizes)),
            routes.costs_of(self.routes, classes.fixed), common_first, common, own_first, own, groups.bends_down,
        )  # fmt: skip
        if len(self.routes) < len(routes):
            settled = routes.flow.copy()
            settled[self.routes] = 0.0
            self._settled = routes.loads(settled)
        else:
            self._settled = np.zeros(len(groups))
        empty = np.zeros(len(groups))
        self._state = State(
            routes.flow[self.routes], option_flow[self.options], empty.copy(), empty.copy(), empty.copy(),
            *groups.for_kernels, np.empty(len(self.routes)), np.empty(len(self.options), dtype=np.int64),
            np.empty(len(chosen)), empty.copy(),
        )  # fmt: skip
        weight = self._active.load_factor / self._active.value_of_time
        self._fixed_weight = np.repeat(weight, route_sizes) * self._active.fixed
        self._has_constants = bool(self._active.constant.any())
        self._of_options = weight, np.repeat(self._active.demand, sizes), np.repeat(self._active.scale, sizes)
        self._past = Past(self._state.flow.copy(), self._state.option_flow.copy(), *map(np.empty_like, self._state[:2]))
        self._visits = _visits(np.argsort(order[chosen], kind="stable"))
        set_loads(self._settled, self._active, self._state)

    def shift(self, wanted: float) -> Flows:
        """Shift flow until the gap on known routes meets the target, USD a day; return flows of routes and options.

        Sweeps are accelerated by momentum (Nesterov 1983): each begins a little further in the direction of the last.
        It restarts whenever the objective or its derivative shows an overshoot (O'Donoghue and Candes 2015).
        """
        enough = LET_BE * wanted / max(len(self._visits.order), 1)
        momentum, least = 0, self._objective()
        for _ in range(SWEEPS):
            gap = self._sweep(enough, momentum / (momentum + 3))
            value = self._objective()
            now = self._past.now_flow, self._past.now_option
            if momentum and value > least + RESOLVED * abs(least):
                self._set_flows(now)
                gap = self._sweep(enough, 0.0)
                value, momentum = self._objective(), 0
            elif momentum and rise(self._active, self._state, self._past) > 0:
                momentum = 0
            else:
                momentum += 1
            if value > least + ROUNDING * abs(least):
                value, momentum = self._halved(now, least), 0
            self._past.earlier_flow[:], self._past.earlier_option[:] = now
            least = value
            if gap <= wanted:
                break
        return self._flows()

    def _sweep(self, enough: float, stride: float) -> float:
        """Visit all markets, then the worst ones repeatedly; return the gap found in the visit of all."""
        now = self._settled, self._active, self._state, self._past, self._visits
        return float(advance(self._again, enough, stride, *now))

    def _halved(self, before: Flows, least: float) -> float:
        """Backtrack towards earlier flows by halving until the objective is below theirs; return it.

        Where a curve bends sharply, a Newton step may overshoot, and the next one overshoot back, without end. Between
        two flows the objective is convex, so that backtracking decreases it.
        """
        value = self._objective()
        for _ in range(HALVINGS):
            if value <= least:
                break
            flow, option_flow = self._flows()
            self._set_flows(((flow + before[0]) / 2, (option_flow + before[1]) / 2))
            value = self._objective()
        return value

    def _flows(self) -> Flows:
        return self._state.flow.copy(), self._state.option_flow.copy()

    def _set_flows(self, flows: Flows) -> None:
        self._state.flow[:], self._state.option_flow[:] = flows
        set_loads(self._settled, self._active, self._state)

    def _objective(self) -> float:
        """Objective of the convex program at the current flows, up to a constant."""
        flow, option_flow, weight, demand, scale = self._state.flow, self._state.option_flow, *self._of_options
        value = dot(self._fixed_weight, flow)
        if self._has_constants:
            value += dot(weight, option_flow * self._active.constant)
        positive = option_flow > 0
        if not positive.all():
            option_flow, weight, demand, scale = (a[positive] for a in (option_flow, weight, demand, scale))
        value += dot(weight, option_flow * np.log(option_flow / demand) / scale)
        return value + float((self._groups.delay_integral(self._state.load) / self._groups.load_per_t).sum())


def _visits(order: Ints) -> Visits:
    """Order of visits to markets, with scratch arrays."""
    size = len(order)
    ranked, other, again = np.empty((3, size), dtype=np.int64)
    return Visits(order, ranked, other, again, np.empty(size), np.zeros(size, dtype=np.int8))


def _ranges(begins: Ints, sizes: Ints) -> Ints:
    """Concatenate ranges of integers."""
    within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.repeat(begins, sizes) + within
