"""Energy that can be worked out by hand: climbs, coasting, constant speed, stops."""

from __future__ import annotations

import math

import numpy as np
import pytest

from landlink.carbon.drives import Drive
from landlink.carbon.motion import GRAVITY, Resistance, limited_speed
from landlink.carbon.rail_energy import gross_t, train_resistance
from landlink.carbon.rail_energy import mj_per_km as train_mj_per_km
from landlink.carbon.road_energy import mj_per_km as truck_mj_per_km
from tests.support.drives import PACKAGE

DIESEL_MJ_PER_L = 35.8
PLAIN = Drive(
    drive_id="plain", kind="road", carrier="diesel", tare_t=15.0, rolling_coefficient=0.006, drag_area_m2=6.0,
    rated_kw=1e6, efficiency=0.40,
)  # fmt: skip


def test_a_hundred_metres_of_climb_by_a_truck_of_forty_tonnes() -> None:
    """m g h / (efficiency x heating value) = 40e3 x 9.80665 x 100 / (0.40 x 35.8e6) = 2.74 l."""
    by_hand = 40e3 * GRAVITY * 100 / (0.40 * DIESEL_MJ_PER_L * 1e6)
    assert by_hand == pytest.approx(2.74, abs=0.005)
    km = 100 / 0.05 / 1000
    climb = float(truck_mj_per_km(PLAIN, 25.0, 50.0, 0.05) - truck_mj_per_km(PLAIN, 25.0, 50.0)) * km
    assert climb / DIESEL_MJ_PER_L == pytest.approx(by_hand, rel=1e-9)


def test_the_package_truck_climbs_for_about_as_much() -> None:
    """Its efficiency above the friction of the engine is 0.43, so 2.55 l; the slower climb adds friction and fans."""
    truck = PACKAGE["truck_diesel"]
    extra = float(truck_mj_per_km(truck, 25.5, 50.0, 0.05) - truck_mj_per_km(truck, 25.5, 50.0)) * 2
    assert extra / DIESEL_MJ_PER_L == pytest.approx(40e3 * GRAVITY * 100 / (0.43 * 35.8e6), rel=0.05)


def test_constant_speed_on_the_level() -> None:
    """(0.006 x 40 t x g + 0.5 x 1.225 x 6 x (80/3.6)^2) N / 0.40 = 10.42 MJ/km."""
    force = 0.006 * 40e3 * GRAVITY + 0.5 * 1.225 * 6.0 * (80 / 3.6) ** 2
    assert float(truck_mj_per_km(PLAIN, 25.0, 80.0)) == pytest.approx(force / 0.40 / 1000, rel=1e-12)
    assert float(truck_mj_per_km(PLAIN, 25.0, 80.0)) == pytest.approx(10.42, abs=0.01)


def test_no_energy_below_the_grade_on_which_the_truck_coasts() -> None:
    speed = 60 / 3.6
    balance = 0.006 + 0.5 * 1.225 * 6.0 * speed**2 / (40e3 * GRAVITY)
    assert float(truck_mj_per_km(PLAIN, 25.0, 60.0, -balance)) == pytest.approx(0.0, abs=1e-9)
    assert float(truck_mj_per_km(PLAIN, 25.0, 60.0, -balance - 0.01)) == 0.0
    little = float(truck_mj_per_km(PLAIN, 25.0, 60.0, -balance + 0.001))
    assert little == pytest.approx(0.001 * 40e3 * GRAVITY / 0.40 / 1000, rel=1e-9)


def test_a_battery_truck_saves_its_share_of_what_it_brakes() -> None:
    battery = Drive(
        drive_id="b", kind="road", carrier="electricity", tare_t=15.0, rolling_coefficient=0.006, drag_area_m2=6.0,
        rated_kw=1e6, efficiency=0.8, regeneration=0.6,
    )  # fmt: skip
    held = 0.006 * 40e3 * GRAVITY + 0.5 * 1.225 * 6.0 * (60 / 3.6) ** 2
    braked = 0.05 * 40e3 * GRAVITY - held
    assert float(truck_mj_per_km(battery, 25.0, 60.0, -0.05)) == pytest.approx(-0.6 * braked / 1000, rel=1e-12)


