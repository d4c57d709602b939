"""The simulator against closed forms: they lie in the 99 % interval, which extends at most 1 % to either side.

Each case runs long enough for that. Where both the recursion and the event kernel apply, both are tested.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from landlink.border.event_state import BALKED, THROUGH, VehicleLog
from landlink.border.pipeline import Discipline, Distribution, Pipeline
from landlink.border.replication import follow_vehicles
from landlink.border.simulate import interval, simulate
from landlink.border.vehicle_draws import Vehicles, draw_vehicles
from landlink.core.arrays import Floats
from tests.support import queue_theory as theory
from tests.support.border_models import Plain, pipeline_of

#: Mean service time, h, so short that a year has many vehicles.
MEAN_H = 0.01
REPLICATIONS = 40
#: Part of each replication that is left out, since the crossing begins empty.
WARM_UP = 0.05

Measure = Callable[[Vehicles, VehicleLog, np.ndarray], Sequence[float]]
both_ways = pytest.mark.parametrize("by_events", [False, True], ids=["in turn", "by events"])


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """Another for each case, and always the same."""
    return zlib.crc32(request.node.name.encode())


def always(number: int) -> tuple[tuple[float, int], ...]:
    return ((0.0, number),)


def of_stages(stages: Sequence[Plain], rates: Sequence[float], vehicles: float, *, group: int = 1) -> Pipeline:
    """Classes by their rates, all from a to b, and as many vehicles in all replications together."""
    days = int(np.ceil(vehicles / REPLICATIONS / sum(rates) / 24.0))
    return pipeline_of(stages, vehicles_per_h=[list(rates), [0.0] * len(rates)], days=days, group=group)


def measured(pipeline: Pipeline, measure: Measure, *, seed: int, by_events: bool = False) -> Floats:
    """Figures of each replication, shape (replications, figures)."""

    def one(number: int) -> list[float]:
        vehicles = draw_vehicles(pipeline, seed=seed, replication=number)
        log = follow_vehicles(pipeline, vehicles, pipeline.stages.servers, by_events=by_events)
        return [float(value) for value in measure(vehicles, log, vehicles.arrival_h >= WARM_UP * pipeline.hours)]

    with ThreadPoolExecutor(2) as pool:
        return np.array(list(pool.map(one, range(REPLICATIONS))))


def agree(found: Floats, expected: Sequence[float] | float) -> None:
    """Hold figures against theory."""
    expected = np.atleast_1d(np.asarray(expected, dtype=np.float64))
    assert found.shape == (REPLICATIONS, len(expected))
    mean, low, high = interval(found, level=0.99)
    message = f"theory {expected}, simulated {mean}, from {low} to {high}"
    assert (high - low <= 0.02 * expected).all(), message
    assert ((low <= expected) & (expected <= high)).all(), message


def waits(vehicles: Vehicles, log: VehicleLog, counted: np.ndarray) -> list[float]:
    """Mean wait at each position, of all who pass it."""
    return [np.nanmean((began - joined)[counted]) for began, joined in zip(log.began, log.joined, strict=True)]


def waits_by_class(classes: int, vehicles: Vehicles, log: VehicleLog, counted: np.ndarray) -> list[float]:
    wait = log.began[0] - log.joined[0]
    return [np.nanmean(wait[counted & (vehicles.kind == kind)]) for kind in range(classes)]


def waits_at_gate(vehicles: Vehicles, log: VehicleLog, counted: np.ndarray) -> list[float]:
    """Part that goes elsewhere, and mean wait of the others."""
    return [np.mean(log.fate[counted] == BALKED), np.nanmean((log.began[0] - vehicles.arrival_h)[counted])]


# ------------------------------------------------------------------------------------------- one stage, one class


@pytest.mark.parametrize(
    ("servers", "load", "vehicles", "by_events"),
    [(1, 0.75, 3e7, False), (1, 0.5, 4e6, True), (4, 0.85, 4e7, False), (4, 0.6, 1e7, True), (12, 0.7, 3e7, False)],
)
def test_exponential_times_and_servers_alike(servers: int, load: float, vehicles: float, by_events: bool, seed: int):
    rate = load * servers / MEAN_H
    pipeline = of_stages([Plain("window", 0, MEAN_H, always(servers))], [rate], vehicles)
    agree(measured(pipeline, waits, seed=seed, by_events=by_events), theory.mmc_wait(rate, MEAN_H, servers))


def test_what_the_simulation_reports_of_four_servers(seed: int):
    """Mean and 95th percentile of waits, utilisation, vehicles inside: as the figures of a simulation tell them."""
    rate = 0.75 * 4 / MEAN_H
    pipeline = of_stages([Plain("window", 0, MEAN_H, always(4))], [rate], 1.4e7)
    found = simulate(pipeline, replications=REPLICATIONS, seed=seed, warm_up_days=1, threads=2)
    wait = theory.mmc_wait(rate, MEAN_H, 4)
    agree(found.stacked("times_h")[:, 0, 0, 0, ::2], [wait, theory.mmc_wait_quantile(rate, MEAN_H, 4, 0.95)])
    agree(found.stacked("times_h")[:, 1, 0, 1, :1], wait + MEAN_H)
    agree(found.stacked("utilisation"), 0.75)
    agree(found.stacked("inside"), [rate * (wait + MEAN_H)] * 2)
    assert not found.unstable


@pytest.mark.parametrize(
    ("distribution", "cv", "load"),
    [
        (Distribution.GAMMA, 0.5, 0.8),
        (Distribution.GAMMA, 1.5, 0.6),
        (Distribution.UNIFORM, 0.4, 0.8),
        (Distribution.LOGNORMAL, 0.8, 0.7),
    ],
)
def test_any_distribution_of_service_times(distribution: Distribution, cv: float, load: float, seed: int):
    pipeline = of_stages([Plain("window", 0, MEAN_H, distribution=distribution, cv=cv)], [load / MEAN_H], 8e6)
    agree(measured(pipeline, waits, seed=seed), theory.mg1_wait(load / MEAN_H, MEAN_H, cv))


@pytest.mark.parametrize(("servers", "load", "by_events"), [(1, 0.8, False), (3, 0.85, False), (2, 0.7, True)])
def test_constant_times(servers: int, load: float, by_events: bool, seed: int):
    rate = load * servers / MEAN_H
    pipeline = of_stages(
        [Plain("window", 0, MEAN_H, always(servers), distribution=Distribution.CONSTANT)], [rate], 1.2e7
    )
    expected = theory.mdc_wait(rate, MEAN_H, servers)
    if servers == 1:
        assert expected == pytest.approx(theory.mg1_wait(rate, MEAN_H, 0.0), rel=1e-9)
    agree(measured(pipeline, waits, seed=seed, by_events=by_events), expected)


# --------------------------------------------------------------------------------------------------- finite room


def balking_at(pipeline: Pipeline, number: int) -> Pipeline:
    return replace(pipeline, gate=replace(pipeline.gate, balk_at=np.full(2, number, dtype=np.int64)))


@pytest.mark.parametrize(("servers", "room", "load"), [(1, 5, 0.9), (3, 8, 1.2)])
@pytest.mark.parametrize("places", [None, 4], ids=["one line", "line before the gate"])
def test_a_full_crossing_is_left(servers: int, room: int, load: float, places: int | None, seed: int):
    """M/M/c/K: balking when so many are there is loss; a line that stands partly before the gate is one line."""
    rate = load * servers / MEAN_H
    stage = Plain("window", 0, MEAN_H, always(servers))
    if places is not None:
        stage = replace(stage, places=places)
    pipeline = balking_at(of_stages([stage], [rate], 4e6), room)
    agree(measured(pipeline, waits_at_gate, seed=seed), theory.mmck(rate, MEAN_H, servers, room))


@pytest.mark.parametrize("distribution", [Distribution.EXPONENTIAL, Distribution.CONSTANT, Distribution.LOGNORMAL])
def test_loss_depends_on_the_mean_service_alone(distribution: Distribution, seed: int):
    stage = Plain("window", 0, MEAN_H, always(5), distribution=distribution, cv=1.5)
    pipeline = balking_at(of_stages([stage], [4.0 / MEAN_H], 2e6), 5)
    agree(measured(pipeline, waits_at_gate, seed=seed)[:, :1], theory.erlang_b(5, 4.0))


@pytest.mark.parametrize("places", [1, 3])
def test_a_stage_without_room_holds_up_the_one_before(places: int, seed: int):
    stages = [Plain("first", 0, MEAN_H), Plain("second", 1, MEAN_H, places=places)]
    pipeline = of_stages(stages, [1.3 / MEAN_H], 2e6)

    def through(vehicles: Vehicles, log: VehicleLog, counted: np.ndarray) -> list[float]:
        since = WARM_UP * pipeline.hours
        return [(log.ended[1] >= since).sum() / (pipeline.hours - since)]

    agree(measured(pipeline, through, seed=seed), theory.blocked_throughput(MEAN_H, places))


# ------------------------------------------------------------------------------------------------------ priority


def test_the_urgent_go_first(seed: int):
    """Three classes at one server, each with its own distribution of service times."""
    rates, means, cvs = [15.0, 30.0, 20.0], [0.008, 0.012, 0.01], [1.0, 0.0, 0.5]
    stage = Plain("window", 0, 1.0, discipline=Discipline.PRIORITY, priority=[0, 1, 2])
    pipeline = of_stages([stage], rates, 1.5e7)
    shape = pipeline.stages.distribution.shape
    distributions = np.array([Distribution.EXPONENTIAL, Distribution.CONSTANT, Distribution.GAMMA], dtype=np.int64)
    stages = replace(
        pipeline.stages,
        distribution=np.broadcast_to(distributions, shape).copy(),
        mean_h=np.broadcast_to(means, shape).copy(),
        cv=np.broadcast_to(cvs, shape).copy(),
    )
    found = measured(replace(pipeline, stages=stages), partial(waits_by_class, 3), seed=seed)
    agree(found, theory.priority_waits(rates, means, cvs))


def test_the_urgent_go_first_at_several_servers(seed: int):
    rates = [70.0, 130.0]
    stage = Plain("window", 0, MEAN_H, always(3), discipline=Discipline.PRIORITY, priority=[3, 5])
    pipeline = of_stages([stage], rates, 1e7)
    agree(measured(pipeline, partial(waits_by_class, 2), seed=seed), theory.priority_waits_of_many(rates, MEAN_H, 3))


# --------------------------------------------------------------------------------------------- stages and batches


@both_ways
def test_stages_one_after_another(by_events: bool, seed: int):
    """What leaves M/M/c is a Poisson stream again (Burke 1956): each stage is as if alone (Jackson 1957)."""
    rate, servers = 70.0, (1, 2, 3)
    means = (0.6 / rate, 1.4 / rate, 2.1 / rate)
    stages = [
        Plain(f"stage {i}", i, mean, always(number))
        for i, (mean, number) in enumerate(zip(means, servers, strict=True))
    ]
    pipeline = of_stages(stages, [rate], 1.6e7)
    expected = [theory.mmc_wait(rate, mean, number) for mean, number in zip(means, servers, strict=True)]
    agree(measured(pipeline, waits, seed=seed, by_events=by_events), expected)


def test_stages_beside_each_other(seed: int):
    """Vehicles parted at random are Poisson streams."""
    stages = [Plain("left", 0, MEAN_H, share=0.4), Plain("right", 0, MEAN_H, share=0.6)]
    pipeline = of_stages(stages, [100.0], 6e6)

    def by_stage(vehicles: Vehicles, log: VehicleLog, counted: np.ndarray) -> list[float]:
        wait = log.began[0] - log.joined[0]
        return [np.nanmean(wait[counted & (log.stage[0] == stage)]) for stage in range(2)]

    agree(measured(pipeline, by_stage, seed=seed), [theory.mmc_wait(share, MEAN_H, 1) for share in (40.0, 60.0)])


@pytest.mark.parametrize(("distribution", "cv"), [(Distribution.EXPONENTIAL, 1.0), (Distribution.GAMMA, 0.5)])
@both_ways
def test_vehicles_that_come_together(distribution: Distribution, cv: float, by_events: bool, seed: int):
    load, size = 0.6, 5
    pipeline = of_stages(
        [Plain("window", 0, MEAN_H, distribution=distribution, cv=cv)], [load / MEAN_H], 8e6, group=size
    )
    found = measured(pipeline, waits, seed=seed, by_events=by_events)
    agree(found, theory.group_wait(load / MEAN_H / size, MEAN_H, cv, size))


@pytest.mark.parametrize(("size", "load"), [(2, 0.6), (4, 0.5)])
def test_services_that_take_a_full_batch(size: int, load: float, seed: int):
    rate = load * size / MEAN_H
    pipeline = of_stages([Plain("yard", 0, MEAN_H, batch=size)], [rate], 4e6)
    agree(measured(pipeline, waits, seed=seed), theory.full_batch_wait(rate, MEAN_H, size))


def test_every_vehicle_is_logged():
    """Every vehicle has passed, balked or is inside."""
    pipeline = balking_at(of_stages([Plain("window", 0, MEAN_H)], [1.1 / MEAN_H], 2e5), 6)
    vehicles = draw_vehicles(pipeline, seed=7, replication=0)
    log = follow_vehicles(pipeline, vehicles, pipeline.stages.servers)
    known = np.isin(log.fate, (THROUGH, BALKED))
    assert 0 <= (~known).sum() <= 6
