"""The bundled study's map tables: shapes that join their links' ends, sound outlines, small files."""

from __future__ import annotations

import csv
import itertools
import math
import re
from pathlib import Path

import pytest

import landlink
from tools.china_kyrgyzstan.map_shapes import (
    Point,
    contains,
    crossing_of,
    douglas_peucker,
    great_circle_km,
    line_km,
    ring_area,
    visvalingam,
)

STUDY = Path(landlink.__file__).parent / "studies/china-kyrgyzstan"
_NUMBER = r"-?\d+(?:\.\d+)?"
_RING = rf"\({_NUMBER} {_NUMBER}(?:,{_NUMBER} {_NUMBER})+\)"
_POLYGON = rf"\({_RING}(?:,{_RING})*\)"


def _rows(name: str) -> list[dict[str, str]]:
    csv.field_size_limit(10_000_000)
    with (STUDY / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _points(text: str) -> list[Point]:
    return [(float(x), float(y)) for x, y in (pair.split() for pair in text.strip("()").split(","))]


def _polygons(wkt: str) -> list[list[list[Point]]]:
    assert re.fullmatch(rf"POLYGON {_POLYGON}|MULTIPOLYGON \({_POLYGON}(?:,{_POLYGON})*\)", wkt), wkt[:80]
    return [[_points(ring) for ring in re.findall(_RING, polygon)] for polygon in re.findall(_POLYGON, wkt)]


OUTLINES = {row["boundary_id"]: _polygons(row["geometry"]) for row in _rows("boundary")}


def _country_at(point: Point) -> set[str]:
    return {
        name
        for name, polygons in OUTLINES.items()
        if sum(contains(ring, point) for rings in polygons for ring in rings) % 2
    }


def test_every_shape_joins_the_ends_of_its_links() -> None:
    shapes = {}
    for row in _rows("geometry"):
        assert re.fullmatch(rf"LINESTRING {_RING}", row["geometry"]), row["geometry_id"]
        shapes[row["geometry_id"]] = _points(row["geometry"].removeprefix("LINESTRING "))
    nodes = {row["node_id"]: (float(row["x_coord"]), float(row["y_coord"])) for row in _rows("node")}
    used = set()
    for link in _rows("link"):
        if link["geometry_id"]:
            shape = shapes[link["geometry_id"]]
            used.add(link["geometry_id"])
            assert great_circle_km(shape[0], nodes[link["from_node_id"]]) < 0.2, link["link_id"]
            assert great_circle_km(shape[-1], nodes[link["to_node_id"]]) < 0.2, link["link_id"]
            # Simplifying shortens a shape; none may be much longer than its link.
            assert line_km(shape) < 1.35 * float(link["length"]), link["link_id"]
    assert used == set(shapes)
    assert len(used) > 400


def test_planned_links_are_straight_lines() -> None:
    assert not [row["link_id"] for row in _rows("link") if row["status"] == "planned" and row["geometry_id"]]


@pytest.mark.parametrize("country", sorted(OUTLINES))
def test_outlines_are_sound(country: str) -> None:
    rings = [ring for polygon in OUTLINES[country] for ring in polygon]
    assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in rings)
    assert crossing_of(rings) is None
    for outer, *holes in OUTLINES[country]:
        assert ring_area(outer) > 0
        assert all(ring_area(hole) < 0 for hole in holes)
        assert ring_area(outer) > -sum(ring_area(hole) for hole in holes)


@pytest.mark.parametrize(
    ("point", "country"),
    [
        ((74.6, 42.7), {"KGZ"}),
        ((76.5, 39.5), {"CHN"}),
        ((64.0, 41.0), {"UZB"}),
        ((63.3, 45.9), {"KAZ"}),
        ((71.06, 39.97), {"UZB"}),
        ((90.0, 58.0), {"RUS"}),
        ((51.0, 41.8), set()),
        ((65.0, 15.0), set()),
    ],
    ids=["Bishkek", "Kashgar", "Kyzylkum", "Baikonur", "Sokh enclave", "Siberia", "Caspian", "Arabian Sea"],
)
def test_places_lie_in_their_countries(point: Point, country: set[str]) -> None:
    assert _country_at(point) == country


def test_names_are_there_in_every_language() -> None:
    for row in _rows("boundary"):
        if row["country"]:
            assert all(row[f"name_{language}"] for language in ("en", "ru", "zh", "ky", "ar")), row["boundary_id"]


def test_map_tables_name_known_sources_and_stay_small() -> None:
    sources = {row["source_id"] for row in _rows("source")}
    assert {row["source"] for name in ("boundary", "geometry") for row in _rows(name)} <= sources
    assert (STUDY / "geometry.csv").stat().st_size < 250_000
    assert (STUDY / "boundary.csv").stat().st_size < 150_000


def test_simplified_lines_stay_near_and_keep_their_ends() -> None:
    wave = [(x / 50, math.sin(x / 50)) for x in range(300)]
    short = douglas_peucker(wave, 0.05)
    assert short[0] == wave[0]
    assert short[-1] == wave[-1]
    assert len(short) < 40
    assert set(short) <= set(wave)
    for x, y in wave:
        (xa, ya), (xb, yb) = next((a, b) for a, b in itertools.pairwise(short) if a[0] <= x <= b[0])
        assert abs(ya + (yb - ya) * (x - xa) / (xb - xa) - y) < 0.08  # off the line by 0.05, along y by a little more
    assert visvalingam(wave, lambda _: 1e9, at_least=2) == [wave[0], wave[-1]]
    assert visvalingam(wave, lambda _: 1e-12, at_least=2) == wave


def test_crossing_rings_are_found() -> None:
    square = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (0.0, 0.0)]
    assert crossing_of([square]) is None
    assert crossing_of([[(0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0), (0.0, 0.0)]]) is not None
    assert crossing_of([square, [(x + 1.0, y + 1.0) for x, y in square]]) is not None
    assert crossing_of([square, [(x + 5.0, y) for x, y in square]]) is None
