"""Emissions of electricity by country and year, with the renewable supply that projects add."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from landlink.carbon.renewables import displaced
from landlink.core.errors import InputError, Problem
from landlink.study.carbon_defaults import carbon_rows
from landlink.study.electricity_places import grid_years
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
    years
        First and last year of the rows, by country. Grids of other years are not known: those of the nearest row stand
        here, and are refused where their electricity is used.
    """

    year: int
    g_per_kwh: Mapping[str, float]
    loss_percent: Mapping[str, float]
    years: Mapping[str, tuple[int, int]]

    def has(self, country: str) -> bool:
        """Whether the year lies within the rows of a country, or those for every country."""
        first, last = self.years.get(self.row(country), (math.inf, -math.inf))
        return first <= self.year <= last

    def require(self, countries: Iterable[str]) -> None:
        """Refuse countries whose electricity is used and whose grid is not known in the year.

        Raises
        ------
        InputError
            Lists them all.
        """
        if missing := [missing_grid(country, self) for country in sorted(set(countries)) if not self.has(country)]:
            raise InputError(missing)

    def kg_per_mj(self, country: str) -> float:
        """Emissions of electricity where it is used, with the losses on the way there, kg CO2e/MJ.

        Raises
        ------
        InputError
            The table has no row for the country, or none that reaches the year.
        """
        name = self.row(country)
        self.require([country])
        return self.g_per_kwh[name] / 1000.0 / _KWH_MJ / (1.0 - self.loss_percent[name] / 100.0)

    def mean_kg_per_mj(self, countries: Iterable[str]) -> float:
        """Mean over the countries of a link, kg CO2e/MJ."""
        return float(np.mean([self.kg_per_mj(country) for country in list(countries) or [""]]))

    def row(self, country: str) -> str:
        """Country of the rows that hold for a country: itself, or ``*``."""
        return country if country in self.g_per_kwh else EVERY_COUNTRY


def missing_grid(country: str, grid: Grid) -> Problem:
    """The problem of electricity that is used in a country without a grid in the year."""
    name = grid.row(country)
    if name in grid.years:
        first, last = grid.years[name]
        message = f"electricity is used here in {grid.year}, but the rows of the grid are of {first} to {last}"
        allowed = f"a year from {first} to {last}, or a row of {name} for {grid.year}"
        return Problem("grid", message, country or name, "year", str(grid.year), allowed)
    allowed = f"rows of {country} around {grid.year}, or rows of {EVERY_COUNTRY}" if country else "rows of *"
    return Problem(
        "grid", "electricity is used here, but its emissions are not given", country, "country", country, allowed
    )


def grid_of(tables: Tables, year: int) -> Grid:
    """Grids in a year: linear between the years of the table.

    A year before the first row or after the last is no error until electricity is used there: see :meth:`Grid.require`.

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
    factor, loss, generation = {}, {}, {}
    for country, found in rows.items():
        years, grams, losses, amounts = (np.array(values) for values in zip(*sorted(found), strict=True))
        factor[country] = float(np.interp(year, years, grams))
        loss[country] = float(np.interp(year, years, losses))
        known = ~np.isnan(amounts)
        if known.any():
            generation[country] = float(np.interp(year, years[known], amounts[known]))
    return Grid(year, displaced(tables["renewable"], year, factor, generation), loss, grid_years(tables))
