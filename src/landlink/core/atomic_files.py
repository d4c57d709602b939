"""Atomic writing of files and folders.

Readers see what was there before or what is there now, never a part of it, whenever the writer is killed: the content
is made in a hidden work folder beside the target, flushed to disk, and moved into place in one step. Only a folder that
replaces another on a platform that cannot swap two names needs two steps; if the writer is killed between them, the
next reader or writer puts the older one back. See :mod:`landlink.core.work_folder`.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from landlink.core.errors import OutputError
from landlink.core.exchange import exchange
from landlink.core.work_folder import sweep, work_folder

__all__ = [
    "check_writable",
    "new_folder",
    "recover",
    "refuse_occupied",
    "replaced_file",
    "replaced_folder",
    "resolved",
    "write_bytes",
    "write_text",
]

#: Attempts to take a place for which other writers contend.
_ATTEMPTS: Final = 100
_OCCUPIED: Final = frozenset({errno.EEXIST, errno.ENOTEMPTY})


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write UTF-8 text to a file atomically.

    Parameters
    ----------
    path
        The file; replaced if it exists. Its folder is created if missing.
    text
        The content; line ends are written unchanged. Bytes of a file name that are no text are written as escapes,
        which JSON reads back.

    Raises
    ------
    OutputError
        The path cannot be written.
    """
    write_bytes(path, text.encode("utf-8", errors="backslashreplace"))


def write_bytes(path: str | os.PathLike[str], content: bytes) -> None:
    """Write bytes to a file atomically.

    Parameters
    ----------
    path
        The file; replaced if it exists. Its folder is created if missing.
    content
        The bytes.

    Raises
    ------
    OutputError
        The path cannot be written.
    """
    with replaced_file(path) as temporary:
        temporary.write_bytes(content)


@contextmanager
def replaced_file(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a path to write to, whose file is moved to its final name once complete.

    Parameters
    ----------
    path
        The file; replaced if it exists. Its folder is created if missing.

    Yields
    ------
    pathlib.Path
        Where to write the file; in the same file system.

    Raises
    ------
    OutputError
        The path cannot be written, or is no regular file, such as a device.
    """
    target = resolved(path)
    with _as_output_error(path), _made(target) as new:
        yield new
        _flush(new)
        if os.path.lexists(target) and not target.is_file():
            raise OutputError(f"cannot write {path}: it is not a regular file")
        new.replace(target)
        _flush_names(target.parent)


@contextmanager
def new_folder(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Create a new folder atomically.

    Parameters
    ----------
    path
        The folder to create. An empty folder with that name is replaced.

    Yields
    ------
    pathlib.Path
        A temporary folder in the same parent folder, to be filled.

    Raises
    ------
    OutputError
        The path exists and is not empty, or cannot be written.
    """
    target = resolved(path)
    refuse_occupied(target)
    with _as_output_error(path), _made(target) as new:
        new.mkdir()
        yield new
        _flush(new)
        refuse_occupied(target)
        if os.name == "nt" and target.is_dir():
            target.rmdir()
        new.rename(target)
        _flush_names(target.parent)


@contextmanager
def replaced_folder(path: str | os.PathLike[str], *, check: Callable[[Path], object]) -> Iterator[Path]:
    """Create a folder atomically, replacing an older one.

    Parameters
    ----------
    path
        The folder to create or replace.
    check
        Called with the path before the folder is filled and again before it takes its place; raises
        :class:`.OutputError` if what is there must not be replaced.

    Yields
    ------
    pathlib.Path
        A temporary folder in the same parent folder, to be filled.

    Raises
    ------
    OutputError
        The path holds something that must not be replaced, or cannot be written.
    """
    target = resolved(path)
    check(target)
    with _as_output_error(path), _made(target) as new:
        new.mkdir()
        yield new
        _flush(new)
        check(target)
        _take_place(new, target)
        _flush_names(target.parent)


def recover(path: str | os.PathLike[str]) -> None:
    """Put a file or folder back whose writer was killed while it replaced it, and remove what killed writers left."""
    sweep(Path(os.path.realpath(path)).parent)


def resolved(path: str | os.PathLike[str]) -> Path:
    """Follow links to the place that a path leads to.

    Raises
    ------
    OutputError
        A link leads nowhere.
    """
    target = Path(os.path.realpath(path))
    if target.is_symlink() or (Path(path).is_symlink() and not os.path.lexists(target)):
        raise OutputError(f"cannot write {path}: it is a link that leads nowhere; remove it, or choose another name")
    return target


def check_writable(path: str | os.PathLike[str], suffixes: Sequence[str] = ()) -> None:
    """Check that a file or folder can be written before computing its content.

    Parameters
    ----------
    path
        What will be created or replaced.
    suffixes
        Accepted file name suffixes, including the dot; none for a folder.

    Raises
    ------
    OutputError
        The suffix is not accepted, a parent is a file, or there is no permission to write.
    """
    target = Path(path)
    if suffixes and target.suffix.lower() not in suffixes:
        raise OutputError(f"cannot write {target}: its name must end in {', '.join(suffixes)}")
    with _as_output_error(target):
        nearest = next(folder for folder in target.absolute().parents if os.path.lexists(folder))
        if not nearest.is_dir():
            raise OutputError(f"cannot write {target}: {nearest} is a file")
        if not os.access(nearest, os.W_OK | os.X_OK):
            raise OutputError(f"cannot write {target}: no permission to write in {nearest}; choose another folder")


@contextmanager
def _made(target: Path) -> Iterator[Path]:
    """Give the path in a work folder at which the content of a target is made."""
    target.parent.mkdir(parents=True, exist_ok=True)
    sweep(target.parent)
    with work_folder(target) as folder:
        yield folder / "new"


def refuse_occupied(target: Path) -> None:
    """Refuse a place for a new folder that holds anything.

    Raises
    ------
    OutputError
        There is a file, or a folder that is not empty.
    """
    if os.path.lexists(target) and not (target.is_dir() and next(target.iterdir(), None) is None):
        raise OutputError(f"{target} already exists and is not empty; choose another path or remove it")


def _take_place(new: Path, target: Path) -> None:
    """Move a folder to its final name; an older one is removed only after the new one is in place."""
    for attempt in range(_ATTEMPTS):
        try:
            if not os.path.lexists(target):
                new.rename(target)
                return
            if exchange(new, target):
                return
            target.rename(new.parent / f"old-{attempt}")
        except FileNotFoundError:
            # Another writer moved the older one aside; its own will follow.
            if not new.exists():
                raise
        except OSError as error:
            # Another writer was first; what it wrote is replaced in turn.
            if error.errno not in _OCCUPIED:
                raise
    raise OutputError(f"cannot write {target}: other processes write to it at the same time; try again")


@contextmanager
def _as_output_error(target: str | os.PathLike[str]) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"cannot write {os.fspath(target)}: {error.strerror or error}") from error


def _flush(path: Path) -> None:
    """Flush a file, or the files and names of a folder, to disk."""
    if path.is_dir():
        for entry in path.iterdir():
            _flush(entry)
        _flush_names(path)
    else:
        with path.open("rb+") as stream:
            os.fsync(stream.fileno())


def _flush_names(folder: Path) -> None:
    """Make renames in a folder durable; Windows neither has nor needs such a call."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
