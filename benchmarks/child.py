"""One measurement in a process of its own: ``python -m benchmarks.child module:function '{"its": "arguments"}'``.

The function's result, a mapping, is printed as JSON on the last line.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Limits of the threads of all libraries.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
ROOT = Path(__file__).parents[1]
LONGEST_S = 300.0


class MissingError(Exception):
    """A package to be measured is not installed."""


def ask(task: str, /, *, environment: Mapping[str, str] | None = None, **arguments: Any) -> dict[str, Any]:
    """Run a function in a new process.

    Parameters
    ----------
    task
        ``module:function`` under :mod:`benchmarks`.
    environment
        Environment variables in addition to those of this process.
    **arguments
        Its arguments, of JSON types.

    Raises
    ------
    MissingError
        A package it needs is not installed; the message names it.
    RuntimeError
        The function failed; the message contains the end of its output.
    """
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "benchmarks.child", task, json.dumps(arguments)],
        env={**os.environ, "PYTHONPATH": path, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )
    lines = done.stdout.strip().splitlines()
    if done.returncode:
        raise RuntimeError(f"{task} {arguments}: {(done.stderr or done.stdout).strip()[-2000:]}")
    answer: dict[str, Any] = json.loads(lines[-1])
    if "missing" in answer:
        raise MissingError(f"{answer['missing']} is not installed")
    return answer


def peak_mb() -> float:
    """Peak memory of this process so far, MB; NaN if the platform does not report it."""
    if sys.platform == "win32":
        return float("nan")
    import resource  # noqa: PLC0415  Windows has none

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024.0 * 1024.0 if sys.platform == "darwin" else 1024.0)


def main() -> None:
    """Call the function named on the command line."""
    module, function = sys.argv[1].split(":")
    try:
        answer = getattr(import_module(f"benchmarks.{module}"), function)(**json.loads(sys.argv[2]))
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] in {"landlink", "benchmarks"}:
            raise
        answer = {"missing": error.name.split(".")[0]}
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
