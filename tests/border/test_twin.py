"""The kernel of events does what its twin in plain Python does, and the recursion what the events do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import event, given, settings
from hypothesis import strategies as st

from landlink.border.event_state import VehicleLog
from landlink.border.event_twin import follow_in_python
from landlink.border.pipeline import Distribution
from landlink.border.replication import follow_vehicles
from landlink.border.vehicle_draws import draw_vehicles
from tests.support.border_models import Plain, full_crossing, pipeline_of
from tests.support.border_strategies import Case, cases

many = settings(max_examples=400, deadline=None, derandomize=True)
several = settings(max_examples=60, deadline=None, derandomize=True)


def same(found: VehicleLog, twin: VehicleLog) -> None:
    for name in ("stage", "fate", "joined", "began", "ended", "left", "busy_h"):
        np.testing.assert_array_equal(getattr(found, name), getattr(twin, name), err_msg=name)


@many
@given(cases(), st.sampled_from([0.0, 10.0]))
def test_the_kernel_does_what_its_twin_does(case: Case, since_h: float):
    found = follow_vehicles(case.pipeline, case.vehicles, case.servers, since_h=since_h, by_events=True)
    twin = follow_in_python(case.pipeline, case.vehicles, case.servers, since_h=since_h)
    for fate, name in enumerate(("inside", "through", "turned back", "balked")):
        if (twin.fate == fate).any():
            event(name)
    if (twin.left > twin.ended).any():
        event("blocked")
    if case.pipeline.stages.opposed:
        event("opposed")
    same(found, twin)


def test_the_kernel_does_what_its_twin_does_at_a_full_crossing():
    pipeline = full_crossing(20)
    vehicles = draw_vehicles(pipeline, seed=4, replication=0)
    assert len(vehicles.arrival_h) > 5000
    found = follow_vehicles(pipeline, vehicles, pipeline.stages.servers, since_h=48.0)
    same(found, follow_in_python(pipeline, vehicles, pipeline.stages.servers, since_h=48.0))


@several
@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.sampled_from(list(Distribution)), st.sampled_from([0.0, 0.4, 2.0])),
        min_size=1,
        max_size=4,
    ),
    st.integers(0, 2**32),
    st.booleans(),
)
def test_the_recursion_does_what_the_events_do(
    kinds: list[tuple[int, Distribution, float]], seed: int, on_a_grid: bool
):
    stages = [
        Plain(f"stage {i}", i, mean_h, ((0.0, servers),), distribution=distribution, cv=0.4, share=(1.0, 0.5))
        for i, (servers, distribution, mean_h) in enumerate(kinds)
    ]
    pipeline = pipeline_of(stages, vehicles_per_h=[[2.0, 1.0], [0.5, 0.0]], days=3)
    vehicles = draw_vehicles(pipeline, seed=seed, replication=0)
    if on_a_grid:
        vehicles = replace(
            vehicles,
            arrival_h=np.round(2 * vehicles.arrival_h) / 2,
            service_h=np.round(2 * vehicles.service_h) / 2,
        )
    in_turn = follow_vehicles(pipeline, vehicles, pipeline.stages.servers, since_h=10.0)
    by_events = follow_vehicles(pipeline, vehicles, pipeline.stages.servers, since_h=10.0, by_events=True)
    for name in ("stage", "fate", "joined", "began", "ended", "left"):
        np.testing.assert_array_equal(getattr(in_turn, name), getattr(by_events, name), err_msg=name)
    np.testing.assert_allclose(in_turn.busy_h, by_events.busy_h, rtol=1e-12)
