"""Files of a GMNS folder as text: names of columns and ids made the same, everything that was changed noted."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from landlink.core.arrays import Bools, Floats
from landlink.core.errors import InputError, Problem
from landlink.core.input_files import is_folder, reason_of
from landlink.formats.gmns_numbers import KM, KMH, Measured, measured, stated_unit
from landlink.formats.import_report import ImportReport
from landlink.tables.listing import Fault, RowNames, problems_of
from landlink.tables.read import read_texts

__all__ = ["FILES", "GmnsFiles", "ImportOptions", "read_files"]

FILES: Final = (
    "config", "node", "link", "geometry", "zone", "use_definition", "use_group", "segment", "demand", "commodity",
)  # fmt: skip
_REQUIRED: Final = {"node": ("node_id", "x_coord", "y_coord"), "link": ("link_id", "from_node_id", "to_node_id")}
#: Names that other programs and earlier versions of the specification use for a column, by table.
ALIASES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "node": {"zone_id": ("zone", "taz"), "x_coord": ("lon", "longitude", "x"), "y_coord": ("lat", "latitude", "y")},
    "link": {
        "link_id": ("road_link_id",),
        "from_node_id": ("from_node", "a_node"),
        "to_node_id": ("to_node", "b_node"),
        "geometry_id": ("link_geometry_id", "link_geom_id"),
        "geometry": ("wkt",),
    },
    "geometry": {"geometry_id": ("link_geometry_id", "link_geom_id"), "geometry": ("wkt",)},
    "zone": {"zone_id": ("zone", "taz"), "boundary": ("wkt", "geometry")},
    "demand": {},
}
#: Columns of the specification with names longer than a shapefile allows, by table.
_LONG: Final[Mapping[str, tuple[str, ...]]] = {
    "node": ("parent_node_id",),
    "link": (
        "from_node_id", "to_node_id", "geometry_id", "parent_link_id", "facility_type", "allowed_uses", "jurisdiction",
        "bike_facility", "ped_facility", "link_type_name", "length_unit",
    ),
    "geometry": ("geometry_id",),
    "demand": ("origin_zone_id", "destination_zone_id", "commodity_id", "tonnes_per_year"),
}  # fmt: skip
_SHAPEFILE_NAME: Final = 10
#: Columns that hold ids, by table.
IDS: Final[Mapping[str, tuple[str, ...]]] = {
    "node": ("node_id", "zone_id"),
    "link": ("link_id", "from_node_id", "to_node_id", "geometry_id"),
    "geometry": ("geometry_id",),
    "zone": ("zone_id",),
    "segment": ("link_id",),
    "demand": (
        "origin_zone_id", "o_zone_id", "from_zone_id", "orig_zone_id", "origin", "destination_zone_id", "d_zone_id",
        "to_zone_id", "dest_zone_id", "destination", "commodity_id",
    ),
}  # fmt: skip
_FLOAT_ID: Final = re.compile(r"(\d+)\.0*")
_DAMAGED_ID: Final = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d+")
_NO_VALUE: Final = ("NaN", "nan", "NULL", "null", "<NA>")


@dataclass(frozen=True)
class ImportOptions:
    """What the user says about a network; empty where the files say it.

    Attributes
    ----------
    length_unit, speed_unit
        Units of link lengths and free speeds: ``km``, ``mi``, ``m``, ``ft``; ``kph``, ``mph``, ``m/s``.
    crs
        Reference system of the coordinates, such as ``EPSG:32643``; ``drawing`` for coordinates of no place on Earth.
    classes
        Modes of link classes, such as ``{"hot": "road", "haul road": "road"}``.
    demand_columns
        Columns of ``demand.csv`` with tonnes; several are the tonnes of as many commodities.
    """

    length_unit: str = ""
    speed_unit: str = ""
    crs: str = ""
    classes: Mapping[str, str] = field(default_factory=dict)
    demand_columns: tuple[str, ...] = ()


@dataclass
class GmnsFiles:
    """Files of a GMNS folder as text, and the numbers read from them.

    Attributes
    ----------
    tables
        Frames of text by name.
    options
        What the user says.
    report
        Where every change, assumption and omission is noted.
    kept
        By table, the rows that are used: faults of others do not matter.
    problems
        Faults found so far: the import goes on past a fault in order to find the others.
    damaged
        Whether a spreadsheet has rounded ids, so that rows cannot be matched.
    mentioned
        By table, unused columns that the report has already.
    """

    tables: dict[str, pd.DataFrame]
    options: ImportOptions
    report: ImportReport
    kept: dict[str, Bools] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    damaged: bool = False
    mentioned: dict[str, set[str]] = field(default_factory=dict)
    _read: dict[tuple[str, str], Measured] = field(default_factory=dict)
    _columns: dict[tuple[str, ...], tuple[str, str]] = field(default_factory=dict)

    def text(self, table: str, column: str) -> pd.Series[str]:
        """Cells of a column; empty texts if the file or the column is missing."""
        frame = self.tables.get(table, pd.DataFrame())
        return frame[column] if column in frame else pd.Series("", index=frame.index, dtype="str")

    def numbers(self, table: str, column: str) -> Floats:
        """Numbers of a column without a unit; NaN if empty, absent or faulty."""
        return self.measured(table, column).values

    def measured(self, table: str, column: str, units: Mapping[str, float] | None = None) -> Measured:
        """Numbers of a column; faults are added to ``problems`` once."""
        key = table, column
        if key not in self._read:
            found = measured(self.text(table, column), column, units or {})
            self._read[key] = found
            kept = self.kept.get(table, np.ones(len(found.values), dtype=np.bool_))
            names = self.row_names(table)
            for fault in found.faults:
                at = fault.at & kept
                self.problems += problems_of(table, Fault(column, fault.message, at, fault.allowed, fault.value), names)
            if (lists := found.lists & kept).any():
                names_of = [names(i) for i in np.flatnonzero(lists).tolist()]
                text = f"{lists.sum()} cells of {table}.{column} hold several values: the lowest was used"
                self.report.add("assumed", table, text, rows=int(lists.sum()), examples=names_of)
            if (own := ~np.isnan(found.stated) & kept).any():
                shown = sorted(set(self.text(table, column)[own]))
                text = f"{own.sum()} cells of {table}.{column} state a unit, which was used"
                self.report.add("changed", table, text, rows=int(own.sum()), examples=shown)
        return self._read[key]

    def row_names(self, table: str) -> RowNames:
        """How messages name the rows of a table: by their first cell; by number where that is an origin, not an id."""
        first = self.tables[table].iloc[:, 0] if table in self.tables and table != "demand" else None
        return RowNames(()) if first is None else RowNames((first,))

    def refuse_negative(self, table: str, column: str) -> None:
        """Add the negative numbers of a column to ``problems``; often they stand for an unknown value."""
        if (table, column) not in self._read:
            return
        values = self._read[table, column].values
        negative = np.isfinite(values) & (values < 0) & self.kept.get(table, np.ones(len(values), dtype=np.bool_))
        fault = Fault(column, "negative", negative, "0 or more; empty if unknown", lambda i: f"{values[i]:g}")
        self.problems += problems_of(table, fault, self.row_names(table))

    def column_of(self, table: str, bases: tuple[str, ...], units: Mapping[str, float]) -> tuple[str, str]:
        """Column of a quantity and the unit that its name states, one with a unit first; empty if there is none."""
        if (table, *bases) in self._columns:
            return self._columns[table, *bases]
        found: list[tuple[str, str]] = []
        for column in self.tables[table].columns if table in self.tables else ():
            stated = stated_unit(str(column), bases, units)
            if stated is not None:
                found.append((str(column), stated[1]))
        filled = [one for one in found if (self.text(table, one[0]) != "").any()]
        with_unit = [one for one in filled if one[1]]
        chosen = (with_unit or filled or found or [("", "")])[0]
        kept = self.kept.get(table, np.ones(len(self.text(table, chosen[0])), dtype=np.bool_))
        for name in [name for name, _ in filled if name != chosen[0]]:
            rows = int(((self.text(table, name) != "").to_numpy() & kept).sum())
            text = f"The column {chosen[0]} of {table}.csv was used, and not {name}, filled in {rows} rows."
            self.report.add("left out", table, text, rows=rows)
            self.mentioned.setdefault(table, set()).add(name)
        self._columns[table, *bases] = chosen
        return chosen

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Add what is refused inside to ``problems`` and go on."""
        try:
            yield
        except InputError as error:
            self.problems += error.problems

    def raise_problems(self) -> None:
        """Raise every fault found so far, at once."""
        if self.problems:
            raise InputError(dict.fromkeys(self.problems))


