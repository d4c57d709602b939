"""Networks of the standard test collection as assignments, for tests of what works on those."""

from __future__ import annotations

from landlink.equilibrium.problem import Assignment
from landlink.traffic.road_graph import RoadGraph, fixed_cost, road_assignment
from tests.support.tntp import collected


def collected_assignment(folder: str, name: str) -> Assignment:
    """A network of the collection with its trips; its costs are times alone."""
    network = collected(folder, name)
    assert network.demand is not None
    return road_assignment(network, RoadGraph.of(network), network.demand, fixed_cost(network, 0.0, 0.0))
