"""Hold the energy of trains against the traces that the package `altrios` ships.

    python -m tools.rail_traces RESOURCES

RESOURCES is the folder `resources` of the installed package (`altrios.resources_root()` in an environment of its own:
nothing of it is imported here). ALTRIOS (Advanced Locomotive Technology and Rail Infrastructure Optimization System,
NREL) simulates trains second by second; its demonstrations come with the last row of the result, so with the work at the
wheels, of trains of 8,315 and 9,680 t over 187 km of the line to Superior.

Three answers stand beside the simulated work: that of its own resistance in landlink's closed form, which tests the
form; that of the package's train, which tests the coefficients too; and that of a planner who knows only the elevations
of the ends and a ruling grade of 1 %.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import yaml

from landlink.carbon.drives import Drive, drives_of
from landlink.carbon.rail_energy import mj_per_km
from landlink.core.arrays import Floats
from landlink.study.carbon_defaults import default_rows

#: Folder of each demonstration, and whether its speeds are those of the trace `speed_trace.csv`.
DEMOS = {
    "set speed": ("set_speed_train_sim_demo", True),
    "speed limits": ("speed_limit_train_sim_demo", False),
}
GRAVITY = 9.80665
#: Step of the profile, m.
STEP_M = 50.0
#: Spread of the estimate for a ruling grade of 1 %.
PLANNER_SPREAD = 0.01 / 3
#: Wagons of the demonstrations: 50 loaded, 50 empty.
WAGONS = 100.0
#: Mean elevation of the line, m.
ELEVATION_M = 300.0
#: Speed above which a train counts as under way, m/s.
UNDER_WAY = 0.5


@dataclass(frozen=True)
class Trace:
    """A demonstration: what its last row says, and the way that the train took."""

    name: str
    mass_t: float
    freight_t: float
    km: float
    hours: float
    work_mj: float
    braking_mj: float
    fuel_mj: float
    battery_mj: float
    grades: Floats


def read_trace(resources: Path, name: str) -> Trace:
    folder, _ = DEMOS[name]
    with (resources / "demo_data" / folder / "to_dataframe_expected.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    of = {key: float(row[key]) for key in row if key.startswith(("history.", "loco_con.history.")) and row[key]}
    length = of["history.length_meters"]
    grades = train_grades(profile(resources), length, of["history.total_dist_meters"])
    return Trace(
        name=name,
        mass_t=of["history.mass_static_kilograms"] / 1000,
        freight_t=of["history.mass_freight_kilograms"] / 1000,
        km=of["history.total_dist_meters"] / 1000,
        hours=of["history.time_seconds"] / 3600,
        work_mj=of["history.energy_whl_out_pos_joules"] / 1e6,
        braking_mj=of["history.energy_whl_out_neg_joules"] / 1e6,
        fuel_mj=of["loco_con.history.energy_fuel_joules"] / 1e6,
        battery_mj=of["loco_con.history.energy_reves_joules"] / 1e6,
        grades=grades,
    )


def profile(resources: Path) -> tuple[Floats, Floats]:
    """Distance along the links of the demonstrations and elevation, m."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with (resources / "networks" / "Taconite-NoBalloon.yaml").open(encoding="utf-8") as file:
        network = yaml.load(file, loader)  # noqa: S506  both loaders are safe ones
    with (resources / "demo_data" / "link_path.csv").open(encoding="utf-8", newline="") as file:
        path = [int(row["link_idx"]) for row in csv.DictReader(file)]
    links = {link["idx_curr"]: link for link in network[1]}
    offset, places, heights = 0.0, [], []
    for number in path:
        places += [offset + point["offset_meters"] for point in links[number]["elevs"]]
        heights += [point["elev_meters"] for point in links[number]["elevs"]]
        offset += links[number]["length_meters"]
    return np.array(places), np.array(heights)


def train_grades(line: tuple[Floats, Floats], length_m: float, distance_m: float) -> Floats:
    """Grade under the whole train at each step of its way."""
    front = np.arange(length_m, length_m + distance_m, STEP_M)
    ahead, behind = (np.interp(front - back, *line) for back in (0.0, length_m))
    return np.asarray((ahead - behind) / length_m, dtype=np.float64)


def speed_changes(resources: Path) -> tuple[float, float]:
    """Mean speed under way, m/s, and all kinetic energy gained, J/kg, of the set speeds."""
    with (resources / "demo_data" / "speed_trace.csv").open(encoding="utf-8", newline="") as file:
        speed = np.array([float(row["speed"]) for row in csv.DictReader(file)])
    moving = speed > UNDER_WAY
    gained = np.maximum(np.diff(speed**2) / 2, 0.0).sum()
    return float(speed[moving].mean()), float(gained)


