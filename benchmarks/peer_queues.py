"""Queues by other codes, and the minimum any code must do. Each returns seconds, vehicles and mean waits."""

from __future__ import annotations

import random
import time
from importlib.metadata import version
from typing import Any

import numpy as np

SERVERS, LOAD, MEAN_H = 4, 0.9, 0.25


def simpy_mm4(vehicles: int) -> dict[str, Any]:
    """M/M/4 as in the examples of SimPy: a process for each vehicle, a resource for the servers."""
    import simpy  # noqa: PLC0415

    rate, draw = SERVERS * LOAD / MEAN_H, random.Random(1).expovariate
    waits: list[float] = []

    def vehicle(env: Any, servers: Any) -> Any:
        came = env.now
        with servers.request() as turn:
            yield turn
            waits.append(env.now - came)
            yield env.timeout(draw(1.0 / MEAN_H))

    def source(env: Any, servers: Any) -> Any:
        for _ in range(vehicles):
            yield env.timeout(draw(rate))
            env.process(vehicle(env, servers))

    start = time.perf_counter()
    env = simpy.Environment()
    env.process(source(env, simpy.Resource(env, capacity=SERVERS)))
    env.run()
    seconds = time.perf_counter() - start
    return _answer(seconds, np.array(waits)) | {"version": version("simpy")}


def ciw_mm4(vehicles: int) -> dict[str, Any]:
    """M/M/4 as in the documentation of Ciw."""
    import ciw  # noqa: PLC0415

    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=SERVERS * LOAD / MEAN_H)],
        service_distributions=[ciw.dists.Exponential(rate=1.0 / MEAN_H)],
        number_of_servers=[SERVERS],
    )
    ciw.seed(1)
    start = time.perf_counter()
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(vehicles)
    waits = np.array([record.waiting_time for record in simulation.get_all_records()])
    seconds = time.perf_counter() - start
    return _answer(seconds, waits) | {"version": version("ciw")}


def recursion_mm4(vehicles: int) -> dict[str, Any]:
    """Workloads of the servers from vehicle to vehicle (Kiefer and Wolfowitz 1955), the minimum for M/M/4.

    Two times: with draws by numba's generator in the same loop, and with given draws.
    """
    from numba import njit  # noqa: PLC0415

    @njit
    def advance(a: float, b: float, c: float, d: float, service: float, gap: float) -> Any:
        """Workloads in ascending order at the next arrival."""
        a += service
        if a > b:
            a, b = b, a
        if b > c:
            b, c = c, b
        if c > d:
            c, d = d, c
        return max(a - gap, 0.0), max(b - gap, 0.0), max(c - gap, 0.0), max(d - gap, 0.0)

    @njit
    def given(gaps: Any, services: Any) -> float:
        a = b = c = d = total = 0.0
        for gap, service in zip(gaps, services):  # noqa: B905  numba knows no strict
            total += a
            a, b, c, d = advance(a, b, c, d, service, gap)
        return total

    @njit
    def drawn(number: int, gap_h: float, mean_h: float) -> float:
        a = b = c = d = total = 0.0
        for _ in range(number):
            total += a
            gap, service = np.random.exponential(gap_h), np.random.exponential(mean_h)  # noqa: NPY002  numba's own
            a, b, c, d = advance(a, b, c, d, service, gap)
        return total

    gap_h = MEAN_H / (SERVERS * LOAD)
    rng = np.random.default_rng(1)
    gaps, services = rng.exponential(gap_h, vehicles), rng.exponential(MEAN_H, vehicles)
    given(gaps[:2], services[:2])
    drawn(2, gap_h, MEAN_H)
    start = time.perf_counter()
    given(gaps, services)
    between = time.perf_counter()
    total = drawn(vehicles, gap_h, MEAN_H)
    seconds = time.perf_counter() - between
    return {
        "seconds": seconds,
        "given_seconds": between - start,
        "events": 2 * vehicles,
        "mean_wait_h": total / vehicles,
    }


def _answer(seconds: float, waits: Any) -> dict[str, Any]:
    """Two events per vehicle: its arrival and the end of its service."""
    return {"seconds": seconds, "events": 2 * len(waits), "mean_wait_h": float(waits.mean())}


def simpy_crossing(days: int, runs: int) -> dict[str, Any]:
    """The full crossing in SimPy, including draws: seconds of all runs and mean time in the crossing of each."""
    from tests.support.border_draws import draw  # noqa: PLC0415
    from tests.support.border_models import full_crossing  # noqa: PLC0415
    from tests.support.border_peers import in_simpy  # noqa: PLC0415

    pipeline = full_crossing(days)
    means: list[float] = []
    start = time.perf_counter()
    for run in range(runs):
        given = draw(pipeline, seed=run)
        times = in_simpy(pipeline, given)
        through_h = times.left_h[:, -1] - given.arrival_h
        means.append(float(np.nanmean(through_h)))
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "years": runs * days / 365.0, "mean_h": means, "version": version("simpy")}
