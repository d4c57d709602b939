"""Progress of long jobs, with the time left: a line redrawn on a terminal, lines elsewhere if these are wanted.

A job takes a :data:`Progress` and may call it at any rate; the line is redrawn a few times per second at most. Log
files and pipes get nothing, or after :func:`progress_lines` a line now and then.
"""

from __future__ import annotations

import math
import os
import shutil
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Self, TextIO, TypeAlias

from landlink.core.printable import printable

__all__ = ["Progress", "TerminalProgress", "gap_share", "progress_lines", "shown_progress"]

#: Callback of a long job: what is being done, and the share done from 0 to 1 (``None`` if unknown).
Progress: TypeAlias = Callable[[str, float | None], None]

_BAR_WIDTH = 24
_SECONDS_BETWEEN_DRAWINGS = 0.1
#: Between lines in a log: these seconds or this share of the time so far, whichever is longer.
_SECONDS_BETWEEN_LINES = 5.0
_SHARE_BETWEEN_LINES = 0.05
#: Time and share done from which the time left is estimated.
_LEAST_SECONDS, _LEAST_SHARE = 1.0, 0.02
#: Time after which any share is enough.
_LONG_SECONDS = 20.0
#: Time between notes of the share done, as a share of the time that is looked back on.
_BETWEEN_NOTES = 0.02

_lines: ContextVar[bool] = ContextVar("progress_lines", default=False)


@contextmanager
def progress_lines(*, wanted: bool) -> Iterator[None]:
    """Within the context, write progress as lines where it cannot be drawn."""
    token = _lines.set(wanted)
    try:
        yield
    finally:
        _lines.reset(token)


class TerminalProgress:
    """Progress with the time left: a line on a terminal, redrawn in place, or lines in a log if these are wanted.

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
        self._last_shown = -math.inf
        self._length = 0
        self._clock = _TimeLeft()
        self.enabled = self._stream.isatty() and os.environ.get("TERM", "") != "dumb"
        self._in_lines = not self.enabled and _lines.get()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def __call__(self, what: str, done: float | None = None) -> None:
        """Show a message, unless the previous one was shown a moment ago."""
        if not (self.enabled or self._in_lines):
            return
        now = time.monotonic()
        left = self._clock.update(now, done)
        if now - self._last_shown < self._pause(now):
            return
        self._last_shown = now
        line = printable(f"{self._prefix}: {what}" if self._prefix else what) + left
        if self._in_lines:
            share = "" if done is None else f"{done:4.0%} "
            self._stream.write(f"{share}{line}\n")
            self._stream.flush()
        else:
            self._draw(line if done is None else f"{_bar(done)} {line}")

    def _pause(self, now: float) -> float:
        if self.enabled:
            return _SECONDS_BETWEEN_DRAWINGS
        return max(_SECONDS_BETWEEN_LINES, _SHARE_BETWEEN_LINES * self._clock.elapsed(now))

    def _draw(self, line: str) -> None:
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


class _TimeLeft:
    """Estimate of the time left at the pace of the latest half of the time that the job, or its latest part, has taken.

    The first half may have been spent on starting processes, or on steps that take longer or shorter than the others.
    """

    def __init__(self) -> None:
        self._began: float | None = None
        #: Times and shares done: where the part began, and those of its latest half, some fifty of them.
        self._start = 0.0, 0.0
        self._latest: deque[tuple[float, float]] = deque()
        self._done = math.inf

    def elapsed(self, now: float) -> float:
        """Seconds since the first message."""
        return 0.0 if self._began is None else now - self._began

    def update(self, now: float, done: float | None) -> str:
        """Take note of the share done; returns the time left as text, empty while it is unknown."""
        self._began = now if self._began is None else self._began
        if done is None:
            return ""
        # A share that falls back belongs to another part of the job.
        if done < self._done:
            self._start = now, done
            self._latest.clear()
        self._done = done
        seconds, share = now - self._start[0], done - self._start[1]
        self._note(now, done, now - seconds / 2)
        enough = share >= _LEAST_SHARE if seconds < _LONG_SECONDS else share > 0
        since, first = self._latest[0]
        if seconds < _LEAST_SECONDS or not enough or done >= 1.0 or done <= first:
            return ""
        return f", about {_duration((now - since) * (1.0 - done) / (done - first))} left"

    def _note(self, now: float, done: float, halfway: float) -> None:
        """Keep the latest half: all since the last note before half of the time."""
        latest = self._latest
        if not latest or now - latest[-1][0] >= (now - halfway) * _BETWEEN_NOTES:
            latest.append((now, done))
        while len(latest) > 2 and latest[1][0] <= halfway:
            latest.popleft()


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


def _duration(seconds: float) -> str:
    if seconds < 99.5:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60.0)
    return f"{minutes} min" if minutes < 100 else f"{minutes / 60.0:.1f} h"
