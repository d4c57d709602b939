"""Energy and emissions of what stands still: vehicles that wait or rest, terminals, and access to zones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from landlink.carbon.carriers import Carriers, carriers_of
from landlink.carbon.drives import Drive, drives_of
from landlink.carbon.grid import Grid, grid_of
from landlink.carbon.link_energy import default_notices, loads_of, vehicle_mj_per_km
from landlink.core.arrays import Floats, Ints
from landlink.study.carbon_defaults import carbon_rows
from landlink.study.fleet_shares import FleetShares, Mix, fleet_shares
from landlink.study.handling_uses import HandlingUse, terminal_countries, terminal_uses
from landlink.tables.carbon_schemas import ELECTRICITY
from landlink.tables.frames import Tables, flags, numbers, texts
from landlink.tables.lists import split_list

__all__ = ["PlaceEnergy", "place_energy"]

_KW_TO_MJ_PER_H = 3.6
#: Mean speed of access where a zone gives a distance without a time, km/h.
_ACCESS_KMH = 30.0


@dataclass(frozen=True, eq=False)
class PlaceEnergy:
    """Energy of waiting, resting, terminals and access, by carrier, and the emissions of carriers by country.

    Attributes
    ----------
    carriers
        Carriers used at some place, in alphabetical order.
    countries
        Countries of links, crossings and nodes, in alphabetical order; ``""`` first if a place has none.
    ttw_kg_per_mj
        Emissions where a carrier is used, kg CO2e/MJ; shape (carriers,).
    wtt_kg_per_mj
        Emissions before it is used; shape (countries, carriers). NaN for electricity in a country without a grid.
    waiting_mj_per_vehicle_h
        Energy of one vehicle that waits for an hour, MJ; shape (modes, countries, carriers), the modes in the order of
        the table ``vehicle``, by the fleet of the country (its rows without a corridor). Trains are electric by the
        share of electrified lines in the length of the country's lines.
    resting_mj_per_vehicle_h
        Energy of one vehicle in an hour of rest or in yards (``stop_h``), likewise.
    handling_mj_per_t
        Energy of one tonne that changes mode; shape (terminals, carriers).
    handling_ttw_kg_per_t, handling_wtt_kg_per_t
        Emissions of one tonne beside those of the carriers, kg CO2e; shape (terminals,).
    terminal_country
        Position of each terminal's country in ``countries``; shape (terminals,).
    access_mj_per_t
        Energy of one tonne between a zone's places and its node, as on the level, MJ; shape (loads, zones, modes,
        carriers), with the load factors of :class:`landlink.carbon.link_energy.LinkEnergy`.
    zone_country
        Position of each zone's country in ``countries``; shape (zones,).
    notices
        What a reader should know: defaults used, years held.
    """

    carriers: tuple[str, ...]
    countries: tuple[str, ...]
    ttw_kg_per_mj: Floats
    wtt_kg_per_mj: Floats
    waiting_mj_per_vehicle_h: Floats
    resting_mj_per_vehicle_h: Floats
    handling_mj_per_t: Floats
    handling_ttw_kg_per_t: Floats
    handling_wtt_kg_per_t: Floats
    terminal_country: Ints
    access_mj_per_t: Floats
    zone_country: Ints
    notices: tuple[str, ...] = ()


def place_energy(tables: Tables, year: int) -> PlaceEnergy:
    """Energy of waiting, resting, terminals and access in a year.

    Arguments and errors are those of :func:`landlink.carbon.link_energy.link_energy`, with terminals for links.

    Examples
    --------
    >>> import landlink as ll
    >>> scenario = ll.open_study("china-kyrgyzstan").scenario("base-2023")
    >>> places = place_energy(scenario.tables, scenario.year)
    >>> truck, kgz = scenario.tables["vehicle"]["mode"].tolist().index("road"), places.countries.index("KGZ")
    >>> float(places.waiting_mj_per_vehicle_h[truck, kgz].sum()) > 80
    True
    """
    shares, grid = fleet_shares(tables, year), grid_of(tables, year)
    drives = drives_of(carbon_rows(tables, "drive"))
    countries = _countries(tables)
    modes = texts(tables["vehicle"], "mode")
    wired = _electrified_km(tables)
    mixes = [[_mean_mix(shares, mode, country, wired.get((mode, country))) for country in countries] for mode in modes]
    handling = terminal_uses(tables)
    used = {drives[name].carrier for row in mixes for mix in row for name in mix if mix[name][0] > 0}
    carriers = carriers_of(tables, used | {row.carrier for rows in handling for row in rows if row.carrier})
    terminal_country = _positions(terminal_countries(tables), countries)
    amounts, ttw, wtt = _handling_arrays(handling, carriers)
    places = _Places(tables, mixes, drives, carriers)
    return PlaceEnergy(
        carriers.names,
        countries,
        carriers.ttw_kg_per_mj,
        _upstream(carriers, grid, countries, set(terminal_country[_electric(amounts, carriers)].tolist())),
        places.standing("idle_kw"),
        places.standing("rest_kw"),
        amounts,
        ttw,
        wtt,
        terminal_country,
        places.access(countries),
        _positions(texts(tables["zone"], "country"), countries),
        tuple(default_notices(tables, shares)),
    )


def _countries(tables: Tables) -> tuple[str, ...]:
    listed = {country for cell in set(texts(tables["link"], "country")) for country in split_list(cell)}
    named = (("node", "country"), ("zone", "country"), ("terminal", "country"))
    listed.update(country for table, column in named for country in texts(tables[table], column))
    listed.update(texts(tables["crossing"], "country_a"), texts(tables["crossing"], "country_b"))
    return tuple(sorted(listed | {""}))


def _electrified_km(tables: Tables) -> dict[tuple[str, str], tuple[float, float]]:
    """Length of the links of each mode in each country: all, and electrified ones, km."""
    link = tables["link"]
    found: dict[tuple[str, str], tuple[float, float]] = {}
    columns = (
        texts(link, "mode"),
        texts(link, "country"),
        numbers(link, "length").tolist(),
        flags(link, "electrified").tolist(),
    )
    for mode, countries, km, wired in zip(*columns, strict=True):
        for country in split_list(countries) or ("",):
            whole, electric = found.get((mode, country), (0.0, 0.0))
            found[mode, country] = (whole + km, electric + km * wired)
    return found


def _mean_mix(shares: FleetShares, mode: str, country: str, km: tuple[float, float] | None) -> Mix:
    """Mix of a mode in a country, over its electrified links and the others."""
    whole, electric = km or (1.0, 1.0)
    parts = {True: electric / whole, False: 1 - electric / whole}
    found: Mix = {}
    for wired, part in parts.items():
        for name, (share, weight) in shares.mix(mode, [country] if country else [], electrified=wired).items():
            before = found.get(name, (0.0, 0.0))
            found[name] = (before[0] + part * share, before[1] + part * weight)
    return found


def _positions(names: list[str], countries: tuple[str, ...]) -> Ints:
    place = {country: number for number, country in enumerate(countries)}
    return np.array([place[name] for name in names], dtype=np.int64)


def _upstream(carriers: Carriers, grid: Grid, countries: tuple[str, ...], needed: set[int]) -> Floats:
    """Emissions of carriers before their use; a country that needs its grid must have one."""
    found = np.repeat(carriers.wtt_kg_per_mj[None, :], len(countries), axis=0)
    if ELECTRICITY in carriers.names:
        place = carriers.names.index(ELECTRICITY)
        grid.require(countries[number] for number in needed)
        for number, country in enumerate(countries):
            found[number, place] = grid.kg_per_mj(country) if grid.has(country) else np.nan
    return found


def _electric(amounts: Floats, carriers: Carriers) -> Ints:
    """Terminals that use electricity."""
    if ELECTRICITY not in carriers.names:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(amounts[:, carriers.names.index(ELECTRICITY)] > 0)


def _handling_arrays(handling: list[list[HandlingUse]], carriers: Carriers) -> tuple[Floats, Floats, Floats]:
    energy, ttw, wtt = np.zeros((len(handling), len(carriers.names))), np.zeros(len(handling)), np.zeros(len(handling))
    place = {name: number for number, name in enumerate(carriers.names)}
    for terminal, uses in enumerate(handling):
        for use in uses:
            ttw[terminal] += use.ttw_kg
            wtt[terminal] += use.wtt_kg
            if use.carrier:
                energy[terminal, place[use.carrier]] += use.amount * carriers.mj_per_unit[place[use.carrier]]
    return energy, ttw, wtt


@dataclass(frozen=True)
class _Places:
    """Vehicles of each mode in each country."""

    tables: Tables
    mixes: list[list[Mix]]
    drives: dict[str, Drive]
    carriers: Carriers

    def standing(self, power: str) -> Floats:
        """Energy of an hour at ``idle_kw`` or ``rest_kw``; shape (modes, countries, carriers)."""
        found = np.zeros((len(self.mixes), len(self.mixes[0]), len(self.carriers.names)))
        for mode, row in enumerate(self.mixes):
            for country, mix in enumerate(row):
                for name, (_, weight) in ((name, parts) for name, parts in mix.items() if parts[0] > 0):
                    place = self.carriers.names.index(self.drives[name].carrier)
                    found[mode, country, place] += weight * getattr(self.drives[name], power) * _KW_TO_MJ_PER_H
        return found

    def access(self, countries: tuple[str, ...]) -> Floats:
        """Energy of access; shape (loads, zones, modes, carriers)."""
        zone, vehicle = self.tables["zone"], self.tables["vehicle"]
        loads, _ = loads_of(self.tables)
        km, hours = numbers(zone, "access_km"), numbers(zone, "access_h")
        speed = np.where((km > 0) & (hours > 0), km / np.where(hours > 0, hours, 1.0), _ACCESS_KMH)
        payload, empties = numbers(vehicle, "payload_t"), numbers(vehicle, "empty_return")
        of_country = _positions(texts(zone, "country"), countries)
        found = np.zeros((len(loads), len(zone), len(vehicle), len(self.carriers.names)))
        for mode, row in enumerate(self.mixes):
            for name in sorted({name for mix in row for name in mix if mix[name][0] > 0}):
                weight = np.array([mix.get(name, (0.0, 0.0))[1] for mix in row])[of_country]
                place = self.carriers.names.index(self.drives[name].carrier)
                per_tkm = _level_mj_per_tkm(self.drives[name], loads, payload[mode], empties[mode], speed)
                found[:, :, mode, place] += weight * km * per_tkm
        return found


def _level_mj_per_tkm(drive: Drive, loads: Floats, payload_t: float, empties: float, speed_kmh: Floats) -> Floats:
    """Energy of a tonne-kilometre on the level with its empties, MJ; shape (loads, speeds)."""
    if drive.kind == "factor":
        return np.asarray(drive.energy_mj_per_tkm * loads[:, None] * np.ones(len(speed_kmh)))
    load, payload = payload_t / loads[:, None], np.asarray(payload_t)
    loaded = vehicle_mj_per_km(drive, load, payload, speed_kmh)
    return np.asarray((loaded + empties * vehicle_mj_per_km(drive, np.zeros(()), payload, speed_kmh)) / load)
