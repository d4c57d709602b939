"""Simulation of a crossing: parallel replications, statistics with intervals, paired comparisons."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd

from landlink.border.display import html_table, text_table, with_interval, wrapped
from landlink.border.pipeline import DIRECTIONS, Pipeline
from landlink.border.replication import run_replication
from landlink.border.sizes import check_simulation_memory
from landlink.border.stability import offered_load
from landlink.border.summary import EVERY, MEASURES, STATISTICS, Summary, groups_of, places_of, summarise
from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem
from landlink.core.progress import Progress
from landlink.tables.frames import row_of

__all__ = ["Simulation", "compare", "interval", "simulate"]

#: Growth of the queues, as a share of arrivals, above which a crossing is called unstable if it is significant.
GROWTH_SHARE = 0.02
#: Outcomes of vehicles, in the order of ``Summary.per_day``.
OUTCOMES = ("arrived", "passed", "balked", "turned_back", "no_appointment")


@dataclass(frozen=True, repr=False)
class Simulation:
    """Simulation of a crossing in several replications.

    Attributes
    ----------
    pipeline
        The simulated crossing.
    warm_up_days
        Days left out at the beginning.
    replications
        Summaries of the replications, in order.
    load
        Offered load by stage, the quota of the gate last, shape (stages + 1,).
    directions
        Names of the directions where the simulation shows itself: ``KGZ to CHN`` and back.
    """

    pipeline: Pipeline
    warm_up_days: int
    replications: tuple[Summary, ...]
    load: Floats
    directions: tuple[str, str] = DIRECTIONS

    def stacked(self, name: str) -> Floats:
        """Stack one statistic of all replications, shape (replications, ...)."""
        return np.array([getattr(one, name) for one in self.replications])

    @property
    def growth_per_day(self) -> tuple[float, float, float]:
        """Increase of the vehicles inside per day: mean, low and high."""
        mean, low, high = interval(self.stacked("growth_per_day"))
        return float(mean), float(low), float(high)

    @property
    def unstable(self) -> bool:
        """Whether queues grow without limit: an offered load of 1 or more, or significant growth."""
        if (self.load >= 1.0).any():
            return True
        arrived = float(self.stacked("per_day")[:, 0, 0].mean())
        return len(self.replications) > 1 and self.growth_per_day[1] > GROWTH_SHARE * arrived

    @property
    def mean_time_h(self) -> Floats:
        """Mean hours in the crossing by replication; meaningless where the crossing is unstable."""
        return np.asarray(self.stacked("times_h")[:, -1, 0, 1, 0], dtype=np.float64)

    def times(self) -> pd.DataFrame:
        """Tabulate hours by stage (``*``: all), direction, class, measure and statistic, with 95 % intervals.

        The times of an unstable crossing grow with the length of the simulation, so they are left empty.
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
        """Tabulate vehicles per day by direction, class and outcome, with 95 % intervals.

        Outcomes are ``arrived``, ``passed``, ``balked``, ``turned_back`` and ``no_appointment``.
        """
        mean, low, high = interval(self.stacked("per_day"))
        rows = [
            (way, kind, name, mean[g, n], low[g, n], high[g, n])
            for g, (way, kind) in enumerate(groups_of(self.pipeline))
            for n, name in enumerate(OUTCOMES)
        ]
        return pd.DataFrame(rows, columns=["direction", "vehicle_class", "outcome", "per_day", "low", "high"])

    def queue(self) -> pd.DataFrame:
        """Tabulate mean vehicles waiting by stage (``*``: all) and hour of the week, counted from the first day."""
        mean, low, high = interval(self.stacked("waiting"))
        rows = [
            (place, hour, mean[p, hour], low[p, hour], high[p, hour])
            for p, place in enumerate(places_of(self.pipeline))
            for hour in range(mean.shape[1])
        ]
        return pd.DataFrame(rows, columns=["stage", "hour", "vehicles", "low", "high"])

    def stages(self) -> pd.DataFrame:
        """Tabulate utilisation and offered load by stage."""
        mean, low, high = interval(self.stacked("utilisation"))
        columns = {"utilisation": mean, "low": low, "high": high, "load": self.load[:-1]}
        return pd.DataFrame({"stage": self.pipeline.stages.names} | columns)

    def __repr__(self) -> str:
        parts = [wrapped(self._title()), text_table(_HEADS, self._headline())]
        return "\n".join([*parts, wrapped(self._note(), lines=3)]).rstrip()

    def _repr_html_(self) -> str:
        return html_table(self._title(), _HEADS, self._headline(), self._note())

    def _title(self) -> str:
        days, number = self.pipeline.hours // 24 - self.warm_up_days, len(self.replications)
        return (
            f"Simulation of {self.pipeline.name}: {_counted(days, 'day')} after {_counted(self.warm_up_days, 'day')}"
            f" of warm-up, {_counted(number, 'replication')}"
        )

    def _note(self) -> str:
        """What a reader should know beside the figures."""
        if self.unstable:
            mean, low, high = self.growth_per_day
            return f"Unstable: the vehicles inside grow by {with_interval(mean, low, high)} per day."
        return "In brackets: 95 % intervals." if len(self.replications) > 1 else ""

    def _headline(self) -> list[list[str]]:
        """Throughput, waits and times of all classes by direction, as text."""
        flows = self.throughput().set_index(["direction", "vehicle_class", "outcome"])
        times = self.times().set_index(["stage", "vehicle_class", "direction", "measure", "statistic"])
        rows = []
        for way, name in zip((EVERY, *DIRECTIONS), ("both", *self.directions), strict=True):
            passed = row_of(flows, (way, EVERY, "passed"))
            cells = [row_of(times, (EVERY, EVERY, way, *which)) for which in _STATISTICS]
            hours = [with_interval(cell["hours"], cell["low"], cell["high"]) for cell in cells]
            rows.append([name, with_interval(passed["per_day"], passed["low"], passed["high"]), *hours])
        return rows


