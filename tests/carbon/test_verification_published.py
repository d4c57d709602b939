"""The physics against published factors, on the level: nothing is fitted but the stops of a truck.

UK DESNZ/DEFRA 2025 (OGL v3.0): an articulated truck above 33 t emits 0.79912 kg/km empty, 1.06064 half laden and 1.32217
full, with 17.86 t as the full load; 118.56 and 73.91 g/tkm; rail freight 34.7 g/tkm. The figures are from well to wheel.
``stops_per_100_km`` was set so that the half-laden truck is met at 70 km/h; the other two figures were not used.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from landlink.carbon.rail_energy import mj_per_km as train_mj_per_km
from landlink.carbon.road_energy import mj_per_km as truck_mj_per_km
from landlink.study.carbon_defaults import default_rows
from tests.support.drives import PACKAGE

DIESEL = default_rows("carrier").set_index("carrier_id").loc["diesel"]
WTW_KG_PER_MJ = float((DIESEL["ttw_kg_per_unit"] + DIESEL["wtt_kg_per_unit"]) / DIESEL["mj_per_unit"])
FULL_T = 17.86
MIXED_ROADS_KMH = 70.0


@pytest.mark.parametrize(
    ("payload_t", "published_kg", "band"), [(0.0, 0.79912, 0.10), (FULL_T / 2, 1.06064, 0.03), (FULL_T, 1.32217, 0.05)]
)
def test_articulated_truck_of_defra(payload_t: float, published_kg: float, band: float) -> None:
    found = float(truck_mj_per_km(PACKAGE["truck_diesel"], payload_t, MIXED_ROADS_KMH)) * WTW_KG_PER_MJ
    assert found == pytest.approx(published_kg, rel=band)


@pytest.mark.parametrize(("laden", "published_g"), [(0.5, 118.56), (1.0, 73.91)])
def test_a_tonne_kilometre_of_defra(laden: float, published_g: float) -> None:
    load = laden * FULL_T
    found = float(truck_mj_per_km(PACKAGE["truck_diesel"], load, MIXED_ROADS_KMH)) * WTW_KG_PER_MJ / load * 1000
    assert found == pytest.approx(published_g, rel=0.05)


def test_typical_european_truck_on_the_long_haul_cycle_of_the_icct() -> None:
    """32.6 l/100 km with 19.3 t at about 80 km/h, few stops, rolling road: Rodriguez, Delgado and Muncrief (2018)."""
    steady = PACKAGE["truck_diesel", "stops_per_100_km", 3.0]
    litres = float(truck_mj_per_km(steady, 19.3, 80.0, grade_spread=0.01)) / float(DIESEL["mj_per_unit"]) * 100
    assert litres == pytest.approx(32.6, rel=0.12)


def british_train_g_per_tkm(*, spread: float, idle_h_per_h: float) -> float:
    """A British train of 2023 by the rail regulator's totals: some 500 t by train-kilometre, so 785 t with 0.58 empties.

    Wagons of 45 t on 22 t, one locomotive of 127 t and 2.4 MW, 85 km/h; the other parameters are the package's.
    """
    changed = {"wagon_payload_t": 45.0, "tare_t": 22.0, "locomotive_t": 127.0, "locomotive_wagons": 5.0, "rated_kw": 1900.0}
    train = replace(PACKAGE["train_diesel"], **changed)
    loaded, empty = (
        float(train_mj_per_km(train, load, 785 / 45, 85.0, grade_spread=spread)) for load in (785.0, 0.0)
    )
    idle = idle_h_per_h / 85 * train.idle_kw / 2 * 3.6  # one section of the two of the package's locomotives
    return (loaded + 0.58 * empty + 1.58 * idle) * WTW_KG_PER_MJ / 785 * 1000


def test_rail_freight_of_defra() -> None:
    """DEFRA's 34.7 g/tkm is of real lines and yards: on the level and without idling the physics must lie below it."""
    level = british_train_g_per_tkm(spread=0.0, idle_h_per_h=0.0)
    assert level == pytest.approx(34.7, rel=0.15)
    assert level < 34.7
    assert british_train_g_per_tkm(spread=0.01 / 3, idle_h_per_h=1.0) == pytest.approx(34.7, rel=0.10)


def test_electric_train_against_the_use_of_central_asia() -> None:
    """Eleven to thirteen watt-hours by the gross tonne-kilometre at the substation (railways' statistics; estimated)."""
    gross = 2400 + 40 * 23 + 192
    found = float(train_mj_per_km(PACKAGE["train_electric"], 2400.0, 40.0, 60.0, grade_spread=0.01 / 3)) / 3.6 / gross
    assert 11 < found * 1000 < 13


def test_diesel_train_against_the_use_of_central_asia() -> None:
    """The gathered estimate is 0.005 to 0.009 l by the net tonne-kilometre; shunting is in it, but not here."""
    loaded, empty = (
        float(train_mj_per_km(PACKAGE["train_diesel"], load, 40.0, 50.0, grade_spread=0.01 / 3)) for load in (2400.0, 0.0)
    )
    litres = (loaded + 0.4 * empty) / 2400 / float(DIESEL["mj_per_unit"])
    assert 0.004 < litres < 0.009


def test_air_takes_over_from_rolling_at_the_speed_of_equal_resistance() -> None:
    truck = PACKAGE["truck_diesel"]
    speed = np.sqrt(truck.rolling_coefficient * 40e3 * 9.80665 / (0.5 * 1.225 * truck.drag_area_m2)) * 3.6
    assert 85 < speed < 100
