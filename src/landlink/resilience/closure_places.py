"""Places whose closure is looked at: links, crossings and terminals that carry freight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from landlink.core.antimeridian import middle_longitude
from landlink.core.arrays import Floats, Ints
from landlink.core.sums import sum_at
from landlink.network.supernetwork import ROWS_OF, Kind
from landlink.resilience.base import ShockBase
from landlink.resilience.shock import TABLES, DisturbedTable, Shock
from landlink.study.effects import row_keys
from landlink.tables.frames import Tables, numbers, records, texts
from landlink.tables.lists import split_list

__all__ = ["Place", "arc_places", "class_tonnes", "every_place", "used_places"]

_KIND: Final[Mapping[str, Kind]] = {ROWS_OF[kind][0]: kind for kind in (Kind.RUN, Kind.CROSSING, Kind.TERMINAL)}


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the network that can be closed.

    Attributes
    ----------
    table, row
        The row, as in effects.
    name
        Name for people.
    tonnes_per_day
        Freight that passes it undisturbed.
    share
        Its share of all freight.
    position
        Longitude and latitude of its node, or of the middle between both ends of a link; NaN where nodes have none.
    countries
        Countries in which it lies, or on whose border.
    """

    table: DisturbedTable
    row: str
    name: str
    tonnes_per_day: float
    share: float
    position: tuple[float, float]
    countries: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str]:
        """By what the same place is known in other scenarios."""
        return self.table, self.row

    def closed(self, days: float) -> Shock:
        """The place alone closed for some days."""
        return Shock.closing(self.table, self.row, days=days)


def every_place(base: ShockBase) -> tuple[Place, ...]:
    """Places of the network of a scenario, in the order of its tables; see :func:`used_places`."""
    network = base.freight.network
    flow, arcs = base.class_flow.sum(axis=0), network.arcs
    demand = float(base.freight.assignment.markets.demand.sum())
    name_of, at, lies_in = _Names(network.tables), _Positions(network.tables), _Countries(network.tables)
    found: list[Place] = []
    for table in TABLES:
        frame, kind = network.tables[table], arcs.kind == _KIND[table]
        # No route passes a place twice, so that what passes its arcs passes the place.
        passing = sum_at(arcs.entity[kind], flow[kind], len(frame)).tolist()
        rows = zip(row_keys(frame, table), records(frame), passing, strict=True)
        found += [
            Place(table, str(key), name_of(table, row), tonnes, tonnes / demand, at(table, row), lies_in(table, row))
            for key, row, tonnes in rows
        ]
    return tuple(found)


def used_places(base: ShockBase) -> tuple[Place, ...]:
    """Places that freight passes.

    To close any other costs nothing: nobody is on it at an equilibrium at which it was open, and a dearer place that
    nobody uses changes no equilibrium. It need not be solved.
    """
    return tuple(place for place in every_place(base) if place.tonnes_per_day > 0)


def arc_places(base: ShockBase, places: tuple[Place, ...]) -> Ints:
    """Number of the place of each arc, -1 for others; shape (arcs,)."""
    network = base.freight.network
    number = {place.key: i for i, place in enumerate(places)}
    found = np.full(len(network.arcs), -1, dtype=np.int64)
    for table in TABLES:
        keys = row_keys(network.tables[table], table)
        of_row = np.array([*(number.get((table, str(key)), -1) for key in keys), -1], dtype=np.int64)
        kind = network.arcs.kind == _KIND[table]
        found[kind] = of_row[network.arcs.entity[kind]]
    return found


def class_tonnes(base: ShockBase, places: tuple[Place, ...]) -> Floats:
    """Freight that passes each place by class, t/day; shape (places, classes)."""
    place = arc_places(base, places)
    at = place >= 0
    return np.array([sum_at(place[at], flow[at], len(places)) for flow in base.class_flow]).T


class _Names:
    """Names of rows: links by their ends, as in reports; others by their own, else their node's, else their keys.

    Own names of links are remarks of their sources as often as names, and several links of a road share one.
    """

    def __init__(self, tables: Tables) -> None:
        node = tables["node"]
        self._node = dict(zip(texts(node, "node_id"), texts(node, "name"), strict=True))

    def __call__(self, table: str, row: Mapping[Any, Any]) -> str:
        if table == "link":
            return " – ".join(self._of_node(str(row[end])) for end in ("from_node_id", "to_node_id"))
        return str(row["name"] or "") or self._of_node(str(row["node_id"]))

    def _of_node(self, node: str) -> str:
        return self._node.get(node) or node


class _Positions:
    """Positions of rows, longitude and latitude."""

    def __init__(self, tables: Tables) -> None:
        node = tables["node"]
        columns = texts(node, "node_id"), numbers(node, "x_coord").tolist(), numbers(node, "y_coord").tolist()
        self._at = {name: (x, y) for name, x, y in zip(*columns, strict=True)}

    def __call__(self, table: str, row: Mapping[Any, Any]) -> tuple[float, float]:
        ends = ("from_node_id", "to_node_id") if table == "link" else ("node_id",)
        known = [self._at[str(row[end])] for end in ends if str(row[end]) in self._at]
        if len(known) < len(ends):
            return float("nan"), float("nan")
        x, y = np.array(known).T
        return middle_longitude(x), float(y.mean())


class _Countries:
    """Countries in which rows lie, or on whose border."""

    def __init__(self, tables: Tables) -> None:
        node, crossing = tables["node"], tables["crossing"]
        self._of_node = {
            name: (country,) if country else ()
            for name, country in zip(texts(node, "node_id"), texts(node, "country"), strict=True)
        }
        # A terminal at a border lies in both countries.
        columns = (texts(crossing, name) for name in ("node_id", "country_a", "country_b"))
        self._of_node |= {name: ends for name, *ends in zip(*columns, strict=True) if name}

    def __call__(self, table: str, row: Mapping[Any, Any]) -> tuple[str, ...]:
        if table == "crossing":
            return str(row["country_a"]), str(row["country_b"])
        if own := split_list(str(row["country"] or "")):
            return tuple(own)
        nodes = ("from_node_id", "to_node_id") if table == "link" else ("node_id",)
        return tuple(dict.fromkeys(country for node in nodes for country in self._of_node.get(str(row[node]), ())))
