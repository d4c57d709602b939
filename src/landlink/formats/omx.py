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
from landlink.core.problem_list import ProblemList
from landlink.formats.hdf5_input import datasets_of, opened_hdf5
from landlink.tables.labels import whole_numbers

__all__ = ["read_omx"]


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
        The file does not exist, is not an Open Matrix file or damaged, something of it lies in other files (see
        :mod:`landlink.formats.hdf5_input`), its matrices are not square, its labels are not whole numbers, or it has
        several lookups and none is named.
    """
    source = Path(path)
    with opened_hdf5(source, "an Open Matrix file") as file:
        data, labels = (datasets_of(file, group, source.name) for group in ("data", "lookup"))
        size = _size(data, source.name)
        matrices = {name: _matrix(values) for name, values in data.items()}
        lookups = {name: np.asarray(values[()]) for name, values in labels.items()}
    return _zones(source.name, lookups, lookup, size), matrices


def _size(data: Mapping[str, Any], file: str) -> int:
    """Number of zones of all matrices; what is not a square matrix of numbers is refused before it is read."""
    if not data:
        raise InputError(Problem(file, "the file contains no matrices", allowed="matrices under /data"))
    size = next((values.shape[0] for values in data.values() if len(values.shape) == 2), 0)
    square = f"shape ({size}, {size})" if size else "a square matrix"
    problems = ProblemList()
    for name, values in data.items():
        if values.dtype.kind not in "biuf":
            problems.add(Problem(file, "not a matrix of numbers", "", name, str(values.dtype), "numbers"))
        if values.shape != (size, size) or not size:
            problems.add(Problem(file, "wrong matrix shape", "", name, f"shape {values.shape}", square))
    if problems:
        raise InputError(problems.listed())
    return int(size)


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
