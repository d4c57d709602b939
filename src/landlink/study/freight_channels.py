"""Which trade between countries each row of freight belongs to."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools
from landlink.study.trade_checks import freight_countries
from landlink.tables.frames import Tables, numbers, texts

__all__ = ["REEXPORT", "freight_channels"]

#: Kind of the rows of demand that are legs of re-exports.
REEXPORT: Final = "reexport"


def freight_channels(tables: Tables) -> pd.DataFrame:
    """Split the rows of demand into channels: exporter, importer and commodity.

    A row belongs to the countries of its zones, or to those that its columns ``exporter`` and ``importer`` name, to
    each with its share. Legs of re-exports belong to the trade between the countries at the ends of the chain, and
    only the last leg *delivers*: the goods of the others are counted there.

    Parameters
    ----------
    tables
        Tables of a study, or of a scenario in its year.

    Returns
    -------
    pandas.DataFrame
        ``row``, position in ``demand``; ``exporter``, ``importer``, ``commodity_id``; ``share`` of the row's tonnes;
        ``tonnes_per_year``; ``value_usd_per_t``; ``delivers``. One row or more for each of demand, in its order.
    """
    demand = tables["demand"]
    ends = zip(
        freight_countries(tables, "exporter", "origin_zone_id"),
        freight_countries(tables, "importer", "destination_zone_id"),
        strict=True,
    )
    parts = [
        (row, exporter, importer, a * b)
        for row, (exporters, importers) in enumerate(ends)
        for exporter, a in exporters.items()
        for importer, b in importers.items()
    ]
    found = pd.DataFrame(parts, columns=["row", "exporter", "importer", "share"])
    rows = found["row"].to_numpy(dtype=np.int64)
    found["commodity_id"] = demand["commodity_id"].to_numpy()[rows]
    found["tonnes_per_year"] = numbers(demand, "tonnes_per_year")[rows] * found["share"]
    commodity = tables["commodity"]
    usual = dict(zip(texts(commodity, "commodity_id"), numbers(commodity, "value_usd_per_t").tolist(), strict=True))
    own = numbers(demand, "value_usd_per_t")[rows]
    found["value_usd_per_t"] = np.where(np.isnan(own), found["commodity_id"].map(usual), own)
    found["delivers"] = _delivers(demand, found)
    return found[
        ["row", "exporter", "importer", "commodity_id", "share", "tonnes_per_year", "value_usd_per_t", "delivers"]
    ]


def _delivers(demand: pd.DataFrame, channels: pd.DataFrame) -> Bools:
    """Whether each part ends where its goods are used: all but legs of re-exports that another leg goes on from."""
    rows = channels["row"].to_numpy(dtype=np.int64)
    leg = (demand["kind"].to_numpy() == REEXPORT)[rows]
    keys = [channels[name].tolist() for name in ("exporter", "importer", "commodity_id")]
    begins = list(zip(*keys, demand["origin_zone_id"].to_numpy()[rows].tolist(), strict=True))
    ends = list(zip(*keys, demand["destination_zone_id"].to_numpy()[rows].tolist(), strict=True))
    onward = {begin for begin, is_leg in zip(begins, leg.tolist(), strict=True) if is_leg}
    goes_on = np.array([end in onward for end in ends], dtype=np.bool_)
    return np.asarray(~(leg & goes_on))
