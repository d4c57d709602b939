"""Borders of all countries, from Natural Earth at 1:50 million (public domain), generalised.

Natural Earth draws borders as they are kept on the ground, whoever claims the land. It comes as TopoJSON in the npm
package world-atlas: neighbours share arcs, so that generalised borders still meet.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any, Final

import numpy as np

from tools.china_kyrgyzstan.map_borders import assemble, decode_arcs
from tools.china_kyrgyzstan.map_inputs import atlas
from tools.china_kyrgyzstan.map_shapes import Point, ring_area, visvalingam
from tools.downloads import ATLAS, fetch
from tools.world.countries import TABLE as COUNTRIES

DATA: Final = Path(__file__).parents[2] / "src/landlink/core/borders.npz"

#: Square degrees under which a bend is left out, and an island that is not its country's largest: about 2 and 6 km.
BEND: Final = 0.0004
ISLAND: Final = 0.004
#: Steps of a degree that coordinates are rounded to, about 450 m.
STEPS: Final = 250

#: Areas without a code in the atlas that have one in wide use; others are drawn without a name.
CODES: Final = {"Kosovo": "XKX"}
#: No freight goes there, and its outline runs along the pole.
LEFT_OUT: Final = frozenset({"Antarctica"})
#: Territories that have a code of their own but are drawn with their state: code, state, west, south, east, north.
WITHIN: Final = (
    ("GUF", "FRA", -55.0, 2.0, -51.0, 6.0),
    ("GLP", "FRA", -62.0, 15.7, -60.9, 16.6),
    ("MTQ", "FRA", -61.3, 14.3, -60.7, 15.0),
    ("REU", "FRA", 55.0, -21.5, 56.0, -20.7),
    ("MYT", "FRA", 44.9, -13.1, 45.4, -12.5),
    ("SJM", "NOR", -10.0, 70.5, 35.0, 81.0),
)

#: Degrees within which two shores at the antimeridian are the same.
_NEAR: Final = 0.01

Ring = list[Point]


def build() -> None:
    """Write the borders."""
    topology = atlas(fetch(ATLAS), "50m")
    rings = sorted(_rings(topology), key=lambda item: (item[0] == "", item[0], -abs(ring_area(item[1])), item[1]))
    codes = [code for code, _ in rings]
    steps = [np.round(np.array(ring[:-1]) * STEPS).astype(np.int32) for _, ring in rings]
    deltas = np.concatenate([np.diff(ring, axis=0, prepend=[[0, 0]]) for ring in steps])
    np.savez_compressed(
        DATA,
        code=np.array(codes),
        length=np.array([len(ring) for ring in steps], dtype=np.int32),
        x=deltas[:, 0],
        y=deltas[:, 1],
        steps=np.int32(STEPS),
    )
    print(
        f"{DATA.name}: {len(set(codes) - {''})} countries, {len(codes)} outlines, {len(deltas)} points, "
        f"{DATA.stat().st_size / 1e3:.0f} kB"
    )


def _rings(topology: dict[str, Any]) -> list[tuple[str, Ring]]:
    """Outlines with the alpha-3 code of their country, empty where it has none."""
    full = decode_arcs(topology)
    arcs = [visvalingam(arc, lambda _: BEND, at_least=5 if arc[0] == arc[-1] else 2) for arc in full]
    with COUNTRIES.open(encoding="utf-8", newline="") as file:
        by_number = {row["numeric"]: row["alpha3"] for row in csv.DictReader(file) if row["numeric"]}
    found = []
    for area in topology["objects"]["countries"]["geometries"]:
        name = area["properties"]["name"]
        if name in LEFT_OUT:
            continue
        code = by_number[area["id"]] if "id" in area else CODES.get(name, "")
        parts = area["arcs"] if area["type"] == "MultiPolygon" else [area["arcs"]]
        lines: list[Ring] = []
        for rings in parts:
            whole = assemble(rings, full)
            # Islands cut by the antimeridian have no neighbours: they are joined as they are.
            lines += whole if any(_at_antimeridian(line) for line in whole) else assemble(rings, arcs)
        found += [(_own_code(code, line), line) for line in _joined(lines) if len(line) > 3]
    largest = {code: max(abs(ring_area(line)) for own, line in found if own == code) for code, _ in found}
    return [(code, line) for code, line in found if abs(ring_area(line)) >= min(ISLAND, largest[code])]


def _at_antimeridian(line: Ring) -> bool:
    """Whether a ring ends at the antimeridian, rather than running on over it."""
    west, east = min(x for x, _ in line), max(x for x, _ in line)
    return abs(west + 180) < _NEAR or abs(east - 180) < _NEAR


def _joined(lines: list[Ring]) -> list[Ring]:
    """Join the halves of islands that the antimeridian cuts."""
    cut = [line for line in lines if _at_antimeridian(line)]
    whole = [line for line in lines if not _at_antimeridian(line)]
    runs = [_open_at_antimeridian(line) for line in cut]
    while runs:
        run = runs.pop()
        other = next((i for i, b in enumerate(runs) if _meet(run[-1], b[0]) and _meet(b[-1], run[0])), None)
        whole.append([*run, *([] if other is None else runs.pop(other)), run[0]])
    return whole


def _open_at_antimeridian(line: Ring) -> Ring:
    """Return the part of a ring that is not on the antimeridian, in longitudes above zero, from shore to shore."""
    points = [(x + 360 if x < 0 else x, y) for x, y in line[:-1]]
    on = [abs(x - 180) < _NEAR for x, _ in points]
    start = next((i for i in range(len(on)) if on[i] and not on[(i + 1) % len(on)]), 0)
    turned = points[start:] + points[:start]
    last = max((i for i in range(len(on)) if on[(start + i) % len(on)]), default=len(on) - 1)
    while last > 1 and on[(start + last - 1) % len(on)]:
        last -= 1
    return turned[: last + 1] if last else turned


def _meet(a: Point, b: Point) -> bool:
    return abs(a[0] - b[0]) < _NEAR and abs(a[1] - b[1]) < _NEAR


def _own_code(code: str, line: Ring) -> str:
    for territory, state, west, south, east, north in WITHIN:
        if code == state and all(west <= x <= east and south <= y <= north for x, y in line):
            return territory
    return code
