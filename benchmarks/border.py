"""Crossings simulated by landlink and by its peers, on one thread in the same run."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks import peer_queues
from benchmarks.tables import Goal, Table, progress
from landlink.border.breakdowns import servers_with_breakdowns
from landlink.border.draws import draw_vehicles
from landlink.border.passage import pass_through
from landlink.border.pipeline import Pipeline
from landlink.border.simulate import simulate
from tests.border_models import full_crossing, mm4

#: Vehicles of M/M/4 by the peers, and days by landlink: long enough to be timed, with the same mean wait within noise.
SIMPY_VEHICLES, CIW_VEHICLES, DAYS = 200_000, 60_000, 5000
CROSSING_DAYS, CROSSING_RUNS = 60, 3
REPEATS = 3


def measure() -> tuple[list[Table], dict[str, str]]:
    """Tables, and versions of the peers."""
    mm4_simpy = _peer("SimPy, M/M/4", lambda: peer_queues.simpy_mm4(SIMPY_VEHICLES))
    mm4_ciw = _peer("Ciw, M/M/4", lambda: peer_queues.ciw_mm4(CIW_VEHICLES))
    crossing_simpy = _peer("SimPy, full crossing", lambda: peer_queues.simpy_crossing(CROSSING_DAYS, CROSSING_RUNS))
    progress("landlink")
    plain, events = _mm4(by_events=False), _mm4(by_events=True)
    bare = peer_queues.recursion_mm4(2_000_000)
    ours = _crossing()
    speed = Table(
        "Borders: events a second on M/M/4 at a load of 0.9, one thread", ["code", "events/s", "mean wait, h"]
    )
    for name, found in (("landlink, recursion", plain), ("landlink, event by event", events),
                        ("bare recursion", bare), ("SimPy", mm4_simpy), ("Ciw", mm4_ciw)):  # fmt: skip
        if found is not None:
            speed.rows.append([name, f"{found['events'] / found['seconds']:.2e}", f"{found['mean_wait_h']:.3f}"])
    speed.notes.append("Draws are in all times. Theory: 0.492 h (Erlang 1917). An event is an arrival or a departure.")
    goals = Table("Borders against peers", ["work", "goal", "landlink", "peer", "ratio", "reached"])
    each = plain["seconds"] / plain["events"]
    for name, found, bound in (("SimPy", mm4_simpy, 100.0), ("Ciw", mm4_ciw, 400.0)):
        if found is not None:
            other = 1e6 * found["seconds"] / found["events"]
            goals.rows.append(
                Goal(f"M/M/4 against {name}, each event", f"{bound:g} x", 1e6 * each, bound, other, "µs").row()
            )
    if crossing_simpy is not None:
        row = Goal("eight stages, two directions, against SimPy", "30 x", ours, 30.0, crossing_simpy["seconds"])
        goals.rows.append(row.row())
    peers = {"simpy": mm4_simpy, "ciw": mm4_ciw}
    return [speed, goals], {name: str(found["version"]) for name, found in peers.items() if found is not None}


def _peer(name: str, run: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    progress(name)
    try:
        return run()
    except ImportError:
        return None


def _mm4(*, by_events: bool) -> dict[str, Any]:
    """The quickest of several runs; the first compiles."""
    pipeline = mm4(DAYS if not by_events else DAYS // 4)
    vehicles, _, wait = _run(pipeline, by_events=by_events, seed=0)
    times = []
    for seed in range(1, REPEATS + 1):
        vehicles, seconds, wait = _run(pipeline, by_events=by_events, seed=seed)
        times.append(seconds / vehicles)
    return {"seconds": min(times) * vehicles, "events": 2 * vehicles, "mean_wait_h": wait}


def _run(pipeline: Pipeline, *, by_events: bool, seed: int) -> tuple[int, float, float]:
    start = time.perf_counter()
    vehicles = draw_vehicles(pipeline, seed=seed, replication=0)
    servers = servers_with_breakdowns(pipeline, seed=seed, replication=0)
    passage = pass_through(pipeline, vehicles, servers, by_events=by_events)
    seconds = time.perf_counter() - start
    return len(vehicles.arrival_h), seconds, float(np.nanmean(passage.began[0] - passage.joined[0]))


def _crossing() -> float:
    """Seconds of the full crossing, figures and all."""
    pipeline = full_crossing(CROSSING_DAYS)
    simulate(pipeline, replications=1, threads=1)
    times = []
    for seed in range(REPEATS):
        start = time.perf_counter()
        simulate(pipeline, replications=CROSSING_RUNS, seed=seed, threads=1)
        times.append(time.perf_counter() - start)
    return min(times)
