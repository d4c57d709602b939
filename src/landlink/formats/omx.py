"""Open Matrix files (OMX 0.2): HDF5 with matrices under ``/data`` and their labels under ``/lookup``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from landlink.core.arrays import Floats, Ints
from landlink.core.atomic_files import replaced_file
from landlink.core.errors import InputError, Problem
from landlink.core.problem_list import ProblemList
from landlink.formats.hdf5_input import datasets_of, opened_hdf5

__all__ = ["read_omx", "write_omx"]


VERSION: Final = b"0.2"
#: Name of the lookup with the zones of rows and columns.
LOOKUP: Final = "zone"
#: Compression supported by all programs that read the format.
_PACKED: Final = {"compression": "gzip", "compression_opts": 1, "shuffle": True}


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
    import h5py  # noqa: PLC0415  only this needs it

    if bad := [name for name in matrices if not name or "/" in name or name == "."]:
        raise InputError([Problem("", "invalid matrix name", value=name, allowed="a name without /") for name in bad])
    target = Path(path)
    with replaced_file(target) as temporary, h5py.File(temporary, "w") as file:
        file.attrs["OMX_VERSION"] = np.bytes_(VERSION)
        file.attrs["SHAPE"] = np.array([len(zones), len(zones)], dtype=np.int32)
        data, lookup = file.create_group("data"), file.create_group("lookup")
        for name, matrix in matrices.items():
            data.create_dataset(name, data=matrix, **_PACKED)
        lookup.create_dataset(LOOKUP, data=zones.astype(np.int32))
    return target


def read_omx(path: str | os.PathLike[str]) -> tuple[Ints, dict[str, Floats]]:
    """Read matrices and their zone numbers.

    Zone numbers come from the first lookup with unique whole numbers; without one, zones are numbered from 1.

    Raises
    ------
    InputError
        The file does not exist, is not an Open Matrix file or damaged, its matrices are not square, or something of it
        lies in other files; see :mod:`landlink.formats.hdf5_input`.
    """
    source = Path(path)
    with opened_hdf5(source, "an Open Matrix file") as file:
        data, labels = (datasets_of(file, group, source.name) for group in ("data", "lookup"))
        _check_kinds(data, labels, source.name)
        matrices = {name: np.asarray(values[()], dtype=np.float64) for name, values in data.items()}
        lookups = [np.asarray(values[()]) for values in labels.values()]
    return _zones(lookups, len(next(iter(matrices.values())))), matrices


def _check_kinds(data: Mapping[str, Any], labels: Mapping[str, Any], name: str) -> None:
    """Refuse what is not a square matrix of numbers, and lookups that are not lists, before any of them is read."""
    if not data:
        raise InputError(Problem(name, "the file contains no matrices", allowed="matrices under /data"))
    size = next((values.shape[0] for values in data.values() if len(values.shape) == 2), 0)
    problems = ProblemList()
    for key, values in data.items():
        if values.dtype.kind not in "biuf":
            problems.add(Problem(name, "not a matrix of numbers", "", key, str(values.dtype), "numbers"))
        if values.shape != (size, size) or not size:
            found, allowed = f"shape {values.shape}", f"shape ({size}, {size})" if size else "a square matrix"
            problems.add(Problem(name, "wrong matrix shape", "", key, found, allowed))
    for key, values in labels.items():
        if len(values.shape) != 1 or values.dtype.kind not in "iufSO":
            found = f"shape {values.shape} of {values.dtype}"
            problems.add(
                Problem(name, "the lookup is not a list of labels", "", key, found, "a list of numbers or text")
            )
    if problems:
        raise InputError(problems.listed())


def _zones(lookups: list[NDArray[Any]], size: int) -> Ints:
    for values in lookups:
        if values.shape == (size,) and values.dtype.kind in "iu" and len(np.unique(values)) == size:
            return values.astype(np.int64)
    return np.arange(1, size + 1)
