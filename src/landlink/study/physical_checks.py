"""Checks of lengths, speeds and payloads against what is physically there, with one function per check.

A link may be longer than the distance between its ends, but not without limit: a length in metres read as kilometres is
a thousand times too long, and every cost that follows from it is wrong without a word.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats
from landlink.core.errors import Problem
from landlink.core.sphere import EARTH_RADIUS_KM, great_circle_km, path_km
from landlink.study.check_registry import looks_at
from landlink.study.network_checks import SHORTFALL
from landlink.tables.frames import Tables, numbers, texts
from landlink.tables.wkt import parse_wkt

#: Detour factor (length over the distance between the ends) above which a link is refused, and noted.
REFUSED_DETOUR: Final = 10.0
NOTED_DETOUR: Final = 4.0
#: Length that is allowed in addition, km: a link may also be a loop that ends near its beginning.
REFUSED_LOOP_KM: Final = 200.0
NOTED_LOOP_KM: Final = 20.0
LONGEST_KM: Final = 2 * np.pi * EARTH_RADIUS_KM
#: Highest free speed of freight, km/h, and largest payload, t, by family of modes.
FASTEST_KMH: Final = {"road": 200.0, "rail": 500.0, "water": 130.0, "air": 1200.0}
LARGEST_T: Final = {"road": 500.0, "rail": 100_000.0, "water": 600_000.0, "air": 300.0}


@looks_at(link="from_node_id to_node_id length geometry_id", node="x_coord y_coord", geometry="geometry")
def long_links(tables: Tables) -> Iterable[Problem]:
    """Find links far longer than their geometry, or than the distance between their ends."""
    lengths, there = numbers(tables["link"], "length"), _distances_km(tables, REFUSED_DETOUR, REFUSED_LOOP_KM)
    limit = np.minimum(REFUSED_DETOUR * there + REFUSED_LOOP_KM, LONGEST_KM)
    for i in np.flatnonzero(lengths > limit).tolist():
        metres = "; metres? " if lengths[i] / 1000 >= (1 - SHORTFALL) * there[i] else "; "
        yield Problem(
            "link", "far longer than the distance that it covers", str(tables["link"]["link_id"].iat[i]), "length",
            f"{lengths[i]:g} km",
            f"at most {REFUSED_DETOUR:g} x {there[i]:.1f} km + {REFUSED_LOOP_KM:g} km{metres}check the length, its "
            "unit and the coordinates of the nodes; a link that winds even more needs a geometry",
        )  # fmt: skip


def winding_links(tables: Tables) -> list[str]:
    """List links that are allowed but unusually long for the distance that they cover."""
    lengths, there = numbers(tables["link"], "length"), _distances_km(tables, NOTED_DETOUR, NOTED_LOOP_KM)
    winding = lengths > NOTED_DETOUR * there + NOTED_LOOP_KM
    return [str(name) for name in tables["link"]["link_id"].to_numpy()[winding]]


def _distances_km(tables: Tables, detour: float, loop_km: float) -> Floats:
    """Distance that each link covers, km: the great circle between its ends, or its geometry if that is longer.

    Geometries are looked at only where the great circle does not explain the length.
    """
    link, node, geometry = tables["link"], tables["node"], tables["geometry"]
    place = dict(zip(node["node_id"], node[["x_coord", "y_coord"]].to_numpy(), strict=True))
    start, end = (np.array([place[at] for at in texts(link, name)]) for name in ("from_node_id", "to_node_id"))
    there = great_circle_km(*start.reshape(-1, 2).T, *end.reshape(-1, 2).T)
    if geometry.empty:
        return there
    drawn = dict(zip(geometry["geometry_id"], geometry["geometry"], strict=True))
    names = texts(link, "geometry_id")
    for i in np.flatnonzero(numbers(link, "length") > detour * there + loop_km).tolist():
        there[i] = max(there[i], _drawn_km(drawn.get(names[i], "")))
    return there


def _drawn_km(text: str) -> float:
    shape = parse_wkt(text) if text else None
    lines = shape is not None and shape.kind.endswith("LINESTRING")
    return sum(path_km(part) for member in shape.members for part in member) if shape and lines else 0.0


@looks_at(link="mode free_speed", vehicle="family")
def fast_links(tables: Tables) -> Iterable[Problem]:
    """Find speeds that no vehicle of the family reaches."""
    link = tables["link"]
    family = dict(zip(tables["vehicle"]["mode"], tables["vehicle"]["family"], strict=True))
    families = [family.get(mode, "") for mode in texts(link, "mode")]
    yield from _above(link, "link", "link_id", "free_speed", "km/h", families, FASTEST_KMH)


@looks_at(vehicle="family payload_t")
def heavy_payloads(tables: Tables) -> Iterable[Problem]:
    """Find payloads that no vehicle of the family carries."""
    vehicle = tables["vehicle"]
    yield from _above(vehicle, "vehicle", "mode", "payload_t", "t", list(vehicle["family"]), LARGEST_T)


def _above(
    frame: pd.DataFrame, table: str, key: str, column: str, unit: str, families: list[str], limits: dict[str, float]
) -> Iterable[Problem]:
    values = numbers(frame, column)
    limit = np.array([limits.get(name, np.inf) for name in families])
    for i in np.flatnonzero(values > limit).tolist():
        yield Problem(
            table, f"more than any {families[i]} vehicle has", str(frame[key].iat[i]), column,
            f"{values[i]:g} {unit}", f"at most {limit[i]:g} {unit}; check the unit",
        )  # fmt: skip
