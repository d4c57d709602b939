"""Inset of a map: where zones are that lie too far away for the map itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from landlink.core.arrays import Floats
from landlink.report.labels import Label, Labeller
from landlink.report.land import lands
from landlink.report.map_paths import line_path
from landlink.report.projection import Frame, fit
from landlink.report.svg import tag
from landlink.report.view import View
from landlink.report.windows import crossing_positions, positions, zone_positions
from landlink.report.zone_marks import zone_marks, zone_name

__all__ = ["Inset", "inset_of"]

#: Share of the map's width, and the distance from its edge in page units.
_SHARE = 0.3
_MARGIN = 10.0
#: Font sizes for wide and for narrow screens and for paper, with the most labels.
_SIZES = ((12.0, 12, "wide"), (24.0, 3, "narrow"), (22.0, 4, "paper"))


@dataclass(frozen=True, slots=True)
class Inset:
    """An overview in a corner of a map.

    Attributes
    ----------
    ground
        Land and links, defined once and used by all maps of the window.
    drawing
        The inset as it stands on each map.
    frame
        Its page.
    left, top
        Where its upper left corner is on the map.
    below
        Room that the map needs at its lower edge, because no corner of it is free.
    """

    ground: Markup
    drawing: Markup
    frame: Frame
    left: float
    top: float
    below: float = 0.0

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom on the map."""
        return self.left, self.top, self.left + self.frame.width, self.top + self.frame.height


def inset_of(view: View, frame: Frame, identifier: str) -> Inset | None:
    """Draw the inset of a map; ``None`` if the map shows every zone.

    Parameters
    ----------
    view
        Any of the report's results.
    frame
        The map's page.
    identifier
        Id of the element.
    """
    points = zone_positions(view)[1]
    if not len(points) or frame.holds(points).all():
        return None
    overview = _overview(points, frame)
    corner = _free_corner(view, frame, overview)
    below = 0.0 if corner else overview.height + 2 * _MARGIN
    left, top = corner or (frame.width - overview.width - _MARGIN, frame.height + _MARGIN)
    frame = frame.taller(below)
    edge = frame.degrees(_edge(frame))
    drawing = tag(
        "g",
        tag("use", href=f"#{identifier}"),
        tag("path", d=line_path(overview.place(edge)) + "Z", class_="located"),
        *_marks(view, overview, frame),
        tag("rect", width=overview.width, height=overview.height, class_="edge"),
        class_="inset",
        transform=f"translate({left:g} {top:g})",
    )
    return Inset(_ground(view, overview, identifier), drawing, overview, left, top, below)


def _overview(points: Floats, frame: Frame) -> Frame:
    edge = frame.degrees(_edge(frame))
    return fit(np.concatenate([points, edge]), width=_SHARE * frame.width, margin=0.06)


def _ground(view: View, overview: Frame, identifier: str) -> Markup:
    clip, page = f"{identifier}-clip", {"width": overview.width, "height": overview.height}
    land = [
        tag("path", d="".join(line_path(ring) + "Z" for ring in land.rings), class_="inset-land")
        for land in lands(view, overview)
    ]
    layers = [tag("rect", **page, class_="water"), *land, tag("path", d=_links(view, overview), class_="quiet")]
    return tag(
        "g",
        tag("clipPath", tag("rect", **page), id=clip),
        tag("g", *layers, clip_path=f"url(#{clip})"),
        id=identifier,
    )


def _links(view: View, overview: Frame) -> str:
    """Straight lines between the ends of all links, each drawn once at the scale of the inset."""
    where = positions(view)
    number = {node: position for position, node in enumerate(where)}
    ends = view.links[["from_node_id", "to_node_id"]].map(lambda node: number.get(str(node), -1)).to_numpy(np.int64)
    ends = ends[(ends >= 0).all(axis=1)]
    if not len(ends):
        return ""
    page = np.round(overview.place(np.array(list(where.values()), dtype=np.float64))).astype(np.int64)
    lines = np.unique(page[ends].reshape(-1, 4), axis=0)
    # A line as wide as the world is one that the map cuts in two.
    worth = (np.abs(lines[:, :2] - lines[:, 2:]).sum(axis=1) > 0) & (np.ptp(lines[:, ::2], axis=1) < overview.width)
    return "".join(f"M{x} {y}L{to_x} {to_y}" for x, y, to_x, to_y in lines[worth].tolist())


def _marks(view: View, overview: Frame, frame: Frame) -> list[Markup]:
    """Marks of all zones; those that the map does not show have names too."""
    zones, points, _ = zone_positions(view)
    placed, outside = overview.place(points), ~frame.holds(points)
    labels = [
        Label(zone_name(view, zone), float(x), float(y), "zone-minor", float(rank))
        for rank, (zone, (x, y), far) in enumerate(zip(zones, placed, outside, strict=True))
        if far
    ]
    names = []
    for size, most, screen in _SIZES:
        labeller = Labeller(overview, size, most)
        for x, y in placed[outside]:
            labeller.block(float(x), float(y), 3.0)
        names.append(tag("g", labeller.draw(labels), class_=f"names {screen}", font_size=size))
    return [zone_marks(view, overview, size=0.8), *names]


def _free_corner(view: View, frame: Frame, overview: Frame) -> tuple[float, float] | None:
    """Return where the inset hides no zone and no crossing, and the fewest other places; ``None`` if nowhere.

    The scale bar is in the lower left corner.
    """
    shown = np.concatenate([zone_positions(view)[1], crossing_positions(view)])
    nodes = np.array(list(positions(view).values()), dtype=np.float64).reshape(-1, 2)
    right, bottom = frame.width - overview.width - _MARGIN, frame.height - overview.height - _MARGIN
    corners = [(right, bottom), (right, _MARGIN), (_MARGIN, _MARGIN)]

    def under(corner: tuple[float, float], places: Floats) -> int:
        placed = frame.place(places) - corner
        hidden = (placed > -2 * _MARGIN) & (placed < (overview.width + 2 * _MARGIN, overview.height + 2 * _MARGIN))
        return int(hidden.all(axis=1).sum())

    free = [corner for corner in corners if not under(corner, shown)] if bottom > 0 else []
    return min(free, key=lambda corner: under(corner, nodes), default=None)


def _edge(frame: Frame, parts: int = 12) -> Floats:
    """Points along the edge of a page, clockwise from its upper left corner."""
    along = np.arange(parts) / parts
    zero, one = np.zeros(parts), np.ones(parts)
    x = np.concatenate([along, one, 1 - along, zero]) * frame.width
    y = np.concatenate([zero, along, one, 1 - along]) * frame.height
    return np.column_stack([x, y])
