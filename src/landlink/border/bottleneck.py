"""The bottleneck of each direction, and how much of its capacity the opposite direction uses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.border.pipeline import UNLIMITED, Pipeline
from landlink.border.stability import mean_rates, service_capacity, stage_work
from landlink.border.summary import hours_staffed
from landlink.border.transit_times import HORIZON_DAYS, HORIZON_H
from landlink.core.arrays import Floats

__all__ = ["Bottleneck", "find_bottlenecks", "open_hours_per_day"]

#: Two directions share a curve if their vehicles use the common bottleneck equally, up to this ratio.
SIMILAR: Final = 1.25


@dataclass(frozen=True)
class Bottleneck:
    """The stage or quota that determines the wait of one direction or of both.

    Attributes
    ----------
    directions
        Directions whose wait it determines: both, or one.
    weight
        Weight of a vehicle of each direction, shape (2,): the work it brings to the stage, relative to a vehicle of
        the bottleneck's own direction.
    capacity
        Weighted vehicles per day at which the stage is always busy; infinite if nothing limits them.
    """

    directions: tuple[int, ...]
    weight: Floats
    capacity: float

    def load(self, vehicles_per_day: Floats) -> float:
        """Weighted vehicles per day."""
        return float((self.weight * vehicles_per_day).sum())


def find_bottlenecks(pipeline: Pipeline, *, one_for_all: bool = False) -> tuple[Bottleneck, ...]:
    """Find the bottlenecks of a crossing at its mix of vehicles: one for both directions, or one each.

    One is enough if the same stage limits both directions and their vehicles need similar service times there.

    Parameters
    ----------
    pipeline
        Result of :func:`landlink.border.transit_times.horizon_pipeline`.
    one_for_all
        Force one bottleneck for both directions, in which all vehicles have equal weight.
    """
    arrivals, found = _by_direction(pipeline)
    same = len(found) == 2 and found[0][0] == found[1][0] and _similar(found[0][1].weight)
    if len(found) == 2 and (same or one_for_all):
        fullest = max(one.load(arrivals) / one.capacity for _, one in found)
        whole = float(arrivals.sum()) / fullest if fullest > 0 else np.inf
        return (Bottleneck((0, 1), np.ones(2), whole),)
    return tuple(one for _, one in found)


def open_hours_per_day(pipeline: Pipeline, directions: tuple[int, ...]) -> float:
    """Mean hours a day in which the stage that limits some directions is staffed.

    Parameters
    ----------
    pipeline
        Result of :func:`landlink.border.transit_times.horizon_pipeline`.
    directions
        Directions that share a bottleneck.

    Returns
    -------
    float
        Hours a day over the horizon; NaN where hours are not what limits a direction: a quota or a timetable does,
        nothing does, or the directions wait for different stages.
    """
    _, found = _by_direction(pipeline)
    stages = {stage for stage, one in found if set(one.directions) & set(directions)}
    stage = stages.pop() if len(stages) == 1 else -1
    if stage < 0 or pipeline.stages.timetabled[stage]:
        return float("nan")
    return 24.0 * float(hours_staffed(pipeline.stages.servers, 0.0, HORIZON_H)[stage]) / HORIZON_H


def _by_direction(pipeline: Pipeline) -> tuple[Floats, list[tuple[int, Bottleneck]]]:
    """Vehicles a day by direction, and the stage number and bottleneck of each direction with vehicles."""
    rate = mean_rates(pipeline, 0.0, HORIZON_H)
    arrivals = 24.0 * rate.sum(axis=1)
    work = 24.0 * stage_work(pipeline.stages, rate)
    capacity = 24.0 * service_capacity(pipeline, 0.0, HORIZON_H)
    most = np.where(pipeline.stages.paired, work.max(axis=1), work.sum(axis=1))
    load = np.divide(most, capacity, out=np.where(most > 0, np.inf, 0.0), where=capacity > 0)
    each = np.divide(work, arrivals, out=np.zeros_like(work), where=arrivals > 0)
    ways = np.flatnonzero(arrivals > 0).tolist()
    return arrivals, [_of_direction(pipeline, way, arrivals, load, each, capacity) for way in ways]


def _of_direction(
    pipeline: Pipeline, way: int, arrivals: Floats, load: Floats, each: Floats, capacity: Floats
) -> tuple[int, Bottleneck]:
    """Find the bottleneck of a direction and its stage number (-1: none; -2 and -3: the direction's quota)."""
    used = np.where(each[:, way] > 0, load, 0.0)
    stage = int(np.argmax(used)) if len(used) and used.max() > 0 else -1
    own = np.zeros(2)
    own[way] = 1.0
    quota = pipeline.gate.quota_per_day[way, :HORIZON_DAYS]
    limit = float(quota.mean()) if (quota < UNLIMITED).all() else np.inf
    if limit <= 0.0 or arrivals[way] / limit > (used[stage] if stage >= 0 else 0.0):
        return -2 - way, Bottleneck((way,), own, limit)
    if stage < 0:
        return -1, Bottleneck((way,), own, np.inf)
    weight = own.copy() if pipeline.stages.paired[stage] else each[stage] / each[stage, way]
    return stage, Bottleneck((way,), weight, float(capacity[stage] / each[stage, way]))


def _similar(weight: Floats) -> bool:
    return bool(weight.min() > 0 and weight.max() / weight.min() <= SIMILAR)
