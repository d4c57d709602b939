"""Choice of the windows of a report's maps."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints
from landlink.report.projection import EARTH_RADIUS_KM, fit, unwrapped
from landlink.report.view import View

__all__ = ["crossing_positions", "grown", "positions", "windows", "zone_positions"]

#: How much larger a window may become to take in crossings and gateways around the zones.
_LARGER = 1.5
#: How much larger than the region the whole network must be to be worth a map of its own.
_WORTH = 1.6
#: Zones lie far apart where the gap between them is this many times the widest gap within the main group, and this
#: many times the extent of that group.
_STEP, _APART = 3.0, 1.5
#: Gap that is taken as the least, kilometres.
_LEAST_KM = 50.0
#: Places that are compared pair by pair; more are rounded to a coarser grid first.
_MOST_PLACES = 1500


def positions(view: View) -> dict[str, tuple[float, float]]:
    """Longitude and latitude of each node."""
    nodes = view.table("node").dropna(subset=["x_coord", "y_coord"])
    return {
        str(node): (float(x), float(y)) for node, x, y in zip(nodes.node_id, nodes.x_coord, nodes.y_coord, strict=True)
    }


def zone_positions(view: View) -> tuple[list[str], Floats, Bools]:
    """Zones that have a place: their ids, longitudes and latitudes, and whether each is a gateway."""
    where = positions(view)
    rows = [
        (str(zone), where[str(node)], kind == "gateway")
        for zone, node, kind in view.table("zone")[["zone_id", "node_id", "kind"]].itertuples(index=False)
        if str(node) in where
    ]
    points = np.array([point for _, point, _ in rows], dtype=np.float64).reshape(-1, 2)
    return [zone for zone, _, _ in rows], points, np.array([gateway for _, _, gateway in rows], dtype=np.bool_)


def windows(view: View, changed: Iterable[str]) -> dict[str, Floats]:
    """Choose the map windows: the region, the whole network if much larger, and the area changed by measures.

    The region holds the internal zones that lie together, and the crossings and gateways around them that can be
    taken in without making the map much smaller in scale. Zones that remain outside are shown in an inset.

    Parameters
    ----------
    view
        A result.
    changed
        Links changed by measures.

    Returns
    -------
    dict
        Points that each window must show, longitudes and latitudes in degrees: ``region`` always, if there is any place
        at all; ``whole`` and ``changed`` if they differ enough from it.
    """
    where = positions(view)
    ends = view.links[["from_node_id", "to_node_id"]]
    used = {str(node) for node in ends.to_numpy().ravel()} & set(where)
    everything = np.array([where[node] for node in sorted(used or set(where))], dtype=np.float64).reshape(-1, 2)
    _, zones, gateway = zone_positions(view)
    everything = np.concatenate([everything, zones])
    if not len(everything):
        return {}
    region = _region(zones, gateway, crossing_positions(view)) if len(zones) else everything
    found = {"region": region}
    whole = fit(everything).area_km2
    if whole > _WORTH * fit(region).area_km2:
        found["whole"] = everything
    elif whole > 0:
        found["region"] = everything
    known = [link for link in changed if link in ends.index]
    touched = [where[str(node)] for node in ends.loc[known].to_numpy().ravel() if str(node) in where]
    if len(touched) >= 2 and _box(np.array(touched)) < 0.35 * _box(found["region"]):
        found["changed"] = grown(np.array(touched), found["region"])
    return found


def crossing_positions(view: View) -> Floats:
    """Longitudes and latitudes of the crossings, each once."""
    places = view.table("crossing")[["x_coord", "y_coord"]].dropna().drop_duplicates()
    return places.to_numpy(dtype=np.float64)


def _region(zones: Floats, gateway: Bools, crossings: Floats) -> Floats:
    """Places of the zones and crossings that belong on one map."""
    inner = zones[~gateway] if (~gateway).sum() >= 2 else zones
    together = _largest_group(inner)
    frame = fit(together)
    most = _LARGER * frame.area_km2
    centre = np.array([unwrapped(together).mean(axis=0)])
    more = np.concatenate([zones, crossings])
    others = np.unique(more[~frame.holds(more)], axis=0)
    for point in others[np.argsort(_km(others, centre)[:, 0], kind="stable")]:
        larger = np.vstack([together, point])
        if fit(larger).area_km2 <= most:
            together = larger
    return together


def _largest_group(points: Floats) -> Floats:
    """Leave out places that lie far from the group that most places belong to.

    Places are joined by the shortest lines that join them all (Prim 1957). Sorted by length, these lines have a sharp
    step where some places lie far apart; without the long lines, the rest fall into groups.
    """
    places, number = _places(points)
    parent, length = _tree(_km(places, places))
    steps = np.sort(length[1:])
    for short, long in reversed(list(pairwise(steps))):
        if long < _STEP * max(short, _LEAST_KM):
            continue
        group = _groups(parent, length <= short)[number]
        keep: Bools = group == np.bincount(group).argmax()
        own = places[np.unique(number[keep])]
        if 2 * keep.sum() > len(keep) and long >= _APART * _km(own, own).max():
            return points[keep]
    return points


def _places(points: Floats) -> tuple[Floats, Ints]:
    """Distinct places, on a grid as fine as their number allows, and the place of each point."""
    for step in (0.0, 0.25, 0.5, 1.0, 2.0, 5.0):
        rounded = np.round(points / step) * step if step else points
        places, number = np.unique(rounded, axis=0, return_inverse=True)
        if len(places) <= _MOST_PLACES:
            break
    return places, number.reshape(-1)


def _tree(km: Floats) -> tuple[Ints, Floats]:
    """Return the minimum spanning tree: of each place its parent, and its distance from it; the first is the root."""
    count = len(km)
    parent, near = np.zeros(count, dtype=np.int64), km[0].copy()
    length, out = np.zeros(count), np.ones(count, dtype=np.bool_)
    out[0] = False
    for _ in range(count - 1):
        place = int(np.argmin(np.where(out, near, np.inf)))
        length[place], out[place] = near[place], False
        closer = out & (km[place] < near)
        near[closer], parent[closer] = km[place][closer], place
    return parent, length


def _groups(parent: Ints, joined: Bools) -> Ints:
    """Number of the group that each place of a tree belongs to, where only some places are joined to their parents."""
    top: Ints = np.where(joined, parent, np.arange(len(parent)))
    while (top[top] != top).any():
        top = top[top]
    return np.unique(top, return_inverse=True)[1].astype(np.int64).reshape(-1)


def _km(a: Floats, b: Floats) -> Floats:
    """Great-circle distances between two lists of places, kilometres."""
    lon_a, lat_a, lon_b, lat_b = (np.radians(part) for part in (a[:, :1], a[:, 1:], b[:, 0], b[:, 1]))
    half = np.sin((lat_a - lat_b) / 2) ** 2 + np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_a - lon_b) / 2) ** 2
    km: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return km


def grown(points: Floats, region: Floats, times: float = 1.5) -> Floats:
    """Widen a window to show its surroundings: so many times, to at least a quarter of the width of the region."""
    points, region = unwrapped(points), unwrapped(region)
    low, high = points.min(axis=0), points.max(axis=0)
    least = (region.max(axis=0) - region.min(axis=0)) * 0.25
    size = np.maximum((high - low) * times, least)
    middle = (low + high) / 2
    return np.array([middle - size / 2, middle + size / 2])


def _box(points: Floats) -> float:
    """Area between the outermost longitudes and latitudes, square degrees."""
    size = np.ptp(unwrapped(points), axis=0)
    return float(max(size[0], 0.2) * max(size[1], 0.2))
