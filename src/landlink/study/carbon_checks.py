"""Consistency checks of the tables of energy and emissions, with one function per check."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from landlink.core.errors import Problem, first_suggestions
from landlink.study.carbon_defaults import carbon_rows
from landlink.study.check_registry import looks_at
from landlink.study.electricity_places import electric_places
from landlink.tables.carbon_schemas import ELECTRICITY, EVERY_COUNTRY, SEASON_LENGTHS
from landlink.tables.clock_cells import parse_numbers
from landlink.tables.frames import Tables, integers, numbers, texts
from landlink.tables.lists import split_list
from landlink.tables.shared_columns import FAMILIES

__all__: list[str] = []

#: How far shares may be from 1 in all: they are rounded.
_ROUNDING: Final = 1e-3
_PHYSICS: Final = ("tare_t", "rated_kw", "efficiency")
#: Columns that a kind of drive cannot do without.
_NEEDED: Final = {
    "road": (*_PHYSICS, "rolling_coefficient", "drag_area_m2"),
    "rail": (*_PHYSICS, "wagon_payload_t", "davis_a_n_per_t"),
    "factor": ("energy_mj_per_tkm",),
}
_NEEDED_COLUMNS: Final = " ".join(dict.fromkeys(name for names in _NEEDED.values() for name in names))


def _named(tables: Tables, table: str, *key: str) -> Iterator[str]:
    """Names of the rows of a table in messages."""
    for parts in zip(*(tables[table][name].astype(str).tolist() for name in key), strict=True):
        yield "/".join(parts)


_FLEET_KEY: Final = ("mode", "country", "corridor_id", "year", "drive_id")


@looks_at(fleet="share")
def fleets_that_do_not_add(tables: Tables) -> Iterable[Problem]:
    """Find fleets whose shares of drives do not add to 1."""
    fleet = tables["fleet"]
    total: dict[str, float] = defaultdict(float)
    for row, share in zip(_named(tables, "fleet", *_FLEET_KEY[:-1]), numbers(fleet, "share").tolist(), strict=True):
        total[row] += share
    for row, found in total.items():
        if abs(found - 1) > _ROUNDING:
            yield Problem(
                "fleet", "the shares of the drives do not add to 1", row, "share", f"{found:g}", "shares that add to 1"
            )


@looks_at(fleet="", drive="kind carrier", handling="", carrier="", vehicle="family", link="corridor")
def unknown_drives_and_carriers(tables: Tables) -> Iterable[Problem]:
    """Find modes, corridors, drives and carriers that neither the study nor the package has."""
    modes = [*dict.fromkeys((*texts(tables["vehicle"], "mode"), *FAMILIES))]
    corridors = sorted({name for cell in set(texts(tables["link"], "corridor")) for name in split_list(cell)})
    carriers = texts(carbon_rows(tables, "carrier"), "carrier_id")
    drives = texts(carbon_rows(tables, "drive"), "drive_id")
    handling_key = ("mode_a", "mode_b", "carrier")
    for table, key, column, known, what in (
        ("fleet", _FLEET_KEY, "mode", modes, "a mode of vehicle.csv or a family"),
        ("fleet", _FLEET_KEY, "corridor_id", ["", *corridors], "a corridor of some link"),
        ("fleet", _FLEET_KEY, "drive_id", drives, "a drive_id of drive.csv or of the package"),
        ("drive", ("drive_id",), "carrier", carriers, "a carrier_id of carrier.csv or of the package"),
        ("handling", handling_key, "mode_a", modes, "a mode of vehicle.csv or a family"),
        ("handling", handling_key, "mode_b", modes, "a mode of vehicle.csv or a family"),
        ("handling", handling_key, "carrier", ["", *carriers], "a carrier_id of carrier.csv or of the package"),
    ):
        near = first_suggestions()
        for row, value in zip(_named(tables, table, *key), texts(tables[table], column), strict=True):
            if value not in known:
                allowed = near(value, [name for name in known if name]) or what
                yield Problem(table, f"unknown {column}", row, column, value, allowed)


@looks_at(drive=f"kind {_NEEDED_COLUMNS}")
def drives_without_parameters(tables: Tables) -> Iterable[Problem]:
    """Find drives that lack what their kind of physics needs."""
    drive = tables["drive"]
    cells = {name: numbers(drive, name) for name in _NEEDED_COLUMNS.split()}
    for row, (name, kind) in enumerate(zip(texts(drive, "drive_id"), texts(drive, "kind"), strict=True)):
        for column in _NEEDED.get(kind, ()):
            if np.isnan(cells[column][row]):
                yield Problem(
                    "drive", f"needed for a drive of the kind {kind}, but empty", name, column, "", "a number"
                )


@looks_at(fleet="", drive="kind", vehicle="family")
def drives_of_other_families(tables: Tables) -> Iterable[Problem]:
    """Find trucks in fleets of trains, and the reverse; factors suit every family."""
    drive = carbon_rows(tables, "drive")
    kind = dict(zip(texts(drive, "drive_id"), texts(drive, "kind"), strict=True))
    family = dict(zip(texts(tables["vehicle"], "mode"), texts(tables["vehicle"], "family"), strict=True))
    names = zip(
        _named(tables, "fleet", *_FLEET_KEY),
        texts(tables["fleet"], "mode"),
        texts(tables["fleet"], "drive_id"),
        strict=True,
    )
    for row, mode, name in names:
        of = family.get(mode, mode)
        if kind.get(name, "factor") not in ("factor", of):
            allowed = f"a drive of the kind factor{f' or {of}' if of in _NEEDED else ''}"
            message = f"a drive of the kind {kind[name]} does not suit the mode, whose family is {of}"
            yield Problem("fleet", message, row, "drive_id", name, allowed)


@looks_at(carrier="unit mj_per_unit ttw_kg_per_unit")
def electricity_in_other_units(tables: Tables) -> Iterable[Problem]:
    """Find electricity that is not in kilowatt-hours, or that emits where it is used."""
    carrier = tables["carrier"]
    rows = zip(
        texts(carrier, "carrier_id"),
        texts(carrier, "unit"),
        numbers(carrier, "mj_per_unit").tolist(),
        numbers(carrier, "ttw_kg_per_unit").tolist(),
        strict=True,
    )
    for name, unit, energy, used in rows:
        if name == ELECTRICITY:
            if unit != "kWh":
                yield Problem(
                    "carrier", "the grid supplies electricity by the kilowatt-hour", name, "unit", unit, "kWh"
                )
            if abs(energy - 3.6) > 1e-9:
                yield Problem("carrier", "not the energy of a kilowatt-hour", name, "mj_per_unit", f"{energy:g}", "3.6")
            if used:
                yield Problem(
                    "carrier",
                    "electricity emits where it is made: see the table grid",
                    name,
                    "ttw_kg_per_unit",
                    f"{used:g}",
                    "0",
                )


@looks_at(
    grid="", fleet="share energy_factor", drive="kind carrier on_board", vehicle="family",
    handling="amount_per_t ttw_kg_per_t wtt_kg_per_t",
    link="mode country corridor electrified", terminal="node_id mode_a mode_b country", node="country",
)  # fmt: skip
def electricity_without_grid(tables: Tables) -> Iterable[Problem]:
    """Find countries in which electricity is used and of which the study's grid has no row."""
    known = set(texts(tables["grid"], "country"))
    if not known or EVERY_COUNTRY in known:
        return
    years = sorted(set(integers(tables["fleet"], "year").tolist())) or [0]
    for country, by in sorted(electric_places(tables, years).items()):
        if country not in known:
            allowed = (
                f"a row of {country}, or of {EVERY_COUNTRY} for all countries without rows" if country else "a row of *"
            )
            message = f"electricity is used here by {by}, but the grid has no row"
            yield Problem("grid", message, country or EVERY_COUNTRY, "country", country, allowed)


