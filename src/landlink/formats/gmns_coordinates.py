"""Coordinates of a GMNS network in degrees: as they are, or reprojected from the reference system that is stated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.errors import InputError, Problem
from landlink.core.sphere import EARTH_RADIUS_KM
from landlink.formats.gmns_files import GmnsFiles
from landlink.tables.listing import Fault, RowNames, problems_of

__all__ = ["DRAWING", "Coordinates", "coordinates_of", "drawn_to_fit"]

Transform = Callable[[Floats], Floats]

#: Reference system of coordinates that are no place on Earth.
DRAWING: Final = "drawing"
_WGS84: Final = frozenset(
    {"4326", "epsg:4326", "wgs84", "wgs 84", "crs84", "ogc:crs84", "epsg 4326", "+proj=longlat +datum=wgs84 +no_defs",
     "urn:ogc:def:crs:epsg::4326", "urn:ogc:def:crs:ogc:1.3:crs84"}
)  # fmt: skip
_DEGREES: Final = "longitude and latitude in degrees (EPSG:4326)"
#: Decimals of reprojected degrees, a centimetre on the ground.
_DECIMALS: Final = 7
#: Margin around the area for which a reference system is defined, degrees.
_MARGIN: Final = 3.0
_KM_PER_DEGREE: Final = np.pi * EARTH_RADIUS_KM / 180
_WIDEST_DRAWING: Final = 60.0


@dataclass(frozen=True)
class Coordinates:
    """Places of the nodes.

    Attributes
    ----------
    degrees
        Longitude and latitude of each node, shape (nodes, 2).
    transform
        Function that does the same to the points of geometries, shape (points, 2).
    stated
        Reference system stated; empty if none is.
    drawing
        Whether the coordinates are those of a drawing.
    known
        Whether the reference system is; if not, a question is among the problems and ``degrees`` are NaN.
    """

    degrees: Floats
    transform: Transform
    stated: str = ""
    drawing: bool = False
    known: bool = True


def coordinates_of(files: GmnsFiles, config: Mapping[str, str]) -> Coordinates:
    """Find the places of all nodes; NaN where they are not known.

    Added to the problems: nodes without coordinates; projected coordinates without a reference system, or that
    contradict the one that is stated.
    """
    points = np.column_stack([files.numbers("node", column) for column in ("x_coord", "y_coord")])
    found = Coordinates(np.full(points.shape, np.nan), lambda places: places, known=False)
    with files.collecting():
        found = _coordinates(files, config, points)
    return found  # noqa: RET504  it is there too where the other was refused


def _coordinates(files: GmnsFiles, config: Mapping[str, str], points: Floats) -> Coordinates:
    own, of_config = files.options.crs.strip(), config.get("crs", "").strip()
    stated = own or of_config
    if own and of_config and own.lower() != of_config.lower():
        files.report.add(
            "assumed", "config", f"The reference system {own} was used instead of {of_config} in config.csv."
        )
    if own.lower() == DRAWING:
        _refuse(files, np.zeros(len(points), dtype=np.bool_), points, "")
        return Coordinates(points, lambda places: places, DRAWING, drawing=True)
    if not stated or stated.lower() in _WGS84:
        where = f"config.crs states {stated}; " if stated else ""
        projected = np.asarray((np.abs(points) > 360).any(axis=1))
        _refuse(files, projected, points, where)
        degrees = np.where(projected[:, None], np.nan, points)
        return Coordinates(degrees, lambda places: places, stated, known=not projected.any())
    _refuse(files, np.zeros(len(points), dtype=np.bool_), points, "")
    transform, area, planar = _projection(stated, told_in="--crs" if own else "config.crs")
    placed = np.isfinite(points).all(axis=1)
    if not own and planar and placed.any() and _looks_like_degrees(points[placed]):
        message = (
            f"config.crs states {stated}, which is not longitude and latitude, but all coordinates could be degrees"
        )
        allowed = f"--crs EPSG:4326 if they are longitude and latitude, --crs {stated} if not"
        raise InputError(Problem("config", message, "", "crs", _extent(points[placed]), allowed))
    degrees = np.full(points.shape, np.nan)
    degrees[placed] = transform(points[placed])
    if (outside := placed & ~_inside_each(degrees, area)).any():
        first = int(np.flatnonzero(outside)[0])
        shown = f"{points[first, 0]:g}, {points[first, 1]:g}"
        west, south, east, north = area
        message = f"the coordinates lie outside the area for which {stated} is defined"
        allowed = f"places between {west:g} and {east:g} E, {south:g} and {north:g} N; state the system with --crs"
        raise InputError(
            Problem("node", message, str(files.text("node", "node_id").iloc[first]), "x_coord", shown, allowed)
        )
    files.report.add(
        "changed", "node", f"Coordinates were reprojected from {stated} to longitude and latitude.", rows=len(points)
    )
    return Coordinates(degrees, transform, stated)


def drawn_to_fit(points: Floats, start: Ints, end: Ints, lengths_km: Floats) -> Floats:
    """Scale a drawing so that no link is shorter than the distance between its ends; it is put at 0 E, 0 N.

    Parameters
    ----------
    points
        Coordinates of the nodes in the drawing, shape (nodes, 2).
    start, end
        Rows of the ends of each link, shape (links,).
    lengths_km
        Lengths of the links, km; NaN if unknown.
    """
    apart = np.hypot(*(points[end] - points[start]).T)
    known = np.isfinite(lengths_km) & (lengths_km > 0) & (apart > 0)
    km_per_unit = float((lengths_km[known] / apart[known]).min()) if known.any() else 1.0
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    degrees = (points - middle) * km_per_unit / _KM_PER_DEGREE
    widest = float(np.abs(degrees).max())
    return np.asarray(degrees * min(1.0, _WIDEST_DRAWING / widest) if widest > 0 else degrees)


def _projection(stated: str, *, told_in: str) -> tuple[Transform, tuple[float, float, float, float], bool]:
    """Function from a reference system to degrees, the area for which it is defined, and whether it is projected."""
    import pyproj  # noqa: PLC0415  only projected networks need it
    from pyproj.network import set_network_enabled  # type: ignore[attr-defined]  # noqa: PLC0415

    set_network_enabled(active=False)
    name = f"EPSG:{stated}" if stated.isdigit() else stated
    try:
        system = pyproj.CRS.from_user_input(name)
    except pyproj.exceptions.CRSError:
        allowed = "a code such as EPSG:32643, or EPSG:4326 for longitude and latitude"
        raise InputError(Problem("config", "unknown reference system", "", told_in, stated, allowed)) from None
    change = pyproj.Transformer.from_crs(system, "EPSG:4326", always_xy=True)
    use = system.area_of_use

    def transform(places: Floats) -> Floats:
        x, y = change.transform(places[:, 0], places[:, 1])
        return np.asarray(np.round(np.column_stack([x, y]), _DECIMALS), dtype=np.float64)

    return transform, (-180.0, -90.0, 180.0, 90.0) if use is None else use.bounds, system.is_projected


def _inside_each(degrees: Floats, area: tuple[float, float, float, float]) -> Any:
    west, south, east, north = area
    longitude = (degrees[:, 0] - west + _MARGIN) % 360.0
    width = (east - west) % 360.0 or 360.0
    within = (
        (longitude <= width + 2 * _MARGIN) & (degrees[:, 1] >= south - _MARGIN) & (degrees[:, 1] <= north + _MARGIN)
    )
    return within & np.isfinite(degrees).all(axis=1)


def _looks_like_degrees(points: Floats) -> bool:
    return bool((np.abs(points) <= (180.0, 90.0)).all())


def _extent(points: Floats) -> str:
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    return f"x {west:g} to {east:g}, y {south:g} to {north:g}"


def _refuse(files: GmnsFiles, projected: Bools, points: Floats, where: str) -> None:
    """Refuse nodes without a place, and coordinates that are no degrees; what is no number is told of elsewhere."""
    unknown = np.asarray((files.text("node", "x_coord") == "") | (files.text("node", "y_coord") == ""))
    shown = [f"{across:g}, {up:g}" for across, up in points.tolist()]
    faults = (
        Fault("", "the node has no coordinates", unknown, f"x_coord and y_coord: {_DEGREES}"),
        Fault(
            "", "x_coord and y_coord are not in degrees; they seem to be projected coordinates", projected & ~unknown,
            f"{where}{_DEGREES}, or the reference system stated: --crs EPSG:32643, or crs in config.csv",
            lambda position: shown[position],
        ),
    )  # fmt: skip
    names = RowNames((files.text("node", "node_id"),))
    files.problems += [problem for fault in faults for problem in problems_of("node", fault, names)]
