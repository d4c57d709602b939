"""Consistency checks of response units and their sites, with one function per check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from landlink.core.errors import Problem, first_suggestions
from landlink.study.check_registry import looks_at
from landlink.study.disturbed_places import DISTURBED
from landlink.tables.frames import Row, Tables, is_missing, records, texts
from landlink.tables.lists import split_list
from landlink.tables.resilience_schemas import CAUSES

__all__ = ["countries_at"]

#: Countries of a node: its own, or those of the crossings at it.
_COUNTRIES: Final = "node_id country_a country_b"


def _units(tables: Tables) -> Iterator[tuple[str, Row]]:
    for row in records(tables["response_unit"]):
        yield str(row["unit_id"]), row


def _sites(tables: Tables) -> Iterator[tuple[str, Row]]:
    for row in records(tables["response_site"]):
        yield str(row["site_id"]), row


def countries_at(tables: Tables) -> dict[str, set[str]]:
    """Countries at each node: its own, and those of the crossings at it."""
    node, crossing = tables["node"], tables["crossing"]
    found = {name: {own} - {""} for name, own in zip(texts(node, "node_id"), texts(node, "country"), strict=True)}
    for name, *ends in zip(*(texts(crossing, column) for column in _COUNTRIES.split()), strict=True):
        if name in found:
            found[name].update(ends)
    return found


@looks_at(response_unit="serves causes")
def units_called_to_nothing(tables: Tables) -> Iterable[Problem]:
    """Find units that serve no table of places, or unknown causes."""
    near = first_suggestions()
    for name, row in _units(tables):
        for column, known in (("serves", tuple(DISTURBED)), ("causes", CAUSES)):
            for word in split_list(row[column]):
                if word not in known:
                    allowed = near(word, known) or ", ".join(known)
                    what = "cause" if column == "causes" else "table of places"
                    yield Problem("response_unit", f"unknown {what}", name, column, word, allowed)


@looks_at(
    response_site="unit_id node_id", response_unit="family", link="from_node_id to_node_id mode", vehicle="family"
)
def sites_off_the_network(tables: Tables) -> Iterable[Problem]:
    """Find sites at nodes that no link of their units' family reaches."""
    if tables["link"].empty:
        return
    family = {name: str(row["family"]) for name, row in _units(tables)}
    of_mode = dict(zip(texts(tables["vehicle"], "mode"), texts(tables["vehicle"], "family"), strict=True))
    link = tables["link"]
    reached = {
        (node, of_mode.get(mode))
        for end in ("from_node_id", "to_node_id")
        for node, mode in zip(texts(link, end), texts(link, "mode"), strict=True)
    }
    for name, row in _sites(tables):
        of = family.get(str(row["unit_id"]))
        if of and (str(row["node_id"]), of) not in reached:
            allowed = f"a node at which a link of the family {of} begins or ends"
            yield Problem("response_site", f"no {of} link reaches the site", name, "node_id", row["node_id"], allowed)


@looks_at(response_site="node_id country", node="country", crossing=_COUNTRIES)
def sites_in_other_countries(tables: Tables) -> Iterable[Problem]:
    """Find sites of countries in which their nodes are not, or of none."""
    if tables["response_site"].empty:
        return
    at = countries_at(tables)
    for name, row in _sites(tables):
        there = sorted(at.get(str(row["node_id"]), ()))
        country = str(row["country"])
        if country and country not in there:
            message = f"the node {row['node_id']} is not in this country"
            yield Problem("response_site", message, name, "country", country, " or ".join(there) or "an empty cell")
        elif not country and len(there) != 1:
            message = "the node lies in several countries" if there else "the node has no country"
            yield Problem("response_site", message, name, "country", "", " or ".join(there) or "a country of the node")


@looks_at(response_site="unit_id node_id country")
def sites_twice(tables: Tables) -> Iterable[Problem]:
    """Find two sites of one kind and country at one node."""
    first: dict[tuple[str, ...], str] = {}
    for name, row in _sites(tables):
        key = tuple(str(row[column]) for column in ("unit_id", "node_id", "country"))
        other = first.setdefault(key, name)
        if other != name:
            message = f"the same kind of units at the same node as the site {other}"
            yield Problem("response_site", message, name, "node_id", row["node_id"], "one site with more units")


@looks_at(response_site="status units most_units")
def more_units_than_room(tables: Tables) -> Iterable[Problem]:
    """Find existing sites that hold fewer units than stand there, and candidates with two statements of the most."""
    for name, row in _sites(tables):
        if is_missing(row["most_units"]):
            continue
        most = str(row["most_units"])
        if row["status"] == "candidate":
            allowed = "an empty cell: units is the most that a candidate could hold"
            yield Problem("response_site", "two statements of the most units", name, "most_units", most, allowed)
        elif row["most_units"] < row["units"]:
            message = "more units stand there than it can hold"
            yield Problem("response_site", message, name, "most_units", most, f"at least {row['units']}")
