"""Spread loading: shares of routes, choice of options and loads at given delays, over the routes known so far."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints, Ints32
from landlink.core.errors import InputError, Problem
from landlink.core.sums import dot, sum_at
from landlink.equilibrium.found_routes import joined, no_routes, with_found
from landlink.equilibrium.option_costs import OptionCosts, logit_flows, logsums
from landlink.equilibrium.problem import Assignment, Routes, UnreachableError
from landlink.equilibrium.spread_completion import Ahead, Completed, Known, RouteCompletion
from landlink.equilibrium.spread_curvature_kernels import (
    add_changes,
    count_groups,
    fill_groups,
    responses,
    share_changes,
)
from landlink.equilibrium.spread_kernels import (
    Program,
    RouteLists,
    add_option_loads,
    fill_overlaps,
    mean_costs,
    respond,
)
from landlink.equilibrium.spread_search_kernels import Options, Search

#: Number of parts of sums over options, regardless of the number of threads, so that rounding is the same.
PARTS: Final = 8
#: Routes of an option for which there is room at first.
ROUTES: Final = 48


@dataclass(frozen=True)
class SpreadAnswer:
    """The response of traffic to given delays, over the routes known.

    Attributes
    ----------
    level, mean
        Marginal cost that the used routes of each option have in common, and their mean cost, USD/t; infinite if it has
        none; shape (options,).
    option_flow
        t/day on each option.
    share
        Share of each known route in its option.
    load
        Load of each group.
    disutility
        Least disutility of all demand, vehicle-load hours a day.
    """

    level: Floats
    mean: Floats
    option_flow: Floats
    share: Floats
    load: Floats
    disutility: float

    @property
    def option_cost(self) -> Floats:
        """Cost of each option: the minimum of its program, USD/t."""
        return (self.level + self.mean) / 2

    @property
    def perturbation(self) -> Floats:
        """Part of the cost of each option that is due to the spread, USD/t; 0 if it has no route."""
        with np.errstate(invalid="ignore"):
            return np.where(np.isfinite(self.level), (self.level - self.mean) / 2, 0.0)


class SpreadLoading:
    """Routes of all options and the response over them.

    Parameters
    ----------
    assignment
        The assignment.
    route_scale
        Scale of the spread over routes of each class, t/USD; shape (classes,).
    own_cost
        Cost of each arc by which the routes of a class spread, infinite where prohibited; shape (classes, arcs).
    threads
        Number of threads; the flows do not depend on it.
    cheapest
        Own cost of the cheapest route of each option, shape (options,), where it is known already.

    Raises
    ------
    InputError
        A market has a route without own cost.
    UnreachableError
        No option can serve some markets.
    """

    def __init__(
        self,
        assignment: Assignment,
        route_scale: Floats,
        own_cost: Floats,
        *,
        threads: int = 1,
        cheapest: Floats | None = None,
    ) -> None:
        self.a, self.route_scale, self.own_cost, self._threads = assignment, route_scale, own_cost, max(1, threads)
        markets, classes = assignment.markets, assignment.classes
        market = markets.option_market
        weight = classes.load_factor / classes.value_of_time
        # The options of a market have the same commodity, and so the same weight.
        first = np.minimum(markets.first[:-1], max(len(market) - 1, 0))
        of_market = weight[markets.option_class[first]] if len(first) else np.zeros(0)
        self._market_weight = of_market * markets.demand
        if cheapest is None:
            cheapest = OptionCosts(assignment, threads).cheapest(own_cost)
        self.cheapest = cheapest
        self._refuse(cheapest)
        self._served = np.isfinite(cheapest)
        stretch = np.where(np.isfinite(cheapest), 2.0 / (route_scale[markets.option_class] * cheapest), 0.0)
        self.options = Options(markets.option_class, markets.origin[market], markets.destination[market], stretch)
        self._completion = RouteCompletion(assignment, own_cost, self.options, self._threads)
        self._group = np.where(assignment.group < 0, len(assignment.groups), assignment.group)
        self._size = ROUTES
        #: Scratch that many small searches on one thread may share; it is as it was after each.
        self.search: Search | None = None
        self.lists = no_routes(len(market))
        self._route_groups: tuple[Ints, Ints32] | None = None
        self._parts = np.unique([len(market) * part // PARTS for part in range(PARTS + 1)])

    def _refuse(self, cheapest: Floats) -> None:
        markets, market = self.a.markets, self.a.markets.option_market
        free = np.flatnonzero(~(cheapest > 0))
        if len(free):
            raise InputError(
                Problem(
                    "markets", "its cheapest route costs nothing without load, so its routes cannot spread",
                    str(market[o]), value="0 USD/t", allowed="a cost above 0",
                )
                for o in free[:20]
            )  # fmt: skip
        served = np.zeros(len(markets.demand), dtype=np.bool_)
        served[market[np.isfinite(cheapest)]] = True
        if not served.all():
            raise UnreachableError(np.flatnonzero(~served))

    def begin(self, routes: Routes) -> None:
        """Start from the routes of an earlier solution, with their flows."""
        options, size = len(self.options.category), len(routes)
        option_first = np.searchsorted(routes.option, np.arange(options + 1)).astype(np.int64)
        place = np.arange(size) - option_first[routes.option]
        overlap_first = np.append(0, np.cumsum(place + 1))
        total = np.bincount(routes.option, weights=routes.flow, minlength=options)[routes.option]
        share = np.divide(routes.flow, total, out=np.zeros(size), where=total > 0)
        self.lists = RouteLists(
            option_first, routes.first.astype(np.int64), routes.arcs.astype(np.int32), overlap_first,
            np.empty(int(overlap_first[-1])), share,
        )  # fmt: skip
        self._fit()

        def fill(_: int, begin: int, end: int) -> None:
            fill_overlaps(begin, end, self.lists, self.options.category, self.own_cost, np.zeros(len(self.a.head)))

        self._in_parts(fill)

    @property
    def covered(self) -> bool:
        """Whether every option that has a route knows one."""
        return bool((np.diff(self.lists.option_first) > 0)[self._served].all())

    def arc_cost(self, delay_h: Floats) -> Floats:
        """Arc costs at delays of the groups, shape (classes, arcs), USD/t."""
        delay = np.append(delay_h, 0.0)[self.a.group]
        cost = np.multiply.outer(self.a.classes.value_of_time, delay)
        cost += self.a.classes.fixed
        return np.asarray(cost)

    def answer(self, delay_h: Floats) -> SpreadAnswer:
        """Compute shares, choices and loads at the delays of the groups."""
        options = len(self.options.category)
        level, mean = np.empty(options), np.empty(options)
        category, stretch, cost = self.options.category, self.options.stretch, self.arc_cost(delay_h)

        def work(_: int, begin: int, end: int) -> None:
            respond(begin, end, self.lists, category, cost, stretch, Program.of(self._size), (level, mean))

        self._in_parts(work)
        option_cost = (level + mean) / 2
        option_flow = logit_flows(self.a, option_cost)
        disutility = dot(self._market_weight, logsums(self.a, option_cost))
        return SpreadAnswer(level, mean, option_flow, self.lists.share.copy(), self.loads(option_flow), disutility)

    def loads(self, option_flow: Floats) -> Floats:
        """Load of each group at flows of options, over the present shares."""
        load = np.zeros((PARTS, len(self.a.groups) + 1))
        amount = option_flow * self.a.classes.load_factor[self.options.category]

        def work(part: int, begin: int, end: int) -> None:
            add_option_loads(begin, end, self.lists, amount, self._group, load[part])

        self._in_parts(work)
        return np.asarray(load.sum(axis=0)[:-1] * self.a.groups.load_per_t)

    def curvature(self, answer: SpreadAnswer) -> Callable[[Floats], Floats]:
        """Product of minus the second derivative of the disutility with changes of delays, at the present shares."""
        lists, groups, none = self.lists, self._groups_of_routes(), len(self.a.groups)
        response = np.empty(len(lists.overlap))
        self._in_parts(
            lambda _, begin, end: responses(begin, end, lists, self.options.stretch, Program.of(self._size), response)
        )
        classes, markets = self.a.classes, self.a.markets
        market, category = markets.option_market, self.options.category
        value = classes.value_of_time[category]
        carried = answer.option_flow * classes.load_factor[category]
        chance = np.divide(
            answer.option_flow, markets.demand[market], out=np.zeros(len(market)), where=markets.demand[market] > 0
        )
        sensitivity = markets.scale[market] * value * carried
        size = len(lists.share)
        shares, along, means = np.empty(size), np.empty(size), np.empty(len(market))

        def product(change: Floats) -> Floats:
            out = shares, along, means
            self._in_parts(lambda _, begin, end: share_changes(begin, end, lists, groups, response, change, out))
            at_market = sum_at(market, chance * means, len(markets.demand))
            amounts = value * carried, sensitivity * (means - at_market[market])
            load = np.zeros((PARTS, none))
            self._in_parts(lambda part, begin, end: add_changes(begin, end, lists, groups, amounts, shares, load[part]))
            return np.asarray(load.sum(axis=0))

        return product

    def mean_cost(self, delay_h: Floats) -> Floats:
        """Mean cost of each option at the present shares and other delays, USD/t; 0 without routes."""
        out, cost = np.empty(len(self.options.category)), self.arc_cost(delay_h)
        self._in_parts(lambda _, begin, end: mean_costs(begin, end, self.lists, self.options.category, cost, out))
        return out

    def complete(self, delay_h: Floats, slack: float) -> Completed:
        """Find the routes missing at some delays, and the shares over all routes; see :meth:`add`.

        Parameters
        ----------
        delay_h
            Delays of the groups.
        slack
            Saving below which a route is not missing, relative to the cheapest cost.
        """
        return self._completion.of_all(self._known, self.arc_cost(delay_h), slack)

    def complete_options(self, options: Ints, cost: Floats, slack: float, ahead: Ahead) -> Completed:
        """As :meth:`complete`, of some options alone; others keep their shares and have infinite costs.

        Parameters
        ----------
        options
            Options.
        cost
            Arc costs, shape (classes, arcs), USD/t.
        slack
            Saving below which a route is not missing, relative to the cheapest cost.
        ahead
            Distances at these costs.
        """
        return self._completion.of_some(options, self._known, cost, slack, ahead)

    @property
    def _known(self) -> Known:
        return Known(self.lists, self._size, self.search)

    def add(self, found: Completed) -> None:
        """Take over the shares and the routes that were found, over the routes known since."""
        self.lists = self.lists._replace(share=found.share)
        new = joined(found.routes)
        if len(new.option):
            self.take(with_found(self.lists, new))

    def take(self, lists: RouteLists) -> None:
        """Take over routes with their overlaps."""
        self.lists = lists
        self._fit()

    @property
    def most_routes(self) -> int:
        """Number of routes of an option for which scratch has room."""
        return self._size

    def _fit(self) -> None:
        """Make room for the option with most routes."""
        self._route_groups = None
        most = int(np.max(np.diff(self.lists.option_first), initial=0))
        while self._size < most + ROUTES // 2:
            self._size *= 2

    def _groups_of_routes(self) -> tuple[Ints, Ints32]:
        """Where the groups of each known route begin, and these groups; listed where a derivative needs them."""
        if self._route_groups is None:
            lists, none = self.lists, len(self.a.groups)
            first = np.empty(len(lists.first), dtype=np.int64)
            count_groups(lists, self._group, none, first)
            groups = np.empty(int(first[-1]), dtype=np.int32)
            fill_groups(lists, self._group, none, groups)
            self._route_groups = first, groups
        return self._route_groups

    def routes(self, answer: SpreadAnswer) -> Routes:
        """Routes with flow in a response, which has to be one to the first routes of each option known now."""
        return self.routes_with(answer.share, answer.option_flow)

    def routes_with(self, share: Floats, option_flow: Floats) -> Routes:
        """Routes with flow at shares of the first routes of each option known now, and flows of options."""
        lists = self.lists
        option = np.repeat(np.arange(len(self.options.category)), np.diff(lists.option_first))
        flow = share * option_flow[option]
        used: Bools = flow > 0
        lengths = np.diff(lists.first)
        return Routes(
            option[used],
            np.append(0, np.cumsum(lengths[used])),
            lists.arcs[np.repeat(used, lengths)],
            flow[used],
        )

    def _in_parts(self, work: Callable[[int, int, int], None]) -> None:
        bounds = list(pairwise(self._parts.tolist()))
        if self._threads == 1:
            for part, both in enumerate(bounds):
                work(part, *both)
            return
        with ThreadPoolExecutor(max_workers=self._threads) as pool:
            for done in [pool.submit(work, part, *both) for part, both in enumerate(bounds)]:
                done.result()
