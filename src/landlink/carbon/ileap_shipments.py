"""Shipments of a result as chains of elements, read from its tables."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Final, TypeAlias

import numpy as np
import pandas as pd

from landlink.carbon.ileap_chain import CarrierUse, Element, Place, Shipment
from landlink.carbon.ileap_terms import energy_carrier, transport_mode
from landlink.core.arrays import Ints
from landlink.core.countries import countries, country_name
from landlink.core.errors import InputError, Problem, ResultError
from landlink.indicators.distances import Distances
from landlink.tables.carbon_schemas import ELECTRICITY
from landlink.tables.frames import Row, Tables, is_missing, records, texts
from landlink.tables.lists import split_list

__all__ = ["NEEDED", "Key", "ShipmentTables"]

#: Origin, destination and commodity.
Key: TypeAlias = tuple[str, str, str]

#: Tables that a chain is made from.
NEEDED: Final = ("emission_leg", "leg", "link", "node", "zone", "commodity", "vehicle")
_ENDS: Final = ("origin_zone_id", "destination_zone_id", "commodity_id")
_CHAIN: Final = (*_ENDS, "alternative")
#: Shipments whose rows are held at once, and distances that are remembered.
_AT_ONCE: Final = 50
_KNOWN: Final = 100_000
_HOURS: Final = ("run_h", "stop_h", "terminal_h", "crossing_h", "access_h")


class ShipmentTables:
    """Tables of a result from which shipments are made, one at a time.

    Parameters
    ----------
    tables
        Tables of a result, by name.

    Raises
    ------
    ResultError
        The result has no table of emissions by leg, as those that earlier versions of landlink made.
    """

    def __init__(self, tables: Tables) -> None:
        if missing := [name for name in NEEDED if name not in tables]:
            raise ResultError(
                f"the result has no table {', '.join(missing)}: it was made by an earlier version of landlink;"
                " solve the scenario again (landlink run)"
            )
        self._tables = tables

    @property
    def keys(self) -> list[Key]:
        """Origin, destination and commodity of every shipment, in the order of the table ``leg``."""
        rows = self._tables["emission_leg"][list(_ENDS)].drop_duplicates()
        return [(str(a), str(b), str(c)) for a, b, c in rows.itertuples(index=False, name=None)]

    def shipments(self, keys: Collection[Key] | None = None) -> Iterator[Shipment]:
        """Give shipments one after the other.

        Parameters
        ----------
        keys
            Origin, destination and commodity of those wanted; all by default.

        Raises
        ------
        InputError
            An element uses no energy, or an energy carrier or family of modes that the data model does not have.
        """
        wanted = [
            key for key in self._rows["leg"] if key in self._rows["emission_leg"] and (keys is None or key in keys)
        ]
        for first in range(0, len(wanted), _AT_ONCE):
            block = wanted[first : first + _AT_ONCE]
            legs, uses = (self._records(name, block) for name in ("leg", "emission_leg"))
            for key in block:
                yield self._shipment(key, legs[key], uses[key])

    @cached_property
    def _rows(self) -> dict[str, dict[Key, Ints]]:
        """Rows of each shipment in the tables of legs."""
        return {name: _rows_by_shipment(self._tables[name]) for name in ("leg", "emission_leg")}

    def _records(self, name: str, keys: Sequence[Key]) -> dict[Key, list[Row]]:
        """Rows of some shipments: a few at a time, as rows take far more memory than columns."""
        found: dict[Key, list[Row]] = {key: [] for key in keys}
        for row in records(self._tables[name].iloc[np.concatenate([self._rows[name][key] for key in keys])]):
            found[row["origin_zone_id"], row["destination_zone_id"], row["commodity_id"]].append(row)
        return found

    def _shipment(self, key: Key, legs: list[Row], uses: list[Row]) -> Shipment:
        chains: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(legs, key=lambda row: int(row["leg"])):
            chains[str(row["alternative"])].append(row)
        used: dict[tuple[str, int, str], list[Row]] = defaultdict(list)
        for row in uses:
            used[str(row["alternative"]), int(row["leg"]), str(row["operation"])].append(row)
        consignments = {name: self._elements(rows, used) for name, rows in chains.items()}
        names = self._zone_name[key[0]], self._zone_name[key[1]], self._commodity_name[key[2]]
        sent = {name: elements for name, elements in consignments.items() if elements and elements[0].tonnes > 0}
        return Shipment(*key, *names, sent)

    def _elements(self, rows: list[Row], uses: dict[tuple[str, int, str], list[Row]]) -> list[Element]:
        """Elements of one consignment, walking from the node of the origin along the links."""
        here = self._zone_node.get(str(rows[0]["origin_zone_id"]), "")
        found: list[Element] = []
        for place, row in enumerate(rows):
            there = self._walk(here, str(row["link_ids"] or ""))
            key = (str(row["alternative"]), int(row["leg"]))
            for operation in ("transport", "hub"):
                if used := uses.get((*key, operation)):
                    before = rows[place - 1] if place and row["kind"] == "terminal" else row
                    found += self._element(row, used, here, there, before=before)
            here = there
        return found

    def _element(self, row: Row, used: list[Row], here: str, there: str, *, before: Row) -> list[Element]:
        """Make the element of a leg, a list of one; empty where nothing is done. A terminal has the later mode."""
        is_hub = used[0]["operation"] == "hub" or not float(row["distance_km"]) > 0
        km = 0.0 if is_hub else float(row["distance_km"])
        carriers = _carriers(used)
        if not carriers:
            if km > 0:
                raise InputError(_without_energy(row))
            return []
        gcd = used[0]["gcd_km"]
        codes = tuple(_alpha2(str(used[0]["country"] or "")))
        mode, empty = self._vehicle[str(row["mode"])]
        return [
            Element(
                leg=int(row["leg"]),
                is_hub=is_hub,
                name=str(row["name"]) or f"{row['from_name']} - {row['to_name']}",
                mode=self._vehicle[str(before["mode"])][0],
                next_mode=mode,
                tonnes=float(row["tonnes_per_year"]),
                actual_km=km,
                sfd_km=self._shortest(row, here, there) if km else 0.0,
                gcd_km=float("nan") if is_missing(gcd) or is_hub else float(gcd),
                hours=math.fsum(float(row[name]) for name in _HOURS if not is_missing(row.get(name))),
                carriers=carriers,
                countries=tuple(country_name(code) or code for code in split_list(str(used[0]["country"] or ""))),
                origin=self._place(here, codes),
                destination=self._place(there, codes),
                empty_share=float("nan") if is_hub else empty / (1 + empty),
            )
        ]

    def _shortest(self, row: Row, here: str, there: str) -> float:
        """Shortest feasible distance: on links of the mode in the leg's countries; of a way in a zone, its length."""
        km = float(row["distance_km"])
        if not row["link_ids"]:
            return km
        found = (
            self._network_km(str(row["mode"]), str(row["country"] or ""), here, there)
            if here and there
            else float("nan")
        )
        # A route that comes back to where it began has no shorter way.
        return min(found, km) if found > 0 else km

    @cached_property
    def _network_km(self) -> Callable[[str, str, str, str], float]:
        """Distance on the links of a mode in some countries between two nodes; each is found once."""
        link = self._tables["link"]
        lies_in = [set(split_list(str(codes or ""))) for codes in texts(link, "country")]
        networks: dict[tuple[str, str], Distances] = {}

        @lru_cache(maxsize=_KNOWN)
        def km(mode: str, countries: str, start: str, end: str) -> float:
            if (mode, countries) not in networks:
                # No border is crossed that the leg does not cross.
                wanted = set(split_list(countries))
                inside = np.array(
                    [not codes or not wanted or bool(codes & wanted) for codes in lies_in], dtype=np.bool_
                )
                networks[mode, countries] = Distances(link[inside], mode)
            return networks[mode, countries].km(start, end)

        return km

    @cached_property
    def _ends_of(self) -> dict[str, tuple[str, str]]:
        link = self._tables["link"].drop_duplicates("link_id")
        ends = zip(texts(link, "from_node_id"), texts(link, "to_node_id"), strict=True)
        return dict(zip(texts(link, "link_id"), ends, strict=True))

    def _walk(self, here: str, link_ids: str) -> str:
        """Node that a chain of links leads to; empty if they do not join."""
        for link in split_list(link_ids):
            one, other = self._ends_of.get(link, ("", ""))
            if here not in (one, other):
                return ""
            here = other if here == one else one
        return here

    @cached_property
    def _zone_node(self) -> dict[str, str]:
        zone = self._tables["zone"]
        return dict(zip(texts(zone, "zone_id"), texts(zone, "node_id"), strict=True))

    @cached_property
    def _zone_name(self) -> dict[str, str]:
        return _names(self._tables["zone"], "zone_id")

    @cached_property
    def _commodity_name(self) -> dict[str, str]:
        return _names(self._tables["commodity"], "commodity_id")

    @cached_property
    def _vehicle(self) -> dict[str, tuple[str, float]]:
        """Mode of transport and empty return of each mode."""
        return {
            str(row["mode"]): (transport_mode(str(row["family"]), str(row["mode"])), float(row["empty_return"] or 0.0))
            for row in records(self._tables["vehicle"])
        }

    @cached_property
    def _node(self) -> dict[str, Row]:
        return {str(row["node_id"]): row for row in records(self._tables["node"])}

    def _place(self, node: str, around: tuple[str, ...]) -> Place | None:
        """Place of a node, at a border in the first of the leg's countries; ``None`` without a name or a country."""
        row = self._node.get(node)
        if row is None or not row["name"]:
            return None
        codes = _alpha2(str(row["country"] or "")) or around
        return Place(str(row["name"]), codes[0], float(row["x_coord"]), float(row["y_coord"])) if codes else None


