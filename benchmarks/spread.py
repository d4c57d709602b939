"""Measure spread routes: the bundled study cold and warm, road networks, and other models of route choice beside them.

    python -m benchmarks.spread [--networks FOLDER]

Times are of the processor, all threads together, since other work on the machine does not disturb them; kernels are
compiled before.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.roads import FOLDER
from landlink.core.arrays import Floats
from landlink.core.memory import peak_memory_mb
from landlink.equilibrium.problem import Assignment, Routes
from landlink.equilibrium.solve import solve
from landlink.equilibrium.spread import SpreadEquilibrium, solve_spread
from landlink.equilibrium.spread_certificate import certify_spread
from landlink.model.problem import freight_problem
from landlink.model.solve import solve as solve_study
from landlink.study import Study, open_study
from landlink.traffic.road_graph import RoadGraph, fixed_cost, road_assignment
from landlink.traffic.tntp import read_tntp
from landlink.traffic.trip_table import TripTable

#: Folder and name of the road networks, smallest first.
NETWORKS = (("SiouxFalls", "SiouxFalls"), ("Anaheim", "Anaheim"), ("Chicago-Sketch", "ChicagoSketch"))
#: The large one, the pairs that it is solved with, and the trips of each.
LARGE = ("chicago-regional", "ChicagoRegional")
PAIRS = (10_000, 20_000, 40_000, 80_000)
TRIPS = 1.0
#: Cost beyond which routes are not used, as a share of the mean trip's.
BAND = 0.2


def main() -> None:
    """Print all measurements."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spread", description=__doc__)
    parser.add_argument("--networks", type=Path, default=FOLDER, help="folder of test networks (default: %(default)s)")
    folder = parser.parse_args().networks
    bundled()
    for place, name in NETWORKS:
        if (folder / place).is_dir():
            road(folder / place, name)
    if (folder / LARGE[0]).is_dir():
        growth(folder / LARGE[0] / f"{LARGE[1]}_net.tntp")


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """Processor time of some work, and its answer."""
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def bundled(multiple: float = 3.0) -> None:
    """Solve the bundled study with and without spread, and again after its costs have changed a little."""
    study = open_study("china-kyrgyzstan")
    freight = freight_problem(study.at(study.settings.base_year))
    assignment, gap = freight.assignment, study.settings.relative_gap
    scale = multiple * study.tables["commodity"]["logit_scale"].to_numpy(dtype=float)[freight.class_commodity]
    options: dict[str, Any] = {"route_scale": scale, "relative_gap": gap}
    own = assignment.classes.fixed
    dearer = own * (1 + 0.01 * np.random.default_rng(0).random(own.shape[1]))
    changed = replace(assignment, classes=replace(assignment.classes, fixed=dearer))
    # The first of each compiles.
    found = solve_spread(assignment, **options)
    plain, _ = seconds(lambda: solve(assignment, relative_gap=gap))
    cold, _ = seconds(lambda: solve_spread(assignment, **options))
    warm, again = seconds(lambda: solve_spread(changed, start=found, **options))
    print(f"china-kyrgyzstan, route_scale {multiple:g} x logit_scale, gap {gap:g}, {len(found.routes)} routes")
    print(f"  cheapest routes, cold        {plain:6.2f} s")
    print(f"  spread, cold                 {cold:6.2f} s  {cold / plain:.1f} times, {found.iterations} searches")
    print(f"  spread, costs up to 1 % off  {warm:6.2f} s  {again.iterations} searches")
    cheapest = replace(study, settings=replace(study.settings, routing="deterministic"))
    plain, _ = seconds(lambda: solve_study(cheapest))
    spread = with_spread(study, multiple)
    cold, result = seconds(lambda: solve_study(spread))
    warm, _ = seconds(lambda: solve_study(spread, start=result))
    print(
        f"  the study with tables and certificate: {plain:.2f} s, with spread {cold:.2f} s ({cold / plain:.1f} times)"
    )
    print(f"  again from its own result    {warm:6.2f} s")


def with_spread(study: Study, multiple: float) -> Study:
    """Copy of a study with spread routes in a new folder, with another scale."""
    folder = Path(tempfile.mkdtemp()) / "study"
    shutil.copytree(study.path, folder)
    goods = pd.read_csv(folder / "commodity.csv", dtype=str, keep_default_na=False)
    goods["route_scale"] = [f"{multiple * float(scale):.6g}" for scale in goods["logit_scale"]]
    goods.to_csv(folder / "commodity.csv", index=False)
    return open_study(folder)


def road(folder: Path, name: str) -> None:
    """Solve a road network with spread, certify it, and compare models of route choice at its times."""
    network = read_tntp(folder / f"{name}_net.tntp", folder / f"{name}_trips.tntp")
    trips = network.demand
    assert trips is not None
    assignment = road_assignment(network, RoadGraph.of(network), trips, fixed_cost(network, 0.0, 0.0))
    plain = solve(assignment, relative_gap=1e-4)
    mean = float(sum_of_costs(assignment, plain.routes, plain.delay_h).mean())
    scale = 2 / (BAND * mean)
    took, found = seconds(lambda: solve_spread(assignment, route_scale=scale, relative_gap=1e-6))
    proving, certificate = seconds(
        lambda: certify_spread(
            assignment, found.routes, found.option_flow, route_scale=found.route_scale, own_cost=found.own_cost
        )
    )
    pairs = len(assignment.markets.demand)
    print(f"{name}: {pairs} pairs, {len(assignment.head)} arcs; solved in {took:.2f} s, certified in {proving:.2f} s")
    print(f"  gap {certificate.relative_gap:.0e}; routes a pair {len(found.routes) / pairs:.2f}")
    for line in compared(assignment, found, scale):
        print("  " + line)


