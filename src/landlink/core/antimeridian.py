"""Lines and rings over the antimeridian, and the middle and the width of places on both sides of it.

Consecutive points are joined the short way round, so that a line from 179 to -179 degrees is two degrees long.
Programs that draw on a flat map join them the long way, round the globe: for them, the line is cut in two (RFC 7946,
section 3.1.9).
"""

from __future__ import annotations

import numpy as np

from landlink.core.arrays import Floats

__all__ = ["crosses", "cut_line", "cut_ring", "middle_longitude", "narrowest_window"]


def crosses(points: Floats) -> bool:
    """Whether any two consecutive points, shape (points, 2), are on both sides of the antimeridian."""
    return len(points) > 1 and bool((np.abs(np.diff(points[:, 0])) > 180.0).any())


def cut_line(points: Floats, at: float = 180.0, *, apart: float = 0.0) -> list[Floats]:
    """Cut a line where it crosses a meridian.

    Parameters
    ----------
    points
        Longitudes and latitudes in degrees, shape (points, 2).
    at
        The meridian, by default the antimeridian.
    apart
        Distance of the cut ends from the meridian, degrees: above 0 for a map whose edge it is, where only that tells
        on which side an end is.

    Returns
    -------
    list of numpy.ndarray
        The parts, in order. Each ends, and the next begins, on the meridian.

    Examples
    --------
    >>> [part.tolist() for part in cut_line(np.array([[179.0, 10.0], [-179.0, 20.0]]))]
    [[[179.0, 10.0], [180.0, 15.0]], [[-180.0, 15.0], [-179.0, 20.0]]]
    """
    if at == 180.0 and not crosses(points):
        return [points]
    turned = _unrolled(points, at)
    parts: list[list[tuple[float, float]]] = [[(turned[0, 0], turned[0, 1])]]
    for (x, y), (u, v) in zip(turned[:-1].tolist(), turned[1:].tolist(), strict=True):
        band, next_band = np.floor(x / 360), np.floor(u / 360)
        if band != next_band:
            edge = 360.0 * max(band, next_band)
            level = y + (v - y) * (edge - x) / (u - x)
            parts[-1].append((edge, level))
            parts.append([(edge, level)])
        if parts[-1][-1] != (u, v):
            parts[-1].append((u, v))
    return [_rolled(np.array(part), at, apart) for part in parts if len(part) > 1]


def cut_ring(points: Floats) -> dict[int, Floats]:
    """Cut a closed ring along the antimeridian; the parts by the side that they are on.

    A ring around a pole, which crosses once, stays as it is.
    """
    turned = _unrolled(points, 180.0)
    if not crosses(points) or abs(turned[-1, 0] - turned[0, 0]) > 180.0:
        return {0: points}
    first, last = (int(np.floor(x / 360)) for x in (turned[:, 0].min(), np.nextafter(turned[:, 0].max(), 0)))
    sides = {}
    for band in range(first, last + 1):
        ring = _half(_half(turned[:-1], 360.0 * band, 1.0), 360.0 * (band + 1), -1.0)
        if len(ring) > 2:
            closed = np.vstack([ring, ring[:1]])
            closed[:, 0] -= 360.0 * band + 180.0
            sides[band] = closed
    return sides


def narrowest_window(longitudes: Floats) -> tuple[float, float]:
    """West and east of the narrowest window that holds all longitudes; east is above 180 if it passes there."""
    around = np.unique(longitudes % 360.0)
    gaps = np.diff(np.append(around, around[0] + 360.0))
    widest = int(gaps.argmax())
    plain = float(longitudes.min()), float(longitudes.max())
    if plain[1] - plain[0] <= 360.0 - gaps[widest] + 1e-9:
        return plain
    west = float(around[(widest + 1) % len(around)])
    west = west - 360.0 if west > 180.0 else west
    return west, west + 360.0 - float(gaps[widest])


def middle_longitude(longitudes: Floats) -> float:
    """Longitude in the middle of some, the short way round; -180 to 180."""
    around = longitudes[0] + (longitudes - longitudes[0] + 180.0) % 360.0 - 180.0
    return float((around.mean() + 180.0) % 360.0 - 180.0)


def _unrolled(points: Floats, at: float) -> Floats:
    """Points whose longitudes count on from the meridian without a jump; every multiple of 360 is the meridian."""
    steps = (np.diff(points[:, 0]) + 180.0) % 360.0 - 180.0
    first = (points[0, 0] - at) % 360.0
    return np.column_stack([np.append(first, first + np.cumsum(steps)), points[:, 1]])


def _rolled(points: Floats, at: float, apart: float) -> Floats:
    band = np.floor((points[:, 0].min() + points[:, 0].max()) / 720.0)
    ahead = np.clip(points[:, 0] - 360.0 * band, apart, 360.0 - apart)
    if at == 180.0:
        return np.column_stack([ahead - 180.0, points[:, 1]])
    return np.column_stack([(ahead + at + 180.0) % 360.0 - 180.0, points[:, 1]])


def _half(ring: Floats, limit: float, sign: float) -> Floats:
    """Part of a ring on one side of a meridian (Sutherland and Hodgman 1974)."""
    kept: list[Floats] = []
    inside = sign * (ring[:, 0] - limit) >= 0
    for start, end, here, there in zip(ring, np.roll(ring, -1, axis=0), inside, np.roll(inside, -1), strict=True):
        if here:
            kept.append(start)
        if here != there:
            kept.append(start + (limit - start[0]) / (end[0] - start[0]) * (end - start))
            kept[-1][0] = limit
    return np.array(kept).reshape(-1, 2)
