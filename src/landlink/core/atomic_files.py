"""Atomic writing of files and folders.

Readers never see partly written content: it goes to a temporary name in the
same folder, is flushed to disk, and is then renamed to the final name.
A crash leaves at most a temporary name that starts with a dot.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from landlink.core.errors import OutputError

__all__ = ["check_file", "check_folder", "new_folder", "replaced_file", "replaced_folder", "write_bytes", "write_text"]


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write UTF-8 text to a file atomically.

    Parameters
    ----------
    path
        The file; replaced if it exists. Its folder is created if missing.
    text
        The content; line ends are written unchanged.

    Raises
    ------
    OutputError
        The path cannot be written.
    """
    write_bytes(path, text.encode("utf-8"))


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
    """Open a temporary file that is renamed to its final name once complete.

    Parameters
    ----------
    path
        The file; replaced if it exists. Its folder is created if missing.

    Yields
    ------
    pathlib.Path
        A temporary file in the same folder, to be written.

    Raises
    ------
    OutputError
        The path cannot be written.
    """
    target = Path(path)
    with _as_output_error(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            _sync_file(temporary)
            # mkstemp makes a private file; a result is as readable as any other file of its owner.
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)


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
    target = Path(path)
    if target.exists() and not (target.is_dir() and _is_empty(target)):
        raise OutputError(f"{target} already exists and is not empty; choose another path or remove it")
    with _filled(target) as temporary:
        yield temporary
        with _as_output_error(target):
            if target.is_dir():
                target.rmdir()
            temporary.rename(target)


@contextmanager
def replaced_folder(path: str | os.PathLike[str], *, marker: str) -> Iterator[Path]:
    """Create a folder atomically, replacing an older one of the same kind.

    Parameters
    ----------
    path
        The folder to create or replace.
    marker
        Name of a file that every folder of this kind contains. A folder that
        is not empty and lacks it belongs to the user and is never replaced.

    Yields
    ------
    pathlib.Path
        A temporary folder in the same parent folder, to be filled.

    Raises
    ------
    OutputError
        The path holds something of another kind, or cannot be written.
    """
    target = Path(path)
    check_folder(target, marker=marker)
    with _filled(target) as temporary:
        yield temporary
        with _as_output_error(target):
            _take_place(temporary, target)


def check_folder(path: str | os.PathLike[str], *, marker: str) -> None:
    """Refuse a place that :func:`replaced_folder` would refuse, before the work of filling it is done.

    Parameters
    ----------
    path
        The folder to create or replace.
    marker
        Name of a file that every folder of this kind contains.

    Raises
    ------
    OutputError
        The path is a file, holds something of another kind, or cannot be written.
    """
    target = Path(path)
    with _as_output_error(target):
        if target.exists() and not target.is_dir():
            raise OutputError(f"{target} is a file, not a folder; choose another place")
        if target.is_dir() and not _is_empty(target) and not (target / marker).is_file():
            raise OutputError(
                f"{target} holds other files and no {marker}, so it is not replaced; choose another place"
            )
        nearest = next(folder for folder in (target.absolute(), *target.absolute().parents) if folder.exists())
        if not nearest.is_dir():
            raise OutputError(f"cannot write {target}: {nearest} is a file")
        if not os.access(nearest if nearest != target.absolute() else nearest.parent, os.W_OK):
            raise OutputError(f"cannot write {target}: no permission to write in {nearest}")


def check_file(path: str | os.PathLike[str], suffixes: Sequence[str]) -> None:
    """Check that a file can be written before computing its content.

    Parameters
    ----------
    path
        The file to create or replace.
    suffixes
        Accepted file name suffixes, including the dot.

    Raises
    ------
    OutputError
        The suffix is not accepted, the path is a folder, or it cannot be written.
    """
    target = Path(path)
    if target.suffix.lower() not in suffixes:
        raise OutputError(f"cannot write {target}: its name must end in {', '.join(suffixes)}")
    with _as_output_error(target):
        if target.is_dir():
            raise OutputError(f"cannot write {target}: it is a folder")
        nearest = next(folder for folder in target.absolute().parents if folder.exists())
        if not nearest.is_dir():
            raise OutputError(f"cannot write {target}: {nearest} is a file")
        if not os.access(nearest, os.W_OK):
            raise OutputError(f"cannot write {target}: no permission to write in {nearest}")


@contextmanager
def _filled(target: Path) -> Iterator[Path]:
    """Create a temporary folder next to the target and remove it on failure."""
    with _as_output_error(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent))
        temporary.chmod(0o777 & ~_umask())
    try:
        yield temporary
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    _sync_folder(target.parent)


def _take_place(temporary: Path, target: Path) -> None:
    """Rename a folder onto another; the old one is removed only after the new one is in place."""
    if not target.exists():
        temporary.rename(target)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".old", dir=target.parent))
    target.rename(aside / target.name)
    try:
        temporary.rename(target)
    except OSError:
        (aside / target.name).rename(target)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def _as_output_error(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"cannot write {target}: {error.strerror or error}") from error


def _is_empty(folder: Path) -> bool:
    return next(folder.iterdir(), None) is None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync_file(path: Path) -> None:
    """Flush the content of a file to disk."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    """Make a rename durable; Windows neither has nor needs such a call."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
