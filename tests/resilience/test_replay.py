"""Replays of events on small networks, against what a pencil finds."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from landlink.cli.reader_language import ReaderLanguage
from landlink.cli.replays import explained
from landlink.core.errors import UnknownNameError
from landlink.report.words import Words
from landlink.resilience.base import ShockBase
from landlink.resilience.replay import Replay, replay_of
from landlink.resilience.replay_course import CoursePart
from tests.support.hazard_study import hazard_study
from tests.support.two_roads import DETOUR, two_roads

Bases = Callable[..., ShockBase]
ENGLISH = ReaderLanguage(Words())
EVENT = "event_id,phase,name,cause,places,begins,ends,capacity_factor\n"
SHUT = EVENT + "shut,1,Gate shut,epidemic,crossing:BC,2020-02-01,2020-02-11,0\n"
#: The second gate passes 30 trucks a day; some 17 come, empty ones included.
GATES = """
crossing_id,family,name,node_id,country_a,country_b,time_ab_h,time_ba_h,capacity_vehicles_per_day,delay_h,curve,curve_a,curve_b
AB,road,First gate,,AAA,BBB,6,5,,,,,
BC,road,Second gate,,BBB,CCC,6,5,{capacity},2,bpr,1,4
"""
OBSERVED = """event_id,indicator,begins,ends,value,unit,bound
shut,crossing.trucks_per_day[BC],2019,2020,40,trucks/day,
shut,crossing.trucks_per_day[BC],2020-02-01,2020-02-11,4,trucks/day,
shut,crossing.trucks_per_day[BC],2020-02-06,2020-02-16,30,trucks/day,lower
shut,crossing.trucks_per_day[BC],2019-06,2019-07,20,trucks/day,upper
"""
#: t/day between the ends of the row and through its second gate.
THROUGH = 85_000 / 365


@pytest.fixture(scope="module")
def base_of(tmp_path_factory: pytest.TempPathFactory) -> Bases:
    """Undisturbed freight of the row with an event; some capacity of its second gate."""

    def made(event: str, capacity: str = "30", **tables: str) -> ShockBase:
        folder = tmp_path_factory.mktemp("replay") / "study"
        study = hazard_study(folder, event=event, crossing=GATES.format(capacity=capacity), **tables)
        return ShockBase.of(study.at(study.settings.base_year))

    return made


@pytest.fixture(scope="module")
def shut(base_of: Bases) -> Replay:
    return replay_of(base_of(SHUT, event_observed=OBSERVED), "shut")


def at(replay: Replay, day: float) -> CoursePart:
    return next(part for part in replay.course.parts if part.begins <= day < part.ends)


def test_what_waits_at_a_gate_clears_at_the_capacity_that_is_left(shut: Replay) -> None:
    vehicles = float(shut.base.summary.group_load.sum())
    clearing = 10 * vehicles / (30 - vehicles)
    assert at(shut, 5).waiting_at_begin == 0
    assert at(shut, 5).waiting_at_end == pytest.approx(10 * THROUGH)
    assert shut.course.most_waiting == pytest.approx(10 * THROUGH)
    assert shut.course.clearing_days == pytest.approx(clearing)
    assert at(shut, 10.5).passing == pytest.approx(30 / vehicles)
    assert at(shut, 10 + clearing + 1).passing == pytest.approx(1)
    # Nothing is lost: what did not pass while the gate was shut has passed once it has cleared.
    passed = math.fsum(part.days * part.passing for part in shut.course.parts if 0 <= part.begins < 10 + clearing)
    assert passed == pytest.approx(10 + clearing)


def test_the_triangle_of_a_closure_is_its_length(shut: Replay) -> None:
    assert shut.course.triangle_days() == pytest.approx(10)
    assert shut.course.triangle_days("passing") == pytest.approx(10)
    assert shut.course.recovery_days() == 10
    assert at(shut, -1).arriving == at(shut, -1).passing == 1


def test_what_an_event_costs_is_the_wait_times_the_days(shut: Replay) -> None:
    """Five days of waiting on average, of which a vehicle of 20 t waits one at 6 USD/h."""
    table = {"grain": (45_000, 0.1, 1.0), "machinery": (40_000, 1.5, 1.3)}
    wait = {name: 120 * value + 24 * 6 / 20 * load for name, (_, value, load) in table.items()}
    queues = sum(tonnes * wait[name] for name, (tonnes, _, _) in table.items()) / 365
    assert shut.added_cost.sum() == pytest.approx(10 * queues, rel=1e-6)
    assert not shut.lost_exports.any()
    assert at(shut, 5).cost_index > 1


def test_observations_stand_beside_the_same_days(shut: Replay) -> None:
    usual = shut.observed[0].model_before
    before, half, closed, mixed = shut.observed
    assert [one.reference for one in shut.observed] == [True, False, False, False]
    assert before.ratio == pytest.approx(usual / 40)
    # A bound that is kept has none.
    assert math.isnan(half.ratio)
    assert mixed.ratio == pytest.approx(mixed.model / 30)
    assert (before.model, closed.model) == (pytest.approx(usual), 0)
    # The first days are those of the closure, the last those in which what waited clears.
    vehicles = float(shut.base.summary.group_load.sum())
    assert mixed.model == pytest.approx(usual * 30 / vehicles / 2)
    assert before.error == pytest.approx(usual - 40)
    assert half.error == 0
    assert half.bound == "upper"
    assert closed.index_error == pytest.approx(-4 / 40)
    assert mixed.index_error == pytest.approx(min(30 / vehicles / 2 - 30 / 40, 0))


def test_without_a_limit_what_waited_goes_on_at_once(base_of: Bases) -> None:
    found = replay_of(base_of(SHUT, capacity=""), "shut")
    assert found.course.clearing_days == 0
    assert found.course.most_waiting == pytest.approx(10 * THROUGH)


def test_what_comes_above_a_reduced_capacity_queues(base_of: Bases) -> None:
    reduced = EVENT + "slow,1,Slow,epidemic,crossing:BC,2020-02-01,2020-02-11,0.25\n"
    found = replay_of(base_of(reduced), "slow")
    vehicles = float(found.base.summary.group_load.sum())
    share = 0.25 * 30 / vehicles
    assert at(found, 5).passing == pytest.approx(share)
    assert found.course.triangle_days() == pytest.approx(10 * (1 - share))
    assert found.course.most_waiting == pytest.approx(10 * (1 - share) * THROUGH)


def test_phases_follow_one_another_and_gaps_are_undisturbed(base_of: Bases) -> None:
    phases = (
        SHUT
        + "shut,2,,epidemic,crossing:BC,2020-02-11,2020-02-21,0.75\nshut,3,,epidemic,crossing:BC,2020-06,2020-07,0\n"
    )
    found = replay_of(base_of(phases), "shut")
    assert at(found, 15).span.phases == (2,)
    # The gate passes more than comes at three quarters of its capacity too.
    assert at(found, 15).passing == pytest.approx(0.75 * 30 / float(found.base.summary.group_load.sum()))
    assert at(found, 100).span.phases == ()
    assert at(found, 100).waiting_at_end == 0
    assert found.course.recovery_days() == found.course.ends == 151


def test_an_event_with_a_way_round_costs_the_detour_and_loses_nothing(tmp_path: Path) -> None:
    event = EVENT + "fall,1,Rocks,landslide,link:R1,2020-02-01,2020-03-02,0\n"
    study = two_roads(tmp_path / "two", limit="", event=event)
    found = replay_of(ShockBase.of(study.at(2023)), "fall")
    during = at(found, 5)
    assert (during.passing, during.arriving) == (pytest.approx(0, abs=1e-6), pytest.approx(1))
    assert during.waiting_at_end == 0
    assert found.added_cost.sum() == pytest.approx(30 * 500_000 / 365 * DETOUR, rel=1e-4)
    assert found.course.triangle_days() == pytest.approx(0, abs=1e-6)
    assert found.course.recovery_days() == 0
    assert found.course.recovery_days("passing") == 30


def test_figures_that_puzzle_are_explained(base_of: Bases, shut: Replay) -> None:
    assert explained(shut, ENGLISH) == []
    # The gate passes fewer than come on a usual day, so that nothing that has waited ever goes on.
    both = SHUT + "shut,2,,epidemic,crossing:AB,2020-02-05,2020-02-15,0.9\n"
    phases, never = explained(replay_of(base_of(both, capacity="10"), "shut"), ENGLISH)
    assert phases == "Phase 1+2: these phases of the event are in force at the same time."
    assert never.startswith("Never cleared: on usual days what comes takes all the capacity")
    slow = EVENT + "slow,1,Slow,epidemic,crossing:BC,2020-02-01,2020-02-11,0.9\n"
    arrives, passes = explained(replay_of(base_of(slow), "slow"), ENGLISH)
    assert arrives.startswith("Arrives again after 0 days")
    assert passes.startswith("Passes again after 0 days")


def test_trade_that_responds_is_lost_and_comes_back(base_of: Bases) -> None:
    base = base_of(SHUT)
    fixed, elastic = (replay_of(base, "shut", trade=trade) for trade in ("fixed", "elastic"))
    assert elastic.lost_exports.sum() == pytest.approx(elastic.lost_imports.sum())
    assert elastic.lost_exports.sum() > 0
    assert elastic.course.most_waiting < fixed.course.most_waiting
    assert elastic.added_cost.sum() < fixed.added_cost.sum()
    assert at(elastic, 200 if elastic.course.parts[-1].ends > 200 else 30).arriving == pytest.approx(1)
    # Less comes, and of that nothing passes.
    assert at(elastic, 5).arriving == pytest.approx(0, abs=1e-9)


def test_an_unknown_event_is_named_with_those_there_are(base_of: Bases) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'shut'"):
        replay_of(base_of(SHUT), "shot")
