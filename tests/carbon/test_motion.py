"""Grades as a distribution, speed under a limit of power, and what follows for energy: properties for any vehicle."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landlink.carbon.motion import GRAVITY, Resistance, air_density, limited_speed, mean_excess, mean_speed
from landlink.carbon.rail_energy import mj_per_km as train_mj_per_km
from landlink.carbon.road_energy import mj_per_km as truck_mj_per_km
from landlink.study.carbon_defaults import default_rows
from tests.support.drives import PACKAGE

TRUCKS = [PACKAGE[name] for name in ("truck_diesel", "truck_lng", "truck_battery")]
TRAINS = [PACKAGE[name] for name in ("train_diesel", "train_electric")]
GRADES = st.floats(0.0, 0.08)
SPEEDS = st.floats(20.0, 90.0)


@pytest.mark.parametrize(("altitude_m", "density"), [(0, 1.225), (1000, 1.1117), (3000, 0.9093), (5000, 0.7364)])
def test_density_of_air_is_that_of_the_standard_atmosphere(altitude_m: float, density: float) -> None:
    """ISO 2533:1975, table of densities."""
    assert float(air_density(np.array(altitude_m))) == pytest.approx(density, rel=1e-3)


@given(st.floats(-0.1, 0.1), st.floats(0.0, 0.05))
def test_climbs_less_falls_are_the_rise(mean: float, spread: float) -> None:
    up, down = (float(mean_excess(np.array(sign * mean), np.array(spread))) for sign in (1, -1))
    assert up - down == pytest.approx(mean, abs=1e-12)
    assert min(up, down) >= 0


def test_mean_excess_is_the_integral_over_the_distribution() -> None:
    grades = np.linspace(-0.2, 0.2, 400_001)
    weight = np.exp(-0.5 * ((grades - 0.01) / 0.02) ** 2)
    summed = float((np.maximum(grades, 0) * weight).sum() / weight.sum())
    assert float(mean_excess(np.array(0.01), np.array(0.02))) == pytest.approx(summed, rel=1e-6)


@given(st.floats(1e3, 1e5), st.floats(0, 1e3), st.floats(0.1, 100), st.floats(0, 0.1), st.floats(1e4, 1e7))
def test_the_power_at_a_limited_speed_is_all_there_is(a: float, b: float, c: float, grade: float, power: float) -> None:
    resistance, weight = Resistance(np.array(a), np.array(b), np.array(c)), np.array(4e5)
    found = float(limited_speed(resistance, weight, np.array(grade), np.array(power), np.array(25.0)))
    used = (float(resistance.at(np.array(found))) + 4e5 * grade) * found
    if 1.0 < found < 25.0:
        assert used == pytest.approx(power, rel=1e-6)
    elif found == 25.0:
        assert used <= power * (1 + 1e-9)


def test_grades_that_vary_make_a_climb_slower() -> None:
    truck, weight = Resistance(np.array(2400.0), np.zeros(()), np.array(3.5)), np.array(40e3 * GRAVITY)
    even, uneven = (
        float(mean_speed(truck, weight, np.array(0.03), np.array(spread), np.array(3e5), np.array(22.0)))
        for spread in (0.0, 0.02)
    )
    assert uneven < even < 22


@pytest.mark.parametrize("drive", TRUCKS, ids=lambda drive: drive.drive_id)
@given(speed=SPEEDS, grade=GRADES, altitude=st.floats(0, 4500), light=st.floats(0, 24), more=st.floats(0.5, 5))
def test_more_payload_takes_more_energy(drive, speed, grade, altitude, light, more) -> None:
    less, much = (
        float(truck_mj_per_km(drive, payload, speed, grade, altitude, grade_spread=0.01))
        for payload in (light, light + more)
    )
    assert much > less


@pytest.mark.parametrize("drive", [*TRUCKS, *TRAINS], ids=lambda drive: drive.drive_id)
@given(grade=st.floats(0.0, 0.06), spread=st.floats(0.0, 0.03), speed=SPEEDS)
def test_up_and_down_again_is_never_below_the_level(drive, grade, spread, speed) -> None:
    """What is braked away is lost, and what is saved is saved with losses, so a hill costs energy at a given speed."""
    strong = PACKAGE[drive.drive_id, "rated_kw", 1e6]
    found = [_energy(strong, speed, sign * grade, spread) for sign in (1, -1)]
    assert sum(found) >= 2 * _energy(strong, speed, 0.0, 0.0) * (1 - 1e-9)


@pytest.mark.parametrize("drive", [*TRUCKS, *TRAINS], ids=lambda drive: drive.drive_id)
@given(speed=st.floats(50.0, 85.0))
def test_faster_takes_more_energy_above_fifty(drive, speed) -> None:
    assert _energy(drive, speed + 5, 0.0, 0.0) > _energy(drive, speed, 0.0, 0.0)


@given(speed=st.floats(50.0, 90.0), low=st.floats(0, 1400), more=st.floats(50, 3000))
def test_thin_air_saves_what_drag_takes(speed, low, more) -> None:
    battery = PACKAGE["truck_battery"]
    down, up = (float(truck_mj_per_km(battery, 20.0, speed, 0.0, altitude)) for altitude in (low, low + more))
    assert up < down


@given(grade=st.floats(0.03, 0.08), low=st.floats(0, 1500), more=st.floats(500, 3000))
def test_engines_lose_power_and_efficiency_in_the_mountains(grade, low, more) -> None:
    diesel = PACKAGE["truck_diesel"]
    down, up = (float(truck_mj_per_km(diesel, 20.0, 30.0, grade, altitude)) for altitude in (low, 1500 + more))
    assert up > down


def test_arrays_are_what_their_elements_are() -> None:
    payload, grade = np.array([0.0, 10.0, 20.0]), np.array([[-0.05], [0.0], [0.05]])
    whole = truck_mj_per_km(PACKAGE["truck_diesel"], payload, 60.0, grade, 1000.0)
    assert whole.shape == (3, 3)
    for row, of_grade in enumerate(grade[:, 0]):
        for column, load in enumerate(payload):
            single = truck_mj_per_km(PACKAGE["truck_diesel"], load, 60.0, of_grade, 1000.0)
            assert whole[row, column] == pytest.approx(float(single), rel=1e-12)


def test_every_default_row_has_a_source_and_a_quality() -> None:
    sources = set(default_rows("source")["source_id"])
    for table in ("carrier", "grid", "drive", "fleet", "handling"):
        rows = default_rows(table)
        assert (rows["quality"] != "").all()
        assert {name for cell in rows["source"] for name in cell.split(";")} <= sources, table


def _energy(drive, speed: float, grade: float, spread: float) -> float:
    if drive.kind == "rail":
        return float(train_mj_per_km(drive, 2400.0, 40.0, speed, grade, grade_spread=spread))
    return float(truck_mj_per_km(drive, 20.0, speed, grade, grade_spread=spread))
