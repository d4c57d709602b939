"""Geometries of GMNS links: lines in well-known text, single or in parts, with or without heights."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats
from landlink.core.sphere import path_km
from landlink.formats.gmns_files import GmnsFiles

__all__ = ["Lines", "lines_of", "rings_of"]

_HEAD: Final = re.compile(r"\s*+(?:SRID=\d+;\s*+)?(MULTI)?(LINESTRING|POLYGON)\s*+(?:(?:ZM|Z|M)\s*+)?\(", re.IGNORECASE)
_RUN: Final = re.compile(r"\(([^()]+)\)")
_BENDS: Final = 3


@dataclass(frozen=True)
class Lines:
    """Geometry of each link, in degrees; empty if it has none.

    Attributes
    ----------
    parts
        The parts of each line, of shape (points, 2) each.
    """

    parts: list[list[Floats]]

    def drawn_km(self) -> Floats:
        """Length of each line that bends, km; NaN for others."""
        return np.array(
            [sum(path_km(part) for part in parts) if sum(map(len, parts)) >= _BENDS else np.nan for parts in self.parts]
        )

    def text(self, link: int, *, turned: bool) -> str:
        """Well-known text of a line; empty if there is none, or if a point is out of range."""
        parts = [part[::-1] for part in self.parts[link][::-1]] if turned else self.parts[link]
        if not parts or any((~(np.abs(part) <= (180.0, 90.0))).any() for part in parts):
            return ""
        runs = ["(" + ", ".join(f"{x!r} {y!r}" for x, y in part.tolist()) + ")" for part in parts]
        return f"LINESTRING {runs[0]}" if len(runs) == 1 else f"MULTILINESTRING ({', '.join(runs)})"


def lines_of(files: GmnsFiles, transform: Callable[[Floats], Floats], kept: pd.Series[bool]) -> Lines:
    """Read the geometries of links, from the link table or from the table of geometries.

    What is no line is listed in the report.
    """
    shapes = files.text("link", "geometry")
    stored = files.tables.get("geometry")
    if stored is not None and {"geometry_id", "geometry"} <= set(stored.columns):
        _say_lost_shapes(files, stored, shapes, kept)
        by_id = stored.drop_duplicates("geometry_id").set_index("geometry_id")["geometry"]
        found = files.text("link", "geometry_id").map(by_id).fillna("").astype("str")
        shapes = shapes.where(shapes != "", found)
    read = {text: _joined(_parts(text, "LINESTRING")) for text in shapes[kept].unique() if text}
    parts = [read.get(text, []) if use else [] for text, use in zip(shapes, kept, strict=True)]
    lost = [not found and bool(text) and use for found, text, use in zip(parts, shapes, kept, strict=True)]
    if any(lost):
        names = files.text("link", "link_id")[lost]
        text = f"{sum(lost)} geometries of links are not WKT lines and were left out"
        files.report.add("left out", "link", text, rows=sum(lost), examples=names)
    heights = sum(1 for text in read if re.match(r"\s*\w+\s*Z", text, re.IGNORECASE))
    if heights:
        files.report.add(
            "changed", "link", f"Heights of {heights} geometries were left out: maps are flat.", rows=heights
        )
    return Lines([[transform(part) for part in found] for found in parts])


def _say_lost_shapes(files: GmnsFiles, stored: pd.DataFrame, own: pd.Series[str], kept: pd.Series[bool]) -> None:
    """Report geometries of the same id, and ids that no geometry has."""
    again = stored.drop_duplicates()["geometry_id"].duplicated()
    if again.any():
        names = stored.drop_duplicates()["geometry_id"][again]
        text = f"{again.sum()} rows of geometry.csv were left out: another geometry has the same id"
        files.report.add("left out", "geometry", text, rows=int(again.sum()), examples=names)
    wanted = files.text("link", "geometry_id")
    lost = kept & (wanted != "") & (own == "") & ~wanted.isin(set(stored["geometry_id"]))
    if lost.any():
        names = files.text("link", "link_id")[lost]
        text = f"{lost.sum()} links refer to a geometry that geometry.csv does not have; they are straight lines"
        files.report.add("assumed", "link", text, rows=int(lost.sum()), examples=names)


def rings_of(text: str, transform: Callable[[Floats], Floats]) -> list[Floats]:
    """Rings of a polygon in degrees; none if the text is no polygon."""
    return [transform(ring) for ring in _parts(text, "POLYGON")]


def _parts(text: str, kind: str) -> list[Floats]:
    """Points of each part, without heights; nothing if the text is not of the kind."""
    head = _HEAD.match(text)
    if head is None or head[2].upper() != kind:
        return []
    found: list[Floats] = []
    for run in _RUN.findall(text[head.end() - 1 :]):
        try:
            rows = [[float(number) for number in point.split()[:2]] for point in run.split(",")]
        except ValueError:
            return []
        points = np.array([row for row in rows if len(row) == 2], dtype=np.float64).reshape(-1, 2)
        if len(points) < 2 or len(points) < len(rows) or not np.isfinite(points).all():
            return []
        found.append(points)
    return found


def _joined(parts: list[Floats]) -> list[Floats]:
    """Join parts of which each begins where the one before ends."""
    joined: list[Floats] = []
    for part in parts:
        if joined and (joined[-1][-1] == part[0]).all():
            joined[-1] = np.vstack([joined[-1], part[1:]])
        else:
            joined.append(part)
    return joined
