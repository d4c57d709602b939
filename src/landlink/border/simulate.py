"""Simulate a crossing: replications side by side, figures with intervals, rules compared on the same luck."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd

from landlink.border.breakdowns import servers_with_breakdowns
from landlink.border.passage import pass_through
from landlink.border.pipeline import Pipeline
from landlink.border.stability import offered_load
from landlink.border.summary import MEASURES, STATISTICS, Summary, groups_of, places_of, summarise
from landlink.border.vehicle_draws import draw_vehicles
from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem

__all__ = ["Simulation", "compare", "interval", "simulate"]

#: Lines that grow by more than this part of arrivals, beyond doubt, do not settle.
GROWTH_PART = 0.02


@dataclass(frozen=True)
class Simulation:
    """Replications of a crossing.

    Attributes
    ----------
    pipeline
        What was simulated.
    warm_up_days
        Days left out at the beginning.
    replications
        One summary each, in order.
    load
        Work that comes by work that servers can do, by stage; the gate's quota last, shape (stages + 1,).
    """

    pipeline: Pipeline
    warm_up_days: int
    replications: tuple[Summary, ...]
    load: Floats

    def stacked(self, name: str) -> Floats:
        """One figure of all replications, shape (replications, ...)."""
        return np.array([getattr(one, name) for one in self.replications])

    @property
    def growth_per_day(self) -> tuple[float, float, float]:
        """Vehicles by which those inside grow each day: mean, low and high."""
        mean, low, high = interval(self.stacked("growth_per_day"))
        return float(mean), float(low), float(high)

    @property
    def unstable(self) -> bool:
        """Whether lines grow without end: load of 1 or more somewhere, or growth beyond doubt."""
        if (self.load >= 1.0).any():
            return True
        came = float(self.stacked("per_day")[:, 0, 0].mean())
        return len(self.replications) > 1 and self.growth_per_day[1] > GROWTH_PART * came

    @property
    def mean_time_h(self) -> Floats:
        """Mean hours in the crossing by replication; what an unstable crossing has is no mean of anything."""
        return np.asarray(self.stacked("times_h")[:, -1, 0, 1, 0], dtype=np.float64)

    def times(self) -> pd.DataFrame:
        """Hours by stage (``*``: all), direction, class, measure and statistic, with 95 % intervals.

        An unstable crossing has none: its times grow with the length of the simulation.
        """
        values = self.stacked("times_h")
        if self.unstable:
            values = np.full_like(values, np.nan)
        mean, low, high = interval(values)
        rows = [
            (place, way, kind, measure, statistic, mean[where], low[where], high[where])
            for p, place in enumerate(places_of(self.pipeline))
            for g, (way, kind) in enumerate(groups_of(self.pipeline))
            for m, measure in enumerate(MEASURES)
            for s, statistic in enumerate(STATISTICS)
            for where in [(p, g, m, s)]
        ]
        names = ["stage", "direction", "vehicle_class", "measure", "statistic", "hours", "low", "high"]
        return pd.DataFrame(rows, columns=names)

    def throughput(self) -> pd.DataFrame:
        """Vehicles a day by direction and class: came, passed, balked, turned back, found no appointment."""
        mean, low, high = interval(self.stacked("per_day"))
        names = ("came", "passed", "balked", "turned_back", "no_appointment")
        rows = [
            (way, kind, name, mean[g, n], low[g, n], high[g, n])
            for g, (way, kind) in enumerate(groups_of(self.pipeline))
            for n, name in enumerate(names)
        ]
        return pd.DataFrame(rows, columns=["direction", "vehicle_class", "what", "per_day", "low", "high"])

    def queue(self) -> pd.DataFrame:
        """Mean vehicles waiting by stage (``*``: all) and hour of the week from the first day on."""
        mean, low, high = interval(self.stacked("waiting"))
        rows = [
            (place, hour, mean[p, hour], low[p, hour], high[p, hour])
            for p, place in enumerate(places_of(self.pipeline))
            for hour in range(mean.shape[1])
        ]
        return pd.DataFrame(rows, columns=["stage", "hour", "vehicles", "low", "high"])

    def stages(self) -> pd.DataFrame:
        """Utilisation and offered load by stage."""
        mean, low, high = interval(self.stacked("utilisation"))
        columns = {"utilisation": mean, "low": low, "high": high, "load": self.load[:-1]}
        return pd.DataFrame({"stage": self.pipeline.stages.names} | columns)


def simulate(
    pipeline: Pipeline,
    *,
    replications: int = 10,
    seed: int = 1,
    warm_up_days: int = 0,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Simulation:
    """Simulate a crossing.

    Parameters
    ----------
    pipeline
        The crossing over its days.
    replications
        Independent repetitions, each with its own draws.
    seed
        Same seed, same bytes, on any number of threads.
    warm_up_days
        Days left out at the beginning, since the crossing begins empty.
    threads
        Replications side by side; all processors where left out.
    progress
        Called with replications done and wanted.

    Raises
    ------
    InputError
        No replication, or a warm-up that leaves no day.
    """
    problems = []
    if replications < 1:
        problems.append(Problem("", "nothing to simulate", value=str(replications), allowed="1 replication or more"))
    if not 0 <= warm_up_days < pipeline.hours // 24:
        allowed = f"0 to {pipeline.hours // 24 - 1} days"
        problems.append(Problem("", "the warm-up leaves no day", value=str(warm_up_days), allowed=allowed))
    if problems:
        raise InputError(problems)

    def one(number: int) -> Summary:
        return _replicate(pipeline, seed, number, 24.0 * warm_up_days)

    found: list[Summary] = []
    with ThreadPoolExecutor(threads) as pool:
        for summary in pool.map(one, range(replications)):
            found.append(summary)
            if progress:
                progress(len(found), replications)
    return Simulation(pipeline, warm_up_days, tuple(found), offered_load(pipeline, 24.0 * warm_up_days))


def _replicate(pipeline: Pipeline, seed: int, replication: int, warm_up_h: float) -> Summary:
    vehicles = draw_vehicles(pipeline, seed=seed, replication=replication)
    servers = servers_with_breakdowns(pipeline, seed=seed, replication=replication)
    passage = pass_through(pipeline, vehicles, servers, since_h=warm_up_h)
    return summarise(pipeline, vehicles, passage, servers, warm_up_h=warm_up_h)


def interval(values: Floats, *, level: float = 0.95) -> tuple[Floats, Floats, Floats]:
    """Mean over the first axis with a two-sided Student interval (Law 2015, equation 4.12); NaN ends for one value."""
    from scipy.stats import t  # noqa: PLC0415  slow to import

    values = np.asarray(values, dtype=np.float64)
    known = (~np.isnan(values)).sum(axis=0)
    mean = np.divide(np.nansum(values, axis=0), known, out=np.full(values.shape[1:], np.nan), where=known > 0)
    square = np.nansum((values - mean) ** 2, axis=0)
    enough = known > 1
    variance = np.divide(square, known - 1, out=np.full(values.shape[1:], np.nan), where=enough)
    half = t.ppf(0.5 + 0.5 * level, np.maximum(known - 1, 1)) * np.sqrt(variance / np.maximum(known, 1))
    return mean, mean - half, mean + half


def compare(before: Simulation, after: Simulation, name: str = "mean_time_h") -> tuple[Floats, Floats, Floats]:
    """Difference of a figure between two crossings on the same draws: mean and 95 % interval of paired differences.

    Raises
    ------
    InputError
        The numbers of replications differ.
    """
    if len(before.replications) != len(after.replications):
        numbers = f"{len(before.replications)} and {len(after.replications)}"
        raise InputError(Problem("", "simulations of different length cannot be paired", value=numbers))
    first, second = (one.mean_time_h if name == "mean_time_h" else one.stacked(name) for one in (before, after))
    return interval(second - first)
