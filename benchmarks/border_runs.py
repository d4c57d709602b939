"""Runs of the border simulator on the queue and the crossing of :mod:`benchmarks.peer_queues`."""

from __future__ import annotations

import time
from typing import Any

import numpy as np


def landlink_mm4(vehicles: int, runs: int, *, by_events: bool = False) -> dict[str, Any]:
    """Simulate M/M/4 at load 0.9, draws included: seconds, events and the mean wait."""
    from landlink.border.replication import follow_vehicles  # noqa: PLC0415
    from landlink.border.vehicle_draws import draw_vehicles  # noqa: PLC0415
    from tests.support.border_models import mm4  # noqa: PLC0415

    pipeline = mm4(round(vehicles / runs / (0.9 * 16.0 * 24.0)))

    def one(run: int) -> tuple[int, float]:
        drawn = draw_vehicles(pipeline, seed=1, replication=run)
        log = follow_vehicles(pipeline, drawn, pipeline.stages.servers, by_events=by_events)
        return len(drawn.arrival_h), float(np.nanmean(log.began[0] - drawn.arrival_h))

    one(runs)
    start = time.perf_counter()
    answers = [one(run) for run in range(runs)]
    seconds = time.perf_counter() - start
    number = sum(count for count, _ in answers)
    return {
        "seconds": seconds,
        "events": 2 * number,
        "mean_wait_h": sum(count * wait for count, wait in answers) / number,
    }


def landlink_crossing(days: int, runs: int) -> dict[str, Any]:
    """Simulate the full crossing, draws included: seconds of all runs and the mean time of each.

    ``all_seconds`` is the time of a simulation with all its statistics, such as percentiles and queues.
    """
    from landlink.border.replication import follow_vehicles  # noqa: PLC0415
    from landlink.border.simulate import simulate  # noqa: PLC0415
    from landlink.border.vehicle_draws import draw_vehicles  # noqa: PLC0415
    from tests.support.border_models import full_crossing  # noqa: PLC0415

    pipeline = full_crossing(days)

    def one(run: int) -> float:
        drawn = draw_vehicles(pipeline, seed=1, replication=run)
        log = follow_vehicles(pipeline, drawn, pipeline.stages.servers)
        return float(np.nanmean(log.left[-1] - drawn.arrival_h))

    one(runs)
    start = time.perf_counter()
    means = [one(run) for run in range(runs)]
    between = time.perf_counter()
    simulate(pipeline, replications=runs, threads=1)
    return {
        "seconds": between - start,
        "all_seconds": time.perf_counter() - between,
        "years": runs * days / 365.0,
        "mean_h": means,
    }


def landlink_recovery(threads: int) -> dict[str, Any]:
    """Plan the recovery of Torugart and Irkeshtam: seconds, sets, and how they were decided.

    A short simulation before it compiles or loads the kernels; ``open_seconds`` is the time to read the study.
    """
    from datetime import date  # noqa: PLC0415

    import landlink as ll  # noqa: PLC0415

    start = time.perf_counter()
    study = ll.open_study("china-kyrgyzstan")
    opened = time.perf_counter()
    options = ll.border.RecoveryOptions(date(2020, 11, 15), limit=1.0, seed=study.settings.seed, threads=threads)
    ll.crossing(study, "torugart").simulate(days=7, replications=1)
    between = time.perf_counter()
    target = ll.border.parse_target("torugart+irkeshtam >= 300/day", study)
    found = ll.border.recover(study, target, options)
    return {
        "seconds": time.perf_counter() - between,
        "open_seconds": opened - start,
        "sets": len(found.cases),
        "pipelines": found.simulated,
        "decided": {decision.value: number for decision, number in found.decisions().items()},
        "proven": found.proven,
    }


def landlink_kernels() -> dict[str, Any]:
    """Seconds to compile all border kernels without a cache."""
    from dataclasses import replace  # noqa: PLC0415

    from landlink.border.replication import follow_vehicles  # noqa: PLC0415
    from landlink.border.vehicle_draws import draw_vehicles  # noqa: PLC0415
    from tests.support.border_models import mm4  # noqa: PLC0415

    plain = mm4(2)
    demand, stages = plain.demand, plain.stages
    booked = replace(demand, slots=~demand.slots, slots_per_h=np.full_like(demand.slots_per_h, 9))
    shared = replace(plain, demand=booked, stages=replace(stages, share=0.5 * stages.share))
    times = []
    for _ in range(2):
        start = time.perf_counter()
        for pipeline in (plain, shared):
            drawn = draw_vehicles(pipeline, seed=1, replication=0)
            for by_events in (False, True):
                follow_vehicles(pipeline, drawn, stages.servers, by_events=by_events)
        times.append(time.perf_counter() - start)
    return {"seconds": times[0] - times[1]}
