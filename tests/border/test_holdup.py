"""The stage that holds vehicles up, and what one more server or hour would do; hours in which a crossing is closed."""

from __future__ import annotations

import numpy as np
import pytest

from landlink.border.closures import closed_days, closed_hours, closed_in_week, staffed_share
from landlink.border.holdup import explain_holdup, find_holdup, one_more_hour, one_more_server
from landlink.border.pipeline import Pipeline
from landlink.border.simulate import simulate
from tests.support.border_models import Plain, daily, pipeline_of

WEEK = 7


def crossing(*stages: Plain, per_day: float = 48.0, days: int = 28) -> Pipeline:
    return pipeline_of(stages, vehicles_per_h=[[per_day / 48.0], [per_day / 48.0]], days=days)


def shifts(days: int, *hours: tuple[float, int]) -> list[tuple[float, int]]:
    return [(0.0, 0), *daily(days, *hours)]


def test_the_stage_with_the_fullest_servers_holds_vehicles_up():
    """M/M/1 in series: the wait at load 0.9 is 9 service times, at load 0.3 less than half of one."""
    found = simulate(crossing(Plain("papers", 1, 0.15), Plain("scales", 2, 0.45)), replications=4, warm_up_days=7)
    holdup = find_holdup(found)
    assert holdup is not None
    assert holdup.stage == "scales"
    assert holdup.cause == "busy"
    assert holdup.share > 0.9
    assert holdup.load == pytest.approx(0.9)
    assert holdup.open_h == 168.0
    assert holdup.closed_share == 0.0
    assert holdup.wait_h == pytest.approx(0.9 / 0.1 * 0.45, rel=0.4)


def test_a_stage_that_is_closed_holds_vehicles_up_by_its_hours():
    at_day = shifts(28, (8.0, 6), (16.0, 0))
    found = simulate(crossing(Plain("papers", 1, 0.2, servers=at_day)), replications=2, warm_up_days=7)
    holdup = find_holdup(found)
    assert holdup is not None
    assert holdup.cause == "closing"
    assert holdup.open_h == pytest.approx(56.0)
    assert holdup.closed_share > 0.8


def test_more_work_than_capacity_is_an_overload():
    found = simulate(crossing(Plain("papers", 1, 0.6)), replications=6, warm_up_days=7)
    holdup = explain_holdup(found, seed=1)
    assert holdup is not None
    assert holdup.cause == "overload"
    assert np.isnan(holdup.wait_h)
    assert holdup.one_server is not None
    assert np.isnan(holdup.one_server.mean_time_h[0])
    assert holdup.one_server.per_day[1] > 4.0
    assert holdup.one_hour is None


def test_where_nobody_waits_nothing_holds_vehicles_up():
    assert find_holdup(simulate(crossing(Plain("papers", 1, 0.001)), replications=1, warm_up_days=7)) is None


def test_a_server_more_is_on_duty_with_the_others():
    hours = shifts(2, (8.0, 2), (12.0, 1), (16.0, 0))
    more = one_more_server(crossing(Plain("a", 1, 0.1, servers=hours), Plain("b", 2, 0.1), days=2), "a")
    assert more is not None
    assert more.stages.servers.value.tolist() == [0, 3, 2, 0, 3, 2, 0, 1]


def test_a_stage_with_a_timetable_takes_no_server():
    assert one_more_server(crossing(Plain("ferry", 1, 0.1, departures=[(6.0, 20)]), days=2), "ferry") is None


def test_an_hour_more_comes_before_the_night_and_not_before_lunch():
    hours = shifts(2, (8.0, 2), (12.0, 0), (13.0, 2), (17.0, 0))
    longer = one_more_hour(crossing(Plain("a", 1, 0.1, servers=hours), days=2))
    assert longer is not None
    assert longer.stages.servers.time_h.tolist() == [0.0, 8.0, 12.0, 13.0, 18.0, 32.0, 36.0, 37.0, 42.0]
    assert one_more_hour(crossing(Plain("a", 1, 0.1), days=2)) is None


def test_an_hour_more_shortens_the_time_to_cross():
    hours = shifts(28, (8.0, 4), (16.0, 0))
    holdup = explain_holdup(
        simulate(crossing(Plain("a", 1, 0.2, servers=hours)), replications=4, warm_up_days=7), seed=1
    )
    assert holdup is not None
    assert holdup.one_hour is not None
    assert holdup.one_hour.mean_time_h[2] < 0.0
    assert holdup.one_server is not None
    assert holdup.one_server.mean_time_h[0] > holdup.one_hour.mean_time_h[0]


def test_a_crossing_is_closed_while_a_stage_that_all_need_is():
    hours = shifts(7, (8.0, 1), (20.0, 0))
    closed = closed_hours(crossing(Plain("a", 1, 0.1), Plain("b", 2, 0.1, servers=hours), days=7))
    assert closed.reshape(7, 24).sum(axis=1).tolist() == [12] * 7
    assert not closed[8:20].any()
    some_need_it = Plain("b", 2, 0.1, servers=hours, share=0.5)
    assert not closed_hours(crossing(Plain("a", 1, 0.1), some_need_it, days=7)).any()
    beside = [Plain("b", 2, 0.1, servers=hours), Plain("c", 2, 0.1)]
    assert not closed_hours(crossing(*beside, days=7)).any()


def test_a_crossing_open_in_one_direction_is_open():
    hours = shifts(7, (8.0, 1), (20.0, 0))
    one_way = Plain("a", 1, 0.1, servers=hours, share=(1.0, 0.0))
    assert not closed_hours(crossing(one_way, Plain("b", 1, 0.1, share=(0.0, 1.0)), days=7)).any()


def test_a_closed_day_is_named_only_if_its_weekday_is_usually_open():
    open_days = [day for day in range(28) if day % 7 != 6 and day != 16]
    steps = [(0.0, 0)] + [step for day in open_days for step in ((24.0 * day + 8, 1), (24.0 * day + 20, 0))]
    pipeline = crossing(Plain("a", 1, 0.1, servers=steps), days=28)
    assert closed_in_week(pipeline, 0.0).reshape(7, 24).sum(axis=1).tolist() == [12] * 6 + [24]
    assert closed_days(pipeline, 0.0) == [16]
    assert closed_days(pipeline, 7 * 24.0) == [9]


def test_half_an_hour_of_a_shift_is_half_an_hour_staffed():
    pipeline = crossing(Plain("a", 1, 0.1, servers=[(0.0, 0), (8.5, 1), (20.0, 0)]), days=1)
    share = staffed_share(pipeline.stages.servers, 24)[0]
    assert share[8] == 0.5
    assert share[9:20].tolist() == [1.0] * 11
    assert share.sum() == 11.5
