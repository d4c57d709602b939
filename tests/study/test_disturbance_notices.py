"""Hazards and events that are allowed and may be unintended: places that are not there, and places named twice."""

from __future__ import annotations

from pathlib import Path

import pytest

import landlink as ll
from landlink.cli import main
from landlink.study.disturbance_notices import disturbance_notices
from landlink.study.notices import notices
from tests.support.small_study import TABLES, write_small_study

HAZARD = "hazard_id,name,cause,places,events_per_year,duration_days,capacity_factor\n"
EVENT = "event_id,phase,cause,places,begins,ends,capacity_factor\n"
TWICE, NEVER, LATE = "which count once", "in service in no scenario", "not in service while they last"
#: A road around the gate that nothing opens, and one that is in service from 2025 on.
LINK = TABLES["link"].replace("status\n", "status,open_from\n").replace("existing\n", "existing,\n").replace(
    "planned\n", "planned,\n"
) + "B2,N1,X,0,160,80,road,AAA,200,planned,\nB3,N1,X,0,170,80,road,AAA,200,existing,2025-06\n"  # fmt: skip


def told(folder: Path, *, hazard: str = "", event: str = "") -> dict[str, list[str]]:
    """What is said of hazards and events with some places, by a word of the notice."""
    rows = {"hazard": HAZARD + "".join(f"h,Snow,weather,{cell},1,3,0\n" for cell in [hazard] if cell)}
    rows["event"] = EVENT + event
    study = ll.open_study(write_small_study(folder, link=LINK, **rows))
    found = {
        word: list(names) for what, names in disturbance_notices(study) for word in (TWICE, NEVER, LATE) if word in what
    }
    for what, names in disturbance_notices(study):
        assert any(note.startswith(what) for note in notices(study)) is bool(names)
    return found


@pytest.mark.parametrize(
    ("places", "twice"),
    [
        ("crossing:GATE/road;link:R1", []),
        ("link:R1;crossing:GATE/road; link:R1", ["h (link:R1 repeated)"]),
        ("crossing:GATE;crossing:GATE/road", ["h (crossing:GATE/road by crossing:GATE and crossing:GATE/road)"]),
        ("border:AAA-BBB/rail;link:R1;crossing:GATE", [
            "h (crossing:GATE/rail by border:AAA-BBB/rail and crossing:GATE)"
        ]),
    ],
)  # fmt: skip
def test_places_that_one_row_names_twice(tmp_path: Path, places: str, twice: list[str]) -> None:
    assert told(tmp_path / "s", hazard=places)[TWICE] == twice


@pytest.mark.parametrize(
    ("second", "alike"),
    [
        # Other words for the same places, another name and another source.
        ("other,Ice,weather,border:AAA-BBB;link:R1,1,3,0,Read elsewhere", ["h and other"]),
        ("other,Snow,weather,link:R1;crossing:GATE,1,3,0,", ["h and other"]),
        ("other,Snow,weather,link:R1,1,3,0,", []),
        ("other,Snow,landslide,link:R1;crossing:GATE,1,3,0,", []),
        ("other,Snow,weather,link:R1;crossing:GATE,2,3,0,", []),
        ("other,Snow,weather,link:R1;crossing:GATE,1,4,0,", []),
    ],
)
def test_hazards_that_are_there_twice(tmp_path: Path, second: str, alike: list[str]) -> None:
    hazard = f"{HAZARD.strip()},note\nh,Snow,weather,link:R1;crossing:GATE,1,3,0,\n{second}\n"
    study = ll.open_study(write_small_study(tmp_path / "s", hazard=hazard))
    assert [names for what, names in disturbance_notices(study) if "count twice" in what] == [alike]


@pytest.mark.parametrize(
    ("places", "never"),
    [
        # The scenario of 2030 opens the bypass.
        ("link:R1;link:B1", []),
        ("link:R1;link:B2", ["h (link:B2)"]),
        # Some of the places that a word stands for are enough.
        ("link:*", []),
        # Closed in no scenario; one year of the study has it.
        ("link:B3", []),
    ],
)
def test_places_that_are_only_planned(tmp_path: Path, places: str, never: list[str]) -> None:
    assert told(tmp_path / "s", hazard=places)[NEVER] == never


@pytest.mark.parametrize(
    ("place", "begins", "ends", "never", "late"),
    [
        ("link:B3", "2025-05-01", "2025-07-01", False, False),
        ("link:B3", "2025-05-01", "2025-06-01", False, True),
        ("link:R1", "2019", "2020", False, False),
        # The measure that opens it is in force from 2030 on.
        ("link:B1", "2027-01-10", "2027-02-09", False, True),
        ("link:B1", "2029-10-10", "2030-02-09", False, False),
        ("link:B1", "2031-01-10", "2031-02-09", False, False),
        ("link:B2", "2031-01-10", "2031-02-09", True, False),
    ],
)
def test_events_before_their_places_open(
    tmp_path: Path, place: str, begins: str, ends: str, never: bool, late: bool
) -> None:
    found = told(tmp_path / "s", event=f"e,1,works,{place};crossing:GATE,{begins},{ends},0\n")
    assert found[NEVER] == ([f"e/1 ({place})"] if never else [])
    assert found[LATE] == ([f"e/1 ({place})"] if late else [])


def test_without_hazards_and_events_nothing_is_said(tmp_path: Path) -> None:
    assert list(disturbance_notices(ll.open_study(write_small_study(tmp_path / "s")))) == []


def test_the_check_says_it_and_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hazard = HAZARD + "snow,Snow,weather,link:B2;crossing:GATE;crossing:GATE/road,1,3,0\n"
    folder = write_small_study(tmp_path / "s", link=LINK, hazard=hazard)
    assert main(["check", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "snow (link:B2)" in out
    assert "snow (crossing:GATE/road by crossing:GATE and crossing:GATE/road)" in out
