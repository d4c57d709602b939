"""Results on disk: a folder of Parquet tables and one small JSON file."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from landlink.core.atomic_files import recover, replaced_folder, write_text
from landlink.core.errors import ResultError
from landlink.core.file_names import check_file_name, file_name_fault
from landlink.core.input_files import is_folder, read_input, reason_of
from landlink.core.json_text import json_text
from landlink.formats.authorship import read_json
from landlink.formats.parquet_input import read_parquet
from landlink.indicators.table import INDICATOR
from landlink.results.provenance import Provenance
from landlink.study.table_contents import OPTIONAL_COLUMNS
from landlink.tables.column import DTYPES, Column
from landlink.tables.destinations import RESULT_FILE, OutputFolder, check_output
from landlink.tables.frames import Tables
from landlink.tables.outputs import OUTPUTS
from landlink.tables.shared_columns import NAMES

__all__ = ["FORMAT", "RESULT", "SavedTables", "columns_of", "read_lazily", "read_result", "save_result"]

MARKER: Final = RESULT_FILE
#: Increased whenever the format changes incompatibly.
FORMAT: Final = 2
#: Names, which a result saved before landlink knew them is read without, as it is without later columns of a study.
_NAMES: Final = frozenset(column.name for column in NAMES)
_AGAIN: Final = "run the scenario again"
#: Largest description of a result.
_MAX_BYTES: Final = 64 * 1024 * 1024


def _listed(folder: Path) -> Collection[str] | None:
    """Files that a result's folder lists; ``None`` if it is no result."""
    content = read_json(folder / MARKER)
    if content is None or not {"format", "provenance"} <= content.keys():
        return None
    tables = content.get("tables")
    return [f"{name}.parquet" for name in tables] if isinstance(tables, dict) else None


#: The kind of folder that a result is.
RESULT: Final = OutputFolder("a result", MARKER, _listed)


def save_result(tables: Tables, provenance: Provenance, target: Path, *, force: bool = False) -> Path:
    """Write a result's folder atomically.

    Raises
    ------
    OutputError
        The folder exists and is not a result, holds other files too, or cannot be written.
    """
    with replaced_folder(target, check=lambda place: check_output(place, RESULT, force=force)) as folder:
        for name, table in tables.items():
            check_file_name("table", name)
            with (folder / f"{name}.parquet").open("wb") as file:
                table.to_parquet(file, index=False)
        content = {
            "format": FORMAT,
            "tables": {name: len(table) for name, table in tables.items()},
            "provenance": provenance.as_dict(),
        }
        write_text(folder / MARKER, json_text(content, sort_keys=True))
    return target


def read_result(folder: Path) -> tuple[dict[str, pd.DataFrame], Provenance]:
    """Read a result's folder.

    Raises
    ------
    ResultError
        The folder holds no result, one of another format, or a damaged one.
    """
    recover(folder)
    counts, provenance = _read_marker(folder)
    if unknown := sorted(map(str, counts.keys() - OUTPUTS.keys())):
        raise ResultError(f"{folder / MARKER} lists an unknown table {unknown[0]!r}; {_AGAIN}")
    needed = [name for name, output in OUTPUTS.items() if output.needed]
    if missing := sorted(set(needed).difference(counts)):
        raise ResultError(f"{folder} has no tables {', '.join(missing)}; {_AGAIN}")
    return {name: _read_table(folder, name, count) for name, count in counts.items()}, provenance


class SavedTables(Mapping[str, pd.DataFrame]):
    """Tables of a saved result, each read and checked when it is first asked for.

    Parameters
    ----------
    folder
        Folder of the result.
    counts
        Number of rows of each of its tables.
    """

    def __init__(self, folder: Path, counts: Mapping[str, int]) -> None:
        self._folder, self._counts = folder, counts
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._read:
            self._read[name] = _read_table(self._folder, name, self._counts[name])
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return name in self._counts

    def __iter__(self) -> Iterator[str]:
        return iter(self._counts)

    def __len__(self) -> int:
        return len(self._counts)

    def columns(self, name: str, wanted: Sequence[str]) -> pd.DataFrame:
        """Read some columns of a table; see :func:`columns_of`."""
        if name in self._read:
            return self._read[name][list(wanted)]
        return _read_parquet(self._folder, name, self._counts[name], wanted)


