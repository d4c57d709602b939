"""How much work comes to a crossing against what its servers and its gate can do."""

from __future__ import annotations

import numpy as np

from landlink.border.pipeline import UNLIMITED, Floats, Pipeline
from landlink.border.summary import server_hours

__all__ = ["offered_load"]


def offered_load(pipeline: Pipeline, since_h: float = 0.0) -> Floats:
    """Work that comes by work that can be done, by stage and, last, vehicles by quota; infinite where nobody works.

    Stages with a share of 1 at one position are taken to share vehicles so that their loads are equal. Closures and
    breakdowns count by the hours they leave; what is lost to blocking does not show here.

    Parameters
    ----------
    pipeline
        The crossing.
    since_h
        Leave out what comes before.

    Returns
    -------
    ndarray
        Shape (stages + 1,).
    """
    stages = pipeline.stages
    hours = pipeline.hours - since_h
    rate = pipeline.demand.rate_per_h[:, :, int(since_h) :].sum(axis=2) / hours
    servers = server_hours(stages.servers, since_h, float(pipeline.hours)) / hours
    if pipeline.failures is not None:
        working = pipeline.failures.mean_working_h
        servers = servers * np.where(np.isfinite(working), working / (working + pipeline.failures.mean_repair_h), 1.0)
    load = np.zeros(len(stages.names) + 1)
    for position in np.unique(stages.position):
        here = np.flatnonzero(stages.position == position)
        whole = (stages.share[here] == 1.0) & (stages.share[here] > 0)
        sharing = np.maximum(1, whole.sum(axis=0))
        for row, stage in enumerate(here):
            share = np.where(whole[row], 1.0 / sharing, stages.share[stage])
            work = (rate * share * stages.mean_h[stage]).sum(axis=1)
            most = work.max() if stages.paired[stage] else work.sum()
            able = servers[stage] * stages.batch[stage]
            load[stage] = most / able if able > 0 else (np.inf if most > 0 else 0.0)
    load[-1] = _gate_load(pipeline, rate.sum(axis=1), since_h)
    return load


def _gate_load(pipeline: Pipeline, rate: Floats, since_h: float) -> float:
    quota = pipeline.gate.quota_per_day[:, int(since_h // 24) :]
    loads = [0.0]
    for way in range(2):
        if rate[way] > 0.0 and (quota[way] < UNLIMITED).all():
            let_in = quota[way].mean()
            loads.append(24.0 * rate[way] / let_in if let_in > 0 else np.inf)
    return max(loads)
