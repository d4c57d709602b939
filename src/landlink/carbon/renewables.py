"""What projects of renewable supply do to the emissions of a grid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem
from landlink.study.effects import is_open
from landlink.tables.cell_parsers import PARSERS
from landlink.tables.frames import numbers, texts

__all__ = ["annual_gwh", "displaced", "season_shares"]

_HOURS: Final = 8760.0


def annual_gwh(renewable: pd.DataFrame) -> Floats:
    """Energy of each project in a year, GWh: installed power times capacity factor times 8,760 hours."""
    return np.asarray(numbers(renewable, "mw") * numbers(renewable, "capacity_factor") * _HOURS / 1000.0)


def season_shares(cell: str) -> Floats:
    """Shares of the months in the output of a year; shape (12,).

    Parameters
    ----------
    cell
        Cell of the column ``season``: the relative output of four quarters or twelve months; empty: even.

    Examples
    --------
    >>> season_shares("1;2;4;1").round(3).tolist()[:4]
    [0.042, 0.042, 0.042, 0.083]
    """
    amounts = np.array(PARSERS["numbers"](cell) if cell else (1.0,), dtype=np.float64)
    months = np.repeat(amounts, 12 // len(amounts))
    return np.asarray(months / months.sum())


def displaced(
    renewable: pd.DataFrame, year: int, factor: Mapping[str, float], generation: Mapping[str, float]
) -> dict[str, float]:
    r"""Emission factors of grids with the projects in service in a year, g CO2e/kWh.

    A project that gives e of the G kilowatt-hours of a grid replaces generation with the factor m
    (``displaced_g_per_kwh``, else the grid's mean) by its own with the factor l: the mean falls by
    :math:`(m - l)\,e / G`, but not below 0. This is the logic of UNFCCC's ACM0002 with the margin stated by the study.

    Raises
    ------
    InputError
        A project feeds a grid without its own row, or one whose generation is not given.
    """
    found = dict(factor)
    if renewable.empty:
        return found
    rows = renewable[is_open(renewable, year).to_numpy()]
    own, marginal = numbers(rows, "life_g_per_kwh").tolist(), numbers(rows, "displaced_g_per_kwh").tolist()
    names = zip(
        texts(rows, "project_id"), texts(rows, "country"), annual_gwh(rows).tolist(), own, marginal, strict=True
    )
    problems = []
    for project, country, gwh, life, instead in names:
        if country not in generation:
            allowed = "a country with rows in grid.csv that give generation_gwh_per_year"
            message = "the project feeds a grid whose generation is not given"
            problems.append(Problem("renewable", message, project, "country", country, allowed))
            continue
        before = factor[country] if np.isnan(instead) else instead
        found[country] = max(0.0, found[country] - (before - life) * min(1.0, gwh / generation[country]))
    if problems:
        raise InputError(problems)
    return found
