"""Breakdowns of servers: numbers of working servers through time in one replication."""

from __future__ import annotations

import hashlib

import numpy as np

from landlink.border.pipeline import Pipeline, StepFunctions
from landlink.core.arrays import Floats


def servers_with_breakdowns(pipeline: Pipeline, *, seed: int, replication: int) -> StepFunctions:
    """Draw the breakdowns of one replication and return the numbers of working servers.

    Each server alternates between exponential times of work and of repair (a stationary alternating renewal process),
    in calendar time and independently of the others. ``k`` servers on duty are the first ``k``, so a server keeps its
    breakdowns whatever the shifts. Draws depend only on the seed, the replication, the name of the stage and the
    server.

    Returns
    -------
    StepFunctions
        The pipeline's own servers if none breaks down.
    """
    failures, servers = pipeline.failures, pipeline.stages.servers
    if failures is None:
        return servers
    times: list[Floats] = []
    values = []
    for stage, name in enumerate(pipeline.stages.names):
        part = slice(int(servers.first[stage]), int(servers.first[stage + 1]))
        time, value = servers.time_h[part], servers.value[part]
        if np.isfinite(failures.mean_working_h[stage]):
            means = float(failures.mean_working_h[stage]), float(failures.mean_repair_h[stage])
            spells = [
                _changes(_key(seed, replication, name, server), means, float(pipeline.hours))
                for server in range(int(value.max(initial=0)))
            ]
            merged = np.unique(np.concatenate([time, *(changes for changes, _ in spells)]))
            on_duty = value[np.searchsorted(time, merged, side="right") - 1]
            value = np.zeros(len(merged), dtype=np.int64)
            for server, (changes, works_first) in enumerate(spells):
                even = np.searchsorted(changes, merged, side="right") % 2 == 0
                value += (server < on_duty) & (even == works_first)
            kept = np.concatenate([[True], value[1:] != value[:-1]])
            time, value = merged[kept], value[kept]
        times.append(time)
        values.append(value)
    first = np.cumsum([0, *map(len, times)], dtype=np.int64)
    return StepFunctions(first, np.concatenate(times), np.concatenate(values))


def _key(seed: int, replication: int, name: str, server: int) -> int:
    text = f"breakdown/{seed}/{replication}/{name}/{server}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "little")


def _changes(key: int, means: tuple[float, float], horizon: float) -> tuple[Floats, bool]:
    """Draw the times at which a server fails or is repaired, and whether it works at the start.

    Exponential times are memoryless, so the first one has the same distribution as the others.
    """
    working, repair = means
    source = np.random.Philox(key=key)
    works = bool(_uniform(source, 1)[0] < working / (working + repair))
    found: list[Floats] = []
    now = 0.0
    while now <= horizon:
        scale = np.tile(means if works else means[::-1], 32)
        spells = now + np.cumsum(-np.log1p(-_uniform(source, len(scale))) * scale)
        found.append(spells)
        now = float(spells[-1])
    changes = np.concatenate(found)
    return changes[changes < horizon], works


def _uniform(source: np.random.Philox, count: int) -> Floats:
    """Draw 53-bit numbers in [0, 1)."""
    return np.asarray((source.random_raw(count) >> np.uint64(11)) * 2.0**-53, dtype=np.float64)
