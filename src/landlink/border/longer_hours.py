"""Hours at a crossing with given vehicles, and what one more hour of opening a day would save of them."""

from __future__ import annotations

import numpy as np

from landlink.border.holdup import one_more_hour
from landlink.border.load_sweep import LoadPoint
from landlink.border.pipeline import Pipeline
from landlink.border.wait_store import keep_load_point, kept_load_point, wait_key
from landlink.border.waits import simulated_at
from landlink.core.arrays import Floats
from landlink.core.progress import Progress

__all__ = ["hour_saves_h", "simulated_hours"]


def simulated_hours(pipeline: Pipeline, *, seed: int, threads: int = 1, progress: Progress | None = None) -> LoadPoint:
    """Simulate the hours by direction over four weeks at the vehicles of a crossing, or read them from the cache.

    Parameters
    ----------
    pipeline
        Result of :func:`landlink.border.transit_times.horizon_pipeline`, at the vehicles.
    seed
        Seed of the draws.
    threads
        Replications run in parallel; results do not depend on it.
    progress
        Called before a simulation.
    """
    key = wait_key(pipeline, what="hours", seed=seed)
    point = kept_load_point(key)
    if point is None:
        if progress is not None:
            progress(f"simulating the crossing {pipeline.name} at the solved flows", None)
        point = simulated_at(pipeline, seed=seed, threads=threads)
        keep_load_point(key, point)
    return point


def hour_saves_h(pipeline: Pipeline, *, seed: int, threads: int = 1) -> Floats | None:
    """Simulate what one more hour of opening a day would save of the mean hours of a vehicle.

    All stages work an hour longer (:func:`landlink.border.holdup.one_more_hour`), with the same arrivals and service
    times: shorter queues and less waiting for the opening alike.

    Parameters
    ----------
    pipeline, seed, threads
        As for :func:`simulated_hours`.

    Returns
    -------
    Floats or None
        Hours saved by direction, shape (2,), 0 where no vehicle arrives; ``None`` if the stages are open around the
        clock but for short breaks.
    """
    longer = one_more_hour(pipeline)
    if longer is None:
        return None
    before, after = (simulated_hours(one, seed=seed, threads=threads).mean_h for one in (pipeline, longer))
    return np.asarray(np.nan_to_num(before - after))
