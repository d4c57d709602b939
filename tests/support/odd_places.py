"""What may stand in place of a file: pipes, folders, devices, loops."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the address of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as end:
            end.bind(path.name)
    finally:
        os.chdir(here)


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _vast(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2**53)


def _fifo(path: Path) -> None:
    os.mkfifo(path)


#: Makers by what they make, and what an error says of it.
PLACES: dict[str, tuple[Callable[[Path], None], str]] = {
    "folder": (Path.mkdir, "it is a folder"),
    "pipe": (_fifo, "it is a named pipe"),
    "loop": (_loop, "symbolic links"),
    "device": (_endless, "it is a device"),
    "socket": (_socket, "it is a socket"),
}

needs_posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes and devices in folders")


def odd_place(path: Path, kind: str) -> str:
    """Put something else in place of a file; returns what an error says of it."""
    if path.exists() or path.is_symlink():
        path.unlink()
    make, told = PLACES[kind]
    make(path)
    return told


def vast_file(path: Path) -> Path:
    """A file of eight petabytes that takes no room on the disk; skips where the file system has none such."""
    try:
        _vast(path)
    except OSError:
        with path.open("wb") as file:
            file.truncate(2**43)
    return path
