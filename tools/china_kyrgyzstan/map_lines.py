"""Shapes of roads and railways: shortest paths over a simplified OpenStreetMap network.

The network keeps the length of every way but only the places where ways meet, so a long way is one straight edge.
Shapes are therefore coarse: right for a map of a continent, not for one of a town.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict

from tools.china_kyrgyzstan.map_shapes import Point, great_circle_km

_PIECE_KM = 4.0  # long edges are cut into such pieces, so that a path may begin and end along them
_CELL = 0.1  # degrees, side of the cells that nodes are looked up in
_REACH_KM = 12.0  # passes and junctions of the facts are placed to about a tenth of a degree
_ACCESS = 3.0  # a km between a place and the network counts as this many, so a nearby way wins over a short cut
_AGREES = (0.75, 1.3)  # length of an accepted path over the length of its link


class Lines:
    """A network of roads or railways in a window, for finding shapes of links."""

    def __init__(self, nodes: list[list[float]], graph: list[dict[str, float]], window: tuple[float, ...]) -> None:
        west, south, east, north = window
        self._points: dict[int, Point] = {
            i: (lon, lat) for i, (lat, lon) in enumerate(nodes) if west <= lon <= east and south <= lat <= north
        }
        self._next: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
        for i in sorted(self._points):
            for j, km in sorted((int(j), km) for j, km in graph[i].items()):
                if i < j and j in self._points:
                    self._add_edge(i, j, km)
        self._cells: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for i, (lon, lat) in self._points.items():
            self._cells[math.floor(lon / _CELL), math.floor(lat / _CELL)].append(i)

    def _add_edge(self, i: int, j: int, km: float) -> None:
        (x, y), (to_x, to_y) = self._points[i], self._points[j]
        straight = great_circle_km((x, y), (to_x, to_y))
        km = max(km, straight)  # some lengths of the source are a little short of the distance of their ends
        pieces = max(1, math.ceil(straight / _PIECE_KM))
        last = i
        for piece in range(1, pieces + 1):
            new = j if piece == pieces else -len(self._points) - 1
            if new < 0:
                self._points[new] = (x + (to_x - x) * piece / pieces, y + (to_y - y) * piece / pieces)
            self._next[last].append((new, km / pieces))
            self._next[new].append((last, km / pieces))
            last = new

    def _near(self, place: Point) -> dict[int, float]:
        """Points within reach of a place, and the cost to reach them."""
        column, row = math.floor(place[0] / _CELL), math.floor(place[1] / _CELL)
        found = {}
        for i in (
            i for dx in range(-3, 4) for dy in range(-2, 3) for i in self._cells.get((column + dx, row + dy), ())
        ):
            km = great_circle_km(place, self._points[i])
            if km <= _REACH_KM:
                found[i] = _ACCESS * km
        return found

    def _search(self, start: Point, end: Point, longest_km: float) -> tuple[list[int], float]:
        """Return the shortest path between points near two places, and its length in km: A* with great circles."""
        goals, cost = self._near(end), self._near(start)
        came: dict[int, int] = {}
        best, last = longest_km + 2 * _ACCESS * _REACH_KM, 0
        reached = False
        heap = [(km + great_circle_km(self._points[i], end), km, i) for i, km in cost.items()] if goals else []
        heapq.heapify(heap)
        while heap:
            bound, km, i = heapq.heappop(heap)
            if bound >= best:
                break
            if km > cost[i]:
                continue
            if i in goals and km + goals[i] < best:
                best, last, reached = km + goals[i], i, True
            for j, step in self._next[i]:
                if km + step < cost.get(j, math.inf):
                    cost[j], came[j] = km + step, i
                    heapq.heappush(heap, (km + step + great_circle_km(self._points[j], end), km + step, j))
        if not reached:
            return [], math.inf
        path = [last]
        while path[-1] in came:
            path.append(came[path[-1]])
        return path[::-1], cost[last] - cost[path[-1]]

    def shape(self, start: Point, end: Point, length_km: float) -> list[Point]:
        """Return the shape of a link: a way whose length agrees with the link's own, or nothing.

        Parameters
        ----------
        start, end
            Ends of the link; the shape begins and ends there.
        length_km
            Length of the link.
        """
        path, km = self._search(start, end, _AGREES[1] * length_km)
        if not path:
            return []
        way = [self._points[i] for i in path]
        off_start, off_end = great_circle_km(start, way[0]), great_circle_km(end, way[-1])
        if not _AGREES[0] <= (km + off_start + off_end) / length_km <= _AGREES[1]:
            return []
        # Points closer to an end than the way itself came would make a spur back to the way: leave them out.
        kept = [p for p in way if great_circle_km(p, start) >= 2 * off_start and great_circle_km(p, end) >= 2 * off_end]
        return [start, *kept, end] if kept else []
