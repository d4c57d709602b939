"""Emissions of electricity by country and year, with the renewable supply that projects add."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from landlink.carbon.renewables import displaced
from landlink.core.errors import InputError, Problem
from landlink.study.carbon_defaults import carbon_rows
from landlink.tables.carbon_schemas import EVERY_COUNTRY
from landlink.tables.frames import Tables, numbers, texts

__all__ = ["Grid", "grid_of"]

_KWH_MJ = 3.6


@dataclass(frozen=True)
class Grid:
    """Grids in a year.

    Attributes
    ----------
    year
        The year.
    g_per_kwh
        Emissions of a kilowatt-hour that is sent out, by country, g CO2e/kWh.
    loss_percent
        Share that is lost before it is used, by country.
    held
        Countries of which the year lies outside the years of the table, with the year whose row is held.
    """

    year: int
    g_per_kwh: Mapping[str, float]
    loss_percent: Mapping[str, float]
    held: Mapping[str, int]

    def has(self, country: str) -> bool:
        """Whether there is a row for a country, or one for every country."""
        return self._name(country) in self.g_per_kwh

    def kg_per_mj(self, country: str) -> float:
        """Emissions of electricity where it is used, with the losses on the way there, kg CO2e/MJ.

        Raises
        ------
        InputError
            The table has no row for the country.
        """
        name = self._name(country)
        if name not in self.g_per_kwh:
            raise InputError(missing_grid(country, self.year))
        return self.g_per_kwh[name] / 1000.0 / _KWH_MJ / (1.0 - self.loss_percent[name] / 100.0)

    def mean_kg_per_mj(self, countries: Iterable[str]) -> float:
        """Mean over the countries of a link, kg CO2e/MJ."""
        return float(np.mean([self.kg_per_mj(country) for country in list(countries) or [""]]))

    def notices(self, countries: Iterable[str]) -> list[str]:
        """Say of which countries the last or first row is held."""
        used = {self._name(country) for country in countries}
        by_year: dict[int, list[str]] = {}
        for name in sorted(used & set(self.held)):
            by_year.setdefault(self.held[name], []).append(name)
        return [
            f"emissions of electricity in {self.year} are those of {of}, since the table grid has no row beyond:"
            f" {', '.join(names)}"
            for of, names in sorted(by_year.items())
        ]

    def _name(self, country: str) -> str:
        return country if country in self.g_per_kwh else EVERY_COUNTRY


def missing_grid(country: str, year: int | str) -> Problem:
    """The problem of electricity that is used in a country without a grid."""
    allowed = (
        f"a row of {country} for {year}, before or after, or a row of {EVERY_COUNTRY}" if country else "a row of *"
    )
    return Problem(
        "grid", "electricity is used here, but its emissions are not given", country, "country", country, allowed
    )


def grid_of(tables: Tables, year: int) -> Grid:
    """Grids in a year: linear between the years of the table, held before the first and after the last.

    Projects of the table ``renewable`` in service replace marginal generation of their country, see
    :mod:`landlink.carbon.renewables`.

    Parameters
    ----------
    tables
        Tables of a study.
    year
        The year.
    """
    frame = carbon_rows(tables, "grid")
    columns = ("year", "g_per_kwh", "loss_percent", "generation_gwh_per_year")
    rows: dict[str, list[tuple[float, ...]]] = {}
    for country, *cells in zip(
        texts(frame, "country"), *(numbers(frame, name).tolist() for name in columns), strict=True
    ):
        rows.setdefault(country, []).append(tuple(cells))
    factor, loss, generation, held = {}, {}, {}, {}
    for country, found in rows.items():
        years, grams, losses, amounts = (np.array(values) for values in zip(*sorted(found), strict=True))
        factor[country] = float(np.interp(year, years, grams))
        loss[country] = float(np.interp(year, years, losses))
        known = ~np.isnan(amounts)
        if known.any():
            generation[country] = float(np.interp(year, years[known], amounts[known]))
        if not years[0] <= year <= years[-1]:
            held[country] = int(years[0] if year < years[0] else years[-1])
    return Grid(year, displaced(tables["renewable"], year, factor, generation), loss, held)
