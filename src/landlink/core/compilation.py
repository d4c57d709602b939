"""Compile kernels before they are needed, in several processes at once, and say how far that is.

numba compiles one function at a time in a process. What it has compiled it keeps on disk, where other processes find
it; so two processes that compile a half each take half the time. A :class:`Rehearsal` is a part of that work: a small
job that calls kernels with the arguments they will have.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from numba.core import event

from landlink.core.jit import is_compiled
from landlink.core.progress import Progress

__all__ = ["Rehearsal", "announced", "compile_ahead"]

#: Seconds between looks at what has been compiled.
_PAUSE: Final = 0.1
#: What numba calls the compilation of a function.
_COMPILING: Final = "numba:compile"


@dataclass(frozen=True)
class Rehearsal:
    """A small job that calls kernels, so that they are compiled.

    Attributes
    ----------
    what
        What the kernels do, in words.
    play
        Does the job; a function of a module, which another process can import.
    kernels
        The kernels that are compiled then, of those kept on disk.
    after
        Rehearsals whose kernels this one calls too; listed before it where both are asked for.
    """

    what: str
    play: Callable[[], None]
    kernels: tuple[Any, ...]
    after: tuple[Rehearsal, ...] = ()

    def missing(self) -> int:
        """Number of kernels that are not compiled yet."""
        return sum(not is_compiled(kernel) for kernel in self.kernels)

    @property
    def name(self) -> str:
        """The job, as another process finds it."""
        return f"{self.play.__module__}:{self.play.__qualname__}"


def compile_ahead(
    rehearsals: Sequence[Rehearsal], *, progress: Progress | None = None, workers: int | None = None
) -> None:
    """Compile what some rehearsals call and no cache has, in processes of their own.

    Where that fails, as where processes cannot be started, kernels are compiled when they are first called; so they are
    where each rehearsal waits for another, and a second process would have nothing to do.

    Parameters
    ----------
    rehearsals
        What is needed. Long ones go first.
    progress
        Called with what is being compiled and the share done.
    workers
        Processes; one for each processor, but two at most, if not given.
    """
    waiting = [one for one in rehearsals if one.missing()]
    if sum(not any(other in waiting for other in one.after) for one in waiting) < 2:
        return
    total = sum(one.missing() for one in waiting)
    queue = _Queue(waiting)
    count = min(len(waiting), workers or min(2, os.cpu_count() or 1))
    threads = [threading.Thread(target=_serve, args=(queue,), daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        if progress is not None:
            left = sum(one.missing() for one in waiting)
            progress(f"compiling, once on this machine: {queue.underway()}", 1.0 - left / total)
        time.sleep(_PAUSE)


@contextmanager
def announced(progress: Progress) -> Iterator[None]:
    """Say which kernels are being compiled in this process, while others wait for them."""
    listener = _Announcer(progress)
    event.register(_COMPILING, listener)  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        event.unregister(_COMPILING, listener)  # type: ignore[no-untyped-call]


class _Announcer(event.Listener):
    """Passes numba's events on."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def on_start(self, event: Any) -> None:
        function = event.data["dispatcher"].py_func
        if function.__module__.startswith("landlink."):
            self._progress(f"compiling, once on this machine: {function.__name__.strip('_').replace('_', ' ')}", None)

    def on_end(self, event: Any) -> None:
        """Nothing to say."""


class _Queue:
    """Rehearsals that wait, are being played and are done."""

    def __init__(self, rehearsals: Sequence[Rehearsal]) -> None:
        self._waiting = list(rehearsals)
        self._underway: list[Rehearsal] = []
        self._changed = threading.Condition()

    def underway(self) -> str:
        """What is being compiled."""
        with self._changed:
            return ", ".join(one.what for one in self._underway) or "starting"

    def take(self) -> Rehearsal | None:
        """The next rehearsal that waits for no other; ``None`` once there is none left."""
        with self._changed:
            while self._waiting:
                unfinished = [*self._waiting, *self._underway]
                for one in self._waiting:
                    if not any(other in unfinished for other in one.after):
                        self._waiting.remove(one)
                        self._underway.append(one)
                        return one
                self._changed.wait()
            return None

    def done(self, one: Rehearsal) -> None:
        """Note that a rehearsal is over."""
        with self._changed:
            self._underway.remove(one)
            self._changed.notify_all()


def _serve(queue: _Queue) -> None:
    """Let a process play rehearsals until none is left."""
    worker = None
    while (one := queue.take()) is not None:
        try:
            worker = _asked(one, worker)
        except OSError:
            # What it did not compile is compiled when it is called.
            worker = None
        finally:
            queue.done(one)
    if worker is not None:
        worker.communicate()


def _asked(one: Rehearsal, worker: subprocess.Popen[str] | None) -> subprocess.Popen[str] | None:
    """Have a rehearsal played by a process, a new one if need be; gives the process if it lives on."""
    if worker is None:
        # What this process can import the other one has to find too.
        path = os.pathsep.join(entry for entry in sys.path if entry)
        worker = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "landlink.core.compilation"],
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
    if worker.stdin is None or worker.stdout is None:
        return None
    worker.stdin.write(f"{one.name}\n")
    worker.stdin.flush()
    return worker if worker.stdout.readline() else None


def _play() -> None:
    """Play the rehearsals named on standard input, a line each, and answer each with a line."""
    for line in sys.stdin:
        module, function = line.strip().split(":")
        getattr(import_module(module), function)()
        print("done", flush=True)  # noqa: T201


if __name__ == "__main__":
    _play()