_HEADS = ("", "pass per day", "mean wait, h", "mean time, h", "95 % of times, h")
_STATISTICS = (("wait", "mean"), ("time", "mean"), ("time", "p95"))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def simulate(
    pipeline: Pipeline,
    *,
    replications: int = 10,
    seed: int = 1,
    warm_up_days: int = 0,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Simulation:
    """Simulate a crossing.

    Parameters
    ----------
    pipeline
        The crossing over its days.
    replications
        Independent repetitions, each with its own draws.
    seed
        The same seed gives the same bytes, on any number of threads.
    warm_up_days
        Days left out at the beginning, because the crossing starts empty.
    threads
        Replications run in parallel; all processors by default.
    progress
        Called after each replication.

    Raises
    ------
    InputError
        There is no replication, or the warm-up leaves no day.
    """
    problems = []
    if replications < 1:
        problems.append(Problem("", "no replications", value=str(replications), allowed="1 replication or more"))
    if not 0 <= warm_up_days < pipeline.hours // 24:
        allowed = f"0 to {pipeline.hours // 24 - 1} days"
        problems.append(Problem("", "the warm-up leaves no day", value=str(warm_up_days), allowed=allowed))
    if problems:
        raise InputError(problems)
    check_simulation_memory(pipeline, replications, threads)

    def one(number: int) -> Summary:
        warm_up_h = 24.0 * warm_up_days
        replication = run_replication(pipeline, seed=seed, number=number, since_h=warm_up_h)
        return summarise(pipeline, replication, warm_up_h=warm_up_h)

    found: list[Summary] = []
    with ThreadPoolExecutor(threads) as pool:
        for summary in pool.map(one, range(replications)):
            found.append(summary)
            if progress is not None:
                progress(f"replication {len(found)} of {replications}", len(found) / replications)
    return Simulation(pipeline, warm_up_days, tuple(found), offered_load(pipeline, 24.0 * warm_up_days))


def interval(values: Floats, *, level: float = 0.95) -> tuple[Floats, Floats, Floats]:
    """Compute the mean over the first axis with a Student interval (Law 2015, equation 4.12), NaN for one value."""
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
    """Compare a statistic of two simulations with the same draws by paired differences.

    Parameters
    ----------
    before, after
        Simulations with the same seed and number of replications.
    name
        ``mean_time_h``, or an attribute of :class:`landlink.border.summary.Summary` such as ``per_day``.

    Returns
    -------
    tuple of arrays
        Mean difference, and the low and high end of its 95 % interval.

    Raises
    ------
    InputError
        The numbers of replications differ.
    """
    if len(before.replications) != len(after.replications):
        numbers = f"{len(before.replications)} and {len(after.replications)}"
        message = "simulations with different numbers of replications cannot be paired"
        raise InputError(Problem("", message, value=numbers, allowed="equal numbers"))
    first, second = (one.mean_time_h if name == "mean_time_h" else one.stacked(name) for one in (before, after))
    return interval(second - first)
