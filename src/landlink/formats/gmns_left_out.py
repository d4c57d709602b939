"""What an import of a GMNS folder does not take over: columns, rows that nothing refers to, and whole files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools
from landlink.core.input_files import open_input
from landlink.formats.gmns_demand import demand_columns, own_commodity_columns
from landlink.formats.gmns_files import FILES, GmnsFiles, length_column, speed_column
from landlink.formats.gmns_uses import CLASS_COLUMNS
from landlink.formats.import_report import ImportReport

__all__ = ["say_left_out", "say_unread"]

#: Columns that are used, by table, besides those that depend on the files.
_USED: Final[Mapping[str, frozenset[str]]] = {
    "config": frozenset({"dataset_name", "short_length", "long_length", "speed", "crs", "currency"}),
    "node": frozenset({"node_id", "name", "x_coord", "y_coord", "z_coord", "node_type", "country", "zone_id"}),
    "link": frozenset(
        {"link_id", "name", "from_node_id", "to_node_id", "directed", "dir_flag", "oneway", "geometry_id", "geometry",
         "grade", "facility_type", "lanes", "allowed_uses", "toll", "mode", "country", "gauge", "gauge_mm",
         *CLASS_COLUMNS}
    ),
    "geometry": frozenset({"geometry_id", "geometry"}),
    "zone": frozenset({"zone_id", "name", "country", "boundary", "x_coord", "y_coord"}),
    "use_definition": frozenset({"use", "description"}),
    "use_group": frozenset({"use_group", "uses"}),
    "segment": frozenset({"link_id", "grade"}),
}  # fmt: skip
#: Why a column is not taken over, where there is more to say.
_WHY: Final[Mapping[tuple[str, str], str]] = {
    ("link", "capacity"): "GMNS capacities are for all traffic; fill in capacity_vehicles_per_day where needed",
    ("zone", "boundary"): "boundaries only locate zones",
}


def say_left_out(files: GmnsFiles, demand: pd.DataFrame) -> None:
    """Report columns that are filled in but not used, and rows that nothing refers to, each with its count."""
    for table, frame in files.tables.items():
        used = {*_used(files, table), *files.mentioned.get(table, ())}
        kept = files.kept.get(table, np.ones(len(frame), dtype=np.bool_))
        for name in frame:
            rows = int(((frame[name] != "").to_numpy() & kept).sum())
            why = _WHY.get((table, str(name)), "")
            if rows and (why or name not in used):
                text = f"The column {name} of {table}.csv, filled in {rows} rows, was not taken over"
                files.report.add("left out", table, f"{text}: {why}." if why else f"{text}.", rows=rows)
    kept_links = files.text("link", "link_id")[files.kept["link"]]
    shapes = files.text("link", "geometry_id")[files.kept["link"]]
    for table, column, wanted, what in (
        ("geometry", "geometry_id", shapes, "no link that was taken over refers to them"),
        ("segment", "link_id", kept_links, "they are of no link that was taken over"),
        ("commodity", "commodity_id", demand["commodity_id"], "no demand is of these commodities"),
    ):
        if table in files.tables:
            names = files.text(table, column)
            _say_rows(files, table, names, ~names.isin(set(wanted)).to_numpy(), what)


def say_unread(folder: Path, report: ImportReport) -> None:
    """Report files that are not used, with their numbers of rows."""
    used = {f"{name}.csv" for name in FILES}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() == ".csv" and path.name.lower() not in used and path.is_file():
            rows = _rows(path)
            report.add("left out", "", f"The file {path.name}, of {rows} rows, is not used.", rows=rows)


def _used(files: GmnsFiles, table: str) -> frozenset[str]:
    """Columns of a table that are used."""
    if table == "link":
        return _USED[table] | {length_column(files)[0], speed_column(files)[0]}
    if table == "demand":
        return frozenset(demand_columns(files))
    if table == "commodity":
        return frozenset(own_commodity_columns(files))
    return _USED[table]


def _say_rows(files: GmnsFiles, table: str, names: pd.Series[str], lost: Bools, why: str) -> None:
    if count := int(lost.sum()):
        text = f"{count} rows of {table}.csv were left out: {why}"
        files.report.add("left out", table, text, rows=count, examples=names[lost])


def _rows(path: Path) -> int:
    """Lines of a file below its header; 0 if it cannot be read."""
    try:
        with open_input(path) as file:
            return max(sum(1 for line in file if line.strip()) - 1, 0)
    except OSError:
        return 0