def read_files(folder: Path, options: ImportOptions, report: ImportReport) -> GmnsFiles:
    """Read the usable files of a GMNS folder as text; missing files are left out.

    Files that are not valid CSV, missing columns and ids damaged by a spreadsheet are added to the problems of what is
    returned, which lacks those files.

    Raises
    ------
    InputError
        The folder does not exist or cannot be read.
    """
    if not is_folder(folder):
        raise InputError(Problem("", "the GMNS folder does not exist", value=str(folder)))
    problems: list[Problem] = []
    tables: dict[str, pd.DataFrame] = {}
    try:
        there = {path.name.lower(): path for path in sorted(folder.iterdir()) if path.suffix.lower() == ".csv"}
    except OSError as error:
        raise InputError(
            Problem("", f"the GMNS folder cannot be read: {reason_of(error)}", value=str(folder))
        ) from None
    for name in FILES:
        path = folder / f"{name}.csv"
        path = path if os.path.lexists(path) else there.get(f"{name}.csv", path)
        if os.path.lexists(path) or name in _REQUIRED:
            frame, wrong = read_texts(path, name)
            if not wrong:
                frame = _usual_names(name, frame.replace(list(_NO_VALUE), ""), report)
                missing = [column for column in _REQUIRED.get(name, ()) if column not in frame]
                wrong = [_missing_column(name, column, frame) for column in missing]
            problems += wrong
            if not wrong:
                tables[name] = frame
    damaged: list[Problem] = []
    for name, frame in tables.items():
        tables[name], wrong = _usual_ids(name, frame, report)
        damaged += wrong
    return GmnsFiles(tables, options, report, problems=problems + damaged, damaged=bool(damaged))


