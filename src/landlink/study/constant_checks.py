"""Consistency checks of constants and corridors, with one function per check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import numpy as np

from landlink.core.arrays import Bools
from landlink.core.errors import Problem, first_suggestions
from landlink.study.check_registry import looks_at
from landlink.study.constant_places import (
    Place,
    concerned_crossings,
    concerned_modes,
    corridor_links,
    corridor_of,
    place_of,
)
from landlink.tables.frames import Row, Tables, is_missing, records, texts
from landlink.tables.lists import split_list
from landlink.tables.shared_columns import FAMILIES

#: By place, columns of which at least one must be filled, and those that must be empty.
_NEEDS: Final[Mapping[Place, tuple[str, ...]]] = {
    "mode": ("modes", "families", "alternatives"),
    "pair": ("country_a", "country_b"),
    "border": ("crossing_id", "country_a", "country_b"),
    "corridor": ("corridor_id",),
}
_FORBIDS: Final[Mapping[Place, tuple[str, ...]]] = {
    "mode": ("country_a", "country_b", "crossing_id", "corridor_id", "carries_over", "carries_to"),
    "pair": ("crossing_id", "corridor_id", "carries_over", "carries_to"),
    "border": ("corridor_id", "alternatives"),
    "corridor": ("country_a", "country_b", "crossing_id", "alternatives"),
}
#: Places whose constants must say what they mean for new infrastructure.
_CARRIED: Final = ("border", "corridor")


def _rows(tables: Tables) -> Iterator[tuple[str, Row]]:
    for row in records(tables["constant"]):
        yield str(row["constant_id"]), row


def _filled(row: Row, column: str) -> bool:
    return not is_missing(row[column]) and row[column] != ""


@looks_at(
    constant="kind modes families alternatives country_a country_b direction crossing_id corridor_id carries_over"
    " carries_to open_from open_to"
)
def constants_without_a_place(tables: Tables) -> Iterable[Problem]:
    """Find constants that do not fill the columns of their kind, or fill those of another."""
    for where, row in _rows(tables):
        place = place_of(row)
        what = f"kind {row['kind']}" if row["kind"] != "policy" else f"policy on a {place}"
        needs = _NEEDS[place]
        if not any(_filled(row, column) for column in needs):
            yield Problem("constant", f"{what}: nothing says what it concerns", where, needs[0], "", " or ".join(needs))
        for column in _FORBIDS[place]:
            if _filled(row, column):
                value = str(row[column])
                yield Problem("constant", f"{what}: the column does not apply", where, column, value, "an empty cell")
        if place in ("mode", "corridor") and row["direction"] != "both":
            yield Problem("constant", f"{what}: has no direction", where, "direction", row["direction"], "both")
        if place in _CARRIED and is_missing(row["carries_over"]):
            allowed = "a share from 0 (new infrastructure is free of it) to 1 (it takes all of it)"
            message = f"{what}: whether it carries over to new infrastructure must be said"
            yield Problem("constant", message, where, "carries_over", "", allowed)
        if row["kind"] == "policy" and not (row["open_from"] or row["open_to"]):
            yield Problem("constant", "a policy has a period", where, "open_from", "", "a date, or open_to")


@looks_at(constant="families carries_to")
def constants_of_unknown_families(tables: Tables) -> Iterable[Problem]:
    """Find names that are no family of modes."""
    near_to = first_suggestions()
    for where, row in _rows(tables):
        named = [(column, family) for column in ("families", "carries_to") for family in split_list(row[column])]
        for column, family in named:
            if family not in FAMILIES:
                near = near_to(family, FAMILIES)
                allowed = ", ".join(FAMILIES) + (f"; {near}" if near else "")
                yield Problem("constant", "unknown family of modes", where, column, family, allowed)


@looks_at(constant="value prior_mean prior_sd low high")
def constants_out_of_their_range(tables: Tables) -> Iterable[Problem]:
    """Find values and prior means outside the range given in the same row, and ranges without room."""
    for where, row in _rows(tables):
        low, high = (None if is_missing(row[column]) else float(row[column]) for column in ("low", "high"))
        if low is not None and high is not None and low >= high:
            yield Problem("constant", "high is not above low", where, "high", f"{high:g}", f"a number above {low:g}")
            continue
        for column in ("value", "prior_mean"):
            value = row[column]
            if low is not None and value < low:
                yield Problem("constant", "below low", where, column, f"{value:g}", f"at least low, which is {low:g}")
            if high is not None and value > high:
                yield Problem("constant", "above high", where, column, f"{value:g}", f"at most high, which is {high:g}")


@looks_at(constant="kind country_a country_b crossing_id corridor_id", zone="country")
def constants_of_pairs_without_zones(tables: Tables) -> Iterable[Problem]:
    """Find countries of pairs in which there is no zone, so that no freight is concerned."""
    known = set(texts(tables["zone"], "country"))
    for where, row in _rows(tables):
        if place_of(row) == "pair":
            for column in ("country_a", "country_b"):
                for country in split_list(row[column]):
                    if country not in known:
                        allowed = f"a country of the table zone: {', '.join(sorted(known))}"
                        yield Problem("constant", "no zone is in this country", where, column, country, allowed)


@looks_at(
    constant="kind modes families country_a country_b direction crossing_id corridor_id",
    crossing="country_a country_b", vehicle="family", corridor="crossing_id length_km",
)  # fmt: skip
def constants_on_no_crossing(tables: Tables) -> Iterable[Problem]:
    """Find constants of borders, and of corridors with crossings, that concern no row of the table crossing."""
    crossing = tables["crossing"]
    families, names = np.array(texts(crossing, "family"), dtype=object), texts(crossing, "crossing_id")
    for where, row in _rows(tables):
        if not _at_crossings(row, tables):
            continue
        here = np.asarray(concerned_crossings(row, tables).any(axis=0))
        family = _families(row, tables)
        served = here & np.isin(families, sorted(family))
        if not here.any():
            allowed = "crossings between these countries: see the table crossing"
            column = "crossing_id" if row["crossing_id"] else "country_a"
            yield Problem("constant", "no crossing is concerned", where, column, str(row[column]), allowed)
        elif not served.any():
            there = ", ".join(sorted(set(families[here].tolist())))
            message = "no crossing is concerned: none has a row for the modes of the constant"
            column = "modes" if row["modes"] else "families"
            yield Problem("constant", message, where, column, str(row[column]), f"modes of the families {there}")
        elif place_of(row) == "border" and (row["country_a"] or row["country_b"]):
            yield from _named_elsewhere(where, row, here, names)


def _named_elsewhere(where: str, row: Row, here: Bools, names: list[str]) -> Iterator[Problem]:
    """Crossings that a constant names but that are not between its countries."""
    found = {name for name, is_here in zip(names, here.tolist(), strict=True) if is_here}
    for name in split_list(row["crossing_id"]):
        if name not in found:
            sides = " and ".join(row[column] or "any country" for column in ("country_a", "country_b"))
            allowed = "a crossing between the countries of the constant, in its direction"
            yield Problem("constant", f"the crossing is not between {sides}", where, "crossing_id", name, allowed)


@looks_at(
    constant="kind modes families country_a country_b crossing_id corridor_id", link="corridor mode", vehicle="family",
    corridor="crossing_id length_km",
)  # fmt: skip
def constants_on_no_link(tables: Tables) -> Iterable[Problem]:
    """Find constants on corridors that have no links, or none of the modes concerned."""
    link = tables["link"]
    for where, row in _rows(tables):
        if not _on_corridor(row) or _corridor(row, tables)["crossing_id"] or not has_known_families(row):
            continue
        here = corridor_links(link, row["corridor_id"])
        modes = concerned_modes(row, tables["vehicle"])
        if not here.any():
            allowed = "a corridor with crossings, or named in the column corridor of links"
            message = "the corridor has no links"
            yield Problem("constant", message, where, "corridor_id", row["corridor_id"], allowed)
        elif not modes.intersection(np.array(texts(link, "mode"), dtype=object)[here].tolist()):
            message = f"the corridor {row['corridor_id']} has no links of the modes of the constant"
            column = "modes" if row["modes"] else "families"
            allowed = ", ".join(sorted(set(np.array(texts(link, "mode"), dtype=object)[here].tolist())))
            yield Problem("constant", message, where, column, str(row[column]), allowed)


@looks_at(link="corridor", corridor="")
def links_of_unknown_corridors(tables: Tables) -> Iterable[Problem]:
    """Find corridors that links name and the table corridor, if the study has one, does not."""
    known, near_to = set(texts(tables["corridor"], "corridor_id")), first_suggestions()
    if not known:
        return
    link = tables["link"]
    for where, text in zip(texts(link, "link_id"), texts(link, "corridor"), strict=True):
        for name in split_list(text):
            if name not in known:
                near = near_to(name, known)
                allowed = "a corridor_id of the table corridor" + (f"; {near}" if near else "")
                yield Problem("link", "unknown corridor", where, "corridor", name, allowed)


def _at_crossings(row: Row, tables: Tables) -> bool:
    """Whether a constant is charged at crossings, and says at which and for whom."""
    if not has_known_families(row):
        return False
    if _on_corridor(row):
        return bool(_corridor(row, tables)["crossing_id"])
    return place_of(row) == "border" and any(_filled(row, column) for column in _NEEDS["border"])


def has_known_families(row: Row) -> bool:
    """Whether the families of a constant exist, so that it can be said what it concerns."""
    return set(split_list(row["families"])).issubset(FAMILIES)


def _on_corridor(row: Row) -> bool:
    return place_of(row) == "corridor" and bool(row["corridor_id"])


def _corridor(row: Row, tables: Tables) -> Row:
    return corridor_of(row, tables["corridor"])


def _families(row: Row, tables: Tables) -> set[str]:
    """Families of the modes that a constant concerns."""
    modes = concerned_modes(row, tables["vehicle"])
    pairs = zip(texts(tables["vehicle"], "mode"), texts(tables["vehicle"], "family"), strict=True)
    return {family for mode, family in pairs if mode in modes}
