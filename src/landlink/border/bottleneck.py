"""Which stage stops the vehicles of each direction, and how much of it those of the other direction take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.border.horizon import HORIZON_DAYS, HORIZON_H
from landlink.border.pipeline import UNLIMITED, Pipeline
from landlink.border.stability import able_h, mean_rates, stage_work
from landlink.core.arrays import Floats

__all__ = ["Bottleneck", "find_bottlenecks"]

#: Directions whose vehicles take their common bottleneck alike, to this ratio, have one curve.
ALIKE: Final = 1.25


@dataclass(frozen=True)
class Bottleneck:
    """What the wait of some directions answers to.

    Attributes
    ----------
    directions
        Those whose wait it is: both, or one.
    weight
        Vehicles of each direction count so much, shape (2,): by the work they bring to the stage, as multiples of
        those of the direction itself.
    capacity
        Vehicles a day, so weighted, that keep the stage at work all the time; infinite: nothing stops them.
    """

    directions: tuple[int, ...]
    weight: Floats
    capacity: float

    def load(self, vehicles_per_day: Floats) -> float:
        """Weighted vehicles a day."""
        return float((self.weight * vehicles_per_day).sum())


def find_bottlenecks(pipeline: Pipeline, *, one_for_all: bool = False) -> tuple[Bottleneck, ...]:
    """Bottlenecks of a crossing at the mix of vehicles that comes to it: one for both directions, or one each.

    One is enough where the same stage stops both and their vehicles take as long there.

    Parameters
    ----------
    pipeline
        What :func:`landlink.border.horizon.four_weeks` gives.
    one_for_all
        Whether there has to be one for both directions: then the vehicles of both count alike.
    """
    rate = mean_rates(pipeline, 0.0, HORIZON_H)
    comes = 24.0 * rate.sum(axis=1)
    work = 24.0 * stage_work(pipeline.stages, rate)
    able = 24.0 * able_h(pipeline, 0.0, HORIZON_H)
    most = np.where(pipeline.stages.paired, work.max(axis=1), work.sum(axis=1))
    load = np.divide(most, able, out=np.where(most > 0, np.inf, 0.0), where=able > 0)
    each = np.divide(work, comes, out=np.zeros_like(work), where=comes > 0)
    found: list[tuple[int, Bottleneck]] = [
        _of_direction(pipeline, way, comes, load, each, able) for way in np.flatnonzero(comes > 0).tolist()
    ]
    same = len(found) == 2 and found[0][0] == found[1][0] and _alike(found[0][1].weight)
    if len(found) == 2 and (same or one_for_all):
        fullest = max(one.load(comes) / one.capacity for _, one in found)
        whole = float(comes.sum()) / fullest if fullest > 0 else np.inf
        return (Bottleneck((0, 1), np.ones(2), whole),)
    return tuple(one for _, one in found)


def _of_direction(
    pipeline: Pipeline, way: int, comes: Floats, load: Floats, each: Floats, able: Floats
) -> tuple[int, Bottleneck]:
    """Number of the stage that stops a direction (-1: none, -2 and -3: its quota), and what stops it."""
    passed = np.where(each[:, way] > 0, load, 0.0)
    stage = int(np.argmax(passed)) if len(passed) and passed.max() > 0 else -1
    own = np.zeros(2)
    own[way] = 1.0
    quota = pipeline.gate.quota_per_day[way, :HORIZON_DAYS]
    limit = float(quota.mean()) if (quota < UNLIMITED).all() else np.inf
    if limit <= 0.0 or comes[way] / limit > (passed[stage] if stage >= 0 else 0.0):
        return -2 - way, Bottleneck((way,), own, limit)
    if stage < 0:
        return -1, Bottleneck((way,), own, np.inf)
    weight = own.copy() if pipeline.stages.paired[stage] else each[stage] / each[stage, way]
    return stage, Bottleneck((way,), weight, float(able[stage] / each[stage, way]))


def _alike(weight: Floats) -> bool:
    return bool(weight.min() > 0 and weight.max() / weight.min() <= ALIKE)
