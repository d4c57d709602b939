"""Demand of a new study: from the GMNS folder, or a marked placeholder."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from landlink.core.errors import InputError, Problem
from landlink.formats.gmns_defaults import COMMODITY, PLACEHOLDER_TONNES, SOURCE_ID
from landlink.formats.gmns_network import numbers
from landlink.tables.frames import flags

_ORIGIN: Final = ("origin_zone_id", "o_zone_id", "from_zone_id", "orig_zone_id", "origin")
_DESTINATION: Final = ("destination_zone_id", "d_zone_id", "to_zone_id", "dest_zone_id", "destination")
_AMOUNT: Final = ("tonnes_per_year", "tonnes", "volume", "demand", "flow", "trips")
#: Number of zones with placeholder demand, which keeps the table small.
_PLACEHOLDER_ZONES: Final = 12


def demand_of(files: dict[str, pd.DataFrame], zone: pd.DataFrame, link: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Create the demand table.

    Raises
    ------
    InputError
        ``demand.csv`` exists but contains no usable flow.
    """
    if "demand" in files:
        return _from_file(files["demand"], set(zone["zone_id"]), notes)
    return _placeholder(zone, link, notes)


def _from_file(raw: pd.DataFrame, zones: set[str], notes: list[str]) -> pd.DataFrame:
    origin, destination, amount = (_first(raw, names) for names in (_ORIGIN, _DESTINATION, _AMOUNT))
    flows = pd.DataFrame(
        {
            "origin_zone_id": raw[origin].to_numpy(),
            "destination_zone_id": raw[destination].to_numpy(),
            "tonnes_per_year": numbers(raw, amount, "demand"),
        }
    )
    if amount not in ("tonnes_per_year", "tonnes"):
        notes.append(f"Check demand: the column {amount} of demand.csv was read as tonnes per year.")
    known = flows["origin_zone_id"].isin(zones) & flows["destination_zone_id"].isin(zones)
    within = flows["origin_zone_id"] == flows["destination_zone_id"]
    positive = flows["tonnes_per_year"] > 0
    for count, why in (
        (int((~known).sum()), "refer to unknown zones"),
        (int((within & known).sum()), "are intrazonal"),
    ):
        if count:
            notes.append(f"{count} rows of demand.csv {why} and were left out.")
    kept = flows[known & ~within & positive]
    if kept.empty:
        raise InputError(Problem("demand", "no row is a positive flow between two different zones of the network"))
    sums = kept.groupby(["origin_zone_id", "destination_zone_id"], sort=False, as_index=False).sum()
    return sums.assign(commodity_id=COMMODITY["commodity_id"], kind="trade", quality="estimated", source="gmns")


def _first(raw: pd.DataFrame, names: tuple[str, ...]) -> str:
    found = next((name for name in names if name in raw), None)
    if found is None:
        raise InputError(Problem("demand", "the column is missing", column=names[0], allowed=" or ".join(names)))
    return found


def _placeholder(zone: pd.DataFrame, link: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Create equal placeholder demand between some zones, so that the study can be run."""
    some = zone.head(_PLACEHOLDER_ZONES)
    reach = {node: _reachable(node, link) for node in some["node_id"].unique()}
    rows = [
        {
            "origin_zone_id": start,
            "destination_zone_id": end,
            "commodity_id": COMMODITY["commodity_id"],
            "kind": "placeholder",
            "tonnes_per_year": PLACEHOLDER_TONNES,
            "quality": "estimated",
            "source": SOURCE_ID,
            "note": "Placeholder: replace it",
        }
        for start, start_node in zip(some["zone_id"], some["node_id"], strict=True)
        for end, end_node in zip(some["zone_id"], some["node_id"], strict=True)
        if start != end and start_node != end_node and end_node in reach[start_node]
    ]
    if not rows:
        raise InputError(
            Problem("zone", "no zone can reach another", allowed="links that connect zones, or a demand.csv")
        )
    notes.insert(
        0,
        f"Replace demand.csv: there was none, so {PLACEHOLDER_TONNES:g} t/year were set between all pairs of "
        f"{len(some)} zones as a placeholder.",
    )
    return pd.DataFrame(rows)


def _reachable(start: str, link: pd.DataFrame) -> set[str]:
    """Nodes reachable from a node by any mode, since terminals connect the modes."""
    forward = link[["from_node_id", "to_node_id"]].to_numpy()
    two_way = forward[~flags(link, "directed")][:, ::-1]
    neighbours: dict[str, list[str]] = {}
    for tail, head in np.concatenate([forward, two_way]).tolist():
        neighbours.setdefault(tail, []).append(head)
    found, front = {start}, [start]
    while front:
        fresh = {head for node in front for head in neighbours.get(node, ())} - found
        found |= fresh
        front = list(fresh)
    return found
