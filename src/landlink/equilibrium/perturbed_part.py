"""Some markets of a perturbed equilibrium that have routes of their own, beside those of the base."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.core.sums import sum_at
from landlink.equilibrium.option_costs import logit_flows
from landlink.equilibrium.perturbed_base import PerturbedBase, reference_flow_of
from landlink.equilibrium.perturbed_far_kernels import Still, far_means, respond_far
from landlink.equilibrium.perturbed_kernels import copy_options, count_options
from landlink.equilibrium.perturbed_newton import sensitivities
from landlink.equilibrium.perturbed_still import still_at
from landlink.equilibrium.problem import Assignment, Markets, Routes
from landlink.equilibrium.spread_kernels import Program, RouteLists, add_option_loads, respond
from landlink.equilibrium.spread_loading import SpreadLoading

__all__ = ["Part", "options_of"]


class Part:
    """Markets with routes of their own.

    Parameters
    ----------
    base
        The base.
    assignment
        Its assignment with the costs of the perturbation.

    Attributes
    ----------
    markets, options
        Markets and options of the whole, in the order of the part.
    loading, before
        Their routes now, and in the base.
    least, mean, flow
        Least cost of each option over its routes, its mean cost, and t/day.
    share
        Share of each route in its option.
    """

    still: Still

    def __init__(self, base: PerturbedBase, assignment: Assignment) -> None:
        self._base, self._whole = base, assignment
        self.markets = self.options = np.zeros(0, dtype=np.int64)
        self.loading = self.before = self._loading(_nothing())
        self._response_before = np.zeros(0)

    def add(self, markets: Ints) -> None:
        """Add markets with their routes of the base."""
        base, lists = self._base, self._base.loading.lists
        options = options_of(self._whole.markets, markets)
        copied = _copied(lists, options)
        response = _copied(lists._replace(overlap=base.still.response), options).overlap
        self._response_before = np.append(self._response_before, response)
        self.markets, self.options = np.append(self.markets, markets), np.append(self.options, options)
        self.loading = self._loading(_joined(self.loading.lists, copied))
        self.before = self._loading(_joined(self.before.lists, copied))

    def _loading(self, lists: RouteLists) -> SpreadLoading:
        base = self._base.loading
        part = replace(self._whole, markets=_chosen(self._whole.markets, self.markets, self.options))
        made = SpreadLoading(part, base.route_scale, base.own_cost, cheapest=base.cheapest[self.options])
        made.search = base.search
        made.take(lists)
        return made

    def settle(self, delay_h: Floats) -> None:
        """Respond to some delays over the routes known; other delays are near these."""
        loading, size = self.loading, len(self.options)
        level, mean = np.empty(size), np.empty(size)
        given = loading.options.category, loading.arc_cost(delay_h), loading.options.stretch
        self._program = Program.of(loading.most_routes)
        respond(0, size, loading.lists, *given, self._program, (level, mean))
        self.least, self.mean, self.share = (level + mean) / 2, mean, loading.lists.share.copy()
        self.flow, self._delay = logit_flows(loading.a, self.least), delay_h
        self.still = still_at(self._base, loading, delay_h, (self.least.copy(), mean.copy(), self.flow), none=True)

    def respond(self, delay_h: Floats, cells: Floats) -> None:
        """Respond to delays, and add to the flows of cells."""
        out = self.share, self.least, self.mean, self.flow, cells
        respond_far(self._every, self.still, self._base.change(delay_h, self._delay), self._program, out)

    def mean_at(self, delay_h: Floats, response_to: Floats) -> Floats:
        """Mean cost of each option at other delays than those that it responded to, USD/t."""
        mean = self.mean.copy()
        far_means(self._every, self.still, self._base.change(delay_h, response_to), self.share, mean)
        return mean

    @property
    def _every(self) -> Ints:
        return np.arange(len(self.markets))

    def routes(self) -> Routes:
        """Routes with flow; options by their numbers in the part."""
        return self.loading.routes_with(self.share, self.flow)

    def sensed_more(self, groups: Ints) -> Floats:
        """Sensitivities of the part now, less those in the base, between some groups."""
        before = sensitivities(self.before, self.flow_before, groups, self._response_before)
        now = sensitivities(self.loading, self.flow, groups, self.still.response)
        return np.asarray(now - before)

    @property
    def flow_before(self) -> Floats:
        """Flow of the part's options in the base, t/day."""
        return np.asarray(self._base.answer.option_flow[self.options])

    def arc_flow_before(self) -> Floats:
        """Flow of the part on arcs in the base, in tonnes of the reference commodity."""
        return reference_flow_of(self.before, self.flow_before, len(self._whole.head))

    def value_before(self) -> Floats:
        """What an hour of delay at each group costs the part in the base, USD/h."""
        classes, group = self._whole.classes, self._whole.group
        amount = self.flow_before * classes.value_of_time[self.before.options.category]
        flow = np.zeros(len(self._whole.head))
        add_option_loads(0, len(amount), self.before.lists, amount, np.arange(len(flow)), flow)
        return sum_at(group[group >= 0], flow[group >= 0], len(self._whole.groups))


def _nothing() -> RouteLists:
    return RouteLists(
        np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int32),
        np.zeros(1, dtype=np.int64), np.zeros(0), np.zeros(0),
    )  # fmt: skip


def options_of(markets: Markets, chosen: Ints) -> Ints:
    """Options of some markets, in their order."""
    begin, size = markets.first[chosen], np.diff(markets.first)[chosen]
    return np.asarray(np.arange(int(size.sum())) + np.repeat(begin - np.cumsum(size) + size, size))


def _chosen(markets: Markets, chosen: Ints, options: Ints) -> Markets:
    return Markets(
        markets.origin[chosen],
        markets.destination[chosen],
        markets.demand[chosen],
        markets.scale[chosen],
        np.append(0, np.cumsum(np.diff(markets.first)[chosen])),
        markets.option_class[options],
        markets.option_constant[options],
    )


def _copied(lists: RouteLists, options: Ints) -> RouteLists:
    sizes = np.empty((len(options), 3), dtype=np.int64)
    count_options(lists, options, sizes)
    routes, arcs, overlaps = sizes.sum(axis=0).tolist()
    out = RouteLists(
        np.empty(len(options) + 1, dtype=np.int64), np.empty(routes + 1, dtype=np.int64), np.empty(arcs, np.int32),
        np.empty(routes + 1, dtype=np.int64), np.empty(overlaps), np.empty(routes),
    )  # fmt: skip
    copy_options(lists, options, out)
    return out


def _joined(one: RouteLists, other: RouteLists) -> RouteLists:
    """Lists of the options of both, one after the other."""
    return RouteLists(
        np.append(one.option_first[:-1], other.option_first + one.option_first[-1]),
        np.append(one.first[:-1], other.first + one.first[-1]),
        np.append(one.arcs, other.arcs),
        np.append(one.overlap_first[:-1], other.overlap_first + one.overlap_first[-1]),
        np.append(one.overlap, other.overlap),
        np.append(one.share, other.share),
    )
