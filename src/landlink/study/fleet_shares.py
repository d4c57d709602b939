"""Shares of drives on each link in a year, from the table ``fleet`` of a study and the package's."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools, Floats
from landlink.study.carbon_defaults import FALLBACK_TRAIN, carbon_rows, default_rows
from landlink.tables.carbon_schemas import ELECTRICITY, EVERY_COUNTRY
from landlink.tables.frames import Tables, flags, numbers, texts
from landlink.tables.lists import split_list

__all__ = ["FleetShares", "Mix", "fleet_shares", "link_mixes", "overhead_drives"]

#: Drives with their share of the vehicle-kilometres and their share times the factor on energy.
Mix: TypeAlias = dict[str, tuple[float, float]]
_Group: TypeAlias = tuple[str, str, str]


@dataclass(frozen=True)
class FleetShares:
    """Mixes of drives by mode, country and corridor in a year.

    Attributes
    ----------
    groups
        Mixes of the study, by mode, country and corridor.
    defaults
        Those of the package, by family and country.
    family
        Family of each mode.
    overhead
        Drives that need an electrified link.
    year
        The year.
    held
        Modes and families of the study that have rows on one side of the year alone, with the year that is held.
    """

    groups: Mapping[_Group, Mix]
    defaults: Mapping[_Group, Mix]
    family: Mapping[str, str]
    overhead: frozenset[str]
    year: int = 0
    held: Mapping[str, int] = field(default_factory=dict)

    def mix(
        self, mode: str, countries: Sequence[str], corridors: Collection[str] = (), *, electrified: bool = True
    ) -> Mix:
        """Mix of drives of a mode: the mean over countries, without overhead drives where a link is not electrified."""
        found: Mix = {}
        places = list(countries) or [""]
        for country in places:
            for drive, (share, weight) in self._in_country(mode, country, corridors).items():
                before = found.get(drive, (0.0, 0.0))
                found[drive] = (before[0] + share / len(places), before[1] + weight / len(places))
        return found if electrified else self._without_overhead(found)

    def is_default(self, mode: str) -> bool:
        """Whether the mix of a mode is the package's."""
        return not any(name in (mode, self.family[mode]) for name, _, _ in self.groups)

    def notices(self) -> list[str]:
        """Say of which modes the last or first rows are held."""
        used = {*self.family, *self.family.values()}
        by_year: dict[int, list[str]] = {}
        for mode in sorted(used & set(self.held)):
            by_year.setdefault(self.held[mode], []).append(mode)
        return [
            f"shares of drives in {self.year} are those of {of}, since the table fleet has no row beyond:"
            f" {', '.join(modes)}"
            for of, modes in sorted(by_year.items())
        ]

    def _in_country(self, mode: str, country: str, corridors: Iterable[str]) -> Mix:
        for name in dict.fromkeys((mode, self.family[mode])):
            for corridor in (*corridors, ""):
                for place in (country, EVERY_COUNTRY):
                    if (name, place, corridor) in self.groups:
                        return self.groups[name, place, corridor]
        return self.defaults[self.family[mode], EVERY_COUNTRY, ""]

    def _without_overhead(self, mix: Mix) -> Mix:
        rest = {drive: parts for drive, parts in mix.items() if drive not in self.overhead and parts[0] > 0}
        total = sum(share for share, _ in rest.values())
        if len(rest) == len(mix) or not mix:
            return mix
        if total <= 0:
            # The age of the fleet is known, the trains are not.
            return {FALLBACK_TRAIN: (1.0, sum(w for _, w in mix.values()) / sum(s for s, _ in mix.values()))}
        return {drive: (share / total, weight / total) for drive, (share, weight) in rest.items()}


def overhead_drives(drive: pd.DataFrame) -> frozenset[str]:
    """Electric trains that do not carry their energy."""
    rows = zip(
        texts(drive, "drive_id"), texts(drive, "kind"), texts(drive, "carrier"), flags(drive, "on_board"), strict=True
    )
    return frozenset(name for name, kind, carrier, own in rows if kind == "rail" and carrier == ELECTRICITY and not own)


