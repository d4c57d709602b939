"""Standard streams that are closed, full, or of an encoding that lacks signs."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from landlink.cli.printing import LostOutputError

__all__ = ["discard", "flush_output", "open_closed_streams", "show_any_sign"]


def open_closed_streams() -> None:
    """Discard output whose stream was closed by the caller, and keep its number from being given to a file."""
    for name, number in (("stdin", 0), ("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:
            handle = os.open(os.devnull, os.O_RDONLY if number == 0 else os.O_WRONLY)
            if handle != number:
                os.dup2(handle, number)
                os.close(handle)
            stream = os.fdopen(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False)
            setattr(sys, name, stream)


def flush_output() -> None:
    """Write what standard output still holds; a failure is a :class:`LostOutputError`."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise LostOutputError(error.strerror or str(error)) from None


def discard(*streams: TextIO) -> None:
    """Send what streams still hold to nowhere, so that Python does not fail on it when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in streams:
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def show_any_sign(stream: TextIO) -> None:
    """Print characters missing from the terminal's encoding as ``?`` instead of failing."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
