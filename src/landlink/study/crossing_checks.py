"""Consistency checks of where crossings lie and which countries they separate, with one function per check."""

from __future__ import annotations

from collections.abc import Iterable

from landlink.core.errors import Problem
from landlink.study.check_registry import looks_at
from landlink.tables.frames import Tables, cells_of
from landlink.tables.lists import split_list


@looks_at(link="from_node_id to_node_id country crossing_id", node="country", crossing="node_id country_a country_b")
def crossings_between_nothing(tables: Tables) -> Iterable[Problem]:
    """Find crossings that do not connect two countries in any mode and status."""
    link, crossing = tables["link"], tables["crossing"]
    if link.empty:  # a study of borders alone
        return
    node_country = dict(cells_of(tables["node"], "node_id", "country"))
    at_node: dict[str, set[str]] = {}
    on_link: dict[str, set[str]] = {}
    for name, start, end, countries in cells_of(link, "crossing_id", "from_node_id", "to_node_id", "country"):
        for node in (start, end):
            at_node.setdefault(node, set()).update(split_list(countries))
        if name:
            on_link.setdefault(name, set()).update({node_country[start], node_country[end]})
    done: set[str] = set()
    for name, node, country_a, country_b in cells_of(crossing, "crossing_id", "node_id", "country_a", "country_b"):
        missing = {country_a, country_b} - at_node.get(node, set()) - on_link.get(name, set())
        if country_a == country_b:
            yield Problem(
                "crossing", "both countries are the same", name, "country_b", country_b,
                "a country other than country_a",
            )  # fmt: skip
        elif missing and name not in done:
            done.add(name)
            yield Problem(
                "crossing", f"no link in {' or '.join(sorted(missing))} reaches it; it does not connect two countries",
                name, "node_id", node,
                "a node where links of both countries end, or links with this crossing_id",
            )  # fmt: skip


def _sides(tables: Tables) -> dict[tuple[str, str], set[str]]:
    """Countries separated by the crossings at a node, by node and family."""
    sides: dict[tuple[str, str], set[str]] = {}
    for node, family, a, b in cells_of(tables["crossing"], "node_id", "family", "country_a", "country_b"):
        if node:
            sides.setdefault((node, family), set()).update({a, b})
    return sides


@looks_at(link="from_node_id to_node_id mode country", vehicle="family", crossing="node_id country_a country_b")
def links_on_no_side(tables: Tables) -> Iterable[Problem]:
    """Find links at a crossing of their family that are in neither of its countries, or in both."""
    link, sides = tables["link"], _sides(tables)
    family = dict(cells_of(tables["vehicle"], "mode", "family"))
    for i, (start, end, mode, countries) in enumerate(cells_of(link, "from_node_id", "to_node_id", "mode", "country")):
        for node in sorted({start, end}):
            pair = sides.get((node, family.get(mode, "")))
            if pair is not None and len(pair.intersection(split_list(countries))) != 1:
                yield Problem(
                    "link", f"ends at the crossing {node}, but not in exactly one of its countries",
                    str(link["link_id"].iat[i]), "country", countries, "one of " + ", ".join(sorted(pair)),
                )  # fmt: skip


@looks_at(zone="node_id country", crossing="node_id country_a country_b")
def zones_on_no_side(tables: Tables) -> Iterable[Problem]:
    """Find zones at a crossing that are in neither of its countries."""
    zone, sides = tables["zone"], _sides(tables)
    for i, (node, country) in enumerate(cells_of(zone, "node_id", "country")):
        for pair in [pair for (at, _), pair in sides.items() if at == node and country not in pair]:
            yield Problem(
                "zone", "the zone is at a crossing, but in neither of its countries", str(zone["zone_id"].iat[i]),
                "country", country, "one of " + ", ".join(sorted(pair)),
            )  # fmt: skip


@looks_at(terminal="node_id mode_a mode_b country", vehicle="family", crossing="node_id country_a country_b")
def terminals_on_no_side(tables: Tables) -> Iterable[Problem]:
    """Find terminals at a crossing of their modes that are in neither of its countries."""
    sides, family = _sides(tables), dict(cells_of(tables["vehicle"], "mode", "family"))
    for name, node, a, b, country in cells_of(
        tables["terminal"], "terminal_id", "node_id", "mode_a", "mode_b", "country"
    ):
        pairs = [pair for mode in (a, b) if (pair := sides.get((node, family.get(mode, ""))))]
        if country and any(country not in pair for pair in pairs):
            yield Problem(
                "terminal", f"the terminal is at the crossing {node}, but in neither of its countries", name, "country",
                country, f"one of {', '.join(sorted(pairs[0]))}, or empty for either side",
            )  # fmt: skip


@looks_at(crossing="node_id")
def crossings_in_one_place(tables: Tables) -> Iterable[Problem]:
    """Find several crossings of one family at the same node, which can separate only two sides."""
    crossing = tables["crossing"]
    placed = crossing[crossing["node_id"] != ""]
    for i in placed.index[placed.duplicated(["node_id", "family"])]:
        yield Problem(
            "crossing", "another crossing of the same family is at this node", str(placed.at[i, "crossing_id"]),
            "node_id", str(placed.at[i, "node_id"]), "a separate node for each crossing",
        )  # fmt: skip


@looks_at(link="from_node_id to_node_id crossing_id", node="country", crossing="country_a country_b")
def links_that_pass_another_border(tables: Tables) -> Iterable[Problem]:
    """Find links that refer to a crossing whose countries are not those of their ends."""
    link, crossing = tables["link"], tables["crossing"]
    country = dict(cells_of(tables["node"], "node_id", "country"))
    pairs: dict[str, set[frozenset[str]]] = {}
    for name, a, b in cells_of(crossing, "crossing_id", "country_a", "country_b"):
        pairs.setdefault(name, set()).add(frozenset((a, b)))
    for name, at, start, end in cells_of(link, "link_id", "crossing_id", "from_node_id", "to_node_id"):
        ends = {country[start], country[end]}
        if at and ends not in pairs.get(at, set()):
            wanted = " or ".join("-".join(sorted(pair)) for pair in pairs.get(at, ()))
            yield Problem(
                "link", f"passes the crossing {at}, but its ends are in {' and '.join(sorted(ends)) or 'no country'}",
                str(name), "crossing_id", str(at), f"a link between nodes in {wanted}; see the column country of node",
            )  # fmt: skip
