"""``landlink hazards``: rates with their intervals, and what is known of each hazard."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from landlink.cli import main
from tests.support.resilience_cases import hazard
from tests.support.small_study import TABLES, write_small_study

Capture = pytest.CaptureFixture[str]

HEADER = (
    "hazard_id,name,name_ru,cause,places,events_observed,years_observed,season,duration_days,duration_spread,"
    "recovery_days,recovery,recovery_factor,group,group_share,source,note\n"
)
ROWS = (
    "plague,Plague,Чума,epidemic,country:AAA,1,69,,100,0.7,1000,step,0.04,sick,0.5,paper,Once.",
    "slide,Slide,,landslide,link:B1,2,16,04-01/07-31,2,0.7,,,,,,,",
)


@pytest.fixture
def study(tmp_path: Path) -> str:
    source = {"source": "source_id,title\npaper,The Paper of 2020\n"}
    return str(write_small_study(tmp_path / "study", **hazard(*ROWS, header=HEADER), **source))


def test_the_list_has_rates_intervals_and_places(study: str, capsys: Capture) -> None:
    assert main(["hazards", study]) == 0
    printed = capsys.readouterr().out
    # Half of (1 + 1/2) / 69 a year.
    assert "0.011" in printed
    assert "0.0021–0.023" in printed
    assert "1 in 69 years" in printed
    assert "GATE/rail, GATE/road" in printed
    assert "slide cannot strike: none of its places is in service in 2023" in printed
    assert "1 hazard in 2023" in printed


def test_what_a_scenario_builds_can_be_struck(study: str, capsys: Capture) -> None:
    assert main(["hazards", study, "--scenario", "bypass-2030"]) == 0
    printed = capsys.readouterr().out
    assert "04-01/07-31" in printed
    assert "2 hazards in 2030" in printed


def test_one_hazard_is_told_in_full_in_a_language(study: str, capsys: Capture) -> None:
    assert main(["hazards", study, "--about", "чума", "--names", "ru"]) == 0
    printed = capsys.readouterr().out
    assert "plague: Чума" in printed
    assert "closed; then 4 % of the capacity for 1,000 days" in printed
    assert "struck by 50 % of the events of the group sick" in printed
    assert "sources: The Paper of 2020" in printed


def test_programs_read_json(study: str, capsys: Capture) -> None:
    assert main(["hazards", study, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    (one,) = found["hazards"]
    assert one["events_per_year"] == pytest.approx(1.5 / 69 / 2)
    assert one["events_observed"] == 1
    assert one["places"] == {"crossing:GATE/rail": "Gate", "crossing:GATE/road": "Gate"}
    assert list(found["idle"]) == ["slide"]


def test_a_word_that_names_no_hazard_is_refused(study: str, capsys: Capture) -> None:
    assert main(["hazards", study, "--about", "comet"]) == 2
    assert "no hazard names it" in capsys.readouterr().err


def test_a_study_without_hazards_says_so(tmp_path: Path, capsys: Capture) -> None:
    assert main(["hazards", str(write_small_study(tmp_path / "study", **TABLES))]) == 0
    assert "The study has no hazards" in capsys.readouterr().out


def test_check_counts_them(study: str, capsys: Capture) -> None:
    assert main(["check", study]) == 0
    assert "2 hazards" in capsys.readouterr().out
