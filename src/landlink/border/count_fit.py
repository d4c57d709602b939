"""Service rate of a crossing fitted to hourly counts of arrivals, departures or vehicles waiting.

While a queue stands, departures are what the crossing can pass. Hours that begin with more vehicles waiting than depart
in nearly any hour are *saturated*: their mean departures are the service rate, with an interval from a bootstrap of
whole days, since hours of a day resemble each other (Künsch 1989). The variance of departures over their mean is, for
many departures, the squared coefficient of variation of the service of one server that stands for all (Cox 1962,
section 3.3).

The rate is then held against the whole series by a deterministic queue: ``Q' = max(0, Q + arrivals - rate)`` in open
hours (Newell 1982, chapter 2), in queue length, in hours until a queue has drained, and in its rhythm over the week.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from landlink.border.count_reading import HourlyCounts
from landlink.border.stage_fit import Estimate
from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.errors import InputError, Problem

__all__ = ["CountFit", "FluidCheck", "fit_counts", "fluid_queue"]

#: Fewest saturated hours from which a rate is estimated.
LEAST_HOURS: Final = 12
#: Share of the usual departures of a saturated hour below which an hour of the week counts as closed: services begun
#: before the close end after it.
CLOSED: Final = 0.5
SAMPLES: Final = 999
_WEEK: Final = 168


@dataclass(frozen=True)
class FluidCheck:
    """The deterministic queue with the fitted rate against the queue counted.

    Attributes
    ----------
    rate_per_h
        Rate at which the deterministic queue is closest to the counts, by squared differences.
    queue
        Queue by the fitted rate, shape (hours,); NaN in hours without counts.
    mean, counted_mean
        Mean vehicles waiting, by it and counted.
    rms
        Root mean square difference, vehicles.
    drain_h, counted_drain_h
        Mean hours from the top of a queue until it is gone, by it and counted, over the same queues.
    queues
        Number of queues that drained within the series.
    rhythm
        Correlation of the mean queue by hour of the week, by it and counted.
    """

    rate_per_h: float
    queue: Floats
    mean: float
    counted_mean: float
    rms: float
    drain_h: float
    counted_drain_h: float
    queues: int
    rhythm: float


@dataclass(frozen=True)
class CountFit:
    """Service rate by hourly counts.

    Attributes
    ----------
    rate_per_h
        Vehicles per open hour; only a lower bound if ``bound`` is not empty.
    bound
        Why the counts give no more than a lower bound; empty if they give an estimate.
    cv
        Coefficient of variation of one server with this rate; NaN for a bound.
    saturated, days
        Saturated hours, and days that have any.
    open_hours
        Whether the crossing works, by hour of the week from Monday, shape (168,).
    steady_p
        Probability of departures so different between days, were the rate the same on all (Kruskal and Wallis 1952).
    missing
        Hours without a count between the first and the last.
    contradictions
        Hours in which the counts cannot all be right: departures below zero, or more than were there.
    check
        The deterministic queue; ``None`` without arrivals and a queue.
    """

    rate_per_h: Estimate
    bound: str
    cv: float
    saturated: int
    days: int
    open_hours: Bools
    steady_p: float
    missing: int
    contradictions: int
    check: FluidCheck | None


def fit_counts(counts: HourlyCounts, *, seed: int = 1) -> CountFit:
    """Fit the service rate.

    Parameters
    ----------
    counts
        Result of :func:`landlink.border.count_reading.read_counts`.
    seed
        Of the bootstrap.

    Raises
    ------
    InputError
        There are neither departures nor a queue.
    """
    if not set(counts.has) & {"departures", "queue"}:
        allowed = "a column departures or queue with counts"
        raise InputError(
            Problem(counts.name, "arrivals alone say nothing of what a crossing can pass", allowed=allowed)
        )
    arrivals, departures, queue, wrong = _completed(counts)
    missing = int(np.isnan(departures).sum())
    if np.isnan(queue).all() or np.isnan(departures).all():
        return _bound(departures, queue, missing, wrong)
    saturated = _saturated(departures, queue)
    hour = (np.arange(len(counts)) + counts.start.hour + 24 * counts.start.weekday()) % _WEEK
    works = _open(departures, saturated, hour)
    # Nothing can depart before the first service has ended, so the first open hour after a close passes less.
    used = saturated & works[hour] & works[hour - 1]
    day = (np.arange(len(counts)) + counts.start.hour) // 24
    if int(used.sum()) < LEAST_HOURS:
        return _bound(departures, queue, missing, wrong, saturated=int(used.sum()))
    rate = _by_days(departures[used], day[used], seed)
    spread = float(departures[used].var(ddof=1) / departures[used].mean())
    check = _checked(arrivals, queue, works[hour], rate.value, hour) if "arrivals" in counts.has else None
    return CountFit(
        rate, "", float(np.sqrt(spread)), int(used.sum()), len(np.unique(day[used])), works,
        _steady(departures[used], day[used]), missing, wrong, check,
    )  # fmt: skip


def _completed(counts: HourlyCounts) -> tuple[Floats, Floats, Floats, int]:
    """Arrivals, departures and queue, the third from the other two, and the hours that contradict each other."""
    arrivals, departures, queue = counts.arrivals, counts.departures, counts.queue
    before = np.append(np.nan, queue[:-1])
    wrong = 0
    # Those in service neither wait nor have left; they are no more than leave in a busy hour.
    slack = _busy(departures)
    if "departures" not in counts.has and "arrivals" in counts.has:
        departures = arrivals - (queue - before)
        wrong = int((departures < 0).sum())
        departures = np.where(departures < 0, np.nan, departures)
    elif "arrivals" not in counts.has and "departures" in counts.has and "queue" in counts.has:
        arrivals = departures + (queue - before)
        wrong = int((arrivals < -slack).sum())
        arrivals = np.where(arrivals < -slack, np.nan, np.maximum(arrivals, 0.0))
    elif "queue" not in counts.has and "arrivals" in counts.has and "departures" in counts.has:
        change = np.nan_to_num(arrivals - departures)
        level = np.cumsum(change)
        # The smallest queue at the start with which none is ever below zero.
        queue = level - min(0.0, float(level.min()))
    else:
        wrong = int((before + arrivals - departures < -slack).sum())
    return arrivals, departures, queue, wrong


def _busy(departures: Floats) -> float:
    """Departures of a busy hour: their 95th percentile where there are any."""
    return float(np.quantile(departures[departures > 0], 0.95)) if (departures > 0).any() else 0.0


def _saturated(departures: Floats, queue: Floats) -> Bools:
    """Hours that begin with more vehicles waiting than the busiest hours pass, so that servers never lack work."""
    before = np.append(np.nan, queue[:-1])
    return np.asarray((before >= max(_busy(departures), 1.0)) & ~np.isnan(departures), dtype=np.bool_)


def _open(departures: Floats, saturated: Bools, hour: Ints) -> Bools:
    """Hours of the week in which a queue moves.

    An hour never seen saturated counts as open if anything ever departs in it, and a queue moves at that hour of most
    other days.
    """
    total = np.bincount(hour[saturated], departures[saturated], _WEEK)
    number = np.bincount(hour[saturated], minlength=_WEEK)
    mean = np.divide(total, number, out=np.full(_WEEK, np.nan), where=number > 0)
    moving = mean[mean > 0]
    usual = float(np.median(moving)) if len(moving) else 0.0
    known = ~np.isnan(departures)
    any_leave = np.bincount(hour[known], departures[known], _WEEK) > 0
    moves = np.nan_to_num(mean) > CLOSED * usual
    of_day = np.arange(_WEEK) % 24
    seen = (number > 0) & any_leave
    votes, voters = np.bincount(of_day[seen & moves], minlength=24), np.bincount(of_day[seen], minlength=24)
    elsewhere = ((2 * votes > voters) | (voters == 0))[of_day]
    return np.asarray(np.where(number > 0, moves, any_leave & elsewhere), dtype=np.bool_)


def _by_days(departures: Floats, day: Ints, seed: int) -> Estimate:
    """Mean with a percentile interval from a bootstrap of whole days."""
    days, of_day = np.unique(day, return_inverse=True)
    total, number = np.bincount(of_day, departures), np.bincount(of_day)
    drawn = np.random.default_rng(seed).integers(0, len(days), (SAMPLES, len(days)))
    means = total[drawn].sum(axis=1) / number[drawn].sum(axis=1)
    # Few days vary less among themselves than days do: the spread is that of n - 1 of them.
    mean = float(departures.mean())
    wider = np.sqrt(len(days) / max(len(days) - 1, 1))
    low, high = mean + wider * (np.quantile(means, (0.025, 0.975)) - mean)
    return Estimate(mean, max(0.0, float(low)), float(high))


def _steady(departures: Floats, day: Ints) -> float:
    """p-value of the same rate on all days with at least two saturated hours; NaN if there are not two such days."""
    from scipy import stats  # noqa: PLC0415  slow to import

    groups = [departures[day == one] for one in np.unique(day)]
    groups = [group for group in groups if len(group) >= 2]
    if len(groups) < 2 or np.ptp(np.concatenate(groups)) == 0:
        return np.nan
    return float(stats.kruskal(*groups).pvalue)


def _bound(departures: Floats, queue: Floats, missing: int, wrong: int, *, saturated: int = 0) -> CountFit:
    """Lower bound of the rate, where counts give no more."""
    works = np.ones(_WEEK, dtype=np.bool_)
    if np.isnan(departures).all():
        falls = -np.diff(queue)
        low = float(np.nanmax(falls, initial=0.0))
        why = "only the queue was counted: it falls by the rate less the arrivals"
        missing = int(np.isnan(queue).sum())
    else:
        low = _busy(departures)
        seen = "only departures were counted" if np.isnan(queue).all() else f"{saturated} hours had a queue that lasts"
        why = f"{seen}: the busiest hours show what passed, not what could"
    return CountFit(Estimate(low, low, np.inf), why, np.nan, saturated, 0, works, np.nan, missing, wrong, None)


def fluid_queue(arrivals: Floats, works: Bools, rate_per_h: float, start: Floats) -> Floats:
    """Vehicles waiting at the end of each hour by a deterministic queue.

    Parameters
    ----------
    arrivals
        Vehicles within the hour, shape (hours,); NaN breaks the series.
    works
        Whether the crossing works in the hour.
    rate_per_h
        Vehicles that it can pass in such an hour.
    start
        Vehicles waiting at the end of each hour as counted, from which the queue goes on after a break.
    """
    found = np.full(len(arrivals), np.nan)
    level = np.nan
    for hour, (come, can) in enumerate(zip(arrivals.tolist(), (rate_per_h * works).tolist(), strict=True)):
        level = max(0.0, level + come - can) if not (np.isnan(level) or np.isnan(come)) else float(start[hour])
        found[hour] = level
    return found


def _checked(arrivals: Floats, queue: Floats, works: Bools, rate: float, hour: Ints) -> FluidCheck:
    from scipy.optimize import minimize_scalar  # noqa: PLC0415  slow to import

    def misfit(one: float) -> float:
        return float(np.nanmean((fluid_queue(arrivals, works, one, queue) - queue) ** 2))

    best = minimize_scalar(misfit, bounds=(0.5 * rate, 2.0 * rate), method="bounded", options={"xatol": 1e-4 * rate})
    found = fluid_queue(arrivals, works, rate, queue)
    both = ~np.isnan(found) & ~np.isnan(queue)
    drains, counted = _drains(found, queue)
    return FluidCheck(
        rate_per_h=float(best.x),
        queue=found,
        mean=float(found[both].mean()),
        counted_mean=float(queue[both].mean()),
        rms=float(np.sqrt(np.mean((found - queue)[both] ** 2))),
        drain_h=float(np.mean(drains)) if drains else np.nan,
        counted_drain_h=float(np.mean(counted)) if counted else np.nan,
        queues=len(counted),
        rhythm=_rhythm(found[both], queue[both], hour[both]),
    )


def _drains(found: Floats, counted: Floats) -> tuple[list[int], list[int]]:
    """Hours from the top of each counted queue until it has shrunk to a tenth, by the counts and by the model."""
    ours, theirs = [], []
    gone = np.flatnonzero(np.nan_to_num(counted, nan=0.0) < 1)
    edges = np.append(np.append(-1, gone), len(counted))
    for begin, end in pairwise(edges.tolist()):
        part = counted[begin + 1 : end]
        if end >= len(counted) or len(part) < 3 or np.isnan(part).any() or np.isnan(found[begin + 1 : end + 1]).any():
            continue
        top = begin + 1 + int(part.argmax())
        least = 0.1 * float(part.max())
        after = found[top:]
        left = np.flatnonzero(after <= least)
        if len(left):
            ours.append(int(left[0]))
            theirs.append(int(np.flatnonzero(counted[top:] <= least)[0]))
    return ours, theirs


def _rhythm(found: Floats, counted: Floats, hour: Ints) -> float:
    """Correlation of means by hour of the week; NaN where one of them does not vary."""
    number = np.maximum(np.bincount(hour, minlength=_WEEK), 1)
    seen = np.bincount(hour, minlength=_WEEK) > 0
    one, two = (np.bincount(hour, values, _WEEK)[seen] / number[seen] for values in (found, counted))
    return float(np.corrcoef(one, two)[0, 1]) if one.std() > 0 and two.std() > 0 else np.nan
