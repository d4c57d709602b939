"""An equilibrium with spread routes made ready for perturbations: what stays the same in all of them, found once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.sums import dot, sum_at
from landlink.equilibrium.flows import class_flows
from landlink.equilibrium.interactions import Interactions
from landlink.equilibrium.option_costs import logsums
from landlink.equilibrium.perturbed_far_kernels import Still
from landlink.equilibrium.perturbed_kernels import entry_hours
from landlink.equilibrium.perturbed_newton import newton_step, sensitivities, slopes, stiff_groups
from landlink.equilibrium.perturbed_still import still_at
from landlink.equilibrium.problem import Assignment
from landlink.equilibrium.spread import SpreadEquilibrium
from landlink.equilibrium.spread_kernels import Program, add_option_loads
from landlink.equilibrium.spread_loading import SpreadLoading
from landlink.equilibrium.spread_search_kernels import Search

__all__ = ["PerturbedBase", "reference_flow_of"]

Made = TypeVar("Made")
#: Saving below which a route of the base is not missing, relative to the cheapest cost.
SLACK: Final = 1e-12
#: Newton steps that make the base exact, and the share of the disutility that its excess may be.
STEPS: Final = 12
EXACT: Final = 1e-17


class PerturbedBase:
    """The equilibrium that perturbations start from.

    Parameters
    ----------
    assignment
        Graph, load groups, classes and markets, groups without what they feel from others.
    interactions
        Loads that groups feel from others; ``None``: none.
    found
        The equilibrium, with its routes.
    """

    def __init__(self, assignment: Assignment, interactions: Interactions | None, found: SpreadEquilibrium) -> None:
        self.a, self.interactions = assignment, interactions
        self.loading = SpreadLoading(assignment, found.route_scale, found.own_cost, cheapest=found.own_cheapest)
        self.loading.search = Search.of(len(assignment.first_out) - 1, len(assignment.head))
        self.loading.begin(found.routes)
        self._made: dict[Any, Any] = {}
        self._settle(found)

    def _settle(self, found: SpreadEquilibrium) -> None:
        """Find the loads whose delays the routes answer with the same loads, and prove that no route is missing."""
        groups, loading = self.a.groups, self.loading
        felt = self.felt(found.load, self.arc_flow(loading, found.option_flow))
        for _ in range(STEPS):
            self.delay, self.felt_load = groups.delay_h(felt), felt
            loading.add(loading.complete(self.delay, SLACK))
            self.answer = loading.answer(self.delay)
            flow = self.arc_flow(loading, self.answer.option_flow)
            missing = self.felt(self.answer.load, flow) - felt
            slope = slopes(groups, felt)
            excess = dot(slope * missing, missing / groups.load_per_t)
            if excess <= EXACT * abs(self.answer.disutility):
                break
            stiff = stiff_groups(felt, slope)
            now = sensitivities(loading, self.answer.option_flow, stiff)
            felt = np.maximum(felt + newton_step(self.interactions, groups, slope, now, stiff, missing), 0.0)
        # Far markets respond over routes in use alone.
        loading.begin(loading.routes(self.answer))
        self.answer = loading.answer(self.delay)
        self.completed = loading.complete(self.delay, SLACK)
        self.arc_flow_t = self.arc_flow(loading, self.answer.option_flow)

    @cached_property
    def sensitivity(self) -> Floats:
        """How much less each group carries for each hour of delay of another, t/h; shape (groups, groups)."""
        return sensitivities(self.loading, self.answer.option_flow, np.arange(len(self.a.groups)))

    @cached_property
    def counted(self) -> Ints:
        """Arcs whose flows are counted by themselves, since they load groups in their own way."""
        none = np.zeros(0, dtype=np.int64)
        return none if self.interactions is None else np.unique(self.interactions.arc_loads.arc)

    def cells(self, arc_flow: Floats) -> Floats:
        """Flow of each cell, of the groups and the counted arcs, at a flow on arcs."""
        inside = self.a.group >= 0
        of_groups = sum_at(self.a.group[inside], arc_flow[inside], len(self.a.groups))
        return np.append(of_groups, arc_flow[self.counted])

    def change(self, delay_h: Floats, before: Floats) -> Floats:
        """Change of the delays of cells; counted arcs have none of their own."""
        return np.append(delay_h - before, np.zeros(len(self.counted)))

    def felt_at(self, cells: Floats) -> Floats:
        """Load of each group with what it feels from others, at flows of cells."""
        groups = len(self.a.groups)
        arc_flow = np.zeros(len(self.a.head))
        arc_flow[self.counted] = cells[groups:]
        return self.felt(self.a.groups.load_per_t * cells[:groups], arc_flow)

    @cached_property
    def cell_flow(self) -> Floats:
        """Flow of each cell in the base."""
        return self.cells(self.arc_flow_t)

    @cached_property
    def still(self) -> Still:
        """What kernels need of the base."""
        answer = self.answer
        return still_at(self, self.loading, self.delay, (answer.option_cost, answer.mean, answer.option_flow))

    @cached_property
    def program(self) -> Program:
        """Scratch for the option with most routes."""
        return Program.of(self.loading.most_routes)

    @cached_property
    def option_cost(self) -> Floats:
        """Lower bound of the cost of each option, USD/t, exact but for what routes left out could save."""
        return self.completed.option_cost

    @cached_property
    def class_flow(self) -> Floats:
        """t/day of each class on each arc, shape (classes, arcs)."""
        return class_flows(self.a, self.loading.routes(self.answer))

    @cached_property
    def market_cost(self) -> Floats:
        """Expected cost of each market, USD/t."""
        return logsums(self.a, self.answer.option_cost)

    @cached_property
    def spent(self) -> float:
        """What all freight spends, USD/day."""
        used = self.answer.option_flow > 0
        return dot(self.answer.option_flow[used], self.answer.mean[used])

    @cached_property
    def value_flow(self) -> Floats:
        """What an hour of delay costs all that pass each group, USD/h."""
        by_arc = np.zeros(len(self.a.head))
        for value, flow in zip(self.a.classes.value_of_time, self.class_flow, strict=True):
            by_arc += value * flow
        inside = self.a.group >= 0
        return sum_at(self.a.group[inside], by_arc[inside], len(self.a.groups))

    @cached_property
    def mean_value(self) -> Floats:
        """Mean value of an hour of each unit of load of a group, USD/h."""
        load = self.a.groups.load_per_t * self.cell_flow[: len(self.a.groups)]
        usual = self.value_flow.sum() / load.sum() if load.any() else 0.0
        return np.asarray(np.divide(self.value_flow, load, out=np.full(len(load), usual), where=load > 0))

    @cached_property
    def group_of_arcs(self) -> Ints:
        """Group of each arc, one past the last if it has none."""
        return np.where(self.a.group < 0, len(self.a.groups), self.a.group)

    def derived(self, make: Callable[[PerturbedBase], Made]) -> Made:
        """What a function makes of the base; it is called once."""
        if make not in self._made:
            self._made[make] = make(self)
        return self._made[make]  # type: ignore[no-any-return]

    @cached_property
    def option_market(self) -> Ints:
        """Market of each option."""
        return self.a.markets.option_market

    @cached_property
    def passing(self) -> tuple[Ints, Ints]:
        """Options whose used routes pass each arc: those of arc ``a`` are ``second[first[a] : first[a + 1]]``."""
        lists, arcs, options = self.loading.lists, len(self.a.head), len(self.a.markets.option_class)
        option = np.repeat(np.repeat(np.arange(options), np.diff(lists.option_first)), np.diff(lists.first))
        pairs = np.unique(lists.arcs.astype(np.int64) * options + option)
        arc, option = np.divmod(pairs, options)
        return np.append(0, np.cumsum(np.bincount(arc, minlength=arcs))), option

    @cached_property
    def passing_groups(self) -> tuple[Ints, Ints]:
        """Markets whose used routes pass each group, as :attr:`passing`."""
        first, option = self.passing
        group, markets = np.repeat(self.a.group, np.diff(first)), len(self.a.markets.demand)
        inside = group >= 0
        pairs = np.unique(group[inside].astype(np.int64) * markets + self.option_market[option[inside]])
        group, market = np.divmod(pairs, markets)
        return np.append(0, np.cumsum(np.bincount(group, minlength=len(self.a.groups)))), market

    @cached_property
    def option_groups(self) -> tuple[Ints, Ints, Floats, Floats]:
        """Groups that options pass, shares that pass them, and sums of ``1 / (2 w)`` of the arcs used there.

        Those of option ``o`` from ``first[o]`` to ``first[o + 1]``.
        """
        lists, groups, arcs = self.loading.lists, len(self.a.groups), len(self.a.head)
        options = len(lists.option_first) - 1
        route = np.repeat(np.arange(len(lists.share)), np.diff(lists.first))
        inside = self.a.group[lists.arcs] >= 0
        option = np.repeat(np.arange(options), np.diff(lists.option_first))[route[inside]]
        pairs, place = np.unique(option * arcs + lists.arcs[inside], return_inverse=True)
        share = sum_at(place, lists.share[route[inside]], len(pairs))
        option, arc = np.divmod(pairs, arcs)
        own = self.loading.own_cost[self.a.markets.option_class[option], arc]
        with np.errstate(divide="ignore"):
            soft = self.half_spread[option] / own
        pairs, place = np.unique(option * groups + self.a.group[arc], return_inverse=True)
        share, soft = sum_at(place, share, len(pairs)), sum_at(place, soft, len(pairs))
        option, group = np.divmod(pairs, groups)
        return np.append(0, np.cumsum(np.bincount(option, minlength=options))), group, share, soft

    @cached_property
    def softness(self) -> Floats:
        """Sum of ``1 / own`` over the arcs of each group that a class may use; shape (groups, classes)."""
        inside = np.flatnonzero(self.a.group >= 0)
        own = self.loading.own_cost[:, inside]
        with np.errstate(divide="ignore"):
            inverse = np.where(np.isfinite(own), 1 / own, 0.0)
        return np.ascontiguousarray(
            [sum_at(self.a.group[inside], of_class, len(self.a.groups)) for of_class in inverse]
        ).T.copy()

    @cached_property
    def half_spread(self) -> Floats:
        """``1 / (2 stretch)`` of each option, 0 without a route: own costs times it are ``1 / (2 w)``."""
        stretch = self.loading.options.stretch
        return np.asarray(np.divide(0.5, stretch, out=np.zeros(len(stretch)), where=stretch > 0))

    @cached_property
    def entry(self) -> NDArray[np.float32]:
        """Fall of delays that would make a route through each group worth it to each market, h; (markets, groups)."""
        markets, options = self.a.markets, self.loading.options
        market, grouped = markets.option_market, np.flatnonzero(self.a.group >= 0)
        cost = self.loading.arc_cost(self.delay)
        out = np.full((len(markets.demand), len(self.a.groups)), np.inf)
        for k in np.unique(options.category).tolist():
            mine = np.flatnonzero((options.category == k) & np.isfinite(self.completed.level))
            if not len(mine):
                continue
            origins, origin = np.unique(options.origin[mine], return_inverse=True)
            ends, end = np.unique(options.destination[mine], return_inverse=True)
            every = np.arange(len(self.a.first_out) - 1)
            reach = self.a.router.skim(cost[k], origins, every)[0], self.a.router.distances_to(cost[k], ends)
            given = self.a.tail[grouped], self.a.head[grouped], cost[k][grouped], self.a.group[grouped]
            level = self.completed.level[mine]
            entry_hours((market[mine], origin, end, level), reach, (*given, self.a.classes.value_of_time[k]), out)
        # Rounded down: a bound from below.
        return (out * (1 - 1e-6) - 1e-9).astype(np.float32)

    def entering(self, groups: Bools, change: Floats) -> Ints:
        """Markets that could gain from falls of delays at some groups; ``change`` is that of all groups, h."""
        fallen = np.flatnonzero(groups & (change < 0))
        if not len(fallen):
            return np.zeros(0, dtype=np.int64)
        falls = -np.minimum(change, 0.0)
        others = float(falls.sum() - falls[fallen].sum())
        entry = self.entry[:, fallen]
        # A route may pass any of the groups whose falls together are worth it.
        within = entry < falls.sum()
        reach = (within * falls[fallen]).sum(axis=1) + others
        return np.flatnonzero((entry < reach[:, None]).any(axis=1))

    def options_through(self, arcs: Bools) -> Ints:
        """Options whose used routes pass some arcs, ascending."""
        return _listed(self.passing, np.flatnonzero(arcs), len(self.a.markets.option_class))

    @cached_property
    def others_load(self) -> Floats:
        """Load that each group feels from others in the base."""
        load = self.a.groups.load_per_t * self.cell_flow[: len(self.a.groups)]
        return self.felt_at(self.cell_flow) - load

    @cached_property
    def market_weight(self) -> Floats:
        """Vehicle-load hours of a dollar of each market."""
        of_class = self.a.classes.load_factor / self.a.classes.value_of_time
        return np.asarray(of_class[self.a.markets.option_class[self.a.markets.first[:-1]]])

    @cached_property
    def wide(self) -> Floats:
        """Bound of what all options together could save on a squared change of the delay of each group, USD/h^2."""
        value = self.still.value
        of_class = sum_at(
            self.a.markets.option_class, self.answer.option_flow * value**2 * self.half_spread, len(self.a.classes)
        )
        return np.asarray((self.softness * of_class).sum(axis=1))

    def markets_at(self, groups: Bools) -> Ints:
        """Markets whose used routes pass some groups, ascending."""
        return _listed(self.passing_groups, np.flatnonzero(groups), len(self.a.markets.demand))

    def arc_flow(self, loading: SpreadLoading, option_flow: Floats) -> Floats:
        """Flow on each arc in tonnes of the reference commodity, at the present shares of a loading."""
        return reference_flow_of(loading, option_flow, len(self.a.head))

    def load(self, arc_flow: Floats) -> Floats:
        """Load of each group at a flow on arcs in tonnes of the reference commodity."""
        inside = self.a.group >= 0
        return self.a.groups.load_per_t * sum_at(self.a.group[inside], arc_flow[inside], len(self.a.groups))

    def felt(self, load: Floats, arc_flow: Floats) -> Floats:
        """Load of each group with what it feels from others."""
        if self.interactions is None:
            return load
        return load + self.interactions.background(self.a, load, arc_flow)


def _listed(index: tuple[Ints, Ints], rows: Ints, size: int) -> Ints:
    first, second = index
    found = np.zeros(size, dtype=np.bool_)
    for row in rows.tolist():
        found[second[first[row] : first[row + 1]]] = True
    return np.flatnonzero(found)


def reference_flow_of(loading: SpreadLoading, option_flow: Floats, arcs: int) -> Floats:
    """Flow on each arc in tonnes of the reference commodity, at the present shares of a loading."""
    flow = np.zeros(arcs)
    amount = option_flow * loading.a.classes.load_factor[loading.options.category]
    add_option_loads(0, len(option_flow), loading.lists, amount, np.arange(arcs), flow)
    return flow
