"""Zones of a GMNS network and the nodes that connect them."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landlink.core.errors import InputError, Problem
from landlink.formats.gmns_defaults import COUNTRY
from landlink.formats.gmns_network import GmnsNetwork, numbers
from landlink.tables.wkt import is_wkt, parse_wkt

_NO_ZONE: Final = ("", "0", "-1")
#: Number of zones created if the network has none.
MADE_ZONES: Final = 10
_EARTH_KM: Final = 6371.0088


def zones_of(files: dict[str, pd.DataFrame], network: GmnsNetwork, notes: list[str]) -> pd.DataFrame:
    """Create the zone table.

    Zones are taken from ``zone.csv``, or else from the nodes, or else are nodes far apart. A zone is connected to the
    node closest to its centre, among its own nodes or, if it has none, among all nodes.

    Raises
    ------
    InputError
        No zone can be located.
    """
    node = _nodes_in_use(network)
    lost = sorted(set(network.node_zone) - set(node["zone_id"]) - set(_NO_ZONE))
    zone = files.get("zone")
    if zone is not None and "zone_id" in zone and len(zone):
        made = _from_zone_table(zone, node, notes)
    elif (~node["zone_id"].isin(_NO_ZONE)).any():
        made = _from_nodes(node, notes)
        if lost:
            notes.append(
                f"{len(lost)} zones were left out: no link usable by freight reaches their nodes ({_some(lost)})."
            )
    else:
        made = _far_apart(node, notes)
    if made.empty:
        allowed = "zones with a node that names them, a boundary, or x_coord and y_coord"
        raise InputError(Problem("zone", "no zone is connected to the network", allowed=allowed))
    at = node.set_index("node_id").loc[made["node_id"]]
    country = made["country"].to_numpy() if "country" in made else at["country"].to_numpy()
    return made.assign(country=np.where(country == "", COUNTRY, country), source="gmns").reset_index(drop=True)


def _nodes_in_use(network: GmnsNetwork) -> pd.DataFrame:
    """Nodes at the ends of links; other nodes cannot be origins or destinations."""
    used = set(network.link["from_node_id"]) | set(network.link["to_node_id"])
    node = network.node.assign(zone_id=network.node_zone.to_numpy())
    return node[node["node_id"].isin(used)].reset_index(drop=True)


def _from_zone_table(zone: pd.DataFrame, node: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    rows, placeless, guessed = [], [], []
    for name, middle in zip(zone["zone_id"], _middles(zone), strict=True):
        own = node[node["zone_id"] == name]
        if own.empty and not np.isfinite(middle).all():
            placeless.append(name)
            continue
        candidates = node if own.empty else own
        target = middle if np.isfinite(middle).all() else _middle(own)
        best, km = _nearest(candidates, target)
        if own.empty:
            guessed.append(name)
        rows.append({"zone_id": name, "node_id": best, "access_km": round(km, 3) if own.empty else 0.0})
    if guessed:
        notes.append(f"Check {len(guessed)} zones without a node: the nearest node was used ({_some(guessed)}).")
    if placeless:
        notes.append(f"{len(placeless)} zones without node and boundary were left out ({_some(placeless)}).")
    made = pd.DataFrame(rows, columns=["zone_id", "node_id", "access_km"])
    extra = zone.drop_duplicates("zone_id").set_index("zone_id").reindex(made["zone_id"])
    for column in ("name", "country"):
        if column in extra:
            made[column] = extra[column].to_numpy()
    return made


def _middles(zone: pd.DataFrame) -> NDArray[np.float64]:
    """Longitude and latitude of each zone: its own, or the centre of its bounding box; NaN if unknown."""
    middles = np.column_stack([numbers(zone, column, "zone") for column in ("x_coord", "y_coord")])
    if "boundary" in zone:
        for position, text in enumerate(zone["boundary"]):
            if not np.isfinite(middles[position]).all() and text and is_wkt(text):
                west, south, east, north = parse_wkt(text).bounds
                middles[position] = (west + east) / 2, (south + north) / 2
    return middles


def _from_nodes(node: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    named = node[~node["zone_id"].isin(_NO_ZONE)]
    rows = []
    for name, own in named.groupby("zone_id", sort=False):
        rows.append({"zone_id": str(name), "node_id": _nearest(own, _middle(own))[0]})
    notes.append(f"Check the {len(rows)} zones: there is no zone.csv, so they were taken from the nodes.")
    return pd.DataFrame(rows, columns=["zone_id", "node_id"])


def _far_apart(node: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Select nodes far apart, each the farthest from those selected before (Gonzalez 1985)."""
    places = node[["x_coord", "y_coord"]].to_numpy(dtype=np.float64)
    chosen = [int(np.argmin(places.sum(axis=1)))]
    distance = _km(places, places[chosen[0]])
    while len(chosen) < min(MADE_ZONES, len(places)) and distance.max() > 0:
        chosen.append(int(distance.argmax()))
        distance = np.minimum(distance, _km(places, places[chosen[-1]]))
    picked = node.iloc[chosen]
    notes.append(
        f"Replace the {len(picked)} zones: the network has none, so nodes far apart were used as placeholders."
    )
    return pd.DataFrame({"zone_id": "Z-" + picked["node_id"], "node_id": picked["node_id"], "name": picked["name"]})


def _middle(nodes: pd.DataFrame) -> NDArray[np.float64]:
    return np.asarray(nodes[["x_coord", "y_coord"]].to_numpy(dtype=np.float64).mean(axis=0))


def _nearest(nodes: pd.DataFrame, target: NDArray[np.float64]) -> tuple[str, float]:
    km = _km(nodes[["x_coord", "y_coord"]].to_numpy(dtype=np.float64), target)
    best = int(km.argmin())
    return str(nodes["node_id"].iloc[best]), float(km[best])


def _km(places: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """Great-circle distance from a point, km."""
    x, y = np.radians(places[:, 0]), np.radians(places[:, 1])
    to_x, to_y = np.radians(target)
    half = np.sin((y - to_y) / 2) ** 2 + np.cos(y) * np.cos(to_y) * np.sin((x - to_x) / 2) ** 2
    return np.asarray(2 * _EARTH_KM * np.arcsin(np.minimum(1.0, np.sqrt(half))))


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (" ..." if len(names) > 5 else "")
