"""Consistency checks of links, their load groups and curves, and of terminals, with one function per check."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from landlink.core.errors import Problem
from landlink.core.sphere import great_circle_km
from landlink.study.check_registry import looks_at
from landlink.tables.frames import Tables, cells_of, numbers, texts
from landlink.tables.schemas import TABLES

__all__ = ["SHORTFALL"]

#: Share by which a link may be shorter than the great circle between its ends, since coordinates are rounded.
SHORTFALL: Final = 0.02
#: Ratio of loads per tonne up to which vehicles of one family count alike: more than that of any two gauges.
MOST_UNEVEN: Final = 10.0


@looks_at(link="from_node_id to_node_id length", node="x_coord y_coord")
def short_links(tables: Tables) -> Iterable[Problem]:
    """Find links shorter than the great circle between their ends."""
    link, place = tables["link"], {name: xy for name, *xy in cells_of(tables["node"], "node_id", "x_coord", "y_coord")}
    start, end = (np.array([place[node] for node in texts(link, name)]) for name in ("from_node_id", "to_node_id"))
    straight = great_circle_km(*start.reshape(-1, 2).T, *end.reshape(-1, 2).T)
    lengths = numbers(link, "length")
    for i in np.flatnonzero(lengths < (1 - SHORTFALL) * straight).tolist():
        yield Problem(
            "link", "shorter than the great circle between its end nodes", str(link["link_id"].iat[i]), "length",
            f"{lengths[i]:g} km",
            f"at least 98% of {straight[i]:.1f} km; check the length, its unit and the coordinates of the nodes",
        )  # fmt: skip


@looks_at(link="from_node_id to_node_id")
def loops(tables: Tables) -> Iterable[Problem]:
    """Find links with the same start and end node."""
    link = tables["link"]
    for i in np.flatnonzero(link["from_node_id"].to_numpy() == link["to_node_id"].to_numpy()).tolist():
        yield Problem(
            "link", "start and end node are the same", str(link["link_id"].iat[i]), "to_node_id",
            str(link["to_node_id"].iat[i]), "a node other than from_node_id",
        )  # fmt: skip


@looks_at(link="curve curve_a", terminal="curve curve_a", crossing="curve curve_a", vehicle="curve curve_a")
def flat_cones(tables: Tables) -> Iterable[Problem]:
    """Find conical curves with a parameter alpha of 1 or less, for which the curve is not defined."""
    for name in ("link", "terminal", "crossing", "vehicle"):
        frame = tables[name]
        for i in np.flatnonzero(((frame["curve"] == "conical") & (frame["curve_a"] <= 1)).to_numpy()).tolist():
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
    alone = {name for name, group in cells_of(link, "link_id", "load_group") if not group}
    for name, group in cells_of(link, "link_id", "load_group"):
        if group in alone:
            yield Problem(
                "link", "the load group has the name of a link that is not in the group", name, "load_group", group,
                "a name that is not a link_id, or that link also in the group",
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
    for mode, family, value in cells_of(load, "mode", "family", "load"):
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


@looks_at(terminal="mode_a mode_b")
def terminals_of_one_mode(tables: Tables) -> Iterable[Problem]:
    """Find terminals with the same mode twice."""
    terminal = tables["terminal"]
    for i in np.flatnonzero(terminal["mode_a"].to_numpy() == terminal["mode_b"].to_numpy()).tolist():
        yield Problem(
            "terminal", "both modes are the same", str(terminal["terminal_id"].iat[i]), "mode_b",
            str(terminal["mode_b"].iat[i]), "a mode other than mode_a",
        )  # fmt: skip
