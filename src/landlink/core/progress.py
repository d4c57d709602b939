"""Progress of long jobs, shown on standard error if it is a terminal.

A job takes a :data:`Progress` and may call it at any rate; the line is redrawn
a few times per second at most. Nothing is written to log files and pipes.
"""

from __future__ import annotations

import math
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self, TextIO, TypeAlias

from landlink.core.printable import printable

__all__ = ["Progress", "TerminalProgress", "gap_share", "shown_progress"]

#: Callback of a long job: what is being done, and the share done from 0 to 1 (``None`` if unknown).
Progress: TypeAlias = Callable[[str, float | None], None]

_BAR_WIDTH = 24
_SECONDS_BETWEEN_DRAWINGS = 0.1


class TerminalProgress:
    """A progress line on a terminal, redrawn in place.

    Use as a context manager: the line is cleared on exit, also after an error.

    Parameters
    ----------
    stream
        Output stream; standard error by default. Nothing is drawn unless it is
        a terminal that can move its cursor.
    prefix
        Text put before each message, such as the scenario's title.
    """

    def __init__(self, stream: TextIO | None = None, *, prefix: str = "") -> None:
        self._stream = sys.stderr if stream is None else stream
        self._prefix = prefix
        self._last_drawn = 0.0
        self._length = 0
        self.enabled = self._stream.isatty() and os.environ.get("TERM", "") != "dumb"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def __call__(self, what: str, done: float | None = None) -> None:
        """Draw a message, unless the previous one was drawn less than 0.1 s ago."""
        now = time.monotonic()
        if not self.enabled or now - self._last_drawn < _SECONDS_BETWEEN_DRAWINGS:
            return
        self._last_drawn = now
        line = printable(f"{self._prefix}: {what}" if self._prefix else what)
        if done is not None:
            line = f"{_bar(done)} {line}"
        line = line[: shutil.get_terminal_size().columns - 1]
        padded = line.ljust(self._length)
        # Known before it is drawn: an interruption while it is drawn still wipes all of it.
        self._length = len(padded)
        self._stream.write("\r" + padded)
        self._stream.flush()

    def clear(self) -> None:
        """Clear the line before other output."""
        if self._length:
            self._stream.write("\r" + " " * self._length + "\r")
            self._stream.flush()
            self._length = 0


@contextmanager
def shown_progress(progress: Progress | bool | None) -> Iterator[Progress | None]:
    """Give what a job reports to: a line on the terminal for ``True``, else what is given."""
    if progress is True:
        with TerminalProgress() as line:
            yield line
    else:
        yield progress or None


def gap_share(gap: float, target: float) -> float | None:
    """Share of the way from a relative gap of 1 to a target on a log scale; ``None`` if it is undefined."""
    if not (0.0 < target < 1.0 and gap > 0.0):
        return None
    return math.log(max(min(gap, 1.0), target)) / math.log(target)


def _bar(done: float) -> str:
    filled = round(_BAR_WIDTH * min(max(done, 0.0), 1.0))
    return f"[{'#' * filled}{'.' * (_BAR_WIDTH - filled)}]"
