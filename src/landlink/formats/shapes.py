"""Geometries of table rows, derived from the columns available, and their well-known binary form."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.antimeridian import crosses, cut_line, cut_ring
from landlink.tables.frames import Tables
from landlink.tables.wkt import Geometry, parse_wkt

Shapes = Sequence[Geometry | None]

#: Name of the column with well-known text in all tables.
GEOMETRY_COLUMN: Final = "geometry"
_CODES: Final = {
    "POINT": 1,
    "LINESTRING": 2,
    "POLYGON": 3,
    "MULTIPOINT": 4,
    "MULTILINESTRING": 5,
    "MULTIPOLYGON": 6,
}
_LITTLE_ENDIAN: Final = b"\x01"


def shapes_of(name: str, tables: Tables) -> list[Geometry | None] | None:
    """Determine the geometry of each row of a table.

    Parameters
    ----------
    name
        The table.
    tables
        All tables; links and zones take coordinates from ``node``.

    Returns
    -------
    list or None
        ``None`` if the table has no geometries. A link without a geometry is a straight line between its nodes. Lines
        of rows with direction ``ba`` are reversed, so that each line points in the direction of flow. Lines and
        polygons over the antimeridian are cut there.
    """
    frame = tables[name]
    if GEOMETRY_COLUMN in frame:
        shapes = _from_text(frame, tables.get("node"))
        return [None if shape is None else cut_at_antimeridian(shape) for shape in shapes]
    if {"x_coord", "y_coord"} <= set(frame.columns):
        return _points(frame["x_coord"], frame["y_coord"])
    if "node_id" in frame and "node" in tables and name != "node":
        place = _places(tables["node"]).reindex(frame["node_id"])
        return _points(place["x_coord"], place["y_coord"])
    return None


def common_kind(shapes: Shapes, *, empty: str = "GEOMETRY") -> str:
    """Find the common type of all geometries: polygons among multipolygons are multipolygons with one part.

    Parameters
    ----------
    shapes
        The geometries of a table.
    empty
        The type to return if there are no geometries.
    """
    kinds = {shape.kind for shape in shapes if shape is not None}
    if not kinds:
        return empty
    if len(kinds) == 1:
        return kinds.pop()
    single = {kind.removeprefix("MULTI") for kind in kinds}
    return f"MULTI{single.pop()}" if len(single) == 1 else "GEOMETRY"


def as_kind(shape: Geometry, kind: str) -> Geometry:
    """Convert a geometry to the type found by :func:`common_kind`."""
    return shape if kind == "GEOMETRY" else Geometry(kind, shape.members)


def cut_at_antimeridian(shape: Geometry) -> Geometry:
    """Cut lines and polygons that cross the antimeridian, as RFC 7946 (section 3.1.9) asks; others stay the same."""
    if shape.kind.endswith("POINT") or not any(crosses(part) for member in shape.members for part in member):
        return shape
    if shape.kind.endswith("LINESTRING"):
        lines = tuple(piece for member in shape.members for part in member for piece in cut_line(part))
        return Geometry("MULTILINESTRING" if len(lines) > 1 else shape.kind, (lines,))
    members = tuple(piece for member in shape.members for piece in _cut_polygon(member))
    return Geometry("MULTIPOLYGON" if len(members) > 1 else shape.kind, members)


def _cut_polygon(rings: Sequence[np.ndarray]) -> list[tuple[np.ndarray, ...]]:
    """Polygons on each side of the antimeridian, each with the parts of the holes that are on its side."""
    outer, *holes = rings
    pieces = [piece for hole in holes for piece in cut_ring(hole).values()]
    return [
        (side, *(hole for hole in pieces if (hole[:, 0].mean() < 0) == (side[:, 0].mean() < 0)))
        for side in cut_ring(outer).values()
    ]


def bounds_of(shapes: Shapes) -> tuple[float, float, float, float] | None:
    """Bounds of all geometries: west, south, east, north in degrees."""
    boxes = np.array([shape.bounds for shape in shapes if shape is not None])
    if not len(boxes):
        return None
    low, high = boxes.min(axis=0), boxes.max(axis=0)
    return float(low[0]), float(low[1]), float(high[2]), float(high[3])


def to_wkb(shape: Geometry) -> bytes:
    """Encode a geometry as little-endian well-known binary (ISO 13249).

    Examples
    --------
    >>> to_wkb(parse_wkt("POINT (1 2)")).hex()
    '0101000000000000000000f03f0000000000000040'
    """
    head = _head(shape.kind)
    parts = [part for member in shape.members for part in member]
    if shape.kind in ("POINT", "LINESTRING"):
        return head + _run(parts[0], counted=shape.kind == "LINESTRING")
    if shape.kind == "POLYGON":
        return head + _rings(parts)
    if shape.kind == "MULTIPOLYGON":
        polygons = [_head("POLYGON") + _rings(member) for member in shape.members]
        return head + _count(polygons) + b"".join(polygons)
    single = shape.kind.removeprefix("MULTI")
    singles = [_head(single) + _run(part, counted=single == "LINESTRING") for part in parts]
    return head + _count(singles) + b"".join(singles)


def _from_text(frame: pd.DataFrame, node: pd.DataFrame | None) -> list[Geometry | None]:
    read = {text: parse_wkt(text) for text in frame[GEOMETRY_COLUMN].dropna().unique() if text}
    shapes = [read.get(text) for text in frame[GEOMETRY_COLUMN]]
    if node is not None and {"from_node_id", "to_node_id"} <= set(frame.columns):
        straight = _straight_lines(frame, node)
        shapes = [shape or line for shape, line in zip(shapes, straight, strict=True)]
    if "direction" in frame:
        shapes = [
            _reversed(shape) if shape is not None and direction == "ba" else shape
            for shape, direction in zip(shapes, frame["direction"], strict=True)
        ]
    return shapes


def _straight_lines(frame: pd.DataFrame, node: pd.DataFrame) -> list[Geometry | None]:
    place = _places(node)
    ends = [place.reindex(frame[end])[["x_coord", "y_coord"]].to_numpy() for end in ("from_node_id", "to_node_id")]
    lines = np.stack(ends, axis=1)
    known = np.isfinite(lines).all(axis=(1, 2))
    return [Geometry("LINESTRING", ((line,),)) if here else None for line, here in zip(lines, known, strict=True)]


def _places(node: pd.DataFrame) -> pd.DataFrame:
    return node.drop_duplicates("node_id").set_index("node_id")[["x_coord", "y_coord"]].astype("float64")


def _points(x: pd.Series, y: pd.Series) -> list[Geometry | None]:
    places = np.column_stack([x.to_numpy(dtype=np.float64), y.to_numpy(dtype=np.float64)])
    known = np.isfinite(places).all(axis=1)
    return [
        Geometry("POINT", ((place[None, :],),)) if here else None for place, here in zip(places, known, strict=True)
    ]


def _reversed(shape: Geometry) -> Geometry:
    return Geometry(shape.kind, tuple(tuple(part[::-1] for part in member[::-1]) for member in shape.members))


def _head(kind: str) -> bytes:
    return _LITTLE_ENDIAN + struct.pack("<I", _CODES[kind])


def _run(points: np.ndarray, *, counted: bool) -> bytes:
    return (struct.pack("<I", len(points)) if counted else b"") + points.astype("<f8").tobytes()


def _rings(rings: Sequence[np.ndarray]) -> bytes:
    return _count(rings) + b"".join(_run(ring, counted=True) for ring in rings)


def _count(parts: Sequence[object]) -> bytes:
    return struct.pack("<I", len(parts))
