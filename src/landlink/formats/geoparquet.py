"""GeoParquet 1.1: one Parquet file per table, with geometries in well-known binary and their metadata."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from landlink.core.file_names import check_file_name
from landlink.formats.shapes import GEOMETRY_COLUMN, Shapes, bounds_of, shapes_of, to_wkb

__all__ = ["parquet_bytes", "write_parquet_files"]

_VERSION: Final = "1.1.0"
_NAMES: Final = {
    "POINT": "Point",
    "LINESTRING": "LineString",
    "POLYGON": "Polygon",
    "MULTIPOINT": "MultiPoint",
    "MULTILINESTRING": "MultiLineString",
    "MULTIPOLYGON": "MultiPolygon",
}


def write_parquet_files(tables: Mapping[str, pd.DataFrame], folder: str | os.PathLike[str]) -> None:
    """Write each table into a folder that exists, as ``NAME.parquet``.

    Parameters
    ----------
    tables
        Frames by name. Tables with geometries are written as GeoParquet, others as plain Parquet.
    folder
        The folder.

    Raises
    ------
    InputError
        The name of a table cannot be a file name.
    """
    for name in tables:
        check_file_name("table", name)
        (Path(folder) / f"{name}.parquet").write_bytes(parquet_bytes(name, tables))


def parquet_bytes(name: str, tables: Mapping[str, pd.DataFrame]) -> bytes:
    """Convert a table to the bytes of a Parquet file.

    Coordinates are longitude and latitude on WGS 84, GeoParquet's default reference system (OGC:CRS84). Links without
    a geometry are straight lines; lines of rows with direction ``ba`` are reversed.
    """
    shapes = shapes_of(name, tables)
    frame = tables[name].drop(columns=GEOMETRY_COLUMN, errors="ignore")
    table = pa.Table.from_pandas(frame, preserve_index=False)
    if shapes is not None:
        blobs = pa.array([None if shape is None else to_wkb(shape) for shape in shapes], type=pa.binary())
        table = table.append_column(GEOMETRY_COLUMN, blobs)
        metadata = {**(table.schema.metadata or {}), b"geo": json.dumps(_metadata(shapes)).encode()}
        table = table.replace_schema_metadata(metadata)
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _metadata(shapes: Shapes) -> dict[str, Any]:
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": sorted({_NAMES[shape.kind] for shape in shapes if shape is not None}),
        "edges": "planar",
    }
    box = bounds_of(shapes)
    if box is not None:
        column["bbox"] = list(box)
    return {"version": _VERSION, "primary_column": GEOMETRY_COLUMN, "columns": {GEOMETRY_COLUMN: column}}
