"""Events phase by phase: what is disturbed from day to day, and for how long places are closed in all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import landlink as ll
from landlink.core.errors import UnknownNameError
from landlink.resilience.event_phases import event_of, whole_days
from tests.support.small_study import TABLES, write_small_study

EVENT = """
event_id,phase,name,name_ru,cause,places,begins,ends,capacity_factor,extra_h
shut,1,The gate in 2020,Ворота,epidemic,crossing:GATE,2020-01-24,2020-04-14,0,0
shut,2,,,epidemic,crossing:GATE/road,2020-04-14,2020-06-01,0,0
shut,3,,,epidemic,crossing:GATE/rail;link:B1,2020-05-01,2020-07-01,0.5,3
shut,4,,,epidemic,crossing:GATE/road,2020-09-01,2020-10-01,0.25,0
"""


def test_phases_are_cut_where_anything_changes(tmp_path: Path) -> None:
    study = ll.open_study(write_small_study(tmp_path / "study", event=EVENT))
    event = event_of(study.at(2023), "shut")
    assert event.names == {"name": "The gate in 2020", "name_ru": "Ворота"}
    found = [(piece.begins, piece.days, piece.shock.key, piece.phases) for piece in event.pieces]
    # The railway stays slowed for the two months of its phase, of which the cut is a part.
    slowed = "crossing:GATE/rail capacity=0.5 slowed=61 hours=3"
    assert found == [
        (date(2020, 1, 24), 81, "crossing:GATE/rail closed=81; crossing:GATE/road closed=129", (1,)),
        (date(2020, 4, 14), 17, "crossing:GATE/road closed=129", (2,)),
        (date(2020, 5, 1), 31, f"{slowed}; crossing:GATE/road closed=129", (2, 3)),
        (date(2020, 6, 1), 30, slowed, (3,)),
        (date(2020, 9, 1), 30, "crossing:GATE/road capacity=0.25 slowed=30", (4,)),
    ]
    assert [(place.table, place.key) for place in event.idle] == [("link", "B1")]


def test_places_that_a_measure_opens_are_disturbed(tmp_path: Path) -> None:
    study = ll.open_study(write_small_study(tmp_path / "study", event=EVENT))
    event = event_of(study.apply("bypass").at(2030), "shut")
    assert event.idle == ()
    assert "link:B1 capacity=0.5 slowed=61 hours=3" in event.pieces[3].shock.key


def test_a_slowdown_lasts_while_capacity_is_lower(tmp_path: Path) -> None:
    """Two phases that touch are one slowdown; hours that are added afterwards do not make it longer."""
    rows = (
        "queues,1,,,works,crossing:GATE/road,2020-05-01,2020-06-01,0.5,0\n"
        "queues,2,,,works,crossing:GATE/road,2020-06-01,2020-07-01,0.8,0\n"
        "queues,3,,,works,crossing:GATE/road,2020-07-01,2020-12-01,1,2\n"
    )
    study = ll.open_study(write_small_study(tmp_path / "study", event=EVENT.strip().splitlines()[0] + "\n" + rows))
    assert [piece.shock.key for piece in event_of(study.at(2023), "queues").pieces] == [
        "crossing:GATE/road capacity=0.5 slowed=61",
        "crossing:GATE/road capacity=0.80000000000000004 slowed=61",
        "crossing:GATE/road hours=2",
    ]


@pytest.mark.parametrize(
    ("day", "days"), [(date(2020, 1, 1), 60), (date(2020, 2, 20), 60), (date(2020, 3, 1), 0), (date(2020, 4, 2), 9)]
)
def test_times_that_touch_or_overlap_are_one(day: date, days: float) -> None:
    times = [
        (date(2020, 4, 1), date(2020, 4, 10)), (date(2020, 1, 1), date(2020, 3, 1)),
        (date(2020, 1, 10), date(2020, 1, 20)), (date(2020, 3, 1), date(2020, 3, 1)),
    ]  # fmt: skip
    assert whole_days(day, times) == days


def test_an_unknown_event_is_told_with_those_near_to_it(tmp_path: Path) -> None:
    study = ll.open_study(write_small_study(tmp_path / "study", event=EVENT))
    with pytest.raises(UnknownNameError, match="did you mean 'shut'"):
        event_of(study.at(2023), "shot")
    with pytest.raises(UnknownNameError, match="no such event"):
        event_of(ll.open_study(write_small_study(tmp_path / "none", **TABLES)).at(2023), "shut")
