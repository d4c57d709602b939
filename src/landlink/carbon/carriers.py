"""Energy carriers: emissions and prices by their energy."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from landlink.core.arrays import Floats
from landlink.study.carbon_defaults import carbon_rows
from landlink.tables.carbon_schemas import ELECTRICITY
from landlink.tables.frames import Tables, numbers, texts

__all__ = ["Carriers", "carriers_of"]


@dataclass(frozen=True, eq=False)
class Carriers:
    """Carriers in alphabetical order, arrays of shape (carriers,).

    Attributes
    ----------
    names
        Their ids.
    units
        Units in which they are sold.
    mj_per_unit
        Energy of a unit, MJ.
    ttw_kg_per_mj, wtt_kg_per_mj
        Emissions where they are used and before, kg CO2e/MJ. Those of electricity before its use are 0: the grid has
        them.
    usd_per_mj
        Price, USD/MJ; NaN where unknown.
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    mj_per_unit: Floats
    ttw_kg_per_mj: Floats
    wtt_kg_per_mj: Floats
    usd_per_mj: Floats


def carriers_of(tables: Tables, names: Collection[str]) -> Carriers:
    """Emissions and prices of some carriers, from the study's rows or the package's."""
    frame = carbon_rows(tables, "carrier")
    row_of = {name: row for row, name in enumerate(texts(frame, "carrier_id"))}
    chosen = tuple(sorted(names))
    rows = np.array([row_of[name] for name in chosen], dtype=np.int64)
    energy = numbers(frame, "mj_per_unit")[rows]
    used, before, price = (
        numbers(frame, name)[rows] / energy for name in ("ttw_kg_per_unit", "wtt_kg_per_unit", "price_usd_per_unit")
    )
    of_grid = np.array([name == ELECTRICITY for name in chosen], dtype=np.bool_)
    unit = texts(frame, "unit")
    return Carriers(chosen, tuple(unit[row] for row in rows), energy, used, np.where(of_grid, 0.0, before), price)
