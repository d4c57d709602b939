"""Network of a GMNS folder: nodes, links usable by freight, and geometries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.errors import Problem
from landlink.core.sphere import great_circle_km
from landlink.formats.gmns_checks import check_ends, check_made, check_numbers
from landlink.formats.gmns_coordinates import Coordinates, coordinates_of, drawn_to_fit
from landlink.formats.gmns_defaults import COUNTRY, mode_defaults
from landlink.formats.gmns_directions import Directions, directions_of
from landlink.formats.gmns_files import GmnsFiles, length_column, speed_column
from landlink.formats.gmns_numbers import KM, KMH
from landlink.formats.gmns_shapes import Lines, lines_of
from landlink.formats.gmns_units import Evidence, Units, length_unit, units_of
from landlink.formats.gmns_uses import modes_of

__all__ = ["GmnsNetwork", "network_of"]

_SHORTEST_KM: Final = 0.001
_SHORTFALL: Final = 0.98
_STEEPEST_PCT: Final = 40.0


@dataclass(frozen=True)
class GmnsNetwork:
    """Tables in landlink's schema created from a GMNS network.

    Attributes
    ----------
    name
        Name of the data set.
    node, link, geometry
        Tables in landlink's schema.
    node_zone
        Zone of each node, by node.
    coordinates
        How coordinates of the network become degrees.
    """

    name: str
    node: pd.DataFrame
    link: pd.DataFrame
    geometry: pd.DataFrame
    node_zone: pd.Series[str]
    coordinates: Coordinates


def network_of(files: GmnsFiles) -> GmnsNetwork:
    """Convert a GMNS network to landlink's tables.

    Raises
    ------
    InputError
        Values are not numbers or out of bounds, a link refers to an unknown node, or units or coordinates are
        contradictory or have several meanings; also every fault found in the files before.
    """
    if not {"node", "link"} <= set(files.tables):
        check_numbers(files)
        files.raise_problems()
    config = _config(files)
    modes, usable = _usable_links(files)
    check_ends(files, usable)
    _drop_placeless(files, usable)
    check_numbers(files)
    coordinates = coordinates_of(files, config)
    ends = _ends(files)
    degrees = coordinates.degrees
    if coordinates.drawing and not files.problems:
        degrees = _drawing(files, config, coordinates, ends, usable)
    straight = _straight_km(degrees, ends, usable & (not files.damaged))
    lines = lines_of(files, coordinates.transform, pd.Series(usable & coordinates.known & (not coordinates.drawing)))
    units = units_of(files, config, Evidence(straight, lines.drawn_km()))
    node = _nodes(files, degrees, units)
    directions = directions_of(files, usable)
    link = _links(files, modes, straight, units, usable, directions)
    check_made(files, "node", node, settled=units.settled)
    check_made(files, "link", link, settled=units.settled)
    files.raise_problems()
    geometry, link = _geometries(lines, link, np.flatnonzero(usable), directions)
    files.report.add("taken over", "node", f"{len(node)} nodes.", rows=len(node))
    files.report.add("taken over", "link", f"{len(link)} of {len(usable)} links.", rows=len(link))
    node_zone = files.text("node", "zone_id")
    return GmnsNetwork(config.get("dataset_name", ""), node, link, geometry, node_zone, coordinates)


def _config(files: GmnsFiles) -> dict[str, str]:
    rows = files.tables.get("config", pd.DataFrame())
    if len(rows) > 1:
        text = f"{len(rows) - 1} rows of config.csv were left out: only the first counts."
        files.report.add("left out", "config", text, rows=len(rows) - 1)
    return {str(key): str(value) for key, value in rows.iloc[0].items()} if len(rows) else {}


def _usable_links(files: GmnsFiles) -> tuple[pd.Series[str], Bools]:
    modes = modes_of(files)
    loops = (files.text("link", "from_node_id") == files.text("link", "to_node_id")).to_numpy()
    if (lost := loops & (modes != "").to_numpy()).any():
        text = f"{lost.sum()} links with the same start and end node were left out"
        files.report.add("left out", "link", text, rows=int(lost.sum()), examples=files.text("link", "link_id")[lost])
    usable = (modes != "").to_numpy() & ~loops
    if not usable.any():
        told = "; ".join(
            entry.text for entry in files.report.entries if entry.kind == "left out" and entry.table == "link"
        )
        files.problems.append(Problem("link", "no link can be used by freight", "", "allowed_uses", told))
    files.kept["link"] = usable
    return modes, usable


def _drop_placeless(files: GmnsFiles, usable: Bools) -> None:
    """Leave out nodes without coordinates that no link uses."""
    link, node = files.tables["link"][usable], files.tables["node"]
    used = node["node_id"].isin({*link["from_node_id"], *link["to_node_id"]})
    lost = ~used & ((files.text("node", "x_coord") == "") | (files.text("node", "y_coord") == ""))
    if lost.any():
        text = f"{lost.sum()} nodes without coordinates, which no link uses, were left out"
        files.report.add("left out", "node", text, rows=int(lost.sum()), examples=node["node_id"][lost])
        files.tables["node"] = node[~lost].reset_index(drop=True)


def _ends(files: GmnsFiles) -> list[Ints]:
    """Rows of the nodes at both ends of each link; -1 if there is none."""
    name = files.text("node", "node_id").drop_duplicates()
    row = pd.Series(name.index, index=name)
    return [
        row.reindex(files.text("link", end)).fillna(-1).to_numpy(dtype=np.int64)
        for end in ("from_node_id", "to_node_id")
    ]


def _straight_km(degrees: Floats, ends: list[Ints], usable: Bools) -> Floats:
    """Great-circle distance between the ends of each link, km; NaN if an end has no place on Earth."""
    known = np.asarray(np.abs(degrees) <= (180.0, 90.0)).all(axis=1, keepdims=True)
    places = np.vstack([np.where(known, degrees, np.nan), np.full((1, 2), np.nan)])
    return np.where(usable, great_circle_km(*places[ends[0]].T, *places[ends[1]].T), np.nan)


def _drawing(
    files: GmnsFiles, config: Mapping[str, str], coordinates: Coordinates, ends: list[Ints], usable: Bools
) -> Floats:
    """Places of a drawing, scaled to the lengths of its links."""
    nowhere = np.full(len(usable), np.nan)
    unit = length_unit(files, config, Evidence(nowhere, nowhere))
    column, _ = length_column(files)
    lengths = files.measured("link", column, KM).in_unit(KM[unit])[usable] if column else nowhere[usable]
    text = "Coordinates are those of a drawing: it was put at 0 E, 0 N and scaled to the lengths, without geometries."
    files.report.add("assumed", "node", text, rows=len(coordinates.degrees))
    return drawn_to_fit(coordinates.degrees, ends[0][usable], ends[1][usable], lengths)


def _nodes(files: GmnsFiles, degrees: Floats, units: Units) -> pd.DataFrame:
    country = files.text("node", "country")
    if (country == "").any():
        text = f"Fill in the countries of nodes, links and zones; unknown ones are {COUNTRY}."
        files.report.add("to do", "node", text, rows=int((country == "").sum()))
    # Cells may state their unit, and factors of units are km.
    height = files.measured("node", "z_coord", KM).in_unit(units.elevation_m / 1000) * 1000
    odd = np.isfinite(height) & ~((height >= -500) & (height <= 9000))
    if odd.any():
        text = f"{odd.sum()} elevations outside -500 to 9000 m were left out"
        files.report.add("left out", "node", text, rows=int(odd.sum()), examples=files.text("node", "node_id")[odd])
        height[odd] = np.nan
    return pd.DataFrame(
        {
            "node_id": files.text("node", "node_id"),
            "name": files.text("node", "name"),
            "x_coord": degrees[:, 0],
            "y_coord": degrees[:, 1],
            "z_coord": height,
            "node_type": files.text("node", "node_type"),
            "country": country.where(country != "", COUNTRY),
            "source": "gmns",
        }
    )


def _links(
    files: GmnsFiles, modes: pd.Series[str], straight: Floats, units: Units, usable: Bools, directions: Directions
) -> pd.DataFrame:
    start, end = files.text("link", "from_node_id"), files.text("link", "to_node_id")
    back = directions.against
    table = pd.DataFrame(
        {
            "link_id": files.text("link", "link_id"),
            "name": files.text("link", "name"),
            "from_node_id": start.where(~back, end),
            "to_node_id": end.where(~back, start),
            "directed": directions.directed,
            "length": _lengths(files, straight, units, usable),
            "free_speed": _speeds(files, modes, units, usable),
            "lanes": _lanes(files, usable),
            "facility_type": files.text("link", "facility_type"),
            "toll": _tolls(files, units),
            "mode": modes,
            "country": _countries(files),
            "gauge_mm": _gauges(modes),
            "max_grade_pct": _grades(files),
            "source": "gmns",
        }
    )
    return table[usable].reset_index(drop=True)


def _lengths(files: GmnsFiles, straight: Floats, units: Units, usable: Bools) -> Floats:
    column, _ = length_column(files)
    length = files.measured("link", column, KM).in_unit(units.km) if column else np.full(len(straight), np.nan)
    missing, short = ~(length > 0), (length > 0) & (length < straight * _SHORTFALL)
    for which, text in (
        (missing & usable, "Check {} links without a length: the great-circle distance was used"),
        (short & usable, "Check {} links shorter than the great-circle distance: it was used instead"),
    ):
        if which.any():
            names = files.text("link", "link_id")[which]
            files.report.add("assumed", "link", text.format(which.sum()), rows=int(which.sum()), examples=names)
    return np.maximum(np.where(missing | short, straight, length), _SHORTEST_KM)


def _speeds(files: GmnsFiles, modes: pd.Series[str], units: Units, usable: Bools) -> Floats:
    column, _ = speed_column(files)
    speed = files.measured("link", column, KMH).in_unit(units.kmh) if column else np.full(len(usable), np.nan)
    missing = ~(speed > 0) & usable
    if missing.any():
        kept = ", ".join(f"{mode} {mode_defaults(mode).speed_kmh:g} km/h" for mode in sorted(set(modes[missing])))
        text = f"Check {missing.sum()} links without a free_speed: defaults were used, {kept}."
        files.report.add("assumed", "link", text, rows=int(missing.sum()))
    speed[missing] = [mode_defaults(mode).speed_kmh for mode in modes[missing]]
    return speed


def _lanes(files: GmnsFiles, usable: Bools) -> pd.Series:
    lanes = files.numbers("link", "lanes")
    parts = usable & np.isfinite(lanes) & (lanes != np.round(lanes))
    if parts.any():
        names = files.text("link", "link_id")[parts]
        text = f"{parts.sum()} numbers of lanes were rounded"
        files.report.add("changed", "link", text, rows=int(parts.sum()), examples=names)
    return pd.Series(np.round(np.where(usable, lanes, np.nan))).astype("Int64")


def _tolls(files: GmnsFiles, units: Units) -> Floats:
    toll = files.numbers("link", "toll") * units.usd
    return np.asarray(np.nan_to_num(toll))


def _gauges(modes: pd.Series[str]) -> pd.Series:
    gauge = pd.to_numeric(modes.str.extract(r"^rail_(\d+)$")[0], errors="coerce")
    return gauge.astype("Int64")


def _countries(files: GmnsFiles) -> list[str]:
    own = files.text("link", "country")
    of_node = dict(zip(files.text("node", "node_id"), files.text("node", "country"), strict=True))
    ends = zip(own, files.text("link", "from_node_id"), files.text("link", "to_node_id"), strict=True)
    return [
        given or ";".join(dict.fromkeys((of_node.get(start) or COUNTRY, of_node.get(end) or COUNTRY)))
        for given, start, end in ends
    ]


def _grades(files: GmnsFiles) -> Floats:
    """Maximum gradient of each link and its segments, per cent."""
    grade = np.nan_to_num(np.abs(files.numbers("link", "grade")))
    segment = files.tables.get("segment")
    if segment is not None and {"link_id", "grade"} <= set(segment.columns):
        steep = pd.Series(np.abs(files.numbers("segment", "grade"))).groupby(segment["link_id"].to_numpy()).max()
        grade = np.maximum(grade, np.nan_to_num(steep.reindex(files.text("link", "link_id")).to_numpy()))
    if (steep_ones := grade > _STEEPEST_PCT).any():
        names = files.text("link", "link_id")[steep_ones]
        text = f"Check {steep_ones.sum()} gradients above {_STEEPEST_PCT:g} %: {_STEEPEST_PCT:g} % was used"
        files.report.add("changed", "link", text, rows=int(steep_ones.sum()), examples=names)
    return np.asarray(np.minimum(grade, _STEEPEST_PCT))


def _geometries(
    lines: Lines, link: pd.DataFrame, rows: Ints, directions: Directions
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Geometries in the direction of their links."""
    turned = directions.shape_turned
    shapes = pd.Series([lines.text(row, turned=bool(turned[row])) for row in rows.tolist()], dtype="str")
    good = (shapes != "").to_numpy()
    geometry = pd.DataFrame({"geometry_id": link["link_id"], "geometry": shapes, "source": "gmns"})[good]
    return geometry.reset_index(drop=True), link.assign(geometry_id=link["link_id"].where(good, ""))
