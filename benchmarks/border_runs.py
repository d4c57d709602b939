"""Crossings in landlink: the queue and the crossing that :mod:`benchmarks.peer_queues` asks of other codes."""

from __future__ import annotations

import time
from typing import Any

import numpy as np


def landlink_mm4(vehicles: int, runs: int, *, by_events: bool = False) -> dict[str, Any]:
    """M/M/4 at load 0.9 in some runs, draws included: seconds, events and the mean wait of all."""
    from landlink.border.replication import follow_vehicles  # noqa: PLC0415
    from landlink.border.vehicle_draws import draw_vehicles  # noqa: PLC0415
    from tests.support.border_models import mm4  # noqa: PLC0415

    pipeline = mm4(round(vehicles / runs / (0.9 * 16.0 * 24.0)))

    def one(run: int) -> tuple[int, float]:
        came = draw_vehicles(pipeline, seed=1, replication=run)
        log = follow_vehicles(pipeline, came, pipeline.stages.servers, by_events=by_events)
        return len(came.arrival_h), float(np.nanmean(log.began[0] - came.arrival_h))

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
    """The full crossing, its draws included: seconds of all runs and mean time in the crossing of each.

    Beside it ``all_seconds``: what a simulation takes that reports medians, percentiles, lines and all else.
    """
    from landlink.border.replication import follow_vehicles  # noqa: PLC0415
    from landlink.border.simulate import simulate  # noqa: PLC0415
    from landlink.border.vehicle_draws import draw_vehicles  # noqa: PLC0415
    from tests.support.border_models import full_crossing  # noqa: PLC0415

    pipeline = full_crossing(days)

    def one(run: int) -> float:
        came = draw_vehicles(pipeline, seed=1, replication=run)
        log = follow_vehicles(pipeline, came, pipeline.stages.servers)
        return float(np.nanmean(log.left[-1] - came.arrival_h))

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


def landlink_kernels() -> dict[str, Any]:
    """Seconds to compile all kernels of the border, where no cache has them."""
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
            came = draw_vehicles(pipeline, seed=1, replication=0)
            for by_events in (False, True):
                follow_vehicles(pipeline, came, stages.servers, by_events=by_events)
        times.append(time.perf_counter() - start)
    return {"seconds": times[0] - times[1]}
