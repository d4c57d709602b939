"""Schematic sea lanes, placed by hand: for drawing, not for measuring distances."""

from __future__ import annotations

import heapq
from itertools import pairwise

from tools.china_kyrgyzstan.map_shapes import Point, great_circle_km

_AT: dict[str, Point] = {
    "Tianjin": (118.2, 38.8), "Shandong": (122.9, 37.6), "Yellow Sea": (122.6, 35.0), "Lianyungang": (119.6, 34.8),
    "Shanghai": (122.3, 31.2), "Zhejiang": (122.8, 28.5), "Taiwan Strait": (119.6, 24.6), "Guangzhou": (114.0, 22.0),
    "Paracel": (113.0, 17.0), "Vietnam": (110.0, 11.0), "Singapore": (104.6, 1.4), "Phillip": (103.6, 1.15),
    "Klang": (101.0, 2.8), "Malacca": (98.5, 5.0), "Aceh": (95.0, 6.1), "Dondra": (80.6, 5.6), "Comorin": (77.0, 7.3),
    "Karachi": (66.9, 24.6), "Hormuz": (56.6, 26.4), "Bandar Abbas": (56.3, 27.0), "Oman": (59.5, 24.8),
    "Arabian Sea": (62.0, 14.0), "Guardafui": (51.5, 12.6), "Aden": (46.0, 12.2), "Bab el Mandeb": (43.3, 12.6),
    "Red Sea": (40.0, 17.5), "Sinai": (34.5, 27.0), "Suez": (32.55, 29.9), "Port Said": (32.35, 31.4),
    "Crete": (23.5, 34.2), "Rhodes": (27.6, 35.6), "Aegean": (25.2, 38.4), "Dardanelles": (26.1, 40.0),
    "Marmara": (27.6, 40.75), "Istanbul": (28.98, 40.98), "Bosporus": (29.15, 41.3), "Black Sea": (34.0, 42.6),
    "Poti": (41.6, 42.15), "Constanta": (28.9, 44.1), "Malta": (15.0, 36.2), "Sicily": (11.2, 37.5),
    "Alboran": (-2.0, 36.3), "Gibraltar": (-5.6, 35.95), "Saint Vincent": (-9.4, 36.9), "Finisterre": (-9.9, 43.3),
    "Ushant": (-5.9, 48.8), "Dover": (1.4, 50.95), "Rotterdam": (3.9, 52.0), "Hamburg": (8.2, 54.1),
    "Jutland": (7.6, 57.0), "Skaw": (10.7, 57.9), "Sound": (12.7, 55.9), "Bornholm": (14.6, 55.1),
    "Gdansk": (18.9, 54.6),
}  # fmt: skip

_LANES = (
    ("Tianjin", "Shandong", "Yellow Sea", "Shanghai", "Zhejiang", "Taiwan Strait", "Guangzhou", "Paracel", "Vietnam"),
    ("Lianyungang", "Yellow Sea"),
    ("Vietnam", "Singapore", "Phillip", "Klang", "Malacca", "Aceh", "Dondra", "Guardafui", "Aden", "Bab el Mandeb"),
    ("Bab el Mandeb", "Red Sea", "Sinai", "Suez", "Port Said", "Crete", "Malta", "Sicily", "Alboran", "Gibraltar"),
    ("Gibraltar", "Saint Vincent", "Finisterre", "Ushant", "Dover", "Rotterdam", "Hamburg", "Jutland", "Skaw", "Sound"),
    ("Sound", "Bornholm", "Gdansk"),
    ("Dondra", "Comorin", "Karachi", "Oman", "Hormuz", "Bandar Abbas"),
    ("Comorin", "Oman", "Arabian Sea", "Aden"),
    ("Karachi", "Arabian Sea"),
    ("Port Said", "Rhodes", "Aegean", "Dardanelles", "Marmara", "Istanbul", "Bosporus", "Black Sea", "Poti"),
    ("Crete", "Aegean"),
    ("Bosporus", "Constanta"),
)


def _graph() -> dict[str, dict[str, float]]:
    graph: dict[str, dict[str, float]] = {name: {} for name in _AT}
    for lane in _LANES:
        for a, b in pairwise(lane):
            graph[a][b] = graph[b][a] = great_circle_km(_AT[a], _AT[b])
    return graph


def sea_shape(start: Point, end: Point, reach_km: float) -> list[Point]:
    """Return a schematic line between two ports along the lanes; empty if a port is out of reach of them.

    Parameters
    ----------
    start, end
        The ports; the line begins and ends there.
    reach_km
        How far a port may lie from its lane.
    """
    first = min(_AT, key=lambda name: great_circle_km(start, _AT[name]))
    last = min(_AT, key=lambda name: great_circle_km(end, _AT[name]))
    if first == last or max(great_circle_km(start, _AT[first]), great_circle_km(end, _AT[last])) > reach_km:
        return []
    graph = _graph()
    heap = [(0.0, first, [first])]
    seen = set()
    while heap:
        km, name, way = heapq.heappop(heap)
        if name == last:
            return [start, *(_AT[stop] for stop in way), end]
        if name in seen:
            continue
        seen.add(name)
        for neighbour, step in graph[name].items():
            heapq.heappush(heap, (km + step, neighbour, [*way, neighbour]))
    return []
