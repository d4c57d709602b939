"""Where a study uses electricity, and years for which its grids there have no rows."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from landlink.core.errors import Problem
from landlink.study.carbon_defaults import carbon_rows
from landlink.study.effects import is_open
from landlink.study.fleet_shares import fleet_shares, link_mixes
from landlink.study.handling_uses import terminal_countries, terminal_uses
from landlink.tables.carbon_schemas import ELECTRICITY, EVERY_COUNTRY
from landlink.tables.frames import Tables, integers, texts
from landlink.tables.lists import split_list

__all__ = ["electric_places", "grid_year_problems", "grid_years"]


def electric_places(tables: Tables, years: Iterable[int]) -> dict[str, str]:
    """Countries in which electricity is used by the fleets of some years, and the first that uses it."""
    drive = carbon_rows(tables, "drive")
    runs_on = dict(zip(texts(drive, "drive_id"), texts(drive, "carrier"), strict=True))
    found: dict[str, str] = {}
    names, cells = texts(tables["link"], "link_id"), texts(tables["link"], "country")
    for year in years:
        drives, share, _ = link_mixes(tables["link"], fleet_shares(tables, year))
        electric = np.array([runs_on.get(name) == ELECTRICITY for name in drives], dtype=np.bool_)
        for row in np.flatnonzero(share[:, electric].sum(axis=1) > 0).tolist():
            for country in split_list(cells[row]) or ("",):
                found.setdefault(country, f"the link {names[row]}")
    terminals = zip(
        texts(tables["terminal"], "terminal_id"), terminal_countries(tables), terminal_uses(tables), strict=True
    )
    for name, country, uses in terminals:
        if any(use.carrier == ELECTRICITY and use.amount > 0 for use in uses):
            found.setdefault(country, f"the terminal {name}")
    return found


def grid_years(tables: Tables) -> dict[str, tuple[int, int]]:
    """First and last year of the rows of each grid, by its country or ``*``."""
    frame = carbon_rows(tables, "grid")
    found: dict[str, tuple[int, int]] = {}
    for country, year in zip(texts(frame, "country"), integers(frame, "year").tolist(), strict=True):
        first, last = found.get(country, (year, year))
        found[country] = min(first, year), max(last, year)
    return found


def grid_year_problems(tables: Tables, year: int) -> list[Problem]:
    """Find grids whose electricity is used, or that projects feed, in a year outside the years of their rows.

    Parameters
    ----------
    tables
        Tables in the year: links and terminals that are in service.
    year
        The year.
    """
    known = grid_years(tables)
    if all(first <= year <= last for first, last in known.values()):
        return []
    places = electric_places(tables, [year])
    for name, country in _projects(tables, year):
        places.setdefault(country, f"the project {name}")
    by_row: dict[str, list[str]] = {}
    for country, by in sorted(places.items()):
        row = country if country in known else EVERY_COUNTRY
        if row in known and not known[row][0] <= year <= known[row][1]:
            by_row.setdefault(row, []).append(f"{country} by {by}" if country and country != row else by)
    return [_outside(tables, row, known[row], year, used) for row, used in sorted(by_row.items())]


def _projects(tables: Tables, year: int) -> list[tuple[str, str]]:
    """Projects of renewable supply in service, with the country whose grid each feeds."""
    renewable = tables["renewable"]
    rows = renewable[is_open(renewable, year).to_numpy()] if len(renewable) else renewable
    return list(zip(texts(rows, "project_id"), texts(rows, "country"), strict=True))


def _outside(tables: Tables, row: str, years: tuple[int, int], year: int, used: list[str]) -> Problem:
    whose = "the package's grid" if tables["grid"].empty else "the grid"
    span = f"{years[0]} alone" if years[0] == years[1] else f"{years[0]} to {years[1]}"
    message = f"electricity is used in {year} ({'; '.join(used)}), but the rows of {whose} are of {span}"
    covered = f"the year {years[0]}" if years[0] == years[1] else f"a year from {years[0]} to {years[1]}"
    needed = f"{year} or {'later' if year > years[1] else 'earlier'}"
    own = "a table grid of the study with" if tables["grid"].empty else "also"
    return Problem("grid", message, row, "year", str(year), f"{covered}, or {own} a row of {row} for {needed}")
