"""Explain why some demand has no route, and what would provide one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Ints
from landlink.core.errors import InputError, Problem
from landlink.freight.assignment import Freight, UnservedDemand
from landlink.tables.column import Column, Table
from landlink.tables.frames import texts
from landlink.tables.lists import split_list

__all__ = ["DEMAND_KEY", "UNSERVED", "rows_of_markets", "unserved_note", "unserved_problems", "without_rows"]

#: Columns that identify a flow.
DEMAND_KEY = ["origin_zone_id", "destination_zone_id", "commodity_id"]
#: Pairs listed individually; the others are only counted.
LISTED = 20

UNSERVED: Final = Table(
    "unserved",
    "Demand without a route that was left out, where the solve was asked to; other results do not have the table.",
    (
        Column("origin_zone_id", "text", "Zone of origin.", required=True, key=True),
        Column("destination_zone_id", "text", "Zone of destination.", required=True, key=True),
        Column("commodity_id", "text", "Commodity.", required=True, key=True),
        Column("alternatives", "list", "Alternatives that the freight is limited to; no column if none is limited."),
        Column("tonnes_per_year", "number", "Demand left out.", unit="t/year"),
    ),
)


def unserved_problems(
    freight: Freight, markets: Iterable[int], study_tables: Mapping[str, pd.DataFrame]
) -> list[Problem]:
    """List one problem for each pair of zones without a route, with what is missing.

    Parameters
    ----------
    freight
        The assignment.
    markets
        Markets without a route.
    study_tables
        The study's tables with closed links and crossings included, to name those that would connect a pair.
    """
    tables = freight.network.tables
    zone, node = (texts(tables["zone"], name) for name in ("zone_id", "node_id"))
    goods = texts(tables["commodity"], "commodity_id")
    pairs: dict[tuple[int, int], list[str]] = {}
    for m in markets:
        pair = int(freight.market_origin[m]), int(freight.market_destination[m])
        pairs.setdefault(pair, []).append(goods[freight.market_commodity[m]])
    places = _Places(tables, study_tables)
    problems = [
        Problem(
            "demand",
            f"no route for {', '.join(commodities)}: "
            + places.missing(node[o], node[d], _modes_of(freight, commodities)),
            f"{zone[o]} → {zone[d]}",
            "destination_zone_id",
            zone[d],
            "a zone that can be reached over open links, terminals and crossings by the commodity's modes",
        )
        for (o, d), commodities in list(pairs.items())[:LISTED]
    ]
    if len(pairs) > LISTED:
        problems.append(Problem("demand", f"and {len(pairs) - LISTED} more pairs without a route"))
    return problems


def rows_of_markets(freight: Freight, markets: Iterable[int]) -> pd.DataFrame:
    """Demand of some markets: origin, destination, commodity, alternatives if limited to some, and tonnes a year."""
    chosen = np.array(list(markets), dtype=np.int64)
    tables, demand = freight.network.tables, freight.assignment.markets.demand
    zone, good = (np.array(texts(tables[t], f"{t}_id"), dtype=object) for t in ("zone", "commodity"))
    return pd.DataFrame(
        {
            "origin_zone_id": zone[freight.market_origin[chosen]],
            "destination_zone_id": zone[freight.market_destination[chosen]],
            "commodity_id": good[freight.market_commodity[chosen]],
            **_limits(freight, chosen),
            "tonnes_per_year": demand[chosen] * freight.days,
        }
    ).astype(dict.fromkeys(DEMAND_KEY, "str"))


def _limits(freight: Freight, chosen: Ints) -> dict[str, list[str]]:
    """Alternatives that markets are limited to, as a column; no column if none is."""
    of = [freight.limits[limit] for limit in freight.market_limit[chosen].tolist()]
    return {"alternatives": of} if any(of) else {}


def without_rows(demand: pd.DataFrame, unserved: UnservedDemand) -> pd.DataFrame:
    """Demand without the flows of some markets.

    Raises
    ------
    InputError
        None is left.
    """
    gone = _keys(demand).isin(_keys(unserved.table))
    if not (demand["tonnes_per_year"][~gone] > 0).any():
        raise InputError(Problem("demand", "no demand has a route", allowed="at least one flow that has a route"))
    return demand[~gone].reset_index(drop=True)


def _keys(frame: pd.DataFrame) -> pd.MultiIndex:
    """What tells the markets of rows apart: origin, destination, commodity, and alternatives if limited to some."""
    limits = texts(frame, "alternatives") if "alternatives" in frame else [""] * len(frame)
    limited = [";".join(sorted(split_list(text))) for text in limits]
    return pd.MultiIndex.from_arrays([*(frame[name] for name in DEMAND_KEY), limited])


def unserved_note(unserved: UnservedDemand) -> str:
    """Say how much demand was left out."""
    lost = unserved.table
    pairs = lost[DEMAND_KEY[:2]].drop_duplicates()
    named = _first([f"{origin} to {destination}" for origin, destination in pairs.to_numpy().tolist()])
    tonnes = float(lost["tonnes_per_year"].sum())
    what = f"{len(lost)} flows without a route were left out, {tonnes:,.6g} t a year"
    return f"{what}; see the table unserved: {named}"


def _modes_of(freight: Freight, commodities: Sequence[str]) -> str:
    """Describe the modes that commodities may use: those that both they and an alternative allow."""
    goods = freight.network.tables["commodity"].set_index("commodity_id")["modes"]
    offered = list(dict.fromkeys(mode for alternative in freight.alternatives for mode in alternative.modes))
    ways: dict[str, list[str]] = {}
    for name in commodities:
        own = set(split_list(goods[name])) or set(offered)
        ways.setdefault(" or ".join(mode for mode in offered if mode in own), []).append(name)
    return "; ".join(f"{_first(names)} may use {modes}" for modes, names in ways.items())


class _Places:
    """Connected components of nodes by open links and crossings, regardless of mode."""

    def __init__(self, open_now: Mapping[str, pd.DataFrame], everything: Mapping[str, pd.DataFrame]) -> None:
        self.everything = everything
        self.open_now = open_now
        self.open_links = set(open_now["link"]["link_id"])
        # A crossing is closed if it is closed for every family of modes.
        in_service = open_now["crossing"].groupby("node_id")["in_service"].any()
        self.shut_nodes = {str(node) for node in in_service.index[~in_service.to_numpy(dtype=bool)] if node}
        self.component = _components(open_now["link"], self.shut_nodes)

    def missing(self, origin: str, destination: str, may_go: str) -> str:
        """Describe what is missing between two nodes; ``may_go`` describes the modes that the goods may use."""
        here, there = self.component.get(origin), self.component.get(destination)
        if here is None or there is None:
            bare = origin if here is None else destination
            return f"no open link begins or ends at node {bare}"
        if here == there:
            leaving, arriving = self._modes(origin, "from_node_id"), self._modes(destination, "to_node_id")
            return (
                f"the zones are connected, but not by modes and directions that the goods may use: {may_go}; open "
                f"links leave {origin} by {leaving} and reach {destination} by {arriving}"
            )
        links = self.everything["link"]
        ends = zip(links["link_id"], links["from_node_id"], links["to_node_id"], strict=True)
        closed = [name for name, a, b in ends if name not in self.open_links and self._bridges(a, b, here, there)]
        if closed:
            return f"closed links that would connect them: {_first(closed)}"
        if self.shut_nodes:
            return f"closed crossings: {_first(sorted(self.shut_nodes))}"
        return f"nodes {origin} and {destination} are in parts of the network that no link connects"

    def _modes(self, node: str, end: str) -> str:
        """List the modes of the open links that leave or reach a node; a two-way link does both at each end."""
        link = self.open_now["link"]
        both = ~link["directed"].astype(bool) & ((link["from_node_id"] == node) | (link["to_node_id"] == node))
        return ", ".join(dict.fromkeys(link.loc[both | (link[end] == node), "mode"])) or "no mode"

    def _bridges(self, a: str, b: str, here: int, there: int) -> bool:
        parts = {self.component.get(a), self.component.get(b)}
        return parts == {here, there} or (None in parts and bool(parts & {here, there}))


def _components(link: pd.DataFrame, shut_nodes: set[str]) -> dict[str, int]:
    """Number of the connected component of each node; a closed crossing connects nothing."""
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for start, end in zip(link["from_node_id"], link["to_node_id"], strict=True):
        if start not in shut_nodes and end not in shut_nodes:
            parent[root(start)] = root(end)
        else:
            root(start), root(end)
    names = {name: i for i, name in enumerate(dict.fromkeys(root(node) for node in list(parent)))}
    return {node: names[root(node)] for node in parent}


def _first(names: Sequence[str], most: int = 5) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
