"""Files of zone-to-zone matrices: Open Matrix, or a long table as CSV or Parquet."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import ArrowException, csv

from landlink.core.arrays import Floats, Ints
from landlink.core.atomic_files import replaced_file
from landlink.core.errors import InputError, Problem, listed
from landlink.core.input_files import open_input, reason_of
from landlink.core.memory import check_memory, in_bytes
from landlink.formats.authorship import MARK, any_of, csv_header_is, marked_omx, marked_parquet
from landlink.formats.omx import read_omx
from landlink.formats.omx_writing import Rows, writing_omx
from landlink.formats.parquet_input import read_parquet
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
#: Memory of a character of a table once it is read and sorted, bytes.
_MEMORY_PER_BYTE: Final = 16.0
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
        table = _read_csv(source) if ending == ".csv" else read_parquet(source)
    except FileNotFoundError:
        raise InputError(Problem(source.name, "the file does not exist", value=str(source))) from None
    except OSError as error:
        raise InputError(Problem(source.name, f"cannot be read: {reason_of(error)}", value=str(source))) from None
    except ValueError as error:
        raise InputError(Problem(source.name, f"the file cannot be read ({error})")) from None
    if problems := _column_problems(table, source.name):
        raise InputError(problems)
    table = table.assign(**{end: _zone_numbers(table[end], source.name) for end in _PAIR})
    table = table.sort_values(_PAIR, kind="stable")
    zones = np.unique(table["origin"].to_numpy())
    if len(table) != len(zones) ** 2 or not np.array_equal(
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


def _read_csv(path: Path) -> pd.DataFrame:
    """Read a CSV file; Arrow parses numbers exactly as they were written."""
    with open_input(path) as file:
        size = os.fstat(file.fileno()).st_size
        check_memory(_MEMORY_PER_BYTE * size, f"reading {in_bytes(size)} of text", table=path.name)
        try:
            table: pd.DataFrame = csv.read_csv(file).to_pandas()
        except (ArrowException, NotImplementedError) as error:
            raise ValueError(str(error)) from None
    return table


def _column_problems(table: pd.DataFrame, name: str) -> list[Problem]:
    """Find columns that are missing or there twice, and cells that are not numbers."""
    found = [str(column) for column in table.columns]
    problems = [Problem(name, "the column is missing", column=column) for column in _PAIR if column not in found]
    twice = [column for column, count in Counter(found).items() if count > 1]
    problems += [Problem(name, "duplicate column", column=column, allowed="each column once") for column in twice]
    if not problems:
        for column in (column for column in table.columns if column not in _PAIR):
            problems += listed(_cell_problems(table[column], str(column), name))
    if not problems and not len(table):
        problems.append(Problem(name, "the file has no rows", allowed="one row for each pair"))
    return problems


def _cell_problems(values: pd.Series, column: str, name: str) -> Iterator[Problem]:
    """Find cells that are not numbers."""
    if pd.api.types.is_bool_dtype(values.dtype) or not pd.api.types.is_numeric_dtype(values.dtype):
        there = values.notna().to_numpy()
        wrong = there & np.array([not _reads_as_number(cell) for cell in values], dtype=np.bool_)
        # A column of another kind in which every cell reads as a number is still not one of numbers.
        wrong = wrong if wrong.any() else there
        for row in np.flatnonzero(wrong).tolist():
            yield Problem(name, "not a number", f"row {row + 1}", column, str(values.iloc[row]), "a number")


def _reads_as_number(cell: object) -> bool:
    try:
        return not isinstance(cell, bool) and bool(np.isfinite(float(str(cell))))
    except ValueError:
        return False


def suffix(path: Path, known: tuple[str, ...]) -> str:
    """File name suffix in lower case, validated."""
    ending = path.suffix.lower()
    if ending not in known:
        raise InputError(Problem("", "unknown file name suffix", value=path.name, allowed=", ".join(known)))
    return ending