def fleet_shares(tables: Tables, year: int) -> FleetShares:
    """Mixes of drives in a year: linear between the years of the table ``fleet``, held outside them."""
    vehicle = tables["vehicle"]
    return FleetShares(
        _mixes(tables["fleet"], year),
        _mixes(default_rows("fleet"), year),
        dict(zip(texts(vehicle, "mode"), texts(vehicle, "family"), strict=True)),
        overhead_drives(carbon_rows(tables, "drive")),
        year,
        _held(tables["fleet"], year),
    )


def _held(fleet: pd.DataFrame, year: int) -> dict[str, int]:
    """Modes of which some rows end before a year or begin after it, with the year held that is farthest off."""
    found: dict[str, int] = {}
    years = fleet["year"].astype(np.int64)
    for (mode, _, _), of in years.groupby([fleet[name].fillna("") for name in ("mode", "country", "corridor_id")]):
        if not of.min() <= year <= of.max():
            nearest = int(of.max() if year > of.max() else of.min())
            found[str(mode)] = min(found.get(str(mode), nearest), nearest, key=lambda one: -abs(one - year))
    return found


def _mixes(fleet: pd.DataFrame, year: int) -> dict[_Group, Mix]:
    rows: dict[_Group, dict[int, dict[str, tuple[float, float]]]] = {}
    columns = (texts(fleet, name) for name in ("mode", "country", "corridor_id", "drive_id"))
    amounts = (numbers(fleet, name).tolist() for name in ("share", "energy_factor"))
    years = fleet["year"].tolist()
    for mode, country, corridor, drive, share, factor, of in zip(*columns, *amounts, years, strict=True):
        rows.setdefault((mode, country, corridor), {}).setdefault(int(of), {})[drive] = (share, share * factor)
    return {group: _between(by_year, year) for group, by_year in rows.items()}


def _between(by_year: Mapping[int, Mix], year: int) -> Mix:
    """Shares in a year, linear between those given."""
    years = sorted(by_year)
    nothing = (0.0, 0.0)
    return {
        drive: (
            float(np.interp(year, years, [by_year[of].get(drive, nothing)[0] for of in years])),
            float(np.interp(year, years, [by_year[of].get(drive, nothing)[1] for of in years])),
        )
        for drive in dict.fromkeys(drive for of in years for drive in by_year[of])
    }


_KEYS: Final = ("mode", "country", "corridor")


def link_mixes(link: pd.DataFrame, shares: FleetShares) -> tuple[tuple[str, ...], Floats, Floats]:
    """Drives of all links and their shares on each.

    Returns
    -------
    drives
        Drives with a share on some link, in alphabetical order.
    share, weight
        Share of the vehicle-kilometres, and that times the factor on energy; shape (links, drives).
    """
    number, kinds = _alike(link, flags(link, "electrified"))
    mixes = [shares.mix(mode, countries, corridors, electrified=wired) for mode, countries, corridors, wired in kinds]
    drives = tuple(sorted({drive for mix in mixes for drive, (share, _) in mix.items() if share > 0}))
    table = np.array([[mix.get(drive, (0.0, 0.0)) for drive in drives] for mix in mixes], dtype=np.float64)
    table = table.reshape(len(kinds), len(drives), 2)
    return drives, table[number, :, 0], table[number, :, 1]


def _alike(
    link: pd.DataFrame, electrified: Bools
) -> tuple[np.ndarray, list[tuple[str, tuple[str, ...], tuple[str, ...], bool]]]:
    """Number of each link's kind, and the kinds: mode, countries, corridors, whether electrified."""
    split = functools.cache(split_list)
    kinds: dict[tuple[str, str, str, bool], int] = {}
    columns = (texts(link, name) for name in _KEYS)
    number = [kinds.setdefault(key, len(kinds)) for key in zip(*columns, electrified.tolist(), strict=True)]
    made = [
        (mode, tuple(split(countries)), tuple(split(corridors)), wired) for mode, countries, corridors, wired in kinds
    ]
    return np.array(number, dtype=np.int64), made
