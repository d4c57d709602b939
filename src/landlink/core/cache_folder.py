"""The user's own cache folder, for compiled code and simulated waits.

Compiled code is read back as pickles, and whoever can write a pickle decides what the reader executes. So the folder is
private (mode 0700), and one that belongs to somebody else, or that others can write to, is not used.
"""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from functools import cache
from pathlib import Path

__all__ = ["cache_folder", "private_below", "private_folder", "say_once"]


def cache_folder() -> Path | None:
    """Folder of the cache: ``LANDLINK_CACHE``, or the platform's cache folder; ``None`` for a user without a home."""
    if given := os.environ.get("LANDLINK_CACHE"):
        return Path(given)
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local")) / "landlink"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "landlink"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "landlink"


def private_folder(name: str) -> tuple[Path | None, str]:
    """Make a folder of the cache that only its user can read and write, if it does not exist.

    Parameters
    ----------
    name
        Name of the folder in :func:`cache_folder`.

    Returns
    -------
    folder
        The folder; ``None`` if it cannot or must not be used.
    reason
        Why it is not used.
    """
    base = cache_folder()
    return (None, "the user has no home folder") if base is None else private_below(base, name)


def private_below(base: Path, name: str) -> tuple[Path | None, str]:
    """Make a private folder below another, as :func:`private_folder` does."""
    folder = base / name
    try:
        for path in (base, folder):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if reason := _foreign(path):
                return None, reason
        if sys.platform != "win32" and stat.S_IMODE(folder.stat().st_mode) != 0o700:
            folder.chmod(0o700)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        return None, f"{folder} cannot be written ({error.strerror or error})"
    return folder, ""


def _foreign(path: Path) -> str:
    """Say why others could have written to a folder; empty if they could not."""
    if sys.platform == "win32":
        # The folders of a user's profile are closed to others, and modes say nothing.
        return ""
    facts = path.stat()
    if facts.st_uid != os.geteuid():
        return f"{path} belongs to another user"
    if facts.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return f"other users can write to {path}"
    return ""


@cache
def say_once(message: str) -> None:
    """Print a message on standard error, the first time that it is to be said."""
    if sys.stderr is not None:
        print(f"landlink: {message}", file=sys.stderr)  # noqa: T201
