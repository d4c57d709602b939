"""Writing Open Matrix files (OMX 0.2) block by block, compressed by several threads.

HDF5 compresses on one thread and keeps what it was given until then. Here a chunk holds some whole rows, is compressed
outside HDF5, and is written as it is (``write_direct_chunk``), so that memory holds one block of rows. The file says
how it was compressed (bytes shuffled, then DEFLATE), which every reader of the format knows.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

from landlink.core.arrays import Floats, Ints
from landlink.core.atomic_files import replaced_file
from landlink.core.errors import InputError, Problem
from landlink.formats.authorship import MARK
from landlink.formats.hdf5_stream import written_whole

__all__ = ["LOOKUP", "Rows", "writing_omx"]

VERSION: Final = b"0.2"
#: Name of the lookup with the zones of rows and columns.
LOOKUP: Final = "zone"
#: Level of DEFLATE: higher ones take several times as long for a tenth less.
LEVEL: Final = 1
#: Size of a chunk before compression, bytes.
CHUNK: Final = 1 << 20

#: Receives consecutive rows of every matrix, in the order of the names; shape (rows, zones) each.
Rows = Callable[[Sequence[Floats]], None]


@contextmanager
def writing_omx(path: Path, names: Sequence[str], zones: Ints) -> Iterator[Rows]:
    """Write matrices atomically; the caller gives all rows, some at a time.

    Parameters
    ----------
    path
        The file; replaced if it exists.
    names
        Names of the matrices.
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

    if bad := [name for name in names if not name or "/" in name or name == "."]:
        raise InputError([Problem("", "invalid matrix name", value=name, allowed="a name without /") for name in bad])
    count = len(zones)
    high = max(1, min(count, CHUNK // max(8 * count, 1)))
    with replaced_file(path) as temporary, written_whole(temporary) as stream, h5py.File(stream, "w") as file:
        file.attrs[MARK] = np.bytes_(b"matrices")
        file.attrs["OMX_VERSION"] = np.bytes_(VERSION)
        file.attrs["SHAPE"] = np.array([count, count], dtype=np.int32)
        data, lookup = file.create_group("data"), file.create_group("lookup")
        sets = [
            data.create_dataset(
                name, (count, count), np.float64, chunks=(high, count) if count else None,
                compression="gzip", compression_opts=LEVEL, shuffle=True,
            )
            for name in names
        ]  # fmt: skip
        lookup.create_dataset(LOOKUP, data=zones.astype(np.int32))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            chunks = _Chunks(sets, high, pool)
            yield chunks.add
            chunks.finish()


class _Chunks:
    """Rows on their way to chunks of a number of rows that differs from that of the blocks given."""

    def __init__(self, sets: Sequence[Any], high: int, pool: ThreadPoolExecutor) -> None:
        self._sets, self._high, self._pool = sets, high, pool
        self._row = 0
        self._rest = [np.empty((0, data.shape[1])) for data in sets]

    def add(self, blocks: Sequence[Floats]) -> None:
        """Write all chunks that are complete."""
        self._rest = [np.concatenate([rest, block]) for rest, block in zip(self._rest, blocks, strict=True)]
        whole = len(self._rest[0]) // self._high * self._high if self._rest else 0
        self._write(whole)
        self._rest = [rest[whole:].copy() for rest in self._rest]

    def finish(self) -> None:
        """Write the last chunk, filled up with zeros that no reader sees."""
        left = len(self._rest[0]) if self._rest else 0
        if left:
            self._rest = [np.pad(rest, ((0, self._high - left), (0, 0))) for rest in self._rest]
            self._write(self._high)

    def _write(self, rows: int) -> None:
        at = range(0, rows, self._high)
        for data, rest in zip(self._sets, self._rest, strict=True):
            packed = self._pool.map(_packed, (rest[start : start + self._high] for start in at))
            for start, content in zip(at, packed, strict=True):
                data.id.write_direct_chunk((self._row + start, 0), content)
        self._row += rows


def _packed(values: Floats) -> bytes:
    """Shuffle the bytes of numbers, first bytes first, and compress them."""
    content = np.ascontiguousarray(values, dtype="<f8").view(np.uint8).reshape(-1, 8)
    return zlib.compress(np.ascontiguousarray(content.T).tobytes(), LEVEL)
