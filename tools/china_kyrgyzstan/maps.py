"""Tables ``boundary`` and ``geometry``: outlines and shapes for the study's maps."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

from tools.china_kyrgyzstan.map_borders import (
    Polygon,
    Window,
    assemble,
    clip,
    decode_arcs,
    outer_arcs,
    polygons_of,
    simplify_arc,
)
from tools.china_kyrgyzstan.map_inputs import atlas, inputs_folder, routes
from tools.china_kyrgyzstan.map_lines import Lines
from tools.china_kyrgyzstan.map_sea import sea_shape
from tools.china_kyrgyzstan.map_shapes import Point, crossing_of, douglas_peucker, linestring, multipolygon, rounded
from tools.china_kyrgyzstan.sources import Sources

Row = dict[str, Any]

_WINDOW: Window = (12.0, -2.0, 128.0, 62.0)  # Warsaw to Shanghai, and the sea lane between them by Suez
_MAIN: Window = (45.0, 33.0, 98.0, 57.0)  # the countries the study is about: drawn larger, so kept finer
_LINES: Window = (15.0, 20.0, 125.0, 60.0)
_TIGHT = 0.7  # degrees round a crossing that are drawn finer
_DECIMALS = 3  # about 100 m

#: Pieces that the atlas draws apart but which are part of a country (a leased town, special regions, a buffer zone).
_PART_OF = {
    "Baikonur": "Kazakhstan",
    "Hong Kong": "China",
    "Macao": "China",
    "Åland": "Finland",
    "Akrotiri": "Cyprus",
    "Dhekelia": "Cyprus",
    "Cyprus U.N. Buffer Zone": "Cyprus",
}


def _within(point: Point, window: Window) -> bool:
    return window[0] <= point[0] <= window[2] and window[1] <= point[1] <= window[3]


def _triangle_limit(point: Point) -> float:
    """Square degrees under which a bend is left out: about 5 km across in the main map, 20 km elsewhere."""
    return 0.0014 if _within(point, _MAIN) else 0.028


def _smallest_area(point: Point) -> float:
    """Square degrees under which an island or enclave is left out."""
    return 0.004 if _within(point, _MAIN) else 0.06


def names_of_countries() -> dict[str, dict[str, str]]:
    """Code and names of countries by their number, by the columns of ``country_names.csv``."""
    with (Path(__file__).parent / "country_names.csv").open(newline="", encoding="utf-8") as file:
        return {row["number"]: row for row in csv.DictReader(file)}


def _areas(topology: dict[str, Any]) -> dict[str, tuple[str, list[list[list[int]]]]]:
    """Polygons of each area by its name in the atlas, with its country's number; parts of a country dissolved."""
    numbers: dict[str, str] = {}
    polygons: dict[str, list[list[list[int]]]] = {}
    for area in topology["objects"]["countries"]["geometries"]:
        name = area["properties"]["name"]
        whole = _PART_OF.get(name, name)
        polygons.setdefault(whole, []).extend(area["arcs"] if area["type"] == "MultiPolygon" else [area["arcs"]])
        if whole == name:
            numbers[name] = area.get("id") or ""
    parents = set(_PART_OF.values())
    return {name: (numbers[name], outer_arcs(parts) if name in parents else parts) for name, parts in polygons.items()}


def _outlines(topology: dict[str, Any]) -> dict[str, tuple[str, list[Polygon]]]:
    """Number and polygons of each area in the window, simplified less where a ring would come to cross itself."""
    full, areas = decode_arcs(topology), _areas(topology)
    tight: list[Point] = []

    def limit(point: Point) -> float:
        near = sum(abs(point[0] - x) < _TIGHT and abs(point[1] - y) < _TIGHT for x, y in tight)
        return float(_triangle_limit(point) / 4**near)

    arcs = [simplify_arc(arc, _WINDOW, limit) for arc in full]
    for _ in range(10):
        outlines, again = {}, set()
        for name, (number, parts) in areas.items():
            polygons: list[Polygon] = []
            for rings in parts:
                polygons += polygons_of(clip(assemble(rings, arcs), _WINDOW), _DECIMALS, _smallest_area)
            outlines[name] = number, polygons
            crossing = crossing_of(ring for polygon in polygons for ring in polygon)
            if crossing:
                tight.append(crossing)
                again |= {arc if arc >= 0 else ~arc for rings in parts for ring in rings for arc in ring}
        if not again:
            return outlines
        for arc in again:
            arcs[arc] = simplify_arc(full[arc], _WINDOW, limit)
    raise ValueError(f"outlines still cross themselves near {tight[-1]}")


