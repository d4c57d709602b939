"""GeoPackage 1.3 for QGIS and other programs: a SQLite file, written with Python's own SQLite.

A geometry library would add a hundred megabytes to the installation, for a format that the standard defines in a page
(OGC 12-128r17): three tables that describe the layers, and a header before each geometry.
"""

from __future__ import annotations

import os
import sqlite3
import struct
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd

from landlink.core.atomic_files import write_bytes
from landlink.formats.layer_style import flow_style
from landlink.formats.shapes import GEOMETRY_COLUMN, as_kind, bounds_of, common_kind, shapes_of, to_wkb
from landlink.tables.wkt import Geometry

__all__ = ["LAYERS", "write_geopackage"]

#: Layer names by table; other tables keep their names and have no geometry.
LAYERS: Final[Mapping[str, str]] = {
    "boundary": "boundaries",
    "link": "links",
    "crossing": "crossings",
    "terminal": "terminals",
    "node": "nodes",
    "zone": "zones",
}

_USUAL_KINDS: Final = dict.fromkeys(LAYERS, "POINT") | {"boundary": "MULTIPOLYGON", "link": "LINESTRING"}
_APPLICATION_ID: Final = 0x47504B47  # "GPKG"
_VERSION: Final = 10300
_SRS: Final = 4326
_WGS84: Final = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
    'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],'
    'AUTHORITY["EPSG","4326"]]'
)
_SCHEMA: Final = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME);
"""


def write_geopackage(
    tables: Mapping[str, pd.DataFrame],
    path: str | os.PathLike[str],
    *,
    changed: datetime,
    descriptions: Mapping[str, str] | None = None,
) -> None:
    """Write tables as a GeoPackage: layers in longitude and latitude (EPSG:4326), and attribute tables.

    Parameters
    ----------
    tables
        Frames by name. Those in :data:`LAYERS` become layers if they have geometries, see
        :func:`landlink.formats.shapes.shapes_of`.
    path
        The file; replaced atomically if it exists.
    changed
        Time of the last change, stored in the file. The same tables and time give identical bytes.
    descriptions
        Description of each table in one sentence.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as base:
        base.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        base.execute(f"PRAGMA user_version = {_VERSION}")
        base.execute("BEGIN")
        for statement in _SCHEMA.split(";"):
            base.execute(statement)
        base.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", _reference_systems())
        time = _timestamp(changed)
        for name in [*(name for name in LAYERS if name in tables), *(name for name in tables if name not in LAYERS)]:
            _add_table(base, name, tables, time, (descriptions or {}).get(name, ""))
        _add_styles(base, tables, time)
        base.execute("COMMIT")
        content = base.serialize()
    write_bytes(path, content)


def _reference_systems() -> list[tuple[str, int, str, int, str, str]]:
    return [
        ("WGS 84 geodetic", _SRS, "EPSG", _SRS, _WGS84, "longitude and latitude in degrees"),
        ("Undefined cartesian SRS", -1, "NONE", -1, "undefined", "undefined cartesian coordinate reference system"),
        ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic coordinate reference system"),
    ]


def _add_table(
    base: sqlite3.Connection, name: str, tables: Mapping[str, pd.DataFrame], time: str, description: str
) -> None:
    shapes = shapes_of(name, tables) if name in LAYERS else None
    layer = LAYERS.get(name, name)
    frame = tables[name]
    box: tuple[float, float, float, float] | tuple[None, ...] = (None,) * 4
    columns: dict[str, str] = {}
    cells: list[list[Any]] = []
    if shapes is not None:
        kind = common_kind(shapes, empty=_USUAL_KINDS[name])
        box = bounds_of(shapes) or box
        columns["geom"] = kind
        cells.append([None if shape is None else _blob(as_kind(shape, kind)) for shape in shapes])
        frame = frame.drop(columns=GEOMETRY_COLUMN, errors="ignore")
    for column in frame.columns:
        columns[_free_name(column, columns)] = _sql_type(frame[column])
        cells.append(_plain(frame[column]))
    declared = ", ".join(
        ["fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL", *(f"{_q(c)} {t}" for c, t in columns.items())]
    )
    base.execute(f"CREATE TABLE {_q(layer)} ({declared})")
    insert = f"INSERT INTO {_q(layer)} ({', '.join(map(_q, columns))}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
    base.executemany(insert, zip(*cells, strict=True))
    base.execute(
        "INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (layer, "attributes" if shapes is None else "features", layer, description, time, *box, _srs_of(shapes)),
    )
    if shapes is not None:
        row = (layer, "geom", columns["geom"], _SRS, 0, 0)
        base.execute("INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, ?, ?)", row)


def _srs_of(shapes: object) -> int | None:
    return None if shapes is None else _SRS


def _add_styles(base: sqlite3.Connection, tables: Mapping[str, pd.DataFrame], time: str) -> None:
    """Store the default QGIS style, with link widths proportional to tonnes."""
    link = tables.get("link")
    if link is not None and "tonnes_per_year" in link:
        busiest = float(link["tonnes_per_year"].max()) if len(link) else 0.0
        row = ("", "", "links", "geom", "flow", flow_style(busiest), "", 1, "Width by tonnes a year", "", None, time)
        base.execute(f"INSERT INTO layer_styles VALUES (NULL, {', '.join('?' * len(row))})", row)  # noqa: S608
    content = (
        "layer_styles",
        "attributes",
        "layer_styles",
        "Styles that QGIS loads",
        time,
        None,
        None,
        None,
        None,
        None,
    )
    base.execute("INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", content)


def _blob(shape: Geometry) -> bytes:
    """Encode a geometry for GeoPackage: a header with the reference system and, except for points, the bounds."""
    little_endian, with_bounds = 0b1, 0b10
    if shape.kind == "POINT":
        return b"GP\x00" + struct.pack("<Bi", little_endian, _SRS) + to_wkb(shape)
    west, south, east, north = shape.bounds
    header = struct.pack("<Bi4d", little_endian | with_bounds, _SRS, west, east, south, north)
    return b"GP\x00" + header + to_wkb(shape)


def _sql_type(values: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(values.dtype):
        return "BOOLEAN"
    if pd.api.types.is_integer_dtype(values.dtype):
        return "INTEGER"
    return "DOUBLE" if pd.api.types.is_numeric_dtype(values.dtype) else "TEXT"


def _plain(values: pd.Series) -> list[Any]:
    """Convert values for SQLite; missing values are NULL."""
    kind = _sql_type(values)
    convert = {"BOOLEAN": int, "INTEGER": int, "DOUBLE": float, "TEXT": str}[kind]
    missing = values.isna()
    return [None if gone else convert(value) for value, gone in zip(values, missing, strict=True)]


def _free_name(column: str, taken: Mapping[str, str]) -> str:
    """Column name, changed if the format reserves it; SQLite names are case-insensitive."""
    used = {"fid", *(name.lower() for name in taken)}
    name = column
    while name.lower() in used:
        name += "_"
    return name


def _q(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _timestamp(moment: datetime) -> str:
    utc = moment.astimezone(UTC) if moment.tzinfo else moment
    return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"
