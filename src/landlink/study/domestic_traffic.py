"""Traffic within countries as part of a study's tables: domestic freight in the demand, cars on the links.

The tables ``demand_domestic`` and ``background`` count row by row, by their column ``included``. Settings leave out all
rows of one; measures, which come after the settings, can bring them back.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools
from landlink.study.settings import Settings
from landlink.tables.frames import flags, numbers, texts
from landlink.tables.lists import split_list

__all__ = ["with_domestic_traffic", "with_switches"]


def with_switches(tables: Mapping[str, pd.DataFrame], settings: Settings) -> Mapping[str, pd.DataFrame]:
    """Tables with the rows left out that the settings leave out; the tables themselves if these leave out none."""
    left_out = [
        name
        for name, counts in (("demand_domestic", settings.domestic), ("background", settings.cars))
        if not counts and len(tables[name])
    ]
    return {**tables, **{name: tables[name].assign(included=False) for name in left_out}} if left_out else tables


def with_domestic_traffic(tables: Mapping[str, pd.DataFrame], settings: Settings, year: int) -> dict[str, pd.DataFrame]:
    """Add the traffic within countries that counts to the demand and the links.

    Parameters
    ----------
    tables
        Tables after measures.
    settings
        Settings of the study.
    year
        Year of the scenario, to which cars grow; the demand is left as of the base year.

    Returns
    -------
    dict
        The tables. Rows of ``demand_domestic`` that count follow those of ``demand``; links have the cars and the curve
        of the row of ``background`` that concerns them, unless they have a load or a curve of their own.
    """
    changed = dict(tables)
    domestic, cars = tables["demand_domestic"], tables["background"]
    if len(domestic) and (counts := flags(domestic, "included")).any():
        shared = [column for column in tables["demand"] if column in domestic]
        demand = pd.concat([tables["demand"], domestic.loc[counts, shared]], ignore_index=True)
        # An empty cell of text is empty text, as where it is read.
        texts = demand.columns.difference(demand.select_dtypes(["number", "bool"]).columns)
        changed["demand"] = demand.fillna(dict.fromkeys(texts, ""))
    if len(cars) and (counts := flags(cars, "included")).any():
        rows = cars[counts].reset_index(drop=True)
        changed["link"] = _with_cars(tables["link"], rows, max(0, year - settings.base_year))
    return changed


def _with_cars(link: pd.DataFrame, rows: pd.DataFrame, years: int) -> pd.DataFrame:
    """Links with the cars and curves of their rows of the table ``background``."""
    row, found = _rows_of_links(link, rows)
    grown = (1 + numbers(rows, "growth_pct_per_year") / 100) ** years
    load = (numbers(rows, "cars_per_day") * numbers(rows, "trucks_per_car") * grown)[row]
    own = numbers(link, "background_vehicles_per_day")
    curves = rows["curve"].to_numpy()[row]
    takes = found & (curves != "") & (link["curve"] == "").to_numpy()
    return link.assign(
        background_vehicles_per_day=np.where(found & (own == 0), load, own),
        curve=link["curve"].mask(takes, pd.Series(curves, link.index)),
        **{
            name: np.where(takes & np.isnan(numbers(link, name)), numbers(rows, name)[row], numbers(link, name))
            for name in ("curve_a", "curve_b")
        },
    )


def _rows_of_links(link: pd.DataFrame, rows: pd.DataFrame) -> tuple[np.ndarray, Bools]:
    """Row that concerns each link, that of its first country with one before that of all countries; and if any does."""
    keys = zip(texts(rows, "mode"), texts(rows, "facility_type"), texts(rows, "country"), strict=True)
    number = {key: i for i, key in enumerate(keys)}
    row = np.full(len(link), -1, dtype=np.int64)
    columns = (texts(link, name) for name in ("mode", "facility_type", "country"))
    for i, (mode, kind, countries) in enumerate(zip(*columns, strict=True)):
        row[i] = next((n for c in (*split_list(countries), "") if (n := number.get((mode, kind, c), -1)) >= 0), -1)
    return np.maximum(row, 0), row >= 0
