"""Times of crossings without their queues: the wait is taken out of observed totals, in this place and nowhere else.

A published time to cross is mostly a total: control and waiting together, at the traffic of its date. A solve adds the
wait by a curve, so a total left as it is counts the queue twice. Where ``time_includes`` is ``wait``, the free time is

    free = max(observed - wait, least_free_h),    wait = W(observed_vehicles_per_day / capacity then)

with the curve ``W`` of the row, which a solve puts back at the flow that it finds: at the observed flow and capacity
the observed total results. Where the flow of that date is not known, ``wait_share`` states an estimate instead.

The wait is taken out of the study's own tables, before measures: a measure that widens a crossing must not change how
long a lorry is inspected. Effects on times therefore act on free times. A simulated crossing has the service and the
wait of its stages, and needs no times in the direction of its arrivals.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools, Floats
from landlink.core.errors import Problem
from landlink.equilibrium.volume_delay import CURVES, growth, parameters
from landlink.study.check_registry import looks_at
from landlink.tables.frames import Tables, numbers, texts

__all__ = ["FreeTimes", "bounded_times", "free_times", "with_free_times"]

_TIMES: Final = ("time_ab_h", "time_ba_h")
_TOTAL: Final = "time_includes observed_vehicles_per_day wait_share"
_CURVE: Final = "capacity_vehicles_per_day delay_h curve curve_a curve_b"


@dataclass(frozen=True)
class FreeTimes:
    """Free times of the rows of ``crossing``.

    Attributes
    ----------
    observed_h, free_h
        Times of the table, and without the wait, from a to b and from b to a; shape (rows, 2), h.
    wait_h
        Wait taken out, 0 where the times are free; shape (rows, 2), h.
    least_h
        Lower bound of the free time; shape (rows,), h.
    """

    observed_h: Floats
    free_h: Floats
    wait_h: Floats
    least_h: Floats

    @property
    def bounded(self) -> Bools:
        """Whether less was taken out than the curve asks for, since the lower bound holds; shape (rows, 2)."""
        return np.asarray((self.wait_h > 0) & (self.observed_h - self.wait_h < self.least_h[:, None]), dtype=np.bool_)


def free_times(crossing: pd.DataFrame) -> FreeTimes:
    """Take the wait out of the times of a table ``crossing``.

    Without ``delay_h`` the curve multiplies the mean free time of both directions, so that the observed mean is
    ``free * (1 + growth)``. A free time never exceeds the observed one.
    """
    observed = np.column_stack([numbers(crossing, name) for name in _TIMES])
    total = (crossing["time_includes"] == "wait").to_numpy(dtype=bool)
    relative = _growth(crossing)
    delay, mean = numbers(crossing, "delay_h"), observed.mean(axis=1)
    by_curve = np.where(np.isnan(delay), mean * relative / (1.0 + relative), delay * relative)
    share = numbers(crossing, "wait_share")
    wait = np.where(np.isnan(share)[:, None], by_curve[:, None], share[:, None] * observed)
    wait = np.where(total[:, None], wait, 0.0)
    least = numbers(crossing, "least_free_h")
    free = np.where(wait > 0, np.minimum(observed, np.maximum(observed - wait, least[:, None])), observed)
    return FreeTimes(observed, free, wait, least)


def _growth(crossing: pd.DataFrame) -> Floats:
    """Relative delay of the rows' curves at the observed flow; 0 without a flow, a capacity or a curve."""
    flow, then = numbers(crossing, "observed_vehicles_per_day"), numbers(crossing, "observed_capacity_per_day")
    capacity = np.where(np.isnan(then), numbers(crossing, "capacity_vehicles_per_day"), then)
    known = ~np.isnan(flow) & ~np.isnan(capacity)
    ratio = np.divide(flow, capacity, out=np.zeros(len(flow)), where=known)
    curve = np.array([CURVES[name] for name in texts(crossing, "curve")], dtype=np.int64)
    a, b = parameters(curve, numbers(crossing, "curve_a"), numbers(crossing, "curve_b"))
    return growth(curve, a, b, ratio)


def with_free_times(tables: Tables) -> dict[str, pd.DataFrame]:
    """Replace the times of the table ``crossing`` by free times, which ``time_includes`` then says.

    The tables stay as they are if no row holds a total.
    """
    crossing = tables["crossing"]
    if not (crossing["time_includes"] == "wait").any():
        return dict(tables)
    free = free_times(crossing).free_h
    times = dict(zip(_TIMES, free.T, strict=True))
    return {**tables, "crossing": crossing.assign(**times, time_includes="free")}


def _names(crossing: pd.DataFrame) -> list[str]:
    return [f"{name}/{family}" for name, family in zip(crossing["crossing_id"], crossing["family"], strict=True)]


@looks_at(crossing=f"{' '.join(_TIMES)} {_TOTAL} observed_capacity_per_day least_free_h {_CURVE}")
def waits_above_times(tables: Tables) -> Iterable[Problem]:
    """Find observed times that are shorter than the wait that the curve finds in them."""
    crossing = tables["crossing"]
    found, names = free_times(crossing), _names(crossing)
    flow = numbers(crossing, "observed_vehicles_per_day")
    for row, way in np.argwhere((found.wait_h > 0) & (found.wait_h >= found.observed_h)).tolist():
        wait, column = found.wait_h[row, way], _TIMES[way]
        yield Problem(
            "crossing", f"the curve's wait at {flow[row]:g} observed vehicles per day, {wait:.3g} h, exceeds the time",
            names[row], column, f"{found.observed_h[row, way]:g}",
            f"more than {wait:.3g}; or fewer observed_vehicles_per_day, a larger observed_capacity_per_day, a smaller"
            " delay_h, or time_includes = free if the time has no waiting in it",
        )  # fmt: skip


@looks_at(crossing=f"{_TOTAL} capacity_vehicles_per_day curve")
def waits_of_unknown_size(tables: Tables) -> Iterable[Problem]:
    """Find observed times whose wait is not stated, is stated twice, or would not be put back by any curve."""
    crossing = tables["crossing"]
    total = crossing["time_includes"] == "wait"
    flow, share = numbers(crossing, "observed_vehicles_per_day"), numbers(crossing, "wait_share")
    never = np.isnan(numbers(crossing, "capacity_vehicles_per_day")) | (crossing["curve"] == "none").to_numpy()
    names = _names(crossing)
    for row in np.flatnonzero(total.to_numpy(dtype=bool)).tolist():
        name = names[row]
        if np.isnan(flow[row]) and np.isnan(share[row]):
            yield Problem(
                "crossing", "the times include waiting, but not how much", name, "observed_vehicles_per_day",
                allowed="the vehicles per day when the times were observed; or a wait_share",
            )  # fmt: skip
        elif not np.isnan(flow[row]) and not np.isnan(share[row]):
            allowed = "empty, since observed_vehicles_per_day gives the wait by the curve; or only a wait_share"
            yield Problem("crossing", "two statements of one wait", name, "wait_share", f"{share[row]:g}", allowed)
        elif share[row] > 0 and never[row]:
            allowed = "a capacity_vehicles_per_day and a curve; or time_includes = free"
            message = "a wait would be taken out that no curve puts back"
            yield Problem("crossing", message, name, "wait_share", f"{share[row]:g}", allowed)


def bounded_times(tables: Tables) -> list[str]:
    """Crossings whose free time is their lower bound, since the wait taken out of it would leave less."""
    crossing = tables["crossing"]
    found, names = free_times(crossing), _names(crossing)
    return [names[row] for row in np.flatnonzero(found.bounded.any(axis=1)).tolist()]
