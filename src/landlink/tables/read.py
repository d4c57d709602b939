"""Reader of a study's tables, which reports all problems at once."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from landlink.core.currency import Currency
from landlink.core.errors import InputError, Problem, suggestion
from landlink.core.input_files import is_folder, reason_of
from landlink.tables.check import check_cells, check_columns, check_references, check_row_count, row_names
from landlink.tables.column import Column, Table
from landlink.tables.csv_text import RawTable, read_rows
from landlink.tables.listing import Fault, RowNames, problems_of
from landlink.tables.own_currency import amounts_in_usd, columns_in_usd, given_twice, table_in
from landlink.tables.parse import SEPARATORS_REMEDY, empty_column, parse_column
from landlink.tables.schemas import TABLES

__all__ = ["BORDER_NEEDS", "empty_table", "is_border_alone", "read_table", "read_tables", "read_texts"]

#: Tables that a study of borders alone needs.
BORDER_NEEDS: Final = ("crossing", "vehicle_class", "stage", "arrival")
_KM: Final = {"km": 1.0, "mi": 1.609344, "m": 0.001}
_KMH: Final = {"kph": 1.0, "mph": 1.609344}
# Blank tables of few rows are kept: most studies leave most tables and columns out.
_SHORT: Final = 64
_FRONT = re.compile(r"[+-]?[0-9]{1,3}")
_BACK = re.compile(r"[0-9]+")


@dataclass
class _Reading:
    """A table as read; ``whole`` if the frame contains every row of the file."""

    frame: pd.DataFrame
    problems: list[Problem] = field(default_factory=list)
    names: RowNames | None = None
    whole: bool = True


def read_table(path: str | os.PathLike[str], table: Table) -> tuple[pd.DataFrame, list[Problem]]:
    """Read one CSV file.

    Parameters
    ----------
    path
        The file.
    table
        Its schema.

    Returns
    -------
    frame
        The columns of the schema in order, then the user's ``x_`` columns as text. Text, lists, dates and geometries
        are ``str`` with ``""`` if empty; numbers ``float64`` with NaN; integers ``Int64`` with ``<NA>``; booleans
        ``bool``, False if neither the cell nor a default gives a value. Absent optional columns are added with their
        defaults. Blanks around cells are removed. Use the frame only if there are no problems.
    problems
        All problems of the file, except references to other tables.
    """
    reading = _read(Path(path), table)
    return reading.frame, reading.problems


def read_texts(path: str | os.PathLike[str], name: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Read a CSV file without a schema, with every column as text.

    Parameters
    ----------
    path
        The file.
    name
        Table name to use in problems.

    Returns
    -------
    frame
        Cells as text without surrounding blanks; ``""`` if empty.
    problems
        Faults of the file as CSV: encoding, separators, quotes, truncated rows, duplicate columns.
    """
    raw = read_rows(Path(path), name)
    if raw.problems:
        return pd.DataFrame(), raw.problems
    # Some programs end each line with a comma, which adds an empty column without a name.
    empty = {
        i for i, column in enumerate(raw.header) if not column and not any("".join(row[i : i + 1]) for row in raw.rows)
    }
    names = [column for i, column in enumerate(raw.header) if i not in empty]
    table = Table(name, "", tuple(Column(column, "text", "") for column in dict.fromkeys(names) if column))
    problems = check_columns(names, table) + _misshapen_rows(raw, table)
    return _texts(raw)[0].drop(columns="", errors="ignore"), problems


