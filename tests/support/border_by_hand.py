"""Vehicles whose times are chosen by hand, followed by the kernel and by its twin in plain Python."""

from __future__ import annotations

import numpy as np

from landlink.border.event_state import VehicleLog
from landlink.border.event_twin import follow_in_python
from landlink.border.pipeline import Pipeline
from landlink.border.replication import follow_vehicles
from landlink.border.vehicle_draws import Vehicles

#: From a to b, and back.
THERE, BACK = 0, 1


def coming(pipeline: Pipeline, *when: tuple[float, int]) -> Vehicles:
    """Vehicles at given hours and in given directions, with the mean service times."""
    times, ways = np.array([hour for hour, _ in when]), np.array([way for _, way in when])
    stages, kind = pipeline.stages, np.zeros(len(when), dtype=np.int64)
    service_h = np.where(stages.share[:, ways, 0] > 0, stages.mean_h[:, ways, 0], np.nan)
    none = np.zeros((2, len(pipeline.classes)), dtype=np.int64)
    return Vehicles(times, times, ways, kind, np.ascontiguousarray(service_h), none)


def followed(pipeline: Pipeline, vehicles: Vehicles) -> VehicleLog:
    """What happens to the vehicles, which the twin says too."""
    log = follow_vehicles(pipeline, vehicles, pipeline.stages.servers, by_events=True)
    twin = follow_in_python(pipeline, vehicles, pipeline.stages.servers)
    for name in ("stage", "fate", "joined", "began", "ended", "left", "busy_h"):
        np.testing.assert_array_equal(getattr(log, name), getattr(twin, name), err_msg=name)
    return log
