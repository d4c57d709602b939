"""Hazards and events: every fault is told, and what is unusual but possible is accepted."""

from __future__ import annotations

from pathlib import Path

import pytest

import landlink as ll
from landlink.core.errors import InputError
from landlink.study.disturbed_places import PlaceNames
from tests.support.resilience_cases import CASES, EVENT, GROUP, hazard, observed
from tests.support.small_study import TABLES, write_small_study


@pytest.mark.parametrize("name", CASES)
def test_every_fault_is_told(name: str, tmp_path: Path) -> None:
    replaced, told = CASES[name]
    with pytest.raises(InputError) as error:
        ll.open_study(write_small_study(tmp_path / "study", **replaced))
    assert told in str(error.value)


def test_all_faults_of_a_table_are_told_at_once(tmp_path: Path) -> None:
    rows = ["a,avalanche,link:R9,200,1,,winter,0.5", "b,avalanche,link:R1,,1,02-29/02-29,winter,"]
    with pytest.raises(InputError) as error:
        ll.open_study(write_small_study(tmp_path / "study", **hazard(*rows, header=GROUP)))
    told = [(problem.row, problem.column) for problem in error.value.problems]
    wanted = {("a", "places"), ("a", "events_per_year"), ("b", "events_per_year"), ("b", "season")}
    assert set(told) == wanted
    assert len(told) == 6  # the group disagrees on season and rate too


def test_observations_of_events_name_indicators_and_units_of_the_study(tmp_path: Path) -> None:
    rows = {
        "crossing.trucks_per_day[GATE],2020,2021,10,trucks/day": "",
        "crossing.trucks_per_day[GATE] + crossing.trucks_per_day[GATE],2020,2021,10,": "",
        "crossing.trucks_per_day[GOAT],2020,2021,10,": "no such crossing: GOAT",
        "crossing.truck_per_day[GATE],2020,2021,10,": "did you mean 'crossing.trucks_per_day'",
        "crossing.trucks_per_day[GATE],2020,2021,10,USD": "which is not comparable",
    }
    for number, (row, told) in enumerate(rows.items()):
        folder = write_small_study(tmp_path / str(number), **observed(f"shut,{row}"))
        if not told:
            assert len(ll.open_study(folder).tables["event_observed"]) == 1
            continue
        with pytest.raises(InputError, match="event_observed, row shut/crossing") as error:
            ll.open_study(folder)
        assert told in str(error.value)


def test_everything_may_be_disturbed_at_once(tmp_path: Path) -> None:
    rows = hazard("end,conflict,link:*;crossing:*;country:AAA,0.01,30,0")
    study = ll.open_study(write_small_study(tmp_path / "study", **rows))
    (cell,) = study.tables["hazard"]["places"]
    found = [(row.table, row.key) for row in PlaceNames(study.tables).rows(cell)]
    crossings = [("crossing", "GATE/rail"), ("crossing", "GATE/road")]
    assert found == crossings + [("link", name) for name in ("B1", "R1", "R2", "T1", "T2")]


def test_phases_at_different_places_may_run_at_one_time(tmp_path: Path) -> None:
    event = (
        f"{EVENT}shut,1,epidemic,crossing:GATE/road,2020,2021,0,0\nshut,2,epidemic,crossing:GATE/rail,2020,2022,0.5,3\n"
    )
    study = ll.open_study(write_small_study(tmp_path / "study", event=event))
    assert study.tables["event"]["phase"].tolist() == [1, 2]


def test_a_measure_changes_a_hazard_and_is_checked(tmp_path: Path) -> None:
    rows = hazard("slide,landslide,link:R1,1,2,0")
    effect = (
        TABLES["effect"] + "easy-gate,hazard,slide,duration_days,multiply,0.5\nbypass,hazard,slide,places,set,link:R7\n"
    )
    study = ll.open_study(write_small_study(tmp_path / "study", **rows, effect=effect))
    assert study.apply("easy-gate").tables_in(2030)["hazard"]["duration_days"].tolist() == [1.0]
    with pytest.raises(InputError, match="after bypass: unknown link"):
        study.apply("bypass").tables_in(2030)


def test_a_study_without_hazards_keeps_its_hash(tmp_path: Path) -> None:
    plain = ll.open_study(write_small_study(tmp_path / "plain"))
    empty = ll.open_study(write_small_study(tmp_path / "empty", hazard="hazard_id,cause,places,duration_days\n"))
    with_one = ll.open_study(write_small_study(tmp_path / "one", **hazard("slide,landslide,link:R1,1,2,0")))
    assert plain.hash == empty.hash
    assert plain.hash != with_one.hash