def _missing_column(table: str, column: str, frame: pd.DataFrame) -> Problem:
    near = [name for name in frame.columns if name.lower() == column]
    if near:
        message = f"the column name differs from {column} only in capital letters"
        return Problem(table, message, "line 1", value=near[0], allowed=column)
    return Problem(table, "the column is missing", column=column)


def _usual_names(table: str, frame: pd.DataFrame, report: ImportReport) -> pd.DataFrame:
    """Rename columns that a shapefile cut to ten characters, and those with another usual name."""
    renamed: dict[str, str] = {}
    for name in _LONG.get(table, ()):
        cut = name[:_SHAPEFILE_NAME]
        if cut != name and cut in frame and name not in frame:
            renamed[cut] = name
    if renamed:
        pairs = ", ".join(f"{cut} as {name}" for cut, name in renamed.items())
        report.add(
            "changed", table, f"Names of columns in {table}.csv, cut to ten characters, were read whole: {pairs}."
        )
    others: dict[str, str] = {}
    for name, known in ALIASES.get(table, {}).items():
        if name not in frame and name not in renamed.values() and (same := [one for one in known if one in frame]):
            others[same[0]] = name
    if others:
        pairs = ", ".join(f"{own} as {name}" for own, name in others.items())
        report.add("changed", table, f"Columns of {table}.csv were read under the specification's names: {pairs}.")
    return frame.rename(columns=renamed | others)


def _usual_ids(table: str, frame: pd.DataFrame, report: ImportReport) -> tuple[pd.DataFrame, list[Problem]]:
    """Write ids such as ``1.0`` as ``1``; refuse those that a spreadsheet has rounded."""
    problems: list[Problem] = []
    changed: dict[str, pd.Series[str]] = {}
    for column in IDS.get(table, ()):
        if column not in frame:
            continue
        texts = frame[column]
        if (damaged := texts[texts.str.fullmatch(_DAMAGED_ID)]).any():
            problems += [_damaged(table, column, str(text), int((damaged == text).sum())) for text in damaged.unique()]
        floats = texts.str.fullmatch(_FLOAT_ID)
        if floats.any():
            changed[column] = texts.where(~floats, texts.str.replace(_FLOAT_ID, r"\1", regex=True))
            example, where = texts[floats].iloc[0], f"{table}.{column}"
            text = f"{floats.sum()} ids of {where} written as decimals, such as {example}, were read as whole numbers."
            report.add("changed", table, text, rows=int(floats.sum()))
    return frame.assign(**changed), problems


def _damaged(table: str, column: str, text: str, count: int) -> Problem:
    message = f"{count} ids were damaged by a spreadsheet, which rounded a long number"
    allowed = (
        "the ids as they were: import the original file with this column as text (Data, From Text/CSV, type Text), "
        "or format the column as Text before entering the ids, and save as CSV again"
    )
    return Problem(table, message, "", column, text, allowed)


#: Columns of lengths and of speeds, without units.
LENGTHS: Final = ("length", "distance", "dist", "len")
SPEEDS: Final = (
    "free_speed", "speed", "speed_limit", "free_flow_speed", "posted_speed", "ffs", "max_speed", "maxspeed",
)  # fmt: skip


def length_column(files: GmnsFiles) -> tuple[str, str]:
    """Column of link lengths, and the unit that its name states."""
    return files.column_of("link", LENGTHS, KM)


def speed_column(files: GmnsFiles) -> tuple[str, str]:
    """Column of free speeds, and the unit that its name states; OpenStreetMap's ``maxspeed`` is in km/h."""
    column, unit = files.column_of("link", SPEEDS, KMH)
    return column, unit or ("kph" if column == "maxspeed" else "")
