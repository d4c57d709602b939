"""Consignments from the table of demand: which rows, or parts of them, are legs of one trade.

Most parts of rows are trade by themselves. Legs of re-exports with one exporter, importer, commodity and third country
are one consignment, of which the tonnes of the last leg are delivered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats, Ints
from landlink.core.sums import sum_at
from landlink.study.freight_channels import REEXPORT, freight_channels
from landlink.tables.frames import Tables, flags, numbers, texts

__all__ = ["ConsignmentRows", "consignment_rows"]

_CHANNEL: Final = ["exporter", "importer", "commodity_id"]
_WAY: Final = ["origin_zone_id", "destination_zone_id"]


@dataclass(frozen=True, eq=False)
class ConsignmentRows:
    """Consignments and their legs by name.

    Attributes
    ----------
    ends
        exporter, importer and commodity_id of each consignment.
    tonnes
        Tonnes delivered a year; shape (consignments,).
    value_usd_per_t
        Value density at the origin; shape (consignments,).
    legs
        origin_zone_id, destination_zone_id and commodity_id of each leg, those of a consignment together.
    leg_consignment
        Consignment of each leg; shape (legs,).
    leg_tonnes
        Tonnes a year; shape (legs,).
    """

    ends: pd.DataFrame
    tonnes: Floats
    value_usd_per_t: Floats
    legs: pd.DataFrame
    leg_consignment: Ints
    leg_tonnes: Floats

    def by_channel(self, values: Floats) -> dict[tuple[str, str, str], float]:
        """Sums of values of consignments by exporter, importer and commodity."""
        found: dict[tuple[str, str, str], float] = {}
        for key, value in zip(zip(*(texts(self.ends, name) for name in _CHANNEL), strict=True), values, strict=True):
            found[key] = found.get(key, 0.0) + float(value)
        return found


def consignment_rows(tables: Tables) -> ConsignmentRows:
    """Gather the demand of some tables into consignments, in the order of their names.

    Parameters
    ----------
    tables
        Tables of a study, or of a scenario in its year.
    """
    legs = _legs(tables)
    key = [*_CHANNEL, "through", *(f"own_{name}" for name in _WAY)]
    number = np.asarray(legs.groupby(key, sort=True).ngroup(), dtype=np.int64)
    count = int(number.max(initial=-1)) + 1
    tonnes, last = numbers(legs, "tonnes_per_year"), flags(legs, "delivers")
    reached, sent = (sum_at(number, part, count) for part in (np.where(last, tonnes, 0.0), tonnes))
    value = sum_at(number, numbers(legs, "value"), count) / np.where(sent > 0, sent, 1.0)
    first = np.searchsorted(number, np.arange(count))
    return ConsignmentRows(
        ends=legs[_CHANNEL].iloc[first].reset_index(drop=True),
        # Where no leg delivers, what is sent is used somewhere beyond.
        tonnes=np.where(reached > 0, reached, sent),
        value_usd_per_t=value,
        legs=legs[[*_WAY, "commodity_id"]],
        leg_consignment=number,
        leg_tonnes=tonnes,
    )


def _legs(tables: Tables) -> pd.DataFrame:
    """Parts of rows summed by consignment and way, in the order of their names."""
    demand, zone = tables["demand"], tables["zone"]
    country = dict(zip(texts(zone, "zone_id"), texts(zone, "country"), strict=True))
    parts = freight_channels(tables)
    parts = parts[parts["tonnes_per_year"] > 0]
    rows = parts["row"].to_numpy(dtype=np.int64)
    origin, destination = (demand[name].astype("str").to_numpy()[rows] for name in _WAY)
    chained = demand["kind"].to_numpy()[rows] == REEXPORT
    middle = np.where(flags(parts, "delivers"), origin, destination)
    found = parts.assign(
        origin_zone_id=origin,
        destination_zone_id=destination,
        through=[country[zone_id] if part else "" for zone_id, part in zip(middle, chained, strict=True)],
        own_origin_zone_id=np.where(chained, "", origin),
        own_destination_zone_id=np.where(chained, "", destination),
        value=parts["tonnes_per_year"] * parts["value_usd_per_t"],
    )
    key = [*_CHANNEL, "through", *(f"own_{name}" for name in _WAY), *_WAY, "delivers"]
    return found.groupby(key, sort=True)[["tonnes_per_year", "value"]].sum().reset_index()
