"""The wait at a crossing as the network sees it: hours without load by direction and class, and what load adds.

``hours = offset[direction, class] + W(load)``, where the load counts vehicles of both directions by the work that they
bring to the stage that stops them (:mod:`landlink.border.bottleneck`), and ``W`` is fitted to simulations over a sweep
of loads (:mod:`landlink.border.load_sweep`, :mod:`landlink.border.wait_fit`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from landlink.border.bottleneck import Bottleneck, find_bottlenecks
from landlink.border.horizon import HORIZON_H, Passing, passing
from landlink.border.load_sweep import REPLICATIONS, Level, LoadPoint, levels_of, load_point_at, simulate_sweep
from landlink.border.pipeline import DIRECTIONS, Pipeline
from landlink.border.stability import mean_rates
from landlink.border.wait_fit import WaitCurve, fit_waits
from landlink.core.arrays import Floats

__all__ = ["LOAD_SWEEP_COLUMNS", "CrossingWaits", "DelayCurve", "base_mix", "find_waits", "simulated_at"]

Progress = Callable[[int, int], None]

#: Directions part where at loads up to capacity their common curve is off by more than this part and so many hours.
DIFFER: Final = 0.15
DIFFER_H: Final = 0.5

#: Columns of the table of a load_sweep.
LOAD_SWEEP_COLUMNS: Final = (
    "crossing_id", "family", "direction", "load", "capacity", "vehicles_ab_per_day", "vehicles_ba_per_day",
    "simulated_h", "low_h", "high_h", "curve_h",
)  # fmt: skip


@dataclass(frozen=True)
class DelayCurve:
    """The curve of one direction or of both.

    Attributes
    ----------
    bottleneck
        What their wait answers to.
    curve
        What load adds.
    points
        What it was fitted to.
    """

    bottleneck: Bottleneck
    curve: WaitCurve
    points: tuple[LoadPoint, ...]


@dataclass(frozen=True)
class CrossingWaits:
    """The wait at a crossing.

    Attributes
    ----------
    crossing_id, family
        Which crossing.
    classes
        Vehicle classes.
    vehicles_per_day
        By direction and class at the mix that was simulated, shape (2, classes).
    offset_h
        Hours without load by direction; NaN where nobody comes. Shape (2,).
    class_h
        How much longer or shorter a class takes than the mean of its direction, shape (2, classes).
    p95_extra_h
        95th percentile less mean at the mix, shape (2,).
    delay_curves
        Curves: one for both directions, or one for each.
    """

    crossing_id: str
    family: str
    classes: tuple[str, ...]
    vehicles_per_day: Floats
    offset_h: Floats
    class_h: Floats
    p95_extra_h: Floats
    delay_curves: tuple[DelayCurve, ...]

    def hours(self, vehicles_per_day: Floats) -> Floats:
        """Hours by direction at vehicles a day by direction, by the curves, shape (2,)."""
        out = self.offset_h.copy()
        for delay_curve in self.delay_curves:
            out[list(delay_curve.bottleneck.directions)] += delay_curve.curve.at(
                delay_curve.bottleneck.load(vehicles_per_day)
            )
        return out

    def table(self) -> pd.DataFrame:
        """The load sweep: what was simulated, with intervals, beside the curve."""
        rows = [
            (self.crossing_id, self.family, DIRECTIONS[way], point.load, delay_curve.bottleneck.capacity,
             *point.vehicles_per_day, point.mean_h[way], point.low_h[way], point.high_h[way],
             self.offset_h[way] + delay_curve.curve.at(point.load))
            for delay_curve in self.delay_curves
            for way in delay_curve.bottleneck.directions
            for point in delay_curve.points
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=list(LOAD_SWEEP_COLUMNS))


def base_mix(pipeline: Pipeline) -> Floats:
    """Vehicles a day by direction and class over the four weeks, shape (2, classes)."""
    return 24.0 * mean_rates(pipeline, 0.0, HORIZON_H)


def simulated_at(pipeline: Pipeline, *, seed: int, threads: int = 1) -> LoadPoint:
    """Hours by direction with the vehicles that come to a crossing over four weeks."""
    found = passing(pipeline, replications=REPLICATIONS, seed=seed, threads=threads)
    return load_point_at(found, base_mix(pipeline).sum(axis=1), np.nan)


def find_waits(
    pipeline: Pipeline,
    family: str,
    *,
    seed: int,
    threads: int = 1,
    one_curve: bool = False,
    progress: Progress | None = None,
) -> CrossingWaits:
    """Simulate the load sweep of a crossing and fit its curves.

    Parameters
    ----------
    pipeline
        What :func:`landlink.border.horizon.four_weeks` gives, at the mix of vehicles that is expected.
    family
        Row of the crossing.
    seed
        What the draws come from; all loads see the same ones.
    threads
        Replications side by side.
    one_curve
        Whether both directions get one curve of all vehicles together, also where it does not fit both.
    progress
        Called with replications done and wanted.
    """
    mix = base_mix(pipeline)
    ladders = [
        (one, [Level(mix.sum(axis=1), REPLICATIONS), *levels_of(one, mix.sum(axis=1))])
        for one in find_bottlenecks(pipeline, one_for_all=one_curve)
    ]
    wanted = sum(level.replications for _, levels in ladders for level in levels)
    count = 0

    def done() -> None:
        nonlocal count
        count += 1
        if progress is not None:
            progress(count, wanted)

    offset, by_class, p95 = np.full(2, np.nan), np.zeros(mix.shape), np.zeros(2)
    delay_curves = []
    for bottleneck, levels in ladders:
        seen = simulate_sweep(pipeline, levels, seed=seed, threads=threads, done=done)
        at_mix = seen[0]
        for way in bottleneck.directions:
            by_class[way] = _class_difference(at_mix, mix, way)
            p95[way] = np.nanmean(at_mix.p95_h[:, way] - at_mix.mean_h[:, way])
        # The mix itself is a point too: there the curve has to be right.
        points = sorted(
            (
                load_point_at(found, level.vehicles_per_day, bottleneck.load(level.vehicles_per_day))
                for found, level in zip(seen, levels, strict=True)
            ),
            key=lambda point: point.load,
        )
        for found, delay_curve in _fitted(bottleneck, tuple(_apart(points)), one_curve=one_curve):
            offset[list(delay_curve.bottleneck.directions)] = found
            delay_curves.append(delay_curve)
    return CrossingWaits(pipeline.name, family, pipeline.classes, mix, offset, by_class, p95, tuple(delay_curves))


def _apart(points: list[LoadPoint]) -> Iterator[LoadPoint]:
    """Rungs whose loads differ: of two that are all but alike the first."""
    last = -np.inf
    for point in points:
        if point.load > last + 1e-6 * abs(point.load):
            yield point
            last = point.load


def _fitted(
    bottleneck: Bottleneck, points: tuple[LoadPoint, ...], *, one_curve: bool
) -> list[tuple[Floats, DelayCurve]]:
    """Hours without load and curve of the directions of a bottleneck, each on its own where one does not fit both."""
    ways = list(bottleneck.directions)
    load = np.array([point.load for point in points])
    mean = np.array([point.mean_h[ways] for point in points])
    error = np.array([point.error_h[ways] for point in points])
    offset, curve = fit_waits(load, mean, error, bottleneck.capacity)
    fit = offset + np.array([curve.at(one) for one in load])[:, None]
    allowed = np.maximum(np.maximum(DIFFER * mean, DIFFER_H), 2.0 * np.nan_to_num(error))
    off = (np.abs(fit - mean) > allowed)[load <= bottleneck.capacity * (1.0 + 1e-9)]
    if len(ways) == 1 or one_curve or not off.any():
        return [(offset, DelayCurve(bottleneck, curve, points))]
    return [part for way in ways for part in _fitted(replace(bottleneck, directions=(way,)), points, one_curve=False)]


def _class_difference(found: Passing, mix: Floats, way: int) -> Floats:
    """Hours by which classes of a direction differ from its mean, 0 where too few came to tell."""
    of_class = found.class_h[:, way]
    seen = ~np.isnan(of_class)
    hours = np.where(seen, of_class, 0.0).sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
    weight = np.where(seen.any(axis=0), mix[way], 0.0)
    if not weight.sum() > 0:
        return np.zeros(len(hours))
    difference: Floats = np.where(weight > 0, hours - (hours * weight).sum() / weight.sum(), 0.0)
    return difference
