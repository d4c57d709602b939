"""Open Matrix files (OMX 0.2): HDF5 with matrices under ``/data`` and their labels under ``/lookup``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landlink.core.arrays import Floats, Ints
from landlink.core.errors import InputError, Problem
from landlink.formats.omx_writing import writing_omx
from landlink.tables.labels import whole_numbers

__all__ = ["read_omx", "write_omx"]


def write_omx(path: str | os.PathLike[str], matrices: Mapping[str, Floats], zones: Ints) -> Path:
    """Write matrices atomically.

    Parameters
    ----------
    path
        The file; replaced if it exists.
    matrices
        Matrices by name, of shape (zones, zones).
    zones
        Numbers of the zones, written as the lookup ``zone``; shape (zones,).

    Raises
    ------
    InputError
        A matrix name is not valid in the format.
    OutputError
        The path cannot be written.
    """
    target = Path(path)
    with writing_omx(target, list(matrices), zones) as rows:
        rows([np.asarray(matrix, dtype=np.float64) for matrix in matrices.values()])
    return target


def read_omx(path: str | os.PathLike[str], *, lookup: str | None = None) -> tuple[Ints, dict[str, Floats]]:
    """Read matrices and their zone numbers.

    Parameters
    ----------
    path
        The file.
    lookup
        Name of the lookup that holds the zone numbers. Needed only where a file has several that differ; an empty
        text numbers the zones from 1, whatever the lookups say.

    Returns
    -------
    zones
        Zone numbers; from 1 if the file has no lookup. Shape (zones,).
    matrices
        Matrices by name, shape (zones, zones). Cells equal to the value that the attribute ``NA`` of a matrix states
        are NaN.

    Raises
    ------
    InputError
        The file does not exist, is not an Open Matrix file, its matrices are not square, its labels are not whole
        numbers, or it has several lookups and none is named.
    """
    import h5py  # noqa: PLC0415  only this needs it

    source = Path(path)
    if not source.is_file():
        raise InputError(Problem(source.name, "the file does not exist", value=str(source)))
    try:
        with h5py.File(source, "r") as file:
            matrices = {name: _matrix(data) for name, data in file.get("data", {}).items()}
            lookups = {name: np.asarray(data[()]) for name, data in file.get("lookup", {}).items()}
    except (OSError, TypeError, ValueError) as error:
        raise InputError(Problem(source.name, f"not an Open Matrix file ({error})")) from None
    if not matrices:
        raise InputError(Problem(source.name, "the file contains no matrices", allowed="matrices under /data"))
    first = next(iter(matrices.values()))
    size = len(first) if first.ndim else 0
    square = f"shape ({size}, {size})" if size else "a square matrix"
    wrong = [
        Problem(source.name, "wrong matrix shape", "", name, f"shape {matrix.shape}", square)
        for name, matrix in matrices.items()
        if matrix.shape != (size, size) or not size
    ]
    if wrong:
        raise InputError(wrong)
    return _zones(source.name, lookups, lookup, size), matrices


def _matrix(data: Any) -> Floats:
    """Read a matrix; cells with the value that it states for missing ones are NaN."""
    matrix = np.asarray(data[()], dtype=np.float64)
    if (missing := data.attrs.get("NA")) is not None and np.size(missing) == 1:
        matrix[matrix == float(np.ravel(missing)[0])] = np.nan
    return matrix


def _zones(file: str, lookups: dict[str, NDArray[Any]], wanted: str | None, size: int) -> Ints:
    """Zone numbers of the lookup that is named, or of the only one."""
    if wanted == "" or (wanted is None and not lookups):
        return np.arange(1, size + 1)
    names = ", ".join(lookups) or "none"
    if wanted is not None and wanted not in lookups:
        raise InputError(Problem(file, "unknown lookup", column="lookup", value=wanted, allowed=names))
    chosen = [wanted] if wanted is not None else list(lookups)
    labels = {name: _numbers(lookups[name], size) for name in chosen}
    first = labels[chosen[0]]
    same = all(isinstance(other, np.ndarray) and np.array_equal(first, other) for other in labels.values())
    if len(chosen) > 1 and not same:
        message = "the file has several lookups, which name the zones differently"
        raise InputError(Problem(file, message, "", "lookup", names, "the name of one of them"))
    if isinstance(first, str):
        allowed = "a different whole number for each row; lookup='' numbers the zones from 1"
        raise InputError(Problem(file, f"the labels are not zone numbers: {first}", "", chosen[0], "", allowed))
    return first


def _numbers(values: NDArray[Any], size: int) -> Ints | str:
    """Labels as whole numbers, or the reason why they are not."""
    if values.shape != (size,):
        return f"shape {values.shape} for {size} rows"
    numbers = whole_numbers(values.tolist())
    shown = [value.decode(errors="replace") if isinstance(value, bytes) else str(value) for value in values.tolist()]
    strange = [text for text, number in zip(shown, numbers, strict=True) if number is None]
    if strange:
        return "found " + ", ".join(strange[:5])
    found = np.array(numbers, dtype=np.int64)
    return found if len(np.unique(found)) == size else "some appear twice"
