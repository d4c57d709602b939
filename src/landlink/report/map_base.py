"""Common parts of all maps: window, land, borders, network lines, labels, attribution."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from markupsafe import Markup

from landlink.core.antimeridian import cut_line, narrowest_window
from landlink.core.arrays import Floats
from landlink.report import wkt
from landlink.report.labels import Label, Labeller, text_width
from landlink.report.projection import Frame, fit
from landlink.report.svg import join, picture, tag
from landlink.report.view import View
from landlink.tables.frames import records

__all__ = ["Map", "Sheet", "line_path", "round_below", "windows"]

_SIZES = ((13.0, 60, "wide"), (27.0, 14, "narrow"))


@dataclass(frozen=True, slots=True)
class Map:
    """A finished map with its caption."""

    svg: Markup
    title: str
    note: str
    legend: Markup


class Sheet:
    """A base map with land and borders, on which flows are drawn.

    Parameters
    ----------
    view
        Any of the report's results; provides nodes, boundaries and link geometries.
    points
        Points that the window must contain: longitudes and latitudes in degrees, shape (n, 2).
    identifier
        Prefix of element ids.
    """

    def __init__(self, view: View, points: Floats, identifier: str) -> None:
        self.view = view
        self.frame: Frame = fit(points)
        self.identifier = identifier

    @cached_property
    def land(self) -> Markup:
        """Country boundaries, defined once and used by all maps of the same window."""
        shapes = []
        for row in records(self.view.table("boundary")):
            rings = [self.frame.place(ring) for ring in wkt.parts(str(row["geometry"]))]
            kept = [_clipped(ring, self.frame) for ring in rings if self.frame.shows(ring)]
            path = "".join(line_path(ring) + "Z" for ring in kept if len(ring) > 2)
            if path:
                shapes.append(tag("path", d=path))
        return tag("g", *shapes, id=f"{self.identifier}-land", class_="land")

    def shape(self, row: pd.Series) -> list[Floats]:
        """Return the projected line or lines of a link; a straight line between its nodes if it has no geometry."""
        lines = wkt.parts(str(row.get("geometry", "")))
        if not lines:
            ends = [self.positions.get(str(row[key])) for key in ("from_node_id", "to_node_id")]
            if ends[0] is None or ends[1] is None:
                return []
            lines = [np.array(ends)]
        # A line over the meridian opposite to the map's centre would run across the whole map.
        opposite = self.frame.projection.centre + 180.0
        placed = [self.frame.place(piece) for line in lines for piece in cut_line(line, opposite, apart=1e-9)]
        return [line for line in placed if self.frame.shows(line, margin=20)]

    @cached_property
    def positions(self) -> dict[str, tuple[float, float]]:
        """Longitude and latitude of each node."""
        return positions(self.view)

    def picture(self, identifier: str, title: str, description: str, layers: Iterable[Markup]) -> Markup:
        """Assemble a map; it is always laid out left to right, but each label follows the direction of its script."""
        width, height = self.frame.width, self.frame.height
        clip = f"{identifier}-clip"
        return picture(
            identifier,
            title,
            description,
            tag("defs", tag("clipPath", tag("rect", width=width, height=height), id=clip)),
            tag("rect", width=width, height=height, class_="water"),
            tag("g", *layers, clip_path=f"url(#{clip})"),
            tag("rect", width=width, height=height, class_="edge"),
            class_="map",
            viewBox=f"0 0 {width:g} {height:g}",
        )

    def names(self, places: Sequence[Label], dots: Sequence[tuple[float, float, float]]) -> Markup:
        """Label the map for wide and for narrow screens; the style sheet shows one of the two."""
        layers = []
        for size, most, screen in _SIZES:
            labeller = Labeller(self.frame, size, most)
            for x, y, radius in dots:
                labeller.block(x, y, radius)
            bar = self._scale_bar(labeller)
            layers.append(tag("g", bar, labeller.draw(places), class_=f"names {screen}", font_size=size))
        return join(layers)

    def _scale_bar(self, labeller: Labeller) -> Markup:
        """Draw a scale bar of round length in the lower left corner, exact in the centre of the map."""
        frame, size = self.frame, labeller.size
        km = round_below(0.22 * frame.width / frame.scale)
        length = km * frame.scale
        left, bottom = 12.0, frame.height - 12.0
        text = f"{self.view.words.count(km)}\u00a0{self.view.words('common.km')}"
        labeller.taken.append((left, bottom - 1.6 * size, left + max(length, text_width(text, size)), bottom + 4))
        path = f"M{left:g} {bottom - 5:g}v5h{length:.1f}v-5"
        return tag("path", d=path, class_="scale-bar") + tag("text", text, x=left + 3, y=bottom - size * 0.5)

    def place_labels(self, traffic: dict[str, float]) -> list[Label]:
        """Labels of countries, and of places ranked by population and traffic."""
        labels = [*self._country_labels()]
        most = max(traffic.values(), default=0.0) or 1.0
        for row in records(self.view.table("node")):
            kind = str(row["node_type"])
            population = float(row["population"]) if row["population"] == row["population"] else 0.0
            if kind in ("border", "pass", "junction") or (not population and kind not in ("city", "terminal", "")):
                continue
            at = self.frame.place(np.array([[row["x_coord"], row["y_coord"]]]))
            if not self.frame.shows(at, margin=-4):
                continue
            weight = math.log10(max(population, 1e4)) + 2.5 * math.sqrt(traffic.get(str(row["node_id"]), 0.0) / most)
            style = "city" if population >= 3e5 else "minor"
            name = self.view.name("node", row["node_id"]).split(" / ")[0].split(" (")[0]
            labels.append(Label(name, at[0, 0], at[0, 1], style, 100 - weight))
        return labels

    def _country_labels(self) -> Iterable[Label]:
        for row in records(self.view.table("boundary")):
            rings = [_clipped(self.frame.place(ring), self.frame) for ring in wkt.parts(str(row["geometry"]))]
            rings = [ring for ring in rings if len(ring) > 2]
            if not rings:
                continue
            biggest = max(rings, key=_area)
            if _area(biggest) < 0.006 * self.frame.width * self.frame.height:
                continue
            x, y = _middle(biggest)
            yield Label(self.view.words.name(row, "country"), x, y, "country", 93.2)


def positions(view: View) -> dict[str, tuple[float, float]]:
    """Longitude and latitude of each node."""
    nodes = view.table("node").dropna(subset=["x_coord", "y_coord"])
    return {
        str(node): (float(x), float(y)) for node, x, y in zip(nodes.node_id, nodes.x_coord, nodes.y_coord, strict=True)
    }


def windows(view: View, changed: Iterable[str]) -> dict[str, Floats]:
    """Choose the map windows: the region, the whole network if much larger, and the area changed by measures.

    Returns
    -------
    dict
        ``region`` always; ``whole`` and ``changed`` if they differ enough from it.
    """
    where = positions(view)
    links = view.links
    used = {str(node) for key in ("from_node_id", "to_node_id") for node in links[key]} & set(where)
    everything = np.array([where[node] for node in sorted(used or set(where))], dtype=np.float64).reshape(-1, 2)
    if not len(everything):
        return {}
    zones = view.table("zone")
    inner = [where[node] for node in zones.node_id[zones.kind == "internal"].astype(str) if node in where]
    region = np.array(inner) if len(inner) >= 3 else everything
    found = {"region": region}
    if _extent(everything) > 1.6 * _extent(region):
        found["whole"] = everything
    ends = (
        links.loc[[link for link in changed if link in links.index], ["from_node_id", "to_node_id"]].to_numpy().ravel()
    )
    touched = [where[str(node)] for node in ends if str(node) in where]
    if len(touched) >= 2 and _extent(np.array(touched)) < 0.35 * _extent(region):
        found["changed"] = _grown(np.array(touched), region)
    return found


def line_path(points: Floats) -> str:
    """Convert projected points to an SVG path, skipping points closer than half a unit to the previous one."""
    rounded = np.round(points, 1)
    kept = [rounded[0]]
    for point in rounded[1:-1]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= 0.5:
            kept.append(point)
    if len(rounded) > 1:
        kept.append(rounded[-1])
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in kept)


def round_below(value: float) -> float:
    """Return the largest of 1, 2 or 5 times a power of ten not above a positive value."""
    power = 10.0 ** math.floor(math.log10(value))
    return max(step * power for step in (1, 2, 5) if step * power <= value * (1 + 1e-9))


def _grown(points: Floats, region: Floats) -> Floats:
    """Widen a window to show its surroundings: at least a quarter of the width of the region."""
    low, high = points.min(axis=0), points.max(axis=0)
    least = (region.max(axis=0) - region.min(axis=0)) * 0.25
    size = np.maximum((high - low) * 1.5, least)
    middle = (low + high) / 2
    return np.array([middle - size / 2, middle + size / 2])


def _extent(points: Floats) -> float:
    west, east = narrowest_window(points[:, 0])
    return float(max(east - west, 0.2) * max(np.ptp(points[:, 1]), 0.2))


def _clipped(ring: Floats, frame: Frame) -> Floats:
    """Clip a ring to a box slightly larger than the page (Sutherland & Hodgman 1974)."""
    room = 30.0
    for axis, limit, sign in (
        (0, -room, 1.0),
        (0, frame.width + room, -1.0),
        (1, -room, 1.0),
        (1, frame.height + room, -1.0),
    ):
        if len(ring) < 3:
            return np.empty((0, 2))
        inside = sign * (ring[:, axis] - limit) >= 0
        if inside.all():
            continue
        following, then = np.roll(ring, -1, axis=0), np.roll(inside, -1)
        kept: list[Floats] = []
        for start, end, first, second in zip(ring, following, inside, then, strict=True):
            if first:
                kept.append(start)
            if first != second:
                share = (limit - start[axis]) / (end[axis] - start[axis])
                kept.append(start + share * (end - start))
        ring = np.array(kept).reshape(-1, 2)
    return ring


def _area(ring: Floats) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def _middle(ring: Floats) -> tuple[float, float]:
    """Find a label point inside a ring: the centre of the widest of several horizontal sections."""
    low, high = ring[:, 1].min(), ring[:, 1].max()
    best = (-1.0, float(ring[:, 0].mean()), float(ring[:, 1].mean()))
    following = np.roll(ring, -1, axis=0)
    for part in (0.35, 0.42, 0.5, 0.58, 0.65):
        y = low + part * (high - low)
        cuts = (ring[:, 1] <= y) != (following[:, 1] <= y)
        start, end = ring[cuts], following[cuts]
        xs = np.sort(start[:, 0] + (y - start[:, 1]) / (end[:, 1] - start[:, 1]) * (end[:, 0] - start[:, 0]))
        for left, right in zip(xs[::2], xs[1::2], strict=False):
            # A section far from the centre must be clearly wider to be chosen.
            width = float(right - left) * (1 - abs(part - 0.5))
            if width > best[0]:
                best = (width, float((left + right) / 2), float(y))
    return best[1], best[2]
