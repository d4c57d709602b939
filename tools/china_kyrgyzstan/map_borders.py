"""Country outlines: decode TopoJSON, simplify the arcs that neighbours share, assemble rings, cut to a window."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

from tools.china_kyrgyzstan.map_shapes import Point, contains, ring_area, rounded, visvalingam

Ring = list[Point]
Polygon = list[Ring]
Window = tuple[float, float, float, float]
"""West, south, east, north, degrees."""


def decode_arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Turn the delta-encoded whole numbers of a TopoJSON into points, degrees."""
    (scale_x, scale_y), (x0, y0) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for deltas in topology["arcs"]:
        x = y = 0
        arc = []
        for dx, dy in deltas:
            x, y = x + dx, y + dy
            arc.append((x * scale_x + x0, y * scale_y + y0))
        arcs.append(arc)
    return arcs


def simplify_arc(arc: list[Point], window: Window, limit: Callable[[Point], float]) -> list[Point]:
    """Simplify an arc; one outside the window is cut to its ends.

    Neighbours share the arc, so their borders still meet. Closed arcs keep four points and more, or an island would
    fold into a line.
    """
    west, south, east, north = window
    inside = any(west <= x <= east and south <= y <= north for x, y in arc)
    return visvalingam(arc, limit if inside else lambda _: 1e9, at_least=4 if arc[0] == arc[-1] else 2)


def outer_arcs(polygons: Iterable[list[list[int]]]) -> list[list[list[int]]]:
    """Dissolve touching areas: an arc that two of them run along in opposite directions is no border any more.

    Parameters
    ----------
    polygons
        Polygons of TopoJSON: lists of rings, which are lists of arc numbers (``~n`` is arc ``n`` backwards).
    """
    polygons = list(polygons)
    used = {arc for rings in polygons for ring in rings for arc in ring}
    inner = {arc for arc in used if ~arc in used}
    clean = [rings for rings in polygons if not any(arc in inner for ring in rings for arc in ring)]
    touched = [rings for rings in polygons if any(arc in inner for ring in rings for arc in ring)]
    loose = [arc for rings in touched for ring in rings for arc in ring if arc not in inner]
    return clean + ([[loose]] if loose else [])


def _unwrapped(line: Ring) -> Ring:
    """Let a ring that crosses the date line run on past 180 degrees east, rather than jump round the world."""
    shift, east = 0.0, [line[0]]
    for (x_before, _), (x, y) in itertools.pairwise(line):
        shift += 360.0 * ((x_before - x > 180) - (x - x_before > 180))
        east.append((x + shift, y))
    turn = 360.0 if min(x for x, _ in east) < -180 else 0.0
    return [(x + turn, y) for x, y in east]


def assemble(rings: list[list[int]], arcs: list[list[Point]]) -> list[Ring]:
    """Join arcs into closed rings, the outer one with the clock; arcs of a dissolved area may come in any order."""

    def points(arc: int) -> list[Point]:
        return arcs[arc] if arc >= 0 else arcs[~arc][::-1]

    found = []
    for ring in rings:
        left = [points(arc) for arc in ring]
        while left:
            line = list(left.pop(0))
            while line[0] != line[-1]:
                following = next((i for i, arc in enumerate(left) if arc[0] == line[-1]), None)
                if following is None:
                    raise ValueError(f"a ring does not close at {line[-1]}")
                line += left.pop(following)[1:]
            found.append(_unwrapped(line))
    # Dissolved areas mix outer rings and holes: the largest is the outer one.
    largest = max(found, key=lambda line: abs(ring_area(line)))
    return [line if (ring_area(line) < 0) == (line is largest) else line[::-1] for line in found]


def _cut_ring(ring: Ring, value: Callable[[Point], float]) -> tuple[list[Ring], list[Ring]]:
    """Split a closed ring by a line: rings wholly on the kept side, and runs that enter and leave it."""
    points = ring[:-1]
    inside = [value(p) >= 0 for p in points]
    if all(inside):
        return [ring], []
    if not any(inside):
        return [], []

    def meet(a: Point, b: Point) -> Point:
        part = value(a) / (value(a) - value(b))
        return a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part

    start = inside.index(False)
    order = [(start + k) % len(points) for k in range(len(points) + 1)]
    runs: list[Ring] = []
    for a, b in itertools.pairwise(order):
        if inside[b] and not inside[a]:
            runs.append([meet(points[a], points[b])])
        if inside[b]:
            runs[-1].append(points[b])
        elif inside[a]:
            runs[-1].append(meet(points[a], points[b]))
    return [], runs


def _cut(rings: list[Ring], axis: int, bound: float, sign: int) -> list[Ring]:
    """Cut a polygon by a line along an axis, keeping the side ``sign * (coordinate - bound) >= 0``.

    Where the line lies inside the polygon, between its first and second crossing, third and fourth and so on, it
    becomes the new edge: pieces that are not connected any more come out as rings of their own.
    """
    whole: list[Ring] = []
    runs: list[Ring] = []
    for ring in rings:
        kept, cut = _cut_ring(ring, lambda p: sign * (p[axis] - bound))
        whole += kept
        runs += cut
    ends = sorted((run[-kind][1 - axis], kind, i) for i, run in enumerate(runs) for kind in (0, 1))
    follows: dict[int, int] = {}
    for (_, kind, i), (_, other, j) in zip(ends[::2], ends[1::2], strict=True):
        if kind == other:
            raise ValueError("a ring crosses itself at the edge of the window")
        follows[i if kind else j] = j if kind else i
    while follows:
        first, nxt = follows.popitem()
        ring = list(runs[first])
        while nxt != first:
            ring += runs[nxt]
            nxt = follows.pop(nxt)
        whole.append([*ring, ring[0]])
    return whole


def clip(rings: list[Ring], window: Window) -> list[Ring]:
    """Cut a polygon (its outer ring and holes) to a window."""
    for axis, bound, sign in ((0, window[0], 1), (1, window[1], 1), (0, window[2], -1), (1, window[3], -1)):
        rings = _cut(rings, axis, bound, sign)
    return rings


def _loops(line: Ring) -> list[Ring]:
    """Split a closed ring where it comes back to a point: two loops that touch, or a spike of no width."""
    found: list[Ring] = []
    open_points: Ring = []
    for point in line:
        if point in open_points:
            first = open_points.index(point)
            found.append([*open_points[first:], point])
            del open_points[first + 1 :]
        else:
            open_points.append(point)
    return found


def polygons_of(rings: list[Ring], decimals: int, smallest: Callable[[Point], float]) -> list[Polygon]:
    """Sort the rings of one area into outer rings with their holes, rounded, without those too small to see.

    Outer rings come in running with the clock and holes against it; here the outer ones are turned against it, as the
    standard for well-known text asks.
    """
    outer: list[Polygon] = []
    holes: list[Ring] = []
    for line in (loop for ring in rings for loop in _loops(rounded(ring, decimals))):
        if len(line) < 4 or abs(ring_area(line)) < smallest(line[0]):
            continue
        if ring_area(line) < 0:
            outer.append([line[::-1]])
        else:
            holes.append(line[::-1])
    for hole in holes:
        around = [polygon for polygon in outer if contains(polygon[0], hole[0]) or hole[0] in polygon[0]]
        if around:
            min(around, key=lambda polygon: abs(ring_area(polygon[0]))).append(hole)
    return outer
