"""Freight within the hard capacities of a study."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from landlink.core.errors import InputError
from landlink.core.progress import Progress
from landlink.equilibrium.capacities import Capacitated, solve_within_limits
from landlink.freight.assignment import Freight
from landlink.freight.hard_capacities import LIMIT_TOLERANCE, problems_of_study
from landlink.freight.spread_routing import routing_of
from landlink.freight.warm_start import WarmStart
from landlink.model.options import SolverOptions
from landlink.study import Study

__all__ = ["solve_limited"]

#: A gap above this leaves loads too far off to set prices by.
LARGEST_GAP: Final = 1e-6


def solve_limited(
    study: Study, freight: Freight, options: SolverOptions, start: WarmStart | None, progress: Progress | None
) -> Capacitated:
    """Solve freight at given curves within its hard capacities.

    Parameters
    ----------
    study
        The study, for its settings and the words of its tables.
    freight
        Its assignment; some of its groups have a hard capacity.
    options
        Accuracy and effort, all of them given.
    start
        Routes or loads to start from, and waits at the hard capacities.
    progress
        Called with what is being done and the share done.

    Raises
    ------
    InputError
        No flow keeps the limits.
    UnreachableError
        Demand without a route.
    """
    tables = freight.network.tables
    groups = freight.assignment.groups
    if start is not None:
        waits = replace(groups.hard_capacity, price=start.limit_wait(freight))
        groups = replace(groups, hard_capacity=waits)
    routes = None if start is None else start.equilibrium(freight)
    try:
        return solve_within_limits(
            replace(freight.assignment, groups=groups),
            relative_gap=min(options.relative_gap or 0.0, LARGEST_GAP),
            violation=LIMIT_TOLERANCE,
            max_iterations=options.max_iterations or 1,
            threads=options.threads or 1,
            interactions=freight.interactions,
            start=routes,
            start_load=None if start is None or routes is not None else start.load(freight),
            routing=routing_of(freight, study.settings.routing, new_routes=options.new_routes),
            progress=progress,
        )
    except InputError as error:
        raise InputError(problems_of_study(error.problems, tables)) from None
