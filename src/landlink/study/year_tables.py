"""Tables of a study in a year: with its calibration, its measures, its domestic freight and its growth.

Estimates of a calibration are applied; the wait is taken out of observed times of crossings
(:mod:`landlink.study.free_times`); the effects of measures in force are applied; domestic freight and cars are added to
demand and links as far as they count. Demand is that of the year, and links, terminals and constants out of service are
left out. Crossings are all included, with a column ``in_service``: a closed one still marks a border.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from landlink.core.errors import InputError
from landlink.study import effects
from landlink.study.applied_checks import applied_problems
from landlink.study.carbon_price import with_settings_price
from landlink.study.domestic_traffic import with_domestic_traffic, with_switches
from landlink.study.electricity_places import grid_year_problems
from landlink.study.free_times import with_free_times
from landlink.study.growth import growth_factors
from landlink.study.settings import Settings
from landlink.tables.frames import Tables

__all__ = ["tables_in_year"]


def tables_in_year(
    calibrated: Tables, settings: Settings, measures: tuple[str, ...], year: int
) -> dict[str, pd.DataFrame]:
    """Tables in a year.

    Parameters
    ----------
    calibrated
        Tables of a study with the estimates of its calibration.
    settings
        Its settings.
    measures
        Measures applied, in order.
    year
        The year.

    Raises
    ------
    InputError
        The measures produce an invalid value, or electricity is used in a year that its grid does not reach.
    """
    before = with_settings_price(with_switches(with_free_times(calibrated), settings), settings)
    tables = effects.with_measures(before, measures, year)
    if problems := applied_problems(before, tables, measures):
        raise InputError(problems)
    tables = with_domestic_traffic(tables, settings, year)
    for name in ("link", "terminal", "constant"):
        tables[name] = tables[name][effects.is_open(tables[name], year)].reset_index(drop=True)
    tables["crossing"] = tables["crossing"].assign(in_service=effects.is_open(tables["crossing"], year))
    tables["demand"] = _grown(tables, settings, year)
    if problems := grid_year_problems(tables, year):
        raise InputError(problems)
    return tables


def _grown(tables: Tables, settings: Settings, year: int) -> pd.DataFrame:
    """Demand of the year."""
    factors = growth_factors(tables["growth"], tables["commodity"]["commodity_id"], settings.base_year, year)
    demand = tables["demand"]
    number, names = demand["commodity_id"].factorize()
    factor = np.array([factors[name] for name in names], dtype=np.float64)[number]
    return demand.assign(tonnes_per_year=demand["tonnes_per_year"] * factor)
