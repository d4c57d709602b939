"""How crossings serve what passes them: vehicles, capacity used, 95th percentile of the time and queue, by direction.

Every crossing has the same figures, whether its stages are simulated or its time follows a curve of the study, so that
one can be compared with another. Arrays have the shape (rows of the table ``crossing``, 2), with the direction from
country a to b first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from landlink.core.arrays import Floats
from landlink.freight.crossing_curves import SimulatedCrossing
from landlink.freight.flow_summary import FlowSummary
from landlink.tables.frames import numbers

__all__ = ["CrossingService", "background_vehicles", "crossing_service"]

HOURS_PER_DAY = 24.0


@dataclass(frozen=True)
class CrossingService:
    """Service at every crossing of a scenario, by direction, shape (rows, 2).

    Attributes
    ----------
    capacity_per_day
        Vehicles a day of both directions together; of one direction where stages limit each on its own.
    capacity_used
        Share of that capacity in use on the design day.
    p95_h
        Hours that one vehicle in twenty exceeds.
    queue_vehicles
        Vehicles that wait on average because others are there: arrivals an hour times the hours above the uncongested
        time (Little 1961).
    """

    capacity_per_day: Floats
    capacity_used: Floats
    p95_h: Floats
    queue_vehicles: Floats


def background_vehicles(flow_summary: FlowSummary, present: np.ndarray) -> Floats:
    """Background vehicles a day by direction, shape (rows, 2).

    Parameters
    ----------
    flow_summary
        Solved flows.
    present
        Directions that are open, shape (rows, 2). Each gets an equal part, but at a simulated crossing its part of the
        vehicles that are simulated.
    """
    freight = flow_summary.freight
    whole = numbers(freight.network.tables["crossing"], "background_vehicles_per_day")
    part = present / np.maximum(present.sum(axis=1), 1)[:, None]
    for one in freight.simulated:
        part[one.row] = one.waits.vehicles_per_day.sum(axis=1) / one.waits.vehicles_per_day.sum()
    return np.asarray(whole[:, None] * part)


def crossing_service(
    flow_summary: FlowSummary, design_vehicles: Floats, free_h: Floats, time_h: Floats, p95_extra_h: Floats
) -> CrossingService:
    """Compute the service at every crossing.

    Parameters
    ----------
    flow_summary
        Solved flows.
    design_vehicles
        Vehicles on the design day, background ones included.
    free_h, time_h
        Uncongested and mean time; NaN where the crossing is not in service.
    p95_extra_h
        Hours between mean and 95th percentile in the table ``crossing``.
    """
    freight = flow_summary.freight
    capacity = np.repeat(numbers(freight.network.tables["crossing"], "capacity_vehicles_per_day")[:, None], 2, axis=1)
    both = np.repeat(design_vehicles.sum(axis=1)[:, None], 2, axis=1)
    used = np.divide(both, capacity, out=np.full_like(both, np.nan), where=capacity > 0)
    p95 = time_h + p95_extra_h
    for one in freight.simulated:
        vehicles = design_vehicles[one.row]
        used[one.row] = one.waits.capacity_used(vehicles)
        p95[one.row] = _p95_h(one, vehicles)
        for curve in one.waits.delay_curves:
            finite = np.isfinite(curve.bottleneck.capacity)
            capacity[one.row, list(curve.bottleneck.directions)] = curve.bottleneck.capacity if finite else np.nan
    queue = design_vehicles / HOURS_PER_DAY * np.maximum(time_h - free_h, 0.0)
    return CrossingService(capacity, used, np.asarray(p95), np.asarray(queue))


def _p95_h(crossing: SimulatedCrossing, vehicles_per_day: Floats) -> Floats:
    """95th percentile by direction: simulated at the solved flows where it was, else by the curve."""
    by_curve = crossing.waits.p95_h(vehicles_per_day)
    if crossing.solved is None:
        return by_curve
    return np.asarray(np.where(np.isnan(crossing.solved.p95_h), by_curve, crossing.solved.p95_h))
