"""Hours in which a crossing or a stage is closed, from the servers of its stages."""

from __future__ import annotations

from typing import Final

import numpy as np

from landlink.border.pipeline import Pipeline, Stages, StepFunctions
from landlink.border.summary import WEEK_H
from landlink.core.arrays import Bools, Floats

__all__ = ["by_week_hour", "closed_days", "closed_hours", "closed_in_week", "staffed_share"]

#: Instants of each hour at which servers are looked at.
INSTANTS: Final = 4
DAY_H: Final = 24


def staffed_share(servers: StepFunctions, hours: int) -> Floats:
    """Compute the share of each hour in which each stage has a server, shape (stages, hours)."""
    return np.asarray(_staffed(servers, hours).mean(axis=2), dtype=np.float64)


def closed_hours(pipeline: Pipeline) -> Bools:
    """Mark the hours in which no vehicle can pass all stages that it must, in any direction with traffic.

    A stage that only some vehicles need closes nothing; of parallel stages, one that works is enough.
    """
    staffed = _staffed(pipeline.stages.servers, pipeline.hours)
    ways = np.flatnonzero(pipeline.demand.rate_per_h.sum(axis=(1, 2)) > 0.0)
    passable = np.zeros(staffed.shape[1:], dtype=np.bool_)
    for way in ways.tolist():
        passable |= _passable(pipeline.stages, way, staffed)
    return np.asarray(~passable.any(axis=1))


def closed_in_week(pipeline: Pipeline, since_h: float) -> Bools:
    """Mark the hours of the week, from the first day counted on, in which the crossing is closed in most weeks."""
    return np.asarray(by_week_hour(closed_hours(pipeline)[int(since_h) :].astype(np.float64)) > 0.5)


def closed_days(pipeline: Pipeline, since_h: float) -> list[int]:
    """List the days counted, from 0, on which the crossing is closed although it opens on that day of most weeks."""
    closed = closed_hours(pipeline)[int(since_h) :]
    days = closed[: len(closed) // DAY_H * DAY_H].reshape(-1, DAY_H).min(axis=1)
    usual = closed_in_week(pipeline, since_h).reshape(-1, DAY_H).min(axis=1)
    return [day for day in np.flatnonzero(days).tolist() if not usual[day % 7]]


def by_week_hour(values: Floats) -> Floats:
    """Average values by hour of the week; hours of a week that is shorter than one are left at 0."""
    hour = np.arange(len(values)) % int(WEEK_H)
    total = np.bincount(hour, weights=values, minlength=int(WEEK_H))
    return np.asarray(total / np.maximum(1, np.bincount(hour, minlength=int(WEEK_H))))


def _passable(stages: Stages, way: int, staffed: Bools) -> Bools:
    passable = np.ones(staffed.shape[1:], dtype=np.bool_)
    for step in np.unique(stages.steps[way]):
        at_step = stages.steps[way] == step
        if (stages.share[at_step, way].sum(axis=0) >= 1.0 - 1e-9).any():
            used = at_step & (stages.share[:, way] > 0.0).any(axis=1)
            passable &= staffed[used].any(axis=0)
    return passable


def _staffed(servers: StepFunctions, hours: int) -> Bools:
    """Look at the servers of each stage at some instants of each hour, shape (stages, hours, instants)."""
    at = np.arange(hours)[:, None] + (np.arange(INSTANTS) + 0.5) / INSTANTS
    found = np.zeros((len(servers.first) - 1, hours, INSTANTS), dtype=np.bool_)
    for stage in range(len(found)):
        part = slice(int(servers.first[stage]), int(servers.first[stage + 1]))
        number = np.searchsorted(servers.time_h[part], at, side="right") - 1
        found[stage] = servers.value[part][np.maximum(number, 0)] > 0
    return found
