"""Run a command and measure it from outside: seconds and peak memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_KB_PER_MB = 1024.0


@dataclass(frozen=True, slots=True)
class Run:
    """Duration and peak memory of one run of a command."""

    seconds: float
    peak_mb: float


def measure(command: Sequence[str], *, folder: Path, environment: Mapping[str, str] | None = None) -> Run:
    """Run a command to its end.

    Parameters
    ----------
    command
        Program and arguments.
    folder
        Working folder.
    environment
        Environment variables in addition to those of this process.

    Returns
    -------
    Run
        Wall-clock seconds, and peak resident memory of the process in MB (NaN
        on Windows, which does not report it).

    Raises
    ------
    RuntimeError
        The command failed; the message contains its output.
    """
    log = folder / "output.txt"
    with log.open("w+b") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            list(command),
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
        )
        code, peak_mb = _wait(process)
        seconds = time.perf_counter() - start
    if code:
        raise RuntimeError(f"{' '.join(command)} failed with exit code {code}:\n{log.read_text(errors='replace')}")
    return Run(seconds, peak_mb)


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, float]:
    if sys.platform == "win32":
        return process.wait(), float("nan")
    # wait4 reports the peak of this child; getrusage would report the maximum over all children so far.
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = _KB_PER_MB * _KB_PER_MB if sys.platform == "darwin" else _KB_PER_MB
    return process.returncode, usage.ru_maxrss / unit
