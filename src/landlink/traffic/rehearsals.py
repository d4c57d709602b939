"""Small assignments that call the kernels of the solver, so that they are compiled."""

from __future__ import annotations

from typing import Final

import numpy as np

from landlink.core.compilation import Rehearsal
from landlink.equilibrium import route_kernels, shift_kernels
from landlink.equilibrium.certificate import certify
from landlink.equilibrium.flows import flows_of
from landlink.equilibrium.problem import Assignment
from landlink.equilibrium.solve import solve
from landlink.equilibrium.stochastic import solve_stochastic
from landlink.equilibrium.stochastic_certificate import certify_stochastic
from landlink.paths import log_sum_kernels, log_sum_lane_kernels
from landlink.paths.order import LEAF
from landlink.paths.rehearsals import EVERY as EVERY_OF_PATHS
from landlink.paths.rehearsals import ORDER, SWEEPS, TREE_ROUTES, for_paths
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
    """Solve a small assignment with routes chosen by a logit, and certify it."""
    assignment = _assignment()
    solved = solve_stochastic(assignment, route_scale=1.0, relative_gap=1e-3)
    certify_stochastic(
        assignment, solved.class_flow, solved.option_flow, perceived_delay_h=solved.perceived_delay_h,
        route_scale=solved.route_scale,
    )  # fmt: skip


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
    "stochastic routing",
    spread_trips,
    (log_sum_kernels.factorise, log_sum_kernels.hand_down, log_sum_lane_kernels.plain_sweeps),
    (ORDER, SWEEPS),
)
#: All rehearsals, longest first.
EVERY: Final = (EQUILIBRIUM, *EVERY_OF_PATHS, ROUTE_SPREAD)


def for_assignment(nodes: int, origins: int) -> tuple[Rehearsal, ...]:
    """Rehearsals for the assignment of trips to a network, longest first."""
    return (EQUILIBRIUM, TREE_ROUTES, *(one for one in for_paths(nodes, origins, routes=True) if one != TREE_ROUTES))


def for_study() -> tuple[Rehearsal, ...]:
    """Rehearsals for the solve of a study: an assignment to a network of more than a few nodes and zones."""
    return for_assignment(LEAF + 1, ORIGINS)
