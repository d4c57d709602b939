"""Indicators of what projects of renewable supply yield and spare."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pandas as pd

from landlink.freight.indicators import EVERYWHERE
from landlink.indicators.registry import IndicatorSet, TableView
from landlink.tables.frames import texts

__all__ = ["GRID_INDICATORS"]

GRID_INDICATORS: Final = IndicatorSet()


def _rows(view: TableView, country: str) -> pd.DataFrame:
    """Rows of a country, or of all."""
    table = view["grid_saving"]
    return table if country in ("", EVERYWHERE) else table[table["country"] == country]


def _fed(view: TableView) -> Iterable[tuple[str, ...]]:
    return [(), *((name,) for name in dict.fromkeys(texts(view["grid_saving"], "country")))]


@GRID_INDICATORS.indicator(
    "emissions.spared_t_per_year",
    arguments="[country]",
    unit="t/year",
    meaning="Emissions that renewable projects spare those who use the grid beside the freight; the part of freight is"
    f" in its own emissions. {EVERYWHERE} or nothing for all grids.",
    tables=("grid_saving", "country"),
    listing=_fed,
    every=lambda view: [(name,) for name in (EVERYWHERE, *dict.fromkeys(texts(view["country"], "country")))],
)
def _spared(view: TableView, country: str = EVERYWHERE) -> float:
    rows = _rows(view, country)
    return float((rows["spared_t_per_year"] - rows["freight_t_per_year"]).sum())


_OF: Final = f"of projects of renewable supply in service, by country; {EVERYWHERE} or nothing for all; 0 without any."


@GRID_INDICATORS.indicator(
    "grid.renewable_mw",
    unit="MW",
    meaning=f"Installed power {_OF}",
    arguments="[country]",
    tables=("grid_saving",),
    listing=_fed,
)
def _mw(view: TableView, country: str = "") -> float:
    return float(_rows(view, country)["mw"].sum())


@GRID_INDICATORS.indicator(
    "grid.renewable_gwh_per_year",
    unit="GWh/year",
    meaning=f"Output {_OF}",
    arguments="[country]",
    tables=("grid_saving",),
    listing=_fed,
)
def _gwh(view: TableView, country: str = "") -> float:
    return float(_rows(view, country)["generation_gwh_per_year"].sum())
