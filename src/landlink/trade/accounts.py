"""The world of a study: its trade accounts in equilibrium, and what of them the study carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem, hint
from landlink.trade.multisector_solver import SectorEquilibrium, solve_sectors
from landlink.trade.multisector_world import World

__all__ = ["Channel", "TradeAccounts", "trade_accounts"]

#: Exporter, importer and commodity.
Channel = tuple[str, str, str]


@dataclass(frozen=True, eq=False)
class TradeAccounts:
    """A world, and the part of its trade that a study carries.

    Attributes
    ----------
    world
        Shares, elasticities and values, USD a year of the base year.
    before
        Its equilibrium without a change.
    network_share
        Share of the value of each channel that the study carries; shape (importers, exporters, sectors).
    reference_value
        Value of each channel with trade in the year of the scenario, USD a year.
    """

    world: World
    before: SectorEquilibrium
    network_share: Floats
    reference_value: Mapping[Channel, float]


def trade_accounts(world: World, carried: Mapping[Channel, float], growth: Mapping[str, float]) -> TradeAccounts:
    """Set what a study carries against the accounts of its world.

    Parameters
    ----------
    world
        The world of the base year; its regions are countries, its sectors the study's commodities and others.
    carried
        Value that the study carries in the base year by channel, USD a year.
    growth
        Growth of each sector from the base year to the year of the scenario, as a factor; 1 where none is given.

    Raises
    ------
    InputError
        The study carries trade of countries or commodities that the world does not have.
    ConvergenceError
        The world is not in equilibrium.
    """
    countries = {name: i for i, name in enumerate(world.regions)}
    sectors = {name: j for j, name in enumerate(world.sectors)}
    _check_names(carried, countries, sectors)
    before = solve_sectors(world, world.tariff, deficits="fixed")
    value = before.imports.transpose(1, 2, 0)
    on_network = np.zeros_like(value)
    for (exporter, importer, commodity), usd in carried.items():
        on_network[countries[importer], countries[exporter], sectors[commodity]] += usd
    # What is carried beyond the accounts, as where they are of another source, is all of the channel.
    share = np.divide(on_network, value, out=np.zeros_like(value), where=value > 0)
    grown = value * np.array([growth.get(name, 1.0) for name in world.sectors])
    reference = {
        (world.regions[i], world.regions[n], world.sectors[j]): float(grown[n, i, j])
        for n, i, j in np.argwhere(grown > 0).tolist()
    }
    return TradeAccounts(world, before, np.minimum(share, 1.0), reference)


def _check_names(carried: Mapping[Channel, float], countries: Mapping[str, int], sectors: Mapping[str, int]) -> None:
    problems = []
    ends = dict.fromkeys(name for exporter, importer, _ in carried for name in (exporter, importer))
    for name in ends:
        if name not in countries:
            message = "no accounts of a country that the study's freight comes from or goes to" + hint(name, countries)
            problems.append(Problem("trade_country", message, column="country", value=name))
    for name in dict.fromkeys(commodity for _, _, commodity in carried):
        if name not in sectors:
            message = "the trade accounts do not know the commodity" + hint(name, sectors)
            problems.append(Problem("trade", message, column="commodity_id", value=name))
    if problems:
        raise InputError(problems)
