"""Results on disk: a folder of Parquet tables and one small JSON file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from landlink.core.atomic_files import replaced_folder
from landlink.core.errors import ResultError
from landlink.core.input_files import is_folder, read_input, reason_of
from landlink.core.json_text import json_text
from landlink.formats.parquet_input import read_parquet
from landlink.results.provenance import Provenance
from landlink.tables.frames import Tables
from landlink.tables.outputs import OUTPUTS
from landlink.tables.shared_columns import NAMES

__all__ = ["FORMAT", "MARKER", "read_result", "save_result"]

MARKER: Final = "result.json"
#: Increased whenever the format changes incompatibly.
FORMAT: Final = 2
#: Names, which a result saved before landlink had a language is read without.
_NAMES: Final = frozenset(column.name for column in NAMES)
_AGAIN: Final = "run the scenario again"
#: Largest description of a result.
_MAX_BYTES: Final = 64 * 1024 * 1024


def save_result(tables: Tables, provenance: Provenance, target: Path) -> Path:
    """Write a result's folder atomically.

    Raises
    ------
    OutputError
        The folder exists and is not a result, or cannot be written.
    """
    with replaced_folder(target, marker=MARKER) as folder:
        for name, table in tables.items():
            table.to_parquet(folder / f"{name}.parquet", index=False)
        content = {
            "format": FORMAT,
            "tables": {name: len(table) for name, table in tables.items()},
            "provenance": provenance.as_dict(),
        }
        (folder / MARKER).write_text(json_text(content, sort_keys=True), encoding="utf-8")
    return target


def read_result(folder: Path) -> tuple[dict[str, pd.DataFrame], Provenance]:
    """Read a result's folder.

    Raises
    ------
    ResultError
        The folder holds no result, one of another format, or a damaged one.
    """
    counts, provenance = _read_marker(folder)
    needed = [name for name, output in OUTPUTS.items() if output.needed]
    if missing := sorted(set(needed).difference(counts)):
        raise ResultError(f"{folder} has no tables {', '.join(missing)}; {_AGAIN}")
    return {name: _read_table(folder, name, count) for name, count in counts.items()}, provenance


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
        return counts, Provenance.from_dict(told)
    except ValueError as error:
        raise ResultError(f"{folder / MARKER} is damaged ({error}); {_AGAIN}") from None


def _read_table(folder: Path, name: str, count: int) -> pd.DataFrame:
    """Read a table and check that it has every column of its schema."""
    if name not in OUTPUTS:
        raise ResultError(f"{folder / MARKER} lists an unknown table {name!r}; {_AGAIN}")
    try:
        table = read_parquet(folder / f"{name}.parquet")
    except (OSError, ValueError) as error:
        raise ResultError(f"{folder / name}.parquet is missing or damaged ({error}); {_AGAIN}") from None
    if len(table) != count:
        raise ResultError(f"{folder / name}.parquet has {len(table)} rows, not {count}; {_AGAIN}")
    schema = OUTPUTS[name].table
    lost = [column for column in schema.by_name if column not in table]
    if needed := [column for column in lost if column not in _NAMES]:
        raise ResultError(f"{folder / name}.parquet has no columns {', '.join(needed)}; {_AGAIN}")
    if lost:
        table = table.assign(**dict.fromkeys(lost, ""))
        table = table[[*schema.by_name, *(column for column in table if column not in schema.by_name)]]
    if wrong := list(schema.type_mismatches(table)):
        raise ResultError(f"{folder / name}.parquet is damaged ({'; '.join(wrong)}); {_AGAIN}")
    # Rows are found by a name; keys of several columns group rows of some tables.
    if len(schema.key) == 1 and table.duplicated(list(schema.key)).any():
        raise ResultError(f"{folder / name}.parquet is damaged (several rows with the same key); {_AGAIN}")
    return table