def columns_of(tables: Tables, name: str, wanted: Sequence[str]) -> pd.DataFrame:
    """Table of a result with some columns at least; of one opened lazily, nothing else is read.

    Raises
    ------
    ResultError
        The saved table is damaged or lacks a column.
    """
    if isinstance(tables, SavedTables):
        return tables.columns(name, wanted)
    # A report is made also of tables that lack columns.
    return tables[name][[column for column in wanted if column in tables[name]]]


def read_lazily(folder: Path) -> tuple[SavedTables, Provenance]:
    """Read what a result's folder says of itself; tables are read and checked when they are first asked for.

    Raises
    ------
    ResultError
        The folder holds no result, or one of another format.
    """
    recover(folder)
    counts, provenance = _read_marker(folder)
    return SavedTables(folder, counts), provenance


def _read_marker(folder: Path) -> tuple[Mapping[str, Any], Provenance]:
    if not is_folder(folder):
        raise ResultError(f"{folder} is not a folder; make a result with: landlink run STUDY -o {folder}")
    try:
        content = json.loads(read_input(folder / MARKER, most=_MAX_BYTES).decode("utf-8"))
        known, counts, told = content["format"], dict(content["tables"]), content["provenance"]
    except FileNotFoundError:
        raise ResultError(
            f"{folder} is not a result: it has no {MARKER}; make a result with: landlink run STUDY -o DIR"
        ) from None
    except OSError as error:
        raise ResultError(f"{folder / MARKER} cannot be read: {reason_of(error)}") from None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ResultError(f"{folder / MARKER} is damaged ({error}); {_AGAIN}") from None
    if known != FORMAT:
        raise ResultError(f"{folder} has format {known}, but this version of landlink reads format {FORMAT}; {_AGAIN}")
    try:
        provenance = Provenance.from_dict(told)
    except ValueError as error:
        raise ResultError(f"{folder / MARKER} is damaged ({error}); {_AGAIN}") from None
    for what, name in _names(provenance):
        if fault := file_name_fault(name):
            raise ResultError(f"{folder / MARKER} has an invalid name of a {what}: {name!r} {fault}; {_AGAIN}")
    return counts, provenance


def _names(provenance: Provenance) -> Iterator[tuple[str, str]]:
    """Names of which files and folders are made."""
    yield "study", provenance.run.study
    if provenance.run.scenario:
        yield "scenario", provenance.run.scenario
    for measure in provenance.run.measures:
        yield "measure", measure.id


def _read_table(folder: Path, name: str, count: int) -> pd.DataFrame:
    """Read a table and check that it has every column of its schema."""
    table = _read_parquet(folder, name, count)
    # Known here, so that who reads indicators alone need not load what makes the other tables.
    schema, sometimes = INDICATOR, frozenset[str]()
    if name != INDICATOR.name:
        schema, sometimes = OUTPUTS[name].table, OUTPUTS[name].sometimes
    lost = [column for column in schema.by_name if column not in table and column not in sometimes]
    later = {column.name: column for column in OPTIONAL_COLUMNS.get(name, ())}
    if needed := [column for column in lost if column not in _NAMES and column not in later]:
        raise ResultError(f"{folder / name}.parquet has no columns {', '.join(needed)}; {_AGAIN}")
    if lost:
        table = table.assign(**{column: _blank(later.get(column), len(table)) for column in lost})
        declared = [column for column in schema.by_name if column in table]
        table = table[[*declared, *(column for column in table if column not in schema.by_name)]]
    if wrong := list(schema.type_mismatches(table)):
        raise ResultError(f"{folder / name}.parquet is damaged ({'; '.join(wrong)}); {_AGAIN}")
    # Rows are found by a name; keys of several columns group rows of some tables.
    if len(schema.key) == 1 and table.duplicated(list(schema.key)).any():
        raise ResultError(f"{folder / name}.parquet is damaged (several rows with the same key); {_AGAIN}")
    return table


def _blank(column: Column | None, rows: int) -> pd.Series[Any]:
    """Empty cells of a column; of a name, if none is given."""
    if column is None:
        return pd.Series([""] * rows, dtype="str")
    empty = column.default or "" if DTYPES[column.type] == "str" else None
    return pd.Series([empty] * rows, dtype=DTYPES[column.type])


def _read_parquet(folder: Path, name: str, count: int, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read a table, or some of its columns, and check the number of its rows."""
    try:
        table = read_parquet(folder / f"{name}.parquet", columns)
    except (OSError, ValueError) as error:
        raise ResultError(f"{folder / name}.parquet is missing or damaged ({error}); {_AGAIN}") from None
    if len(table) != count:
        raise ResultError(f"{folder / name}.parquet has {len(table)} rows, not {count}; {_AGAIN}")
    return table