def of_altrios(trace: Trace, wagons: float) -> Drive:
    """Its resistance: 0.001546 of the weight, 40.26 N an axle, 4.087 m2 of drag by the wagon (`rolling_stock`)."""
    return replace(
        of_package(trace, wagons),
        drive_id="altrios",
        locomotive_wagons=0.0,
        davis_a_n_per_t=0.001546 * GRAVITY * 1000,
        davis_a_n_per_wagon=4 * 40.26,
        davis_b_n_per_wagon_kmh=0.0,
        davis_c_n_per_wagon_kmh2=0.5 * 1.225 * 4.087 / 3.6**2,
    )


def of_package(trace: Trace, wagons: float) -> Drive:
    """The package's diesel train with the wagons and locomotives of the trace, and work at the wheels alone."""
    return replace(
        drives_of(default_rows("drive"))["train_diesel"],
        tare_t=28.5,
        wagon_payload_t=50.75,
        locomotive_t=trace.mass_t - trace.freight_t - wagons * 28.5,
        rated_kw=1e6,
        efficiency=1.0,
        friction_kw=0.0,
        auxiliary_kw=0.0,
    )


def work_mj(
    drive: Drive, trace: Trace, wagons: float, speed_kmh: float, grade: float, spread: float, stops: float
) -> float:
    driven = replace(drive, stops_per_100_km=stops)
    return trace.km * float(
        mj_per_km(driven, trace.freight_t, wagons, speed_kmh, grade, ELEVATION_M, grade_spread=spread)
    )


def step_by_step_mj(drive: Drive, trace: Trace, wagons: float, speed_kmh: float) -> float:
    """Work at the wheels on the grades under the train, one step after another, without stops."""
    plain = replace(drive, stops_per_100_km=0.0)
    steps = mj_per_km(plain, trace.freight_t, wagons, speed_kmh, trace.grades, ELEVATION_M)
    return trace.km * float(steps.mean())


def compared(resources: Path) -> list[tuple[str, str, float, float]]:
    """Trace, what answers, simulated and answered work at the wheels, MJ."""
    found = []
    set_speed, gained = speed_changes(resources)
    stops_of_package = drives_of(default_rows("drive"))["train_diesel"].stops_per_100_km
    for name, (_, is_set) in DEMOS.items():
        trace = read_trace(resources, name)
        kmh = set_speed * 3.6 if is_set else trace.km / trace.hours
        mean, spread = float(trace.grades.mean()), float(trace.grades.std())
        theirs, ours = of_altrios(trace, WAGONS), of_package(trace, WAGONS)
        answers = {
            "its resistance, step by step, no stops": step_by_step_mj(theirs, trace, WAGONS, kmh),
            "its resistance, mean and spread of grades, no stops": work_mj(
                theirs, trace, WAGONS, kmh, mean, spread, 0.0
            ),
            "its resistance, stops of the package": work_mj(theirs, trace, WAGONS, kmh, mean, spread, stops_of_package),
            "the package's train": work_mj(ours, trace, WAGONS, kmh, mean, spread, stops_of_package),
            "the package's train, ends and ruling grade alone": work_mj(
                ours, trace, WAGONS, kmh, mean, PLANNER_SPREAD, stops_of_package
            ),
        }
        if is_set:
            stops = gained / (0.5 * (kmh / 3.6) ** 2) / trace.km * 100
            answers["its resistance, stops of the trace"] = work_mj(theirs, trace, WAGONS, kmh, mean, spread, stops)
        found += [(name, what, trace.work_mj, answered) for what, answered in answers.items()]
    return found


def efficiencies(resources: Path) -> list[tuple[str, float, float]]:
    """Trace, work at the wheels by the fuel of its engines, and by that of the package's for the same work."""
    package = drives_of(default_rows("drive"))["train_diesel"]
    found = []
    for name in DEMOS:
        trace = read_trace(resources, name)
        needed = trace.work_mj / package.efficiency
        hourly = (package.friction_kw / package.efficiency + package.auxiliary_kw) * 3.6
        found.append(
            (name, (trace.work_mj - trace.battery_mj) / trace.fuel_mj, trace.work_mj / (needed + trace.hours * hourly))
        )
    return found


def main(resources: Path) -> None:
    """Print the comparison as a table in Markdown."""
    print("| trace | landlink with | simulated, GJ | landlink, GJ | difference |")
    print("|---|---|---:|---:|---:|")
    for name, what, simulated, answered in compared(resources):
        print(f"| {name} | {what} | {simulated / 1000:.1f} | {answered / 1000:.1f} | {answered / simulated - 1:+.1%} |")
    for name, simulated, package in efficiencies(resources):
        print(
            f"\nWork at the wheels by the fuel, {name}: {simulated:.2f} simulated, {package:.2f} the package's diesel train."
        )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m tools.rail_traces RESOURCES")
    main(Path(sys.argv[1]))
