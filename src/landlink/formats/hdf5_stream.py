"""A file for HDF5 to write to, on a disk that may fill up.

When a write fails, HDF5 tries again whenever it closes or frees something, and at last brings the process down. This
file takes everything, and tells of the fault once HDF5 has closed it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["written_whole"]


@contextmanager
def written_whole(path: Path) -> Iterator[io.FileIO]:
    """Open a new file for HDF5.

    Raises
    ------
    OSError
        Something could not be written; raised at the end.
    """
    with _Forbearing(path, "w+b") as stream:
        yield stream
        if stream.fault is not None:
            raise stream.fault


class _Forbearing(io.FileIO):
    """A file whose writes never fail; the first fault is kept."""

    fault: OSError | None = None

    def write(self, content: object) -> int:
        data = memoryview(content).cast("B")  # type: ignore[arg-type]  # whatever HDF5 hands over
        done = 0
        try:
            while self.fault is None and done < len(data):
                done += super().write(data[done:]) or 0
        except OSError as error:
            self.fault = error
        return len(data)

    def truncate(self, size: int | None = None) -> int:
        try:
            return super().truncate(size)
        except OSError as error:
            self.fault = self.fault or error
            return size or 0
