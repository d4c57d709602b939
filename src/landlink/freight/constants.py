"""Constants of the generalised cost: what each adds to arcs and to whole shipments, in USD/t.

Constants of borders and corridors are on arcs, so that routes avoid them; those of modes and country pairs are on
alternatives, as in any logit of modes (Ben-Akiva and Lerman 1985). The part of a constant that is a resource cost and
the part that is a resistance are kept apart from each other and from money.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools, Floats, Ints
from landlink.network.supernetwork import Kind, Supernetwork
from landlink.study.constant_places import (
    BaseService,
    concerned_alternatives,
    concerned_crossings,
    concerned_modes,
    constant_rows,
    corridor_of,
    passage_shares,
    place_of,
)
from landlink.study.settings import Alternative
from landlink.tables.frames import Row, Tables, numbers, texts
from landlink.tables.lists import split_list

__all__ = ["ArcConstants", "OptionConstants", "arc_constants", "option_constants"]

#: Share of an arc's cost without constants and delay below which attractions do not lower it: path searches need costs
#: that are not negative, and cycles that cost something.
LEAST_SHARE: Final = 0.01
#: Places named in a note; the others are counted.
_NAMED: Final = 3


@dataclass(frozen=True)
class ArcConstants:
    """Constants on arcs, USD/t.

    Attributes
    ----------
    resource, resistance
        The parts that are a resource cost and a resistance; shape (commodities, arcs).
    notes
        Constants whose attraction was bounded, in words.
    """

    resource: Floats
    resistance: Floats
    notes: tuple[str, ...] = ()

    @property
    def brief(self) -> list[str]:
        """One line for all notes; none if there are none."""
        if not self.notes:
            return []
        first = self.notes[0].split()[1]
        more = f" and {len(self.notes) - 1} more" if len(self.notes) > 1 else ""
        return [f"attractions larger than the cost they act on are cut to it: {first}{more} (all: landlink check)"]

    @property
    def total(self) -> Floats:
        """Both parts, shape (commodities, arcs)."""
        return self.resource + self.resistance


@dataclass(frozen=True)
class OptionConstants:
    """Constants on whole shipments, USD/t, by option of the markets: a resource cost and a resistance."""

    resource: Floats
    resistance: Floats

    @property
    def total(self) -> Floats:
        """Both parts, shape (options,)."""
        return self.resource + self.resistance


@dataclass(frozen=True)
class _Passages:
    """Arcs where a constant is charged, each once, and the share of it that a passage takes."""

    arcs: Ints
    share: Floats


def arc_constants(
    network: Supernetwork, base: BaseService | None, general: Floats
) -> ArcConstants | None:  # fmt: skip
    """Sum the constants of borders and corridors in force on the arcs of a network; ``None`` if there are none.

    Parameters
    ----------
    network
        The network; its table ``constant`` holds the rows in force.
    base
        What was in service in the base year; ``None``: nothing is new.
    general
        Cost of each arc without constants and delay, shape (commodities, arcs).
    """
    constants = [row for row in constant_rows(network.tables["constant"]) if place_of(row) in ("border", "corridor")]
    if not constants:
        return None
    resource, resistance = np.zeros_like(general), np.zeros_like(general)
    places = _Places(network, base)
    placed = [places.passages(row) for row in constants]
    for row, place in zip(constants, placed, strict=True):
        amount = _amounts(row, network.tables["commodity"])
        for part, share in ((resource, row["resource"]), (resistance, 1 - row["resource"])):
            if share:
                part[:, place.arcs] += (share * amount)[:, None] * place.share
    least = (LEAST_SHARE - 1) * general
    below = resource + resistance < least
    if not below.any():
        return ArcConstants(resource, resistance)
    resistance = np.where(below, least - resource, resistance)
    return ArcConstants(resource, resistance, tuple(_bounded(constants, placed, below, network)))


def option_constants(
    tables: Tables,
    alternatives: Sequence[Alternative],
    commodity: Ints,
    alternative: Ints,
    origin: Ints,
    destination: Ints,
) -> OptionConstants | None:
    """Sum the constants of modes and country pairs in force on the options of the markets; ``None`` if there are none.

    Parameters
    ----------
    tables
        Tables in the year; ``constant`` holds the rows in force.
    alternatives
        Alternatives of the study.
    commodity, alternative, origin, destination
        Rows of the commodity of each option, of its alternative and of its zones; shape (options,).
    """
    constants = [row for row in constant_rows(tables["constant"]) if place_of(row) in ("mode", "pair")]
    if not constants:
        return None
    country = texts(tables["zone"], "country")
    resource, resistance = np.zeros(len(commodity)), np.zeros(len(commodity))
    for row in constants:
        concerned = np.array(concerned_alternatives(row, alternatives, tables["vehicle"]), dtype=np.bool_)[alternative]
        concerned &= _of_pair(row, country)[origin, destination]
        amount = np.where(concerned, _amounts(row, tables["commodity"])[commodity], 0.0)
        resource += row["resource"] * amount
        resistance += (1 - row["resource"]) * amount
    return OptionConstants(resource, resistance)


def _amounts(constant: Row, commodity: pd.DataFrame) -> Floats:
    """USD/t of a constant for each commodity, 0 for those that it does not concern."""
    named = split_list(constant["commodities"])
    concerned = np.array([not named or name in named for name in texts(commodity, "commodity_id")], dtype=np.bool_)
    unit = numbers(commodity, "value_usd_per_t") if constant["unit"] == "ad_valorem" else 1.0
    return np.where(concerned, constant["value"] * unit, 0.0)


def _of_pair(constant: Row, country: Sequence[str]) -> Bools:
    """Whether a constant concerns freight between two zones, shape (zones, zones)."""
    first, second = (
        np.array([not named or name in named for name in country], dtype=np.bool_)
        for named in (split_list(constant["country_a"]), split_list(constant["country_b"]))
    )
    there, back = np.outer(first, second), np.outer(second, first)
    directions = {"ab": there, "ba": back, "both": there | back}
    return directions[constant["direction"]]


class _Places:
    """Crossings and runs of a network, on which constants are placed one after the other."""

    def __init__(self, network: Supernetwork, base: BaseService | None) -> None:
        self._network, self._tables, self._base = network, network.tables, base
        self._arcs = network.arcs
        vehicle = self._tables["vehicle"]
        self._mode, self._family = (np.array(texts(vehicle, name), dtype=object) for name in ("mode", "family"))

    def passages(self, constant: Row) -> _Passages:
        """Arcs where a constant is charged, and the share of it that a passage of each takes."""
        if place_of(constant) == "border" or corridor_of(constant, self._tables["corridor"])["crossing_id"]:
            arcs, entity, old = self._crossings
            way = self._arcs.backward[arcs].astype(np.int64)
            here = concerned_crossings(constant, self._tables)[way, entity]
            return self._taken(constant, arcs, here.astype(np.float64), old[entity])
        arcs, entity, old = self._runs
        corridor = corridor_of(constant, self._tables["corridor"])
        share = passage_shares(corridor, self._tables["link"], self._tables["vehicle"], old)
        return self._taken(constant, arcs, share[entity], old[entity])

    @cached_property
    def _crossings(self) -> tuple[Ints, Ints, Bools]:
        """Crossing arcs, their rows of the table ``crossing``, and which rows were in service in the base year."""
        arcs = np.flatnonzero((self._arcs.kind == Kind.CROSSING) & (self._arcs.entity >= 0))
        crossing, base = self._tables["crossing"], self._base
        rows = zip(texts(crossing, "crossing_id"), texts(crossing, "family"), strict=True)
        old = np.array([base is None or row in base.crossings for row in rows], dtype=np.bool_)
        return arcs, self._arcs.entity[arcs], old

    @cached_property
    def _runs(self) -> tuple[Ints, Ints, Bools]:
        """Runs along links, their rows of the table ``link``, and which rows were in service in the base year."""
        arcs, base = np.flatnonzero(self._arcs.kind == Kind.RUN), self._base
        names = texts(self._tables["link"], "link_id")
        old = np.array([base is None or name in base.links for name in names], dtype=np.bool_)
        return arcs, self._arcs.entity[arcs], old

    def _taken(self, constant: Row, chosen: Ints, share: Floats, old: Bools) -> _Passages:
        """Share of a constant that arcs take: old ones if their mode is concerned, new ones what carries over."""
        modes, families = concerned_modes(constant, self._tables["vehicle"]), split_list(constant["carries_to"])
        concerned = np.array([mode in modes for mode in self._mode], dtype=np.bool_)
        heir = np.array([not families or family in families for family in self._family], dtype=np.bool_)
        carried = heir * np.nan_to_num(constant["carries_over"])
        mode = self._arcs.mode[chosen]
        taken = share * np.where(old, concerned[mode], carried[mode])
        used = taken != 0
        return _Passages(chosen[used], taken[used])


def _bounded(
    constants: Sequence[Row], placed: Sequence[_Passages], below: Bools, network: Supernetwork
) -> list[str]:  # fmt: skip
    """Say which attractions were bounded, and where."""
    any_below, notes = np.asarray(below.any(axis=0)), list[str]()
    for row, place in zip(constants, placed, strict=True):
        where = place.arcs[any_below[place.arcs]]
        if row["value"] < 0 and len(where):
            names = list(dict.fromkeys(_name(network, arc) for arc in where.tolist()))
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            notes.append(
                f"constant {row['constant_id']} ({row['value']:g}) would take more than the whole cost of"
                f" {', '.join(names[:_NAMED])}{more}: it lowers the cost there to {LEAST_SHARE:.0%} of what it is"
                " without constants, not further"
            )
    return notes


def _name(network: Supernetwork, arc: int) -> str:
    """Table and key of the row that an arc stands for."""
    row = int(network.arcs.entity[arc])
    if network.arcs.kind[arc] == Kind.RUN:
        return f"link {network.tables['link']['link_id'].iat[row]}"
    crossing = network.tables["crossing"]
    return f"crossing {crossing['crossing_id'].iat[row]}/{crossing['family'].iat[row]}"
