"""Small assignments that call the kernels of the solver, so that they are compiled."""

from __future__ import annotations

from typing import Final

import numpy as np

from landlink.core.compilation import Rehearsal
from landlink.equilibrium import (
    route_chain_kernels,
    route_kernels,
    shift_kernels,
    spread_certificate_kernels,
    spread_curvature_kernels,
    spread_kernels,
    spread_search_kernels,
)
from landlink.equilibrium.certificate import certify
from landlink.equilibrium.flows import flows_of
from landlink.equilibrium.problem import Assignment
from landlink.equilibrium.route_chain import likeliest_route, passing_shares
from landlink.equilibrium.solve import solve
from landlink.equilibrium.spread import solve_spread
from landlink.equilibrium.spread_certificate import certify_spread
from landlink.paths.order import LEAF
from landlink.paths.rehearsals import EVERY as EVERY_OF_PATHS
from landlink.paths.rehearsals import TREE_ROUTES, for_paths
from landlink.paths.router import ORIGINS
from landlink.traffic.road_graph import RoadGraph, fixed_cost, road_assignment
from landlink.traffic.road_network import RoadNetwork
from landlink.traffic.trip_table import TripTable


def _assignment() -> Assignment:
    """Trips between two nodes on the network of Braess (1968): three routes, two congestible links."""
    ends = np.array([[1, 3], [1, 4], [3, 4], [3, 2], [4, 2]]).T
    network = RoadNetwork(
        zones=2,
        nodes=4,
        from_node=ends[0],
        to_node=ends[1],
        capacity=np.ones(5),
        free_flow_time=np.array([0.1, 50.0, 10.0, 50.0, 0.1]),
        b=np.array([100.0, 0.02, 0.1, 0.02, 100.0]),
        power=np.ones(5),
    )
    demand = TripTable(2, np.array([1]), np.array([2]), np.array([6.0]))
    return road_assignment(network, RoadGraph.of(network), demand, fixed_cost(network, 0.0, 0.0))


def assign_trips() -> None:
    """Solve a small assignment and certify it."""
    assignment = _assignment()
    solved = solve(assignment, relative_gap=1e-9)
    certify(assignment, flows_of(assignment, solved), solved.option_flow)


def spread_trips() -> None:
    """Solve a small assignment with spread routes, certify it, and ask for its routes."""
    assignment = _assignment()
    solved = solve_spread(assignment, route_scale=0.1, relative_gap=1e-9)
    options = np.unique(solved.routes.option)
    passing_shares(assignment, solved.routes, options, np.ones((1, len(assignment.head)), dtype=np.bool_))
    likeliest_route(assignment, solved.routes, int(options[0]))
    certify_spread(
        assignment, solved.routes, solved.option_flow, route_scale=solved.route_scale, own_cost=solved.own_cost
    )


EQUILIBRIUM: Final = Rehearsal(
    "the solver",
    assign_trips,
    (
        route_kernels.merge, route_kernels.split_groups, route_kernels.add_costs, route_kernels.add_loads,
        shift_kernels.set_loads, shift_kernels.advance,
    ),
    (TREE_ROUTES,),
)  # fmt: skip
ROUTE_SPREAD: Final = Rehearsal(
    "spread routes",
    spread_trips,
    (
        spread_kernels.respond,
        spread_kernels.add_option_loads,
        spread_kernels.mean_costs,
        spread_kernels.join,
        spread_kernels.joined_sizes,
        spread_kernels.fill_overlaps,
        spread_search_kernels.complete,
        spread_curvature_kernels.responses,
        spread_curvature_kernels.share_changes,
        spread_curvature_kernels.add_changes,
        spread_curvature_kernels.count_groups,
        spread_curvature_kernels.fill_groups,
        spread_certificate_kernels.examine,
        route_chain_kernels.passing,
        route_chain_kernels.likeliest,
    ),
    (EQUILIBRIUM,),
)
#: All rehearsals, longest first.
EVERY: Final = (EQUILIBRIUM, *EVERY_OF_PATHS, ROUTE_SPREAD)


def for_assignment(nodes: int, origins: int) -> tuple[Rehearsal, ...]:
    """Rehearsals for the assignment of trips to a network, longest first."""
    return (EQUILIBRIUM, TREE_ROUTES, *(one for one in for_paths(nodes, origins, routes=True) if one != TREE_ROUTES))


def for_study(*, spread: bool) -> tuple[Rehearsal, ...]:
    """Rehearsals for the solve of a study, with or without spread routes, on a network of more than a few nodes."""
    needed = for_assignment(LEAF + 1, ORIGINS)
    return (*needed[:1], ROUTE_SPREAD, *needed[1:]) if spread else needed
