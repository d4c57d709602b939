"""A service rate fitted to hourly counts, held against them by the simulator of crossings.

The counted arrivals come hour by hour as they were counted; vehicles are served by one stage with the fitted rate and
spread, in the hours of the week found open. What differs from the counted queue is then neither chance of the service
nor of the arrivals within an hour, which the replications show.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import numpy as np

from landlink.border.count_fit import CountFit
from landlink.border.count_reading import HourlyCounts
from landlink.border.pipeline import Pipeline
from landlink.border.pipeline_builder import build_pipeline
from landlink.border.replication import run_replication
from landlink.core.arrays import Bools, Floats
from landlink.study.opening import open_study

__all__ = ["SimulatedQueue", "open_shifts", "simulated_queue"]

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CROSSING: Final = "COUNTED"


@dataclass(frozen=True)
class SimulatedQueue:
    """Queue simulated with the fitted rate, over the longest run of hours with counted arrivals.

    Attributes
    ----------
    first, hours
        First hour of the run, counted from the begin of the series, and its length.
    queue
        Mean vehicles waiting at the end of each hour, shape (hours,).
    low, high
        Least and most over the replications, shape (hours,).
    inside
        Share of the hours of which the counted queue lies between them.
    mean, counted_mean
        Mean vehicles waiting, simulated and counted.
    """

    first: int
    hours: int
    queue: Floats
    low: Floats
    high: Floats
    inside: float
    mean: float
    counted_mean: float


def open_shifts(open_hours: Bools, servers: int = 1) -> str:
    """Shifts of the table ``stage`` in which servers work, by hour of the week from Monday.

    Examples
    --------
    >>> open_shifts(np.tile((np.arange(24) >= 9) & (np.arange(24) < 17), 7), 2)
    '09:00-17:00=2'
    """
    by_day: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for day in range(7):
        works = np.concatenate([[False], open_hours[24 * day : 24 * day + 24], [False]])
        edges = np.flatnonzero(np.diff(works.astype(np.int64)))
        by_day.setdefault(tuple(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)), []).append(day)
    parts = []
    for spans, days in by_day.items():
        named = "" if len(days) == 7 else " ".join(_DAYS[day] for day in days) + " "
        parts += [f"{named}{begin:02d}:00-{end:02d}:00={servers}" for begin, end in spans]
    return ";".join(parts)


def simulated_queue(
    counts: HourlyCounts, fit: CountFit, *, replications: int = 20, seed: int = 1
) -> SimulatedQueue | None:
    """Simulate the counted arrivals at the fitted rate.

    Parameters
    ----------
    counts
        The counts.
    fit
        Their fit.
    replications, seed
        As for :func:`landlink.border.simulate.simulate`.

    Returns
    -------
    SimulatedQueue or None
        ``None`` if the fit is a bound only, or no two days of arrivals were counted without a gap.
    """
    arrivals, queue = counts.arrivals, counts.queue
    first, hours = _longest(~np.isnan(arrivals))
    # From midnight on, since a simulation begins there.
    late = (-(counts.start.hour + first)) % 24
    first, hours = first + late, 24 * ((hours - late) // 24)
    if fit.check is None or hours < 48 or np.isnan(queue[first : first + hours]).all():
        return None
    at_start = queue[first - 1] if first and not np.isnan(queue[first - 1]) else 0.0
    with tempfile.TemporaryDirectory() as folder:
        pipeline = _pipeline(Path(folder), counts, fit, first, hours, float(at_start))
    found = np.array([_queue(pipeline, seed, number, hours) for number in range(replications)])
    seen = queue[first : first + hours]
    known = ~np.isnan(seen)
    low, high = found.min(axis=0), found.max(axis=0)
    inside = (low <= seen) & (seen <= high)
    return SimulatedQueue(
        first, hours, found.mean(axis=0), low, high, float(inside[known].mean()),
        float(found.mean(axis=0)[known].mean()), float(seen[known].mean()),
    )  # fmt: skip


def _longest(known: Bools) -> tuple[int, int]:
    """Begin and length of the longest run."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], known.astype(np.int64), [0]])))
    begins, ends = edges[::2], edges[1::2]
    if not len(begins):
        return 0, 0
    best = int(np.argmax(ends - begins))
    return int(begins[best]), int(ends[best] - begins[best])


def _pipeline(folder: Path, counts: HourlyCounts, fit: CountFit, first: int, hours: int, at_start: float) -> Pipeline:
    start = counts.start.replace(tzinfo=None) + timedelta(hours=first)
    vehicles = counts.arrivals[first : first + hours].copy()
    vehicles[0] += at_start
    mean_h, cv = 1.0 / fit.rate_per_h.value, max(fit.cv, 0.05)
    tables = {
        "crossing": "crossing_id,family,country_a,country_b,time_ab_h,time_ba_h,time_zone\n"
        f"{_CROSSING},road,AAA,BBB,0,0,UTC",
        "vehicle_class": "vehicle_class\nany",
        "stage": "crossing_id,stage_id,order,direction,servers,law,mean_h,cv\n"
        f'{_CROSSING},all,1,ab,"{open_shifts(fit.open_hours)}",gamma,{mean_h!r},{cv!r}',
        "arrival": "crossing_id,direction,vehicle_class,vehicles_per_day\n"
        f"{_CROSSING},ab,any,{24 * float(vehicles.mean())!r}",
        "arrival_count": "crossing_id,direction,vehicle_class,begins,vehicles\n"
        + "\n".join(
            f"{_CROSSING},ab,any,{(start + timedelta(hours=hour)).strftime('%Y-%m-%d %H:%M')},{float(number)!r}"
            for hour, number in enumerate(vehicles)
        ),
    }
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text + "\n", encoding="utf-8")
    settings = f'id = "counted"\ntitle = "Counted"\nbase_year = {start.year}\n'
    (folder / "study.toml").write_text(settings, encoding="utf-8")
    return build_pipeline(open_study(folder), _CROSSING, start=start.date(), days=hours // 24)


def _queue(pipeline: Pipeline, seed: int, number: int, hours: int) -> Floats:
    """Vehicles waiting at the end of each hour in one replication."""
    made = run_replication(pipeline, seed=seed, number=number)
    began = np.fmin.reduce(made.log.began, axis=0, initial=np.inf)
    ends = np.arange(1.0, hours + 1.0)
    came = np.searchsorted(np.sort(made.vehicles.arrival_h), ends, side="right")
    gone = np.searchsorted(np.sort(began), ends, side="right")
    return np.asarray(came - gone, dtype=np.float64)
