"""Stochastic routing of freight: solve it, and report in the study's terms what makes it impossible."""

from __future__ import annotations

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem
from landlink.core.progress import Progress
from landlink.equilibrium.stochastic import solve_stochastic
from landlink.equilibrium.stochastic_loading import StochasticLoading
from landlink.freight.assignment import Freight
from landlink.freight.stochastic_flow_summary import StochasticFlowSummary
from landlink.network.supernetwork import ROWS_OF, Kind
from landlink.paths.divergence import DivergenceError, ZeroCostCycleError
from landlink.tables.frames import numbers, texts


def solve_freight(
    freight: Freight,
    *,
    relative_gap: float,
    max_iterations: int,
    threads: int = 1,
    start_load: Floats | None = None,
    progress: Progress | None = None,
) -> StochasticFlowSummary:
    """Solve freight with the commodities' route scales and return its flow summary.

    Raises
    ------
    InputError
        The route scale of a commodity is too small (the message gives the smallest valid one), or a cycle has no cost.
    UnreachableError
        No option can serve some markets.
    """
    try:
        found = solve_stochastic(
            freight.assignment,
            route_scale=_route_scale(freight),
            relative_gap=relative_gap,
            max_iterations=max_iterations,
            threads=threads,
            start_load=start_load,
            progress=progress,
        )
    except DivergenceError as error:
        raise InputError(_too_small(freight, error)) from None
    except ZeroCostCycleError as error:
        raise InputError(_free_cycle(freight, error)) from None
    return StochasticFlowSummary(freight, found)


def loading_problems(freight: Freight) -> list[Problem]:
    """List the problems that make stochastic routing impossible: the part of a check that needs the network.

    Raises
    ------
    UnreachableError
        No option can serve some markets.
    """
    try:
        StochasticLoading(freight.assignment, _route_scale(freight))
    except DivergenceError as error:
        return _too_small(freight, error)
    except ZeroCostCycleError as error:
        return [_free_cycle(freight, error)]
    return []


def _route_scale(freight: Freight) -> Floats:
    """Scale of the choice among routes of each class, t/USD."""
    return np.asarray(numbers(freight.network.tables["commodity"], "route_scale")[freight.class_commodity])


def _too_small(freight: Freight, error: DivergenceError) -> list[Problem]:
    """Report one problem per commodity, since its scale applies to all alternatives."""
    smallest: dict[int, float] = {}
    for k, scale in error.smallest.items():
        good = int(freight.class_commodity[k])
        smallest[good] = max(scale, smallest.get(good, 0.0))
    goods = freight.network.tables["commodity"]
    return [
        Problem(
            "commodity",
            "the route scale is too small: detours and round trips are so likely that the sum over all routes diverges",
            texts(goods, "commodity_id")[good],
            "route_scale",
            f"{goods['route_scale'].iat[good]:.12g}",
            f"{scale:.6g} t/USD or more on this network",
        )
        for good, scale in sorted(smallest.items())
    ]


def _free_cycle(freight: Freight, error: ZeroCostCycleError) -> Problem:
    arcs, tables = freight.network.arcs, freight.network.tables
    names = []
    for arc in error.arcs.tolist():
        table, (key, *_) = ROWS_OF[Kind(arcs.kind[arc])]
        names.append(f"{table} {tables[table][key].iat[int(arcs.entity[arc])]}" if arcs.entity[arc] >= 0 else table)
    return Problem(
        tables_of[0] if len(tables_of := sorted({name.split()[0] for name in names})) == 1 else "network",
        "this cycle costs nothing, so that stochastic routing would never end",
        value=" → ".join(names),
        allowed="a cost or a time above 0 on one of its arcs",
    )
