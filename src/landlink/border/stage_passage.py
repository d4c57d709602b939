"""What a log shows of one stage: services that ended or were cut off, vehicles that pass it, servers at work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.border.log_reading import StageLog
from landlink.core.arrays import Bools, Floats, Ints

__all__ = ["AtWork", "Passage", "passage_at", "servers_at_work"]

#: Least ratio of few to many services at one time, while vehicles wait, at which their number is that of the servers.
STEADY: Final = 0.7
#: Fewest services begun after a wait from which the number of servers is read.
LEAST_WAITS: Final = 20


@dataclass(frozen=True)
class Passage:
    """Records of one stage.

    Attributes
    ----------
    hours, vehicle
        Times of services that ended, and their vehicles.
    cut_off_h
        Times so far of services that had not ended with the log.
    wait_h
        Times from arrival to begin, where both are recorded.
    left_out
        Records that give no service time, by the reason.
    rounded
        Services whose begin and end have the same stamp; they take half a unit of time.
    passed, could_pass
        Vehicles seen at the stage, and vehicles of its directions that were there or must have been past it.
    repeated
        Vehicles seen at the stage more than once.
    """

    hours: Floats
    vehicle: Ints
    cut_off_h: Floats
    wait_h: Floats
    left_out: Mapping[str, int]
    rounded: int
    passed: int
    could_pass: int
    repeated: int


@dataclass(frozen=True)
class AtWork:
    """Services at one time at a stage: the most; and the usual number and range by time while vehicles wait."""

    most: int
    usual: int
    low: int
    high: int
    known: bool


def passage_at(log: StageLog, stage: int) -> Passage:
    """Sort the records of a stage into services that ended, were cut off, or say nothing of the service time."""
    here = np.flatnonzero(log.stage == stage)
    arrival, begin, end = log.arrival_h[here], log.begin_h[here], log.end_h[here]
    begun, ended = ~np.isnan(begin), ~np.isnan(end)
    went_on = _last_stamps(log)[log.vehicle[here]] > np.fmax(begin, arrival)
    cut = begun & ~ended & ~went_on
    reasons = {
        "no end, though the vehicle was seen later": begun & ~ended & went_on,
        "no begin of the service": ~begun & ended,
        "came, but was not served in the log": ~begun & ~ended,
    }
    whole = begun & ended
    hours = end[whole] - begin[whole]
    zero = hours <= 0
    waited = begun & ~np.isnan(arrival)
    seen = np.unique(log.vehicle[here], return_counts=True)
    return Passage(
        hours=np.where(zero, max(log.resolution_h / 2.0, 1e-6), hours),
        vehicle=log.vehicle[here][whole],
        cut_off_h=np.maximum(log.ends_h - begin[cut], 1e-9),
        wait_h=(begin - arrival)[waited],
        left_out={reason: int(rows.sum()) for reason, rows in reasons.items() if rows.any()},
        rounded=int(zero.sum()),
        passed=len(seen[0]),
        could_pass=int(_could_pass(log, stage).sum()),
        repeated=int((seen[1] > 1).sum()),
    )


def _last_stamps(log: StageLog) -> Floats:
    """Last stamp of each vehicle."""
    last = np.full(log.vehicles, -np.inf)
    for hours in (log.arrival_h, log.begin_h, log.end_h):
        np.maximum.at(last, log.vehicle, np.where(np.isnan(hours), -np.inf, hours))
    return last


def _could_pass(log: StageLog, stage: int) -> Bools:
    """Vehicles of a stage's directions that were at it or at a later one, or left long before the log ended.

    A vehicle seen only at earlier stages within the longest passage before the end of the log may yet have come.
    """
    furthest = np.full(log.vehicles, -1)
    np.maximum.at(furthest, log.vehicle, log.stage)
    first = np.full(log.vehicles, np.inf)
    for hours in (log.arrival_h, log.begin_h, log.end_h):
        np.minimum.at(first, log.vehicle, np.where(np.isnan(hours), np.inf, hours))
    last = _last_stamps(log)
    longest = float((last - first).max())
    at = np.zeros(log.vehicles, dtype=np.bool_)
    at[log.vehicle[log.stage == stage]] = True
    ways = np.unique(log.direction[at])
    past = (furthest > stage) | (last < log.ends_h - longest)
    return np.asarray(at | (past & np.isin(log.direction, ways)), dtype=np.bool_)


def servers_at_work(log: StageLog, stage: int) -> AtWork:
    """Count services at one time, and which numbers of them go with a queue.

    While vehicles wait all servers are at work, so that the number of services then is that of the servers. Without
    waits, or where services at one time vary much although vehicles wait (shifts, or a wait for something else), the
    most services at one time are a lower bound.
    """
    here = (log.stage == stage) & ~np.isnan(log.begin_h)
    begin, arrival = log.begin_h[here], log.arrival_h[here]
    end = np.where(np.isnan(log.end_h[here]), log.ends_h, log.end_h[here])
    waited = ~np.isnan(arrival) & (begin - arrival > 2.0 * log.resolution_h)
    times = np.concatenate([begin, end, arrival[waited], begin[waited]])
    working = np.concatenate([np.ones(len(begin)), -np.ones(len(end)), np.zeros(2 * int(waited.sum()))])
    queue = np.concatenate([np.zeros(2 * len(begin)), np.ones(int(waited.sum())), -np.ones(int(waited.sum()))])
    # Of changes at one time, services end before others begin.
    order = np.lexsort((working, times))
    at_work, waiting = np.cumsum(working[order]), np.cumsum(queue[order])
    lasts = np.diff(times[order], append=times[order][-1])
    most = int(at_work.max(initial=0.0))
    busy = (waiting > 0) & (lasts > 0) & (at_work > 0)
    if int(waited.sum()) < LEAST_WAITS or not busy.any():
        return AtWork(most, most, most, most, known=False)
    low, usual, high = _by_time(at_work[busy], lasts[busy], (0.05, 0.5, 0.95))
    return AtWork(most, usual, low, high, known=low >= STEADY * high)


def _by_time(values: Floats, lasts: Floats, parts: tuple[float, ...]) -> list[int]:
    """Quantiles of values that hold for some time each."""
    order = np.argsort(values, kind="stable")
    share = np.cumsum(lasts[order]) / lasts.sum()
    return [int(values[order][min(int(np.searchsorted(share, part)), len(values) - 1)]) for part in parts]
