"""Zones of a GMNS network and the nodes that connect them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.antimeridian import middle_longitude, narrowest_window
from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem
from landlink.core.sphere import great_circle_km
from landlink.formats.gmns_defaults import COUNTRY
from landlink.formats.gmns_demand import end_columns
from landlink.formats.gmns_files import GmnsFiles
from landlink.formats.gmns_network import GmnsNetwork
from landlink.formats.gmns_shapes import rings_of

__all__ = ["MADE_ZONES", "zones_of"]

#: Ids that mean "no zone" at a node, unless demand or the table of zones names them.
_MAYBE_NO_ZONE: Final = ("0", "-1")
#: Number of zones created if the network has none.
MADE_ZONES: Final = 10


def zones_of(files: GmnsFiles, network: GmnsNetwork) -> pd.DataFrame:
    """Create the zone table.

    Zones are taken from ``zone.csv`` and the nodes that demand names, or else from the nodes, or else are nodes far
    apart. A zone is connected to the node closest to its centre, among its own nodes or, if it has none, among all
    nodes.

    Raises
    ------
    InputError
        No zone can be located.
    """
    wanted = _named_by_demand(files)
    node = _nodes_in_use(files, network, wanted)
    zone = files.tables.get("zone")
    if zone is not None and len(zone) and "zone_id" not in zone:
        text = f"{len(zone)} rows of zone.csv were left out: it has no column zone_id."
        files.report.add("left out", "zone", text, rows=len(zone))
        zone = None
    if zone is not None and len(zone):
        made = _from_zone_table(files, network, zone, node)
        more = node[node["zone_id"].isin(wanted - set(zone["zone_id"]))]
        if len(more):
            made = pd.concat([made, _from_nodes(files, more)], ignore_index=True)
        made = made.fillna({column: "" for column in ("name", "country") if column in made})
    elif (node["zone_id"] != "").any():
        made = _from_nodes(files, node[node["zone_id"] != ""])
        _say_unreached(files, network, node, wanted)
    else:
        made = _far_apart(files, node)
    if made.empty:
        allowed = "zones with a node that names them, a boundary, or x_coord and y_coord"
        raise InputError(Problem("zone", "no zone is connected to the network", allowed=allowed))
    files.report.add("taken over", "zone", f"{len(made)} zones.", rows=len(made))
    at = node.set_index("node_id").loc[made["node_id"]]
    country = made["country"].to_numpy() if "country" in made else at["country"].to_numpy()
    return made.assign(country=np.where(country == "", COUNTRY, country), source="gmns").reset_index(drop=True)


def _named_by_demand(files: GmnsFiles) -> set[str]:
    ends = end_columns(files)
    return set() if ends is None else {str(name) for end in ends for name in files.text("demand", end)} - {""}


def _nodes_in_use(files: GmnsFiles, network: GmnsNetwork, wanted: Collection[str]) -> pd.DataFrame:
    """Nodes at the ends of links, with their zone; other nodes cannot be origins or destinations."""
    used = set(network.link["from_node_id"]) | set(network.link["to_node_id"])
    zones = network.node_zone
    known = {*wanted, *files.text("zone", "zone_id")}
    for name in _MAYBE_NO_ZONE:
        if name not in known and (none := zones == name).any():
            text = (
                f"{none.sum()} nodes of zone {name} were taken to be in no zone: neither demand nor zone.csv names it"
            )
            names = network.node["node_id"][none.to_numpy()]
            files.report.add("assumed", "node", text, rows=int(none.sum()), examples=names)
            zones = zones.where(~none, "")
    node = network.node.assign(zone_id=zones.to_numpy())
    return node[node["node_id"].isin(used)].reset_index(drop=True)


def _say_unreached(files: GmnsFiles, network: GmnsNetwork, node: pd.DataFrame, wanted: Collection[str]) -> None:
    ignored = set() if wanted else set(_MAYBE_NO_ZONE)
    lost = sorted(set(network.node_zone) - set(node["zone_id"]) - ({"", *_MAYBE_NO_ZONE} - set(wanted)) - ignored)
    if lost:
        text = f"{len(lost)} zones were left out: no link usable by freight reaches their nodes"
        files.report.add("left out", "zone", text, rows=len(lost), examples=lost)


def _from_zone_table(files: GmnsFiles, network: GmnsNetwork, zone: pd.DataFrame, node: pd.DataFrame) -> pd.DataFrame:
    rows, placeless, guessed = [], [], []
    own_nodes = dict(list(node.groupby("zone_id", sort=False)))
    for name, middle in zip(zone["zone_id"], _middles(files, network), strict=True):
        own = own_nodes.get(name)
        known = bool(np.isfinite(middle).all())
        if own is None and not known:
            placeless.append(str(name))
            continue
        candidates = node if own is None else own
        best, km = _nearest(candidates, middle if known else _middle(candidates))
        if own is None:
            guessed.append(str(name))
        rows.append({"zone_id": name, "node_id": best, "access_km": round(km, 3) if own is None else 0.0})
    if guessed:
        text = f"Check {len(guessed)} zones without a node: the nearest node was used"
        files.report.add("assumed", "zone", text, rows=len(guessed), examples=guessed)
    if placeless:
        text = f"{len(placeless)} zones without node and boundary were left out"
        files.report.add("left out", "zone", text, rows=len(placeless), examples=placeless)
    made = pd.DataFrame(rows, columns=["zone_id", "node_id", "access_km"])
    extra = zone.set_index("zone_id").reindex(made["zone_id"])
    for column in ("name", "country"):
        if column in extra:
            made[column] = extra[column].to_numpy()
    return made


def _middles(files: GmnsFiles, network: GmnsNetwork) -> Floats:
    """Longitude and latitude of each zone: its own, or the centre of its bounding box; NaN if unknown."""
    transform = network.coordinates.transform
    own = np.column_stack([files.numbers("zone", column) for column in ("x_coord", "y_coord")])
    middles = np.full(own.shape, np.nan)
    known = np.isfinite(own).all(axis=1)
    if known.any() and not network.coordinates.drawing:
        middles[known] = transform(own[known])
    for position, text in enumerate(files.text("zone", "boundary")):
        if np.isnan(middles[position]).any() and text and not network.coordinates.drawing:
            rings = rings_of(text, transform)
            if rings and np.isfinite(points := np.concatenate(rings)).all():
                west, east = narrowest_window(points[:, 0])
                middles[position] = ((west + east) / 2 + 180) % 360 - 180, (points[:, 1].min() + points[:, 1].max()) / 2
    return middles


def _from_nodes(files: GmnsFiles, named: pd.DataFrame) -> pd.DataFrame:
    rows = [
        {"zone_id": str(name), "node_id": _nearest(own, _middle(own))[0], "access_km": 0.0}
        for name, own in named.groupby("zone_id", sort=False)
    ]
    text = f"Check the {len(rows)} zones: they are not in zone.csv, so they were taken from the nodes."
    files.report.add("assumed", "zone", text, rows=len(rows))
    return pd.DataFrame(rows, columns=["zone_id", "node_id", "access_km"])


def _far_apart(files: GmnsFiles, node: pd.DataFrame) -> pd.DataFrame:
    """Select nodes far apart, each the farthest from those selected before (Gonzalez 1985)."""
    places = node[["x_coord", "y_coord"]].to_numpy(dtype=np.float64)
    chosen = [int(np.argmin(places.sum(axis=1)))]
    distance = _km(places, places[chosen[0]])
    while len(chosen) < min(MADE_ZONES, len(places)) and distance.max() > 0:
        chosen.append(int(distance.argmax()))
        distance = np.minimum(distance, _km(places, places[chosen[-1]]))
    picked = node.iloc[chosen]
    text = f"Replace the {len(picked)} zones: the network has none, so nodes far apart were used as placeholders."
    files.report.add("to do", "zone", text, rows=len(picked))
    return pd.DataFrame({"zone_id": "Z-" + picked["node_id"], "node_id": picked["node_id"], "name": picked["name"]})


def _middle(nodes: pd.DataFrame) -> Floats:
    places = nodes[["x_coord", "y_coord"]].to_numpy(dtype=np.float64)
    return np.array([middle_longitude(places[:, 0]), places[:, 1].mean()])


def _nearest(nodes: pd.DataFrame, target: Floats) -> tuple[str, float]:
    km = _km(nodes[["x_coord", "y_coord"]].to_numpy(dtype=np.float64), target)
    best = int(km.argmin())
    return str(nodes["node_id"].iloc[best]), float(km[best])


def _km(places: Floats, target: Floats) -> Floats:
    """Great-circle distance from a point, km."""
    return great_circle_km(places[:, 0], places[:, 1], np.array(target[0]), np.array(target[1]))
