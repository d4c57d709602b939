"""Write a file or a folder whole or not at all.

A reader never sees half of what is written here: the bytes go to a temporary
name in the same folder, reach the disk, and only then take the final name.
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
    """Write UTF-8 text to a file, whole or not at all.

    Parameters
    ----------
    path
        The file; replaced if it exists. Its folder is made if missing.
    text
        The content; line ends are written as they are.

    Raises
    ------
    OutputError
        The place cannot be written.
    """
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: str | os.PathLike[str], content: bytes) -> None:
    """Write bytes to a file, whole or not at all.

    Parameters
    ----------
    path
        The file; replaced if it exists. Its folder is made if missing.
    content
        The bytes.

    Raises
    ------
    OutputError
        The place cannot be written.
    """
    with replaced_file(path) as temporary:
        temporary.write_bytes(content)


@contextmanager
def replaced_file(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Fill a file that takes its name only when it is complete.

    Parameters
    ----------
    path
        The file; replaced if it exists. Its folder is made if missing.

    Yields
    ------
    pathlib.Path
        A temporary file beside it, to be written.

    Raises
    ------
    OutputError
        The place cannot be written.
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
    """Fill a folder that does not exist yet; it appears complete or not at all.

    Parameters
    ----------
    path
        The folder to make. An empty folder there is taken over.

    Yields
    ------
    pathlib.Path
        A temporary folder beside it, to be filled.

    Raises
    ------
    OutputError
        The place holds something already, or cannot be written.
    """
    target = Path(path)
    if target.exists() and not (target.is_dir() and _is_empty(target)):
        raise OutputError(f"{target} exists already and is not empty; choose another place or remove it")
    with _filled(target) as temporary:
        yield temporary
        with _as_output_error(target):
            if target.is_dir():
                target.rmdir()
            temporary.rename(target)


@contextmanager
def replaced_folder(path: str | os.PathLike[str], *, marker: str) -> Iterator[Path]:
    """Fill a folder that takes the place of an older one of the same sort.

    Parameters
    ----------
    path
        The folder to make or to replace.
    marker
        Name of a file that every folder of this sort holds. A folder that is
        not empty and lacks it is somebody's own and is never replaced.

    Yields
    ------
    pathlib.Path
        A temporary folder beside it, to be filled.

    Raises
    ------
    OutputError
        The place holds something of another sort, or cannot be written.
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
        The folder that is to be made or replaced.
    marker
        Name of a file that every folder of this sort holds.

    Raises
    ------
    OutputError
        The place is a file, holds something of another sort, or cannot be written.
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
    """Refuse a file that cannot be written, before the work of filling it is done.

    Parameters
    ----------
    path
        The file that is to be made or replaced.
    suffixes
        Endings, with their dot, that its name may have.

    Raises
    ------
    OutputError
        The name ends otherwise, the place is a folder, or it cannot be written.
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
    """A temporary folder beside the target, removed if anything fails."""
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
    """Rename a folder onto another; the older one goes only after the new one stands."""
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
    """Bring the bytes of a file to the disk."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    """Make a rename durable; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
