"""Geometries in well-known text: points, lines and polygons of longitude and latitude.

A study needs only these kinds in two dimensions; a small parser avoids the dependency on a geometry library.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from landlink.core.errors import InputError, Problem

KINDS: Final = ("POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON")

_HEAD = re.compile(r"\s*([A-Za-z]+)\s*(?=\()")
_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_PAIR = rf"\s*{_NUMBER}\s+{_NUMBER}\s*"
_RUN = re.compile(rf"\({_PAIR}(?:,{_PAIR})*\)")
#: Structure of each kind of geometry, with each bracketed sequence of coordinates written as R.
_SHAPE: Final = {
    "POINT": re.compile(r"R"),
    "LINESTRING": re.compile(r"R"),
    "POLYGON": re.compile(r"\(R(,R)*\)"),
    "MULTIPOINT": re.compile(r"R|\(R(,R)*\)"),
    "MULTILINESTRING": re.compile(r"\(R(,R)*\)"),
    "MULTIPOLYGON": re.compile(r"\(\(R(,R)*\)(,\(R(,R)*\))*\)"),
}


@dataclass(frozen=True, slots=True)
class Geometry:
    """A geometry.

    Attributes
    ----------
    kind
        One of :data:`KINDS`.
    members
        One tuple per polygon (or one for all lines or points) with an array per ring, line or point. The arrays have
        the shape ``(points, 2)``: longitude and latitude in degrees.
    """

    kind: str
    members: tuple[tuple[NDArray[np.float64], ...], ...]

    @property
    def coordinates(self) -> NDArray[np.float64]:
        """All points, shape ``(points, 2)``."""
        return np.concatenate([part for member in self.members for part in member])

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north, in degrees."""
        points = self.coordinates
        low, high = points.min(axis=0), points.max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def parse_wkt(text: str) -> Geometry:
    """Parse a geometry.

    Parameters
    ----------
    text
        Well-known text such as ``LINESTRING (74.6 42.9, 75.4 40.5)``.

    Returns
    -------
    Geometry

    Raises
    ------
    InputError
        The text is not a geometry of a known kind, a ring is not closed, a line has only one point, or a coordinate is
        out of range.

    Examples
    --------
    >>> parse_wkt("POINT (74.6 42.9)").bounds
    (74.6, 42.9, 74.6, 42.9)
    """
    head = _HEAD.match(text)
    kind = head[1].upper() if head else ""
    if head is None or kind not in KINDS:
        raise _fault(text, "unknown kind of geometry", ", ".join(KINDS))
    body = text[head.end() :]
    runs = [_coordinates(match[0]) for match in _RUN.finditer(body)]
    shape = re.sub(r"\s+", "", _RUN.sub("R", body))
    if not runs or not _SHAPE[kind].fullmatch(shape):
        raise _fault(text, "invalid brackets or coordinates", f"{kind} of 'longitude latitude' pairs")
    geometry = Geometry(kind, _members(kind, shape, runs))
    _check(text, geometry)
    return geometry


def _coordinates(run: str) -> NDArray[np.float64]:
    numbers = run[1:-1].replace(",", " ").split()
    return np.array(numbers, dtype=np.float64).reshape(-1, 2)


def _members(kind: str, shape: str, runs: list[NDArray[np.float64]]) -> tuple[tuple[NDArray[np.float64], ...], ...]:
    if kind == "MULTIPOLYGON":
        counts = [group.count("R") for group in shape[1:-1].split("),(")]
        ends = np.cumsum(counts)
        return tuple(tuple(runs[end - count : end]) for count, end in zip(counts, ends, strict=True))
    if kind == "MULTIPOINT":
        points = np.concatenate(runs)
        return (tuple(points[i : i + 1] for i in range(len(points))),)
    return (tuple(runs),)


def _check(text: str, geometry: Geometry) -> None:
    points = geometry.coordinates
    if not np.isfinite(points).all() or (np.abs(points) > (180.0, 90.0)).any():
        raise _fault(text, "a coordinate is out of range", "longitude -180 to 180, then latitude -90 to 90")
    parts = [part for member in geometry.members for part in member]
    if geometry.kind.endswith("POINT") and any(len(part) != 1 for part in parts):
        raise _fault(text, "a point needs exactly one pair of coordinates", "POINT (longitude latitude)")
    if geometry.kind.endswith("LINESTRING") and any(len(part) < 2 for part in parts):
        raise _fault(text, "a line needs at least two points", "LINESTRING (x y, x y, ...)")
    if geometry.kind.endswith("POLYGON") and any(len(part) < 4 or (part[0] != part[-1]).any() for part in parts):
        raise _fault(text, "a ring needs at least four points and must be closed", "POLYGON ((x y, ..., x y))")


def _fault(text: str, message: str, allowed: str) -> InputError:
    shown = text if len(text) <= 60 else text[:57] + "..."
    return InputError(Problem("", message, value=shown, allowed=allowed))