def _rows_by_shipment(frame: pd.DataFrame) -> dict[Key, Ints]:
    number = frame.groupby(list(_ENDS), sort=False).ngroup().to_numpy()
    order = np.argsort(number, kind="stable")
    firsts = np.flatnonzero(np.diff(number[order], prepend=-1))
    keys = frame[list(_ENDS)].iloc[order[firsts]].itertuples(index=False, name=None)
    return {(str(a), str(b), str(c)): rows for (a, b, c), rows in zip(keys, np.split(order, firsts[1:]), strict=True)}


def _names(frame: pd.DataFrame, key: str) -> dict[str, str]:
    return {str(row[key]): str(row["name"] or row[key]) for row in records(frame)}


def _alpha2(codes: str) -> list[str]:
    """Codes of two letters of a list of countries, without those that have none."""
    known = countries()
    return [known[code].alpha2 for code in split_list(codes) if code in known]


def _carriers(rows: Iterable[Row]) -> list[CarrierUse]:
    """Energy carriers of an element, the most used first: what all that vehicles or terminals do uses of each."""
    sums: dict[str, list[list[float]]] = defaultdict(list)
    region = ""
    for row in rows:
        sums[str(row["carrier"])].append([float(row[f"{name}_per_t"]) for name in ("energy_mj", "co2e_kg", "ttw_kg")])
        codes = _alpha2(str(row["country"] or ""))
        region = codes[0] if len(codes) == 1 else ""
    found = []
    for carrier, parts in sums.items():
        energy, wtw, ttw = (math.fsum(values) for values in zip(*parts, strict=True))
        if energy > 0:
            found.append(
                CarrierUse(energy_carrier(carrier), energy, wtw, ttw, region if carrier == ELECTRICITY else "")
            )
        elif wtw > 0:
            raise InputError(
                Problem("emission_leg", "iLEAP 1.0 needs the energy carrier of all emissions", column="carrier",
                        value=carrier, allowed="rows of the table handling that name a carrier and its amount")
            )  # fmt: skip
    return sorted(found, key=lambda use: (-use.mj_per_t, use.carrier))


def _without_energy(row: Row) -> Problem:
    where = ", ".join(str(row[name]) for name in _CHAIN)
    return Problem(
        "emission_leg", "no energy is accounted for a leg that is travelled", row=f"{where}, leg {row['leg']}",
        column="energy_mj_per_t", value="0", allowed="above 0: the mode needs a drive",
    )  # fmt: skip
