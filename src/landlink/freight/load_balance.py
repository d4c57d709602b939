"""Balance of loads between two countries: what moves loaded each way, and the empties that must return.

A vehicle or container that brings a load one way must leave again. If every load found one for the way back, the
direction with fewer loads would be made up by empties: the matched backhaul. These are the fewest empties that the
flows allow; the model's own costs count those of the table ``vehicle`` (column ``empty_return``).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from landlink.freight.flow_summary import FlowSummary
from landlink.freight.flow_tables import mean_vehicles
from landlink.tables.column import Column, Table
from landlink.tables.frames import numbers, texts

__all__ = ["BASES", "LOAD_BALANCE", "load_balance_table"]

#: What is balanced: vehicles at the border of the two countries, or the loads of their trade wherever these pass.
BASES: Final = ("border", "trade")


def _loads(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, "number", meaning, unit="vehicles/day", required=required)


LOAD_BALANCE: Final = Table(
    "load_balance",
    "Loads each way between two countries, their ratio and the empties that the imbalance implies.",
    (
        Column("country_a", "text", "First country.", required=True, key=True),
        Column("country_b", "text", "Second country.", required=True, key=True),
        Column(
            "basis",
            "text",
            "border: vehicles at the border between the two, with what only passes through. trade: loads of the trade"
            " between the two wherever they pass, each the payload of a truck or of a 40-foot container.",
            required=True,
            key=True,
            allowed=BASES,
        ),
        Column("mode", "text", "Family of modes at the border; alternative of trade.", required=True, key=True),
        _loads("loaded_ab_per_day", "Loads from a to b on a mean day.", required=True),
        _loads("loaded_ba_per_day", "Loads from b to a.", required=True),
        Column("ratio", "number", "Loads of the weaker direction divided by those of the stronger: 1 is balance."),
        _loads("implied_empty_ab_per_day", "Empties from a to b if every load finds one for the way back."),
        _loads("implied_empty_ba_per_day", "Empties from b to a likewise."),
        _loads("model_empty_ab_per_day", "Empties from a to b that the model counts, by the share of empty returns."),
        _loads("model_empty_ba_per_day", "Empties from b to a that the model counts."),
    ),
)


def load_balance_table(flow_summary: FlowSummary) -> pd.DataFrame:
    """Balance the loads of every pair of countries with a border between them, and of every pair that trades."""
    parts = [_at_borders(flow_summary), _of_trade(flow_summary)]
    table = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    there, back = numbers(table, "loaded_ab_per_day"), numbers(table, "loaded_ba_per_day")
    more = np.maximum(there, back)
    ratio = np.divide(np.minimum(there, back), more, out=np.full(len(more), np.nan), where=more > 0)
    table = table.assign(
        ratio=ratio,
        implied_empty_ab_per_day=np.maximum(back - there, 0.0),
        implied_empty_ba_per_day=np.maximum(there - back, 0.0),
    )
    columns = [column.name for column in LOAD_BALANCE.columns]
    return table.sort_values(["country_a", "country_b", "basis", "mode"], kind="stable")[columns].reset_index(drop=True)


def _at_borders(flow_summary: FlowSummary) -> pd.DataFrame:
    crossing = flow_summary.freight.network.tables["crossing"]
    loaded, empty = mean_vehicles(flow_summary)
    rows = pd.DataFrame({"mode": texts(crossing, "family")})
    sides = {"from": ("country_a", "country_b"), "to": ("country_b", "country_a")}
    ends = {end: np.array([texts(crossing, name) for name in names]).T for end, names in sides.items()}
    ways = [
        rows.assign(start=ends["from"][:, way], end=ends["to"][:, way], loaded=loaded[:, way], empty=empty[:, way])
        for way in (0, 1)
    ]
    return _by_pair(pd.concat(ways, ignore_index=True), "border")


def _of_trade(flow_summary: FlowSummary) -> pd.DataFrame:
    """Loads of trade by countries of origin and destination and alternative; none in a study without road vehicles."""
    freight, tables = flow_summary.freight, flow_summary.freight.network.tables
    vehicle, goods = tables["vehicle"], tables["commodity"]
    trucks = numbers(vehicle, "payload_t")[np.array(texts(vehicle, "family")) == "road"]
    if not len(trucks):
        return pd.DataFrame()
    markets, country = freight.assignment.markets, np.array(texts(tables["zone"], "country"))
    market = markets.option_market[flow_summary.options]
    start, end = country[freight.market_origin[market]], country[freight.market_destination[market]]
    alternatives = np.array([one.id for one in freight.alternatives])
    factor = numbers(goods, "load_factor")[freight.market_commodity[market]]
    ways = pd.DataFrame(
        {
            "mode": alternatives[freight.class_alternative[markets.option_class[flow_summary.options]]],
            "start": start,
            "end": end,
            "loaded": flow_summary.shipped * factor / freight.peak_factor / trucks.max(),
        }
    )
    return _by_pair(ways[start != end].assign(empty=np.nan), "trade")


def _by_pair(ways: pd.DataFrame, basis: str) -> pd.DataFrame:
    """Rows of one direction each, summed by pair of countries in the order of their codes."""
    start, end = ways["start"].to_numpy(dtype=object), ways["end"].to_numpy(dtype=object)
    forward = start < end
    first, last = np.where(forward, start, end), np.where(forward, end, start)
    columns = {
        f"{name}_{way}_per_day": ways[column].where(chosen, 0.0 if basis == "border" or name == "loaded" else np.nan)
        for name, column in (("loaded", "loaded"), ("model_empty", "empty"))
        for way, chosen in (("ab", forward), ("ba", ~forward))
    }
    rows = pd.DataFrame({"country_a": first, "country_b": last, "mode": ways["mode"], **columns})
    sums = rows.groupby(["country_a", "country_b", "mode"]).sum(min_count=1).reset_index()
    return sums[(sums["loaded_ab_per_day"] > 0) | (sums["loaded_ba_per_day"] > 0)].assign(basis=basis)
