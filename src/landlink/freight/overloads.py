"""Places that are asked for much more than they can pass: loads over capacities above a stated ratio.

Congestion functions accept any load. Far above the capacity, the delay that they give is no forecast any more. Where a
capacity delays nothing, because its curve or its time is none, the load passes without a trace. Both are listed.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats, Ints
from landlink.core.sums import sum_at, weighted_rows
from landlink.freight.definitions import OVERLOADED
from landlink.freight.flow_summary import FlowSummary
from landlink.network.supernetwork import Kind
from landlink.tables.column import Column, Table
from landlink.tables.frames import numbers, texts

__all__ = ["OVERLOAD", "overload_table"]

OVERLOAD: Final = Table(
    "overload",
    f"Places whose load on the design day is more than {OVERLOADED:g} times their capacity, the worst first.",
    (
        Column("kind", "text", "Kind of place.", required=True, key=True, allowed=("link", "crossing", "terminal")),
        Column("place_id", "text", "Load group of links, crossing or terminal.", required=True, key=True),
        Column("family", "text", "Family of modes of a crossing; empty for others.", key=True),
        Column(
            "load", "number", "Load on the design day with background: vehicles; at terminals tonnes.", required=True
        ),
        Column("capacity", "number", "Capacity in the same unit.", required=True),
        Column("ratio", "number", "Load over capacity.", required=True),
        Column("delay_h", "number", "Delay due to congestion; empty if the capacity delays nothing.", unit="h"),
    ),
)


def overload_table(flow_summary: FlowSummary) -> pd.DataFrame:
    """List the places whose load is above :data:`~landlink.freight.definitions.OVERLOADED` times their capacity."""
    frame = pd.concat([_links(flow_summary), _crossings(flow_summary), _terminals(flow_summary)], ignore_index=True)
    groups = flow_summary.freight.network.groups
    delay = dict(zip(groups.names, flow_summary.equilibrium.delay_h.tolist(), strict=True))
    frame["ratio"] = frame["load"] / frame["capacity"]
    frame["delay_h"] = [delay.get(name, np.nan) for name in frame.pop("group")]
    over = frame[frame["ratio"] > OVERLOADED].sort_values("ratio", ascending=False, kind="stable")
    return over[[column.name for column in OVERLOAD.columns]].reset_index(drop=True)


def _loads(flow_summary: FlowSummary, kind: Kind, size: int) -> Floats:
    """Vehicles of the demand in both directions on the design day by row, with empties; at terminals tonnes."""
    freight = flow_summary.freight
    tables, arcs = freight.network.tables, freight.network.arcs
    chosen = np.flatnonzero((arcs.kind == kind) & (arcs.entity >= 0))
    load = weighted_rows(numbers(tables["commodity"], "load_factor"), flow_summary.commodity_flow[:, chosen])
    load /= freight.days
    if kind != Kind.TERMINAL:
        vehicle, mode = tables["vehicle"], arcs.mode[chosen]
        load = load * (1 + numbers(vehicle, "empty_return")[mode]) / numbers(vehicle, "payload_t")[mode]
    return sum_at(arcs.entity[chosen], load, size)


def _links(flow_summary: FlowSummary) -> pd.DataFrame:
    link = flow_summary.freight.network.tables["link"]
    names = [group or name for group, name in zip(texts(link, "load_group"), texts(link, "link_id"), strict=True)]
    places, first, place = np.unique(np.array(names, dtype=str), return_index=True, return_inverse=True)
    load = sum_at(_ints(place), _loads(flow_summary, Kind.RUN, len(link)), len(places))
    background = numbers(link, "background_vehicles_per_day")[first]
    capacity = numbers(link, "capacity_vehicles_per_day")[first]
    return _rows("link", places.tolist(), [""] * len(places), load + background, capacity)


def _crossings(flow_summary: FlowSummary) -> pd.DataFrame:
    crossing = flow_summary.freight.network.tables["crossing"]
    load = _loads(flow_summary, Kind.CROSSING, len(crossing)) + numbers(crossing, "background_vehicles_per_day")
    names, families = texts(crossing, "crossing_id"), texts(crossing, "family")
    frame = _rows("crossing", names, families, load, numbers(crossing, "capacity_vehicles_per_day"))
    # Simulated stages replace the capacity of the table; their waits have a table of their own.
    simulated = {one.row for one in flow_summary.freight.simulated}
    return frame.loc[[row not in simulated for row in range(len(frame))]]


def _terminals(flow_summary: FlowSummary) -> pd.DataFrame:
    terminal = flow_summary.freight.network.tables["terminal"]
    load = _loads(flow_summary, Kind.TERMINAL, len(terminal))
    names = texts(terminal, "terminal_id")
    return _rows("terminal", names, [""] * len(names), load, numbers(terminal, "capacity_t_per_day"))


def _rows(kind: str, names: list[str], families: list[str], load: Floats, capacity: Floats) -> pd.DataFrame:
    group = [f"{kind}:{name}" + (f"/{family}" if family else "") for name, family in zip(names, families, strict=True)]
    return pd.DataFrame(
        {"kind": kind, "place_id": names, "family": families, "load": load, "capacity": capacity, "group": group}
    )


def _ints(values: np.ndarray) -> Ints:
    return np.asarray(values, dtype=np.int64).ravel()
