"""Inputs of AequilibraE: graphs and matrices in memory, without a project."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from aequilibrae.matrix import AequilibraeMatrix
from aequilibrae.paths import Graph

from benchmarks.roads import Roads
from landlink.core.arrays import Floats


def graph_of(roads: Roads, cost: Floats) -> Any:
    """A graph that minimises cost and has no through traffic at closed nodes."""
    graph = Graph()
    graph.network = pd.DataFrame(
        {
            "link_id": np.arange(1, len(roads.tail) + 1),
            "a_node": roads.tail + 1,
            "b_node": roads.head + 1,
            "direction": np.ones(len(roads.tail), dtype=np.int8),
            "cost": cost,
            # It rejects links without time; a time this small does not affect the gaps that it reaches.
            "time": np.maximum(roads.time, 1e-6),
            "capacity": roads.capacity,
            "b": roads.b,
            "power": roads.power,
            "fixed": roads.fixed,
        }
    )
    graph.prepare_graph(np.arange(1, roads.zones + 1))
    graph.set_graph("cost")
    graph.set_blocked_centroid_flows(roads.closed > 0)
    graph.set_skimming([])
    return graph


def demand_matrix(trips: Floats) -> Any:
    """A matrix in memory, ready to be assigned."""
    zones = len(trips)
    matrix = AequilibraeMatrix()
    matrix.create_empty(zones=zones, matrix_names=["car"], memory_only=True)
    matrix.index = np.arange(1, zones + 1)
    matrix.matrices[:, :, 0] = trips
    matrix.computational_view(["car"])
    return matrix
