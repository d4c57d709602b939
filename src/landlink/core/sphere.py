"""Distances on the Earth, taken as a sphere."""

from __future__ import annotations

from typing import Final

import numpy as np

from landlink.core.arrays import Floats

__all__ = ["EARTH_RADIUS_KM", "great_circle_km", "path_km"]

#: Mean radius of the Earth (IUGG), km.
EARTH_RADIUS_KM: Final = 6371.0088


def great_circle_km(lon_a: Floats, lat_a: Floats, lon_b: Floats, lat_b: Floats) -> Floats:
    """Great-circle distance in km between points given in degrees (haversine, Sinnott 1984)."""
    phi_a, phi_b = np.radians(lat_a), np.radians(lat_b)
    half = np.sin((phi_b - phi_a) / 2) ** 2
    half = half + np.cos(phi_a) * np.cos(phi_b) * np.sin(np.radians(lon_b - lon_a) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(half))))


def path_km(points: Floats) -> float:
    """Length in km of a line through points in degrees, shape (points, 2), each stretch along its great circle.

    Examples
    --------
    A line over the antimeridian takes the short way:

    >>> round(path_km(np.array([[179.0, 0.0], [-179.0, 0.0]])))
    222
    """
    start, end = points[:-1], points[1:]
    return float(great_circle_km(start[:, 0], start[:, 1], end[:, 0], end[:, 1]).sum())