def read_tables(
    folder: str | os.PathLike[str], *, languages: Collection[str] | None = None, currency: Currency | None = None
) -> dict[str, pd.DataFrame]:
    """Read every table of a study folder.

    Lengths and speeds of links are converted to km and km/h if ``config`` sets other units, and amounts in the study's
    currency to USD; the returned ``config`` is changed accordingly. Missing tables are returned without rows,
    ``config`` with one row of defaults.

    A folder without any of the tables of the network and its demand, but with a crossing and its stages or arrivals, is
    a study of borders alone: it needs the tables of :data:`BORDER_NEEDS`; references to the network are not checked.

    Parameters
    ----------
    folder
        The study folder.
    languages
        Further languages that tables may have names in, as columns such as ``name_sw``; by default, all.
    currency
        Currency in which amounts may be given besides USD, in columns such as ``cost_kes_per_t``; by default, none.

    Returns
    -------
    dict
        A frame as returned by :func:`read_table` for each table of the schema, in order.

    Raises
    ------
    InputError
        A table is invalid; lists all problems of all tables.
    """
    place = Path(folder)
    if not is_folder(place):
        raise InputError(Problem("", "the study folder does not exist", value=str(place)))
    problems = _unknown_files(place)
    border_alone = is_border_alone(place)
    of_network = [table.name for table in TABLES.values() if table.required]
    needed = BORDER_NEEDS if border_alone else of_network
    money = currency or Currency()
    readings: dict[str, _Reading] = {}
    for declared in TABLES.values():
        table = _in_given_units(declared, readings["config"].frame, money) if declared.name == "link" else declared
        path = place / table.file_name
        readings[table.name] = (
            _read(path, table, languages, money)
            if _is_there(place, table.name) or table.name in needed
            else _Reading(empty_table(table))
        )
    for reading in readings.values():
        problems += reading.problems
    frames = {name: reading.frame for name, reading in readings.items()}
    problems += check_references(
        frames,
        names={name: reading.names for name, reading in readings.items() if reading.names},
        unsure=[
            name for name, reading in readings.items() if not reading.whole or (border_alone and name in of_network)
        ],
    )
    if problems:
        raise InputError(problems)
    return amounts_in_usd(_in_our_units(frames), money)


def is_border_alone(folder: Path) -> bool:
    """Whether a folder has tables of a simulated border and none of a network and its demand."""
    staged = any(_is_there(folder, name) for name in ("stage", "arrival"))
    network = any(_is_there(folder, table.name) for table in TABLES.values() if table.required)
    return _is_there(folder, "crossing") and staged and not network


def _is_there(folder: Path, table: str) -> bool:
    return os.path.lexists(folder / TABLES[table].file_name)


def empty_table(table: Table) -> pd.DataFrame:
    """Create a table with every column and no rows; ``config`` has one row of defaults."""
    return _blank(1 if table.name == "config" else 0, table)


def _blank(length: int, table: Table) -> pd.DataFrame:
    """Create a table of defaults."""
    if length > _SHORT:
        return _filled(length, table)
    # A copy shares its cells until one of the two is written to.
    return _short(length, table).copy(deep=False)


def _filled(length: int, table: Table) -> pd.DataFrame:
    return pd.DataFrame({column.name: empty_column(length, column) for column in table.columns})


_short = functools.lru_cache(maxsize=512)(_filled)


def _unknown_files(folder: Path) -> list[Problem]:
    known = [table.file_name for table in TABLES.values()]
    try:
        files = sorted(folder.iterdir())
    except OSError as error:
        return [Problem("", f"the study folder cannot be read: {reason_of(error)}", value=str(folder))]
    return [
        Problem(
            path.name,
            "unknown table",
            allowed=(f"{near} or " if (near := suggestion(path.name, known)) else "")
            + "a name beginning with x_ for a file of your own",
        )
        for path in files
        if path.suffix.lower() == ".csv" and path.name not in known and not path.name.startswith(("x_", "."))
    ]


def _read(
    path: Path, schema: Table, languages: Collection[str] | None = None, currency: Currency | None = None
) -> _Reading:
    raw = read_rows(path, schema.name)
    if raw.problems:
        return _Reading(empty_table(schema), raw.problems, whole=False)
    money = currency or Currency()
    if problems := given_twice(schema, raw.header, money):
        return _Reading(empty_table(schema), problems, whole=False)
    table = table_in(schema, raw.header, money)
    problems = check_columns(raw.header, table, languages=languages)
    problems += check_row_count(len(raw.rows), table)
    problems += _misshapen_rows(raw, table)
    whole = all(len(row) == len(raw.header) for row in raw.rows)
    texts, lines = _texts(raw)
    names = row_names(texts, table, lines)
    frame, faults = _typed(texts, table)
    skip: dict[str, NDArray[np.bool_]] = {}
    for fault in faults:
        skip[fault.column] = skip.get(fault.column, np.zeros(len(frame), dtype=np.bool_)) | fault.at
        problems += problems_of(table.name, fault, names)
    present = frame[[name for name in frame.columns if name in texts]]
    problems += check_cells(present, table, names=names, skip=skip)
    whole = whole and all(name in texts for name in table.key)
    return _Reading(columns_in_usd(frame, table, schema, money), problems, names, whole)


