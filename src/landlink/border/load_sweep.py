"""Loads at which a crossing is simulated, from nearly none to a quarter above what its bottleneck can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.border.bottleneck import Bottleneck
from landlink.border.horizon import Passing, at_load, passing
from landlink.border.pipeline import Pipeline
from landlink.border.simulate import interval
from landlink.core.arrays import Floats

__all__ = ["REPLICATIONS", "Level", "LoadPoint", "levels_of", "load_point_at", "simulate_sweep"]

#: Parts of capacity.
PARTS: Final = (0.05, 0.3, 0.5, 0.65, 0.8, 0.9, 1.0, 1.1, 1.25)
REPLICATIONS: Final = 8
#: Light loads bring few vehicles, so they are repeated more often.
LIGHT: Final = 0.4
LIGHT_REPLICATIONS: Final = 16
#: Where nothing stops vehicles, multiples of those that come.
WITHOUT_LIMIT: Final = (0.5, 1.0, 2.0)


@dataclass(frozen=True)
class Level:
    """A load to simulate: vehicles a day by direction, shape (2,), and how often."""

    vehicles_per_day: Floats
    replications: int


@dataclass(frozen=True)
class LoadPoint:
    """A load that was simulated.

    Attributes
    ----------
    load
        Vehicles a day as the bottleneck counts them.
    vehicles_per_day
        By direction, shape (2,).
    mean_h, low_h, high_h, error_h
        Mean hours with a 95 % interval and standard error by direction, NaN where nobody came; shape (2,).
    """

    load: float
    vehicles_per_day: Floats
    mean_h: Floats
    low_h: Floats
    high_h: Floats
    error_h: Floats


def levels_of(bottleneck: Bottleneck, mix: Floats) -> list[Level]:
    """Loads for the curve of a bottleneck, ascending.

    Vehicles of both directions grow together; but where a direction has a curve of its own, the other does not grow
    beyond those that are expected, so that its own queue does not get in the way.

    Parameters
    ----------
    bottleneck
        What is loaded.
    mix
        Vehicles a day by direction that are expected, shape (2,).
    """
    if not np.isfinite(bottleneck.capacity):
        return [Level(mix * factor, LIGHT_REPLICATIONS) for factor in WITHOUT_LIMIT]
    own = np.isin(np.arange(2), bottleneck.directions)
    levels = []
    for part in PARTS:
        wanted = part * bottleneck.capacity
        factor = wanted / bottleneck.load(mix)
        if factor > 1.0 and not own.all():
            others = bottleneck.load(np.where(own, 0.0, mix))
            factor = (wanted - others) / bottleneck.load(np.where(own, mix, 0.0))
        vehicles = np.where(own, factor, min(factor, 1.0)) * mix
        levels.append(Level(vehicles, LIGHT_REPLICATIONS if part < LIGHT else REPLICATIONS))
    return levels


def simulate_sweep(
    pipeline: Pipeline, levels: list[Level], *, seed: int, threads: int, done: Callable[[], None]
) -> list[Passing]:
    """Simulate a crossing at several loads, all on the same draws."""
    return [
        passing(
            at_load(pipeline, level.vehicles_per_day),
            replications=level.replications,
            seed=seed,
            threads=threads,
            done=done,
        )
        for level in levels
    ]


def load_point_at(found: Passing, vehicles_per_day: Floats, load: float) -> LoadPoint:
    """Means of what was simulated at a load, over the replications."""
    mean, low, high = interval(found.mean_h)
    known = np.maximum((~np.isnan(found.mean_h)).sum(axis=0), 1)
    square = np.nansum((found.mean_h - mean) ** 2, axis=0) / np.maximum(known - 1, 1)
    return LoadPoint(load, vehicles_per_day, mean, low, high, np.sqrt(square / known))
