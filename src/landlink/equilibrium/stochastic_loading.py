"""Stochastic network loading: expected costs, option choice and recursive-logit flows at given delays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.sums import dot, sum_at, weighted_rows
from landlink.equilibrium.problem import Assignment, UnreachableError
from landlink.paths.divergence import DivergenceError
from landlink.paths.log_sum import Factors, LogSums, PathRequest


@dataclass(frozen=True)
class Answer:
    """The response of traffic to given delays.

    Attributes
    ----------
    option_cost
        Expected minimum cost ``S_o`` of each option, ``inf`` if it has no route, USD/t.
    market_cost
        Expected minimum cost ``S_m`` of each market over its options, USD/t.
    option_flow
        t/day on each option.
    class_flow
        t/day of each class on each arc; shape (classes, arcs).
    load
        Load of each group.
    """

    option_cost: Floats
    market_cost: Floats
    option_flow: Floats
    class_flow: Floats
    load: Floats


class StochasticLoading:
    """An assignment with a route scale for each class, prepared for loading at any delays.

    Parameters
    ----------
    assignment
        The assignment.
    route_scale
        Scale of the choice among routes of each class, t/USD; shape (classes,).
    threads
        Number of origins processed at a time; the flows do not depend on it.

    Raises
    ------
    ZeroCostCycleError
        A class has a cycle without cost.
    DivergenceError
        The path sum of some class diverges without load; load only increases the cost of cycles.
    UnreachableError
        No option can serve some markets.
    """

    def __init__(self, assignment: Assignment, route_scale: Floats, *, threads: int = 1) -> None:
        self.a, self.scale, self.threads = assignment, route_scale, threads
        markets = assignment.markets
        self.market = markets.option_market
        self.sums = LogSums(assignment.first_out, assignment.head, assignment.tail)
        self.several = bool((np.diff(markets.first) > 1).any())
        options = [np.flatnonzero(markets.option_class == k) for k in range(len(assignment.classes))]
        self.usable = [
            self.sums.between(np.isfinite(fixed), markets.origin[self.market[o]], markets.destination[self.market[o]])
            for fixed, o in zip(assignment.classes.fixed, options, strict=True)
        ]
        factors = self._without_load()
        self.options, self.asked = [], []
        for mine, factor in zip(options, factors, strict=True):
            cost = self.sums.expected_cost(factor, self._ask(mine), threads=threads)
            self.options.append(mine[np.isfinite(cost)])
            self.asked.append(self._ask(self.options[-1]))
        served = np.zeros(len(markets.demand), dtype=bool)
        served[self.market[np.concatenate([*self.options, np.zeros(0, dtype=np.int64)])]] = True
        if not served.all():
            raise UnreachableError(np.flatnonzero(~served))

    def answer(self, delay_h: Floats) -> Answer:
        """Compute costs, choices and flows at the delays of the groups."""
        factors, options, markets = self._factors(delay_h), len(self.market), self.a.markets
        flow = np.zeros_like(self.a.classes.fixed)
        cost = np.full(options, np.inf)
        if self.several:
            cost = self._option_costs(factors)
        market_cost, option_flow = self._choose(cost)
        for k, (mine, asked) in enumerate(zip(self.options, self.asked, strict=True)):
            # With one option per market, demand does not depend on costs, and one pass gives both.
            demand = option_flow[mine] if self.several else markets.demand[self.market[mine]]
            cost[mine], flow[k] = self.sums.load(factors[k], asked, demand, threads=self.threads)
        if not self.several:
            market_cost, option_flow = self._choose(cost)
        return Answer(cost, market_cost, option_flow, flow, self._load(flow))

    def market_cost(self, delay_h: Floats) -> Floats:
        """Expected minimum cost of each market at some delays, USD/t."""
        return self._choose(self._option_costs(self._factors(delay_h)))[0]

    def option_cost(self, delay_h: Floats, *, without: Bools | None = None) -> Floats:
        """Expected minimum cost of each option at some delays, over paths that avoid some arcs; ``inf`` without any."""
        return self._option_costs([self._factor(k, delay_h, without) for k in range(len(self.a.classes))])

    def expected(self, delay_h: Floats, quantities: Sequence[Floats]) -> Floats:
        """Expected sums of quantities over the paths of each option.

        Parameters
        ----------
        delay_h
            Delays to which the choice of paths responds.
        quantities
            Non-negative quantities of each arc, for each class; shape (Q, arcs).

        Returns
        -------
        Floats
            Shape (Q, options); NaN if an option has no path.
        """
        out = np.full((len(quantities[0]) if len(quantities) else 0, len(self.market)), np.nan)
        for k, (mine, asked) in enumerate(zip(self.options, self.asked, strict=True)):
            factors = self._factor(k, delay_h)
            out[:, mine] = self.sums.expected(factors, asked, quantities[k], threads=self.threads)
        return out

    def arc_cost(self, k: int, delay_h: Floats) -> Floats:
        """Cost of each arc for a class at some delays, USD/t."""
        classes = self.a.classes
        return np.asarray(classes.fixed[k] + classes.value_of_time[k] * self.arc_delay(delay_h))

    def arc_delay(self, delay_h: Floats) -> Floats:
        """Delay on each arc, h."""
        return np.append(delay_h, 0.0)[self.a.group]

    def spent(self, class_flow: Floats, delay_h: Floats) -> Floats:
        """Total cost of each class at some delays, USD a day; shape (classes,)."""
        delay, classes = self.arc_delay(delay_h), self.a.classes
        return np.array(
            [
                dot(flow[used], fixed[used] + value * delay[used])
                for flow, fixed, value in zip(class_flow, classes.fixed, classes.value_of_time, strict=True)
                for used in [flow > 0]
            ]
        )

    def _without_load(self) -> list[Factors]:
        """Factorise without load, where cycles are cheapest: if the path sums exist there, they exist at any load."""
        found, scales, smallest = [], {}, {}
        delay = self.a.groups.delay_h(np.zeros(len(self.a.groups)))
        for k in range(len(self.a.classes)):
            try:
                found.append(self._factor(k, delay))
            except DivergenceError as error:
                scales[k], smallest[k] = error.scale[0], error.smallest[0]
        if scales:
            raise DivergenceError(scales, smallest)
        return found

    def _factors(self, delay_h: Floats) -> list[Factors]:
        return [self._factor(k, delay_h) for k in range(len(self.a.classes))]

    def _factor(self, k: int, delay_h: Floats, without: Bools | None = None) -> Factors:
        usable = self.usable[k] if without is None else self.usable[k] & ~without
        return self.sums.factorise(self.arc_cost(k, delay_h), float(self.scale[k]), usable=usable)

    def _ask(self, options: Ints) -> PathRequest:
        markets, market = self.a.markets, self.market[options]
        return self.sums.ask(markets.origin[market], markets.destination[market])

    def _option_costs(self, factors: list[Factors]) -> Floats:
        cost = np.full(len(self.market), np.inf)
        for mine, asked, factor in zip(self.options, self.asked, factors, strict=True):
            cost[mine] = self.sums.expected_cost(factor, asked, threads=self.threads)
        return cost

    def _choose(self, cost: Floats) -> tuple[Floats, Floats]:
        """Expected minimum cost of each market, and each option's logit share of its demand."""
        markets, market = self.a.markets, self.market
        utility = -markets.scale[market] * (cost + markets.option_constant)
        top = np.full(len(markets.demand), -np.inf)
        np.maximum.at(top, market, utility)
        weight = np.exp(utility - np.where(np.isfinite(top), top, 0.0)[market])
        total = sum_at(market, weight, len(top))
        with np.errstate(divide="ignore", invalid="ignore"):
            return -(top + np.log(total)) / markets.scale, markets.demand[market] * weight / total[market]

    def _load(self, class_flow: Floats) -> Floats:
        grouped = self.a.group >= 0
        per_arc = weighted_rows(self.a.classes.load_factor, class_flow)
        groups = self.a.groups
        return sum_at(self.a.group[grouped], per_arc[grouped], len(groups)) * groups.load_per_t
