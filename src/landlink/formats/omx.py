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
from landlink.formats.authorship import MARK
from landlink.formats.hdf5_stream import written_whole

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
    with replaced_file(target) as temporary, written_whole(temporary) as stream, h5py.File(stream, "w") as file:
        file.attrs[MARK] = np.bytes_(b"matrices")
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
        The file does not exist, is not an Open Matrix file, or its matrices are not square.
    """
    import h5py  # noqa: PLC0415  only this needs it

    source = Path(path)
    if not source.is_file():
        raise InputError(Problem(source.name, "the file does not exist", value=str(source)))
    try:
        with h5py.File(source, "r") as file:
            matrices = {name: np.asarray(data[()], dtype=np.float64) for name, data in file.get("data", {}).items()}
            lookups = [np.asarray(data[()]) for data in file.get("lookup", {}).values()]
    except (OSError, TypeError, ValueError) as error:
        raise InputError(Problem(source.name, f"not an Open Matrix file ({error})")) from None
    if not matrices:
        raise InputError(Problem(source.name, "the file contains no matrices", allowed="matrices under /data"))
    size = len(next(iter(matrices.values())))
    wrong = [
        Problem(source.name, "wrong matrix shape", "", name, f"shape {matrix.shape}", f"shape ({size}, {size})")
        for name, matrix in matrices.items()
        if matrix.shape != (size, size)
    ]
    if wrong:
        raise InputError(wrong)
    return _zones(lookups, size), matrices


def _zones(lookups: list[NDArray[Any]], size: int) -> Ints:
    for values in lookups:
        if values.shape == (size,) and values.dtype.kind in "iu" and len(np.unique(values)) == size:
            return values.astype(np.int64)
    return np.arange(1, size + 1)
