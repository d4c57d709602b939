"""Shapes of the interactive map: places, lines and land in one plane, as small whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from landlink.core.antimeridian import cut_line
from landlink.core.arrays import Floats
from landlink.report import wkt
from landlink.report.land import Land, lands, middle
from landlink.report.projection import Frame, Lambert, unwrapped
from landlink.report.view import View
from landlink.report.windows import positions, zone_positions

__all__ = ["STEP_KM", "MapShapes"]

#: Grid of coordinates, kilometres: finer than the shapes of any study's links.
STEP_KM: Final = 0.1
#: Grid of outlines of land in the grid's steps: they are drawn thin and far.
_LAND_STEPS: Final = 5
#: Room around the network, as a share of its larger extent.
_ROOM: Final = 0.2
#: Share of the map that a foreign country must take up to be named.
_NAMED_LAND: Final = 0.002
#: Least extent of the plane, kilometres.
_LEAST_KM: Final = 50.0
#: Units of the frame in which outlines of land are prepared.
_PAGE: Final = 1000.0


@dataclass(frozen=True)
class MapShapes:
    """Shapes of a report's results in one conformal plane.

    Attributes
    ----------
    views
        The results; places are those of all of them.
    projection
        Projection from degrees to kilometres.
    """

    views: Sequence[View]
    projection: Lambert

    @cached_property
    def where(self) -> dict[str, tuple[float, float]]:
        """Longitude and latitude of each node of any result."""
        return {node: place for view in reversed(self.views) for node, place in positions(view).items()}

    def places(self, points: Floats) -> list[list[int | None]]:
        """Return the eastings and the northings of places in steps; ``None`` where a place is unknown.

        Parameters
        ----------
        points
            Longitudes and latitudes in degrees, shape (n, 2); NaN for an unknown place.
        """
        steps = np.round(self.projection.project(points) / STEP_KM)
        return [[int(value) if np.isfinite(value) else None for value in column] for column in steps.T]

    def lines(self, links: pd.DataFrame) -> list[list[list[int]]]:
        """Return the lines of each link; straight between its nodes if it has no geometry.

        A line is its first easting and northing followed by the differences from point to point.
        """
        opposite = self.projection.centre + 180.0
        ends = zip(links.geometry, links.from_node_id, links.to_node_id, strict=True)
        return [
            [
                _steps(self.projection.project(piece), 1)
                for line in self._degrees(str(geometry), str(start), str(end))
                for piece in cut_line(line, opposite, apart=1e-9)
            ]
            for geometry, start, end in ends
        ]

    def _degrees(self, geometry: str, start: str, end: str) -> Sequence[Floats]:
        lines = wkt.parts(geometry)
        if lines:
            return lines
        ends = [self.where[node] for node in (start, end) if node in self.where]
        return [np.array(ends, dtype=np.float64)] if len(ends) == 2 else []

    @cached_property
    def frame(self) -> Frame:
        """A square page of the plane that holds the whole network with some room around it."""
        zones = [zone_positions(view)[1] for view in self.views]
        everything = np.concatenate([np.array(list(self.where.values()), dtype=np.float64).reshape(-1, 2), *zones])
        projected = self.projection.project(unwrapped(everything))
        low, high = projected.min(axis=0), projected.max(axis=0)
        size = max(float((high - low).max()), _LEAST_KM) * (1 + 2 * _ROOM)
        left, top = (low[0] + high[0] - size) / 2, (low[1] + high[1] + size) / 2
        return Frame(self.projection, _PAGE, _PAGE, _PAGE / size, float(left), float(top))

    def box(self, points: Floats) -> list[int]:
        """Return the west, south, east and north of a window in steps.

        Parameters
        ----------
        points
            What the window shows: longitudes and latitudes in degrees, shape (n, 2).
        """
        projected = self.projection.project(points) / STEP_KM
        return [int(value) for value in np.round(np.concatenate([projected.min(axis=0), projected.max(axis=0)]))]

    @property
    def edge(self) -> list[int]:
        """West, south, east and north of the plane in steps."""
        size = _PAGE / self.frame.scale
        corners = (self.frame.left_km, self.frame.top_km - size, self.frame.left_km + size, self.frame.top_km)
        return [round(value / STEP_KM) for value in corners]

    def land(self) -> list[dict[str, Any]]:
        """Return each country of the plane: name, where the name goes, whether it holds zones, and outlines."""
        view = max(self.views, key=lambda each: len(each.table("boundary")))
        own = {view.name("country", code) for code in view.table("zone").country if code}
        return [self._country(land, own=land.name in own) for land in lands(view, self.frame)]

    def _country(self, land: Land, *, own: bool) -> dict[str, Any]:
        rings = [_steps(self._km(ring), _LAND_STEPS) for ring in land.rings]
        country: dict[str, Any] = {"rings": [ring for ring in rings if len(ring) > 4]}
        if land.name and (own or land.area >= _NAMED_LAND * _PAGE**2):
            x, y = self._km(np.array([middle(land.rings, self.frame)]))[0] / STEP_KM
            country |= {"name": land.name, "at": [round(x), round(y)], "own": int(own)}
        return country

    def _km(self, page: Floats) -> Floats:
        frame = self.frame
        return np.column_stack([page[:, 0] / frame.scale + frame.left_km, frame.top_km - page[:, 1] / frame.scale])


def _steps(line: Floats, grid: int) -> list[int]:
    """Points on the grid, none twice in a row: the first, then differences from point to point, one after another."""
    points = np.round(line / (STEP_KM * grid)).astype(np.int64) * grid
    moved = np.ones(len(points), dtype=np.bool_)
    moved[1:] = (np.diff(points, axis=0) != 0).any(axis=1)
    kept = points[moved]
    flat: list[int] = np.diff(kept, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).ravel().tolist()
    return flat
