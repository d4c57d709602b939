"""Energy of what stands still: waiting, resting, terminals, access."""

from __future__ import annotations

from pathlib import Path

import pytest

import landlink as ll
from landlink.carbon.place_energy import PlaceEnergy, place_energy
from landlink.carbon.road_energy import mj_per_km as truck_mj_per_km
from tests.support.carbon_cases import GRID, HANDLING, TERMINAL, electrified
from tests.support.drives import PACKAGE
from tests.support.small_study import TABLES, write_small_study


def places(folder: Path, **replaced: str) -> PlaceEnergy:
    return place_energy(ll.open_study(write_small_study(folder, **replaced)).at(2023).tables, 2023)


def test_a_truck_that_waits_burns_two_and_a_half_litres(tmp_path: Path) -> None:
    found = places(tmp_path / "s")
    hour = found.waiting_mj_per_vehicle_h[0, found.countries.index("AAA"), found.carriers.index("diesel")]
    assert hour / 35.8 == pytest.approx(2.5, abs=0.01)
    rest = found.resting_mj_per_vehicle_h[0, found.countries.index("AAA"), found.carriers.index("diesel")]
    assert rest / 35.8 == pytest.approx(0.5, abs=0.01)


def test_trains_wait_as_far_as_the_lines_of_the_country_are_electrified(tmp_path: Path) -> None:
    grid = {"grid": f"{GRID['grid']}*,2023,100,0,\n"}
    found = places(tmp_path / "s", **grid, **electrified(line="T2"))
    diesel, electricity = (found.carriers.index(name) for name in ("diesel", "electricity"))
    train = found.waiting_mj_per_vehicle_h[1]
    assert train[found.countries.index("AAA"), electricity] == 0
    assert train[found.countries.index("AAA"), diesel] == pytest.approx(PACKAGE["train_diesel"].idle_kw * 3.6)
    assert train[found.countries.index("BBB"), diesel] == 0
    assert train[found.countries.index("BBB"), electricity] == pytest.approx(PACKAGE["train_electric"].idle_kw * 3.6)


def test_terminals_use_what_the_study_says_in_either_order(tmp_path: Path) -> None:
    handling = f"{HANDLING.strip()},ttw_kg_per_t\nrail,road,electricity,0.5,0\nrail,road,,,0.2\n"
    grid = {"grid": f"{GRID['grid']}*,2023,100,0,\n"}
    found = places(tmp_path / "s", terminal=TERMINAL, handling=handling, **grid)
    assert found.handling_mj_per_t[0, found.carriers.index("electricity")] == pytest.approx(1.8)
    assert found.handling_ttw_kg_per_t.tolist() == [0.2]
    assert found.countries[found.terminal_country[0]] == "BBB"
    assert found.wtt_kg_per_mj[found.terminal_country[0], found.carriers.index("electricity")] == pytest.approx(
        0.1 / 3.6
    )


def test_the_package_stands_in_for_terminals(tmp_path: Path) -> None:
    found = places(tmp_path / "s", terminal=TERMINAL)
    assert found.handling_mj_per_t[0, found.carriers.index("diesel")] == pytest.approx(0.136 * 35.8)


def test_access_is_a_level_road_at_its_own_speed(tmp_path: Path) -> None:
    zone = "zone_id,name,node_id,country,access_km,access_h\nZ1,West,N1,AAA,40,1\nZ2,East,N2,BBB,0,0\n"
    found = places(tmp_path / "s", zone=zone)
    truck = PACKAGE["truck_diesel"]
    by_hand = (float(truck_mj_per_km(truck, 20.0, 40.0)) + 0.5 * float(truck_mj_per_km(truck, 0.0, 40.0))) * 40 / 20
    assert found.access_mj_per_t[0, 0, 0, found.carriers.index("diesel")] == pytest.approx(by_hand, rel=1e-9)
    assert not found.access_mj_per_t[:, 1].any()


def test_countries_are_those_of_every_place(tmp_path: Path) -> None:
    crossing = TABLES["crossing"]
    assert "AAA,BBB" in crossing
    assert places(tmp_path / "s").countries == ("", "AAA", "BBB")
