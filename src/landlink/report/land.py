"""Land on a map: borders of the study, and those that landlink has of the rest of the world."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from landlink.core.arrays import Floats
from landlink.core.borders import outlines
from landlink.report import wkt
from landlink.report.projection import Frame
from landlink.report.view import View
from landlink.tables.frames import records

__all__ = ["Land", "lands", "middle"]

#: Beyond the edge of the page, in its units; borders are cut there.
_ROOM = 30.0
#: Area on the page, square units, under which an island is too small to see.
_DOT = 0.8
#: Degrees from the central meridian, and degrees of latitude, beyond which nothing can be placed.
_TURN, _LATITUDE = 179.0, 84.0


@dataclass(frozen=True, slots=True)
class Land:
    """A country on a page.

    Attributes
    ----------
    name
        Its name; empty for an area without one.
    rings
        Its outlines on the page, holes included, cut a little beyond the edge.
    """

    name: str
    rings: tuple[Floats, ...]

    @property
    def area(self) -> float:
        """Area on the page, square units; holes count as land."""
        return max(map(ring_area, self.rings))


def lands(view: View, frame: Frame) -> list[Land]:
    """Return the countries that a page shows: those of the study's boundaries, and all others that landlink knows."""
    rows = records(view.table("boundary"))
    given = {str(row["country"]) for row in rows}
    found = [
        Land(view.name("country", code) if code else "", rings)
        for code, rings in _known(frame).items()
        if code not in given
    ]
    # The study's own boundaries are drawn over the others.
    own = ((str(row["boundary_id"]), wkt.parts(str(row["geometry"]))) for row in rows)
    placed = ((name, tuple(_placed(rings, frame))) for name, rings in own)
    return found + [Land(view.name("boundary", name), rings) for name, rings in placed if rings]


@lru_cache(maxsize=16)
def _known(frame: Frame) -> dict[str, tuple[Floats, ...]]:
    """The countries that landlink knows and a page shows, by code: the same in every language."""
    known: dict[str, list[Floats]] = {}
    for outline in outlines():
        known.setdefault(outline.country, []).append(outline.ring)
    placed = {code: tuple(_placed(rings, frame)) for code, rings in known.items()}
    return {code: rings for code, rings in placed.items() if rings}


def _placed(rings: Iterable[Floats], frame: Frame) -> Iterator[Floats]:
    for ring in rings:
        for piece in _turned(ring, frame.projection.centre):
            page = frame.place(piece)
            if frame.shows(page):
                cut = clipped(page, (-_ROOM, -_ROOM, frame.width + _ROOM, frame.height + _ROOM))
                if len(cut) > 2 and ring_area(cut) > _DOT:
                    yield cut


def _turned(ring: Floats, centre: float) -> Iterator[Floats]:
    """Yield a ring in longitudes within half a turn of the map's centre; in pieces if it reaches further round."""
    line = np.column_stack([np.unwrap(ring[:, 0], period=360.0), ring[:, 1]])
    west, east = line[:, 0].min(), line[:, 0].max()
    window = (centre - _TURN, -_LATITUDE, centre + _TURN, _LATITUDE)
    first, last = np.ceil((window[0] - east) / 360.0), np.floor((window[2] - west) / 360.0)
    for turns in range(int(first), int(last) + 1):
        piece = clipped(line + np.array([360.0 * turns, 0.0]), window)
        if len(piece) > 2:
            yield piece


def clipped(ring: Floats, box: tuple[float, float, float, float]) -> Floats:
    """Clip a ring to a box of left, top, right and bottom (Sutherland & Hodgman 1974); empty if outside."""
    for axis, limit, sign in ((0, box[0], 1.0), (0, box[2], -1.0), (1, box[1], 1.0), (1, box[3], -1.0)):
        if len(ring) < 3:
            return np.empty((0, 2))
        inside = sign * (ring[:, axis] - limit) >= 0
        if inside.all():
            continue
        following, then = np.roll(ring, -1, axis=0), np.roll(inside, -1)
        crosses = inside != then
        share = (limit - ring[crosses, axis]) / (following[crosses, axis] - ring[crosses, axis])
        # Each corner that is kept, followed by where the side from it to the next one crosses the limit.
        pairs = np.empty((len(ring), 2, 2))
        pairs[:, 0] = ring
        pairs[crosses, 1] = ring[crosses] + share[:, None] * (following[crosses] - ring[crosses])
        ring = pairs[np.column_stack([inside, crosses])]
    return ring


def ring_area(ring: Floats) -> float:
    """Area of a ring, square units."""
    x, y = ring[:, 0], ring[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def middle(rings: Iterable[Floats], frame: Frame) -> tuple[float, float]:
    """Find a place for a label in the part of a country that the page shows.

    It is the centre of the widest of several horizontal sections, leaving out holes and what lies off the page.
    """
    on_page = [clipped(ring, (0.0, 0.0, frame.width, frame.height)) for ring in rings]
    shown = [ring for ring in on_page if len(ring) > 2]
    if not shown:
        return -1.0, -1.0
    biggest = max(shown, key=ring_area)
    low, high = float(biggest[:, 1].min()), float(biggest[:, 1].max())
    best = (-1.0, float(biggest[:, 0].mean()), float(biggest[:, 1].mean()))
    for part in (0.35, 0.42, 0.5, 0.58, 0.65):
        y = low + part * (high - low)
        xs = np.sort(np.concatenate([_cuts(ring, y) for ring in shown]))
        for left, right in zip(xs[::2], xs[1::2], strict=False):
            # A section far from the centre must be clearly wider to be chosen.
            width = float(right - left) * (1 - abs(part - 0.5))
            if width > best[0]:
                best = (width, float((left + right) / 2), float(y))
    return best[1], best[2]


def _cuts(ring: Floats, y: float) -> Floats:
    """Where a horizontal line cuts a ring."""
    following = np.roll(ring, -1, axis=0)
    crosses = (ring[:, 1] <= y) != (following[:, 1] <= y)
    start, end = ring[crosses], following[crosses]
    at: Floats = start[:, 0] + (y - start[:, 1]) / (end[:, 1] - start[:, 1]) * (end[:, 0] - start[:, 0])
    return at
