"""Many small files that are written quickly, and whose damage shows when they are read.

A file that must survive a cut of power has to be flushed to disk, which takes milliseconds on a quiet machine and ten
times that on a busy one. Where the content can be made again, as a member of a run can, it is enough to know whether
it is whole: a digest behind the content says so. A process that is killed loses nothing of what it has written here;
a machine that loses power loses the last seconds, and nothing damaged is taken for whole.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from landlink.core.errors import OutputError

__all__ = ["seal", "unsealed", "write_unflushed"]

_DIGEST: Final = 16


def seal(content: bytes) -> bytes:
    """Put a digest behind a content."""
    return content + _digest(content)


def unsealed(content: bytes) -> bytes:
    """Take the digest away.

    Raises
    ------
    ValueError
        The content is not whole.

    Examples
    --------
    >>> unsealed(seal(b"whole"))
    b'whole'
    """
    found, digest = content[:-_DIGEST], content[-_DIGEST:]
    if digest != _digest(found):
        raise ValueError("the file is damaged")
    return found


def write_unflushed(path: Path, content: bytes) -> None:
    """Write a file that is seen whole or not at all; at a time, only one process may write to it.

    Raises
    ------
    OutputError
        The path cannot be written.
    """
    new = path.with_name(f".{path.name}.new")
    try:
        new.write_bytes(content)
        new.replace(path)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from error


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_DIGEST).digest()
