"""A worker process that does jobs beside this process, one after the other, and tells what it finds on the way."""

from __future__ import annotations

import importlib
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

from landlink.core.errors import EnsembleError
from landlink.ensemble.worker_pool import WorkerProcess

__all__ = ["Imports", "Job", "SideProcess"]

#: Does a job, and calls a function with whatever it finds. It is pickled, as the work of members is.
Job = Callable[[Callable[[Any], None]], None]
#: Seconds between looks for an interruption where waiting for a queue cannot be interrupted.
_PAUSE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Imports:
    """A job that tells nothing and imports modules that the next one needs."""

    modules: tuple[str, ...]

    def __call__(self, _: Callable[[Any], None]) -> None:
        """Import them."""
        for module in self.modules:
            importlib.import_module(module)


class SideProcess:
    """A process beside this one; a context manager, at whose end the process is ended, also amid its job.

    The process starts at once and imports some modules, so that it is ready when the job is known.

    Parameters
    ----------
    modules
        Modules that the job needs.
    """

    def __init__(self, modules: tuple[str, ...] = ()) -> None:
        self._process = WorkerProcess(modules)
        self._process.begin()
        self._told: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.stop()
        if self._thread is not None:
            self._thread.join()
        self._process.clear()

    def start(self, job: Job) -> None:
        """Begin the job, once the one before it is over; what it tells is kept until it is asked for."""
        if self._thread is not None:
            self._thread.join()
        self._told = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._follow, args=(job,), daemon=True)
        self._thread.start()

    def next(self) -> Any:
        """Wait for the next thing that the job tells.

        Raises
        ------
        EnsembleError
            The job failed or is over, or its process ended.
        """
        while True:
            try:
                found = self._told.get(timeout=_PAUSE)
            except queue.Empty:
                continue
            if isinstance(found, EnsembleError):
                raise found
            return found

    def _follow(self, job: Job) -> None:
        try:
            self._process.follow(job, self._told.put)
            self._told.put(EnsembleError("the job is over"))
        except EnsembleError as error:
            self._told.put(error)
