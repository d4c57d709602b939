"""Map projection fitted to a window, and its placement on a page."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from landlink.core.antimeridian import cut_line
from landlink.core.arrays import Bools, Floats
from landlink.core.sphere import EARTH_RADIUS_KM

__all__ = ["EARTH_RADIUS_KM", "Frame", "Lambert", "fit", "unwrapped"]


@dataclass(frozen=True, slots=True)
class Lambert:
    """Lambert's conformal conic projection on a sphere (Snyder 1987, p. 104-107); Mercator near the equator.

    Attributes
    ----------
    centre
        Central meridian, degrees.
    cone
        The cone's constant n; 0 is Mercator.
    factor
        Snyder's F.
    """

    centre: float
    cone: float
    factor: float

    @classmethod
    def over(cls, west: float, south: float, east: float, north: float) -> Lambert:
        """Fit the projection to a window, with standard parallels a sixth from its upper and lower edge."""
        low, high = (math.radians(south + (north - south) * part) for part in (1 / 6, 5 / 6))
        # The cone degenerates at the poles and at the equator, where it becomes a cylinder.
        low, high = max(low, -1.4), min(high, 1.4)
        if high - low < 1e-6:
            cone = math.sin(low)
        else:
            cone = math.log(math.cos(low) / math.cos(high)) / math.log(_stretch(high) / _stretch(low))
        if abs(cone) < 0.02:
            return cls((west + east) / 2, 0.0, 1.0)
        return cls((west + east) / 2, cone, math.cos(low) * _stretch(low) ** cone / cone)

    def project(self, points: Floats) -> Floats:
        """Project longitudes and latitudes in degrees, shape (n, 2), to kilometres east and north."""
        # Differences of longitude in -180..180: a window across the antimeridian stays in one piece.
        turn = np.radians((points[:, 0] - self.centre + 180.0) % 360.0 - 180.0)
        latitude = np.radians(np.clip(points[:, 1], -85.0, 85.0))
        stretch = np.tan(np.pi / 4 + latitude / 2)
        if self.cone == 0.0:
            return EARTH_RADIUS_KM * np.column_stack([turn, np.log(stretch)])
        radius = self.factor / stretch**self.cone
        angle = self.cone * turn
        return EARTH_RADIUS_KM * np.column_stack([radius * np.sin(angle), -radius * np.cos(angle)])

    def unproject(self, projected: Floats) -> Floats:
        """Return longitudes and latitudes in degrees of points given in kilometres: the inverse of :meth:`project`."""
        x, y = projected[:, 0] / EARTH_RADIUS_KM, projected[:, 1] / EARTH_RADIUS_KM
        if self.cone == 0.0:
            turn, stretch = x, np.exp(y)
        else:
            sign = math.copysign(1.0, self.cone)
            turn = np.arctan2(sign * x, -sign * y) / self.cone
            stretch = (self.factor / (sign * np.hypot(x, y))) ** (1 / self.cone)
        return np.column_stack([self.centre + np.degrees(turn), np.degrees(2 * np.arctan(stretch) - np.pi / 2)])


@dataclass(frozen=True, slots=True)
class Frame:
    """A projection placed on a page of given size.

    Attributes
    ----------
    projection
        Projection from degrees to kilometres.
    width, height
        Size of the page in its own units.
    scale
        Page units per kilometre.
    left_km, top_km
        Projected coordinates of the page's upper left corner.
    """

    projection: Lambert
    width: float
    height: float
    scale: float
    left_km: float
    top_km: float

    def place(self, points: Floats) -> Floats:
        """Convert degrees, shape (n, 2), to page units, to the right and downwards."""
        projected = self.projection.project(points)
        return np.column_stack([(projected[:, 0] - self.left_km), (self.top_km - projected[:, 1])]) * self.scale

    def lines(self, points: Floats) -> list[Floats]:
        """Place a line; one that crosses the meridian opposite the centre comes in pieces that end there."""
        opposite = self.projection.centre + 180.0
        return [self.place(piece) for piece in cut_line(points, opposite, apart=1e-9)]

    def degrees(self, placed: Floats) -> Floats:
        """Return longitudes and latitudes of points of the page: the inverse of :meth:`place`."""
        km = placed / self.scale
        return self.projection.unproject(np.column_stack([km[:, 0] + self.left_km, self.top_km - km[:, 1]]))

    def holds(self, points: Floats) -> Bools:
        """Whether each place, in degrees, is on the page."""
        placed = self.place(points)
        x, y = placed[:, 0], placed[:, 1]
        return (x >= 0) & (y >= 0) & (x <= self.width) & (y <= self.height)

    @property
    def area_km2(self) -> float:
        """Area of the page, square kilometres of the projection."""
        return self.width * self.height / self.scale**2

    def taller(self, height: float) -> Frame:
        """Return the frame with room added below."""
        return replace(self, height=self.height + height)

    def shows(self, placed: Floats, *, margin: float = 0.0) -> bool:
        """Whether the bounding box of projected points intersects the page."""
        if not len(placed):
            return False
        low, high = placed.min(axis=0), placed.max(axis=0)
        return bool(
            high[0] >= -margin
            and high[1] >= -margin
            and low[0] <= self.width + margin
            and low[1] <= self.height + margin
        )


def unwrapped(points: Floats) -> Floats:
    """Return points with longitudes that run on over the antimeridian where that is the shorter way round.

    The window opens after the widest gap between neighbouring longitudes, so that it is as narrow as can be.
    """
    around = points[:, 0] % 360.0
    ordered = np.unique(around)
    gaps = np.diff(ordered, append=ordered[0] + 360.0)
    west = ordered[(int(np.argmax(gaps)) + 1) % len(ordered)]
    turned = west + (around - west) % 360.0
    # Longitudes between -180 and 180 are kept where the window allows it.
    return np.column_stack([turned - 360.0 * np.round((west + turned.max()) / 720.0), points[:, 1]])


def fit(
    points: Floats, *, width: float = 1000.0, margin: float = 0.05, flattest: float = 0.45, tallest: float = 0.8
) -> Frame:
    """Choose the frame that shows all points.

    Parameters
    ----------
    points
        Longitudes and latitudes in degrees, shape (n, 2), at least one.
    width
        Page width.
    margin
        Empty share of the window kept on each side.
    flattest, tallest
        Bounds of height over width; the window grows to keep within them.

    Returns
    -------
    Frame
    """
    points = unwrapped(points)
    west, south = points.min(axis=0)
    east, north = points.max(axis=0)
    projection = Lambert.over(float(west), float(south), float(east), float(north))
    projected = projection.project(points)
    low, high = projected.min(axis=0), projected.max(axis=0)
    size = np.maximum(high - low, 20.0) * (1 + 2 * margin)
    middle = (low + high) / 2
    size[1] = max(size[1], flattest * size[0])
    if size[1] > tallest * size[0]:
        size[0] = size[1] / tallest
    scale = width / size[0]
    return Frame(
        projection,
        width,
        float(round(size[1] * scale)),
        float(scale),
        float(middle[0] - size[0] / 2),
        float(middle[1] + size[1] / 2),
    )


def _stretch(latitude: float) -> float:
    return math.tan(math.pi / 4 + latitude / 2)
