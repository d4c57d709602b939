"""What makes a study's tables wrong together: one small function for each way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import numpy as np
import pandas as pd

from landlink.errors import Problem
from landlink.study.growth import EVERY
from landlink.tables.dates import decimal_year
from landlink.tables.lists import split_list
from landlink.tables.schemas import TABLES

Tables = Mapping[str, pd.DataFrame]

EARTH_RADIUS_KM: Final = 6371.0088
#: A link may be this much shorter than the great circle between its ends: coordinates are rounded.
SHORTFALL: Final = 0.02


def great_circle_km(lon_a: np.ndarray, lat_a: np.ndarray, lon_b: np.ndarray, lat_b: np.ndarray) -> np.ndarray:
    """Great-circle distance in km between points given in degrees (haversine, Sinnott 1984)."""
    phi_a, phi_b = np.radians(lat_a), np.radians(lat_b)
    half = np.sin((phi_b - phi_a) / 2) ** 2
    half += np.cos(phi_a) * np.cos(phi_b) * np.sin(np.radians(lon_b - lon_a) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(half))))


def _rows(mask: np.ndarray) -> list[int]:
    return [int(i) for i in np.flatnonzero(mask)]


def short_links(tables: Tables) -> Iterable[Problem]:
    """Links shorter than the great circle between their ends."""
    link, node = tables["link"], tables["node"].set_index("node_id")
    start, end = node.reindex(link["from_node_id"]), node.reindex(link["to_node_id"])
    straight = great_circle_km(
        start["x_coord"].to_numpy(), start["y_coord"].to_numpy(), end["x_coord"].to_numpy(), end["y_coord"].to_numpy()
    )
    lengths = link["length"].to_numpy(dtype=float)
    for i in _rows(lengths < (1 - SHORTFALL) * straight):
        yield Problem(
            "link", "shorter than the straight line between its ends", str(link["link_id"].iat[i]), "length",
            f"{lengths[i]:g} km",
            f"at least {straight[i]:.1f} km less 2 %; check the length, its unit and the nodes' coordinates",
        )  # fmt: skip


def loops(tables: Tables) -> Iterable[Problem]:
    """Links that end where they begin."""
    link = tables["link"]
    for i in _rows(link["from_node_id"].to_numpy() == link["to_node_id"].to_numpy()):
        yield Problem(
            "link", "ends where it begins", str(link["link_id"].iat[i]), "to_node_id",
            str(link["to_node_id"].iat[i]), "another node than from_node_id",
        )  # fmt: skip


def countries_at_nodes(link: pd.DataFrame) -> dict[str, set[str]]:
    """Countries whose links, of any mode and status, touch each node."""
    found: dict[str, set[str]] = {}
    for start, end, countries in zip(link["from_node_id"], link["to_node_id"], link["country"], strict=True):
        for node in (start, end):
            found.setdefault(node, set()).update(split_list(countries))
    return found


def crossings_between_nothing(tables: Tables) -> Iterable[Problem]:
    """Crossings that join no two countries, in any mode and any status."""
    link, crossing = tables["link"], tables["crossing"]
    at_node = countries_at_nodes(link)
    node_country = dict(zip(tables["node"]["node_id"], tables["node"]["country"], strict=True))
    on_link: dict[str, set[str]] = {}
    named = link[link["crossing_id"] != ""]
    for name, start, end in zip(named["crossing_id"], named["from_node_id"], named["to_node_id"], strict=True):
        on_link.setdefault(name, set()).update({node_country[start], node_country[end]})
    done: set[str] = set()
    for row in crossing.itertuples(index=False):
        name = str(row.crossing_id)
        joined = at_node.get(str(row.node_id), set()) | on_link.get(name, set())
        missing = {str(row.country_a), str(row.country_b)} - joined
        if row.country_a == row.country_b:
            yield Problem(
                "crossing",
                "joins a country with itself",
                name,
                "country_b",
                str(row.country_b),
                "another country than country_a",
            )
        elif missing and name not in done:
            done.add(name)
            yield Problem(
                "crossing", f"no link of {' or '.join(sorted(missing))} reaches it, so it joins no two countries",
                name, "node_id", str(row.node_id),
                "a node where links of both countries end, or links that name the crossing",
            )  # fmt: skip


def _sides(tables: Tables) -> dict[tuple[str, str], set[str]]:
    """Countries that the crossings at a node part, by node and family."""
    crossing = tables["crossing"]
    sides: dict[tuple[str, str], set[str]] = {}
    keys = zip(crossing["node_id"], crossing["family"], strict=True)
    for key, a, b in zip(keys, crossing["country_a"], crossing["country_b"], strict=True):
        if key[0]:
            sides.setdefault(key, set()).update({a, b})
    return sides


def links_on_no_side(tables: Tables) -> Iterable[Problem]:
    """Links at a crossing of their family that lie in neither of its countries, or in both."""
    link, sides = tables["link"], _sides(tables)
    family = link["mode"].map(dict(zip(tables["vehicle"]["mode"], tables["vehicle"]["family"], strict=True)))
    ends = zip(link["from_node_id"], link["to_node_id"], family, link["country"], strict=True)
    for i, (start, end, of_family, countries) in enumerate(ends):
        for node in sorted({start, end}):
            pair = sides.get((node, str(of_family)))
            if pair is not None and len(pair.intersection(split_list(countries))) != 1:
                yield Problem(
                    "link", f"ends at the crossing {node} but lies on neither side of it, or on both",
                    str(link["link_id"].iat[i]), "country", countries, "one of " + ", ".join(sorted(pair)),
                )  # fmt: skip


def zones_on_no_side(tables: Tables) -> Iterable[Problem]:
    """Zones that sit on a crossing but belong to neither of its countries."""
    zone, sides = tables["zone"], _sides(tables)
    for i, (node, country) in enumerate(zip(zone["node_id"], zone["country"], strict=True)):
        for pair in [pair for (at, _), pair in sides.items() if at == node and country not in pair]:
            yield Problem(
                "zone", "sits on a crossing but on neither side of it", str(zone["zone_id"].iat[i]),
                "country", country, "one of " + ", ".join(sorted(pair)),
            )  # fmt: skip


def crossings_in_one_place(tables: Tables) -> Iterable[Problem]:
    """Two crossings of one family at one node, which could part only two sides."""
    crossing = tables["crossing"]
    placed = crossing[crossing["node_id"] != ""]
    for i in placed.index[placed.duplicated(["node_id", "family"])]:
        yield Problem(
            "crossing", "another crossing of the family stands at the same node", str(placed.at[i, "crossing_id"]),
            "node_id", str(placed.at[i, "node_id"]), "a node for each crossing",
        )  # fmt: skip


def flat_cones(tables: Tables) -> Iterable[Problem]:
    """Conical curves whose first parameter is not above 1, where the curve is not defined."""
    for name in ("link", "terminal", "crossing", "vehicle"):
        frame = tables[name]
        for i in _rows(((frame["curve"] == "conical") & (frame["curve_a"] <= 1)).to_numpy()):
            yield Problem(
                name, "a conical curve needs a first parameter above 1", str(frame.iloc[i][TABLES[name].key[0]]),
                "curve_a", f"{frame['curve_a'].iat[i]:g}", "a number above 1; empty: 4",
            )  # fmt: skip


def split_load_groups(tables: Tables) -> Iterable[Problem]:
    """Load groups over links that do not share one mode and one capacity.

    A group over vehicles of different loads would leave the convex program (its Jacobian loses symmetry).
    """
    link = tables["link"]
    grouped = link[link["load_group"] != ""]
    numbers = ("capacity_vehicles_per_day", "background_vehicles_per_day", "curve", "curve_a", "curve_b")
    for column in ("mode", *numbers):
        counts = grouped.groupby("load_group")[column].nunique(dropna=False)
        for group in counts.index[counts > 1]:
            values = ", ".join(str(value) for value in grouped.loc[grouped["load_group"] == group, column].unique())
            yield Problem(
                "link",
                f"links of the load group {group} differ",
                column=column,
                value=values,
                allowed="one value for the whole group",
            )


def groups_named_as_links(tables: Tables) -> Iterable[Problem]:
    """Load groups that bear the name of a link outside them, whose own capacity would be taken for theirs."""
    link = tables["link"]
    alone = set(link.loc[link["load_group"] == "", "link_id"])
    for i in _rows(link["load_group"].isin(alone).to_numpy()):
        yield Problem(
            "link", "the load group bears the name of a link that is not in it", str(link["link_id"].iat[i]),
            "load_group", str(link["load_group"].iat[i]), "a name that no link has, or that link in the group too",
        )  # fmt: skip


def periods_that_never_come(tables: Tables) -> Iterable[Problem]:
    """Rows and measures that end before they begin."""
    for name in ("link", "terminal", "crossing", "measure"):
        frame = tables[name]
        for i, (begin, end) in enumerate(zip(frame["open_from"], frame["open_to"], strict=True)):
            if begin and end and decimal_year(end) <= decimal_year(begin):
                yield Problem(
                    name, "ends before it begins, so it is never open", str(frame[TABLES[name].key[0]].iat[i]),
                    "open_to", str(end), f"a date after {begin}, or empty",
                )  # fmt: skip


def measures_against_themselves(tables: Tables) -> Iterable[Problem]:
    """Measures that exclude or need themselves, or exclude what they need."""
    measure = tables["measure"]
    for name, excludes, requires in zip(
        measure["measure_id"], map(split_list, measure["excludes"]), map(split_list, measure["requires"]), strict=True
    ):
        for column, values in (("excludes", excludes), ("requires", requires)):
            if name in values:
                yield Problem("measure", "names itself", str(name), column, str(name), "other measures")
        for other in set(excludes).intersection(requires):
            yield Problem("measure", "excludes a measure that it needs", str(name), "excludes", other, "one of the two")


def growth_of_nothing(tables: Tables) -> Iterable[Problem]:
    """Growth of commodities that do not exist, or over years that run backwards."""
    growth, known = tables["growth"], set(tables["commodity"]["commodity_id"])
    columns = (growth["commodity_id"], growth["year_from"], growth["year_to"])
    for commodity, begin, end in zip(*columns, strict=True):
        row = f"{commodity}/{begin}"
        if commodity != EVERY and commodity not in known:
            yield Problem(
                "growth", "names a commodity_id that does not exist", row, "commodity_id", str(commodity),
                "commodity_id of a row of commodity.csv, or * for all others",
            )  # fmt: skip
        if end <= begin:
            yield Problem(
                "growth", "ends before it begins, so nothing grows", row, "year_to", str(end), f"a year after {begin}"
            )


def links_that_pass_another_border(tables: Tables) -> Iterable[Problem]:
    """Links that name a crossing whose countries are not those of their two ends."""
    link, crossing = tables["link"], tables["crossing"]
    country = dict(zip(tables["node"]["node_id"], tables["node"]["country"], strict=True))
    pairs: dict[str, set[frozenset[str]]] = {}
    for name, a, b in zip(crossing["crossing_id"], crossing["country_a"], crossing["country_b"], strict=True):
        pairs.setdefault(name, set()).add(frozenset((a, b)))
    named = link[link["crossing_id"] != ""]
    columns = (named[name] for name in ("link_id", "crossing_id", "from_node_id", "to_node_id"))
    for name, at, start, end in zip(*columns, strict=True):
        ends = {country[start], country[end]}
        if ends not in pairs.get(at, set()):
            wanted = " or ".join("-".join(sorted(pair)) for pair in pairs.get(at, ()))
            yield Problem(
                "link", f"passes the crossing {at}, but its ends lie in {' and '.join(sorted(ends)) or 'no country'}",
                str(name), "crossing_id", str(at), f"a link between nodes of {wanted}; see the column country of node",
            )  # fmt: skip


def uneven_families(tables: Tables) -> Iterable[Problem]:
    """Families whose modes load a vehicle differently although crossings hold them to one capacity."""
    vehicle, crossing = tables["vehicle"], tables["crossing"]
    bound = set(crossing.loc[crossing["capacity_vehicles_per_day"].notna(), "family"])
    used = vehicle[vehicle["family"].isin(bound) & vehicle["mode"].isin(tables["link"]["mode"])]
    load = ((1 + used["empty_return"]) / used["payload_t"]).groupby(used["family"]).nunique()
    for family in load.index[load > 1]:
        modes = ", ".join(used.loc[used["family"] == family, "mode"])
        yield Problem(
            "vehicle", f"the modes {modes} share the capacity of {family} crossings but carry different loads",
            column="payload_t",
            allowed="one payload_t and one empty_return for the family, or crossings without a capacity",
        )  # fmt: skip


def gateway_shares(tables: Tables) -> Iterable[Problem]:
    """Countries whose gateways do not take all of their trade."""
    shares = tables["gateway"].groupby("country")["share"].sum()
    for country, total in shares[(shares - 1).abs() > 1e-6].items():
        yield Problem(
            "gateway",
            f"shares of {country} do not add up to 1",
            column="share",
            value=f"{total:g}",
            allowed="shares that add up to 1",
        )


def terminals_of_one_mode(tables: Tables) -> Iterable[Problem]:
    """Terminals that change from a mode to itself."""
    terminal = tables["terminal"]
    for i in _rows(terminal["mode_a"].to_numpy() == terminal["mode_b"].to_numpy()):
        yield Problem(
            "terminal", "changes from a mode to itself", str(terminal["terminal_id"].iat[i]), "mode_b",
            str(terminal["mode_b"].iat[i]), "another mode than mode_a",
        )  # fmt: skip


def trips_to_self(tables: Tables) -> Iterable[Problem]:
    """Demand from a zone to itself, which a network between zones cannot carry."""
    demand = tables["demand"]
    same = (demand["origin_zone_id"] == demand["destination_zone_id"]) & (demand["tonnes_per_year"] > 0)
    for i in _rows(same.to_numpy()):
        yield Problem(
            "demand", "goes from a zone to itself", str(demand["origin_zone_id"].iat[i]),
            "destination_zone_id",
            str(demand["destination_zone_id"].iat[i]), "another zone than the origin; leave freight within a zone out",
        )  # fmt: skip


def unguarded_borders(tables: Tables) -> list[str]:
    """Links from one country to another that pass no crossing: allowed, but freight then crosses free of charge."""
    link, node = tables["link"], tables["node"]
    country = dict(zip(node["node_id"], node["country"], strict=True))
    family = dict(zip(tables["vehicle"]["mode"], tables["vehicle"]["family"], strict=True))
    guarded = set(zip(tables["crossing"]["node_id"], tables["crossing"]["family"], strict=True))
    columns = (link[name] for name in ("link_id", "from_node_id", "to_node_id", "mode", "crossing_id"))
    return [
        str(name)
        for name, start, end, mode, crossing in zip(*columns, strict=True)
        if country[start] and country[end] and country[start] != country[end]
        and not crossing and not {(start, family[mode]), (end, family[mode])} & guarded
    ]  # fmt: skip


def other_money(tables: Tables) -> Iterable[Problem]:
    """Tolls in another currency than all other amounts."""
    for text in tables["config"]["currency"]:
        if text != "USD":
            allowed = "USD; convert tolls first, since every column of money is in USD"
            yield Problem("config", "amounts of money are in USD", column="currency", value=str(text), allowed=allowed)


CHECKS: Final[tuple[Callable[[Tables], Iterable[Problem]], ...]] = (
    short_links, loops, crossings_between_nothing, links_on_no_side, zones_on_no_side, crossings_in_one_place,
    flat_cones, split_load_groups, groups_named_as_links, periods_that_never_come, measures_against_themselves,
    growth_of_nothing, links_that_pass_another_border, uneven_families, gateway_shares, terminals_of_one_mode,
    trips_to_self, other_money,
)  # fmt: skip


def table_problems(tables: Tables) -> list[Problem]:
    """Every way in which the tables contradict each other."""
    return [problem for check in CHECKS for problem in check(tables)]


def clashes(measure: pd.DataFrame, chosen: Iterable[str]) -> Iterable[Problem]:
    """Chosen measures that exclude one another, or that lack one they need."""
    chosen = tuple(chosen)
    register = measure.set_index("measure_id")
    told: set[frozenset[str]] = set()
    for name in chosen:
        for other in split_list(register.at[name, "excludes"]):
            pair = frozenset((name, other))
            if other in chosen and pair not in told:
                told.add(pair)
                yield Problem(
                    "measure",
                    f"{name} overlaps {other}, which it excludes",
                    column="excludes",
                    value=other,
                    allowed="one of the two",
                )
        for other in split_list(register.at[name, "requires"]):
            if other not in chosen:
                yield Problem(
                    "measure", f"{name} needs {other}", column="requires", value=other, allowed=f"apply {other} too"
                )
