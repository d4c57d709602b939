"""What constants concern: alternatives, crossings by direction, and links of corridors, as rows of a study's tables.

A constant is on a place, or on whole shipments. Links and crossings that were in service in the base year are
concerned if a mode of the constant uses them. Those that opened later, by their own date or by a measure, are *new*:
they are concerned by their place, whatever their mode, and take the share ``carries_over`` of the constant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools, Floats
from landlink.study.effects import is_open
from landlink.study.settings import Alternative
from landlink.tables.frames import Row, Tables, is_missing, numbers, texts
from landlink.tables.lists import split_list

__all__ = [
    "BaseService", "Place", "concerned_alternatives", "concerned_crossings", "concerned_modes", "constant_rows",
    "corridor_links", "corridor_of", "directions_concerned", "passage_shares", "place_of",
]  # fmt: skip

Place = Literal["mode", "pair", "border", "corridor"]

#: Cells of a constant that a solve needs.
_CELLS: Final = (
    "constant_id", "kind", "modes", "families", "alternatives", "commodities", "country_a", "country_b", "direction",
    "crossing_id", "corridor_id", "value", "unit", "carries_over", "carries_to", "resource",
)  # fmt: skip


@dataclass(frozen=True)
class BaseService:
    """What was in service on 1 July of the base year, in the study without measures.

    Attributes
    ----------
    links
        Links, by id.
    crossings
        Rows of crossings, by id and family.
    """

    links: frozenset[str]
    crossings: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, tables: Tables, base_year: int) -> BaseService:
        """Read it from the tables of the study before measures."""
        link = tables["link"][is_open(tables["link"], base_year)]
        crossing = tables["crossing"][is_open(tables["crossing"], base_year)]
        return cls(
            frozenset(texts(link, "link_id")),
            frozenset(zip(texts(crossing, "crossing_id"), texts(crossing, "family"), strict=True)),
        )


def constant_rows(constant: pd.DataFrame) -> list[Row]:
    """Rows of the table ``constant``, with the cells that say what is charged where; made for thousands of calls."""
    return _plain(constant, _CELLS)


def _plain(frame: pd.DataFrame, columns: Sequence[str]) -> list[Row]:
    """Rows with some of their cells; lists are much faster than rows of a frame."""
    cells = zip(*(frame[name].tolist() for name in columns), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in cells]


def place_of(constant: Row) -> Place:
    """Place of a constant: its kind, or for a policy that of the cells it fills."""
    kind: Place | Literal["policy"] = constant["kind"]
    if kind != "policy":
        return kind
    if constant["corridor_id"]:
        return "corridor"
    if constant["crossing_id"]:
        return "border"
    return "pair" if constant["country_a"] or constant["country_b"] else "mode"


def concerned_modes(constant: Row, vehicle: pd.DataFrame) -> frozenset[str]:
    """Modes that a constant names, by themselves or by family; all of the study if it names none."""
    modes, families = split_list(constant["modes"]), split_list(constant["families"])
    family_of = dict(zip(texts(vehicle, "mode"), texts(vehicle, "family"), strict=True))
    if not modes and not families:
        return frozenset(family_of)
    return frozenset(modes).union(mode for mode, family in family_of.items() if family in families)


def concerned_alternatives(constant: Row, alternatives: Iterable[Alternative], vehicle: pd.DataFrame) -> list[bool]:
    """Whether a constant of shipments concerns each alternative.

    It concerns those that it names, or else those whose every route uses one of its modes: the modes that the
    alternative must use, or may use where it must use none, are all among them.
    """
    named, modes = split_list(constant["alternatives"]), concerned_modes(constant, vehicle)
    if named:
        return [one.id in named for one in alternatives]
    return [modes.issuperset(one.must_use or one.modes) for one in alternatives]


def directions_concerned(constant: Row, crossing: pd.DataFrame) -> Bools:
    """Whether the place and direction of a border constant include each crossing, from a to b and back; (2, rows)."""
    named = split_list(constant["crossing_id"])
    here = np.array([not named or name in named for name in texts(crossing, "crossing_id")], dtype=np.bool_)
    sides = split_list(constant["country_a"]), split_list(constant["country_b"])
    if any(sides):
        from_a, from_b = _between(crossing, *sides), _between(crossing, *sides[::-1])
    else:
        from_a, from_b = np.ones(len(here), dtype=np.bool_), np.zeros(len(here), dtype=np.bool_)
    # from_a: the crossing's own first country is on the constant's first side; from_b: on its second.
    ab, ba = constant["direction"] != "ba", constant["direction"] != "ab"
    return np.asarray(here & np.array([(from_a & ab) | (from_b & ba), (from_a & ba) | (from_b & ab)]))


def _between(crossing: pd.DataFrame, first: Collection[str], second: Collection[str]) -> Bools:
    """Crossings whose country_a is on one side and country_b on the other; an empty side is any country."""
    ends = zip(texts(crossing, "country_a"), texts(crossing, "country_b"), strict=True)
    return np.array([(not first or a in first) and (not second or b in second) for a, b in ends], dtype=np.bool_)


def corridor_of(constant: Row, corridor: pd.DataFrame) -> Row:
    """Row of the corridor that a constant is on."""
    rows = _plain(corridor, ("corridor_id", "crossing_id", "length_km"))
    return next(row for row in rows if row["corridor_id"] == constant["corridor_id"])


def concerned_crossings(constant: Row, tables: Tables) -> Bools:
    """Rows and directions of crossings at which a constant of a border or corridor is charged; (2, rows)."""
    crossing = tables["crossing"]
    if place_of(constant) == "border":
        return directions_concerned(constant, crossing)
    named = split_list(corridor_of(constant, tables["corridor"])["crossing_id"])
    here = np.array([name in named for name in texts(crossing, "crossing_id")], dtype=np.bool_)
    return np.array([here, here])


def corridor_links(link: pd.DataFrame, corridor_id: str) -> Bools:
    """Links that belong to a corridor."""
    known = {text: corridor_id in split_list(text) for text in set(texts(link, "corridor"))}
    return np.array([known[text] for text in texts(link, "corridor")], dtype=np.bool_)


def passage_shares(corridor: Row, link: pd.DataFrame, vehicle: pd.DataFrame, old: Bools) -> Floats:
    """Share of one passage of a corridor that each link is; 0 for links outside it.

    A link is its length over that of a passage: ``corridor.length_km``, else the length of all links of its family in
    the corridor that were in service in the base year (of the new ones, if the family is new). Cutting a link in two
    changes nothing, and a new line beside an old one does not make the old one cheaper.

    Parameters
    ----------
    corridor
        Row of the corridor.
    link
        Links in service.
    vehicle
        Vehicles, for the families of modes.
    old
        Links that were in service in the base year, shape (links,).
    """
    length = np.where(corridor_links(link, corridor["corridor_id"]), numbers(link, "length"), 0.0)
    if not is_missing(corridor["length_km"]):
        return np.asarray(length / float(corridor["length_km"]))
    family_of = dict(zip(texts(vehicle, "mode"), texts(vehicle, "family"), strict=True))
    family = np.array([family_of[mode] for mode in texts(link, "mode")], dtype=object)
    share = np.zeros(len(length))
    for name in sorted(set(family.tolist())):
        here = family == name
        passage = length[here & old].sum() or length[here].sum()
        share[here] = length[here] / passage if passage else 0.0
    return share
