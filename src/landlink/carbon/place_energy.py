"""Energy and emissions of what stands still: vehicles that wait or rest, terminals, and access to zones."""

from __future__ import annotations

from dataclasses import dataclass

from landlink.core.arrays import Floats, Ints
from landlink.tables.frames import Tables

__all__ = ["PlaceEnergy", "place_energy"]


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
        Emissions before it is used; shape (countries, carriers). NaN for electricity of a country without a grid, where
        none is used.
    waiting_mj_per_vehicle_h
        Energy of one vehicle that waits for an hour, in the rows of the table ``vehicle``, by the fleet of the country
        and in its corridor-free rows, MJ; shape (modes, countries, carriers).
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

    Parameters
    ----------
    tables
        Tables of a study in a year, as :attr:`landlink.study.study.Scenario.tables` or those of a network.
    year
        Year of the fleets and grids.

    Raises
    ------
    InputError
        Electricity is used in a country of which the table ``grid`` has no row.
    """
    raise NotImplementedError
