"""Hidden folders in which files and folders are made before they take their final names.

A work folder lies beside its target, so that moving into place is a rename. It holds ``owner``, which its process keeps
locked and which names the target; ``new``, the content in the making; and, only where the platform cannot swap two
names in one step, ``old-N``, what stood at the target and was moved aside. The system releases the lock when the
process ends, even if it is killed, and a process that gets the same number later does not hold it. So a work folder
without a lock is a leftover: :func:`sweep` puts back what had been moved aside from a target that is gone, and removes
the rest.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from landlink.core.file_lock import try_lock

__all__ = ["put_back", "sweep", "work_folder"]

_PREFIX: Final = ".landlink-"
_SUFFIX: Final = ".tmp"
_OWNER: Final = "owner"
_OLD: Final = "old-"
#: Longest file name of any common file system, in bytes.
_LONGEST: Final = 1024


@contextmanager
def work_folder(target: Path) -> Iterator[Path]:
    """Make a work folder beside a target, and remove it in the end.

    Raises
    ------
    OSError
        The folder of the target cannot be written.
    """
    folder, handle = _begun(target)
    try:
        yield folder
    finally:
        _end(folder, handle, target.name)


def sweep(folder: Path) -> None:
    """Mend and remove what killed processes left in a folder; whatever cannot be changed is left alone."""
    try:
        with os.scandir(folder) as entries:
            found = [Path(entry.path) for entry in entries if _is_work_folder(entry)]
    except OSError:
        return
    for leftover in found:
        with suppress(OSError):
            _sweep_one(leftover)


def put_back(folder: Path, target: Path) -> None:
    """Give a target that is gone what was last moved aside from it."""
    if os.path.lexists(target):
        return
    aside = sorted(folder.glob(f"{_OLD}*"), key=lambda path: int(path.name.removeprefix(_OLD)))
    if aside:
        try:
            aside[-1].rename(target)
        except OSError:
            # Another writer may have put its own work there meanwhile, which is newer.
            if not os.path.lexists(target):
                raise


def _begun(target: Path) -> tuple[Path, int]:
    """Make a work folder and lock it; again if another process took it for a leftover before it was locked."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, suffix=_SUFFIX, dir=target.parent))
        try:
            handle = os.open(folder / _OWNER, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        except FileNotFoundError:
            continue
        if _locked(handle) and _is_there(folder / _OWNER, handle):
            try:
                os.write(handle, os.fsencode(target.name))
                os.fsync(handle)
            except OSError:
                # The disk is full.
                _end(folder, handle, "")
                raise
            return folder, handle
        os.close(handle)


def _locked(handle: int) -> bool:
    """Lock a new file; on a file system without locks nobody can, and nothing is ever taken for a leftover."""
    try:
        return try_lock(handle)
    except OSError:
        return True


def _is_there(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _is_work_folder(entry: os.DirEntry[str]) -> bool:
    return entry.name.startswith(_PREFIX) and entry.name.endswith(_SUFFIX) and entry.is_dir(follow_symlinks=False)


def _sweep_one(folder: Path) -> None:
    try:
        handle = os.open(folder / _OWNER, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        # Its process was killed before it owned the folder or after it had cleared it, or is about to own it.
        folder.rmdir()
        return
    try:
        if not try_lock(handle):
            os.close(handle)
            return
    except OSError:
        os.close(handle)
        return
    _end(folder, handle, os.fsdecode(os.read(handle, _LONGEST)))


def _end(folder: Path, handle: int, name: str) -> None:
    """Put back what is missing at the target and remove a work folder; nothing that was moved aside is ever lost."""
    try:
        if name and name == Path(name).name:
            put_back(folder, folder.parent / name)
        if name or not any(folder.glob(f"{_OLD}*")):
            _clear(folder)
    finally:
        os.close(handle)
    # The lock goes last, so that what remains after a kill is still known as a leftover.
    with suppress(OSError):
        if [path.name for path in folder.iterdir()] == [_OWNER]:
            (folder / _OWNER).unlink()
        folder.rmdir()


def _clear(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name == _OWNER:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink()
