"""Intervals of replays, ways round and shares over one crossing: against closed forms and members solved one by one."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.cli import main, printing
from landlink.core.errors import InputError, UnknownNameError
from landlink.ensemble.ensemble import ensemble_of
from landlink.ensemble.posterior import posterior_of
from landlink.ensemble.quantiles import quantiles
from landlink.ensemble.scenario_work import elasticity_draw
from landlink.report.maps import Atlas
from landlink.report.security import section
from landlink.report.view import views_of
from landlink.report.words import Words
from landlink.resilience.files import read_file, save_folder
from landlink.resilience.member_ends import MemberFigures
from landlink.resilience.replay import Replay
from landlink.results.result import Result
from landlink.statement.score import score_results
from landlink.study import Study
from tests.support.hazard_study import hazard_study, hazards
from tests.support.statement_fixture import Target, register, trucks
from tests.support.two_roads import two_roads

Capture = pytest.CaptureFixture[str]
#: Factors of members on the capacity of the gate that is shut; at the least, what waited never clears.
FACTORS = (1.0, 1.5, 2.0, 3.0, 4.0)
CAPACITY = 30.0
DAYS = 10
TABLES = {
    "event": "event_id,phase,name,cause,places,begins,ends,capacity_factor\n"
    "shut,1,Gate shut,epidemic,crossing:BC,2020-02-01,2020-02-11,0\n",
    "event_observed": "event_id,indicator,begins,ends,what,value,unit\n"
    "shut,crossing.trucks_per_day[BC],2020-02-06,2020-02-16,Trucks,12,trucks/day\n",
    "crossing": "crossing_id,family,name,node_id,country_a,country_b,time_ab_h,time_ba_h,capacity_vehicles_per_day,"
    "delay_h,curve,curve_a,curve_b\n"
    "AB,road,First gate,,AAA,BBB,6,5,,,,,\n"
    f"BC,road,Second gate,,BBB,CCC,6,5,{CAPACITY:g},2,bpr,1,4\n",
    "hazard": hazards("slide,Slide,landslide,crossing:AB,2,3,0"),
    "parameter": "parameter_id,table,row,where,column,operation,prior_mean,prior_sd,low,high\n"
    "lanes,crossing,BC/road,,capacity_vehicles_per_day,multiply,,0.5,,\n",
}


def posterior(name: str, values: tuple[float, ...]) -> str:
    rows = "".join(f"{member},{name},{value}\n" for member, value in enumerate(values, 1))
    return "member,parameter_id,value\n" + rows


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("members") / "study"
    return hazard_study(folder, **TABLES, posterior=posterior("lanes", FACTORS))


@pytest.fixture(scope="module")
def replayed(study: Study) -> Replay:
    return ll.replay(study, "shut", members=len(FACTORS), workers=1)


@pytest.fixture(scope="module")
def result(study: Study) -> Result:
    return ll.resilience(study, years=20, solved_years=0, members=10, posterior=len(FACTORS), workers=1)


def vehicles(replayed: Replay) -> float:
    """Vehicles that come a day, the same in all members."""
    return float(replayed.base.summary.group_load.sum())


def test_what_waited_clears_at_the_capacity_of_each_member(replayed: Replay) -> None:
    """Ten days of traffic go on at what each member's gate has left."""
    coming = vehicles(replayed)
    days = np.array([[DAYS * coming / (CAPACITY * factor - coming)] for factor in FACTORS])
    low, high = quantiles(days, (0.1, 0.9)).ravel().tolist()
    assert replayed.course.clearing_days == pytest.approx(days[0, 0])
    assert replayed.interval("clearing") == pytest.approx((low, high))
    # While nothing passes, no capacity matters.
    assert replayed.interval("triangle") == pytest.approx((DAYS, DAYS))
    assert replayed.interval("recovery") == (DAYS, DAYS)
    with pytest.raises(UnknownNameError, match="did you mean 'clearing'"):
        replayed.interval("clearings")


