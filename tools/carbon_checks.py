"""Print the physics of trucks and trains beside published figures: the table of docs/carbon.md.

python -m tools.carbon_checks
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from landlink.carbon.drives import Drive, drives_of
from landlink.carbon.rail_energy import mj_per_km as train_mj_per_km
from landlink.carbon.road_energy import mj_per_km as truck_mj_per_km
from landlink.study.carbon_defaults import default_rows
from landlink.tables.frames import records

DRIVES = drives_of(default_rows("drive"))
(DIESEL,) = (row for row in records(default_rows("carrier")) if row["carrier_id"] == "diesel")
MJ_PER_L = float(DIESEL["mj_per_unit"])
WTW_KG_PER_MJ = float(DIESEL["ttw_kg_per_unit"] + DIESEL["wtt_kg_per_unit"]) / MJ_PER_L

#: DEFRA's full load: 1.06921 kg/km over 0.05988 kg/tkm.
FULL_T = 17.86
#: Mean speed of British trucks on all their roads, at which the stops were set.
MIXED_ROADS_KMH = 70.0
#: The form of the estimate on lowlands: a third of a ruling grade of 1 %.
LOWLAND = 0.01 / 3
#: The British train of 2023 by the rail regulator's totals, some 500 t by train-kilometre: 785 t with 0.58 empties.
BRITISH_T, BRITISH_EMPTIES, BRITISH_KMH = 785.0, 0.58, 85.0
BRITISH_TRAIN = {
    "wagon_payload_t": 45.0,
    "tare_t": 22.0,
    "locomotive_t": 127.0,
    "locomotive_wagons": 5.0,
    "rated_kw": 1900.0,
}


@dataclass(frozen=True)
class Check:
    """A published figure and landlink's: ``use`` says whether a parameter was set by it."""

    what: str
    unit: str
    published: float
    found: float
    use: str = "not used"


def truck_kg_per_km(payload_t: float) -> float:
    """Emissions of the diesel truck on level mixed roads, from well to wheel."""
    return float(truck_mj_per_km(DRIVES["truck_diesel"], payload_t, MIXED_ROADS_KMH)) * WTW_KG_PER_MJ


def british_train_g_per_tkm(*, spread: float, idle_h_per_h: float) -> float:
    """Emissions of a British diesel train with its empties, from well to wheel."""
    train = replace(DRIVES["train_diesel"], **BRITISH_TRAIN)
    wagons = BRITISH_T / train.wagon_payload_t
    loaded, empty = (
        float(train_mj_per_km(train, load, wagons, BRITISH_KMH, grade_spread=spread)) for load in (BRITISH_T, 0.0)
    )
    # One locomotive of one engine, where the package's train has two.
    idle = idle_h_per_h / BRITISH_KMH * train.idle_kw / 2 * 3.6
    return (loaded + BRITISH_EMPTIES * empty + (1 + BRITISH_EMPTIES) * idle) * WTW_KG_PER_MJ / BRITISH_T * 1000


def train_mj(drive: Drive, speed_kmh: float, load_t: float) -> float:
    """Energy of a kilometre of a train of forty wagons on a lowland line."""
    return float(train_mj_per_km(drive, load_t, 40.0, speed_kmh, grade_spread=LOWLAND))


def checks() -> list[Check]:
    """All checks."""
    half, full = truck_kg_per_km(FULL_T / 2), truck_kg_per_km(FULL_T)
    steady = replace(DRIVES["truck_diesel"], stops_per_100_km=3.0)
    icct = float(truck_mj_per_km(steady, 19.3, 80.0, grade_spread=0.01)) / MJ_PER_L * 100
    electric, diesel = DRIVES["train_electric"], DRIVES["train_diesel"]
    gross = 2400 + 40 * electric.tare_t + electric.locomotive_t
    of_diesel = (train_mj(diesel, 50.0, 2400.0) + 0.4 * train_mj(diesel, 50.0, 0.0)) / 2400 / MJ_PER_L
    of_electric = (train_mj(electric, 60.0, 2400.0) + 0.4 * train_mj(electric, 60.0, 0.0)) / 2400 / 3.6
    return [
        Check("articulated truck above 33 t, half laden", "g/tkm", 118.56, half / (FULL_T / 2) * 1000, "stops set by it"),
        Check("the same, full", "g/tkm", 73.91, full / FULL_T * 1000),
        Check("the same, empty", "kg/km", 0.79912, truck_kg_per_km(0.0)),
        Check("typical European truck, 19.3 t, long haul (ICCT)", "l/100 km", 32.6, icct),
        Check("British rail freight, level and without idling", "g/tkm", 34.7, british_train_g_per_tkm(spread=0.0, idle_h_per_h=0.0)),
        Check("the same, on lowland grades, an hour of idling for each of running", "g/tkm", 34.7, british_train_g_per_tkm(spread=LOWLAND, idle_h_per_h=1.0)),
        Check("electric train of the 1520 mm railways, gross (estimate of 11 to 13)", "Wh/tkm", 12.0, train_mj(electric, 60.0, 2400.0) / 3.6 / gross * 1000),
        Check("electric train of Central Asia, net (estimate)", "kWh/tkm", 0.023, of_electric),
        Check("diesel train of Central Asia, net, with shunting (estimate of 0.005 to 0.009)", "l/tkm", 0.0065, of_diesel),
    ]  # fmt: skip


def table() -> str:
    """The checks as a table in Markdown."""
    lines = ["| figure | unit | published | landlink | difference | |", "|---|---|---:|---:|---:|---|"]
    lines += [
        f"| {c.what} | {c.unit} | {c.published:.4g} | {c.found:.4g} | {c.found / c.published - 1:+.0%} | {c.use} |"
        for c in checks()
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
