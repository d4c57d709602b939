"""Routes of a loading and what they cost at some delays, in the form that kernels of responses need."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.equilibrium.perturbed_far_kernels import Still
from landlink.equilibrium.perturbed_kernels import count_route_cells, fill_route_cells
from landlink.equilibrium.problem import Assignment
from landlink.equilibrium.route_kernels import add_costs
from landlink.equilibrium.spread_curvature_kernels import responses
from landlink.equilibrium.spread_kernels import Program
from landlink.equilibrium.spread_loading import SpreadLoading

__all__ = ["still_at"]


class _Cells(Protocol):
    """What has cells: groups, and arcs that are counted by themselves."""

    a: Assignment

    @property
    def counted(self) -> Ints:
        """Arcs that are counted by themselves."""


def still_at(
    cells: _Cells, loading: SpreadLoading, delay_h: Floats, answer: tuple[Floats, Floats, Floats], none: bool = False
) -> Still:
    """Routes of a loading at some delays.

    Parameters
    ----------
    cells
        What is counted.
    loading
        The routes, with their shares at the delays.
    delay_h
        Delays of the groups.
    answer
        Least cost, mean cost and flow of each option there.
    none
        Whether flows of cells are counted from nothing, rather than from those there.
    """
    lists, options, assignment = loading.lists, loading.options, loading.a
    markets, classes, size = assignment.markets, assignment.classes, len(loading.options.category)
    response = np.empty(len(lists.overlap))
    responses(0, size, lists, options.stretch, Program.of(loading.most_routes), response)
    route_cost = np.empty(len(lists.share))
    option = np.repeat(np.arange(size), np.diff(lists.option_first))
    cost = loading.arc_cost(delay_h)
    add_costs(0, len(route_cost), lists.first, lists.arcs, options.category[option], cost, route_cost)
    own = np.full(len(assignment.head), -1)
    own[cells.counted] = len(assignment.groups) + np.arange(len(cells.counted))
    first = np.empty(len(lists.first), dtype=np.int64)
    count_route_cells(lists, assignment.group, own, first)
    cell = np.empty(int(first[-1]), dtype=np.int64)
    fill_route_cells(lists, assignment.group, own, cell)
    of_market = options.category[np.minimum(markets.first[:-1], max(size - 1, 0))]
    least, mean, flow = answer
    return Still(
        lists, response, first, cell, route_cost, least, mean, np.zeros(size) if none else flow,
        classes.value_of_time[options.category], options.stretch, markets.option_constant, markets.first,
        markets.demand, markets.scale, classes.load_factor[of_market],
    )  # fmt: skip
