"""Worker processes that stay for several batches of members."""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, BinaryIO, Final, Protocol, Self, TypeAlias

from landlink.core.errors import EnsembleError
from landlink.ensemble.members import Failure, Outcome, Work
from landlink.ensemble.messages import Told, pack, receive, send
from landlink.ensemble.worker import computed

__all__ = ["Pool", "WorkerPool", "WorkerProcess", "opened_pool"]

#: Times that the process of a member may end unexpectedly before the member counts as failed.
_ATTEMPTS: Final = 2
#: Seconds between looks for an interruption where waiting for a queue cannot be interrupted.
_PAUSE: Final = 0.5
#: Members are solved side by side, so that threads within one would only contend.
_ONE_THREAD: Final = dict.fromkeys(
    ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"
)
#: Last characters of what a process that ended has printed.
_TAIL: Final = 500

#: An interruption from the terminal goes to the run alone, which stores what is finished and ends its workers.
_APART: Final[dict[str, Any]] = (
    {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)} if os.name == "nt" else {"process_group": 0}
)

#: Position of a member in its batch, with its outcome or an error that ends the batch.
_Found: TypeAlias = tuple[int, Outcome | BaseException]


class Pool(Protocol):
    """Anything that computes members side by side: processes here, a cluster elsewhere."""

    def run(self, work: Work, items: Sequence[Any]) -> Iterator[tuple[int, Outcome]]:
        """Compute items, and give each one's position and outcome as it is done, in any order."""


