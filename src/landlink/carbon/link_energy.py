"""Energy and emissions of one tonne on every link of a network, in both directions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from landlink.carbon import rail_energy, road_energy
from landlink.carbon.carriers import Carriers, carriers_of
from landlink.carbon.climbs import Grades, link_grades
from landlink.carbon.drives import Drive, drives_of
from landlink.carbon.grid import Grid, grid_of
from landlink.core.arrays import Floats, Ints
from landlink.core.memory import check_memory
from landlink.study.carbon_defaults import carbon_rows, defaults_used
from landlink.study.fleet_shares import FleetShares, fleet_shares, link_mixes
from landlink.tables.carbon_schemas import ELECTRICITY
from landlink.tables.frames import Tables, numbers, texts
from landlink.tables.lists import split_list

__all__ = ["ELEMENTS", "LinkEnergy", "link_energy", "loads_of", "vehicle_mj_per_km"]

#: Parts of the energy of a link: loaded vehicles as on the level, what grades add to that, and the empties that return.
ELEMENTS: Final = ("running", "climbing", "empty")


@dataclass(frozen=True, eq=False)
class LinkEnergy:
    """Energy of one tonne on each link, by direction, carrier and element.

    Attributes
    ----------
    carriers
        Carriers used on some link, in alphabetical order.
    drives
        Drives used on some link, in alphabetical order.
    drive_share
        Share of each drive in the vehicle-kilometres of each link; shape (links, drives).
    load_factors
        The distinct load factors of the commodities, ascending; shape (loads,).
    load_of
        Position of each commodity's load factor among them; shape (commodities,).
    mj_per_t
        Energy of one tonne, MJ; shape (loads, links, 2, carriers, 3). The third axis is the direction, ``ab`` then
        ``ba``; the last the element, see :data:`ELEMENTS`. ``climbing`` is below 0 where a link goes down. Empties are
        counted with the loads that they return from.
    ttw_kg_per_mj
        Emissions of a carrier where it is used, kg CO2e/MJ; shape (carriers,).
    wtt_kg_per_mj
        Emissions before it is used, by the grids of a link's countries for electricity; shape (links, carriers).
    notices
        What a reader should know: defaults used, years held.
    """

    carriers: tuple[str, ...]
    drives: tuple[str, ...]
    drive_share: Floats
    load_factors: Floats
    load_of: Ints
    mj_per_t: Floats
    ttw_kg_per_mj: Floats
    wtt_kg_per_mj: Floats
    notices: tuple[str, ...] = ()

    @property
    def ttw_kg_per_t(self) -> Floats:
        """Emissions of one tonne where energy is used, kg CO2e; the shape of :attr:`mj_per_t`."""
        return self.mj_per_t * self.ttw_kg_per_mj[:, None]

    @property
    def wtt_kg_per_t(self) -> Floats:
        """Emissions of one tonne before energy is used, kg CO2e; the shape of :attr:`mj_per_t`."""
        return self.mj_per_t * self.wtt_kg_per_mj[:, None, :, None]

    @property
    def wtw_kg_per_t(self) -> Floats:
        """Emissions of one tonne from well to wheel, all carriers and elements, kg CO2e; shape (loads, links, 2)."""
        per_mj = self.ttw_kg_per_mj + self.wtt_kg_per_mj
        return np.asarray((self.mj_per_t.sum(axis=-1) * per_mj[:, None, :]).sum(axis=-1))


@dataclass(frozen=True)
class _Stretches:
    """What a drive's energy depends on, of some links: arrays of shape (links,)."""

    payload_t: Floats
    speed_kmh: Floats
    mean: Floats
    spread: Floats
    altitude_m: Floats

    def energy(self, drive: Drive, load: Floats, *, turned: bool = False, level: bool = False) -> Floats:
        """MJ/km of a vehicle with a load in t; with its direction turned, or as on the level."""
        mean = np.zeros(()) if level else -self.mean if turned else self.mean
        spread = np.zeros(()) if level else self.spread
        return vehicle_mj_per_km(
            drive, load, self.payload_t, self.speed_kmh, mean, self.altitude_m, grade_spread=spread
        )


def vehicle_mj_per_km(
    drive: Drive,
    load_t: Floats,
    payload_t: Floats,
    speed_kmh: Floats,
    grade: Floats | float = 0.0,
    altitude_m: Floats | float = 0.0,
    *,
    grade_spread: Floats | float = 0.0,
) -> Floats:
    """Energy of a truck or train for a kilometre, MJ/km; see the modules of road and rail.

    Parameters
    ----------
    drive
        A drive of the kind road or rail.
    load_t
        Load of the vehicle, t.
    payload_t
        Payload of the reference good, which gives the number of a train's wagons, t.
    speed_kmh, grade, altitude_m, grade_spread
        As for :func:`landlink.carbon.drives.propulsion_mj_per_km`.
    """
    if drive.kind == "rail":
        wagons = payload_t / drive.wagon_payload_t
        return rail_energy.mj_per_km(drive, load_t, wagons, speed_kmh, grade, altitude_m, grade_spread=grade_spread)
    return road_energy.mj_per_km(drive, load_t, speed_kmh, grade, altitude_m, grade_spread=grade_spread)


def loads_of(tables: Tables) -> tuple[Floats, Ints]:
    """The distinct load factors of the commodities, ascending, and the position of each commodity's."""
    loads, load_of = np.unique(numbers(tables["commodity"], "load_factor"), return_inverse=True)
    return loads, np.asarray(load_of, dtype=np.int64)