def _misshapen_rows(raw: RawTable, table: Table) -> list[Problem]:
    """Rows with more or fewer cells than the header."""
    width = len(raw.header)
    counts = np.fromiter(map(len, raw.rows), dtype=np.int64, count=len(raw.rows))
    if (counts == width).all():
        return []
    key = pd.Series([row[0] if row else "" for row in raw.rows], dtype="str")
    first_is_key = bool(raw.header) and raw.header[0] in table.key
    names = RowNames((key,) if first_is_key else (), raw.lines)

    def shown(position: int) -> str:
        return ",".join(raw.rows[position])

    def too_many(position: int) -> str:
        return _split_number(raw.rows[position], raw.header, table) or f"{width} cells, as in the header"

    short = Fault(
        "", lambda i: f"the row is truncated: it has {counts[i]} cells", counts < width, f"{width} cells", shown
    )
    long = Fault("", lambda i: f"the row has too many cells: {counts[i]}", counts > width, too_many, shown)
    return [problem for fault in (short, long) for problem in problems_of(table.name, fault, names)]


def _split_number(cells: list[str], header: list[str], table: Table) -> str:
    """Advice for a row that may be too long because a number was written as 1,200 or 3,5."""
    for name, front, back in zip(header, cells, cells[1:], strict=False):
        column = table.by_name.get(name)
        number = column is not None and column.type in ("number", "integer")
        if number and _FRONT.fullmatch(front.strip()) and _BACK.fullmatch(back.strip()):
            return f"{len(header)} cells; if {front},{back} in column {name} is one number: {SEPARATORS_REMEDY}"
    return ""


def _texts(raw: RawTable) -> tuple[pd.DataFrame, list[int]]:
    """Return the rows that are as long as the header, with columns as text; of duplicate columns, the first."""
    width = len(raw.header)
    if all(len(row) == width for row in raw.rows):
        rows, lines = raw.rows, raw.lines
    else:
        fit = [(row, line) for row, line in zip(raw.rows, raw.lines, strict=True) if len(row) == width]
        rows, lines = [row for row, _ in fit], [line for _, line in fit]
    cells = zip(*rows, strict=True) if rows else ([] for _ in raw.header)
    columns: dict[str, pd.Series] = {}
    for name, column in zip(raw.header, cells, strict=True):
        columns.setdefault(name, pd.Series(list(column), dtype="str").str.strip())
    return pd.DataFrame(columns), lines


def _typed(texts: pd.DataFrame, table: Table) -> tuple[pd.DataFrame, list[Fault]]:
    """Convert all columns of the schema, followed by names in further languages and the user's own columns."""
    frame = _blank(len(texts), table)
    faults: list[Fault] = []
    for column in table.columns:
        if column.name in texts:
            frame[column.name], wrong = parse_column(texts[column.name], column)
            faults += wrong
    for name in texts.columns:
        if table.is_additional(name):
            frame[name] = texts[name]
    return frame, faults


def _in_given_units(link: Table, config: pd.DataFrame, currency: Currency) -> Table:
    """Schema of links with bounds in the units and currency that config sets, in which the cells are written."""
    km, kmh, usd = 1.0, 1.0, 1.0
    if len(config):
        km, kmh = _KM.get(str(config["long_length"].iat[0]), 1.0), _KMH.get(str(config["speed"].iat[0]), 1.0)
        usd = 1.0 / currency.per_usd if str(config["currency"].iat[0]) == currency.code else 1.0
    sizes = {"length": km, "free_speed": kmh, "toll": usd}

    def scaled(bound: float | None, size: float) -> float | None:
        return None if bound is None else bound / size

    columns = (
        replace(
            column, minimum=scaled(column.minimum, size), maximum=scaled(column.maximum, size),
            above=scaled(column.above, size),
        )
        for column in link.columns
        for size in (sizes.get(column.name, 1.0),)
    )  # fmt: skip
    return replace(link, columns=tuple(columns))


def _in_our_units(frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Convert links to km and km/h from the units set in config."""
    converted = dict(frames)
    if frames["config"].empty:
        converted["config"] = empty_table(TABLES["config"])
    config = converted["config"].iloc[0]
    km, kmh = _KM[config["long_length"]], _KMH[config["speed"]]
    if km != 1.0 or kmh != 1.0:
        link = frames["link"]
        converted["link"] = link.assign(length=link["length"] * km, free_speed=link["free_speed"] * kmh)
        converted["config"] = converted["config"].assign(long_length="km", speed="kph")
    return converted
