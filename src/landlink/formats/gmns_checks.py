"""Checks of a GMNS folder before anything is made of it: faults of all files are found, and told at once."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools
from landlink.core.errors import Problem, listed
from landlink.formats.gmns_files import GmnsFiles, length_column, speed_column
from landlink.formats.gmns_numbers import KM, KMH
from landlink.tables.check import check_cells
from landlink.tables.listing import RowNames
from landlink.tables.schemas import TABLES

__all__ = ["check_ends", "check_made", "check_numbers", "check_zones"]

#: Columns of links in which negative numbers are told of before units are known.
_NOT_NEGATIVE: Final = ("lanes", "toll")
#: Columns whose values mean nothing while a unit is in question.
_IN_UNITS: Final = frozenset({"length", "free_speed", "toll", "z_coord"})


def check_ends(files: GmnsFiles, usable: Bools) -> None:
    """Find ids that are not unique and unknown nodes; rows that are left out do not matter."""
    if files.damaged:
        return
    link, node = files.tables["link"][usable], files.text("node", "node_id")
    known = set(node)
    for end in ("from_node_id", "to_node_id"):
        lost = link[~link[end].isin(known)]
        files.problems += listed(
            Problem("link", "unknown node", str(row), end, str(at), "node_id of a row of node.csv")
            for row, at in zip(lost["link_id"], lost[end], strict=True)
        )
    files.problems += listed(Problem("node", "duplicate node_id", str(name)) for name in node[node.duplicated()])
    twice = link["link_id"][link["link_id"].duplicated()]
    files.problems += listed(Problem("link", "duplicate link_id", str(name)) for name in twice)


def check_numbers(files: GmnsFiles) -> None:
    """Read every number of nodes, links and segments."""
    for column in ("x_coord", "y_coord", "z_coord"):
        files.measured("node", column, KM if column == "z_coord" else None)
    for column, units in ((length_column(files)[0], KM), (speed_column(files)[0], KMH)):
        if column:
            files.measured("link", column, units)
    for column in ("lanes", "toll", "grade"):
        files.numbers("link", column)
    for column in (length_column(files)[0], speed_column(files)[0], *_NOT_NEGATIVE):
        files.refuse_negative("link", column)
    files.numbers("segment", "grade")


def check_zones(files: GmnsFiles) -> None:
    """Find zones of the same id, coordinates of zones that are no numbers, and ids that cannot be referred to."""
    for column in ("x_coord", "y_coord"):
        files.numbers("zone", column)
    zone = files.text("zone", "zone_id")
    if files.damaged:
        return
    twice = [str(name) for name in zone[zone.duplicated()]]
    files.problems += listed(
        Problem("zone", "duplicate zone_id", name, "zone_id", name, "each zone once") for name in twice
    )
    placed = np.isfinite(files.numbers("zone", "x_coord")) | (files.text("zone", "boundary") != "").to_numpy()
    kept = zone[(placed | zone.isin(files.text("node", "zone_id")).to_numpy()) & ~zone.duplicated().to_numpy()]
    files.problems += check_cells(kept.to_frame("zone_id").reset_index(drop=True), TABLES["zone"])


def check_made(files: GmnsFiles, table: str, frame: pd.DataFrame, *, settled: bool) -> None:
    """Hold a table made from the files against its schema, leaving out what has been told already.

    Parameters
    ----------
    files
        The files.
    table
        Name of the table.
    frame
        The table, with the ids of the file; numbers that are not known are NaN.
    settled
        Whether the units of the files are known.
    """
    schema = TABLES[table]
    made = frame.drop_duplicates(list(schema.key)).reset_index(drop=True)
    skip: dict[str, Bools] = {}
    for name in made:
        if schema.by_name[str(name)].type in ("number", "integer"):
            values = made[name].to_numpy(dtype=np.float64, na_value=np.nan)
            told = np.isnan(values) | ((values < 0) & (name in _NOT_NEGATIVE))
            skip[str(name)] = told | (not settled and name in _IN_UNITS)
    names = RowNames(tuple(made[name] for name in schema.key))
    files.problems += check_cells(made, schema, names=names, skip=skip)
