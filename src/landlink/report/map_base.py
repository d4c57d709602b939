"""Common parts of all maps: land and borders, links, zones, the inset, labels, attribution."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
from markupsafe import Markup

from landlink.core.arrays import Floats
from landlink.report import wkt
from landlink.report.inset import Inset, inset_of
from landlink.report.labels import Label, Labeller, text_width
from landlink.report.land import Land, lands, middle
from landlink.report.map_paths import beside, line_path, round_below
from landlink.report.projection import Frame, fit
from landlink.report.svg import join, picture, tag
from landlink.report.view import View
from landlink.report.windows import positions, zone_positions
from landlink.report.zone_marks import MANY, short_name, zone_marks, zone_name
from landlink.tables.frames import Row, records

__all__ = ["Map", "Sheet"]

_SIZES = ((13.0, 80, "wide"), (27.0, 16, "narrow"), (22.0, 40, "paper"))
#: Places without a population that are named only if they are a zone's.
_UNNAMED = frozenset({"border", "pass", "junction"})
#: Share of the page that a country must take up to be named.
_NAMED_LAND = 0.006
_CITY = 3e5
#: Half the side of the smallest country whose name stays within it, page units.
_SMALL: Final = 8.0
#: Rank of countries' names, of those of the region, which are placed before all others, and the lowest of gateways.
_COUNTRY, _REGION, _GATEWAY = 94.7, 0.0, 92.5
#: Population that ranks zones without one, such as gateways and ports.
_ZONE = 3e5


@dataclass(frozen=True, slots=True)
class Map:
    """A finished map with its caption."""

    svg: Markup
    title: str
    note: str
    legend: Markup


class Sheet:
    """A base map with land, borders and zones, on which flows are drawn.

    Parameters
    ----------
    view
        Any of the report's results; provides zones, nodes, boundaries and link geometries.
    points
        Points that the window must contain: longitudes and latitudes in degrees, shape (n, 2).
    identifier
        Prefix of element ids.
    inset
        Whether zones outside the window are shown in an inset.
    """

    def __init__(self, view: View, points: Floats, identifier: str, *, inset: bool = False) -> None:
        self.view = view
        self.identifier = identifier
        # Results of one study share their links, so each is projected once for all of its maps.
        self._shapes: dict[tuple[str, str, str], list[Floats]] = {}
        self._paths: dict[tuple[str, str, str], str] = {}
        frame = fit(points)
        self.inset: Inset | None = inset_of(view, frame, f"{identifier}-inset") if inset else None
        self.frame: Frame = frame if self.inset is None else frame.taller(self.inset.below)

    @cached_property
    def _lands(self) -> list[Land]:
        return lands(self.view, self.frame)

    @cached_property
    def land(self) -> Markup:
        """Country boundaries, defined once and used by all maps of the same window, and what the inset stands on."""
        shapes = [tag("path", d="".join(line_path(ring) + "Z" for ring in land.rings)) for land in self._lands]
        ground = tag("g", *shapes, id=f"{self.identifier}-land", class_="land")
        return ground if self.inset is None else ground + self.inset.ground

    @cached_property
    def zones(self) -> Markup:
        """Marks of the zones in the window."""
        return zone_marks(self.view, self.frame)

    def shape(self, row: Row) -> list[Floats]:
        """Return the projected line or lines of a link; a straight line between its nodes if it has no geometry."""
        key = (str(row.get("geometry", "")), str(row["from_node_id"]), str(row["to_node_id"]))
        if key not in self._shapes:
            self._shapes[key] = self._shape(*key)
        return self._shapes[key]

    def path(self, row: Row, right: float = 0.0) -> str:
        """Return the line or lines of a link as the path of a drawing; empty if it lies outside.

        The line can run some page units to the right of the link, or to its left.
        """
        if right:
            return "".join(line_path(beside(line, right)) for line in self.shape(row))
        key = (str(row.get("geometry", "")), str(row["from_node_id"]), str(row["to_node_id"]))
        if key not in self._paths:
            self._paths[key] = "".join(line_path(line) for line in self.shape(row))
        return self._paths[key]

    def _shape(self, geometry: str, *ends: str) -> list[Floats]:
        lines = wkt.parts(geometry)
        if not lines:
            places = [self.positions.get(end) for end in ends]
            if places[0] is None or places[1] is None:
                return []
            lines = [np.array(places)]
        placed = [piece for line in lines for piece in self.frame.lines(line)]
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
            Markup("") if self.inset is None else self.inset.drawing,
            tag("rect", width=width, height=height, class_="edge"),
            class_="map",
            viewBox=f"0 0 {width:g} {height:g}",
        )

    def names(self, places: Sequence[Label], dots: Sequence[tuple[float, float, float]]) -> Markup:
        """Label the map for wide and for narrow screens and for paper; the style sheet shows one of them."""
        layers = []
        for size, most, screen in _SIZES:
            labeller = Labeller(self.frame, size, most)
            if self.inset is not None:
                labeller.taken.append(self.inset.box)
            for x, y, radius in (*dots, *self._zone_dots):
                labeller.block(x, y, radius)
            bar = self._scale_bar(labeller)
            layers.append(tag("g", bar, *_drawn(labeller, places), class_=f"names {screen}", font_size=size))
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

    @cached_property
    def _zone_dots(self) -> list[tuple[float, float, float]]:
        points = zone_positions(self.view)[1]
        placed = self.frame.place(points[self.frame.holds(points)])
        # Among very many zones, names cannot keep off them all.
        return [(float(x), float(y), 3.0) for x, y in placed] if len(placed) <= MANY else []

    def place_labels(self, traffic: dict[str, float]) -> list[Label]:
        """Labels of countries, and of zones and places ranked by population and traffic."""
        labels = [*self._country_labels]
        most = max(traffic.values(), default=0.0) or 1.0
        for row in records(self.view.table("node")):
            node = str(row["node_id"])
            zone = self._zone_at.get(node)
            population = float(row["population"]) if row["population"] == row["population"] else 0.0
            if zone is None and not population and str(row["node_type"]) in _UNNAMED:
                continue
            at = self.frame.place(np.array([[row["x_coord"], row["y_coord"]]]))
            if not self.frame.shows(at, margin=-4):
                continue
            least = 1e4 if zone is None else _ZONE
            weight = math.log10(max(population, least)) + 2.5 * math.sqrt(traffic.get(node, 0.0) / most)
            style = ("zone-" if zone is not None else "") + ("city" if population >= _CITY else "minor")
            # Gateways stand for much more than themselves.
            rank = min(100 - weight, _GATEWAY) if zone is not None and zone["kind"] == "gateway" else 100 - weight
            labels.append(Label(self._place_name(row, zone), at[0, 0], at[0, 1], style, rank))
        return labels

    @cached_property
    def _zone_at(self) -> dict[str, Row]:
        """The first zone at each node."""
        return {str(row["node_id"]): row for row in reversed(records(self.view.table("zone")))}

    def _place_name(self, node: Row, zone: Row | None) -> str:
        """Name of a place: of the zone if it is a gateway or the node has no name of its own, else of the node."""
        own = short_name(self.view.name("node", node["node_id"]))
        if zone is not None and (zone["kind"] == "gateway" or own == str(node["node_id"])):
            return zone_name(self.view, str(zone["zone_id"]))
        return own

    @cached_property
    def _country_labels(self) -> list[Label]:
        found = []
        for land in self._lands:
            own = land.name in self._zone_countries
            if land.name and (own or land.area >= _NAMED_LAND * self.frame.width * self.frame.height):
                x, y = middle(land.rings, self.frame)
                reach = math.sqrt(land.area) / 2
                # The name of a country that is smaller than it stands beside it, like that of a place.
                reach = reach if reach >= _SMALL else math.inf
                first = land.name in self._region and math.isfinite(reach)
                rank = _REGION if first else _COUNTRY - 0.1 if own else _COUNTRY
                found.append(Label(land.name, x, y, "country", rank, reach))
        return found

    @cached_property
    def _zone_countries(self) -> frozenset[str]:
        """Names of the countries of zones: however small, they are named where there is room."""
        return self._names_of_countries(self.view.table("zone"))

    @cached_property
    def _region(self) -> frozenset[str]:
        """Names of the countries that the study is about: those with a zone that is no gateway."""
        zone = self.view.table("zone")
        return self._names_of_countries(zone[zone["kind"] != "gateway"])

    def _names_of_countries(self, zone: pd.DataFrame) -> frozenset[str]:
        return frozenset(self.view.name("country", code) for code in zone.country if code)


def _drawn(labeller: Labeller, labels: Sequence[Label]) -> list[Markup]:
    """Draw labels: the region's countries, larger places, other countries, which have more room, smaller places."""
    countries = [label for label in labels if label.style == "country"]
    places = [label for label in labels if label.style != "country"]
    region = labeller.draw(label for label in countries if label.rank == _REGION)
    first = labeller.draw(label for label in places if label.rank < _COUNTRY)
    left = labeller.most - first.count("</text>")
    named = labeller.draw(label for label in countries if label.rank != _REGION)
    labeller.most = left
    return [region, first, named, labeller.draw(label for label in places if label.rank >= _COUNTRY)]
