"""A worker process: computes members until its run ends.

It is started as ``python -m landlink.ensemble.worker`` rather than by :mod:`multiprocessing`, which imports the main
script again in each process: a script or notebook that runs an ensemble needs no guard. Its standard input and output
carry messages. When its input ends, because the run is over or its process was killed, the worker ends at once, even
amid a member; what counts as finished is only what the run has stored.
"""

from __future__ import annotations

import importlib
import os
import pickle
import queue
import sys
import threading
import traceback
from typing import Any, BinaryIO

import numpy as np

from landlink.core.errors import LandlinkError
from landlink.ensemble.members import Failure, Outcome, Work
from landlink.ensemble.messages import Told, pack, receive, receive_packed, send

__all__ = ["computed", "main"]


def computed(work: Work, item: Any) -> Outcome:
    """Compute a member; what fails is told, not raised, since the other members go on.

    What landlink refuses is final. Anything else, such as memory that runs out, may go well another time.
    """
    try:
        values = np.asarray(work(item), dtype=np.float64)
    except LandlinkError as error:
        return Failure(str(error))
    except Exception as error:  # noqa: BLE001  a fault of one member must not end the run
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{os.path.basename(place.filename)}, line {place.lineno}"  # noqa: PTH119
        return Failure(f"{type(error).__name__}: {error} ({where})", final=False)
    if values.ndim != 1:
        return Failure(f"the work gave an array of {values.ndim} dimensions, not a vector")
    return values


def main() -> None:
    """Serve the run at the other end of standard input and output."""
    source, target = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What a library prints must not come between the messages.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    waiting: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(source, waiting), daemon=True).start()
    for module in sys.argv[1:]:
        importlib.import_module(module)
    _serve(waiting, target)


def _read(source: BinaryIO, waiting: queue.SimpleQueue[tuple[str, Any]]) -> None:
    """Pass messages on; end the process when there can be no more."""
    try:
        while True:
            kind, content = receive(source)
            # Work may be large, and comes as a message of its own: it is not copied into another one.
            waiting.put((kind, receive_packed(source) if kind == "work" else content))
    except BaseException:  # noqa: BLE001  whatever ends the messages ends the worker
        os._exit(0)


def _serve(waiting: queue.SimpleQueue[tuple[str, Any]], target: BinaryIO) -> None:
    work: Work | None = None
    while True:
        kind, content = waiting.get()
        answer: str | Outcome
        if kind == "work":
            work, answer = _loaded(content)
        elif kind == "job":
            answer = _done(content, target)
        else:
            answer = Failure("there is no work") if work is None else computed(work, content)
        try:
            send(target, pack(answer))
        except OSError:
            return


def _done(packed: bytes, target: BinaryIO) -> str:
    """Do a job; the answer says what went wrong."""
    try:
        pickle.loads(packed)(lambda what: send(target, pack(Told(what))))  # noqa: S301  the run's own process packed it
    except Exception:  # noqa: BLE001  told to the run
        return traceback.format_exc(limit=-3)
    return ""


def _loaded(packed: bytes) -> tuple[Work | None, str]:
    """Unpickle the work; the answer says what went wrong."""
    try:
        return pickle.loads(packed), ""  # noqa: S301  the run's own process packed it
    except Exception:  # noqa: BLE001  told to the run, which raises it
        return None, traceback.format_exc(limit=-3)


if __name__ == "__main__":
    main()
