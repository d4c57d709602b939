"""Times of response units on the links of their family, in the countries that let them in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from landlink.core.arrays import Bools, Floats
from landlink.core.sums import sum_at
from landlink.network.border_sides import BorderSides, find_border_sides, sides_of_ends
from landlink.paths.router import Router
from landlink.study.disturbed_places import PlaceRow
from landlink.study.effects import row_keys
from landlink.tables.frames import Tables, flags, numbers, texts
from landlink.tables.lists import split_list

__all__ = ["ResponseNetwork", "Travel"]


@dataclass(frozen=True, slots=True)
class Travel:
    """How a unit travels.

    Attributes
    ----------
    country
        Country that it comes from.
    allowed
        Countries that let it in, its own included.
    speed_factor
        Speed over the free speed of links.
    border_h
        Time to pass a border, h.
    """

    country: str
    allowed: frozenset[str]
    speed_factor: float = 1.0
    border_h: float = 0.0


class ResponseNetwork:
    """Links of one family as units use them: at free speed, across borders in a fixed time.

    A node with a crossing of the family has a copy in each of the two countries, and links end at that of their own.

    Parameters
    ----------
    tables
        Tables of a year.
    family
        Family of the links.
    """

    def __init__(self, tables: Tables, family: str) -> None:
        self._tables, self._family = tables, family
        vehicle = tables["vehicle"]
        modes = {
            mode for mode, of in zip(texts(vehicle, "mode"), texts(vehicle, "family"), strict=True) if of == family
        }
        self._link = tables["link"][tables["link"]["mode"].isin(modes)].reset_index(drop=True)
        self._sides = _of_family(find_border_sides(tables["crossing"]), family)
        self._number: dict[tuple[str, int], int] = {}
        self._memory: dict[tuple[str, Travel], Floats] = {}
        self._row = {name: row for row, name in enumerate(texts(self._link, "link_id"))}
        crossing, terminal = tables["crossing"], tables["terminal"]
        keys = [str(key) for key in row_keys(crossing, "crossing")]
        pairs = zip(texts(crossing, "country_a"), texts(crossing, "country_b"), strict=True)
        self._pair_of_crossing = dict(zip(keys, pairs, strict=True))
        self._node_of_crossing = dict(zip(keys, texts(crossing, "node_id"), strict=True))
        self._node_of_terminal = dict(zip(texts(terminal, "terminal_id"), texts(terminal, "node_id"), strict=True))
        self._build()

    def hours(self, node: str, travel: Travel) -> Floats:
        """Time from a node to every copy of a node, h; shape (copies,)."""
        key = (node, travel)
        if key not in self._memory:
            starts = [
                self._number[node, side] for side in self._copies(node)
                if side == 0 or self._sides.countries[node, self._family][side - 1] == travel.country
            ]  # fmt: skip
            time = self._run_h / travel.speed_factor + self._borders * travel.border_h
            every = np.arange(len(self._number))
            origins = np.array(starts, dtype=np.int64)
            found = self._router.skim(np.where(self._usable(travel), time, np.inf), origins, every)[0]
            self._memory[key] = found.min(axis=0, initial=np.inf)
        return self._memory[key]

    def nearest_by_node(self, nodes: Sequence[str], travels: Sequence[Travel], ready_h: Floats) -> dict[str, float]:
        """Hours of the nearest of some units to each node, ``inf`` where none comes.

        Parameters
        ----------
        nodes, travels, ready_h
            Node of each unit, how it travels, and the time until it is under way, h.
        """
        best = np.full(len(self._number), np.inf)
        for node, travel, ready in zip(nodes, travels, ready_h.tolist(), strict=True):
            best = np.minimum(best, ready + self.hours(node, travel))
        found: dict[str, float] = {}
        for (name, _), copy in self._number.items():
            found[name] = min(found.get(name, np.inf), float(best[copy]))
        return dict(sorted(found.items()))

    def to_places(self, node: str, travel: Travel, places: Iterable[PlaceRow]) -> Floats:
        """Time from a node to places, ``inf`` for those that are not reached or on other networks; shape (places,), h.

        A link is reached in its middle, a crossing on either of its sides.
        """
        hours = self.hours(node, travel)
        return np.array([self._to_place(hours, travel, place) for place in places], dtype=np.float64)

    def serves(self, place: PlaceRow) -> bool:
        """Whether a place lies on this network."""
        if place.table == "link":
            return place.key in self._row
        if place.table == "crossing":
            return place.key.endswith(f"/{self._family}")
        return any((self._node_of_terminal.get(place.key, ""), side) in self._number for side in range(3))

    def countries_of(self, place: PlaceRow) -> frozenset[str]:
        """Countries in which a place lies."""
        if place.table == "link":
            return self._countries[self._row[place.key]]
        if place.table == "crossing":
            return frozenset(self._pair_of_crossing.get(place.key, ()))
        return frozenset()

    @property
    def all_countries(self) -> frozenset[str]:
        """Countries of its links."""
        return frozenset().union(*self._countries)

    @property
    def links(self) -> list[PlaceRow]:
        """Links of the family, in the order of the table."""
        return [PlaceRow("link", name) for name in self._row]

    def _to_place(self, hours: Floats, travel: Travel, place: PlaceRow) -> float:
        if place.table == "link":
            row = self._row.get(place.key)
            if row is None or not self._countries[row] <= travel.allowed:
                return np.inf
            half = self._link_h[row] / travel.speed_factor / 2
            ends = [hours[self._tail[row]]] + ([] if self._directed[row] else [hours[self._head[row]]])
            return float(min(ends) + half)
        if place.table == "crossing":
            return self._to_crossing(hours, travel, place)
        node = self._node_of_terminal.get(place.key, "")
        return float(min((hours[self._number[node, side]] for side in self._copies(node)), default=np.inf))

    def _to_crossing(self, hours: Floats, travel: Travel, place: PlaceRow) -> float:
        node = self._node_of_crossing.get(place.key, "")
        pair = self._pair_of_crossing.get(place.key, ())
        sides = [
            hours[self._number[node, side + 1]] for side, country in enumerate(pair)
            if country in travel.allowed and (node, side + 1) in self._number
        ]  # fmt: skip
        return float(min(sides, default=np.inf))

    def _copies(self, node: str) -> list[int]:
        return [side for side in range(3) if (node, side) in self._number]

    def _build(self) -> None:
        """Number the copies of nodes, and list arcs by their tail: links in their directions, then borders."""
        link = self._link
        ends = [texts(link, end) for end in ("from_node_id", "to_node_id")]
        cells = texts(link, "country")
        sides = [sides_of_ends(self._sides, nodes, [self._family] * len(link), cells).tolist() for nodes in ends]
        keys = [list(zip(nodes, side, strict=True)) for nodes, side in zip(ends, sides, strict=True)]
        self._number = {key: number for number, key in enumerate(sorted({*keys[0], *keys[1]}))}
        self._tail, self._head = (np.array([self._number[key] for key in of], dtype=np.int64) for of in keys)
        self._link_h = numbers(link, "length") / numbers(link, "free_speed")
        self._directed = flags(link, "directed")
        self._countries = [frozenset(split_list(cell)) for cell in cells]
        back = np.flatnonzero(~self._directed)
        runs = np.concatenate([np.arange(len(link)), back]).astype(np.int64)
        gates = list(self._gate_arcs())
        gate_tail, gate_head = (np.array([gate[end] for gate in gates], dtype=np.int64) for end in (0, 1))
        tail = np.concatenate([self._tail, self._head[back], gate_tail])
        head = np.concatenate([self._head, self._tail[back], gate_head])
        order = np.argsort(tail, kind="stable")
        passes = np.array([name != "" for name in texts(link, "crossing_id")], dtype=np.float64)
        self._arc_tail, self._arc_head = tail[order], head[order]
        self._run_h = np.concatenate([self._link_h[runs], np.zeros(len(gates))])[order]
        self._borders = np.concatenate([passes[runs], np.ones(len(gates))])[order]
        of_arc = [self._countries[row] for row in runs.tolist()] + [pair for _, _, pair in gates]
        self._arc_countries = [of_arc[arc] for arc in order.tolist()]

    def _gate_arcs(self) -> Iterator[tuple[int, int, frozenset[str]]]:
        """Arcs between both sides of each border that is in service."""
        frame = self._tables["crossing"]
        rows = zip(texts(frame, "node_id"), texts(frame, "family"), flags(frame, "in_service").tolist(), strict=True)
        for node, family, in_service in rows:
            a, b = self._number.get((node, 1)), self._number.get((node, 2))
            if family == self._family and in_service and a is not None and b is not None:
                pair = frozenset(self._sides.countries[node, family])
                yield a, b, pair
                yield b, a, pair

    def _usable(self, travel: Travel) -> Bools:
        return np.array([countries <= travel.allowed for countries in self._arc_countries], dtype=np.bool_)

    @cached_property
    def _router(self) -> Router:
        count = sum_at(self._arc_tail, np.ones(len(self._arc_tail)), len(self._number)).astype(np.int64)
        return Router(np.append(0, np.cumsum(count)), self._arc_head, self._arc_tail, method="dijkstra")


def _of_family(sides: BorderSides, family: str) -> BorderSides:
    return BorderSides({key: pair for key, pair in sides.countries.items() if key[1] == family})
