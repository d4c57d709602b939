"""A lock on an open file that the system releases when its process ends, however it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["locked", "try_lock"]

if sys.platform == "win32":
    import errno
    import msvcrt

    #: The byte that is locked, far behind the content: a locked byte cannot be read by others.
    _BYTE = 1 << 30

    def try_lock(handle: int) -> bool:
        """Lock an open file until it is closed; False if another process holds the lock."""
        position = os.lseek(handle, 0, os.SEEK_CUR)
        os.lseek(handle, _BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EDEADLK):
                return False
            raise
        finally:
            os.lseek(handle, position, os.SEEK_SET)
        return True

    def _lock(handle: int) -> None:
        """Wait for the lock on an open file, for ten seconds at most."""
        os.lseek(handle, _BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        """Wait for the lock on an open file."""
        fcntl.flock(handle, fcntl.LOCK_EX)

    def try_lock(handle: int) -> bool:
        """Lock an open file until it is closed; False if another process holds the lock.

        Raises
        ------
        OSError
            The file system has no locks.
        """
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file, made if missing; on a file system without locks, go on without it.

    Raises
    ------
    OSError
        The file cannot be made.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with suppress(OSError):
            _lock(handle)
        yield
    finally:
        os.close(handle)
