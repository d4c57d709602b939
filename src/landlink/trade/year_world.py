"""The world of a study in the year of a scenario: its equilibrium before a change, and what the study carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from landlink.core.arrays import Floats
from landlink.tables.frames import Tables
from landlink.trade.elasticities import Elasticities
from landlink.trade.multisector_solver import SectorEquilibrium, solve_sectors
from landlink.trade.multisector_world import World
from landlink.trade.study_world import study_world

__all__ = ["Channel", "YearWorld", "year_world"]

#: Exporter, importer and commodity.
Channel = tuple[str, str, str]


@dataclass(frozen=True, eq=False)
class YearWorld:
    """A world, and the part of its trade that a study carries.

    Attributes
    ----------
    world
        Shares, elasticities and values, USD a year of the base year.
    before
        Its equilibrium without a change.
    network_share
        Share of the value of each channel that the study carries; shape (importers, exporters, sectors).
    elasticities
        Elasticities of the sectors with their errors.
    reference_value
        Value of each channel with trade in the year, before tariffs, USD a year.
    """

    world: World
    before: SectorEquilibrium
    network_share: Floats
    elasticities: Elasticities
    reference_value: Mapping[Channel, float]


def year_world(tables: Tables, growth: Mapping[str, float]) -> YearWorld:
    """Build the world of a study and let it grow to a year.

    Shares are those of the base year. Values grow with the demand of their commodity.

    Parameters
    ----------
    tables
        Tables of the study in its base year.
    growth
        Growth of sectors from the base year to the year, as a factor; 1 where none is given.

    Raises
    ------
    InputError
        The study has no trade accounts, or they contradict each other.
    ConvergenceError
        The world is not in equilibrium.
    """
    made = study_world(tables)
    world = made.world
    before = solve_sectors(world, world.tariff, deficits="fixed")
    grown = before.imports.transpose(1, 2, 0) * np.array([growth.get(name, 1.0) for name in world.sectors])
    reference = {
        (world.regions[i], world.regions[n], world.sectors[j]): float(grown[n, i, j])
        for n, i, j in np.argwhere(grown > 0).tolist()
    }
    return YearWorld(world, before, made.network_share.transpose(1, 0, 2), made.elasticities, reference)
