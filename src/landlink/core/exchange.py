"""Swap two names of a file system in one step, where the platform can."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any, Final

__all__ = ["exchange"]

#: Flags of ``renameat2`` (Linux) and ``renamex_np`` (macOS), and the folder from which relative paths count.
_RENAME_EXCHANGE: Final = 2
_RENAME_SWAP: Final = 2
_AT_FDCWD: Final = -100
#: What a kernel, a file system or a sandbox without the call answers.
_UNABLE: Final = frozenset({errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EPERM})


def exchange(first: Path, second: Path) -> bool:
    """Swap two files or folders of one file system in one step.

    Returns
    -------
    bool
        False if the platform or the file system cannot do it; nothing is changed then.

    Raises
    ------
    OSError
        A name does not exist, or there is no permission.
    """
    library = _c_library()
    names = os.fsencode(first), os.fsencode(second)
    if sys.platform == "darwin" and hasattr(library, "renamex_np"):
        failed = library.renamex_np(*names, ctypes.c_uint(_RENAME_SWAP))
    elif sys.platform.startswith("linux") and hasattr(library, "renameat2"):
        failed = library.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], ctypes.c_uint(_RENAME_EXCHANGE))
    else:
        return False
    if not failed:
        return True
    number = ctypes.get_errno()
    if number in _UNABLE:
        return False
    raise OSError(number, os.strerror(number), str(first), None, str(second))


@cache
def _c_library() -> Any:
    return None if os.name == "nt" else ctypes.CDLL(None, use_errno=True)
