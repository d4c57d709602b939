"""Opening of input files: regular files only, and no more of them than memory holds.

Every reader of every kind of file goes through here. A named pipe or a terminal in place of a file would wait for ever,
a device might never end, and reading some devices changes them.
"""

from __future__ import annotations

import errno
import gzip
import os
import stat
import zlib
from pathlib import Path
from typing import BinaryIO, Final

from landlink.core.memory import check_memory, in_bytes

__all__ = ["is_folder", "open_input", "read_input", "reason_of"]

_CHUNK: Final = 1024 * 1024
_GZIP: Final = b"\x1f\x8b"
#: Times its packed size that the content of an archive may have, and the size up to which it does not matter, bytes.
#: Tables of numbers shrink to a tenth, seldom to a hundredth; what was made to burst, to a thousandth.
_DENSEST: Final = 200
_SMALL: Final = 64 * 1024 * 1024
#: Names of what is not a regular file, by the test of its mode.
_KINDS: Final = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)


def open_input(path: str | os.PathLike[str]) -> BinaryIO:
    """Open a regular file for reading.

    Links are followed. What is not a regular file is refused without opening it.

    Raises
    ------
    OSError
        The file does not exist, cannot be opened, or is not a regular file; :func:`reason_of` says which.
    """
    try:
        _check_regular(Path(path).stat().st_mode, path)
        # Should the path be replaced meanwhile, opening a named pipe must not wait, nor a terminal become ours.
        handle = os.open(path, os.O_RDONLY | _flag("O_NONBLOCK") | _flag("O_NOCTTY") | _flag("O_BINARY"))
    except ValueError:
        raise OSError(errno.EINVAL, "invalid file name", repr(os.fspath(path))) from None
    try:
        _check_regular(os.fstat(handle).st_mode, path)
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def read_input(
    path: str | os.PathLike[str], *, most: float | None = None, memory_per_byte: float = 1.0, unpack: bool = False
) -> bytes:
    """Read a regular file whole.

    Parameters
    ----------
    path
        The file.
    most
        Largest size allowed, bytes; no limit but memory by default.
    memory_per_byte
        Memory that the reader needs for each byte of content, this content included.
    unpack
        Unpack a gzip archive; sizes are those of the unpacked content. One that swells far more than any table does is
        refused before it takes the memory and the minutes that it asks for.

    Raises
    ------
    OSError
        The file cannot be opened (see :func:`open_input`) or read, is too large, a damaged archive or one that bursts.
    InputError
        The content would take more memory than is available.
    """
    with open_input(path) as file:
        size = os.fstat(file.fileno()).st_size
        _check_size(path, size, most, memory_per_byte)
        packed = unpack and file.read(len(_GZIP)) == _GZIP
        file.seek(0)
        try:
            with gzip.GzipFile(fileobj=file, mode="rb") if packed else file as stream:
                burst = max(_SMALL, _DENSEST * size) if packed else None
                return _read_all(stream, path, most, memory_per_byte, burst)
        except (EOFError, zlib.error) as error:
            raise OSError(errno.EINVAL, f"damaged gzip archive: {error}", os.fspath(path)) from None


def is_folder(path: str | os.PathLike[str]) -> bool:
    """Whether there is a folder of this name; also where the name is none, or may not be looked up."""
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):
        return False


def reason_of(error: OSError) -> str:
    """Say why a file could not be read, without its path."""
    return error.strerror or str(error)


def _read_all(
    stream: BinaryIO | gzip.GzipFile,
    path: str | os.PathLike[str],
    most: float | None,
    factor: float,
    burst: float | None,
) -> bytes:
    """Read to the end; the size is checked as it grows, since archives and files of the system do not state theirs."""
    content = bytearray()
    checked = 0
    while chunk := stream.read(_CHUNK):
        content += chunk
        if burst is not None and len(content) > burst:
            reason = f"the archive bursts: more than {in_bytes(burst)} of content, {_DENSEST} times its own size"
            raise OSError(errno.EFBIG, f"{reason}; allowed: the file unpacked", os.fspath(path))
        if len(content) > 1.25 * checked:
            checked = len(content)
            _check_size(path, checked, most, factor)
    _check_size(path, len(content), most, 0.0)
    return bytes(content)


def _check_size(path: str | os.PathLike[str], size: int, most: float | None, factor: float) -> None:
    name = Path(path).name
    if most is not None and size > most:
        raise OSError(errno.EFBIG, f"too large; allowed: at most {in_bytes(most)}", os.fspath(path))
    check_memory(size * factor, f"reading {in_bytes(size)} of text", table=name, value=os.fspath(path))


def _check_regular(mode: int, path: str | os.PathLike[str]) -> None:
    if not stat.S_ISREG(mode):
        kind = next((name for test, name in _KINDS if test(mode)), "something else")
        raise OSError(errno.EINVAL, f"it is {kind}, not a regular file", os.fspath(path))


def _flag(name: str) -> int:
    """Flag of ``os.open``, 0 where the platform has none."""
    return int(getattr(os, name, 0))
