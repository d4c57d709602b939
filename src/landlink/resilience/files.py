"""Files of resilience: a folder with the result and its tables as CSV, and single tables, written and read back."""

from __future__ import annotations

import math
import os
from collections.abc import Collection
from pathlib import Path
from typing import Final

import pandas as pd

from landlink.core.atomic_files import replaced_folder, write_text
from landlink.core.errors import InputError, Problem
from landlink.core.json_text import json_text
from landlink.core.version import VERSION
from landlink.formats.authorship import csv_header_with_names, read_json
from landlink.resilience.output_tables import (
    LOSS,
    LOSS_CURVE,
    LOSS_HAZARD,
    LOSS_RISK,
    REDUNDANCY,
    REPLAY,
)
from landlink.resilience.record_files import record_file
from landlink.results.result import Result
from landlink.tables.column import Table
from landlink.tables.csv_text import quoted
from landlink.tables.destinations import OutputFolder, check_output
from landlink.tables.frames import numbers
from landlink.tables.names import further_names
from landlink.tables.read import read_table

__all__ = [
    "FILES",
    "REPLAY_FILE",
    "RESILIENCE_FOLDER",
    "RESULT_NAME",
    "is_loss_table",
    "read_file",
    "save_folder",
    "save_table",
]

#: File of each table in a folder of resilience.
FILES: Final[dict[str, Table]] = {
    "losses.csv": LOSS,
    "loss_hazards.csv": LOSS_HAZARD,
    "loss_risk.csv": LOSS_RISK,
    "loss_curve.csv": LOSS_CURVE,
    "redundancy.csv": REDUNDANCY,
    "replays.csv": REPLAY,
}
#: Folder of the result within it.
RESULT_NAME: Final = "result"
_MARKER: Final = "resilience.json"
_FORMAT: Final = 1


def _listed(folder: Path) -> Collection[str] | None:
    content = read_json(folder / _MARKER)
    return [*FILES, RESULT_NAME] if content is not None and content.get("format") == _FORMAT else None


#: The kind of folder that ``landlink resilience`` writes.
RESILIENCE_FOLDER: Final = OutputFolder("an analysis of resilience", _MARKER, _listed)
#: The kind of file that ``landlink replay`` writes.
REPLAY_FILE: Final = record_file("a replay", REPLAY)


def save_folder(result: Result, path: str | os.PathLike[str], *, force: bool = False) -> Path:
    """Write a result of :func:`landlink.resilience` atomically: its tables as CSV, and the result itself within.

    Parameters
    ----------
    result
        The result.
    path
        The folder; an older one is replaced.
    force
        Whether to replace an older one into which somebody has put other files.

    Raises
    ------
    OutputError
        The folder holds something else, or cannot be written.
    """
    target = Path(path)
    with replaced_folder(target, check=lambda place: check_output(place, RESILIENCE_FOLDER, force=force)) as folder:
        for name, table in FILES.items():
            if table.name in result.tables:
                save_table(result.tables[table.name], table, folder / name)
        result.save(folder / RESULT_NAME)
        content = {"format": _FORMAT, "landlink": VERSION, "study": result.provenance.run.study, "label": result.label}
        write_text(folder / _MARKER, json_text(content, sort_keys=True))
    return target


def save_table(frame: pd.DataFrame, table: Table, path: str | os.PathLike[str]) -> None:
    """Write a table atomically as CSV: the columns of its schema, with all digits, and names in further languages."""
    cells = []
    for column in table.columns:
        if column.type == "number":
            values = numbers(frame, column.name).tolist()
            cells.append(["" if math.isnan(value) else repr(value) for value in values])
        else:
            cells.append(quoted(frame[column.name].astype("str")))
    later = further_names(frame, table)
    cells += [quoted(frame[name].astype("str")) for name in later]
    lines = [",".join((*table.by_name, *later)), *map(",".join, zip(*cells, strict=True))]
    write_text(path, "\n".join(lines) + "\n")


def is_loss_table(path: str | os.PathLike[str]) -> bool:
    """Whether a file is a table that :func:`save_table` wrote."""
    return any(csv_header_with_names(list(table.by_name))(Path(path)) for table in FILES.values())


def read_file(path: str | os.PathLike[str]) -> tuple[str, pd.DataFrame]:
    """Read a table that :func:`save_table` wrote; gives its name too.

    Raises
    ------
    InputError
        The file is no such table, or is damaged.
    """
    for table in FILES.values():
        if csv_header_with_names(list(table.by_name))(Path(path)):
            frame, problems = read_table(path, table)
            if problems:
                raise InputError(problems)
            return table.name, frame
    allowed = "a table that landlink resilience or landlink replay wrote"
    raise InputError(Problem(str(path), "not a table of resilience", allowed=allowed))