class WorkerPool:
    """Worker processes on this machine; a context manager.

    Processes start with the first batch that needs them and stay until the pool is closed, so that later batches start
    at once. A process that is killed is replaced, and its member computed again; a member whose process is killed twice
    counts as failed. With one worker, members are computed in this process.

    Parameters
    ----------
    workers
        Number of processes; all processors if ``None``.

    Examples
    --------
    >>> with WorkerPool(1) as pool:
    ...     dict(pool.run(abs, []))
    {}
    """

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or os.cpu_count() or 1
        self._processes: list[WorkerProcess] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the processes, also amid a member."""
        for process in self._processes:
            process.stop()
            process.clear()
        self._processes.clear()

    def run(self, work: Work, items: Sequence[Any]) -> Iterator[tuple[int, Outcome]]:
        """Compute items, and give each one's position and outcome as it is done.

        Raises
        ------
        EnsembleError
            Processes cannot be started, or cannot load the work.
        """
        packed = pack(work)
        if self.workers == 1:
            # What the work keeps must not outlive the batch, nor depend on what the caller's own copy has seen.
            own = pickle.loads(packed)  # noqa: S301  packed above
            yield from ((position, computed(own, item)) for position, item in enumerate(items))
            return
        while len(self._processes) < min(self.workers, len(items)):
            self._processes.append(WorkerProcess())
        batch = _Batch(packed, items)
        threads = [threading.Thread(target=batch.serve, args=(process,), daemon=True) for process in self._processes]
        for thread in threads:
            thread.start()
        try:
            for _ in items:
                yield batch.next()
        except BaseException:
            # Processes that still compute would hold up the next batch.
            for process in self._processes:
                process.stop()
            _join(threads, batch)
            self.close()
            raise
        _join(threads, batch)


@contextmanager
def opened_pool(workers: int | Pool | None) -> Iterator[Pool]:
    """Give a pool for a number of workers, which ends here; one that is given stays."""
    if workers is None or isinstance(workers, int):
        with WorkerPool(workers) as pool:
            yield pool
    else:
        yield workers


def _join(threads: Sequence[threading.Thread], batch: _Batch) -> None:
    batch.end()
    for thread in threads:
        thread.join()


class _Batch:
    """Items that wait, and outcomes that have come; shared by a thread for each process."""

    def __init__(self, packed: bytes, items: Sequence[Any]) -> None:
        self._packed = packed
        self._items = items
        self._fresh = iter(range(len(items)))
        #: Items whose process ended, with the number of the next attempt.
        self._again: deque[tuple[int, int]] = deque()
        self._underway = 0
        self._changed = threading.Condition()
        self._found: queue.Queue[_Found] = queue.Queue()

    def next(self) -> tuple[int, Outcome]:
        """Wait for the next outcome; raises what ends the batch."""
        while True:
            try:
                position, outcome = self._found.get(timeout=_PAUSE)
            except queue.Empty:
                continue
            if isinstance(outcome, BaseException):
                raise outcome
            return position, outcome

    def end(self) -> None:
        """Give out no more items."""
        with self._changed:
            self._fresh = iter(())
            self._again.clear()
            self._underway = 0
            self._changed.notify_all()

    def serve(self, process: WorkerProcess) -> None:
        """Have a process compute items until none waits, and none is underway that might have to be computed again."""
        while (task := self._take()) is not None:
            position, attempt = task
            try:
                outcome: Outcome | BaseException = process.compute(self._packed, self._items[position])
            except _EndedError as ended:
                if attempt < _ATTEMPTS and not process.stopped:
                    self._return(position, attempt + 1)
                    continue
                outcome = Failure(f"its process ended {_ATTEMPTS} times: {ended}", final=False)
            except Exception as error:  # noqa: BLE001  raised by the batch, in the caller's thread
                outcome = error
            self._found.put((position, outcome))
            self._done()

    def _take(self) -> tuple[int, int] | None:
        with self._changed:
            while (task := self._next()) is None:
                if not self._underway:
                    return None
                self._changed.wait()
            self._underway += 1
            return task

    def _next(self) -> tuple[int, int] | None:
        if self._again:
            return self._again.popleft()
        position = next(self._fresh, None)
        return None if position is None else (position, 1)

    def _return(self, position: int, attempt: int) -> None:
        with self._changed:
            self._again.append((position, attempt))
            self._underway = max(self._underway - 1, 0)
            self._changed.notify_all()

    def _done(self) -> None:
        with self._changed:
            self._underway = max(self._underway - 1, 0)
            self._changed.notify_all()


class _EndedError(Exception):
    """A process ended amid a member; says how."""


class WorkerProcess:
    """One worker process, started when first used and again after it ended.

    Parameters
    ----------
    modules
        Modules that it imports when it starts.
    """

    def __init__(self, modules: tuple[str, ...] = ()) -> None:
        self.stopped = False
        self._modules = modules
        self._process: subprocess.Popen[bytes] | None = None
        self._printed: BinaryIO | None = None
        self._work = b""

    def compute(self, packed: bytes, item: Any) -> Outcome:
        """Compute an item by packed work, which the process loads unless it has it.

        Raises
        ------
        _EndedError
            The process ended.
        EnsembleError
            It cannot be started, or cannot load the work.
        """
        try:
            process = self._running()
            if self._work is not packed:
                fault = self._ask(process, pack(("work", None)), packed)
                if fault:
                    raise EnsembleError("a worker process cannot load the work:", fault.splitlines())
                self._work = packed
            outcome: Outcome = self._ask(process, pack(("item", item)))
        except (EOFError, OSError):
            loaded = bool(self._work)
            code, ended = self.clear()
            if code > 0 and not loaded:
                raise EnsembleError(f"worker processes cannot be started: {ended}") from None
            raise _EndedError(ended) from None
        return outcome

    def begin(self) -> None:
        """Start the process, so that it is ready when it is asked."""
        with suppress(OSError):  # told by the first question
            self._running()

    def follow(self, job: object, tell: Callable[[Any], None]) -> None:
        """Have the process do a job, and pass on what it tells until it is done.

        Raises
        ------
        EnsembleError
            The job failed, or its process ended or cannot be started.
        """
        try:
            answer = self._ask(self._running(), pack(("job", pack(job))))
            while isinstance(answer, Told):
                tell(answer.what)
                answer = receive(self._stdout())
        except (EOFError, OSError) as error:
            raise EnsembleError(f"a worker process ended: {error}") from None
        except Exception as error:  # whatever it is, who waits must hear of it
            raise EnsembleError(f"a worker process gave an answer that cannot be read: {error}") from error
        if answer:
            raise EnsembleError("a worker process failed:", str(answer).splitlines())

    def stop(self) -> None:
        """End the process at once, whatever it does."""
        self.stopped = True
        if (process := self._process) is not None:
            process.kill()
            process.wait()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            if self.stopped:
                raise EOFError
            # What this process can import the other one has to find too.
            path = os.pathsep.join(entry for entry in sys.path if entry)
            self._printed = tempfile.TemporaryFile()  # noqa: SIM115  closed when the process has ended
            self._process = subprocess.Popen(  # noqa: S603  this program, with modules of its own
                [sys.executable, "-W", "ignore", "-m", "landlink.ensemble.worker", *self._modules],
                env={**os.environ, **_ONE_THREAD, "PYTHONPATH": path},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._printed,
                **_APART,
            )
            self._work = b""
        return self._process

    def _stdout(self) -> BinaryIO:
        if self._process is None or self._process.stdout is None:
            raise EOFError
        return self._process.stdout  # type: ignore[return-value]

    @staticmethod
    def _ask(process: subprocess.Popen[bytes], *packed: bytes) -> Any:
        if process.stdin is None or process.stdout is None:
            raise EOFError
        for message in packed:
            send(process.stdin, message)
        return receive(process.stdout)

    def clear(self) -> tuple[int, str]:
        """Clear what is left of a process that ended; gives its exit code and, in words, how it ended."""
        process, printed = self._process, self._printed
        self._process, self._printed, self._work = None, None, b""
        if process is None or printed is None:
            return 0, "it was stopped"
        for stream in (process.stdin, process.stdout):
            # Its last message could not be sent.
            with suppress(OSError):
                if stream is not None:
                    stream.close()
        code = process.wait()
        printed.seek(0)
        tail = printed.read().decode(errors="replace").strip()[-_TAIL:]
        printed.close()
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return code, f"{how}: {tail}" if tail else how
