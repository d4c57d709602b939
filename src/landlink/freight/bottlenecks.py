"""Where a little more capacity is worth most: crossings, terminals and links ranked by what it would save.

Let the ``x_k`` tonnes a day of class ``k`` pass a load group of capacity ``C``, whose load with background is ``v`` and
whose congestion delay is ``d(v / C)``. At the value of time of what passes, its delay costs ``W d`` USD a day with
``W = sum_k value_of_time_k x_k``. At the flows of the equilibrium, one more unit of capacity saves the derivative::

    - W dd/dC = W (dd/dv) (v / C)

since the delay depends on ``v / C`` alone; for curves fitted to simulations this is to stretch their load axis. A hard
capacity adds its shadow price (:mod:`landlink.freight.hard_capacities`). The figure is of first order: it holds for a
small change and the flows of this equilibrium. Freight that a shorter wait attracts takes some of the saving away from
those who wait, and brings savings elsewhere; solve again with the measure to know the sum.

Another hour of opening a day shortens the queues of a crossing, and its wait for the opening, which is there without
any load too. The derivative knows nothing of that wait, and above capacity an hour is no small change. So the hour is
simulated at the flows of the result, with all stages open an hour longer and the same draws
(:func:`landlink.border.longer_hours.hour_saves_h`); what it saves is the hours saved at the value of time of what
passes in each direction. It is bounded by what all hours at the crossing cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from landlink.border.bottleneck import open_hours_per_day
from landlink.border.longer_hours import hour_saves_h
from landlink.border.pipeline import DIRECTIONS
from landlink.border.transit_times import at_load
from landlink.core.arrays import Floats
from landlink.core.sums import sum_at
from landlink.equilibrium.slopes import delay_slopes
from landlink.equilibrium.volume_delay import DelayFunction, no_hard_capacity
from landlink.freight.crossing_curves import NO_LIMIT, SimulatedCrossing
from landlink.freight.flow_summary import FlowSummary
from landlink.freight.flow_tables import design_vehicles
from landlink.freight.hard_capacities import limit_columns
from landlink.network.supernetwork import Kind
from landlink.tables.column import Column, Table
from landlink.tables.frames import texts

__all__ = ["BOTTLENECK", "bottleneck_table"]

BOTTLENECK: Final = Table(
    "bottleneck",
    "Crossings, terminals and links with a capacity, ranked by what more of it would save at the flows of the result.",
    (
        Column("rank", "integer", "Place in the order of `one_percent_usd_per_year`, from 1.", required=True),
        Column("kind", "text", "Kind of place.", required=True, key=True, allowed=("crossing", "terminal", "link")),
        Column("place_id", "text", "Crossing, terminal, or load group of links.", required=True, key=True),
        Column("family", "text", "Family of modes of a crossing; empty for others.", key=True),
        Column(
            "direction",
            "text",
            "ab or ba if the directions of a crossing have separate queues; else both.",
            required=True,
            key=True,
            allowed=("ab", "ba", "both"),
        ),
        Column("load", "number", "Load on the design day with background: vehicles; at terminals tonnes."),
        Column("capacity", "number", "Capacity in the same unit a day."),
        Column("use", "number", "Load over capacity."),
        Column("delay_h", "number", "Delay due to congestion and the wait at a hard capacity.", unit="h"),
        Column(
            "delay_cost_usd_per_year",
            "number",
            "The delay of all freight that passes, at its value of time.",
            unit="USD/year",
        ),
        Column(
            "one_more_usd_per_year",
            "number",
            "What one more unit of capacity a day would save: a vehicle; at terminals a tonne.",
            unit="USD/year",
        ),
        Column("one_percent_usd_per_year", "number", "What 1 % more capacity would save.", unit="USD/year"),
        Column(
            "open_h_per_day",
            "number",
            "Hours a day in which the limiting stage of a simulated crossing is staffed.",
            unit="h",
        ),
        Column(
            "one_more_hour_usd_per_year",
            "number",
            "What one more hour of opening a day of all stages would save a year: simulated at the flows of the "
            "result, with queues and the wait for the opening; empty where stages are not simulated or never close.",
            unit="USD/year",
        ),
    ),
)


def bottleneck_table(flow_summary: FlowSummary) -> pd.DataFrame:
    """Rank the load groups that have a capacity by what 1 % more of it would save."""
    freight = flow_summary.freight
    figures = _figures(flow_summary)
    hours = _hours_of_opening(flow_summary)
    places = [_place(name) for name in freight.network.groups.names]
    table = pd.DataFrame({"kind": [one.kind for one in places], "place_id": [one.id for one in places],
                          "family": [one.family for one in places], "direction": [one.direction for one in places],
                          **figures})  # fmt: skip
    opening = np.array([hours.get((one.id, one.family, one.direction), (np.nan, np.nan)) for one in places])
    table[["open_h_per_day", "one_more_hour_usd_per_year"]] = opening.reshape(-1, 2)
    table = table[np.isfinite(table["capacity"])]
    ranked: pd.DataFrame = table.sort_values(
        ["one_percent_usd_per_year", "delay_cost_usd_per_year", "kind", "place_id", "family", "direction"],
        ascending=[False, False, True, True, True, True],
    )
    ranked["rank"] = pd.array(np.arange(1, len(ranked) + 1), dtype="Int64")
    return ranked[[column.name for column in BOTTLENECK.columns]].reset_index(drop=True)


def _figures(flow_summary: FlowSummary) -> dict[str, Floats]:
    """Load, capacity, delay and worth of every load group; capacity NaN where nothing limits it."""
    freight, delay = flow_summary.freight, flow_summary.equilibrium.delay_h
    groups = freight.assignment.groups
    load = flow_summary.equilibrium.load
    # The background of the solved groups holds the load that a direction feels from the other one.
    total = load + groups.background
    worth_h = _usd_per_hour(flow_summary)
    curved = (groups.curve != DelayFunction.NONE) & (groups.capacity < NO_LIMIT)
    slope = delay_slopes(replace(groups, hard_capacity=no_hard_capacity(len(groups))), load)
    by_curve = np.where(curved, worth_h * slope * total / groups.capacity, 0.0)
    limit = groups.hard_capacity.limit
    limited = np.isfinite(limit)
    at_limit = np.where(limited, limit_columns(flow_summary)["shadow_price"], 0.0)
    capacity = np.where(curved, groups.capacity, np.where(limited, limit, np.nan))
    percent = by_curve * np.where(curved, groups.capacity, 0.0) + at_limit * np.where(limited, limit, 0.0)
    year = freight.days
    return {
        "load": total,
        "capacity": capacity,
        "use": total / capacity,
        "delay_h": delay,
        "delay_cost_usd_per_year": worth_h * delay * year,
        "one_more_usd_per_year": (by_curve + at_limit) * year,
        "one_percent_usd_per_year": 0.01 * percent * year,
    }


def _usd_per_hour(flow_summary: FlowSummary) -> Floats:
    """What an hour is worth to all freight that passes each load group on the design day, USD/h."""
    assignment = flow_summary.freight.assignment
    grouped = assignment.group >= 0
    of_arc = (assignment.classes.value_of_time[:, None] * flow_summary.class_flow).sum(axis=0)
    return sum_at(assignment.group[grouped], of_arc[grouped], len(assignment.groups))


@dataclass(frozen=True, slots=True)
class _Place:
    """What a load group stands for."""

    kind: str
    id: str
    family: str = ""
    direction: str = "both"


def _place(group: str) -> _Place:
    kind, _, name = group.partition(":")
    if kind != "crossing":
        return _Place(kind, name)
    start, _, last = name.rpartition("/")
    if last not in DIRECTIONS:
        return _Place(kind, start, last)
    crossing, _, family = start.rpartition("/")
    return _Place(kind, crossing, family, last)


def _hours_of_opening(flow_summary: FlowSummary) -> Mapping[tuple[str, str, str], tuple[float, float]]:
    """Hours a day in which the limiting stage of a simulated crossing is staffed, and an hour's worth, by place."""
    simulated = flow_summary.freight.simulated
    if not simulated:
        return {}
    crossing = flow_summary.freight.network.tables["crossing"]
    names, families = texts(crossing, "crossing_id"), texts(crossing, "family")
    vehicles = design_vehicles(flow_summary)
    found = {}
    for one in simulated:
        worth = _hour_usd_per_year(flow_summary, one, vehicles[one.row])
        for curve in one.waits.delay_curves:
            ways = curve.bottleneck.directions
            direction = "both" if len(ways) == 2 else DIRECTIONS[ways[0]]
            opened = open_hours_per_day(one.pipeline, ways)
            key = (names[one.row], families[one.row], direction)
            found[key] = (opened if opened > 0 else np.nan, float(worth[list(ways)].sum()))
    return found


def _hour_usd_per_year(flow_summary: FlowSummary, one: SimulatedCrossing, vehicles_per_day: Floats) -> Floats:
    """What one more hour of opening a day saves the freight of each direction, shape (2,); NaN if none can be added."""
    freight = flow_summary.freight
    saved_h = hour_saves_h(at_load(one.pipeline, vehicles_per_day), seed=one.seed)
    if saved_h is None:
        return np.full(2, np.nan)
    arcs = freight.network.arcs
    here = np.flatnonzero((arcs.kind == Kind.CROSSING) & (arcs.entity == one.row))
    of_arc = (freight.assignment.classes.value_of_time[:, None] * flow_summary.class_flow[:, here]).sum(axis=0)
    worth_h = sum_at(arcs.backward[here].astype(np.int64), of_arc, 2)
    return np.asarray(worth_h * saved_h * freight.days)
