"""Appraisals on disk: a folder of CSV tables, which any program opens, and one small JSON file."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Final, TypeVar

import pandas as pd

from landlink.appraisal.notes import Note, note_of
from landlink.appraisal.output_tables import APPRAISAL_OUTPUTS
from landlink.core.atomic_files import recover, replaced_folder, write_text
from landlink.core.errors import ResultError
from landlink.core.input_files import read_input, reason_of
from landlink.core.json_text import json_text
from landlink.formats.authorship import read_json
from landlink.tables.csv_text import quoted
from landlink.tables.destinations import OutputFolder, check_output
from landlink.tables.frames import numbers

__all__ = ["APPRAISAL_FOLDER", "MARKER", "read_appraisal", "save_appraisal"]

MARKER: Final = "appraisal.json"
#: Increased whenever the format changes incompatibly.
FORMAT: Final = 2
_AGAIN: Final = "run the appraisal again"
TermsType = TypeVar("TermsType")
#: How cells of a type of column are read.
_READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "number": lambda cell: float(cell) if cell else math.nan,
    "integer": int,
}


def _listed(folder: Path) -> Collection[str] | None:
    content = read_json(folder / MARKER)
    if content is None or not {"format", "terms", "tables"} <= content.keys():
        return None
    tables = content["tables"]
    return [f"{name}.csv" for name in tables] if isinstance(tables, dict) else None


#: The kind of folder that an appraisal is.
APPRAISAL_FOLDER: Final = OutputFolder("an appraisal", MARKER, _listed)


def save_appraisal(
    tables: Mapping[str, pd.DataFrame], terms: Any, notes: Sequence[Note], target: Path, *, force: bool = False
) -> Path:
    """Write an appraisal's folder atomically."""
    with replaced_folder(target, check=lambda place: check_output(place, APPRAISAL_FOLDER, force=force)) as folder:
        for name, table in tables.items():
            write_text(folder / f"{name}.csv", _csv(table, name))
        content = {
            "format": FORMAT,
            "tables": {name: len(table) for name, table in tables.items()},
            "terms": asdict(terms),
            "notes": [note.record() for note in notes],
        }
        write_text(folder / MARKER, json_text(content, sort_keys=True))
    return target


def _csv(table: pd.DataFrame, name: str) -> str:
    """Text of a table; numbers with the digits needed to read the same value."""
    cells = []
    for column in APPRAISAL_OUTPUTS[name].columns:
        if column.type == "number":
            cells.append(["" if math.isnan(value) else repr(value) for value in numbers(table, column.name).tolist()])
        elif column.type == "integer":
            cells.append([str(int(value)) for value in table[column.name]])
        else:
            cells.append(quoted(table[column.name].astype("str")))
    header = ",".join(column.name for column in APPRAISAL_OUTPUTS[name].columns)
    return "\n".join([header, *map(",".join, zip(*cells, strict=True))]) + "\n"


def read_appraisal(folder: Path, terms: type[TermsType]) -> tuple[dict[str, pd.DataFrame], TermsType, tuple[Note, ...]]:
    """Read an appraisal's folder.

    Raises
    ------
    ResultError
        The folder holds no appraisal, one of another format, or a damaged one.
    """
    recover(folder)
    content = _marker(folder)
    try:
        given = {one.name: content["terms"][one.name] for one in fields(terms)}  # type: ignore[arg-type]
        listed = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
        tables = {name: _table(folder, name, content["tables"][name]) for name in APPRAISAL_OUTPUTS}
        return tables, terms(**listed), tuple(map(note_of, content["notes"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise ResultError(f"{folder / MARKER} is damaged ({error}); {_AGAIN}") from None


def _marker(folder: Path) -> dict[str, Any]:
    try:
        content = json.loads(read_input(folder / MARKER))
    except OSError as error:
        raise ResultError(f"{folder} holds no appraisal: {MARKER} cannot be read: {reason_of(error)}") from None
    except ValueError:
        raise ResultError(f"{folder / MARKER} is damaged; {_AGAIN}") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ResultError(f"{folder / MARKER} is of another format; {_AGAIN}")
    return content


def _table(folder: Path, name: str, rows: int) -> pd.DataFrame:
    table, path = APPRAISAL_OUTPUTS[name], folder / f"{name}.csv"
    try:
        header, *lines = csv.reader(io.StringIO(read_input(path).decode("utf-8"), newline=""))
        cells = list(zip(*lines, strict=True)) if lines else [() for _ in header]
        columns = {
            column.name: list(map(_READ.get(column.type, str), values))
            for column, values in zip(table.columns, cells, strict=True)
        }
        if header != list(table.by_name) or len(lines) != rows:
            columns = {}
    except OSError as error:
        raise ResultError(f"{path} cannot be read: {reason_of(error)}; {_AGAIN}") from None
    except ValueError as error:
        raise ResultError(f"{path} is damaged ({error}); {_AGAIN}") from None
    if not columns:
        raise ResultError(f"{path} is damaged: other rows or columns than {MARKER} lists; {_AGAIN}")
    return table.typed(pd.DataFrame(columns, columns=list(table.by_name)))