def _boundaries(topology: dict[str, Any], source: str) -> list[Row]:
    names = names_of_countries()
    rows = []
    for name, (number, polygons) in _outlines(topology).items():
        if not polygons:
            continue
        known = names.get(number, {})
        polygons.sort(key=lambda polygon: (-len(polygon[0]), polygon[0]))
        identifier = known.get("country") or re.sub(r"[^a-z]+", "-", name.lower()).strip("-")
        rows.append(
            {"boundary_id": identifier, "country": known.get("country", ""), "name": known.get("en", name)}
            | {f"name_{language}": known.get(language, "") for language in ("en", "ru", "zh", "ky", "ar")}
            | {"geometry": multipolygon(polygons), "quality": "published", "source": source}
            | {"note": "" if number else "As the atlas draws it; has no country code of its own there."}
        )
    return sorted(rows, key=lambda row: row["boundary_id"])


def _tolerance(line: list[Point]) -> float:
    """Degrees that a simplified link may be off: finer in the main map."""
    return 0.008 if all(_within(point, _MAIN) for point in line) else 0.02


class _Shapes:
    """Shapes of links by the network they run on."""

    def __init__(self, folder: Path, openstreetmap: str, drawn: str) -> None:
        self._lines = {
            "rail": Lines(*routes(folder, "railways"), _LINES),
            "road": Lines(*routes(folder, "highways"), _LINES),
        }
        self._openstreetmap, self._drawn = openstreetmap, drawn

    def row(self, link: Row, start: Point, end: Point) -> Row:
        """Shape, quality and source of a link; empty if only a straight line is available."""
        family = str(link["mode"]).partition("_")[0]
        if family in self._lines:
            line = self._lines[family].shape(start, end, float(link["length"])) if link["status"] == "existing" else []
            quality, source = "measured", self._openstreetmap
        else:
            line = sea_shape(start, end, 1500.0 if family == "sea" else 60.0)
            quality, source = "estimated", self._drawn
        line = rounded(douglas_peucker(line, _tolerance(line)), _DECIMALS) if line else []
        if len(line) <= 2:
            return {}
        return {"geometry": linestring(line), "quality": quality, "source": source}


def _geometries(folder: Path, links: list[Row], nodes: list[Row], sources: Sources) -> list[Row]:
    """Rows of table ``geometry``; sets ``geometry_id`` of the links that have one."""
    openstreetmap = sources.add(
        "OpenStreetMap contributors, world highways and railways, as in the Python package scgraph_data 2.0.0 (2024)",
        licence="ODbL-1.0",
        url="https://www.openstreetmap.org/copyright",
        note="© OpenStreetMap contributors",
    )
    drawn = sources.add("Sea lanes of the maps, placed by hand", note="Schematic: for drawing, not for measuring.")
    shapes = _Shapes(folder, openstreetmap, drawn)
    at = {row["node_id"]: rounded([(float(row["x_coord"]), float(row["y_coord"]))], _DECIMALS)[0] for row in nodes}
    rows: list[Row] = []
    shared: dict[tuple[Any, ...], str] = {}
    for link in links:
        ends = (link["from_node_id"], link["to_node_id"])
        key = (*ends, str(link["mode"]).partition("_")[0], str(link["length"]), link["status"])
        if key not in shared:  # two gauges on one bed share the shape
            row = shapes.row(link, at[ends[0]], at[ends[1]])
            shared[key] = link["link_id"] if row else ""
            if row:
                rows.append({"geometry_id": link["link_id"], **row})
        link["geometry_id"] = shared[key]
    return rows


def build(_facts: Path, sources: Sources, tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Build ``boundary`` and ``geometry`` for the links and nodes built before."""
    folder = inputs_folder()
    natural_earth = sources.add(
        "Natural Earth, countries at 1:10 million, as TopoJSON in the npm package world-atlas 2.0.2",
        licence="public domain",
        url="https://www.naturalearthdata.com",
        note="Simplified. Borders imply no opinion on the status of any territory.",
    )
    return {
        "boundary": _boundaries(atlas(folder, "10m"), natural_earth),
        "geometry": _geometries(folder, tables["link"], tables["node"], sources),
    }
