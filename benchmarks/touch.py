"""Call every kernel of the engine once, and measure the time to compile or load them."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from benchmarks.roads import files
from benchmarks.synthetic import road_network


def kernels(folder: str) -> dict[str, Any]:
    """Seconds until the first results of kernels, compiled if not cached, else loaded.

    Kernels are compiled as in commands, by one process for each of two processors.
    """
    import landlink as ll  # noqa: PLC0415
    import landlink.traffic.assign  # noqa: PLC0415  imports are no work of kernels
    from landlink.core.compilation import compile_ahead  # noqa: PLC0415
    from landlink.traffic.rehearsals import EVERY  # noqa: PLC0415

    network = ll.read_tntp(*files(folder, "Sioux Falls"))
    times = []
    for _ in range(2):
        start = time.perf_counter()
        compile_ahead(EVERY)
        touch_equilibria(network)
        touch_paths()
        times.append(time.perf_counter() - start)
    return {"seconds": times[0] - times[1]}


def touch_equilibria(network: Any) -> None:
    """Solve a small network to user equilibrium, by routes and by links, and to one with spread routes."""
    import landlink as ll  # noqa: PLC0415
    from landlink.equilibrium.spread import solve_spread  # noqa: PLC0415
    from landlink.equilibrium.spread_certificate import certify_spread  # noqa: PLC0415
    from landlink.traffic.road_graph import RoadGraph, fixed_cost, road_assignment  # noqa: PLC0415

    solved = ll.assign(network, gap=1e-6, threads=1)
    solved.skim(select_link=[0], threads=1)
    assignment = road_assignment(network, RoadGraph.of(network), network.demand, fixed_cost(network, 0.0, 0.0))
    soft = solve_spread(assignment, route_scale=1.0, relative_gap=1e-3)
    certify_spread(assignment, soft.routes, soft.option_flow, route_scale=soft.route_scale, own_cost=soft.own_cost)


def touch_paths() -> None:
    """Order a small network, skim it, load it, and find a path tree by tree."""
    from landlink.paths.router import Router  # noqa: PLC0415

    grid = road_network(20)
    first, head, tail, cost = (grid[name] for name in ("first", "head", "tail", "cost"))
    zones = np.arange(30)
    origin, destination = (each.ravel() for each in np.meshgrid(zones, zones, indexing="ij"))
    for method in ("hierarchy", "dijkstra"):
        router = Router(first, head, tail, method=method)
        router.skim(cost, zones, zones, quantities=cost[None, :])
        router.load(lambda _: cost, one_class(origin, destination), np.ones(900))
        router.path(cost, 0, 1)


def one_class(origin: Any, destination: Any) -> Any:
    """Trips of a single class, sorted by origin."""
    from landlink.paths.router import Trips  # noqa: PLC0415

    return Trips(np.zeros(len(origin), dtype=np.int64), origin, destination)
