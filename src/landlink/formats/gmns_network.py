"""Network of a GMNS folder: nodes, links usable by freight, and geometries."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem, listed
from landlink.core.input_files import is_folder
from landlink.formats.gmns_defaults import COUNTRY, mode_defaults
from landlink.formats.gmns_units import Units, units_of
from landlink.formats.gmns_uses import modes_of
from landlink.tables.column import Column
from landlink.tables.listing import Fault, RowNames, problems_of
from landlink.tables.parse import parse_column
from landlink.tables.read import read_texts
from landlink.tables.wkt import is_wkt, parse_wkt

FILES: Final = ("config", "node", "link", "geometry", "zone", "use_definition", "use_group", "segment", "demand")
_EARTH_KM: Final = 6371.0088
_SHORTEST_KM: Final = 0.001


@dataclass(frozen=True)
class GmnsNetwork:
    """Tables in landlink's schema created from a GMNS network, with notes to check.

    Attributes
    ----------
    name
        Name of the data set.
    node, link, geometry
        Tables in landlink's schema.
    node_zone
        Zone of each node, by node.
    notes
        Assumptions to check.
    """

    name: str
    node: pd.DataFrame
    link: pd.DataFrame
    geometry: pd.DataFrame
    node_zone: pd.Series[str]
    notes: list[str]


def read_files(folder: Path) -> dict[str, pd.DataFrame]:
    """Read the usable files of a GMNS folder as text; missing files are left out.

    Raises
    ------
    InputError
        A file is not valid CSV, or ``node.csv`` or ``link.csv`` is missing.
    """
    if not is_folder(folder):
        raise InputError(Problem("", "the GMNS folder does not exist", value=str(folder)))
    problems: list[Problem] = []
    files: dict[str, pd.DataFrame] = {}
    for name in FILES:
        path = folder / f"{name}.csv"
        if os.path.lexists(path) or name in ("node", "link"):
            frame, wrong = read_texts(path, name)
            files[name] = frame.replace(["NaN", "nan"], "")
            problems += wrong
    for name, required in (
        ("node", ("node_id", "x_coord", "y_coord")),
        ("link", ("link_id", "from_node_id", "to_node_id")),
    ):
        if name in files and not any(problem.table == name for problem in problems):
            missing = [column for column in required if column not in files[name]]
            problems += [_missing_column(name, column, files[name]) for column in missing]
    if problems:
        raise InputError(problems)
    return files


def _missing_column(table: str, column: str, frame: pd.DataFrame) -> Problem:
    near = [name for name in frame.columns if name.lower() == column]
    if near:
        return Problem(
            table,
            f"the column name differs from {column} only in capital letters",
            "line 1",
            value=near[0],
            allowed=column,
        )
    return Problem(table, "the column is missing", column=column)


def network_of(files: dict[str, pd.DataFrame]) -> GmnsNetwork:
    """Convert a GMNS network to landlink's tables.

    Raises
    ------
    InputError
        A value is not a number, a link refers to an unknown node, or a unit is unknown.
    """
    config = (
        {str(key): str(value) for key, value in files["config"].iloc[0].items()} if len(files.get("config", ())) else {}
    )
    raw_node, raw_link = files["node"], files["link"]
    x, y = (numbers(raw_node, column, "node") for column in ("x_coord", "y_coord"))
    _check_degrees(raw_node, x, y)
    places = pd.DataFrame({"x": x, "y": y}, index=raw_node["node_id"])
    _check_ends(raw_link, places)
    straight = _straight_km(raw_link, places)
    units = units_of(config, numbers(raw_link, "length", "link"), straight)
    notes = list(units.notes)
    node = _nodes(raw_node, units, notes)
    link, usable = _links(files, node, straight, units, notes)
    geometry, link = _geometries(files, raw_link[usable], link, notes)
    return GmnsNetwork(config.get("dataset_name", ""), node, link, geometry, _column(raw_node, "zone_id"), notes)


def numbers(frame: pd.DataFrame, column: str, table: str) -> Floats:
    """Parse a column of numbers; NaN if empty or absent.

    Raises
    ------
    InputError
        A cell is not a number.
    """
    values, faults = parse_column(_column(frame, column), Column(column, "number", ""))
    names = RowNames((frame.iloc[:, 0],))
    problems = [problem for fault in faults for problem in problems_of(table, fault, names)]
    if problems:
        raise InputError(problems)
    return np.array(values, dtype=np.float64)


def _column(frame: pd.DataFrame, name: str) -> pd.Series[str]:
    return frame[name] if name in frame else pd.Series("", index=frame.index, dtype="str")


def _check_degrees(node: pd.DataFrame, x: Floats, y: Floats) -> None:
    """Reject nodes without valid coordinates; projected coordinates in metres or feet are not degrees."""
    # Coordinates slightly out of bounds, such as longitudes up to 360, are left to the rules of landlink's tables.
    outside = (np.abs(x) > 360) | (np.abs(y) > 360)
    unknown = ~(np.isfinite(x) & np.isfinite(y))
    shown = [f"{across:g}, {up:g}" for across, up in zip(x, y, strict=True)]
    degrees = "longitude and latitude in degrees (EPSG:4326)"
    faults = (
        Fault("", "the node has no coordinates", unknown, f"x_coord and y_coord: {degrees}"),
        Fault(
            "", "x_coord and y_coord are not in degrees; they seem to be projected coordinates", outside,
            f"{degrees}; convert the nodes, and geometries, in a GIS first", lambda position: shown[position],
        ),
    )  # fmt: skip
    names = RowNames((node["node_id"],))
    problems = [problem for fault in faults for problem in problems_of("node", fault, names)]
    if problems:
        raise InputError(problems)


def _check_ends(link: pd.DataFrame, places: pd.DataFrame) -> None:
    ends = ("from_node_id", "to_node_id")
    problems = listed(
        Problem("link", "unknown node", str(row), end, str(node), "node_id of a row of node.csv")
        for end in ends
        for row, node in zip(link["link_id"], link[end], strict=True)
        if node not in places.index
    )
    again = places.index[places.index.duplicated()]
    problems += listed(Problem("node", "duplicate node_id", str(node)) for node in again)
    twice = link["link_id"][link["link_id"].duplicated()]
    problems += listed(Problem("link", "duplicate link_id", str(name)) for name in twice)
    if problems:
        raise InputError(problems)


def _straight_km(link: pd.DataFrame, places: pd.DataFrame) -> Floats:
    start, end = (np.radians(places.loc[link[column]].to_numpy()) for column in ("from_node_id", "to_node_id"))
    half = np.sin((end[:, 1] - start[:, 1]) / 2) ** 2
    half += np.cos(start[:, 1]) * np.cos(end[:, 1]) * np.sin((end[:, 0] - start[:, 0]) / 2) ** 2
    return np.asarray(2 * _EARTH_KM * np.arcsin(np.minimum(1.0, np.sqrt(half))))


def _nodes(raw: pd.DataFrame, units: Units, notes: list[str]) -> pd.DataFrame:
    country = _column(raw, "country")
    if (country == "").any():
        notes.append(f"Fill in the countries of nodes, links and zones; unknown ones are {COUNTRY}.")
    height = numbers(raw, "z_coord", "node") * units.elevation_m
    height[~((height >= -500) & (height <= 9000))] = np.nan
    return pd.DataFrame(
        {
            "node_id": raw["node_id"],
            "name": _column(raw, "name"),
            "x_coord": numbers(raw, "x_coord", "node"),
            "y_coord": numbers(raw, "y_coord", "node"),
            "z_coord": height,
            "node_type": _column(raw, "node_type"),
            "country": country.where(country != "", COUNTRY),
            "source": "gmns",
        }
    )


def _links(
    files: dict[str, pd.DataFrame], node: pd.DataFrame, straight: Floats, units: Units, notes: list[str]
) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    raw = files["link"]
    modes = modes_of(files, notes)
    loops = (raw["from_node_id"] == raw["to_node_id"]).to_numpy()
    if loops.any():
        notes.append(f"{loops.sum()} links with the same start and end node were left out.")
    usable = (modes != "").to_numpy() & ~loops
    if not usable.any():
        raise InputError(Problem("link", "no link can be used by freight", column="allowed_uses"))
    link = pd.DataFrame(
        {
            "link_id": raw["link_id"],
            "name": _column(raw, "name"),
            "from_node_id": raw["from_node_id"],
            "to_node_id": raw["to_node_id"],
            "directed": _directed(raw, notes),
            "length": _lengths(raw, straight, units, usable, notes),
            "free_speed": _speeds(files, modes, units, usable, notes),
            "lanes": _lanes(raw),
            "facility_type": _column(raw, "facility_type"),
            "toll": np.nan_to_num(numbers(raw, "toll", "link") * units.usd),
            "mode": modes,
            "country": _countries(raw, node),
            "max_grade_pct": _grades(files),
            "source": "gmns",
        }
    )
    if "capacity" in raw:
        notes.append(
            "Fill in capacity_vehicles_per_day where needed: GMNS capacities are for all traffic, so it was left empty."
        )
    return link[usable].reset_index(drop=True), usable


def _directed(raw: pd.DataFrame, notes: list[str]) -> pd.Series:
    texts = _column(raw, "directed").str.lower()
    if (texts == "").any():
        notes.append("Check directed: links without a value were assumed to be one-way.")
    return ~texts.isin(["0", "0.0", "false", "f", "no"])


def _lengths(raw: pd.DataFrame, straight: Floats, units: Units, usable: NDArray[np.bool_], notes: list[str]) -> Floats:
    length = numbers(raw, "length", "link") * units.km
    missing = ~(length > 0)
    short = ~missing & (length < straight * 0.98)
    if (missing & usable).any():
        notes.append(f"Check {(missing & usable).sum()} links without a length: the great-circle distance was used.")
    if (short & usable).any():
        notes.append(
            f"Check {(short & usable).sum()} links shorter than the great-circle distance: it was used instead."
        )
    return np.maximum(np.where(missing | short, straight, length), _SHORTEST_KM)


def _speeds(
    files: dict[str, pd.DataFrame], modes: pd.Series[str], units: Units, usable: NDArray[np.bool_], notes: list[str]
) -> Floats:
    raw = files["link"]
    speed = numbers(raw, "free_speed", "link") * units.kmh
    missing = ~(speed > 0)
    if (missing & usable).any():
        kept = ", ".join(
            f"{mode} {mode_defaults(mode).speed_kmh:g} km/h" for mode in sorted(set(modes[missing & usable]))
        )
        notes.append(f"Check {(missing & usable).sum()} links without a free_speed: defaults were used, {kept}.")
    speed[missing] = [mode_defaults(mode).speed_kmh for mode in modes[missing]]
    return speed


def _lanes(raw: pd.DataFrame) -> pd.Series:
    lanes = numbers(raw, "lanes", "link")
    return pd.Series(np.round(np.where(lanes >= 0, lanes, np.nan))).astype("Int64")


def _countries(raw: pd.DataFrame, node: pd.DataFrame) -> list[str]:
    if "country" in raw:
        return list(raw["country"].where(raw["country"] != "", COUNTRY))
    of_node = dict(zip(node["node_id"], node["country"], strict=True))
    pairs = zip(raw["from_node_id"], raw["to_node_id"], strict=True)
    return [";".join(dict.fromkeys((of_node[start], of_node[end]))) for start, end in pairs]


def _grades(files: dict[str, pd.DataFrame]) -> Floats:
    """Maximum gradient of each link and its segments, per cent."""
    grade = np.nan_to_num(np.abs(numbers(files["link"], "grade", "link")))
    segment = files.get("segment")
    if segment is not None and {"link_id", "grade"} <= set(segment.columns):
        steep = pd.Series(np.abs(numbers(segment, "grade", "segment"))).groupby(segment["link_id"].to_numpy()).max()
        grade = np.maximum(grade, np.nan_to_num(steep.reindex(files["link"]["link_id"]).to_numpy()))
    return np.asarray(np.minimum(grade, 40.0))


def _geometries(
    files: dict[str, pd.DataFrame], raw: pd.DataFrame, link: pd.DataFrame, notes: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Geometries from the link or geometry table, oriented in the direction of their links."""
    shapes = _column(raw, "geometry").reset_index(drop=True)
    stored = files.get("geometry")
    if stored is not None and {"geometry_id", "geometry"} <= set(stored.columns):
        by_id = stored.drop_duplicates("geometry_id").set_index("geometry_id")["geometry"]
        found = _column(raw, "geometry_id").reset_index(drop=True).map(by_id).fillna("").astype("str")
        shapes = shapes.where(shapes != "", found)
    good = shapes.map(is_wkt) & shapes.str.upper().str.lstrip().str.startswith("LINESTRING")
    if (~good & (shapes != "")).any():
        notes.append(f"{(~good & (shapes != '')).sum()} geometries of links are not WKT lines and were left out.")
    reverse = _column(raw, "dir_flag").reset_index(drop=True).isin(["-1", "-1.0"])
    shapes = pd.Series(
        [_turned(text) if turn else text for text, turn in zip(shapes, reverse, strict=True)], dtype="str"
    )
    geometry = pd.DataFrame({"geometry_id": link["link_id"], "geometry": shapes, "source": "gmns"})[good.to_numpy()]
    return geometry.reset_index(drop=True), link.assign(geometry_id=link["link_id"].where(good.to_numpy(), ""))


def _turned(text: str) -> str:
    if not is_wkt(text):
        return text
    points = parse_wkt(text).coordinates[::-1].tolist()
    return "LINESTRING (" + ", ".join(f"{x!r} {y!r}" for x, y in points) + ")"
