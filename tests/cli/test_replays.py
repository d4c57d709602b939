"""``landlink replay``: its list of events, and what it says beside figures."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from landlink.cli import main
from landlink.cli.reader_language import ReaderLanguage
from landlink.cli.replays import _say_observed, _say_replay
from landlink.report.words import Words
from landlink.resilience.base import ShockBase
from landlink.resilience.event_listing import listed_events
from landlink.resilience.replay import Replay, replay_of
from landlink.study import Study
from tests.support.hazard_study import hazard_study

Capture = pytest.CaptureFixture[str]
ENGLISH = ReaderLanguage(Words())
#: In no order of names or dates; the second phase of the last begins before the first ends.
EVENTS = """event_id,phase,name,name_ru,cause,places,begins,ends,capacity_factor
shut,1,Gate shut,,epidemic,crossing:BC,2020-02-01,2020-02-11,0
early,1,Early,Ранее,avalanche,crossing:AB,2018-05-01,2018-05-02,0
both,2,,,conflict,crossing:AB,2019-03-05,2019-03-20,0.5
both,1,Both gates,,conflict,crossing:BC,2019-03-01,2019-03-10,0.5
"""
OBSERVED = """event_id,indicator,begins,ends,value,unit,bound
shut,crossing.trucks_per_day[BC],2019,2020,40,trucks/day,
shut,"crossing.trucks_per_day[BC,ab]",2020-02-01,2020-02-11,4,trucks/day,
shut,crossing.trucks_per_day[AB],2020-02-01,2020-02-11,1000,trucks/day,lower
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return hazard_study(tmp_path_factory.mktemp("events") / "study", event=EVENTS, event_observed=OBSERVED)


@pytest.fixture(scope="module")
def base(study: Study) -> ShockBase:
    return ShockBase.of(study.at(study.settings.base_year))


@pytest.fixture(scope="module")
def shut(base: ShockBase) -> Replay:
    return replay_of(base, "shut")


def test_events_are_listed_by_date(study: Study, capsys: Capture) -> None:
    listed = listed_events(study, "ru")
    assert [(one.id, one.begins, one.last, one.phases, one.observed) for one in listed] == [
        ("early", date(2018, 5, 1), date(2018, 5, 1), 1, 0),
        ("both", date(2019, 3, 1), date(2019, 3, 19), 2, 0),
        ("shut", date(2020, 2, 1), date(2020, 2, 10), 1, 3),
    ]
    assert [one.name for one in listed] == ["Ранее", "Both gates", "Gate shut"]
    assert main(["replay", str(study.path)]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["event", "from", "last", "day", "cause", "observations"]
    assert [row.split()[0] for row in rows[:3]] == ["early", "both", "shut"]
    assert rows[2].split() == ["shut", "Gate", "shut", "2020-02-01", "2020-02-10", "epidemic", "3"]
    assert rows[-1].endswith(f"replay {study.path} shut")
    assert main(["replay", str(study.path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["events"][0]["begins"] == "2018-05-01"


def test_lists_take_no_options_of_replays(study: Study, capsys: Capture) -> None:
    assert main(["replay", str(study.path), "--rules", "-o", "x.csv"]) == 2
    assert "--output and --rules: of a replay, which names its EVENT" in capsys.readouterr().err


def test_a_study_without_events_says_so(tmp_path: Path, capsys: Capture) -> None:
    assert main(["replay", str(hazard_study(tmp_path / "bare").path)]) == 0
    assert "The study has no events: see" in capsys.readouterr().out


def test_an_unknown_event_is_told_with_all_in_order(study: Study, capsys: Capture) -> None:
    assert main(["replay", str(study.path), "nothing"]) == 2
    assert "allowed: both, early, shut" in capsys.readouterr().err


def test_rows_without_a_count_before_the_event_are_explained(shut: Replay, capsys: Capture) -> None:
    _say_observed(ENGLISH, shut)
    head, *rows = capsys.readouterr().out.splitlines()[1:]
    assert head.split()[-4:] == ["off", "in", "shares", "by"]
    (reference,) = (row for row in rows if row.endswith("reference"))
    assert "2019-01-01" in reference
    (broken,) = (row for row in rows if ">= 1,000" in row)
    assert "bound broken: 0" in broken
    assert any(row.startswith("No other row has a count of the same indicator before the event") for row in rows)


def test_levels_are_compared_where_no_row_has_a_count_before(shut: Replay, capsys: Capture) -> None:
    _say_observed(ENGLISH, replace(shut, observed=tuple(one for one in shut.observed if not one.reference)))
    printed = capsys.readouterr().out
    assert "levels are compared, not shares of what was before." in printed
    assert "off in shares by" not in printed


def test_an_event_of_which_nothing_was_counted_says_so(base: ShockBase, capsys: Capture) -> None:
    _say_replay(ENGLISH, replay_of(base, "early"), base.scenario.study.settings.money)
    printed = capsys.readouterr().out
    assert "Nothing was counted of this event." in printed
    assert "More than 100 %" not in printed, "without a limit nothing waits for capacity"


def test_short_parts_of_a_course_are_not_shown(tmp_path: Path, capsys: Capture) -> None:
    # The gate lets nearly all pass, so that what waits has cleared within hours.
    event = EVENTS.splitlines()[0] + "\nslow,1,Slow,,epidemic,crossing:BC,2020-02-01,2020-02-02,{factor}\n"
    gate = "crossing_id,family,name,node_id,country_a,country_b,time_ab_h,time_ba_h,"
    gate += "capacity_vehicles_per_day,delay_h,curve,curve_a,curve_b\n"
    gates = gate + "AB,road,First gate,,AAA,BBB,6,5,,,,,\nBC,road,Second gate,,BBB,CCC,6,5,{capacity},2,bpr,1,4\n"
    found = {}
    for name, factor, capacity in (("hours", "0.05", "150"), ("days", "0", "20")):
        tables = {"event": event.format(factor=factor), "crossing": gates.format(capacity=capacity)}
        made = hazard_study(tmp_path / name, **tables)
        replay = replay_of(ShockBase.of(made.at(made.settings.base_year)), "slow")
        _say_replay(ENGLISH, replay, made.settings.money)
        found[name] = replay, capsys.readouterr().out
    for replay, printed in found.values():
        after = [part for part in replay.course.parts if part.begins >= replay.course.ends]
        assert replay.course.clears
        assert len(after) == 2
        rows = [line.split()[:2] for line in printed.partition("\n\n")[2].splitlines() if line.startswith("2020-02")]
        assert all(days != "0" for _, days in rows)
        assert "More than 100 %: what has waited goes on too." in printed
    hours, days = (replay.course.clearing_days for replay, _ in found.values())
    assert hours < 0.5 < days