@looks_at(handling="amount_per_t")
def handling_of_nothing(tables: Tables) -> Iterable[Problem]:
    """Find amounts without a carrier, and carriers without an amount."""
    handling = tables["handling"]
    amounts = numbers(handling, "amount_per_t").tolist()
    names = _named(tables, "handling", "mode_a", "mode_b", "carrier")
    for row, carrier, amount in zip(names, texts(handling, "carrier"), amounts, strict=True):
        if carrier and np.isnan(amount):
            yield Problem("handling", "a carrier without an amount", row, "amount_per_t", "", "an amount by the tonne")
        if not carrier and amount > 0:
            yield Problem("handling", "an amount without a carrier", row, "carrier", "", "a carrier_id")


@looks_at(renewable="season")
def seasons_of_other_lengths(tables: Tables) -> Iterable[Problem]:
    """Find seasons that are given neither by the quarter nor by the month."""
    renewable = tables["renewable"]
    for name, cell in zip(texts(renewable, "project_id"), texts(renewable, "season"), strict=True):
        if cell and len(parse_numbers(cell)) not in SEASON_LENGTHS:
            message = f"{len(parse_numbers(cell))} numbers given"
            yield Problem("renewable", message, name, "season", cell, "4 numbers, one a quarter, or 12, one a month")


@looks_at(renewable="country displaced_g_per_kwh", grid="generation_gwh_per_year")
def supply_of_no_grid(tables: Tables) -> Iterable[Problem]:
    """Find renewable projects whose country has no grid to feed, or one whose generation is not given."""
    grid = carbon_rows(tables, "grid")
    known = {
        country
        for country, amount in zip(
            texts(grid, "country"), numbers(grid, "generation_gwh_per_year").tolist(), strict=True
        )
        if amount > 0
    }
    for name, country in zip(
        texts(tables["renewable"], "project_id"), texts(tables["renewable"], "country"), strict=True
    ):
        if country not in known:
            allowed = "a country with rows in grid.csv that give generation_gwh_per_year"
            yield Problem(
                "renewable", "the project feeds a grid whose generation is not given", name, "country", country, allowed
            )
