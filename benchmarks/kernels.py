"""Memory throughput of each kernel, compared with the copying speed of the machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

import landlink as ll
from benchmarks.roads import files
from benchmarks.tables import Table, number
from landlink.equilibrium.active_markets import ActiveMarkets
from landlink.equilibrium.route_kernels import merge
from landlink.equilibrium.route_list import RouteList
from landlink.equilibrium.shift_kernels import advance
from landlink.equilibrium.solve import solve
from landlink.paths.elimination import Elimination
from landlink.paths.router import Router
from landlink.traffic.road_graph import RoadGraph, fixed_cost, road_assignment

TIMES = 9


def table(networks: Path) -> Table:
    """Measure the kernels on Chicago Sketch near its equilibrium, and the sweeps of paths on Chicago Regional."""
    network = ll.read_tntp(*files(networks, "Chicago Sketch"))
    graph = RoadGraph.of(network)
    assert network.demand is not None
    assignment = road_assignment(network, graph, network.demand, fixed_cost(network, 0.04, 0.02))
    found = solve(assignment, relative_gap=1e-8)
    rows = []
    with ThreadPoolExecutor(1) as pool:
        routes = RouteList(assignment, pool)
        routes.set_routes(found.routes)
        options = len(routes.option_first) - 1
        nothing, cost = np.zeros(options, dtype=np.int64), assignment.classes.fixed
        arcs = len(routes.arcs)
        same = (routes.option_first, routes.first, routes.arcs, routes.flow, nothing, nothing, nothing[:0], 0.0)
        rows += [
            _row("costs of routes", _best(lambda: routes.costs(cost)), arcs, 8 * arcs, "arcs"),
            _row("loads of routes", _best(lambda: routes.loads(routes.flow)), arcs, 8 * arcs, "arcs"),
            _row("merge routes", _best(lambda: merge(*same)), arcs, 16 * arcs, "arcs"),
        ]
        active = ActiveMarkets(assignment, routes, found.option_flow, np.arange(options))
        inside = active._settled, active._active, active._state, active._past, active._visits  # noqa: SLF001
        own = len(inside[1].own) + 8 * len(inside[1].fixed)
        rows += [
            _row(name, _best(lambda: advance(0, enough, 0.0, *inside)), own, 8 * own, "groups")  # noqa: B023
            for name, enough in (("look at active markets", np.inf), ("shift in active markets", 0.0))
        ]
    rows.append(_skim(networks))
    halves = np.ones((2, 10_000_000))
    speed = halves.nbytes / _best(lambda: np.copyto(halves[0], halves[1]))
    return Table(
        "Kernels, one thread",
        ["kernel", "ms", "ns an item", "items", "GB/s"],
        rows,
        [f"The machine copies {speed / 1e9:.1f} GB/s between arrays larger than the caches."],
    )


def _skim(networks: Path) -> list[str]:
    graph = RoadGraph.of(network := ll.read_tntp(files(networks, "Chicago Regional")[0]))
    zones = graph.begin, graph.end
    cost = fixed_cost(network, 0.0, 0.0)[graph.link]
    router = Router(graph.first_out, graph.head, graph.tail)
    slots = int(Elimination.of(graph.first_out, graph.head).first[-1])
    seconds = _best(lambda: router.skim(cost, *zones))
    steps = slots * len(zones[0])
    return _row("skim: a slot for an origin, at most once", seconds, steps, 8 * steps, "slot x origin")


def _best(work: Callable[[], object]) -> float:
    work()
    seconds = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def _row(name: str, seconds: float, items: int, moved: int, unit: str) -> list[str]:
    return [
        name,
        number(1e3 * seconds),
        f"{1e9 * seconds / items:.2f}",
        f"{items:,} {unit}",
        f"{moved / seconds / 1e9:.1f}",
    ]