def growth(file: Path) -> None:
    """Solve with ever more pairs of zones of a large network drawn at random.

    The network comes without a trip table. Random pairs are farther apart than real ones, so that routes are longer.
    """
    network = read_tntp(file)
    graph, fixed = RoadGraph.of(network), fixed_cost(network, 0.0, 0.0)
    random = np.random.default_rng(0)
    for pairs in PAIRS:
        chosen = np.sort(random.choice(network.zones**2, pairs, replace=False))
        origin, destination = np.divmod(chosen[chosen % (network.zones + 1) > 0], network.zones)
        trips = TripTable(network.zones, origin + 1, destination + 1, np.full(len(origin), TRIPS))
        assignment = road_assignment(network, graph, trips, fixed)
        plain, start = seconds(partial(solve, assignment, relative_gap=1e-4))
        scale = 2 / (BAND * float(sum_of_costs(assignment, start.routes, start.delay_h).mean()))
        took, found = seconds(partial(solve_spread, assignment, route_scale=scale, relative_gap=1e-4))
        print(
            f"{file.stem}, {len(origin):,} pairs: {took:.1f} s to {found.relative_gap:.0e} "
            f"(without spread {plain:.1f} s), "
            f"{len(found.routes) / len(origin):.2f} routes a pair, {peak_memory_mb():,.0f} MB"
        )


def sum_of_costs(assignment: Assignment, routes: Routes, delay_h: Floats) -> Floats:
    """Cost of each route of a network with one class."""
    cost = assignment.classes.fixed[0] + np.append(delay_h, 0.0)[assignment.group]
    return np.asarray(np.add.reduceat(cost[routes.arcs], routes.first[:-1]))


def compared(assignment: Assignment, found: SpreadEquilibrium, scale: float, pairs: int = 300) -> list[str]:
    """Shares of the routes found by other models at the same costs: the mean share of trips that moves.

    The entropic program takes ``F(p) = (1 + p) ln(1 + p) - p`` with the same slope of response at even shares; the
    path-size logit (Ben-Akiva and Bierlaire 1999) takes the routes found as its choice set.
    """
    routes = found.routes
    several = np.flatnonzero(np.bincount(routes.option, minlength=len(found.option_flow)) > 1)
    chosen = np.random.default_rng(0).permutation(several)[:pairs]
    cost = sum_of_costs(assignment, routes, found.delay_h)
    moved: dict[str, list[float]] = {"entropic": [], "path-size logit": [], "plain logit": []}
    for option in chosen:
        mine = np.flatnonzero(routes.option == option)
        share = routes.flow[mine] / routes.flow[mine].sum()
        incidence = np.zeros((len(mine), len(assignment.head)))
        for row, r in enumerate(mine):
            np.add.at(incidence[row], routes.arcs[routes.first[r] : routes.first[r + 1]], 1)
        passed = incidence.any(axis=0)
        own = found.own_cost[0][passed]
        weight = 2 * own / (scale * (incidence[:, passed] @ own).min())
        others = {
            "entropic": entropic(cost[mine], incidence[:, passed], weight),
            "path-size logit": path_size(cost[mine], incidence[:, passed], own, scale),
            "plain logit": logit(cost[mine], scale),
        }
        for name, other in others.items():
            moved[name].append(float(np.abs(other - share).sum() / 2))
    return [f"{name}: {np.mean(shares):.1%} of trips on other routes" for name, shares in moved.items()]


def logit(cost: Floats, scale: float) -> Floats:
    """Shares of a logit."""
    weight = np.exp(-scale * (cost - cost.min()))
    return np.asarray(weight / weight.sum())


def path_size(cost: Floats, incidence: Floats, own: Floats, scale: float) -> Floats:
    """Shares of a path-size logit."""
    length = incidence @ own
    size = (incidence * own / incidence.sum(axis=0)).sum(axis=1) / length
    weight = size * np.exp(-scale * (cost - cost.min()))
    return np.asarray(weight / weight.sum())


def entropic(cost: Floats, incidence: Floats, weight: Floats, rounds: int = 2000) -> Floats:
    """Shares of the entropic program over given routes, by exchanging between the dearest used and the cheapest."""
    # The slope of F' at a half is 2 / 3 of that of p^2 / 2.
    heavier = 1.5 * weight
    share = np.full(len(cost), 1 / len(cost))
    for _ in range(rounds):
        passing = share @ incidence
        marginal = cost + incidence @ (heavier * np.log1p(passing))
        used = np.where(share > 0, marginal, -np.inf)
        high, low = int(np.argmax(used)), int(np.argmin(marginal))
        if used[high] - marginal[low] < 1e-9 * cost.min():
            break
        apart = (incidence[high] - incidence[low]) ** 2
        step = (used[high] - marginal[low]) / (apart @ (heavier / (1 + passing)))
        moved = min(share[high], step)
        share[high] -= moved
        share[low] += moved
    return share


if __name__ == "__main__":
    main()
