"""Consistency checks across the tables of a study, with one function per check."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from landlink.core.currency import USD
from landlink.core.errors import Problem
from landlink.core.file_names import file_name_fault
from landlink.core.sphere import great_circle_km
from landlink.study.domestic_checks import domestic_problems
from landlink.study.growth import EVERY
from landlink.tables.dates import decimal_year
from landlink.tables.frames import Tables, numbers, row_of, texts
from landlink.tables.lists import split_list
from landlink.tables.schemas import TABLES

Check = Callable[[Tables], Iterable[Problem]]

#: All checks in the order of definition, with the columns that each uses in addition to keys, by table.
CHECKS: Final[dict[Check, Mapping[str, frozenset[str]]]] = {}

#: Share by which a link may be shorter than the great circle between its ends, since coordinates are rounded.
SHORTFALL: Final = 0.02
#: Ratio of loads per tonne up to which vehicles of one family count alike: more than that of any two gauges.
MOST_UNEVEN: Final = 10.0


def looks_at(**columns: str) -> Callable[[Check], Check]:
    """Register a check with the columns, by table, that it uses in addition to the keys of those tables."""

    def entered(check: Check) -> Check:
        CHECKS[check] = {table: frozenset(names.split()) for table, names in columns.items()}
        return check

    return entered


def _tuples(frame: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Iterate over the values of columns row by row; lists are much faster than text columns."""
    return zip(*(frame[name].tolist() for name in columns), strict=True)


def _rows(mask: np.ndarray) -> list[int]:
    return [int(i) for i in np.flatnonzero(mask)]


@looks_at(**{table.name: "" for table in TABLES.values() if any(column.file_name for column in table.columns)})
def names_of_no_file(tables: Tables) -> Iterable[Problem]:
    """Find names after which files are named and which no file can have on every system."""
    for table in TABLES.values():
        for column in table.columns:
            for name in dict.fromkeys(texts(tables[table.name], column.name)) if column.file_name else ():
                parts = name.split("/") if column.file_name == "parts" else [name]
                if fault := next((fault for part in parts if (fault := file_name_fault(part))), ""):
                    message = f"the name {fault}, but files are named after it"
                    yield Problem(table.name, message, name, column.name, name, column.accepts)


@looks_at(link="from_node_id to_node_id length", node="x_coord y_coord")
def short_links(tables: Tables) -> Iterable[Problem]:
    """Find links shorter than the great circle between their ends."""
    link, place = tables["link"], {name: xy for name, *xy in _tuples(tables["node"], "node_id", "x_coord", "y_coord")}
    start, end = (np.array([place[node] for node in texts(link, name)]) for name in ("from_node_id", "to_node_id"))
    straight = great_circle_km(*start.reshape(-1, 2).T, *end.reshape(-1, 2).T)
    lengths = numbers(link, "length")
    for i in _rows(lengths < (1 - SHORTFALL) * straight):
        yield Problem(
            "link", "shorter than the great circle between its end nodes", str(link["link_id"].iat[i]), "length",
            f"{lengths[i]:g} km",
            f"at least 98% of {straight[i]:.1f} km; check the length, its unit and the coordinates of the nodes",
        )  # fmt: skip


@looks_at(link="from_node_id to_node_id")
def loops(tables: Tables) -> Iterable[Problem]:
    """Find links with the same start and end node."""
    link = tables["link"]
    for i in _rows(link["from_node_id"].to_numpy() == link["to_node_id"].to_numpy()):
        yield Problem(
            "link", "start and end node are the same", str(link["link_id"].iat[i]), "to_node_id",
            str(link["to_node_id"].iat[i]), "a node other than from_node_id",
        )  # fmt: skip


@looks_at(link="from_node_id to_node_id country crossing_id", node="country", crossing="node_id country_a country_b")
def crossings_between_nothing(tables: Tables) -> Iterable[Problem]:
    """Find crossings that do not connect two countries in any mode and status."""
    link, crossing = tables["link"], tables["crossing"]
    if link.empty:  # a study of borders alone
        return
    node_country = dict(_tuples(tables["node"], "node_id", "country"))
    at_node: dict[str, set[str]] = {}
    on_link: dict[str, set[str]] = {}
    for name, start, end, countries in _tuples(link, "crossing_id", "from_node_id", "to_node_id", "country"):
        for node in (start, end):
            at_node.setdefault(node, set()).update(split_list(countries))
        if name:
            on_link.setdefault(name, set()).update({node_country[start], node_country[end]})
    done: set[str] = set()
    for name, node, country_a, country_b in _tuples(crossing, "crossing_id", "node_id", "country_a", "country_b"):
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
    for node, family, a, b in _tuples(tables["crossing"], "node_id", "family", "country_a", "country_b"):
        if node:
            sides.setdefault((node, family), set()).update({a, b})
    return sides