def test_a_stop_costs_the_energy_of_motion() -> None:
    stopping = Drive(
        drive_id="s", kind="road", carrier="diesel", tare_t=15.0, rolling_coefficient=0.006, drag_area_m2=6.0,
        rated_kw=1e6, efficiency=0.40, stops_per_100_km=10.0,
    )  # fmt: skip
    kinetic = 0.5 * 40e3 * (72 / 3.6) ** 2
    found = float(truck_mj_per_km(stopping, 25.0, 72.0) - truck_mj_per_km(PLAIN, 25.0, 72.0)) * 100
    assert found == pytest.approx(10 * kinetic / 0.40 / 1e6, rel=1e-9)


def test_a_truck_out_of_power_climbs_at_the_root_of_a_cubic() -> None:
    """300 kW, 40 t, 6 %: (0.066 W + k v^2) v = P, solved by the formula of Cardano."""
    weight, k, power = 40e3 * GRAVITY, 0.5 * 1.225 * 6.0, 300e3
    p, q = 0.066 * weight / k, -power / k
    root = math.sqrt(q * q / 4 + p**3 / 27)
    cardano = math.cbrt(-q / 2 + root) + math.cbrt(-q / 2 - root)
    resistance = Resistance(np.array(0.006 * weight), np.zeros(()), np.array(k))
    found = float(limited_speed(resistance, np.array(weight), np.array(0.06), np.array(power), np.array(80 / 3.6)))
    assert found == pytest.approx(cardano, rel=1e-9)
    assert found * 3.6 == pytest.approx(40.8, abs=0.2)


def test_resistance_of_a_train_is_that_of_the_rules_for_traction() -> None:
    """Wagons of 83 t, four axles: 0.7 + (3 + 0.1 v + 0.0025 v^2) / 20.75 N/kN, 1.387 at 50 km/h; curves 0.306 more."""
    train = PACKAGE["train_electric"]
    by_rule = 0.7 + (3 + 0.1 * 50 + 0.0025 * 50**2) / (83 / 4)
    assert by_rule == pytest.approx(1.387, abs=0.001)
    wagons = 40.0
    without = gross_t(train, 2400.0, wagons) - train.locomotive_t
    found = train_resistance(train, without, wagons - train.locomotive_wagons, np.array(0.0)).at(np.array(50 / 3.6))
    assert float(found) / (without * GRAVITY) == pytest.approx(by_rule + 0.306, rel=2e-3)


def test_locomotives_count_as_the_rules_have_it() -> None:
    """1.9 + 0.01 v + 0.0003 v^2 N/kN of 192 t at 50 km/h, against the wagons that stand for it."""
    train = PACKAGE["train_electric"]
    by_rule = (1.9 + 0.306 + 0.01 * 50 + 0.0003 * 50**2) * 192 * GRAVITY
    alone = train_resistance(train, np.array(192.0), 0.0, np.array(0.0)).at(np.array(50 / 3.6))
    assert float(alone) == pytest.approx(by_rule, rel=0.05)


def test_a_train_on_a_ruling_grade_needs_its_weight_lifted() -> None:
    """4,000 t up 100 m by a locomotive of 0.78: 1,396 kWh above the level, however it is driven."""
    train = PACKAGE["train_electric", "rated_kw", 1e6]
    wagons = (4000 - 192 - 2400) / 23
    up, level = (float(train_mj_per_km(train, 2400.0, wagons, 50.0, grade)) for grade in (0.009, 0.0))
    kwh = (up - level) * (100 / 0.009 / 1000) / 3.6
    assert kwh == pytest.approx(4000e3 * GRAVITY * 100 / 0.78 / 3.6e6, rel=1e-9)
