"""Workers of a Dask cluster: members computed on other machines.

Members travel several in a message, as many as take a second or more, so that neither the scheduler nor this process
has much to do for each; two messages for each thread of the cluster are underway, however many members there are. The
work travels once, from worker to worker. What comes back is stored by the run, and what is stored is finished: whatever
happens to workers, scheduler or this process, no member is lost, and none is stored twice.
"""

from __future__ import annotations

import logging
import queue
import time
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self
from uuid import uuid4

from landlink.core.errors import EnsembleError
from landlink.ensemble.cluster_connection import connected, scheduler_address
from landlink.ensemble.cluster_part import UnfitWorkerError, computed_part, installed, kept
from landlink.ensemble.members import Failure, Outcome, Work
from landlink.ensemble.messages import pack

if TYPE_CHECKING:
    from distributed import Client, Future

__all__ = ["ClusterPool"]

#: Seconds of work in a message, at least and for each thread of the cluster: a message takes the scheduler about a
#: millisecond, so that it is a tenth busy, however large the cluster. Most members of a message.
_PART_SECONDS: Final = 1.0
_PART_SECONDS_PER_THREAD: Final = 0.01
_MOST: Final = 1000
#: Messages underway for each thread: one that is computed and one that waits.
_UNDERWAY: Final = 2
#: Seconds between looks at the cluster.
_LOOK: Final = 1.0


