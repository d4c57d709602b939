"""Wait by wait: the simulator, SimPy and Ciw on the same draws."""

from __future__ import annotations

import numpy as np
import pytest

from landlink.border.event_state import VehicleLog
from landlink.border.pipeline import UNLIMITED, Discipline, Distribution, Pipeline
from landlink.border.replication import follow_vehicles
from landlink.border.vehicle_draws import Vehicles, draw_vehicles
from landlink.core.arrays import Floats
from tests.support.border_models import Plain, daily, full_crossing, mm4, pipeline_of

pytest.importorskip("simpy", reason="SimPy is not installed")
pytest.importorskip("ciw", reason="Ciw is not installed")

from tests.support.border_peers import Given, Times, in_ciw, in_simpy

both_ways = pytest.mark.parametrize("by_events", [False, True], ids=["in turn", "by events"])


def given(vehicles: Vehicles) -> Given:
    return Given(vehicles.arrival_h, vehicles.direction, vehicles.kind, np.ascontiguousarray(vehicles.service_h.T))


def by_stage(pipeline: Pipeline, log: VehicleLog, times: Floats) -> Floats:
    """Times by vehicle and stage, as peers tell them."""
    position = np.unique(pipeline.stages.position, return_inverse=True)[1]
    return np.array([np.where(log.stage[p] == s, times[p], np.nan) for s, p in enumerate(position)]).T


def same_waits(pipeline: Pipeline, log: VehicleLog, other: Times) -> None:
    """Every time of every vehicle, but for the rounding of clocks that add up; the end may cut a peer's last events."""
    known = log.fate == 1
    assert known.sum() > 0.9 * len(known)
    for ours, theirs in (
        (log.joined, other.joined_h),
        (log.began, other.begun_h),
        (log.left, other.left_h),
    ):
        np.testing.assert_allclose(by_stage(pipeline, log, ours)[known], theirs[known], rtol=0.0, atol=1e-8)


@both_ways
def test_four_servers(by_events: bool):
    pipeline = mm4(40)
    vehicles = draw_vehicles(pipeline, seed=5, replication=0)
    log = follow_vehicles(pipeline, vehicles, pipeline.stages.servers, by_events=by_events)
    assert len(vehicles.arrival_h) > 10_000
    assert np.nanmean(log.began[0] - log.joined[0]) > 0.2
    same_waits(pipeline, log, in_simpy(pipeline, given(vehicles)))
    same_waits(pipeline, log, in_ciw(pipeline, given(vehicles)))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_full_crossing_in_simpy(seed: int):
    """Eight stages, both directions, shifts, priorities, batches, finite places."""
    pipeline = full_crossing(30)
    vehicles = draw_vehicles(pipeline, seed=seed, replication=0)
    log = follow_vehicles(pipeline, vehicles, pipeline.stages.servers)
    assert (log.left > log.ended).any()
    same_waits(pipeline, log, in_simpy(pipeline, given(vehicles)))


def series(exit_places: int, *, urgent: tuple[int, int]) -> Pipeline:
    """Shifts, three distributions, two classes; Ciw has one order of priority for all stages."""
    order = {"priority": urgent, "discipline": Discipline.PRIORITY}
    stages = [
        Plain("documents", 0, 0.2, ((0.0, 2),), **order),
        Plain(
            "customs",
            1,
            0.1,
            daily(30, (0.0, 0), (8.0, 4), (20.0, 0)),
            distribution=Distribution.LOGNORMAL,
            cv=0.8,
            **order,
        ),
        Plain("exit", 2, 0.1, ((0.0, 1),), places=exit_places, distribution=Distribution.GAMMA, cv=0.5, **order),
    ]
    return pipeline_of(stages, vehicles_per_h=[[1.0, 0.5], [1.0, 0.5]], days=30)


def test_priorities_and_shifts_in_ciw():
    pipeline = series(UNLIMITED, urgent=(1, 0))
    vehicles = draw_vehicles(pipeline, seed=3, replication=0)
    log = follow_vehicles(pipeline, vehicles, pipeline.stages.servers)
    same_waits(pipeline, log, in_ciw(pipeline, given(vehicles)))
    same_waits(pipeline, log, in_simpy(pipeline, given(vehicles)))


def test_places_that_hold_up_the_stage_before():
    """With classes alike. Where some are urgent, the peers' server takes its next vehicle before the place it leaves is
    filled; here the vehicle moves up first, and is taken if it is the most urgent."""
    pipeline = series(3, urgent=(0, 0))
    vehicles = draw_vehicles(pipeline, seed=3, replication=0)
    log = follow_vehicles(pipeline, vehicles, pipeline.stages.servers)
    assert (log.left > log.ended).any()
    same_waits(pipeline, log, in_simpy(pipeline, given(vehicles)))
    same_waits(pipeline, log, in_ciw(pipeline, given(vehicles)))
