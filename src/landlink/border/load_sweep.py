"""Load sweep: a crossing simulated at loads from nearly 0 to 1.25 times the capacity of its bottleneck."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.border.bottleneck import Bottleneck
from landlink.border.pipeline import Pipeline
from landlink.border.simulate import interval
from landlink.border.transit_times import TransitTimes, at_load, simulate_transit
from landlink.core.arrays import Floats

__all__ = ["REPLICATIONS", "Level", "LoadPoint", "levels_of", "load_point_at", "simulate_sweep"]

#: Loads, as shares of capacity: closer together where the wait bends most.
SHARES: Final = (0.05, 0.3, 0.5, 0.65, 0.8, 0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.25)
REPLICATIONS: Final = 8
#: Light loads have few vehicles, so they get more replications.
LIGHT: Final = 0.4
LIGHT_REPLICATIONS: Final = 16
#: Multiples of the expected vehicles where capacity is unlimited.
WITHOUT_LIMIT: Final = (0.5, 1.0, 2.0)


@dataclass(frozen=True)
class Level:
    """A load to simulate: vehicles per day by direction, shape (2,), and the number of replications."""

    vehicles_per_day: Floats
    replications: int


@dataclass(frozen=True)
class LoadPoint:
    """A simulated load.

    Attributes
    ----------
    load
        Vehicles per day, weighted as at the bottleneck.
    vehicles_per_day
        Vehicles per day by direction, shape (2,).
    mean_h, low_h, high_h, error_h
        Mean hours with a 95 % interval and standard error by direction, NaN where no vehicle arrived; shape (2,).
    p95_h
        95th percentile of the hours by direction, the median over the replications: where about one vehicle in twenty
        waits through a weekend, the percentile of single replications leaps. Shape (2,).
    """

    load: float
    vehicles_per_day: Floats
    mean_h: Floats
    low_h: Floats
    high_h: Floats
    error_h: Floats
    p95_h: Floats


def levels_of(bottleneck: Bottleneck, mix: Floats) -> list[Level]:
    """List the loads at which the curve of a bottleneck is simulated, ascending.

    Both directions are scaled together; but where a direction has a curve of its own, the other does not exceed its
    expected vehicles, so that its queue does not interfere.

    Parameters
    ----------
    bottleneck
        The bottleneck.
    mix
        Expected vehicles per day by direction, shape (2,).
    """
    if not np.isfinite(bottleneck.capacity):
        return [Level(mix * factor, LIGHT_REPLICATIONS) for factor in WITHOUT_LIMIT]
    own = np.isin(np.arange(2), bottleneck.directions)
    levels = []
    for share in SHARES:
        load = share * bottleneck.capacity
        factor = load / bottleneck.load(mix)
        if factor > 1.0 and not own.all():
            others = bottleneck.load(np.where(own, 0.0, mix))
            factor = (load - others) / bottleneck.load(np.where(own, mix, 0.0))
        vehicles = np.where(own, factor, min(factor, 1.0)) * mix
        levels.append(Level(vehicles, LIGHT_REPLICATIONS if share < LIGHT else REPLICATIONS))
    return levels


def simulate_sweep(
    pipeline: Pipeline, levels: list[Level], *, seed: int, threads: int, on_replication: Callable[[], None]
) -> list[TransitTimes]:
    """Simulate a crossing at several loads with the same draws."""
    return [
        simulate_transit(
            at_load(pipeline, level.vehicles_per_day),
            replications=level.replications,
            seed=seed,
            threads=threads,
            on_replication=on_replication,
        )
        for level in levels
    ]


def load_point_at(found: TransitTimes, vehicles_per_day: Floats, load: float) -> LoadPoint:
    """Average the simulated transit times at a load over the replications."""
    mean, low, high = interval(found.mean_h)
    known = np.maximum((~np.isnan(found.mean_h)).sum(axis=0), 1)
    square = np.nansum((found.mean_h - mean) ** 2, axis=0) / np.maximum(known - 1, 1)
    known_p95 = ~np.isnan(found.p95_h).all(axis=0)
    p95 = np.full(known_p95.shape, np.nan)
    p95[known_p95] = np.nanmedian(found.p95_h[:, known_p95], axis=0)
    return LoadPoint(load, vehicles_per_day, mean, low, high, np.sqrt(square / known), p95)
