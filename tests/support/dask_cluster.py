"""A real Dask cluster on this machine: a scheduler and workers, each a process that a test may kill."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Cluster:
    """A scheduler, and the workers that were started for it."""

    def __init__(self, *, allowed_failures: int = 3, first_on_path: Path | None = None) -> None:
        environment = {
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(allowed_failures), "PYTHONPATH": _path(first_on_path),
        }  # fmt: skip
        words = ("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show")
        self.scheduler, self.address = _started(words, r"Scheduler at:\s+(tcp://\S+)", environment)
        self.workers: list[subprocess.Popen] = []

    def add_worker(self, *, first_on_path: Path | None = None, threads: int = 1) -> subprocess.Popen:
        """Start a worker, which may find modules elsewhere first, and wait until it is registered."""
        words = ("dask_worker", self.address, "--nthreads", str(threads), "--no-nanny", "--no-dashboard")
        environment = {"PYTHONPATH": _path(first_on_path)}
        worker, _ = _started((*words, "--memory-limit", "0"), r"(Registered) to:", environment)
        self.workers.append(worker)
        return worker

    def end(self) -> None:
        """End all that still runs."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()
            process.stderr.close()


@contextmanager
def cluster_of(workers: int, *, allowed_failures: int = 3, first_on_path: Path | None = None) -> Iterator[Cluster]:
    cluster = Cluster(allowed_failures=allowed_failures, first_on_path=first_on_path)
    try:
        for _ in range(workers):
            cluster.add_worker()
        yield cluster
    finally:
        cluster.end()


def _path(first: Path | None) -> str:
    """What a process can import: a folder first, then what this one can."""
    return os.pathsep.join([*([str(first)] if first else []), *filter(None, sys.path)])


def _started(words: tuple[str, ...], wanted: str, environment: dict[str, str]) -> tuple[subprocess.Popen, str]:
    """Start a program of Dask, and wait for a line of its log."""
    program, *options = words
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-u", "-m", f"distributed.cli.{program}", *options],
        env={**os.environ, **environment},
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    told = []
    for line in process.stderr:
        told.append(line)
        if match := re.search(wanted, line):
            return process, match[1]
    with suppress(OSError):
        process.kill()
    raise RuntimeError(f"{program} ended: {''.join(told)[-2000:]}")
