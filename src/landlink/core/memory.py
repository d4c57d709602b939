"""Memory and disk: what a size asks for against what is there, and the peak of the process.

Sizes that a file or an option declares are checked here before anything of that size is made, so that a number of a few
bytes cannot take the machine.
"""

from __future__ import annotations

import math
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from landlink.core.errors import InputError, Problem

__all__ = ["available_memory", "check_disk", "check_memory", "in_bytes", "memory_problem", "peak_memory_mb"]

#: Share of the available memory that one need may take: estimates leave out what is small.
_SHARE: Final = 0.9
#: Fields of the memory status of Windows, 8 bytes each.
_WINDOWS_FIELDS: Final = (
    "total", "available", "total_file", "available_file", "total_virtual", "available_virtual", "extended",
)  # fmt: skip
_UNITS: Final = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")


def peak_memory_mb() -> float | None:
    """Peak memory of the process in MB; ``None`` if the platform does not report it."""
    try:
        import resource  # noqa: PLC0415  Windows has none
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)


def check_memory(need: float, what: str, *, table: str = "", row: str = "", column: str = "", value: str = "") -> None:
    """Refuse what would take more memory than is available.

    Parameters
    ----------
    need
        Bytes; an estimate from below.
    what
        What would take them, such as ``a matrix of 200,000 zones``.
    table, row, column, value
        Where the size is declared; see :class:`landlink.core.errors.Problem`.

    Raises
    ------
    InputError
        The need exceeds what is available; names both.
    """
    if problem := memory_problem(need, what, table=table, row=row, column=column, value=value):
        raise InputError(problem)


def check_disk(path: str | os.PathLike[str], need: float, what: str) -> None:
    """Refuse to begin a file that would not fit on its disk.

    Parameters
    ----------
    path
        The file to write.
    need
        Bytes; an estimate from below.
    what
        What would take them.

    Raises
    ------
    InputError
        The need exceeds what is free; names both.
    """
    target = Path(path).absolute()
    folder = next(place for place in target.parents if place.exists())
    free = shutil.disk_usage(folder).free
    if need > free:
        allowed = f"what fits into the {in_bytes(free)} that are free"
        raise InputError(
            Problem("", f"{what} would take {in_bytes(need)} on the disk", value=str(path), allowed=allowed)
        )


def memory_problem(
    need: float, what: str, *, table: str = "", row: str = "", column: str = "", value: str = ""
) -> Problem | None:
    """Describe a need of memory that exceeds what is available; ``None`` if it does not. See :func:`check_memory`."""
    # Little is never refused: asking the system takes longer than granting it.
    if need < 16 * 1024 * 1024:
        return None
    there = available_memory()
    if need <= _SHARE * there:
        return None
    return Problem(
        table,
        f"{what} would take {in_bytes(need)} of memory",
        row,
        column,
        value,
        f"what fits into the {in_bytes(there)} that are available",
    )


def in_bytes(size: float) -> str:
    """Format a size in bytes with a binary unit.

    Examples
    --------
    >>> in_bytes(3 * 2**30)
    '3 GiB'
    """
    if size > sys.float_info.max:
        return "endless bytes"
    step = 0
    while size >= 1024 and step < len(_UNITS) - 1:
        size, step = size / 1024, step + 1
    return f"{size:,.0f} {_UNITS[step]}" if 1000 <= size < 1e6 else f"{size:.3g} {_UNITS[step]}"


def available_memory() -> float:
    """Bytes that the process can still take without swapping or being killed; infinite if the platform does not say."""
    return max(0.0, min((left for left in _limits() if left is not None), default=math.inf))


def _limits() -> Iterator[float | None]:
    if sys.platform == "linux":
        yield _linux_available()
        yield from _cgroup_left()
    elif sys.platform == "win32":
        yield _windows_available()
    else:
        yield _physical()
    yield _address_space_left()


def _linux_available() -> float | None:
    for line in _lines(Path("/proc/meminfo")):
        if line.startswith("MemAvailable:"):
            return float(line.split()[1]) * 1024
    return None


def _cgroup_left() -> Iterator[float | None]:
    """What the control groups of the process leave, as containers set them (version 2, and the root of version 1)."""
    root = Path("/sys/fs/cgroup")
    own = next((line[3:].strip("/") for line in _lines(Path("/proc/self/cgroup")) if line.startswith("0::")), "")
    place = root / own
    for folder in (place, *place.parents):
        if folder == root.parent:
            break
        yield _left(folder, "memory.max", "memory.current", "inactive_file")
    yield _left(root / "memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")


def _left(folder: Path, limit: str, usage: str, cached: str) -> float | None:
    """Limit less usage of one control group; pages of files count as free, since they are dropped on demand."""
    most, used = _number(_lines(folder / limit)), _number(_lines(folder / usage))
    if most is None or used is None:
        return None
    files = (line.split() for line in _lines(folder / "memory.stat"))
    return most - used + next((float(words[1]) for words in files if words[:1] == [cached]), 0.0)


def _number(lines: list[str]) -> float | None:
    return float(lines[0]) if lines and lines[0].isascii() and lines[0].isdigit() else None


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []


def _address_space_left() -> float | None:
    """What ``ulimit -v`` leaves; ``None`` without a limit."""
    try:
        import resource  # noqa: PLC0415  Windows has none
    except ImportError:
        return None
    most = resource.getrlimit(resource.RLIMIT_AS)[0]
    if most == resource.RLIM_INFINITY:
        return None
    pages = _lines(Path("/proc/self/statm"))
    used = float(pages[0].split()[0]) * os.sysconf("SC_PAGE_SIZE") if pages else 0.0
    return float(most) - used


def _physical() -> float | None:
    try:
        return float(os.sysconf("SC_PHYS_PAGES")) * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return None


def _windows_available() -> float | None:
    import ctypes  # noqa: PLC0415  only Windows needs it

    class Status(ctypes.Structure):
        """``MEMORYSTATUSEX`` of the Windows interface."""

        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *((name, ctypes.c_ulonglong) for name in _WINDOWS_FIELDS),
        )

    status = Status(length=ctypes.sizeof(Status))
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009  only Windows has it
    return float(status.available) if kernel.GlobalMemoryStatusEx(ctypes.byref(status)) else None
