"""Results on disk: a folder of Parquet tables and one small JSON file."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from landlink.core.atomic_files import recover, replaced_folder, write_text
from landlink.core.errors import ResultError
from landlink.core.file_names import check_file_name, file_name_fault
from landlink.formats.authorship import read_json
from landlink.results.provenance import Provenance
from landlink.tables.destinations import RESULT_FILE, OutputFolder, check_output
from landlink.tables.frames import Tables
from landlink.tables.outputs import OUTPUTS
from landlink.tables.shared_columns import NAMES

__all__ = ["FORMAT", "RESULT", "read_result", "save_result"]

MARKER: Final = RESULT_FILE
#: Increased whenever the format changes incompatibly.
FORMAT: Final = 2
#: Names, which a result saved before landlink had a language is read without.
_NAMES: Final = frozenset(column.name for column in NAMES)
_AGAIN: Final = "run the scenario again"


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
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
        write_text(folder / MARKER, text + "\n")
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
    needed = [name for name, output in OUTPUTS.items() if output.needed]
    if missing := sorted(set(needed).difference(counts)):
        raise ResultError(f"{folder} has no tables {', '.join(missing)}; {_AGAIN}")
    return {name: _read_table(folder, name, count) for name, count in counts.items()}, provenance


def _read_marker(folder: Path) -> tuple[Mapping[str, Any], Provenance]:
    if not folder.is_dir():
        raise ResultError(f"{folder} is not a folder; make a result with: landlink run STUDY -o {folder}")
    try:
        content = json.loads((folder / MARKER).read_text(encoding="utf-8"))
        known, counts, told = content["format"], dict(content["tables"]), content["provenance"]
    except FileNotFoundError:
        raise ResultError(
            f"{folder} is not a result: it has no {MARKER}; make a result with: landlink run STUDY -o DIR"
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResultError(f"{folder / MARKER} is damaged ({error}); {_AGAIN}") from None
    if known != FORMAT:
        raise ResultError(f"{folder} has format {known}, but this version of landlink reads format {FORMAT}; {_AGAIN}")
    if unknown := sorted(map(str, counts.keys() - OUTPUTS.keys())):
        raise ResultError(f"{folder / MARKER} lists an unknown table {unknown[0]!r}; {_AGAIN}")
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
    try:
        with (folder / f"{name}.parquet").open("rb") as file:
            table = pd.read_parquet(file)
    except (OSError, ValueError, KeyError) as error:
        raise ResultError(f"{folder / name}.parquet is missing or damaged ({error}); {_AGAIN}") from None
    if len(table) != count:
        raise ResultError(f"{folder / name}.parquet has {len(table)} rows, not {count}; {_AGAIN}")
    declared = [column.name for column in OUTPUTS[name].table.columns]
    lost = [column for column in declared if column not in table]
    if needed := [column for column in lost if column not in _NAMES]:
        raise ResultError(f"{folder / name}.parquet has no columns {', '.join(needed)}; {_AGAIN}")
    if lost:
        table = table.assign(**dict.fromkeys(lost, ""))
        return table[[*declared, *(column for column in table if column not in declared)]]
    return table