@looks_at(link="from_node_id to_node_id mode country", vehicle="family", crossing="node_id country_a country_b")
def links_on_no_side(tables: Tables) -> Iterable[Problem]:
    """Find links at a crossing of their family that are in neither of its countries, or in both."""
    link, sides = tables["link"], _sides(tables)
    family = dict(_tuples(tables["vehicle"], "mode", "family"))
    for i, (start, end, mode, countries) in enumerate(_tuples(link, "from_node_id", "to_node_id", "mode", "country")):
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
    for i, (node, country) in enumerate(_tuples(zone, "node_id", "country")):
        for pair in [pair for (at, _), pair in sides.items() if at == node and country not in pair]:
            yield Problem(
                "zone", "the zone is at a crossing, but in neither of its countries", str(zone["zone_id"].iat[i]),
                "country", country, "one of " + ", ".join(sorted(pair)),
            )  # fmt: skip


@looks_at(terminal="node_id mode_a mode_b country", vehicle="family", crossing="node_id country_a country_b")
def terminals_on_no_side(tables: Tables) -> Iterable[Problem]:
    """Find terminals at a crossing of their modes that are in neither of its countries."""
    sides, family = _sides(tables), dict(_tuples(tables["vehicle"], "mode", "family"))
    for name, node, a, b, country in _tuples(
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


@looks_at(link="curve curve_a", terminal="curve curve_a", crossing="curve curve_a", vehicle="curve curve_a")
def flat_cones(tables: Tables) -> Iterable[Problem]:
    """Find conical curves with a parameter alpha of 1 or less, for which the curve is not defined."""
    for name in ("link", "terminal", "crossing", "vehicle"):
        frame = tables[name]
        for i in _rows(((frame["curve"] == "conical") & (frame["curve_a"] <= 1)).to_numpy()):
            yield Problem(
                name, "the parameter alpha of a conical curve must be above 1", str(frame.iloc[i][TABLES[name].key[0]]),
                "curve_a", f"{frame['curve_a'].iat[i]:g}", "a number above 1; empty: 4",
            )  # fmt: skip


@looks_at(
    link="load_group mode capacity_vehicles_per_day background_vehicles_per_day hard_capacity curve curve_a curve_b"
)
def split_load_groups(tables: Tables) -> Iterable[Problem]:
    """Find load groups over links of different modes or capacities.

    Different loads per tonne within a group would make the Jacobian asymmetric and the program non-convex.
    """
    link = tables["link"]
    grouped = link[link["load_group"] != ""]
    if grouped.empty:
        return
    numbers = (
        "capacity_vehicles_per_day", "background_vehicles_per_day", "hard_capacity", "curve", "curve_a", "curve_b",
    )  # fmt: skip
    for column in ("mode", *numbers):
        counts = grouped.groupby("load_group")[column].nunique(dropna=False)
        for group in counts.index[counts > 1]:
            values = ", ".join(str(value) for value in grouped.loc[grouped["load_group"] == group, column].unique())
            yield Problem(
                "link",
                f"different values within the load group {group}",
                column=column,
                value=values,
                allowed="the same value for the whole group",
            )


@looks_at(link="load_group")
def groups_named_as_links(tables: Tables) -> Iterable[Problem]:
    """Find load groups with the name of a link outside them, whose capacity would be mistaken for theirs."""
    link = tables["link"]
    alone = {name for name, group in _tuples(link, "link_id", "load_group") if not group}
    for name, group in _tuples(link, "link_id", "load_group"):
        if group in alone:
            yield Problem(
                "link", "the load group has the name of a link that is not in the group", name, "load_group", group,
                "a name that is not a link_id, or that link also in the group",
            )  # fmt: skip


@looks_at(
    link="open_from open_to",
    terminal="open_from open_to",
    crossing="open_from open_to",
    measure="open_from open_to",
    stage="open_from open_to",
    rule="open_from open_to",
    constant="open_from open_to",
)
def periods_that_never_come(tables: Tables) -> Iterable[Problem]:
    """Find rows and measures that end before they begin."""
    for name in ("link", "terminal", "crossing", "measure", "stage", "rule", "constant"):
        frame = tables[name]
        for i, (begin, end) in enumerate(_tuples(frame, "open_from", "open_to")):
            if begin and end and decimal_year(end) <= decimal_year(begin):
                yield Problem(
                    name, "open_to is not after open_from", str(frame[TABLES[name].key[0]].iat[i]),
                    "open_to", str(end), f"a date after {begin}, or empty",
                )  # fmt: skip


@looks_at(measure="excludes requires")
def measures_against_themselves(tables: Tables) -> Iterable[Problem]:
    """Find measures that exclude or require themselves, or exclude what they require."""
    for name, excluded, required in _tuples(tables["measure"], "measure_id", "excludes", "requires"):
        excludes, requires = split_list(excluded), split_list(required)
        for column, values in (("excludes", excludes), ("requires", requires)):
            if name in values:
                yield Problem("measure", "a measure refers to itself", str(name), column, str(name), "other measures")
        for other in set(excludes).intersection(requires):
            yield Problem(
                "measure",
                "a measure both excludes and requires another",
                str(name),
                "excludes",
                other,
                "one of the two",
            )


@looks_at(growth="year_to", commodity="")
def growth_of_nothing(tables: Tables) -> Iterable[Problem]:
    """Find growth of unknown commodities, or over empty periods."""
    known = set(texts(tables["commodity"], "commodity_id"))
    for commodity, begin, end in _tuples(tables["growth"], "commodity_id", "year_from", "year_to"):
        row = f"{commodity}/{begin}"
        if commodity != EVERY and commodity not in known:
            yield Problem(
                "growth", "unknown commodity_id", row, "commodity_id", str(commodity),
                "commodity_id of a row of commodity.csv, or * for all others",
            )  # fmt: skip
        if end <= begin:
            yield Problem("growth", "year_to is not after year_from", row, "year_to", str(end), f"a year after {begin}")


@looks_at(link="from_node_id to_node_id crossing_id", node="country", crossing="country_a country_b")
def links_that_pass_another_border(tables: Tables) -> Iterable[Problem]:
    """Find links that refer to a crossing whose countries are not those of their ends."""
    link, crossing = tables["link"], tables["crossing"]
    country = dict(_tuples(tables["node"], "node_id", "country"))
    pairs: dict[str, set[frozenset[str]]] = {}
    for name, a, b in _tuples(crossing, "crossing_id", "country_a", "country_b"):
        pairs.setdefault(name, set()).add(frozenset((a, b)))
    for name, at, start, end in _tuples(link, "link_id", "crossing_id", "from_node_id", "to_node_id"):
        ends = {country[start], country[end]}
        if at and ends not in pairs.get(at, set()):
            wanted = " or ".join("-".join(sorted(pair)) for pair in pairs.get(at, ()))
            yield Problem(
                "link", f"passes the crossing {at}, but its ends are in {' and '.join(sorted(ends)) or 'no country'}",
                str(name), "crossing_id", str(at), f"a link between nodes in {wanted}; see the column country of node",
            )  # fmt: skip


@looks_at(vehicle="family payload_t empty_return", crossing="capacity_vehicles_per_day hard_capacity", link="mode")
def uneven_families(tables: Tables) -> Iterable[Problem]:
    """Find families that share the capacity of crossings although their vehicles are of quite different sizes.

    Trains of two gauges each count as one; a truck and a train, or a container and the ferry that carries it, do not.
    """
    vehicle, crossing = tables["vehicle"], tables["crossing"]
    limited = crossing[["capacity_vehicles_per_day", "hard_capacity"]].notna().any(axis=1)
    bound = set(crossing.loc[limited, "family"].tolist())
    used = set(tables["link"]["mode"].unique())
    load = vehicle.assign(load=(1 + vehicle["empty_return"]) / vehicle["payload_t"])
    loads: dict[str, dict[str, float]] = {family: {} for family in sorted(bound)}
    for mode, family, value in _tuples(load, "mode", "family", "load"):
        if family in bound and mode in used:
            loads[family][mode] = value
    for family, of_mode in loads.items():
        if of_mode and max(of_mode.values()) > MOST_UNEVEN * min(of_mode.values()):
            yield Problem(
                "vehicle",
                f"the modes {', '.join(of_mode)} share the capacity of {family} crossings but have different loads per"
                f" tonne, more than {MOST_UNEVEN:g} times apart",
                column="payload_t",
                allowed="vehicles of similar payload in one family, since they count alike; or no capacity",
            )  # fmt: skip


@looks_at(gateway="share")
def gateway_shares(tables: Tables) -> Iterable[Problem]:
    """Find countries whose gateway shares do not sum to 1."""
    shares = tables["gateway"].groupby("country")["share"].sum()
    for country, total in shares[(shares - 1).abs() > 1e-6].items():
        yield Problem(
            "gateway", f"shares of {country} do not sum to 1", column="share", value=f"{total:g}",
            allowed="shares with the sum 1",
        )  # fmt: skip


@looks_at(terminal="mode_a mode_b")
def terminals_of_one_mode(tables: Tables) -> Iterable[Problem]:
    """Find terminals with the same mode twice."""
    terminal = tables["terminal"]
    for i in _rows(terminal["mode_a"].to_numpy() == terminal["mode_b"].to_numpy()):
        yield Problem(
            "terminal", "both modes are the same", str(terminal["terminal_id"].iat[i]), "mode_b",
            str(terminal["mode_b"].iat[i]), "a mode other than mode_a",
        )  # fmt: skip


@looks_at(demand="tonnes_per_year")
def trips_to_self(tables: Tables) -> Iterable[Problem]:
    """Find intrazonal demand, which cannot be assigned."""
    demand = tables["demand"]
    same = (demand["origin_zone_id"] == demand["destination_zone_id"]) & (demand["tonnes_per_year"] > 0)
    for i in _rows(same.to_numpy()):
        yield Problem(
            "demand", "origin and destination are the same zone", str(demand["origin_zone_id"].iat[i]),
            "destination_zone_id",
            str(demand["destination_zone_id"].iat[i]), "a zone other than the origin; leave out freight within a zone",
        )  # fmt: skip


@looks_at(
    demand_domestic="origin_zone_id destination_zone_id", domestic_total="to_km", zone_share="produces consumes",
    background="", zone="country kind", link="mode facility_type",
)  # fmt: skip
def traffic_within_countries(tables: Tables) -> Iterable[Problem]:
    """Find faults of domestic freight, of its totals and of the cars on roads."""
    yield from domestic_problems(tables)


@looks_at(config="currency")
def other_money(tables: Tables) -> Iterable[Problem]:
    """Find a currency of tolls that is neither USD nor, since tolls in it are converted by now, that of the study."""
    for text in tables["config"]["currency"]:
        if text != USD:
            allowed = "USD, or the currency of study.toml"
            yield Problem("config", "unsupported currency", column="currency", value=str(text), allowed=allowed)


def table_problems(tables: Tables, changed: Mapping[str, Collection[str]] | None = None) -> list[Problem]:
    """Run the consistency checks of the tables.

    Parameters
    ----------
    tables
        All tables.
    changed
        By table, columns that changed since the last check: checks that use none of them are skipped. All checks run if
        not given.
    """
    return [problem for check in CHECKS if changed is None or _concerns(check, changed) for problem in check(tables)]


def _concerns(check: Check, changed: Mapping[str, Collection[str]]) -> bool:
    """Whether a check uses a column that changed."""
    return any(
        not (columns | set(TABLES[table].key)).isdisjoint(changed.get(table, ()))
        for table, columns in CHECKS[check].items()
    )


def clashes(measure: pd.DataFrame, chosen: Iterable[str]) -> Iterable[Problem]:
    """Find selected measures that exclude one another, or whose required measures are missing."""
    chosen = tuple(chosen)
    register = measure.set_index("measure_id")
    told: set[frozenset[str]] = set()
    for name in chosen:
        for other in split_list(row_of(register, name)["excludes"]):
            pair = frozenset((name, other))
            if other in chosen and pair not in told:
                told.add(pair)
                yield Problem(
                    "measure",
                    f"{name} excludes {other}",
                    column="excludes",
                    value=other,
                    allowed="one of the two",
                )
        for other in split_list(row_of(register, name)["requires"]):
            if other not in chosen:
                yield Problem(
                    "measure",
                    f"{name} requires {other}",
                    column="requires",
                    value=other,
                    allowed=f"apply {other} as well",
                )