class ClusterPool:
    """Workers of a Dask cluster, for the runs of this process; a context manager.

    A worker that ends is taken out, and its members are computed elsewhere; workers may join at any time. A member
    amid which workers end again and again counts as failed.

    Parameters
    ----------
    scheduler
        Address of the scheduler, ``tcp://host:port``.
    patience_s
        Seconds for which the cluster may be without any worker.

    Raises
    ------
    InputError
        The address is none, or the package distributed is not installed (``pip install 'landlink[cluster]'``).
    EnsembleError
        No scheduler answers there, or one that speaks another version.

    Examples
    --------
    >>> with ClusterPool("tcp://10.0.0.5:8786") as pool:  # doctest: +SKIP
    ...     result = ll.run_ensemble(scenario, workers=pool)
    """

    def __init__(self, scheduler: str, *, patience_s: float = 60.0) -> None:
        self._address = scheduler_address(scheduler)
        self._patience_s = patience_s
        self._log = logging.getLogger("distributed.client")
        self._level = self._log.level
        # What goes wrong is told once, by the errors raised here.
        self._log.setLevel(logging.CRITICAL)
        try:
            self._client = connected(self._address)
        except BaseException:
            self._log.setLevel(self._level)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave the cluster; its workers stay."""
        self._client.close()
        self._log.setLevel(self._level)

    def run(self, work: Work, items: Sequence[Any]) -> Iterator[tuple[int, Outcome]]:
        """Compute items, and give each one's position and outcome as it is done.

        Raises
        ------
        EnsembleError
            The scheduler is lost, no worker is left, or one is not fit for the work.
        """
        if not items:
            return
        batch = _Batch(self._client, self._address, self._patience_s, items)
        try:
            batch.begin(pack(work))
            while batch.is_open:
                yield from batch.found()
                batch.refill()
        finally:
            batch.end()


@dataclass
class _Pace:
    """How many members make a message."""

    seconds: float = 0.0
    members: int = 0

    def note(self, seconds: float, members: int) -> None:
        """Take note of what some members took."""
        self.seconds += seconds
        self.members += members

    def size(self, left: int, threads: int) -> int:
        """Members of the next message, and fewer at the end, so that all threads end together."""
        if not self.members:
            return 1
        seconds = max(_PART_SECONDS, _PART_SECONDS_PER_THREAD * threads)
        worth = seconds / max(self.seconds / self.members, seconds / _MOST)
        return max(1, min(int(worth), left // (_UNDERWAY * threads)))


@dataclass
class _Batch:
    """Items of one run on a cluster: those that wait, and those that are underway."""

    client: Client
    address: str
    patience_s: float
    items: Sequence[Any]
    name: str = field(default_factory=lambda: f"landlink-{uuid4().hex}")

    def __post_init__(self) -> None:
        self._fresh = 0
        self._left = len(self.items)
        #: Positions of the items of each message that is underway.
        self._underway: dict[Future, range] = {}
        self._done: queue.SimpleQueue[Future] = queue.SimpleQueue()
        #: Positions of items that are sent alone, since workers ended amid them.
        self._suspects: set[int] = set()
        self._work: Future | None = None
        self._pace = _Pace()
        self._threads = 1
        self._looked = self._seen = time.monotonic()

    @property
    def is_open(self) -> bool:
        """Whether items are missing."""
        return self._left > 0

    def begin(self, packed: bytes) -> None:
        """Send the work, and the first items."""
        self._wait_for_workers()
        with warnings.catch_warnings():
            # Of its size: it is sent once.
            warnings.filterwarnings("ignore", "Sending large graph", UserWarning)
            # Made by a task, not sent as data: a cluster that has lost all workers that knew it can make it again.
            self._work = self.client.submit(kept, packed, key=f"{self.name}-work")
        # On every worker from the start: members would otherwise gather where the work is.
        self.client.replicate([self._work])
        self._threads = self._count_threads()
        self.refill()

    def refill(self) -> None:
        """Send as many items as keep all threads busy."""
        while self._fresh < len(self.items) and len(self._underway) < _UNDERWAY * self._threads:
            size = self._pace.size(len(self.items) - self._fresh, self._threads)
            self._send(range(self._fresh, min(self._fresh + size, len(self.items))))
            self._fresh += size

    def found(self) -> Iterator[tuple[int, Outcome]]:
        """Wait for messages, and give what has come; nothing if it takes long."""
        self._look()
        try:
            done = [self._done.get(timeout=_LOOK)]
        except queue.Empty:
            return
        while not self._done.empty():
            done.append(self._done.get())
        answers = self._answers([future for future in done if future.status == "finished"])
        for future in done:
            positions = self._underway.pop(future)
            if future not in answers:
                outcomes = self._failed(future, positions)
            else:
                seconds, outcomes = answers[future]
                self._pace.note(seconds, len(outcomes))
            for position, outcome in zip(positions, outcomes, strict=False):
                self._left -= 1
                yield position, outcome

    def end(self) -> None:
        """Give up what is underway, and drop the work."""
        if self.client.status == "running":
            self.client.cancel(list(self._underway), force=True)
        self._underway.clear()
        self._work = None

    def _send(self, positions: range) -> None:
        future = self.client.submit(
            computed_part, self._work, self.name, installed(), [self.items[position] for position in positions],
            key=f"{self.name}-{positions.start}-{uuid4().hex}", pure=False,
        )  # fmt: skip
        self._underway[future] = positions
        future.add_done_callback(self._done.put)

    def _answers(self, whole: list[Future]) -> dict[Future, tuple[float, list[Outcome]]]:
        """Take what is computed from the workers, side by side; what is lost with one is computed again."""
        try:
            return dict(zip(whole, self.client.gather(whole), strict=True))
        except (OSError, CancelledError):
            raise self._lost() from None

    def _lost(self) -> EnsembleError:
        return EnsembleError(f"the scheduler at {self.address} was lost; what is stored is finished")

    def _failed(self, future: Future, positions: range) -> list[Outcome]:
        """Outcomes of a message that has none: those amid which workers ended are sent again one by one.

        Raises
        ------
        EnsembleError
            It is not for its members that it failed.
        """
        from distributed import KilledWorker  # noqa: PLC0415  an extra

        if future.status != "error":
            raise self._lost()
        error = future.exception()
        if isinstance(error, UnfitWorkerError):
            raise EnsembleError(f"{error}; install the same there as here")
        if not isinstance(error, KilledWorker):
            raise EnsembleError(f"a worker of the cluster cannot compute members: {type(error).__name__}: {error}")
        if self._suspects.issuperset(positions):
            return [Failure("workers of the cluster ended again and again amid it", final=False)]
        self._suspects.update(positions)
        for position in positions:
            self._send(range(position, position + 1))
        return []

    def _look(self) -> None:
        """Look now and then whether the cluster is still there, and how large it is.

        Raises
        ------
        EnsembleError
            It is not, or has been without workers for too long.
        """
        now = time.monotonic()
        if now - self._looked < _LOOK:
            return
        self._looked = now
        if self.client.status != "running":
            raise self._lost()
        threads = self._count_threads()
        if threads:
            self._threads, self._seen = threads, now
        elif now - self._seen > self.patience_s:
            raise EnsembleError(f"the scheduler at {self.address} has had no workers for {self.patience_s:.0f} s")

    def _count_threads(self) -> int:
        try:
            return sum(self.client.nthreads().values())
        except OSError:
            raise self._lost() from None

    def _wait_for_workers(self) -> None:
        try:
            self.client.wait_for_workers(1, timeout=self.patience_s)
        except TimeoutError:
            start = f"start some, one on each processor: dask worker {self.address} --nworkers auto --nthreads 1"
            raise EnsembleError(f"the scheduler at {self.address} has no workers; {start}") from None
        found = self.client.run(find_spec, computed_part.__module__, on_error="return")
        if unfit := [worker for worker, spec in found.items() if not isinstance(spec, ModuleSpec)]:
            raise EnsembleError(f"the worker {unfit[0]} has no landlink such as here; install the same there")
