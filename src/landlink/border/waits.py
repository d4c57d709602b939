"""Wait at a crossing as the network sees it: hours without load by direction and class, and the delay by load.

``hours = offset[direction, class] + W(load)``, where the load weights the vehicles of both directions by the work that
they bring to the bottleneck (:mod:`landlink.border.bottleneck`), and ``W`` is fitted to a load sweep
(:mod:`landlink.border.load_sweep`, :mod:`landlink.border.wait_fit`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from landlink.border.bottleneck import Bottleneck, find_bottlenecks
from landlink.border.crossing import Crossing
from landlink.border.load_sweep import REPLICATIONS, Level, LoadPoint, levels_of, load_point_at, simulate_sweep
from landlink.border.pipeline import DIRECTIONS, Pipeline
from landlink.border.stability import mean_rates
from landlink.border.transit_times import HORIZON_H, TransitTimes, horizon_pipeline, simulate_transit
from landlink.border.wait_fit import WaitCurve, fit_waits
from landlink.core.arrays import Floats
from landlink.core.progress import Progress

__all__ = [
    "LOAD_SWEEP_COLUMNS",
    "CrossingWaits",
    "DelayCurve",
    "base_mix",
    "crossing_waits",
    "find_waits",
    "simulated_at",
]

#: Directions get separate curves if, below capacity, the common one errs by more than this share and these hours.
DIFFER: Final = 0.15
DIFFER_H: Final = 0.5

#: Columns of the table of a load sweep.
LOAD_SWEEP_COLUMNS: Final = (
    "crossing_id", "family", "direction", "load", "capacity", "vehicles_ab_per_day", "vehicles_ba_per_day",
    "simulated_h", "low_h", "high_h", "curve_h",
)  # fmt: skip


@dataclass(frozen=True)
class DelayCurve:
    """Delay curve of one direction or of both.

    Attributes
    ----------
    bottleneck
        Bottleneck that determines the wait.
    curve
        Delay by load.
    points
        Simulated loads to which the curve was fitted.
    """

    bottleneck: Bottleneck
    curve: WaitCurve
    points: tuple[LoadPoint, ...]

    def p95_extra_h(self, way: int, load: float) -> float:
        """Hours between the mean and the 95th percentile of a direction at a load, from the simulated loads."""
        loads = np.array([point.load for point in self.points])
        extra = np.array([point.p95_h[way] - point.mean_h[way] for point in self.points])
        known = ~np.isnan(extra)
        return float(np.interp(load, loads[known], extra[known])) if known.any() else 0.0


@dataclass(frozen=True)
class CrossingWaits:
    """Wait at a crossing.

    Attributes
    ----------
    crossing_id, family
        Key of the crossing.
    classes
        Vehicle classes.
    vehicles_per_day
        Simulated mix by direction and class, shape (2, classes).
    offset_h
        Hours without load by direction, shape (2,); NaN where no vehicle arrives.
    class_h
        Difference of a class from the mean hours of its direction, shape (2, classes).
    p95_extra_h
        95th percentile minus mean at the simulated mix, shape (2,).
    delay_curves
        One curve for both directions, or one for each.
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
        """Compute the hours by direction from the curves, given vehicles per day by direction, shape (2,)."""
        out = self.offset_h.copy()
        for delay_curve in self.delay_curves:
            out[list(delay_curve.bottleneck.directions)] += delay_curve.curve.at(
                delay_curve.bottleneck.load(vehicles_per_day)
            )
        return out

    def p95_h(self, vehicles_per_day: Floats) -> Floats:
        """Compute the 95th percentile of the hours by direction, given vehicles per day by direction, shape (2,).

        It is the mean by the curve, and the hours between mean and percentile interpolated between the simulated loads.
        """
        out = self.hours(vehicles_per_day)
        for delay_curve in self.delay_curves:
            load = delay_curve.bottleneck.load(vehicles_per_day)
            for way in delay_curve.bottleneck.directions:
                out[way] += delay_curve.p95_extra_h(way, load)
        return out

    def capacity_used(self, vehicles_per_day: Floats) -> Floats:
        """Share of the bottleneck's capacity in use by direction, given vehicles per day by direction, shape (2,)."""
        out = np.full(2, np.nan)
        for delay_curve in self.delay_curves:
            bottleneck = delay_curve.bottleneck
            out[list(bottleneck.directions)] = bottleneck.load(vehicles_per_day) / bottleneck.capacity
        return out

    def table(self) -> pd.DataFrame:
        """Tabulate the load sweep: simulated hours with intervals, and hours by the curve."""
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
    """Average the vehicles per day by direction and class over the four weeks, shape (2, classes)."""
    return 24.0 * mean_rates(pipeline, 0.0, HORIZON_H)


