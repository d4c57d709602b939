"""Skims and all-or-nothing loading by other codes: the best time of a few runs, and a checksum of the result."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np

from benchmarks.gap import distances, matrix
from benchmarks.roads import dense_demand, read
from landlink.core.arrays import Floats


def aequilibrae(folder: str, network: str, threads: int) -> dict[str, Any]:
    """Skim of the cost between all zones."""
    from aequilibrae.paths import NetworkSkimming  # noqa: PLC0415

    from benchmarks.aequilibrae_parts import graph_of  # noqa: PLC0415

    roads = read(folder, network)
    graph = graph_of(roads, roads.cost(np.zeros(len(roads.tail))))
    graph.set_skimming(["cost"])
    skimming = NetworkSkimming(graph)
    skimming.set_cores(threads)
    seconds, _ = best_of(3, skimming.execute)
    return _skimmed(seconds, skimming.results.skims.get_matrix("cost"), "aequilibrae")


def aequilibrae_loading(folder: str, network: str, threads: int) -> dict[str, Any]:
    """All-or-nothing loading of dense demand."""
    from aequilibrae.paths import allOrNothing  # noqa: PLC0415
    from aequilibrae.paths.results import AssignmentResults  # noqa: PLC0415

    from benchmarks.aequilibrae_parts import demand_matrix, graph_of  # noqa: PLC0415

    roads = read(folder, network)
    cost = roads.cost(np.zeros(len(roads.tail)))
    graph = graph_of(roads, cost)
    results = AssignmentResults()
    trips = demand_matrix(dense_demand(roads.zones))
    results.set_cores(threads)
    results.prepare(graph, trips)
    loading = allOrNothing("car", trips, graph, results)

    def load() -> Floats:
        results.reset()
        loading.execute()
        return np.asarray(results.link_loads)[:, 0]

    seconds, flow = best_of(2, load)
    return {"seconds": seconds, "spent": float(np.dot(flow, cost)), "version": version("aequilibrae")}


def scipy(folder: str, network: str) -> dict[str, Any]:
    """Dijkstra's method from every zone to all nodes, in Cython."""
    roads = read(folder, network)
    cost = roads.cost(np.zeros(len(roads.tail)))
    seconds, found = best_of(2, lambda: distances(roads, cost))
    return _skimmed(seconds, found[:, roads.last], "scipy")


def igraph(folder: str, network: str) -> dict[str, Any]:
    """Dijkstra's method in C."""
    from igraph import Graph  # noqa: PLC0415

    roads = read(folder, network)
    cost = roads.cost(np.zeros(len(roads.tail)))
    graph = Graph(n=roads.nodes + roads.closed, edges=np.column_stack([roads.tail, roads.end]), directed=True)
    zones, last = list(range(roads.zones)), roads.last.tolist()
    seconds, found = best_of(1, lambda: graph.distances(source=zones, target=last, weights=cost, mode="out"))
    return _skimmed(seconds, np.array(found), "igraph")


def networkit(folder: str, network: str) -> dict[str, Any]:
    """Some-pairs shortest paths in C++."""
    import networkit as code  # noqa: PLC0415

    code.setNumberOfThreads(1)
    roads = read(folder, network)
    sparse = matrix(roads, roads.cost(np.zeros(len(roads.tail)))).tocoo()
    graph = code.GraphFromCoo((sparse.data, (sparse.row, sparse.col)), sparse.shape[0], weighted=True, directed=True)

    def skim() -> Floats:
        search = code.distance.SPSP(graph, list(range(roads.zones)), roads.last.tolist())
        search.run()
        return np.asarray(search.getDistances())

    seconds, found = best_of(1, skim)
    return _skimmed(seconds, found, "networkit")


def best_of(count: int, work: Callable[[], Any]) -> tuple[float, Any]:
    """Minimum seconds of a few runs, and the last result."""
    best = np.inf
    for _ in range(count):
        start = time.perf_counter()
        answer = work()
        best = min(best, time.perf_counter() - start)
    return best, answer


def _skimmed(seconds: float, found: Floats, package: str) -> dict[str, Any]:
    return {"seconds": seconds, "sum": sum_of(found), "version": version(package)}


def sum_of(skim: Floats) -> float:
    """Sum of a skim over pairs of different zones, for comparing results."""
    found = np.where(np.isfinite(skim), skim, 0.0)
    return float(found.sum() - np.trace(found))
