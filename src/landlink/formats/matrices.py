"""Files of zone-to-zone matrices: Open Matrix, or a long table as CSV or Parquet."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from landlink.core.arrays import Floats, Ints
from landlink.core.atomic_files import replaced_file
from landlink.core.errors import InputError, Problem
from landlink.formats.authorship import MARK, any_of, csv_header_is, marked_omx, marked_parquet
from landlink.formats.omx import read_omx
from landlink.formats.omx_writing import Rows, writing_omx
from landlink.tables.destinations import OutputFile, check_output
from landlink.tables.labels import whole_numbers

__all__ = [
    "FLOWS",
    "MATRICES",
    "ROWS",
    "SUFFIXES",
    "read_matrices",
    "save_flows",
    "save_matrices",
    "write_matrices",
    "write_table",
    "writing_matrices",
]

SUFFIXES: Final = (".omx", ".csv", ".parquet")
#: Rows of a matrix written at a time.
ROWS: Final = 256
_PAIR: Final = ["origin", "destination"]
#: Columns of skims and of flows, by which a CSV file of them is known.
_SKIMS: Final = (*_PAIR, "cost", "time", "length", "toll")
_FLOWS: Final = ("from", "to", "flow", "cost")

#: The kinds of files that matrices and the flows of links are.
MATRICES: Final = OutputFile(
    "matrices",
    SUFFIXES,
    any_of({".omx": marked_omx("matrices"), ".csv": csv_header_is(_SKIMS), ".parquet": marked_parquet("matrices")}),
)
FLOWS: Final = OutputFile(
    "flows by link", (".csv", ".parquet"), any_of({".csv": csv_header_is(_FLOWS), ".parquet": marked_parquet("flows")})
)


def save_matrices(
    path: str | os.PathLike[str], matrices: Mapping[str, Floats], zones: Ints, *, force: bool = False
) -> Path:
    """Write matrices as :func:`write_matrices`, unless something else is there.

    Raises
    ------
    InputError
        The file name suffix is not ``.omx``, ``.csv`` or ``.parquet``.
    OutputError
        The path cannot be written, or holds something else.
    """
    suffix(Path(path), SUFFIXES)
    check_output(path, MATRICES, force=force)
    return write_matrices(path, matrices, zones)


def save_flows(path: str | os.PathLike[str], flows: pd.DataFrame, *, force: bool = False) -> Path:
    """Write the flows of links as ``.csv`` or ``.parquet``, unless something else is there.

    Raises
    ------
    OutputError
        The path has another suffix, cannot be written, or holds something else.
    """
    check_output(path, FLOWS, force=force)
    return write_table(path, flows, mark="flows")


def write_matrices(path: str | os.PathLike[str], matrices: Mapping[str, Floats], zones: Ints) -> Path:
    """Write matrices atomically in the format given by the file name suffix.

    A table has the columns origin, destination and one per matrix, and one row per pair of zones.

    Raises
    ------
    InputError
        The file name suffix is not ``.omx``, ``.csv`` or ``.parquet``.
    OutputError
        The path cannot be written.
    """
    target = Path(path)
    with writing_matrices(target, list(matrices), zones) as rows:
        for start in range(0, len(zones), ROWS):
            rows([matrix[start : start + ROWS] for matrix in matrices.values()])
    return target


@contextmanager
def writing_matrices(path: str | os.PathLike[str], names: Sequence[str], zones: Ints) -> Iterator[Rows]:
    """Write matrices atomically as in :func:`write_matrices`; the caller gives all rows, some at a time.

    Raises
    ------
    InputError, OutputError
        As in :func:`write_matrices`.
    """
    target = Path(path)
    how = {".omx": writing_omx, ".csv": _writing_csv, ".parquet": _writing_parquet}
    with how[suffix(target, SUFFIXES)](target, names, zones) as rows:
        yield rows


@contextmanager
def _writing_csv(path: Path, names: Sequence[str], zones: Ints) -> Iterator[Rows]:
    with replaced_file(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        table = _Table(names, zones)

        def rows(blocks: Sequence[Floats]) -> None:
            first = table.row == 0
            table.next(blocks).to_csv(file, index=False, header=first, lineterminator="\n")

        yield rows


@contextmanager
def _writing_parquet(path: Path, names: Sequence[str], zones: Ints) -> Iterator[Rows]:
    fields = [pa.field(name, pa.int64()) for name in _PAIR] + [pa.field(name, pa.float64()) for name in names]
    schema = pa.schema(fields, {MARK: "matrices"})
    with replaced_file(path) as temporary, temporary.open("wb") as stream, pq.ParquetWriter(stream, schema) as file:
        table = _Table(names, zones)
        yield lambda blocks: file.write_table(pa.Table.from_pandas(table.next(blocks), schema))


class _Table:
    """Rows of matrices as rows of a table: origin, destination and one column per matrix."""

    def __init__(self, names: Sequence[str], zones: Ints) -> None:
        self._names, self._zones = names, zones
        self.row = 0

    def next(self, blocks: Sequence[Floats]) -> pd.DataFrame:
        """Table of the next rows of each matrix."""
        count = len(blocks[0]) if len(blocks) else 0
        origins = self._zones[self.row : self.row + count]
        self.row += count
        pairs = {
            "origin": np.repeat(origins, len(self._zones)), "destination": np.tile(self._zones, count),
        }  # fmt: skip
        return pd.DataFrame(pairs | {name: block.ravel() for name, block in zip(self._names, blocks, strict=True)})


def write_table(path: str | os.PathLike[str], table: pd.DataFrame, *, mark: str = "table") -> Path:
    """Write a table atomically as ``.csv`` or ``.parquet``; numbers are written without loss of precision.

    Parameters
    ----------
    path
        The file; replaced if it exists.
    table
        The table.
    mark
        What the table holds, noted in a Parquet file.

    Raises
    ------
    InputError
        The file name suffix is not supported.
    OutputError
        The path cannot be written.
    """
    target = Path(path)
    if suffix(target, (".csv", ".parquet")) == ".csv":
        with replaced_file(target) as temporary:
            table.to_csv(temporary, index=False, lineterminator="\n")
    else:
        with replaced_file(target) as temporary:
            written = pa.Table.from_pandas(table, preserve_index=False)
            metadata = {**(written.schema.metadata or {}), MARK.encode(): mark.encode()}
            with temporary.open("wb") as file:
                pq.write_table(written.replace_schema_metadata(metadata), file)
    return target


def read_matrices(path: str | os.PathLike[str], *, lookup: str | None = None) -> tuple[Ints, dict[str, Floats]]:
    """Read matrices written by :func:`write_matrices` or by another program.

    Parameters
    ----------
    path
        The file.
    lookup
        Name of the lookup of an Open Matrix file that holds the zone numbers, if it has several.

    Raises
    ------
    InputError
        The file does not exist, or does not contain matrices of all pairs of zones.
    """
    source = Path(path)
    ending = suffix(source, SUFFIXES)
    if ending == ".omx":
        return read_omx(source, lookup=lookup)
    try:
        # Arrow parses numbers exactly as they were written.
        with source.open("rb") as file:
            table = csv.read_csv(file).to_pandas() if ending == ".csv" else pd.read_parquet(file)
    except FileNotFoundError:
        raise InputError(Problem(source.name, "the file does not exist", value=str(source))) from None
    except (OSError, ValueError) as error:
        raise InputError(Problem(source.name, f"the file cannot be read ({error})")) from None
    if missing := [name for name in _PAIR if name not in table]:
        raise InputError([Problem(source.name, "the column is missing", column=name) for name in missing])
    table = table.assign(**{end: _zone_numbers(table[end], source.name) for end in _PAIR})
    table = table.sort_values(_PAIR, kind="stable")
    zones = np.unique(table["origin"].to_numpy())
    if not np.array_equal(
        table[_PAIR].to_numpy(), np.stack([np.repeat(zones, len(zones)), np.tile(zones, len(zones))], 1)
    ):
        raise InputError(Problem(source.name, "missing or duplicate pairs of zones", allowed="one row for each pair"))
    names = [name for name in table if name not in _PAIR]
    shape = (len(zones), len(zones))
    return zones, {str(name): table[name].to_numpy(dtype=np.float64).reshape(shape) for name in names}


def _zone_numbers(values: pd.Series, file: str) -> Ints:
    labels = values.tolist()
    numbers = whole_numbers(labels)
    strange = [str(label) for label, number in zip(labels, numbers, strict=True) if number is None]
    if strange:
        found = ", ".join(strange[:5])
        raise InputError(
            Problem(file, "not every label is a zone number", "", str(values.name), found, "whole numbers")
        )
    return np.array(numbers, dtype=np.int64)


def suffix(path: Path, known: tuple[str, ...]) -> str:
    """File name suffix in lower case, validated."""
    ending = path.suffix.lower()
    if ending not in known:
        raise InputError(Problem("", "unknown file name suffix", value=path.name, allowed=", ".join(known)))
    return ending