def simulated_at(pipeline: Pipeline, *, seed: int, threads: int = 1) -> LoadPoint:
    """Simulate the hours by direction at the vehicles of a pipeline over four weeks."""
    found = simulate_transit(pipeline, replications=REPLICATIONS, seed=seed, threads=threads)
    return load_point_at(found, base_mix(pipeline).sum(axis=1), np.nan)


def crossing_waits(
    crossing: Crossing, *, year: int | None = None, threads: int = 1, progress: Progress | None = None
) -> CrossingWaits:
    """Simulate the load sweep of a crossing of a study and fit its delay curves.

    Parameters
    ----------
    crossing
        The crossing.
    year
        Year whose July is simulated; the base year by default.
    threads
        Replications run in parallel; results do not depend on it.
    progress
        Called after each replication.

    Raises
    ------
    InputError
        The crossing has no stages or no arrivals.
    """
    settings = crossing.study.settings
    of_year = settings.base_year if year is None else year
    pipeline = horizon_pipeline(crossing.study, crossing.crossing_id, crossing.family, of_year)
    return find_waits(pipeline, crossing.family, seed=settings.seed, threads=threads, progress=progress)


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
        Result of :func:`landlink.border.transit_times.horizon_pipeline`, at the expected mix of vehicles.
    family
        Family of the crossing.
    seed
        Seed of the draws, which are the same at all loads.
    threads
        Replications run in parallel.
    one_curve
        Force one curve for both directions, even where it does not fit both.
    progress
        Called after each replication.
    """
    mix = base_mix(pipeline)
    sweeps = [
        (one, [Level(mix.sum(axis=1), REPLICATIONS), *levels_of(one, mix.sum(axis=1))])
        for one in find_bottlenecks(pipeline, one_for_all=one_curve)
    ]
    total = sum(level.replications for _, levels in sweeps for level in levels)
    count = 0

    def report() -> None:
        nonlocal count
        count += 1
        if progress is not None:
            progress(f"load sweep of {pipeline.name}", count / total)

    offset, by_class, p95 = np.full(2, np.nan), np.zeros(mix.shape), np.zeros(2)
    delay_curves = []
    for bottleneck, levels in sweeps:
        times = simulate_sweep(pipeline, levels, seed=seed, threads=threads, on_replication=report)
        at_mix = times[0]
        for way in bottleneck.directions:
            by_class[way] = _class_difference(at_mix, mix, way)
            p95[way] = np.nanmean(at_mix.p95_h[:, way] - at_mix.mean_h[:, way])
        # The expected mix is one of the points, because the curve matters most there.
        points = sorted(
            (
                load_point_at(found, level.vehicles_per_day, bottleneck.load(level.vehicles_per_day))
                for found, level in zip(times, levels, strict=True)
            ),
            key=lambda point: point.load,
        )
        for found, delay_curve in _fitted(bottleneck, tuple(_apart(points)), one_curve=one_curve):
            offset[list(delay_curve.bottleneck.directions)] = found
            delay_curves.append(delay_curve)
    return CrossingWaits(pipeline.name, family, pipeline.classes, mix, offset, by_class, p95, tuple(delay_curves))


def _apart(points: list[LoadPoint]) -> Iterator[LoadPoint]:
    """Drop points whose load equals that of the point before."""
    last = -np.inf
    for point in points:
        if point.load > last + 1e-6 * abs(point.load):
            yield point
            last = point.load


def _fitted(
    bottleneck: Bottleneck, points: tuple[LoadPoint, ...], *, one_curve: bool
) -> list[tuple[Floats, DelayCurve]]:
    """Fit hours without load and curves of a bottleneck, one per direction where one curve does not fit both."""
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


def _class_difference(found: TransitTimes, mix: Floats, way: int) -> Floats:
    """Compute how the hours of classes differ from the mean of their direction; 0 where no vehicle arrived."""
    of_class = found.class_h[:, way]
    known = ~np.isnan(of_class)
    hours = np.where(known, of_class, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    weight = np.where(known.any(axis=0), mix[way], 0.0)
    if not weight.sum() > 0:
        return np.zeros(len(hours))
    difference: Floats = np.where(weight > 0, hours - (hours * weight).sum() / weight.sum(), 0.0)
    return difference
