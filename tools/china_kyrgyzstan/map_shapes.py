"""Plain geometry for the maps: distances, two ways to simplify a line, and well-known text."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Callable, Iterable, Sequence

Point = tuple[float, float]
"""Longitude and latitude, degrees."""

_EARTH_KM = 6371.0088


def great_circle_km(a: Point, b: Point) -> float:
    """Distance between two points on the sphere, km."""
    (lon_a, lat_a), (lon_b, lat_b) = a, b
    phi_a, phi_b = math.radians(lat_a), math.radians(lat_b)
    half = math.sin((phi_b - phi_a) / 2) ** 2
    half += math.cos(phi_a) * math.cos(phi_b) * math.sin(math.radians(lon_b - lon_a) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def line_km(line: Sequence[Point]) -> float:
    """Length of a line, km."""
    return sum(great_circle_km(a, b) for a, b in itertools.pairwise(line))


def _offset(point: Point, start: Point, end: Point) -> float:
    """Distance from a point to a segment, in degrees of latitude."""
    narrow = math.cos(math.radians(point[1]))
    x, y = (point[0] - start[0]) * narrow, point[1] - start[1]
    dx, dy = (end[0] - start[0]) * narrow, end[1] - start[1]
    square = dx * dx + dy * dy
    along = 0.0 if square == 0 else max(0.0, min(1.0, (x * dx + y * dy) / square))
    return math.hypot(x - along * dx, y - along * dy)


def douglas_peucker(line: Sequence[Point], tolerance: float) -> list[Point]:
    """Drop the points of a line that lie within a tolerance of what is left.

    The method of Douglas and Peucker (1973): keep the point farthest from the chord while it is farther than the
    tolerance (degrees of latitude), and treat both halves in the same way.
    """
    keep = [False] * len(line)
    keep[0] = keep[-1] = True
    spans = [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        offsets = [(_offset(line[i], line[first], line[last]), i) for i in range(first + 1, last)]
        if offsets and max(offsets)[0] > tolerance:
            middle = max(offsets)[1]
            keep[middle] = True
            spans += [(first, middle), (middle, last)]
    return [point for point, kept in zip(line, keep, strict=True) if kept]


def _triangle(a: Point, b: Point, c: Point) -> float:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def visvalingam(line: Sequence[Point], limit: Callable[[Point], float], at_least: int) -> list[Point]:
    """Drop points whose triangle with their neighbours is small, the smallest first.

    The method of Visvalingam and Whyatt (1993). Ends always stay, so arcs that meet still meet.

    Parameters
    ----------
    line
        The line.
    limit
        Area (square degrees) under which a point may go, by place.
    at_least
        Number of points that stay whatever their area.
    """
    before = list(range(-1, len(line) - 1))
    after = list(range(1, len(line) + 1))
    gone = [False] * len(line)

    def entry(i: int) -> tuple[float, int, int, int]:
        area = _triangle(line[before[i]], line[i], line[after[i]])
        return area / limit(line[i]), i, before[i], after[i]

    heap = [entry(i) for i in range(1, len(line) - 1)]
    heapq.heapify(heap)
    left = len(line)
    while heap and left > at_least:
        size, i, low, high = heapq.heappop(heap)
        if size >= 1.0:
            break
        if gone[i] or (before[i], after[i]) != (low, high):
            continue
        gone[i] = True
        left -= 1
        after[low], before[high] = high, low
        for neighbour in (low, high):
            if 0 < neighbour < len(line) - 1:
                heapq.heappush(heap, entry(neighbour))
    return [point for point, dropped in zip(line, gone, strict=True) if not dropped]


def ring_area(ring: Sequence[Point]) -> float:
    """Signed area of a closed ring, square degrees: positive when it runs against the clock."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring)) / 2


def contains(ring: Sequence[Point], point: Point) -> bool:
    """Whether a closed ring goes round a point."""
    x, y = point
    inside = False
    for (xa, ya), (xb, yb) in itertools.pairwise(ring):
        if (ya > y) != (yb > y) and x < (xb - xa) * (y - ya) / (yb - ya) + xa:
            inside = not inside
    return inside


def crossing_of(rings: Iterable[Sequence[Point]]) -> Point | None:
    """Return where closed rings cross, or touch but at the ends of their sides; None if nowhere."""

    def turn(a: Point, b: Point, c: Point) -> float:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    sides = sorted(tuple(sorted(side)) for ring in rings for side in itertools.pairwise(ring))
    for i, (a, b) in enumerate(sides):
        for c, d in sides[i + 1 :]:
            if c[0] > b[0]:
                break  # sides are sorted by their western ends: none of the others can reach back
            if a in (c, d) or b in (c, d) or max(c[1], d[1]) < min(a[1], b[1]) or min(c[1], d[1]) > max(a[1], b[1]):
                continue
            if turn(a, b, c) * turn(a, b, d) <= 0 and turn(c, d, a) * turn(c, d, b) <= 0:
                return a
    return None


def rounded(line: Sequence[Point], decimals: int) -> list[Point]:
    """Round a line's coordinates and drop points that fall on the one before."""
    points: list[Point] = []
    for x, y in line:
        point = (round(x, decimals) + 0.0, round(y, decimals) + 0.0)
        if not points or points[-1] != point:
            points.append(point)
    return points


def _pairs(line: Sequence[Point]) -> str:
    return "(" + ",".join(f"{x:.10g} {y:.10g}" for x, y in line) + ")"


def linestring(line: Sequence[Point]) -> str:
    """Write a line as well-known text."""
    return "LINESTRING " + _pairs(line)


def multipolygon(polygons: Sequence[Sequence[Sequence[Point]]]) -> str:
    """Write polygons (each an outer ring and its holes) as well-known text."""
    bodies = ["(" + ",".join(_pairs(ring) for ring in rings) + ")" for rings in polygons]
    return "POLYGON " + bodies[0] if len(bodies) == 1 else "MULTIPOLYGON (" + ",".join(bodies) + ")"