def test_what_an_event_costs_is_as_sure_as_what_waiting_costs(replayed: Replay) -> None:
    low, high = replayed.interval("added_cost")
    cost = float(replayed.added_cost.sum())
    assert low <= cost * (1 + 1e-9)
    # Members with more lanes have cheaper usual days, from which the same wait costs a little more.
    assert cost * 0.999 < low <= high < cost * 1.05
    table = replayed.table
    shares = table[(table["record"] == "country") & (table["quantity"] == "added_cost")]
    assert shares["p10"].sum() == pytest.approx(low, rel=1e-6)


def test_observations_stand_beside_an_interval(replayed: Replay) -> None:
    """Five days shut, then five at the capacity of the member until what waited has gone on."""
    row = replayed.table[replayed.table["record"] == "observed"].iloc[0]
    coming, usual = vehicles(replayed), replayed.observed[0].model_before
    means = []
    for factor in FACTORS:
        clearing = DAYS * coming / (CAPACITY * factor - coming)
        fast = min(clearing, 5.0)
        means.append([usual / coming * (fast * CAPACITY * factor + (5 - fast) * coming) / 10])
    low, high = quantiles(np.array(means), (0.1, 0.9)).ravel().tolist()
    assert (row["p10"], row["p90"]) == pytest.approx((low, high))


def test_the_course_has_no_interval_and_says_so(replayed: Replay) -> None:
    table = replayed.table.set_index("record")
    assert table.loc["course", "p10"].isna().all()
    assert (table.loc["course", "members"] == 0).all()
    assert (table.loc["total", "members"] == len(FACTORS)).all()


def test_trade_that_responds_has_the_elasticities_of_each_member(study: Study) -> None:
    """Members differ in elasticities much more than in what their gates make of costs."""
    found = ll.replay(study, "shut", trade="elastic", members=len(FACTORS), workers=1)
    lost = []
    for member in posterior_of(study).members:
        drawn = ll.SolverOptions(elasticity_draw=elasticity_draw(member.item))
        one = ll.replay(study.with_parameters(member.item), "shut", trade="elastic", options=drawn)
        lost.append([float(one.lost_exports.sum())])
    expected = quantiles(np.array(lost), (0.1, 0.9)).ravel().tolist()
    assert found.interval("lost_trade") == pytest.approx(tuple(expected), rel=1e-3)
    assert expected[1] > 1.2 * expected[0]


def test_a_gate_that_never_clears_in_some_members_has_no_upper_end(tmp_path: Path) -> None:
    tight = hazard_study(tmp_path / "tight", **TABLES, posterior=posterior("lanes", (0.3, 0.4, 2, 2, 2)))
    found = ll.replay(tight, "shut", members=5, workers=1)
    total = found.table[found.table["quantity"] == "clearing"].iloc[0]
    assert math.isfinite(total["model"])
    assert (math.isfinite(total["p10"]), math.isnan(total["p90"])) == (True, True)
    assert total["members"] == 5


def test_who_asks_how_long_it_takes_hears_of_members_that_never_clear(tmp_path: Path, capsys: Capture) -> None:
    factors = (0.3, 0.4, 2, 2, 2)
    hazard = hazards("slide,Slide,landslide,crossing:BC,1,1,0")
    tight = hazard_study(tmp_path / "tight", **TABLES | {"posterior": posterior("lanes", factors), "hazard": hazard})
    found = ll.resilience(tight, years=10, solved_years=0, members=5, posterior=5, workers=1)
    again = ll.open_result(found.save(tmp_path / "result"))
    for result in (found, again):
        answer = ll.ask(result, "resilience.clearing_days[shut] > 300 day")
        assert (answer.probability, answer.members, answer.undefined) == (0.4, 5, 0)
        assert math.isfinite(answer.p10)
        assert answer.p90 == math.inf
    ensemble = ensemble_of(found)
    assert ensemble is not None
    sooner = replace(ensemble, values=np.where(np.isnan(ensemble.values), 1.0, ensemble.values))
    _, change = ensemble.differences(sooner, "resilience.clearing_days[shut]")
    assert change.tolist() == [math.inf, math.inf, 0.0, 0.0, 0.0]
    _, none = ensemble.differences(ensemble, "resilience.clearing_days[shut]")
    assert none.tolist() == [0.0] * 5
    assert main(["ask", str(tmp_path / "result"), "resilience.clearing_days[shut]"]) == 0
    assert "to never day" in capsys.readouterr().out


