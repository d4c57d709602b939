"""Warm starts: routes and loads of an earlier solve, remapped to a slightly different network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landlink.core.arrays import Floats, Ints, Ints32
from landlink.equilibrium.problem import Equilibrium, Routes
from landlink.equilibrium.route_kernels import add_costs
from landlink.freight.assignment import Freight
from landlink.freight.flow_summary import FlowSummary, RouteFlowSummary
from landlink.network.supernetwork import ROWS_OF, Kind, Supernetwork


@dataclass(frozen=True)
class WarmStart:
    """Starting point of a solve: loads and waits of an earlier one by name of group, and its routes if kept.

    Attributes
    ----------
    loads
        Load of each group.
    routes
        Flow summary with routes; ``None`` if the earlier result has none.
    keep_idle
        Whether routes that lose their flow are kept, which saves rounds between similar scenarios.
    limit_waits
        Wait at the hard capacity of each group that has one, h.
    """

    loads: Mapping[str, float]
    routes: RouteFlowSummary | None = None
    keep_idle: bool = False
    limit_waits: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, flow_summary: FlowSummary) -> WarmStart:
        """Build a warm start from an earlier solve."""
        names, load = flow_summary.freight.network.groups.names, flow_summary.equilibrium.load
        routes = flow_summary if isinstance(flow_summary, RouteFlowSummary) else None
        waits = flow_summary.freight.assignment.groups.hard_capacity.price
        limit_waits = {names[g]: float(waits[g]) for g in np.flatnonzero(waits > 0)}
        return cls(dict(zip(names, load.tolist(), strict=True)), routes, limit_waits=limit_waits)

    @property
    def kind(self) -> str:
        """``routes`` or ``loads``."""
        return "loads" if self.routes is None else "routes"

    def equilibrium(self, freight: Freight) -> Equilibrium | None:
        """Remap the routes to another network; ``None`` if there are none."""
        return None if self.routes is None else remap_routes(self.routes, freight)

    def load(self, freight: Freight) -> Floats:
        """Remap the loads to the groups of another network, shape (groups,); new groups have no load."""
        return loads_by_name(self.loads, freight)

    def limit_wait(self, freight: Freight) -> Floats:
        """Waits at hard capacities for the groups of another network, shape (groups,); 0 where none is known."""
        limited = np.isfinite(freight.network.groups.hard_capacity.limit)
        return np.where(limited, loads_by_name(self.limit_waits, freight), 0.0)


def remap_routes(earlier: RouteFlowSummary, freight: Freight) -> Equilibrium:
    """Remap the flows of an earlier solve to another of the same study, or of a similar one.

    Routes over arcs that are removed or closed, or that no longer connect, are dropped, as are those of removed
    zone pairs, commodities and alternatives.

    Parameters
    ----------
    earlier
        The assignment that was solved.
    freight
        The assignment to solve.

    Returns
    -------
    Equilibrium
        A starting point only: its flows need not meet the demand.
    """
    before, was, routes = earlier.freight, earlier.equilibrium, earlier.routes
    arc = _arcs(before.network, freight.network)
    option = _options(before, freight)
    arcs = arc[routes.arcs].astype(np.int32)
    new_option = option[routes.option]
    stays = (new_option >= 0) & _passable(freight, new_option, routes.first, arcs)
    kept, lengths = np.flatnonzero(stays), np.diff(routes.first)
    if (np.diff(new_option[kept]) >= 0).all():
        sizes, kept_arcs = lengths[kept], arcs[np.repeat(stays, lengths)]
    else:
        kept = kept[np.argsort(new_option[kept], kind="stable")]
        sizes = lengths[kept]
        begins = np.cumsum(sizes) - sizes
        kept_arcs = arcs[np.arange(int(sizes.sum())) + np.repeat(routes.first[kept] - begins, sizes)]
    option_flow = np.zeros(len(freight.assignment.markets.option_class))
    option_flow[option[option >= 0]] = was.option_flow[option >= 0]
    loads = WarmStart.of(earlier).load(freight)
    return Equilibrium(
        routes=Routes(new_option[kept], np.append(0, np.cumsum(sizes)), kept_arcs, routes.flow[kept]),
        option_flow=option_flow,
        load=loads,
        delay_h=freight.network.groups.delay_h(loads),
        relative_gap=np.inf,
        iterations=0,
        history=(),
    )


def _passable(freight: Freight, option: Ints, first: Ints, arcs: Ints32) -> NDArray[np.bool_]:
    """Select the routes whose arcs all exist, are open to the class, and connect.

    Arcs may no longer connect: when a crossing on several links loses one, its arcs on the other links are renumbered.
    """
    assignment = freight.assignment
    size, fixed = len(assignment.head), assignment.classes.fixed
    # An additional closed arc stands for removed ones: any sum that includes a closed arc is infinite.
    cost = np.column_stack([fixed, np.full(len(fixed), np.inf)])
    total = np.empty(len(option))
    category = assignment.markets.option_class[option]
    add_costs(0, len(option), first, np.where(arcs < 0, size, arcs), category, cost, total)
    passable = np.isfinite(total)
    apart = assignment.head[arcs[:-1]] != assignment.tail[arcs[1:]]
    apart[first[1:-1] - 1] = False
    passable[np.searchsorted(first, np.flatnonzero(apart) + 1, side="right") - 1] = False
    return passable


#: Maximum number of arcs with the same key.
_MOST_ALIKE = 64


def loads_by_name(known: Mapping[str, float], freight: Freight) -> Floats:
    """Assign numbers such as loads to groups by name; 0 for new groups."""
    return np.array([known.get(name, 0.0) for name in freight.network.groups.names], dtype=np.float64)


def _arcs(before: Supernetwork, after: Supernetwork) -> Ints:
    """Arc of the later network for each of the earlier one; -1 if it was removed or is ambiguous."""
    modes = _rows(before, after, "vehicle", ["mode"])
    entity = np.empty(len(before.arcs), dtype=np.int64)
    for kind, (table, columns) in ROWS_OF.items():
        of_kind = before.arcs.kind == kind
        # A passage that belongs to no row has no entity.
        entity[of_kind] = np.append(_rows(before, after, table, list(columns)), -1)[before.arcs.entity[of_kind]]
    count = len(modes) + 1
    old = _keys(before, entity, np.append(modes, -1)[before.arcs.mode], count)
    new = _keys(after, after.arcs.entity, after.arcs.mode, count)
    found = pd.Index(_with_place(new)).get_indexer(pd.Index(_with_place(old)))
    return np.where(entity >= 0, found, -1)


def _with_place(keys: Ints) -> Ints:
    """Make keys unique by counting equal ones: a terminal at a border has arcs on both sides of it."""
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.diff(keys[order], prepend=keys[order][:1] - 1))
    place = np.empty_like(keys)
    place[order] = np.arange(len(keys)) - np.repeat(starts, np.diff(np.append(starts, len(keys))))
    return keys * _MOST_ALIKE + place


def _keys(network: Supernetwork, entity: Ints, mode: Ints, modes: int) -> Ints:
    arcs = network.arcs
    stages = 2
    return (((entity * len(Kind) + arcs.kind) * (modes + 1) + mode + 1) * 2 + arcs.backward) * stages + arcs.stage


def _rows(before: Supernetwork, after: Supernetwork, table: str, columns: list[str]) -> Ints:
    """Row of the later table for each row of the earlier one; -1 if it was removed."""
    old, new = (
        pd.MultiIndex.from_frame(network.tables[table][columns]) if len(columns) > 1
        else pd.Index(network.tables[table][columns[0]])
        for network in (before, after)
    )  # fmt: skip
    return np.asarray(new.get_indexer(old), dtype=np.int64)


def _options(before: Freight, after: Freight) -> Ints:
    """Option of the later assignment for each of the earlier one; -1 if it was removed."""
    good = _rows(before.network, after.network, "commodity", ["commodity_id"])
    zone = _rows(before.network, after.network, "zone", ["zone_id"])
    names = {alternative.id: i for i, alternative in enumerate(after.alternatives)}
    alternative = np.array([names.get(a.id, -1) for a in before.alternatives], dtype=np.int64)
    limits = {text: i for i, text in enumerate(after.limits)}
    limit = np.array([limits.get(text, -1) for text in before.limits], dtype=np.int64)
    parts = [
        (good[before.market_commodity], zone[before.market_origin], zone[before.market_destination],
         limit[before.market_limit]),
        (after.market_commodity, after.market_origin, after.market_destination, after.market_limit),
    ]  # fmt: skip
    keys = []
    for freight, (commodity, origin, destination, limited), choice in (
        (before, parts[0], alternative),
        (after, parts[1], np.arange(len(after.alternatives))),
    ):
        markets, zones = freight.assignment.markets, len(after.network.origin)
        market = markets.option_market
        of_option = choice[freight.class_alternative[markets.option_class]]
        place = ((commodity * zones + origin) * zones + destination) * len(limits) + limited
        key = place[market] * (len(after.alternatives) + 1) + of_option
        gone = (commodity < 0) | (origin < 0) | (destination < 0) | (limited < 0)
        lost = gone[market] | (of_option < 0)
        keys.append(np.where(lost, -1, key))
    return np.asarray(pd.Index(keys[1]).get_indexer(pd.Index(keys[0])), dtype=np.int64)
