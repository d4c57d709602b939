"""The part of an assignment where something is left to choose, and the shifts that settle it on known routes."""

from __future__ import annotations

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.sums import dot
from landlink.equilibrium.problem import Assignment
from landlink.equilibrium.route_kernels import split_groups
from landlink.equilibrium.route_list import RouteList
from landlink.equilibrium.shift_kernels import ActiveSet, Past, State, Visits, advance, set_loads

#: Sweeps at most before new routes are looked for.
SWEEPS = 12
#: The worst markets are visited so many times more at the end of each sweep, if nobody says otherwise.
AGAIN = 8
#: Share of the gap wanted that the markets which are let be may hold together.
LET_BE = 0.3
#: A rise of the objective by less than this share is rounding.
ROUNDING = 1e-13
#: Times that an overshoot is halved at most.
HALVINGS = 8

Flows = tuple[Floats, Floats]


class ActiveMarkets:
    """Markets with several options or routes, cut out of an assignment.

    Parameters
    ----------
    assignment, routes, option_flow
        The whole, at its present flows.
    order
        Place of each market in the order of visits, shape (markets,).
    among
        Markets to leave as they are, however many routes they have, where False; shape (markets,).
    again
        Visits more to the worst markets at the end of each sweep.
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
            routes.costs_of(self.routes, classes.fixed), common_first, common, own_first, own,
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
        """Shift flow until the gap on known routes is as wanted, USD a day; return flows of routes and options.

        Sweeps gain momentum (Nesterov 1983, started again whenever the objective rises: O'Donoghue and Candes 2015):
        each begins a little further on in the direction of the last.
        """
        enough = LET_BE * wanted / max(len(self._visits.order), 1)
        momentum, least = 0, self._objective()
        for _ in range(SWEEPS):
            gap = self._sweep(enough, momentum / (momentum + 3))
            value = self._objective()
            now = self._past.now_flow, self._past.now_option
            if value > least and momentum:
                self._set_flows(now)
                gap = self._sweep(enough, 0.0)
                value, momentum = self._objective(), 0
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
        """Visit all markets, then the worst again and again; return the gap that the visit of all met."""
        now = self._settled, self._active, self._state, self._past, self._visits
        return float(advance(self._again, enough, stride, *now))

    def _halved(self, before: Flows, least: float) -> float:
        """Go back towards earlier flows, half the way each time, until the objective is below theirs; return it.

        A step on the curve's slope may go too far where a curve bends sharply, and the next one as far back, for ever.
        Between two flows the objective is convex, so that on the way back it falls.
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
        """The convex program's objective at the present flows, but for what does not change."""
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
    """Visits to markets in some order."""
    size = len(order)
    ranked, other, again = np.empty((3, size), dtype=np.int64)
    return Visits(order, ranked, other, again, np.empty(size), np.zeros(size, dtype=np.int8))


def _ranges(begins: Ints, sizes: Ints) -> Ints:
    """Numbers from each beginning on, one range after the other."""
    within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.repeat(begins, sizes) + within
