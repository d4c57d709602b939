"""Consignments from the table of demand: which rows are legs of one trade, and between which countries it is.

A row without an exporter or importer of its own is trade between the countries of its zones. A row that names others is
a leg of what those two countries trade through a third: rows of one exporter, importer, commodity and third country are
one consignment, of which the tonnes that reach the importer are delivered. A gateway zone stands for all places beyond
it, so that its country may be a third one likewise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats, Ints
from landlink.core.sums import sum_at
from landlink.tables.frames import Tables, numbers

__all__ = ["ConsignmentRows", "consignment_rows"]

_ENDS = ("exporter", "importer")
_WAY = ("origin_zone_id", "destination_zone_id")


@dataclass(frozen=True, eq=False)
class ConsignmentRows:
    """Consignments and their legs by name.

    Attributes
    ----------
    ends
        exporter, importer and commodity_id of each consignment.
    tonnes
        Tonnes delivered a year; shape (consignments,).
    legs
        origin_zone_id, destination_zone_id and commodity_id of each leg, those of a consignment together.
    leg_consignment
        Consignment of each leg; shape (legs,).
    leg_tonnes
        Tonnes a year; shape (legs,).
    """

    ends: pd.DataFrame
    tonnes: Floats
    legs: pd.DataFrame
    leg_consignment: Ints
    leg_tonnes: Floats

    def by_channel(self, values: Floats) -> dict[tuple[str, str, str], float]:
        """Sums of values of consignments by exporter, importer and commodity."""
        sums = pd.Series(values).groupby([self.ends[name] for name in (*_ENDS, "commodity_id")]).sum()
        return {(str(i), str(n), str(k)): float(value) for (i, n, k), value in sums.items()}


def consignment_rows(tables: Tables) -> ConsignmentRows:
    """Gather the demand of some tables into consignments, in the order of their names.

    Parameters
    ----------
    tables
        The tables ``demand`` and ``zone`` of a study in a year.
    """
    demand = tables["demand"]
    demand = demand[demand["tonnes_per_year"] > 0]
    country = dict(zip(tables["zone"]["zone_id"], tables["zone"]["country"], strict=True))
    rows = demand[[*_WAY, "commodity_id", "tonnes_per_year"]].astype(dict.fromkeys((*_WAY, "commodity_id"), "str"))
    here = [rows[name].map(country) for name in _WAY]
    for name, own in zip(_ENDS, here, strict=True):
        given = demand[name].fillna("").astype("str") if name in demand else pd.Series("", index=demand.index)
        rows[name] = given.where(given != "", own)
    starts, arrives = rows["exporter"] == here[0], rows["importer"] == here[1]
    through = here[1].where(starts, here[0])
    direct = starts & arrives
    # A direct row is a consignment of its own; rows of the same zones and commodity are one.
    for name in _WAY:
        rows[f"own_{name}"] = rows[name].where(direct, "")
    rows["through"] = through.where(~direct, "")
    rows["delivered"] = arrives
    key = [*_ENDS, "commodity_id", "through", *(f"own_{name}" for name in _WAY)]
    legs = rows.groupby([*key, *_WAY, "delivered"], sort=True, as_index=False)["tonnes_per_year"].sum()
    number = legs.groupby(key, sort=True).ngroup().to_numpy(dtype=np.int64)
    count = int(number.max(initial=-1)) + 1
    tonnes = numbers(legs, "tonnes_per_year")
    reached = sum_at(number, np.where(legs["delivered"], tonnes, 0.0), count)
    # Where no leg reaches the importer's own zones, what leaves the exporter's is delivered somewhere beyond.
    first = legs.drop_duplicates(key)[[*_ENDS, "commodity_id"]].reset_index(drop=True)
    sent = sum_at(number, tonnes, count)
    delivered = np.where(reached > 0, reached, sent)
    return ConsignmentRows(first, delivered, legs[[*_WAY, "commodity_id"]], number, tonnes)
