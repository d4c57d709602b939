"""Skims between thousands of zones of a synthetic network, with matrices larger than processor caches."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

from benchmarks.peer_paths import best_of, sum_of
from benchmarks.roads import Roads
from benchmarks.synthetic import road_network

#: Side of the network, and number of zones.
SIDE, ZONES = 182, 3264


def landlink(threads: int) -> dict[str, Any]:
    """A matrix of costs, and one of distances along the same routes."""
    import landlink as ll  # noqa: PLC0415
    from landlink.traffic.road_graph import RoadGraph  # noqa: PLC0415

    roads = network()
    links = len(roads.tail)
    graph = RoadGraph.of(
        ll.RoadNetwork(
            zones=roads.zones,
            nodes=roads.nodes,
            from_node=roads.tail + 1,
            to_node=roads.head + 1,
            capacity=roads.capacity,
            free_flow_time=roads.time,
            b=roads.b,
            power=roads.power,
        )
    )
    cost = roads.time[graph.link]
    quantity = np.ones((1, links))
    graph.router.skim(cost, graph.begin, graph.end, quantities=quantity, threads=threads)
    seconds, found = best_of(9, lambda: graph.router.skim(cost, graph.begin, graph.end, threads=threads)[0])
    both, _ = best_of(
        5, lambda: graph.router.skim(cost, graph.begin, graph.end, quantities=quantity, threads=threads)[0]
    )
    true = dijkstra(csr_matrix((roads.time, (roads.tail, roads.head)), shape=(roads.nodes,) * 2), indices=[0, 1])
    wrong = np.abs(found[:2] - true[:, : roads.zones]).max() / true[:, : roads.zones].max()
    return {"seconds": seconds, "two_seconds": both, "sum": sum_of(found), "wrong": float(wrong)}


def aequilibrae(threads: int) -> dict[str, Any]:
    """A matrix of costs by AequilibraE."""
    from aequilibrae.paths import NetworkSkimming  # noqa: PLC0415

    from benchmarks.aequilibrae_parts import graph_of  # noqa: PLC0415

    roads = network()
    graph = graph_of(roads, roads.time)
    graph.set_skimming(["cost"])
    skimming = NetworkSkimming(graph)
    skimming.set_cores(threads)
    seconds, _ = best_of(1, skimming.execute)
    return {
        "seconds": seconds,
        "sum": sum_of(skimming.results.skims.get_matrix("cost")),
        "version": version("aequilibrae"),
    }


def network(zones: int = ZONES) -> Roads:
    """A synthetic network whose zones come first and are mutually reachable."""
    grid = road_network(SIDE)
    first, head, tail, cost = (grid[name] for name in ("first", "head", "tail", "cost"))
    nodes = len(first) - 1
    _, part = connected_components(csr_matrix((cost, head, first), shape=(nodes, nodes)), connection="strong")
    number = np.empty(nodes, dtype=np.int64)
    number[np.argsort(part != np.bincount(part).argmax(), kind="stable")] = np.arange(nodes)
    alike, nothing = np.ones(len(head)), np.zeros(0, dtype=np.int64)
    return Roads(
        zones=zones, nodes=nodes, closed=0, tail=number[tail], head=number[head], time=60.0 * cost, capacity=alike,
        b=0.0 * alike, power=alike, fixed=0.0 * alike, origin=nothing, destination=nothing, trips=np.zeros(0),
    )  # fmt: skip
