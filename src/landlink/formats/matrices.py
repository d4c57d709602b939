"""Files of zone-to-zone matrices: Open Matrix, or a long table as CSV or Parquet."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from pyarrow import csv

from landlink.core.arrays import Floats, Ints
from landlink.core.atomic_files import replaced_file
from landlink.core.errors import InputError, Problem
from landlink.formats.omx import read_omx, write_omx
from landlink.tables.labels import whole_numbers

__all__ = ["SUFFIXES", "read_matrices", "write_matrices", "write_table"]


SUFFIXES: Final = (".omx", ".csv", ".parquet")
_PAIR: Final = ["origin", "destination"]


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
    if suffix(target, SUFFIXES) == ".omx":
        return write_omx(target, matrices, zones)
    count = len(zones)
    pairs = {"origin": np.repeat(zones, count), "destination": np.tile(zones, count)}
    return write_table(target, pd.DataFrame(pairs | {name: matrix.ravel() for name, matrix in matrices.items()}))


def write_table(path: str | os.PathLike[str], table: pd.DataFrame) -> Path:
    """Write a table atomically as ``.csv`` or ``.parquet``; numbers are written without loss of precision.

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
            table.to_parquet(temporary, index=False)
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
        table = csv.read_csv(source).to_pandas() if ending == ".csv" else pd.read_parquet(source)
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
