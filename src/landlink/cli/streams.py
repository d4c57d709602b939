"""Standard streams that are closed, full, or of an encoding that lacks signs."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TextIO

__all__ = ["discard", "open_closed_streams", "show_any_sign"]


def open_closed_streams() -> None:
    """Discard output whose stream was closed by the caller, and keep its number from being given to a file."""
    for name, number in (("stdin", 0), ("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:
            # The lowest number that is free, which is that of the stream unless a file has it already.
            handle = os.open(os.devnull, os.O_RDONLY if number == 0 else os.O_WRONLY)
            setattr(sys, name, os.fdopen(handle, "r" if number == 0 else "w", encoding="utf-8", closefd=False))


def discard(*streams: TextIO) -> None:
    """Send what streams still hold to nowhere, so that Python does not fail on it when it ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in streams:
            os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def show_any_sign(stream: TextIO) -> None:
    """Print characters missing from the terminal's encoding as ``?`` instead of failing."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
