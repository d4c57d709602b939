"""Shifts by weekday, timetables of convoys and trains, and counted arrivals, against figures worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

import landlink as ll
from landlink.border.pipeline import Distribution, Pipeline
from landlink.border.pipeline_builder import build_pipeline
from landlink.border.replication import follow_vehicles
from landlink.border.simulate import interval, simulate
from landlink.border.stability import capacity_bound, offered_load
from landlink.border.vehicle_draws import draw_vehicles
from landlink.core.errors import InputError
from tests.support.border_by_hand import THERE, coming, followed
from tests.support.border_models import Plain, pipeline_of
from tests.support.small_border import TABLES, write_small_border
from tests.support.small_study import TABLES as STUDY_TABLES

MONDAY = date(2024, 3, 4)
CROSSING = TABLES["crossing"].replace("08:00-20:00,mon-sat,01-01,120", ",,,")
HEAD = "crossing_id,family,stage_id,order,direction,mean_h,law"
ARRIVAL = """
crossing_id,family,direction,vehicle_class,vehicles_per_day{columns}
GATE,road,ab,loaded,48{ab}
GATE,road,ba,loaded,24{ba}
"""


def border(folder: Path, stage: str = "", columns: str = "", **replaced: str) -> Path:
    """The small study with one post, open day and night unless ``stage`` says otherwise."""
    heads = {name: TABLES[name].strip().splitlines()[0] for name in ("service", "rule", "rule_effect")}
    given = {name: STUDY_TABLES[name] for name in ("measure", "effect")} | heads
    given |= {"crossing": CROSSING, "arrival": ARRIVAL.format(columns="", ab="", ba="")}
    given |= {"stage": f"{HEAD}{columns}\nGATE,road,post,1,both,0,constant{stage}\n"}
    return write_small_border(folder / "study", **(given | replaced))


def built(folder: Path, *, start: date = MONDAY, days: int = 7, load: float = 1.0) -> Pipeline:
    return build_pipeline(ll.open_study(folder), "GATE", start=start, days=days, load=load)


def refused(folder: Path) -> list[str]:
    with pytest.raises(InputError) as error:
        ll.open_study(folder)
    return [str(problem) for problem in error.value.problems]


def steps(pipeline: Pipeline) -> list[tuple[float, int]]:
    servers = pipeline.stages.servers
    return list(zip(servers.time_h.tolist(), servers.value.tolist(), strict=True))


# ------------------------------------------------------------------------------------------------- shifts by weekday


def test_shifts_by_weekday(tmp_path: Path):
    """Four on working days from eight to four, one on Saturday morning, nobody on Sunday."""
    path = border(tmp_path, ",mon-fri 08:00-16:00=4;sat 09:00-13:00=1", ",servers")
    days = [(24.0 * day + hour, number) for day in range(5) for hour, number in ((8, 4), (16, 0))]
    assert steps(built(path)) == [(0.0, 0), *days, (129.0, 1), (133.0, 0)]


def test_hours_by_weekday(tmp_path: Path):
    """A Friday that runs into Saturday belongs to Friday; other hours follow the days of the crossing."""
    crossing = CROSSING.replace("Asia/Bishkek,,,", "Asia/Bishkek,,mon-thu,")
    path = border(tmp_path, ",08:00-20:00;fri 20:00-04:00,2", ",hours,servers", crossing=crossing)
    thursday = date(2024, 3, 7)
    assert steps(built(path, start=thursday, days=4)) == [(0.0, 0), (8.0, 2), (20.0, 0), (44.0, 2), (52.0, 0)]


def test_a_weekend_by_hand():
    """A post closed from Friday 18:00 to Monday 08:00: who comes on Saturday at noon waits for 44 hours.

    Three trucks in the weekend take an hour each, one after the other, so they begin on Monday at 8, 9 and 10.
    """
    servers = [(0.0, 0), *((24.0 * day + hour, number) for day in range(5) for hour, number in ((8, 1), (18, 0)))]
    servers += [(24.0 * 7 + hour, number) for hour, number in ((8, 1), (18, 0))]
    stage = Plain("post", 0, 1.0, servers, distribution=Distribution.CONSTANT)
    pipeline = pipeline_of([stage], vehicles_per_h=[[1.0], [0.0]], days=8)
    hours = [132.0, 140.0, 160.0]
    log = followed(pipeline, coming(pipeline, *((hour, THERE) for hour in hours)))
    assert (log.began[0] - hours).tolist() == [44.0, 37.0, 18.0]


# ------------------------------------------------------------------------------------------------------- departures


@pytest.mark.parametrize("headway", [1.0, 3.0])
def test_half_a_headway_is_the_mean_wait(headway: float):
    """Even arrivals and departures with room for all: the wait is uniform from 0 to the headway."""
    days = 200
    plan = [(headway * number, 10_000) for number in range(int(24 * days / headway))]
    stage = Plain("escort", 0, 2.5, distribution=Distribution.CONSTANT, departures=plan)
    pipeline = pipeline_of([stage], vehicles_per_h=[[20.0], [0.0]], days=days)
    found = simulate(pipeline, replications=8, seed=3, warm_up_days=1, threads=2)
    mean, low, high = interval(found.stacked("times_h")[:, 0, 0, 0, 0], level=0.99)
    assert low <= headway / 2 <= high
    assert mean == pytest.approx(headway / 2, rel=0.01)
    # A convoy runs whether or not the one before has arrived: two and a half hours are under way at any time.
    assert found.mean_time_h.mean() == pytest.approx(headway / 2 + 2.5, rel=0.01)
    assert not found.unstable


def test_a_full_convoy_leaves_the_others_behind():
    """Five trucks at 0.5 to 2.5, convoys of two at 1, 2 and 3: none leaves before it has come, the last not at all."""
    stage = Plain("escort", 0, 4.0, distribution=Distribution.CONSTANT, departures=[(1.0, 2), (2.0, 2), (3.0, 1)])
    pipeline = pipeline_of([stage], vehicles_per_h=[[1.0], [0.0]], days=1)
    log = followed(pipeline, coming(pipeline, *((hour, THERE) for hour in (0.5, 0.6, 1.0, 2.0, 2.5))))
    # Who arrives at the minute of departure goes along.
    np.testing.assert_array_equal(log.began[0], [1.0, 1.0, 2.0, 2.0, 3.0])
    np.testing.assert_array_equal(log.left[0], [5.0, 5.0, 6.0, 6.0, 7.0])


def test_departures_of_a_table(tmp_path: Path):
    """Every six hours on weekdays, the last within the opening hours at closing time, with ten places unless stated."""
    path = border(
        tmp_path, ",06:00-18:00,mon-fri 00:00-24:00/06:00;sat 12:00=25;sun 20:00,10", ",hours,departures,batch"
    )
    plan = built(path).stages.departures
    assert plan is not None
    assert plan.time_h.tolist() == [24.0 * day + hour for day in range(5) for hour in (6, 12, 18)] + [132.0]
    assert plan.places.tolist() == [10] * 15 + [25]


def test_departures_in_the_time_zone_of_the_stage(tmp_path: Path):
    path = border(tmp_path, ",Asia/Shanghai,10:00", ",time_zone,departures")
    plan = built(path, days=2).stages.departures
    assert plan is not None
    assert plan.time_h.tolist() == [8.0, 32.0]


def test_departures_follow_rules_by_day(tmp_path: Path):
    rule = "rule_id,crossing_id,open_from\nmore,GATE,2024-03-05\n"
    effect = "rule_id,table,row,column,operation,value\nmore,stage,GATE/road/post,departures,set,12:00;18:00\n"
    path = border(tmp_path, ",12:00", ",departures", rule=rule, rule_effect=effect)
    plan = built(path, days=2).stages.departures
    assert plan is not None
    assert plan.time_h.tolist() == [12.0, 36.0, 42.0]


def test_load_of_a_timetable(tmp_path: Path):
    """72 trucks a day, two convoys of 40: nine tenths of the places, and no more than 80 can pass."""
    path = border(tmp_path, ",08:00=40;20:00=40", ",departures")
    assert offered_load(built(path)).tolist() == [pytest.approx(0.9), 0.0]
    assert capacity_bound(built(path, load=2.0)) == pytest.approx(80.0)
    found = simulate(built(path, days=56), replications=4, warm_up_days=7, threads=2)
    assert found.stages()["utilisation"].to_numpy() == pytest.approx(0.9, abs=0.03)
    crowded = simulate(built(path, days=56, load=2.0), replications=2, warm_up_days=7, threads=2)
    assert crowded.unstable
    assert crowded.throughput().set_index(["direction", "vehicle_class", "outcome"]).loc[
        ("*", "*", "passed"), "per_day"
    ] == pytest.approx(80.0, rel=1e-2)


@pytest.mark.parametrize(
    ("columns", "cells", "message"),
    [
        (",departures", ",8 o'clock", 'column departures: "8 o\'clock" is not a time such as 08:00'),
        (",departures", ",08:00;08:00=3", "08:00 is listed twice for a day"),
        (",departures", ",08:00=0", "'0' is not a whole number of vehicles above 0"),
        (",departures,servers", ",08:00,3", "column servers: no effect, since services begin at the departures"),
        (",departures,paired", ",08:00,1", "column paired: no effect, since services begin at the departures"),
        (",departures,hours", ",08:00,10:00-12:00", "the stage never opens: no departure overlaps its hours"),
        (",servers,days", ",sat=2,mon-fri", "the stage never opens: no shift with servers overlaps its hours"),
        (",hours,days", ",sat 08:00-12:00;mon 08:00-12:00,mon-fri", "column hours: the column days closes sat"),
        (",hours", ",mon-fri", "'mon-fri' has no hours; write mon-fri 00:00-24:00 for whole days"),
    ],
)
def test_timetables_that_are_refused(columns: str, cells: str, message: str, tmp_path: Path):
    problems = refused(border(tmp_path, cells, columns))
    assert any(message in problem for problem in problems), problems


def test_a_timetable_that_begins_within_the_period_is_refused(tmp_path: Path):
    rule = "rule_id,crossing_id,open_from\nescort,GATE,2024-03-06\n"
    effect = "rule_id,table,row,column,operation,value\nescort,stage,GATE/road/post,departures,set,12:00\n"
    path = border(tmp_path, rule=rule, rule_effect=effect)
    with pytest.raises(InputError, match="a timetable on some days of the period only"):
        built(path)
    assert built(path, start=date(2024, 3, 6)).stages.departures is not None


# --------------------------------------------------------------------------------------------------- known arrivals


def arriving(folder: Path, ab: str, columns: str, **replaced: str) -> Path:
    return border(folder, arrival=ARRIVAL.format(columns=columns, ab=ab, ba="," * ab.count(",")), **replaced)


def test_trains_arrive_on_time_and_whole(tmp_path: Path):
    """48 a day: a train of 32 at eight and one of 16 at twenty hours."""
    vehicles = draw_vehicles(built(arriving(tmp_path, ",08:00=2;20:00", ",timetable"), days=2), seed=1, replication=0)
    mine = vehicles.arrival_h[vehicles.direction == 0]
    assert dict(zip(*np.unique(mine, return_counts=True), strict=True)) == {8.0: 32, 20.0: 16, 32.0: 32, 44.0: 16}


def test_scheduled_arrivals_keep_the_mean_of_the_year(tmp_path: Path):
    path = arriving(tmp_path, ",mon-sat 08:00=2;20:00,1;1;1;1;2;3;3;3;2;1;1;1", ",timetable,month_profile")
    rate = built(path, start=date(2023, 1, 1), days=365).demand.rate_per_h[0, 0]
    assert rate.sum() == pytest.approx(48 * 365, rel=1e-9)
    assert len(draw_vehicles(built(path, start=date(2023, 1, 1), days=365), seed=1, replication=0).arrival_h) > 0


def counts(hours: list[str], vehicles: list[float], direction: str = "ab") -> str:
    rows = [f"GATE,road,{direction},loaded,{hour},{number}" for hour, number in zip(hours, vehicles, strict=True)]
    return "\n".join(["crossing_id,family,direction,vehicle_class,begins,vehicles", *rows]) + "\n"


def hours_from(first: datetime, number: int) -> list[str]:
    return [(first + timedelta(hours=step)).isoformat(timespec="minutes") for step in range(number)]


def test_counted_vehicles_come_in_their_hours(tmp_path: Path):
    """Two days of counts on the second and third day of a week; before and after them arrivals are random."""
    number = [hour % 7 for hour in range(48)]
    begin = datetime(2024, 3, 4, 18, tzinfo=UTC)  # Tuesday, 5 March, 00:00 in Bishkek
    path = border(tmp_path, arrival_count=counts(hours_from(begin, 48), number))
    pipeline = built(path)
    for replication in range(3):
        vehicles = draw_vehicles(pipeline, seed=5, replication=replication)
        mine = vehicles.arrival_h[vehicles.direction == 0]
        by_hour = np.bincount(mine.astype(int), minlength=168)
        assert by_hour[24:72].tolist() == number
        assert by_hour[:24].sum() > 20
        assert by_hour[72:].sum() > 120
        assert (np.diff(vehicles.arrival_h) >= 0).all()
    within = mine[(mine >= 24) & (mine < 72)] % 1.0
    assert 0.35 < within.mean() < 0.65
    np.testing.assert_array_equal(pipeline.demand.rate_per_h[0, 0, 24:72], number)


def test_a_load_scales_counts_without_losing_vehicles(tmp_path: Path):
    begin = datetime(2024, 3, 3, 18, tzinfo=UTC)
    path = border(tmp_path, arrival_count=counts(hours_from(begin, 168), [3] * 168))
    for load in (0.5, 1.0, 1.3):
        vehicles = draw_vehicles(built(path, load=load), seed=5, replication=0)
        assert (vehicles.direction == 0).sum() == int(168 * 3 * load + 1e-3)


def test_counts_in_local_time_and_with_an_offset_are_the_same(tmp_path: Path):
    local = counts(["2024-03-05T08:00", "2024-03-05T09:00"], [4, 5])
    offset = counts(["2024-03-05T10:00+08:00", "2024-03-05T03:00Z"], [4, 5])
    for name, text in (("local", local), ("offset", offset)):
        rate = built(border(tmp_path / name, arrival_count=text)).demand.rate_per_h[0, 0]
        assert rate[32:34].tolist() == [4.0, 5.0]


GAP = counts(["2024-03-05T08:00", "2024-03-05T12:00"], [4, 8])


def test_gaps_are_refused_with_their_number(tmp_path: Path):
    problems = refused(border(tmp_path, arrival_count=GAP))
    assert len(problems) == 1
    assert "3 hours without a count within the series, in 1 gaps, the first from 2024-03-05T09:00+06:00" in problems[0]


@pytest.mark.parametrize(("rule", "expected"), [("interpolate", [4, 5, 6, 7, 8]), ("profile", [4, 2, 2, 2, 8])])
def test_gaps_are_filled_as_stated(rule: str, expected: list[int], tmp_path: Path):
    pipeline = built(arriving(tmp_path, f",{rule}", ",count_gaps", arrival_count=GAP))
    np.testing.assert_allclose(pipeline.demand.rate_per_h[0, 0, 32:37], expected)
    assert pipeline.demand.known is not None
    assert pipeline.demand.known.at_random[0, 0, 33:36].all() == (rule == "profile")


BERLIN = CROSSING.replace("Asia/Bishkek", "Europe/Berlin")


@pytest.mark.parametrize(
    ("hour", "message"),
    [
        ("2024-03-05", "'2024-03-05' is not a date with a time"),
        ("2024-03-05T08:30", "2024-03-05T08:30 is 08:30:00 at the crossing, not a full hour"),
        ("2024-03-31T02:00", "does not exist at the crossing: its clocks were put forward"),
        ("2024-10-27T02:00", "write 2024-10-27T02:00+02:00 or 2024-10-27T02:00+01:00"),
        ("2024-02-30T02:00", "'2024-02-30T02:00' is not a valid date, time or offset"),
    ],
)
def test_hours_that_are_refused(hour: str, message: str, tmp_path: Path):
    problems = refused(border(tmp_path, crossing=BERLIN, arrival_count=counts([hour], [3])))
    assert any(message in problem for problem in problems), problems


def test_an_hour_that_comes_twice_can_be_counted_twice(tmp_path: Path):
    """The day has 25 hours when clocks are put back; both counts of two o'clock are hours of their own."""
    hours = ["2024-10-27T02:00+02:00", "2024-10-27T02:00+01:00"]
    path = border(tmp_path, crossing=BERLIN, arrival_count=counts(hours, [3, 5]))
    rate = built(path, start=date(2024, 10, 27), days=2).demand.rate_per_h[0, 0]
    assert rate[2:4].tolist() == [3.0, 5.0]


