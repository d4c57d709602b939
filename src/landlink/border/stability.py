"""Offered load of a crossing: arriving work against the capacity of its servers and its gate."""

from __future__ import annotations

import numpy as np

from landlink.border.pipeline import UNLIMITED, Pipeline, Stages
from landlink.border.summary import places_offered, server_hours
from landlink.core.arrays import Floats

__all__ = ["capacity_bound", "mean_rates", "offered_load", "service_capacity", "stage_work"]


def offered_load(pipeline: Pipeline, since_h: float = 0.0) -> Floats:
    """Compute the offered load (arriving work over capacity) by stage and, last, of the gate; infinite without servers.

    Stages with a share of 1 at one position are assumed to split vehicles evenly. Closures and breakdowns reduce the
    capacity; losses from blocking are not included.

    Parameters
    ----------
    pipeline
        The crossing.
    since_h
        Start of the period considered.

    Returns
    -------
    ndarray
        Shape (stages + 1,).
    """
    stages = pipeline.stages
    rate = mean_rates(pipeline, since_h)
    work = stage_work(stages, rate)
    most = np.where(stages.paired, work.max(axis=1), work.sum(axis=1))
    capacity = service_capacity(pipeline, since_h)
    load = np.zeros(len(stages.names) + 1)
    load[:-1] = np.divide(most, capacity, out=np.where(most > 0, np.inf, 0.0), where=capacity > 0)
    load[-1] = _gate_load(pipeline, rate.sum(axis=1), since_h)
    return load


def mean_rates(pipeline: Pipeline, since_h: float = 0.0, until_h: float | None = None) -> Floats:
    """Average the vehicles per hour between two times by direction and class, shape (2, classes)."""
    end = pipeline.hours if until_h is None else int(until_h)
    mean: Floats = pipeline.demand.rate_per_h[:, :, int(since_h) : end].sum(axis=2) / (end - since_h)
    return mean


def stage_work(stages: Stages, rate: Floats) -> Floats:
    """Compute the hours of work per hour that vehicles bring to each stage, by direction, shape (stages, 2).

    At a stage with a timetable, a vehicle counts as one place instead.

    Parameters
    ----------
    stages
        The stages.
    rate
        Vehicles per hour, shape (2, classes).
    """
    work = np.zeros((len(stages.names), 2))
    whole = stages.share == 1.0
    for stage in range(len(stages.names)):
        beside = [whole[stages.parallel(stage, way), way].sum(axis=0) for way in range(2)]
        share = np.where(whole[stage], 1.0 / np.maximum(1, np.stack(beside)), stages.share[stage])
        each = 1.0 if stages.timetabled[stage] else stages.mean_h[stage]
        work[stage] = (rate * share * each).sum(axis=1)
    return work


def service_capacity(pipeline: Pipeline, since_h: float = 0.0, until_h: float | None = None) -> Floats:
    """Compute the hours of work per hour that each stage can do, with batches and breakdowns, shape (stages,).

    At a stage with a timetable it is the places of departures per hour.
    """
    end = float(pipeline.hours if until_h is None else until_h)
    servers = server_hours(pipeline.stages.servers, since_h, end) / (end - since_h)
    if pipeline.failures is not None:
        working = pipeline.failures.mean_working_h
        part = np.divide(working, working + pipeline.failures.mean_repair_h, out=np.ones(len(working)),
                         where=np.isfinite(working))  # fmt: skip
        servers = servers * part
    work = np.asarray(servers * pipeline.stages.batch, dtype=np.float64)
    if pipeline.stages.departures is None:
        return work
    places = places_offered(pipeline.stages.departures, since_h, end) / (end - since_h)
    return np.where(pipeline.stages.timetabled, places, work)


def _gate_load(pipeline: Pipeline, rate: Floats, since_h: float) -> float:
    quota = pipeline.gate.quota_per_day[:, int(since_h // 24) :]
    loads = [0.0]
    for way in range(2):
        if rate[way] > 0.0 and (quota[way] < UNLIMITED).all():
            let_in = quota[way].mean()
            loads.append(24.0 * rate[way] / let_in if let_in > 0 else np.inf)
    return max(loads)


def capacity_bound(pipeline: Pipeline, since_h: float = 0.0) -> float:
    """Compute an upper bound of the vehicles per day that can pass, which no long simulation exceeds.

    Each stage and each quota bounds them on its own. A stage without parallel stages passes those that skip it, then
    those with the shortest service times.

    Parameters
    ----------
    pipeline
        The crossing.
    since_h
        Start of the period considered.
    """
    stages, rate = pipeline.stages, mean_rates(pipeline, since_h)
    capacity, arrivals = service_capacity(pipeline, since_h), float(rate.sum())
    bounds = [arrivals]
    for stage in range(len(stages.names)):
        if any(stages.parallel(stage, way).sum() > 1 for way in range(2)) or stages.paired[stage]:
            continue
        served = (rate * stages.share[stage]).ravel()
        hours = np.ones(rate.size) if stages.timetabled[stage] else stages.mean_h[stage].ravel()
        order = np.argsort(hours, kind="stable")
        before = np.cumsum((served * hours)[order]) - (served * hours)[order]
        left = np.maximum(capacity[stage] - before, 0.0)
        most = np.divide(left, hours[order], out=np.full(len(order), np.inf), where=hours[order] > 0)
        bounds.append(arrivals - float(served.sum()) + float(np.minimum(served[order], most).sum()))
    of_way = rate.sum(axis=1)
    let_in = np.minimum(pipeline.gate.quota_per_day, UNLIMITED)[:, int(since_h // 24) :].mean(axis=1) / 24.0
    bounds.append(float(np.minimum(of_way, let_in).sum()))
    return 24.0 * min(bounds)
