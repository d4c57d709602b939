"""How much work comes to a crossing against what its servers and its gate can do."""

from __future__ import annotations

import numpy as np

from landlink.border.pipeline import UNLIMITED, Pipeline, Stages
from landlink.border.summary import server_hours
from landlink.core.arrays import Floats

__all__ = ["able_h", "mean_rates", "most_per_day", "offered_load", "stage_work"]


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
    rate = mean_rates(pipeline, since_h)
    work = stage_work(stages, rate)
    most = np.where(stages.paired, work.max(axis=1), work.sum(axis=1))
    able = able_h(pipeline, since_h)
    load = np.zeros(len(stages.names) + 1)
    load[:-1] = np.divide(most, able, out=np.where(most > 0, np.inf, 0.0), where=able > 0)
    load[-1] = _gate_load(pipeline, rate.sum(axis=1), since_h)
    return load


def mean_rates(pipeline: Pipeline, since_h: float = 0.0, until_h: float | None = None) -> Floats:
    """Mean vehicles an hour between two times, by direction and class, shape (2, classes)."""
    end = pipeline.hours if until_h is None else int(until_h)
    mean: Floats = pipeline.demand.rate_per_h[:, :, int(since_h) : end].sum(axis=2) / (end - since_h)
    return mean


def stage_work(stages: Stages, rate: Floats) -> Floats:
    """Hours of work an hour that vehicles bring to each stage, by direction, shape (stages, 2).

    Parameters
    ----------
    stages
        The stages.
    rate
        Vehicles an hour, shape (2, classes).
    """
    work = np.zeros((len(stages.names), 2))
    for position in np.unique(stages.position):
        here = np.flatnonzero(stages.position == position)
        whole = stages.share[here] == 1.0
        sharing = np.maximum(1, whole.sum(axis=0))
        for row, stage in enumerate(here):
            share = np.where(whole[row], 1.0 / sharing, stages.share[stage])
            work[stage] = (rate * share * stages.mean_h[stage]).sum(axis=1)
    return work


def able_h(pipeline: Pipeline, since_h: float = 0.0, until_h: float | None = None) -> Floats:
    """Hours of work an hour that each stage can do, batches and breakdowns counted, shape (stages,)."""
    end = float(pipeline.hours if until_h is None else until_h)
    servers = server_hours(pipeline.stages.servers, since_h, end) / (end - since_h)
    if pipeline.failures is not None:
        working = pipeline.failures.mean_working_h
        part = np.divide(working, working + pipeline.failures.mean_repair_h, out=np.ones(len(working)),
                         where=np.isfinite(working))  # fmt: skip
        servers = servers * part
    return np.asarray(servers * pipeline.stages.batch, dtype=np.float64)


def _gate_load(pipeline: Pipeline, rate: Floats, since_h: float) -> float:
    quota = pipeline.gate.quota_per_day[:, int(since_h // 24) :]
    loads = [0.0]
    for way in range(2):
        if rate[way] > 0.0 and (quota[way] < UNLIMITED).all():
            let_in = quota[way].mean()
            loads.append(24.0 * rate[way] / let_in if let_in > 0 else np.inf)
    return max(loads)


def most_per_day(pipeline: Pipeline) -> float:
    """Vehicles a day that can pass at most, of those that come: no simulation passes more in the long run.

    Each stage and each quota alone bounds them. A stage that stands alone passes those that skip it, and then those
    who take least of its time.

    Parameters
    ----------
    pipeline
        The crossing.
    """
    stages, rate = pipeline.stages, mean_rates(pipeline)
    able, comes = able_h(pipeline), float(rate.sum())
    bounds = [comes]
    for stage, position in enumerate(stages.position):
        if (stages.position == position).sum() > 1 or stages.paired[stage]:
            continue
        served = (rate * stages.share[stage]).ravel()
        hours = stages.mean_h[stage].ravel()
        order = np.argsort(hours, kind="stable")
        before = np.cumsum((served * hours)[order]) - (served * hours)[order]
        left = np.maximum(able[stage] - before, 0.0)
        most = np.divide(left, hours[order], out=np.full(len(order), np.inf), where=hours[order] > 0)
        bounds.append(comes - float(served.sum()) + float(np.minimum(served[order], most).sum()))
    of_way = rate.sum(axis=1)
    let_in = np.minimum(pipeline.gate.quota_per_day, UNLIMITED).mean(axis=1) / 24.0
    bounds.append(float(np.minimum(of_way, let_in).sum()))
    return 24.0 * min(bounds)