def test_counts_that_are_refused(tmp_path: Path):
    twice = counts(["2024-03-05T08:00", "2024-03-05T10:00+08:00"], [4, 5])
    assert "the same hour as 2024-03-05T08:00" in refused(border(tmp_path / "twice", arrival_count=twice))[0]
    stray = counts(["2024-03-05T08:00"], [4]).replace("loaded", "fresh")
    assert "no such arrivals" in refused(border(tmp_path / "stray", arrival_count=stray))[0]
    nowhere = CROSSING.replace("Asia/Bishkek", "")
    message = "has no offset from UTC, and the crossing no time zone"
    found = refused(border(tmp_path / "zone", crossing=nowhere, arrival_count=counts(["2024-03-05T08:00"], [4])))
    assert message in found[0]
    profile = arriving(tmp_path / "profile", ",08:00,1;1;1;1;1;0;0", ",timetable,weekday_profile")
    assert "column weekday_profile: no effect on arrivals by timetable" in refused(profile)[0]


def test_a_measure_changes_counts(tmp_path: Path):
    effect = STUDY_TABLES["effect"].rstrip() + "\neasy-gate,arrival_count,*,vehicles,multiply,0.5\n"
    begin = datetime(2024, 3, 3, 18, tzinfo=UTC)
    study = ll.open_study(border(tmp_path, effect=effect, arrival_count=counts(hours_from(begin, 24), [3] * 24)))
    less = build_pipeline(study.apply("easy-gate"), "GATE", start=date(2024, 3, 4), days=1)
    assert (draw_vehicles(less, seed=1, replication=0).direction == THERE).sum() == 36
    assert less.demand.rate_per_h[0].sum() == pytest.approx(36.0)


def test_the_hash_of_a_study_without_the_new_columns_is_the_same(tmp_path: Path):
    plain = ll.open_study(border(tmp_path / "plain"))
    stated = ll.open_study(border(tmp_path / "stated", ",,", ",order_ba,departures"))
    assert plain.hash == stated.hash
    assert ll.open_study(border(tmp_path / "plan", ",08:00", ",departures")).hash != plain.hash


def test_follow_vehicles_of_a_timetable_by_either_kernel(tmp_path: Path):
    """A stage with a timetable is no plain queue, so the recursion is not used."""
    pipeline = built(border(tmp_path, ",12:00=500", ",departures"))
    vehicles = draw_vehicles(pipeline, seed=2, replication=0)
    log = follow_vehicles(pipeline, vehicles, pipeline.stages.servers)
    began = log.began[0]
    assert set(np.unique(began[~np.isnan(began)] % 24.0)) == {12.0}
    followed(pipeline, vehicles)
