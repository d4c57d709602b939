"""Breakdowns of servers: the steps of servers at work that one replication sees."""

from __future__ import annotations

import hashlib

import numpy as np

from landlink.border.pipeline import Pipeline, Steps
from landlink.core.arrays import Floats


def servers_with_breakdowns(pipeline: Pipeline, *, seed: int, replication: int) -> Steps:
    """Servers at work after breakdowns, which differ between replications.

    Every server alternates between working and repair, exponential both (a renewal process in its steady state), in
    calendar time and on its own. Of ``k`` servers on duty the first ``k`` are meant, so that a server keeps its
    breakdowns whatever the shifts. Draws depend on the seed, the replication, the stage's name and the server alone.

    Returns
    -------
    Steps
        The pipeline's own where no server breaks down.
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
    return Steps(first, np.concatenate(times), np.concatenate(values))


def _key(seed: int, replication: int, name: str, server: int) -> int:
    text = f"breakdown/{seed}/{replication}/{name}/{server}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "little")


def _changes(key: int, means: tuple[float, float], horizon: float) -> tuple[Floats, bool]:
    """Times at which a server breaks down or works again, and whether it works at first.

    Exponential times have no memory, so the first spell needs no other law than the rest.
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
    """Numbers from 0 up to, not with, 1, of 53 bits."""
    return np.asarray((source.random_raw(count) >> np.uint64(11)) * 2.0**-53, dtype=np.float64)