#: Factors of members on the cost of a kilometre of two roads.
PER_KM = (0.8, 0.9, 1.0, 1.2, 1.5)


@pytest.fixture(scope="module")
def roads(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Two roads to a gate: the other one is the way round the one that is used."""
    head = TABLES["parameter"].partition("\n")[0]
    parameter = f"{head}\nkm,vehicle,road,,cost_usd_per_vehicle_km,multiply,,0.2,,\n"
    hazard = hazards("slide,Slide,landslide,link:R1,1,1,0")
    folder = tmp_path_factory.mktemp("roads") / "study"
    study = two_roads(folder, limit="", parameter=parameter, posterior=posterior("km", PER_KM), hazard=hazard)
    return ll.resilience(study, years=10, solved_years=0, members=5, posterior=5, workers=1)


def test_the_way_round_is_dearer_as_kilometres_are(roads: Result) -> None:
    """The detour is 50 km of a truck of 20 t more, and 0.1 USD/t for an hour; a member multiplies the kilometres."""
    row = roads.tables["redundancy"].iloc[0]
    hours, km, whole_km = 0.1 * (150 / 80 - 100 / 60), 50 / 20, 200 / 20
    other = row["cost_usd_per_t"] - whole_km
    ratios = np.array([[1 + (km * k + hours) / (other + whole_km * k)] for k in PER_KM])
    expected = quantiles(ratios, (0.1, 0.9)).ravel().tolist()
    assert row["ratio"] == pytest.approx(ratios[2, 0])
    assert [row["ratio_p10"], row["ratio_p90"]] == pytest.approx(expected)
    assert row[["crossing_ratio_p10", "crossing_ratio_p90"]].isna().all()
    assert row["members"] == 5
    ensemble = ensemble_of(roads)
    assert ensemble is not None
    assert ensemble.interval("od.redundancy[Z1,Z2]")[::2] == pytest.approx(tuple(expected))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_report_has_the_ways_round_with_their_range(language: str, roads: Result) -> None:
    views = views_of([roads], Words(language))
    found = section(views, Atlas(views), None)
    assert found is not None
    words, ensemble = Words(language), ensemble_of(roads)
    assert ensemble is not None
    low, _, high = ensemble.interval("resilience.redundancy[AAA]")
    value = roads.indicator("resilience.redundancy[AAA]")
    shown = words("uncertainty.range", value=words.percent(value - 1, signed=True),
                  low=words.percent(low - 1, signed=True), high=words.percent(high - 1, signed=True))  # fmt: skip
    assert shown in found.body
    assert words("security.members", members=words.count(5)) in found.body


def test_members_of_a_result_are_those_solved_one_by_one(study: Study, result: Result, replayed: Replay) -> None:
    ensemble = ensemble_of(result)
    assert ensemble is not None
    of_members = [
        ll.replay(study.with_parameters(member.item), "shut").course.clearing_days
        for member in posterior_of(study).members
    ]
    # Ten members of losses go through the five of the posterior twice.
    assert ensemble.values_of("resilience.clearing_days[shut]") == pytest.approx(of_members * 2, rel=1e-6)
    share = ensemble.interval("country.imports_crossing_exposure[CCC]")
    assert share == pytest.approx((1, 1, 1))
    row = result.tables["replay"].query("record == 'total' and quantity == 'clearing'").iloc[0]
    assert (row["p10"], row["p90"]) == pytest.approx(ensemble.interval("resilience.clearing_days[shut]")[::2])
    asked = ll.ask(result, "resilience.clearing_days[shut] > 5 day")
    assert asked.probability == pytest.approx(np.mean(np.array(of_members) > 5))


def test_a_member_that_failed_is_not_taken_for_another() -> None:
    found = MemberFigures((), (), ("one",), (0, 2), np.array([[1.0], [3.0]]))
    again = found.in_order([0, 1, 2, 0])
    assert again.indicators[:, 0].tolist()[::2] == [1, 3]
    assert np.isnan(again.indicators[1, 0])
    assert again.count == 2


def test_the_same_bytes_with_two_workers_and_from_a_folder(study: Study, replayed: Replay, tmp_path: Path) -> None:
    for workers in (2, 1):  # the second time from what was kept
        again = ll.replay(study, "shut", members=len(FACTORS), workers=workers, folder=tmp_path / "kept")
        pd.testing.assert_frame_equal(again.table, replayed.table, check_exact=True)
    with pytest.raises(InputError, match="holds"):
        ll.replay(study, "shut", members=len(FACTORS), trade="elastic", workers=1, folder=tmp_path / "kept")


def test_members_that_are_not_there_are_refused(study: Study, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has 5 members"):
        ll.replay(study, "shut", members=6)
    with pytest.raises(InputError, match="no posterior ensemble"):
        ll.replay(
            hazard_study(tmp_path / "none", **{**TABLES, "parameter": TABLES["parameter"].partition("\n")[0] + "\n"}),
            "shut",
            members=2,
        )


def test_the_commands_print_intervals(study: Study, replayed: Replay, tmp_path: Path, capsys: Capture) -> None:
    words = ["replay", str(study.path), "shut", "--members", "5", "--workers", "1"]
    assert main([*words, "-o", str(tmp_path / "replay.csv")]) == 0
    told = capsys.readouterr().out
    assert "P10 to P90" in told
    assert "calibration" in told
    _, frame = read_file(tmp_path / "replay.csv")
    assert frame["p90"].notna().sum() == replayed.table["p90"].notna().sum()
    assert main([*words[:3], "--folder", "kept"]) == 2
    assert "--members N" in capsys.readouterr().err
    assert main([*words, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert any(row["p10"] is not None for row in rows)
    of_years = ["resilience", str(study.path), "--years", "10", "--solved-years", "0", "--members", "5"]
    assert main([*of_years, "--posterior", "5", "--workers", "1"]) == 0
    told = capsys.readouterr().out
    assert "over one crossing" in told
    assert "10 (10 to 10)" not in told
    low, high = replayed.interval("clearing")
    line = next(line for line in told.splitlines() if line.startswith("Gate shut"))
    assert f"({printing.rough(low)} to {printing.rough(high)})" in line


def test_the_scoreboard_shows_the_interval(result: Result, tmp_path: Path) -> None:
    clause = trucks(Target("at_most", 5, "day"), "resilience.clearing_days[shut]")
    board = score_results(register(clause), [result])
    (item,) = board.lines[0].of("scenario")
    ensemble = ensemble_of(result)
    assert ensemble is not None
    assert (item.low, item.high) == pytest.approx(ensemble.interval("resilience.clearing_days[shut]")[::2])
    board.save(tmp_path / "board.csv")
    row = pd.read_csv(tmp_path / "board.csv").iloc[0]
    assert (row["p10"], row["p90"]) == pytest.approx((item.low, item.high))


def test_a_folder_of_results_keeps_the_intervals(result: Result, tmp_path: Path) -> None:
    saved = save_folder(result, tmp_path / "out")
    _, frame = read_file(saved / "redundancy.csv")
    assert set(frame["members"]) == {len(FACTORS)}


def test_events_have_intervals_where_no_hazard_may_strike(replayed: Replay, tmp_path: Path) -> None:
    tables = {**TABLES, "hazard": TABLES["hazard"].strip().partition("\n")[0] + "\n"}
    quiet = hazard_study(tmp_path / "quiet", **tables, posterior=posterior("lanes", FACTORS))
    found = ll.resilience(quiet, years=10, solved_years=0, members=5, posterior=len(FACTORS), workers=1)
    row = found.tables["replay"].query("record == 'total' and quantity == 'clearing'").iloc[0]
    assert (row["p10"], row["p90"]) == pytest.approx(replayed.interval("clearing"))
    assert found.tables["loss"]["expected_usd_per_year"].sum() == 0