def link_energy(tables: Tables, year: int) -> LinkEnergy:
    """Energy and emissions of one tonne on every link.

    Vehicles are those of the table ``vehicle``: a loaded one carries its payload divided by the load factor of the
    commodity, and ``empty_return`` empty ones come back the other way. They run at the free speed, slower where their
    power does not suffice.

    Parameters
    ----------
    tables
        Tables of a study in a year, as :attr:`landlink.study.study.Scenario.tables` or those of a network.
    year
        Year of the fleets and grids.

    Raises
    ------
    InputError
        Electricity is used in a country of which the table ``grid`` has no row, or none that reaches the year.

    Examples
    --------
    >>> import landlink as ll
    >>> scenario = ll.open_study("china-kyrgyzstan").scenario("base-2023")
    >>> energy = link_energy(scenario.tables, scenario.year)
    >>> energy.mj_per_t.shape == (len(energy.load_factors), len(scenario.tables["link"]), 2, len(energy.carriers), 3)
    True
    """
    link = tables["link"]
    shares, grid = fleet_shares(tables, year), grid_of(tables, year)
    drives, share, weight = link_mixes(link, shares)
    known = drives_of(carbon_rows(tables, "drive"))
    carriers = carriers_of(tables, {known[name].carrier for name in drives})
    loads, load_of = loads_of(tables)
    shape = (len(loads), len(link), 2, len(carriers.names), len(ELEMENTS))
    check_memory(8.0 * np.prod(shape), "energy of {:,} loads on {:,} links".format(*shape[:2]))
    energy = np.zeros(shape)
    grades = link_grades(tables)
    for number, name in enumerate(drives):
        rows = np.flatnonzero(weight[:, number] > 0)
        place = carriers.names.index(known[name].carrier)
        of_drive = _per_tonne(tables, known[name], loads, rows, grades)
        energy[:, :, :, place][:, rows] += weight[rows, number][:, None, None] * of_drive
    upstream = _upstream(tables, carriers, grid, energy)
    return LinkEnergy(
        carriers.names, drives, share, loads, load_of, energy, carriers.ttw_kg_per_mj, upstream,
        tuple(default_notices(tables, shares)),
    )  # fmt: skip


def default_notices(tables: Tables, shares: FleetShares) -> list[str]:
    """Say which of the package's rows stand in, and which years of fleets are held."""
    found = []
    if used := [name for name in defaults_used(tables) if name != "fleet"]:
        found.append(
            f"tables of energy and emissions that the study lacks, so that the package's stand in: {', '.join(used)}"
        )
    if modes := [mode for mode in texts(tables["vehicle"], "mode") if shares.is_default(mode)]:
        found.append(f"modes without rows in the table fleet, which have the package's drives: {', '.join(modes)}")
    return [*found, *shares.notices()]


def _per_tonne(tables: Tables, drive: Drive, loads: Floats, rows: Ints, grades: Grades) -> Floats:
    """MJ of one tonne on some links by a drive; shape (loads, rows, 2, elements)."""
    link, vehicle = tables["link"].iloc[rows], tables["vehicle"]
    of_mode = {name: numbers(vehicle, name) for name in ("payload_t", "empty_return", "grade_free_pct", "grade_time")}
    row_of = {mode: row for row, mode in enumerate(texts(vehicle, "mode"))}
    mode = np.array([row_of[name] for name in texts(link, "mode")], dtype=np.int64)
    of = {name: values[mode] for name, values in of_mode.items()}
    km = numbers(link, "length")
    found = np.zeros((len(loads), len(rows), 2, len(ELEMENTS)))
    if drive.kind == "factor":
        found[..., 0] = (drive.energy_mj_per_tkm * loads[:, None] * km)[..., None]
        return found
    steep = np.maximum(0.0, numbers(link, "max_grade_pct") - of["grade_free_pct"])
    speed = numbers(link, "free_speed") / (1 + of["grade_time"] * steep)
    stretches = _Stretches(of["payload_t"], speed, grades.mean[rows], grades.spread[rows], grades.altitude_m[rows])
    load = of["payload_t"] / loads[:, None]
    level = stretches.energy(drive, load, level=True)
    nothing = np.zeros(len(rows))
    for direction, turned in enumerate((False, True)):
        found[..., direction, 0] = level
        found[..., direction, 1] = stretches.energy(drive, load, turned=turned) - level
        found[..., direction, 2] = of["empty_return"] * stretches.energy(drive, nothing, turned=not turned)
    return found * (km / load)[..., None, None]


def _upstream(tables: Tables, carriers: Carriers, grid: Grid, energy: Floats) -> Floats:
    """Emissions of carriers before they are used on each link, kg/MJ; grids whose electricity is used must be known."""
    found = np.repeat(carriers.wtt_kg_per_mj[None, :], energy.shape[1], axis=0)
    if ELECTRICITY in carriers.names:
        place = carriers.names.index(ELECTRICITY)
        cells = texts(tables["link"], "country")
        electric = np.flatnonzero(np.any(energy[:, :, :, place] != 0, axis=(0, 2, 3))).tolist()
        countries = {cells[row]: split_list(cells[row]) or ("",) for row in electric}
        grid.require(country for listed in countries.values() for country in listed)
        factor = {cell: grid.mean_kg_per_mj(listed) for cell, listed in countries.items()}
        for row in electric:
            found[row, place] = factor[cells[row]]
    return found
