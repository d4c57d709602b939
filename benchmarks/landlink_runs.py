"""Measurements of landlink. Kernels are loaded before the clock starts, as in a second call."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.child import peak_mb
from benchmarks.gap import relative_gap
from benchmarks.peer_paths import best_of, sum_of
from benchmarks.roads import KNOWN, dense_demand, files, read
from benchmarks.stopwatch import stopwatch
from benchmarks.touch import one_class, touch_paths


def solve(folder: str, network: str, gap: float, threads: int) -> dict[str, Any]:
    """User equilibrium of a test network from a cold start, including the order of its graph."""
    import landlink as ll  # noqa: PLC0415
    import landlink.traffic.assign  # noqa: PLC0415  what an import brings is no memory of the solve

    imported = peak_mb()
    known = ll.read_tntp(*files(folder, network))
    _, _, length_weight, toll_weight = KNOWN[network]
    options: dict[str, Any] = {"threads": threads, "length_weight": length_weight, "toll_weight": toll_weight}
    solved = ll.assign(known, gap=gap, **options)
    memory = peak_mb() - imported
    small = ll.read_tntp(*files(folder, "Sioux Falls"))
    ll.assign(small, gap=1e-6, threads=threads)
    runs = [ll.assign(known, gap=gap, **options) for _ in range(3 if solved.seconds < 5 else 1)]
    found = relative_gap(read(folder, network), runs[-1].flow)
    same = all(np.array_equal(run.flow, solved.flow) for run in runs)
    return {
        "seconds": min(run.seconds for run in runs), "gap": found, "reached": found <= gap, "memory_mb": memory,
        "objective": solved.objective, "iterations": solved.iterations, "same_bytes": same,
    }  # fmt: skip


def skim(folder: str, network: str, threads: int) -> dict[str, Any]:
    """Skim between all zones at costs not seen before, including customization; and the order, found once."""
    graph, cost = _graph(folder, network)
    start = time.perf_counter()
    graph.router.skim(cost, graph.begin, graph.end, threads=threads)
    first = time.perf_counter() - start
    costs = _others(cost)
    seconds, _ = best_of(5, lambda: graph.router.skim(next(costs), graph.begin, graph.end, threads=threads))
    found, _ = graph.router.skim(cost, graph.begin, graph.end, threads=threads)
    return {"seconds": seconds, "first_seconds": first, "sum": sum_of(found)}


def loading(folder: str, network: str, threads: int) -> dict[str, Any]:
    """All-or-nothing loading of dense demand at costs not seen before."""
    graph, cost = _graph(folder, network)
    zones = len(graph.begin)
    trips = dense_demand(zones)
    origin, destination = np.nonzero(trips)
    demand = trips[origin, destination]
    asked = one_class(graph.begin[origin], graph.end[destination])
    graph.router.load(lambda _: cost, asked, demand, threads=threads)
    costs = _others(cost)

    def load() -> Any:
        now = next(costs)
        return graph.router.load(lambda _: now, asked, demand, threads=threads)[1][0]

    seconds, _ = best_of(3, load)
    flow = graph.router.load(lambda _: cost, asked, demand, threads=threads)[1][0]
    return {"seconds": seconds, "spent": float(np.dot(flow, cost))}


def _graph(folder: str, network: str) -> tuple[Any, Any]:
    """Graph of a network, its kernels loaded, and costs of its arcs without traffic."""
    import landlink as ll  # noqa: PLC0415
    from landlink.traffic.road_graph import RoadGraph  # noqa: PLC0415

    touch_paths()
    known = ll.read_tntp(files(folder, network)[0])
    graph = RoadGraph.of(known)
    return graph, np.ascontiguousarray(known.time(np.zeros(len(known)))[graph.link])


def _others(cost: Any) -> Any:
    """Yield new costs for each run."""
    for seed in range(100):
        yield cost * np.random.default_rng(seed).uniform(1.0, 1.5, len(cost))


def study(gap: float) -> dict[str, Any]:
    """The bundled study: a cold solve, and a warm one after one measure, with a breakdown of its time."""
    import landlink as ll  # noqa: PLC0415

    opened = ll.open_study("china-kyrgyzstan")
    changed = opened.apply("cku-railway")
    tight = ll.SolverOptions(relative_gap=gap)
    before, after = opened.at(2030), changed.at(2030)
    base = ll.solve(before, options=tight)  # kernels are loaded now
    cold, base = best_of(3, lambda: ll.solve(before, options=tight))
    warm, plan = best_of(5, lambda: ll.solve(changed.at(2030), options=tight, start=base))
    again, _ = best_of(1, lambda: ll.solve(after, options=tight))
    splits = [_split(lambda: ll.solve(changed.at(2030), options=tight, start=base)) for _ in range(5)]
    certificate = plan.provenance.certificate
    return {
        "seconds": cold, "warm_seconds": warm, "plan_cold_seconds": again,
        "gap": base.provenance.certificate.relative_gap, "warm_gap": certificate.relative_gap,
        "rounds": certificate.iterations, "split": min(splits, key=lambda split: sum(split.values())),
    }  # fmt: skip


def _split(run: Callable[[], object]) -> dict[str, float]:
    """Seconds of a warm solve by activity, which sum to the total."""
    from landlink.equilibrium import active_markets, certificate, solve  # noqa: PLC0415
    from landlink.freight import assignment, warm_start  # noqa: PLC0415
    from landlink.network import build  # noqa: PLC0415
    from landlink.paths.router import Router  # noqa: PLC0415
    from landlink.study import Study  # noqa: PLC0415

    markets = active_markets.ActiveMarkets
    watched = (
        (Study, "at"), (build, "build_network"), (assignment, "freight_assignment"), (warm_start, "remap_routes"),
        (solve, "solve"), (Router, "cheapest_routes"), (markets, "__init__"), (markets, "shift"),
        (certificate, "certify"),
    )  # fmt: skip
    start = time.perf_counter()
    with stopwatch(*watched) as spent:
        run()
    whole = time.perf_counter() - start
    search, shifts = spent["cheapest_routes"], spent["__init__"] + spent["shift"]
    parts = {
        "network and classes": spent["at"] + spent["build_network"] + spent["freight_assignment"],
        "routes carried over": spent["remap_routes"],
        "searches for routes, the order of the graph with them": search,
        "shifts": shifts,
        "rest of the rounds": spent["solve"] - search - shifts,
        "certificate": spent["certify"],
    }
    return parts | {"flows by class, provenance and the rest": whole - sum(parts.values())}


def growth(graph: str, zones: int) -> dict[str, Any]:
    """Skim a synthetic network between zones spread over its nodes; memory in addition to graph and matrix."""
    from landlink.paths.router import Router  # noqa: PLC0415

    grid = np.load(Path(graph))
    first, head, tail, cost = (grid[name] for name in ("first", "head", "tail", "cost"))
    touch_paths()
    before = peak_mb()
    router = Router(first, head, tail)
    zone = np.random.default_rng(0).permutation(len(first) - 1)[:zones]
    start = time.perf_counter()
    router.skim(cost, zone[:16], zone[:16], threads=1)
    prepared = time.perf_counter() - start
    seconds, found = best_of(2, lambda: router.skim(cost, zone, zone, threads=1))
    memory = peak_mb() - before - found[0].nbytes / 2**20
    return {
        "seconds_per_origin": seconds / zones, "prepared_seconds": prepared,
        "bytes_per_node": memory * 2**20 / (len(first) - 1), "nodes": len(first) - 1, "arcs": len(head),
        "wrong": _wrong(first, head, cost, zone, found[0]),
    }  # fmt: skip


def _wrong(first: Any, head: Any, cost: Any, zone: Any, found: Any) -> float:
    """Largest relative difference from scipy, for a few origins."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415

    nodes = len(first) - 1
    true = dijkstra(csr_matrix((cost, head, first), shape=(nodes, nodes)), indices=zone[:2])[:, zone]
    both = np.isfinite(true) & (true > 0)
    if not np.array_equal(np.isfinite(true), np.isfinite(found[:2])):
        return float("inf")
    return float(np.max(np.abs(found[:2][both] / true[both] - 1.0), initial=0.0))
